//! Journals: the answers of runs that are not over, so that a run can go on after any death.

use std::path::{Path, PathBuf};

use crate::extract::OutcomeClass;
use crate::extract::answer_log::{self, AnswerLog, FORMAT, LogError, LogHead, LoggedAnswers};

/// The journals of a workspace.
#[derive(Clone, Debug)]
pub struct Journals {
    folder: PathBuf,
}

/// The journal of the run that goes on.
#[derive(Debug)]
pub struct Journal {
    pub(super) log: AnswerLog,
}

/// What is known of the journal of an earlier run.
#[derive(Clone, Debug)]
pub struct JournalInfo {
    path: PathBuf,
    /// Its answers.
    pub logged: LoggedAnswers,
}

impl JournalInfo {
    /// How many of its articles failed.
    pub fn failed(&self) -> usize {
        self.logged.answers.values().filter(|answer| answer.outcome.class() == OutcomeClass::Failed).count()
    }
}

impl Journals {
    /// Those of the workspace in `root`.
    pub fn of(root: &Path) -> Journals {
        Journals { folder: root.join(".assay").join("journal") }
    }

    /// Begins a journal.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(&self, head: &LogHead) -> Result<Journal, LogError> {
        let head = LogHead { format: FORMAT, ..head.clone() };
        let started: String = head.started.chars().filter(char::is_ascii_digit).collect();
        let stem = format!("{}-{}-{started}-{}", head.extractor, head.repeat, std::process::id());
        let mut number = 0;
        loop {
            let path = self.folder.join(format!("{stem}-{number}.jsonl"));
            if path.symlink_metadata().is_err()
                && let Some(log) = AnswerLog::open(&path, &head, true)?
            {
                return Ok(Journal { log });
            }
            number += 1;
        }
    }

    /// Goes on with the journal of an earlier run; `None` when a running command has taken it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn resume(&self, journal: &JournalInfo) -> Result<Option<Journal>, LogError> {
        Ok(AnswerLog::open(&journal.path, &journal.logged.head, true)?.map(|log| Journal { log }))
    }

    /// The journals of an extractor's earlier runs that no running command holds, the newest first. What cannot be read is none.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn of_extractor(&self, extractor: &str, repeat: u32) -> std::io::Result<Vec<JournalInfo>> {
        let entries = match std::fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let stem = format!("{extractor}-{repeat}-");
        let mut found = Vec::new();
        for entry in entries {
            let entry = entry?;
            let is_free = |path: &Path| std::fs::File::open(path).is_ok_and(|file| file.try_lock_shared().is_ok());
            if !entry.file_name().to_string_lossy().starts_with(&stem) || !entry.metadata()?.is_file() || !is_free(&entry.path()) {
                continue;
            }
            if let Ok(logged) = answer_log::read(&entry.path())
                && logged.head.extractor == extractor
                && logged.head.repeat == repeat
            {
                found.push(JournalInfo { path: entry.path(), logged });
            }
        }
        found.sort_by(|a, b| (&b.logged.head.started, &b.path).cmp(&(&a.logged.head.started, &a.path)));
        Ok(found)
    }

    /// Removes a journal of an earlier run. That it is gone already is no error.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn remove(&self, journal: &JournalInfo) -> std::io::Result<()> {
        remove(&journal.path)
    }
}

impl Journal {
    /// The run is stored and nothing of the journal is needed any more.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn discard(self) -> std::io::Result<()> {
        remove(self.log.path())
    }

    /// The run is over, and what failed may be asked again.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn end(mut self) -> Result<(), LogError> {
        self.log.ended()
    }
}

fn remove(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
