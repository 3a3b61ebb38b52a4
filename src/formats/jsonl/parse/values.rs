//! Single values: what a key may hold, and what is wrong with anything else.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::Faults;
use super::cell::Cell;
use crate::claim::{ClaimStatus, FieldState, decimal};
use crate::formats::jsonl::Reading;
use crate::formats::jsonl::record::RecordedError;
/// The state that a field's JSON value gives. The outer error is broken JSON, the inner one a value that no field has.
pub(in crate::formats::jsonl) fn field_state(json: &str, reading: Reading) -> Result<Result<FieldState<Cow<'_, str>>, String>, String> {
    let gold = reading == Reading::Gold;
    let present = |value| Ok(Ok(FieldState::Present(value)));
    match json.as_bytes().first() {
        Some(b'"') => {
            let text = unescaped(json)?;
            match (text.is_empty(), gold) {
                (false, _) => present(text),
                (true, false) => Ok(Ok(FieldState::Absent)),
                (true, true) => Ok(Err("is empty; write null where the text does not give it, or leave the key out".to_owned())),
            }
        }
        Some(b'n') => Ok(Ok(FieldState::Absent)),
        Some(b't' | b'f') => present(Cow::Borrowed(json)),
        Some(b'[') => match serde_json::from_str::<Vec<String>>(json) {
            Ok(items) if items.is_empty() => Ok(Ok(FieldState::Absent)),
            Ok(items) => present(Cow::Owned(serde_json::to_string(&items).map_err(|e| e.to_string())?)),
            Err(_) => Ok(Err("is a list of other things than text; write text, a number, true, false, null or a list of texts".to_owned())),
        },
        Some(b'{') => Ok(Err("is an object; write text, a number, true, false, null or a list of texts".to_owned())),
        _ => match decimal::from_json_number(json) {
            Ok(number) => present(number),
            Err(error) if gold => Ok(Err(error.to_string())),
            // A prediction that no gold value can equal is wrong, not unreadable.
            Err(_) => present(Cow::Borrowed(json)),
        },
    }
}

/// The text of a JSON string that the parser has passed over once.
fn unescaped(json: &str) -> Result<Cow<'_, str>, String> {
    let inner = &json[1..json.len() - 1];
    if memchr::memchr(b'\\', inner.as_bytes()).is_none() {
        return Ok(Cow::Borrowed(inner));
    }
    serde_json::from_str(json).map(Cow::Owned).map_err(|e| e.to_string())
}

/// Checks of single values. Each says what is wrong and gives nothing then.
impl Faults<'_> {
    pub(super) fn text<'a>(&mut self, key: &str, cell: Cell<'a>) -> Option<Cow<'a, str>> {
        match cell {
            Cell::Text(text) => Some(text),
            Cell::Null => None,
            other => {
                self.wrong(key, format!("is {}; write text", other.type_name()));
                None
            }
        }
    }

    pub(super) fn group<'a>(&mut self, cell: Cell<'a>) -> Option<Cow<'a, str>> {
        match cell {
            Cell::Whole(number) => Some(number.to_string().into()),
            other => self.text("group_id", other),
        }
    }

    pub(super) fn id<'a>(&mut self, cell: Cell<'a>) -> Option<Cow<'a, str>> {
        match cell {
            Cell::Text(id) if !id.is_empty() => Some(id),
            Cell::Text(_) => {
                self.wrong("id", "is empty; write the id of the article");
                None
            }
            other => {
                self.wrong("id", format!("is {}; write the id of the article as text, such as \"a1\"", other.type_name()));
                None
            }
        }
    }

    pub(super) fn offset(&mut self, key: &str, cell: Cell<'_>) -> Option<u32> {
        let message = match cell {
            Cell::Whole(offset) => match u32::try_from(offset) {
                Ok(offset) => return Some(offset),
                Err(_) => format!("is {offset}; no text is that long"),
            },
            Cell::Number(number) if number < 0.0 => "is negative; offsets count from 0".to_owned(),
            Cell::Number(number) => format!("is {number}; write a whole number below 4294967296, without point or exponent"),
            Cell::Null => "is null; leave the key out and give the quote where the place is not known".to_owned(),
            other => format!("is {}; write a whole number", other.type_name()),
        };
        self.wrong(key, message);
        None
    }

    /// `written` tells which of the two keys are there.
    pub(super) fn span(&mut self, start: Option<u32>, end: Option<u32>, written: u16) -> Option<(u32, u32)> {
        match (start, end) {
            (Some(start), Some(end)) if start < end => Some((start, end)),
            (Some(start), Some(end)) => {
                let what = if start == end { "is empty" } else { "is reversed" };
                self.wrong("end", format!("the span from start {start} to end {end} {what}; end is one past the last code point"));
                None
            }
            _ => {
                if written == 0b010 {
                    self.wrong("end", "is missing beside start");
                } else if written == 0b100 {
                    self.wrong("start", "is missing beside end");
                }
                None
            }
        }
    }

    pub(super) fn fragments(&mut self, json: &RawValue) -> Vec<(u32, u32)> {
        if json.get() == "null" {
            return Vec::new();
        }
        match serde_json::from_str::<Vec<(u32, u32)>>(json.get()) {
            Ok(pairs) => match pairs.iter().find(|(start, end)| start >= end) {
                None => pairs,
                Some((start, end)) => {
                    self.wrong("fragments", format!("the span from {start} to {end} is empty or reversed"));
                    Vec::new()
                }
            },
            Err(_) => {
                self.wrong("fragments", "is not a list of [start, end] pairs of whole numbers, such as [[0, 4], [9, 12]]");
                Vec::new()
            }
        }
    }

    pub(super) fn status(&mut self, cell: Cell<'_>) -> ClaimStatus {
        let status = self.text("status", cell).unwrap_or_default().parse();
        status.unwrap_or_else(|message: String| {
            self.wrong("status", message);
            ClaimStatus::Gold
        })
    }

    pub(super) fn tags(&mut self, json: &RawValue) -> Vec<String> {
        serde_json::from_str::<Option<Vec<String>>>(json.get()).map(Option::unwrap_or_default).unwrap_or_else(|_| {
            self.wrong("tags", "is not a list of texts, such as [\"must-find\"]");
            Vec::new()
        })
    }

    pub(super) fn score(&mut self, cell: Cell<'_>) -> Option<f64> {
        let message = match cell {
            Cell::Null => return None,
            Cell::Whole(score) if score <= 1 => return Some(score as f64),
            // Adding zero makes -0.0 a plain 0.
            Cell::Number(score) if (0.0..=1.0).contains(&score) => return Some(score + 0.0),
            Cell::Whole(_) | Cell::Number(_) => "is outside of 0 to 1; a score is a confidence, 1 being certain".to_owned(),
            other => format!("is {}; write a number from 0 to 1", other.type_name()),
        };
        self.wrong("score", message);
        None
    }

    pub(super) fn error_record(&mut self, json: &RawValue) -> Option<RecordedError> {
        #[derive(Deserialize)]
        struct ErrorRecord {
            #[serde(default)]
            kind: String,
            #[serde(default)]
            message: String,
        }
        if let Ok(ErrorRecord { kind, message }) = serde_json::from_str(json.get()) {
            return Some(RecordedError { kind, message });
        }
        match serde_json::from_str::<Option<String>>(json.get()) {
            Ok(Some(message)) => Some(RecordedError { kind: String::new(), message }),
            Ok(None) => None,
            Err(_) => {
                self.wrong("error", "write {\"kind\": \"timeout\", \"message\": \"…\"}");
                None
            }
        }
    }
}
