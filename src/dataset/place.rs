//! Code points and bytes of one text, and why a quote is not where its offsets say.

use unicode_normalization::UnicodeNormalization;

use crate::anchor::CodePoints;
use crate::claim::Span;
use crate::report::safe::quoted;

/// A text by its code points, as offsets of 32 bits.
#[derive(Debug)]
pub struct Points<'t>(CodePoints<'t>);

impl<'t> Points<'t> {
    /// Indexes a text (below 4 GiB, as texts are limited on reading).
    pub fn new(text: &'t str) -> Points<'t> {
        Points(CodePoints::new(text))
    }

    /// The text itself.
    pub fn text(&self) -> &'t str {
        self.0.text()
    }

    /// Number of code points.
    pub fn len(&self) -> u32 {
        self.0.count() as u32
    }

    /// Whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.text().is_empty()
    }

    /// The byte at which a code point starts; `None` behind the end.
    pub fn byte(&self, point: u32) -> Option<usize> {
        self.0.byte(point as usize)
    }

    /// The code point that starts at a byte; of a byte inside one, the next.
    pub fn point(&self, byte: usize) -> u32 {
        let start = (byte..=self.text().len()).find(|&at| self.text().is_char_boundary(at));
        start.and_then(|at| self.0.at_byte(at)).unwrap_or(self.0.count()) as u32
    }

    /// The text of a span; `None` when it ends behind the text.
    pub fn slice(&self, start: u32, end: u32) -> Option<&'t str> {
        self.0.slice(start as usize, end as usize)
    }

    /// Every place of a quote, also overlapping ones, at most `most`.
    pub fn places(&self, quote: &str, most: usize) -> Vec<Span> {
        let mut places = Vec::new();
        let mut from = 0;
        let Some(first) = quote.chars().next() else { return places };
        while places.len() < most
            && let Some(at) = self.text()[from..].find(quote)
        {
            let start = from + at;
            places.extend(Span::new(self.point(start), self.point(start + quote.len())));
            from = start + first.len_utf8();
        }
        places
    }
}

/// Says why a quote is not the text at `[start, end)`, guessing the unit of the offsets where another one fits.
pub(super) fn explain(points: &Points<'_>, start: u32, end: u32, quote: &str) -> String {
    let found = points.slice(start, end);
    if let Some(found) = found
        && let Some(why) = same_but_for(found, quote)
    {
        return format!("the quote {} differs from the text {} {why}", quoted(quote, 60), quoted(found, 60));
    }
    if let Some(unit) = other_unit(points.text(), start, end, quote) {
        return format!(
            "offsets {start}-{end} fit the quote {} {unit}; Assay counts code points from 0, the end excluded",
            quoted(quote, 60)
        );
    }
    let there = match found {
        Some(found) => format!("the text at {start}-{end} is {}, not the quote {}", quoted(found, 60), quoted(quote, 60)),
        None => format!("end {end} is behind the text, which has {} code points", points.len()),
    };
    let places = points.places(quote, 2);
    match places.as_slice() {
        [only] => format!("{there}; the quote occurs once, at {only} (`assay lint --fix` moves the offsets)"),
        [] => format!("{there}; the quote does not occur in the text (`assay reanchor` looks for what became of it)"),
        _ => format!("{there}; the quote occurs more than once (`assay reanchor` proposes a place)"),
    }
}

/// What two texts differ in, when it is only their form.
fn same_but_for(found: &str, quote: &str) -> Option<&'static str> {
    let is_space = |c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}');
    let no_space =
        |text: &str| text.chars().map(|c| if is_space(c) { ' ' } else { c }).collect::<String>().split(' ').collect::<Vec<_>>().concat();
    if found.nfc().eq(quote.nfc()) {
        Some("in Unicode normalisation only (NFC against NFD); copy the quote from the text")
    } else if no_space(found) == no_space(quote) {
        Some("in white space only (such as a no-break space, CRLF, or a doubled one); copy the quote from the text")
    } else if found.nfkc().eq(quote.nfkc()) {
        Some("in Unicode compatibility forms only (such as full-width digits); copy the quote from the text")
    } else {
        None
    }
}

/// The unit or convention under which the offsets would fit.
fn other_unit(text: &str, start: u32, end: u32, quote: &str) -> Option<&'static str> {
    let (s, e) = (start as usize, end as usize);
    let points: fn(&str, usize, usize) -> Option<&str> = |text, s, e| {
        let mut starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        let from = starts.nth(s)?;
        let to = if e > s { starts.nth(e - s - 1)? } else { from };
        text.get(from..to)
    };
    if text.get(s..e) == Some(quote) {
        return Some("when they count UTF-8 bytes");
    }
    let units: Vec<u16> = text.encode_utf16().collect();
    if units.get(s..e).is_some_and(|slice| slice.iter().copied().eq(quote.encode_utf16())) {
        return Some("when they count UTF-16 code units");
    }
    if points(text, s, e + 1) == Some(quote) {
        return Some("when the end is inclusive");
    }
    if s > 0 && e > s && points(text, s - 1, e - 1) == Some(quote) {
        return Some("when they are one-based (1-based)");
    }
    if s > 0 && points(text, s - 1, e) == Some(quote) {
        return Some("when they are one-based (1-based) and the end is inclusive");
    }
    if text.contains("\r\n") && points(&text.replace("\r\n", "\n"), s, e) == Some(quote.replace("\r\n", "\n").as_str()) {
        return Some("when CRLF counts as one character");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_points_and_bytes() {
        for text in ["", "abc", "🌊 caf\u{e9}", "e\u{301}e"] {
            let points = Points::new(text);
            let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            assert_eq!(points.len() as usize, starts.len() - 1);
            for (i, &byte) in starts.iter().enumerate() {
                assert_eq!((points.byte(i as u32), points.point(byte)), (Some(byte), i as u32), "{text}");
            }
            assert_eq!(points.byte(starts.len() as u32), None);
        }
    }

    #[test]
    fn places_also_overlap() {
        let places: Vec<String> = Points::new("🌊aaa").places("aa", 9).iter().map(ToString::to_string).collect();
        assert_eq!(places, ["1-3", "2-4"]);
    }

    #[test]
    fn the_unit_is_guessed() {
        let text = "🌊👍 line\r\ncaf\u{e9} says 12 people died";
        let quote = "12 people";
        let at = text.find(quote).unwrap();
        let start = text[..at].chars().count() as u32;
        let utf16 = text[..at].encode_utf16().count() as u32;
        for (start, end, says) in [
            (at as u32, at as u32 + 9, "UTF-8 bytes"),
            (utf16, utf16 + 9, "UTF-16"),
            (start, start + 8, "inclusive"),
            (start + 1, start + 10, "one-based"),
            (start - 1, start + 8, "CRLF"),
            (0, 3, "occurs once, at 19-28"),
            (9000, 9009, "behind the text, which has"),
        ] {
            let message = explain(&Points::new(text), start, end, quote);
            assert!(message.contains(says), "{start}-{end}: {message}");
        }
        let points = Points::new("caf\u{e9} a\u{a0}b １２");
        assert!(explain(&points, 0, 4, "cafe\u{301}").contains("NFC"));
        assert!(explain(&points, 5, 8, "a b").contains("white space"));
        assert!(explain(&points, 9, 11, "12").contains("compatibility"));
        assert!(explain(&points, 0, 2, "xyz").contains("does not occur in the text (`assay reanchor` looks"));
        assert!(explain(&Points::new("a b a b"), 1, 2, "b").contains("more than once (`assay reanchor` proposes"));
    }
}
