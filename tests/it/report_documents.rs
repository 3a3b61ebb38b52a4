//! Documents with everything that a report can show, for the tests of reports.

use std::collections::BTreeMap;

use claim_assay::claim::Schema;
use claim_assay::extract::{Answer, Outcome};
use claim_assay::report::document::{ArticlePage, Document, ItemChange, ReportItem, RunInfo};
use claim_assay::runs::{
    Changes, ClaimChange, ClaimOutcome, ClaimView, ComparedArticles, ComparedRun, Comparison, ComparisonVerdict, Context,
    CriterionDifference, Difference, Direction, FieldChange, FieldDifference, GateLine, GateReport, GateVerdict, LimitKind, McNemar,
    SliceDifference, TrendPoint,
};
use claim_assay::score::result::{ExtractorInfo, RunResult, WorstSlice};
use claim_assay::score::{Criterion, Settings};
use claim_assay::stats::{CriterionIntervals, Method, OfMetrics};

use crate::support::{TestArticle, evaluate, settings, spanned};

/// The result of a small run: three articles, one of which failed.
pub fn result() -> RunResult {
    let claims = |starts: &[u32]| starts.iter().map(|&s| spanned("quantity", s, s + 6)).collect::<Vec<_>>();
    let mut failed = TestArticle::new("en-0007", claims(&[0]), vec![]);
    failed.answer = Some(Answer::failed("en-0007", Outcome::Timeout, "no answer within 60 s"));
    let mut indonesian = TestArticle::new("id-0042", claims(&[11, 30, 50]), claims(&[11, 70]));
    indonesian.lang = "id".to_owned();
    let articles = [failed, indonesian, TestArticle::new("en-0008", claims(&[3, 20]), claims(&[3, 20]))];
    let settings = Settings { slices: vec!["lang".to_owned()], ..settings(Schema::open(), Criterion::Iou(50)) };
    let mut result = evaluate(&articles, &settings).result;
    result.extractor = ExtractorInfo { name: "rules".to_owned(), version: "2".to_owned(), fingerprint: "0123456789abcdef".repeat(4) };
    result.dataset.name = "news".to_owned();
    result.dataset.version = "0.1.0".to_owned();
    result.worst_slices = vec![WorstSlice { column: "lang".into(), value: "id".into(), metric: "f1".into(), score: 0.4, gold: 12 }];
    for score in result.criteria.values_mut() {
        let of = OfMetrics { precision: Some([0.2, 1.0]), recall: Some([0.25, 0.875]), f1: Some([0.3125, 0.9375]) };
        score.ci = Some(CriterionIntervals { of, method: Method::Bca, units: 30, ..CriterionIntervals::default() });
    }
    result
}

/// A gold claim with a line in the claim file.
pub fn claim(name: &str, quote: &str, tags: &[&str], line: u64) -> ClaimView {
    ClaimView {
        name: name.to_owned(),
        fragments: vec![(11, 17), (20, 22)],
        quote: quote.to_owned(),
        kind: "quantity".to_owned(),
        fields: BTreeMap::from([("value".to_owned(), Some("37000".to_owned()))]),
        tags: tags.iter().map(|&t| t.to_owned()).collect(),
        line: Some(line),
        ..ClaimView::default()
    }
}

/// A claim of an article that came out otherwise, with the text around it.
pub fn change(article: &str, claim: ClaimView) -> ClaimChange {
    let context =
        Context { before: "mengamankan lebih dari".to_owned(), quote: claim.quote.clone(), after: "warga Tiongkok pada".to_owned() };
    ClaimChange {
        article_id: article.to_owned(),
        lang: article.chars().take(2).collect(),
        claim,
        class: Some("missed".to_owned()),
        context: Some(context),
        ..ClaimChange::default()
    }
}

/// A gate line that holds; see its fields for what a test wants to be otherwise.
pub fn gate_line(metric: &str, limit: LimitKind, limit_value: f64) -> GateLine {
    GateLine {
        extractor: "rules".to_owned(),
        metric: metric.to_owned(),
        slice: BTreeMap::new(),
        conditions: BTreeMap::new(),
        limit,
        limit_value,
        baseline: None,
        now: Some(0.625),
        difference: None,
        ci: None,
        smallest_failing_drop: None,
        is_count: metric.starts_with("newly_") || metric.starts_with("articles."),
        support: 327,
        min_support: 0,
        warn_only: false,
        verdict: GateVerdict::Pass,
        why: "it holds".to_owned(),
        claims: Vec::new(),
    }
}

/// A gate of each verdict.
pub fn gates() -> GateReport {
    let drop = GateLine {
        slice: BTreeMap::from([("lang".to_owned(), "id".to_owned())]),
        baseline: Some(0.5),
        now: Some(0.4375),
        difference: Some(-0.0625),
        ci: Some([-0.125, -0.015625]),
        smallest_failing_drop: Some(0.03),
        verdict: GateVerdict::Fail,
        why: "recall fell by .062 and the interval of the difference lies below 0".to_owned(),
        ..gate_line("criteria.iou50.recall", LimitKind::MaxDrop, 0.02)
    };
    let missed = GateLine {
        conditions: BTreeMap::from([("tags".to_owned(), "must-find".to_owned())]),
        now: Some(2.0),
        verdict: GateVerdict::Fail,
        why: "2 claims are newly missed".to_owned(),
        claims: vec![("id-0042".to_owned(), "c3".to_owned())],
        ..gate_line("newly_missed", LimitKind::Max, 0.0)
    };
    let warn = GateLine { warn_only: true, verdict: GateVerdict::Warn, ..gate_line("criteria.value.f1", LimitKind::Min, 0.9) };
    let unjudged = GateLine {
        now: None,
        support: 7,
        min_support: 20,
        verdict: GateVerdict::NotEvaluated,
        why: "7 gold claims, fewer than 20".to_owned(),
        ..gate_line("criteria.claim.f1", LimitKind::Min, 0.5)
    };
    GateReport {
        runs: Vec::new(),
        verdict: GateVerdict::Fail,
        sentence: "2 of 5 gates failed.".to_owned(),
        lines: vec![gate_line("criteria.iou50.f1", LimitKind::Min, 0.6), drop, missed, warn, unjudged],
    }
}

/// A comparison with every list, and numbers that the criteria of the result have.
pub fn comparison() -> Comparison {
    let difference = Difference {
        base: Some(0.71875),
        head: Some(0.65625),
        difference: Some(-0.0625),
        ci: Some([-0.125, -0.0078125]),
        p: Some(0.03125),
        detectable: Some(0.046875),
        ..Difference::default()
    };
    let criteria = result().criteria.into_keys().map(|name| {
        let of = OfMetrics { precision: difference, recall: difference, f1: difference };
        (name, CriterionDifference { of, method: Method::Bca, unreliable: false })
    });
    let slice = |value: &str, of: Difference| SliceDifference {
        column: "lang".to_owned(),
        value: value.to_owned(),
        metric: "f1".to_owned(),
        gold: 40,
        units: 12,
        of: Difference { p_holm: Some(0.0625), ..of },
    };
    let better = Difference { base: Some(0.25), head: Some(0.5), difference: Some(0.25), ci: Some([-0.1, 0.5]), ..difference };
    let wrong = ClaimChange {
        fields: vec![FieldChange {
            field: "value".to_owned(),
            gold: Some("37000".to_owned()),
            base: Some("37000".to_owned()),
            head: Some("37".to_owned()),
        }],
        ..change("id-0042", claim("c1", "37.000", &[], 118))
    };
    Comparison {
        base: ComparedRun { run: "@baseline".to_owned(), ..ComparedRun::default() },
        head: ComparedRun { run: "20261122-2201-rules-7f3a".to_owned(), ..ComparedRun::default() },
        articles: ComparedArticles { compared: 2, new: vec!["en-0009".to_owned()], ..ComparedArticles::default() },
        primary: "iou50".to_owned(),
        units: 2,
        differing_units: 1,
        verdict: ComparisonVerdict { direction: Direction::Worse, sentence: "F1 fell by .062 [-0.125, -0.008].".to_owned() },
        criteria: criteria.collect(),
        slices: vec![slice("en", Difference { difference: Some(0.0), ..better }), slice("es", better), slice("id", difference)],
        mcnemar: McNemar::default(),
        changes: Changes {
            newly_found: vec![change("en-0008", claim("c9", "tenfold", &[], 12))],
            newly_missed: vec![
                change("id-0042", claim("c2", "10 kali lipat", &[], 119)),
                change("id-0042", claim("c3", "rekor tertinggi", &["must-find"], 120)),
            ],
            newly_wrong_field: vec![wrong.clone()],
            newly_right_field: vec![wrong],
            newly_spurious: vec![change("id-0042", ClaimView { line: None, ..claim("#2", "2023", &[], 0) })],
            no_longer_spurious: vec![change("en-0008", ClaimView { line: None, ..claim("#4", "2019", &[], 0) })],
            missed_by_all: vec![change("en-0008", claim("c8", "about a third", &[], 11))],
        },
    }
}

/// The article of the comparison's lists, one that failed, one without a mistake, and one that is labelled in part.
pub fn articles() -> Vec<ArticlePage> {
    let page = |id: &str, standing: &str, items| ArticlePage {
        id: id.to_owned(),
        lang: id.chars().take(2).collect(),
        outcome: "ok".to_owned(),
        standing: standing.to_owned(),
        items,
        ..ArticlePage::default()
    };
    let item = |outcome, gold: Option<ClaimView>, predicted: Option<ClaimView>| ReportItem {
        outcome,
        class: None,
        iou: None,
        gold,
        predicted,
        differences: vec![],
        field_outcomes: BTreeMap::new(),
        change: None,
    };
    let predicted = |name: &str| ClaimView { score: Some(0.828125), line: None, ..claim(name, "37.000", &[], 0) };
    let wrong = ReportItem {
        class: Some("field".to_owned()),
        iou: Some(0.65625),
        differences: vec![FieldDifference { field: "value".into(), gold: Some("37000".into()), predicted: Some("37".into()) }],
        change: Some(ItemChange::NewlyWrongField),
        ..item(ClaimOutcome::Matched, Some(claim("c1", "37.000", &[], 118)), Some(predicted("#1")))
    };
    let missed = |name: &str, quote: &str, tags: &[&str], line| ReportItem {
        class: Some("missed".to_owned()),
        change: Some(ItemChange::NewlyMissed),
        ..item(ClaimOutcome::Missed, Some(claim(name, quote, tags, line)), None)
    };
    let spurious = ReportItem {
        class: Some("background".to_owned()),
        change: Some(ItemChange::NewlySpurious),
        ..item(ClaimOutcome::Spurious, None, Some(predicted("#2")))
    };
    let old = ReportItem { change: None, ..missed("c8", "about a third", &[], 11) };
    vec![
        ArticlePage {
            outcome: "timeout".to_owned(),
            message: Some("no answer within 60 s".to_owned()),
            ..page("en-0007", "failed", vec![])
        },
        page("en-0008", "scored", vec![old]),
        page("en-0010", "incomplete", vec![]),
        page(
            "id-0042",
            "scored",
            vec![wrong, missed("c2", "10 kali lipat", &[], 119), missed("c3", "rekor tertinggi", &["must-find"], 120), spurious],
        ),
    ]
}

/// A document with gates, comparison and trend.
pub fn full() -> Document {
    Document {
        format: 1,
        workspace: "border-claims".to_owned(),
        run: RunInfo {
            id: "20261122-2201-rules-7f3a".to_owned(),
            started: "2026-11-22T22:01:00Z".to_owned(),
            finished: "2026-11-22T22:01:12Z".to_owned(),
            wall_time_s: 12.3456,
            selection: "all".to_owned(),
            commit: Some("4f5e6d7c8b9a+".to_owned()),
            ..RunInfo::default()
        },
        result: result(),
        gates: Some(gates()),
        comparison: Some(comparison()),
        no_comparison: None,
        trend: vec![TrendPoint {
            run: "20261121-0900-rules-1b2c".into(),
            finished: "2026-11-21T09:00:00Z".into(),
            version: "1".into(),
            signature: "s".into(),
            value: Some(0.71875),
        }],
        claims_file: "datasets/news/claims.csv".to_owned(),
        articles: articles(),
    }
}

/// As documents are without a baseline: neither gates nor comparison nor trend.
pub fn plain() -> Document {
    let mut articles = articles();
    articles.iter_mut().flat_map(|article| &mut article.items).for_each(|item| item.change = None);
    Document { gates: None, comparison: None, trend: vec![], articles, ..full() }
}

/// With so many newly missed claims, in so many articles of their own.
pub fn large(claims: usize, articles: usize) -> Document {
    let mut document = full();
    let id = |i: usize| format!("big-{:06}", i % articles.max(1));
    if let Some(comparison) = &mut document.comparison {
        let missed = (0..claims).map(|i| change(&id(i), claim(&format!("n{i}"), "lebih dari 37.000 warga negara", &[], i as u64 + 2)));
        comparison.changes.newly_missed = missed.collect();
    }
    let page = |i| ArticlePage { id: id(i), lang: "id".into(), outcome: "ok".into(), standing: "scored".into(), ..ArticlePage::default() };
    document.articles = (0..articles).map(page).collect();
    document
}

/// The full document with the text in every place that data, answers, labels, names and messages come to. Ids of articles and claims stay
/// apart by a number behind the text.
pub fn hostile(text: &str) -> Document {
    let mut value = serde_json::to_value(full()).unwrap();
    let mut count = 0;
    replace(&mut value, text, &mut count, "");
    let mut document: Document = serde_json::from_value(value).unwrap_or_else(|e| panic!("{text:?}: {e}"));
    // Keys of maps, which are names of columns and fields.
    for line in document.gates.iter_mut().flat_map(|gates| &mut gates.lines) {
        line.slice = BTreeMap::from([(text.to_owned(), text.to_owned())]);
    }
    let score = document.result.criteria.remove(&full().result.primary).unwrap();
    document.result.primary = text.to_owned();
    document.result.criteria.insert(text.to_owned(), score);
    document
}

/// Strings that are words of the format, not of anyone else.
const FORMAT: [&str; 10] = ["outcome", "standing", "metric", "verdict", "direction", "limit", "change", "method", "started", "finished"];

fn replace(value: &mut serde_json::Value, text: &str, count: &mut usize, key: &str) {
    use serde_json::Value;
    match value {
        Value::String(string) if !FORMAT.contains(&key) => {
            let numbered = matches!(key, "id" | "name" | "article_id");
            *count += 1;
            *string = if numbered { format!("{text}{count}") } else { text.to_owned() };
        }
        Value::Array(list) => list.iter_mut().for_each(|item| replace(item, text, count, key)),
        Value::Object(map) => {
            for (key, value) in map {
                replace(value, text, count, key);
            }
        }
        _ => {}
    }
}
