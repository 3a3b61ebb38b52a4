//! The rules as an extractor.

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::find_claims;
use crate::claim::Article;
use crate::extract::{Answer, Articles, ExtractError, Extractor, Finished, LocationCounts, Numbers, Sink};

/// Text that all threads together are given at once, in bytes: much beside the article at the end that a thread has to wait for,
/// and little beside what a user waits for between two signs of progress.
const BATCH: usize = 2 << 20;

/// Answers each article with [`find_claims`], in order, on the threads of the caller's pool. The answers do not depend on their number.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules;

impl Rules {
    /// Rises whenever an answer can change.
    pub const VERSION: &'static str = "1";
}

impl Extractor for Rules {
    fn extract(&mut self, articles: &mut Articles<'_>, sink: &dyn Sink, stop: &AtomicBool) -> Result<Finished, ExtractError> {
        let mut finished = Finished {
            name: Some("rules".to_owned()),
            version: Some(Rules::VERSION.to_owned()),
            numbers: Some(Numbers::Canonical),
            ..Finished::default()
        };
        loop {
            let batch = next_batch(articles);
            if batch.is_empty() {
                break;
            }
            let answers: Vec<Option<Answer>> = batch.par_iter().map(|article| answer(article, stop)).collect();
            for (article, answer) in batch.into_iter().zip(answers) {
                match answer {
                    Some(answer) if !stop.load(Ordering::Relaxed) => sink.answer(answer),
                    _ => finished.unanswered.push(article.id),
                }
            }
        }
        if !finished.unanswered.is_empty() {
            finished.unanswered.sort_unstable();
            finished.incomplete = Some("stopped".to_owned());
        }
        Ok(finished)
    }
}

/// What an article counts beside its text.
const OF_ARTICLE: usize = 256;

fn next_batch(articles: &mut Articles<'_>) -> Vec<Article> {
    let (mut batch, mut bytes) = (Vec::new(), 0);
    while bytes < BATCH
        && let Some(article) = articles.next()
    {
        bytes += OF_ARTICLE + article.text.len();
        batch.push(article);
    }
    batch
}

/// The answer to an article; none once the run is to stop.
fn answer(article: &Article, stop: &AtomicBool) -> Option<Answer> {
    if stop.load(Ordering::Relaxed) {
        return None;
    }
    let claims = find_claims(article);
    let located = LocationCounts { exact: claims.len() as u64, ..LocationCounts::default() };
    Some(Answer::of_claims(article.id.as_str(), claims, located))
}
