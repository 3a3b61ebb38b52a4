//! A text with everything levelled that copying changes, and the way back to its code points.

use unicode_normalization::char::{canonical_combining_class, decompose_compatible};

/// Folded text: white space runs are one blank; quotation marks, dashes, case and compatibility forms are levelled; marks
/// that cannot be seen are gone. Decomposed, so that composed and combining spellings are equal.
#[derive(Debug, Default)]
pub(super) struct Folded {
    text: String,
    /// The code point of the original, for each byte of `text`.
    origin: Vec<u32>,
}

impl Folded {
    pub(super) fn new(text: &str) -> Self {
        let mut chars: Vec<(char, u32)> = Vec::with_capacity(text.len());
        for (i, c) in text.chars().enumerate() {
            fold_char(c, &mut |folded| push_in_order(&mut chars, folded, i as u32));
        }
        let mut folded = Folded { text: String::with_capacity(text.len()), origin: Vec::with_capacity(text.len()) };
        for (c, origin) in chars {
            if c == ' ' && folded.text.ends_with(' ') {
                continue;
            }
            folded.text.push(c);
            for _ in 0..c.len_utf8() {
                folded.origin.push(origin);
            }
        }
        folded
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// For each of `count` code points of the original and its end: the first byte of `text` that stands for it or for one behind.
    pub(super) fn bytes(&self, count: usize) -> Vec<u32> {
        let end = self.text.len() as u32;
        let mut first = vec![end; count + 1];
        for (byte, &origin) in self.origin.iter().enumerate().rev() {
            if let Some(first) = first.get_mut(origin as usize) {
                *first = byte as u32;
            }
        }
        for point in (0..count).rev() {
            first[point] = first[point].min(first[point + 1]);
        }
        first
    }

    /// The code points that a range of bytes stands for. `None` where it would cut a code point or a letter from its marks.
    pub(super) fn original(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        let covered = self.origin.get(start..end)?;
        let cut_before = start > 0 && self.origin[start - 1] == self.origin[start];
        let next = self.text.get(end..)?.chars().next();
        let cut_behind = next.is_some_and(|c| self.origin[end] == self.origin[end - 1] || canonical_combining_class(c) != 0);
        if cut_before || cut_behind {
            return None;
        }
        let last = covered.iter().max()?;
        Some((*covered.first()? as usize, *last as usize + 1))
    }
}

/// The folded form of a quote or of its surroundings, without blanks at the edges.
pub(crate) fn folded(text: &str) -> String {
    Folded::new(text).text.trim_matches(' ').to_owned()
}

fn fold_char(c: char, push: &mut impl FnMut(char)) {
    match c {
        _ if c.is_ascii_lowercase() || c.is_ascii_digit() => push(c),
        _ if c.is_whitespace() => push(' '),
        '`' => push('\''),
        // The rest of ASCII stands for itself.
        _ if c.is_ascii() => push(c.to_ascii_lowercase()),
        // Soft hyphen, zero width characters, direction marks, byte order mark.
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => {}
        '\u{2018}'..='\u{201b}' | '\u{2032}' | '\u{2039}' | '\u{203a}' | '\u{b4}' => push('\''),
        '\u{201c}'..='\u{201f}' | '\u{2033}' | '\u{ab}' | '\u{bb}' => push('"'),
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => push('-'),
        _ => decompose_compatible(c, |part| match part {
            _ if part.is_whitespace() => push(' '),
            'ς' => push('σ'),
            _ => part.to_lowercase().for_each(&mut *push),
        }),
    }
}

/// No character before it combines with another.
const FIRST_MARK: char = '\u{300}';

/// Keeps combining marks in canonical order, so that the order of typing does not matter. Runs of marks are short in any
/// language; a hostile run is not sorted any further than this.
fn push_in_order(chars: &mut Vec<(char, u32)>, c: char, origin: u32) {
    const LONGEST_RUN: usize = 30;
    let class = if c < FIRST_MARK { 0 } else { canonical_combining_class(c) };
    let mut at = chars.len();
    if class != 0 {
        while at > 0 && chars.len() - at < LONGEST_RUN && canonical_combining_class(chars[at - 1].0) > class {
            at -= 1;
        }
    }
    chars.insert(at, (c, origin));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_copying_changes_is_level() {
        for (a, b) in [
            ("“more  than\u{a0}37,000”", "\"more than 37,000\""),
            ("l’année 2020–2021", "l'année 2020-2021"),
            ("cafe\u{301}", "CAF\u{c9}"),
            ("a\u{323}\u{307}", "a\u{307}\u{323}"),
            ("ﬁrst … ½", "first ... 1⁄2"),
            ("ten\u{ad}fold\u{200b}", "tenfold"),
            ("１２人", "12人"),
            ("ΛΟΓΟΣ", "λογος"),
            ("ABCZ[\\]^_`{|}~", "abcz[\\]^_'{|}~"),
        ] {
            assert_eq!(folded(a), folded(b));
        }
        assert_ne!(folded("37.000"), folded("37,000"));
    }

    #[test]
    fn no_mark_is_before_the_first() {
        assert!(('\0'..FIRST_MARK).all(|c| canonical_combining_class(c) == 0));
        assert_ne!(canonical_combining_class(FIRST_MARK), 0);
    }

    #[test]
    fn places_lead_back_to_whole_code_points() {
        let text = Folded::new("x ½ \u{e9}e\u{301}");
        assert_eq!(text.text(), "x 1⁄2 e\u{301}e\u{301}");
        assert_eq!(text.original(2, 7), Some((2, 3)));
        assert_eq!(text.original(2, 3), None);
        assert_eq!(text.original(8, 11), Some((4, 5)));
        assert_eq!(text.original(11, 12), None);
        assert_eq!(text.original(11, 14), Some((5, 7)));
        assert_eq!(text.bytes(7), [0, 1, 2, 7, 8, 11, 12, 14]);
    }
}
