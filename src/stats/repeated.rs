//! Several runs of one extractor over the same units: the mean of a number over the repeats, and an interval that holds both sources of
//! noise, the choice of the units and the extractor's own.
//!
//! A replicate draws units with replacement, and for each drawn unit one of its answers, each as likely as the other; the number comes
//! from the sums of the drawn counts. So replicates vary as single runs over other units would. Units are drawn as [`Units::intervals`]
//! draws them, answers from a stream of their own: where all answers are the same, the interval is that of one run, bit for bit.

use rayon::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::bca::{Jackknife, Method, NoInterval, interval};
use super::intervals::{IntervalSettings, OfMetrics, metrics};
use super::multiplicity::{Draws, LANES, Multiplicities};
use super::random::Random;
use super::table::Table;
use super::units::{Counts, Units};

/// Tells the streams of the answers from those of the units.
const ANSWERS: u64 = 0xa076_1d64_78bd_642f;

/// The counts of every repeat over the same units, with some criteria each.
#[derive(Clone, Debug)]
pub struct RepeatedUnits {
    /// The criteria of the first repeat, then those of the second …
    units: Units,
    criteria: usize,
    repeats: u32,
}

/// One criterion over all repeats.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RepeatedCriterion {
    /// The three numbers.
    #[serde(flatten)]
    pub of: OfMetrics<RepeatedNumber>,
    /// How the intervals were made; `null` where none were asked for.
    pub method: Option<Method>,
    /// Whether there are too few units to rely on them.
    pub unreliable: bool,
    /// Units that were resampled: articles, or the groups that they are in.
    pub units: u64,
}

/// A number over all repeats.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RepeatedNumber {
    /// Over the repeats in which it is defined; `null` where it never is.
    pub mean: Option<f64>,
    /// The smallest.
    pub min: Option<f64>,
    /// The largest.
    pub max: Option<f64>,
    /// Standard deviation between repeats (n − 1); `null` for fewer than two.
    pub sd: Option<f64>,
    /// Repeats in which it is undefined; they are left out.
    pub undefined: u64,
    /// 95 % interval around the mean that holds what other units and what other answers would change in one run.
    pub ci: Option<[f64; 2]>,
    /// Why there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_interval: Option<NoInterval>,
    /// Replicates in which the number is undefined; they are left out.
    pub undefined_replicates: u64,
    /// The extractor's own share of the variance, 0..1: variance between repeats in that of the replicates. `null` without replicates
    /// that vary. Rough for few repeats.
    pub noise_share: Option<f64>,
}

impl RepeatedUnits {
    /// No units, for that many criteria and repeats.
    pub fn new(criteria: usize, repeats: u32) -> RepeatedUnits {
        RepeatedUnits { units: Units::new(criteria * repeats as usize), criteria, repeats }
    }

    /// Adds an article with its counts: by repeat, and within it by criterion. Articles of one group are one unit, whose answer is that
    /// of one repeat to all of its articles.
    pub fn add(&mut self, counts: &[Counts], group: Option<&str>) {
        self.units.add(counts.iter().copied(), group);
    }

    /// Each criterion, in the order of the counts; without intervals where `settings` is `None`. The same for any order of the units and
    /// number of threads.
    ///
    /// The interval is BCa around the mean, its jackknife over units, each left out with all of its answers.
    pub fn summarise(self, settings: Option<IntervalSettings>) -> Vec<RepeatedCriterion> {
        let RepeatedUnits { units, criteria, repeats } = self;
        let sample = Sample { table: Table::new(units), criteria, repeats };
        let drawn = settings.map(|settings| {
            let method = Method::of_units(sample.table.len() as u64);
            Drawn { method, sums: sample.replicates(settings.seed, method.replicates(settings) as usize) }
        });
        let jackknives = match drawn {
            Some(Drawn { method: Method::Bca, .. }) => sample.jackknives(),
            _ => vec![[Jackknife::default(); 3]; criteria],
        };
        let one = |criterion| sample.criterion(criterion, drawn.as_ref(), &jackknives[criterion]);
        (0..criteria).into_par_iter().map(one).collect()
    }
}

/// The units in their own order.
struct Sample {
    table: Table,
    criteria: usize,
    repeats: u32,
}

/// The sums of every replicate, one after the other.
struct Drawn {
    method: Method,
    sums: Vec<u64>,
}

impl Sample {
    /// Precision, recall and F1 of each repeat, from counts of all columns that differ.
    fn of_repeats<'s>(&'s self, criterion: usize, kept: &'s [u64]) -> impl Iterator<Item = [Option<f64>; 3]> + Clone + 's {
        (0..self.repeats as usize).map(move |repeat| metrics(self.table.of_criterion(repeat * self.criteria + criterion, kept)))
    }

    fn replicates(&self, seed: u64, replicates: usize) -> Vec<u64> {
        let width = 3 * self.criteria;
        let draws = Draws::new(self.table.len(), seed);
        let batch = |drawn: &mut Multiplicities, batch: usize| {
            let numbers = batch * LANES..replicates.min((batch + 1) * LANES);
            draws.draw(numbers.clone(), drawn);
            let mut sums = vec![0; numbers.len() * width];
            for (lane, (number, sums)) in numbers.zip(sums.chunks_exact_mut(width.max(1))).enumerate() {
                let mut random = Random::of_stream(seed ^ ANSWERS, number as u64);
                for (unit, times) in drawn.times.iter().enumerate() {
                    for _ in 0..times[lane] {
                        let answer = random.below(self.repeats) as usize;
                        self.table.add_to(sums, unit, answer * width);
                    }
                }
            }
            sums
        };
        let batches: Vec<Vec<u64>> = (0..replicates.div_ceil(LANES)).into_par_iter().map_init(Multiplicities::default, batch).collect();
        batches.concat()
    }

    /// By criterion. Where a number is undefined in other repeats without a unit than with it, the means are not of the same repeats.
    fn jackknives(&self) -> Vec<[Jackknife; 3]> {
        let totals = self.table.totals();
        let all: Vec<[Spread; 3]> = (0..self.criteria).map(|criterion| spreads(self.of_repeats(criterion, totals))).collect();
        let mut out = vec![[Jackknife::default(); 3]; self.criteria];
        let mut without = Vec::new();
        self.table.each_distinct(|row, times| {
            without.clear();
            without.extend(totals.iter().zip(row).map(|(total, count)| total - count));
            for (criterion, jackknives) in out.iter_mut().enumerate() {
                let spreads = spreads(self.of_repeats(criterion, &without));
                for ((jackknife, without), all) in jackknives.iter_mut().zip(spreads).zip(&all[criterion]) {
                    let means = without.mean.zip(all.mean).filter(|_| without.defined == all.defined);
                    jackknife.add(means.map(|(without, all)| without - all), times);
                }
            }
        });
        out
    }

    fn criterion(&self, criterion: usize, drawn: Option<&Drawn>, jackknives: &[Jackknife; 3]) -> RepeatedCriterion {
        let spreads = spreads(self.of_repeats(criterion, self.table.totals()));
        let mut replicates: [Vec<f64>; 3] = Default::default();
        let mut undefined = [0; 3];
        for sums in drawn.iter().flat_map(|drawn| drawn.sums.chunks_exact(3 * self.criteria.max(1))) {
            for (i, value) in metrics(std::array::from_fn(|i| sums[3 * criterion + i])).into_iter().enumerate() {
                match value {
                    Some(value) => replicates[i].push(value),
                    None => undefined[i] += 1,
                }
            }
        }
        let [precision, recall, f1] = [0, 1, 2].map(|i| {
            let spread = &spreads[i];
            let total = variance(&replicates[i]).filter(|total| *total > 0.0);
            let found =
                drawn.map(|drawn| interval(drawn.method, spread.mean, &mut replicates[i], undefined[i], jackknives[i].acceleration()));
            RepeatedNumber {
                mean: spread.mean,
                min: spread.min,
                max: spread.max,
                sd: spread.variance.map(f64::sqrt),
                undefined: u64::from(self.repeats) - spread.defined,
                ci: found.and_then(Result::ok),
                no_interval: found.and_then(Result::err),
                undefined_replicates: undefined[i] as u64,
                noise_share: spread.variance.zip(total).map(|(between, total)| (between / total).min(1.0)),
            }
        });
        let method = drawn.map(|drawn| drawn.method);
        RepeatedCriterion {
            of: OfMetrics { precision, recall, f1 },
            method,
            unreliable: method.is_some_and(|method| method != Method::Bca),
            units: self.table.len() as u64,
        }
    }
}

/// A number over the repeats in which it is defined.
#[derive(Clone, Copy, Debug, Default)]
struct Spread {
    mean: Option<f64>,
    min: Option<f64>,
    max: Option<f64>,
    variance: Option<f64>,
    defined: u64,
}

/// Of precision, recall and F1.
fn spreads(repeats: impl Iterator<Item = [Option<f64>; 3]> + Clone) -> [Spread; 3] {
    [0, 1, 2].map(|i| {
        let values: Vec<f64> = repeats.clone().filter_map(|values| values[i]).collect();
        Spread {
            mean: mean(&values),
            min: values.iter().copied().reduce(f64::min),
            max: values.iter().copied().reduce(f64::max),
            variance: variance(&values),
            defined: values.len() as u64,
        }
    })
}

/// Around the first value, so that the mean of equal values is that value and not one that rounding makes of their sum.
fn mean(values: &[f64]) -> Option<f64> {
    let first = *values.first()?;
    Some(first + values.iter().map(|value| value - first).sum::<f64>() / values.len() as f64)
}

/// With n − 1; `None` for fewer than two values.
fn variance(values: &[f64]) -> Option<f64> {
    let mean = mean(values).filter(|_| values.len() > 1)?;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    Some(squares / (values.len() - 1) as f64)
}

#[cfg(test)]
mod tests;
