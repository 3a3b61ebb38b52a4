//! Files that are scored as they are read give what whole files give: numbers, hash, warnings and notes.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

use claim_assay::bare::{self, Files};
use claim_assay::claim::{ArticleStatus, Schema};
use claim_assay::dataset::{BareArticle, BareGold};
use claim_assay::extract::predictions::{Extra, Missing, Predictions, PredictionsSettings};
use claim_assay::extract::{Answer, Extractor, Messages, Numbers, oddities};
use claim_assay::formats::jsonl::LONGEST_LINE;
use claim_assay::score::{ArticleInput, Criterion, GoldInput, IntervalsOf, Provenance, Settings, evaluate_with};
use claim_assay::stats::IntervalSettings;
use proptest::prelude::*;
use serde_json::{Value, json};

/// What a user sees of a score.
#[derive(Debug, PartialEq)]
struct Seen {
    result: Value,
    warnings: Vec<String>,
    notes: Vec<String>,
}

/// Whole files, in the plain way; `None` where anything is wrong with them.
fn whole(files: Files<'_>, settings: &Settings) -> Option<Seen> {
    let bytes = fs::read(files.gold).unwrap();
    let gold = BareGold::read(&files.gold.to_string_lossy(), bytes, &settings.schema).ok()?;
    let without_text = gold.articles.iter().filter(|a| !a.has_text).map(|a| a.article.id.clone()).collect();
    let from = PredictionsSettings { path: files.predictions.to_owned(), extra: files.extra };
    let mut predictions = Predictions::new(from).with_missing(files.missing).without_text(without_text);
    let answers = Mutex::new(Vec::<Answer>::new());
    let mut articles = gold.articles.iter().map(|a| a.article.clone());
    let finished = predictions.extract(&mut articles, &answers, &AtomicBool::new(false)).ok()?;
    let answers = answers.into_inner().unwrap();
    let mut notes = finished.notes;
    notes.extend(Messages::of(&answers).lines());
    notes.extend(oddities(&settings.schema, &answers, settings.numbers == Numbers::Local));
    let by_id: BTreeMap<&str, &Answer> = answers.iter().map(|a| (a.article_id.as_str(), a)).collect();
    let inputs: Vec<ArticleInput> = gold.articles.iter().map(|bare| input(bare, by_id.get(bare.article.id.as_str()).copied())).collect();
    let mut provenance = Provenance { selection: "all".into(), ..Provenance::default() };
    provenance.dataset.hash = gold.hash;
    let result = serde_json::to_value(evaluate_with(&inputs, settings, IntervalsOf::All, &provenance).result).unwrap();
    Some(Seen { result, warnings: gold.warnings, notes })
}

fn input<'a>(bare: &'a BareArticle, answer: Option<&'a Answer>) -> ArticleInput<'a> {
    let mut columns: Vec<(Cow<'a, str>, Cow<'a, str>)> = vec![("lang".into(), bare.article.lang.as_str().into())];
    columns.extend(bare.article.publisher.as_deref().map(|publisher| ("publisher".into(), publisher.into())));
    columns.extend(bare.columns.iter().map(|(name, value)| (name.as_str().into(), value.as_str().into())));
    ArticleInput {
        id: &bare.article.id,
        lang: &bare.article.lang,
        status: ArticleStatus::Gold,
        columns,
        gold: bare.claims.iter().map(|c| GoldInput { claim: &c.claim, optional: c.optional, tags: &c.tags }).collect(),
        answer,
    }
}

fn streamed(files: Files<'_>, settings: &Settings, threads: usize) -> Option<Seen> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let provenance = Provenance { selection: "all".into(), ..Provenance::default() };
    let scored = pool.install(|| bare::score(files, settings, IntervalsOf::All, &provenance))?;
    Some(Seen { result: serde_json::to_value(&scored.result).unwrap(), warnings: scored.warnings, notes: scored.notes })
}

/// Both ways over the same lines, which must agree; what they say.
fn both(gold: &str, predicted: &str, settings: &Settings, extra: Extra, missing: Missing) -> Option<Seen> {
    let folder = tempfile::tempdir().unwrap();
    let (gold_file, predicted_file) = (folder.path().join("gold.jsonl"), folder.path().join("pred.jsonl"));
    fs::write(&gold_file, gold).unwrap();
    fs::write(&predicted_file, predicted).unwrap();
    both_files(&gold_file, &predicted_file, settings, extra, missing)
}

fn both_files(gold: &Path, predictions: &Path, settings: &Settings, extra: Extra, missing: Missing) -> Option<Seen> {
    let files = Files { gold, predictions, extra, missing };
    let whole = whole(files, settings);
    for threads in [1, 3] {
        assert_eq!(streamed(files, settings, threads), whole, "{threads} threads");
    }
    whole
}

fn settings() -> Settings {
    let mut settings = Settings::new(Schema::open());
    settings.criteria.extend([Criterion::Text, Criterion::Iou(75)]);
    settings.slices = ["lang", "kind", "tags", "desk", "colour", "publisher"].map(str::to_owned).to_vec();
    settings
}

const TEXT: &str = "About 37.000 people, \"ten times\" more than in 2022, were caf\u{e9} \u{1f30a} owners; 37.000 were not.";

fn claim(gold: bool, with_text: bool) -> impl Strategy<Value = Value> {
    let place = (0u32..60, 1u32..20);
    let kind = prop::sample::select(vec!["quantity", "change", "rank", "\"odd\" k\u{e9}nd"]);
    let value =
        prop::sample::select(vec![json!(37000), json!("37.000"), json!("37000.0"), json!(3.7e4), json!("37"), json!(-5), Value::Null]);
    let other = prop::sample::select(vec!["bound", "unit", "colour", "period", "change"]);
    let text = prop::sample::select(vec!["about", "Person", " person ", "2023-Q1", "red", "10", "none"]);
    let rest = (0u32..40, prop::option::of(0u32..=1000), prop::sample::select(vec!["", "gold", "optional", "draft"]));
    (place, kind, value, other, text, rest).prop_map(move |((start, length), kind, value, other, text, (odd, score, status))| {
        let mut claim = json!({"start": start, "end": start + length, "kind": kind, "fields": {"value": value}});
        // A gold value must be one of its field; a prediction may say anything.
        let fits = matches!((other, text), ("bound", "about") | ("unit" | "colour", _) | ("period", "2023-Q1") | ("change", "10"));
        if !gold || fits {
            claim["fields"][other] = json!(text);
        }
        if gold && claim["fields"]["value"] == json!("37.000") {
            claim["fields"]["value"] = json!("37.5");
        }
        match odd {
            0 => claim["tracking_id"] = json!("t1"),
            1 => claim["fragments"] = json!([[start, start + length]]),
            2 if !gold => claim = json!({"quote": "37.000", "kind": kind}),
            3 if !gold => claim["quote"] = json!("owners"),
            4 => claim["confidnce"] = json!(1),
            5 => claim["id"] = json!("c1"),
            6 if gold => claim["tags"] = json!(["must-find", "h\u{e4}rd"]),
            7 if !gold && with_text => claim["quote"] = json!("ten times"),
            8 => claim["fields"] = json!({}),
            _ => {}
        }
        match (gold, score) {
            (true, _) if !status.is_empty() => claim["status"] = json!(status),
            (false, Some(score)) => claim["score"] = json!(f64::from(score) / 1000.0),
            _ => {}
        }
        claim
    })
}

/// An article's line of gold, and of predictions where there is one.
fn article(id: u32) -> impl Strategy<Value = (String, Option<String>)> {
    (any::<bool>(), 0u32..12, 0u32..12).prop_flat_map(move |(with_text, odd, answer)| {
        let gold = prop::collection::vec(claim(true, with_text), 0..5);
        let predicted = prop::collection::vec(claim(false, with_text), 0..5);
        (gold, predicted).prop_map(move |(gold, predicted)| {
            let lang = ["id", "en", "es"][id as usize % 3];
            let mut line = json!({"id": format!("a{id}"), "lang": lang, "claims": gold});
            match odd {
                0 => line["desk"] = json!("news"),
                1 => line["colour"] = json!("blue"),
                2 => line["publisher"] = json!("Antara"),
                3 => drop(line.as_object_mut().unwrap().remove("lang")),
                4..8 => line["group_id"] = json!(format!("g{}", odd % 2)),
                _ => {}
            }
            if with_text {
                line["text"] = json!(TEXT);
            }
            let answer = match answer {
                0 => None,
                1 => Some(json!({"id": format!("a{id}"), "error": {"kind": "timeout", "message": "60 s"}})),
                2 => Some(json!({"id": format!("a{id}"), "error": {"kind": "skipped", "message": "too long"}})),
                _ => Some(json!({"id": format!("a{id}"), "claims": predicted})),
            };
            (line.to_string(), answer.map(|answer| answer.to_string()))
        })
    })
}

fn articles() -> impl Strategy<Value = Vec<(String, Option<String>)>> {
    (0u32..9).prop_flat_map(|n| (0..n).map(article).collect::<Vec<_>>())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if std::env::var("ASSAY_FULL").is_ok_and(|full| full == "1") { 5000 } else { 300 }))]

    /// Files in step and out of step, whole and with gaps, with and without texts, groups and intervals.
    #[test]
    fn both_ways_agree(articles in articles(), order in 0u32..3, (extra, empty, local, intervals) in any::<(bool, bool, bool, bool)>()) {
        let gold: String = articles.iter().map(|(gold, _)| format!("{gold}\n")).collect();
        let mut answers: Vec<String> = articles.iter().filter_map(|(_, answer)| answer.clone()).collect();
        match order {
            1 => answers.reverse(),
            2 => answers.push(r#"{"id":"unknown","claims":[{"start":1,"end":2}]}"#.to_owned()),
            _ => {}
        }
        let predicted = answers.join("\n");
        let numbers = if local { Numbers::Local } else { Numbers::Canonical };
        let intervals = intervals.then_some(IntervalSettings { resamples: 100, seed: 1 });
        let settings = Settings { numbers, intervals, ..settings() };
        let extra = if extra { Extra::Ignore } else { Extra::Error };
        both(&gold, &predicted, &settings, extra, if empty { Missing::Empty } else { Missing::Failed });
    }
}

#[test]
fn good_files_are_scored_as_they_are_read() {
    let gold = "\u{feff}{\"id\":\"a\",\"claims\":[{\"start\":0,\"end\":4,\"kind\":\"x\"}]}\r\n\n{\"id\":\"b\",\"claims\":[]}";
    for predicted in [
        "{\"id\":\"a\",\"claims\":[]}\n{\"id\":\"b\",\"claims\":[]}\n",
        "\n{\"id\":\"b\",\"claims\":[]}\n{\"id\":\"a\",\"claims\":[{\"start\":0,\"end\":4,\"zzz\":1}]}",
        "{\"id\":\"b\",\"error\":\"no\"}",
    ] {
        assert!(both(gold, predicted, &settings(), Extra::Error, Missing::Failed).is_some(), "{predicted}");
    }
}

#[test]
fn whatever_is_wrong_is_left_to_the_plain_way() {
    let good = "{\"id\":\"a\",\"claims\":[]}\n{\"id\":\"b\",\"claims\":[]}\n";
    let wrong = [
        "{\"id\":\"a\",\"claims\":[]}\n{\"id\":\"a\",\"claims\":[]}\n",
        "{\"id\":\"a\",\"claims\":[]}\n{\"id\":\"b\",\"claims\":[{\"start\":9}]}\n",
        "{\"id\":\"a\",\"claims\":[]}\n{\"id\":\"b\"\n",
        "{\"id\":\"a\",\"claims\":[]}\n[]\n",
        "PAR1",
    ];
    for wrong in wrong {
        assert!(both(wrong, good, &settings(), Extra::Error, Missing::Failed).is_none(), "{wrong}");
        assert!(both(good, wrong, &settings(), Extra::Error, Missing::Failed).is_none(), "{wrong}");
    }
    let behind = r#"{"id":"a","text":"short","claims":[{"start":0,"end":99}]}"#;
    assert!(both(behind, "{\"id\":\"a\",\"claims\":[]}", &settings(), Extra::Error, Missing::Failed).is_none());
    let no_value = r#"{"id":"a","claims":[{"start":0,"end":9,"fields":{"value":"many"}}]}"#;
    assert!(both(no_value, "{\"id\":\"a\",\"claims\":[]}", &settings(), Extra::Error, Missing::Failed).is_none());
}

/// More than a block of each file, cut anywhere.
#[test]
fn long_files_are_read_whole() {
    let line = |id: usize, claims: usize| {
        let claims: Vec<Value> = (0..claims).map(|i| json!({"start": 10 * i, "end": 10 * i + 5, "fields": {"value": id + i}})).collect();
        json!({"id": format!("a{id}"), "claims": claims}).to_string()
    };
    let gold: Vec<String> = (0..3000).map(|id| line(id, id % 7)).collect();
    let predicted: Vec<String> = (0..3000).map(|id| line(id, id % 5)).collect();
    let seen = both(&gold.join("\n"), &predicted.join("\n"), &settings(), Extra::Error, Missing::Failed).unwrap();
    assert_eq!(seen.result["articles"]["scored"], 3000);
    let reversed: Vec<&str> = predicted.iter().rev().map(String::as_str).collect();
    assert_eq!(both(&gold.join("\n"), &reversed.join("\n"), &settings(), Extra::Error, Missing::Failed), Some(seen));
}

/// A line with that many bytes beside its claims.
fn padded(id: usize, claims: &Value, bytes: usize) -> String {
    format!("{}\n", json!({"id": format!("a{id}"), "claims": claims, "note": "x".repeat(bytes)}))
}

/// Many short lines of the one file stand beside long ones of the other; blocks hold neither many nor few.
#[test]
fn lines_of_uneven_length_are_scored_as_they_are_read() {
    let claims = |id: usize| json!([{"start": id % 7, "end": 9, "kind": "x"}]);
    let lines = |long: std::ops::Range<usize>| -> Vec<String> {
        (0..20_000).map(|id| padded(id, &claims(id), if long.contains(&id) { 200_000 } else { 0 })).collect()
    };
    let (short, first, last) = (lines(0..0), lines(0..50), lines(19_950..20_000));
    let settings = settings();
    let score = |gold: &[String], predicted: &[String]| both(&gold.concat(), &predicted.concat(), &settings, Extra::Error, Missing::Failed);
    for (gold, predicted) in [(&short, &first), (&first, &short), (&first, &last)] {
        let seen = score(gold, predicted).unwrap();
        assert_eq!((&seen.result["articles"]["scored"], &seen.result["criteria"]["exact"]["tp"]), (&json!(20_000), &json!(20_000)));
    }
    assert!(score(&short, &first[..19_999]).is_some());
    assert!(score(&short[..19_999], &first).is_none());
}

#[test]
fn a_line_may_be_as_long_as_the_limit_and_no_longer() {
    let line = |id: usize, over: usize| padded(id, &json!([]), LONGEST_LINE + over - (padded(id, &json!([]), 0).len() - 1));
    let short: Vec<String> = (0..3).map(|id| padded(id, &json!([]), 0)).collect();
    let score = |gold: &str, predicted: &str| both(gold, predicted, &settings(), Extra::Error, Missing::Failed);
    for (over, good) in [(0, true), (1, false), (LONGEST_LINE, false)] {
        let long = line(1, over);
        assert_eq!(long.len() - 1, LONGEST_LINE + over);
        // In step, out of step, and without a line feed.
        for lines in [[&short[0], &long, &short[2]], [&long, &short[2], &short[0]], [&short[2], &short[0], &long]] {
            let lines = lines.map(String::as_str).concat();
            for lines in [&*lines, lines.trim_end()] {
                assert_eq!(score(&short.concat(), lines).is_some(), good, "predictions {over} over");
                assert_eq!(score(lines, &short.concat()).is_some(), good, "gold {over} over");
            }
        }
    }
    assert!(score(&"\0".repeat(2 * LONGEST_LINE), &short.concat()).is_none());
    assert!(score(&short.concat(), &"\0".repeat(2 * LONGEST_LINE)).is_none());
}

#[test]
fn predictions_without_lines_are_an_error_unless_a_missing_line_means_no_claims() {
    let gold = "{\"id\":\"a\",\"claims\":[{\"start\":0,\"end\":4}]}\n{\"id\":\"b\",\"claims\":[]}\n";
    let unrelated = "{\"id\":\"z\",\"claims\":[]}";
    for (predicted, missing, without) in [
        ("", Missing::Failed, None),
        (" \n\r\n", Missing::Failed, None),
        ("", Missing::Empty, Some(2)),
        (" \n\r\n", Missing::Empty, Some(2)),
        (unrelated, Missing::Empty, Some(2)),
        ("{\"id\":\"b\",\"error\":\"no\"}", Missing::Empty, Some(1)),
    ] {
        let seen = both(gold, predicted, &settings(), Extra::Ignore, missing);
        assert_eq!(seen.is_some(), without.is_some(), "{predicted:?} {missing:?}");
        if let (Some(seen), Some(without)) = (seen, without) {
            let (have, count) = if without == 1 { ("has", "counts") } else { ("have", "count") };
            let note = format!("{without} of 2 articles {have} no line and {count} as answered with no claims");
            assert!(seen.notes.iter().any(|said| said.ends_with(&note)), "{:?}", seen.notes);
            assert_eq!(seen.result["articles"]["scored"], without);
        }
    }
}
