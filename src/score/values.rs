//! Field values and quotes by number, so that matching never looks at text.
//!
//! What holds: two numbers are equal when, and only when, the canonical texts are (but for values that equal nothing, which have
//! a number of their own each). Number 0 is [`ABSENT`]. A decimal of few digits is its own number; other texts are numbered as they
//! come, and their numbers mean nothing from one article to the next.

use std::borrow::Cow;
use std::hash::{BuildHasher, Hasher};

use foldhash::fast::RandomState;
use rust_decimal::Decimal;

use crate::claim::{Field, FieldType, Schema, ValueError, decimal, text};

/// The number of a value.
pub(super) type Value = u64;

/// The value of a field that is annotated as absent, or that a prediction does not have.
pub(super) const ABSENT: Value = 0;

/// Numbers with this bit are decimals: digits, which are below 10^17, and in the last 5 bits the places behind the point.
const IS_DECIMAL: Value = 1 << 63;

/// Code of a positive decimal of the shortest form with at most 17 digits; `None` for anything else.
pub(super) fn short_decimal(text: &str) -> Option<Value> {
    let bytes = text.as_bytes();
    if bytes.is_empty() || bytes.len() > 17 {
        return None;
    }
    let (mut digits, mut whole) = (0u64, bytes.len());
    for (i, &byte) in bytes.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            digits = digits * 10 + u64::from(digit);
        } else if byte == b'.' && whole == bytes.len() {
            whole = i;
        } else {
            return None;
        }
    }
    let is_whole = whole == bytes.len();
    let shortest = whole > 0 && (bytes[0] != b'0' || whole == 1) && (is_whole || !matches!(bytes[bytes.len() - 1], b'0' | b'.'));
    let places = if is_whole { 0 } else { bytes.len() - 1 - whole } as u64;
    shortest.then_some(IS_DECIMAL | digits << 5 | places)
}

/// The text that [`short_decimal`] was given.
fn written_out(code: Value) -> String {
    let (digits, places) = ((code & !IS_DECIMAL) >> 5, (code & 31) as usize);
    if places == 0 {
        return digits.to_string();
    }
    let padded = format!("{digits:0>width$}", width = places + 1);
    let (whole, fraction) = padded.split_at(padded.len() - places);
    format!("{whole}.{fraction}")
}

/// Entries that are kept from one article to the next: units, bounds and places come again, figures do not.
const KEPT: usize = 512;

/// Table places that are kept.
const KEPT_SLOTS: usize = 2048;

/// Text in the buffer of [`Values`].
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Kept {
    start: usize,
    length: usize,
}

#[derive(Clone, Copy)]
struct Entry {
    hash: u64,
    text: Kept,
    /// 0 for canonical texts; n for texts as written in field n - 1.
    owner: u32,
    /// The number of the canonical text.
    number: Value,
}

pub(super) struct Values {
    texts: String,
    entries: Vec<Entry>,
    /// Open addressing: number of an entry plus 1, 0 where free. At most half full; the length is a power of two.
    slots: Vec<u32>,
    /// Seeded anew in each process, so that no file can be made to collide.
    hashing: RandomState,
}

impl Values {
    pub fn new() -> Values {
        let mut values = Values { texts: String::new(), entries: Vec::new(), slots: Vec::new(), hashing: RandomState::default() };
        values.forget();
        values
    }

    /// Begins an article: numbers of the one before lose their meaning.
    pub fn next_article(&mut self) {
        if self.entries.len() > KEPT || self.texts.len() > 64 * KEPT {
            self.forget();
        }
    }

    fn forget(&mut self) {
        self.texts.clear();
        self.texts.shrink_to(1 << 20);
        self.entries.clear();
        self.entries.shrink_to(1 << 16);
        self.slots.clear();
        self.slots.shrink_to(1 << 17);
        self.slots.resize(KEPT_SLOTS, 0);
        self.entries.push(Entry { hash: 0, text: Kept::default(), owner: u32::MAX, number: ABSENT });
    }

    /// The canonical text of a value.
    pub fn text(&self, number: Value) -> Cow<'_, str> {
        if number & IS_DECIMAL != 0 {
            return written_out(number).into();
        }
        self.kept(self.entries[number as usize].text).into()
    }

    /// The decimal of a value, for tolerances.
    pub fn decimal(&self, number: Value) -> Option<Decimal> {
        decimal::parse(&self.text(number)).ok()
    }

    pub fn kept(&self, kept: Kept) -> &str {
        self.texts.get(kept.start..kept.start + kept.length).unwrap_or_default()
    }

    /// Keeps a text without giving it a number.
    pub fn keep(&mut self, text: &str) -> Kept {
        if text.is_empty() {
            return Kept::default();
        }
        let start = self.texts.len();
        self.texts.push_str(text);
        Kept { start, length: text.len() }
    }

    /// The number of a quote after folding; [`ABSENT`] where nothing is left of it.
    pub fn quote(&mut self, quote: &str) -> Value {
        let folded = text::fold(quote);
        if folded.is_empty() { ABSENT } else { self.canonical(&folded) }
    }

    /// The number of a value as written in the field with that number.
    ///
    /// # Errors
    /// When the text is no value of the field.
    pub fn of_field(&mut self, number: u32, field: &Field, schema: &Schema, written: &str) -> Result<Value, ValueError> {
        if field.field_type == FieldType::Decimal {
            if let Some(code) = short_decimal(written) {
                return Ok(code);
            }
            return Ok(self.decimal_text(&decimal::canonical(written)?));
        }
        let hash = self.hash(number + 1, written);
        if let Some(entry) = self.find(hash, number + 1, written) {
            return Ok(self.entries[entry].number);
        }
        let canonical = self.canonical(&schema.key(field, written)?);
        self.insert(hash, number + 1, written, canonical);
        Ok(canonical)
    }

    /// The number of a decimal that was read by the article's language.
    pub fn local(&mut self, written: &str, lang: &str) -> Option<Value> {
        super::local::canonical(written, lang).map(|canonical| self.decimal_text(&canonical))
    }

    fn decimal_text(&mut self, canonical: &str) -> Value {
        short_decimal(canonical).unwrap_or_else(|| self.canonical(canonical))
    }

    /// A value that equals nothing, not even itself in another claim; the text serves the canonical order.
    pub fn unequal(&mut self, written: &str) -> Value {
        let text = self.keep(written);
        let number = self.entries.len() as Value;
        self.entries.push(Entry { hash: 0, text, owner: u32::MAX, number });
        number
    }

    fn canonical(&mut self, text: &str) -> Value {
        let hash = self.hash(0, text);
        match self.find(hash, 0, text) {
            Some(entry) => self.entries[entry].number,
            None => {
                let number = self.entries.len() as Value;
                self.insert(hash, 0, text, number);
                number
            }
        }
    }

    fn hash(&self, owner: u32, text: &str) -> u64 {
        let mut hasher = self.hashing.build_hasher();
        hasher.write(text.as_bytes());
        hasher.write_u32(owner);
        hasher.finish()
    }

    fn find(&self, hash: u64, owner: u32, text: &str) -> Option<usize> {
        let mut at = hash as usize & (self.slots.len() - 1);
        loop {
            let entry = self.slots[at].checked_sub(1)? as usize;
            let found = &self.entries[entry];
            if found.hash == hash && found.owner == owner && self.kept(found.text) == text {
                return Some(entry);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    fn insert(&mut self, hash: u64, owner: u32, text: &str, number: Value) {
        let text = self.keep(text);
        self.entries.push(Entry { hash, text, owner, number });
        if self.entries.len() * 2 > self.slots.len() {
            let length = self.slots.len() * 2;
            self.slots.clear();
            self.slots.resize(length, 0);
            for entry in 1..self.entries.len() {
                if self.entries[entry].owner != u32::MAX {
                    self.place(entry);
                }
            }
        } else {
            self.place(self.entries.len() - 1);
        }
    }

    fn place(&mut self, entry: usize) {
        let mut at = self.entries[entry].hash as usize & (self.slots.len() - 1);
        while self.slots[at] != 0 {
            at = (at + 1) & (self.slots.len() - 1);
        }
        self.slots[at] = entry as u32 + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_have_one_number_and_unequal_ones_none_in_common() {
        let schema = Schema::default();
        let mut values = Values::new();
        for _ in 0..3 {
            values.next_article();
            let mut of = |name: &str, written: &str| {
                let field = schema.field(name).unwrap();
                let number = schema.fields.iter().position(|f| f.name == name).unwrap() as u32;
                values.of_field(number, field, &schema, written)
            };
            assert_eq!(of("value", "37000"), of("value", "037000.0"));
            assert_eq!(of("unit", "Person"), of("unit", " person"));
            assert_eq!(of("period", "2023-Q1"), of("period", "2023-01/2023-03"));
            assert_ne!(of("unit", "person"), of("unit", "USD"));
            assert!(of("value", "37,000").is_err() && of("bound", "abuot").is_err());
            assert_ne!(values.unequal("37,000"), values.unequal("37,000"));
        }
    }

    #[test]
    fn decimals_are_their_own_numbers() {
        for text in ["0", "7", "37000", "0.5", "1.05", "0.001", "12345678901234567", "1234567890123456.7", "10"] {
            let code = short_decimal(text).filter(|_| text.len() <= 17);
            assert_eq!(code.map(written_out).as_deref(), (text.len() <= 17).then_some(text));
        }
        for text in ["", ".5", "5.", "00", "01", "1.50", "-1", "1e3", "1,5", "123456789012345678"] {
            assert_eq!(short_decimal(text), None, "{text}");
        }
        let schema = Schema::default();
        let value = schema.field("value").unwrap();
        let mut values = Values::new();
        let mut of = |written: &str| values.of_field(0, value, &schema, written).unwrap();
        for (a, b) in [("1.50", "1.5"), ("-0", "0"), ("-3.0", "-3"), ("00012345678901234567890", "12345678901234567890")] {
            assert_eq!(of(a), of(b), "{a} {b}");
        }
        assert!(of("-3") != of("3") && of("12345678901234567890") != of("12345678901234567891"));
    }

    #[test]
    fn the_table_grows_and_forgets() {
        let mut values = Values::new();
        for article in 0..3 {
            values.next_article();
            let numbers: Vec<Value> = (0..5000).map(|i| values.canonical(&format!("{article}-{i}"))).collect();
            for (i, number) in numbers.iter().enumerate() {
                assert_eq!(values.canonical(&format!("{article}-{i}")), *number);
                assert_eq!(values.text(*number), format!("{article}-{i}"));
            }
        }
        assert_eq!(values.entries.len(), 5001);
    }
}
