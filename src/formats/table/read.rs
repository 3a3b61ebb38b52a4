//! Rows of a text, cell by cell: whatever would shift or lose a cell is a finding with its line.

use std::collections::BTreeSet;

use memchr::{memchr, memchr_iter, memchr3};

use super::{Expected, Table, is_conflict_marker};
use crate::claim::nearest;
use crate::problem::{Problems, Rule};
use crate::report::safe::quoted;
/// The delimiter under which the header, the first line with content, names the most known columns; `,` when none does.
fn delimiter_of(text: &str, expected: Expected<'_>) -> u8 {
    let line = text.lines().find(|line| !line.is_empty()).unwrap_or("");
    let known = |delimiter: char| line.split(delimiter).filter(|cell| expected.knows(cell.trim().trim_matches('"'))).count();
    let (mut best, mut most) = (b',', known(','));
    for delimiter in [b';', b'\t'] {
        let count = known(char::from(delimiter));
        if count > most {
            (best, most) = (delimiter, count);
        }
    }
    best
}

/// How a cell ended.
enum End {
    Cell,
    Row,
}

pub(super) struct Reader<'t, 'p> {
    file: &'t str,
    delimiter: u8,
    at: usize,
    line: u64,
    text: &'t str,
    spare: String,
    problems: &'p mut Problems,
}

/// A row was damaged: its findings are reported; whether reading can go on.
struct Damaged {
    go_on: bool,
}

impl<'t, 'p> Reader<'t, 'p> {
    /// At the start of a text, with the delimiter that its header suggests.
    pub fn new(file: &'t str, text: &'t str, expected: Expected<'_>, problems: &'p mut Problems) -> Reader<'t, 'p> {
        Reader { file, delimiter: delimiter_of(text, expected), at: 0, line: 1, text, spare: String::new(), problems }
    }

    /// Cells that do not stand in the text as they are, such as those with doubled quotes: places behind its end are places here.
    pub fn into_spare(self) -> String {
        self.spare
    }

    pub fn header(&mut self, expected: Expected<'_>) -> Option<Vec<String>> {
        self.skip_empty_lines();
        if self.at >= self.text.len() {
            self.problems.add(self.file, 0, "", Rule::Table, "the file is empty; it needs a header");
            return None;
        }
        let line = self.line;
        if is_conflict_marker(&self.text[self.at..]) {
            self.problems.add(self.file, line, "", Rule::Table, "a merge conflict marker in place of a header; resolve the conflict");
            return None;
        }
        let mut cells = Vec::new();
        if self.row(&mut cells).is_err() {
            return None;
        }
        let names: Vec<String> = cells.iter().map(|&cell| self.slice(cell).to_owned()).collect();
        let before = self.problems.count(crate::problem::Level::Error);
        let mut seen = BTreeSet::new();
        for name in names.iter().filter(|n| !n.is_empty()) {
            if !seen.insert(name.as_str()) {
                self.problems.add(self.file, line, name.as_str(), Rule::Table, format!("duplicate column {}", quoted(name, 40)));
            }
        }
        let missing: Vec<&str> = expected.needed.iter().copied().filter(|n| !seen.contains(n)).collect();
        if !missing.is_empty() {
            let found: Vec<String> = names.iter().take(20).map(|n| spelled_out(n)).collect();
            let near: Vec<String> = missing
                .iter()
                .filter_map(|&m| {
                    names.iter().filter(|n| !expected.knows(n)).find(|n| looks_like(n, m)).map(|n| format!("{} for {m}?", spelled_out(n)))
                })
                .collect();
            let near = if near.is_empty() { String::new() } else { format!(" ({})", near.join(" ")) };
            let message = format!("the header lacks column {}; it has {}{near}", missing.join(", "), found.join(", "));
            self.problems.add(self.file, line, "", Rule::Table, message);
        } else if !expected.open {
            for name in names.iter().filter(|n| !n.is_empty() && !expected.knows(n)) {
                let near = nearest(name, expected.needed.iter().chain(expected.known).copied());
                let near = near.map(|n| format!(" (did you mean {n}?)")).unwrap_or_default();
                let message = format!("unknown column {}{near}: it is kept, and never scored", spelled_out(name));
                self.problems.add(self.file, line, name.as_str(), Rule::UnknownColumn, message);
            }
        }
        (self.problems.count(crate::problem::Level::Error) == before).then_some(names)
    }

    pub fn rows(&mut self, table: &mut Table) {
        let width = table.columns.len();
        let mut cells = Vec::with_capacity(width);
        loop {
            self.skip_empty_lines();
            if self.at >= self.text.len() {
                return;
            }
            let line = self.line;
            if is_conflict_marker(&self.text[self.at..]) {
                self.problems.add(self.file, line, "", Rule::Table, "a merge conflict marker; resolve the conflict");
                self.skip_line();
                continue;
            }
            cells.clear();
            match self.row(&mut cells) {
                Err(Damaged { go_on: true }) => continue,
                Err(Damaged { go_on: false }) => return,
                Ok(()) => {}
            }
            if cells.len() != width {
                let message = format!("this row has {} field{}, the header {width}", cells.len(), if cells.len() == 1 { "" } else { "s" });
                self.problems.add(self.file, line, "", Rule::Table, message);
            } else if cells.iter().any(|(start, end)| start < end) {
                table.cells.extend_from_slice(&cells);
                table.lines.push(line);
            }
        }
    }

    /// Reads the cells of one row and its row end.
    fn row(&mut self, cells: &mut Vec<(usize, usize)>) -> Result<(), Damaged> {
        loop {
            let (cell, end) = if self.peek() == Some(b'"') { self.quoted_cell()? } else { self.plain_cell()? };
            cells.push(cell);
            if matches!(end, End::Row) {
                return Ok(());
            }
        }
    }

    fn plain_cell(&mut self) -> Result<((usize, usize), End), Damaged> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let Some(length) = memchr3(self.delimiter, b'\n', b'\r', &bytes[start..]) else {
            self.at = bytes.len();
            return Ok(((start, self.at), End::Row));
        };
        self.at = start + length;
        let cell = (start, self.at);
        Ok((cell, self.cell_end()?))
    }

    fn quoted_cell(&mut self) -> Result<((usize, usize), End), Damaged> {
        let bytes = self.text.as_bytes();
        let opened = self.line;
        let start = self.at + 1;
        let mut from = start;
        let mut doubled = false;
        let end = loop {
            let Some(length) = memchr(b'"', &bytes[from..]) else {
                let message = "a quote that opens on this line is never closed; everything behind it would be one cell";
                self.problems.add(self.file, opened, "", Rule::Table, message);
                return Err(Damaged { go_on: false });
            };
            let quote = from + length;
            self.line += memchr_iter(b'\n', &bytes[from..quote]).count() as u64;
            if bytes.get(quote + 1) != Some(&b'"') {
                break quote;
            }
            doubled = true;
            from = quote + 2;
        };
        self.at = end + 1;
        let cell = if doubled {
            let offset = self.text.len() + self.spare.len();
            self.spare.push_str(&self.text[start..end].replace("\"\"", "\""));
            (offset, self.text.len() + self.spare.len())
        } else {
            (start, end)
        };
        match self.peek() {
            None => Ok((cell, End::Row)),
            Some(c) if c == self.delimiter || c == b'\n' || c == b'\r' => Ok((cell, self.cell_end()?)),
            Some(_) => {
                let message = "text behind a closing quote; write a quote inside a quoted cell twice (\"\")";
                self.problems.add(self.file, opened, "", Rule::Table, message);
                // A quote over several lines may be one that should have closed earlier: nothing behind it can be trusted.
                let go_on = self.line == opened;
                self.skip_line();
                Err(Damaged { go_on })
            }
        }
    }

    /// Steps over a delimiter or a row end.
    fn cell_end(&mut self) -> Result<End, Damaged> {
        match self.peek() {
            None => Ok(End::Row),
            Some(c) if c == self.delimiter => {
                self.at += 1;
                Ok(End::Cell)
            }
            Some(b'\n') => {
                self.newline(1);
                Ok(End::Row)
            }
            _ if self.text.as_bytes().get(self.at + 1) == Some(&b'\n') => {
                self.newline(2);
                Ok(End::Row)
            }
            _ => {
                let message = "a CR without LF outside of quotes: end rows with LF or CRLF, and quote a field that holds a CR";
                self.problems.add(self.file, self.line, "", Rule::Table, message);
                self.skip_line();
                Err(Damaged { go_on: true })
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn newline(&mut self, length: usize) {
        self.at += length;
        self.line += 1;
    }

    fn skip_empty_lines(&mut self) {
        loop {
            match self.text.as_bytes().get(self.at..) {
                Some([b'\n', ..]) => self.newline(1),
                Some([b'\r', b'\n', ..]) => self.newline(2),
                _ => return,
            }
        }
    }

    fn skip_line(&mut self) {
        match memchr(b'\n', &self.text.as_bytes()[self.at..]) {
            Some(length) => self.newline(length + 1),
            None => self.at = self.text.len(),
        }
    }

    fn slice(&self, (start, end): (usize, usize)) -> &str {
        match start.checked_sub(self.text.len()) {
            Some(start) => &self.spare[start..end - self.text.len()],
            None => &self.text[start..end],
        }
    }
}

/// A column name with every odd character visible, so that a Cyrillic `а` or a zero-width space cannot hide.
fn spelled_out(name: &str) -> String {
    let mut out = String::from("\"");
    for c in name.chars().take(40) {
        if c.is_ascii() && !c.is_control() { out.push(c) } else { out.extend(c.escape_unicode()) }
    }
    out.push('"');
    out
}

fn looks_like(written: &str, name: &str) -> bool {
    written.trim().eq_ignore_ascii_case(name) || strsim::levenshtein(written, name) <= 2
}
