//! Extractors: what reads articles and answers claims.
//!
//! - [`Extractor`]: a stream of articles in, answers in any order out
//! - [`Answer`], [`Outcome`]: what one article got, and what that is worth
//! - [`process`]: a long-lived program that answers a line for a line
//! - [`command`]: a program that is started for each article
//! - [`program`]: what extractors that are programs share
//! - [`openai`]: a model behind an HTTP endpoint, and its prompt
//! - [`builtin`], [`rules`]: the extractors that are part of the program
//! - [`predictions`]: files of answers that are already made
//! - [`answer_log`]: answers on the disk as they come, for the cache and for resuming a run
//! - [`keeping`]: an extractor that is not asked again for what it has answered
//! - [`locate_answer`]: written claims to claims with a place

mod answer;
pub mod answer_log;
pub mod builtin;
pub mod command;
mod exchange;
mod extractor;
pub mod keeping;
mod locate;
mod messages;
mod oddities;
pub mod openai;
pub mod predictions;
pub mod process;
pub mod program;
pub mod rules;
mod sink;
mod spent;
mod told;

pub use answer::{Answer, LocationCounts, Outcome, OutcomeClass};
pub use exchange::{Exchange, ExchangePart};
pub use extractor::{Articles, Estimate, ExtractError, Extractor, Finished, Numbers};
pub use locate::{Located, locate_answer, take_places_as_written};
pub use messages::Messages;
pub use oddities::{Oddities, oddities};
pub use sink::{About, Sink};
pub use spent::{RunSpent, Spent};
