//! The files as they stood when they were last read.

use std::collections::BTreeSet;

use crate::claim::GoldClaim;
use crate::dataset::reanchor::obstacle;
use crate::dataset::rows::{Rows, claim_rows};
use crate::dataset::{Points, Reading, claims};
use crate::formats::table::Table;
use crate::problem::{Level, Problem, Problems, Rule};

use super::EditError;
use super::id::{Ids, stem};

/// What is known of a dataset that is edited: the gold, and one annotator's file where that is what is edited.
#[derive(Debug, Default)]
pub(super) struct Tables {
    pub reading: Reading,
    pub annotator: Option<AnnotatorFile>,
    /// Numbers that were given or seen.
    pub ids: Ids,
}

/// One annotator's file; without a table as long as there is none.
#[derive(Debug, Default)]
pub(super) struct AnnotatorFile {
    pub name: String,
    /// Its name in findings.
    pub file: String,
    pub table: Option<Table>,
    /// Sorted by (article_id, start, end, claim_id); drafts among them.
    pub claims: Vec<GoldClaim>,
    /// Ids of the articles that were labelled, with claims or without.
    pub labelled: BTreeSet<String>,
    pub problems: Problems,
}

impl Tables {
    /// The claims that are edited, sorted.
    pub fn claims(&self) -> &[GoldClaim] {
        self.annotator.as_ref().map_or(&self.reading.dataset.claims, |annotator| &annotator.claims)
    }

    /// The claims of an article that are edited.
    pub fn claims_of(&self, article_id: &str) -> &[GoldClaim] {
        let claims = self.claims();
        let start = claims.partition_point(|c| c.article_id.as_str() < article_id);
        let end = claims.partition_point(|c| c.article_id.as_str() <= article_id);
        &claims[start..end]
    }

    pub fn claim(&self, id: &str) -> Option<&GoldClaim> {
        self.claims().iter().find(|claim| claim.claim.id == id)
    }

    /// Errors of an article's row, text and rows of claims.
    pub fn problems_of(&self, article_id: &str) -> Vec<String> {
        let of_claims = self.annotator.as_ref().map_or(&self.reading.problems, |annotator| &annotator.problems);
        let claims: BTreeSet<u64> = self.table().map_or_else(BTreeSet::new, |table| {
            let article = table.column("article_id");
            (0..table.len()).filter(|&row| table.cell(row, article) == article_id).map(|row| table.line(row)).collect()
        });
        let line = self.reading.dataset.article(article_id).map_or(0, |record| record.line);
        let text = format!("articles/{article_id}.txt");
        let articles = self.reading.article_table.as_ref().map_or("", Table::file);
        let is_of_claims = |p: &&Problem| p.file == self.file() && claims.contains(&p.line);
        let is_of_article = |p: &&Problem| p.file.ends_with(&text) || (p.file == articles && p.line == line && line > 0);
        let errors = |p: &&Problem| p.level == Level::Error;
        let found = of_claims.iter().filter(errors).filter(is_of_claims);
        let found = found.chain(self.reading.problems.iter().filter(errors).filter(is_of_article));
        found.map(|problem| format!("{}: {}", problem.place(), problem.message)).collect()
    }

    /// Whether a row has that id, valid or not.
    pub fn has_row(&self, id: &str) -> bool {
        self.table().is_some_and(|table| (0..table.len()).any(|row| table.cell(row, table.column("claim_id")) == id))
    }

    pub fn table(&self) -> Option<&Table> {
        self.annotator.as_ref().map_or(self.reading.claim_table.as_ref(), |annotator| annotator.table.as_ref())
    }

    /// The name of the file with the claims, in findings.
    pub fn file(&self) -> &str {
        let of_gold = || self.reading.claim_table.as_ref().map_or("claims.csv", Table::file);
        self.annotator.as_ref().map_or_else(of_gold, |annotator| &annotator.file)
    }

    pub fn rows(&self) -> Rows<'_> {
        let schema = &self.reading.dataset.schema;
        self.table().map_or_else(|| Rows::without_claims(schema), |table| claim_rows(table, schema))
    }

    pub fn stem(&self, article_id: &str) -> String {
        stem(article_id, self.annotator.as_ref().map(|annotator| annotator.name.as_str()))
    }

    /// Nothing is written where rows would be lost.
    pub fn check(&self) -> Result<(), EditError> {
        let mut of_settings = Problems::new();
        self.reading.problems.of_level(Level::Error).iter().filter(|p| p.rule == Rule::Config).for_each(|p| of_settings.push(p.clone()));
        if !of_settings.is_empty() {
            return Err(EditError::Obstacle(of_settings.to_string()));
        }
        if let Some(why) = obstacle(&self.reading) {
            return Err(EditError::Obstacle(why));
        }
        let damaged = self.annotator.as_ref().filter(|a| a.problems.iter().any(|p| matches!(p.rule, Rule::Table | Rule::File)));
        damaged.map_or(Ok(()), |annotator| Err(EditError::Invalid(annotator.problems.clone())))
    }

    /// Takes over the table of claims as it stands in the file now.
    pub fn take(&mut self, table: Option<Table>, mut found: Problems) {
        match &mut self.annotator {
            None => match table {
                Some(table) => self.reading.take_claims(table, found),
                // The claims stay known; without a table nothing is written over what is there instead.
                None => {
                    self.reading.claim_table = None;
                    self.reading.problems.extend(found);
                }
            },
            Some(annotator) if table.is_none() && found.has_errors() => annotator.problems = found,
            Some(annotator) => {
                let read = table.as_ref().map(|table| self.reading.dataset.annotated(table, &mut found));
                (annotator.claims, annotator.labelled) = read.unwrap_or_default();
                annotator.table = table;
                annotator.problems = found;
            }
        }
        self.see_ids();
    }

    /// Notes the ids of all rows, also of those that are not valid.
    pub fn see_ids(&mut self) {
        let Some(table) = self.table() else { return };
        let (id, article) = (table.column("claim_id"), table.column("article_id"));
        let rows: Vec<(String, String)> =
            (0..table.len()).map(|row| (self.stem(table.cell(row, article)), table.cell(row, id).to_owned())).collect();
        for (stem, id) in rows {
            self.ids.see(&stem, &id);
        }
    }

    /// The claims of some rows of a table of claims, with the checks of a load.
    pub fn read_rows(&self, table: &Table, rows: impl Iterator<Item = usize>) -> Result<Vec<GoldClaim>, Problems> {
        let mut problems = Problems::new();
        let dataset = &self.reading.dataset;
        let claims = claims::read_rows(table, rows, &dataset.schema, &dataset.articles, &[], &mut problems);
        if problems.has_errors() { Err(problems) } else { Ok(claims) }
    }

    /// The text of fragments of an article.
    pub fn quote(&self, article_id: &str, fragments: &crate::claim::Fragments) -> Option<String> {
        let text = &self.reading.dataset.article(article_id)?.article.text;
        claims::joined(&Points::new(text), fragments)
    }
}
