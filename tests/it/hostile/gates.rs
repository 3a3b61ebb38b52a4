//! Gates that ask for nonsense, for what is not there, or for what no claim is; and runs that gates can hardly judge.

use std::fs;

use serde_json::Value;

use super::commands::{DROPS, Ended, Workspace};
use super::{ARTICLES, CONFIG, mentions};

/// The lines of `gate --json`.
fn lines(ended: &Ended) -> Vec<Value> {
    let json: Value = serde_json::from_str(&ended.out).unwrap_or_else(|e| panic!("{e}: {}", ended.said()));
    json["lines"].as_array().unwrap().clone()
}

fn verdicts(ended: &Ended) -> Vec<String> {
    lines(ended).iter().map(|line| line["verdict"].as_str().unwrap().to_owned()).collect()
}

/// The gates of the workspace are these alone.
fn only(workspace: &Workspace, gates: &str) {
    let without = CONFIG.split_once("[[gate]]").unwrap().0;
    workspace.write("assay.toml", format!("{without}{gates}"));
}

fn gate(metric: &str, lines: &str) -> String {
    format!("\n[[gate]]\nmetric = \"{metric}\"\n{lines}\n")
}

#[test]
fn a_gate_that_cannot_be_judged_never_passes() {
    let f1 = "criteria.iou50.f1";
    // Id, gates, how the command ends, and what it says.
    let cases = [
        ("nan", gate(f1, "min = nan"), 3, "min;number from 0 to 1"),
        ("inf", gate(f1, "min = inf"), 3, "min"),
        ("neg_inf", gate(f1, "max = -inf"), 3, "max"),
        ("drop_nan", gate(f1, "max_drop = nan"), 3, "max_drop"),
        ("drop_neg", gate(f1, "max_drop = -0.1"), 3, "max_drop"),
        ("percent", gate(f1, "min = 85"), 3, "min"),
        ("string", gate(f1, "min = \"0.5\""), 3, "min"),
        ("zero", gate(f1, "min = 0.0"), 0, "at least 0 · now 1.000;The gate held"),
        ("neg", gate(f1, "min = -1.0"), 3, "min"),
        ("missing", gate(f1, ""), 3, "no limit"),
        ("both", gate(f1, "min = 0.9\nmax = 0.1"), 3, "can never hold"),
        ("unknown_metric", gate("f1_scroe", "min = 0.5"), 3, "f1_scroe"),
        ("unknown_extractor", gate(f1, "min = 0.5\nextractor = \"god\""), 3, "\"god\";did you mean \"good\""),
        ("empty_slice", gate("criteria.iou50.recall", "min = 0.8\nslice = { lang = \"sw\" }"), 3, "\"sw\";the dataset has ar, en, id"),
        ("none", String::new(), 4, "no gate"),
        ("tag_of_articles", gate("newly_missed", "max = 0\nwhere = { tags = \"breaking\" }"), 3, "\"breaking\""),
        ("tag_of_articles_as_slice", gate("criteria.iou50.recall", "min = 0.1\nslice = { tags = \"breaking\" }"), 3, "\"breaking\""),
        ("no_claim_is_meant", gate("newly_missed", "max = 0\nwhere = { lang = \"ar\" }"), 4, "not evaluated;no gold claim"),
        (
            "conditions_exclude_each_other",
            gate("newly_missed", "max = 0\nwhere = { lang = \"en\", article_id = \"a2\" }"),
            4,
            "no gold claim",
        ),
        ("no_claim_in_slice", gate("criteria.iou50.recall", "min = 0.1\nslice = { lang = \"ar\" }"), 100, "is undefined"),
        ("no_claim_in_slice_for_drop", gate("criteria.iou50.recall", "max_drop = 0.1\nslice = { lang = \"ar\" }"), 100, "is undefined"),
    ];
    let workspace = Workspace::blessed(DROPS);
    workspace.write(ARTICLES, "article_id,lang,tags\na1,en,breaking\na2,id,\na3,en,\na4,ar,\n");
    for (id, gates, code, mention) in cases {
        only(&workspace, &gates);
        let ended = workspace.assay("gate");
        assert_eq!(ended.code, code, "{id}: {}", ended.said());
        assert!(mentions(&ended.said(), mention), "{id}: {mention:?}: {}", ended.said());
        assert_eq!(ended.out.ends_with(" held.\n"), code == 0, "{id}: {}", ended.said());
    }
}

#[test]
fn limits_stand_beside_each_other() {
    let workspace = Workspace::blessed(DROPS);
    let f1 = "criteria.iou50.f1";
    let cases: [(String, i32, &[&str]); 6] = [
        (gate(f1, "min = 0.5\nmax_drop = 0.1\nmin_support = 3"), 0, &["pass", "pass"]),
        (gate(f1, "min = 0.5\nmax_drop = 0.1\nmin_support = 4"), 4, &["not_evaluated", "not_evaluated"]),
        (gate(f1, "min = 0.5") + &gate(f1, "max = 0.9"), 100, &["pass", "fail"]),
        (gate(f1, "max = 0.9\nlevel = \"warn\"") + &gate("gold", "min = 99\nlevel = \"warn\""), 0, &["warn", "warn"]),
        (gate("all_fields_right", "min = 3"), 100, &["fail"]),
        (gate(f1, "min = 0.5\nextractor = \"*\""), 0, &["pass"]),
    ];
    for (gates, code, expected) in cases {
        only(&workspace, &gates);
        let ended = workspace.assay("gate --json");
        assert!(ended.code == code && verdicts(&ended) == expected, "{gates}: {}", ended.said());
    }
}

#[test]
fn every_extractor_means_those_of_the_workspace() {
    let workspace = Workspace::blessed(DROPS);
    let gates = gate("criteria.iou50.f1", "max_drop = 0.1\nextractor = \"*\"");
    only(&workspace, &gates);
    let renamed = workspace.read("assay.toml").replace("id = \"good\"", "id = \"better\"");
    workspace.write("assay.toml", renamed);
    let ended = workspace.assay("gate");
    assert!(ended.code == 4 && ended.err.contains("no run is stored"), "{}", ended.said());
}

#[test]
fn a_part_of_the_articles_is_not_the_dataset() {
    let workspace = Workspace::new("");
    // Of three gold claims one has a bound of its own, and its article is not run: the number is undefined, and an undefined number fails.
    only(&workspace, &gate("criteria.iou50.recall", "min = 0.5\nslice = { bound = \"at_least\" }"));
    let ended = workspace.assay("run --gate -n 1");
    assert!(ended.code == 100 && ended.out.contains("is undefined"), "{}", ended.said());
    assert_eq!(workspace.assay("run --gate").code, 0);
}

#[test]
fn a_drop_rests_on_the_claims_that_were_compared() {
    let workspace = Workspace::blessed("");
    only(&workspace, &(gate("criteria.iou50.recall", "min = 0.5\nmax_drop = 0.1") + &gate("newly_missed", "max = 0")));
    let support = |ended: &Ended| lines(ended).iter().map(|line| line["support"].as_u64().unwrap()).collect::<Vec<_>>();
    assert_eq!(support(&workspace.assay("gate --json")), [3, 3, 3]);
    let text = "datasets/t/articles/a2.txt";
    workspace.write(text, workspace.read(text) + " ");
    assert_eq!(workspace.assay("run").code, 0);
    let ended = workspace.assay("gate --json");
    assert_eq!(support(&ended), [3, 2, 2], "the baseline answered another text of a2");
    assert!(ended.err.contains("note: @baseline: 1 article left out, each has another text now: a2"), "{}", ended.err);
}

/// Runs of earlier versions say of no article which text it had.
#[test]
fn a_run_without_hashes_of_its_texts_is_told_apart_from_changed_texts() {
    let workspace = Workspace::blessed(DROPS);
    let record = workspace.of_run("run.json");
    let mut old: Value = serde_json::from_str(&workspace.read(&record)).unwrap();
    for article in old["articles"].as_object_mut().unwrap().values_mut() {
        assert!(article.as_object_mut().unwrap().remove("text_sha256").is_some());
    }
    workspace.write(&record, old.to_string());
    let cases = [
        ("gate", 7, "criteria.iou50.f1 is undefined: the run has no article with its text of today;4 articles left out;earlier version"),
        ("compare @baseline latest", 7, "of 4 nobody knows the text;earlier version;run again"),
        ("baseline set", 4, "no article of the dataset with its text of today;earlier version;run again"),
        ("report latest -o r.md", 0, "earlier version"),
    ];
    for (command, code, mention) in cases {
        let ended = workspace.assay(command);
        let said = ended.said().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(ended.code == code && mentions(&said, mention), "{command}: {}", ended.said());
    }
}

#[test]
fn damaged_files_of_a_run_are_named() {
    let workspace = Workspace::blessed(DROPS);
    let file = workspace.of_run("predictions.jsonl");
    let good = workspace.read(&file);
    let place = workspace.path().join(&file);
    let damages: [(&str, &dyn Fn()); 4] = [
        ("was changed after the run", &|| workspace.write(&file, &good[..good.len() - 20])),
        ("was changed after the run", &|| workspace.write(&file, good.replace("37000", "37001"))),
        ("does not exist", &|| fs::remove_file(&place).unwrap()),
        ("a pipe", &|| assert!(std::process::Command::new("mkfifo").arg(&place).status().unwrap().success())),
    ];
    for (mention, damage) in damages {
        damage();
        for command in ["gate", "compare @baseline latest", "baseline set", "report -o r.md"] {
            let ended = workspace.assay(command);
            assert!(
                ended.code == 3 && ended.err.contains("predictions.jsonl") && ended.err.contains(mention),
                "{command}: {}",
                ended.said()
            );
        }
    }
}

#[test]
fn a_comparison_has_no_slice_of_articles_that_it_leaves_out() {
    let workspace = Workspace::blessed(DROPS);
    let slices = |ended: &Ended| -> Vec<String> {
        let json: Value = serde_json::from_str(&ended.out).unwrap_or_else(|e| panic!("{e}: {}", ended.said()));
        let all = json["comparisons"][0]["slices"].as_array().unwrap().clone();
        all.iter().map(|slice| format!("{}={}", slice["column"], slice["value"]).replace('"', "")).collect()
    };
    let claims = workspace.read(super::CLAIMS).replace("at least 12 people died,quantity", "at least 12 people died,change");
    workspace.write(super::CLAIMS, claims);
    assert!(slices(&workspace.assay("compare @baseline latest --json")).contains(&"kind=change".to_owned()));
    workspace.write(ARTICLES, "article_id,lang,status\na1,en,\na2,id,\na3,en,incomplete\na4,ar,incomplete\n");
    assert_eq!(slices(&workspace.assay("compare @baseline latest --json")), ["lang=en", "lang=id", "kind=quantity"]);
    workspace.write(ARTICLES, "article_id,lang,status\na1,en,incomplete\na2,id,incomplete\na3,en,incomplete\na4,ar,incomplete\n");
    let ended = workspace.assay("compare @baseline latest");
    assert!(ended.code == 7 && ended.err.contains("4 not labelled whole"), "{}", ended.said());
}

#[test]
fn of_claims_that_an_extractor_calls_the_same_only_the_new_one_is_marked() {
    let workspace = Workspace::new("");
    let answers = workspace.read("predictions.jsonl");
    let with = |spans: &[(u32, u32)]| {
        let claims = spans.iter().map(|(start, end)| serde_json::json!({"id": "same", "start": start, "end": end}));
        answers.replace("{\"claims\":[],\"id\":\"a4\"}", &serde_json::json!({"id": "a4", "claims": claims.collect::<Vec<_>>()}).to_string())
    };
    for (spans, next) in [(&[(0, 3)][..], Some("baseline set")), (&[(0, 3), (4, 6)], None)] {
        workspace.write("predictions.jsonl", with(spans));
        for command in std::iter::once("run").chain(next) {
            assert_eq!(workspace.assay(command).code, 0, "{command}");
        }
    }
    assert_eq!(workspace.assay("report latest -o r.json").code, 0);
    let report: Value = serde_json::from_str(&workspace.read("r.json")).unwrap();
    let page = report["articles"].as_array().unwrap().iter().find(|page| page["id"] == "a4").unwrap();
    let changes: Vec<Option<&str>> = page["items"].as_array().unwrap().iter().map(|item| item["change"].as_str()).collect();
    assert_eq!(changes, [None, Some("newly_spurious")]);
}
