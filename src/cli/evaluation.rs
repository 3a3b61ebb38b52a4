//! From a dataset and answers to an evaluation: the step that `run` and `score` share.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::claim::ClaimStatus;
use crate::dataset::{ArticleRecord, BareArticle, Dataset};
use crate::extract::Answer;
use crate::report::safe::shown;
use crate::score::{ArticleInput, GoldInput};

/// Failures and odd answers that are named one by one.
const MOST_TOLD: usize = 5;

/// What the user must know of single answers: why articles failed, and what is odd about the answers of others; the same words
/// once, with the first article that they are about and how many more.
pub(super) fn messages(answers: &[Answer]) -> Vec<String> {
    let mut told: BTreeMap<(&str, String), (&str, usize)> = BTreeMap::new();
    for answer in answers {
        let Some(message) = &answer.message else { continue };
        let entry = told.entry((answer.outcome.name(), shown(message).into_owned())).or_insert((&answer.article_id, 0));
        entry.1 += 1;
    }
    let mut lines: Vec<String> = told
        .iter()
        .take(MOST_TOLD)
        .map(|((outcome, message), (article, n))| {
            let more = if *n > 1 { format!(" and {} more", n - 1) } else { String::new() };
            let what = if matches!(*outcome, "ok" | "empty") { "answered" } else { *outcome };
            format!("{}{more} ({what}): {message}", shown(article))
        })
        .collect();
    if told.len() > MOST_TOLD {
        lines.push(format!("and {} more messages; `assay show ARTICLE` tells that of an article", told.len() - MOST_TOLD));
    }
    lines
}

/// Answers by article id; each id once.
pub(super) fn by_article(answers: &[Answer]) -> BTreeMap<&str, &Answer> {
    answers.iter().map(|answer| (answer.article_id.as_str(), answer)).collect()
}

/// Articles of a dataset with what was answered. Drafts are left out.
pub(super) fn dataset_inputs<'a>(
    dataset: &'a Dataset,
    articles: &[&'a ArticleRecord],
    answers: &BTreeMap<&str, &'a Answer>,
    slices: &[String],
) -> Vec<ArticleInput<'a>> {
    let input = |record: &&'a ArticleRecord| {
        let gold = dataset.claims_of(&record.article.id).iter().filter(|c| c.status != ClaimStatus::Draft);
        let columns = slices.iter().flat_map(|name| {
            let values = record.slice_values(name).unwrap_or_default();
            values.into_iter().map(|value| (Cow::Owned(name.clone()), value)).collect::<Vec<_>>()
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

/// Articles of a bare file with what was answered.
pub(super) fn bare_inputs<'a>(articles: &'a [BareArticle], answers: &BTreeMap<&str, &'a Answer>) -> Vec<ArticleInput<'a>> {
    let input = |bare: &'a BareArticle| {
        let other = bare.columns.iter().map(|(name, value)| (Cow::Borrowed(name.as_str()), Cow::Borrowed(value.as_str())));
        let article = &bare.article;
        let known = [("lang", Some(article.lang.as_str())), ("publisher", article.publisher.as_deref())];
        let known = known.into_iter().filter_map(|(name, value)| value.map(|v| (Cow::Borrowed(name), Cow::Borrowed(v))));
        ArticleInput {
            id: &article.id,
            lang: &article.lang,
            status: crate::claim::ArticleStatus::Gold,
            columns: known.chain(other).collect(),
            gold: bare.claims.iter().map(|c| GoldInput { claim: &c.claim, optional: c.optional, tags: &c.tags }).collect(),
            answer: answers.get(article.id.as_str()).copied(),
        }
    };
    articles.iter().map(input).collect()
}
