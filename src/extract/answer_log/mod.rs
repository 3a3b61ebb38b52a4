//! Answers on the disk as they come, a line each, in files that only ever grow: the cache, and the journal of a run that may die.
//!
//! A line is a checksum and an entry as JSON. A line that was cut by a death or damaged later is noticed, counted and skipped; all
//! others hold. Whoever appends after a cut line begins a new one.

mod entry;
mod key;
mod read;
mod write;

pub use entry::LogHead;
pub use key::AnswerKey;
pub use read::{LoggedAnswers, read};
pub use write::{AnswerLog, LogError, LogLine};

/// The newest format that this version reads, and the one that it writes.
pub const FORMAT: u64 = 1;
