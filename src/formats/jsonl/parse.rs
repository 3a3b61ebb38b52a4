//! One line to one record, in one pass over its bytes; what is wrong with a value does not stop the pass.
//!
//! Any form of a line is taken here; those of the usual one are read by [`plain`], in the same way.

mod cell;
mod objects;
mod values;

use std::borrow::Cow;

use serde::de::DeserializeSeed;

use objects::RecordSeed;
pub(super) use values::field_state;

use super::Reading;
use super::plain;
use super::record::Record;
/// The keys of a claim.
pub const CLAIM_KEYS: [&str; 11] =
    ["id", "start", "end", "fragments", "quote", "prefix", "suffix", "kind", "fields", "score", "tracking_id"];

/// Longer values of unknown article keys are not kept as columns.
pub(super) const LONGEST_COLUMN: usize = 200;

/// One thing that is wrong with a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fault {
    /// Which claim, 0-based.
    pub claim: Option<usize>,
    /// Which key.
    pub key: Option<String>,
    /// Byte of the line, 0-based, where the JSON itself is broken.
    pub byte: Option<usize>,
    /// What is wrong, and what would be right.
    pub message: String,
}

/// What one line has to say beside its record.
#[derive(Debug, Default)]
pub struct Faults<'a> {
    /// What makes the line unusable; empty for a good line.
    pub wrong: Vec<Fault>,
    /// Unknown keys of its claims.
    pub odd_keys: Vec<String>,
    /// The id, as far as the line could be read.
    pub id: Option<Cow<'a, str>>,
    /// The claim that is being read.
    claim: Option<usize>,
}

impl Faults<'_> {
    fn wrong(&mut self, key: &str, message: impl Into<String>) {
        self.wrong.push(Fault { claim: self.claim, key: Some(key.to_owned()), byte: None, message: message.into() });
    }
}

/// Reads one line that holds one JSON object. `None` when anything is wrong with it; `faults` says what.
pub fn parse_line<'a>(line: &'a str, reading: Reading, faults: &mut Faults<'a>) -> Option<Record<'a>> {
    let mut record = Record::default();
    parse_into(line, reading, &mut record, faults).then_some(record)
}

/// As [`parse_line`], into a record whose buffers are used again. `false` when anything is wrong with the line.
pub fn parse_into<'a>(line: &'a str, reading: Reading, record: &mut Record<'a>, faults: &mut Faults<'a>) -> bool {
    record.clear();
    if plain::read_line(line, reading, record).is_some() {
        return true;
    }
    record.clear();
    parse_any(line, reading, record, faults)
}

/// Reads a line of any form.
pub(super) fn parse_any<'a>(line: &'a str, reading: Reading, record: &mut Record<'a>, faults: &mut Faults<'a>) -> bool {
    let mut json = serde_json::Deserializer::from_str(line);
    let parsed = RecordSeed { reading, faults, record }.deserialize(&mut json).and_then(|()| json.end());
    if let Err(error) = parsed {
        let fault = Fault { claim: faults.claim, byte: Some(error.column().saturating_sub(1)), message: syntax(&error, line), key: None };
        faults.wrong.push(fault);
    }
    faults.wrong.is_empty()
}

fn syntax(error: &serde_json::Error, line: &str) -> String {
    let start = line.trim_start();
    if start.starts_with('[') {
        return "this is a JSON array; write JSONL: one object per line, one line an article".to_owned();
    }
    if error.is_eof() {
        return "the line ends in the middle of its object (truncated?); write one object per line".to_owned();
    }
    let text = error.to_string();
    let text = match text.split(" at line ").next().unwrap_or(&text) {
        "expected value" | "invalid number" if names_no_number(line, error.column()) => {
            "NaN and Infinity are no numbers there; leave the value out"
        }
        // What is left of a character whose other half was cut off.
        "unexpected end of hex escape" | "lone leading surrogate in hex escape" => {
            "a \\u escape is half a character (a lone surrogate); write the character itself"
        }
        text => text,
    };
    if start.starts_with('{') {
        format!("not valid JSON: {text}")
    } else {
        format!("not valid JSON: {text}; write one object per line and nothing else")
    }
}

/// Whether the value that ends a line's JSON is one of those that other writers of JSON have and JSON has not.
fn names_no_number(line: &str, column: usize) -> bool {
    let rest = line.as_bytes().get(column.saturating_sub(1)..).unwrap_or_default();
    let rest = rest.strip_prefix(b"-").unwrap_or(rest);
    [&b"NaN"[..], b"nan", b"Inf", b"inf"].iter().any(|name| rest.starts_with(name))
}
