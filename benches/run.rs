//! A whole run of the builtin rules over a dataset on the disk: loading, hashing, extraction, scoring and storing, with throughput in
//! bytes of text and on every thread. In the dev profile, whose polars is not optimised, storing is far slower than users see it.
//!
//! `cargo bench --bench run` measures; `cargo bench --bench run -- --test` only runs each once.

#![allow(clippy::unwrap_used, missing_docs)]

mod news;

use std::borrow::Cow;
use std::hint::black_box;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use claim_assay::claim::Article;
use claim_assay::dataset::{ArticleRecord, Dataset};
use claim_assay::extract::rules::{Rules, find_claims};
use claim_assay::extract::{Answer, Extractor};
use claim_assay::runs::{NewRun, RunArticle, Store};
use claim_assay::score::{ArticleInput, GoldInput, Provenance, Settings, evaluate};
use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use jiff::Timestamp;

/// Articles of the workspace.
const ARTICLES: usize = 1_000;

/// Writes a dataset whose gold is every eighth claim that the rules find. Gives the bytes of its texts.
fn write(dir: &Path) -> u64 {
    std::fs::create_dir(dir.join("articles")).unwrap();
    std::fs::write(dir.join("dataset.toml"), "format = 1\nname = \"generated\"\nversion = \"0.1.0\"\n").unwrap();
    let mut articles = csv::Writer::from_path(dir.join("articles.csv")).unwrap();
    articles.write_record(["article_id", "lang", "published_at"]).unwrap();
    let mut claims = csv::Writer::from_path(dir.join("claims.csv")).unwrap();
    claims.write_record(["claim_id", "article_id", "start", "end", "quote", "kind"]).unwrap();
    let (mut bytes, mut number) = (0, 0);
    for lang in news::LANGS {
        for (i, article) in news::articles(lang, ARTICLES / news::LANGS.len()).into_iter().enumerate() {
            let id = format!("{lang}-{i:04}");
            std::fs::write(dir.join("articles").join(format!("{id}.txt")), article.text.as_bytes()).unwrap();
            articles.write_record([&id, lang, article.published_at.as_deref().unwrap_or_default()]).unwrap();
            for claim in find_claims(&article).iter().step_by(8) {
                let hull = claim.fragments.hull().unwrap();
                let (start, end) = (hull.start().to_string(), hull.end().to_string());
                claims.write_record([&format!("c{number}"), &id, &start, &end, &claim.quote, &claim.kind]).unwrap();
                number += 1;
            }
            bytes += article.text.len() as u64;
        }
    }
    articles.flush().unwrap();
    claims.flush().unwrap();
    bytes
}

fn input<'a>(dataset: &'a Dataset, record: &'a ArticleRecord, answer: &'a Answer) -> ArticleInput<'a> {
    let lang = record.article.lang.as_str();
    ArticleInput {
        id: &record.article.id,
        lang,
        status: record.status,
        columns: vec![(Cow::Borrowed("lang"), Cow::Borrowed(lang))],
        gold: dataset.claims_of(&record.article.id).iter().map(|g| GoldInput { claim: &g.claim, optional: false, tags: &g.tags }).collect(),
        answer: Some(answer),
    }
}

/// Runs the rules over the dataset, and stores the run in a workspace where one is given.
fn run(dir: &Path, workspace: Option<&Path>) -> u64 {
    let started = Timestamp::now();
    let dataset = Dataset::load(dir).unwrap();
    let mut provenance = Provenance { selection: "all".to_owned(), ..Provenance::default() };
    provenance.dataset.hash = dataset.hash();
    provenance.extractor.name = "rules".to_owned();
    let mut articles = dataset.articles.iter().map(|record| -> Article { record.article.clone() });
    let answers = Mutex::new(Vec::<Answer>::new());
    Rules.extract(&mut articles, &answers, &AtomicBool::new(false)).unwrap();
    let answers = answers.into_inner().unwrap();
    let inputs: Vec<ArticleInput<'_>> =
        dataset.articles.iter().zip(&answers).map(|(record, answer)| input(&dataset, record, answer)).collect();
    let settings = Settings::new(dataset.schema.clone());
    let evaluation = evaluate(&inputs, &settings, &provenance);
    if let Some(workspace) = workspace {
        let texts = dataset.articles.iter().map(|record| &*record.article.text);
        let stored: Vec<RunArticle<'_>> = inputs.iter().zip(texts).map(|(input, text)| RunArticle { input, text: Some(text) }).collect();
        let new = NewRun {
            articles: &stored,
            evaluation: &evaluation,
            settings: &settings,
            extractor: serde_json::json!({ "kind": "builtin" }),
            selection: "all",
            repeat: None,
            started,
            finished: Timestamp::now(),
            wall_time: Duration::ZERO,
            notes: &[],
        };
        Store::open(workspace).save(&new).unwrap();
    }
    evaluation.result.gold
}

fn workspace_run(c: &mut Criterion) {
    let dataset = tempfile::tempdir().unwrap();
    let bytes = write(dataset.path());
    let mut group = c.benchmark_group("workspace run");
    group
        .sample_size(10)
        .sampling_mode(SamplingMode::Flat)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(2));
    group.throughput(Throughput::Bytes(bytes));
    group.bench_function("not stored", |b| b.iter(|| black_box(run(dataset.path(), None))));
    group.bench_function("stored", |b| {
        // Each in a workspace of its own: a folder has few names for the runs of one minute.
        b.iter_with_large_drop(|| {
            let workspace = tempfile::tempdir().unwrap();
            black_box(run(dataset.path(), Some(workspace.path())));
            workspace
        });
    });
    group.finish();
}

criterion_group!(benches, workspace_run);
criterion_main!(benches);
