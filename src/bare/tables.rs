//! Two tables of claims in Parquet, scored from their columns.
//!
//! The ids are decoded first, and say which rows belong together. The other columns are decoded side by side on all threads, a window
//! of rows at a time, and text stays where it was decoded: a row is never made into a claim of its own.
//!
//! As for JSONL, only good files are scored here.

mod article;
mod articles;
mod columns;
mod join;
mod windows;

use std::borrow::Cow;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use self::article::{Article, Buffers, OfRows};
use self::columns::Table;
use self::join::Joined;
use self::windows::windows;
use super::part::Part;
use super::{BareScore, End, Files, GOING, UNUSUAL, joined};
use crate::dataset::{GROUP_COLUMN, drafts_warning, table_warning};
use crate::extract::Outcome;
use crate::extract::predictions::{dropped_note, without_row_note};
use crate::files;
use crate::formats::parquet::ParquetFile;
use crate::score::{ArticleHead, IntervalsOf, Provenance, Settings};

/// Articles that a thread takes at once.
const CHUNK: usize = 256;

/// Scores two files of Parquet on the threads of the current pool. `None` when anything about them is not as it should be, or they
/// cannot be read.
pub fn score(files: Files<'_>, settings: &Settings, intervals: IntervalsOf, provenance: &Provenance) -> Option<BareScore> {
    let opened = [&open(files.gold)?, &open(files.predictions)?];
    let ids = columns::ids(opened)?;
    let join = join::join(&ids[0], &ids[1], files.extra)?;
    let (articles, with_unknown) = (join.gold.len(), join.predicted.len());
    if articles == 0 {
        return None;
    }
    let end = End::default();
    let (gold_name, prediction_name) = (files::shown_path(files.gold), files::shown_path(files.predictions));
    let part = |_| Mutex::new(Part::new(settings, intervals));
    let parts: Vec<Mutex<Part>> = (0..rayon::current_num_threads()).map(part).collect();
    let mut tables = opened.map(Table::new);
    for window in windows(&join) {
        columns::load(&mut tables, &ids, &window.parts)?;
        let next = AtomicUsize::new(window.articles.start);
        rayon::broadcast(|thread| {
            // Each thread has its own.
            let mut part = parts[thread.index()].lock().unwrap_or_else(PoisonError::into_inner);
            let mut scorer = Scorer { join: &join, tables: &tables, buffers: Buffers::default() };
            while end.is(GOING) {
                let from = next.fetch_add(CHUNK, Ordering::Relaxed);
                if from >= window.articles.end {
                    break;
                }
                let mut chunk = from..window.articles.end.min(from + CHUNK);
                if chunk.try_for_each(|article| scorer.score(&mut part, article)).is_none() {
                    end.stop(UNUSUAL);
                }
            }
        });
        if !end.is(GOING) {
            return None;
        }
    }
    let parts = parts.into_iter().map(|part| Some(part.into_inner().unwrap_or_else(PoisonError::into_inner)));
    let Part { stream, answered, .. } = joined(parts.collect())?;
    let (result, gold, oddities) = stream.finish(settings, provenance);
    let mut warnings = vec![table_warning(&gold_name)];
    warnings.extend(drafts_warning(&gold_name, gold.drafts));
    let mut notes = Vec::new();
    if answered < articles as u64 {
        let without = articles as u64 - answered;
        notes.push(without_row_note(&prediction_name, without as usize, articles));
    }
    if with_unknown > articles {
        notes.push(dropped_note(&prediction_name, with_unknown - articles));
    }
    notes.extend(oddities.lines(&settings.schema));
    Some(BareScore { result, warnings, notes, gold })
}

fn open(path: &Path) -> Option<ParquetFile> {
    ParquetFile::open(files::read(path, files::MAX_TABLE).ok()?)
}

/// What one thread works with.
struct Scorer<'a> {
    join: &'a Joined<'a>,
    tables: &'a [Table<'a>; 2],
    buffers: Buffers,
}

impl Scorer<'_> {
    /// `None` where something about the article is unusual.
    fn score(&mut self, part: &mut Part, number: usize) -> Option<()> {
        let Scorer { join, tables: [gold_table, table], buffers } = self;
        let predicted = || Article::of(table, &join.predicted, number);
        if number >= join.gold.len() {
            // Not scored, but wrong all the same where it is wrong.
            return predicted().said().and_then(|_| predicted().check_predicted(buffers));
        }
        let gold = Article::of(gold_table, &join.gold, number);
        let said = gold.said()?;
        let group = said.group.map(|group| (Cow::Borrowed(GROUP_COLUMN), Cow::Borrowed(group)));
        let head =
            ArticleHead { id: gold.id, lang: said.lang.unwrap_or("und"), publisher: said.publisher, columns: group.as_slice(), text: "" };
        let stream = &mut part.stream;
        stream.begin(&head);
        gold.push_gold(stream, buffers)?;
        let predicted = (!join.predicted.runs(number).is_empty()).then(predicted);
        let outcome = match &predicted {
            None => Outcome::Empty,
            Some(predicted) => {
                predicted.said()?;
                predicted.push_predicted(stream, head.lang, buffers)?;
                part.answered += 1;
                Outcome::Ok
            }
        };
        stream.end(&head, outcome, &OfRows { buffers, predicted }).ok()
    }
}
