//! Gates over lists of claims: newly missed, newly found.

use std::collections::BTreeMap;

use crate::claim::ClaimStatus;
use crate::dataset::Dataset;
use crate::runs::comparison::{ClaimChange, Common, Comparison};
use crate::score::ArticleInput;

/// Which list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Claims {
    /// `newly_missed`
    Missed,
    /// `newly_found`
    Found,
}

impl Claims {
    pub fn words(self) -> &'static str {
        ["newly missed", "newly found"][self as usize]
    }
}

/// The claims of a list that meet the conditions, as article and name.
pub(super) fn listed(
    list: Claims,
    comparison: &Comparison,
    common: &Common<'_, '_>,
    conditions: &BTreeMap<String, String>,
) -> Vec<(String, String)> {
    let changes = match list {
        Claims::Missed => &comparison.changes.newly_missed,
        Claims::Found => &comparison.changes.newly_found,
    };
    let inputs: BTreeMap<&str, &ArticleInput<'_>> = common.articles().map(|article| (article.input.id, article.input)).collect();
    let holds = |change: &&ClaimChange| {
        let input = inputs.get(change.article_id.as_str());
        conditions.iter().all(|(column, value)| match column.as_str() {
            "tags" => change.claim.tags.contains(value),
            "kind" => change.claim.kind == *value,
            "article_id" => change.article_id == *value,
            column => input.is_some_and(|input| has(input, column, value)),
        })
    };
    changes.iter().filter(holds).map(|change| (change.article_id.clone(), change.claim.name.clone())).collect()
}

/// Gold claims of the compared articles that meet the conditions.
pub(super) fn support_of_claims(common: &Common<'_, '_>, conditions: &BTreeMap<String, String>) -> u64 {
    let of_article = |input: &ArticleInput<'_>| {
        let meets = |gold: &&crate::score::GoldInput<'_>| {
            !gold.optional
                && conditions.iter().all(|(column, value)| match column.as_str() {
                    "tags" => gold.tags.contains(value),
                    "kind" => gold.claim.kind == *value,
                    "article_id" => input.id == value,
                    column => has(input, column, value),
                })
        };
        input.gold.iter().filter(meets).count() as u64
    };
    common.articles().map(|article| of_article(article.input)).sum()
}

fn has(input: &ArticleInput<'_>, column: &str, value: &str) -> bool {
    input.columns.iter().any(|(c, v)| c == column && v == value)
}

/// The values that the dataset has in a column of articles or gold claims (`kind`, `tags`); `None` for a column that it does not have.
pub(super) fn values_of(dataset: &Dataset, column: &str) -> Option<Vec<String>> {
    let scored = dataset.claims.iter().filter(|claim| claim.status != ClaimStatus::Draft);
    let mut values: Vec<String> = match column {
        "kind" => scored.map(|claim| claim.claim.kind.clone()).collect(),
        // Of claims alone: those of articles cut no claims, and a condition that nothing meets would always hold.
        "tags" => scored.flat_map(|claim| claim.tags.iter().cloned()).collect(),
        "article_id" => dataset.articles.iter().map(|record| record.article.id.clone()).collect(),
        column => {
            if !dataset.slice_columns().contains(&column) {
                return None;
            }
            let of_article = |record: &crate::dataset::ArticleRecord| -> Vec<String> {
                record.slice_values(column).unwrap_or_default().into_iter().map(|value| value.into_owned()).collect()
            };
            dataset.articles.iter().flat_map(of_article).collect()
        }
    };
    values.sort_unstable();
    values.dedup();
    Some(values)
}
