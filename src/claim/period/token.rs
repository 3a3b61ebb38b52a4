//! Text cut into words, numbers and signs, folded so that spellings of one word are one.

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

use crate::claim::char_table::CharTable;

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

/// What a character does in a text.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Sort {
    /// White space, or no part of anything.
    Skipped,
    /// A digit of this value.
    Digit(u8),
    /// A part of a word.
    Letter,
    /// A token of its own.
    #[default]
    Single,
}

/// What folding makes of a character.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Folded {
    /// Nothing: an accent.
    #[default]
    Nothing,
    One(char),
    Several,
}

#[derive(Clone, Copy, Default)]
struct Class {
    sort: Sort,
    folded: Folded,
}

impl Class {
    fn of(c: char) -> Class {
        let sort = if c.is_whitespace() || is_ignorable(c) {
            Sort::Skipped
        } else if let Some(digit) = digit_value(c) {
            Sort::Digit(digit as u8)
        } else if is_letter(c) && !is_ideograph(c) {
            Sort::Letter
        } else {
            Sort::Single
        };
        let mut folded = String::new();
        fold_into(&mut folded, c);
        let mut parts = folded.chars();
        let folded = match (parts.next(), parts.next()) {
            (None, _) => Folded::Nothing,
            (Some(one), None) => Folded::One(one),
            (Some(_), Some(_)) => Folded::Several,
        };
        Class { sort, folded }
    }

    fn fold(self, out: &mut String, c: char) {
        match self.folded {
            Folded::Nothing => {}
            Folded::One(one) => out.push(one),
            Folded::Several => fold_into(out, c),
        }
    }
}

static CLASSES: CharTable<Class> = CharTable::new(Class::of);

/// Cuts `text`. `lookup` gets each folded word with its original, and answers its id and how many bytes of the
/// original are a prefix that does not belong to the word (an Arabic "and").
pub(crate) fn tokenize(text: &str, mut lookup: impl FnMut(&str, &str) -> (u32, usize)) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(text.len() / 5);
    let mut folded = String::new();
    let mut newlines = 0;
    let mut chars = text.char_indices().map(|(at, c)| (at, c, CLASSES.get(c))).peekable();
    while let Some((start, c, class)) = chars.next() {
        if class.sort == Sort::Skipped {
            newlines += u32::from(c == '\n');
            continue;
        }
        let mut token =
            Token { start, end: start + c.len_utf8(), id: UNKNOWN, number: None, sign: '\0', after_break: newlines > 1, western: false };
        newlines = 0;
        if let Sort::Digit(digit) = class.sort {
            let (mut value, mut count) = (u32::from(digit), 1u8);
            while let Some(&(at, next, Class { sort: Sort::Digit(digit), .. })) = chars.peek() {
                value = value.saturating_mul(10).saturating_add(u32::from(digit));
                count = count.saturating_add(1);
                token.end = at + next.len_utf8();
                chars.next();
            }
            token.number = Some((value, count));
            tokens.push(token);
            continue;
        }
        folded.clear();
        class.fold(&mut folded, c);
        if class.sort == Sort::Letter {
            token.western = c < '\u{0530}';
            while let Some(&(at, next, class)) = chars.peek().filter(|(_, _, class)| class.sort == Sort::Letter) {
                class.fold(&mut folded, next);
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

/// The value of an ideograph that stands for a digit or ten.
pub(super) fn ideograph_digit(sign: char) -> Option<u32> {
    match sign {
        '〇' | '零' => Some(0),
        '一' => Some(1),
        '二' | '两' | '兩' => Some(2),
        '三' => Some(3),
        '四' => Some(4),
        '五' => Some(5),
        '六' => Some(6),
        '七' => Some(7),
        '八' => Some(8),
        '九' => Some(9),
        '十' => Some(10),
        _ => None,
    }
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
