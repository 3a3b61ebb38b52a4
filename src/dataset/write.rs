//! The canonical files of a dataset: fixed column order with unknown columns behind, sorted rows, minimal quotes; so that one
//! edited claim is a diff of one line.

use crate::claim::{ArticleStatus, ClaimStatus, FieldState, GoldClaim, Schema};
use crate::formats::table;

use super::articles::COLUMNS as ARTICLE_COLUMNS;
use super::claims::{BASE_COLUMNS, NONE};
use super::{ArticleRecord, Dataset};

/// Columns of a claim table that stand behind the fields.
const BEHIND_FIELDS: usize = 4;

/// The columns of claims.csv in canonical order: those of the format, with the fields behind `kind`.
pub fn claim_columns(schema: &Schema) -> Vec<&str> {
    let (before, behind) = BASE_COLUMNS.split_at(BASE_COLUMNS.len() - BEHIND_FIELDS);
    before.iter().copied().chain(schema.fields.iter().map(|f| f.name.as_str())).chain(behind.iter().copied()).collect()
}

/// The columns of articles.csv in canonical order.
pub fn article_columns() -> &'static [&'static str] {
    &ARTICLE_COLUMNS
}

/// The columns that a file gets: known ones in canonical order when the file had them or `used` says that they are needed,
/// then the file's unknown ones in their order.
pub(super) fn order<'a>(canonical: &[&'a str], present: &'a [String], used: impl Fn(&str) -> bool) -> Vec<&'a str> {
    let known = canonical.iter().copied().filter(|c| present.iter().any(|p| p == c) || used(c));
    known.chain(present.iter().map(String::as_str).filter(|p| !canonical.contains(p))).collect()
}

impl Dataset {
    /// The bytes of claims.csv.
    pub fn claims_csv(&self) -> String {
        let canonical = claim_columns(&self.schema);
        let needed = ["claim_id", "article_id", "start", "end", "quote", "kind"];
        let used = |column: &str| needed.contains(&column) || self.claims.iter().any(|c| !claim_cell(c, column).is_empty());
        let columns = order(&canonical, &self.claim_columns, used);
        table::write(&columns, self.claims.iter().map(|claim| columns.iter().map(|column| claim_cell(claim, column))))
    }

    /// The bytes of articles.csv.
    pub fn articles_csv(&self) -> String {
        let used =
            |column: &str| ARTICLE_COLUMNS[..2].contains(&column) || self.articles.iter().any(|a| !article_cell(a, column).is_empty());
        let columns = order(&ARTICLE_COLUMNS, &self.article_columns, used);
        table::write(&columns, self.articles.iter().map(|article| columns.iter().map(|column| article_cell(article, column))))
    }
}

/// A cell of a claim's row, as it is written.
pub(super) fn claim_cell(gold: &GoldClaim, column: &str) -> String {
    let claim = &gold.claim;
    let hull = claim.fragments.hull();
    match column {
        "claim_id" => claim.id.clone(),
        "article_id" => gold.article_id.clone(),
        "start" => hull.map(|h| h.start().to_string()).unwrap_or_default(),
        "end" => hull.map(|h| h.end().to_string()).unwrap_or_default(),
        "fragments" if claim.fragments.spans().len() > 1 => claim.fragments.to_string(),
        "fragments" => String::new(),
        "quote" => claim.quote.clone(),
        "tracking_id" => claim.tracking_id.clone(),
        "kind" => claim.kind.clone(),
        // An empty cell is `gold` already.
        "status" if gold.status == ClaimStatus::Gold => String::new(),
        "status" => gold.status.name().to_owned(),
        "tags" => list_cell(&gold.tags),
        "annotator" => gold.annotator.clone(),
        "note" => gold.note.clone(),
        field => match claim.fields.get(field) {
            Some(FieldState::Absent) => NONE.to_owned(),
            Some(FieldState::Present(NONE)) => format!("\\{NONE}"),
            Some(FieldState::Present(value)) => value.to_owned(),
            None => gold.extra.get(field).cloned().unwrap_or_default(),
        },
    }
}

/// A cell of an article's row, as it is written.
pub(super) fn article_cell(record: &ArticleRecord, column: &str) -> String {
    let article = &record.article;
    let some = |text: &Option<String>| text.clone().unwrap_or_default();
    match column {
        "article_id" => article.id.clone(),
        "lang" => article.lang.clone(),
        "title" => some(&article.title),
        "publisher" => some(&article.publisher),
        "url" => some(&article.url),
        "published_at" => some(&article.published_at),
        "licence" => record.licence.clone(),
        "sha256" => record.sha256.clone(),
        "status" if record.status == ArticleStatus::Gold => String::new(),
        "status" => record.status.name().to_owned(),
        "split" => record.split.clone(),
        "group_id" => record.group_id.clone(),
        "tags" => list_cell(&record.tags),
        "note" => record.note.clone(),
        other => record.extra.get(other).cloned().unwrap_or_default(),
    }
}

/// A list as a cell: `a;b`, or a JSON array where an item would be misread.
fn list_cell(items: &[String]) -> String {
    let plain = items.iter().all(|item| !item.contains(';') && !item.starts_with('[') && item.trim() == item);
    if plain { items.join(";") } else { serde_json::to_string(items).unwrap_or_default() }
}
