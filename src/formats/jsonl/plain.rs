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

/// Keys of a claim.
#[derive(Clone, Copy)]
enum Key {
    Start,
    End,
    Quote,
    Kind,
    Fields,
    Score,
    Id,
    TrackingId,
    Prefix,
    Suffix,
    Fragments,
    Status,
    Tags,
}

impl Key {
    fn of(name: &str) -> Option<Key> {
        Some(match name {
            "start" => Key::Start,
            "end" => Key::End,
            "quote" => Key::Quote,
            "kind" => Key::Kind,
            "fields" => Key::Fields,
            "score" => Key::Score,
            "id" => Key::Id,
            "tracking_id" => Key::TrackingId,
            "prefix" => Key::Prefix,
            "suffix" => Key::Suffix,
            "fragments" => Key::Fragments,
            "status" => Key::Status,
            "tags" => Key::Tags,
            _ => return None,
        })
    }
}

/// Up to eight bytes as a number, as [`Cursor::eight`] gives them.
const fn word(bytes: &[u8]) -> u64 {
    let (mut word, mut i) = (0, 0);
    while i < bytes.len() {
        word |= (bytes[i] as u64) << (8 * i);
        i += 1;
    }
    word
}

/// Keys with their quotation marks and colon, of eight bytes at the most.
const START: u64 = word(b"\"start\":");
const END: u64 = word(b"\"end\":");
const QUOTE: u64 = word(b"\"quote\":");
const KIND: u64 = word(b"\"kind\":");
const FIELDS: u64 = word(b"\"fields\"");
const SCORE: u64 = word(b"\"score\":");
const VALUE: u64 = word(b"\"value\":");

/// A place in a line.
struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a [u8] {
        // Never behind the end, so that this is no panic and costs a comparison.
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte behind blanks, which is not passed over.
    fn next_byte(&mut self) -> Option<u8> {
        loop {
            match self.byte()? {
                b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
                byte => return Some(byte),
            }
        }
    }

    /// Passes over one byte and the blanks before it.
    fn expect(&mut self, wanted: u8) -> Option<()> {
        (self.next_byte()? == wanted).then(|| self.at += 1)
    }

    /// Whether another item follows: a comma; `false` behind the closing byte.
    fn next_of(&mut self, close: u8) -> Option<bool> {
        let byte = self.next_byte()?;
        self.at += 1;
        match byte {
            b',' => Some(true),
            _ if byte == close => Some(false),
            _ => None,
        }
    }

    /// Whether the object or list that was just opened is closed at once; if so, passes over the end.
    fn empty(&mut self, close: u8) -> Option<bool> {
        let empty = self.next_byte()? == close;
        self.at += usize::from(empty);
        Some(empty)
    }

    fn end(&mut self) -> Option<()> {
        self.next_byte().is_none().then_some(())
    }

    /// The next eight bytes, the first one lowest.
    fn eight(&self) -> Option<u64> {
        let bytes = self.text.as_bytes().get(self.at..)?.first_chunk()?;
        Some(u64::from_le_bytes(*bytes))
    }

    /// A key without escapes, and its colon.
    fn key(&mut self) -> Option<&'a str> {
        self.expect(b'"')?;
        let start = self.at;
        let end = start + special(self.rest())?;
        (self.text.as_bytes()[end] == b'"').then_some(())?;
        self.at = end + 1;
        self.expect(b':')?;
        self.text.get(start..end)
    }

    /// A key of a claim. Most are told from eight bytes, with the colon where it stands right behind.
    fn claim_key(&mut self) -> Option<Key> {
        self.at += usize::from(self.byte()? == b' ');
        let eight = self.eight().unwrap_or_default();
        let (key, length) = match eight {
            START => (Key::Start, 8),
            QUOTE => (Key::Quote, 8),
            SCORE => (Key::Score, 8),
            _ if eight << 16 == END << 16 => (Key::End, 6),
            _ if eight << 8 == KIND << 8 => (Key::Kind, 7),
            FIELDS if self.text.as_bytes().get(self.at + 8) == Some(&b':') => (Key::Fields, 9),
            _ => return Key::of(self.key()?),
        };
        self.at += length;
        Some(key)
    }

    /// The name of a field, and its colon.
    fn field_name(&mut self) -> Option<&'a str> {
        if self.eight() == Some(VALUE) {
            self.at += 8;
            return Some("value");
        }
        self.key()
    }

    fn string(&mut self) -> Option<Cow<'a, str>> {
        self.expect(b'"')?;
        let start = self.at;
        let end = start + special(self.rest())?;
        match self.text.as_bytes()[end] {
            b'"' => {
                self.at = end + 1;
                self.text.get(start..end).map(Cow::Borrowed)
            }
            b'\\' => self.escaped_string(start, end),
            _ => None,
        }
    }

    /// The rest of a string with its first escape.
    fn escaped_string(&mut self, start: usize, first: usize) -> Option<Cow<'a, str>> {
        let bytes = self.text.as_bytes();
        let mut end = first;
        while bytes[end] == b'\\' {
            end += 2;
            end += memchr::memchr2(b'"', b'\\', bytes.get(end..)?)?;
        }
        self.at = end + 1;
        serde_json::from_str(self.text.get(start - 1..self.at)?).ok().map(Cow::Owned)
    }

    fn optional_string(&mut self) -> Option<Option<Cow<'a, str>>> {
        match self.next_byte()? {
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
        let count = self.rest().iter().take_while(|b| b.is_ascii_digit()).count();
        self.at += count;
        (count > 0).then_some(())
    }

    /// An offset: a whole number of at most nine digits without sign, point and exponent.
    fn offset(&mut self) -> Option<u32> {
        let first = self.next_byte()?;
        let mut offset = 0;
        let mut length = 0;
        for &byte in self.rest().iter().take(9) {
            let digit = byte.wrapping_sub(b'0');
            if digit > 9 {
                break;
            }
            offset = offset * 10 + u32::from(digit);
            length += 1;
        }
        self.at += length;
        let plain = length > 0 && (length == 1 || first != b'0');
        let ends = matches!(self.byte()?, b',' | b'}' | b' ' | b'\t' | b'\r' | b'\n');
        (plain && ends).then_some(offset)
    }

    /// A confidence in 0..=1.
    fn score(&mut self) -> Option<Option<f64>> {
        if self.next_byte()? == b'n' {
            return self.word("null").map(|_| None);
        }
        let number = self.number()?;
        let score = short_fraction(number).or_else(|| number.parse().ok())?;
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

/// Place of the first quotation mark, backslash or control character: eight bytes at a time.
fn special(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = ONES << 7;
    // The lowest byte that is flagged is one that is zero; those above it may be flagged by a borrow.
    let zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGHS;
    let mut from = 0;
    while let Some(word) = bytes[from..].first_chunk() {
        let word = u64::from_le_bytes(*word);
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGHS;
        let found = zero(word ^ (ONES * u64::from(b'"'))) | zero(word ^ (ONES * u64::from(b'\\'))) | control;
        if found != 0 {
            return Some(from + found.trailing_zeros() as usize / 8);
        }
        from += 8;
    }
    let place = bytes[from..].iter().position(|&b| b == b'"' || b == b'\\' || b < 0x20)?;
    Some(from + place)
}

/// A number such as 0.8814, exactly as the standard library reads it: digits below 2^53 divided by a power of ten that a float
/// holds exactly are rounded once (Clinger 1990).
fn short_fraction(number: &str) -> Option<f64> {
    const POWERS: [f64; 16] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
    let digits = number.strip_prefix("0.").filter(|digits| digits.len() < POWERS.len())?;
    let mut mantissa = 0u64;
    for byte in digits.bytes() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        mantissa = mantissa * 10 + u64::from(digit);
    }
    Some(mantissa as f64 / POWERS[digits.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn fractions_are_those_of_the_standard_library(digits in "[0-9]{0,17}") {
            let number = format!("0.{digits}");
            if let Some(fraction) = short_fraction(&number) {
                proptest::prop_assert_eq!(Ok(fraction.to_bits()), number.parse().map(f64::to_bits));
            }
        }

        #[test]
        fn special_bytes_are_found_where_they_are(text in "[a-zé\"\\\\\u{1}\u{1f} !\u{7f}\u{80}\u{a2}]{0,40}") {
            let place = text.bytes().position(|b| b == b'"' || b == b'\\' || b < 0x20);
            proptest::prop_assert_eq!(special(text.as_bytes()), place);
        }
    }
}
