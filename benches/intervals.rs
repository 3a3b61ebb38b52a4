//! Intervals of the usual six criteria, with throughput in draws; and how often they hold the true number, as in
//! tests/data/oracles/11_coverage.json.
//!
//! `cargo bench --bench intervals` measures; `cargo bench --bench intervals -- --test` only runs each once.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use claim_assay::stats::{Counts, IntervalSettings, Random, Units, normal};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

const CRITERIA: u64 = 6;

/// Articles of about eight claims; `value` has a population of its own.
fn units(articles: usize) -> Units {
    let mut random = Random::of_stream(1, 0);
    let mut units = Units::new(CRITERIA as usize);
    for _ in 0..articles {
        let gold = random.below(17);
        let matched = random.below(gold + 1).max(random.below(gold + 1));
        let (predicted, values) = (matched + random.below(4), random.below(3).min(gold));
        let of_criterion = |i: u64| {
            let fewer = if i == CRITERIA - 1 { values } else { 0 };
            let matched = (u64::from(matched) * (CRITERIA + 2 - i) / (CRITERIA + 2)).min(u64::from(gold - fewer));
            Counts { matched, gold: u64::from(gold - fewer), predicted: u64::from(predicted).max(matched) }
        };
        units.add((0..CRITERIA).map(of_criterion), None);
    }
    units
}

fn intervals(c: &mut Criterion) {
    let settings = IntervalSettings::default();
    let mut group = c.benchmark_group("intervals");
    group.sample_size(10);
    for articles in [1_000, 10_000, 100_000] {
        let units = units(articles);
        group.throughput(Throughput::Elements(articles as u64 * u64::from(settings.resamples)));
        group.bench_with_input(BenchmarkId::from_parameter(articles), &units, |b, units| {
            b.iter_batched(|| units.clone(), |units| units.intervals(settings), criterion::BatchSize::LargeInput);
        });
    }
    group.finish();
}

/// The corpus of the oracle: Poisson numbers of claims, and a Beta chance to be found for each article, so that the claims of an
/// article are alike by `likeness`.
struct Corpus {
    random: Random,
    likeness: f64,
}

impl Corpus {
    fn share(&mut self) -> f64 {
        ((self.random.word() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    fn poisson(&mut self, mean: f64) -> u64 {
        let end = (-mean).exp();
        let mut product = self.share();
        let mut number = 0;
        while product > end {
            product *= self.share();
            number += 1;
        }
        number
    }

    /// Marsaglia and Tsang (2000).
    fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            return self.gamma(shape + 1.0) * self.share().powf(1.0 / shape);
        }
        let d = shape - 1.0 / 3.0;
        loop {
            let x = normal::quantile(self.share());
            let v = (1.0 + x / (9.0 * d).sqrt()).powi(3);
            if v > 0.0 && self.share().ln() < 0.5 * x * x + d - d * v + d * v.ln() {
                return d * v;
            }
        }
    }

    fn binomial(&mut self, n: u64, chance: f64) -> u64 {
        (0..n).filter(|_| self.share() < chance).count() as u64
    }

    fn article(&mut self) -> Counts {
        let spread = 1.0 / self.likeness - 1.0;
        let (found, missed) = (self.gamma(0.75 * spread), self.gamma(0.25 * spread));
        let chance = found / (found + missed);
        let gold = self.poisson(4.0);
        let matched = self.binomial(gold, chance);
        let others = self.poisson(1.5);
        Counts { matched, gold, predicted: matched + self.binomial(others, 1.2 - chance) }
    }
}

/// Prints the coverage of F1 beside that of the oracle, and fails where they are far apart.
fn coverage(_: &mut Criterion) {
    let short = std::env::args().any(|argument| argument == "--test");
    let (data_sets, of_truth) = if short { (20, 10_000) } else { (600, 400_000) };
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/oracles/11_coverage.json");
    let oracle: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    for row in oracle["rows"].as_array().unwrap() {
        let (articles, likeness) = (row["n_docs"].as_u64().unwrap(), row["rho"].as_f64().unwrap());
        let mut corpus = Corpus { random: Random::of_stream(2024, articles), likeness };
        let (matched, both) =
            (0..of_truth).map(|_| corpus.article()).fold((0, 0), |sum, c| (sum.0 + c.matched, sum.1 + c.gold + c.predicted));
        let truth = 2.0 * matched as f64 / both as f64;
        let (mut holds, mut width) = (0, 0.0);
        for seed in 0..data_sets {
            let mut units = Units::new(1);
            (0..articles).for_each(|_| units.add([corpus.article()].into_iter(), None));
            if let Some([low, high]) = units.intervals(IntervalSettings { resamples: 1000, seed })[0].of.f1 {
                holds += u32::from(low <= truth && truth <= high);
                width += high - low;
            }
        }
        let (covered, width) = (f64::from(holds) / data_sets as f64, width / data_sets as f64);
        let theirs = [0, 1].map(|i| row["doc_bca"][i].as_f64().unwrap());
        println!(
            "{articles} articles, likeness {likeness}: F1 {truth:.4}, covered {covered:.3} ({:.3}), width {width:.3} ({:.3})",
            theirs[0], theirs[1]
        );
        assert!(short || (covered - theirs[0]).abs() < 0.045 && (width - theirs[1]).abs() < 0.01);
    }
}

criterion_group!(benches, intervals, coverage);
criterion_main!(benches);
