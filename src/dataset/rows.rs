//! The rows of a dataset's table as they stand in the file, to be written again with some cells changed: every other cell stays.

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
    is_claims: bool,
}

pub(super) struct Row {
    pub(super) line: u64,
    pub(super) cells: Vec<String>,
}

pub(super) fn rows<'t>(table: &'t Table, reading: &'t Reading) -> Rows<'t> {
    let is_claims = is_claims(table, reading);
    let canonical = if is_claims { claim_columns(&reading.dataset.schema) } else { article_columns().to_vec() };
    let columns = order(&canonical, table.columns(), |_| false);
    let at: Vec<Option<usize>> = columns.iter().map(|c| table.column(c)).collect();
    let cells = |row| at.iter().map(|&column| table.cell(row, column).to_owned()).collect();
    let rows = (0..table.len()).map(|row| Row { line: table.line(row), cells: cells(row) }).collect();
    Rows { columns, rows, is_claims }
}

impl Rows<'_> {
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
