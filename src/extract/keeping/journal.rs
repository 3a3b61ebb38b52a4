//! Journals: the answers of runs that are not over, so that a run can go on after any death.

use std::path::{Path, PathBuf};

use super::files_of;
use crate::extract::OutcomeClass;
use crate::extract::answer_log::{self, AnswerLog, FORMAT, LogError, LogHead, LoggedAnswers};
use crate::files::shown_path;

/// The journals of a workspace.
#[derive(Clone, Debug)]
pub struct Journals {
    folder: PathBuf,
}

/// The journal of the run that goes on.
#[derive(Debug)]
pub struct Journal {
    pub(super) log: AnswerLog,
    is_new: bool,
    /// It has answers to articles that this run is not about.
    pub reaches_further: bool,
}

/// What is known of the journal of an earlier run.
#[derive(Clone, Debug)]
pub struct JournalInfo {
    path: PathBuf,
    /// Its answers.
    pub logged: LoggedAnswers,
}

/// What there is of an extractor's earlier runs.
#[derive(Clone, Debug, Default)]
pub struct Earlier {
    /// The newest first.
    pub journals: Vec<JournalInfo>,
    /// How many a running command holds.
    pub held: usize,
    /// Those that cannot be used, and why.
    pub unreadable: Vec<String>,
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
                return Ok(Journal { log, is_new: true, reaches_further: false });
            }
            number += 1;
        }
    }

    /// Goes on with the journal of an earlier run; `None` when a running command has taken it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn resume(&self, journal: &JournalInfo) -> Result<Option<Journal>, LogError> {
        Ok(AnswerLog::open(&journal.path, &journal.logged.head, true)?.map(|log| Journal { log, is_new: false, reaches_further: false }))
    }

    /// The journals of an extractor's earlier runs.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn of_extractor(&self, extractor: &str, repeat: u32) -> std::io::Result<Earlier> {
        let stem = format!("{extractor}-{repeat}-");
        // The rest of the name is digits: the id of another extractor may begin as this one.
        let is_own = |name: &str| {
            let rest = name.strip_prefix(&stem).and_then(|rest| rest.strip_suffix(".jsonl"));
            rest.is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-'))
        };
        let mut found = Earlier::default();
        for (path, _, _) in files_of(&self.folder)?.into_iter().filter(|(_, name, _)| is_own(name)) {
            if !is_free(&path) {
                found.held += 1;
                continue;
            }
            match answer_log::read(&path) {
                Ok(logged) if logged.head.extractor == extractor && logged.head.repeat == repeat => {
                    found.journals.push(JournalInfo { path, logged });
                }
                Ok(logged) if logged.answers.is_empty() => {}
                Ok(_) => found.unreadable.push(format!("{}: its head is damaged", shown_path(&path))),
                Err(problem) => found.unreadable.push(format!("{}: {problem}", shown_path(&path))),
            }
        }
        found.journals.sort_by(|a, b| (&b.logged.head.started, &b.path).cmp(&(&a.logged.head.started, &a.path)));
        Ok(found)
    }

    /// All files, with their sizes in bytes; those that a running command holds are left out.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn files(&self) -> std::io::Result<Vec<(PathBuf, u64)>> {
        let files = files_of(&self.folder)?.into_iter().filter(|(path, name, _)| name.ends_with(".jsonl") && is_free(path));
        Ok(files.map(|(path, _, meta)| (path, meta.len())).collect())
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

    /// The run could not begin: a journal that it began is not needed.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn not_begun(self) -> std::io::Result<()> {
        if self.is_new { self.discard() } else { Ok(()) }
    }

    /// The run is over, and what failed may be asked again.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn end(mut self) -> Result<(), LogError> {
        self.log.ended()
    }
}

/// Whether no running command holds a journal.
fn is_free(path: &Path) -> bool {
    std::fs::File::open(path).is_ok_and(|file| file.try_lock_shared().is_ok())
}

fn remove(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
