//! Two runs over the same units: differences of precision, recall and F1, and how sure they are.

use std::cmp::Ordering;

use rayon::prelude::*;

use super::bca::{Jackknife, Method, NoInterval, interval};
use super::intervals::{IntervalSettings, OfMetrics, metrics};
use super::randomization::{RandomizationSettings, randomization};
use super::table::Table;
use super::units::{Counts, Units};

/// Normal quantiles of 97.5 % and 80 %: so many standard errors is the smallest difference whose 95 % interval leaves out 0 with a
/// probability of 80 %.
const ERRORS_TO_DETECT: f64 = 1.959_963_984_540_054 + 0.841_621_233_572_914_3;

/// Below this p a difference is not left to chance.
const SMALL: f64 = 0.05;

/// The counts of two runs over the same units, with some criteria each.
#[derive(Clone, Debug)]
pub struct PairedUnits {
    units: Units,
    criteria: usize,
}

/// How two runs are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PairedSettings {
    /// Of the interval.
    pub intervals: IntervalSettings,
    /// Of the p.
    pub randomization: RandomizationSettings,
}

/// One criterion of two runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PairedCriterion {
    /// The three numbers.
    pub of: OfMetrics<PairedDifference>,
    /// How the intervals were made.
    pub method: Method,
    /// Units that were resampled.
    pub units: u64,
    /// Units in which a count differs.
    pub differing: u64,
}

/// A number of two runs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PairedDifference {
    /// Of the first run.
    pub base: Option<f64>,
    /// Of the second run.
    pub head: Option<f64>,
    /// The 95 % interval of `head - base`.
    pub ci: Option<[f64; 2]>,
    /// Why there is none.
    pub reason: Option<NoInterval>,
    /// How it was made.
    pub method: Method,
    /// Two-sided p of the randomization test.
    pub p: Option<f64>,
    /// The smallest difference that these units would show with a probability of 80 %: 2.8 standard errors of the replicates.
    pub detectable: Option<f64>,
}

impl PairedDifference {
    /// `head - base`.
    pub fn difference(&self) -> Option<f64> {
        self.head.zip(self.base).map(|(head, base)| head - base)
    }

    /// Which way the difference goes, as far as it is sure: `Equal` where it may go either way. The BCa interval decides. Where there
    /// is none because all replicates are equal (every unit differs alike) or BCa is undefined, p below 5 % does; where it is one of
    /// percentiles, of fewer than 10 units, both must say so. `None` where nothing can be said.
    pub fn direction(&self) -> Option<Ordering> {
        let is_small = self.p.is_some_and(|p| p < SMALL);
        match (self.ci, self.reason) {
            (Some(_), _) if self.method != Method::Bca && !is_small => Some(Ordering::Equal),
            (Some([low, _]), _) if low > 0.0 => Some(Ordering::Greater),
            (Some([_, high]), _) if high < 0.0 => Some(Ordering::Less),
            (Some(_), _) => Some(Ordering::Equal),
            (None, Some(NoInterval::AllEqual | NoInterval::Degenerate)) if is_small => self.difference()?.partial_cmp(&0.0),
            (None, Some(NoInterval::AllEqual | NoInterval::Degenerate)) => Some(Ordering::Equal),
            (None, _) => None,
        }
    }
}

impl PairedUnits {
    /// No units, for that many criteria.
    pub fn new(criteria: usize) -> PairedUnits {
        PairedUnits { units: Units::new(2 * criteria), criteria }
    }

    /// Adds an article with the counts of both runs by criterion. Articles of one group are one unit.
    pub fn add(&mut self, base: &[Counts], head: &[Counts], group: Option<&str>) {
        self.units.add(base.iter().chain(head).copied(), group);
    }

    /// Each criterion, in the order of the counts. The same for any order of the units and number of threads.
    pub fn compare(self, settings: PairedSettings) -> Vec<PairedCriterion> {
        let table = Table::new(self.units);
        let method = Method::of_units(table.len() as u64);
        let replicates = if method == Method::None { 0 } else { settings.intervals.resamples as usize };
        let sums = table.replicates(settings.intervals.seed, replicates);
        let one = |criterion| of_criterion(&table, [criterion, self.criteria + criterion], method, &sums, settings.randomization);
        (0..self.criteria).into_par_iter().map(one).collect()
    }
}

/// `columns` are the places of the criterion among the counts of the first and of the second run.
fn of_criterion(table: &Table, columns: [usize; 2], method: Method, sums: &[u64], settings: RandomizationSettings) -> PairedCriterion {
    let of_both = |kept: &[u64]| columns.map(|column| table.of_criterion(column, kept));
    let totals = of_both(table.totals());
    let estimates = differences(totals);
    let mut jackknives = [Jackknife::default(); 3];
    let mut swaps = Vec::new();
    table.each_distinct(|row, times| {
        let [base, head] = of_both(row);
        let without = [0, 1].map(|run: usize| std::array::from_fn(|i| totals[run][i] - [base, head][run][i]));
        for ((jackknife, without), all) in jackknives.iter_mut().zip(differences(without)).zip(estimates) {
            jackknife.add(without.zip(all).map(|(without, all)| without - all), times);
        }
        if base != head {
            let difference = std::array::from_fn(|i| head[i] as i64 - base[i] as i64);
            swaps.extend(std::iter::repeat_n(difference, times as usize));
        }
    });
    let mut defined: [Vec<f64>; 3] = Default::default();
    let mut undefined = [0; 3];
    for sums in sums.chunks_exact(table.width().max(1)) {
        for (i, value) in differences(of_both(sums)).into_iter().enumerate() {
            match value {
                Some(value) => defined[i].push(value),
                None => undefined[i] += 1,
            }
        }
    }
    let [base, head] = totals.map(metrics);
    let p = randomization(totals, &swaps, settings);
    let [precision, recall, f1] = [0, 1, 2].map(|i| {
        let detectable = standard_error(&defined[i]).map(|error| ERRORS_TO_DETECT * error);
        let found = interval(method, estimates[i], &mut defined[i], undefined[i], jackknives[i].acceleration());
        PairedDifference { base: base[i], head: head[i], ci: found.ok(), reason: found.err(), method, p: p[i], detectable }
    });
    PairedCriterion { of: OfMetrics { precision, recall, f1 }, method, units: table.len() as u64, differing: swaps.len() as u64 }
}

/// Of precision, recall and F1.
pub(super) fn differences([base, head]: [[u64; 3]; 2]) -> [Option<f64>; 3] {
    let (base, head) = (metrics(base), metrics(head));
    std::array::from_fn(|i| head[i].zip(base[i]).map(|(head, base)| head - base))
}

/// The standard deviation of replicates; `None` for fewer than two, or where they do not vary.
fn standard_error(replicates: &[f64]) -> Option<f64> {
    let n = replicates.len() as f64;
    let mean = replicates.iter().sum::<f64>() / n;
    let squares: f64 = replicates.iter().map(|x| (x - mean) * (x - mean)).sum();
    (n > 1.0 && squares > 0.0).then(|| (squares / (n - 1.0)).sqrt())
}
