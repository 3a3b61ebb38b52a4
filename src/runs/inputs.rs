//! From a dataset and answers to what is scored.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::claim::ClaimStatus;
use crate::dataset::{ArticleRecord, Dataset};
use crate::extract::Answer;
use crate::score::{ArticleInput, GoldInput};

/// Answers by article id; each id once.
pub fn by_article(answers: &[Answer]) -> BTreeMap<&str, &Answer> {
    answers.iter().map(|answer| (answer.article_id.as_str(), answer)).collect()
}

/// Articles of a dataset with what was answered. Drafts are left out.
pub fn dataset_inputs<'a>(
    dataset: &'a Dataset,
    articles: &[&'a ArticleRecord],
    answers: &BTreeMap<&str, &'a Answer>,
    slices: &'a [String],
) -> Vec<ArticleInput<'a>> {
    let input = |record: &&'a ArticleRecord| {
        let gold = dataset.claims_of(&record.article.id).iter().filter(|c| c.status != ClaimStatus::Draft);
        let columns = slices.iter().flat_map(|name| {
            let values = record.slice_values(name).unwrap_or_default();
            values.into_iter().map(|value| (Cow::Borrowed(name.as_str()), value)).collect::<Vec<_>>()
        });
        ArticleInput {
            id: &record.article.id,
            lang: &record.article.lang,
            status: record.status,
            columns: columns.collect(),
            gold: gold.map(|c| GoldInput { claim: &c.claim, optional: c.status == ClaimStatus::Optional, tags: &c.tags }).collect(),
            answer: answers.get(record.article.id.as_str()).copied(),
        }
    };
    articles.iter().map(input).collect()
}
