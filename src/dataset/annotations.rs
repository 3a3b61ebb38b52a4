//! `annotations/<annotator>.csv`: what one annotator labelled, in the columns of the claim file.
//!
//! An annotator labelled the articles that have a row in the file. A row with an `article_id` and without a claim says that the
//! annotator read the article and found no claims in it; an article without a row was not labelled.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::claim::{ClaimStatus, GoldClaim};
use crate::files::{self, FileError};
use crate::formats::table::{Expected, Table};
use crate::problem::{Problems, Rule};
use crate::report::safe::quoted;

use super::meta::relative;
use super::{Dataset, claims, is_safe_id};

/// The name under which the gold stands among annotators.
pub const GOLD: &str = "gold";

/// The folder in that of the dataset.
pub(super) const FOLDER: &str = "annotations";

/// Columns that a row without a claim may fill.
pub(super) const BESIDE_A_CLAIM: [&str; 3] = ["article_id", "annotator", "note"];

/// What one annotator labelled.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Annotations {
    /// The name of the file without `.csv`, or [`GOLD`].
    pub annotator: String,
    /// Sorted by (article_id, start, end, claim_id); without drafts.
    pub claims: Vec<GoldClaim>,
    /// Ids of the articles that were labelled, with claims or without.
    pub labelled: BTreeSet<String>,
    /// Claims that are left out because their status is `draft`.
    pub drafts: u64,
    /// What was found on loading that is no error.
    pub warnings: Problems,
}

impl Annotations {
    /// The claims of an article.
    pub fn claims_of(&self, article_id: &str) -> &[GoldClaim] {
        let start = self.claims.partition_point(|c| c.article_id.as_str() < article_id);
        let end = self.claims.partition_point(|c| c.article_id.as_str() <= article_id);
        &self.claims[start..end]
    }

    fn new(annotator: &str, claims: Vec<GoldClaim>, labelled: BTreeSet<String>) -> Annotations {
        let all = claims.len();
        let claims: Vec<GoldClaim> = claims.into_iter().filter(|c| c.status != ClaimStatus::Draft).collect();
        let drafts = (all - claims.len()) as u64;
        Annotations { annotator: annotator.to_owned(), claims, labelled, drafts, warnings: Problems::new() }
    }
}

impl Dataset {
    /// The gold as if it were one more annotator's: the claims of articles that are labelled whole (status `gold` or `reviewed`).
    pub fn gold_annotations(&self) -> Annotations {
        let labelled: BTreeSet<String> = self.articles.iter().filter(|a| a.status.is_scored()).map(|a| a.article.id.clone()).collect();
        let claims = self.claims.iter().filter(|c| labelled.contains(&c.article_id)).cloned().collect();
        Annotations::new(GOLD, claims, labelled)
    }

    /// Names of the annotators that have a file, sorted; none where there is no folder. Hidden files are not looked at. Symlinks must
    /// stay inside `root`.
    ///
    /// # Errors
    /// When the folder cannot be read, and for each file in it that cannot be an annotator's: its name must be `<annotator>.csv`, with a
    /// name as those of articles that is not `gold`.
    pub fn annotators(&self, root: &Path) -> Result<Vec<String>, Problems> {
        let folder = self.dir.join(FOLDER);
        let mut problems = Problems::new();
        let entries = files::resolve_inside(root, &relative(root, &self.dir, FOLDER))
            .and_then(|path| std::fs::read_dir(path).and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(FileError::from));
        let entries = match entries {
            Ok(entries) => entries,
            Err(FileError::Missing) => return Ok(Vec::new()),
            Err(error) => {
                problems.add(&files::shown_path(&folder), 0, "", Rule::File, error.to_string());
                return Err(problems);
            }
        };
        let mut names = Vec::new();
        for entry in entries {
            let file = entry.file_name().to_string_lossy().into_owned();
            if file.starts_with('.') {
                continue;
            }
            let message = match file.strip_suffix(".csv") {
                Some(GOLD) => format!("an annotator cannot be called {GOLD}: that is the name of claims.csv here; rename the file"),
                Some(name) if is_safe_id(name) => {
                    names.push(name.to_owned());
                    continue;
                }
                Some(name) => {
                    format!("{} is no name of an annotator; call the file by 1 to 100 letters, digits, '.', '_' and '-'", quoted(name, 60))
                }
                None => format!("{} is no file of an annotator; here stand <annotator>.csv, and nothing else", quoted(&file, 60)),
            };
            problems.add(&files::shown_path(&folder.join(&file)), 0, "", Rule::File, message);
        }
        names.sort_unstable();
        if problems.is_empty() { Ok(names) } else { Err(problems) }
    }

    /// What an annotator labelled. Symlinks must stay inside `root`.
    ///
    /// # Errors
    /// All findings, when at least one of them is an error: those of the claim file, and a row without a claim for an article that has
    /// one in another row.
    pub fn annotations(&self, root: &Path, annotator: &str) -> Result<Annotations, Problems> {
        let name = format!("{FOLDER}/{annotator}.csv");
        let file = files::shown_path(&self.dir.join(&name));
        let mut problems = Problems::new();
        let table = match files::resolve_inside(root, &relative(root, &self.dir, &name)).and_then(|p| files::read(&p, files::MAX_TABLE)) {
            Ok(bytes) => self.annotation_table(&file, bytes, &mut problems),
            Err(error) => {
                problems.add(&file, 0, "", Rule::File, error.to_string());
                None
            }
        };
        let mut out = table.map(|table| self.read_annotations(annotator, &table, &mut problems)).unwrap_or_default();
        if problems.has_errors() {
            return Err(problems);
        }
        out.warnings = problems;
        Ok(out)
    }

    /// The table of an annotator's file, `file` being its name in findings.
    pub(super) fn annotation_table(&self, file: &str, bytes: Vec<u8>, problems: &mut Problems) -> Option<Table> {
        let fields = self.schema.fields.iter().map(|f| f.name.as_str());
        let known: Vec<&str> = claims::BASE_COLUMNS.iter().copied().chain(fields).collect();
        Table::read(file, bytes, Expected { needed: &claims::NEEDED, known: &known, open: false }, problems)
    }

    fn read_annotations(&self, annotator: &str, table: &Table, problems: &mut Problems) -> Annotations {
        if table.is_empty() {
            problems.add(table.file(), 0, "", Rule::NoRows, format!("no rows: {annotator} has labelled nothing"));
        }
        let (claims, labelled) = self.annotated(table, problems);
        Annotations::new(annotator, claims, labelled)
    }

    /// The claims of an annotator's table, drafts among them and sorted, and the ids of the articles that were labelled.
    pub(super) fn annotated(&self, table: &Table, problems: &mut Problems) -> (Vec<GoldClaim>, BTreeSet<String>) {
        let beside: Vec<bool> = table.columns().iter().map(|name| BESIDE_A_CLAIM.contains(&name.as_str())).collect();
        let has_claim =
            |row: usize| beside.iter().enumerate().any(|(at, is_beside)| !is_beside && !table.cell(row, Some(at)).trim().is_empty());
        let (with_claim, without): (Vec<usize>, Vec<usize>) = (0..table.len()).partition(|&row| has_claim(row));
        let mut found = claims::read_rows(table, with_claim.into_iter(), &self.schema, &self.articles, &[], problems);
        super::model::sort_claims(&mut found);
        let first_claim: BTreeMap<&str, u64> = found.iter().rev().map(|c| (c.article_id.as_str(), c.line)).collect();
        // An article of which only drafts are known is not finished.
        let confirmed = found.iter().filter(|c| c.status != ClaimStatus::Draft);
        let mut labelled: BTreeSet<String> = confirmed.map(|c| c.article_id.clone()).collect();
        for row in without {
            let Some(at) = claims::article_of(table, row, &self.articles, &[], problems) else { continue };
            let Some(id) = self.articles.get(at).map(|a| &a.article.id) else { continue };
            if let Some(line) = first_claim.get(id.as_str()) {
                let message = format!("a row without a claim says that {id} has none, and line {line} holds one; remove one of the two");
                problems.add(table.file(), table.line(row), "claim_id", Rule::NoClaims, message);
            }
            labelled.insert(id.clone());
        }
        (found, labelled)
    }
}
