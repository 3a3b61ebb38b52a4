//! Claims marked in the text itself: `Officials arrested [[more than 37,000 people|quantity value=37000]] in 2023`.
//!
//! - `[[quote]]` or `[[quote|words]]` marks a claim; marks may stand in one another, but cannot cross.
//! - A backslash before `[` or `]`, and inside of a mark before `|`, makes that character one of the text; so many backslashes before
//!   one of these are halved. Any other backslash is one of the text.
//!
//! The text is what is left without the marks, byte for byte.

/// A text with its marks taken out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marked {
    /// The text.
    pub text: String,
    /// In the order in which they begin.
    pub marks: Vec<Mark>,
}

/// One marked claim.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// Half-open, in code points of the text without the marks; white space at the edges is left out.
    pub span: (u32, u32),
    /// What stands behind the bar.
    pub words: String,
    /// Line and column of the mark, 1-based, in the text with the marks.
    pub at: (u64, u64),
}

/// Takes the marks out of a text.
///
/// # Errors
/// Every mark that is not closed, closes nothing, or is empty, with its line and column.
pub fn unmarked(text: &str) -> Result<Marked, Vec<String>> {
    let mut reader = Reader { source: text, at: 0, out: String::with_capacity(text.len()), points: 0, open: Vec::new(), marks: Vec::new() };
    let mut wrong = Vec::new();
    while reader.at < text.len() {
        if let Err(message) = reader.step() {
            wrong.push(message);
        }
    }
    wrong.extend(
        reader
            .open
            .iter()
            .map(|open| reader.wrong(open.from, "[[ is never closed; end the mark with ]], or write \\[[ for the characters themselves")),
    );
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let mut marks: Vec<(usize, Mark)> = reader.marks;
    marks.sort_by_key(|(from, _)| *from);
    Ok(Marked { text: reader.out, marks: marks.into_iter().map(|(_, mark)| mark).collect() })
}

/// Whether a text has what looks like a mark.
pub fn looks_marked(text: &str) -> bool {
    text.find("[[").is_some_and(|at| text[at..].contains("]]"))
}

struct Open {
    /// Byte of the source.
    from: usize,
    /// Byte and code point of the text.
    start: (usize, u32),
}

struct Reader<'t> {
    source: &'t str,
    at: usize,
    out: String,
    points: u32,
    open: Vec<Open>,
    marks: Vec<(usize, Mark)>,
}

impl Reader<'_> {
    fn step(&mut self) -> Result<(), String> {
        let rest = &self.source[self.at..];
        let slashes = rest.bytes().take_while(|b| *b == b'\\').count();
        let behind = &rest[slashes..];
        let is_special = behind.starts_with(['[', ']']) || (behind.starts_with('|') && !self.open.is_empty());
        if !is_special {
            let length = slashes + behind.chars().next().map_or(0, char::len_utf8);
            return self.copy(length);
        }
        self.push(&"\\".repeat(slashes / 2));
        self.at += slashes;
        if slashes % 2 == 1 {
            return self.copy(1);
        }
        if behind.starts_with("[[") {
            self.open.push(Open { from: self.at, start: (self.out.len(), self.points) });
            self.at += 2;
            Ok(())
        } else if behind.starts_with("]]") {
            self.close(self.at, 2, String::new())
        } else if let Some(words) = behind.strip_prefix('|') {
            self.words(words)
        } else {
            self.copy(1)
        }
    }

    /// The words behind a bar, up to the end of the mark.
    fn words(&mut self, behind: &str) -> Result<(), String> {
        let from = self.at;
        let mut in_quotes = false;
        let mut escaped = false;
        for (at, c) in behind.char_indices() {
            match c {
                _ if escaped => escaped = false,
                '\\' if in_quotes => escaped = true,
                '"' => in_quotes = !in_quotes,
                ']' if !in_quotes && behind[at..].starts_with("]]") => return self.close(from, 1 + at + 2, behind[..at].to_owned()),
                '[' if !in_quotes && behind[at..].starts_with("[[") => break,
                _ => {}
            }
        }
        self.at += 1;
        let open = self.open.pop();
        let from = open.map_or(from, |open| open.from);
        Err(self.wrong(from, "the words of the mark do not end with ]]; write \\| for a bar of the text"))
    }

    fn close(&mut self, at: usize, length: usize, words: String) -> Result<(), String> {
        self.at = at + length;
        let Some(Open { from, start: (byte, point) }) = self.open.pop() else {
            return Err(self.wrong(at, "]] closes no mark; write \\]] for the characters themselves"));
        };
        let marked = &self.out[byte..];
        let before = marked.chars().take_while(|c| c.is_whitespace()).count() as u32;
        let inner = marked.trim().chars().count() as u32;
        if inner == 0 {
            return Err(self.wrong(from, "an empty mark; write \\[[ for the characters themselves"));
        }
        let start = point + before;
        self.marks.push((from, Mark { span: (start, start + inner), words, at: self.place(from) }));
        Ok(())
    }

    fn copy(&mut self, length: usize) -> Result<(), String> {
        let source = self.source;
        self.push(&source[self.at..self.at + length]);
        self.at += length;
        Ok(())
    }

    fn push(&mut self, text: &str) {
        self.out.push_str(text);
        self.points += text.chars().count() as u32;
    }

    fn place(&self, byte: usize) -> (u64, u64) {
        let before = &self.source[..byte];
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        (1 + before.matches('\n').count() as u64, 1 + before[line..].chars().count() as u64)
    }

    fn wrong(&self, byte: usize, message: &str) -> String {
        let (line, column) = self.place(byte);
        format!("line {line}, column {column}: {message}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn spans(text: &str) -> Vec<(u32, u32)> {
        unmarked(text).unwrap().marks.into_iter().map(|mark| mark.span).collect()
    }

    #[test]
    fn marks_are_taken_out_and_nothing_else() {
        for (marked, text, expected) in [
            ("a [[37,000 b|quantity value=37000]] c\r\n", "a 37,000 b c\r\n", vec![(2, 10)]),
            ("🌊 [[one [[two]] three|rank]]", "🌊 one two three", vec![(2, 15), (6, 9)]),
            ("[[ edge ]]", " edge ", vec![(1, 5)]),
            (r"a [1] \[[b\]] c\d \\", r"a [1] [[b]] c\d \\", vec![]),
            (r"[[a \| b|note=x]] | c", "a | b | c", vec![(0, 5)]),
            (r"\\[[a]]", r"\a", vec![(1, 2)]),
            (r#"[[a|note="]] [[ \" "]]b"#, "ab", vec![(0, 1)]),
        ] {
            let found = unmarked(marked).unwrap();
            assert_eq!(found.text, text, "{marked}");
            assert_eq!(spans(marked), expected, "{marked}");
        }
    }

    #[test]
    fn what_is_no_mark_is_said_with_its_place() {
        for (text, says) in [
            ("a\nb [[c", "line 2, column 3: [[ is never closed"),
            ("a ]] b", "line 1, column 3: ]] closes no mark"),
            ("[[ ]]", "line 1, column 1: an empty mark"),
            ("[[a|value=1 [[b]]", "the words of the mark do not end"),
            ("[[a|value=1", "the words of the mark do not end"),
        ] {
            let wrong = unmarked(text).unwrap_err().join("\n");
            assert!(wrong.contains(says), "{text}: {wrong}");
        }
        assert_eq!(unmarked("]] [[]] [[").unwrap_err().len(), 3);
        assert!(looks_marked("a [[b]]") && !looks_marked("]] [[ [1]"));
    }

    /// A text between whose pieces marks open and close.
    #[derive(Clone, Debug)]
    enum Piece {
        Text(String),
        Mark(Vec<Piece>, String),
    }

    fn pieces() -> impl Strategy<Value = Vec<Piece>> {
        let text = r"[a-c \[\]|\\\r\né🌊]{0,8}".prop_map(Piece::Text);
        let leaf = prop::collection::vec(text.clone(), 0..4);
        leaf.prop_recursive(3, 24, 4, move |inner| {
            let mark = (inner, "( ?[a-z]=(\"[a-z \\]\\[|]*\"|[a-z]+)){0,2}").prop_map(|(inner, words)| Piece::Mark(inner, words));
            prop::collection::vec(prop_oneof![text.clone(), mark], 0..4)
        })
    }

    /// The text with every special character escaped, the text alone, and where the marks are.
    fn write(pieces: &[Piece], inside: bool, marked: &mut String, plain: &mut String, spans: &mut Vec<((u32, u32), String)>) {
        for piece in pieces {
            match piece {
                Piece::Text(text) => {
                    plain.push_str(text);
                    for c in text.chars() {
                        let is_special = matches!(c, '[' | ']') || (c == '|' && inside);
                        if is_special {
                            double_slashes(marked);
                            marked.push('\\');
                        }
                        marked.push(c);
                    }
                }
                Piece::Mark(inner, words) => {
                    double_slashes(marked);
                    marked.push_str("[[");
                    let (from, at) = (plain.len(), spans.len());
                    spans.push(((0, 0), words.clone()));
                    let before = plain.chars().count();
                    write(inner, true, marked, plain, spans);
                    if plain[from..].trim().is_empty() {
                        plain.push('x');
                        marked.push('x');
                    }
                    double_slashes(marked);
                    marked.push_str(&if words.is_empty() { "]]".to_owned() } else { format!("|{words}]]") });
                    let lead = plain[from..].chars().take_while(|c| c.is_whitespace()).count();
                    let length = plain[from..].trim().chars().count();
                    spans[at].0 = ((before + lead) as u32, (before + lead + length) as u32);
                }
            }
        }
    }

    /// The backslashes at the end, twice: a special character follows.
    fn double_slashes(marked: &mut String) {
        let slashes = marked.len() - marked.trim_end_matches('\\').len();
        marked.push_str(&"\\".repeat(slashes));
    }

    proptest! {
        #[test]
        fn what_was_marked_is_found_again(pieces in pieces()) {
            let (mut marked, mut plain, mut spans) = (String::new(), String::new(), Vec::new());
            write(&pieces, false, &mut marked, &mut plain, &mut spans);
            let found = unmarked(&marked).map_err(|wrong| TestCaseError::fail(format!("{marked:?}: {wrong:?}")))?;
            prop_assert_eq!(&found.text, &plain, "{}", marked);
            let found: Vec<_> = found.marks.into_iter().map(|mark| (mark.span, mark.words)).collect();
            prop_assert_eq!(found, spans, "{}", marked);
        }

        /// Whatever stands there is a text with marks or said to be none; without brackets it is the text itself.
        #[test]
        fn any_text_is_read(text in r#"[a\[\]|\\" =\r\n]{0,40}"#, plain in r"[^\[\]]{0,40}") {
            drop(unmarked(&text));
            prop_assert_eq!(unmarked(&plain).unwrap().text, plain);
        }
    }
}
