//! CSV as people, spreadsheets and git leave it: read strictly, written canonically.
//!
//! Read: UTF-8 with or without BOM, UTF-16 with BOM; `,` `;` or tab between cells; LF or CRLF rows; empty lines skipped.
//! Cells are never read by position: the header names them. Everything that would shift or lose a cell is a finding with its
//! line, and all findings are reported. Written: UTF-8, `,`, LF, quotes only where they are needed.

mod decode;
mod read;
#[cfg(test)]
mod tests;
mod write;

use read::Reader;
pub use write::write;

use crate::problem::{Problems, Rule};
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
        let mut reader = Reader::new(file, &text, expected, problems);
        let header = reader.header(expected)?;
        let mut table = Table { file: file.to_owned(), columns: header, ..Table::default() };
        reader.rows(&mut table);
        let spare = reader.into_spare();
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

    /// A table of empty cells, to be written; its lines are its rows, 1-based.
    pub(crate) fn of_empty_rows(file: &str, columns: Vec<String>, rows: usize) -> Table {
        let cells = vec![(0, 0); rows * columns.len()];
        Table { file: file.to_owned(), columns, text: String::new(), cells, lines: (1..=rows as u64).collect() }
    }

    /// Writes a cell, and says where its text stands, so that others can have it too.
    pub(crate) fn write_cell(&mut self, row: usize, column: usize, cell: &str) -> (usize, usize) {
        let place = (self.text.len(), self.text.len() + cell.len());
        self.text.push_str(cell);
        self.share_cell(row, column, place);
        place
    }

    /// Gives a cell the text of another one.
    pub(crate) fn share_cell(&mut self, row: usize, column: usize, place: (usize, usize)) {
        self.cells[row * self.columns.len() + column] = place;
    }

    /// Bytes of text in all cells.
    pub(crate) fn text_len(&self) -> usize {
        self.text.len()
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

/// Whether a merge left its mark there.
fn is_conflict_marker(line: &str) -> bool {
    ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|marker| line.starts_with(marker))
}
