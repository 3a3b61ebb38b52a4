//! Appending: a line is one write, so that of two who append at once neither cuts the other.

use std::borrow::Cow;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::entry::{Entry, LogHead, LoggedAnswer, line};
use super::key::AnswerKey;
use crate::extract::{About, Answer};
use crate::files::shown_path;

/// A link may lead out of the workspace.
const NOFOLLOW: i32 = rustix::fs::OFlags::NOFOLLOW.bits() as i32;

/// Answers that a failing power supply may cost: those of the last moment. The death of the program costs none.
const BETWEEN_SYNCS: Duration = Duration::from_secs(1);

/// Why answers cannot be kept. What was kept before still is.
#[derive(Debug, thiserror::Error)]
#[error("cannot keep answers in {file}: {source}")]
pub struct LogError {
    /// Where.
    file: String,
    /// What the system says.
    source: std::io::Error,
}

/// A line that may go to several files.
#[derive(Clone, Debug)]
pub struct LogLine(Vec<u8>);

impl LogLine {
    /// An answer.
    ///
    /// # Errors
    /// When a value cannot be JSON.
    pub fn answer(key: AnswerKey, answer: &Answer) -> serde_json::Result<LogLine> {
        line(&Entry::Answer(Box::new(LoggedAnswer::new(key, answer)))).map(LogLine)
    }

    /// What the extractor says of itself; it holds for the answers behind it.
    ///
    /// # Errors
    /// When a value cannot be JSON.
    pub fn about(about: &About) -> serde_json::Result<LogLine> {
        line(&Entry::About(Cow::Borrowed(about))).map(LogLine)
    }
}

/// A file of answers that is appended to.
#[derive(Debug)]
pub struct AnswerLog {
    path: PathBuf,
    file: File,
    /// The file ends in the middle of a line.
    is_cut: bool,
    synced: Instant,
}

impl AnswerLog {
    /// Opens a file to append, or begins it; a symlink is none. Its lock is shared by all that append, or taken alone; `None` when another process holds it
    /// otherwise.
    ///
    /// # Errors
    /// When the file or its folder cannot be written.
    pub fn open(path: &Path, head: &LogHead, alone: bool) -> Result<Option<AnswerLog>, LogError> {
        let at = |source| LogError { file: shown_path(path), source };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(at)?;
        }
        let mut file = OpenOptions::new().read(true).append(true).create(true).custom_flags(NOFOLLOW).open(path).map_err(at)?;
        if !file.metadata().map_err(at)?.is_file() {
            return Err(at(std::io::Error::other("not a regular file")));
        }
        let locked = if alone { file.try_lock() } else { file.try_lock_shared() };
        match locked {
            Ok(()) => {}
            Err(std::fs::TryLockError::WouldBlock) => return Ok(None),
            Err(std::fs::TryLockError::Error(error)) => return Err(at(error)),
        }
        let length = file.metadata().map_err(at)?.len();
        let mut last = [b'\n'];
        if length > 0 {
            file.seek(SeekFrom::End(-1)).and_then(|_| file.read_exact(&mut last)).map_err(at)?;
        }
        let mut log = AnswerLog { path: path.to_owned(), file, is_cut: last != [b'\n'], synced: Instant::now() };
        if length == 0 {
            let head = line(&Entry::Head(Cow::Borrowed(head))).map_err(|error| at(error.into()))?;
            log.append(&head)?;
        }
        Ok(Some(log))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Keeps an answer, or what the extractor says of itself.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&mut self, entry: &LogLine) -> Result<(), LogError> {
        self.append(&entry.0)
    }

    /// Notes that every article got its answer.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn ended(&mut self) -> Result<(), LogError> {
        let ended = line(&Entry::Ended).map_err(|error| self.error(error.into()))?;
        self.append(&ended)?;
        self.sync()
    }

    /// Sets the time of the last change to now. That it cannot be set is no reason to stop.
    pub fn touch(&self) {
        let _ = self.file.set_modified(std::time::SystemTime::now());
    }

    /// Waits until all is on the disk.
    ///
    /// # Errors
    /// When the system cannot.
    pub fn sync(&mut self) -> Result<(), LogError> {
        self.synced = Instant::now();
        self.file.sync_data().map_err(|source| self.error(source))
    }

    fn append(&mut self, line: &[u8]) -> Result<(), LogError> {
        let behind_a_cut = if self.is_cut { Some([b"\n", line].concat()) } else { None };
        // Until it is known that all went through.
        self.is_cut = true;
        self.file.write_all(behind_a_cut.as_deref().unwrap_or(line)).map_err(|source| self.error(source))?;
        self.is_cut = false;
        if self.synced.elapsed() >= BETWEEN_SYNCS { self.sync() } else { Ok(()) }
    }

    fn error(&self, source: std::io::Error) -> LogError {
        LogError { file: shown_path(&self.path), source }
    }
}
