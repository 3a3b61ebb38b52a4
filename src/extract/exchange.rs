//! One article's way to an extractor and back, for whoever looks for what is wrong.

use super::answer::Answer;
use super::extractor::Finished;

/// What went over, and what was made of it. Texts are as they came, and have to be made harmless by whoever shows them; keys are in none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Exchange {
    /// In order.
    pub parts: Vec<ExchangePart>,
    /// What was made of it; `None` where the run would have ended.
    pub answer: Option<Answer>,
    /// How the run would have ended.
    pub finished: Finished,
}

/// A message, or a part of one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExchangePart {
    /// Which one, such as `standard input`.
    pub title: String,
    /// Its text; of bytes that are no UTF-8 the nearest.
    pub text: String,
}

impl ExchangePart {
    /// A part with its title.
    pub fn new(title: impl Into<String>, text: impl Into<String>) -> ExchangePart {
        ExchangePart { title: title.into(), text: text.into() }
    }
}
