//! Scoring: which predicted claim is which gold claim, and what follows.
//!
//! [`Settings`] and all claims make a [`Scorer`]; it turns each article into an [`ArticleScore`] with an integer [`Tally`].
//! Everything above (precision, recall, slices, intervals, comparisons) is made from tallies alone.

mod article;
pub mod assignment;
mod buffer;
mod calibration;
mod candidates;
mod choice;
mod count;
mod criterion;
mod detail;
mod evaluate;
mod local;
mod matching;
mod ratio;
mod resampled;
pub mod result;
mod settings;
mod side;
mod signature;
mod similarity;
mod standing;
mod stream;
mod summary;
mod tally;
mod totals;
mod values;
mod vocabulary;

pub use article::{ArticleScore, ArticleScorer, FieldOutcome, GoldInput, Pair, Verdict};
pub use calibration::{Bin, Calibration, Threshold, calibration};
pub(crate) use count::Beside;
pub use criterion::{Criterion, UnknownCriterion};
pub use evaluate::{ArticleInput, EvaluatedArticle, Evaluation, Provenance, evaluate, evaluate_with};
pub use ratio::{Mean, Prf, f_beta, ratio};
pub use resampled::IntervalsOf;
pub use result::RunResult;
pub use settings::{Scorer, Settings};
pub(crate) use side::ClaimParts;
pub use signature::{SCORING, signature_differences};
pub use similarity::{SCALE as SIMILARITY_SCALE, similarity};
pub use standing::Standing;
pub use stream::GoldNames;
pub(crate) use stream::{ArticleHead, Stream, StreamAnswer, Unusual};
pub use tally::{CriterionTally, ErrorClass, ErrorTally, FieldTally, FoundTally, Hit, KindTally, SemevalTally, Tally, TallyNames};
