//! Predictions in another order than the gold, or for other articles: the place of each is remembered, 16 bytes an article.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use super::part::{Part, add_odd_keys};
use super::{BLOCK, GOING, UNUSUAL, Work, joined, open};
use crate::extract::predictions::{Extra, Missing};
use crate::formats::jsonl::{Block, LONGEST_LINE, OddKeys, Reading, Record, read_good_line};
use crate::score::{StreamAnswer, Unusual};

/// Bytes that are read at first: most lines are shorter.
const FIRST_READ: usize = 2 << 10;

/// Where the prediction of an article stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    id: u64,
    /// Offset in the file, which is shorter than 4 GiB ([`crate::files::MAX_TABLE`]).
    offset: u32,
    /// Number of the line.
    number: u32,
}

/// Scores the files. Stops the work where something is unusual.
pub(super) fn score(work: Work<'_>) -> Option<Part> {
    let (entries, prediction_keys) = index(work)?;
    if entries.is_empty() && work.files.missing == Missing::Failed {
        return None;
    }
    let used = AtomicU64::new(0);
    let ((_, gold), (predictions, _)) = (open(work.files.gold)?, open(work.files.predictions)?);
    let lines = Mutex::new(gold);
    let mut all = joined(rayon::broadcast(|_| {
        let mut part = Part::new(work.settings, work.intervals);
        let mut reader = AnswerReader { work, entries: &entries, file: &predictions, line: Vec::new() };
        let mut block = Block::default();
        while work.end.is(GOING) {
            {
                let mut lines = lines.lock().ok()?;
                lines.take_bytes(BLOCK, &mut block).ok()?;
                if block.len() == 0 && lines.is_at_end() {
                    break;
                }
            }
            if reader.score_block(&mut part, &block).is_err() {
                work.end.stop(UNUSUAL);
            }
        }
        used.fetch_add(part.answered, Ordering::Relaxed);
        Some(part)
    }))?;
    all.prediction_keys = prediction_keys;
    match (entries.len() as u64 - used.load(Ordering::Relaxed), work.files.extra) {
        (0, _) => {}
        (extra, Extra::Ignore) => all.dropped = Some(extra),
        (_, Extra::Error) => work.end.stop(UNUSUAL),
    }
    Some(all)
}

/// Reads all predictions and remembers where they stand, by the hash of the id.
fn index(work: Work<'_>) -> Option<(Vec<Entry>, OddKeys)> {
    let (_, predictions) = open(work.files.predictions)?;
    let lines = Mutex::new(predictions);
    let all = Mutex::new((Vec::new(), OddKeys::new()));
    let parts = rayon::broadcast(|_| {
        let (mut block, mut entries, mut keys) = (Block::default(), Vec::new(), OddKeys::new());
        while work.end.is(GOING) {
            {
                let mut lines = lines.lock().ok()?;
                lines.take_bytes(BLOCK, &mut block).ok()?;
                if block.len() == 0 && lines.is_at_end() {
                    break;
                }
            }
            let mut record = Record::default();
            for line in block.lines()? {
                if !read_good_line(line.text, line.number, Reading::Predictions, &mut record, &mut keys) {
                    return None;
                }
                let (offset, number) = (u32::try_from(line.offset).ok()?, u32::try_from(line.number).ok()?);
                entries.push(Entry { id: work.hash(&record.id), offset, number });
            }
            // One list for all threads: two would have to be joined, and stand in memory twice for it.
            all.lock().ok()?.0.append(&mut entries);
        }
        add_odd_keys(&mut all.lock().ok()?.1, keys);
        Some(())
    });
    parts.into_iter().collect::<Option<Vec<()>>>()?;
    let (mut entries, keys) = all.into_inner().ok()?;
    entries.sort_unstable();
    // Two predictions for one article, or two ids of one hash.
    entries.windows(2).all(|pair| pair[0].id != pair[1].id).then_some((entries, keys))
}

struct AnswerReader<'a> {
    work: Work<'a>,
    entries: &'a [Entry],
    file: &'a File,
    line: Vec<u8>,
}

impl AnswerReader<'_> {
    fn score_block(&mut self, part: &mut Part, block: &Block) -> Result<(), Unusual> {
        let mut gold = Record::default();
        for line in block.lines().ok_or(Unusual)? {
            if !read_good_line(line.text, line.number, Reading::Gold, &mut gold, &mut part.gold_keys) {
                return Err(Unusual);
            }
            let id = self.work.hash(&gold.id);
            part.ids.push(id);
            let Ok(found) = self.entries.binary_search_by_key(&id, |entry| entry.id) else {
                let answer = match self.work.files.missing {
                    Missing::Failed => StreamAnswer::None,
                    Missing::Empty => StreamAnswer::Empty,
                };
                part.article(self.work, &gold, answer)?;
                continue;
            };
            let Entry { offset, number, .. } = self.entries[found];
            let length = self.read_line(u64::from(offset)).map_err(|_| Unusual)?;
            let text = std::str::from_utf8(&self.line[..length]).map_err(|_| Unusual)?;
            let mut record = Record::default();
            // The file may have changed in the meantime, or another id have the same hash.
            if !read_good_line(text, u64::from(number), Reading::Predictions, &mut record, &mut OddKeys::new()) || record.id != gold.id {
                return Err(Unusual);
            }
            part.article(self.work, &gold, StreamAnswer::Record(&record))?;
        }
        Ok(())
    }

    /// Reads the line that begins there into the buffer; its length without its end.
    fn read_line(&mut self, offset: u64) -> io::Result<usize> {
        if self.line.is_empty() {
            self.line.resize(FIRST_READ, 0);
        }
        let mut length = 0;
        loop {
            let read = self.file.read_at(&mut self.line[length..], offset + length as u64)?;
            if let Some(end) = memchr::memchr(b'\n', &self.line[length..length + read]) {
                return Ok(length + end);
            }
            length += read;
            if read == 0 {
                return Ok(length);
            }
            if length == self.line.len() {
                // The file may have changed since it was indexed, when all lines were within the limit.
                if length > LONGEST_LINE {
                    return Err(io::ErrorKind::InvalidData.into());
                }
                self.line.resize(2 * length, 0);
            }
        }
    }
}
