//! Two bare files, scored as they are read: gold and predictions in JSONL, an article a line, or both in Parquet (`tables`).
//!
//! The files of JSONL are read in blocks by as many threads as there are, and nothing but counts is kept: 24 bytes an article and 8 a
//! prediction with a score (16 bytes an article more where the files are not in step). Usually both files have the same articles in
//! the same order, and a block of the one meets a block of the other (`in_step`); else the places of the predictions are remembered
//! by article (`by_index`). Blocks are small and little is read ahead, whatever the lines are like.
//!
//! Only good files are scored here. For anything else, be it a single wrong value, there is no result, and the files are read in
//! the plain way, which gives the same numbers for good ones and tells what is wrong with the others.

mod by_index;
mod in_step;
mod part;
mod tables;

use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::path::Path;
use std::sync::atomic::{AtomicU8, Ordering};

use part::Part;
pub use tables::score as score_tables;

use crate::dataset::drafts_warning;
use crate::extract::predictions::{Extra, Missing, dropped_note, without_line_note};
use crate::files;
use crate::formats::jsonl::{Lines, odd_key_warnings};
use crate::score::{GoldNames, IntervalsOf, Provenance, RunResult, Settings};

/// Bytes of a block of gold.
const BLOCK: usize = 256 << 10;

/// Two files and what to do with what they do not have in common.
#[derive(Clone, Copy, Debug)]
pub struct Files<'a> {
    /// Labelled claims.
    pub gold: &'a Path,
    /// What an extractor answered.
    pub predictions: &'a Path,
    /// Predictions for articles that gold does not have.
    pub extra: Extra,
    /// Articles of the gold without a line in the predictions.
    pub missing: Missing,
}

/// What scoring two files came to.
#[derive(Clone, Debug)]
pub struct BareScore {
    /// The numbers.
    pub result: RunResult,
    /// What is odd about the gold.
    pub warnings: Vec<String>,
    /// What is odd about the predictions.
    pub notes: Vec<String>,
    /// What the gold has.
    pub gold: GoldNames,
}

/// Scores two files of JSONL on the threads of the current pool. `None` when anything about them is not as it should be, or they
/// cannot be read. `intervals` says which numbers get intervals, where the settings ask for any.
pub fn score(files: Files<'_>, settings: &Settings, intervals: IntervalsOf, provenance: &Provenance) -> Option<BareScore> {
    let end = End::default();
    let hashing = RandomState::new();
    let work = Work { files, settings, intervals, end: &end, hashing: &hashing, prediction_name: &files::shown_path(files.predictions) };
    let mut part = in_step::score(work);
    if end.is(OUT_OF_STEP) {
        end.0.store(GOING, Ordering::Relaxed);
        part = by_index::score(work);
    }
    let mut part = part.filter(|_| end.is(GOING))?;
    if !part.ids_are_unique() {
        return None;
    }
    let gold_name = files::shown_path(files.gold);
    let Part { stream, gold_keys, prediction_keys, messages, dropped, answered, .. } = part;
    let (result, gold, oddities) = stream.finish(settings, provenance);
    let mut warnings = odd_key_warnings(&gold_name, &gold_keys);
    warnings.extend(drafts_warning(&gold_name, gold.drafts));
    let mut notes = odd_key_warnings(work.prediction_name, &prediction_keys);
    if files.missing == Missing::Empty {
        notes.extend(without_line_note(work.prediction_name, (gold.articles - answered) as usize, gold.articles as usize));
    }
    notes.extend(dropped.map(|n| dropped_note(work.prediction_name, n as usize)));
    notes.extend(messages.lines());
    notes.extend(oddities.lines(&settings.schema));
    Some(BareScore { result, warnings, notes, gold })
}

/// What every thread works with.
#[derive(Clone, Copy)]
struct Work<'a> {
    files: Files<'a>,
    settings: &'a Settings,
    intervals: IntervalsOf,
    end: &'a End,
    /// Of ids; seeded anew in each process.
    hashing: &'a RandomState,
    /// The file of predictions as the user would name it.
    prediction_name: &'a str,
}

impl Work<'_> {
    fn hash(&self, id: &str) -> u64 {
        self.hashing.hash_one(id)
    }
}

const GOING: u8 = 0;
const OUT_OF_STEP: u8 = 1;
const UNUSUAL: u8 = 2;

/// Why the threads stop before the end of the files.
#[derive(Default)]
struct End(AtomicU8);

impl End {
    fn is(&self, state: u8) -> bool {
        self.0.load(Ordering::Relaxed) == state
    }

    /// Stops all threads. What is unusual outweighs files that are out of step.
    fn stop(&self, state: u8) {
        self.0.fetch_max(state, Ordering::Relaxed);
    }
}

/// The lines of a regular file that may be JSONL.
fn open(path: &Path) -> Option<(File, Lines)> {
    let file = files::open_limited(path, files::MAX_TABLE).ok()?;
    let again = file.try_clone().ok()?;
    Some((again, Lines::new(file, files::MAX_TABLE).ok()??))
}

/// The work of all threads together; `None` where one of them gave up.
fn joined(parts: Vec<Option<Part>>) -> Option<Part> {
    let mut parts = parts.into_iter();
    let mut all = parts.next()??;
    for part in parts {
        all.add(part?);
    }
    Some(all)
}
