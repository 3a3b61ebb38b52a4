//! Both files have the same articles in the same order: a block of the one meets a block of the other.

use std::io;
use std::sync::Mutex;

use super::part::Part;
use super::{BLOCK, OUT_OF_STEP, UNUSUAL, Work, joined, open};
use crate::formats::jsonl::{Block, Lines, Reading, Record, read_good_line};
use crate::score::StreamAnswer;

/// Scores the files. Stops the work where they are out of step or something is unusual.
pub(super) fn score(work: Work<'_>) -> Option<Part> {
    let ((_, gold), (_, predictions)) = (open(work.files.gold)?, open(work.files.predictions)?);
    let lines = Mutex::new((gold, predictions));
    joined(rayon::broadcast(|_| {
        let mut part = Part::new(work.settings, work.intervals);
        let (mut gold, mut predictions) = (Block::default(), Block::default());
        while work.end.is(super::GOING) {
            take(&lines, &mut gold, &mut predictions)?;
            if gold.len() != predictions.len() {
                work.end.stop(OUT_OF_STEP);
            }
            if gold.len() == 0 {
                break;
            }
            if let Err(why) = score_block(&mut part, work, &gold, &predictions) {
                work.end.stop(why);
            }
        }
        Some(part)
    }))
}

/// The next lines of both files, as many of the one as of the other; one more prediction than golds where the gold has ended and
/// the predictions have not. Where lines of predictions are long, lines of gold wait for later blocks.
fn take(lines: &Mutex<(Lines, Lines)>, gold: &mut Block, predictions: &mut Block) -> Option<()> {
    let mut lines = lines.lock().ok()?;
    let (golds, predicted) = &mut *lines;
    take_some(golds, gold, |lines, block| lines.take_bytes(BLOCK, block))?;
    let count = gold.len().max(1);
    take_some(predicted, predictions, |lines, block| lines.take_lines(count, block))?;
    if !predicted.is_at_end() {
        golds.take_back(predictions.len(), gold);
    }
    Some(())
}

/// Fills a block until it has lines, if there are any left.
fn take_some(lines: &mut Lines, block: &mut Block, take: impl Fn(&mut Lines, &mut Block) -> io::Result<()>) -> Option<()> {
    loop {
        take(lines, block).ok()?;
        if block.len() > 0 || lines.is_at_end() {
            return Some(());
        }
    }
}

fn score_block(part: &mut Part, work: Work<'_>, gold: &Block, predictions: &Block) -> Result<(), u8> {
    let (mut gold_record, mut predicted_record) = (Record::default(), Record::default());
    let (gold, predictions) = (gold.lines().ok_or(UNUSUAL)?, predictions.lines().ok_or(UNUSUAL)?);
    for (gold, predicted) in gold.zip(predictions) {
        let good = read_good_line(gold.text, gold.number, Reading::Gold, &mut gold_record, &mut part.gold_keys)
            && read_good_line(predicted.text, predicted.number, Reading::Predictions, &mut predicted_record, &mut part.prediction_keys);
        if !good {
            return Err(UNUSUAL);
        }
        if gold_record.id != predicted_record.id {
            return Err(OUT_OF_STEP);
        }
        part.ids.push(work.hash(&gold_record.id));
        part.article(work, &gold_record, StreamAnswer::Record(&predicted_record)).map_err(|_| UNUSUAL)?;
    }
    Ok(())
}
