//! Intervals of the usual six criteria, with throughput in draws; and how often they hold the true number.
//!
//! `cargo bench --bench intervals` measures; `cargo bench --bench intervals -- --test` only runs each once.

#![allow(clippy::unwrap_used, missing_docs)]

use claim_assay::stats::{Counts, IntervalSettings, Random, Units};
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

criterion_group!(benches, intervals);
criterion_main!(benches);
