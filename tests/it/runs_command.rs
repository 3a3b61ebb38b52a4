//! `assay runs` over a workspace whose runs, files and folders change. Lists and trends as they are printed are data, in
//! `tests/cmd/runs.trycmd`.

use std::fs::File;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use claim_assay::runs::Store;
use serde_json::Value;
use tempfile::TempDir;

/// Exit code, what was printed, and what went to the error stream.
fn assay(folder: &Path, arguments: &str) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_assay")).args(arguments.split(' ')).current_dir(folder).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn json(folder: &Path, arguments: &str) -> Value {
    let (code, out, err) = assay(folder, arguments);
    assert_eq!(code, 0, "{arguments}: {err}");
    serde_json::from_str(&out).unwrap()
}

/// The workspace that `init` makes with so many runs, and their ids, oldest first.
fn workspace(runs: usize) -> (TempDir, Vec<String>) {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(assay(dir.path(), "init .").0, 0);
    let ids = (0..runs).map(|_| run(dir.path())).collect();
    (dir, ids)
}

/// Runs the builtin extractor and gives the id of the stored run.
fn run(folder: &Path) -> String {
    let (_, out, err) = assay(folder, "run");
    let id = out.split("stored as ").nth(1).unwrap_or_else(|| panic!("{out}{err}"));
    id.split_whitespace().next().unwrap().to_owned()
}

#[test]
fn the_newest_run_is_listed_first_and_is_the_latest() {
    let (dir, ids) = workspace(3);
    let list = json(dir.path(), "runs --json");
    let listed: Vec<&str> = list["runs"].as_array().unwrap().iter().map(|run| run["id"].as_str().unwrap()).collect();
    assert!(listed.iter().eq(ids.iter().rev()), "{listed:?} {ids:?}");
    assert_eq!(Store::open(dir.path()).find("latest").unwrap().id, listed[0]);
    let (record, head) = (json(dir.path(), "show latest --json"), &list["runs"][0]);
    let result = &record["result"];
    for name in ["signature", "extractor", "dataset", "articles", "primary"] {
        assert_eq!(head[name], result[name], "{name}");
    }
    assert_eq!(head["f1"], result["criteria"]["iou50"]["f1"]);
    assert_eq!((&head["selection"], &head["wall_time_s"]), (&record["selection"], &record["wall_time_s"]));
    assert_eq!(json(dir.path(), "runs list rules -n 2 --json")["runs"].as_array().unwrap().len(), 2);
}

#[test]
fn runs_over_other_data_are_marked() {
    let (dir, _) = workspace(1);
    let claims = dir.path().join("datasets/example/claims.csv");
    let before = std::fs::read_to_string(&claims).unwrap();
    let changed = before.replace("37000", "37001");
    assert_ne!(before, changed);
    let marks = || -> Vec<Value> {
        let list = json(dir.path(), "runs --json");
        list["runs"].as_array().unwrap().iter().map(|run| run["is_dataset_now"].clone()).collect()
    };
    assert_eq!(marks(), [Value::Bool(true)]);
    assert!(!assay(dir.path(), "runs").1.contains("other data"));
    std::fs::write(&claims, changed).unwrap();
    run(dir.path());
    assert_eq!(marks(), [true, false].map(Value::Bool));
    let (_, out, _) = assay(dir.path(), "runs");
    assert!(out.matches(" · other data\n").count() == 1 && out.contains("not the dataset as it is now"), "{out}");
    // Without a dataset the runs are told from each other.
    std::fs::write(&claims, "claim_id\n").unwrap();
    assert_eq!(marks(), [Value::Null, Value::Null]);
    let (_, out, _) = assay(dir.path(), "runs");
    assert!(out.matches(" · other data\n").count() == 1 && out.contains("not the dataset of the newest run here"), "{out}");
}

#[test]
fn where_a_run_comes_from_is_shown_with_the_state_of_its_files() {
    let (dir, ids) = workspace(1);
    let (code, out, err) = assay(dir.path(), "runs show");
    assert_eq!(code, 0, "{err}");
    let shown = json(dir.path(), &format!("runs show {} --json", ids[0]));
    for name in ["signature", "hash", "fingerprint", "started", "selection"] {
        assert!(out.contains(&format!("\n{name} ")), "{name}: {out}");
    }
    assert!(out.contains(shown["extractor"]["fingerprint"].as_str().unwrap()), "{out}");
    assert_eq!(out.matches("as it was written").count(), 2, "{out}");
    let folder = dir.path().join(".assay/runs").join(&ids[0]);
    std::fs::write(folder.join("predictions.jsonl"), "").unwrap();
    std::fs::remove_file(folder.join("outcomes.parquet")).unwrap();
    let files = json(dir.path(), "runs show --json")["files"].take();
    assert_eq!(files["predictions.jsonl"]["problem"], "was changed after the run; run again");
    assert_eq!(files["outcomes.parquet"]["problem"], "the file does not exist");
    let (code, _, err) = assay(dir.path(), "runs show 1999");
    assert!(code == 3 && err.contains("no run \"1999\""), "{err}");
}

#[test]
fn only_what_is_named_is_removed() {
    let (dir, ids) = workspace(3);
    let store = Store::open(dir.path());
    let at = |name: &str| store.dir().join(name);
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("run.json"), "precious").unwrap();
    let link = "20200101-0000-link-0000";
    std::os::unix::fs::symlink(outside.path(), at(link)).unwrap();
    for folder in [".new-abc", ".old-abc", "notes"] {
        std::fs::create_dir(at(folder)).unwrap();
    }
    let all = || std::fs::read_dir(store.dir()).unwrap().count();
    let before = all();
    let unnamed = outside.path().to_str().unwrap();
    let inside = format!("{}/..", ids[0]);
    for (names, says) in [
        (".new-abc", "is a run that is being written"),
        (".assay/runs/.old-abc", "is a run that is being written or removed"),
        (unnamed, "only stored runs are removed"),
        ("notes", "is no run"),
        (".assay/runs/notes", "is no run"),
        (".assay/runs", "only stored runs are removed"),
        ("/", "only stored runs are removed"),
        ("assay.toml", "only stored runs are removed"),
        (inside.as_str(), "no run"),
        ("2", "begins more than one run"),
    ] {
        // The run beside it stays too.
        let (code, out, err) = assay(dir.path(), &format!("runs rm {} {names}", ids[1]));
        assert!(code == 3 && err.contains(says) && err.contains("nothing was removed") && out.is_empty(), "{names}: {out}{err}");
        assert_eq!(all(), before, "{names}");
    }
    assert_eq!(assay(dir.path(), "runs rm").0, 2);

    let (code, out, _) = assay(dir.path(), "runs rm latest");
    assert!(code == 0 && out.starts_with(&format!("removed {} (", ids[2])), "{out}");
    let path = format!(".assay/runs/{}/run.json", ids[0]);
    let removed = json(dir.path(), &format!("runs rm --json {path} {} {link}", ids[0]));
    let removed: Vec<&str> = removed["removed"].as_array().unwrap().iter().map(|run| run["id"].as_str().unwrap()).collect();
    assert_eq!(removed, [link, ids[0].as_str()]);
    assert_eq!(std::fs::read_to_string(outside.path().join("run.json")).unwrap(), "precious");
    assert_eq!(store.ids().unwrap(), [ids[1].as_str(), "notes"]);
}

#[test]
fn gc_leaves_what_is_being_written_and_says_what_is_gone() {
    let (dir, ids) = workspace(3);
    let store = Store::open(dir.path());
    let hours_ago = |hours: u64| SystemTime::now() - Duration::from_secs(hours * 3600);
    for (folder, of_folder, of_file) in [(".new-now", 0, 0), (".new-growing", 3, 0), (".new-left", 3, 2), (".old-left", 3, 2)] {
        let folder = store.dir().join(folder);
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("predictions.jsonl"), "x".repeat(500)).unwrap();
        File::options().write(true).open(folder.join("predictions.jsonl")).unwrap().set_modified(hours_ago(of_file)).unwrap();
        File::open(&folder).unwrap().set_modified(hours_ago(of_folder)).unwrap();
    }
    let damaged = store.dir().join("20200101-0000-rules-0000");
    std::fs::create_dir(&damaged).unwrap();

    let dry = json(dir.path(), "runs gc --keep 1 --dry-run --json");
    assert!(store.dir().join(".new-left").exists() && store.ids().unwrap().len() == 4);
    let (code, out, err) = assay(dir.path(), "runs gc --keep 1");
    assert!(code == 0 && err.contains("1 run of these cannot be read and is kept"), "{err}");
    let names = |list: &Value| -> Vec<String> { list.as_array().unwrap().iter().map(|r| r["id"].as_str().unwrap().to_owned()).collect() };
    assert_eq!(names(&dry["removed"]), ids[..2]);
    assert_eq!(names(&dry["leftovers"]), [".new-left", ".old-left"]);
    for name in names(&dry["removed"]).iter().chain(&names(&dry["leftovers"])) {
        assert!(out.contains(&format!("removed {name}")) && !store.dir().join(name).exists(), "{name}: {out}");
    }
    assert!(out.contains("removed .new-left, left behind by an interrupted write (500 bytes)"), "{out}");
    assert!(damaged.exists() && store.dir().join(".new-now").exists() && store.dir().join(".new-growing").exists());
    assert_eq!(store.find("latest").unwrap().id, ids[2]);

    // A rule about age never removes what `--keep` keeps.
    let (_, out, _) = assay(dir.path(), "runs gc --older-than 0s");
    assert!(out.starts_with("removed nothing; 2 runs kept"), "{out}");
    for wrong in ["runs gc --older-than 30", "runs gc --keep -1", "runs gc rules"] {
        assert_eq!(assay(dir.path(), wrong).0, 2, "{wrong}");
    }
}

#[test]
fn without_a_workspace_or_a_run_there_is_a_word_for_it() {
    let dir = tempfile::tempdir().unwrap();
    for command in ["runs", "runs trend", "runs show", "runs rm latest", "runs gc"] {
        let (code, _, err) = assay(dir.path(), command);
        assert!(code == 3 && err.contains("no assay.toml in"), "{command}: {err}");
    }
    assert_eq!(assay(dir.path(), "init .").0, 0);
    for (command, expected) in [("runs", 0), ("runs trend", 0), ("runs gc", 0), ("runs show", 3), ("runs rm latest", 3)] {
        let (code, out, err) = assay(dir.path(), command);
        assert_eq!(code, expected, "{command}");
        assert!(command == "runs gc" || format!("{out}{err}").contains("`assay run` makes one"), "{command}: {out}{err}");
    }
}
