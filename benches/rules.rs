//! The builtin rules over news text of each language, with throughput in bytes of UTF-8.
//!
//! `cargo bench --bench rules` measures; `cargo bench --bench rules -- --test` only runs each once.

#![allow(clippy::unwrap_used, missing_docs)]

mod news;

use std::hint::black_box;
use std::time::Duration;

use claim_assay::claim::Article;
use claim_assay::extract::rules::find_claims;
use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};

/// Articles of a language.
const ARTICLES: usize = 1_000;

fn measure(c: &mut Criterion, name: &str, articles: &[Article]) {
    let mut group = c.benchmark_group("rules");
    group
        .sample_size(10)
        .sampling_mode(SamplingMode::Flat)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(2));
    group.throughput(Throughput::Bytes(articles.iter().map(|a| a.text.len() as u64).sum()));
    group.bench_function(name, |b| b.iter(|| articles.iter().map(|a| black_box(find_claims(a)).len()).sum::<usize>()));
}

fn languages(c: &mut Criterion) {
    for lang in news::LANGS {
        measure(c, lang, &news::articles(lang, ARTICLES));
    }
}

fn all(c: &mut Criterion) {
    let articles: Vec<Article> = news::LANGS.iter().flat_map(|lang| news::articles(lang, ARTICLES / news::LANGS.len())).collect();
    measure(c, "all", &articles);
}

criterion_group!(benches, languages, all);
criterion_main!(benches);
