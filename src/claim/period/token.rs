//! Text cut into words, numbers and signs, folded so that spellings of one word are one.

use rustc_hash::FxHashMap;
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
    /// Whether it begins with an upper-case letter.
    pub(crate) capital: bool,
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
    capital: bool,
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
        Class { sort, folded, capital: c.is_uppercase() }
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

/// A text cut once, for every reader that knows words of it.
pub(crate) struct Cut<'t> {
    text: &'t str,
    /// Without ids.
    tokens: Vec<Token>,
    /// The folded words and signs one after the other.
    folded: String,
    /// Where the one of each token ends.
    ends: Vec<usize>,
}

impl<'t> Cut<'t> {
    /// Cuts a text.
    pub(crate) fn new(text: &'t str) -> Self {
        let mut cut = Cut { text, tokens: Vec::with_capacity(text.len() / 5), folded: String::with_capacity(text.len()), ends: Vec::new() };
        cut.ends.reserve(text.len() / 5);
        let (mut newlines, mut at) = (0, 0);
        while let Some((c, class)) = class_at(text, at) {
            let start = at;
            at += c.len_utf8();
            if class.sort == Sort::Skipped {
                newlines += u32::from(c == '\n');
                continue;
            }
            let mut token = Token {
                start,
                end: at,
                id: UNKNOWN,
                number: None,
                sign: '\0',
                after_break: newlines > 1,
                western: false,
                capital: class.capital,
            };
            newlines = 0;
            match class.sort {
                Sort::Digit(digit) => {
                    let (mut value, mut count) = (u32::from(digit), 1u8);
                    while let Some((next, Class { sort: Sort::Digit(digit), .. })) = class_at(text, at) {
                        value = value.saturating_mul(10).saturating_add(u32::from(digit));
                        count = count.saturating_add(1);
                        at += next.len_utf8();
                    }
                    token.number = Some((value, count));
                }
                Sort::Letter => {
                    token.western = c < '\u{0530}';
                    token.sign = cut.fold_word(start, &mut at);
                }
                _ => {
                    let from = cut.folded.len();
                    class.fold(&mut cut.folded, c);
                    token.sign = only_char(&cut.folded[from..]);
                }
            }
            token.end = at;
            cut.tokens.push(token);
            cut.ends.push(cut.folded.len());
        }
        cut
    }

    /// Folds the word that begins at `start`, leaves `at` at its end, and says its only folded character, else NUL.
    fn fold_word(&mut self, start: usize, at: &mut usize) -> char {
        let from = self.folded.len();
        *at = start;
        loop {
            let ascii = self.text.as_bytes()[*at..].iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
            if ascii > 0 {
                let lower = self.folded.len();
                self.folded.push_str(&self.text[*at..*at + ascii]);
                self.folded[lower..].make_ascii_lowercase();
                *at += ascii;
            }
            let rest = self.text[*at..].chars().map(|c| (c, CLASSES.get(c)));
            let before = *at;
            for (c, class) in rest.take_while(|(c, class)| class.sort == Sort::Letter && !c.is_ascii()) {
                class.fold(&mut self.folded, c);
                *at += c.len_utf8();
            }
            if *at == before {
                return only_char(&self.folded[from..]);
            }
        }
    }

    /// The tokens, with [`UNKNOWN`] for an id.
    pub(crate) fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// What `signs` says of each sign or word of one character, and `lookup` of each other folded word; [`UNKNOWN`] for numbers.
    pub(crate) fn ids(&self, signs: &Signs, mut lookup: impl FnMut(&str) -> u32) -> Vec<u32> {
        let mut from = 0;
        let id = |(token, &end): (&Token, &usize)| {
            let folded = &self.folded[from..end];
            from = end;
            if token.sign != '\0' {
                signs.id(token.sign)
            } else if token.number.is_some() {
                UNKNOWN
            } else {
                lookup(folded)
            }
        };
        self.tokens.iter().zip(&self.ends).map(id).collect()
    }

    /// The tokens with ids. `lookup` gets each folded word with its original, and answers its id and how many bytes of the
    /// original are a prefix that does not belong to the word (an Arabic "and").
    pub(super) fn named(&self, signs: &Signs, mut lookup: impl FnMut(&str, &str) -> (u32, usize)) -> Vec<Token> {
        let mut from = 0;
        let named = |(&token, &end): (&Token, &usize)| {
            let folded = &self.folded[from..end];
            from = end;
            if token.sign != '\0' {
                return Token { id: signs.id(token.sign), ..token };
            }
            if token.number.is_some() {
                return token;
            }
            let (id, prefix) = lookup(folded, &self.text[token.start..token.end]);
            Token { id, start: token.start + prefix, ..token }
        };
        self.tokens.iter().zip(&self.ends).map(named).collect()
    }
}

/// The character that begins at a byte.
fn class_at(text: &str, at: usize) -> Option<(char, Class)> {
    let byte = *text.as_bytes().get(at)?;
    let c = if byte.is_ascii() { char::from(byte) } else { text[at..].chars().next()? };
    Some((c, CLASSES.get(c)))
}

/// The character of a text that has only one, else NUL.
fn only_char(folded: &str) -> char {
    let mut chars = folded.chars();
    match (chars.next(), chars.next()) {
        (Some(only), None) => only,
        _ => '\0',
    }
}

/// The ids of words of one character, which are most tokens of a script without spaces.
#[derive(Debug, Default)]
pub(crate) struct Signs(FxHashMap<char, u32>);

impl Signs {
    /// Those of these words; the first of two that are alike counts.
    pub(crate) fn of<'a>(words: impl Iterator<Item = (&'a String, &'a u32)>) -> Signs {
        let mut signs = FxHashMap::default();
        for (word, &id) in words {
            let sign = only_char(word);
            if sign != '\0' {
                signs.entry(sign).or_insert(id);
            }
        }
        Signs(signs)
    }

    fn id(&self, sign: char) -> u32 {
        self.0.get(&sign).copied().unwrap_or(UNKNOWN)
    }
}

/// Cuts a text of a lexicon file; `lookup` gives each folded word and sign its id.
pub(crate) fn tokenize(text: &str, mut lookup: impl FnMut(&str) -> u32) -> Vec<Token> {
    let cut = Cut::new(text);
    let mut from = 0;
    let named = |(&token, &end): (&Token, &usize)| {
        let folded = &cut.folded[from..end];
        from = end;
        if token.number.is_some() { token } else { Token { id: lookup(folded), ..token } }
    };
    cut.tokens.iter().zip(&cut.ends).map(named).collect()
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
        let tokens = tokenize(text, |folded| {
            words.push(folded.to_owned());
            0
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
        let tokens = tokenize(&"9".repeat(500), |_| 0);
        assert_eq!(tokens[0].number, Some((u32::MAX, u8::MAX)));
    }
}
