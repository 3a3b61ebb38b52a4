//! The rows of a dataset's table as they stand in the file, to be written again with some cells changed: every other cell stays.

use crate::claim::Schema;
use crate::formats::table::{self, Table};

use super::Reading;
use super::write::{article_columns, claim_columns, order};

pub(super) fn is_claims(table: &Table, reading: &Reading) -> bool {
    reading.claim_table.as_ref().is_some_and(|claims| claims.file() == table.file())
}

/// The raw cells of a table in canonical column order.
pub(super) struct Rows<'t> {
    pub(super) columns: Vec<&'t str>,
    pub(super) rows: Vec<Row>,
    canonical: Vec<&'t str>,
    is_claims: bool,
}

pub(super) struct Row {
    pub(super) line: u64,
    pub(super) cells: Vec<String>,
}

/// The rows of one of the two tables of a reading.
pub(super) fn rows<'t>(table: &'t Table, reading: &'t Reading) -> Rows<'t> {
    if is_claims(table, reading) { claim_rows(table, &reading.dataset.schema) } else { article_rows(table) }
}

/// The rows of a table of claims, the gold or an annotator's.
pub(super) fn claim_rows<'t>(table: &'t Table, schema: &'t Schema) -> Rows<'t> {
    rows_in(table, claim_columns(schema), true)
}

/// The rows of the article table.
pub(super) fn article_rows(table: &Table) -> Rows<'_> {
    rows_in(table, article_columns().to_vec(), false)
}

fn rows_in<'t>(table: &'t Table, canonical: Vec<&'t str>, is_claims: bool) -> Rows<'t> {
    let columns = order(&canonical, table.columns(), |_| false);
    let at: Vec<Option<usize>> = columns.iter().map(|c| table.column(c)).collect();
    let cells = |row| at.iter().map(|&column| table.cell(row, column).to_owned()).collect();
    let rows = (0..table.len()).map(|row| Row { line: table.line(row), cells: cells(row) }).collect();
    Rows { columns, rows, canonical, is_claims }
}

impl<'t> Rows<'t> {
    /// No rows yet, in a table of claims with all columns of the format.
    pub(super) fn without_claims(schema: &'t Schema) -> Rows<'t> {
        let canonical = claim_columns(schema);
        Rows { columns: canonical.clone(), rows: Vec::new(), canonical, is_claims: true }
    }

    /// The columns of the format, in canonical order.
    pub(super) fn canonical(&self) -> Vec<&'t str> {
        self.canonical.clone()
    }

    /// Adds a column of empty cells at its canonical place, unless it is there.
    pub(super) fn add_column(&mut self, name: &'t str) {
        if self.at(name).is_some() {
            return;
        }
        let before = self.canonical.iter().take_while(|column| **column != name);
        let at = before.filter_map(|column| self.at(column)).max().map_or(0, |at| at + 1);
        self.columns.insert(at, name);
        for row in &mut self.rows {
            row.cells.insert(at, String::new());
        }
    }

    /// Adds a column of empty cells behind all others.
    pub(super) fn push_column(&mut self, name: &'t str) {
        self.columns.push(name);
        self.rows.iter_mut().for_each(|row| row.cells.push(String::new()));
    }

    pub(super) fn at(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| *c == name)
    }

    /// What a row is sorted by: (article_id, start, end, claim_id), or the article's id. Text that is no number sorts behind.
    fn key<'r>(&self, row: &'r Row) -> (&'r str, u64, u64, &'r str) {
        let cell = |name: &str| self.at(name).map_or("", |at| row.cells[at].as_str());
        let number = |name: &str| cell(name).parse().unwrap_or(u64::MAX);
        if self.is_claims { (cell("article_id"), number("start"), number("end"), cell("claim_id")) } else { (cell("article_id"), 0, 0, "") }
    }

    pub(super) fn order_name(&self) -> &'static str {
        if self.is_claims { "article_id, start, end, claim_id" } else { "article_id" }
    }

    pub(super) fn first_out_of_order(&self) -> Option<usize> {
        (1..self.rows.len()).find(|&row| self.key(&self.rows[row - 1]) > self.key(&self.rows[row]))
    }

    pub(super) fn sort(&mut self) {
        let mut rows = std::mem::take(&mut self.rows);
        rows.sort_by(|a, b| self.key(a).cmp(&self.key(b)));
        self.rows = rows;
    }

    pub(super) fn to_csv_unsorted(&self) -> String {
        table::write(&self.columns, self.rows.iter().map(|row| row.cells.iter()))
    }
}
