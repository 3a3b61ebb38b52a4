//! The extractors that the documentation shows do what it says.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

use claim_assay::claim::Article;
use claim_assay::extract::process::ProcessExtractor;
use claim_assay::extract::program::ProgramSettings;
use claim_assay::extract::{Answer, Extractor, Finished, Outcome};

fn run(command: &[&str], articles: &[(&str, &str)]) -> (Vec<Answer>, Finished) {
    let settings = ProgramSettings::new(command.iter().map(|word| (*word).to_owned()).collect(), PathBuf::from(env!("CARGO_MANIFEST_DIR")));
    let mut stream = articles.iter().enumerate().map(|(i, (lang, text))| Article {
        id: format!("a{i}"),
        lang: (*lang).to_owned(),
        text: (*text).into(),
        ..Article::default()
    });
    let answers = Mutex::new(Vec::<Answer>::new());
    let finished = ProcessExtractor::new(settings).extract(&mut stream, &answers, &AtomicBool::new(false)).unwrap();
    let answers = answers.into_inner().unwrap();
    (answers, finished)
}

#[test]
fn the_smallest_extractor_of_the_documentation_works() {
    let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/extractors.md")).unwrap();
    let code = docs.split("```python\n").nth(1).unwrap().split("```").next().unwrap();
    assert_eq!(code.lines().count(), 4);
    let (answers, _) = run(&["python3", "-c", code], &[("en", "🌊 37,000 people, 12 boats"), ("en", "none"), ("en", "7")]);
    let found: Vec<Vec<String>> =
        answers.iter().map(|a| a.claims.iter().map(|c| format!("{} {}", c.fragments, c.quote)).collect()).collect();
    assert_eq!(found, [vec!["2-8 37,000".to_owned(), "17-19 12".to_owned()], vec![], vec!["0-1 7".to_owned()]]);
    assert_eq!(answers[1].outcome, Outcome::Empty);
}

#[test]
fn the_example_reads_figures_by_language() {
    let articles = [
        ("en", "More than 37,000 people, 12.5% of them minors, in 2023; 2 million before.", "37000 more_than|12.5|2000000"),
        ("id", "lebih dari 37.000 orang; sekitar 2,5 juta ton pada 2023", "37000 more_than|2500000 about"),
        ("es-MX", "Unos 1.234 barcos y menos de 5 millones", "1234 about|5000000 less_than"),
        ("de", "Rund 1,5 Millionen Menschen, mindestens 20", "1500000 about|20 at_least"),
        ("en", "version 1.2.3 and 12,34,56", ""),
    ];
    let texts: Vec<_> = articles.iter().map(|(lang, text, _)| (*lang, *text)).collect();
    let (answers, finished) = run(&["python3", "examples/regex_extractor.py"], &texts);
    assert_eq!((finished.name.as_deref(), finished.notes.as_slice()), (Some("regex-py"), &[][..]));
    for (answer, (_, text, expected)) in answers.iter().zip(articles) {
        let field = |claim: &claim_assay::claim::Claim, name: &str| claim.fields.value(name).map(str::to_owned);
        let fields = |c| [field(c, "value"), field(c, "bound")].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let found: Vec<_> = answer.claims.iter().map(fields).collect();
        assert_eq!(found.join("|"), expected, "{text}");
        assert_eq!(answer.located.exact as usize, answer.claims.len(), "its offsets give its quotes");
        assert!(answer.claims.iter().all(|claim| claim.score.is_some_and(|score| (0.5..=1.0).contains(&score))));
    }
    let (answers, _) = run(&["python3", "examples/regex_extractor.py"], &[("fi", "37 000 ihmistä")]);
    assert_eq!(answers[0].outcome, Outcome::Refused);
}

/// Extractor of this checkout's assay.toml; what it needs, as a command that works where it is there; what to run it over; the least F1.
const EXAMPLES: &[(&str, &[&str], &str, f64)] = &[
    ("regex-py", &["python3", "--version"], "lang=en", 0.15),
    ("figures-js", &["node", "--version"], "lang=en", 0.5),
    ("figures-js", &["node", "--version"], "lang=pt", 0.4),
    ("figures-jq", &["jq", "--version"], "lang=en", 0.5),
    ("spacy", &["python3", "-c", "import spacy"], "lang=en", 0.5),
];

#[test]
fn every_example_gives_claims_with_kind_fields_and_confidence_over_the_projects_own_dataset() {
    for &(id, needs, selection, least) in EXAMPLES {
        let is_there = Command::new(needs[0]).args(&needs[1..]).output().is_ok_and(|output| output.status.success());
        if !is_there {
            let required = std::env::var_os(if id == "spacy" { "ASSAY_REQUIRE_SPACY" } else { "ASSAY_REQUIRE_TOOLS" });
            assert!(required.is_none_or(|value| value != "1"), "{id} has to run, and there is no {}", needs.join(" "));
            println!("NOT RUN: example {id} ({} does not work)", needs.join(" "));
            continue;
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
        command.args(["run", id, "--where", selection, "--json", "--no-store", "--ci", "none"]).current_dir(env!("CARGO_MANIFEST_DIR"));
        let output = command.output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success() && said.is_empty(), "{id}: {said}");
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let run = &json["runs"][0];
        assert_eq!(run["articles"]["scored"], run["articles"]["total"], "{id}");
        assert!(run["predicted"].as_u64() >= Some(10) && run["located"]["exact"] == run["predicted"], "{id}: {}", run["located"]);
        let f1 = run["criteria"]["iou50"]["f1"].as_f64().unwrap();
        assert!(f1 >= least, "{id}: {f1}");
        let of_kind =
            run["confusion"].as_object().unwrap().values().all(|row| row.as_object().unwrap().keys().all(|kind| kind == "quantity"));
        assert!(of_kind && run["fields"]["bound"]["matched"]["cor"].as_u64() >= Some(2), "{id}: {}", run["confusion"]);
        assert!(run["calibration"].is_object(), "{id} gives confidence");
    }
}

#[test]
fn the_example_with_spacy_says_what_to_install() {
    // Without the folders of packages.
    let (answers, finished) = run(&["python3", "-I", "-S", "examples/spacy_extractor.py"], &[("en", "12 boats"); 4]);
    assert_eq!((answers.len(), finished.unanswered.len()), (3, 1));
    assert!(answers[0].message.as_ref().unwrap().contains("needs spaCy: python3 -m pip install spacy"), "{answers:?}");
}

/// Blocks of a document's section, with their languages.
fn blocks(section: &str) -> Vec<(&str, &str)> {
    section.split("```").skip(1).step_by(2).map(|block| block.split_once('\n').unwrap()).collect()
}

#[test]
fn the_way_from_a_python_function_to_numbers_is_as_the_documentation_says() {
    let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/extractors.md")).unwrap();
    let section = docs.split("\n## ").find(|section| section.starts_with("From a Python function")).unwrap();
    let assay = Path::new(env!("CARGO_BIN_EXE_assay")).parent().unwrap();
    let path =
        std::env::join_paths([assay.to_owned()].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap()))).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut here = folder.path().to_owned();
    let mut screens = Vec::new();
    for (language, text) in blocks(section) {
        match language {
            "python" => std::fs::write(here.join("mine.py"), text).unwrap(),
            "toml" => {
                let config = here.join("assay.toml");
                std::fs::write(&config, std::fs::read_to_string(&config).unwrap() + "\n" + text).unwrap();
            }
            _ => {
                for line in text.lines() {
                    if let Some(folder) = line.strip_prefix("cd ") {
                        here.push(folder);
                        continue;
                    }
                    let output = Command::new("sh").args(["-c", line]).current_dir(&here).env("PATH", &path).output().unwrap();
                    let said = String::from_utf8(output.stderr).unwrap();
                    assert!(output.status.success() && said.is_empty() && !output.stdout.is_empty(), "{line}: {said}");
                    screens.push(String::from_utf8(output.stdout).unwrap());
                }
            }
        }
    }
    assert_eq!(screens.len(), 4);
    // Figures are found, changes are not.
    assert!(screens[1].contains("4 scored   0 failed") && !screens[1].contains("iou50 ★          0"), "{}", screens[1]);
    assert!(screens[2].contains("ten times the number"), "{}", screens[2]);
}
