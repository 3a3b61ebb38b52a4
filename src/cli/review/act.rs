//! `assay review --accept ID --reject ID …`: decisions without a terminal.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::anyhow;
use serde::Serialize;

use crate::claim::nearest;
use crate::label::order::Disagreement;
use crate::label::review::{Decision, ReviewError, Session};
use crate::report::safe::{quoted, shown};

use super::super::exit::{Exit, Failure};
use super::super::terminal::Terminal;
use super::{Args, Found};

/// A decision with the option that asked for it.
struct Asked<'f, 'a> {
    disagreement: &'f Disagreement<'a>,
    option: &'static str,
    /// Changes of `--edit`.
    changes: Vec<&'f str>,
}

/// An option, the id that it names, and changes.
type Words<'f> = (&'static str, &'f str, Vec<&'f str>);

/// What came of a decision, as JSON.
#[derive(Serialize)]
struct ResultJson<'a> {
    id: &'a str,
    decision: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    claim_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    done: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// Writes the decisions that the options ask for, in the order of the options. Every id is looked up before anything is written; a decision
/// that cannot be written does not keep the others from being written, and the exit code is 3 then.
pub(super) fn run(args: &Args, found: &Found<'_>, session: &mut Session, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let asked = asked(args, found)?;
    let mut exit = Exit::Done;
    let mut results = Vec::new();
    for asked in &asked {
        if terminal.is_stopped() {
            return Ok(Exit::Interrupted);
        }
        let id = &asked.disagreement.id;
        let result = decide(asked, session);
        let json = |claim_id, done, error| ResultJson { id, decision: asked.option, claim_id, done, error };
        match result {
            Ok(done) => {
                if !args.json {
                    writeln!(terminal.out, "{}: {}", shown(id), shown(&done.words))?;
                }
                results.push(json(done.claim_id, Some(done.words), None));
            }
            Err(error) => {
                exit = Exit::Invalid;
                if !args.json {
                    writeln!(terminal.err, "error: {}: {}", shown(id), one_line(&error))?;
                    if matches!(error, ReviewError::NotGold(_)) && asked.option != "edit" {
                        writeln!(terminal.err, "  mend it: assay review --edit {} FIELD=VALUE …", shown(id))?;
                    }
                }
                results.push(json(None, None, Some(error.to_string())));
            }
        }
    }
    if args.json {
        terminal.json(&results)?;
    }
    Ok(exit)
}

/// An error whose findings may take several lines.
fn one_line(error: &ReviewError) -> String {
    error.to_string().lines().map(shown).collect::<Vec<_>>().join("; ")
}

fn decide(asked: &Asked<'_, '_>, session: &mut Session) -> Result<crate::label::review::Done, ReviewError> {
    let decision = match asked.option {
        "accept" => Decision::Accept,
        "reject" => Decision::Reject,
        "optional" => Decision::Optional,
        "take" => Decision::Take,
        _ => {
            let mut proposal = session.proposal(asked.disagreement)?;
            let text = session.text(asked.disagreement.item.article_id).to_owned();
            let schema = session.reviewed().schema.clone();
            let errors = asked.changes.iter().filter_map(|change| proposal.set(change, &schema, &text).err());
            let errors: Vec<String> = errors.collect();
            if !errors.is_empty() {
                return Err(ReviewError::NotGold(errors));
            }
            Decision::Put(Box::new(proposal))
        }
    };
    session.decide(asked.disagreement, &decision)
}

/// What the options name.
fn asked<'f, 'a>(args: &'f Args, found: &'f Found<'a>) -> Result<Vec<Asked<'f, 'a>>, Failure> {
    let by_id: BTreeMap<&str, &Disagreement<'_>> = found.all.iter().map(|d| (d.id.as_str(), d)).collect();
    let lists = [("accept", &args.accept), ("reject", &args.reject), ("optional", &args.optional), ("take", &args.take)];
    let plain = lists.into_iter().flat_map(|(option, ids)| ids.iter().map(move |id| (option, id.as_str(), Vec::new())));
    let mut asked = Vec::new();
    let mut seen = BTreeSet::new();
    for (option, id, changes) in plain.chain(edits(args)?) {
        let Some(disagreement) = by_id.get(id) else {
            if let Some(why) = found.settled.get(id) {
                return Err(Failure::usage(anyhow!("--{option} {}: {why}", quoted(id, 60))));
            }
            let near = nearest(id, by_id.keys().copied()).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
            let message = format!(
                "--{option} {}: nothing to decide of that id in {}{near}; `assay review --list -n 0` lists all",
                quoted(id, 60),
                found.run
            );
            return Err(Failure::usage(anyhow!(message)));
        };
        if !seen.insert(id) {
            return Err(Failure::usage(anyhow!("{} is decided twice; write it once", quoted(id, 60))));
        }
        asked.push(Asked { disagreement, option, changes });
    }
    Ok(asked)
}

/// The words of `--edit`: an id, then its changes; the next word without `=` is another id.
fn edits(args: &Args) -> Result<Vec<Words<'_>>, Failure> {
    let mut edits: Vec<Words<'_>> = Vec::new();
    for word in &args.edit {
        match edits.last_mut().filter(|_| word.contains('=')) {
            Some((_, _, changes)) => changes.push(word),
            None => edits.push(("edit", word, Vec::new())),
        }
    }
    match edits.iter().find(|(_, _, changes)| changes.is_empty()) {
        Some((_, id, _)) => Err(Failure::usage(anyhow!("--edit {} changes nothing; write --edit ID FIELD=VALUE …", quoted(id, 60)))),
        None => Ok(edits),
    }
}
