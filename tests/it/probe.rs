//! `assay probe`: one article's way to an extractor and back.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

const EXTRACTORS: &str = r#"
[[extractor]]
id = "good"
kind = "process"
command = ["sh", "-c", "read line; echo '{\"id\":\"en-001\",\"claims\":[{\"quote\":\"37,000\",\"kind\":\"quantitty\",\"fields\":{\"value\":37000,\"unit\":\"per\\u001b[31mson\"},\"score\":0.8}]}'"]

[[extractor]]
id = "dies"
kind = "process"
command = ["sh", "-c", "read line; printf 'no model\\033[2J here\\n' >&2; exit 3"]

[[extractor]]
id = "babbles"
kind = "process"
command = ["sh", "-c", "read line; printf 'Loading \\033]0;x\\007 model\\n'; sleep 9"]

[[extractor]]
id = "each"
kind = "command"
command = ["sh", "-c", "cat >/dev/null; echo \"[{\\\"quote\\\":\\\"$1\\\",\\\"kind\\\":\\\"event\\\"}]\"", "sh", "{lang}"]

[[extractor]]
id = "nowhere"
kind = "process"
command = ["./no-such-program"]
"#;

fn workspace() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(probe(dir.path(), "init .", "").0, 0);
    let config = dir.path().join("assay.toml");
    std::fs::write(&config, std::fs::read_to_string(&config).unwrap() + EXTRACTORS).unwrap();
    dir
}

/// Exit code, what was printed, what went to the error stream.
fn probe(folder: &Path, arguments: &str, input: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
    let mut child = command
        .args(arguments.split(' '))
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that reads nothing closes it.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn what_went_over_and_what_was_made_of_it_is_shown() {
    let dir = workspace();
    let cases = [
        (
            "probe good en-001",
            0,
            vec![
                "good · en-001 · en · ",
                "── sent to its standard input ──",
                r#"{"type":"extract","id":"en-001","article":{"id":"en-001","lang":"en""#,
                "── its standard output ──",
                r#"{"id":"en-001","claims":[{"quote":"37,000""#,
                "ok · 1 claim · placed: 1 exact · took ",
                "  1 quantitty · ",
                "unit per\\u{1b}[31mson · value 37000",
                "── against the gold ──",
                "1 claim has kind \"quantitty\", which the dataset does not have",
                "did you mean quantity?",
            ],
        ),
        ("probe dies", 6, vec!["crash · 0 claims", "the program ended before it answered (exit code 3)", "no model\\u{1b}[2J here"]),
        ("probe babbles", 6, vec!["Loading \\u{1b}]0;x\\u{7} model", "malformed", "messages go to standard error"]),
        ("probe each id-001", 0, vec!["started", "\"id\"", "unlocated", "  1 event · no place"]),
        ("probe rules", 0, vec!["── what was understood ──", "── against the gold ──"]),
    ];
    for (arguments, exit, mentions) in cases {
        let (code, out, err) = probe(dir.path(), arguments, "");
        assert_eq!(code, exit, "{arguments}: {out}{err}");
        for mention in mentions {
            assert!(out.contains(mention), "{arguments}: {mention:?} is not in\n{out}");
        }
        assert!(!out.contains(|c: char| c.is_control() && c != '\n'), "{arguments}: {out:?}");
    }
    assert!(!dir.path().join(".assay").exists(), "nothing is stored");
}

#[test]
fn a_text_that_is_no_article_has_no_gold() {
    let dir = workspace();
    std::fs::write(dir.path().join("new.txt"), "In 2023 more than 37,000 people fled.\r\n").unwrap();
    for (arguments, input) in [("probe rules new.txt --lang en", ""), ("probe rules - --lang en", "In 2023 more than 37,000 people fled.")]
    {
        let (code, out, err) = probe(dir.path(), arguments, input);
        assert_eq!(code, 0, "{out}{err}");
        assert!(out.contains("value 37000") && out.contains("bound more_than") && !out.contains("against the gold"), "{out}");
    }
    let (_, out, _) = probe(dir.path(), "probe rules - --lang en --json", "12 people came.");
    let json: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&json["answer"]["outcome"], &json["answer"]["claims"][0]["fields"]["value"]), (&"ok".into(), &"12".into()));
}

#[test]
fn what_cannot_be_asked_is_told() {
    let dir = workspace();
    for (arguments, mention) in [
        ("probe rule", "no extractor \"rule\" in assay.toml (did you mean rules?); it has: rules, "),
        ("probe rules en-01", "\"en-01\" is neither an article of the dataset nor a file; did you mean en-001?"),
        ("probe rules datasets", "datasets: "),
        ("probe nowhere", "extractor nowhere: cannot start ./no-such-program"),
    ] {
        let (code, _, err) = probe(dir.path(), arguments, "");
        assert!(code == 3 && err.contains(mention), "{arguments}: {code} {err}");
    }
    let (code, _, err) = probe(dir.path(), "probe rules -", "\u{0}");
    assert_eq!(code, 0, "{err}");
}
