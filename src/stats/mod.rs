//! How sure a number is: bootstrap intervals over units, an article or a group of articles each.
//!
//! - [`Units`]: the counts of the units; [`Units::intervals`] resamples them
//! - [`NumberedUnits`]: units of which more is counted than criteria: fields, and the confidence of predictions
//! - [`interval`], [`Jackknife`]: BCa from an estimate, its replicates and its jackknife
//! - [`normal`]: Φ and its inverse
//! - [`Random`]: a generator with a stream a replicate
//!
//! Claims of one article are alike, so that resampling claims would make intervals that are too narrow.

mod bca;
mod blocks;
mod draw;
mod intervals;
mod multiplicity;
pub mod normal;
mod numbered;
mod random;
mod ranking;
mod sparse;
mod table;
#[cfg(test)]
mod tests;
mod units;

pub use bca::{FEWEST_UNITS, FEWEST_UNITS_OF_BCA, Jackknife, Method, NoInterval, bias, interval, quantile};
pub use intervals::{CriterionIntervals, IntervalSettings, OfMetrics, OfRanking, RankingIntervals, RankingReasons, Reasons};
pub use numbered::{AllIntervals, FieldIntervals, NumberedUnits};
pub use random::Random;
pub use sparse::Sparse;
pub use units::{Counts, Units};
