//! The folder of all runs: saving.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::id;
use super::outcome::RunArticle;
use super::parquet;
use super::predictions;
use super::reading::StoredRun;
use super::record::{FORMAT, Repeat, RunRecord, StoredArticle, StoredFile};
use crate::dataset::hex;
use crate::extract::Outcome;
use crate::score::{Evaluation, Settings};

/// Name of the record in a run's folder.
pub(super) const RECORD: &str = "run.json";
/// Name of the answers.
pub(super) const PREDICTIONS: &str = "predictions.jsonl";
/// Name of the outcome table.
pub(super) const OUTCOMES: &str = "outcomes.parquet";

/// The stored runs of a workspace.
#[derive(Clone, Debug)]
pub struct Store {
    runs: PathBuf,
}

/// A run that is to be stored.
#[derive(Clone, Debug)]
pub struct NewRun<'a> {
    /// The articles that were evaluated, in the order of the evaluation.
    pub articles: &'a [RunArticle<'a>],
    /// Their scores; its result names the extractor and the dataset.
    pub evaluation: &'a Evaluation,
    /// How they were scored.
    pub settings: &'a Settings,
    /// What is known of the extractor beside its name and version. Must hold no secret.
    pub extractor: serde_json::Value,
    /// Which articles were chosen; `all` for all.
    pub selection: &'a str,
    /// Its place among repeats. Where the group is empty, the run begins it.
    pub repeat: Option<Repeat>,
    /// When the first article was sent.
    pub started: Timestamp,
    /// When the last answer was scored.
    pub finished: Timestamp,
    /// Between the two.
    pub wall_time: Duration,
    /// What the user was told of the extractor beside its answers.
    pub notes: &'a [String],
}

/// Why a run was not stored. Nothing of it is left behind.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// The folder or a file in it cannot be written.
    #[error("cannot store the run in {folder}: {source}")]
    Write {
        /// Where.
        folder: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// The record cannot be made.
    #[error("cannot write the record of the run: {0}")]
    Record(#[from] serde_json::Error),
    /// The table cannot be made.
    #[error("cannot make the outcome table: {0}")]
    Table(#[from] polars::prelude::PolarsError),
    /// All names are taken, by the same run.
    #[error("this very run is already stored as {0}")]
    Stored(String),
}

impl Store {
    /// The runs of the workspace in `root`. The folder is made when the first run is saved.
    pub fn open(root: &Path) -> Store {
        Store { runs: root.join(".assay").join("runs") }
    }

    /// The folder of the runs.
    pub fn dir(&self) -> &Path {
        &self.runs
    }

    /// Stores a run, whole or not at all: a folder beside the others that gets its name when everything in it is on the disk.
    ///
    /// # Errors
    /// See [`SaveError`].
    pub fn save(&self, run: &NewRun<'_>) -> Result<StoredRun, SaveError> {
        let (predictions, outcomes) =
            rayon::join(|| predictions::write(run.articles), || parquet::to_parquet(run.articles, run.evaluation, run.settings));
        let outcomes = outcomes?;
        let mut record = record(run, [(PREDICTIONS, &predictions), (OUTCOMES, std::slice::from_ref(&outcomes))])?;
        let hash = sha256(&[serde_json::to_vec(&record)?]);
        let at = |source| SaveError::Write { folder: crate::files::shown_path(&self.runs), source };
        std::fs::create_dir_all(&self.runs).map_err(at)?;
        let temporary = tempfile::Builder::new().prefix(".new-").tempdir_in(&self.runs).map_err(at)?;
        write_file(temporary.path(), PREDICTIONS, &predictions).map_err(at)?;
        write_file(temporary.path(), OUTCOMES, &[outcomes]).map_err(at)?;
        let begins_group = record.repeat.as_ref().is_some_and(|repeat| repeat.group.is_empty());
        let mut last = String::new();
        for id in id::candidates(run.started, &run.evaluation.result.extractor.name, &hash) {
            record.id.clone_from(&id);
            if let Some(repeat) = record.repeat.as_mut().filter(|_| begins_group) {
                repeat.group.clone_from(&id);
            }
            let mut json = serde_json::to_vec_pretty(&record)?;
            json.push(b'\n');
            write_file(temporary.path(), RECORD, std::slice::from_ref(&json)).map_err(at)?;
            File::open(temporary.path()).and_then(|dir| dir.sync_all()).map_err(at)?;
            let dir = self.runs.join(&id);
            // A run's folder is never empty, so that renaming onto it fails however the two writers meet.
            match std::fs::rename(temporary.path(), &dir) {
                Ok(()) => {
                    let _gone = temporary.keep();
                    File::open(&self.runs).and_then(|runs| runs.sync_all()).map_err(at)?;
                    return Ok(StoredRun { id, dir, record });
                }
                Err(_) if dir.symlink_metadata().is_ok() => last = id,
                Err(error) => return Err(at(error)),
            }
        }
        Err(SaveError::Stored(last))
    }
}

fn record<const N: usize>(run: &NewRun<'_>, files: [(&str, &[Vec<u8>]); N]) -> serde_json::Result<RunRecord> {
    let articles = run.articles.par_iter().zip(&run.evaluation.articles).map(|(article, evaluated)| {
        let answer = article.input.answer;
        let stored = StoredArticle {
            lang: article.input.lang.to_owned(),
            outcome: answer.map_or(Outcome::NotAnswered, |a| a.outcome).name().to_owned(),
            standing: evaluated.standing.name().to_owned(),
            message: answer.and_then(|a| a.message.clone()),
            spent: answer.map(|a| a.spent).unwrap_or_default(),
            located: answer.map(|a| a.located).unwrap_or_default(),
            text_sha256: article.text.map(text_sha256).unwrap_or_default(),
        };
        (article.input.id.to_owned(), stored)
    });
    Ok(RunRecord {
        format: FORMAT,
        id: String::new(),
        result: serde_json::value::to_raw_value(&serde_json::to_value(&run.evaluation.result)?)?,
        extractor: run.extractor.clone(),
        numbers: run.settings.numbers,
        selection: run.selection.to_owned(),
        dataset_hash: run.evaluation.result.dataset.hash.clone(),
        repeat: run.repeat.clone(),
        started: run.started.to_string(),
        finished: run.finished.to_string(),
        wall_time_s: run.wall_time.as_secs_f64(),
        notes: run.notes.to_vec(),
        articles: articles.collect::<Vec<_>>().into_iter().collect::<BTreeMap<_, _>>(),
        files: files.into_iter().map(|(name, bytes)| (name.to_owned(), stored_file(bytes))).collect(),
    })
}

/// What is noted of a file whose bytes stand in these parts, one behind the other.
pub(super) fn stored_file(parts: &[Vec<u8>]) -> StoredFile {
    StoredFile { bytes: parts.iter().map(|part| part.len() as u64).sum(), sha256: sha256(parts) }
}

fn sha256(parts: &[Vec<u8>]) -> String {
    let mut digest = Sha256::new();
    parts.iter().for_each(|part| digest.update(part));
    hex(&digest.finalize())
}

/// What tells a text from all others.
pub(super) fn text_sha256(text: &str) -> String {
    hex(&Sha256::digest(text))
}

fn write_file(dir: &Path, name: &str, parts: &[Vec<u8>]) -> std::io::Result<()> {
    let mut file = File::create(dir.join(name))?;
    for part in parts {
        file.write_all(part)?;
    }
    file.sync_all()
}
