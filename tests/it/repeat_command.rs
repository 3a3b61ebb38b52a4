//! `assay run --repeat`: an extractor that answers otherwise each time, and one that does not.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn assay(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_assay")).args(arguments).current_dir(folder).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Finds the first claim of the Indonesian article in every other start of the program, that of the English one always.
const EVERY_OTHER: &str = r#"
import json, os, sys
path = "starts.txt"
starts = int(open(path).read()) if os.path.exists(path) else 0
open(path, "w").write(str(starts + 1))
quotes = {"en-001": "more than 37,000 Chinese nationals"}
if starts % 2 == 0:
    quotes["id-001"] = "lebih dari 37.000 warga negara Tiongkok"
for line in sys.stdin:
    id = json.loads(line)["id"]
    print(json.dumps({"id": id, "claims": [{"quote": quotes[id], "kind": "quantity"}] if id in quotes else []}), flush=True)
"#;

/// The workspace that `init` makes, with that program beside the rules.
fn workspace() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(assay(dir.path(), &["init", "."]).0, 0);
    let config = dir.path().join("assay.toml");
    let extractor = "\n[[extractor]]\nid = \"coin\"\nkind = \"process\"\nversion = \"1\"\ncommand = [\"python3\", \"coin.py\"]\n";
    std::fs::write(&config, std::fs::read_to_string(&config).unwrap() + extractor).unwrap();
    std::fs::write(dir.path().join("coin.py"), EVERY_OTHER).unwrap();
    dir
}

#[test]
fn the_spread_and_the_claims_that_flip() {
    let dir = workspace();
    let (code, out, err) = assay(dir.path(), &["run", "coin", "--repeat", "4", "--json"]);
    assert_eq!(code, 0, "{err}");
    let all: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(all["runs"].as_array().unwrap().len(), 4);
    let repeats = &all["repeats"][0];
    let recall = &repeats["criteria"]["iou50"]["recall"];
    let number = |name: &str| recall[name].as_f64().unwrap();
    // Two of six gold claims, one of six, two, one.
    assert!(
        (number("mean") - 0.25).abs() < 1e-12 && (number("min") - 1.0 / 6.0).abs() < 1e-12 && (number("max") - 2.0 / 6.0).abs() < 1e-12
    );
    assert!((number("sd") - (1.0f64 / 108.0).sqrt()).abs() < 1e-12, "{recall}");
    let flips = repeats["flips"].as_array().unwrap();
    let flip = |flip: &Value| (flip["claim"]["name"].as_str().unwrap().to_owned(), flip["found"].as_u64(), flip["of"].as_u64());
    assert_eq!(flips.iter().map(flip).collect::<Vec<_>>(), [("id-001-c1".to_owned(), Some(2), Some(4))]);
    assert_eq!((repeats["gold"]["always"].as_u64(), repeats["gold"]["never"].as_u64()), (Some(1), Some(4)));
    let (_, list, _) = assay(dir.path(), &["runs", "list", "coin"]);
    assert!(list.contains("repeat 1 of 4") && list.contains("repeat 4 of 4"), "{list}");
}

#[test]
fn an_extractor_that_always_answers_the_same_has_no_noise_of_its_own() {
    let dir = workspace();
    let (code, out, err) = assay(dir.path(), &["run", "rules", "--repeat", "3"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("all 3 repeats gave the same answers"), "{out}");
    assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
    let (_, single, _) = assay(dir.path(), &["run", "rules", "--json", "--no-store"]);
    let (_, repeated, _) = assay(dir.path(), &["run", "rules", "--repeat", "3", "--json", "--no-store"]);
    let (single, repeated): (Value, Value) = (serde_json::from_str(&single).unwrap(), serde_json::from_str(&repeated).unwrap());
    for metric in ["precision", "recall", "f1"] {
        let of_one = &single["runs"][0]["criteria"]["claim"]["ci"][metric];
        assert_eq!(of_one, &repeated["repeats"][0]["criteria"]["claim"][metric]["ci"], "{metric}");
    }
}

#[test]
fn gates_judge_one_run() {
    let dir = workspace();
    let (code, _, err) = assay(dir.path(), &["run", "rules", "--repeat", "3", "--gate"]);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("--repeat") && err.contains("gate"), "{err}");
}
