//! CSV as people, spreadsheets and git leave it: read strictly, written canonically.
//!
//! Read: UTF-8 with or without BOM, UTF-16 with BOM; `,` `;` or tab between cells; LF or CRLF rows; empty lines skipped.
//! Cells are never read by position: the header names them. Everything that would shift or lose a cell is a finding with its
//! line, and all findings are reported. Written: UTF-8, `,`, LF, quotes only where they are needed.

mod decode;

use std::collections::BTreeSet;

use memchr::{memchr, memchr_iter, memchr3};

use crate::claim::nearest;
use crate::problem::{Problems, Rule};
use crate::report::safe::quoted;

/// The columns that a reader expects.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// Columns that must be there.
    pub needed: &'a [&'a str],
    /// Columns that may be there.
    pub known: &'a [&'a str],
    /// Whether any other column is welcome; else it is a warning.
    pub open: bool,
}

impl Expected<'_> {
    fn knows(&self, name: &str) -> bool {
        self.needed.contains(&name) || self.known.contains(&name)
    }
}

/// A table in memory: named columns, and rows with the line they start at. Cells are kept exactly as written.
#[derive(Clone, Debug, Default)]
pub struct Table {
    file: String,
    columns: Vec<String>,
    /// The decoded file, and behind it the cells that had doubled quotes.
    text: String,
    /// Start and end of each cell in `text`, row by row.
    cells: Vec<(usize, usize)>,
    lines: Vec<u64>,
}

impl Table {
    /// Reads a CSV file's bytes; `file` is its name in findings. `None` when it has no usable header; rows that are damaged are
    /// left out, each with an error, so a table with errors is for further checks only.
    pub fn read(file: &str, bytes: Vec<u8>, expected: Expected<'_>, problems: &mut Problems) -> Option<Table> {
        let text = match decode::decode(bytes) {
            Ok(text) => text,
            Err(error) => {
                problems.add(file, error.line, "", Rule::Table, error.message);
                return None;
            }
        };
        let delimiter = delimiter_of(&text, expected);
        let mut reader = Reader { file, delimiter, at: 0, line: 1, text: &text, spare: String::new(), problems };
        let header = reader.header(expected)?;
        let mut table = Table { file: file.to_owned(), columns: header, ..Table::default() };
        reader.rows(&mut table);
        let spare = reader.spare;
        table.text = text;
        table.text.push_str(&spare);
        table.drop_nameless_columns(problems);
        Some(table)
    }

    /// A table from rows that were read elsewhere, such as JSONL; each with its line and as many cells as there are columns
    /// (missing ones are empty, further ones dropped).
    pub fn from_rows(file: &str, columns: Vec<String>, rows: impl IntoIterator<Item = (u64, Vec<String>)>) -> Table {
        let mut table = Table { file: file.to_owned(), columns, ..Table::default() };
        for (line, cells) in rows {
            table.lines.push(line);
            for at in 0..table.columns.len() {
                let start = table.text.len();
                table.text.push_str(cells.get(at).map_or("", String::as_str));
                table.cells.push((start, table.text.len()));
            }
        }
        table
    }

    /// The file's name, as findings show it.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The column names, in the order of the file.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Where a column stands.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| c == name)
    }

    /// Number of rows, without the header.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// A cell, as written; empty for a column that is `None` or beyond the table.
    pub fn cell(&self, row: usize, column: Option<usize>) -> &str {
        let width = self.columns.len();
        let Some(column) = column.filter(|&c| c < width) else { return "" };
        self.cells.get(row * width + column).map_or("", |&(start, end)| &self.text[start..end])
    }

    /// The line (1-based) at which a row starts.
    pub fn line(&self, row: usize) -> u64 {
        self.lines.get(row).copied().unwrap_or(0)
    }

    /// Spreadsheets leave columns without a name behind the last one. Empty ones are dropped, others are an error.
    fn drop_nameless_columns(&mut self, problems: &mut Problems) {
        let width = self.columns.len();
        let nameless: Vec<usize> = (0..width).filter(|&c| self.columns[c].is_empty()).collect();
        if nameless.is_empty() {
            return;
        }
        for &column in &nameless {
            if let Some(row) = (0..self.len()).find(|&r| !self.cell(r, Some(column)).is_empty()) {
                let message = format!("column {} has cells but no name in the header; name it or empty it", column + 1);
                problems.add(&self.file, self.line(row), "", Rule::Table, message);
            }
        }
        let mut at = 0;
        self.cells.retain(|_| {
            at += 1;
            !nameless.contains(&((at - 1) % width))
        });
        self.columns.retain(|name| !name.is_empty());
    }
}

/// Writes a table canonically: UTF-8 without BOM, `,` between cells, LF rows, quotes only where a cell needs them.
///
/// ```
/// use claim_assay::formats::table::write;
/// assert_eq!(write(&["id", "quote"], [["c1", "more than 37,000"], ["c2", "tenfold"]]), "id,quote\nc1,\"more than 37,000\"\nc2,tenfold\n");
/// ```
pub fn write<C, R>(columns: &[C], rows: impl IntoIterator<Item = R>) -> String
where
    C: AsRef<str>,
    R: IntoIterator,
    R::Item: AsRef<str>,
{
    let mut out = String::new();
    write_row(&mut out, columns.iter().map(AsRef::as_ref));
    for row in rows {
        let cells: Vec<R::Item> = row.into_iter().collect();
        write_row(&mut out, cells.iter().map(AsRef::as_ref));
    }
    out
}

fn write_row<'a>(out: &mut String, cells: impl ExactSizeIterator<Item = &'a str>) {
    let only = cells.len() == 1;
    for (i, cell) in cells.enumerate() {
        if i > 0 {
            out.push(',');
        }
        // A lone empty cell would be an empty line, and a marker at the start of a line would be taken for a merge conflict.
        let needs = cell.contains([',', '"', '\n', '\r']) || (only && cell.is_empty()) || (i == 0 && is_conflict_marker(cell));
        if needs {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(cell);
        }
    }
    out.push('\n');
}

fn is_conflict_marker(line: &str) -> bool {
    ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|marker| line.starts_with(marker))
}

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

struct Reader<'t, 'p> {
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

impl Reader<'_, '_> {
    fn header(&mut self, expected: Expected<'_>) -> Option<Vec<String>> {
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

    fn rows(&mut self, table: &mut Table) {
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

#[cfg(test)]
mod tests {
    use super::*;

    const EXPECTED: Expected<'_> = Expected { needed: &["id", "start"], known: &["note"], open: false };

    fn read(bytes: &[u8]) -> (Vec<Vec<String>>, Vec<u64>, String) {
        let mut problems = Problems::new();
        let table = Table::read("t.csv", bytes.to_vec(), EXPECTED, &mut problems).unwrap_or_default();
        let rows = (0..table.len()).map(|r| (0..table.columns().len()).map(|c| table.cell(r, Some(c)).to_owned()).collect()).collect();
        ((rows), (0..table.len()).map(|r| table.line(r)).collect(), problems.to_string())
    }

    #[test]
    fn dialects_read_alike() {
        let utf16 = |text: &str, big: bool| -> Vec<u8> {
            std::iter::once(0xfeffu16)
                .chain(text.encode_utf16())
                .flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() })
                .collect()
        };
        let plain = "id,start,note\nc1,1,\"a, \"\"b\"\"\nc\"\nc2,2,🌊\n";
        let expected = [vec!["c1", "1", "a, \"b\"\nc"], vec!["c2", "2", "🌊"]];
        for bytes in [
            plain.as_bytes().to_vec(),
            plain.trim_end().as_bytes().to_vec(),
            format!("\u{feff}{plain}").into_bytes(),
            plain.replace("c1,1,", "c1;1;").replace("c2,2,", "c2;2;").replace("id,start,", "id;start;").into_bytes(),
            plain.replace("c1,1,", "c1\t1\t").replace("c2,2,", "c2\t2\t").replace("id,start,", "id\tstart\t").into_bytes(),
            plain.replace("note\n", "note\r\n\r\n").replace("\"\nc2", "\"\r\nc2").into_bytes(),
            utf16(plain, false),
            utf16(plain, true),
        ] {
            let (rows, _, problems) = read(&bytes);
            assert_eq!((rows, problems), (expected.iter().map(|r| r.iter().map(|&c| c.to_owned()).collect()).collect(), String::new()));
        }
    }

    #[test]
    fn lines_are_those_of_the_file() {
        let (_, lines, problems) = read(b"\nid,start,note\nc1,1,\"a\nb\r\nc\"\n\nc2,2,\n,,\n");
        assert_eq!((lines, problems.as_str()), (vec![3, 7], ""));
    }

    #[test]
    fn every_damaged_row_is_reported() {
        let (rows, _, problems) = read(b"id,start\nc1,1\nc2\nc3,3,3\n<<<<<<< HEAD\nc4,\"4\"4\nc5,5\r6\nc7,7\nc8,\"8\n");
        assert_eq!(rows, [["c1", "1"], ["c7", "7"]]);
        let lines: Vec<&str> = problems.lines().map(|l| l.split(": ").next().unwrap()).collect();
        assert_eq!(lines, ["t.csv:3", "t.csv:4", "t.csv:5", "t.csv:6", "t.csv:7", "t.csv:9"]);
    }

    #[test]
    fn a_header_is_never_guessed() {
        for (bytes, says) in [
            ("id,id,start\n", "duplicate column \"id\""),
            ("id,st\u{430}rt\n", "\"st\\u{430}rt\" for start?"),
            ("ID, start\nc1,1\n", "lacks column id, start"),
            ("", "empty"),
            ("id,start,note,x\n", "unknown column \"x\""),
            ("id,start,noet\n", "did you mean note?"),
            ("id,start,\nc1,1,2\n", "column 3 has cells but no name"),
        ] {
            assert!(read(bytes.as_bytes()).2.contains(says), "{bytes:?}: {}", read(bytes.as_bytes()).2);
        }
        assert_eq!(read(b"id,start,\nc1,1,\n").0, [["c1", "1"]]);
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_is_read_back(cells in proptest::collection::vec("[a,;\"\n\r =<|\u{e9}\u{1f30a}]{0,6}", 4)) {
            proptest::prop_assume!(cells[..2].iter().any(|c| !c.is_empty()) && cells[2..].iter().any(|c| !c.is_empty()));
            let written = write(&["id", "start"], cells.chunks(2));
            let (rows, _, problems) = read(written.as_bytes());
            proptest::prop_assert_eq!(problems, "");
            proptest::prop_assert_eq!(rows, cells.chunks(2).map(<[String]>::to_vec).collect::<Vec<_>>());
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200)) {
            let mut with_header = b"id,start\n".to_vec();
            with_header.extend(&bytes);
            read(&bytes);
            read(&with_header);
        }
    }
}
