//! assay.toml, from the whole of it to each of its slips.

use std::time::Duration;

use claim_assay::extract::Numbers;
use claim_assay::problem::Problems;
use claim_assay::workspace::{Config, ExtractorKind, GateLevel, Tracking, Workspace};

use crate::support::data;

fn parse(text: &str) -> Result<Config, Problems> {
    Config::parse("assay.toml", text)
}

#[test]
fn every_key_is_read() {
    let config = parse(&data("workspace/full.toml")).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(
        (config.name.as_str(), config.dataset.path.as_str(), config.dataset.split.as_str()),
        ("border-claims", "datasets/tenfold", "test")
    );
    assert_eq!((config.run.jobs, config.run.timeout, config.run.seed), (8, Duration::from_secs(90), 7));
    assert!((config.run.error_budget - 0.1).abs() < 1e-12);
    assert_eq!((config.score.primary.to_string().as_str(), config.score.resamples), ("iou75", 500));
    let criteria: Vec<String> = config.score.criteria.iter().map(ToString::to_string).collect();
    assert_eq!(criteria, ["iou75", "exact", "value"], "the primary criterion is always computed");
    let ids: Vec<(&str, &str, bool)> = config.extractors.iter().map(|e| (e.id.as_str(), e.kind.name(), e.enabled)).collect();
    assert_eq!(
        ids,
        [
            ("rules", "builtin", true),
            ("regex-py", "process", false),
            ("once", "command", false),
            ("llm", "openai", false),
            ("vendor", "predictions", true)
        ]
    );
    let ExtractorKind::Process(program) = &config.extractors[1].kind else { panic!("{:?}", config.extractors[1]) };
    assert_eq!(program.command, ["python3", "examples/regex_extractor.py"]);
    assert_eq!((program.workers, program.startup_timeout, program.env["MODE"].as_str()), (Some(2), Duration::from_millis(500), "fast"));
    assert_eq!((program.inputs.len(), program.pass_env.as_slice()), (1, &["HF_HOME".to_owned()][..]));
    assert_eq!((config.extractors[1].version.as_deref(), config.extractors[1].numbers), (Some("3"), Numbers::Local));
    let ExtractorKind::OpenAi(model) = &config.extractors[3].kind else { panic!("{:?}", config.extractors[3]) };
    assert_eq!((model.params["temperature"].as_f64(), model.price.unwrap().output_per_mtok.to_bits()), (Some(0.0), 0.4f64.to_bits()));
    assert_eq!((model.response_format.name(), model.max_tokens, model.max_retries), ("json_object", Some(4000), 3));
    assert_eq!(
        (model.retry_base, model.examples.as_ref().map(|e| (e.split.as_str(), e.count))),
        (Duration::from_secs(1), Some(("train", 5)))
    );
    assert!(
        matches!(&config.extractors[4].kind, ExtractorKind::Predictions { tracking: Tracking::Corpus, path } if path == "predictions/vendor.jsonl")
    );
    assert_eq!(config.gates.len(), 3);
    assert_eq!(
        (config.gates[1].extractor.as_deref(), config.gates[1].max_drop, config.gates[1].min_support),
        (Some("llm"), Some(0.02), 20)
    );
    assert_eq!((config.gates[1].slice["lang"].as_str(), config.gates[1].level), ("id", GateLevel::Warn));
    assert_eq!(config.gates[2].conditions["tags"], "must-find");
    assert!(config.profiles["ci"].gate && config.profiles["ci"].report == ["html", "md", "junit", "github"]);
}

#[test]
fn what_a_command_cannot_mean_is_told_where_it_stands() {
    for (keys, expected) in [
        (
            "command = [\"p\", \"{text}\"]",
            "assay.toml:6:11: error[config]: `command` of extractor once holds \"{text}\": the text goes to standard input",
        ),
        ("command = [\"{lang}\"]", "assay.toml:6:11: error[config]: `command` of extractor once names its program with a placeholder"),
        (
            "command = [\"p\"]\nstartup_timeout = \"1s\"",
            "assay.toml:7:19: error[config]: `startup_timeout` of extractor once: a command is started for each",
        ),
    ] {
        let text = format!("format = 1\nname = \"w\"\n[[extractor]]\nid = \"once\"\nkind = \"command\"\n{keys}\n[dataset]\npath = \"d\"\n");
        let problems = parse(&text).unwrap_err();
        let shown: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert!(shown.len() == 1 && shown[0].contains(expected), "{keys}: {shown:?}");
    }
}

#[test]
fn all_findings_come_at_once_each_with_line_and_column() {
    let text = "format = 1\nname = \"w\"\n[dataset]\npath = \"../x\"\n[run]\njbos = 4\ntimeout = 60\nerror_budget = nan\n[score]\nprimary = \"iou500\"\n\
        [[extractor]]\nid = \"a b\"\nkind = \"proces\"\n[[extractor]]\nid = \"p\"\nkind = \"process\"\ncommand = \"cat\"\n[[gate]]\nmetric = \"criteria.iou50.f1\"\nextractor = \"q\"\n\
        [profile.ci]\nreport = [\"htlm\"]\n";
    let problems = parse(text).unwrap_err();
    let shown: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let expected = [
        ("assay.toml:4:8", "a path with '..' leads outside of the workspace"),
        ("assay.toml:6:1", "unknown key \"jbos\" in [run]; did you mean `jobs`?"),
        ("assay.toml:7:11", "is an integer; it must be a length of time in quotes such as \"60s\""),
        ("assay.toml:8:16", "it must be a number from 0 to 1"),
        ("assay.toml:10:11", "unknown criterion \"iou500\""),
        ("assay.toml:12:6", "\"a b\" is no id"),
        ("assay.toml:13:8", "did you mean \"process\"?"),
        ("assay.toml:17:11", "write a list"),
        ("assay.toml:18:1", "has no limit; write min, max or max_drop"),
        ("assay.toml:20:13", "no [[extractor]] has the id \"q\""),
        ("assay.toml:22:10", "\"htlm\" is no report"),
    ];
    assert_eq!(shown.len(), expected.len(), "{shown:#?}");
    for (line, (place, says)) in shown.iter().zip(expected) {
        assert!(line.starts_with(place) && line.contains(says), "{line}\n{place} {says}");
    }
}

#[test]
fn a_workspace_is_found_from_below_and_a_broken_one_is_not_passed_over() {
    let dir = tempfile::tempdir().unwrap();
    let below = dir.path().join("a/b");
    std::fs::create_dir_all(&below).unwrap();
    assert!(Workspace::discover(&below).unwrap_err().to_string().contains("assay init"));
    std::fs::write(dir.path().join("assay.toml"), "format = 1\nname = \"w\"\n[dataset]\npath = \"d\"\n").unwrap();
    assert_eq!(Workspace::discover(&below).unwrap().root, dir.path().canonicalize().unwrap());
    std::fs::create_dir(dir.path().join("a/assay.toml")).unwrap();
    assert!(Workspace::discover(&below).unwrap_err().to_string().contains("a folder, not a regular file"));
}

#[test]
fn links_out_of_the_workspace_are_not_followed() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("w");
    std::fs::create_dir_all(root.join("d")).unwrap();
    std::fs::write(root.join("assay.toml"), "format = 1\nname = \"w\"\n[dataset]\npath = \"d\"\n").unwrap();
    std::fs::write(root.join("d/dataset.toml"), "format = 1\nname = \"d\"\nversion = \"1\"\n").unwrap();
    std::fs::write(root.join("d/articles.csv"), "article_id,lang\na,en\n").unwrap();
    std::fs::write(dir.path().join("secret"), "not to be read").unwrap();
    std::fs::create_dir(root.join("d/articles")).unwrap();
    std::os::unix::fs::symlink(dir.path().join("secret"), root.join("d/articles/a.txt")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", root.join("d/claims.csv")).unwrap();
    let problems = Workspace::load(&root).unwrap().dataset().unwrap_err().to_string();
    assert!(problems.contains("articles/a.txt: error[file]") && problems.contains("claims.csv: error[file]"), "{problems}");
    assert_eq!(problems.matches("leads outside of the workspace").count(), 2, "{problems}");
    assert!(!problems.contains("not to be read"));
}
