//! Answers that were given before.

use rustc_hash::FxHashMap;

use crate::extract::answer_log::{AnswerKey, LoggedAnswers};
use crate::extract::{About, Answer, OutcomeClass};

/// Where answers are looked up.
#[derive(Clone, Debug, Default)]
pub struct Source {
    answers: FxHashMap<AnswerKey, Answer>,
    /// What the extractor said of itself when it gave them.
    pub about: Option<About>,
    is_cache: bool,
}

impl Source {
    /// The good answers of a cache; they are marked as such.
    pub fn cache(logged: LoggedAnswers) -> Source {
        Source { is_cache: true, ..Source::journal(logged, false) }
    }

    /// The answers of a run that is resumed; failed ones only where they are not to be asked again.
    pub fn journal(logged: LoggedAnswers, with_failed: bool) -> Source {
        let mut answers = logged.answers;
        answers.retain(|_, answer| with_failed || answer.outcome.class() == OutcomeClass::Scored);
        Source { answers, about: logged.about, is_cache: false }
    }

    /// Whether they are those of the cache.
    pub fn is_cache(&self) -> bool {
        self.is_cache
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.answers.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.answers.is_empty()
    }

    /// The answer to the first of the keys that has one. A failure is that of its own article: another one with the same text may have better luck.
    pub(super) fn answer(&self, keys: &[AnswerKey], article: &str) -> Option<Answer> {
        let holds = |answer: &&Answer| answer.outcome.class() == OutcomeClass::Scored || answer.article_id == article;
        let mut answer = keys.iter().filter_map(|key| self.answers.get(key)).find(holds).cloned()?;
        answer.spent.cached |= self.is_cache;
        Some(answer)
    }
}
