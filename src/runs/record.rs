//! `run.json`: the result of a run, and where it comes from.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::extract::{LocationCounts, Numbers, RunSpent, Spent};
use crate::score::RunResult;

/// The newest format of `run.json` that this version reads, and the one that it writes.
pub const FORMAT: u64 = 1;

/// What `run.json` holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RunRecord {
    /// [`FORMAT`].
    pub format: u64,
    /// The run's id, the name of its folder when it was saved.
    pub id: String,
    /// The numbers as compact JSON with sorted keys.
    pub result: Box<RawValue>,
    /// What is known of the extractor beside its name and version: kind, command, parameters. Never a secret.
    pub extractor: serde_json::Value,
    /// How its decimals are written: `canonical` or `local`.
    #[serde(default)]
    pub numbers: Numbers,
    /// Which articles were chosen; `all` for all.
    pub selection: String,
    /// SHA-256 of the dataset; the same as in the result.
    pub dataset_hash: String,
    /// Its place among runs that were made to see how far the extractor's answers vary; absent for a run that stands alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat: Option<Repeat>,
    /// When the first article was sent; RFC 3339, UTC.
    pub started: String,
    /// When the last answer was scored.
    pub finished: String,
    /// Between the two, in seconds, by a clock that is never set.
    pub wall_time_s: f64,
    /// What the user was told of the extractor beside its answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// By article id.
    pub articles: BTreeMap<String, StoredArticle>,
    /// The other files of the folder.
    pub files: BTreeMap<String, StoredFile>,
}

/// The place of a run among repeats of one extractor over one selection.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repeat {
    /// From 1 on.
    pub index: u32,
    /// How many were to be made.
    pub of: u32,
    /// Id of the first of them that was stored; empty as long as none is.
    pub group: String,
}

/// How the attempt at one article ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredArticle {
    /// The language of its text.
    #[serde(default)]
    pub lang: String,
    /// Such as `ok` or `timeout`.
    pub outcome: String,
    /// `scored`, `failed`, `incomplete` or `excluded`.
    pub standing: String,
    /// Why it failed, or what is odd about the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// What the answer took.
    #[serde(default, skip_serializing_if = "Spent::is_unknown")]
    pub spent: Spent,
    /// How the places of its claims were found.
    pub located: LocationCounts,
    /// SHA-256 of the text that was sent, as hex digits; empty where the text was not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text_sha256: String,
}

/// A file beside `run.json`, so that a damaged one is noticed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFile {
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, as hex digits.
    pub sha256: String,
}

impl RunRecord {
    /// What all answers took.
    pub fn spent(&self) -> RunSpent {
        RunSpent::of(self.articles.values().map(|article| &article.spent))
    }

    /// The numbers.
    ///
    /// # Errors
    /// When they are not those of a run.
    pub fn result(&self) -> Result<RunResult, serde_json::Error> {
        serde_json::from_str(self.result.get())
    }
}

/// What is read of a `run.json`: all of it, or its head.
pub(super) trait OfFormat: DeserializeOwned {
    /// What it says of its format.
    fn format(&self) -> u64;
}

impl OfFormat for RunRecord {
    fn format(&self) -> u64 {
        self.format
    }
}

/// Reads `run.json`.
///
/// # Errors
/// In words: what is wrong, and for a newer format that it is newer.
pub(super) fn parse<T: OfFormat>(json: &str) -> Result<T, String> {
    #[derive(Deserialize)]
    struct Format {
        format: u64,
    }
    // One pass where all is well: most of the file are the lines of articles.
    let problem = match serde_json::from_str::<T>(json) {
        Ok(record) if record.format() == FORMAT => return Ok(record),
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    };
    let Format { format } = serde_json::from_str(json).map_err(|e| format!("not a run: {e}"))?;
    match format {
        FORMAT => Err(format!("not a run of format {FORMAT}: {problem}")),
        newer if newer > FORMAT => {
            Err(format!("format {newer} is newer than {FORMAT}, the newest that this version of assay reads; update assay"))
        }
        other => Err(format!("format {other} does not exist; this version of assay reads {FORMAT}")),
    }
}
