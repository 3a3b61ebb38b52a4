//! The command as users run it. Cases whose whole output is expected are data, in `tests/cmd`; those here need a signal, a closed
//! pipe, odd file names, or a measure over many outputs.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
use unicode_width::UnicodeWidthStr;

/// `TRYCMD=overwrite` writes what the commands print now; then redact times and ids again, and look at the difference.
#[test]
fn cases_of_tests_cmd() {
    trycmd::TestCases::new()
        .register_bin("assay", Path::new(env!("CARGO_BIN_EXE_assay")))
        .env("CLICOLOR_FORCE", "")
        .timeout(Duration::from_secs(120))
        .case("tests/cmd/*.trycmd")
        .run();
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn command<S: AsRef<OsStr>>(folder: &Path, arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
    command.args(arguments).current_dir(folder).env_remove("CLICOLOR_FORCE").stdin(Stdio::null());
    command
}

/// Exit code, what was printed, and what went to the error stream.
fn text_of(output: Output) -> (i32, String, String) {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the output is UTF-8");
    (output.status.code().expect("the command ends by itself"), text(output.stdout), text(output.stderr))
}

/// Arguments between blanks.
fn assay(folder: &Path, arguments: &str) -> (i32, String, String) {
    text_of(command(folder, arguments.split(' ')).output().unwrap())
}

/// What the command printed; it must end with 0.
fn done(folder: &Path, arguments: &str) -> String {
    let (code, out, err) = assay(folder, arguments);
    assert_eq!(code, 0, "{arguments}: {out}{err}");
    out
}

/// A copy of a workspace of `tests/cmd`, with every `from` replaced in names and contents of files.
fn copy_of(workspace: &str, changes: &[(&str, &str)]) -> TempDir {
    fn copy(from: &Path, to: &Path, change: &dyn Fn(&str) -> String) {
        std::fs::create_dir_all(to).unwrap();
        for entry in std::fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            let target = to.join(change(entry.file_name().to_str().unwrap()));
            if entry.file_type().unwrap().is_dir() {
                copy(&entry.path(), &target, change);
            } else {
                std::fs::write(target, change(&std::fs::read_to_string(entry.path()).unwrap())).unwrap();
            }
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let change = |text: &str| changes.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    copy(&root().join("tests/cmd").join(workspace), dir.path(), &change);
    dir
}

/// Every screen of a workspace with a stored run. Findings of `lint` and errors are a line each, however long, for editors and grep.
const SCREENS: [&str; 21] = [
    "run --no-store",
    "run",
    "show latest",
    "show latest --missed --spurious --wrong",
    "show zh-001",
    "show ar-001",
    "show en-001",
    "show ja-001",
    "show th-001",
    "show zh-001-c1",
    "show en-001-c1",
    "show zh-001#5",
    "show --by lang,kind,publisher,tags",
    "runs",
    "runs show",
    "runs trend",
    "runs trend --by lang",
    "runs trend --metric calibration.ece",
    "stats",
    "lint",
    "metrics",
];

#[test]
fn screens_have_80_columns_and_nothing_that_moves_a_terminal() {
    let extractor = "e".repeat(64);
    let (article, kind) = ("z".repeat(90), "数量🌊".repeat(20));
    let field = "the_place_that_the_claim_is_about_in_the_words_of_the_text";
    let long = [
        ("answers-that-were-made-before", extractor.as_str()),
        ("版本-3", &kind),
        ("zh-001", &article),
        ("人数", &kind),
        ("place", field),
        ("publisher", "新闻社的名称与出版地点以及其他说明文字很长很长很长很长很长很长很长很长很长很长很长"),
        ("\"wide\"", "\"宽字符数据集的名称很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长\""),
    ];
    for (what, changes) in [("wide", &[][..]), ("long", &long)] {
        let workspace = copy_of("screens.in", changes);
        for screen in SCREENS {
            let screen = changes.iter().fold(screen.to_owned(), |text, (from, to)| text.replace(from, to));
            let (code, plain, err) = assay(workspace.path(), &screen);
            assert_eq!(code, 0, "{screen}: {err}");
            for line in plain.lines() {
                let is_finding = line.ends_with(']');
                assert!(line.width() <= 80 || is_finding, "{what}: {screen}: {} columns: {line}", line.width());
                assert!(!line.contains(|c: char| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c)), "{what}: {screen}: {line:?}");
            }
            if screen == "run" {
                continue;
            }
            let coloured = command(workspace.path(), screen.split(' ')).env("CLICOLOR_FORCE", "1").output().unwrap();
            let (_, coloured, _) = text_of(coloured);
            let stripped = anstream::adapter::strip_str(&coloured).to_string();
            assert!(coloured.contains("\u{1b}["), "{screen} has no styles");
            assert!(!stripped.contains(|c: char| c.is_control() && c != '\n'), "{screen}: only styles are added: {stripped:?}");
            if screen.starts_with("show") {
                // Marks in texts are brackets where there is no colour, so that lines break elsewhere.
                assert!(stripped.lines().all(|line| line.width() <= 80), "{what}: {screen}: {stripped}");
            } else {
                // How long it took stands in the line of the account.
                let timeless = |text: &str| text.lines().filter(|l| !l.contains(" scored   ")).map(str::to_owned).collect::<Vec<_>>();
                assert_eq!(timeless(&stripped), timeless(&plain), "{screen}");
            }
        }
    }
}

/// The parts of `assay runs`.
const RUNS: [&str; 6] = ["runs", "runs list", "runs show", "runs trend", "runs rm", "runs gc"];

#[test]
fn helps_have_80_columns() {
    let folder = root();
    for name in
        ["", "init", "run", "score", "lint", "show", "reanchor", "stats", "metrics", "schema", "completions"].into_iter().chain(RUNS)
    {
        for option in ["-h", "--help"] {
            let out = done(&folder, [name, option].join(" ").trim());
            assert!(out.contains("Usage: assay"), "{out}");
            for line in out.lines() {
                assert!(line.width() <= 80, "{name} {option}: {line}");
            }
        }
    }
}

#[test]
fn what_init_writes_works_with_every_command() {
    let dir = tempfile::tempdir().unwrap();
    done(dir.path(), "init X");
    let folder = dir.path().join("X");
    let run: Value = serde_json::from_str(&done(&folder, "run --json")).unwrap();
    let result = &run["runs"][0];
    assert_eq!((&result["extractor"]["name"], &result["gold"], &result["articles"]["scored"]), (&"rules".into(), &6.into(), &4.into()));
    assert!(result["criteria"]["iou50"]["f1"].as_f64().unwrap() > 0.0, "{result}");
    for (arguments, says) in [
        ("lint --strict", "clean"),
        ("stats", "4 articles"),
        ("show latest", "iou50 ★"),
        ("show latest --missed", "missed under iou50"),
        ("show en-001", "⟦"),
        ("show en-001-c1", "class"),
        ("show latest --by lang,kind", "es · quantity"),
        ("runs", "rules 1"),
        ("runs trend", "criteria.iou50.f1"),
        ("metrics", "criteria.*.recall"),
        ("completions bash", "complete -F _assay"),
        ("completions zsh", "#compdef assay"),
        ("completions fish", "complete -c assay"),
        ("--version", concat!("assay ", env!("CARGO_PKG_VERSION"))),
    ] {
        let out = done(&folder, arguments);
        assert!(out.contains(says), "{arguments}: {out}");
    }
    for arguments in [
        "lint --format json",
        "stats --json",
        "show latest --json",
        "show --missed --json",
        "show en-001 --json",
        "show en-001-c1 --json",
        "show --by lang --json",
        "runs --json",
        "runs show --json",
        "runs trend --by lang --json",
        "runs gc --dry-run --json",
        "metrics --json",
        "run --dry-run --json",
        "schema config",
        "schema dataset",
        "schema jsonl",
        "schema results",
    ] {
        let out = done(&folder, arguments);
        assert!(serde_json::from_str::<Value>(&out).is_ok(), "{arguments}: {out}");
    }
}

#[test]
fn the_example_extractor_runs_in_this_checkout() {
    let (code, out, err) = assay(&root(), "run regex-py --no-store --json --where lang=en");
    let result: Value = serde_json::from_str(&out).unwrap();
    let result = &result["runs"][0];
    assert_eq!((code, &result["articles"]["failed"], &result["extractor"]["version"]), (0, &0.into(), &"1".into()), "{err}");
    assert!(result["predicted"].as_u64().unwrap() > 0 && err.is_empty(), "{err}");
}

/// Gold of a few articles as JSONL, and the same as rows.
fn bare_files() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let mut jsonl = Vec::new();
    let mut csv = "claim_id,article_id,start,end,quote,kind,value,bound\n".to_owned();
    for article in 0..40 {
        let mut claims = Vec::new();
        for claim in 0..1 + article % 4 {
            let (start, kind) = (10 * claim, ["quantity", "change"][claim % 2]);
            let (end, value) = (start + 5 + article % 3, article * 1000 + claim);
            claims.push(serde_json::json!({"id": format!("c{article}-{claim}"), "start": start, "end": end, "kind": kind,
                "fields": {"value": value, "bound": "about"}}));
            csv.push_str(&format!("c{article}-{claim},数{article},{start},{end},,{kind},{value},about\n"));
        }
        jsonl.push(serde_json::json!({"id": format!("数{article}"), "lang": "zh", "claims": claims}).to_string());
    }
    let shuffled = |step: usize| (0..jsonl.len()).map(|i| jsonl[i * step % jsonl.len()].as_str()).collect::<Vec<_>>().join("\n");
    std::fs::write(dir.path().join("gold.jsonl"), shuffled(1)).unwrap();
    std::fs::write(dir.path().join("same.jsonl"), shuffled(7)).unwrap();
    std::fs::write(dir.path().join("gold.csv"), csv).unwrap();
    // Answers that are partly wrong.
    let wrong =
        |text: String| text.replace("\"end\":6", "\"end\":9").replace("\"about\"", "\"exactly\"").replace("\"start\":10", "\"start\":13");
    std::fs::write(dir.path().join("answers.jsonl"), wrong(shuffled(1))).unwrap();
    std::fs::create_dir(dir.path().join("shuffled")).unwrap();
    std::fs::write(dir.path().join("shuffled/gold.jsonl"), shuffled(11)).unwrap();
    std::fs::write(dir.path().join("shuffled/answers.jsonl"), wrong(shuffled(13))).unwrap();
    dir
}

#[test]
fn files_scored_against_themselves_are_right() {
    let files = bare_files();
    for pair in ["gold.jsonl gold.jsonl", "gold.jsonl same.jsonl", "gold.jsonl gold.csv", "gold.csv gold.csv", "gold.csv gold.jsonl"] {
        let result: Value = serde_json::from_str(&done(files.path(), &format!("score --json {pair}"))).unwrap();
        for (name, criterion) in result["criteria"].as_object().unwrap() {
            assert_eq!(
                (&criterion["precision"], &criterion["recall"], &criterion["f1"]),
                (&1.0.into(), &1.0.into(), &1.0.into()),
                "{pair}: {name}"
            );
        }
        assert_eq!((&result["gold"], &result["predicted"]), (&100.into(), &100.into()), "{pair}");
    }
}

/// Intervals of articles and of groups; tables of predictions are read whole, JSONL is scored as it is read.
#[test]
fn intervals_are_the_same_bytes_however_they_are_computed() {
    let files = bare_files();
    let read = |name: &str| std::fs::read_to_string(files.path().join(name)).unwrap();
    let write = |name: &str, text: String| std::fs::write(files.path().join(name), text).unwrap();
    let gold = read("gold.jsonl");
    let grouped = |line: (usize, &str)| line.1.replace("\"lang\":\"zh\"", &format!("\"lang\":\"zh\",\"group_id\":\"g{}\"", line.0 / 3));
    let grouped: Vec<String> = gold.lines().enumerate().map(grouped).collect();
    write("grouped.jsonl", grouped.join("\n"));
    let backwards = |text: &str| text.lines().rev().collect::<Vec<_>>().join("\n");
    write("backwards.jsonl", backwards(&grouped.join("\n")));
    let answers = gold.replace("\"end\":6", "\"end\":9");
    write("wrong.csv", read("gold.csv").replace(",6,,", ",9,,"));
    write("wrong.jsonl", answers.clone());
    write("wrong_backwards.jsonl", backwards(&answers));
    let criteria = |pair: &str, options: &str| {
        let json: Value = serde_json::from_str(&done(files.path(), &format!("score --json --ci all {pair}{options}"))).unwrap();
        assert!(json["criteria"]["exact"]["ci"]["f1"].is_array(), "{pair}: {json}");
        assert!(json["slices"][0]["ci"]["units"].is_u64() && json["fields"]["value"]["end_to_end"]["ci"].is_object(), "{pair}: {json}");
        let of_criteria: Value = serde_json::from_str(&done(files.path(), &format!("score --json --ci criteria {pair}{options}"))).unwrap();
        assert_eq!((&of_criteria["criteria"], &of_criteria["signature"]), (&json["criteria"], &json["signature"]), "{pair}");
        let numbers = ["criteria", "fields", "slices", "calibration"].map(|block| json[block].clone());
        (numbers, json["signature"].as_str().unwrap().contains("seed20240513,unit:group"))
    };
    for (gold, units, by_group) in [("gold", 40, false), ("grouped", 14, true)] {
        let first = criteria(&format!("{gold}.jsonl wrong.jsonl"), " -j 1");
        assert_eq!((&first.0[0]["exact"]["ci"]["units"], first.1), (&units.into(), by_group), "{gold}");
        for jobs in ["2", "8"] {
            assert_eq!(criteria(&format!("{gold}.jsonl wrong.jsonl"), &format!(" -j {jobs}")), first, "{gold} -j {jobs}");
        }
        for answers in ["wrong_backwards.jsonl", "wrong.csv"] {
            assert_eq!(criteria(&format!("{gold}.jsonl {answers}"), ""), first, "{gold} {answers}");
        }
    }
    assert_eq!(criteria("backwards.jsonl wrong.csv", ""), criteria("grouped.jsonl wrong_backwards.jsonl", ""));
    let seed = |seed: &str| criteria("gold.jsonl wrong.jsonl", seed).0[0]["exact"]["ci"]["f1"].clone();
    assert_ne!(seed(" --seed 1"), seed(" --seed 2"));
}

#[test]
fn neither_threads_nor_the_order_of_the_input_change_a_byte() {
    let files = bare_files();
    let first = done(files.path(), "score --json gold.jsonl answers.jsonl");
    assert!(serde_json::from_str::<Value>(&first).unwrap()["criteria"]["exact"]["tp"].as_u64().unwrap() < 100);
    for jobs in ["1", "2", "8"] {
        assert_eq!(done(files.path(), &format!("score --json gold.jsonl answers.jsonl -j {jobs}")), first, "-j {jobs}");
    }
    assert_eq!(done(&files.path().join("shuffled"), "score --json gold.jsonl answers.jsonl"), first);

    let workspace = copy_of("screens.in", &[]);
    let run = |jobs: &str| done(workspace.path(), &format!("run --json --no-store -j {jobs}"));
    let first = run("1");
    assert_eq!((run("2"), run("8")), (first.clone(), first.clone()));
    let answers = workspace.path().join("predictions/wide.jsonl");
    let lines = std::fs::read_to_string(&answers).unwrap();
    let backwards: Vec<&str> = lines.lines().rev().collect();
    std::fs::write(&answers, backwards.join("\n")).unwrap();
    let mut again: Value = serde_json::from_str(&run("2")).unwrap();
    let mut first: Value = serde_json::from_str(&first).unwrap();
    for result in [&mut again, &mut first] {
        // The fingerprint is that of the file's bytes.
        result["runs"][0]["extractor"]["fingerprint"].take();
    }
    assert_eq!(again.to_string(), first.to_string());
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let workspace = copy_of("screens.in", &[]);
    for arguments in
        ["run --json", "run", "metrics", "metrics --json", "schema results", "completions bash", "stats", "show zh-001", "--help"]
    {
        let mut child = command(workspace.path(), arguments.split(' ')).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let (code, _, err) = text_of(child.wait_with_output().unwrap());
        assert_eq!((code, err.as_str()), (0, ""), "{arguments}");
    }
    assert!(assay(workspace.path(), "show latest").0 == 0, "the runs are stored all the same");
}

#[test]
fn file_names_may_be_odd() {
    let dir = tempfile::tempdir().unwrap();
    let line = r#"{"id":"a1","lang":"en","claims":[{"start":0,"end":16,"kind":"quantity"}]}"#;
    let mut names: Vec<OsString> =
        ["with blanks .jsonl", "-n.jsonl", "--json", "\u{1b}[2J\r\n.jsonl", "\u{202e}数.jsonl", "é%s{}.jsonl"].map(OsString::from).to_vec();
    if cfg!(target_os = "linux") {
        // Elsewhere a file cannot have such a name.
        names.push(OsString::from_vec(b"\xff\xfe.jsonl".to_vec()));
    }
    for name in &names {
        std::fs::write(dir.path().join(name), line).unwrap();
        let arguments = [OsStr::new("score"), OsStr::new("--"), name, name];
        let (code, out, err) = text_of(command(dir.path(), arguments).output().unwrap());
        assert!(code == 0 && out.contains("1.000"), "{name:?}: {err}");
        assert!(!out.contains(|c: char| (c.is_control() && c != '\n') || c == '\u{202e}'), "{out:?}");
    }
    for name in [&b"\xff\x1b]0;title\x07.jsonl"[..], b"\xff", b"\xf0\x9f.csv", b"nul.parquet", b"\x1b[2J\xff/x/y"] {
        let name = OsStr::from_bytes(name);
        for before in [&["score"][..], &["score", "--primary"], &["run", "--split"], &["run"], &["show"], &["stats"], &["lint"], &[]] {
            let arguments = before.iter().map(OsStr::new).chain([name, name]);
            let (code, out, err) = text_of(command(dir.path(), arguments).output().unwrap());
            assert!((1..=3).contains(&code) && !err.contains("panicked"), "{before:?} {name:?}: {code} {out} {err}");
            assert!(before != ["score"] || !err.contains(|c: char| c.is_control() && c != '\n'), "{before:?} {name:?}: {err:?}");
        }
    }
}

#[test]
fn sigterm_ends_a_run_and_its_extractor_with_130() {
    use rustix::process::{Pid, Signal, kill_process, test_kill_process};
    let workspace = copy_of("slow.in", &[]);
    let mut child = command(workspace.path(), ["run"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let begun = workspace.path().join("begun");
    let until = Instant::now() + Duration::from_secs(60);
    while !begun.exists() {
        assert!(Instant::now() < until && child.try_wait().unwrap().is_none(), "the extractor has not begun");
        std::thread::sleep(Duration::from_millis(20));
    }
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    let (code, out, err) = text_of(child.wait_with_output().unwrap());
    assert_eq!(code, 130, "{out}{err}");
    assert!(err.contains("interrupted: 1 of 3 articles were answered"), "{err}");
    let extractor = Pid::from_raw(std::fs::read_to_string(&begun).unwrap().parse().unwrap()).unwrap();
    assert!(test_kill_process(extractor).is_err(), "the extractor still runs");
    // What was answered is kept.
    assert!(out.contains("stored as ") && done(workspace.path(), "show latest").contains("1 article "), "{out}");
}
