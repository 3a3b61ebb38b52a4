//! Text from articles, labels and answers, made harmless for a terminal.

use std::borrow::Cow;
use std::fmt::Write;

/// The text with control characters and bidi controls written as `\u{..}`, so that it can neither move the cursor, start
/// a line, nor turn around what stands beside it. Everything else stays: combining marks, emoji joiners, any script.
///
/// ```
/// use claim_assay::report::safe::shown;
/// assert_eq!(shown("10 orang"), "10 orang");
/// assert_eq!(shown("\u{1b}[2J\u{202e}a\n"), "\\u{1b}[2J\\u{202e}a\\u{a}");
/// ```
pub fn shown(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_unsafe(c) {
            // Writing to a String cannot fail.
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// JSON of the same value that is harmless for a terminal: what [`shown`] would not let through is written as `\uXXXX`. JSON itself asks
/// for that only below U+0020, and there are terminals that take U+009B for the begin of a command.
///
/// ```
/// use claim_assay::report::safe::shown_json;
/// assert_eq!(shown_json("{\n  \"a\": \"10 orang\"\n}"), "{\n  \"a\": \"10 orang\"\n}");
/// assert_eq!(shown_json("\"\u{9b}2J\u{202e}\""), "\"\\u009b2J\\u202e\"");
/// ```
pub fn shown_json(json: &str) -> Cow<'_, str> {
    // A line feed is white space between values: in a text it is escaped already.
    let is_harmless = |c: char| c == '\n' || !is_unsafe(c);
    if json.chars().all(is_harmless) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if is_harmless(c) {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    Cow::Owned(out)
}

/// At most `most` characters of the text between double quotes, harmless, for a message. A longer text ends with `…`.
///
/// ```
/// use claim_assay::report::safe::quoted;
/// assert_eq!(quoted("about\t37.000", 8), "\"about\\u{9}37…\"");
/// ```
pub fn quoted(text: &str, most: usize) -> String {
    let mut cut = text.char_indices().skip(most).map(|(at, _)| at);
    match cut.next() {
        Some(at) => format!("\"{}…\"", shown(&text[..at])),
        None => format!("\"{}\"", shown(text)),
    }
}

/// C0, DEL and C1 controls, line and paragraph separators, and the characters that turn the direction of writing.
fn is_unsafe(c: char) -> bool {
    c.is_control() || is_bidi_control(c) || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{200b}')
}

/// The embeddings, overrides and isolates U+202A–202E and U+2066–2069, and the marks U+061C, U+200E and U+200F.
pub fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}' | '\u{200e}' | '\u{200f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_moves_a_terminal_is_left() {
        for text in ["\u{1b}]52;c;eA==\u{7}", "a\rb", "a\u{9b}2Jb", "FAIL\u{8}\u{8}PASS", "x\n::error::y", "\u{2066}x\u{2069}", "a\u{7f}"] {
            assert!(!shown(text).chars().any(|c| c.is_control() || is_bidi_control(c)), "{text:?}");
        }
    }

    #[test]
    fn scripts_marks_and_emoji_stay() {
        for text in ["٣٧٬٠٠٠ مواطن", "จับกุม 37,000 คน", "caf\u{65}\u{301}", "👨\u{200d}👩\u{200d}👧", "नई\u{a0}दिल्ली"]
        {
            assert_eq!(shown(text), text);
        }
    }
}
