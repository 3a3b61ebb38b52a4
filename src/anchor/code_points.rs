//! Between code points, bytes and UTF-16 units of one text.

use std::cell::OnceCell;

use serde::{Deserialize, Serialize};

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

/// Code points of a text by number, and back. Memory: 4 bytes a code point, nothing for ASCII.
#[derive(Debug)]
pub struct CodePoints<'t> {
    text: &'t str,
    /// Byte offset of each code point and of the end; empty for ASCII, where the two counts are one.
    bytes: Vec<u32>,
    /// UTF-16 unit of each code point and of the end, when somebody asks for it.
    utf16: OnceCell<Vec<u32>>,
}

impl<'t> CodePoints<'t> {
    /// Counts a text.
    pub fn new(text: &'t str) -> Self {
        let bytes = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().map(|(byte, _)| byte as u32).chain([text.len() as u32]).collect()
        };
        CodePoints { text, bytes, utf16: OnceCell::new() }
    }

    /// Code points of the text.
    pub fn count(&self) -> usize {
        if self.bytes.is_empty() { self.text.len() } else { self.bytes.len() - 1 }
    }

    /// The byte where a code point begins; `count()` gives the end of the text.
    pub fn byte(&self, code_point: usize) -> Option<usize> {
        if self.bytes.is_empty() {
            (code_point <= self.text.len()).then_some(code_point)
        } else {
            self.bytes.get(code_point).map(|&byte| byte as usize)
        }
    }

    /// The code point that begins at a byte; `None` inside of one or behind the text.
    pub fn at_byte(&self, byte: usize) -> Option<usize> {
        if self.bytes.is_empty() {
            (byte <= self.text.len()).then_some(byte)
        } else {
            self.bytes.binary_search(&u32::try_from(byte).ok()?).ok()
        }
    }

    /// The code point that begins at a UTF-16 unit; `None` inside of a pair or behind the text.
    pub fn at_utf16(&self, unit: usize) -> Option<usize> {
        if self.bytes.is_empty() {
            return (unit <= self.text.len()).then_some(unit);
        }
        let units = self.utf16.get_or_init(|| {
            let mut unit = 0;
            let mut units = vec![0];
            units.extend(self.text.chars().map(|c| {
                unit += c.len_utf16() as u32;
                unit
            }));
            units
        });
        units.binary_search(&u32::try_from(unit).ok()?).ok()
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

    /// The text itself.
    pub fn text(&self) -> &'t str {
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_units_agree_on_every_boundary_and_nowhere_else() {
        for text in ["", "plain", "caf\u{e9} 🌊👨‍👩‍👧 \u{1ee5}x", "\r\n🌊"] {
            let points = CodePoints::new(text);
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
        }
    }
}
