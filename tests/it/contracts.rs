//! What other programs rely on: every number of a result has a definition, and every file that Assay reads or writes fits its
//! schema.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use claim_assay::claim::{ArticleStatus, Schema};
use claim_assay::extract::{Answer, LocationCounts, Outcome};
use claim_assay::runs::{BLOCKS, METRICS, leaves, metric_at};
use claim_assay::score::{ArticleInput, GoldInput, IntervalsOf, Provenance, RunResult, Settings, evaluate, evaluate_with};
use claim_assay::stats::IntervalSettings;
use serde_json::{Value, json};

use crate::json_schema::violations;
use crate::support::{claim, data};

fn assay(arguments: &[&str], folder: &Path) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_assay")).args(arguments).current_dir(folder).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

fn schema(name: &str) -> Value {
    let (code, text) = assay(&["schema", name], Path::new("."));
    assert_eq!(code, 0);
    serde_json::from_str(&text).unwrap()
}

fn lines(name: &str) -> Vec<Value> {
    data(&format!("oracles/12_random/{name}")).lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

/// A result with every block: failed, incomplete, excluded and empty articles, scores, and slices of every sort.
fn full() -> RunResult {
    let claims = |v: &Value| v["claims"].as_array().unwrap().iter().map(claim).collect::<Vec<_>>();
    let (gold, predicted) = (lines("gold.jsonl"), lines("pred.jsonl"));
    let answers: Vec<Answer> = predicted
        .iter()
        .enumerate()
        .map(|(i, p)| match i {
            1 => Answer::failed("x", Outcome::Timeout, "late"),
            _ => Answer::of_claims("x", claims(p), LocationCounts { exact: 1, ..LocationCounts::default() }),
        })
        .collect();
    let gold: Vec<_> = gold.iter().map(|g| (g["id"].as_str().unwrap(), g["lang"].as_str().unwrap(), claims(g))).collect();
    let tags = ["must-find".to_owned()];
    let inputs: Vec<ArticleInput> = gold
        .iter()
        .zip(&answers)
        .enumerate()
        .map(|(i, ((id, lang, claims), answer))| ArticleInput {
            id,
            lang,
            status: match i {
                2 => ArticleStatus::Skipped,
                3..8 => ArticleStatus::Incomplete,
                _ => ArticleStatus::Gold,
            },
            columns: vec![("lang".into(), (*lang).into())],
            gold: claims.iter().map(|claim| GoldInput { claim, optional: false, tags: &tags }).collect(),
            answer: Some(answer),
        })
        .collect();
    let settings = Settings {
        slices: ["lang", "kind", "tags", "unit"].map(str::to_owned).to_vec(),
        intervals: Some(IntervalSettings::default()),
        ..Settings::new(Schema::open())
    };
    evaluate_with(&inputs, &settings, IntervalsOf::All, &Provenance::default()).result
}

/// A result over nothing, where all that can be undefined is.
fn nothing() -> RunResult {
    evaluate(&[], &Settings::new(Schema::default()), &Provenance::default()).result
}

#[test]
fn every_number_has_a_definition_and_every_definition_a_number() {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for result in [full(), nothing()] {
        let json = serde_json::to_value(result).unwrap();
        for (path, value) in leaves(&json) {
            let shown = path.join(".");
            if value.is_null() && BLOCKS.iter().any(|(block, _)| *block == shown) {
                continue;
            }
            // Where there is no interval, there are no ends either.
            let pair = [&path[..], &["[]".to_owned()]].concat();
            let metric = metric_at(&path).or_else(|| metric_at(&pair)).unwrap_or_else(|| panic!("{shown} has no definition"));
            match value.as_f64() {
                Some(number) => {
                    assert!(metric.range.contains(number), "{shown} is {number}, not {}", metric.range.words());
                    seen.insert(metric.path);
                }
                None => assert!(!metric.undefined.is_empty(), "{shown} is null, and its definition does not say when"),
            }
        }
    }
    let unseen: Vec<&str> = METRICS.iter().map(|m| m.path).filter(|p| !seen.contains(p)).collect();
    assert!(unseen.is_empty(), "definitions of no number: {unseen:?}");
    let paths: BTreeSet<&str> = METRICS.iter().map(|m| m.path).collect();
    assert_eq!(paths.len(), METRICS.len(), "a path is defined twice");
}

#[test]
fn metrics_are_printed_for_people_and_programs() {
    let here = Path::new(".");
    let (code, text) = assay(&["metrics"], here);
    assert_eq!(code, 0);
    assert!(text.lines().all(|l| l.chars().count() <= 80), "{text}");
    assert!(text.contains("criteria.*.precision  0 to 1\n    tp / (tp + fp)\n    null when nothing was predicted\n"), "{text}");
    let (_, part) = assay(&["metrics", "slot_error"], here);
    assert_eq!(part.lines().count(), 4, "{part}");
    let (_, all) = assay(&["metrics", "--json"], here);
    let all: Value = serde_json::from_str(&all).unwrap();
    assert_eq!(all["metrics"].as_array().unwrap().len(), METRICS.len());
    assert_eq!(all["null_blocks"][1], json!({"path": "incomplete", "undefined": "every article is labelled whole"}));
    assert_eq!(assay(&["metrics", "nonsense"], here).0, 2);
}

/// (schema, document, whether it fits)
fn documents() -> Vec<(&'static str, Value, bool)> {
    let toml = |text: &str| -> Value { toml::from_str(text).unwrap() };
    let full = serde_json::to_value(full()).unwrap();
    let mut documents = vec![
        ("results", serde_json::to_value(nothing()).unwrap(), true),
        ("results", json!({"runs": [full.clone(), full.clone()]}), true),
        ("results", json!({"runs": [{}]}), false),
        ("results", json!({"runs": [], "more": 1}), false),
        ("dataset", toml(include_str!("../../src/cli/init/datasets/example/dataset.toml")), true),
        ("dataset", toml("format = 1\nname = \"a\"\nversion = \"1\"\n[[field]]\nname = \"value\"\ntype = \"number\""), false),
        ("dataset", toml("format = 1\nname = \"a\"\nversion = \"1\"\n[[field]]\nname = \"value\"\ntolerance = { rel = 0.1 }"), false),
        ("jsonl", json!({"id": "a", "claims": []}), true),
        ("jsonl", json!({"id": "a", "error": {"kind": "timeout", "message": "late"}}), true),
        (
            "jsonl",
            json!({"id": "a", "genre": "news", "claims": [{"quote": "37.000", "fields": {"value": 37000, "source": ["AP"], "unit": null}}]}),
            true,
        ),
        ("jsonl", json!({"id": "a"}), false),
        ("jsonl", json!({"claims": []}), false),
        ("jsonl", json!({"id": "a", "claims": [{"start": 1}]}), false),
        ("jsonl", json!({"id": "a", "claims": [{"start": -1, "end": 2}]}), false),
        ("jsonl", json!({"id": "a", "claims": [{"quote": "x", "score": 1.5}]}), false),
        ("jsonl", json!({"id": "a", "claims": [{"quote": "x", "fields": {"value": {"is": 1}}}]}), false),
    ];
    documents.extend(lines("gold.jsonl").into_iter().chain(lines("pred.jsonl")).map(|line| ("jsonl", line, true)));
    documents.push(("results", full, true));
    documents
}

#[test]
fn files_fit_their_schemas_and_wrong_ones_do_not() {
    for (name, document, fits) in documents() {
        let found = violations(&schema_once(name), &document);
        assert_eq!(found.is_empty(), fits, "{name}: {document}\n{}", found.join("\n"));
    }
}

fn schema_once(name: &str) -> Value {
    use std::collections::BTreeMap;
    use std::sync::{Mutex, OnceLock};
    static KNOWN: OnceLock<Mutex<BTreeMap<String, Value>>> = OnceLock::new();
    let mut known = KNOWN.get_or_init(Mutex::default).lock().unwrap();
    known.entry(name.to_owned()).or_insert_with(|| schema(name)).clone()
}

/// Settings, and whether they are right.
fn settings() -> Vec<(String, bool)> {
    let least = "format = 1\nname = \"a\"\n[dataset]\npath = \"d\"\n";
    let with = |more: &str| format!("{least}{more}");
    vec![
        (least.to_owned(), true),
        (include_str!("../../src/cli/init/assay.toml").to_owned(), true),
        (include_str!("../data/contracts/assay.toml").to_owned(), true),
        (least.replace("format = 1", "format = 2"), false),
        (least.replace("\"d\"", "\"/d\""), false),
        (least.replace("[dataset]", "datset = 1\n[dataset]"), false),
        (with("[run]\njobs = 0"), false),
        (with("[run]\ntimeout = \"60\""), false),
        (with("[score]\nprimary = \"iou5\""), false),
        (with("[[extractor]]\nid = \"x\"\nkind = \"process\""), false),
        (with("[[extractor]]\nid = \"x\"\nkind = \"builtin\"\ncommand = [\"a\"]"), false),
        (with("[[extractor]]\nid = \"x y\"\nkind = \"builtin\""), false),
        (with("[[gate]]\nmetric = \"right\""), false),
        (with("[profile.ci]\nreport = [\"pdf\"]"), false),
    ]
}

#[test]
fn the_reader_of_settings_and_the_schema_agree() {
    use claim_assay::workspace::Config;
    for (text, right) in settings() {
        let document: Value = toml::from_str(&text).unwrap();
        let found = violations(&schema_once("config"), &document);
        assert_eq!(found.is_empty(), right, "the schema about\n{text}\n{}", found.join("\n"));
        assert_eq!(Config::parse("assay.toml", &text).is_ok(), right, "the reader about\n{text}");
    }
}

#[test]
fn completions_know_every_command() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let (code, script) = assay(&["completions", shell], Path::new("."));
        assert_eq!(code, 0);
        for command in ["show", "metrics", "schema", "lint", "score"] {
            assert!(script.contains(command), "{shell}: {command}");
        }
    }
}
