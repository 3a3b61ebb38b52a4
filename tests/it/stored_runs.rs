//! Runs on the disk: what is saved is found and read back, agrees with the result, and is whole or an error.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use claim_assay::claim::{ArticleStatus, Claim, FieldState, Schema, Span};
use claim_assay::extract::{Answer, LocationCounts, Outcome, Spent};
use claim_assay::runs::{ClaimOutcome, FindError, NewRun, OutcomeRow, RunArticle, SideName, Store, StoredRun, slices_by};
use claim_assay::score::{ArticleInput, Evaluation, GoldInput, Provenance, Settings, evaluate};
use serde_json::Value;

use crate::support::{claim, data};

/// Articles with their gold and answers, owned.
struct Data {
    articles: Vec<(String, String, ArticleStatus, Vec<Claim>)>,
    answers: BTreeMap<String, Answer>,
    settings: Settings,
}

impl Data {
    /// The 300 random articles of the oracle.
    fn random() -> Data {
        let read = |name: &str| -> Vec<Value> {
            data(&format!("oracles/12_random/{name}")).lines().map(|l| serde_json::from_str(l).unwrap()).collect()
        };
        let text = |v: &Value, key: &str| v[key].as_str().unwrap().to_owned();
        let claims = |v: &Value| -> Vec<Claim> { v["claims"].as_array().unwrap().iter().map(claim).collect() };
        let articles = read("gold.jsonl").iter().map(|g| (text(g, "id"), text(g, "lang"), ArticleStatus::Gold, claims(g))).collect();
        let answer = |p: &Value| Answer::of_claims(text(p, "id"), claims(p), LocationCounts::default());
        let answers = read("pred.jsonl").iter().map(|p| (text(p, "id"), answer(p))).collect();
        Data { articles, answers, settings: Settings::new(Schema::open()) }
    }

    fn with<T>(&self, use_it: impl FnOnce(&[RunArticle<'_>], &Evaluation) -> T) -> T {
        let tags = ["must-find".to_owned(), "second".to_owned()];
        let inputs: Vec<ArticleInput> = self
            .articles
            .iter()
            .map(|(id, lang, status, gold)| ArticleInput {
                id,
                lang,
                status: *status,
                columns: vec![("lang".into(), lang.into()), ("genre".into(), "news".into()), ("genre".into(), "wire".into())],
                gold: gold.iter().enumerate().map(|(i, claim)| GoldInput { claim, optional: i % 5 == 4, tags: &tags[..i % 3] }).collect(),
                answer: self.answers.get(id),
            })
            .collect();
        let evaluation = evaluate(&inputs, &self.settings, &Provenance::default());
        let articles: Vec<RunArticle> = inputs.iter().map(|input| RunArticle { input, text: None }).collect();
        use_it(&articles, &evaluation)
    }

    fn save(&self, root: &Path, started: &str, finished: &str) -> StoredRun {
        self.with(|articles, evaluation| {
            Store::open(root)
                .save(&NewRun {
                    articles,
                    evaluation,
                    settings: &self.settings,
                    extractor: serde_json::json!({"kind": "builtin"}),
                    selection: "all",
                    repeat: None,
                    started: started.parse().unwrap(),
                    finished: finished.parse().unwrap(),
                    wall_time: Duration::from_millis(1500),
                    notes: &[],
                })
                .unwrap()
        })
    }
}

/// A few of the articles, with every standing among them.
fn mixed() -> Data {
    let mut data = Data::random();
    data.articles.truncate(40);
    data.articles[3].2 = ArticleStatus::Incomplete;
    data.articles[4].2 = ArticleStatus::Unlabelled;
    let id = |data: &Data, i: usize| data.articles[i].0.clone();
    data.answers.remove(&id(&data, 5));
    let failed = id(&data, 6);
    let spent = Spent { latency_s: Some(60.0), tries: 1, ..Spent::default() };
    data.answers.insert(failed.clone(), Answer { spent, ..Answer::failed(failed, Outcome::Timeout, "no answer in 60 s") });
    data
}

const STARTED: &str = "2026-11-22T22:01:10Z";

#[test]
fn a_saved_run_is_read_back_as_it_was() {
    let root = tempfile::tempdir().unwrap();
    let data = mixed();
    let saved = data.save(root.path(), STARTED, "2026-11-22T22:01:12Z");
    assert!(saved.id.starts_with("20261122-2201-run-") && saved.id.len() == "20261122-2201-run-7f3a".len(), "{}", saved.id);
    let run = Store::open(root.path()).find(&saved.id).unwrap();
    let result = run.record.result().unwrap();
    data.with(|articles, evaluation| {
        assert!(result == evaluation.result, "a number changed on its way");
        assert_eq!(run.rows().unwrap(), claim_assay::runs::outcome_rows(articles, evaluation, &data.settings));
    });
    assert_eq!(run.record.wall_time_s, 1.5);
    let failed = &run.record.articles[&data.articles[6].0];
    assert_eq!(
        (failed.outcome.as_str(), failed.message.as_deref(), failed.spent.latency_s),
        ("timeout", Some("no answer in 60 s"), Some(60.0))
    );
    assert_eq!((run.record.spent().latency_p50_s, run.record.spent().cached), (Some(60.0), 0));

    // The answers hold the same claims; an article without an answer is one that was not answered.
    let answers = run.predictions().unwrap();
    assert_eq!(answers.len(), data.articles.len());
    for answer in &answers {
        let Some(given) = data.answers.get(&answer.article_id) else {
            assert_eq!(answer.outcome, Outcome::NotAnswered);
            continue;
        };
        let sorted = |answer: &Answer| {
            let mut claims: Vec<String> = answer.claims.iter().map(|c| format!("{c:?}")).collect();
            claims.sort();
            claims
        };
        assert_eq!((answer.outcome, &answer.message, sorted(answer)), (given.outcome, &given.message, sorted(given)));
    }
}

#[test]
fn the_rows_count_what_the_result_counts() {
    let data = mixed();
    data.with(|articles, evaluation| {
        let rows = claim_assay::runs::outcome_rows(articles, evaluation, &data.settings);
        let count = |criterion: &str, side: SideName, outcome: ClaimOutcome| {
            let is = |r: &&OutcomeRow| r.criterion == criterion && r.side == side && r.outcome == outcome && r.standing != "incomplete";
            rows.iter().filter(is).count() as u64
        };
        for (name, score) in &evaluation.result.criteria {
            let all = score.all;
            assert_eq!(count(name, SideName::Gold, ClaimOutcome::Matched), all.tp, "{name}");
            assert_eq!(count(name, SideName::Predicted, ClaimOutcome::Matched), all.tp, "{name}");
            assert_eq!(count(name, SideName::Gold, ClaimOutcome::Missed), all.fn_, "{name}");
            assert_eq!(count(name, SideName::Predicted, ClaimOutcome::Spurious), all.fp, "{name}");
        }
        let cor = rows.iter().filter(|r| {
            r.side == SideName::Gold
                && r.outcome == ClaimOutcome::Matched
                && r.standing != "incomplete"
                && r.field_outcomes.get("value").is_some_and(|o| o == "cor")
        });
        assert_eq!(cor.count() as u64, evaluation.result.fields["value"].matched.cor);
    });
}

#[test]
fn a_long_run_is_written_in_parts_and_an_empty_one_has_no_rows() {
    let root = tempfile::tempdir().unwrap();
    let mut data = Data::random();
    let once = data.articles.clone();
    for round in 1..4 {
        // The random data come three times more, under other ids.
        data.articles.extend(once.iter().map(|(id, lang, status, gold)| (format!("{id}-{round}"), lang.clone(), *status, gold.clone())));
    }
    let long = data.save(root.path(), STARTED, "2026-11-22T22:01:12Z");
    data.with(|articles, evaluation| {
        assert!(long.rows().unwrap() == claim_assay::runs::outcome_rows(articles, evaluation, &data.settings));
    });
    let some = long.rows_where("article_id", &data.articles[0].0).unwrap();
    assert!(!some.is_empty() && some.iter().all(|r| r.article_id == data.articles[0].0));
    data.articles.iter_mut().for_each(|a| a.2 = ArticleStatus::Unlabelled);
    let empty = data.save(root.path(), STARTED, "2026-11-22T22:01:13Z");
    assert_eq!(empty.rows().unwrap(), []);
}

#[test]
fn the_order_of_the_articles_and_of_their_claims_changes_nothing() {
    let root = tempfile::tempdir().unwrap();
    let mut data = mixed();
    let files = |run: &StoredRun| ["predictions.jsonl", "outcomes.parquet"].map(|f| std::fs::read(run.dir.join(f)).unwrap());
    let first = data.save(root.path(), STARTED, "2026-11-22T22:01:12Z");
    data.articles.reverse();
    data.answers.values_mut().for_each(|a| a.claims.reverse());
    // Tags hang on the place of a gold claim here, so gold keeps its order.
    let second = data.save(&root.path().join("other"), STARTED, "2026-11-22T22:01:12Z");
    assert_eq!(files(&first), files(&second));
    assert_eq!(first.id, second.id);
}

#[test]
fn groups_are_the_slices_of_the_result() {
    let mut data = Data::random();
    data.settings.slices = vec!["lang".into(), "kind".into(), "tags".into(), "genre".into()];
    for primary in ["iou50", "strict", "value"] {
        data.settings.primary = primary.parse().unwrap();
        data.with(|articles, evaluation| {
            let rows = claim_assay::runs::outcome_rows(articles, evaluation, &data.settings);
            let frame = claim_assay::runs::to_frame(&rows).unwrap();
            for column in ["lang", "kind", "tags", "genre"] {
                let table = slices_by(&frame, primary, &[column]).unwrap();
                let with_value: Vec<_> =
                    table.rows.iter().filter(|r| r.values[0].is_some() && r.gold + r.predicted.unwrap_or(0) > 0).collect();
                let slices: Vec<_> = evaluation
                    .result
                    .slices
                    .iter()
                    .map(|s| (s, &s.criteria[primary]))
                    .filter(|(s, c)| s.column == column && c.tp + c.fn_ + c.fp.unwrap_or(0) > 0)
                    .collect();
                assert_eq!(with_value.len(), slices.len(), "{column} under {primary}");
                for (row, (slice, score)) in with_value.into_iter().zip(slices) {
                    let what = format!("{column}={} under {primary}", slice.value);
                    assert_eq!(row.values[0].as_ref(), Some(&slice.value), "{what}");
                    assert_eq!((row.tp, row.fp, row.fn_), (score.tp, score.fp, score.fn_), "{what}");
                    assert_eq!((row.precision, row.recall, row.f1), (score.precision, score.recall, score.f1), "{what}");
                }
            }
            let both = slices_by(&frame, primary, &["lang", "field.value"]).unwrap();
            let tp: u64 = both.rows.iter().map(|r| r.tp).sum();
            assert_eq!(tp, evaluation.result.criteria[primary].all.tp);
            let error = slices_by(&frame, primary, &["langg"]).unwrap_err().to_string();
            assert!(error.contains("did you mean \"lang\"?") && error.contains("field.value"), "{error}");
            assert!(slices_by(&frame, primary, &["lang", "article.lang"]).unwrap_err().to_string().contains("twice"));
        });
    }
}

#[test]
fn a_run_is_found_by_id_prefix_latest_and_path() {
    let root = tempfile::tempdir().unwrap();
    let store = Store::open(root.path());
    assert!(matches!(store.find("latest"), Err(FindError::Empty(_))));
    let data = mixed();
    let late = data.save(root.path(), STARTED, "2026-11-22T22:01:59.5Z");
    let early = data.save(root.path(), STARTED, "2026-11-22T22:01:12Z");
    let old = data.save(root.path(), "2025-01-01T00:00:00Z", "2026-12-31T00:00:00Z");
    std::fs::create_dir(store.dir().join(".new-abc")).unwrap();
    assert_eq!(store.ids().unwrap().len(), 3);
    let id = |reference: &str| store.find(reference).map(|run| run.id);
    assert_eq!(id("latest").unwrap(), late.id);
    assert_eq!(id(&early.id).unwrap(), early.id);
    assert_eq!(id("2025").unwrap(), old.id);
    for path in [old.dir.clone(), old.dir.join("run.json")] {
        assert_eq!(id(path.to_str().unwrap()).unwrap(), old.id);
    }
    match id("2026").unwrap_err() {
        FindError::Ambiguous { candidates, .. } => assert_eq!(candidates.len(), 2),
        other => panic!("{other}"),
    }
    let unknown = id("20250101-0001-run").unwrap_err().to_string();
    assert!(unknown.contains(&format!("the nearest is {}", old.id)), "{unknown}");
    for nothing in ["", "nothing", "../..", "run.json"] {
        assert!(matches!(id(nothing), Err(FindError::Unknown { .. })), "{nothing:?}");
    }
}

#[test]
fn two_equal_runs_of_one_minute_get_longer_ids() {
    let root = tempfile::tempdir().unwrap();
    let data = mixed();
    let finished = "2026-11-22T22:01:12Z";
    let ids: Vec<String> = (0..3).map(|_| data.save(root.path(), STARTED, finished).id).collect();
    assert!(ids[1].starts_with(&ids[0]) && ids[2].starts_with(&ids[1]) && ids[0] != ids[1] && ids[1] != ids[2], "{ids:?}");
    // An exact id wins over those that it begins.
    assert_eq!(Store::open(root.path()).find(&ids[0]).unwrap().id, ids[0]);
    let left: Vec<_> = std::fs::read_dir(root.path().join(".assay/runs")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left.len(), 3, "{left:?}");
}

#[test]
fn a_changed_or_newer_file_is_an_error_that_says_so() {
    let root = tempfile::tempdir().unwrap();
    let saved = mixed().save(root.path(), STARTED, "2026-11-22T22:01:12Z");
    let store = Store::open(root.path());
    for name in ["outcomes.parquet", "predictions.jsonl"] {
        let path = saved.dir.join(name);
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() - 1]).unwrap();
        let run = store.find("latest").unwrap();
        let error = run.predictions().err().or(run.rows().err()).unwrap().to_string();
        assert!(error.contains(name) && error.contains("changed after the run"), "{error}");
        std::fs::remove_file(&path).unwrap();
        let error = run.predictions().err().or(run.rows().err()).unwrap().to_string();
        assert!(error.contains(name) && error.contains("does not exist"), "{error}");
        std::fs::write(&path, whole).unwrap();
    }
    let path = saved.dir.join("run.json");
    let json = std::fs::read_to_string(&path).unwrap();
    for (from, to, says) in [
        ("\"format\": 1", "\"format\": 2", "newer than 1"),
        ("\"format\": 1", "\"format\": 0", "format 0 does not exist"),
        ("\"format\": 1,", "", "missing field `format`"),
        ("\"selection\"", "\"choice\"", "missing field `selection`"),
    ] {
        std::fs::write(&path, json.replacen(from, to, 1)).unwrap();
        let error = store.find("latest").unwrap_err().to_string();
        assert!(error.contains("run.json: ") && error.contains(says), "{error}");
    }
}

#[test]
fn a_located_claim_is_stored_with_the_quote_of_the_text() {
    let text = "Lebih dari 37.000 orang";
    let span = Span::new(11, 17).unwrap();
    let found = Claim { fragments: span.into(), quote: "37,000".into(), score: Some(0.1 + 0.2), ..Claim::default() };
    let lost = Claim { quote: "40.000".into(), kind: "quantity".into(), ..Claim::default() };
    let value = FieldState::Present("37000".to_owned());
    let lost = Claim { fields: [("value".to_owned(), value), ("unit".to_owned(), FieldState::Absent)].into(), ..lost };
    let answer = Answer::of_claims("a", vec![lost, found], LocationCounts { fuzzy: 1, unlocated: 1, ..LocationCounts::default() });
    let input = ArticleInput { id: "a", lang: "id", status: ArticleStatus::Gold, columns: vec![], gold: vec![], answer: Some(&answer) };
    let settings = Settings::new(Schema::default());
    let evaluation = evaluate(std::slice::from_ref(&input), &settings, &Provenance::default());
    let root = tempfile::tempdir().unwrap();
    let run = NewRun {
        articles: &[RunArticle { input: &input, text: Some(text) }],
        evaluation: &evaluation,
        settings: &settings,
        extractor: Value::Null,
        selection: "all",
        repeat: None,
        started: STARTED.parse().unwrap(),
        finished: STARTED.parse().unwrap(),
        wall_time: Duration::ZERO,
        notes: &[],
    };
    let saved = Store::open(root.path()).save(&run).unwrap();
    assert_eq!(
        std::fs::read_to_string(saved.dir.join("predictions.jsonl")).unwrap(),
        concat!(
            r#"{"id":"a","claims":[{"start":11,"end":17,"quote":"37.000","score":0.30000000000000004},"#,
            r#"{"quote":"40.000","kind":"quantity","fields":{"unit":null,"value":"37000"}}]}"#,
            "\n"
        )
    );
    let answers = saved.predictions().unwrap();
    assert_eq!(answers[0].located, answer.located);
    assert_eq!(answers[0].claims[0].score, Some(0.1 + 0.2));
    let row = &saved.rows().unwrap()[0];
    assert_eq!((row.quote.as_str(), row.name().as_str(), row.outcome), ("37,000", "#1", ClaimOutcome::Spurious));
}
