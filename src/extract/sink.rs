//! Where answers go.

use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::answer::Answer;
use super::extractor::Numbers;

/// Takes what an extractor says, on whichever of its threads and as soon as it is said: what is kept then is not lost when the run
/// dies a moment later.
pub trait Sink: Sync {
    /// What the extractor says of itself, before the first answer that it holds for. May come again, when a program is started again.
    fn about(&self, _about: &About) {}

    /// The answer for an article.
    fn answer(&self, answer: Answer);
}

impl<F: Fn(Answer) + Sync> Sink for F {
    fn answer(&self, answer: Answer) {
        self(answer);
    }
}

/// Keeps the answers, in the order in which they come.
impl Sink for Mutex<Vec<Answer>> {
    fn answer(&self, answer: Answer) {
        self.lock().unwrap_or_else(PoisonError::into_inner).push(answer);
    }
}

/// What an extractor says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct About {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// How it writes numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numbers: Option<Numbers>,
}
