//! `predictions.jsonl`: the answers of a run as bare JSONL, an article a line by id, so that they can be scored again.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Deserialize;

use super::json;
use super::outcome::{RunArticle, stored_order};
use super::record::StoredArticle;
use crate::anchor::CodePoints;
use crate::claim::{Claim, FieldState, Fragments, Span};
use crate::extract::{Answer, Outcome, OutcomeClass};

/// A line as it is read.
#[derive(Deserialize)]
struct Line {
    id: String,
    #[serde(default)]
    claims: Vec<StoredClaim>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct StoredClaim {
    id: String,
    start: Option<u32>,
    end: Option<u32>,
    fragments: Vec<(u32, u32)>,
    quote: String,
    kind: String,
    fields: BTreeMap<String, Option<String>>,
    score: Option<f64>,
    tracking_id: String,
}

/// Articles whose lines one thread writes behind one another.
const ARTICLES_AT_ONCE: usize = 256;

/// About what a claim takes as JSON: a buffer that grows is copied again and again.
const BYTES_OF_A_CLAIM: usize = 256;

/// The file, in parts that stand one behind the other. A failed article is an error record with the name of its outcome.
///
/// A located claim is written with the text's own quote where the text is known: a quote that was found by likeness would
/// contradict its offsets when it is read again.
pub(super) fn write(articles: &[RunArticle<'_>]) -> Vec<Vec<u8>> {
    let mut sorted: Vec<&RunArticle<'_>> = articles.iter().collect();
    sorted.sort_by_key(|a| a.input.id);
    let lines = |articles: &[&RunArticle<'_>]| {
        let claims: usize = articles.iter().filter_map(|article| article.input.answer).map(|answer| answer.claims.len()).sum();
        let mut out = Vec::with_capacity(claims * BYTES_OF_A_CLAIM);
        articles.iter().for_each(|article| push_line(&mut out, article));
        out
    };
    sorted.par_chunks(ARTICLES_AT_ONCE).map(lines).collect()
}

fn push_line(out: &mut Vec<u8>, article: &RunArticle<'_>) {
    out.extend_from_slice(b"{\"id\":");
    json::push_text(out, article.input.id);
    match article.input.answer {
        Some(answer) if answer.outcome.class() == OutcomeClass::Scored => {
            let text = article.text.filter(|_| !answer.claims.is_empty()).map(CodePoints::new);
            out.extend_from_slice(b",\"claims\":[");
            for (i, index) in stored_order(&answer.claims).into_iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                push_claim(out, &answer.claims[index], text.as_ref());
            }
            out.push(b']');
        }
        answer => {
            out.extend_from_slice(b",\"error\":{\"kind\":");
            json::push_text(out, answer.map_or(Outcome::NotAnswered, |a| a.outcome).name());
            out.extend_from_slice(b",\"message\":");
            json::push_text(out, answer.and_then(|a| a.message.as_deref()).unwrap_or_default());
            out.push(b'}');
        }
    }
    out.extend_from_slice(b"}\n");
}

/// Adds a claim; what it does not have is left out.
fn push_claim(out: &mut Vec<u8>, claim: &Claim, text: Option<&CodePoints<'_>>) {
    let hull = claim.fragments.hull();
    let own = text.filter(|_| hull.is_some()).and_then(|text| text.quote(&claim.fragments));
    let quote = own.unwrap_or(Cow::Borrowed(&claim.quote));
    let begin = out.len();
    let key = |out: &mut Vec<u8>, name: &str| {
        out.push(if out.len() == begin { b'{' } else { b',' });
        json::push_text(out, name);
        out.push(b':');
    };
    let key_and_text = |out: &mut Vec<u8>, name: &str, text: &str| {
        if !text.is_empty() {
            key(out, name);
            json::push_text(out, text);
        }
    };
    key_and_text(out, "id", &claim.id);
    if let Some(hull) = hull {
        for (name, point) in [("start", hull.start()), ("end", hull.end())] {
            key(out, name);
            json::push(out, &point);
        }
    }
    if claim.fragments.spans().len() > 1 {
        key(out, "fragments");
        json::push(out, &claim.fragments.spans().iter().map(|s| (s.start(), s.end())).collect::<Vec<_>>());
    }
    key_and_text(out, "quote", &quote);
    key_and_text(out, "kind", &claim.kind);
    if !claim.fields.is_empty() {
        key(out, "fields");
        json::push_fields(out, &claim.fields);
    }
    if let Some(score) = claim.score {
        key(out, "score");
        json::push(out, &score);
    }
    key_and_text(out, "tracking_id", &claim.tracking_id);
    if out.len() == begin {
        out.push(b'{');
    }
    out.push(b'}');
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
    let claims = line.claims.into_iter().map(claim).collect::<Result<_, _>>()?;
    Ok(Answer {
        outcome: article.outcome.parse()?,
        message: article.message.clone(),
        spent: article.spent,
        ..Answer::of_claims(line.id, claims, article.located)
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
