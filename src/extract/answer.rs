//! What an extractor answered for one article, and what that answer is worth.

use std::fmt;
use std::str::FromStr;

use super::spent::Spent;
use crate::claim::Claim;

/// How an extractor's attempt at one article ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Answered with at least one claim.
    Ok,
    /// Answered that the article has no claim.
    Empty,
    /// No answer in time.
    Timeout,
    /// The program ended with this article unanswered.
    Crash,
    /// The answer does not follow the contract.
    Malformed,
    /// The answer was cut off.
    Truncated,
    /// The extractor declined to answer.
    Refused,
    /// The extractor's source asked to slow down, to the end.
    RateLimited,
    /// A request failed.
    Http,
    /// There is no answer, or the extractor said that it has none.
    NotAnswered,
    /// Left out on purpose.
    Skipped,
}

/// What an outcome means for the counts: `total = scored + failed + excluded`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OutcomeClass {
    /// The claims count.
    Scored,
    /// All gold of the article counts as missed, and none of the answer's claims counts.
    Failed,
    /// Neither gold nor claims count.
    Excluded,
}

impl Outcome {
    /// Every outcome, in the order in which they are reported.
    pub const ALL: [Outcome; 11] = [
        Self::Ok,
        Self::Empty,
        Self::Timeout,
        Self::Crash,
        Self::Malformed,
        Self::Truncated,
        Self::Refused,
        Self::RateLimited,
        Self::Http,
        Self::NotAnswered,
        Self::Skipped,
    ];

    /// The name in files and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Empty => "empty",
            Self::Timeout => "timeout",
            Self::Crash => "crash",
            Self::Malformed => "malformed",
            Self::Truncated => "truncated",
            Self::Refused => "refused",
            Self::RateLimited => "rate_limited",
            Self::Http => "http",
            Self::NotAnswered => "not_answered",
            Self::Skipped => "skipped",
        }
    }

    /// What it means for the counts.
    pub fn class(self) -> OutcomeClass {
        match self {
            Self::Ok | Self::Empty => OutcomeClass::Scored,
            Self::Skipped => OutcomeClass::Excluded,
            _ => OutcomeClass::Failed,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Outcome {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|outcome| outcome.name() == name).ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|outcome| outcome.name()).collect();
            format!("unknown outcome {name:?}; one of {}", names.join(", "))
        })
    }
}

/// How the claims of an answer were placed in the text. Each claim counts once, so the sum is the number of claims.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct LocationCounts {
    /// The offsets held, or the quote occurs once.
    pub exact: u64,
    /// Found after folding white space, quotation marks, dashes, case and Unicode forms.
    pub folded: u64,
    /// Found by likeness, with a clear margin to the next place.
    pub fuzzy: u64,
    /// The quote occurs more than once and nothing decides; the first free occurrence was taken.
    pub ambiguous_quote: u64,
    /// No place: spurious under every criterion that looks at spans.
    pub unlocated: u64,
}

impl LocationCounts {
    /// All claims.
    pub fn total(&self) -> u64 {
        self.exact + self.folded + self.fuzzy + self.ambiguous_quote + self.unlocated
    }
}

impl std::ops::AddAssign for LocationCounts {
    fn add_assign(&mut self, other: Self) {
        self.exact += other.exact;
        self.folded += other.folded;
        self.fuzzy += other.fuzzy;
        self.ambiguous_quote += other.ambiguous_quote;
        self.unlocated += other.unlocated;
    }
}

/// What scoring gets for one article.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The article.
    pub article_id: String,
    /// How the attempt ended.
    pub outcome: Outcome,
    /// Claims with their places in code points; one without a place has no fragments. Empty unless the outcome is `ok`.
    pub claims: Vec<Claim>,
    /// How the places were found.
    pub located: LocationCounts,
    /// Why it failed, or what is odd about the answer, in words for the user.
    pub message: Option<String>,
    /// What it took.
    pub spent: Spent,
    /// Which of the extractor's ways of asking it answers, see [`Extractor::sent`](super::Extractor::sent).
    pub way: usize,
}

impl Answer {
    /// A good answer: `ok`, or `empty` without claims.
    pub fn of_claims(article_id: impl Into<String>, claims: Vec<Claim>, located: LocationCounts) -> Answer {
        let outcome = if claims.is_empty() { Outcome::Empty } else { Outcome::Ok };
        Answer { article_id: article_id.into(), outcome, claims, located, message: None, spent: Spent::default(), way: 0 }
    }

    /// An attempt that gave no usable claims, and why.
    pub fn failed(article_id: impl Into<String>, outcome: Outcome, message: impl Into<String>) -> Answer {
        Answer {
            article_id: article_id.into(),
            outcome,
            claims: Vec::new(),
            located: LocationCounts::default(),
            message: Some(message.into()),
            spent: Spent::default(),
            way: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_parse_back_and_are_those_of_the_contract() {
        for outcome in Outcome::ALL {
            assert_eq!(outcome.name().parse(), Ok(outcome));
        }
        assert!("timed_out".parse::<Outcome>().unwrap_err().contains("timeout, crash"));
    }

    #[test]
    fn only_answers_are_scored_and_only_skipped_is_excluded() {
        let of = |class| Outcome::ALL.into_iter().filter(|o| o.class() == class).collect::<Vec<_>>();
        assert_eq!(of(OutcomeClass::Scored), [Outcome::Ok, Outcome::Empty]);
        assert_eq!(of(OutcomeClass::Excluded), [Outcome::Skipped]);
        assert_eq!(of(OutcomeClass::Failed).len(), 8);
    }
}
