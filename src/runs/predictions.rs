//! `predictions.jsonl`: the answers of a run as bare JSONL, an article a line by id, so that they can be scored again.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, Serializer};

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

/// A line as it is written: nothing of an answer is copied for it.
#[derive(Serialize)]
struct NewLine<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    claims: Option<Claims<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<StoredError<'a>>,
}

#[derive(Serialize)]
struct StoredError<'a> {
    kind: &'a str,
    message: &'a str,
}

/// The claims of an answer, in canonical order.
struct Claims<'a> {
    claims: &'a [Claim],
    text: Option<CodePoints<'a>>,
}

impl Serialize for Claims<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(stored_order(self.claims).into_iter().map(|i| NewClaim::of(&self.claims[i], self.text.as_ref())))
    }
}

#[derive(Serialize)]
struct NewClaim<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<u32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fragments: Vec<(u32, u32)>,
    #[serde(skip_serializing_if = "str::is_empty")]
    quote: Cow<'a, str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    kind: &'a str,
    #[serde(skip_serializing_if = "FieldValues::is_empty")]
    fields: FieldValues<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f64>,
    #[serde(skip_serializing_if = "str::is_empty")]
    tracking_id: &'a str,
}

impl<'a> NewClaim<'a> {
    fn of(claim: &'a Claim, text: Option<&CodePoints<'a>>) -> NewClaim<'a> {
        let spans = claim.fragments.spans();
        let hull = claim.fragments.hull();
        let own = text.filter(|_| hull.is_some()).and_then(|text| text.quote(&claim.fragments));
        NewClaim {
            id: &claim.id,
            start: hull.map(Span::start),
            end: hull.map(Span::end),
            fragments: if spans.len() > 1 { spans.iter().map(|s| (s.start(), s.end())).collect() } else { Vec::new() },
            quote: own.unwrap_or(Cow::Borrowed(&claim.quote)),
            kind: &claim.kind,
            fields: FieldValues(&claim.fields),
            score: claim.score,
            tracking_id: &claim.tracking_id,
        }
    }
}

/// The fields of a claim as stored: as written, `null` where annotated as absent.
#[derive(Clone, Copy)]
pub(super) struct FieldValues<'a>(pub &'a BTreeMap<String, FieldState<String>>);

impl FieldValues<'_> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for FieldValues<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, state)| (name, state.present())))
    }
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
        let id = article.input.id;
        let line = match article.input.answer {
            Some(answer) if answer.outcome.class() == OutcomeClass::Scored => {
                let text = article.text.filter(|_| !answer.claims.is_empty()).map(CodePoints::new);
                NewLine { id, claims: Some(Claims { claims: &answer.claims, text }), error: None }
            }
            answer => {
                let kind = answer.map_or(Outcome::NotAnswered, |a| a.outcome).name();
                let message = answer.and_then(|a| a.message.as_deref()).unwrap_or_default();
                NewLine { id, claims: None, error: Some(StoredError { kind, message }) }
            }
        };
        serde_json::to_writer(&mut out, &line)?;
        out.push(b'\n');
    }
    Ok(out)
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
