//! Hostile text as quote, field, title, address, tracking id and prediction of a claim that one run found and the next missed, so that
//! every command about runs prints it. It stays text on the terminal, for a CI runner, and in every file.

use std::fs;

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::commands::{DROPS, Ended, Workspace};
use super::{ARTICLES, CLAIMS, COLUMNS, SECRET, claims_of, r1, r2, r3, set};
use crate::support::json as data;
use claim_assay::formats::table::write;
use claim_assay::report::safe::is_bidi_control;

/// Id and text of each payload.
fn payloads() -> Vec<(String, String)> {
    let all = data("hostile/payloads.json");
    let of = |case: &Value| {
        let times = case["times"].as_u64().unwrap_or(1) as usize;
        (case["id"].as_str().unwrap().replace('_', "-"), case["text"].as_str().unwrap().repeat(times))
    };
    all.as_array().unwrap().iter().map(of).collect()
}

/// An article a payload, each with one gold claim. The blessed run found all of them, the latest one none.
fn workspace(payloads: &[(String, String)]) -> Workspace {
    let workspace = Workspace::new(DROPS);
    let before = "Officials said ";
    let (mut articles, mut claims) = (vec![], vec![r1(), r2(), r3()]);
    let (mut found, mut missed) = (workspace.read("predictions.jsonl"), workspace.read("predictions.jsonl"));
    for (id, payload) in payloads {
        workspace.write(&format!("datasets/t/articles/{id}.txt"), format!("{before}{payload} in 2023."));
        articles.push(vec![id.clone(), "en".into(), payload.clone(), payload.clone()]);
        let (start, end) = (before.len(), before.len() + payload.chars().count());
        let tracking = payload.chars().take(40).collect::<String>();
        // A text field needs a letter.
        let field = format!("{payload} A");
        let (name, from, to) = (format!("c-{id}"), start.to_string(), end.to_string());
        let cells = [
            ("claim_id", name.as_str()),
            ("article_id", id),
            ("start", &from),
            ("end", &to),
            ("quote", payload),
            ("place", &field),
            ("source", &json!([field]).to_string()),
            ("tracking_id", &tracking),
            ("value", "1"),
        ];
        claims.push(set(&r1(), &cells));
        let fields = json!({"place": field, "unit": field});
        let gold = json!({"start": start, "end": end, "quote": payload, "kind": "quantity", "fields": fields, "tracking_id": payload});
        found += &format!("{}\n", json!({"id": id, "claims": [gold]}));
        let other = json!({"id": payload, "start": 0, "end": 8, "quote": "Official", "kind": payload, "fields": fields, "score": 0.9});
        missed += &format!("{}\n", json!({"id": id, "claims": [other]}));
    }
    let base = ["a1", "a2", "a3", "a4"].map(|id| vec![id.to_owned(), "en".into(), String::new(), String::new()]);
    workspace.write(ARTICLES, write(&["article_id", "lang", "title", "url"], base.into_iter().chain(articles)));
    workspace.write(CLAIMS, claims_of(&COLUMNS, &claims));
    for (answers, next) in [(found, Some("baseline set")), (missed, None)] {
        workspace.write("predictions.jsonl", answers);
        for command in std::iter::once("run").chain(next) {
            let ended = workspace.assay(command);
            assert_eq!(ended.code, 0, "{command}: {}", ended.said().chars().take(2000).collect::<String>());
        }
    }
    workspace
}

/// Neither controls nor what turns the direction of writing.
fn assert_harmless(what: &str, text: &str) {
    let bad = text.lines().find(|line| line.chars().any(|c| c.is_control() || is_bidi_control(c)));
    assert!(bad.is_none(), "{what}: {bad:?}");
    assert!(!text.contains(SECRET) && !text.contains("root:x:0"), "{what}: tells a secret");
}

const COMMANDS: [&str; 9] = [
    "gate --no-github",
    "gate --json",
    "compare @baseline latest -n 0",
    "compare @baseline latest --json",
    "baseline show",
    "baseline list --json",
    "runs",
    "runs show latest",
    "report latest -o r.md -o r.xml -o r.csv -o r.json -o codequality.json",
];

#[test]
fn hostile_text_stays_text_wherever_runs_are_shown() {
    let payloads = payloads();
    assert!(payloads.len() > 80);
    let workspace = workspace(&payloads);
    let is_command = |line: &&str| {
        let line = line.trim_start();
        line.starts_with("::") || ["##[", "##vso[", "##teamcity["].iter().any(|sign| line.contains(sign))
    };
    for github in ["false", "true"] {
        for command in COMMANDS {
            let arguments: Vec<&str> = command.split(' ').collect();
            let environment = [("GITHUB_ACTIONS", github), ("OPENAI_API_KEY", SECRET), ("GITHUB_STEP_SUMMARY", ""), ("GITHUB_OUTPUT", "")];
            let ended = workspace.assay_with(&arguments, &environment);
            assert_eq!(ended.code, if arguments[0] == "gate" { 100 } else { 0 }, "{command}: {}", ended.err);
            let said = ended.said();
            // JSON has its own escapes.
            assert_harmless(command, &said);
            // Elsewhere nobody reads commands from the output.
            let forged = said.lines().find(is_command).filter(|_| github == "true");
            assert!(forged.is_none(), "{command}: {forged:?}");
            // What makes a command inert takes room of its own.
            if !command.contains("json") && github == "false" {
                let wide = ended.out.lines().find(|line| line.width() > 80);
                assert!(wide.is_none(), "{command}: {wide:?} is wider than 80 columns");
            }
        }
    }
    let newly_missed =
        |ended: Ended| serde_json::from_str::<Value>(&ended.out).unwrap()["comparisons"][0]["changes"]["newly_missed"].clone();
    let missed = newly_missed(workspace.assay("compare @baseline latest --json"));
    for (id, payload) in &payloads {
        let of_article = missed.as_array().unwrap().iter().find(|change| change["article_id"] == json!(id));
        let claim = &of_article.unwrap_or_else(|| panic!("{id} is not missed"))["claim"];
        assert!(
            claim["quote"] == json!(payload) && claim["fields"]["place"] == json!(format!("{payload} A").trim_start()),
            "{id} is another text now"
        );
    }
    files(&workspace);
}

/// What a spreadsheet takes for a formula, but for a number.
fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err()
}

fn files(workspace: &Workspace) {
    for file in ["r.md", "r.xml", "codequality.json"] {
        assert_harmless(file, &workspace.read(file));
    }
    assert!(roxmltree::Document::parse(&workspace.read("r.xml")).is_ok());
    let table = workspace.read("r.csv");
    for record in csv::Reader::from_reader(table.as_bytes()).records() {
        let record = record.unwrap();
        let formula = record.iter().find(|cell| is_formula(cell));
        assert!(formula.is_none(), "{formula:?}");
    }
    for folder in [workspace.outside().to_owned(), workspace.path(), workspace.path().join("datasets/t/articles")] {
        assert!(fs::read_dir(folder).unwrap().all(|entry| entry.unwrap().file_name() != "PWNED"));
    }
}

#[test]
fn gates_as_json_depend_on_the_answers_alone() {
    let workspace = Workspace::blessed(DROPS);
    let first = workspace.assay("gate --json").out;
    assert_eq!(workspace.assay("run").code, 0);
    assert_eq!(workspace.assay("gate --json").out, first, "no id of a run and no time");
    let value: Value = serde_json::from_str(&first).unwrap();
    assert_eq!(format!("{}\n", serde_json::to_string_pretty(&value).unwrap()), first, "keys are sorted");
}
