//! `assay agree` as users run it: what it counts, what it lists, and what it refuses.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;
use unicode_width::UnicodeWidthStr;

const HEADER: &str = "claim_id,article_id,start,end,quote,kind,value,unit,status\n";

const TEXTS: [(&str, &str, &str); 3] = [
    ("ferry", "en", "The ferry carried 37,000 people in 2023, ten times more than before."),
    ("notice", "en", "The office is closed on Monday."),
    ("kapal", "id", "Kapal itu membawa 37.000 orang pada 2023."),
];

/// A dataset of three articles. `notice` has no claims, and `kapal` is not labelled in the gold.
fn dataset(gold: &str, annotators: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write(
        "dataset.toml",
        "format = 1\nname = \"ships\"\nversion = \"1\"\nkinds = [\"quantity\", \"change\"]\nkey_fields = [\"value\"]\n\
         [[field]]\nname = \"value\"\ntype = \"decimal\"\n[[field]]\nname = \"unit\"\ntype = \"text\"\n",
    );
    let mut articles = "article_id,lang,status\n".to_owned();
    for (id, lang, text) in TEXTS {
        write(&format!("articles/{id}.txt"), text);
        articles += &format!("{id},{lang},{}\n", if id == "kapal" { "unlabelled" } else { "" });
    }
    write("articles.csv", &articles);
    write("claims.csv", &format!("{HEADER}{gold}"));
    for (name, rows) in annotators {
        write(&format!("annotations/{name}.csv"), &format!("{HEADER}{rows}"));
    }
    dir
}

const GOLD: &str = "g1,ferry,18,24,\"37,000\",quantity,37000,person,\ng2,ferry,41,50,ten times,change,10,none,\n";

/// Finds the first claim as the gold does with another unit, calls the second one by another kind, and has one more.
const ANA: &str = "a1,ferry,18,31,\"37,000 people\",quantity,37000,passenger,\na2,ferry,41,50,ten times,quantity,10,none,\n\
                   a3,ferry,35,39,2023,quantity,2023,,\n,notice,,,,,,,\na4,kapal,18,24,37.000,quantity,37000,person,\n";

const BEN: &str = "b1,kapal,18,24,37.000,quantity,37,person,\n";

/// Exit code, output, errors.
fn agree(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
    command.arg("agree").args(arguments).current_dir(folder).env_remove("CLICOLOR_FORCE").stdin(Stdio::null());
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the output is UTF-8");
    (output.status.code().expect("the command ends by itself"), text(output.stdout), text(output.stderr))
}

fn agree_json(folder: &Path, arguments: &[&str]) -> Value {
    let (code, out, err) = agree(folder, &[arguments, &["--json"]].concat());
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    serde_json::from_str(&out).unwrap()
}

fn pair<'v>(found: &'v Value, first: &str, second: &str) -> &'v Value {
    let pairs = found["pairs"].as_array().unwrap();
    pairs.iter().find(|pair| pair["annotators"] == json!([first, second])).unwrap()
}

#[test]
fn claims_kinds_and_fields_are_compared_over_articles_that_both_labelled() {
    let dir = dataset(GOLD, &[("ana", ANA), ("ben", BEN)]);
    let found = agree_json(dir.path(), &[]);
    assert_eq!(found["annotators"][1], json!({"name": "ana", "articles": 3, "empty_articles": 1, "claims": 4, "drafts": 0}));
    let ana = pair(&found, "gold", "ana");
    assert_eq!([&ana["articles"], &ana["empty_articles"]], [2, 1], "not kapal, which the gold has not labelled");
    // 37,000 within 37,000 people is 6 of 13 code points: no pair under iou50.
    assert_eq!(ana["spans"]["exact"], json!({"matched": 1, "claims": [2, 3], "f1": 0.4}));
    assert_eq!(ana["spans"]["iou50"], json!({"matched": 1, "claims": [2, 3], "f1": 0.4}));
    assert_eq!(ana["spans"]["overlap"], json!({"matched": 2, "claims": [2, 3], "f1": 0.8}));
    assert_eq!(ana["spans"]["strict"]["matched"], 0);
    assert_eq!([&ana["kinds"]["pairs"], &ana["kinds"]["same"]], [2, 1]);
    // Of four labels three are equal: the one disagreement is what chance gives on average, and half a pair is as much as can be.
    assert_eq!([&ana["kinds"]["kappa"], &ana["kinds"]["alpha"]], [&json!(0.0), &json!(0.0)]);
    assert_eq!([&ana["fields"]["value"]["pairs"], &ana["fields"]["value"]["same"]], [1, 1]);
    assert_eq!(ana["fields"]["unit"]["kappa"], Value::Null, "both say none throughout");
    assert_eq!(pair(&found, "gold", "ben")["articles"], 0);
    let both = pair(&found, "ana", "ben");
    assert_eq!([&both["articles"], &both["spans"]["exact"]["f1"]], [&json!(1), &json!(1.0)]);
    assert_eq!([&both["fields"]["value"]["pairs"], &both["fields"]["value"]["same"]], [1, 0]);
}

#[test]
fn three_annotators_are_compared_each_with_each_and_together() {
    let cat = |unit: &str| format!("c1,ferry,18,24,\"37,000\",quantity,37000,{unit},\n,notice,,,,,,,\n");
    let dir = dataset(GOLD, &[("ana", ANA), ("ben", BEN), ("cat", &cat("person"))]);
    let found = agree_json(dir.path(), &[]);
    let pairs: Vec<Value> = found["pairs"].as_array().unwrap().iter().map(|pair| pair["annotators"].clone()).collect();
    let expected = [["gold", "ana"], ["gold", "ben"], ["gold", "cat"], ["ana", "ben"], ["ana", "cat"], ["ben", "cat"]];
    assert_eq!(pairs, expected.map(|pair| json!(pair)));
    assert_eq!(pair(&found, "gold", "cat")["spans"]["exact"], json!({"matched": 1, "claims": [2, 1], "f1": 2.0 / 3.0}));
    assert_eq!(pair(&found, "ben", "cat")["articles"], 0);
    let (code, out, _) = agree(dir.path(), &["ana", "cat", "-n", "0"]);
    assert_eq!(code, 0);
    assert!(out.contains("ana ~ cat") && !out.contains("ben"), "{out}");
}

#[test]
fn what_differs_is_listed_with_its_reason() {
    let dir = dataset(GOLD, &[("ana", ANA), ("ben", BEN)]);
    let found = agree_json(dir.path(), &[]);
    let listed = |first: &str, second: &str| -> Vec<Value> {
        let list = pair(&found, first, second)["disagreements"].as_array().unwrap();
        let ids = |d: &Value| json!([d["claims"][0]["claim_id"], d["claims"][1]["claim_id"]]);
        list.iter().map(|d| json!([d["what"], ids(d), d["fields"]])).collect()
    };
    assert_eq!(
        listed("gold", "ana"),
        [
            json!([["apart", "field"], ["g1", "a1"], [{"field": "unit", "values": ["person", "passenger"]}]]),
            json!([["only"], [null, "a3"], []]),
            json!([["kind"], ["g2", "a2"], []]),
        ]
    );
    assert_eq!(listed("ana", "ben"), [json!([["field"], ["a4", "b1"], [{"field": "value", "values": ["37000", "37"]}]])]);
    let (_, out, _) = agree(dir.path(), &["-n", "1"]);
    for part in [
        "gold ~ ana · 3 disagreements\napart, field  ferry  g1 ~ a1  quantity\n    The ferry carried {⟪37,000⟫ people} in 2023",
        "\n    unit           gold           person\n                   ana            passenger\n2 more: -n 0 lists all\n",
    ] {
        assert!(out.contains(part), "{part:?} in {out}");
    }
}

#[test]
fn named_annotators_and_chosen_articles() {
    let dir = dataset(GOLD, &[("ana", ANA), ("ben", BEN)]);
    let names = |arguments: &[&str]| {
        agree_json(dir.path(), arguments)["annotators"].as_array().unwrap().iter().map(|a| a["name"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(&["ana"]), ["gold", "ana"]);
    assert_eq!(names(&["gold", "ana", "ana"]), ["gold", "ana"], "the gold is always there, and nobody twice");
    let found = agree_json(dir.path(), &["--where", "lang=id"]);
    assert_eq!(found["selection"], "lang=id");
    assert_eq!([&pair(&found, "gold", "ana")["articles"], &pair(&found, "ana", "ben")["articles"]], [0, 1]);
}

#[test]
fn numbers_are_cut() {
    let dir = dataset(GOLD, &[("ana", ANA), ("ben", BEN)]);
    let ana = pair(&agree_json(dir.path(), &[]), "gold", "ana").clone();
    let values = |by: &str| ana[by].as_array().unwrap().iter().map(|s| s["value"].clone()).collect::<Vec<_>>();
    assert_eq!((values("by_lang"), values("by_article")), (vec![json!("en")], vec![json!("ferry"), json!("notice")]));
    assert_eq!(ana["by_article"][1]["spans"]["exact"], json!({"matched": 0, "claims": [0, 0], "f1": null}));
    assert_eq!(ana["by_kind"][0], json!({"kind": "change", "claims": [1, 0], "both": 0, "one": 1, "f1": 0.0}));
    for (cut, part) in [
        ("lang", "\n  en                              2       2 / 3    .400    .400    .800     .000\n"),
        ("article", "\n  notice                          1       0 / 0     n/a     n/a     n/a      n/a\n"),
        ("kind", "\n  quantity                           1 / 3        0          1     .000\n"),
        ("field", "\n  value                               1        1      n/a      n/a      n/a\n"),
    ] {
        let (code, out, err) = agree(dir.path(), &["ana", "--by", cut]);
        assert_eq!(code, 0, "{err}");
        assert!(out.contains(part) && !out.contains("disagreement"), "{cut}: {part:?} in {out}");
    }
}

/// Drafts are not confirmed, and optional claims count on neither side.
#[test]
fn drafts_and_optional_claims() {
    let rows = "c1,ferry,18,24,\"37,000\",quantity,37000,person,optional\nc2,ferry,41,50,ten times,change,10,none,\n\
                c3,ferry,35,39,2023,quantity,2023,,optional\nc4,kapal,18,24,37.000,quantity,37,person,draft\n";
    let dir = dataset(GOLD, &[("cem", rows)]);
    let (code, out, err) = agree(dir.path(), &["--json"]);
    assert_eq!((code, err.as_str()), (0, "cem: 1 draft left out: not confirmed yet\n"));
    let found: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(found["annotators"][1]["articles"], 1, "an article of drafts is not labelled yet");
    let cem = pair(&found, "gold", "cem");
    assert_eq!(cem["spans"]["exact"], json!({"matched": 1, "claims": [1, 1], "f1": 1.0}));
    assert_eq!(cem["disagreements"], json!([]));
}

#[test]
fn where_nothing_can_be_compared_it_ends_with_4() {
    let none = dataset(GOLD, &[]);
    let (code, _, err) = agree(none.path(), &[]);
    assert_eq!(code, 4);
    assert!(err.contains("no annotator has a file; annotators are ") && err.contains("annotations/<annotator>.csv"), "{err}");
    let apart = dataset(GOLD, &[("ben", BEN)]);
    let (code, out, err) = agree(apart.path(), &[]);
    assert_eq!((code, err.as_str()), (4, "nothing to compare: no article was labelled by two\n"));
    assert!(out.contains("gold ~ ben                   no article in common"), "{out}");
    let empty = dataset("", &[("ben", "")]);
    let (code, _, err) = agree(empty.path(), &["--json"]);
    assert_eq!(code, 4, "{err}");
    assert!(err.contains("annotations/ben.csv: warning[no-rows]: no rows: ben has labelled nothing"), "{err}");
}

/// Files of annotators, arguments, exit code, part of the message.
type Case<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str], i32, &'a str);

#[test]
fn what_is_not_valid_is_told_with_its_place() {
    let twice = "a1,ferry,18,24,\"37,000\",quantity,37000,person,\n,ferry,,,,,,,\n";
    let cases: [Case; 10] = [
        (&[("ana", "a1,ferry,18,24,\"38,000\",quantity,37000,person,\n")], &[], 3, "annotations/ana.csv:2:quote: error[quote]"),
        (&[("ana", "a1,ferri,18,24,\"37,000\",quantity,37000,person,\n")], &[], 3, "no article \"ferri\"; did you mean ferry?"),
        (&[("ana", ",ferri,,,,,,,\n")], &[], 3, "annotations/ana.csv:2:article_id: error[unknown-article]"),
        (&[("ana", twice)], &[], 3, "annotations/ana.csv:3:claim_id: error[no-claims]: a row without a claim says that ferry has none"),
        (&[("ana", ",ferry,,,,quantity,,,\n")], &[], 3, "claim_id is empty"),
        (&[("gold", GOLD)], &[], 3, "an annotator cannot be called gold"),
        (&[("a b", GOLD)], &[], 3, "\"a b\" is no name of an annotator"),
        (&[("ana", ANA)], &["anna"], 3, "no annotator \"anna\"; did you mean ana? There are: ana"),
        (&[("ana", ANA)], &["--where", "lang=fr"], 3, "no article has lang=\"fr\""),
        (&[("ana", ANA)], &["--by", "colour"], 2, "possible values: lang, kind, field, article"),
    ];
    for (annotators, arguments, exit, message) in cases {
        let dir = dataset(GOLD, annotators);
        let (code, out, err) = agree(dir.path(), arguments);
        assert_eq!((code, out.as_str()), (exit, ""), "{message}: {err}");
        assert!(err.contains(message), "{message:?} in {err}");
    }
    let dir = dataset(GOLD, &[("ana", ANA)]);
    std::fs::write(dir.path().join("annotations/ben.jsonl"), "").unwrap();
    let (code, _, err) = agree(dir.path(), &[]);
    assert_eq!(code, 3);
    assert!(err.contains("\"ben.jsonl\" is no file of an annotator"), "{err}");
}

#[test]
fn lint_checks_the_files_of_annotators_too() {
    let dir = dataset(GOLD, &[("ana", ANA), ("ben", "b1,kapal,18,23,37.000,quantity,many,person,\n")]);
    std::fs::write(dir.path().join("annotations/notes.txt"), "x").unwrap();
    let lint = || {
        let output = Command::new(env!("CARGO_BIN_EXE_assay")).arg("lint").current_dir(dir.path()).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, out) = lint();
    assert_eq!(code, Some(3));
    assert!(out.contains("annotations/notes.txt") && out.contains("nothing else"), "{out}");
    std::fs::remove_file(dir.path().join("annotations/notes.txt")).unwrap();
    let (code, out) = lint();
    assert_eq!(code, Some(3));
    assert!(out.contains("annotations/ben.csv:2:quote") && out.contains("annotations/ben.csv:2:value"), "{out}");
}

/// Nothing in a text, a value or an id moves the cursor, and no line is wider than a terminal.
#[test]
fn hostile_labels_are_harmless_and_fit() {
    let long = "w".repeat(300);
    let evil = "\u{1b}[2J\u{202e}::error::";
    let rows = format!("{evil}a,ferry,18,24,\"37,000\",quantity,37000,{evil}{long},\n{long},ferry,35,39,2023,quantity,2023,,\n");
    let name = "n".repeat(100);
    let dir = dataset(GOLD, &[(&name, &rows), (&"m".repeat(99), ANA)]);
    for arguments in [&["-n", "0"][..], &["--by", "lang,kind,field,article"]] {
        let (code, out, err) = agree(dir.path(), arguments);
        assert_eq!(code, 0, "{err}");
        assert!(!out.contains(['\u{1b}', '\u{202e}']), "{out}");
        assert!(!out.lines().any(|line| line.trim_start().starts_with("::error")), "{out}");
        let widest = out.lines().max_by_key(|line| line.width()).unwrap();
        assert!(widest.width() <= 80, "{} columns: {widest}", widest.width());
    }
    let tenfold = Path::new(env!("CARGO_MANIFEST_DIR"));
    for arguments in [&["-n", "0"][..], &["--by", "lang,kind,field,article"]] {
        let (code, out, err) = agree(tenfold, arguments);
        assert_eq!(code, 0, "{err}");
        assert!(out.lines().all(|line| line.width() <= 80), "{out}");
    }
    let found = agree_json(dir.path(), &[]);
    let ids = &pair(&found, "gold", &name)["disagreements"][0]["claims"][1]["claim_id"];
    assert_eq!(ids, &json!(format!("{evil}a")), "JSON keeps what is written");
}

/// A thousand claims at one place are compared in time.
#[test]
fn crowded_articles() {
    let row = |name: &str, number: usize| format!("{name}{number},ferry,18,24,\"37,000\",quantity,{number},person,\n");
    let rows = |name: &str| (0..1000).map(|number| row(name, number)).collect::<String>();
    let dir = dataset(&rows("g"), &[("ana", &rows("a"))]);
    let found = agree_json(dir.path(), &[]);
    let ana = pair(&found, "gold", "ana");
    assert_eq!([&ana["spans"]["exact"]["matched"], &ana["all_fields_same"]], [1000, 1000]);
}

/// The project's own dataset, as its manual shows it.
#[test]
fn the_manual_shows_what_is_printed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manual = std::fs::read_to_string(root.join("docs/agreement.md")).unwrap();
    let mut commands = 0;
    for block in manual.split("```console\n$ assay agree").skip(1) {
        let (arguments, rest) = block.split_once('\n').unwrap();
        let (shown, _) = rest.split_once("```").unwrap();
        let (code, out, err) = agree(root, &arguments.split_whitespace().collect::<Vec<_>>());
        assert_eq!((code, out.as_str()), (0, shown), "assay agree{arguments}: {err}");
        commands += 1;
    }
    assert_eq!(commands, 2);
}
