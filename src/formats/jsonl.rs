//! Bare JSONL: an article a line, gold or predictions.
//!
//! ```text
//! {"id":"id-1","lang":"id","text":"…","claims":[{"start":11,"end":17,"quote":"37.000","kind":"quantity","fields":{"value":37000}}]}
//! {"id":"id-2","error":{"kind":"timeout","message":"no answer in 60 s"}}
//! ```
//!
//! The two readings differ in what is missing: in gold a field without a key is *not annotated* and `null` is *absent*; in
//! predictions both are absent. Error records are predictions only; `status` and `tags` of a claim are gold only.
//!
//! Strict: duplicate keys, wrong types, offsets that cannot be, and doubled ids are errors, all reported at once with their
//! lines. An unknown key of a claim is a warning; unknown keys of an article are columns. A byte order mark, CRLF, blank
//! lines and a missing last line end are fine.

mod blocks;
mod gold;
mod parse;
mod plain;
mod read;
mod record;

pub(crate) use blocks::{Block, Lines};
pub use parse::{CLAIM_KEYS, Fault, Faults, parse_into, parse_line};
pub use read::{LONGEST_LINE, Read, Reading, read};
pub(crate) use read::{OddKeys, SHOWN, odd_key_warnings, read_good_line};
pub use record::{RawClaim, RawClaims, RawField, RawRow, Record, RecordedError};

#[cfg(test)]
mod tests;
