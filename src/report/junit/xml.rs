//! Text in XML 1.0.

use std::fmt::Write;

use crate::report::safe::is_bidi_control;

/// The text as it may stand in an element or in an attribute between double quotes. Characters that XML 1.0 does not have become
/// U+FFFD, those that turn the direction of writing `\u{..}`, and the sign by which GitLab finds attachments is taken apart.
pub(super) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.replace("[[ATTACHMENT", "[\\u{5b}ATTACHMENT").chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // As characters of an attribute they would be read as blanks.
            '\t' | '\n' | '\r' => {
                // Writing to a String cannot fail.
                let _ = write!(out, "&#{};", u32::from(c));
            }
            c if is_bidi_control(c) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c if !is_xml(c) => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// Char of XML 1.0 without the controls U+007F–U+009F, which are allowed and discouraged.
fn is_xml(c: char) -> bool {
    !matches!(c, '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
}

/// Seconds as JUnit's schemas take them: three decimals.
pub(super) fn seconds(seconds: f64) -> String {
    let seconds = if seconds.is_finite() { seconds.clamp(0.0, 1e9) } else { 0.0 };
    format!("{seconds:.3}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_its_element_and_what_xml_has_not_is_seen() {
        let cases = [
            ("]]> <b a=\"1\"> &x;", "]]&gt; &lt;b a=&quot;1&quot;&gt; &amp;x;"),
            ("\0\u{1b}[2J\u{9b}\u{ffff}", "\u{fffd}\u{fffd}[2J\u{fffd}\u{fffd}"),
            ("a\n\tb", "a&#10;&#9;b"),
            ("\u{202e}x", "\\u{202e}x"),
            ("[[ATTACHMENT|/etc/passwd]]", "[\\u{5b}ATTACHMENT|/etc/passwd]]"),
            ("٣٧ 👨\u{200d}👩 é", "٣٧ 👨\u{200d}👩 é"),
        ];
        for (given, expected) in cases {
            assert_eq!(text(given), expected);
        }
    }

    #[test]
    fn times_have_three_decimals() {
        assert_eq!([seconds(12.3456), seconds(0.0), seconds(f64::NAN), seconds(-1.0)], ["12.346", "0.000", "0.000", "0.000"]);
    }
}
