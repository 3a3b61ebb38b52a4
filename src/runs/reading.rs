//! Finding a stored run, and reading what it holds.

use std::path::{Path, PathBuf};

use polars::prelude::{BooleanChunked, DataFrame};

use super::frame::{from_frame, from_parquet};
use super::id;
use super::outcome::OutcomeRow;
use super::predictions;
use super::record::{self, OfFormat, RunRecord};
use super::store::{OUTCOMES, PREDICTIONS, RECORD, Store, stored_file};
use crate::claim::nearest;
use crate::extract::Answer;
use crate::files::{self, FileError};

/// Largest file of a run, in bytes.
const MOST: u64 = 4 << 30;

/// A run as it lies on the disk. The record is read; the rest is read when it is asked for.
#[derive(Clone, Debug)]
pub struct StoredRun {
    /// Its id: the name of its folder.
    pub id: String,
    /// Its folder.
    pub dir: PathBuf,
    /// What `run.json` holds.
    pub record: RunRecord,
}

/// Why there is no such run.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    /// Nothing is stored yet.
    #[error("no run is stored in {0}; `assay run` makes one")]
    Empty(String),
    /// No id begins like that.
    #[error("no run {reference:?} in {folder}{}; a run is named by its id, a prefix of it, `latest`, or its folder", hint(.nearest))]
    Unknown {
        /// What was asked for.
        reference: String,
        /// Where it was looked for.
        folder: String,
        /// The id that is most like it.
        nearest: Option<String>,
    },
    /// More than one id begins like that.
    #[error("{reference:?} begins more than one run: {}; write more of it", candidates.join(", "))]
    Ambiguous {
        /// What was asked for.
        reference: String,
        /// All ids that begin so, sorted.
        candidates: Vec<String>,
    },
    /// A run that cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

fn hint(nearest: &Option<String>) -> String {
    nearest.as_ref().map(|id| format!(" (the nearest is {id})")).unwrap_or_default()
}

/// A file of a run that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {problem}")]
pub struct ReadError {
    /// The file.
    pub file: String,
    /// What is wrong with it, in words.
    pub problem: String,
}

impl Store {
    /// The ids of all stored runs, sorted: by minute, then by extractor.
    ///
    /// # Errors
    /// When the folder is there and cannot be read.
    pub fn ids(&self) -> Result<Vec<String>, ReadError> {
        let wrong = |e: std::io::Error| ReadError { file: files::shown_path(self.dir()), problem: e.to_string() };
        let entries = match std::fs::read_dir(self.dir()) {
            Ok(entries) => entries,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => return Err(wrong(e)),
        };
        let mut ids = Vec::new();
        for entry in entries {
            let entry = entry.map_err(wrong)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            // Folders that are being written begin with a dot.
            if !name.starts_with('.') && entry.path().is_dir() {
                ids.push(name);
            }
        }
        ids.sort();
        Ok(ids)
    }

    /// The run of that id, of the one id that begins so, of that folder (or its `run.json`), or the `latest` one.
    ///
    /// # Errors
    /// See [`FindError`].
    pub fn find(&self, reference: &str) -> Result<StoredRun, FindError> {
        let ids = self.ids()?;
        if reference == "latest" {
            return self.latest(&ids);
        }
        if let Some(id) = named(reference, &ids)? {
            return Ok(StoredRun::read(&self.dir().join(id))?);
        }
        let path = Path::new(reference);
        let dir = if path.file_name().is_some_and(|name| name == RECORD) { path.parent().unwrap_or(Path::new("")) } else { path };
        if !reference.is_empty() && dir.join(RECORD).exists() {
            return Ok(StoredRun::read(dir)?);
        }
        Err(self.unknown(reference, &ids))
    }

    /// Why nothing is called so.
    pub(super) fn unknown(&self, reference: &str, ids: &[String]) -> FindError {
        let folder = files::shown_path(self.dir());
        if ids.is_empty() {
            return FindError::Empty(folder);
        }
        let nearest = nearest(reference, ids.iter().map(String::as_str)).map(str::to_owned);
        FindError::Unknown { reference: reference.to_owned(), folder, nearest }
    }

    /// The run that was finished last of those that were started in the last minute with one.
    pub(super) fn latest(&self, ids: &[String]) -> Result<StoredRun, FindError> {
        let minute = ids.iter().filter_map(|id| id::minute(id)).max();
        let Some(minute) = minute else { return Err(FindError::Empty(files::shown_path(self.dir()))) };
        let mut latest: Option<StoredRun> = None;
        for id in ids.iter().filter(|id| id::minute(id) == Some(minute)) {
            let run = StoredRun::read(&self.dir().join(id))?;
            // Timestamps of one form sort as text up to the second; digits behind it have no fixed number.
            let when = |run: &StoredRun| run.record.finished.parse::<jiff::Timestamp>().unwrap_or(jiff::Timestamp::UNIX_EPOCH);
            if latest.as_ref().is_none_or(|l| when(l) <= when(&run)) {
                latest = Some(run);
            }
        }
        latest.ok_or_else(|| FindError::Empty(files::shown_path(self.dir())))
    }
}

/// The id that is called so, or the one that begins so.
///
/// # Errors
/// [`FindError::Ambiguous`] when several begin so.
pub(super) fn named(reference: &str, ids: &[String]) -> Result<Option<String>, FindError> {
    if ids.iter().any(|id| id == reference) {
        return Ok(Some(reference.to_owned()));
    }
    let mut beginning: Vec<String> =
        if reference.is_empty() { Vec::new() } else { ids.iter().filter(|id| id.starts_with(reference)).cloned().collect() };
    if beginning.len() > 1 {
        return Err(FindError::Ambiguous { reference: reference.to_owned(), candidates: beginning });
    }
    Ok(beginning.pop())
}

/// The record in a run's folder, as far as it is asked for.
///
/// # Errors
/// When there is none, it cannot be read, or is of a newer format.
pub(super) fn read_record<T: OfFormat>(dir: &Path) -> Result<T, ReadError> {
    let path = dir.join(RECORD);
    let wrong = |problem: String| ReadError { file: files::shown_path(&path), problem };
    let json = files::read_text(&path, MOST).map_err(|e| match e {
        FileError::Missing => wrong("the folder holds no run; delete it".to_owned()),
        other => wrong(other.to_string()),
    })?;
    record::parse(&json).map_err(wrong)
}

impl StoredRun {
    /// The run in a folder.
    ///
    /// # Errors
    /// When its record cannot be read, or is of a newer format.
    pub fn read(dir: &Path) -> Result<StoredRun, ReadError> {
        let record: RunRecord = read_record(dir)?;
        let id = dir.file_name().map_or_else(|| record.id.clone(), |name| name.to_string_lossy().into_owned());
        Ok(StoredRun { id, dir: dir.to_owned(), record })
    }

    /// The answers, by article id. Their places are those of the run; nothing is located anew.
    ///
    /// # Errors
    /// When the file is gone, was changed, or does not hold answers.
    pub fn predictions(&self) -> Result<Vec<Answer>, ReadError> {
        let wrong = |problem: String| self.wrong(PREDICTIONS, problem);
        let text = files::utf8(self.bytes(PREDICTIONS)?).map_err(|e| wrong(e.to_string()))?;
        predictions::read(&text, &self.record.articles).map_err(wrong)
    }

    /// The outcome table.
    ///
    /// # Errors
    /// When the file is gone, was changed, or is no table.
    pub fn outcomes(&self) -> Result<DataFrame, ReadError> {
        from_parquet(self.bytes(OUTCOMES)?).map_err(|problem| self.wrong(OUTCOMES, problem))
    }

    /// The rows of the outcome table.
    ///
    /// # Errors
    /// As [`StoredRun::outcomes`], and when a column is missing.
    pub fn rows(&self) -> Result<Vec<OutcomeRow>, ReadError> {
        from_frame(&self.outcomes()?).map_err(|problem| self.wrong(OUTCOMES, problem))
    }

    /// The rows with that text in a column, such as those of one criterion or article: far fewer than all.
    ///
    /// # Errors
    /// As [`StoredRun::rows`].
    pub fn rows_where(&self, column: &str, value: &str) -> Result<Vec<OutcomeRow>, ReadError> {
        let wrong = |problem: String| self.wrong(OUTCOMES, problem);
        let outcomes = self.outcomes()?;
        let texts = outcomes.column(column).and_then(|c| c.str()).map_err(|e| wrong(e.to_string()))?;
        let mask: BooleanChunked = texts.iter().map(|text| text == Some(value)).collect();
        let kept = outcomes.filter(&mask).map_err(|e| wrong(e.to_string()))?;
        from_frame(&kept).map_err(wrong)
    }

    /// The bytes of a file of the run, as they were written: a changed file never reaches a parser.
    fn bytes(&self, name: &str) -> Result<Vec<u8>, ReadError> {
        let bytes = files::read(&self.dir.join(name), MOST).map_err(|e| self.wrong(name, e.to_string()))?;
        let Some(written) = self.record.files.get(name) else {
            return Err(self.wrong(RECORD, format!("does not list {name}")));
        };
        if stored_file(std::slice::from_ref(&bytes)) != *written {
            return Err(self.wrong(name, "was changed after the run; run again".to_owned()));
        }
        Ok(bytes)
    }

    /// Checks that a file of the run is there as it was written.
    ///
    /// # Errors
    /// When it is gone, was changed, or the record does not list it.
    pub fn check(&self, name: &str) -> Result<(), ReadError> {
        self.bytes(name).map(|_| ())
    }

    fn wrong(&self, name: &str, problem: String) -> ReadError {
        ReadError { file: files::shown_path(&self.dir.join(name)), problem }
    }
}
