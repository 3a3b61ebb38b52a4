//! What one thread has done.

use super::Work;
use crate::extract::{Messages, Outcome};
use crate::formats::jsonl::{OddKeys, Record};
use crate::score::{IntervalsOf, Settings, Stream, StreamAnswer, Unusual};

/// Articles that were scored, in any order.
pub(super) struct Part {
    pub stream: Stream,
    pub gold_keys: OddKeys,
    pub prediction_keys: OddKeys,
    pub messages: Messages,
    /// Hashes of the gold's ids, where they may not be unique.
    pub ids: Vec<u64>,
    /// Predictions that were used.
    pub answered: u64,
    /// Predictions for articles that gold does not have, where they are dropped.
    pub dropped: Option<u64>,
}

impl Part {
    pub fn new(settings: &Settings, intervals: IntervalsOf) -> Part {
        Part {
            stream: Stream::new(settings, intervals),
            gold_keys: OddKeys::new(),
            prediction_keys: OddKeys::new(),
            messages: Messages::default(),
            ids: Vec::new(),
            answered: 0,
            dropped: None,
        }
    }

    /// Scores an article.
    pub fn article(&mut self, work: Work<'_>, gold: &Record<'_>, answer: StreamAnswer<'_>) -> Result<(), Unusual> {
        let (outcome, message) = self.stream.article(gold, answer)?;
        let file = work.prediction_name;
        let message = match answer {
            StreamAnswer::None => Some(format!("{file} has no line for this article")),
            StreamAnswer::Empty => None,
            StreamAnswer::Record(record) => {
                self.answered += 1;
                let of_file = matches!(outcome, Outcome::Ok | Outcome::Empty);
                message.map(|message| if of_file { format!("{file}, line {}: {message}", record.line) } else { message })
            }
        };
        if let Some(message) = message {
            self.messages.add(outcome, &message, gold.line, &gold.id);
        }
        Ok(())
    }

    /// Adds the work of another thread.
    pub fn add(&mut self, other: Part) {
        self.stream.add(other.stream);
        add_odd_keys(&mut self.gold_keys, other.gold_keys);
        add_odd_keys(&mut self.prediction_keys, other.prediction_keys);
        self.messages.extend(other.messages);
        self.ids.extend(other.ids);
        self.answered += other.answered;
    }

    /// Whether no two articles of the gold have one id. Two ids may have one hash: then it looks as if they had.
    pub fn ids_are_unique(&mut self) -> bool {
        self.ids.sort_unstable();
        self.ids.windows(2).all(|pair| pair[0] != pair[1])
    }
}

/// Adds the unknown keys of other lines.
pub(super) fn add_odd_keys(mine: &mut OddKeys, theirs: OddKeys) {
    for (key, (line, count)) in theirs {
        let entry = mine.entry(key).or_insert((line, 0));
        *entry = (line.min(entry.0), entry.1 + count);
    }
}
