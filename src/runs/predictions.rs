//! `predictions.jsonl`: the answers of a run as bare JSONL, an article a line by id, so that they can be scored again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::outcome::{RunArticle, stored_order};
use super::record::StoredArticle;
use crate::claim::{Claim, FieldState, Fragments, Span};
use crate::extract::{Answer, Outcome, OutcomeClass};

#[derive(Serialize, Deserialize)]
struct Line {
    id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    claims: Option<Vec<StoredClaim>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<StoredError>,
}

#[derive(Serialize, Deserialize)]
struct StoredError {
    kind: String,
    message: String,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct StoredClaim {
    #[serde(skip_serializing_if = "String::is_empty")]
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<u32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fragments: Vec<(u32, u32)>,
    #[serde(skip_serializing_if = "String::is_empty")]
    quote: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    kind: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    fields: BTreeMap<String, Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f64>,
    #[serde(skip_serializing_if = "String::is_empty")]
    tracking_id: String,
}

/// The file. A failed article is an error record with the name of its outcome.
///
/// A located claim is written with the text's own quote where the text is known: a quote that was found by likeness would
/// contradict its offsets when it is read again.
pub(super) fn write(articles: &[RunArticle<'_>]) -> serde_json::Result<Vec<u8>> {
    let mut sorted: Vec<&RunArticle<'_>> = articles.iter().collect();
    sorted.sort_by_key(|a| a.input.id);
    let mut out = Vec::new();
    for article in sorted {
        let line = match article.input.answer {
            Some(answer) if answer.outcome.class() == OutcomeClass::Scored => {
                let claims = stored_order(&answer.claims).into_iter().map(|i| stored(&answer.claims[i], article.text));
                Line { id: article.input.id.to_owned(), claims: Some(claims.collect()), error: None }
            }
            answer => {
                let outcome = answer.map_or(Outcome::NotAnswered, |a| a.outcome);
                let message = answer.and_then(|a| a.message.clone()).unwrap_or_default();
                let error = StoredError { kind: outcome.name().to_owned(), message };
                Line { id: article.input.id.to_owned(), claims: None, error: Some(error) }
            }
        };
        serde_json::to_writer(&mut out, &line)?;
        out.push(b'\n');
    }
    Ok(out)
}

fn stored(claim: &Claim, text: Option<&str>) -> StoredClaim {
    let spans = claim.fragments.spans();
    let hull = claim.fragments.hull();
    StoredClaim {
        id: claim.id.clone(),
        start: hull.map(Span::start),
        end: hull.map(Span::end),
        fragments: if spans.len() > 1 { spans.iter().map(|s| (s.start(), s.end())).collect() } else { Vec::new() },
        quote: match text {
            Some(text) if hull.is_some() => claim.fragments.quote(text).unwrap_or_else(|| claim.quote.clone()),
            _ => claim.quote.clone(),
        },
        kind: claim.kind.clone(),
        fields: claim.fields.iter().map(|(name, state)| (name.clone(), state.present().cloned())).collect(),
        score: claim.score,
        tracking_id: claim.tracking_id.clone(),
    }
}

/// The answers of the file, with what `run.json` says of each article.
///
/// # Errors
/// The line that does not hold, in words.
pub(super) fn read(file: &str, articles: &BTreeMap<String, StoredArticle>) -> Result<Vec<Answer>, String> {
    file.lines().enumerate().map(|(i, line)| answer(line, articles).map_err(|e| format!("line {}: {e}", i + 1))).collect()
}

fn answer(line: &str, articles: &BTreeMap<String, StoredArticle>) -> Result<Answer, String> {
    let line: Line = serde_json::from_str(line).map_err(|e| e.to_string())?;
    let article = articles.get(&line.id).ok_or_else(|| format!("run.json knows no article {:?}", line.id))?;
    let claims = line.claims.unwrap_or_default().into_iter().map(claim).collect::<Result<_, _>>()?;
    Ok(Answer {
        article_id: line.id,
        outcome: article.outcome.parse()?,
        claims,
        located: article.located,
        message: article.message.clone(),
    })
}

fn claim(stored: StoredClaim) -> Result<Claim, String> {
    let pairs = match (stored.start, stored.end) {
        (Some(start), Some(end)) if stored.fragments.is_empty() => vec![(start, end)],
        _ => stored.fragments,
    };
    let spans = pairs.into_iter().map(|(s, e)| Span::new(s, e).ok_or_else(|| format!("span {s}-{e} is empty or reversed")));
    Ok(Claim {
        id: stored.id,
        fragments: spans.collect::<Result<Fragments, String>>()?,
        quote: stored.quote,
        kind: stored.kind,
        fields: stored.fields.into_iter().map(|(name, value)| (name, value.map_or(FieldState::Absent, FieldState::Present))).collect(),
        score: stored.score,
        tracking_id: stored.tracking_id,
    })
}
