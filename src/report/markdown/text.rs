//! Text from outside in GitHub flavoured Markdown: nothing in it can become a link, an image, a mention, HTML or a row of a table.
//!
//! Escapes alone do not do that, because mentions, issue numbers and addresses are looked for after Markdown is read, when escapes
//! and entities are resolved. In a code span none of them is looked for.

use crate::report::safe::shown;
use crate::report::words::cut;

/// The text as a code span on one line, at most `most` characters of it; nothing for an empty text.
pub(super) fn code(text: &str, most: usize) -> String {
    let text = shown(&cut(text, most)).into_owned();
    if text.is_empty() {
        return text;
    }
    let fence = "`".repeat(longest_run(&text) + 1);
    // A blank at both ends is taken off by the reader, and a backtick there would belong to the fence.
    let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A code span for a cell of a table, where a bar would end the cell even in code; `–` for an empty text.
pub(super) fn cell(text: &str, most: usize) -> String {
    if text.is_empty() { "–".to_owned() } else { code(&cut(text, most).replace('|', "\\u{7c}"), usize::MAX) }
}

fn longest_run(text: &str) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// A sentence that may hold names from outside: words and numbers stay as they are, everything else stands in code spans.
/// At most `most` characters of it.
pub(super) fn prose(text: &str, most: usize) -> String {
    let text = cut(text, most);
    let words: Vec<String> = text.split(' ').filter(|word| !word.is_empty()).map(word).collect();
    words.join(" ")
}

fn word(word: &str) -> String {
    match word {
        "<" => return "&lt;".to_owned(),
        ">" => return "&gt;".to_owned(),
        "·" | "–" | "—" | "→" | "±" | "%" | "≥" | "≤" => return word.to_owned(),
        _ => {}
    }
    let opened = word.trim_start_matches(['(', '[', '"', '“', '„', '«']);
    let core = opened.trim_end_matches(['.', ',', ';', ':', ')', ']', '"', '”', '»', '?', '%']);
    if !is_word(core) && !is_number(core) {
        return cell(word, usize::MAX);
    }
    let mut out = String::with_capacity(word.len() + 4);
    for c in word.chars() {
        if matches!(c, '[' | ']' | '(' | ')' | '"') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Letters, with hyphens and apostrophes inside; or a short name such as `F1`, too short for the hash of a commit.
fn is_word(core: &str) -> bool {
    let letters = core.split(['-', '’']).all(|part| !part.is_empty() && part.chars().all(char::is_alphabetic));
    let short = core.len() <= 6 && core.starts_with(char::is_alphabetic) && core.chars().all(char::is_alphanumeric);
    letters || short
}

/// Digits with a point, a sign; too short for the hash of a commit unless it has a point.
fn is_number(core: &str) -> bool {
    let digits = core.strip_prefix(['-', '+']).unwrap_or(core);
    let parts: Vec<&str> = digits.split('.').collect();
    let all_digits = parts.iter().all(|part| part.len() <= 6 && part.bytes().all(|b| b.is_ascii_digit()));
    parts.len() <= 2 && all_digits && parts.last().is_some_and(|last| !last.is_empty())
}

/// The hidden comment by which a program finds the comment that it wrote before.
pub(super) fn marker(extractor: &str) -> String {
    let mut name = String::new();
    for c in extractor.chars() {
        // Two hyphens would end an HTML comment in some readers.
        if c.is_ascii_alphanumeric() || matches!(c, '.' | '_') || (c == '-' && !name.ends_with('-') && !name.is_empty()) {
            name.push(c);
        } else {
            name.push_str(&c.to_string().bytes().map(|b| format!("%{b:02X}")).collect::<String>());
        }
    }
    if let Some(rest) = name.strip_suffix('-') {
        name = format!("{rest}%2D");
    }
    format!("<!-- assay report {} -->", cut(&name, 200).replace('…', "%E2%80%A6"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_spans_hold_whatever_is_in_them() {
        let cases = [
            ("37.000", "`37.000`"),
            ("a `b` ``c``", "``` a `b` ``c`` ```"),
            ("`", "`` ` ``"),
            (" x ", "`  x  `"),
            ("a\n# b", "`a\\u{a}# b`"),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(code(text, 100), expected);
        }
        assert_eq!(code("lebih dari", 5), "`lebih…`");
        assert_eq!(cell("a|b", 9), "`a\\u{7c}b`");
        assert_eq!(cell("", 9), "–");
    }

    #[test]
    fn only_words_and_numbers_are_prose() {
        let cases = [
            ("F1 fell by .034 [-0.050, -0.010], to .781.", r"F1 fell by .034 \[-0.050, -0.010\], to .781."),
            ("is < 0: newly-missed (2 claims) 95 %", r"is &lt; 0: newly-missed \(2 claims\) 95 %"),
            ("of criteria.iou50.f1 in lang=id", "of `criteria.iou50.f1` in `lang=id`"),
            ("@everyone see #1 GH-1 :tada: www.evil.example", "`@everyone` see `#1` `GH-1` `:tada:` `www.evil.example`"),
            ("![x](http://evil.example) a@b.example", "`![x](http://evil.example)` `a@b.example`"),
            ("commit 1234567 0a1b2c3d", "commit `1234567` `0a1b2c3d`"),
            ("a|b $x$ **no** <img>", "`a\\u{7c}b` `$x$` `**no**` `<img>`"),
        ];
        for (text, expected) in cases {
            assert_eq!(prose(text, 1000), expected);
        }
    }

    #[test]
    fn the_marker_cannot_be_left_and_names_one_extractor() {
        assert_eq!(marker("llm-small_1.2"), "<!-- assay report llm-small_1.2 -->");
        assert_eq!(marker("--><img>"), "<!-- assay report %2D-%3E%3Cimg%3E -->");
        let names = ["a", "a-", "a--", "-a", "a%2D", "a b", "ü"];
        let markers: std::collections::BTreeSet<String> = names.iter().map(|n| marker(n)).collect();
        assert_eq!(markers.len(), names.len());
    }
}
