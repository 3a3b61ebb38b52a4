//! Removing stored runs, and what interrupted writes left behind.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use rustc_hash::FxHashMap;

use super::head::{Entry, RunHead};
use super::id;
use super::reading::{FindError, named};
use super::store::{RECORD, Store};
use crate::files::shown_path;

/// How the folder of a run that is being written begins.
const NEW: &str = ".new-";
/// How the folder of a run that is being removed begins.
const OLD: &str = ".old-";

/// Why a run is not removed.
#[derive(Debug, thiserror::Error)]
pub enum RemoveError {
    /// No such run, or more than one.
    #[error(transparent)]
    Find(#[from] FindError),
    /// A folder that is not one of the store.
    #[error("{path} is not in {store}: only stored runs are removed")]
    Outside {
        /// What was named.
        path: String,
        /// Where runs are stored.
        store: String,
    },
    /// A folder of the store that nothing stored there.
    #[error("{0} is no run: it has neither the name of one nor a run.json; delete the folder yourself")]
    NoRun(String),
    /// A folder that gets its name when it is whole.
    #[error("{0} is a run that is being written or removed; `assay runs gc` removes what an interrupted write left behind")]
    Unfinished(String),
}

/// A folder that a write or a removal left behind when it was interrupted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leftover {
    /// Its name.
    pub name: String,
    /// What its files hold.
    pub bytes: u64,
}

impl Store {
    /// The id of the run that is meant by its id, the beginning of it, `latest`, or its folder in the store. Damaged ones are found
    /// too.
    ///
    /// # Errors
    /// See [`RemoveError`]; and when it is not known which one is the latest.
    pub fn id_of(&self, reference: &str) -> Result<String, RemoveError> {
        let ids = self.ids().map_err(FindError::from)?;
        if reference == "latest" {
            return Ok(self.latest(&ids)?.id);
        }
        let id = match named(reference, &ids)? {
            Some(id) => id,
            None => self.id_of_folder(reference, &ids)?,
        };
        let is_run = id::minute(&id).is_some() || self.dir().join(&id).join(RECORD).exists();
        if is_run { Ok(id) } else { Err(RemoveError::NoRun(shown_path(&self.dir().join(id)))) }
    }

    /// The id of the run in a folder of the store. The path is taken as it is written: what a link leads to is not in the store.
    fn id_of_folder(&self, reference: &str, ids: &[String]) -> Result<String, RemoveError> {
        let is_unfinished = |name: &str| name.starts_with(NEW) || name.starts_with(OLD);
        let path = Path::new(reference);
        if is_unfinished(reference) && self.dir().join(path).exists() {
            return Err(RemoveError::Unfinished(reference.to_owned()));
        }
        if reference.is_empty() || path.symlink_metadata().is_err() {
            return Err(self.unknown(reference, ids).into());
        }
        let is_record = path.file_name().is_some_and(|name| name == RECORD);
        let folder = path.parent().filter(|_| is_record).unwrap_or(path);
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let parent = folder.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let is_inside = parent.canonicalize().ok().is_some_and(|parent| self.dir().canonicalize().is_ok_and(|dir| dir == parent));
        match is_inside {
            true if is_unfinished(&name) => Err(RemoveError::Unfinished(name)),
            true if ids.contains(&name) => Ok(name),
            _ => Err(RemoveError::Outside { path: reference.to_owned(), store: shown_path(self.dir()) }),
        }
    }

    /// How many bytes the files in a folder of the store hold.
    pub fn bytes_of(&self, name: &str) -> u64 {
        size(&self.dir().join(name))
    }

    /// Removes a run or a leftover. The folder loses its name first, so that no half of a run is ever found.
    ///
    /// # Errors
    /// When it is gone, or the folder of the runs cannot be written.
    pub fn remove(&self, name: &str) -> io::Result<()> {
        let temporary = tempfile::Builder::new().prefix(OLD).tempdir_in(self.dir())?;
        std::fs::rename(self.dir().join(name), temporary.path().join("run"))?;
        File::open(self.dir())?.sync_all()?;
        temporary.close()
    }

    /// Folders that were begun and never finished, and not touched for so long: nobody writes them any more.
    ///
    /// # Errors
    /// When the folder of the runs is there and cannot be read.
    pub fn leftovers(&self, untouched: Duration, now: SystemTime) -> io::Result<Vec<Leftover>> {
        let entries = match std::fs::read_dir(self.dir()) {
            Ok(entries) => entries,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => return Err(e),
        };
        let mut leftovers = Vec::new();
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_old = || last_touched(&entry.path()).is_some_and(|at| now.duration_since(at).is_ok_and(|age| age > untouched));
            if (name.starts_with(NEW) || name.starts_with(OLD)) && is_old() {
                leftovers.push(Leftover { bytes: size(&entry.path()), name });
            }
        }
        leftovers.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(leftovers)
    }
}

/// The runs beyond the newest `keep` of each extractor, oldest first; only those that were finished before a time, where there is one.
/// Entries are as [`Store::entries`] gives them; those that cannot be read are neither counted nor named.
pub fn superseded(entries: &[Entry], keep: usize, before: Option<Timestamp>) -> Vec<&RunHead> {
    let mut newer: FxHashMap<&str, usize> = FxHashMap::default();
    let mut out: Vec<&RunHead> = Vec::new();
    for head in entries.iter().rev().filter_map(|entry| entry.head.as_ref().ok()) {
        let count = newer.entry(&head.headline.extractor.name).or_default();
        *count += 1;
        if *count > keep && before.is_none_or(|before| head.finished < before) {
            out.push(head);
        }
    }
    out.reverse();
    out
}

/// The last change of a folder or of something in it.
fn last_touched(path: &Path) -> Option<SystemTime> {
    let own = path.symlink_metadata().and_then(|meta| meta.modified()).ok()?;
    Some(inside(path).iter().filter_map(|path| path.symlink_metadata().and_then(|meta| meta.modified()).ok()).fold(own, SystemTime::max))
}

/// The size of a file, or of all in a folder. Links are not followed.
fn size(path: &Path) -> u64 {
    let Ok(meta) = path.symlink_metadata() else { return 0 };
    if meta.is_dir() { inside(path).iter().map(|path| size(path)).sum() } else { meta.len() }
}

fn inside(path: &Path) -> Vec<PathBuf> {
    let is_folder = path.symlink_metadata().is_ok_and(|meta| meta.is_dir());
    if !is_folder {
        return Vec::new();
    }
    std::fs::read_dir(path).map(|entries| entries.flatten().map(|entry| entry.path()).collect()).unwrap_or_default()
}
