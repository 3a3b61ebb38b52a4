//! What the argument of `assay show` names: a run, an article, or a claim.

use std::collections::BTreeSet;

use anyhow::anyhow;

use crate::claim::nearest;
use crate::report::safe::quoted;
use crate::runs::{FindError, Store, StoredRun};

use super::super::exit::Failure;
use super::Args;

/// What is to be shown.
pub(super) enum Target {
    Run(Box<StoredRun>),
    Article(Box<StoredRun>, String),
    Claim(Box<StoredRun>, ClaimName),
}

/// How a claim is named on the command line.
pub(super) struct ClaimName {
    /// Where only one article is meant.
    pub article_id: Option<String>,
    pub name: String,
}

/// Finds what the arguments name.
pub(super) fn find(store: &Store, args: &Args) -> Result<Target, Failure> {
    let what = args.what.as_str();
    let found = if args.run.is_none() { Some(store.find(what)) } else { None };
    match found {
        Some(Ok(run)) if run.id == what || what == "latest" || !run.id.starts_with(what) => return Ok(Target::Run(Box::new(run))),
        Some(Err(error @ (FindError::Empty(_) | FindError::Read(_)))) => return Err(Failure::invalid(error)),
        _ => {}
    }
    // A prefix of a run is also tried as an article and a claim, whose names are never cut.
    let run = store.find(args.run.as_deref().unwrap_or("latest")).map_err(Failure::invalid)?;
    if run.record.articles.contains_key(what) {
        return Ok(Target::Article(Box::new(run), what.to_owned()));
    }
    let primary = run.record.result().map_err(Failure::invalid)?.primary;
    let rows = run.rows_where("criterion", &primary).map_err(Failure::invalid)?;
    let (article_id, number) = match what.rsplit_once('#') {
        Some((article, number)) => (article, format!("#{number}")),
        None => ("", String::new()),
    };
    if rows.iter().any(|r| r.claim_id == what) {
        return Ok(Target::Claim(Box::new(run), ClaimName { article_id: None, name: what.to_owned() }));
    }
    if rows.iter().any(|r| r.article_id == article_id && r.name() == number) {
        return Ok(Target::Claim(Box::new(run), ClaimName { article_id: Some(article_id.to_owned()), name: number }));
    }
    match found {
        Some(Ok(run)) => return Ok(Target::Run(Box::new(run))),
        Some(Err(error @ FindError::Ambiguous { .. })) => return Err(Failure::invalid(error)),
        _ => {}
    }
    let names: BTreeSet<&str> = run.record.articles.keys().map(String::as_str).chain(rows.iter().map(|r| r.claim_id.as_str())).collect();
    let near = nearest(what, names.into_iter().filter(|n| !n.is_empty())).map(|n| format!("; did you mean {n}?")).unwrap_or_default();
    let kind = if args.run.is_some() { "article or claim" } else { "run, article or claim" };
    Err(Failure::invalid(anyhow!("no {kind} {} (articles and claims are those of run {}){near}", quoted(what, 60), run.id)))
}
