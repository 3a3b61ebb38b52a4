//! Files that are not in canonical form, and files that nobody names.

use std::path::Path;

use crate::files;
use crate::problem::{Problems, Rule};
use crate::report::safe::quoted;

use super::super::Reading;
use super::super::rows::{is_claims, rows};

pub(super) fn check(root: &Path, reading: &Reading, problems: &mut Problems) {
    for table in [&reading.article_table, &reading.claim_table].into_iter().flatten().filter(|t| t.file().ends_with(".csv")) {
        let rows = rows(table, reading);
        if let Some(row) = rows.first_out_of_order() {
            let message = format!("rows are not in canonical order from here on ({})", rows.order_name());
            problems.add(table.file(), table.line(row), "", Rule::Order, message);
        }
        let name = if is_claims(table, reading) { "claims.csv" } else { "articles.csv" };
        let path = reading.dataset.dir.join(name);
        let unsorted = rows.to_csv_unsorted();
        if !has_damage(reading, table.file()) && files::read(&path, files::MAX_TABLE).is_ok_and(|bytes| bytes != unsorted.as_bytes()) {
            let message = "the file is not in canonical form: UTF-8 without BOM, ',' between cells, LF rows, quotes only where needed, fixed column order";
            problems.add(table.file(), 0, "", Rule::Form, message);
        }
    }
    strays(root, reading, problems);
}

/// Whether rows of a file were left out because they are damaged.
pub(in crate::dataset) fn has_damage(reading: &Reading, file: &str) -> bool {
    reading.problems.iter().any(|p| p.file == file && matches!(p.rule, Rule::Table | Rule::File))
}

/// Files in articles/ that have no row.
fn strays(root: &Path, reading: &Reading, problems: &mut Problems) {
    let Some(table) = &reading.article_table else { return };
    let folder = reading.dataset.dir.join("articles");
    let inside = files::resolve_inside(root, &super::super::meta::relative(root, &reading.dataset.dir, "articles"));
    let Some(entries) = inside.ok().and_then(|_| std::fs::read_dir(&folder).ok()) else { return };
    let ids: std::collections::BTreeSet<&str> = (0..table.len()).map(|row| table.cell(row, table.column("article_id"))).collect();
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let known = name.strip_suffix(".txt").is_some_and(|id| ids.contains(id)) && table.column("text").is_none();
        if !known && !name.starts_with('.') {
            let message = format!("{} has no row in {}; it is not part of the dataset", quoted(&name, 120), table.file());
            problems.add(&files::shown_path(&folder.join(&name)), 0, "", Rule::StrayText, message);
        }
    }
}
