//! Characters that are seen otherwise than they are counted: in texts and in cells.

use crate::formats::table::Table;
use crate::problem::{Column, Problems, Rule};
use crate::report::safe::quoted;

use super::super::Reading;

pub(super) fn check(reading: &Reading, problems: &mut Problems) {
    let in_table = reading.article_table.as_ref().filter(|t| t.column("text").is_some());
    for record in &reading.dataset.articles {
        let text = &*record.article.text;
        let name = format!("articles/{}.txt", record.article.id);
        let file = in_table.map_or_else(|| crate::files::shown_path(&reading.dataset.dir.join(name)), |t| t.file().to_owned());
        let place = |at: usize| if in_table.is_some() { (record.line, Column::from("text")) } else { line_and_column(text, at) };
        if let Some(at) = text.find('\r') {
            let (line, column) = place(at);
            let message =
                format!("the text holds {} CR, which count as characters of their own; keep the file as it is", text.matches('\r').count());
            problems.add(&file, line, column, Rule::CarriageReturn, message);
        }
        for (at, c) in text.char_indices().filter(|(_, c)| turns_text(*c)) {
            let (line, column) = place(at);
            problems.add(
                &file,
                line,
                column,
                Rule::BidiControl,
                format!("bidi control U+{:04X}: what is seen is not in the order of what is counted", u32::from(c)),
            );
        }
    }
    for table in [&reading.article_table, &reading.claim_table].into_iter().flatten() {
        cells(table, problems);
    }
}

fn cells(table: &Table, problems: &mut Problems) {
    for row in 0..table.len() {
        for (at, column) in table.columns().iter().enumerate().filter(|(_, name)| name.as_str() != "text") {
            let cell = table.cell(row, Some(at));
            if cell.trim() != cell {
                let message = format!("{column} {} begins or ends with white space", quoted(cell, 40));
                problems.add(table.file(), table.line(row), column.as_str(), Rule::EdgeSpace, message);
            }
            // A quote repeats the text, where the control was found already.
            if column != "quote"
                && let Some(c) = cell.chars().find(|c| turns_text(*c))
            {
                let message = format!("bidi control U+{:04X} in {}", u32::from(c), quoted(cell, 40));
                problems.add(table.file(), table.line(row), column.as_str(), Rule::BidiControl, message);
            }
        }
    }
}

/// Embeddings, overrides and isolates. The marks U+200E and U+200F are common in right-to-left texts and turn nothing around.
fn turns_text(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn line_and_column(text: &str, at: usize) -> (u64, Column) {
    let before = &text[..at];
    let line = 1 + before.matches('\n').count() as u64;
    let column = before[before.rfind('\n').map_or(0, |n| n + 1)..].chars().count() + 1;
    (line, Column::At(u32::try_from(column).unwrap_or(u32::MAX)))
}
