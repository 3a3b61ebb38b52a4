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

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

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
            b"id" => {
                seen.once(0)?;
                record.id = at.string()?;
            }
            b"claims" => {
                seen.once(1)?;
                at.claims(reading, record)?;
            }
            b"lang" => record.lang = seen.once(2).and_then(|()| at.optional_string())?,
            b"title" => record.title = seen.once(3).and_then(|()| at.optional_string())?,
            b"published_at" => record.published_at = seen.once(4).and_then(|()| at.optional_string())?,
            b"publisher" => record.publisher = seen.once(5).and_then(|()| at.optional_string())?,
            b"url" => record.url = seen.once(6).and_then(|()| at.optional_string())?,
            b"text" => record.text = seen.once(7).and_then(|()| at.optional_string())?,
            b"error" if reading == Reading::Predictions => return None,
            other => {
                let name = std::str::from_utf8(other).ok()?;
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

/// Which of the known keys an object has had, by their numbers.
#[derive(Default)]
struct Seen(u16);

impl Seen {
    fn once(&mut self, key: u8) -> Option<()> {
        let before = self.0;
        self.0 |= 1 << key;
        (self.0 != before).then_some(())
    }

    fn all(&self, keys: &[u8]) -> bool {
        keys.iter().all(|key| self.0 & (1 << key) != 0)
    }
}

/// Names that are compared one by one; an object with more of them is left to the other reader, which hashes them.
const MOST_NAMES: usize = 32;

/// Whether a name is there already, or nobody looked because there are so many.
fn is_doubled<T>(known: &[(Cow<'_, str>, T)], name: &str) -> bool {
    known.len() >= MOST_NAMES || known.iter().any(|(known, _)| known == name)
}

/// A place in a line.
struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.byte(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// Passes over one byte and the blanks before it.
    fn expect(&mut self, wanted: u8) -> Option<()> {
        self.blanks();
        (self.byte()? == wanted).then(|| self.at += 1)
    }

    /// Whether another item follows: a comma; `false` behind the closing byte.
    fn next_of(&mut self, close: u8) -> Option<bool> {
        self.blanks();
        let byte = self.byte()?;
        self.at += 1;
        match byte {
            b',' => Some(true),
            _ if byte == close => Some(false),
            _ => None,
        }
    }

    /// Whether the object or list that was just opened is closed at once; if so, passes over the end.
    fn empty(&mut self, close: u8) -> Option<bool> {
        self.blanks();
        let empty = self.byte()? == close;
        self.at += usize::from(empty);
        Some(empty)
    }

    fn end(&mut self) -> Option<()> {
        self.blanks();
        (self.at == self.text.len()).then_some(())
    }

    /// A key without escapes, and its colon.
    fn key(&mut self) -> Option<&'a [u8]> {
        self.expect(b'"')?;
        let start = self.at;
        // Whole keys are compared faster than bytes are looked at.
        let rest = &self.text.as_bytes()[start..];
        for usual in [&b"start\":"[..], b"end\":", b"kind\":", b"fields\":", b"value\":", b"score\":"] {
            if rest.starts_with(usual) {
                self.at += usual.len();
                return Some(&rest[..usual.len() - 2]);
            }
        }
        loop {
            match self.byte()? {
                b'"' => break,
                b'\\' | 0..0x20 => return None,
                _ => self.at += 1,
            }
        }
        let key = &self.text.as_bytes()[start..self.at];
        self.at += 1;
        self.expect(b':')?;
        Some(key)
    }

    fn string(&mut self) -> Option<Cow<'a, str>> {
        self.expect(b'"')?;
        let start = self.at;
        // Most strings are short; a long one is an article's text.
        for (i, &byte) in self.text.as_bytes()[start..].iter().take(32).enumerate() {
            match byte {
                b'"' => {
                    self.at = start + i + 1;
                    return self.text.get(start..start + i).map(Cow::Borrowed);
                }
                b'\\' => break,
                0..0x20 => return None,
                _ => {}
            }
        }
        self.long_string(start)
    }

    fn long_string(&mut self, start: usize) -> Option<Cow<'a, str>> {
        let bytes = self.text.as_bytes();
        let mut end = start + memchr::memchr2(b'"', b'\\', &bytes[start..])?;
        let escaped = bytes[end] == b'\\';
        while bytes[end] == b'\\' {
            end += 2;
            end += memchr::memchr2(b'"', b'\\', bytes.get(end..)?)?;
        }
        self.at = end + 1;
        if escaped {
            return serde_json::from_str(self.text.get(start - 1..self.at)?).ok().map(Cow::Owned);
        }
        let string = self.text.get(start..end)?;
        string.bytes().all(|b| b >= 0x20).then_some(Cow::Borrowed(string))
    }

    fn optional_string(&mut self) -> Option<Option<Cow<'a, str>>> {
        self.blanks();
        match self.byte()? {
            b'n' => self.word("null").map(|_| None),
            _ => self.string().map(Some),
        }
    }

    fn word(&mut self, word: &str) -> Option<&'a str> {
        let found = self.text.get(self.at..self.at + word.len())?;
        self.at += word.len();
        (found == word).then_some(found)
    }

    /// Anything nested, by the library's reader.
    fn value<T: Deserialize<'a>>(&mut self) -> Option<T> {
        let mut values = serde_json::Deserializer::from_str(self.text.get(self.at..)?).into_iter();
        let value = values.next()?.ok();
        self.at += values.byte_offset();
        value
    }

    /// A number of JSON's grammar.
    fn number(&mut self) -> Option<&'a str> {
        let start = self.at;
        self.at += usize::from(self.byte()? == b'-');
        match self.byte()? {
            b'0' => self.at += 1,
            b'1'..=b'9' => self.digits()?,
            _ => return None,
        }
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.byte(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.byte()?, b'+' | b'-'));
            self.digits()?;
        }
        self.text.get(start..self.at)
    }

    /// One digit or more.
    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while matches!(self.byte(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    /// An offset: a whole number below 2^32 without sign, point and exponent.
    fn offset(&mut self) -> Option<u32> {
        self.blanks();
        let start = self.at;
        let mut offset = 0u64;
        while let Some(digit @ b'0'..=b'9') = self.byte() {
            offset = offset.checked_mul(10)?.checked_add(u64::from(digit - b'0'))?;
            self.at += 1;
        }
        let length = self.at - start;
        let plain = length > 0 && (length == 1 || self.text.as_bytes()[start] != b'0');
        let ends = matches!(self.byte()?, b',' | b'}' | b' ' | b'\t' | b'\r' | b'\n');
        u32::try_from(offset).ok().filter(|_| plain && ends)
    }

    /// A confidence in 0..=1.
    fn score(&mut self) -> Option<Option<f64>> {
        self.blanks();
        if self.byte()? == b'n' {
            return self.word("null").map(|_| None);
        }
        let score: f64 = self.number()?.parse().ok()?;
        // Adding zero makes -0.0 a plain 0.
        (0.0..=1.0).contains(&score).then_some(Some(score + 0.0))
    }

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
            match self.key()? {
                b"start" => start = Some(seen.once(0).and_then(|()| self.offset())?),
                b"end" => end = Some(seen.once(1).and_then(|()| self.offset())?),
                b"quote" => row.quote = seen.once(2).and_then(|()| self.optional_string())?.unwrap_or_default(),
                b"kind" => row.kind = seen.once(3).and_then(|()| self.optional_string())?.unwrap_or_default(),
                b"fields" => seen.once(4).and_then(|()| self.fields(reading, record))?,
                b"score" => row.score = seen.once(5).and_then(|()| self.score())?,
                b"id" => row.id = seen.once(6).and_then(|()| self.optional_string())?.unwrap_or_default(),
                b"tracking_id" => row.tracking_id = seen.once(7).and_then(|()| self.optional_string())?.unwrap_or_default(),
                b"prefix" => row.prefix = seen.once(8).and_then(|()| self.optional_string())?.unwrap_or_default(),
                b"suffix" => row.suffix = seen.once(9).and_then(|()| self.optional_string())?.unwrap_or_default(),
                b"fragments" => {
                    let pairs: Vec<(u32, u32)> = seen.once(10).and_then(|()| self.value())?;
                    pairs.iter().all(|(start, end)| start < end).then_some(())?;
                    record.claims.push_fragments(pairs);
                }
                b"status" if gold => {
                    let status = seen.once(11).and_then(|()| self.optional_string())?;
                    row.status = status.unwrap_or_default().parse().ok()?;
                }
                b"tags" if gold => record.claims.push_tags(seen.once(12).and_then(|()| self.value::<Vec<String>>())?),
                _ => return None,
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
        if gold && row.offsets.is_none() && row.quote.is_empty() && record.claims.open_fragments().is_empty() {
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
            let name = std::str::from_utf8(self.key()?).ok()?;
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
        self.blanks();
        let json = match self.byte()? {
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
