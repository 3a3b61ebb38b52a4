//! Between code points, bytes and UTF-16 units of one text.

use std::borrow::Cow;
use std::cell::OnceCell;

use serde::{Deserialize, Serialize};

use crate::claim::Fragments;

/// What offsets count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OffsetUnit {
    /// Unicode code points, as Python counts.
    #[default]
    Codepoint,
    /// UTF-16 code units, as JavaScript and Java count.
    Utf16,
    /// Bytes of UTF-8, as Rust and Go count.
    Byte,
}

/// Code points of a text by number, and back. Memory: a sixteenth of the text, nothing for ASCII.
#[derive(Debug)]
pub struct CodePoints<'t> {
    text: &'t str,
    /// `None` for ASCII, where code points, UTF-16 units and bytes are one.
    points: Option<Counts>,
    /// UTF-16 units, when somebody asks for them.
    utf16: OnceCell<Counts>,
}

impl<'t> CodePoints<'t> {
    /// Counts a text.
    pub fn new(text: &'t str) -> Self {
        let points = (!text.is_ascii()).then(|| Counts::new(text, code_points_at));
        CodePoints { text, points, utf16: OnceCell::new() }
    }

    /// Code points of the text.
    pub fn count(&self) -> usize {
        self.points.as_ref().map_or(self.text.len(), |points| points.all)
    }

    /// The byte where a code point begins; `count()` gives the end of the text.
    pub fn byte(&self, code_point: usize) -> Option<usize> {
        match &self.points {
            None => (code_point <= self.text.len()).then_some(code_point),
            Some(points) => points.byte_of(code_point, self.text, code_points_at),
        }
    }

    /// The code point that begins at a byte; `None` inside of one or behind the text.
    pub fn at_byte(&self, byte: usize) -> Option<usize> {
        if !self.text.is_char_boundary(byte) {
            return None;
        }
        Some(self.points.as_ref().map_or(byte, |points| points.before(byte, self.text, code_points_at)))
    }

    /// The code point that begins at a UTF-16 unit; `None` inside of a pair or behind the text.
    pub fn at_utf16(&self, unit: usize) -> Option<usize> {
        if self.points.is_none() {
            return (unit <= self.text.len()).then_some(unit);
        }
        let units = self.utf16.get_or_init(|| Counts::new(self.text, utf16_units_at));
        self.at_byte(units.byte_of(unit, self.text, utf16_units_at)?)
    }

    /// An offset in some unit as a code point.
    pub fn at(&self, offset: u32, unit: OffsetUnit) -> Option<usize> {
        let offset = offset as usize;
        match unit {
            OffsetUnit::Codepoint => (offset <= self.count()).then_some(offset),
            OffsetUnit::Utf16 => self.at_utf16(offset),
            OffsetUnit::Byte => self.at_byte(offset),
        }
    }

    /// The text of a half-open range of code points.
    pub fn slice(&self, start: usize, end: usize) -> Option<&'t str> {
        self.text.get(self.byte(start)?..self.byte(end)?)
    }

    /// The texts of fragments, joined with one space as [`Fragments::quote`] does. `None` when one ends behind the text.
    pub fn quote(&self, fragments: &Fragments) -> Option<Cow<'t, str>> {
        let mut slices = fragments.spans().iter().map(|span| self.slice(span.start() as usize, span.end() as usize));
        let mut quote = Cow::Borrowed(slices.next().unwrap_or(Some(""))?);
        for slice in slices {
            let quote = quote.to_mut();
            quote.push(' ');
            quote.push_str(slice?);
        }
        Some(quote)
    }

    /// The text itself.
    pub fn text(&self) -> &'t str {
        self.text
    }
}

/// Bytes between two places where the units of a text are counted.
const BLOCK: usize = 64;

/// How many units of a text begin before each block of its bytes. What begins at a byte (0, 1 or 2 units) is asked anew inside
/// of a block: that is faster than a table of all of them is made.
#[derive(Debug)]
struct Counts {
    before: Vec<u32>,
    all: usize,
}

impl Counts {
    fn new(text: &str, units_at: impl Fn(u8) -> u8) -> Counts {
        let mut all = 0;
        let blocks = text.as_bytes().chunks(BLOCK).map(|block| {
            let before = all as u32;
            all += sum(block, &units_at);
            before
        });
        let before = blocks.collect();
        Counts { before, all }
    }

    /// Units that begin before a byte of the text or its end.
    fn before(&self, byte: usize, text: &str, units_at: impl Fn(u8) -> u8) -> usize {
        match self.before.get(byte / BLOCK) {
            Some(&before) => before as usize + sum(&text.as_bytes()[byte / BLOCK * BLOCK..byte], units_at),
            None => self.all,
        }
    }

    /// The byte where a unit begins, or the end of the text for the number of units. `None` when no character begins there.
    fn byte_of(&self, unit: usize, text: &str, units_at: impl Fn(u8) -> u8) -> Option<usize> {
        if unit >= self.all {
            return (unit == self.all).then_some(text.len());
        }
        let block = self.before.partition_point(|&before| before as usize <= unit).checked_sub(1)?;
        let mut at = self.before[block] as usize;
        for (byte, &b) in text.as_bytes().iter().enumerate().skip(block * BLOCK) {
            let units = usize::from(units_at(b));
            if units > 0 && at >= unit {
                return (at == unit).then_some(byte);
            }
            at += units;
        }
        None
    }
}

fn sum(block: &[u8], units_at: impl Fn(u8) -> u8) -> usize {
    // Two units at most for each of 64 bytes: a byte holds the sum, and wrapping lets many be added at once.
    usize::from(block.iter().fold(0u8, |sum, &b| sum.wrapping_add(units_at(b))))
}

fn code_points_at(byte: u8) -> u8 {
    u8::from(byte & 0b1100_0000 != 0b1000_0000)
}

fn utf16_units_at(byte: u8) -> u8 {
    code_points_at(byte) + u8::from(byte >= 0b1111_0000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_units_agree_on_every_boundary_and_nowhere_else() {
        let short = ["", "plain", "caf\u{e9} 🌊👨‍👩‍👧 \u{1ee5}x", "\r\n🌊"].map(str::to_owned);
        // With characters of every width at and across the edges of blocks, and ends right at an edge.
        let long = ["a", "\u{e9}", "中", "🌊", "x🌊中\u{e9}"].into_iter().flat_map(|unit| {
            (0..4).flat_map(move |shift| [64, 65, 200].map(|length| "é🌊b".repeat(shift) + &unit.repeat(length) + &"b".repeat(shift)))
        });
        for text in short.into_iter().chain(long) {
            let points = CodePoints::new(&text);
            let (mut byte, mut utf16) = (0, 0);
            for (i, c) in text.chars().enumerate() {
                assert_eq!((points.at_byte(byte), points.at_utf16(utf16), points.byte(i)), (Some(i), Some(i), Some(byte)), "{text}");
                if c.len_utf8() > 1 {
                    assert_eq!(points.at_byte(byte + 1), None);
                }
                if c.len_utf16() > 1 {
                    assert_eq!(points.at_utf16(utf16 + 1), None);
                }
                byte += c.len_utf8();
                utf16 += c.len_utf16();
            }
            assert_eq!((points.at_byte(byte), points.at_utf16(utf16)), (Some(points.count()), Some(points.count())));
            assert_eq!((points.at_byte(byte + 1), points.at_utf16(utf16 + 1)), (None, None));
            assert_eq!((points.byte(points.count()), points.byte(points.count() + 1)), (Some(byte), None));
        }
    }

    #[test]
    fn fragments_are_joined_as_quotes_are_written() {
        let (text, span) = ("caf\u{e9} 🌊: 12 dead", |start, end| crate::claim::Span::new(start, end).unwrap());
        for spans in [vec![], vec![span(0, 4)], vec![span(5, 6), span(8, 10)], vec![span(0, 1), span(11, 15)], vec![span(8, 99)]] {
            let fragments: Fragments = spans.into_iter().collect();
            assert_eq!(CodePoints::new(text).quote(&fragments).map(Cow::into_owned), fragments.quote(text));
        }
    }
}
