//! A dataset in memory.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::claim::{Article, ArticleStatus, GoldClaim, Schema};
use crate::problem::Problems;

use super::Meta;
use super::load::Reading;

/// The column of the articles that says which of them are resampled together.
pub(crate) const GROUP_COLUMN: &str = "group_id";

/// Articles with their gold claims.
#[derive(Clone, Debug, Default)]
pub struct Dataset {
    /// Its folder.
    pub dir: PathBuf,
    /// Name, version, licence, languages.
    pub meta: Meta,
    /// Kinds and fields.
    pub schema: Schema,
    /// Sorted by id.
    pub articles: Vec<ArticleRecord>,
    /// Sorted by (article_id, start, end, claim_id).
    pub claims: Vec<GoldClaim>,
    /// The columns of the article file, in its order.
    pub article_columns: Vec<String>,
    /// The columns of the claim file, in its order.
    pub claim_columns: Vec<String>,
    /// What was found on loading that is no error.
    pub warnings: Problems,
}

impl Dataset {
    /// Loads the dataset in a folder.
    ///
    /// # Errors
    /// All findings, when at least one of them is an error.
    pub fn load(dir: &Path) -> Result<Dataset, Problems> {
        Reading::of(dir, dir).into_dataset()
    }

    /// Loads a dataset whose symlinks may lead anywhere inside `root`.
    ///
    /// # Errors
    /// As [`Dataset::load`].
    pub fn load_inside(root: &Path, dir: &Path) -> Result<Dataset, Problems> {
        Reading::of(root, dir).into_dataset()
    }

    /// The article of that id.
    pub fn article(&self, id: &str) -> Option<&ArticleRecord> {
        let at = self.articles.binary_search_by(|a| a.article.id.as_str().cmp(id)).ok()?;
        self.articles.get(at)
    }

    /// The claims of an article, in canonical order, whatever their status.
    pub fn claims_of(&self, article_id: &str) -> &[GoldClaim] {
        let start = self.claims.partition_point(|c| c.article_id.as_str() < article_id);
        let end = self.claims.partition_point(|c| c.article_id.as_str() <= article_id);
        &self.claims[start..end]
    }

    /// Article columns by which the data can be cut: those of the format and any other of the file.
    pub fn slice_columns(&self) -> Vec<&str> {
        let known = ["lang", "publisher", "status", "split", GROUP_COLUMN, "licence", "tags"];
        let mut columns: Vec<&str> = self.article_columns.iter().map(String::as_str).filter(|c| *c != "article_id").collect();
        columns.extend(known.iter().filter(|k| !self.article_columns.iter().any(|c| c == *k)));
        columns.sort_unstable();
        columns
    }

    /// Sorts articles and claims canonically.
    pub(super) fn sort(&mut self) {
        self.articles.sort_by(|a, b| a.article.id.cmp(&b.article.id));
        sort_claims(&mut self.claims);
    }
}

/// Sorts claims canonically.
pub(super) fn sort_claims(claims: &mut [GoldClaim]) {
    claims.sort_by(|a, b| sort_key(a).cmp(&sort_key(b)));
}

/// The canonical place of a claim among all: (article_id, start, end, claim_id).
fn sort_key(claim: &GoldClaim) -> (&str, u32, u32, &str) {
    let (start, end) = claim.claim.fragments.hull().map_or((u32::MAX, u32::MAX), |hull| (hull.start(), hull.end()));
    (&claim.article_id, start, end, &claim.claim.id)
}

/// An article with what the dataset keeps beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArticleRecord {
    /// What an extractor may see.
    pub article: Article,
    /// What its labels are worth.
    pub status: ArticleStatus,
    /// Such as `train` or `test`; empty where there is none.
    pub split: String,
    /// Articles of one story share it; empty where there is none.
    pub group_id: String,
    /// Of the text.
    pub licence: String,
    /// Of the text's bytes, as hex digits, where the file gives it.
    pub sha256: String,
    /// Free labels.
    pub tags: Vec<String>,
    /// A remark.
    pub note: String,
    /// Columns that Assay does not know.
    pub extra: BTreeMap<String, String>,
    /// Line of the file that it was read from (1-based), for messages.
    pub line: u64,
}

impl ArticleRecord {
    /// The unit of resampling: the group, else the article itself.
    pub fn unit(&self) -> &str {
        if self.group_id.is_empty() { &self.article.id } else { &self.group_id }
    }

    /// The values of a column by which the data can be cut: one, or for `tags` each. Empty cells give no value; `None` when
    /// there is no such column.
    pub fn slice_values(&self, column: &str) -> Option<Vec<Cow<'_, str>>> {
        fn one(text: &str) -> Vec<Cow<'_, str>> {
            if text.is_empty() { Vec::new() } else { vec![Cow::Borrowed(text)] }
        }
        Some(match column {
            "article_id" => one(&self.article.id),
            "lang" => one(&self.article.lang),
            "title" => one(self.article.title.as_deref().unwrap_or("")),
            "publisher" => one(self.article.publisher.as_deref().unwrap_or("")),
            "url" => one(self.article.url.as_deref().unwrap_or("")),
            "published_at" => one(self.article.published_at.as_deref().unwrap_or("")),
            "licence" => one(&self.licence),
            "sha256" => one(&self.sha256),
            "status" => vec![Cow::Borrowed(self.status.name())],
            "split" => one(&self.split),
            GROUP_COLUMN => one(&self.group_id),
            "note" => one(&self.note),
            "tags" => self.tags.iter().map(|t| Cow::Borrowed(t.as_str())).collect(),
            other => one(self.extra.get(other)?),
        })
    }
}
