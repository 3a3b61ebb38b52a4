//! Baselines that are damaged, edited, merged badly, or no files: never "no baseline, so all is well".

use std::fs;
use std::os::unix::fs::symlink;

use serde_json::{Value, json};

use super::commands::{DROPS, Workspace};
use super::{changed, mentions};

const FILE: &str = "baselines/good.json";

/// The text with the value at a path of keys replaced; `None` removes it.
fn edited(good: &str, path: &[&str], value: Option<Value>) -> String {
    let mut all: Value = serde_json::from_str(good).unwrap();
    let (last, parents) = path.split_last().unwrap();
    let parent = parents.iter().fold(&mut all, |at, key| match key.parse::<usize>() {
        Ok(number) => &mut at[number],
        Err(_) => &mut at[*key],
    });
    let parent = parent.as_object_mut().unwrap();
    assert!(parent.remove(*last).is_some() || value.is_some(), "{path:?}");
    parent.extend(value.map(|value| ((*last).to_owned(), value)));
    all.to_string()
}

/// Id, what the list of hostile inputs expects, what must be mentioned, and the file.
fn cases(good: &str) -> Vec<(&'static str, &'static str, &'static str, Vec<u8>)> {
    let head = |key: &str, value: Option<Value>| edited(good, &["baseline", key], value).into_bytes();
    let first_claim = ["articles", "a1", "claims", "0", "claim"];
    let in_claim = |key: &'static str, value: Value| edited(good, &[&first_claim[..], &[key]].concat(), Some(value)).into_bytes();
    let utf16: Vec<u8> = std::iter::once(0xfeff).chain(good.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    vec![
        ("truncated", "error", "baseline", good.as_bytes()[..good.len() - 15].to_vec()),
        ("empty", "error", "baseline", Vec::new()),
        (
            "other_dataset",
            "error",
            "dataset|hash|baseline",
            edited(good, &["baseline", "dataset", "hash"], Some(json!("0".repeat(64)))).into(),
        ),
        ("future_schema", "error", "99|version", head("format", Some(json!(99)))),
        ("nan", "error", "baseline|NaN|line", good.replace("\"f1\": 1.0", "\"f1\": NaN").into()),
        ("null_metric", "error", "f1|null", head("f1", Some(Value::Null))),
        ("string_metric", "error", "0.9", head("f1", Some(json!("0.9")))),
        ("over_one", "error", "90 is not in 0 to 1", head("f1", Some(json!(90)))),
        ("missing_metric", "error", "f1", head("f1", None)),
        ("conflict_markers", "error", "merge conflict;line 1", format!("<<<<<<< HEAD\n{good}\n=======\n{{}}\n>>>>>>> x\n").into()),
        ("crlf", "error", "dataset|hash|baseline", good.replace('\n', "\r\n").into()),
        ("missed_unknown_ids", "error", "gone-1", edited(good, &["articles", "a1", "claims", "0", "gold"], Some(json!("gone-1"))).into()),
        // Further ones of our format.
        ("merged_twice", "error", "a1;twice", good.replace("\"a2\":", "\"a1\":").into()),
        ("merged_field", "error", "value;twice", good.replace("\"fields\":{", "\"fields\":{\"value\":\"1\",").into()),
        ("unknown_key", "error", "extra", good.replace("\"articles\"", "\"extra\": 1, \"articles\"").into()),
        ("reversed_span", "error", "a1;17-11", in_claim("spans", json!([[17, 11]]))),
        (
            "huge_number",
            "error",
            "baseline",
            in_claim("score", json!(0.5))
                .iter()
                .flat_map(|b| if *b == b'.' { vec![b'.', b'9', b'e', b'9', b'9', b'9'] } else { vec![*b] })
                .collect(),
        ),
        ("score_over_one", "error", "a1;score 7", in_claim("score", json!(7))),
        ("odd_outcome", "error", "\\u{1b}[2J;timeout", edited(good, &["articles", "a1", "outcome"], Some(json!("\u{1b}[2J"))).into()),
        ("deep", "error", "baseline", format!("{{\"baseline\": {}", "[".repeat(200_000)).into()),
        ("deep_claim", "error", "baseline", good.replace("\"claims\": [", &"\"claims\": [[".repeat(50_000)).into()),
        ("byte_order_mark", "error", "line 1", format!("\u{feff}{good}").into()),
        ("utf16", "error", "UTF-16", utf16),
        ("binary", "error", "UTF-8|binary", (0..=255).cycle().take(20_000).collect()),
        ("nothing_but_nul", "error", "line 1", vec![0; 4096]),
    ]
}

#[test]
fn a_damaged_baseline_never_passes() {
    let workspace = Workspace::blessed(DROPS);
    let good = workspace.read(FILE);
    let whole = workspace.assay("gate");
    assert!(whole.code == 0 && whole.out.contains("All 3 gates held."), "{}", whole.said());
    let changed = changed();
    for (id, expect, mention, bytes) in cases(&good) {
        assert_ne!(bytes, good.as_bytes(), "{id} is no case");
        workspace.write(FILE, bytes);
        let other = changed.get(&format!("base_{id}"));
        let (expect, mention) = other.map_or((expect, mention), |(expect, mention, _)| (expect, mention));
        for command in ["gate", "baseline list", "baseline show", "compare @baseline latest"] {
            let ended = workspace.assay(command);
            match expect {
                "accept" => assert_eq!(ended.code, 0, "{id}: {command}: {}", ended.said()),
                // The list names only what stands above the articles.
                _ if command == "baseline list" && ended.code == 0 => {
                    assert!(mention.contains("a1") || mention.contains("timeout"), "{id}")
                }
                _ => {
                    assert!(ended.code == 3 && ended.out.is_empty(), "{id}: {command}: {}", ended.said());
                    let said = ended.err.replace(" at line 1 ", ":1: ");
                    assert!(said.contains(FILE) && mentions(&said, mention), "{id}: {command} says {:?}, not {mention:?}", ended.err);
                }
            }
            if expect == "accept" && command == "gate" {
                assert_eq!(ended.out, whole.out, "{id}");
            }
        }
    }
}

#[test]
fn what_is_no_file_is_neither_waited_for_nor_written_through() {
    let workspace = Workspace::blessed(DROPS);
    let (file, folder) = (workspace.path().join(FILE), workspace.path().join("baselines"));
    let secret = workspace.outside().join("secret.json");
    fs::write(&secret, "root:x:0").unwrap();
    fs::create_dir(workspace.outside().join("elsewhere")).unwrap();
    let cases: [(&str, &str, &dyn Fn()); 8] = [
        ("folder", "a folder", &|| fs::create_dir(&file).unwrap()),
        ("fifo", "a pipe", &|| assert!(std::process::Command::new("mkfifo").arg(&file).status().unwrap().success())),
        ("symlink_dangling", "leads nowhere", &|| symlink("no-such-target", &file).unwrap()),
        ("symlink_loop", "symbolic link", &|| symlink("good.json", &file).unwrap()),
        ("symlink_outside", "outside of the workspace", &|| symlink(&secret, &file).unwrap()),
        ("symlink_dev_zero", "outside of the workspace", &|| symlink("/dev/zero", &file).unwrap()),
        ("symlink_dev_null", "outside of the workspace", &|| symlink("/dev/null", &file).unwrap()),
        ("folder_outside", "outside of the workspace", &|| {
            fs::remove_dir(&folder).unwrap();
            symlink(workspace.outside().join("elsewhere"), &folder).unwrap();
        }),
    ];
    fs::remove_file(&file).unwrap();
    for (id, mention, make) in cases {
        make();
        for command in ["gate", "baseline show", "baseline set", "compare @baseline latest"] {
            let ended = workspace.assay(command);
            assert!([1, 3].contains(&ended.code) && ended.err.contains(FILE), "{id}: {command}: {}", ended.said());
            assert!(command == "baseline set" || ended.err.contains(mention), "{id}: {command}: {}", ended.said());
            assert!(!ended.said().contains("root:x"), "{id}: {command}: {}", ended.said());
        }
        match file.symlink_metadata() {
            Ok(meta) if meta.is_dir() => fs::remove_dir(&file).unwrap(),
            Ok(_) => fs::remove_file(&file).unwrap(),
            Err(_) => {}
        }
    }
    assert_eq!(fs::read_to_string(&secret).unwrap(), "root:x:0");
    assert_eq!(fs::read_dir(workspace.outside().join("elsewhere")).unwrap().count(), 0);
    fs::remove_file(&folder).unwrap();
    fs::create_dir(&folder).unwrap();
    symlink("../kept.json", &file).unwrap();
    workspace.write("kept.json", "");
    assert_eq!(workspace.assay("baseline set").code, 0, "a symlink inside of the workspace is followed");
    assert!(workspace.read("kept.json").starts_with("{\n\"baseline\"") && file.is_symlink());
}

#[test]
fn no_name_of_an_extractor_leads_out_of_the_workspace() {
    let workspace = Workspace::blessed(DROPS);
    let record = workspace.of_run("run.json");
    let good = workspace.read(&record);
    workspace.write(&record, good.replace("\"name\":\"good\"", "\"name\":\"../../evil\""));
    for command in
        ["baseline set", "gate latest", "baseline show ../../evil", "baseline rm ../../evil", "compare @baseline:../../evil latest"]
    {
        let ended = workspace.assay(command);
        let is_judged = command == "gate latest"; // No gate is about that extractor.
        assert!(ended.code == if is_judged { 4 } else { 3 }, "{command}: {}", ended.said());
        assert!(is_judged || ended.err.contains("no extractor \"../../evil\" in assay.toml"), "{command}: {}", ended.said());
    }
    let beside: Vec<_> = fs::read_dir(workspace.outside()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(beside, ["w"]);
}

#[test]
fn two_writers_leave_one_whole_file_and_nothing_beside_it() {
    let workspace = Workspace::blessed(DROPS);
    let good = workspace.read(FILE);
    workspace.write("baselines/.assay-tmp-killed", &good[..50]);
    std::thread::scope(|scope| {
        let writers: Vec<_> =
            (0..2).map(|_| scope.spawn(|| (0..3).for_each(|_| assert_eq!(workspace.assay("baseline set").code, 0)))).collect();
        while writers.iter().any(|writer| !writer.is_finished()) {
            assert_eq!(workspace.read(FILE), good);
        }
    });
    let mut names: Vec<_> = fs::read_dir(workspace.path().join("baselines")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, [".assay-tmp-killed", "good.json"], "what a killed writer left is ignored");
}

#[test]
fn extractors_cannot_share_a_baseline() {
    let second = "\n[[extractor]]\nid = \"ID\"\nkind = \"builtin\"\n";
    let cases = [
        ("other", "\n[baseline]\npath = \"b.json\"\n", Some("no {extractor} is in it, and 2 extractors")),
        ("other", "\n[baseline]\npath = \"b/{extractor}/x.json\"\n", None),
        ("Good", "", Some("\"good\" and \"Good\" differ in case only")),
    ];
    for (id, baseline, mention) in cases {
        let workspace = Workspace::new(&format!("{}{baseline}", second.replace("ID", id)));
        let ended = workspace.assay("run good");
        assert_eq!(ended.code, if mention.is_some() { 3 } else { 0 }, "{id}: {}", ended.said());
        assert!(mention.is_none_or(|mention| ended.err.contains(mention)), "{id}: {}", ended.said());
    }
    let alone = Workspace::new("\n[baseline]\npath = \"b.json\"\n");
    assert_eq!(alone.assay("run").code, 0);
    assert_eq!(alone.assay("baseline set").code, 0);
}
