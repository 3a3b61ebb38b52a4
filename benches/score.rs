//! Reading, matching and scoring of generated articles, stage by stage, with throughput.
//!
//! `cargo bench --bench score` measures; `cargo bench --bench score -- --test` only runs each once. Compare stages within one run:
//! absolute times depend on the machine.
//!
//! - `parse_only`: the fixed reference, a pass of serde_json over both files into borrowed structs of every key that the format has
//! - `load`: our own reader over the same bytes
//! - `match`: claims in memory to pairs and counts, in one thread
//! - `score`: `assay score` without its output: both files read, paired and counted, in one thread
//! - `dense`: one article with so many claims a side

#![allow(clippy::unwrap_used, missing_docs)]

mod generated;
mod reference;

use std::hint::black_box;

use claim_assay::bare::{Files, score as score_files};
use claim_assay::claim::Schema;
use claim_assay::extract::predictions::{Extra, Missing};
use claim_assay::formats::jsonl::{Faults, Reading, Record, parse_into};
use claim_assay::score::{GoldInput, IntervalsOf, Provenance, Scorer, Settings};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];

fn group<'c>(c: &'c mut Criterion, name: &str) -> BenchmarkGroup<'c, WallTime> {
    let mut group = c.benchmark_group(name);
    group.sample_size(10);
    group
}

fn bytes(files: &(String, String)) -> Throughput {
    Throughput::Bytes((files.0.len() + files.1.len()) as u64)
}

fn parse_only(c: &mut Criterion) {
    let mut group = group(c, "parse_only");
    for size in SIZES {
        let files = generated::jsonl(size);
        group.throughput(bytes(&files));
        group.bench_with_input(BenchmarkId::from_parameter(size), &files, |b, (gold, predicted)| {
            b.iter(|| reference::claims(black_box(gold)) + reference::claims(black_box(predicted)));
        });
    }
}

fn load(c: &mut Criterion) {
    fn claims(text: &str, reading: Reading) -> usize {
        let mut record = Record::default();
        let mut sum = 0;
        for line in text.lines() {
            assert!(parse_into(line, reading, &mut record, &mut Faults::default()));
            sum += record.claims.len();
        }
        sum
    }
    let mut group = group(c, "load");
    for size in SIZES {
        let files = generated::jsonl(size);
        group.throughput(bytes(&files));
        group.bench_with_input(BenchmarkId::from_parameter(size), &files, |b, (gold, predicted)| {
            b.iter(|| claims(black_box(gold), Reading::Gold) + claims(black_box(predicted), Reading::Predictions));
        });
    }
}

fn matching(c: &mut Criterion) {
    let mut group = group(c, "match");
    let settings = Settings::new(Schema::open());
    for size in SIZES {
        let (gold, predicted) = generated::jsonl(size);
        let (gold, predicted) = (generated::read(&gold), generated::read(&predicted));
        let articles = || gold.articles.iter().zip(&predicted.articles);
        let claims: usize = articles().map(|(g, p)| g.claims.len() + p.claims.len()).sum();
        let all = articles().flat_map(|(g, p)| g.claims.iter().chain(&p.claims)).map(|c| &c.claim);
        let mut scorer = Scorer::new(&settings, all).articles();
        let predicted_claims: Vec<Vec<_>> = predicted.articles.iter().map(|a| a.claims.iter().map(|c| c.claim.clone()).collect()).collect();
        group.throughput(Throughput::Elements(claims as u64));
        group.bench_function(BenchmarkId::from_parameter(size), |b| {
            b.iter(|| {
                let mut right = 0;
                for (article, predicted) in gold.articles.iter().zip(&predicted_claims) {
                    let claims = article.claims.iter();
                    let gold: Vec<GoldInput> = claims.map(|c| GoldInput { claim: &c.claim, optional: c.optional, tags: &c.tags }).collect();
                    right += scorer.score(&article.article.lang, &gold, predicted).tally.errors.right;
                }
                black_box(right)
            });
        });
    }
}

/// Scores two files as the command does, on the threads of the pool.
fn score_of(gold: &str, predicted: &str, mut run: impl FnMut(&mut dyn FnMut() -> u64)) {
    let folder = tempfile::tempdir().unwrap();
    let (gold_file, predicted_file) = (folder.path().join("gold.jsonl"), folder.path().join("pred.jsonl"));
    std::fs::write(&gold_file, gold).unwrap();
    std::fs::write(&predicted_file, predicted).unwrap();
    let files = Files { gold: &gold_file, predictions: &predicted_file, extra: Extra::Error, missing: Missing::Failed };
    let (settings, provenance) = (Settings::new(Schema::open()), Provenance::default());
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    run(&mut || pool.install(|| score_files(files, &settings, IntervalsOf::Criteria, &provenance)).unwrap().result.right);
}

fn score(c: &mut Criterion) {
    let mut group = group(c, "score");
    for size in SIZES {
        let files = generated::jsonl(size);
        group.throughput(bytes(&files));
        score_of(&files.0, &files.1, |once| {
            group.bench_function(BenchmarkId::from_parameter(size), |b| b.iter(&mut *once));
        });
    }
}

fn dense(c: &mut Criterion) {
    let mut group = group(c, "dense");
    for (name, claims, article) in [
        ("spread", 5_000, generated::spread as fn(usize) -> (String, String)),
        ("spread", 10_000, generated::spread),
        ("spread", 20_000, generated::spread),
        ("each_over_a_hundred", 2_000, generated::chain),
        ("each_over_every", 10_000, generated::all_over),
        ("all_of_one_value", 10_000, generated::one_value),
    ] {
        let files = article(claims);
        group.throughput(Throughput::Elements(2 * claims as u64));
        score_of(&files.0, &files.1, |once| {
            group.bench_function(BenchmarkId::new(name, claims), |b| b.iter(&mut *once));
        });
    }
}

criterion_group!(benches, parse_only, load, matching, score, dense);
criterion_main!(benches);
