//! What `lint --fix` mends: order, quoting, white space at edges, and offsets whose quote occurs once. Never values or hashes.

use std::path::PathBuf;

use crate::formats::table::{self, Table};

use super::super::write::{article_columns, claim_columns, order};
use super::super::{Points, Reading};
use super::files::has_damage;

/// One change, for the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Line of the old file; 0 = the file as a whole.
    pub line: u64,
    /// What was done.
    pub what: String,
}

/// A file with its mended bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixedFile {
    /// Where it stands.
    pub path: PathBuf,
    /// Its name in messages.
    pub file: String,
    /// The new content.
    pub content: String,
    /// What differs.
    pub fixes: Vec<Fix>,
}

/// The files that change. A file with damaged rows is left alone: its rows would be lost.
pub fn fixes(reading: &Reading) -> Vec<FixedFile> {
    let tables = [("articles.csv", &reading.article_table), ("claims.csv", &reading.claim_table)];
    let readable = tables.into_iter().filter_map(|(name, table)| Some((name, table.as_ref()?)));
    let mut fixed = Vec::new();
    for (name, table) in readable.filter(|(_, t)| t.file().ends_with(".csv") && !has_damage(reading, t.file())) {
        let mut rows = rows(table, reading);
        let mut fixes = rows.trim();
        if is_claims(table, reading) {
            fixes.extend(rows.move_offsets(reading));
        }
        if let Some(row) = rows.first_out_of_order() {
            fixes.push(Fix { line: rows.rows[row].line, what: format!("sorted the rows by {}", rows.order_name()) });
        }
        rows.sort();
        let content = rows.to_csv_unsorted();
        let path = reading.dataset.dir.join(name);
        if crate::files::read(&path, crate::files::MAX_TABLE).is_ok_and(|bytes| bytes == content.as_bytes()) {
            continue;
        }
        if fixes.is_empty() {
            fixes.push(Fix { line: 0, what: "rewritten in canonical form (UTF-8, ',', LF, minimal quotes, column order)".to_owned() });
        }
        fixed.push(FixedFile { path, file: table.file().to_owned(), content, fixes });
    }
    fixed
}

pub(super) fn is_claims(table: &Table, reading: &Reading) -> bool {
    reading.claim_table.as_ref().is_some_and(|claims| claims.file() == table.file())
}

/// The raw cells of a table in canonical column order.
pub(super) struct Rows<'t> {
    columns: Vec<&'t str>,
    rows: Vec<Row>,
    is_claims: bool,
}

struct Row {
    line: u64,
    cells: Vec<String>,
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
    fn at(&self, name: &str) -> Option<usize> {
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

    fn sort(&mut self) {
        let mut rows = std::mem::take(&mut self.rows);
        rows.sort_by(|a, b| self.key(a).cmp(&self.key(b)));
        self.rows = rows;
    }

    pub(super) fn to_csv_unsorted(&self) -> String {
        table::write(&self.columns, self.rows.iter().map(|row| row.cells.iter()))
    }

    /// Trims every cell but quotes, which are tied to offsets.
    fn trim(&mut self) -> Vec<Fix> {
        let mut fixes = Vec::new();
        for row in &mut self.rows {
            for (cell, column) in row.cells.iter_mut().zip(&self.columns).filter(|(_, name)| **name != "quote") {
                if cell.trim() != cell {
                    *cell = cell.trim().to_owned();
                    fixes.push(Fix { line: row.line, what: format!("trimmed {column}") });
                }
            }
        }
        fixes
    }

    /// Trims quotes, and moves offsets to the only place of their quote when they do not fit it.
    fn move_offsets(&mut self, reading: &Reading) -> Vec<Fix> {
        let mut fixes = Vec::new();
        let (Some(article_id), Some(quote)) = (self.at("article_id"), self.at("quote")) else { return fixes };
        let (start, end, fragments) = (self.at("start"), self.at("end"), self.at("fragments"));
        for row in &mut self.rows {
            let Some(record) = reading.dataset.article(&row.cells[article_id]) else { continue };
            let fragmented = fragments.is_some_and(|at| !row.cells[at].is_empty());
            let trimmed = row.cells[quote].trim().to_owned();
            if fragmented || trimmed.is_empty() {
                continue;
            }
            let points = Points::new(&record.article.text);
            let offset = |at: Option<usize>| at.and_then(|at| row.cells[at].parse::<u32>().ok());
            let written = offset(start).zip(offset(end));
            let there = written.and_then(|(s, e)| points.slice(s, e));
            // White space in front of the quote that the offsets cover moves the start with it.
            let moved = match (written, there) {
                (_, Some(text)) if text == trimmed => None,
                (Some((s, _)), Some(text)) if text.trim() == trimmed => {
                    let from = s + text.chars().take_while(|c| c.is_whitespace()).count() as u32;
                    Some((from, from + trimmed.chars().count() as u32))
                }
                _ => match points.places(&trimmed, 2).as_slice() {
                    [only] => Some((only.start(), only.end())),
                    _ => continue,
                },
            };
            if row.cells[quote] != trimmed {
                row.cells[quote] = trimmed;
                fixes.push(Fix { line: row.line, what: "trimmed quote".to_owned() });
            }
            if let (Some((s, e)), Some(start), Some(end)) = (moved, start, end) {
                let old = format!("{}-{}", row.cells[start], row.cells[end]);
                row.cells[start] = s.to_string();
                row.cells[end] = e.to_string();
                let what = if old == "-" {
                    format!("filled in offsets {s}-{e} of the quote")
                } else {
                    format!("moved offsets {old} to {s}-{e}, the place of the quote")
                };
                fixes.push(Fix { line: row.line, what });
            }
        }
        fixes
    }
}
