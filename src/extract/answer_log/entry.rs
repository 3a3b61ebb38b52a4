//! What a line holds.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::key::AnswerKey;
use crate::claim::{Claim, FieldState, Fragments, Span};
use crate::dataset::hex;
use crate::extract::{About, Answer, LocationCounts, Spent};
use sha2::{Digest, Sha256};

/// Digits of the checksum in front of an entry.
const CHECKSUM: usize = 16;

/// The first entry of a file: whose answers these are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogHead {
    /// [`super::FORMAT`].
    pub format: u64,
    /// Id of the extractor.
    pub extractor: String,
    /// Its version as assay.toml names it; empty where it does not.
    #[serde(default)]
    pub version: String,
    /// What identifies it.
    pub identity: String,
    /// Number of the repeat, from 1 on; 0 where answers of all repeats stand together.
    #[serde(default)]
    pub repeat: u32,
    /// When the file was begun, RFC 3339.
    pub started: String,
}

/// One line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Entry<'a> {
    Head(Cow<'a, LogHead>),
    About(Cow<'a, About>),
    Answer(Box<LoggedAnswer<'a>>),
    /// The run got an answer to every article; of those that failed some may be asked again.
    Ended,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct LoggedAnswer<'a> {
    pub key: AnswerKey,
    id: Cow<'a, str>,
    outcome: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    message: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    claims: Vec<LoggedClaim<'a>>,
    #[serde(default, skip_serializing_if = "is_default")]
    located: LocationCounts,
    #[serde(default, skip_serializing_if = "Spent::is_unknown")]
    spent: Spent,
    #[serde(default, skip_serializing_if = "is_default")]
    way: usize,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct LoggedClaim<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    id: Cow<'a, str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    spans: Vec<(u32, u32)>,
    #[serde(skip_serializing_if = "str::is_empty")]
    quote: Cow<'a, str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    kind: Cow<'a, str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    fields: BTreeMap<Cow<'a, str>, Option<Cow<'a, str>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f64>,
    #[serde(skip_serializing_if = "str::is_empty")]
    tracking_id: Cow<'a, str>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl<'a> LoggedAnswer<'a> {
    pub(super) fn new(key: AnswerKey, answer: &'a Answer) -> LoggedAnswer<'a> {
        LoggedAnswer {
            key,
            id: Cow::Borrowed(&answer.article_id),
            outcome: Cow::Borrowed(answer.outcome.name()),
            message: answer.message.as_deref().map(Cow::Borrowed),
            claims: answer.claims.iter().map(LoggedClaim::new).collect(),
            located: answer.located,
            spent: answer.spent,
            way: answer.way,
        }
    }

    /// The answer.
    ///
    /// # Errors
    /// When it is none of this version, in words.
    pub(super) fn into_answer(self) -> Result<Answer, String> {
        Ok(Answer {
            outcome: self.outcome.parse()?,
            message: self.message.map(Cow::into_owned),
            spent: self.spent,
            way: self.way,
            ..Answer::of_claims(self.id, self.claims.into_iter().map(LoggedClaim::into_claim).collect::<Result<_, String>>()?, self.located)
        })
    }
}

impl<'a> LoggedClaim<'a> {
    fn new(claim: &'a Claim) -> LoggedClaim<'a> {
        LoggedClaim {
            id: Cow::Borrowed(&claim.id),
            spans: claim.fragments.spans().iter().map(|span| (span.start(), span.end())).collect(),
            quote: Cow::Borrowed(&claim.quote),
            kind: Cow::Borrowed(&claim.kind),
            fields: claim
                .fields
                .iter()
                .map(|(name, state)| (Cow::Borrowed(name.as_str()), state.into_present().map(Cow::Borrowed)))
                .collect(),
            score: claim.score,
            tracking_id: Cow::Borrowed(&claim.tracking_id),
        }
    }

    fn into_claim(self) -> Result<Claim, String> {
        let span = |(start, end)| Span::new(start, end).ok_or_else(|| format!("span {start}-{end} is empty or reversed"));
        let state = |value: Option<Cow<'_, str>>| value.map_or(FieldState::Absent, |value| FieldState::Present(value.into_owned()));
        Ok(Claim {
            id: self.id.into_owned(),
            fragments: self.spans.into_iter().map(span).collect::<Result<Fragments, String>>()?,
            quote: self.quote.into_owned(),
            kind: self.kind.into_owned(),
            fields: self.fields.into_iter().map(|(name, value)| (name.into_owned(), state(value))).collect(),
            score: self.score,
            tracking_id: self.tracking_id.into_owned(),
        })
    }
}

/// The line of an entry, with its end.
pub(super) fn line(entry: &Entry<'_>) -> serde_json::Result<Vec<u8>> {
    let mut line = vec![b' '; CHECKSUM + 1];
    serde_json::to_writer(&mut line, entry)?;
    let sum = checksum(&line[CHECKSUM + 1..]);
    line[..CHECKSUM].copy_from_slice(sum.as_bytes());
    line.push(b'\n');
    Ok(line)
}

/// The entry of a line without its end; `None` when the line is damaged.
pub(super) fn entry(line: &[u8]) -> Option<Entry<'_>> {
    let (sum, json) = line.split_at_checked(CHECKSUM)?;
    let json = json.strip_prefix(b" ")?;
    if sum != checksum(json).as_bytes() {
        return None;
    }
    serde_json::from_slice(json).ok()
}

fn checksum(json: &[u8]) -> String {
    hex(&Sha256::digest(json)[..CHECKSUM / 2])
}
