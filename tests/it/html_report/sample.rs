//! A document with everything that a report can have, from `tests/data/report`: a run of a small workspace with hostile names and
//! texts of many scripts, and verdicts made by hand.

use std::path::{Path, PathBuf};
use std::process::Command;

use claim_assay::report::Format;
use claim_assay::report::document::{ArticlePage, Document, ItemChange, ReportItem};
use claim_assay::runs::{ClaimChange, ClaimView, Comparison};
use serde_json::Value;

use crate::support::{copy_folder, data_file, json};

/// Runs the workspace and reads its report.
pub fn plain() -> Document {
    let dir = tempfile::tempdir().unwrap();
    copy_folder(&data_file("report/workspace"), dir.path());
    // One of six articles fails, which is more than the budget.
    assert_eq!(assay(dir.path(), &["run"]), 6);
    assert_eq!(assay(dir.path(), &["report", "latest", "-o", "report.json"]), 0);
    serde_json::from_slice(&std::fs::read(dir.path().join("report.json")).unwrap()).unwrap()
}

/// The same with gates, a comparison and a trend.
pub fn whole() -> Document {
    let mut document = plain();
    let mut verdicts = json("report/verdicts.json");
    for point in verdicts["trend"].as_array_mut().unwrap() {
        if point["signature"] == "own" {
            point["signature"] = Value::from(document.result.signature.clone());
        }
    }
    document.gates = serde_json::from_value(verdicts["gates"].take()).unwrap();
    document.trend = serde_json::from_value(verdicts["trend"].take()).unwrap();
    let comparison: Comparison = serde_json::from_value(verdicts["comparison"].take()).unwrap();
    let changes = &comparison.changes;
    let gold: fn(&ReportItem) -> Option<&ClaimView> = |item| item.gold.as_ref();
    let predicted: fn(&ReportItem) -> Option<&ClaimView> = |item| item.predicted.as_ref();
    mark(&mut document.articles, &changes.newly_found, gold, ItemChange::NewlyFound);
    mark(&mut document.articles, &changes.newly_missed, gold, ItemChange::NewlyMissed);
    mark(&mut document.articles, &changes.newly_wrong_field, gold, ItemChange::NewlyWrongField);
    mark(&mut document.articles, &changes.newly_spurious, predicted, ItemChange::NewlySpurious);
    document.comparison = Some(comparison);
    document
}

/// The document with its articles repeated until there are so many.
pub fn repeated(document: &Document, articles: usize) -> Document {
    let copy = |i: usize| {
        let article = &document.articles[i % document.articles.len()];
        ArticlePage { id: format!("{}-{i:05}", article.id), ..article.clone() }
    };
    let mut pages: Vec<ArticlePage> = (0..articles).map(copy).collect();
    pages.sort_by(|a, b| a.id.cmp(&b.id));
    Document { articles: pages, ..document.clone() }
}

/// Writes the page into a folder of its own, which is gone when the first part is dropped.
pub fn page(document: &Document) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("report.html");
    std::fs::write(&path, Format::Html.render(document).unwrap()).unwrap();
    (dir, path)
}

/// Runs the command and gives its exit code.
pub fn assay(folder: &Path, arguments: &[&str]) -> i32 {
    Command::new(env!("CARGO_BIN_EXE_assay")).args(arguments).current_dir(folder).output().unwrap().status.code().unwrap()
}

fn mark(articles: &mut [ArticlePage], changes: &[ClaimChange], side: fn(&ReportItem) -> Option<&ClaimView>, change: ItemChange) {
    for changed in changes {
        let article = articles.iter_mut().find(|article| article.id == changed.article_id).unwrap();
        let item = article.items.iter_mut().find(|item| side(item).is_some_and(|claim| claim.name == changed.claim.name)).unwrap();
        item.change = Some(change);
    }
}
