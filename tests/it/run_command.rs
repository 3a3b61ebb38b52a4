//! `assay run` over files of answers: parts of a dataset, parts of answers, and extractors that cannot start.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Exit code, what was printed, and what went to the error stream.
fn assay(folder: &Path, arguments: &str) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_assay")).args(arguments.split(' ')).current_dir(folder).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

const EXTRACTORS: &str = r#"
[[extractor]]
id = "nothing"
kind = "predictions"
path = "nothing.csv"

[[extractor]]
id = "gone"
kind = "predictions"
path = "gone.csv"

[[extractor]]
id = "dies"
kind = "process"
command = ["sh", "-c", "read line; exit 1"]
"#;

/// The workspace that `init` makes, of four articles, with three more extractors.
fn workspace() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(assay(dir.path(), "init .").0, 0);
    let config = dir.path().join("assay.toml");
    std::fs::write(&config, std::fs::read_to_string(&config).unwrap() + EXTRACTORS).unwrap();
    std::fs::write(dir.path().join("nothing.csv"), "article_id,start,end,kind\n").unwrap();
    dir
}

/// The last part of the signature of the only run.
fn selection(folder: &Path, arguments: &str) -> String {
    let (_, out, err) = assay(folder, &format!("run --json --no-store {arguments}"));
    let json: Value = serde_json::from_str(&out).unwrap_or_else(|e| panic!("{arguments}: {e}: {out}{err}"));
    json["runs"][0]["signature"].as_str().unwrap().rsplit_once('|').unwrap().1.to_owned()
}

#[test]
fn the_signature_names_what_was_answered() {
    let dir = workspace();
    let cases = [
        ("nothing", "selection:all"),
        ("nothing -n 2", "selection:first 2"),
        ("nothing -n 4", "selection:all"),
        ("nothing -n 99", "selection:all"),
        ("nothing --where lang=en --where article_id=en-001 --where lang=en", "selection:article_id=en-001,lang=en"),
        ("nothing --where article_id=en-001 --where lang=en", "selection:article_id=en-001,lang=en"),
        ("dies", "selection:all,answered 3 of 4"),
    ];
    for (arguments, expected) in cases {
        assert_eq!(selection(dir.path(), arguments), expected, "{arguments}");
    }
}

#[test]
fn an_incomplete_run_says_so_when_it_is_shown() {
    let dir = workspace();
    assert_eq!(assay(dir.path(), "run dies").0, 5);
    let (_, shown, _) = assay(dir.path(), "show latest");
    assert!(shown.contains("\nincomplete: 3 of 4 articles were answered; the numbers are of these only\n"), "{shown}");
    assert_eq!(assay(dir.path(), "run nothing").0, 0);
    let (_, shown, _) = assay(dir.path(), "show latest");
    assert!(!shown.contains("incomplete"), "{shown}");
}

#[test]
fn an_extractor_that_cannot_start_costs_only_its_own_results() {
    let dir = workspace();
    for order in ["gone nothing", "nothing gone"] {
        let (code, out, err) = assay(dir.path(), &format!("run {order}"));
        assert_eq!(code, 3, "{order}: {out}{err}");
        assert!(out.starts_with("example 0.1.0 · 4 articles") && out.contains("\nnothing") && out.contains("stored as"), "{order}: {out}");
        assert!(err.contains("error: extractor gone: path \"gone.csv\": the file does not exist"), "{order}: {err}");
        let (code, out, _) = assay(dir.path(), &format!("run --json --no-store {order}"));
        let json: Value = serde_json::from_str(&out).unwrap();
        assert_eq!((code, json["runs"].as_array().unwrap().len()), (3, 1), "{order}");
    }
}

/// More articles than one part of the stored table holds.
#[test]
fn threads_change_no_byte_of_a_run() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(assay(dir.path(), "init .").0, 0);
    let dataset = std::fs::read_dir(dir.path().join("datasets")).unwrap().next().unwrap().unwrap().path();
    let (mut articles, mut claims) = ("article_id,lang,tags\n".to_owned(), "claim_id,article_id,quote,kind,value,unit\n".to_owned());
    for i in 0..600 {
        let text = format!("About {} people fled the town of Lorin in 2023, {i} of them on foot.\n", i + 1_000);
        std::fs::write(dataset.join(format!("articles/a{i}.txt")), text).unwrap();
        articles += &format!("a{i},en,{}\n", ["", "hard", "hard;long"][i % 3]);
        claims += &format!("c{i},a{i},{} people,quantity,{},person\n", i + 1_000, i + 1_000 + i % 2);
    }
    std::fs::write(dataset.join("articles.csv"), articles).unwrap();
    std::fs::write(dataset.join("claims.csv"), claims).unwrap();
    let of = |jobs: &str| {
        let (code, out, err) = assay(dir.path(), &format!("run rules --json{jobs}"));
        assert_eq!(code, 0, "{err}");
        let runs = dir.path().join(".assay/runs");
        let run = std::fs::read_dir(&runs).unwrap().next().unwrap().unwrap().path();
        let files = ["predictions.jsonl", "outcomes.parquet"].map(|name| std::fs::read(run.join(name)).unwrap());
        let mut record: Value = serde_json::from_slice(&std::fs::read(run.join("run.json")).unwrap()).unwrap();
        for of_the_time in ["id", "started", "finished", "wall_time_s"] {
            record.as_object_mut().unwrap().remove(of_the_time).unwrap();
        }
        std::fs::remove_dir_all(runs).unwrap();
        (out, err, files, record)
    };
    let first = of(" -j 1");
    assert!(first.3["articles"].as_object().unwrap().len() == 600 && first.0.contains("\"tp\": 600"), "{}", first.0);
    for jobs in ["", " -j 2", " -j 3"] {
        assert!(of(jobs) == first, "{jobs}");
    }
}

#[test]
fn show_outside_of_a_workspace_says_what_is_missing() {
    let dir = workspace();
    let (_, out, _) = assay(dir.path(), "run nothing");
    let id = out.split("stored as ").nth(1).unwrap().split_whitespace().next().unwrap();
    let outside = tempfile::tempdir().unwrap();
    for what in ["show", "show latest", "run"] {
        let (code, _, err) = assay(outside.path(), what);
        assert!(code == 3 && err.contains("assay.toml"), "{what}: {code}: {err}");
    }
    let folder = dir.path().join(".assay/runs").join(id);
    assert_eq!(assay(outside.path(), &format!("show {}", folder.display())).0, 0);
}
