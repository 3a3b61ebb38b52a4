//! The rows of one article as the record that is scored.

use std::borrow::Cow;

use super::articles::Articles;
use super::columns::{Rows, Table};
use crate::claim::{FieldState, list_items};
use crate::dataset::GROUP_COLUMN;
use crate::formats::claim_rows::{MOST_OF_ARTICLE, OF_ROW, field, fragments};
use crate::formats::jsonl::{RawClaims, RawRow, Reading, Record};
use crate::formats::parquet::Texts;

/// Fills a record with an article that has rows, which must be loaded. `None` where something is wrong with it.
pub(super) fn fill<'a>(
    table: &'a Table<'_>,
    articles: &Articles<'a>,
    article: usize,
    reading: Reading,
    record: &mut Record<'a>,
) -> Option<()> {
    record.clear();
    record.id = Cow::Borrowed(articles.id(article));
    let (mut group, mut size) = (None, 0);
    for run in articles.runs(article) {
        let rows = table.rows(run.part)?;
        let begins_in = rows.begins_in[run.id as usize];
        for (at, value) in [&mut record.lang, &mut record.publisher, &mut group].into_iter().enumerate() {
            for text in rows.of_article[at].texts_until(begins_in[at], run.end) {
                of_article(text, value)?;
            }
        }
        for row in run.start..run.end {
            size += Row { fields: &table.fields, rows, row }.claim(reading, &mut record.claims)?;
            if size > MOST_OF_ARTICLE {
                return None;
            }
        }
    }
    record.columns.extend(group.map(|group| (Cow::Borrowed(GROUP_COLUMN), group)));
    Some(())
}

/// What the rows of an article say of it must be one thing; rows may leave it out.
fn of_article<'a>(cell: &'a str, before: &mut Option<Cow<'a, str>>) -> Option<()> {
    match before {
        _ if cell.is_empty() => {}
        None => *before = Some(Cow::Borrowed(cell)),
        Some(before) if before == cell => {}
        Some(_) => return None,
    }
    Some(())
}

#[derive(Clone, Copy)]
struct Row<'a> {
    fields: &'a [String],
    rows: &'a Rows,
    row: u32,
}

impl<'a> Row<'a> {
    /// Adds the claim of the row, and says how much that is.
    fn claim(self, reading: Reading, claims: &mut RawClaims<'a>) -> Option<usize> {
        let Row { fields, rows, row } = self;
        let text = |column: &'a Texts| Cow::Borrowed(column.get(row));
        let mut claim = RawRow {
            id: text(&rows.claim_id),
            quote: text(&rows.quote),
            kind: text(&rows.kind),
            tracking_id: text(&rows.tracking_id),
            score: rows.score.get(row),
            ..RawRow::default()
        };
        let mut size = OF_ROW + claim.id.len() + claim.quote.len() + claim.kind.len() + claim.tracking_id.len();
        claim.offsets = match (rows.start.get(row), rows.end.get(row)) {
            (Some(start), Some(end)) if start < end => Some((start, end)),
            (None, None) => None,
            _ => return None,
        };
        let fragments = match rows.fragments.get(row) {
            "" => Vec::new(),
            cell => {
                size += cell.len();
                fragments(cell)?
            }
        };
        if reading == Reading::Gold {
            if claim.offsets.is_none() && fragments.is_empty() {
                return None;
            }
            match rows.tags.get(row) {
                "" => {}
                cell => {
                    size += cell.len();
                    claims.push_tags(list_items(cell));
                }
            }
            match rows.status.get(row) {
                "" => {}
                cell => claim.status = cell.trim().parse().ok()?,
            }
        }
        for (name, cells) in fields.iter().zip(&rows.fields) {
            let state = match field(cells.get(row), reading) {
                None => continue,
                Some(FieldState::Absent) => FieldState::Absent,
                Some(FieldState::Present(value)) => {
                    size += value.len();
                    FieldState::Present(Cow::Borrowed(value))
                }
            };
            claims.push_field((Cow::Borrowed(name.as_str()), state));
        }
        claims.push_fragments(fragments);
        claims.push(claim);
        Some(size)
    }
}
