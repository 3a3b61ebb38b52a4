//! Text as a list of comparable characters that remember their bytes.
//!
//! Forms that mean the same to a reader (full-width digits, narrow spaces, typographic apostrophes, Arabic alef
//! variants) become one character, one for one, so that positions stay true. Marks that a writer may leave out
//! (Arabic vowel signs, the Devanagari nukta, bidi controls) are left out.

use unicode_normalization::char::compose;

use crate::claim::char_table::CharTable;

/// What a character is to the readers of numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A sign, or a character of a script that writes no spaces.
    #[default]
    Other,
    /// See [`is_spaced_letter`].
    Letter,
    /// An ASCII digit: `fold` has turned all others into these.
    Digit,
    /// See [`is_blank`].
    Blank,
}

impl Kind {
    fn of(folded: char) -> Kind {
        if is_spaced_letter(folded) {
            Kind::Letter
        } else if folded.is_ascii_digit() {
            Kind::Digit
        } else if is_blank(folded) {
            Kind::Blank
        } else {
            Kind::Other
        }
    }
}

/// A character of a text with its comparable forms.
#[derive(Clone, Copy, Default)]
struct Folded {
    cased: char,
    lower: char,
    kind: Kind,
    left_out: bool,
    combining: bool,
}

impl Folded {
    fn of(raw: char) -> Folded {
        let cased = fold(raw);
        let lower = lower(cased);
        Folded { cased, lower, kind: Kind::of(lower), left_out: is_left_out(raw), combining: is_combining(raw) }
    }
}

static FOLDED: CharTable<Folded> = CharTable::new(Folded::of);

/// The kinds of ASCII characters.
const ASCII_KINDS: [Kind; 128] = {
    let mut kinds = [Kind::Other; 128];
    let mut byte = 0;
    while byte < 128 {
        kinds[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => Kind::Letter,
            b'0'..=b'9' => Kind::Digit,
            b' ' => Kind::Blank,
            _ => Kind::Other,
        };
        byte += 1;
    }
    kinds
};

/// A text prepared for matching: position `i` is the `i`-th comparable character.
pub(crate) struct Chars {
    /// Folded and in lower case.
    pub folded: Vec<char>,
    /// Folded, in the case of the text.
    pub cased: Vec<char>,
    /// What each of `folded` is.
    pub kinds: Vec<Kind>,
    /// Byte offset of each position, and the length of the text as the last entry.
    at: Vec<usize>,
}

impl Chars {
    /// Prepares `text`; `turkish` chooses the dotless lower case of `I`.
    pub fn new(text: &str, turkish: bool) -> Self {
        let room = text.len();
        let mut chars = Chars {
            folded: Vec::with_capacity(room),
            cased: Vec::with_capacity(room),
            kinds: Vec::with_capacity(room),
            at: Vec::with_capacity(room + 1),
        };
        let mut from = 0;
        while from < text.len() {
            let ascii = text.as_bytes()[from..].iter().take_while(|byte| byte.is_ascii()).count();
            chars.push_ascii(&text.as_bytes()[from..from + ascii], from, turkish);
            from += ascii;
            for raw in text[from..].chars().take_while(|c| !c.is_ascii()) {
                chars.push(raw, from, turkish);
                from += raw.len_utf8();
            }
        }
        chars.at.push(text.len());
        chars
    }

    /// A run of characters of one byte each, none of which is left out or joins with the one before it.
    fn push_ascii(&mut self, run: &[u8], from: usize, turkish: bool) {
        self.cased.extend(run.iter().map(|&byte| char::from(byte)));
        if turkish {
            self.folded.extend(run.iter().map(|&byte| if byte == b'I' { 'ı' } else { char::from(byte.to_ascii_lowercase()) }));
        } else {
            self.folded.extend(run.iter().map(|byte| char::from(byte.to_ascii_lowercase())));
        }
        self.kinds.extend(run.iter().map(|&byte| ASCII_KINDS[usize::from(byte & 0x7f)]));
        self.at.extend(from..from + run.len());
    }

    /// The character that begins at a byte.
    fn push(&mut self, raw: char, byte: usize, turkish: bool) {
        let mut folded = FOLDED.get(raw);
        if folded.left_out {
            return;
        }
        if let (true, Some(last)) = (folded.combining, self.cased.last().copied())
            && let Some(joined) = compose(last, raw)
        {
            self.cased.pop();
            self.folded.pop();
            self.kinds.pop();
            let lower = lower(joined);
            folded = Folded { cased: joined, lower, kind: Kind::of(lower), ..folded };
        } else {
            self.at.push(byte);
        }
        self.cased.push(folded.cased);
        // Full width is folded to ASCII.
        self.folded.push(if turkish && folded.cased == 'I' { 'ı' } else { folded.lower });
        self.kinds.push(folded.kind);
    }

    pub fn len(&self) -> usize {
        self.folded.len()
    }

    /// The byte where position `i` starts.
    pub fn start(&self, i: usize) -> usize {
        self.at[i.min(self.at.len() - 1)]
    }

    /// The folded lower-case character at `i`.
    pub fn get(&self, i: usize) -> Option<char> {
        self.folded.get(i).copied()
    }

    /// The folded character before `i`.
    pub fn before(&self, i: usize) -> Option<char> {
        i.checked_sub(1).and_then(|j| self.get(j))
    }

    /// The first position at or after `i` that is not a space of this line.
    pub fn skip_spaces(&self, mut i: usize) -> usize {
        while self.kind(i) == Some(Kind::Blank) {
            i += 1;
        }
        i
    }

    /// The last position at or before `i` with no space before it.
    pub fn skip_spaces_back(&self, mut i: usize) -> usize {
        while i.checked_sub(1).and_then(|j| self.kind(j)) == Some(Kind::Blank) {
            i -= 1;
        }
        i
    }

    pub fn is_digit(&self, i: usize) -> bool {
        self.kind(i) == Some(Kind::Digit)
    }

    /// What the character at `i` is.
    pub fn kind(&self, i: usize) -> Option<Kind> {
        self.kinds.get(i).copied()
    }

    /// Whether the characters before and at `i` are both of this kind.
    pub fn is_within(&self, i: usize, kind: Kind) -> bool {
        self.kind(i) == Some(kind) && i > 0 && self.kinds[i - 1] == kind
    }
}

/// A space within a line: `fold` has turned all kinds into these two.
pub(crate) fn is_blank(c: char) -> bool {
    c == ' ' || c == THIN
}

/// A space that does not break a line, the typographic group separator.
pub(crate) const THIN: char = '\u{a0}';

/// A letter of a script that puts spaces between words.
pub(crate) fn is_spaced_letter(c: char) -> bool {
    (c.is_alphabetic() || c == '_' || is_combining(c)) && !is_unspaced(c)
}

/// A character of a script that writes words without spaces (Han, kana, Thai …), where no word boundary is asked for.
pub(crate) fn is_unspaced(c: char) -> bool {
    matches!(c as u32, 0x0e00..=0x0eff | 0x1000..=0x109f | 0x1780..=0x17ff | 0x2e80..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3134f)
}

fn is_combining(c: char) -> bool {
    matches!(c as u32, 0x0300..=0x036f | 0x0900..=0x0903 | 0x093a..=0x094f | 0x0962..=0x0963 | 0x3099 | 0x309a)
}

fn is_left_out(c: char) -> bool {
    matches!(c as u32, 0x00ad | 0x064b..=0x0652 | 0x0670 | 0x0640 | 0x093c | 0x200b..=0x200f | 0x061c | 0x202a..=0x202e | 0x2060..=0x2069 | 0xfeff | 0xfe0e | 0xfe0f)
}

/// The lower case in every language but Turkish, whose `I` is another letter.
fn lower(c: char) -> char {
    match c {
        'İ' => 'i',
        _ if c.is_ascii() => c.to_ascii_lowercase(),
        _ => {
            let mut all = c.to_lowercase();
            match (all.next(), all.next()) {
                (Some(one), None) => one,
                _ => c,
            }
        }
    }
}

/// Digits of every script that has ten of them in a row, by the code point of its zero.
const ZEROS: [u32; 12] = [0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0e50, 0x0ed0, 0xff10];

fn fold(c: char) -> char {
    let code = c as u32;
    if code < 0x80 {
        return c;
    }
    for zero in ZEROS {
        if (zero..zero + 10).contains(&code) {
            return char::from(b'0' + (code - zero) as u8);
        }
    }
    match code {
        0xff01..=0xff5e => char::from_u32(code - 0xfee0).unwrap_or(c),
        0x00a0 | 0x2007..=0x200a | 0x202f | 0x205f => THIN,
        0x2000..=0x2006 | 0x3000 => ' ',
        0x2018 | 0x2019 | 0x02bc | 0x02b9 | 0x00b4 => '\'',
        0x2010 | 0x2011 | 0x2212 | 0xfe63 => '-',
        0x2012 | 0x2014 | 0x2015 => '–',
        0x301c | 0x223c => '~',
        0x066a => '%',
        0x0623 | 0x0625 | 0x0622 => 'ا',
        0x0649 => 'ي',
        0x0958 => 'क',
        0x0959 => 'ख',
        0x095a => 'ग',
        0x095b => 'ज',
        0x095c => 'ड',
        0x095d => 'ढ',
        0x095e => 'फ',
        0x095f => 'य',
        0x0451 => 'е',
        0x0401 => 'Е',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_of_ascii_is_what_its_characters_are() {
        for text in ["Ab_1 %", "I e\u{301}a", "x\u{200b}1\u{a0}２I", "中A文", ""] {
            for turkish in [false, true] {
                let (whole, mut single) = (Chars::new(text, turkish), Chars::new("", turkish));
                single.at.clear();
                text.char_indices().for_each(|(byte, c)| single.push(c, byte, turkish));
                single.at.push(text.len());
                assert_eq!((whole.folded, whole.cased, whole.at), (single.folded, single.cased, single.at), "{text}");
                assert_eq!(whole.kinds, single.kinds, "{text}");
            }
        }
    }
}
