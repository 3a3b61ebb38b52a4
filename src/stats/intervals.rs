//! Intervals of precision, recall and F1 of every criterion, from one set of draws.

use rayon::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::bca::{Jackknife, Method, NoInterval, interval};
use super::table::Table;
use super::units::Units;
use crate::score::{f_beta, ratio};

/// How intervals are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IntervalSettings {
    /// Bootstrap replicates.
    pub resamples: u32,
    /// Of the draws.
    pub seed: u64,
}

impl Default for IntervalSettings {
    fn default() -> IntervalSettings {
        IntervalSettings { resamples: 2000, seed: 20_240_513 }
    }
}

impl Method {
    /// Replicates that it takes.
    pub(super) fn replicates(self, settings: IntervalSettings) -> u64 {
        if self == Method::None { 0 } else { u64::from(settings.resamples) }
    }
}

/// One thing for each of precision, recall and F1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OfMetrics<T> {
    /// Of precision.
    pub precision: T,
    /// Of recall.
    pub recall: T,
    /// Of F1.
    pub f1: T,
}

/// The 95 % intervals of one criterion, field or slice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CriterionIntervals {
    /// Lower and upper end; `null` where there is no interval, for the reason in `reasons`.
    #[serde(flatten)]
    pub of: OfMetrics<Option<[f64; 2]>>,
    /// How they were made.
    pub method: Method,
    /// Whether there are too few units to rely on them.
    pub unreliable: bool,
    /// Units that were resampled: articles, or the groups that they are in.
    pub units: u64,
    /// Replicates in which the number is undefined; they are left out.
    pub undefined: OfMetrics<u64>,
    /// For each number without an interval, why; empty where all three have one.
    pub reasons: Reasons,
}

/// For each number without an interval, the reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reasons {
    /// Of precision.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub precision: Option<NoInterval>,
    /// Of recall.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub recall: Option<NoInterval>,
    /// Of F1.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub f1: Option<NoInterval>,
}

impl CriterionIntervals {
    /// Without precision, where it is not defined.
    pub fn without_precision(mut self, settings: IntervalSettings) -> CriterionIntervals {
        self.of.precision = None;
        self.reasons.precision = Some(NoInterval::Undefined);
        self.undefined.precision = self.method.replicates(settings);
        self
    }

    /// Without F1, where it is not defined.
    pub fn without_f1(mut self, settings: IntervalSettings) -> CriterionIntervals {
        self.of.f1 = None;
        self.reasons.f1 = Some(NoInterval::Undefined);
        self.undefined.f1 = self.method.replicates(settings);
        self
    }
}

/// The 95 % interval of average precision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RankingIntervals {
    /// Lower and upper end; `null` where there is no interval, for the reason in `reasons`.
    pub average_precision: Option<[f64; 2]>,
    /// How it was made.
    pub method: Method,
    /// Whether there are too few units to rely on it.
    pub unreliable: bool,
    /// Units that were resampled: articles, or the groups that they are in.
    pub units: u64,
    /// Replicates in which the number is undefined, without gold or without a score; they are left out.
    pub undefined: OfRanking<u64>,
    /// Why there is no interval; empty where there is one.
    pub reasons: RankingReasons,
}

/// One thing for average precision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OfRanking<T> {
    /// Of average precision.
    pub average_precision: T,
}

/// Why there is no interval of average precision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RankingReasons {
    /// Of average precision.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub average_precision: Option<NoInterval>,
}

impl Units {
    /// The intervals of each criterion, in the order of the counts. What is drawn depends on the seed and on the counts of the units
    /// (of all criteria) alone: neither on the order of the units nor on the number of threads.
    pub fn intervals(self, settings: IntervalSettings) -> Vec<CriterionIntervals> {
        let criteria = self.width / 3;
        let table = Table::new(self);
        let method = Method::of_units(table.len() as u64);
        let replicates = method.replicates(settings) as usize;
        let sums = table.replicates(settings.seed, replicates);
        let jackknives = jackknives(&table, criteria, method);
        (0..criteria).into_par_iter().map(|criterion| of_criterion(&table, criterion, method, &sums, &jackknives[criterion])).collect()
    }
}

/// By criterion; nothing is counted where the method does not need it.
fn jackknives(table: &Table, criteria: usize, method: Method) -> Vec<[Jackknife; 3]> {
    let mut out = vec![[Jackknife::default(); 3]; criteria];
    if method != Method::Bca {
        return out;
    }
    let totals: Vec<[u64; 3]> = (0..criteria).map(|criterion| table.of_criterion(criterion, table.totals())).collect();
    let all: Vec<[Option<f64>; 3]> = totals.iter().map(|&totals| metrics(totals)).collect();
    table.each_distinct(|row, times| {
        for (criterion, jackknives) in out.iter_mut().enumerate() {
            let (total, row) = (totals[criterion], table.of_criterion(criterion, row));
            let without = metrics(std::array::from_fn(|i| total[i] - row[i]));
            for ((jackknife, without), all) in jackknives.iter_mut().zip(without).zip(all[criterion]) {
                jackknife.add(without.zip(all).map(|(without, all)| without - all), times);
            }
        }
    });
    out
}

fn of_criterion(table: &Table, criterion: usize, method: Method, sums: &[u64], jackknives: &[Jackknife; 3]) -> CriterionIntervals {
    let totals = table.of_criterion(criterion, table.totals());
    let sums = sums.chunks_exact(table.width().max(1)).map(|sums| table.of_criterion(criterion, sums));
    from_sums(method, table.len() as u64, totals, sums, jackknives)
}

/// The intervals from counts (matched, gold, predicted): their totals, and their sums in each replicate.
pub(super) fn from_sums(
    method: Method,
    units: u64,
    totals: [u64; 3],
    sums: impl Iterator<Item = [u64; 3]>,
    jackknives: &[Jackknife; 3],
) -> CriterionIntervals {
    let estimates = metrics(totals);
    let mut defined: [Vec<f64>; 3] = Default::default();
    let mut undefined = [0; 3];
    for sums in sums {
        for (i, value) in metrics(sums).into_iter().enumerate() {
            match value {
                Some(value) => defined[i].push(value),
                None => undefined[i] += 1,
            }
        }
    }
    let [precision, recall, f1] =
        [0, 1, 2].map(|i| interval(method, estimates[i], &mut defined[i], undefined[i], jackknives[i].acceleration()));
    let [of_precision, of_recall, of_f1] = undefined.map(|n| n as u64);
    CriterionIntervals {
        of: OfMetrics { precision: precision.ok(), recall: recall.ok(), f1: f1.ok() },
        method,
        unreliable: method != Method::Bca,
        units,
        undefined: OfMetrics { precision: of_precision, recall: of_recall, f1: of_f1 },
        reasons: Reasons { precision: precision.err(), recall: recall.err(), f1: f1.err() },
    }
}

/// Precision, recall and F1.
pub(super) fn metrics([matched, gold, predicted]: [u64; 3]) -> [Option<f64>; 3] {
    let [matched, gold, predicted] = [matched, gold, predicted].map(|count| count as f64);
    [ratio(matched, predicted), ratio(matched, gold), f_beta(matched, gold, predicted, 1.0)]
}
