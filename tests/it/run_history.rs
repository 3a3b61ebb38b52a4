//! How a number goes over runs: the lines of a trend are those that a plain loop draws, in whatever order the runs are read.

use std::collections::BTreeMap;

use claim_assay::runs::{Entry, Headline, HistoryError, RunHead, Trend, history, superseded, trends};
use claim_assay::score::Prf;
use claim_assay::score::result::{ArticleAccount, DatasetInfo, ExtractorInfo};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

/// A run that was finished so many seconds after midnight.
fn head(extractor: &str, second: u32, signature: &str, result: &Value) -> RunHead {
    let time: jiff::Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
    let finished = time + jiff::SignedDuration::from_secs(second.into());
    let criteria: BTreeMap<String, Prf> = BTreeMap::new();
    RunHead {
        id: format!("{}-{extractor}-{second:04x}", finished.strftime("%Y%m%d-%H%M")),
        extractor: Value::Null,
        selection: "all".to_owned(),
        repeat: None,
        started: finished,
        finished,
        wall_time_s: 0.1,
        files: BTreeMap::new(),
        headline: Headline {
            version: String::new(),
            signature: signature.to_owned(),
            dataset: DatasetInfo::default(),
            extractor: ExtractorInfo { name: extractor.to_owned(), ..ExtractorInfo::default() },
            articles: ArticleAccount::default(),
            primary: "iou50".to_owned(),
            criteria,
        },
        result: serde_json::value::to_raw_value(result).unwrap(),
    }
}

fn slice(value: &str, recall: Option<f64>) -> Value {
    json!({"column": "lang", "value": value, "criteria": {"iou50": {"recall": recall}}})
}

/// Extractor, second of the end, and recall by language; each pair of the first two once.
fn runs() -> impl Strategy<Value = Vec<RunHead>> {
    let recall = proptest::option::of(0.0..1.0);
    let slices = proptest::collection::btree_map(select(vec!["en", "id", "zh"]), recall, 0..3);
    let run = ((select(vec!["rules", "llm", "提取"]), 0u32..600), select(vec!["a", "b"]), slices);
    proptest::collection::vec(run, 1..30).prop_map(|runs| {
        let once: BTreeMap<_, _> = runs.into_iter().map(|(key, signature, slices)| (key, (signature, slices))).collect();
        let head = |((extractor, second), (signature, slices)): (_, (&str, BTreeMap<&str, Option<f64>>))| {
            let slices: Vec<Value> = slices.iter().map(|(lang, recall)| slice(lang, *recall)).collect();
            head(extractor, second, signature, &json!({"primary": "iou50", "slices": slices}))
        };
        once.into_iter().map(head).collect()
    })
}

/// Run ids with their numbers by extractor and language, oldest first.
type Lines = BTreeMap<(String, String), Vec<(String, Option<f64>)>>;

fn expected(runs: &[RunHead], newest: usize) -> Lines {
    let mut sorted: Vec<&RunHead> = runs.iter().collect();
    sorted.sort_by_key(|head| (head.id[..13].to_owned(), head.finished, head.id.clone()));
    let mut lines = Lines::new();
    for head in sorted {
        let result: Value = serde_json::from_str(head.result.get()).unwrap();
        for slice in result["slices"].as_array().unwrap() {
            let key = (head.headline.extractor.name.clone(), slice["value"].as_str().unwrap().to_owned());
            lines.entry(key).or_default().push((head.id.clone(), slice["criteria"]["iou50"]["recall"].as_f64()));
        }
    }
    lines.values_mut().for_each(|points| drop(points.drain(..points.len().saturating_sub(newest))));
    lines
}

fn found(trends: &[Trend]) -> Lines {
    let line = |trend: &Trend| {
        let key = (trend.extractor.clone(), trend.slice.as_ref().unwrap().value.clone());
        (key, trend.points.iter().map(|point| (point.run.clone(), point.value)).collect())
    };
    trends.iter().map(line).collect()
}

proptest! {
    #![proptest_config(crate::support::cases(64))]

    #[test]
    fn lines_are_those_of_a_plain_loop(runs in runs().prop_shuffle(), newest in 1usize..5) {
        let metric = "criteria.iou50.recall";
        let table = match history(&runs, metric, Some("lang")) {
            Ok(table) => table,
            Err(HistoryError::Column { .. }) => {
                prop_assert!(expected(&runs, newest).is_empty());
                return Ok(());
            }
            Err(other) => panic!("{other}"),
        };
        let all = trends(&table, None, newest).unwrap();
        prop_assert_eq!(found(&all), expected(&runs, newest));
        prop_assert!(all.is_sorted_by_key(|trend| (trend.extractor.clone(), trend.slice.clone().unwrap().value)));
        let of_one: Vec<Trend> = all.into_iter().filter(|trend| trend.extractor == "llm").collect();
        prop_assert_eq!(trends(&table, Some("llm"), newest).unwrap(), of_one);
    }

    /// What `gc` removes and what it keeps are the runs; nothing that is kept is older than something of its extractor that is removed.
    #[test]
    fn the_newest_runs_of_each_extractor_are_kept(runs in runs(), keep in 0usize..4) {
        let mut runs = runs;
        runs.sort_by_key(|head| head.finished);
        let entries: Vec<Entry> = runs.iter().map(|head| Entry { id: head.id.clone(), head: Ok(head.clone()) }).collect();
        let removed: Vec<&str> = superseded(&entries, keep, None).iter().map(|head| head.id.as_str()).collect();
        for name in ["rules", "llm", "提取"] {
            let of: Vec<&str> = runs.iter().filter(|h| h.headline.extractor.name == name).map(|h| h.id.as_str()).collect();
            let (old, new) = of.split_at(of.len().saturating_sub(keep));
            prop_assert!(old.iter().all(|id| removed.contains(id)) && !new.iter().any(|id| removed.contains(id)));
        }
        let half = "2026-03-01T00:05:00Z".parse().unwrap();
        for head in superseded(&entries, keep, Some(half)) {
            prop_assert!(head.finished < half && removed.contains(&head.id.as_str()));
        }
    }
}

/// A signature and the number of a run.
type Point = (&'static str, Option<f64>);

fn trend_of(points: &[Point]) -> Trend {
    let result = |value: &Option<f64>| json!({"primary": "iou50", "criteria": {"iou50": {"f1": value}}});
    let heads: Vec<RunHead> = (0u32..).zip(points).map(|(i, (signature, value))| head("rules", i, signature, &result(value))).collect();
    trends(&history(&heads, "criteria.iou50.f1", None).unwrap(), None, 99).unwrap().remove(0)
}

#[test]
fn only_numbers_of_one_signature_are_subtracted() {
    let cases: [(&[Point], Option<f64>, Option<f64>); 7] = [
        (&[("a", Some(0.25)), ("a", Some(0.75))], Some(0.25), Some(0.5)),
        (&[("a", Some(0.25)), ("b", Some(0.75))], Some(0.75), None),
        (&[("a", Some(0.25)), ("b", Some(0.5)), ("a", Some(0.75))], Some(0.25), Some(0.5)),
        (&[("a", None), ("a", Some(0.5)), ("a", Some(0.75))], Some(0.5), Some(0.25)),
        (&[("a", Some(0.5)), ("a", None)], Some(0.5), None),
        (&[("a", None)], None, None),
        (&[("a", Some(0.5))], Some(0.5), None),
    ];
    for (points, first, change) in cases {
        let trend = trend_of(points);
        assert_eq!((trend.first().and_then(|p| p.value), trend.change()), (first, change), "{points:?}");
    }
}

#[test]
fn a_path_is_known_where_some_run_has_it() {
    let with = |criteria: Value| head("rules", 1, "a", &json!({"primary": "iou50", "criteria": criteria, "calibration": null, "gold": 7}));
    let runs = [with(json!({"exact": {"f1": 0.5}})), with(json!({"exact": {"f1": null}, "a.b": {"f1": 0.25, "tp": 3}}))];
    for path in ["gold", "criteria.exact.f1", "criteria.a.b.tp", "calibration.ece"] {
        assert!(history(&runs, path, None).is_ok_and(|table| table.height() == 2), "{path}");
    }
    for (path, meant) in
        [("criteria.exakt.f1", "criteria.exact.f1"), ("f1", "criteria.a.b.f1"), ("tp", "criteria.a.b.tp"), ("golds", "gold")]
    {
        let error = history(&runs, path, None).unwrap_err().to_string();
        assert!(error.contains(&format!("did you mean {meant:?}?")), "{error}");
    }
    for path in ["", ".", "criteria", "criteria.exact", "gold.", "slices[].gold", "criteria.*.f1", "primary"] {
        assert!(matches!(history(&runs, path, None), Err(HistoryError::Metric { .. })), "{path}");
    }
    let no_runs = trends(&history(&[], "gold", None).unwrap(), None, 20).unwrap();
    assert_eq!(no_runs, []);
}
