//! A place in a line, and what can stand there: strings, numbers, keys.

use std::borrow::Cow;

use serde::Deserialize;

use super::keys::{END, FIELDS, KIND, Key, QUOTE, SCORE, START, VALUE};
/// A place in a line.
pub(super) struct Cursor<'a> {
    pub text: &'a str,
    pub at: usize,
}

impl<'a> Cursor<'a> {
    pub fn rest(&self) -> &'a [u8] {
        // Never behind the end, so that this is no panic and costs a comparison.
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    pub fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte behind blanks, which is not passed over.
    pub fn next_byte(&mut self) -> Option<u8> {
        loop {
            match self.byte()? {
                b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
                byte => return Some(byte),
            }
        }
    }

    /// Passes over one byte and the blanks before it.
    pub fn expect(&mut self, wanted: u8) -> Option<()> {
        (self.next_byte()? == wanted).then(|| self.at += 1)
    }

    /// Whether another item follows: a comma; `false` behind the closing byte.
    pub fn next_of(&mut self, close: u8) -> Option<bool> {
        let byte = self.next_byte()?;
        self.at += 1;
        match byte {
            b',' => Some(true),
            _ if byte == close => Some(false),
            _ => None,
        }
    }

    /// Whether the object or list that was just opened is closed at once; if so, passes over the end.
    pub fn empty(&mut self, close: u8) -> Option<bool> {
        let empty = self.next_byte()? == close;
        self.at += usize::from(empty);
        Some(empty)
    }

    pub fn end(&mut self) -> Option<()> {
        self.next_byte().is_none().then_some(())
    }

    /// The next eight bytes, the first one lowest.
    pub fn eight(&self) -> Option<u64> {
        let bytes = self.text.as_bytes().get(self.at..)?.first_chunk()?;
        Some(u64::from_le_bytes(*bytes))
    }

    /// A key without escapes, and its colon.
    pub fn key(&mut self) -> Option<&'a str> {
        self.expect(b'"')?;
        let start = self.at;
        let end = start + special(self.rest())?;
        (self.text.as_bytes()[end] == b'"').then_some(())?;
        self.at = end + 1;
        self.expect(b':')?;
        self.text.get(start..end)
    }

    /// A key of a claim. Most are told from eight bytes, with the colon where it stands right behind.
    pub fn claim_key(&mut self) -> Option<Key> {
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
    pub fn field_name(&mut self) -> Option<&'a str> {
        if self.eight() == Some(VALUE) {
            self.at += 8;
            return Some("value");
        }
        self.key()
    }

    pub fn string(&mut self) -> Option<Cow<'a, str>> {
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
    pub fn escaped_string(&mut self, start: usize, first: usize) -> Option<Cow<'a, str>> {
        let bytes = self.text.as_bytes();
        let mut end = first;
        while bytes[end] == b'\\' {
            end += 2;
            end += memchr::memchr2(b'"', b'\\', bytes.get(end..)?)?;
        }
        self.at = end + 1;
        serde_json::from_str(self.text.get(start - 1..self.at)?).ok().map(Cow::Owned)
    }

    pub fn optional_string(&mut self) -> Option<Option<Cow<'a, str>>> {
        match self.next_byte()? {
            b'n' => self.word("null").map(|_| None),
            _ => self.string().map(Some),
        }
    }

    pub fn word(&mut self, word: &str) -> Option<&'a str> {
        let found = self.text.get(self.at..self.at + word.len())?;
        self.at += word.len();
        (found == word).then_some(found)
    }

    /// Anything nested, by the library's reader.
    pub fn value<T: Deserialize<'a>>(&mut self) -> Option<T> {
        let mut values = serde_json::Deserializer::from_str(self.text.get(self.at..)?).into_iter();
        let value = values.next()?.ok();
        self.at += values.byte_offset();
        value
    }

    /// A number of JSON's grammar.
    pub fn number(&mut self) -> Option<&'a str> {
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
    pub fn digits(&mut self) -> Option<()> {
        let count = self.rest().iter().take_while(|b| b.is_ascii_digit()).count();
        self.at += count;
        (count > 0).then_some(())
    }

    /// An offset: a whole number of at most nine digits without sign, point and exponent.
    pub fn offset(&mut self) -> Option<u32> {
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
    pub fn score(&mut self) -> Option<Option<f64>> {
        if self.next_byte()? == b'n' {
            return self.word("null").map(|_| None);
        }
        let number = self.number()?;
        let score = short_fraction(number).or_else(|| number.parse().ok())?;
        // Adding zero makes -0.0 a plain 0.
        (0.0..=1.0).contains(&score).then_some(Some(score + 0.0))
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
