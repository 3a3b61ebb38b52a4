//! Text cut into words, numbers and signs, folded so that spellings of one word are one.

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// The id of a word that no template of the language holds.
pub(crate) const UNKNOWN: u32 = u32::MAX;

/// A word, a number, or a single sign or ideograph.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    /// Byte offsets into the text.
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// The interned folded word or sign; [`UNKNOWN`] for numbers.
    pub(crate) id: u32,
    /// The value of a run of digits of any script, and how many there are.
    pub(crate) number: Option<(u32, u8)>,
    /// The folded character where there is only one, else NUL.
    pub(crate) sign: char,
    /// Whether a blank line stands before it.
    pub(crate) after_break: bool,
    /// Whether it is a word in Latin, Greek or Cyrillic letters, to which a number glued is a code, not a year.
    pub(crate) western: bool,
}

impl Token {
    /// Whether nothing stands between this token and the next.
    pub(crate) fn glued_to(&self, next: &Self) -> bool {
        self.end == next.start
    }
}

/// Cuts `text`. `lookup` gets each folded word with its original, and answers its id and how many bytes of the
/// original are a prefix that does not belong to the word (an Arabic "and").
pub(crate) fn tokenize(text: &str, mut lookup: impl FnMut(&str, &str) -> (u32, usize)) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(text.len() / 5);
    let mut folded = String::new();
    let mut newlines = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        if c == '\n' {
            newlines += 1;
        }
        if c.is_whitespace() || is_ignorable(c) {
            continue;
        }
        let mut token =
            Token { start, end: start + c.len_utf8(), id: UNKNOWN, number: None, sign: '\0', after_break: newlines > 1, western: false };
        newlines = 0;
        if let Some(digit) = digit_value(c) {
            let (mut value, mut count) = (digit, 1u8);
            while let Some((at, digit, next)) = chars.peek().and_then(|&(at, c)| Some((at, digit_value(c)?, c))) {
                value = value.saturating_mul(10).saturating_add(digit);
                count = count.saturating_add(1);
                token.end = at + next.len_utf8();
                chars.next();
            }
            token.number = Some((value, count));
            tokens.push(token);
            continue;
        }
        folded.clear();
        fold_into(&mut folded, c);
        if is_letter(c) && !is_ideograph(c) {
            token.western = c < '\u{0530}';
            while let Some(&(at, next)) = chars.peek().filter(|(_, c)| is_letter(*c) && !is_ideograph(*c)) {
                fold_into(&mut folded, next);
                token.end = at + next.len_utf8();
                chars.next();
            }
        }
        let mut signs = folded.chars();
        if let (Some(sign), None) = (signs.next(), signs.next()) {
            token.sign = sign;
        }
        let (id, prefix) = lookup(&folded, &text[token.start..token.end]);
        token.id = id;
        token.start += prefix;
        tokens.push(token);
    }
    tokens
}

/// The digits of the scripts that our languages write: ASCII, Arabic-Indic, Persian, Devanagari, full-width.
fn digit_value(c: char) -> Option<u32> {
    let zero = match c {
        '0'..='9' => return c.to_digit(10),
        '\u{0660}'..='\u{0669}' => 0x0660,
        '\u{06F0}'..='\u{06F9}' => 0x06F0,
        '\u{0966}'..='\u{096F}' => 0x0966,
        '\u{FF10}'..='\u{FF19}' => 0xFF10,
        _ => return None,
    };
    Some(c as u32 - zero)
}

/// Marks of direction and joining that are no part of any word here.
fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic()
        || (!c.is_ascii()
            && digit_value(c).is_none()
            && (c.is_alphabetic() || matches!(c, '\u{200C}' | '\u{200D}' | '\u{00AD}') || is_combining_mark(c)))
}

/// Scripts that write no spaces: each character is a token of its own.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF66}'..='\u{FF9F}' | '\u{20000}'..='\u{323AF}')
}

/// Lower case without accents, vowel marks, nukta and joiners; one apostrophe, one dash, ASCII for full width.
fn fold_into(out: &mut String, c: char) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
        return;
    }
    for lower in c.to_lowercase() {
        decompose_canonical(lower, |part| match part {
            '\u{0300}'..='\u{036F}' | '\u{064B}'..='\u{0655}' | '\u{0640}' | '\u{0670}' | '\u{093C}' => {}
            '\u{200C}' | '\u{200D}' | '\u{00AD}' => {}
            'ı' => out.push('i'),
            '\u{06CC}' => out.push('ي'),
            '’' | '‘' | 'ʼ' | '´' => out.push('\''),
            '\u{2010}'..='\u{2015}' | '−' | '～' | '〜' => out.push('-'),
            '\u{FF01}'..='\u{FF5E}' => {
                let ascii = char::from_u32(part as u32 - 0xFEE0).unwrap_or(part);
                out.push(ascii.to_ascii_lowercase());
            }
            _ => out.push(part),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The folded words and the numbers of a text.
    fn cut(text: &str) -> Vec<String> {
        let mut words = Vec::new();
        let tokens = tokenize(text, |folded, _| {
            words.push(folded.to_owned());
            (0, 0)
        });
        let mut words = words.into_iter();
        tokens.iter().filter_map(|t| t.number.map(|(n, _)| n.to_string()).or_else(|| words.next())).collect()
    }

    #[test]
    fn words_numbers_and_signs_are_folded() {
        for (text, expected) in [
            ("in May 2024", vec!["in", "may", "2024"]),
            ("l’année—2019–20", vec!["l", "'", "annee", "-", "2019", "-", "20"]),
            ("KASIM Kasım İki", vec!["kasim", "kasim", "iki"]),
            ("٢٠٢٣ २०२३ ２０２３", vec!["2023", "2023", "2023"]),
            ("2024年5月", vec!["2024", "年", "5", "月"]),
            ("أمس फ़रवरी", vec!["امس", "फरवरी"]),
            ("13th", vec!["13", "th"]),
            ("", vec![]),
        ] {
            assert_eq!(cut(text), expected, "{text}");
        }
    }

    #[test]
    fn a_run_of_digits_never_overflows() {
        let tokens = tokenize(&"9".repeat(500), |_, _| (0, 0));
        assert_eq!(tokens[0].number, Some((u32::MAX, u8::MAX)));
    }
}
