//! `--from RUN ARTICLE`: what an extractor answered for an article, as drafts.

use std::path::Path;

use anyhow::anyhow;
use sha2::{Digest, Sha256};

use super::article::{self, NewText};
use super::requests::{Request, Subject};
use super::{Args, input};
use crate::anchor::OffsetUnit;
use crate::claim::{Claim, nearest};
use crate::cli::exit::Failure;
use crate::cli::target::Target;
use crate::dataset::edit::Editor;
use crate::dataset::{Dataset, article_columns, hex};
use crate::extract::{OutcomeClass, locate_answer};
use crate::files;
use crate::formats::jsonl::{self, Reading, Record};
use crate::label::{At, NewClaim};
use crate::report::safe::quoted;
use crate::runs::Store;

/// Ids that a message lists.
const LISTED: usize = 5;

/// The article of `--from` with the extractor's claims.
pub(super) fn request(
    args: &Args,
    subject: Option<Subject>,
    target: &Target,
    editor: &Editor,
    warnings: &mut Vec<String>,
) -> Result<Request, Failure> {
    let run = args.from.first().map_or("latest", String::as_str);
    let path = Path::new(run);
    let is_file = path.is_file() && path.file_name().is_some_and(|name| name != "run.json");
    let (article, claims) = if run == input::STDIN || is_file {
        let bytes = input::read(path, files::MAX_TABLE)?;
        let name = input::name(path);
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase()).unwrap_or_default();
        if let "csv" | "tsv" | "parquet" = extension.as_str() {
            return Err(Failure::usage(anyhow!("{name}: --from reads JSONL, an article a line")));
        }
        let read = jsonl::read(&bytes, Reading::Predictions, &name).map_err(Failure::invalid)?;
        warnings.extend(read.warnings.iter().cloned());
        let record = chosen(&read.records, &name, args, subject.as_ref())?;
        let article = of_record(args, record, subject, editor.dataset(), &name, warnings)?;
        (article.clone(), claims_of_record(record, text_of(&article, editor), &name, warnings))
    } else {
        of_run(run, args, subject, target, editor, warnings)?
    };
    Ok(Request { article, claims: Vec::new(), whose: args.whose(), answers: Some(claims) })
}

fn wanted<'a>(args: &'a Args, subject: Option<&'a Subject>) -> Option<&'a str> {
    let of_subject = || match subject? {
        Subject::There(id) => Some(id.as_str()),
        Subject::New(new) => new.id.as_deref(),
    };
    args.from.get(1).map(String::as_str).or_else(of_subject)
}

/// The line of the article that is meant; the only one where none is named.
fn chosen<'r, 'a>(records: &'r [Record<'a>], name: &str, args: &Args, subject: Option<&Subject>) -> Result<&'r Record<'a>, Failure> {
    let ids = || records.iter().map(|record| &*record.id);
    match (wanted(args, subject), records) {
        (_, []) => Err(Failure::invalid(anyhow!("{name} has no article"))),
        (None, [only]) => Ok(only),
        (None, _) => {
            let listed: Vec<String> = ids().take(LISTED).map(|id| quoted(id, 60)).collect();
            let message = format!("{name} has {} articles ({}, …); name one: --from {name} ARTICLE", records.len(), listed.join(", "));
            Err(Failure::usage(anyhow!(message)))
        }
        (Some(id), _) => records.iter().find(|record| record.id == id).ok_or_else(|| unknown(id, name, ids())),
    }
}

fn unknown<'a>(id: &str, name: &str, ids: impl Iterator<Item = &'a str>) -> Failure {
    let near = nearest(id, ids).map(|near| format!("; did you mean {}?", quoted(near, 60))).unwrap_or_default();
    Failure::invalid(anyhow!("{name} has no article {}{near}", quoted(id, 60)))
}

/// The article of a line: the one that is there, or a new one with the text and the columns of the line.
fn of_record(
    args: &Args,
    record: &Record<'_>,
    subject: Option<Subject>,
    dataset: &Dataset,
    name: &str,
    warnings: &mut Vec<String>,
) -> Result<Subject, Failure> {
    if let Some(Subject::There(id)) = &subject {
        differs(record, dataset, id, warnings);
        return Ok(Subject::There(id.clone()));
    }
    if subject.is_none() && args.id.is_none() && dataset.article(&record.id).is_some() {
        article::refuse_columns(args, "of an article that is there")?;
        differs(record, dataset, &record.id, warnings);
        return Ok(Subject::There(record.id.to_string()));
    }
    let text = match (subject, &record.text) {
        (Some(Subject::New(new)), _) => new.text,
        (_, Some(text)) => text.to_string(),
        (_, None) => {
            let message = format!("{name} has no text of {0}; give it: assay add TEXT --id {0} --from …", quoted(&record.id, 60));
            return Err(Failure::invalid(anyhow!(message)));
        }
    };
    let own = [
        ("lang", &record.lang),
        ("title", &record.title),
        ("publisher", &record.publisher),
        ("url", &record.url),
        ("published_at", &record.published_at),
    ];
    let own = own.into_iter().filter_map(|(column, value)| Some((column.to_owned(), value.as_deref()?.to_owned())));
    let mut columns: Vec<(String, String)> = own.collect();
    for (column, value) in &record.columns {
        let is_known = dataset.article_columns.iter().any(|known| known == column) || article_columns().contains(&&**column);
        if is_known && !matches!(&**column, "article_id" | "sha256" | "status") {
            columns.push((column.to_string(), value.to_string()));
        } else {
            warnings.push(format!("{name}: {} of the article is no column of articles.csv and is left out", quoted(column, 40)));
        }
    }
    columns.extend(article::columns(args)?);
    let id = args.id.clone().unwrap_or_else(|| record.id.to_string());
    Ok(Subject::New(Box::new(NewText { id: Some(id), file: None, text, columns })))
}

fn differs(record: &Record<'_>, dataset: &Dataset, id: &str, warnings: &mut Vec<String>) {
    let text = dataset.article(id).map(|record| &*record.article.text);
    if record.text.as_deref().is_some_and(|theirs| text != Some(theirs)) {
        warnings.push(format!("the text of {} is another one in the dataset; claims are placed in that by their quotes", quoted(id, 60)));
    }
}

fn text_of<'t>(subject: &'t Subject, editor: &'t Editor) -> &'t str {
    match subject {
        Subject::There(id) => editor.dataset().article(id).map_or("", |record| &*record.article.text),
        Subject::New(new) => &new.text,
    }
}

/// The claims of a line, placed as answers are.
fn claims_of_record(record: &Record<'_>, text: &str, name: &str, warnings: &mut Vec<String>) -> Vec<NewClaim> {
    if let Some(error) = &record.error {
        warnings.push(format!("the extractor has no answer for {}: {} {}", quoted(&record.id, 60), error.kind, error.message));
    }
    let located = locate_answer(text, &record.claims, OffsetUnit::Codepoint);
    warnings.extend(located.note.map(|note| format!("{name}: {note}")));
    claims(&located.claims, warnings)
}

fn claims(answers: &[Claim], warnings: &mut Vec<String>) -> Vec<NewClaim> {
    let mut claims = Vec::new();
    for (number, answer) in answers.iter().enumerate() {
        if answer.fragments.is_empty() {
            warnings.push(format!("answer {} is left out: the text does not have {}", number + 1, quoted(&answer.quote, 60)));
            continue;
        }
        let spans = answer.fragments.spans().iter().map(|span| (span.start(), span.end())).collect();
        claims.push(NewClaim {
            from: format!("answer {}", number + 1),
            at: At { spans, ..At::default() },
            kind: answer.kind.clone(),
            fields: answer.fields.clone(),
            ..NewClaim::default()
        });
    }
    claims
}

/// The claims that a stored run has for an article.
fn of_run(
    run: &str,
    args: &Args,
    subject: Option<Subject>,
    target: &Target,
    editor: &Editor,
    warnings: &mut Vec<String>,
) -> Result<(Subject, Vec<NewClaim>), Failure> {
    let stored = Store::open(&target.root).find(run).map_err(Failure::invalid)?;
    let Some(id) = wanted(args, subject.as_ref()).map(str::to_owned) else {
        return Err(Failure::usage(anyhow!("name an article of the run: --from {run} ARTICLE")));
    };
    let answers = stored.predictions().map_err(Failure::invalid)?;
    let name = format!("run {}", stored.id);
    let ids = answers.iter().map(|answer| answer.article_id.as_str());
    let Some(answer) = answers.iter().find(|answer| answer.article_id == id) else { return Err(unknown(&id, &name, ids)) };
    if answer.outcome.class() != OutcomeClass::Scored {
        warnings.push(format!("{name} has no answer for {}: {}", quoted(&id, 60), answer.outcome.name()));
    }
    let article = match subject {
        Some(Subject::New(mut new)) => {
            new.id = new.id.or(Some(id.clone()));
            Subject::New(new)
        }
        Some(there) => there,
        None if editor.dataset().article(&id).is_some() => {
            article::refuse_columns(args, "of an article that is there")?;
            Subject::There(id.clone())
        }
        None => {
            let message = format!(
                "{0} is not in the dataset, and a run holds no texts; give it: assay add TEXT --id {0} --from {run}",
                quoted(&id, 60)
            );
            return Err(Failure::invalid(anyhow!(message)));
        }
    };
    let asked = stored.record.articles.get(&id).map_or("", |article| article.text_sha256.as_str());
    let text = text_of(&article, editor);
    let is_same = asked.is_empty() || hex(&Sha256::digest(text.as_bytes())).eq_ignore_ascii_case(asked);
    let mut claims = claims(&answer.claims, warnings);
    if !is_same {
        warnings.push(format!("the text of {} is not the one of the run; claims are placed by their quotes", quoted(&id, 60)));
        for (claim, answer) in claims.iter_mut().zip(answer.claims.iter().filter(|answer| !answer.fragments.is_empty())) {
            claim.at = At { quote: answer.quote.clone(), ..At::default() };
        }
    }
    Ok((article, claims))
}
