//! The rows of one article as the record that is scored.

use std::borrow::Cow;

use super::articles::Articles;
use super::columns::Part;
use crate::claim::{FieldState, list_items};
use crate::formats::claim_rows::{field, fragments};
use crate::formats::jsonl::{RawClaims, RawRow, Reading, Record};
use crate::formats::parquet::Texts;

/// Fills a record with an article that has rows. `None` where something is wrong with it.
pub(super) fn fill<'a>(articles: &Articles<'a>, article: usize, reading: Reading, record: &mut Record<'a>) -> Option<()> {
    record.clear();
    record.id = Cow::Borrowed(articles.id(article));
    let table = articles.table();
    let mut group = None;
    for run in articles.runs(article) {
        for (texts, value) in articles.said(run).into_iter().zip([&mut record.lang, &mut record.publisher, &mut group]) {
            for text in texts {
                of_article(text, value)?;
            }
        }
        let part = &table.parts[run.part as usize];
        for row in run.start..run.end {
            Row { fields: &table.fields, part, row }.claim(reading, &mut record.claims)?;
        }
    }
    record.columns.extend(group.map(|group| (Cow::Borrowed("group_id"), group)));
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
    part: &'a Part,
    row: u32,
}

impl<'a> Row<'a> {
    fn claim(self, reading: Reading, claims: &mut RawClaims<'a>) -> Option<()> {
        let Row { fields, part, row } = self;
        let text = |column: &'a Texts| Cow::Borrowed(column.get(row));
        let mut claim = RawRow {
            id: text(&part.claim_id),
            quote: text(&part.quote),
            kind: text(&part.kind),
            tracking_id: text(&part.tracking_id),
            score: part.score.get(row),
            ..RawRow::default()
        };
        claim.offsets = match (part.start.get(row), part.end.get(row)) {
            (Some(start), Some(end)) if start < end => Some((start, end)),
            (None, None) => None,
            _ => return None,
        };
        let fragments = match part.fragments.get(row) {
            "" => Vec::new(),
            cell => fragments(cell)?,
        };
        if reading == Reading::Gold {
            if claim.offsets.is_none() && fragments.is_empty() {
                return None;
            }
            match part.tags.get(row) {
                "" => {}
                cell => claims.push_tags(list_items(cell)),
            }
            match part.status.get(row) {
                "" => {}
                cell => claim.status = cell.trim().parse().ok()?,
            }
        }
        for (name, cells) in fields.iter().zip(&part.fields) {
            let state = match field(cells.get(row), reading) {
                None => continue,
                Some(FieldState::Absent) => FieldState::Absent,
                Some(FieldState::Present(value)) => FieldState::Present(Cow::Borrowed(value)),
            };
            claims.push_field((Cow::Borrowed(name.as_str()), state));
        }
        claims.push_fragments(fragments);
        claims.push(claim);
        Some(())
    }
}
