//! The row of a new article: its id, its language, and its columns.

use std::collections::BTreeSet;

use anyhow::anyhow;

use super::Args;
use crate::claim::{Article, nearest};
use crate::cli::exit::Failure;
use crate::dataset::{ArticleRecord, Dataset, article_columns, is_date, is_language_tag, is_safe_id};
use crate::report::safe::quoted;

/// The text of a new article with what is said of it.
#[derive(Clone, Debug, Default)]
pub(super) struct NewText {
    /// As it was given; else it is made.
    pub id: Option<String>,
    /// Name of the file that it was read from.
    pub file: Option<String>,
    pub text: String,
    /// Column and value.
    pub columns: Vec<(String, String)>,
}

/// The columns that the options give.
pub(super) fn columns(args: &Args) -> Result<Vec<(String, String)>, Failure> {
    let options = options(args).into_iter().filter_map(|(column, value)| Some((column.to_owned(), value?.clone())));
    let mut columns: Vec<(String, String)> = options.collect();
    for pair in &args.set {
        let Some((column, value)) = pair.split_once('=') else {
            return Err(Failure::usage(anyhow!("--set {}: write COLUMN=VALUE", quoted(pair, 60))));
        };
        columns.push((column.to_owned(), value.to_owned()));
    }
    Ok(columns)
}

fn options(args: &Args) -> [(&'static str, Option<&String>); 9] {
    [
        ("lang", args.lang.as_ref()),
        ("title", args.title.as_ref()),
        ("publisher", args.publisher.as_ref()),
        ("url", args.url.as_ref()),
        ("published_at", args.published.as_ref()),
        ("licence", args.licence.as_ref()),
        ("split", args.split.as_ref()),
        ("group_id", args.group.as_ref()),
        ("tags", args.tags.as_ref()),
    ]
}

/// Options about a new article cannot be about another one.
pub(super) fn refuse_columns(args: &Args, whose: &str) -> Result<(), Failure> {
    let given = options(args).into_iter().find(|(_, value)| value.is_some()).map(|(column, _)| column);
    let given = given.or_else(|| args.set.first().map(|_| "--set"));
    match given {
        Some(column) => Err(Failure::usage(anyhow!("{column} is about a new article; the row {whose} is edited in articles.csv"))),
        None => Ok(()),
    }
}

/// The row of a new article, and what is wrong with it. `taken` are ids that others are about to take.
pub(super) fn record(
    new: &NewText,
    dataset: &Dataset,
    taken: &BTreeSet<String>,
    wrong: &mut Vec<String>,
    notes: &mut Vec<String>,
) -> ArticleRecord {
    let mut record =
        ArticleRecord { article: Article { text: new.text.as_str().into(), ..Article::default() }, ..ArticleRecord::default() };
    for (column, value) in &new.columns {
        set(&mut record, column, value, dataset, wrong);
    }
    if record.article.lang.is_empty() {
        match lang_of(new, dataset) {
            Some(lang) => record.article.lang = lang,
            None => wrong.push("the language is not known; give --lang, such as --lang id (und where nobody knows it)".to_owned()),
        }
    }
    check(&mut record, dataset, wrong, notes);
    record.article.id = match &new.id {
        Some(id) => id.clone(),
        None => made_id(new, &record.article.lang, dataset, taken),
    };
    let id = &record.article.id;
    if !is_safe_id(id) {
        wrong.push(format!("{} is no article id; use 1 to 100 letters, digits, '.', '_' and '-'", quoted(id, 60)));
    }
    let same = dataset.articles.iter().find(|record| record.article.id.eq_ignore_ascii_case(id));
    if same.is_some() || taken.contains(id) {
        let claims = if same.is_some_and(|same| same.article.text == record.article.text) {
            format!(" with this text; add claims with assay add {id} --claim …")
        } else {
            "; give the new one another --id".to_owned()
        };
        wrong.push(format!("article {} is there already{claims}", quoted(id, 60)));
    }
    record
}

fn set(record: &mut ArticleRecord, column: &str, value: &str, dataset: &Dataset, wrong: &mut Vec<String>) {
    let text = value.trim().to_owned();
    let some = Some(text.clone()).filter(|text| !text.is_empty());
    match column {
        "lang" => record.article.lang = text,
        "title" => record.article.title = some,
        "publisher" => record.article.publisher = some,
        "url" => record.article.url = some,
        "published_at" => record.article.published_at = some,
        "licence" => record.licence = text,
        "split" => record.split = text,
        "group_id" => record.group_id = text,
        "tags" => record.tags = text.split([';', ',']).map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned).collect(),
        "note" => record.note = text,
        "article_id" | "sha256" | "status" => {
            wrong.push(format!("{column} is not set by hand; there are --id, --complete, --no-claims and --skip"))
        }
        other if dataset.article_columns.iter().any(|known| known == other) => _ = record.extra.insert(other.to_owned(), text),
        other => {
            let known = dataset.article_columns.iter().map(String::as_str).chain(article_columns().iter().copied());
            let near = nearest(other, known).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
            wrong.push(format!("articles.csv has no column {}{near}", quoted(other, 40)));
        }
    }
}

/// What a load would find wrong, or warn of.
fn check(record: &mut ArticleRecord, dataset: &Dataset, wrong: &mut Vec<String>, notes: &mut Vec<String>) {
    let lang = &record.article.lang;
    if !lang.is_empty() && !is_language_tag(lang) {
        wrong.push(format!("{} is no language tag; write one such as id, pt-BR, or und where it is not known", quoted(lang, 40)));
    } else if !lang.is_empty() && lang != "und" && !is_listed(dataset, lang) {
        notes.push(format!("lang {lang} is not among the languages of dataset.toml ({})", dataset.meta.languages.join(", ")));
    }
    if let Some(date) = record.article.published_at.as_deref().filter(|date| !is_date(date)) {
        wrong.push(format!("{} is no ISO 8601 date such as 2024-05-13", quoted(date, 40)));
    }
    if record.article.text.trim().is_empty() {
        wrong.push("the text is empty".to_owned());
    }
    if record.article.text.contains('\r') {
        notes.push("the text holds CR, which count as characters of their own and stay".to_owned());
    }
    let of_group = dataset.articles.iter().find(|other| !record.group_id.is_empty() && other.group_id == record.group_id);
    if let Some(other) = of_group.filter(|other| other.split != record.split) {
        let id = &other.article.id;
        if record.split.is_empty() {
            notes.push(format!("split {}, as {id} of the same group", other.split));
            record.split.clone_from(&other.split);
        } else {
            let split = if other.split.is_empty() { "no split".to_owned() } else { format!("split {}", other.split) };
            wrong.push(format!("group {} would be cut: {id} is in {split}; a group stays in one split", quoted(&record.group_id, 40)));
        }
    }
}

fn is_listed(dataset: &Dataset, lang: &str) -> bool {
    let listed = &dataset.meta.languages;
    listed.is_empty() || listed.iter().any(|known| primary(known) == primary(lang))
}

fn primary(tag: &str) -> String {
    tag.split('-').next().unwrap_or_default().to_ascii_lowercase()
}

/// The language that the name of the text says (`id-042.txt`, `042.id.txt`), or that of the articles whose names begin like it.
fn lang_of(new: &NewText, dataset: &Dataset) -> Option<String> {
    let name = new.id.as_deref().or_else(|| new.file.as_deref().map(stem))?;
    let mut known: Vec<&str> = dataset.meta.languages.iter().map(String::as_str).collect();
    known.extend(dataset.articles.iter().map(|record| record.article.lang.as_str()).filter(|lang| *lang != "und"));
    let parts: Vec<&str> = name.split(['-', '_', '.']).collect();
    let ends = [parts.first(), parts.last()].into_iter().flatten().filter(|_| parts.len() > 1);
    let said = ends.filter_map(|part| known.iter().find(|lang| lang.eq_ignore_ascii_case(part))).next();
    if let Some(lang) = said {
        return Some((*lang).to_owned());
    }
    let begin = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let siblings =
        dataset.articles.iter().filter(|record| begin.len() > 1 && begin.len() < name.len() && record.article.id.starts_with(begin));
    let langs: BTreeSet<&str> = siblings.map(|record| record.article.lang.as_str()).collect();
    langs.iter().next().filter(|lang| langs.len() == 1 && **lang != "und").map(|lang| (*lang).to_owned())
}

/// The name of a file without its extension.
fn stem(file: &str) -> &str {
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}

/// The file name where it can be one, else the next number of the language: `en-042`.
fn made_id(new: &NewText, lang: &str, dataset: &Dataset, taken: &BTreeSet<String>) -> String {
    if let Some(stem) = new.file.as_deref().map(stem).filter(|stem| is_safe_id(stem)) {
        return stem.to_owned();
    }
    let lang = if is_language_tag(lang) { lang } else { "und" };
    let ids = dataset.articles.iter().map(|record| record.article.id.as_str()).chain(taken.iter().map(String::as_str));
    let numbers = ids.filter_map(|id| id.strip_prefix(lang)?.strip_prefix('-'));
    let numbers: Vec<&str> = numbers.filter(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())).collect();
    let last = numbers.iter().filter_map(|number| number.parse::<u64>().ok()).max().unwrap_or_default();
    let width = numbers.iter().map(|number| number.len()).max().unwrap_or(3);
    format!("{lang}-{:0width$}", last.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dataset(ids: &[(&str, &str)]) -> Dataset {
        let record = |&(id, lang): &(&str, &str)| ArticleRecord {
            article: Article { id: id.to_owned(), lang: lang.to_owned(), text: "old".into(), ..Article::default() },
            group_id: "g".to_owned(),
            split: "test".to_owned(),
            ..ArticleRecord::default()
        };
        let mut dataset = Dataset { articles: ids.iter().map(record).collect(), ..Dataset::default() };
        dataset.article_columns = ["article_id", "lang", "desk"].map(str::to_owned).to_vec();
        dataset
    }

    fn made(id: Option<&str>, file: Option<&str>, columns: &[(&str, &str)]) -> Result<(String, String, String), String> {
        let dataset = dataset(&[("en-041", "en"), ("en-7", "en"), ("pt-BR-02", "pt-BR"), ("wire-8", "id")]);
        let columns = columns.iter().map(|&(column, value)| (column.to_owned(), value.to_owned())).collect();
        let new = NewText { id: id.map(str::to_owned), file: file.map(str::to_owned), text: "new".to_owned(), columns };
        let mut wrong = Vec::new();
        let record = record(&new, &dataset, &BTreeSet::from(["en-042".to_owned()]), &mut wrong, &mut Vec::new());
        if wrong.is_empty() { Ok((record.article.id, record.article.lang, record.split)) } else { Err(wrong.join("\n")) }
    }

    #[test]
    fn id_and_language_are_given_or_told_by_names() {
        for (id, file, columns, expected) in [
            (Some("x"), None, vec![("lang", "en")], ("x", "en", "")),
            (None, None, vec![("lang", "en")], ("en-043", "en", "")),
            (None, None, vec![("lang", "pt-BR")], ("pt-BR-03", "pt-BR", "")),
            (None, None, vec![("lang", "fr")], ("fr-001", "fr", "")),
            (None, Some("en-9.txt"), vec![], ("en-9", "en", "")),
            (None, Some("story.id.txt"), vec![], ("story.id", "id", "")),
            (None, Some("wire-12.txt"), vec![], ("wire-12", "id", "")),
            (None, Some("Ein Bericht.txt"), vec![("lang", "en")], ("en-043", "en", "")),
            (Some("x"), None, vec![("lang", "en"), ("group_id", "g")], ("x", "en", "test")),
            (Some("x"), None, vec![("lang", "und"), ("desk", "news")], ("x", "und", "")),
        ] {
            let (id_made, lang, split) = made(id, file, &columns).unwrap();
            assert_eq!((id_made.as_str(), lang.as_str(), split.as_str()), expected, "{id:?} {file:?} {columns:?}");
        }
    }

    #[test]
    fn what_cannot_be_is_said() {
        for (id, file, columns, says) in [
            (Some("x"), None, vec![], "give --lang"),
            (None, Some("report.txt"), vec![], "give --lang"),
            (Some("EN-041"), None, vec![("lang", "en")], "is there already; give the new one another --id"),
            (Some("en-042"), None, vec![("lang", "en")], "is there already"),
            (Some("a/b"), None, vec![("lang", "en")], "no article id"),
            (Some("x"), None, vec![("lang", "en_US")], "no language tag"),
            (Some("x"), None, vec![("lang", "en"), ("published_at", "13.5.24")], "no ISO 8601 date"),
            (Some("x"), None, vec![("lang", "en"), ("dsek", "news")], "did you mean desk?"),
            (Some("x"), None, vec![("lang", "en"), ("status", "gold")], "--complete"),
            (Some("x"), None, vec![("lang", "en"), ("group_id", "g"), ("split", "train")], "would be cut"),
        ] {
            let wrong = made(id, file, &columns).unwrap_err();
            assert!(wrong.contains(says), "{columns:?}: {wrong}");
        }
    }
}
