//! What the tests share: files of `tests/data`, and claims from plain JSON.

use std::collections::BTreeMap;
use std::path::PathBuf;

use claim_assay::claim::{Claim, FieldState, Span};
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

/// A claim from `{"id", "start", "end", "fragments"?, "kind", "fields": {name: text or null}, "score"?}`.
pub fn claim(value: &Value) -> Claim {
    let number = |v: &Value| u32::try_from(v.as_u64().unwrap()).unwrap();
    let spans: Vec<(u32, u32)> = match value.get("fragments") {
        Some(list) => list.as_array().unwrap().iter().map(|f| (number(&f[0]), number(&f[1]))).collect(),
        None => vec![(number(&value["start"]), number(&value["end"]))],
    };
    let fields: BTreeMap<String, FieldState<String>> = value["fields"]
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
