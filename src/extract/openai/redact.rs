//! Finding a key in a text that somebody else wrote, however it is spelled there.
//!
//! Servers repeat keys in JSON inside JSON, in URLs, in HTML, in other case, and cut. The text is searched as it stands and then with its
//! escapes taken away, once, twice and three times; what is found is replaced where it stands in the text, all else stays to the byte.

use std::borrow::Cow;
use std::ops::Range;

/// What stands where a key stood.
const REDACTED: &str = "[key]";

/// Escapes within escapes that are looked through: JSON in JSON in JSON.
const LEVELS: usize = 3;

/// At the end of a text that was cut, so many characters of a key are enough to be one.
const SHORTEST_BEGIN: usize = 8;

/// The longest escape of one character, `&#x0073;`; one that is cut may stand behind a beginning.
const LONGEST_ESCAPE: usize = 8;

/// A text without any of the needles, which are ASCII; nor with the beginning of one where the text ends or `…` stands.
pub(super) fn redact<'t>(text: &'t str, needles: &[String]) -> Cow<'t, str> {
    let mut found = places(text, needles);
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    found.sort_unstable_by_key(|place| (place.start, place.end));
    let (mut out, mut done) = (String::with_capacity(text.len()), 0);
    for place in found {
        if place.start >= done {
            out.push_str(text.get(done..place.start).unwrap_or_default());
            out.push_str(REDACTED);
        }
        done = done.max(place.end);
    }
    out.push_str(text.get(done..).unwrap_or_default());
    Cow::Owned(out)
}

/// A text without its escapes, as often as there are any.
pub(super) fn unescaped(text: &str) -> String {
    let mut layer = Layer::plain(text);
    while let Some(next) = layer.unescaped() {
        layer = next;
    }
    String::from_utf8_lossy(&layer.bytes).into_owned()
}

fn places(text: &str, needles: &[String]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut layer = Layer::plain(text);
    for level in 0..=LEVELS {
        for needle in needles {
            layer.find(needle.as_bytes(), &mut found);
            layer.find_cut(needle.as_bytes(), &mut found);
        }
        if level == LEVELS {
            break;
        }
        match layer.unescaped() {
            Some(next) => layer = next,
            None => break,
        }
    }
    found
}

/// A text with its escapes taken away some times.
struct Layer<'t> {
    bytes: Cow<'t, [u8]>,
    /// Where each byte begins in the text, and where the text ends; `None` where all is as in the text.
    origins: Option<Vec<usize>>,
}

impl<'t> Layer<'t> {
    fn plain(text: &'t str) -> Layer<'t> {
        Layer { bytes: Cow::Borrowed(text.as_bytes()), origins: None }
    }

    fn origin(&self, at: usize) -> usize {
        self.origins.as_ref().map_or(at, |origins| origins[at])
    }

    /// The same with one level of escapes less; `None` where there is none.
    fn unescaped(&self) -> Option<Layer<'static>> {
        if !self.bytes.iter().any(|byte| matches!(byte, b'\\' | b'%' | b'&')) {
            return None;
        }
        let (mut bytes, mut origins) = (Vec::with_capacity(self.bytes.len()), Vec::with_capacity(self.bytes.len() + 1));
        let mut at = 0;
        while let [first, ..] = &self.bytes[at..] {
            let (byte, length) = escape(&self.bytes[at..]).unwrap_or((*first, 1));
            bytes.push(byte);
            origins.push(self.origin(at));
            at += length;
        }
        origins.push(self.origin(at));
        (bytes.len() < self.bytes.len()).then_some(Layer { bytes: Cow::Owned(bytes), origins: Some(origins) })
    }

    fn find(&self, needle: &[u8], found: &mut Vec<Range<usize>>) {
        let mut at = 0_usize;
        while let Some(end) = at.checked_add(needle.len()).filter(|end| *end <= self.bytes.len()) {
            if self.bytes[at..end].eq_ignore_ascii_case(needle) {
                found.push(self.origin(at)..self.origin(end));
                at = end;
            } else {
                at += 1;
            }
        }
    }

    /// The beginnings of a needle before `…` and at the end, also where an escape that is cut stands between.
    fn find_cut(&self, needle: &[u8], found: &mut Vec<Range<usize>>) {
        let bytes = &*self.bytes;
        let ellipsis = "…".as_bytes();
        let cuts = bytes.windows(ellipsis.len()).enumerate().filter(|(_, window)| *window == ellipsis).map(|(at, _)| at);
        for cut in cuts.chain([bytes.len()]) {
            // An escape that is whole is read at the next level: nothing is cut there.
            let is_cut = |at: usize| matches!(bytes[at], b'\\' | b'%' | b'&') && escape(&bytes[at..cut]).is_none();
            let ends = (cut.saturating_sub(LONGEST_ESCAPE)..=cut).filter(|at| *at == cut || is_cut(*at));
            for end in ends {
                let longest = needle.len().saturating_sub(1).min(end);
                let begins = |length: &usize| bytes[end - length..end].eq_ignore_ascii_case(&needle[..*length]);
                if let Some(length) = (SHORTEST_BEGIN..=longest).rev().find(begins) {
                    found.push(self.origin(end - length)..self.origin(cut));
                }
            }
        }
    }
}

/// The ASCII character that an escape at the beginning stands for, and its length: of JSON, of URLs, of HTML.
fn escape(bytes: &[u8]) -> Option<(u8, usize)> {
    let number = |digits: &[u8], radix| {
        let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
        u8::from_str_radix(digits, radix).ok().filter(u8::is_ascii)
    };
    match bytes {
        [b'\\', b'u', a, b, c, d, ..] => Some((number(&[*a, *b, *c, *d], 16)?, 6)),
        [b'\\', plain @ (b'"' | b'\'' | b'\\' | b'/'), ..] => Some((*plain, 2)),
        [b'%', a, b, ..] => Some((number(&[*a, *b], 16)?, 3)),
        [b'&', rest @ ..] => {
            let name = &rest[..rest.iter().take(LONGEST_ESCAPE).position(|byte| *byte == b';')?];
            let byte = match name {
                b"amp" => b'&',
                b"lt" => b'<',
                b"gt" => b'>',
                b"quot" => b'"',
                b"apos" => b'\'',
                [b'#', b'x' | b'X', digits @ ..] => number(digits, 16)?,
                [b'#', digits @ ..] => number(digits, 10)?,
                _ => return None,
            };
            Some((byte, name.len() + 2))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KEY: &str = "sk-a/b\"+C&9 <canary>";

    fn without_key(text: &str) -> String {
        redact(text, &[KEY.replace(' ', "")]).into_owned()
    }

    /// The spellings of a character; the last is that of JSON in full.
    fn spelled(byte: u8, how: usize) -> String {
        let character = char::from(byte);
        match how {
            0 => character.to_string(),
            1 => format!("%{byte:02x}"),
            2 => format!("&#{byte};"),
            3 => format!("&#x{byte:x};"),
            _ => format!("\\u{byte:04X}"),
        }
    }

    #[test]
    fn an_escape_at_the_end_that_is_whole_takes_nothing_with_it() {
        assert_eq!(without_key(" sk-a/b\"+C&9<canar\\u0079> "), " [key] ");
        assert_eq!(without_key(" sk-a/b\"+C&9<canar\\u00"), " [key]");
    }

    proptest! {
        #[test]
        fn however_a_key_is_spelled_it_is_found_and_all_else_stays(
            hows in prop::collection::vec(0usize..5, 32),
            levels in 0usize..=2,
            upper in any::<bool>(),
            around in "[ a-zé\"🌊]{0,12}",
        ) {
            let key = KEY.replace(' ', "");
            let mut written: String = key.bytes().zip(hows).map(|(byte, how)| spelled(byte, how)).collect();
            for _ in 0..levels {
                let quoted = serde_json::to_string(&written).unwrap();
                written = quoted[1..quoted.len() - 1].to_owned();
            }
            if upper && !written.contains('\\') {
                written = written.to_ascii_uppercase();
            }
            prop_assert_eq!(without_key(&format!("{around} {written} {around}")), format!("{around} [key] {around}"));
        }

        #[test]
        fn a_text_that_is_cut_anywhere_shows_no_more_than_the_least_beginning(length in 0usize..200, how in 0usize..5, ends in "(|…|…\")") {
            let written: String = KEY.replace(' ', "").bytes().map(|byte| spelled(byte, how)).collect();
            let cut = format!("é {}{ends}", written.chars().take(length).collect::<String>());
            let shown = unescaped(&without_key(&cut)).to_lowercase();
            prop_assert!(!shown.contains("sk-a/b\"+"), "{}", shown);
        }

        #[test]
        fn a_text_without_the_key_stays(text in "[a-z\\\\%&;#0-9u\"é🌊…]{0,60}") {
            prop_assert_eq!(without_key(&text), text);
        }
    }
}
