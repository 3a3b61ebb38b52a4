//! What the tests share: files of `tests/data`, claims from plain JSON, and small runs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use claim_assay::claim::{ArticleStatus, Claim, Field, FieldState, FieldType, Fields, Schema, Span};
use claim_assay::extract::{Answer, LocationCounts};
use claim_assay::score::{self, ArticleInput, Criterion, Evaluation, GoldInput, Prf, Provenance, Settings};
use serde_json::Value;

/// A file below `tests/data`.
pub fn data_file(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(path)
}

/// The text of a file below `tests/data`.
pub fn data(path: &str) -> String {
    std::fs::read_to_string(data_file(path)).unwrap_or_else(|e| panic!("tests/data/{path}: {e}"))
}

/// A JSON file below `tests/data`.
pub fn json(path: &str) -> Value {
    serde_json::from_str(&data(path)).unwrap_or_else(|e| panic!("tests/data/{path}: {e}"))
}

/// Copies a folder with all that is in it.
pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A claim from `{"id", "start", "end", "fragments"?, "kind", "fields": {name: text or null}, "score"?}`.
pub fn claim(value: &Value) -> Claim {
    let number = |v: &Value| u32::try_from(v.as_u64().unwrap()).unwrap();
    let spans: Vec<(u32, u32)> = match value.get("fragments") {
        Some(list) => list.as_array().unwrap().iter().map(|f| (number(&f[0]), number(&f[1]))).collect(),
        None => vec![(number(&value["start"]), number(&value["end"]))],
    };
    let fields: Fields = value["fields"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, v)| (name.clone(), v.as_str().map_or(FieldState::Absent, |s| FieldState::Present(s.to_owned()))))
        .collect();
    Claim {
        id: value["id"].as_str().unwrap_or_default().to_owned(),
        fragments: spans.into_iter().map(|(s, e)| Span::new(s, e).unwrap()).collect(),
        kind: value["kind"].as_str().unwrap_or_default().to_owned(),
        fields,
        score: value.get("score").and_then(Value::as_f64),
        ..Claim::default()
    }
}

/// Compares two numbers to 1e-9; `null` is undefined and equals only itself.
pub fn assert_close(found: Option<f64>, expected: &Value, what: &str) {
    match (found, expected.as_f64()) {
        (Some(a), Some(b)) => assert!((a - b).abs() <= 1e-9, "{what}: {a} instead of {b}"),
        (None, None) => {}
        (a, _) => panic!("{what}: {a:?} instead of {expected}"),
    }
}

/// Compares counts, precision, recall and F1; `expected` has the keys of the result's JSON.
pub fn assert_prf(found: &Prf, expected: &Value, what: &str) {
    assert_eq!([found.tp, found.fp, found.fn_].map(Some), ["tp", "fp", "fn"].map(|k| expected[k].as_u64()), "{what}: tp, fp, fn");
    assert_close(found.precision, &expected["precision"], &format!("{what}: precision"));
    assert_close(found.recall, &expected["recall"], &format!("{what}: recall"));
    assert_close(found.f1, &expected["f1"], &format!("{what}: f1"));
}

/// A claim of a kind at a span, without fields.
pub fn spanned(kind: &str, start: u32, end: u32) -> Claim {
    Claim { fragments: Span::new(start, end).unwrap().into(), kind: kind.to_owned(), ..Claim::default() }
}

/// The claim with one more field, present.
pub fn with_field(mut claim: Claim, name: &str, value: &str) -> Claim {
    claim.fields.insert(name.to_owned(), FieldState::Present(value.to_owned()));
    claim
}

/// Open kinds, and fields whose values are compared as plain text, with their weights.
pub fn plain_schema(fields: &[(&str, u32)], key_fields: &[&str]) -> Schema {
    let field = |&(name, weight): &(&str, u32)| Field { weight, ..Field::new(name, FieldType::Enum) };
    Schema {
        kinds: None,
        fields: fields.iter().map(field).collect(),
        key_fields: key_fields.iter().map(|&k| k.to_owned()).collect(),
        ..Schema::default()
    }
}

/// Default criteria, no slices.
pub fn settings(schema: Schema, primary: Criterion) -> Settings {
    Settings { schema, criteria: Criterion::DEFAULT.to_vec(), primary, slices: vec![], ..Settings::new(Schema::open()) }
}

/// A gold claim as a test holds it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gold {
    pub claim: Claim,
    pub optional: bool,
    pub tags: Vec<String>,
}

/// An article as a test holds it; an [`ArticleInput`] borrows it.
#[derive(Clone, Debug)]
pub struct TestArticle {
    pub id: String,
    pub lang: String,
    pub status: ArticleStatus,
    /// Besides `lang`.
    pub columns: BTreeMap<String, String>,
    pub gold: Vec<Gold>,
    pub answer: Option<Answer>,
}

impl TestArticle {
    /// An English article labelled whole and answered.
    pub fn new(id: &str, gold: Vec<Claim>, predicted: Vec<Claim>) -> TestArticle {
        let located = LocationCounts { exact: predicted.len() as u64, ..LocationCounts::default() };
        TestArticle {
            id: id.to_owned(),
            lang: "en".to_owned(),
            status: ArticleStatus::Gold,
            columns: BTreeMap::new(),
            gold: gold.into_iter().map(|claim| Gold { claim, ..Gold::default() }).collect(),
            answer: Some(Answer::of_claims(id, predicted, located)),
        }
    }
}

/// Scores the articles as a run.
pub fn evaluate(articles: &[TestArticle], settings: &Settings) -> Evaluation {
    let inputs: Vec<ArticleInput> = articles
        .iter()
        .map(|a| {
            let own = [("lang".into(), a.lang.as_str().into())];
            ArticleInput {
                id: &a.id,
                lang: &a.lang,
                status: a.status,
                columns: a.columns.iter().map(|(k, v)| (k.as_str().into(), v.as_str().into())).chain(own).collect(),
                gold: a.gold.iter().map(|g| GoldInput { claim: &g.claim, optional: g.optional, tags: &g.tags }).collect(),
                answer: a.answer.as_ref(),
            }
        })
        .collect();
    score::evaluate(&inputs, settings, &Provenance { selection: "all".to_owned(), ..Provenance::default() })
}

/// How many random runs a law gets: so many, and thirty times as many where `ASSAY_FULL=1` asks for the long loops.
pub fn cases(short: u32) -> proptest::test_runner::Config {
    let full = std::env::var("ASSAY_FULL").is_ok_and(|value| value == "1");
    proptest::test_runner::Config::with_cases(if full { 30 * short } else { short })
}
