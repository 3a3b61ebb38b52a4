//! The usual form of a line, read without detours: the hot path of reading.
//!
//! This reader takes a part of what [`super::parse`] takes and understands it in the same way, or it gives up; then the other one
//! reads the line again and says what is wrong with it, if anything is. So nothing here makes a message, and whatever is rare
//! (escaped or unknown keys of a claim, error records, doubled keys, numbers out of bounds) is left to the other one.
//!
//! What holds throughout:
//! - the line is UTF-8, and the cursor stands between two bytes of which one is ASCII, so that every cut is at a character
//! - a key or value is taken only when all of it is well-formed JSON: a string without raw control characters, a number of the
//!   grammar; whatever is nested is left to serde_json
//! - each key of an object is taken once
//!
//! A test compares the two readers over lines of every kind.

mod cursor;
mod keys;

use std::borrow::Cow;

use serde_json::value::RawValue;

use cursor::Cursor;
use keys::{Key, Seen, is_doubled};

use super::Reading;
use super::parse::{LONGEST_COLUMN, field_state};
use super::record::{RawRow, Record};
use crate::claim::FieldState;
/// Reads a line into an empty record. `None`: the line is not of the usual form, and the record is half filled.
pub(super) fn read_line<'a>(line: &'a str, reading: Reading, record: &mut Record<'a>) -> Option<()> {
    let mut at = Cursor { text: line, at: 0 };
    let mut seen = Seen::default();
    at.expect(b'{')?;
    loop {
        match at.key()? {
            "id" => {
                seen.once(0)?;
                record.id = at.string()?;
            }
            "claims" => {
                seen.once(1)?;
                at.claims(reading, record)?;
            }
            "lang" => record.lang = seen.once(2).and_then(|()| at.optional_string())?,
            "title" => record.title = seen.once(3).and_then(|()| at.optional_string())?,
            "published_at" => record.published_at = seen.once(4).and_then(|()| at.optional_string())?,
            "publisher" => record.publisher = seen.once(5).and_then(|()| at.optional_string())?,
            "url" => record.url = seen.once(6).and_then(|()| at.optional_string())?,
            "text" => record.text = seen.once(7).and_then(|()| at.optional_string())?,
            "error" if reading == Reading::Predictions => return None,
            name => {
                let value = at.string()?;
                if value.len() > LONGEST_COLUMN || is_doubled(&record.columns, name) {
                    return None;
                }
                record.columns.push((Cow::Borrowed(name), value));
            }
        }
        if !at.next_of(b'}')? {
            break;
        }
    }
    at.end()?;
    (seen.all(&[0, 1]) && !record.id.is_empty()).then_some(())
}

impl<'a> Cursor<'a> {
    fn claims(&mut self, reading: Reading, record: &mut Record<'a>) -> Option<()> {
        self.expect(b'[')?;
        if self.empty(b']')? {
            return Some(());
        }
        loop {
            self.claim(reading, record)?;
            if !self.next_of(b']')? {
                return Some(());
            }
        }
    }

    fn claim(&mut self, reading: Reading, record: &mut Record<'a>) -> Option<()> {
        let gold = reading == Reading::Gold;
        let mut row = RawRow::default();
        let (mut start, mut end) = (None, None);
        let mut seen = Seen::default();
        self.expect(b'{')?;
        if self.empty(b'}')? {
            return None;
        }
        loop {
            let key = self.claim_key()?;
            seen.once(key as u8)?;
            match key {
                Key::Start => start = Some(self.offset()?),
                Key::End => end = Some(self.offset()?),
                Key::Quote => row.quote = self.optional_string()?.unwrap_or_default(),
                Key::Kind => row.kind = self.optional_string()?.unwrap_or_default(),
                Key::Fields => self.fields(reading, record)?,
                Key::Score => row.score = self.score()?,
                Key::Id => row.id = self.optional_string()?.unwrap_or_default(),
                Key::TrackingId => row.tracking_id = self.optional_string()?.unwrap_or_default(),
                Key::Prefix => row.prefix = self.optional_string()?.unwrap_or_default(),
                Key::Suffix => row.suffix = self.optional_string()?.unwrap_or_default(),
                Key::Fragments => {
                    let pairs: Vec<(u32, u32)> = self.value()?;
                    pairs.iter().all(|(start, end)| start < end).then_some(())?;
                    record.claims.push_fragments(pairs);
                }
                Key::Status if gold => row.status = self.optional_string()?.unwrap_or_default().parse().ok()?,
                Key::Tags if gold => record.claims.push_tags(self.value::<Vec<String>>()?),
                Key::Status | Key::Tags => return None,
            }
            if !self.next_of(b'}')? {
                break;
            }
        }
        row.offsets = match (start, end) {
            (Some(start), Some(end)) if start < end => Some((start, end)),
            (None, None) => None,
            _ => return None,
        };
        let has_place = row.offsets.is_some() || !row.quote.is_empty();
        if gold && !has_place && record.claims.open_fragments().is_empty() {
            return None;
        }
        record.claims.push(row);
        Some(())
    }

    fn fields(&mut self, reading: Reading, record: &mut Record<'a>) -> Option<()> {
        self.expect(b'{')?;
        if self.empty(b'}')? {
            return Some(());
        }
        let mut any_absent = false;
        loop {
            let name = self.field_name()?;
            if is_doubled(record.claims.open_fields(), name) {
                return None;
            }
            let state = self.field(reading)?;
            any_absent |= state == FieldState::Absent;
            record.claims.push_field((Cow::Borrowed(name), state));
            if !self.next_of(b'}')? {
                break;
            }
        }
        if any_absent && reading == Reading::Predictions {
            record.claims.drop_absent();
        }
        Some(())
    }

    fn field(&mut self, reading: Reading) -> Option<FieldState<Cow<'a, str>>> {
        let json = match self.next_byte()? {
            b'"' => {
                let text = self.string()?;
                return match (text.is_empty(), reading) {
                    (false, _) => Some(FieldState::Present(text)),
                    (true, Reading::Predictions) => Some(FieldState::Absent),
                    (true, Reading::Gold) => None,
                };
            }
            b'n' => self.word("null")?,
            b't' => self.word("true")?,
            b'f' => self.word("false")?,
            b'[' => self.value::<&RawValue>()?.get(),
            _ => self.number()?,
        };
        field_state(json, reading).ok()?.ok()
    }
}
