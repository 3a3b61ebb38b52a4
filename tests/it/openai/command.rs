//! `assay run` of a model, as the documentation shows it.

use std::path::Path;
use std::process::Command;

use super::{CANARY, Server};
use crate::support::copy_folder;

/// Exit code, what was printed, and what went to the error stream.
fn assay(folder: &Path, arguments: &str, key: Option<&str>) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
    command.args(arguments.split(' ')).current_dir(folder).env_remove("MY_KEY");
    key.map(|key| command.env("MY_KEY", key));
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// A block of code of the section about prompts.
fn shown(language: &str) -> String {
    let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/extractors.md")).unwrap();
    let section = docs.split("\n## A prompt\n").nth(1).unwrap();
    section.split(&format!("```{language}\n")).nth(1).unwrap().split("```").next().unwrap().to_owned()
}

/// The workspace that `init` makes, with a prompt and a model; `further` stands among its settings.
fn workspace(base_url: &str, prompt: &str, further: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(assay(dir.path(), "init .", None).0, 0);
    let config = dir.path().join("assay.toml");
    let model = shown("toml").replace("http://127.0.0.1:11434/v1", base_url);
    let settings = format!("{}\n{model}retry_base = \"1ms\"\n{further}\n", std::fs::read_to_string(&config).unwrap());
    std::fs::write(&config, settings).unwrap();
    std::fs::create_dir(dir.path().join("prompts")).unwrap();
    std::fs::write(dir.path().join("prompts/claims.md"), prompt).unwrap();
    dir
}

#[test]
fn from_a_prompt_to_the_first_table() {
    let server = Server::start(&["--times", "1"]);
    let dir = workspace(&server.base_url("429-none"), &shown("markdown"), "");
    for command in shown("console").lines().filter_map(|line| line.strip_prefix("$ assay ")) {
        let (code, out, err) = assay(dir.path(), command, None);
        assert_eq!((code, err.as_str()), (0, ""), "{command}");
        assert!(out.contains("\nllm qwen2.5:7b "), "{out}");
        assert!(out.lines().any(|line| line.trim_start().starts_with("iou50")), "{out}");
        assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
    }
}

#[test]
fn the_prompts_among_the_examples_run_over_the_projects_own_dataset() {
    let server = Server::start(&[]);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let dir = tempfile::tempdir().unwrap();
    for folder in ["datasets/tenfold", "examples"] {
        copy_folder(&root.join(folder), &dir.path().join(folder));
    }
    let config = std::fs::read_to_string(root.join("assay.toml")).unwrap();
    std::fs::write(dir.path().join("assay.toml"), config.replace("http://127.0.0.1:11434/v1", &server.base_url("ok"))).unwrap();
    for id in ["llm", "llm-few-shot"] {
        let (code, out, err) = assay(dir.path(), &format!("run {id} --split test"), None);
        assert_eq!(code, 0, "{out}{err}");
        assert!(out.contains(" 10 scored   0 failed"), "{out}");
        let (_, probed, _) = assay(dir.path(), &format!("probe {id} --full"), None);
        assert!(probed.contains("quantity") && !probed.contains("{{"), "{probed}");
    }
    let (code, _, err) = assay(dir.path(), "run llm-few-shot", None);
    assert!(code == 3 && err.contains("is scored and of split \"dev\""), "{err}");
}

/// Every file below a folder, in one.
fn all_bytes(folder: &Path, into: &mut Vec<u8>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            all_bytes(&entry.path(), into);
        } else {
            into.extend(std::fs::read(entry.path()).unwrap());
        }
    }
}

#[test]
fn the_key_is_in_no_output_and_no_file() {
    let server = Server::start(&["--times", "1"]);
    for (mode, code) in [
        ("ok", 0),
        ("echo-key", 0),
        ("401", 5),
        ("400", 6),
        ("redirect-other", 6),
        ("reset", 0),
        ("no-format", 0),
        ("echo-kind", 6),
        ("echo-raw", 6),
    ] {
        let dir = workspace(&server.base_url(mode), "{{text}}", "api_key_env = \"MY_KEY\"");
        let (found, out, err) = assay(dir.path(), "run llm -o all.json -o report.html", Some(CANARY));
        assert!(found == code || (found == 4 && code == 5), "{mode}: {found} {out}{err}");
        let mut all = [out.as_bytes(), err.as_bytes()].concat();
        all_bytes(dir.path(), &mut all);
        let all = String::from_utf8_lossy(&all);
        assert!(!all.to_lowercase().contains("canary") && !all.contains("0123456789"), "{mode}");
        if mode == "401" {
            assert!(err.contains("Bearer [key]"), "{err}");
        }
    }
    assert_eq!(server.stats()["key_at_other_host"], 0);
}

#[test]
fn what_cannot_begin_says_what_is_right_and_sends_nothing() {
    let server = Server::start(&[]);
    let local = server.base_url("ok");
    let example = "{{examples}}\n{{text}}";
    let table = [
        (local.as_str(), "{{text}}", "api_key_env = \"MY_KEY\"", "MY_KEY, which is to hold the key, is not set; write: export MY_KEY="),
        (&local, "{{txt}}", "", "prompts/claims.md:1:1: error[config]: unknown place {{txt}}; did you mean {{text}}?"),
        (&local, "Find claims", "", "no {{text}} is in the prompt"),
        (&local, example, "", "say in assay.toml which they are: examples = { split ="),
        (&local, "{{text}}", "examples = { split = \"train\", count = 1 }", "has no {{examples}}"),
        (&local, example, "examples = { split = \"all\", count = 1 }", "name one split"),
        (&local, example, "examples = { split = \"trian\", count = 1 }", "has 0 labelled articles; splits are: test, train"),
        (&local, example, "examples = { split = \"train\", count = 1 }", "article en-002 is scored and of split \"train\""),
        (&local, "{{text}}", "response_format = \"json\"", "one of auto, json_schema, json_object, none"),
        ("http://10.1.2.3/v1", "{{text}}", "", "http is for this machine only"),
    ];
    for (base_url, prompt, further, expected) in table {
        let dir = workspace(base_url, prompt, further);
        let articles = dir.path().join("datasets/example/articles.csv");
        let rows = std::fs::read_to_string(&articles).unwrap();
        let split = |line: &str| match line.split(',').next() {
            Some("article_id") => ",split",
            Some("en-002" | "es-001") => ",train",
            _ => ",test",
        };
        std::fs::write(&articles, rows.lines().map(|line| format!("{line}{}\n", split(line))).collect::<String>()).unwrap();
        let (code, _, err) = assay(dir.path(), "run llm", None);
        assert_eq!(code, 3, "{err}");
        assert!(err.contains(expected), "{expected}\n{err}");
        if expected.contains("is scored and of split") {
            let (code, out, err) = assay(dir.path(), "run llm --split test", None);
            assert_eq!(code, 0, "{out}{err}");
        }
    }
    assert_eq!(server.stats()["by_mode"]["ok"], 2, "but for the one run that could begin");
}

#[test]
fn the_settings_of_a_request_stand_beside_its_params() {
    let cases = [("max_tokens = 5", "write `max_tokens` beside `params`"), ("stream = true", "are not streamed"), ("n = 3", "--repeat")];
    for (param, expected) in cases {
        let dir = workspace("http://127.0.0.1:9/v1", "{{text}}", "");
        let config = dir.path().join("assay.toml");
        let text = std::fs::read_to_string(&config).unwrap().replace("temperature = 0.0", param);
        std::fs::write(&config, text).unwrap();
        let (code, _, err) = assay(dir.path(), "run llm", None);
        assert!(code == 3 && err.contains(expected), "{err}");
    }
}
