//! The head of a stored run: what `run.json` says but for the line of each article, which is most of it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rayon::prelude::*;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::id;
use super::reading::{ReadError, read_record};
use super::record::{OfFormat, Repeat, StoredFile};
use super::store::{RECORD, Store};
use crate::files;
use crate::score::Prf;
use crate::score::result::{ArticleAccount, DatasetInfo, ExtractorInfo};

/// What lists and trends need to know of a run.
#[derive(Clone, Debug)]
pub struct RunHead {
    /// Its id: the name of its folder.
    pub id: String,
    /// What is known of the extractor beside its name and version.
    pub extractor: serde_json::Value,
    /// Which articles were chosen; `all` for all.
    pub selection: String,
    /// Its place among repeats of the extractor; absent for a run that stands alone.
    pub repeat: Option<Repeat>,
    /// When the first article was sent.
    pub started: Timestamp,
    /// When the last answer was scored.
    pub finished: Timestamp,
    /// Between the two, in seconds.
    pub wall_time_s: f64,
    /// The other files of the folder.
    pub files: BTreeMap<String, StoredFile>,
    /// The headline of the result.
    pub headline: Headline,
    /// All numbers, as compact JSON with sorted keys.
    pub result: Box<RawValue>,
}

/// What a result says of itself and under its primary criterion.
#[derive(Clone, Debug, Deserialize)]
pub struct Headline {
    /// Version of Assay.
    pub version: String,
    /// What the numbers depend on.
    pub signature: String,
    /// What was scored.
    pub dataset: DatasetInfo,
    /// Who answered.
    pub extractor: ExtractorInfo,
    /// Where every article went.
    pub articles: ArticleAccount,
    /// The criterion of the headline.
    pub primary: String,
    /// By criterion.
    pub criteria: BTreeMap<String, Prf>,
}

impl Headline {
    /// Precision, recall and F1 under the primary criterion; undefined where the result does not have it.
    pub fn score(&self) -> Prf {
        self.criteria.get(&self.primary).copied().unwrap_or_default()
    }
}

/// A folder of the store: a run, or what is wrong with it.
#[derive(Debug)]
pub struct Entry {
    /// The name of the folder.
    pub id: String,
    /// The head of the run, unless it is damaged or of a newer format.
    pub head: Result<RunHead, ReadError>,
}

impl Entry {
    /// Whether the run is one of that extractor; of one that cannot be read, whether its id says so.
    pub fn may_be_of(&self, extractor: &str) -> bool {
        match &self.head {
            Ok(head) => head.headline.extractor.name == extractor,
            Err(_) => id::may_be_of(&self.id, extractor),
        }
    }

    /// The order of runs: by the minute of the start that the id begins with, the end, and the id. The last one is `latest`. What
    /// is no run comes first.
    fn order(&self) -> (Option<&str>, Option<Timestamp>, &str) {
        (id::minute(&self.id), self.head.as_ref().ok().map(|head| head.finished), &self.id)
    }
}

impl Store {
    /// All that is stored, oldest first. The records are read by all threads, their lines of articles skipped.
    ///
    /// # Errors
    /// When the folder is there and cannot be read; a run that cannot be read is an [`Entry`].
    pub fn entries(&self) -> Result<Vec<Entry>, ReadError> {
        let mut entries: Vec<Entry> = self.ids()?.into_par_iter().map(|id| Entry { head: self.head(&id), id }).collect();
        entries.sort_by(|a, b| a.order().cmp(&b.order()));
        Ok(entries)
    }

    /// The head of a stored run.
    ///
    /// # Errors
    /// When its record cannot be read, or is of a newer format.
    fn head(&self, id: &str) -> Result<RunHead, ReadError> {
        let dir = self.dir().join(id);
        let wrong = |problem: String| ReadError { file: files::shown_path(&dir.join(RECORD)), problem };
        let record: HeadOfRecord = read_record(&dir)?;
        let time = |name: &str, text: &str| {
            text.parse::<Timestamp>().map_err(|e| wrong(format!("{name} is {text:?}, not a time as 2026-11-22T22:01:59Z: {e}")))
        };
        Ok(RunHead {
            id: id.to_owned(),
            extractor: record.extractor,
            selection: record.selection,
            repeat: record.repeat,
            started: time("started", &record.started)?,
            finished: time("finished", &record.finished)?,
            wall_time_s: record.wall_time_s,
            files: record.files,
            headline: serde_json::from_str(record.result.get()).map_err(|e| wrong(format!("the result is not that of a run: {e}")))?,
            result: record.result,
        })
    }
}

/// The fields of [`super::RunRecord`] that a head has.
#[derive(Deserialize)]
struct HeadOfRecord {
    format: u64,
    result: Box<RawValue>,
    extractor: serde_json::Value,
    selection: String,
    #[serde(default)]
    repeat: Option<Repeat>,
    started: String,
    finished: String,
    wall_time_s: f64,
    #[serde(rename = "articles")]
    _articles: IgnoredAny,
    files: BTreeMap<String, StoredFile>,
}

impl OfFormat for HeadOfRecord {
    fn format(&self) -> u64 {
        self.format
    }
}
