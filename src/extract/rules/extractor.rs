//! The rules as an extractor.

use std::sync::atomic::{AtomicBool, Ordering};

use super::find_claims;
use crate::extract::{Answer, Articles, ExtractError, Extractor, Finished, LocationCounts, Numbers};

/// Answers each article with [`find_claims`], in order.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules;

impl Rules {
    /// Rises whenever an answer can change.
    pub const VERSION: &'static str = "1";
}

impl Extractor for Rules {
    fn extract(&mut self, articles: &mut Articles<'_>, sink: &mut dyn FnMut(Answer), stop: &AtomicBool) -> Result<Finished, ExtractError> {
        let mut finished = Finished {
            name: Some("rules".to_owned()),
            version: Some(Rules::VERSION.to_owned()),
            numbers: Some(Numbers::Canonical),
            ..Finished::default()
        };
        for article in articles {
            if stop.load(Ordering::Relaxed) {
                finished.unanswered.push(article.id);
                continue;
            }
            let claims = find_claims(&article);
            let located = LocationCounts { exact: claims.len() as u64, ..LocationCounts::default() };
            sink(Answer::of_claims(article.id, claims, located));
        }
        if !finished.unanswered.is_empty() {
            finished.unanswered.sort_unstable();
            finished.incomplete = Some("stopped".to_owned());
        }
        Ok(finished)
    }
}
