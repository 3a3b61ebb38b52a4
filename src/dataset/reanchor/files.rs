//! The files with the claims that moved: only cells of their rows change.

use std::collections::BTreeSet;
use std::path::PathBuf;

use sha2::{Digest, Sha256};

use crate::claim::{ArticleStatus, Claim, ClaimStatus, FieldState, GoldClaim};
use crate::formats::table::Table;

use super::super::claims::{NONE, tags};
use super::super::lint::has_damage;
use super::super::rows::rows;
use super::super::write::claim_cell;
use super::super::{Reading, hex};
use super::{Plan, PlannedClaim};

/// A file with its new bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenFile {
    /// Where it stands.
    pub path: PathBuf,
    /// The new content.
    pub content: String,
}

/// Why nothing may be written to a dataset: rows would be lost, or its tables are in another format.
pub fn obstacle(reading: &Reading) -> Option<String> {
    for table in [&reading.article_table, &reading.claim_table] {
        let Some(table) = table else { return Some("articles.csv or claims.csv cannot be read; `assay lint` says why".to_owned()) };
        let file = table.file();
        if !file.ends_with(".csv") || table.column("text").is_some() {
            return Some(format!("{file}: only datasets of CSV with their texts in articles/ are written in this version"));
        }
        if has_damage(reading, file) {
            return Some(format!("{file}: rows that are damaged would be lost; mend what `assay lint` says first"));
        }
    }
    None
}

/// The files that change, in the order in which they must be written: claims first, since claims that were moved are known again when
/// the text is not there yet, and the text is needed as long as claims were not. The hash of an article is written when none of its
/// claims waits. Plans that cannot be written are left out.
pub fn written(reading: &Reading, plans: &[Plan]) -> Vec<WrittenFile> {
    let plans: Vec<&Plan> = plans.iter().filter(|plan| plan.can_be_written() && !plan.fits()).collect();
    let dir = &reading.dataset.dir;
    let mut files = Vec::new();
    if let Some(table) = &reading.claim_table
        && plans.iter().any(|plan| plan.claims.iter().any(PlannedClaim::moves))
    {
        files.push(WrittenFile { path: dir.join("claims.csv"), content: claims(table, reading, &plans) });
    }
    let texts = plans.iter().filter(|plan| plan.replaces);
    files.extend(
        texts.map(|plan| WrittenFile { path: dir.join("articles").join(format!("{}.txt", plan.article_id)), content: plan.new.clone() }),
    );
    if let Some(table) = &reading.article_table
        && plans.iter().any(|plan| has_new_hash(plan) || has_new_draft(plan))
    {
        files.push(WrittenFile { path: dir.join("articles.csv"), content: articles(table, reading, &plans) });
    }
    files
}

/// Whether a claim of it becomes a draft: then its labels are not whole any more.
fn has_new_draft(plan: &Plan) -> bool {
    plan.claims.iter().any(|claim| claim.accepted && !claim.unconfirmed.is_empty())
}

fn has_new_hash(plan: &Plan) -> bool {
    plan.stale_hash.is_some() && plan.waiting() == 0
}

fn claims(table: &Table, reading: &Reading, plans: &[&Plan]) -> String {
    let mut rows = rows(table, reading);
    let needs = |name: &'static str, is_needed: bool| if is_needed { Some(name) } else { None };
    let moving = || plans.iter().flat_map(|plan| &plan.claims).filter(|claim| claim.moves());
    let several = moving().any(|claim| claim.verdict.place.as_ref().is_some_and(|place| place.spans().len() > 1));
    let drafts = moving().any(|claim| claim.accepted && !claim.unconfirmed.is_empty());
    let names = [Some("start"), Some("end"), needs("fragments", several), needs("status", drafts), needs("tags", drafts)];
    for name in names.into_iter().flatten() {
        rows.add_column(name);
    }
    for claim in moving() {
        let Some((place, hull)) = claim.verdict.place.as_ref().and_then(|place| Some((place, place.hull()?))) else { continue };
        let fragments = if place.spans().len() > 1 { place.to_string() } else { String::new() };
        let mut cells = vec![("start", hull.start().to_string()), ("end", hull.end().to_string()), ("fragments", fragments)];
        cells.push(("quote", claim.new_quote.clone()));
        if claim.accepted && !claim.unconfirmed.is_empty() {
            let draft = draft(table, reading, claim);
            cells.push(("status", draft.status.name().to_owned()));
            cells.push(("tags", claim_cell(&draft, "tags")));
        }
        for (name, cell) in cells {
            if let Some(at) = rows.at(name) {
                rows.rows[claim.row].cells[at] = cell;
            }
        }
    }
    rows.sort();
    rows.to_csv_unsorted()
}

/// Status and tags of a claim whose new quote does not give all of its values: these are unconfirmed, beside those that were before.
fn draft(table: &Table, reading: &Reading, claim: &PlannedClaim) -> GoldClaim {
    let cell = |name: &str| table.cell(claim.row, table.column(name)).trim();
    let fields = reading.dataset.schema.fields.iter().map(|field| (field.name.as_str(), cell(&field.name)));
    let present = fields.filter(|(_, cell)| !cell.is_empty() && *cell != NONE).map(|(name, cell)| (name, FieldState::Present(cell)));
    let mut draft = GoldClaim {
        claim: Claim { fields: present.collect(), ..Claim::default() },
        status: cell("status").parse().unwrap_or_default(),
        tags: tags(cell("tags")),
        ..GoldClaim::default()
    };
    let mut unconfirmed: BTreeSet<String> = draft.unconfirmed().into_iter().collect();
    unconfirmed.extend(claim.unconfirmed.iter().map(|(field, _)| field.clone()));
    draft.set_unconfirmed(unconfirmed.iter().map(String::as_str));
    draft.status = ClaimStatus::Draft;
    draft
}

fn articles(table: &Table, reading: &Reading, plans: &[&Plan]) -> String {
    let mut rows = rows(table, reading);
    if plans.iter().any(|plan| has_new_draft(plan)) {
        rows.add_column("status");
    }
    if let (Some(id), Some(status)) = (rows.at("article_id"), rows.at("status")) {
        for plan in plans.iter().filter(|plan| has_new_draft(plan)) {
            for row in rows.rows.iter_mut().filter(|row| row.cells[id] == plan.article_id) {
                if row.cells[status].trim().parse::<ArticleStatus>().is_ok_and(ArticleStatus::is_scored) {
                    row.cells[status] = ArticleStatus::Incomplete.name().to_owned();
                }
            }
        }
    }
    if let (Some(id), Some(hash)) = (rows.at("article_id"), rows.at("sha256")) {
        for plan in plans.iter().filter(|plan| has_new_hash(plan)) {
            if let Some(row) = rows.rows.iter_mut().find(|row| row.cells[id] == plan.article_id) {
                row.cells[hash] = hex(&Sha256::digest(plan.new.as_bytes()));
            }
        }
    }
    rows.sort();
    rows.to_csv_unsorted()
}
