//! What the user must know of single answers.

use super::answer::{Answer, Outcome};
use super::told::Told;
use crate::report::safe::shown;

/// Failures and odd answers that are named one by one.
const MOST_TOLD: usize = 5;

/// Why articles failed, and what is odd about the answers of others; the same words once, with the first article that they are about
/// and how many more.
#[derive(Clone, Debug)]
pub struct Messages(Told<(&'static str, String), Articles>);

#[derive(Clone, Debug)]
struct Articles {
    /// Place of the first one among all articles, and its id.
    first: (u64, String),
    count: u64,
}

impl Articles {
    fn join(&mut self, other: Articles) {
        self.count += other.count;
        if other.first.0 < self.first.0 {
            self.first = other.first;
        }
    }
}

impl Default for Messages {
    fn default() -> Self {
        Messages(Told::new(MOST_TOLD))
    }
}

impl Messages {
    /// The messages of answers, in their order.
    pub fn of(answers: &[Answer]) -> Messages {
        let mut messages = Messages::default();
        for (place, answer) in answers.iter().enumerate() {
            if let Some(message) = &answer.message {
                messages.add(answer.outcome, message, place as u64, &answer.article_id);
            }
        }
        messages
    }

    /// Adds the message of an answer. `place` is that of the article among all of them.
    pub fn add(&mut self, outcome: Outcome, message: &str, place: u64, article: &str) {
        let articles = Articles { first: (place, article.to_owned()), count: 1 };
        // The same words about an answer with claims and one without are one message.
        let outcome = if outcome == Outcome::Empty { Outcome::Ok } else { outcome };
        self.0.add((outcome.name(), shown(message).into_owned()), articles, Articles::join);
    }

    /// Adds those of other articles.
    pub fn extend(&mut self, other: Messages) {
        self.0.extend(other.0, Articles::join);
    }

    /// A line a message.
    pub fn lines(&self) -> Vec<String> {
        let line = |((outcome, message), articles): (&(&str, String), &Articles)| {
            let more = if articles.count > 1 { format!(" and {} more", articles.count - 1) } else { String::new() };
            let what = if *outcome == "ok" { "answered" } else { outcome };
            format!("{}{more} ({what}): {message}", shown(&articles.first.1))
        };
        let mut lines: Vec<String> = self.0.iter().map(line).collect();
        let more = self.0.more();
        if more.keys > 0 {
            lines.push(format!("and {more} more messages; `assay show ARTICLE` tells that of an article"));
        }
        lines
    }
}
