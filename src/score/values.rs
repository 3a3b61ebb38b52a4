//! Field values and quotes by number, so that matching never looks at text.
//!
//! What holds: two numbers are equal when, and only when, the canonical texts are (but for values that equal nothing, which have
//! a number of their own each). Number 0 is [`ABSENT`]. Numbers mean nothing from one article to the next.

use std::borrow::Cow;
use std::hash::{BuildHasher, Hasher};

use foldhash::fast::RandomState;
use rust_decimal::Decimal;

use crate::claim::{Field, FieldType, Schema, ValueError, decimal, text};

/// The value of a field that is annotated as absent, or that a prediction does not have.
pub(super) const ABSENT: u32 = 0;

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
    number: u32,
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

    pub fn text(&self, number: u32) -> &str {
        self.kept(self.entries[number as usize].text)
    }

    /// The decimal of a value, for tolerances.
    pub fn decimal(&self, number: u32) -> Option<Decimal> {
        decimal::parse(self.text(number)).ok()
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
    pub fn quote(&mut self, quote: &str) -> u32 {
        let folded = text::fold(quote);
        if folded.is_empty() { ABSENT } else { self.canonical(&folded) }
    }

    /// The number of a value as written in the field with that number.
    ///
    /// # Errors
    /// When the text is no value of the field.
    pub fn of_field(&mut self, number: u32, field: &Field, schema: &Schema, written: &str) -> Result<u32, ValueError> {
        if field.field_type == FieldType::Decimal {
            return Ok(self.canonical(&decimal::canonical(written)?));
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
    pub fn local(&mut self, written: &str, lang: &str) -> Option<u32> {
        let canonical: Cow<'_, str> = super::local::canonical(written, lang)?.into();
        Some(self.canonical(&canonical))
    }

    /// A value that equals nothing, not even itself in another claim; the text serves the canonical order.
    pub fn unequal(&mut self, written: &str) -> u32 {
        let text = self.keep(written);
        let number = self.entries.len() as u32;
        self.entries.push(Entry { hash: 0, text, owner: u32::MAX, number });
        number
    }

    fn canonical(&mut self, text: &str) -> u32 {
        let hash = self.hash(0, text);
        match self.find(hash, 0, text) {
            Some(entry) => self.entries[entry].number,
            None => {
                let number = self.entries.len() as u32;
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

    fn insert(&mut self, hash: u64, owner: u32, text: &str, number: u32) {
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
    fn the_table_grows_and_forgets() {
        let mut values = Values::new();
        for article in 0..3 {
            values.next_article();
            let numbers: Vec<u32> = (0..5000).map(|i| values.canonical(&format!("{article}-{i}"))).collect();
            for (i, number) in numbers.iter().enumerate() {
                assert_eq!(values.canonical(&format!("{article}-{i}")), *number);
                assert_eq!(values.text(*number), format!("{article}-{i}"));
            }
        }
        assert_eq!(values.entries.len(), 5001);
    }
}
