//! The folder of good answers: a file for each extractor version, found by what identifies it.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::files_of;
use crate::extract::answer_log::{self, AnswerLog, FORMAT, LogError, LogHead, LoggedAnswers};
use crate::files::shown_path;

/// Digits of the identity in the name of a file; the head has all.
const DIGITS: usize = 16;

/// The cache of a workspace.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
}

/// What is known of a file of the cache.
#[derive(Clone, Debug)]
pub struct CacheFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// Since it was last used.
    pub unused: Duration,
    /// What it holds; in words why it cannot be read.
    pub held: Result<LoggedAnswers, String>,
}

/// What pruning came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Files that were removed.
    pub files: u64,
    /// Their size.
    pub bytes: u64,
    /// Files that a running command holds, and that stay.
    pub in_use: u64,
}

impl Cache {
    /// The cache of the workspace in `root`.
    pub fn of(root: &Path) -> Cache {
        Cache { folder: root.join(".assay").join("cache") }
    }

    /// The file for an extractor, whether or not it is there.
    fn path(&self, extractor: &str, identity: &str) -> PathBuf {
        let digits = identity.get(..DIGITS).unwrap_or(identity);
        self.folder.join(format!("{extractor}-{digits}.jsonl"))
    }

    /// What is there of an extractor; nothing where it has no file yet.
    ///
    /// # Errors
    /// When the file cannot be used, in words.
    pub fn read(&self, extractor: &str, identity: &str) -> Result<Option<LoggedAnswers>, String> {
        let path = self.path(extractor, identity);
        if path.symlink_metadata().is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound) {
            return Ok(None);
        }
        let logged = answer_log::read(&path).map_err(|problem| format!("{}: {problem}", shown_path(&path)))?;
        // A name has room for a part of the identity only.
        Ok(Some(logged).filter(|logged| logged.head.identity == identity || logged.head.format == 0))
    }

    /// Opens the file for an extractor to append.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn open(&self, head: &LogHead) -> Result<Option<AnswerLog>, LogError> {
        let head = LogHead { format: FORMAT, repeat: 0, ..head.clone() };
        let log = AnswerLog::open(&self.path(&head.extractor, &head.identity), &head, false)?;
        // It may only be read from here on; what is used is not pruned.
        log.iter().for_each(AnswerLog::touch);
        Ok(log)
    }

    /// Forgets the file of an extractor, unless another command uses it.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn forget(&self, extractor: &str, identity: &str) -> std::io::Result<()> {
        let path = self.path(extractor, identity);
        match std::fs::File::open(&path) {
            Ok(file) if file.try_lock().is_ok() => std::fs::remove_file(&path),
            _ => Ok(()),
        }
    }

    /// All files, by name.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn files(&self) -> std::io::Result<Vec<CacheFile>> {
        let mut files = Vec::new();
        for (path, _, meta) in files_of(&self.folder)?.into_iter().filter(|(_, name, _)| is_of_cache(name)) {
            let unused = SystemTime::now().duration_since(meta.modified()?).unwrap_or_default();
            files.push(CacheFile { held: answer_log::read(&path), path, bytes: meta.len(), unused });
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(files)
    }

    /// Removes files, unless a running command has them open. Without `really` it is only counted.
    ///
    /// # Errors
    /// When a file cannot be removed.
    pub fn remove(&self, files: &[&CacheFile], really: bool) -> std::io::Result<Pruned> {
        let mut pruned = Pruned::default();
        for file in files {
            let held = std::fs::File::open(&file.path)?;
            if held.try_lock().is_err() {
                pruned.in_use += 1;
                continue;
            }
            if really {
                std::fs::remove_file(&file.path)?;
            }
            pruned.files += 1;
            pruned.bytes += file.bytes;
        }
        Ok(pruned)
    }
}

/// Whether a file has a name that the cache gives: others are not looked at, whoever has put them there.
fn is_of_cache(name: &str) -> bool {
    let digits = name.strip_suffix(".jsonl").and_then(|stem| stem.rsplit_once('-'));
    digits.is_some_and(|(id, digits)| !id.is_empty() && digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

impl CacheFile {
    /// Id of the extractor; where the file cannot be read, as its name says.
    pub fn extractor(&self) -> &str {
        match &self.held {
            Ok(held) if !held.head.extractor.is_empty() => &held.head.extractor,
            _ => self.path.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.rsplit_once('-')).map_or("", |(id, _)| id),
        }
    }
}
