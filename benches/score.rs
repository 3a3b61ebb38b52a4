//! Load, match and score generated articles, with throughput in claims a second.
//!
//! `cargo bench --bench score` measures; `cargo bench --bench score -- --test` only runs each once. Compare stages within one run:
//! absolute times depend on the machine.

#![allow(clippy::unwrap_used, missing_docs)]

mod generated;

use std::borrow::Cow;
use std::hint::black_box;

use claim_assay::claim::{ArticleStatus, Schema};
use claim_assay::dataset::{BareArticle, BareGold};
use claim_assay::extract::{Answer, LocationCounts};
use claim_assay::formats::jsonl::{Reading, read};
use claim_assay::score::{ArticleInput, GoldInput, Provenance, Scorer, Settings, evaluate};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

const SIZES: [usize; 2] = [1_000, 10_000];

fn answers(predictions: &BareGold) -> Vec<Answer> {
    let claims = |a: &BareArticle| a.claims.iter().map(|c| c.claim.clone()).collect();
    predictions.articles.iter().map(|a| Answer::of_claims(a.article.id.clone(), claims(a), LocationCounts::default())).collect()
}

fn inputs<'a>(gold: &'a BareGold, answers: &'a [Answer]) -> Vec<ArticleInput<'a>> {
    let input = |(bare, answer): (&'a BareArticle, &'a Answer)| ArticleInput {
        id: &bare.article.id,
        lang: &bare.article.lang,
        status: ArticleStatus::Gold,
        columns: vec![(Cow::Borrowed("lang"), Cow::Borrowed(bare.article.lang.as_str()))],
        gold: bare.claims.iter().map(|c| GoldInput { claim: &c.claim, optional: c.optional, tags: &c.tags }).collect(),
        answer: Some(answer),
    };
    gold.articles.iter().zip(answers).map(input).collect()
}

fn load(c: &mut Criterion) {
    let mut group = c.benchmark_group("load");
    group.sample_size(10);
    for size in SIZES {
        let (gold, _) = generated::jsonl(size);
        group.throughput(Throughput::Bytes(gold.len() as u64));
        group.bench_with_input(BenchmarkId::new("gold", size), &gold, |b, gold| {
            b.iter(|| read(black_box(gold.as_bytes()), Reading::Gold, "gold.jsonl").unwrap().records.len());
        });
    }
}

fn matching(c: &mut Criterion) {
    let mut group = c.benchmark_group("match");
    group.sample_size(10);
    let settings = Settings::new(Schema::open());
    for size in SIZES {
        let (gold, predicted) = generated::jsonl(size);
        let (gold, predicted) = (generated::read(&gold), generated::read(&predicted));
        let claims: usize = gold.articles.iter().chain(&predicted.articles).map(|a| a.claims.len()).sum();
        let scorer = Scorer::new(&settings, gold.articles.iter().chain(&predicted.articles).flat_map(|a| &a.claims).map(|c| &c.claim));
        let answers = answers(&predicted);
        group.throughput(Throughput::Elements(claims as u64));
        group.bench_function(BenchmarkId::new("one_thread", size), |b| {
            b.iter(|| {
                let pairs = gold.articles.iter().zip(&answers).map(|(g, p)| {
                    let inputs: Vec<GoldInput> =
                        g.claims.iter().map(|c| GoldInput { claim: &c.claim, optional: c.optional, tags: &c.tags }).collect();
                    scorer.score_article(&g.article.lang, &inputs, &p.claims).error_pairs.len()
                });
                black_box(pairs.sum::<usize>())
            });
        });
    }
}

fn score(c: &mut Criterion) {
    let mut group = c.benchmark_group("score");
    group.sample_size(10);
    let settings = Settings::new(Schema::open());
    for size in SIZES {
        let (gold, predicted) = generated::jsonl(size);
        let (gold, predicted) = (generated::read(&gold), generated::read(&predicted));
        let answers = answers(&predicted);
        let inputs = inputs(&gold, &answers);
        let claims: usize = gold.articles.iter().chain(&predicted.articles).map(|a| a.claims.len()).sum();
        group.throughput(Throughput::Elements(claims as u64));
        group.bench_function(BenchmarkId::new("result", size), |b| {
            b.iter(|| black_box(evaluate(&inputs, &settings, &Provenance::default())).result.gold);
        });
    }
}

criterion_group!(benches, load, matching, score);
criterion_main!(benches);
