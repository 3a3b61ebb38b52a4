//! Scoring: which predicted claim is which gold claim, and what follows.
//!
//! [`Settings`] and all claims make a [`Scorer`]; it turns each article into an [`ArticleScore`] with an integer [`Tally`].
//! Everything above (precision, recall, slices, intervals, comparisons) is made from tallies alone.

mod article;
pub mod assignment;
mod candidates;
mod compact;
mod criterion;
mod local;
mod settings;
mod similarity;
mod tally;
mod vocabulary;

pub use article::{ArticleScore, FieldOutcome, GoldInput, Pair, Verdict};
pub use compact::Numbers;
pub use criterion::{Criterion, UnknownCriterion};
pub use settings::{Scorer, Settings};
pub use similarity::{SCALE as SIMILARITY_SCALE, similarity};
pub use tally::{CriterionTally, ErrorClass, ErrorTally, FieldTally, FoundTally, KindTally, SemevalTally, Tally};
