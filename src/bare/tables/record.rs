//! The rows of one article as the record that is scored.

use std::borrow::Cow;

use super::articles::Run;
use super::columns::{Part, Table};
use crate::claim::{FieldState, list_items};
use crate::formats::claim_rows::{field, fragments};
use crate::formats::jsonl::{RawClaims, RawRow, Reading, Record};

/// Fills a record with an article. `None` where something is wrong with it.
pub(super) fn fill<'a>(table: &'a Table, runs: &[Run], reading: Reading, record: &mut Record<'a>) -> Option<()> {
    record.clear();
    let mut group = None;
    for run in runs {
        let part = &table.parts[run.part as usize];
        for row in run.start..run.end {
            let row = Row { table, part, row };
            of_article(row.text(table.layout.lang), &mut record.lang)?;
            of_article(row.text(table.layout.publisher), &mut record.publisher)?;
            of_article(row.text(table.layout.group), &mut group)?;
            row.claim(reading, &mut record.claims)?;
        }
    }
    record.columns.extend(group.map(|group| (Cow::Borrowed("group_id"), group)));
    let first = runs.first()?;
    record.id = Cow::Borrowed(table.parts[first.part as usize].text(Some(table.layout.article_id), first.start));
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
    table: &'a Table,
    part: &'a Part,
    row: u32,
}

impl<'a> Row<'a> {
    fn text(self, column: Option<usize>) -> &'a str {
        self.part.text(column, self.row)
    }

    fn claim(self, reading: Reading, claims: &mut RawClaims<'a>) -> Option<()> {
        let Row { table, part, row } = self;
        let layout = &table.layout;
        let mut claim = RawRow {
            id: Cow::Borrowed(self.text(layout.claim_id)),
            quote: Cow::Borrowed(self.text(layout.quote)),
            kind: Cow::Borrowed(self.text(layout.kind)),
            tracking_id: Cow::Borrowed(self.text(layout.tracking_id)),
            score: part.score(layout.score, row),
            ..RawRow::default()
        };
        claim.offsets = match (part.offset(layout.start, row), part.offset(layout.end, row)) {
            (Some(start), Some(end)) if start < end => Some((start, end)),
            (None, None) => None,
            _ => return None,
        };
        let fragments = match self.text(layout.fragments) {
            "" => Vec::new(),
            cell => fragments(cell)?,
        };
        if reading == Reading::Gold {
            if claim.offsets.is_none() && fragments.is_empty() {
                return None;
            }
            match self.text(layout.tags) {
                "" => {}
                cell => claims.push_tags(list_items(cell)),
            }
            match self.text(layout.status) {
                "" => {}
                cell => claim.status = cell.trim().parse().ok()?,
            }
        }
        for (column, name) in &layout.fields {
            let state = match field(self.text(Some(*column)), reading) {
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
