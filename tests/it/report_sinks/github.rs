//! What the runner of a workflow is told.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use claim_assay::cli::github::{RunnerFiles, publish, publish_to};
use claim_assay::cli::{CommandGuard, Terminal};
use claim_assay::extract::program::Programs;
use claim_assay::report::document::Document;
use claim_assay::report::github::annotations;

use crate::report_documents::{full, large};

/// Publishes; what was written to both streams.
fn published(document: &Document, runner: Option<&RunnerFiles>, commands: &CommandGuard) -> (String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    {
        let (mut out, mut err) = (commands.guard(&mut out), commands.guard(&mut err));
        let mut terminal = Terminal {
            out: &mut out,
            err: &mut err,
            colour: false,
            progress: false,
            stop: Arc::default(),
            programs: Programs::default(),
            commands: commands.clone(),
        };
        match runner {
            Some(runner) => publish_to(document, runner, &mut terminal).unwrap(),
            None => publish(document, &mut terminal).unwrap(),
        }
    }
    [out, err].map(|bytes| String::from_utf8(bytes).unwrap()).into()
}

#[test]
fn ten_annotations_of_a_level_and_the_tenth_counts_the_others() {
    let text = annotations(&large(40, 10));
    let of = |level: &str| text.lines().filter(|line| line.starts_with(&format!("::{level} "))).collect::<Vec<_>>();
    assert_eq!(of("error").len(), 2, "the failed gates: {text}");
    let warnings = of("warning");
    assert_eq!(warnings.len(), 10);
    // A gate that warns, one that was not evaluated, 40 newly missed, one wrong field; nine are shown.
    assert!(warnings[9].contains("34 more"), "{}", warnings[9]);
    assert!(
        warnings[2].starts_with("::warning file=datasets/news/claims.csv,line=2,title=Newly missed claim::big-000000 n0 "),
        "{}",
        warnings[2]
    );
}

#[test]
fn the_runner_gets_annotations_summary_and_outputs() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    std::fs::write(file("summary"), "# another step\n").unwrap();
    let runner = RunnerFiles { summary: Some(file("summary")), output: Some(file("output")) };
    let (out, err) = published(&full(), Some(&runner), &CommandGuard::new(true));
    assert_eq!((out, err.as_str()), (annotations(&full()), ""));
    let summary = std::fs::read_to_string(file("summary")).unwrap();
    assert!(summary.starts_with("# another step\n\n<!-- assay report rules -->\n## Assay: `rules`\n\n**Gates: fail.**"), "{summary}");
    let output = std::fs::read_to_string(file("output")).unwrap();
    assert_eq!(output, "verdict=fail\ncomparison=worse\nrun=20261122-2201-rules-7f3a\nf1=.600\n");
}

#[test]
fn what_is_in_the_summary_already_counts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("summary");
    let runner = RunnerFiles { summary: Some(path.clone()), output: None };
    for there in [0, 500_000, 898_000] {
        std::fs::write(&path, "x".repeat(there)).unwrap();
        published(&large(9000, 10), Some(&runner), &CommandGuard::new(true));
        let size = std::fs::metadata(&path).unwrap().len();
        assert!(size > there as u64 && size <= 900_000, "{there}: {size}");
    }
    std::fs::write(&path, "x".repeat(899_990)).unwrap();
    let (_, err) = published(&full(), Some(&runner), &CommandGuard::new(true));
    assert!(err.contains("no room in the summary of the step") && err.contains("GITHUB_OUTPUT is not set"), "{err}");
    assert_eq!(std::fs::metadata(&path).unwrap().len(), 899_990);
}

#[test]
fn elsewhere_nothing_is_told() {
    assert_eq!(published(&full(), None, &CommandGuard::new(false)), (String::new(), String::new()));
}

fn assay(folder: &Path, arguments: &[&str], github: bool) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
    command.args(arguments).current_dir(folder).env_remove("GITHUB_ACTIONS");
    if github {
        command.env("GITHUB_ACTIONS", "true").env("CLICOLOR_FORCE", "1");
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_text_of_an_article_is_no_command_and_reports_are_written_by_extension() {
    let folder = tempfile::tempdir().unwrap();
    assay(folder.path(), &["init", "demo"], false);
    let demo = folder.path().join("demo");
    let dataset = demo.join("datasets/example");
    std::fs::write(dataset.join("articles/bad.txt"), "::error file=a::owned\n  ::set-output name=pass::true\n##[group]x").unwrap();
    let articles = std::fs::read_to_string(dataset.join("articles.csv")).unwrap();
    let columns = articles.lines().next().unwrap().matches(',').count();
    std::fs::write(dataset.join("articles.csv"), format!("{articles}bad,en{}\n", ",".repeat(columns - 1))).unwrap();
    assay(&demo, &["run"], false);
    let is_command = |line: &str| {
        let plain = anstream::adapter::strip_str(line).to_string();
        plain.trim_start().starts_with("::") || plain.contains("##[")
    };
    assert!(assay(&demo, &["show", "bad"], false).lines().any(is_command), "without a runner the text is as it is");
    let shown = assay(&demo, &["show", "bad"], true);
    assert!(!shown.lines().any(is_command) && shown.contains("owned"), "{shown}");

    let files = ["r.md", "r.xml", "r.csv", "r.json", "codequality.json"];
    let arguments: Vec<&str> = ["report"].into_iter().chain(files.iter().flat_map(|file| ["-o", file])).collect();
    assay(&demo, &arguments, false);
    let read = |name: &str| std::fs::read_to_string(demo.join(name)).unwrap();
    assert!(
        read("r.md").starts_with("<!-- assay report rules -->")
            && read("r.xml").starts_with("<?xml")
            && read("r.csv").starts_with("article,")
    );
    assert!(serde_json::from_str::<Vec<serde_json::Value>>(&read("codequality.json")).is_ok());
}
