//! How sure a number is: bootstrap intervals over units, an article or a group of articles each.
//!
//! - [`Units`]: the counts of the units; [`Units::intervals`] resamples them
//! - [`PairedUnits`]: two runs over the same units, with the interval and the randomization test of their difference
//! - [`RepeatedUnits`]: several runs of one extractor over the same units, with intervals that hold its own noise too
//! - [`holm`], [`mcnemar`]: many tests at once, and one of single claims
//! - [`NumberedUnits`]: units of which more is counted than criteria: fields, and the confidence of predictions
//! - [`interval`], [`Jackknife`]: BCa from an estimate, its replicates and its jackknife
//! - [`normal`]: Φ and its inverse
//! - [`agreement`]: how far annotators agree
//! - [`Random`]: a generator with a stream a replicate
//!
//! Claims of one article are alike, so that resampling claims would make intervals that are too narrow.

pub mod agreement;
mod bca;
mod blocks;
mod draw;
mod intervals;
mod multiplicity;
pub mod normal;
mod numbered;
mod paired;
mod random;
mod randomization;
mod ranking;
mod repeated;
mod sparse;
mod table;
#[cfg(test)]
mod tests;
mod units;

pub use bca::{FEWEST_UNITS, FEWEST_UNITS_OF_BCA, Jackknife, Method, NoInterval, bias, interval, quantile};
pub use intervals::{CriterionIntervals, IntervalSettings, OfMetrics, OfRanking, RankingIntervals, RankingReasons, Reasons};
pub use numbered::{AllIntervals, FieldIntervals, NumberedUnits};
pub use paired::{PairedCriterion, PairedDifference, PairedSettings, PairedUnits};
pub use random::Random;
pub use randomization::{MOST_EXACT_UNITS, RandomizationSettings, holm, mcnemar};
pub use repeated::{RepeatedCriterion, RepeatedNumber, RepeatedUnits};
pub use sparse::Sparse;
pub use units::{Counts, Units};
