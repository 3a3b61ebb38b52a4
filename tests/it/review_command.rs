//! `assay review`, as a user calls it on a terminal, and what must hold whatever happens in its middle.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use claim_assay::dataset::Dataset;
use serde_json::{Value, json};
use tempfile::TempDir;
use unicode_width::UnicodeWidthStr;

use super::support::{cases, copy_folder, data_file};

const CLEAR: &str = "\u{1b}[H\u{1b}[2J";

/// A copy of the workspace of `tests/cmd/review.in` whose extractors were run, `mine` last.
struct Workspace(TempDir);

impl Workspace {
    fn new() -> Workspace {
        let workspace = Workspace(tempfile::tempdir().unwrap());
        copy_folder(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cmd/review.in"), workspace.0.path());
        for extractor in ["other", "third", "mine"] {
            assert_eq!(workspace.assay(&["run", extractor, "--ci", "none"]).0, 0);
        }
        workspace
    }

    fn claims(&self) -> String {
        std::fs::read_to_string(self.0.path().join("datasets/news/claims.csv")).unwrap()
    }

    fn memory(&self) -> String {
        std::fs::read_to_string(self.0.path().join(".assay/label/news-reviewed.jsonl")).unwrap_or_default()
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
        command.current_dir(&self.0).env_remove("CLICOLOR_FORCE").env_remove("NO_COLOR").env("TERM", "xterm");
        command
    }

    fn assay(&self, arguments: &[&str]) -> (i32, String, String) {
        let output = self.command().args(arguments).stdin(Stdio::null()).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    /// The ids that are left to decide.
    fn left(&self) -> Vec<String> {
        let (code, out, err) = self.assay(&["review", "--list", "--json"]);
        assert_eq!(code, 0, "{err}");
        let list: Value = serde_json::from_str(&out).unwrap();
        list["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    }

    /// Presses keys on a terminal, each once the text before it was written.
    fn press(&self, arguments: &[&str], steps: &[(&str, Value)]) -> Ended {
        let steps: Vec<Value> = steps.iter().map(|(text, keys)| json!([text, keys])).collect();
        let mut command = Command::new("python3");
        command.arg(data_file("terminal/press.py")).arg(serde_json::to_string(&steps).unwrap());
        command.arg(env!("CARGO_BIN_EXE_assay")).arg("review").args(arguments);
        command.current_dir(&self.0).env_remove("CLICOLOR_FORCE").env_remove("NO_COLOR").env("TERM", "xterm");
        let output = command.stdin(Stdio::null()).output().unwrap();
        let report: Value =
            serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
        let written = report["written"].as_str().unwrap().to_owned();
        assert_eq!(report["problem"], Value::Null, "{written}");
        Ended { code: report["code"].as_i64().unwrap(), restored: report["restored"] == true, written }
    }

    fn loads(&self) -> Dataset {
        Dataset::load(&self.0.path().join("datasets/news")).unwrap()
    }
}

struct Ended {
    code: i64,
    restored: bool,
    written: String,
}

impl Ended {
    /// The screens one after the other, as a person sees them; a line that is drawn again is one more.
    fn screens(&self) -> Vec<String> {
        self.written
            .split(CLEAR)
            .skip(1)
            .map(|screen| anstream::adapter::strip_str(screen).to_string().replace("\r\n", "\n").replace('\r', "\n"))
            .collect()
    }
}

#[test]
fn one_key_a_decision_and_each_is_on_the_disk() {
    let workspace = Workspace::new();
    let ended = workspace.press(
        &[],
        &[
            ("? keys", json!("a")), // en-001#4: becomes gold
            ("? keys", json!("t")), // en-001-c01: what all three say
            ("? keys", json!("r")), // en-001#2: no claim
            ("? keys", json!("o")), // en-001-c03: optional
            ("? keys", json!("a")), // en-001-c02: is right
            ("? keys", json!("s")), // en-002#1: skipped
            ("? keys", json!("a")), // en-001#5: not in the text, so not as it is
            ("e edits it", json!("e")),
            ("> ", json!("quote=containers\r")),
            ("> ", json!("valeu=1\rvalue\r")),
            ("value=9000", json!("\u{7f}\u{7f}\u{7f}\u{7f}12\r\r")),
            ("? keys", json!("r")), // en-001#3: no claim
        ],
    );
    assert_eq!((ended.code, ended.restored), (5, true), "one was skipped: {}", ended.written);
    let claims = workspace.claims();
    for row in [
        "en-001-c01,en-001,12,25,\"37,000 people\",quantity,37000,,person,\n",
        "en-001-c03,en-001,94,116,1.2 million containers,quantity,1200000,,container,optional\n",
        "en-001-c04,en-001,133,143,14 of them,quantity,14,,,\n",
        "en-001-c05,en-001,106,116,containers,quantity,12,,,\n",
    ] {
        assert!(claims.contains(row), "{row}{claims}");
    }
    assert_eq!(workspace.left(), ["en-002#1"]);
    assert_eq!(workspace.memory().lines().filter(|line| line.contains("rejected")).count(), 3);
    assert!(ended.written.contains("is no field of this dataset; did you mean value?"));
    assert!(ended.written.contains("7 decided · 1 left"), "{}", ended.written);
    let screens = ended.screens();
    for screen in &screens {
        assert!(screen.lines().all(|line| line.width() <= 80), "{screen}");
    }
    assert!(screens[1].starts_with("2 of 8 · probably wrong in the gold · en-001 · en · en-001-c01\n"), "{}", screens[1]);
    assert!(screens[1].contains("≠ value         38000                           37000\n"), "{}", screens[1]);
    assert!(screens[1].contains("en-001#4: gold now, as en-001-c04 (u takes it back)\n"), "{}", screens[1]);
    workspace.loads();

    // Another day: only what was skipped comes back, and what was decided on request.
    let ended = workspace.press(&[], &[("1 of 1", json!("")), ("? keys", json!("a"))]);
    assert_eq!((ended.code, workspace.left().len()), (0, 0));
    let (code, out, _) = workspace.assay(&["review", "--list", "--again"]);
    assert!(code == 0 && out.contains("en-001#2 ") && out.contains("en-001-c02"), "{out}");
    let ended = workspace.press(&[], &[]);
    assert!(ended.code == 0 && ended.written.contains("nothing to decide; --again shows what was decided before"));
}

#[test]
fn u_takes_back_one_after_the_other() {
    let workspace = Workspace::new();
    let before = workspace.claims();
    let left = workspace.left();
    let keys = ["a", "t", "r", "r", "o", "s"];
    let mut steps: Vec<(&str, Value)> = keys.iter().map(|key| ("? keys", json!(key))).collect();
    steps.extend(std::iter::repeat_n(("? keys", json!("u")), keys.len() + 1));
    steps.push(("nothing to take back", json!("q")));
    let ended = workspace.press(&[], &steps);
    assert_eq!((ended.code, ended.restored), (5, true));
    assert_eq!(workspace.claims(), before, "byte for byte");
    assert_eq!(workspace.left(), left);
    assert!(workspace.loads().claims.len() == 3 && ended.written.contains("0 decided · 8 left"));
}

#[test]
fn a_prediction_where_a_claim_waits_is_no_second_claim() {
    let workspace = Workspace::new();
    // Not the same to the letter, but the same place.
    let claims = format!("{}en-001-c09,en-001,133,141,14 of th,quantity,14,,person,draft\n", workspace.claims());
    std::fs::write(workspace.0.path().join("datasets/news/claims.csv"), &claims).unwrap();
    let (code, out, err) = workspace.assay(&["review", "--accept", "en-001#4"]);
    assert_eq!((code, out.as_str()), (3, ""), "{err}");
    assert!(err.contains("en-001-c09 is at this place and of this kind, and a draft; confirm en-001-c09 instead"), "{err}");
    assert_eq!(workspace.claims(), claims);
}

#[test]
fn what_was_decided_for_all_is_taken_back_at_once() {
    let workspace = Workspace::new();
    let before = (workspace.left(), workspace.claims());
    let ended = workspace.press(
        &["--order", "place"],
        &[
            ("? keys", json!("R")),
            ("DELETE from the gold:", json!("a")),
            ("DELETE from the gold: 3 gold claims (u takes them back)", json!("u")),
            ("3 claims taken back", json!("q")),
        ],
    );
    assert_eq!(ended.code, 5, "{}", ended.written);
    let sorted = |claims: &str| claims.lines().map(str::to_owned).collect::<std::collections::BTreeSet<_>>();
    assert_eq!((workspace.left(), sorted(&workspace.claims())), (before.0, sorted(&before.1)));
}

#[test]
fn what_is_pasted_is_no_key() {
    let workspace = Workspace::new();
    let before = workspace.claims();
    let ended = workspace.press(
        &["--order", "place"],
        &[
            ("? keys", json!("\u{1b}[200~rara\nA\u{1b}[201~")),
            ("what was pasted is no key", json!("e")),
            ("> ", json!("\u{1b}[200~value=\n37001\u{7}\u{1b}[201~")),
            ("37001", json!("\u{1b}")),
            ("left as it was", json!("q")),
        ],
    );
    assert!(ended.code == 5 && ended.written.contains("value= 37001"), "{}", ended.written);
    assert_eq!(workspace.claims(), before);
    let (on, off) = (ended.written.find("\u{1b}[?2004h"), ended.written.rfind("\u{1b}[?2004l"));
    assert!(on.is_some() && on < off, "{}", ended.written);
}

#[test]
fn what_was_decided_already_is_said_to_be() {
    let workspace = Workspace::new();
    assert_eq!(workspace.assay(&["review", "--accept", "en-001#4"]).0, 0);
    let (code, _, err) = workspace.assay(&["review", "--accept", "en-001#4"]);
    assert_eq!(code, 2);
    assert!(err.contains("--accept \"en-001#4\": decided already, or never in doubt: the gold has it as en-001-c04"), "{err}");
}

#[test]
fn the_rest_is_decided_after_one_question() {
    let workspace = Workspace::new();
    let place = ["--order", "place"];
    let ended = workspace.press(
        &place,
        &[
            ("? keys", json!("R")), // en-001-c01 is gold: deleting is said aloud
            ("DELETE from the gold:", json!("x")),
            ("? keys", json!("s")),
            ("? keys", json!("R")), // en-001#2 and the other predictions of the article
            ("the 4 predictions left of en-001", json!("a")),
            ("? keys", json!("S")),
            ("all 1 gold claim left", json!("k")),
            ("? keys", json!("q")),
        ],
    );
    assert_eq!(ended.code, 5, "{}", ended.written);
    assert!(ended.written.contains("reject: 4 predictions"), "{}", ended.written);
    assert_eq!(workspace.left(), ["en-001-c01", "en-001-c03", "en-001-c02", "en-002#1"]);
    assert_eq!(workspace.loads().claims.len(), 3);

    // Of those that cannot be gold as they are the first is named, and all of them stay.
    let again = ["--again", "--kind", "spurious"];
    let ended = workspace.press(&again, &[("? keys", json!("A")), ("left of en-001", json!("a")), ("not 2 predictions", json!("q"))]);
    assert_eq!(ended.code, 5, "{}", ended.written);
    assert_eq!(workspace.loads().claims.len(), 5);
}

#[test]
fn the_terminal_is_as_it_was_however_it_ends() {
    let workspace = Workspace::new();
    let before = workspace.claims();
    for (steps, code) in [
        (vec![("? keys", json!("q"))], 5),
        (vec![("? keys", json!("\u{4}"))], 5),
        (vec![("? keys", json!("\u{3}"))], 130),
        (vec![("? keys", json!(2))], 130),
        (vec![("? keys", json!(15))], 130),
        // In a line that is typed Ctrl-C and Escape give up the line.
        (vec![("? keys", json!("e")), ("> ", json!("value=1\u{3}")), ("left as it was", json!("\u{3}"))], 130),
        (vec![("? keys", json!("e")), ("> ", json!("value=1\u{1b}")), ("left as it was", json!("q"))], 5),
        (vec![("? keys", json!("e")), ("> ", json!(15))], 130),
    ] {
        let ended = workspace.press(&[], &steps);
        assert_eq!((ended.code, ended.restored), (code, true), "{steps:?}: {}", ended.written);
    }
    assert_eq!((workspace.claims(), workspace.memory()), (before, String::new()));
}

#[test]
fn what_others_write_in_the_meantime_is_not_overwritten() {
    let workspace = Workspace::new();
    let theirs = workspace.claims().replace("38000", "39000");
    std::fs::write(workspace.0.path().join("theirs.csv"), &theirs).unwrap();
    // Somebody else writes while the question is on the screen; the other claims can still be decided.
    let copy = json!({"copy": ["theirs.csv", "datasets/news/claims.csv"]});
    let steps = [("? keys", copy), ("", json!("t")), ("was changed by somebody else", json!("s")), ("? keys", json!("q"))];
    let ended = workspace.press(&["--kind", "probably-wrong", "--kind", "missed-by-all"], &steps);
    assert_eq!((ended.code, workspace.claims()), (5, theirs), "{}", ended.written);
}

/// SIGKILL at any moment: the dataset loads, and what was said to be done is done.
#[test]
fn what_was_accepted_is_kept_when_the_review_is_killed() {
    for round in 0..cases(2).cases {
        let workspace = Workspace::new();
        let accepted = usize::from(round % 2 == 0) + 1;
        let mut steps = vec![("? keys", json!("a")), ("gold now, as en-001-c04", json!("r"))];
        steps.truncate(accepted);
        // Killed at the moment when the next screen says that it is done.
        steps.push((if accepted == 1 { "gold now, as en-001-c04" } else { "deleted from the gold" }, json!(9)));
        let ended = workspace.press(&[], &steps);
        assert_eq!(ended.code, -9, "{}", ended.written);
        let claims = workspace.loads().claims;
        assert_eq!(claims.len(), if accepted == 1 { 4 } else { 3 });
        assert!(claims.iter().any(|claim| claim.claim.id == "en-001-c04"));
        assert!(!workspace.left().contains(&"en-001#4".to_owned()));
    }
}

#[test]
fn colours_are_not_needed() {
    let workspace = Workspace::new();
    let mut command = Command::new("python3");
    command.arg(data_file("terminal/press.py")).arg(r#"[["? keys","e"],["> ","\u001b"],["left as it was","q"]]"#);
    command.arg(env!("CARGO_BIN_EXE_assay")).args(["review", "--kind", "wrong", "--kind", "probably-wrong"]);
    let output = command.current_dir(&workspace.0).env("NO_COLOR", "1").env_remove("CLICOLOR_FORCE").output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let written = report["written"].as_str().unwrap();
    assert!(report["code"] == 5 && report["restored"] == true && !written.contains('\u{1b}'), "{written:?}");
    assert!(written.contains("Police held ⟦⟨37,000 people⟩⟧ at the border"), "{written}");
}

/// An article, a claim and a field value that try to move the cursor are shown as what they are.
#[test]
fn hostile_text_is_harmless_in_lists_and_on_screens() {
    let workspace = Workspace::new();
    let folder = workspace.0.path();
    let evil = "37 \u{1b}[2J\u{202e}\u{9b}2Jpeople";
    std::fs::write(folder.join("datasets/news/articles/en-002.txt"), format!("There were {evil} here.")).unwrap();
    let claim = json!({"quote": evil, "kind": "quantity\u{1b}[1A", "fields": {"value": "\u{1b}]0;x\u{7}", "unit\u{1b}": "a"}});
    let answers = [json!({"id": "en-001", "claims": []}), json!({"id": "en-002", "claims": [claim]})].map(|line| format!("{line}\n"));
    std::fs::write(folder.join("predictions/mine.jsonl"), answers.concat()).unwrap();
    assert_eq!(workspace.assay(&["run", "mine", "--ci", "none"]).0, 0);
    for arguments in [&["review", "--list"][..], &["review", "--list", "--json"], &["review", "--accept", "en-002#1"]] {
        let (_, out, err) = workspace.assay(arguments);
        let is_bad = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!format!("{out}{err}").contains(is_bad), "{arguments:?}: {out:?}{err:?}");
    }
    let ended = workspace.press(
        &["--kind", "unjudged"],
        &[("? keys", json!("a")), ("e edits it", json!("e")), ("> ", json!("\u{3}")), ("left", json!("q"))],
    );
    let screens = ended.screens().concat();
    let ours = anstream::adapter::strip_str(&screens).to_string();
    assert!(!ours.contains(|c: char| (c.is_control() && c != '\n') || c == '\u{202e}'), "{ours:?}");
    assert!(ours.contains("\\u{1b}[2J"), "{ours}");
}

#[test]
fn articles_of_another_text_are_left_out_and_said() {
    let workspace = Workspace::new();
    let path = workspace.0.path().join("datasets/news/articles/en-002.txt");
    std::fs::write(path, "Another text.").unwrap();
    let (code, out, err) = workspace.assay(&["review", "--list"]);
    assert!(code == 0 && !out.contains("en-002"), "{out}");
    assert!(err.contains("1 article left out, each has another text now: en-002"), "{err}");
}
