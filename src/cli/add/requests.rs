//! What is to be added, from everything on the command line; only reading.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::anyhow;

use super::article::{self, NewText};
use super::{Args, answers, input};
use crate::cli::exit::Failure;
use crate::cli::target::Target;
use crate::dataset::edit::Editor;
use crate::files;
use crate::label::{At, NewClaim, Whose, claim_files, looks_marked, unmarked, words};
use crate::report::safe::quoted;

/// An article that is new or there, with claims that are to be added.
#[derive(Clone, Debug, Default)]
pub(super) struct Request {
    pub article: Subject,
    pub claims: Vec<NewClaim>,
    /// Whose word the claims are.
    pub whose: Whose,
    /// What an extractor answered, where that was asked for.
    pub answers: Option<Vec<NewClaim>>,
}

impl Request {
    /// The text of a new article.
    pub fn new_text(&self) -> Option<&str> {
        match &self.article {
            Subject::There(_) => None,
            Subject::New(new) => Some(&new.text),
        }
    }
}

/// The article of a request.
#[derive(Clone, Debug)]
pub(super) enum Subject {
    /// One that is there.
    There(String),
    /// A new one.
    New(Box<NewText>),
}

impl Default for Subject {
    fn default() -> Subject {
        Subject::There(String::new())
    }
}

/// All that is to be added.
#[derive(Debug, Default)]
pub(super) struct Requests {
    pub requests: Vec<Request>,
    pub warnings: Vec<String>,
    /// What cannot be understood of it.
    pub wrong: Vec<String>,
    /// Whether there may be several articles.
    pub is_batch: bool,
}

/// Reads what is to be added.
pub(super) fn of(args: &Args, target: &Target, editor: &Editor) -> Result<Requests, Failure> {
    let stdin = [args.what.as_deref(), args.claims.as_deref().and_then(Path::to_str), args.from.first().map(String::as_str)];
    if stdin.iter().flatten().filter(|name| **name == input::STDIN).count() > 1 {
        return Err(Failure::usage(anyhow!("- is standard input, which is read once: text, --claims and --from cannot all be there")));
    }
    let subject = subject(args, editor)?;
    if let Some(Subject::There(_)) = &subject {
        article::refuse_columns(args, "of an article that is there")?;
    }
    let mut found = Requests::default();
    let mut wrong = Vec::new();
    if !args.from.is_empty() {
        found.requests.push(answers::request(args, subject, target, editor, &mut found.warnings)?);
    } else if let Some(mut subject) = subject {
        let mut claims = Vec::new();
        if let Subject::New(new) = &mut subject {
            claims.extend(marked(args, new, editor, &mut wrong, &mut found.warnings));
        } else if args.marked {
            return Err(Failure::usage(anyhow!("--marked is about a new text; name its file, or - for standard input")));
        }
        found.requests.push(Request { article: subject, claims, whose: args.whose(), answers: None });
    } else if args.claims.is_none() {
        let message = "name a file with the text, - for standard input, or an article that is there; or give --claims or --from";
        return Err(Failure::usage(anyhow!(message)));
    } else if !args.claim.is_empty() {
        return Err(Failure::usage(anyhow!("--claim needs its article in front of it: assay add ARTICLE --claim QUOTE")));
    }
    let (claims, why) = args.claim.claims(editor.schema());
    wrong.extend(why);
    extend(&mut found, claims);
    if let Some(path) = &args.claims {
        from_file(args, path, editor, &mut found, &mut wrong)?;
    }
    found.wrong = wrong;
    Ok(found)
}

/// The article that the command names: a file, standard input, or one that is there.
fn subject(args: &Args, editor: &Editor) -> Result<Option<Subject>, Failure> {
    let is_there = |id: &str| editor.dataset().article(id).is_some();
    let Some(what) = &args.what else {
        return Ok(args.id.as_ref().filter(|id| is_there(id)).map(|id| Subject::There(id.clone())));
    };
    let path = PathBuf::from(what);
    let is_file = what != input::STDIN && path.symlink_metadata().is_ok_and(|meta| !meta.is_dir());
    if is_there(what) {
        if is_file {
            let message = format!("{} is an article and a file; write ./{what} for the file", quoted(what, 60));
            return Err(Failure::usage(anyhow!(message)));
        }
        return Ok(Some(Subject::There(what.clone())));
    }
    if what != input::STDIN && !is_file {
        let ids = editor.dataset().articles.iter().map(|record| record.article.id.as_str());
        let near = crate::claim::nearest(what, ids).map(|near| format!("; the nearest article is {near}")).unwrap_or_default();
        return Err(Failure::invalid(anyhow!("{} is neither a file nor an article{near}", quoted(what, 60))));
    }
    let text = input::text(&path)?;
    let file = (what != input::STDIN).then(|| path.file_name().map(|name| name.to_string_lossy().into_owned())).flatten();
    Ok(Some(Subject::New(Box::new(NewText { id: args.id.clone(), file, text, columns: article::columns(args)? }))))
}

/// The claims that are marked in a text, which is stored without the marks.
fn marked(args: &Args, new: &mut NewText, editor: &Editor, wrong: &mut Vec<String>, warnings: &mut Vec<String>) -> Vec<NewClaim> {
    let name = new.file.clone().unwrap_or_else(|| "standard input".to_owned());
    if !args.marked {
        if looks_marked(&new.text) {
            warnings.push(format!("{name} has [[ ]], which stay in the text; with --marked they mark claims"));
        }
        return Vec::new();
    }
    let found = match unmarked(&new.text) {
        Ok(found) => found,
        Err(why) => {
            wrong.extend(why.into_iter().map(|why| format!("{name}: {why}")));
            return Vec::new();
        }
    };
    if found.marks.is_empty() {
        warnings.push(format!("{name} has no mark [[ ]]"));
    }
    new.text = found.text;
    let mut claims = Vec::new();
    for mark in found.marks {
        let from = format!("{name}:{}:{}", mark.at.0, mark.at.1);
        let mut claim = NewClaim { from: from.clone(), at: At { spans: vec![mark.span], ..At::default() }, ..NewClaim::default() };
        let taken = words(&mark.words).map_err(|why| vec![why]).and_then(|words| claim.take(words, editor.schema()));
        let is_whole = taken.is_ok() || !claim.kind.is_empty();
        wrong.extend(taken.err().into_iter().flatten().map(|why| format!("{from}: {why}")));
        claims.extend(is_whole.then_some(claim));
    }
    claims
}

/// The claims of `--claims`: those of the article of the command, or of the articles that the file names.
fn from_file(args: &Args, path: &Path, editor: &Editor, found: &mut Requests, wrong: &mut Vec<String>) -> Result<(), Failure> {
    let name = input::name(path);
    let file = claim_files::read(&name, input::read(path, files::MAX_TABLE)?, editor.schema()).map_err(Failure::invalid)?;
    found.warnings.extend(file.warnings);
    let own = found.requests.first().map(|request| match &request.article {
        Subject::There(id) => Some(id.clone()),
        Subject::New(new) => new.id.clone(),
    });
    if own.is_none() {
        found.is_batch = true;
        article::refuse_columns(args, "of several articles")?;
        if args.id.is_some() {
            return Err(Failure::invalid(anyhow!(
                "no article {} is there; --claims alone adds to articles that are",
                quoted(args.id.as_deref().unwrap_or_default(), 60)
            )));
        }
    }
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for of_file in file.articles {
        let place = format!("{name}:{}", of_file.line);
        match (&own, &of_file.id) {
            (Some(_), None) => extend(found, of_file.claims),
            (Some(Some(own)), Some(id)) if own == id && of_file.text.is_none() => extend(found, of_file.claims),
            (Some(_), Some(id)) => wrong
                .push(format!("{place}: the article is {}, but the command is about another one; leave one of them out", quoted(id, 60))),
            (None, None) => {
                wrong.push(format!("{place}: the claim names no article; give article_id, or name it: assay add ARTICLE --claims FILE"))
            }
            (None, Some(id)) => match (editor.dataset().article(id), of_file.text) {
                (_, None) if known.contains_key(id) => found.requests[known[id]].claims.extend(of_file.claims),
                (Some(record), text) if text.as_deref().is_none_or(|text| text == &*record.article.text) => {
                    known.insert(id.clone(), found.requests.len());
                    found.requests.push(Request {
                        article: Subject::There(id.clone()),
                        claims: of_file.claims,
                        whose: args.whose(),
                        answers: None,
                    });
                }
                (Some(_), _) => wrong.push(format!("{place}: {} is there with another text", quoted(id, 60))),
                (None, Some(text)) => {
                    known.insert(id.clone(), found.requests.len());
                    let new = NewText { id: Some(id.clone()), file: None, text, columns: of_file.columns };
                    found.requests.push(Request {
                        article: Subject::New(Box::new(new)),
                        claims: of_file.claims,
                        whose: args.whose(),
                        answers: None,
                    });
                }
                (None, None) => wrong.push(format!("{place}: no article {}; give its text to add it", quoted(id, 60))),
            },
        }
    }
    Ok(())
}

fn extend(found: &mut Requests, claims: Vec<NewClaim>) {
    if let Some(request) = found.requests.first_mut() {
        request.claims.extend(claims);
    }
}
