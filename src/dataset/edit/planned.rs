//! What an edit writes: the new files, and the edit that takes it back.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::claim::{ArticleStatus, GoldClaim};
use crate::dataset::annotations::BESIDE_A_CLAIM;
use crate::dataset::rows::{Row, Rows, article_rows};
use crate::dataset::write::{article_cell, claim_cell};
use crate::dataset::{ArticleRecord, articles, hex};
use crate::formats::table::Table;
use crate::problem::Problems;
use crate::report::safe::quoted;

use super::tables::Tables;
use super::{ArticleChange, ClaimChange, Conflict, Edit, EditError, Edited, NewArticle, Version};

/// What is written, in this order.
#[derive(Debug, Default)]
pub(super) struct Planned {
    pub steps: Vec<Step>,
    /// Rows of articles as they are afterwards.
    pub records: Vec<ArticleRecord>,
    pub edited: Edited,
}

/// A file that is written whole.
#[derive(Debug)]
pub(super) enum Step {
    Text { article_id: String, content: String },
    Articles(String),
    Claims(String),
}

/// Plans an edit over the tables as they are. A new article must be among the records already.
pub(super) fn plan(tables: &mut Tables, edit: &Edit) -> Result<Planned, EditError> {
    tables.check()?;
    let mut planned = Planned::default();
    let puts = named(tables, edit)?;
    let is_complete = |status: ArticleStatus| status.is_scored();
    let claims = if puts.is_empty() && edit.no_claims.is_none() && !deletes(edit) {
        None
    } else {
        Some(claim_file(tables, edit, &puts, &mut planned)?)
    };
    let claims = claims.map(Step::Claims);
    if let Some(NewArticle { record }) = &edit.new_article {
        planned.steps.push(Step::Text { article_id: record.article.id.clone(), content: record.article.text.to_string() });
        let waits = claims.is_some() && is_complete(record.status);
        if waits {
            // Were the writing cut short here, an article of status gold without claims would say that it has none.
            let draft = ArticleRecord { status: ArticleStatus::Draft, ..record.clone() };
            planned.steps.push(Step::Articles(article_file(tables, &draft)?));
        } else {
            planned.steps.push(Step::Articles(article_file(tables, record)?));
        }
        planned.steps.extend(claims);
        if waits {
            planned.steps.push(Step::Articles(article_file(tables, record)?));
        }
        planned.records.push(record.clone());
        return Ok(planned);
    }
    let article = edit.article.as_ref().map(|change| changed_article(tables, change, &mut planned.edited)).transpose()?;
    match article {
        Some(record) => {
            let file = Step::Articles(article_file(tables, &record)?);
            let claims_first = is_complete(record.status);
            let (first, second) = if claims_first { (claims, Some(file)) } else { (Some(file), claims) };
            planned.steps.extend(first);
            planned.steps.extend(second);
            planned.records.push(record);
        }
        None => planned.steps.extend(claims),
    }
    Ok(planned)
}

fn deletes(edit: &Edit) -> bool {
    edit.claims.iter().any(|change| matches!(change, ClaimChange::Delete { .. }))
}

/// No table holds a NUL.
fn check_characters(claim: &GoldClaim) -> Result<(), EditError> {
    let fields = claim.claim.fields.iter().filter_map(|(_, state)| state.into_present());
    let cells = [&claim.claim.id, &claim.claim.kind, &claim.claim.tracking_id, &claim.annotator, &claim.note];
    let mut all = cells.into_iter().map(String::as_str).chain(claim.tags.iter().map(String::as_str)).chain(fields);
    if all.any(|cell| cell.contains('\0')) {
        return Err(EditError::Refused("a NUL character cannot be written; remove it".to_owned()));
    }
    Ok(())
}

/// The claims to be put, with ids and quotes filled in, and whether each is new.
fn named(tables: &mut Tables, edit: &Edit) -> Result<Vec<(GoldClaim, bool)>, EditError> {
    let mut puts = Vec::new();
    let mut ids = BTreeSet::new();
    for change in &edit.claims {
        match change {
            ClaimChange::Put { claim, before } => {
                let mut claim = GoldClaim::clone(claim);
                check_characters(&claim)?;
                let theirs = tables.claim(&claim.claim.id).filter(|_| !claim.claim.id.is_empty());
                check_version(tables, &claim.claim.id, Some(&claim), theirs, before.as_ref())?;
                if theirs.is_some_and(|theirs| theirs.article_id != claim.article_id) {
                    return Err(EditError::Refused(format!("claim {} stands in another article", quoted(&claim.claim.id, 60))));
                }
                let Some(quote) = tables.quote(&claim.article_id, &claim.claim.fragments) else {
                    let message = match tables.reading.dataset.article(&claim.article_id) {
                        None => return Err(EditError::NoArticle(claim.article_id)),
                        Some(_) => format!("fragments {} lead behind the text of {}", claim.claim.fragments, claim.article_id),
                    };
                    return Err(EditError::Refused(message));
                };
                if claim.claim.fragments.is_empty() {
                    return Err(EditError::Refused("a claim without a place: give its fragments".to_owned()));
                }
                if claim.claim.quote.is_empty() {
                    claim.claim.quote = quote;
                }
                if claim.claim.id.is_empty() {
                    let stem = tables.stem(&claim.article_id);
                    claim.claim.id = tables.ids.next(&stem);
                }
                ids.insert(claim.claim.id.clone());
                puts.push((claim, before.is_none()));
            }
            ClaimChange::Delete { id, before } => {
                check_version(tables, id, None, tables.claim(id), Some(before))?;
                ids.insert(id.clone());
            }
        }
    }
    check_rows(tables, &ids)?;
    if ids.len() < edit.claims.len() {
        return Err(EditError::Refused("one claim is changed twice in one edit".to_owned()));
    }
    Ok(puts)
}

/// A row is known by its id: of two with one id nobody knows which one is meant, and one that is not valid is not overwritten unread.
fn check_rows(tables: &Tables, ids: &BTreeSet<String>) -> Result<(), EditError> {
    let Some(table) = tables.table() else { return Ok(()) };
    let column = table.column("claim_id");
    let mut rows: BTreeMap<&str, usize> = BTreeMap::new();
    for row in 0..table.len() {
        let id = table.cell(row, column);
        if ids.contains(id) {
            *rows.entry(id).or_default() += 1;
        }
    }
    for (id, rows) in rows {
        if rows > 1 {
            let message =
                format!("{} has {rows} rows with the claim_id {}; give each an id of its own first", tables.file(), quoted(id, 60));
            return Err(EditError::RowNotValid(message));
        }
    }
    Ok(())
}

fn check_version(
    tables: &Tables,
    id: &str,
    yours: Option<&GoldClaim>,
    theirs: Option<&GoldClaim>,
    before: Option<&Version>,
) -> Result<(), EditError> {
    let now = theirs.map(|claim| Version::of_claim(claim, &tables.reading.dataset.schema));
    if now.as_ref() == before {
        return Ok(());
    }
    if theirs.is_none() && tables.has_row(id) {
        return Err(EditError::RowNotValid(format!("the row of claim {} is not valid now; `assay lint` says why", quoted(id, 60))));
    }
    let boxed = |claim: &GoldClaim| Box::new(claim.clone());
    Err(Box::new(Conflict::Claim { id: id.to_owned(), yours: yours.map(boxed), theirs: theirs.map(boxed) }).into())
}

/// The table of claims with the edit made, checked as on a load.
fn claim_file(tables: &Tables, edit: &Edit, puts: &[(GoldClaim, bool)], planned: &mut Planned) -> Result<String, EditError> {
    let mut rows = tables.rows();
    let schema = &tables.reading.dataset.schema;
    let inverse = &mut planned.edited.inverse;
    let deleted =
        edit.claims.iter().filter_map(|change| if let ClaimChange::Delete { id, .. } = change { Some(id.as_str()) } else { None });
    let gone: BTreeSet<&str> = deleted.chain(puts.iter().map(|(claim, _)| claim.claim.id.as_str())).collect();
    for id in &gone {
        inverse.claims.extend(tables.claim(id).map(|was| ClaimChange::Put { claim: Box::new(was.clone()), before: None }));
    }
    keep_rows(&mut rows, edit, puts, &gone, inverse)?;
    let used: BTreeSet<&str> = {
        let canonical = rows.canonical();
        let is_used = |column: &&str| puts.iter().any(|(claim, _)| !claim_cell(claim, column).is_empty());
        canonical.into_iter().filter(is_used).collect()
    };
    used.into_iter().for_each(|column| rows.add_column(column));
    for extra in puts.iter().flat_map(|(claim, _)| claim.extra.keys()) {
        if rows.at(extra).is_none() {
            rows.push_column(extra);
        }
    }
    for (claim, _) in puts {
        let cells = rows.columns.iter().map(|column| claim_cell(claim, column)).collect();
        rows.rows.push(Row { line: 0, cells });
    }
    if let Some((article_id, true)) = &edit.no_claims {
        let cells = rows.columns.iter().map(|column| if *column == "article_id" { article_id.clone() } else { String::new() }).collect();
        rows.rows.push(Row { line: 0, cells });
    }
    rows.sort();
    let content = rows.to_csv_unsorted();
    let written = check(tables, &content, puts)?;
    for (claim, is_new) in puts {
        let version = written.get(&claim.claim.id).map(|claim| Version::of_claim(claim, schema));
        let Some(version) = version else { continue };
        if *is_new {
            inverse.claims.push(ClaimChange::Delete { id: claim.claim.id.clone(), before: version });
        } else if let Some(ClaimChange::Put { before, .. }) =
            inverse.claims.iter_mut().find(|c| matches!(c, ClaimChange::Put { claim: was, .. } if was.claim.id == claim.claim.id))
        {
            *before = Some(version);
        }
    }
    planned.edited.put = puts.iter().map(|(claim, _)| claim.claim.id.clone()).collect();
    Ok(content)
}

/// Leaves out the rows that are deleted or written again, and the word that an article has no claims where it gets one.
fn keep_rows(
    rows: &mut Rows<'_>,
    edit: &Edit,
    puts: &[(GoldClaim, bool)],
    gone: &BTreeSet<&str>,
    inverse: &mut Edit,
) -> Result<(), EditError> {
    let (Some(id), Some(article)) = (rows.at("claim_id"), rows.at("article_id")) else { return Ok(()) };
    // A row that says that an article has no claims is empty but for what may stand beside; another one without an id is a claim, though not
    // a valid one, and stays.
    let beside: Vec<bool> = rows.columns.iter().map(|column| BESIDE_A_CLAIM.contains(column)).collect();
    let is_empty = |row: &Row| row.cells.iter().zip(&beside).all(|(cell, is_beside)| *is_beside || cell.trim().is_empty());
    let gets_claims: BTreeSet<&str> = puts.iter().map(|(claim, _)| claim.article_id.as_str()).collect();
    if let Some((wanted, says_none)) = &edit.no_claims {
        let left = rows.rows.iter().filter(|row| row.cells[article] == *wanted && !is_empty(row) && !gone.contains(row.cells[id].as_str()));
        let left = left.count();
        if *says_none && (left > 0 || gets_claims.contains(wanted.as_str())) {
            let left = left.max(1);
            return Err(EditError::Refused(format!("{wanted} has {left} claims; delete them first, or leave out that it has none")));
        }
        if rows.rows.iter().any(|row| is_empty(row) && row.cells[article] == *wanted) != *says_none {
            inverse.no_claims = Some((wanted.clone(), !says_none));
        }
    }
    let takes_back = |row: &Row| {
        let of = row.cells[article].as_str();
        gets_claims.contains(of) || edit.no_claims.as_ref().is_some_and(|(wanted, _)| wanted == of)
    };
    if let Some(row) = rows.rows.iter().find(|row| is_empty(row) && gets_claims.contains(row.cells[article].as_str())) {
        inverse.no_claims = Some((row.cells[article].clone(), true));
    }
    rows.rows.retain(|row| if is_empty(row) { !takes_back(row) } else { !gone.contains(row.cells[id].as_str()) });
    Ok(())
}

/// The claims that were put, as they are read from the new file.
fn check(tables: &Tables, content: &str, puts: &[(GoldClaim, bool)]) -> Result<BTreeMap<String, GoldClaim>, EditError> {
    let mut problems = Problems::new();
    let table = tables.reading.dataset.annotation_table(tables.file(), content.as_bytes().to_vec(), &mut problems);
    let Some(table) = table.filter(|_| !problems.has_errors()) else { return Err(EditError::Invalid(problems)) };
    let ids: BTreeSet<&str> = puts.iter().map(|(claim, _)| claim.claim.id.as_str()).collect();
    let column = table.column("claim_id");
    let rows = (0..table.len()).filter(|&row| ids.contains(table.cell(row, column)));
    let read = tables.read_rows(&table, rows)?;
    Ok(read.into_iter().map(|claim| (claim.claim.id.clone(), claim)).collect())
}

/// The row of an article with the change made.
fn changed_article(tables: &Tables, change: &ArticleChange, edited: &mut Edited) -> Result<ArticleRecord, EditError> {
    if tables.annotator.is_some() {
        return Err(EditError::Refused("an annotator's file does not change the status of articles".to_owned()));
    }
    let was = tables.reading.dataset.article(&change.id).ok_or_else(|| EditError::NoArticle(change.id.clone()))?;
    if change.before.as_ref().is_some_and(|before| *before != Version::of_article(was)) {
        return Err(Box::new(Conflict::Article { id: change.id.clone(), theirs: Box::new(was.clone()) }).into());
    }
    let mut record = was.clone();
    record.status = change.status.unwrap_or(record.status);
    record.note = change.note.clone().unwrap_or(record.note);
    edited.inverse.article = Some(ArticleChange {
        id: change.id.clone(),
        status: change.status.map(|_| was.status),
        note: change.note.as_ref().map(|_| was.note.clone()),
        before: Some(Version::of_article(&record)),
    });
    Ok(record)
}

/// The table of articles with one row written.
fn article_file(tables: &Tables, record: &ArticleRecord) -> Result<String, EditError> {
    let Some(table) = &tables.reading.article_table else { return Err(EditError::Obstacle("there is no articles.csv".to_owned())) };
    let mut rows = article_rows(table);
    let canonical = rows.canonical();
    let mut record = record.clone();
    record.sha256 = if rows.at("sha256").is_some() { hex(&Sha256::digest(record.article.text.as_bytes())) } else { String::new() };
    canonical.into_iter().filter(|column| !article_cell(&record, column).is_empty()).for_each(|column| rows.add_column(column));
    for extra in record.extra.keys() {
        if rows.at(extra).is_none() {
            return Err(EditError::Refused(format!("articles.csv has no column {}; add it to the header first", quoted(extra, 40))));
        }
    }
    let Some(id) = rows.at("article_id") else { return Err(EditError::Obstacle("articles.csv has no column article_id".to_owned())) };
    let cell_of = |column: &&str| article_cell(&record, column);
    match rows.rows.iter().position(|row| row.cells[id] == record.article.id) {
        Some(at) => {
            // Only what was changed: another cell may be written in a way of its own.
            for column in ["status", "note"] {
                if let Some(cell) = rows.at(column) {
                    rows.rows[at].cells[cell] = article_cell(&record, column);
                }
            }
        }
        None => {
            let cells = rows.columns.iter().map(cell_of).collect();
            rows.rows.push(Row { line: 0, cells });
        }
    }
    rows.sort();
    Ok(rows.to_csv_unsorted())
}

/// A new article as a load would read it.
pub(super) fn checked(tables: &Tables, new: &NewArticle, root: &std::path::Path) -> Result<ArticleRecord, EditError> {
    let record = &new.record;
    let id = &record.article.id;
    if tables.annotator.is_some() {
        return Err(EditError::Refused("an annotator's file adds no articles".to_owned()));
    }
    let table = tables.reading.article_table.as_ref();
    let is_there =
        table.is_some_and(|table| (0..table.len()).any(|row| table.cell(row, table.column("article_id")).eq_ignore_ascii_case(id)));
    if is_there {
        return Err(EditError::Refused(format!("article {} is there already; give the new one another id", quoted(id, 60))));
    }
    let columns: Vec<String> = articles::COLUMNS.iter().map(|c| (*c).to_owned()).chain(["text".to_owned()]).collect();
    let cells = articles::COLUMNS.iter().map(|column| if *column == "sha256" { String::new() } else { article_cell(record, column) });
    let cells: Vec<String> = cells.chain([record.article.text.to_string()]).collect();
    let table = Table::from_rows("the new article", columns, [(0, cells)]);
    let mut problems = Problems::new();
    let read = articles::read(root, &tables.reading.dataset.dir, &table, &mut problems).pop();
    match read {
        Some(read) if !problems.has_errors() => Ok(ArticleRecord { extra: record.extra.clone(), ..read }),
        _ => Err(EditError::Invalid(problems)),
    }
}
