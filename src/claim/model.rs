//! Articles and claims as a dataset holds them and extractors answer them.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::fields::Fields;
use super::span::Fragments;

/// One text with the metadata that an extractor may see. Gold labels, split and tags are never part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Article {
    /// Unique in its dataset.
    pub id: String,
    /// BCP-47 tag, `und` where it is not known.
    pub lang: String,
    /// Headline; not part of the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Date or date-time of publication, ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published_at: Option<String>,
    /// Who published it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// Where it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The exact text; offsets count its code points.
    #[serde(serialize_with = "as_str")]
    pub text: Arc<str>,
}

fn as_str<S: Serializer>(text: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text)
}

/// What annotation says of one field of one claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldState<T> {
    /// An annotator looked, and the text does not give it. A predicted value is spurious.
    Absent,
    /// The text gives this value.
    Present(T),
}

impl<T> FieldState<T> {
    /// The value, when there is one.
    pub fn present(&self) -> Option<&T> {
        match self {
            FieldState::Present(value) => Some(value),
            FieldState::Absent => None,
        }
    }
}

impl<T> FieldState<T> {
    /// The value itself, when there is one.
    pub fn into_present(self) -> Option<T> {
        match self {
            FieldState::Present(value) => Some(value),
            FieldState::Absent => None,
        }
    }
}

impl<T: AsRef<str>> FieldState<T> {
    /// The state with its value borrowed as text.
    pub fn as_ref(&self) -> FieldState<&str> {
        match self {
            FieldState::Present(value) => FieldState::Present(value.as_ref()),
            FieldState::Absent => FieldState::Absent,
        }
    }
}

impl<T: std::ops::Deref> FieldState<T> {
    /// The state with its value borrowed.
    pub fn as_deref(&self) -> FieldState<&T::Target> {
        match self {
            FieldState::Present(value) => FieldState::Present(value),
            FieldState::Absent => FieldState::Absent,
        }
    }
}

/// A checkable statement at a place of an article: a gold label, or an extractor's answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Claim {
    /// Unique in the gold; optional in answers. Empty where none was given.
    pub id: String,
    /// Where it stands. Empty for an answer that could not be located.
    pub fragments: Fragments,
    /// The text of the fragments, joined with one space; empty where none was given.
    pub quote: String,
    /// Kind, such as `quantity`; empty where none was given.
    pub kind: String,
    /// Field name to state, values as written. A field without an entry is *not annotated* in gold and absent in an answer.
    pub fields: Fields,
    /// Confidence in 0..1; answers only.
    pub score: Option<f64>,
    /// Shared by the same claim in other articles and languages; empty = no link known.
    pub tracking_id: String,
}

/// A labelled claim with what the gold keeps beside it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GoldClaim {
    /// The claim itself.
    pub claim: Claim,
    /// The article that it stands in.
    pub article_id: String,
    /// Whether it is scored, and how.
    pub status: ClaimStatus,
    /// Free labels, such as `must-find`.
    pub tags: Vec<String>,
    /// Who labelled it.
    pub annotator: String,
    /// A remark; never scored.
    pub note: String,
    /// Columns that Assay does not know, kept on rewrite.
    pub extra: BTreeMap<String, String>,
    /// Line of the file that it was read from (1-based), for messages.
    pub line: u64,
}

/// What the tag of a draft begins with that names a field whose value nobody has confirmed: `unconfirmed:value`.
const UNCONFIRMED: &str = "unconfirmed:";

impl GoldClaim {
    /// Names of the fields whose values were filled in by a program and that nobody has confirmed, or that are still needed: those of its tags. Of a draft without
    /// such tags all fields with a value are unconfirmed.
    pub fn unconfirmed(&self) -> Vec<String> {
        let named: Vec<String> = self.tags.iter().filter_map(|tag| tag.strip_prefix(UNCONFIRMED)).map(str::to_owned).collect();
        if named.is_empty() && self.status == ClaimStatus::Draft {
            return self
                .claim
                .fields
                .iter()
                .filter(|(_, state)| state.present().is_some())
                .map(|(name, _)| name.as_str().to_owned())
                .collect();
        }
        named
    }

    /// The tags that people gave.
    pub fn free_tags(&self) -> Vec<String> {
        self.tags.iter().filter(|tag| !tag.starts_with(UNCONFIRMED)).cloned().collect()
    }

    /// Says which fields nobody has confirmed, in place of what was said before. With any of them a claim of gold becomes a draft, for
    /// what nobody has confirmed is never scored.
    pub fn set_unconfirmed<'f>(&mut self, fields: impl IntoIterator<Item = &'f str>) {
        let mut tags = self.free_tags();
        let free = tags.len();
        tags.extend(fields.into_iter().map(|field| format!("{UNCONFIRMED}{field}")));
        if tags.len() > free {
            self.status = ClaimStatus::Draft;
        }
        self.tags = tags;
    }
}

/// Status of a gold claim.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClaimStatus {
    /// Scored.
    #[default]
    Gold,
    /// Not confirmed; never scored.
    Draft,
    /// Neither missed when it is not found, nor is its match counted.
    Optional,
}

impl ClaimStatus {
    /// The accepted names; an empty cell is `gold`.
    pub const NAMES: [&'static str; 3] = ["gold", "draft", "optional"];

    /// The name as written in CSV.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

impl FromStr for ClaimStatus {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        match s {
            "" | "gold" => Ok(Self::Gold),
            "draft" => Ok(Self::Draft),
            "optional" => Ok(Self::Optional),
            _ => Err(format!("unknown claim status {s:?}; one of gold, draft, optional")),
        }
    }
}

/// Status of an article: what its labels are worth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ArticleStatus {
    /// Labelled whole; scored.
    #[default]
    Gold,
    /// Labelled whole and looked at by a second person; scored.
    Reviewed,
    /// Labelled in part: a block of its own, never in the headline.
    Incomplete,
    /// Not labelled yet.
    Unlabelled,
    /// Labels are not confirmed.
    Draft,
    /// Left out on purpose. Not the same as "no claims".
    Skipped,
}

impl ArticleStatus {
    /// The accepted names; an empty cell is `gold`.
    pub const NAMES: [&'static str; 6] = ["gold", "reviewed", "incomplete", "unlabelled", "draft", "skipped"];

    /// The name as written in CSV.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// Whether the article's claims enter the headline numbers.
    pub fn is_scored(self) -> bool {
        matches!(self, Self::Gold | Self::Reviewed)
    }
}

impl FromStr for ArticleStatus {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        match s {
            "" | "gold" => Ok(Self::Gold),
            "reviewed" => Ok(Self::Reviewed),
            "incomplete" => Ok(Self::Incomplete),
            "unlabelled" => Ok(Self::Unlabelled),
            "draft" => Ok(Self::Draft),
            "skipped" => Ok(Self::Skipped),
            _ => Err(format!("unknown article status {s:?}; one of {}", Self::NAMES.join(", "))),
        }
    }
}
