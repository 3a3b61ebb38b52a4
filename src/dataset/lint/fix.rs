//! What `lint --fix` mends: order, quoting, white space at edges, and offsets whose quote occurs once. Never values or hashes.

use std::path::PathBuf;

use super::super::rows::{Rows, is_claims, rows};
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

impl Rows<'_> {
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
