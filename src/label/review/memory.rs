//! What was decided before: a file that only grows, a line a decision, the last one of a content holds.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::content::{Content, Verdict};
use crate::dataset::GOLD;
use crate::files::{self, FileError};
use crate::label::aside::Aside;
use crate::label::lines::file_part;

/// How long another writer is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is remembered of a dataset: `.assay/label/<dataset>-reviewed.jsonl`.
#[derive(Clone, Debug)]
pub struct Memory {
    path: PathBuf,
    known: BTreeMap<Content, Verdict>,
}

/// The file of what was decided cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MemoryError {
    /// It cannot be read or written.
    #[error("{file}: {error}")]
    File {
        /// Which.
        file: String,
        /// Why.
        error: FileError,
    },
    /// A line that is no decision.
    #[error("{file}:{line}: not a decision of a review: {problem}; remove the line")]
    Line {
        /// Which file.
        file: String,
        /// 1-based.
        line: usize,
        /// What is wrong.
        problem: String,
    },
}

#[derive(Serialize, Deserialize)]
struct Line {
    verdict: Verdict,
    #[serde(flatten)]
    content: Content,
}

impl Memory {
    /// Reads what is remembered of a dataset of the workspace; nothing where there is no file yet.
    ///
    /// # Errors
    /// When it cannot be read, leads out of the workspace, or a line is not a decision. A last line that was cut off in writing is none.
    pub fn open(root: &Path, dataset: &str) -> Result<Memory, MemoryError> {
        let relative = format!(".assay/label/{}-reviewed.jsonl", file_part(dataset));
        let shown = |path: &Path| files::shown_path(path);
        let path = files::place_inside(root, &relative).map_err(|error| MemoryError::File { file: relative.clone(), error })?;
        let text = match files::read_text(&path, files::MAX_TABLE) {
            Ok(text) => text,
            Err(FileError::Missing) => String::new(),
            Err(error) => return Err(MemoryError::File { file: shown(&path), error }),
        };
        let known = parse(&text).map_err(|(line, problem)| MemoryError::Line { file: shown(&path), line, problem })?;
        Ok(Memory { path, known })
    }

    /// Takes over what was rejected on the labelling page of the gold; what a review has decided of the same goes before. Damaged lines are
    /// left out, which `notes` gets to hear.
    pub fn add_rejected_suggestions(&mut self, root: &Path, dataset: &str, notes: &mut Vec<String>) {
        let aside = Aside::open(root, &format!("{}-{GOLD}", file_part(dataset)), notes);
        for content in aside.rejected() {
            self.known.entry(content).or_insert(Verdict::Rejected);
        }
    }

    /// What was decided of a content, if it was.
    pub fn verdict(&self, content: &Content) -> Option<Verdict> {
        self.known.get(content).copied().filter(|verdict| *verdict != Verdict::Open)
    }

    /// How many contents are decided.
    pub fn len(&self) -> usize {
        self.known.values().filter(|verdict| **verdict != Verdict::Open).count()
    }

    /// Whether nothing is decided.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Remembers a decision; when this returns it is on the disk.
    ///
    /// # Errors
    /// When the file cannot be locked or written.
    pub fn remember(&mut self, content: Content, verdict: Verdict) -> Result<(), MemoryError> {
        let line = Line { verdict, content };
        self.append(&line).map_err(|error| MemoryError::File { file: files::shown_path(&self.path), error })?;
        self.known.insert(line.content, verdict);
        Ok(())
    }

    fn append(&self, line: &Line) -> Result<(), FileError> {
        let _lock = files::lock_within(&self.path, PATIENCE)?;
        let mut json = serde_json::to_vec(line).map_err(std::io::Error::from)?;
        json.push(b'\n');
        let before = files::read(&self.path, files::MAX_TABLE)?;
        // A line that was cut off keeps its own line, so that it does not spoil this one.
        if before.last().is_some_and(|byte| *byte != b'\n') {
            json.insert(0, b'\n');
        }
        let mut file = OpenOptions::new().append(true).open(&self.path)?;
        file.write_all(&json)?;
        Ok(file.sync_data()?)
    }
}

/// The decisions of a file. Lines that were cut off are left out: they end without `}`.
fn parse(text: &str) -> Result<BTreeMap<Content, Verdict>, (usize, String)> {
    let mut known = BTreeMap::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| line.ends_with('}')) {
        match serde_json::from_str::<Line>(line) {
            Ok(line) => known.insert(line.content, line.verdict),
            // A value of a line that was cut off may end so.
            Err(error) if error.is_eof() => None,
            Err(error) => return Err((number + 1, error.to_string())),
        };
    }
    Ok(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(quote: &str) -> Content {
        Content { article_id: "a".to_owned(), quote: quote.to_owned(), fragments: vec![(0, 3)], ..Content::default() }
    }

    #[test]
    fn the_last_decision_holds_over_a_restart_and_a_cut_line() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(".assay/label/news-2-reviewed.jsonl");
        let mut memory = Memory::open(dir.path(), "news-2").unwrap();
        assert!(memory.is_empty());
        memory.remember(content("one}"), Verdict::Rejected).unwrap();
        memory.remember(content("two"), Verdict::Right).unwrap();
        memory.remember(content("two"), Verdict::Open).unwrap();
        let whole = std::fs::read_to_string(&path).unwrap();
        // Wherever the power went off, what was written before is known, and the next decision as well.
        let first = whole.find('\n').unwrap() + 1;
        for cut in first..whole.len() {
            std::fs::write(&path, &whole[..cut]).unwrap();
            let mut memory = Memory::open(dir.path(), "news-2").unwrap();
            assert_eq!(memory.verdict(&content("one}")), Some(Verdict::Rejected), "cut at {cut}");
            memory.remember(content("three"), Verdict::Right).unwrap();
            let memory = Memory::open(dir.path(), "news-2").unwrap();
            assert_eq!(memory.verdict(&content("three")), Some(Verdict::Right), "cut at {cut}");
        }
        std::fs::write(&path, &whole).unwrap();
        let memory = Memory::open(dir.path(), "news-2").unwrap();
        assert_eq!((memory.verdict(&content("two")), memory.len()), (None, 1));
    }

    #[test]
    fn a_line_of_something_else_is_named() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join(".assay/label")).unwrap();
        std::fs::write(dir.path().join(".assay/label/x-reviewed.jsonl"), "{\"verdict\":\"maybe\",\"article_id\":\"a\"}\n").unwrap();
        let error = Memory::open(dir.path(), "x").unwrap_err().to_string();
        assert!(error.contains("x-reviewed.jsonl:1: ") && error.contains("maybe"), "{error}");
    }
}
