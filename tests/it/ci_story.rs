//! A repository with a workspace and a committed baseline, and what its CI says of each change: the story that gates are for.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Exit code, what was printed, and what went to the error stream.
fn assay(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_assay")).args(arguments).current_dir(folder).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// An extractor that finds every number of two digits and more, but those that `SKIP` says.
const EXTRACTOR: &str = r#"
import json, re, sys
def skip(article, quote):
    return SKIP
for line in sys.stdin:
    article = json.loads(line)["article"]
    claims = []
    for found in re.finditer(r"\d[\d.]*\d", article["text"]):
        if not skip(article, found[0]):
            start, end = found.span()
            claims.append({"start": start, "end": end, "quote": found[0], "kind": "quantity", "fields": {"value": found[0].replace(".", "")}})
    print(json.dumps({"id": article["id"], "claims": claims}), flush=True)
"#;

const CONFIG: &str = r#"
format = 1
name = "border-claims"
[dataset]
path = "data"
[score]
slices = ["lang", "kind"]
[[extractor]]
id = "digits"
kind = "process"
version = "1"
command = ["python3", "extractor.py"]
inputs = ["extractor.py"]
"#;

const GATES: &str = r#"
[[gate]]
metric = "criteria.iou50.f1"
min = 0.60
[[gate]]
metric = "criteria.iou50.recall"
max_drop = 0.02
[[gate]]
metric = "criteria.iou50.recall"
max_drop = 0.02
slice = { lang = "id" }
min_support = 20
[[gate]]
metric = "newly_missed"
max = 0
where = { tags = "must-find" }
"#;

/// A workspace that lies in a folder of its own.
struct Repository(tempfile::TempDir);

impl Repository {
    /// Forty articles in two languages, each with two numbers and a dozen that the extractor never finds.
    fn new() -> Repository {
        let repository = Repository(tempfile::tempdir().unwrap());
        let dir = repository.0.path();
        std::fs::create_dir_all(dir.join("data/articles")).unwrap();
        std::fs::write(dir.join("data/dataset.toml"), "format = 1\nname = \"border\"\nversion = \"1\"\n").unwrap();
        repository.articles(40);
        repository.extractor("False");
        repository.gates(GATES);
        repository
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, file: &str, text: &str) {
        std::fs::write(self.path().join(file), text).unwrap();
    }

    fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.path().join(file)).unwrap()
    }

    fn gates(&self, gates: &str) {
        self.write("assay.toml", &format!("{CONFIG}{gates}"));
    }

    /// `skip` is a Python expression about `article` and `quote`.
    fn extractor(&self, skip: &str) {
        self.write("extractor.py", &EXTRACTOR.replace("SKIP", skip));
    }

    fn articles(&self, count: usize) {
        let mut articles = "article_id,lang\n".to_owned();
        let mut claims = "claim_id,article_id,start,end,quote,kind,value,tags\n".to_owned();
        for number in 0..count {
            let lang = ["en", "id"][number % 2];
            let id = format!("{lang}-{number:03}");
            let (arrests, camps) = (format!("37.{number:03}"), 100 + number);
            let text = match lang {
                "en" => format!("Officials arrested {arrests} people in {camps} camps, a dozen of them twice."),
                _ => format!("Pejabat menahan {arrests} orang di {camps} kamp, a dozen di antaranya dua kali."),
            };
            self.write(&format!("data/articles/{id}.txt"), &text);
            writeln!(articles, "{id},{lang}").unwrap();
            let quotes = [
                (arrests.clone(), arrests.replace('.', ""), "must-find"),
                (camps.to_string(), camps.to_string(), ""),
                ("a dozen".into(), "12".into(), ""),
            ];
            for (place, (quote, value, tags)) in quotes.iter().enumerate() {
                let start = text.find(quote.as_str()).unwrap();
                writeln!(claims, "{id}-c{place},{id},{start},{},{quote},quantity,{value},{tags}", start + quote.len()).unwrap();
            }
        }
        self.write("data/articles.csv", &articles);
        self.write("data/claims.csv", &claims);
    }

    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        assay(self.path(), &[&["run", "--gate"], arguments].concat())
    }

    /// A baseline of the extractor as it is.
    fn bless(&self) {
        assert_eq!(assay(self.path(), &["run"]).0, 0);
        let (code, out, err) = assay(self.path(), &["baseline", "set"]);
        assert_eq!(code, 0, "{out}{err}");
    }

    /// The gates of a run as JSON, with the exit code.
    fn judged(&self) -> (i32, Value) {
        let (code, out, err) = self.run(&["--json"]);
        let json: Value = serde_json::from_str(&out).unwrap_or_else(|e| panic!("{e}: {out}{err}"));
        (code, json["gates"].clone())
    }
}

/// A screen without its line breaks.
fn joined(screen: &str) -> String {
    screen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The verdict of each line, in their order.
fn verdicts(gates: &Value) -> Vec<&str> {
    gates["lines"].as_array().unwrap().iter().map(|line| line["verdict"].as_str().unwrap()).collect()
}

#[test]
fn without_a_baseline_floors_are_judged_and_the_command_says_how_to_make_one() {
    let repository = Repository::new();
    let (code, out, _) = repository.run(&[]);
    assert_eq!(code, 7, "{out}");
    assert!(out.contains("pass  digits  criteria.iou50.f1"), "{out}");
    assert!(joined(&out).contains("baselines/digits.json does not exist; `assay baseline set RUN` makes it"), "{out}");
    assert!(out.contains("1 of 4 gates held; 3 could not be evaluated."), "{out}");
}

#[test]
fn the_same_extractor_passes_and_its_baseline_has_the_same_bytes() {
    let repository = Repository::new();
    repository.bless();
    let blessed = repository.read("baselines/digits.json");
    let (code, out, err) = repository.run(&[]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains("the same counts in every unit") && out.ends_with("All 4 gates held.\n"), "{out}");
    repository.bless();
    assert!(blessed == repository.read("baselines/digits.json"), "blessing the same run again changes the file");
    assert_eq!(blessed.lines().filter(|line| line.contains("\"outcome\":\"missed\"")).count(), 40, "a line a claim");
}

#[test]
fn worse_in_one_language_only_fails_and_names_the_slice_and_the_claims() {
    let repository = Repository::new();
    repository.bless();
    repository.extractor("article['lang'] == 'id' and '.' in quote");
    let (code, out, _) = repository.run(&[]);
    assert_eq!(code, 100, "{out}");
    assert!(out.contains("FAIL  digits  criteria.iou50.recall, lang=id"), "{out}");
    assert!(out.contains("FAIL  digits  newly_missed, where tags=must-find") && out.contains("id-001  id-001-c0"), "{out}");
    let (_, gates) = repository.judged();
    assert_eq!(verdicts(&gates), ["pass", "fail", "fail", "fail"]);
    let slice = &gates["lines"][2];
    assert_eq!((slice["baseline"].as_f64(), slice["now"].as_f64()), (Some(2.0 / 3.0), Some(1.0 / 3.0)));
    assert!(slice["why"].as_str().unwrap().contains("by as much in every unit, p .000"), "{slice}");
    assert_eq!(gates["lines"][3]["claims"].as_array().unwrap().len(), 20);
}

#[test]
fn a_change_within_noise_passes() {
    let repository = Repository::new();
    repository.bless();
    // Four of eighty claims, all of them down, are sure; one is not.
    repository.extractor("article['id'] in ('en-000', 'en-002', 'en-004', 'id-001') and '.' not in quote");
    let (code, gates) = repository.judged();
    assert_eq!((code, gates["lines"][1]["verdict"].as_str()), (100, Some("fail")), "{gates}");
    repository.extractor("article['id'] == 'en-000' and '.' not in quote");
    let (code, gates) = repository.judged();
    let line = &gates["lines"][1];
    assert_eq!((code, line["verdict"].as_str()), (0, Some("pass")), "{line}");
    assert!(line["difference"].as_f64().unwrap() < 0.0 && line["why"].as_str().unwrap().contains("no more than .020"), "{line}");
}

#[test]
fn an_edit_of_the_gold_is_no_regression() {
    let repository = Repository::new();
    repository.bless();
    // A claim that the extractor finds is taken out, another gets another value, and one that it cannot find comes in.
    let edited: String = repository
        .read("data/claims.csv")
        .lines()
        .filter(|line| !line.starts_with("id-001-c0,"))
        .map(|line| line.replace("en-000-c1,en-000,35,38,100,quantity,100,", "en-000-c1,en-000,35,38,100,quantity,101,") + "\n")
        .collect();
    assert_ne!(edited, repository.read("data/claims.csv"));
    repository.write("data/claims.csv", &(edited + "en-000-c9,en-000,0,9,Officials,quantity,1,must-find\n"));
    let (code, out, err) = repository.run(&[]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains("the same counts in every unit"), "{out}");
}

#[test]
fn articles_added_since_pass_and_are_listed() {
    let repository = Repository::new();
    repository.bless();
    repository.articles(44);
    let (code, out, err) = repository.run(&["-o", "report.json"]);
    assert_eq!(code, 0, "{out}{err}");
    let report: Value = serde_json::from_str(&repository.read("report.json")).unwrap();
    assert_eq!(report["comparison"]["articles"]["new"], serde_json::json!(["en-040", "en-042", "id-041", "id-043"]));
    assert_eq!((report["comparison"]["articles"]["compared"].as_u64(), report["result"]["gold"].as_u64()), (Some(40), Some(132)));
}

#[test]
fn a_text_that_changed_is_left_out_and_listed() {
    let repository = Repository::new();
    repository.bless();
    let text = repository.read("data/articles/en-000.txt");
    repository.write("data/articles/en-000.txt", &(text + " More will follow."));
    let (code, out, err) = repository.run(&["-o", "report.json"]);
    assert_eq!(code, 0, "{out}{err}");
    let report: Value = serde_json::from_str(&repository.read("report.json")).unwrap();
    assert_eq!(report["comparison"]["articles"]["changed"], serde_json::json!(["en-000"]));
}

#[test]
fn what_is_judged_on_too_few_claims_is_said_and_not_passed() {
    let repository = Repository::new();
    repository.gates("[[gate]]\nmetric = \"criteria.iou50.recall\"\nmin = 0.99\nslice = { lang = \"id\" }\nmin_support = 61\n");
    let (code, out, _) = repository.run(&[]);
    assert_eq!(code, 4, "{out}");
    assert!(out.contains("not evaluated  digits  criteria.iou50.recall, lang=id"), "{out}");
    assert!(out.contains("60 gold claims of the 61 that it asks for"), "{out}");
    assert!(out.contains("The gate could not be evaluated."), "{out}");
}

#[test]
fn gates_that_ask_for_what_is_not_there_stop_before_anything_runs() {
    let repository = Repository::new();
    let cases = [
        (
            "metric = \"criteria.iou50.recall\"\nmin = 0.1\nslice = { lang = \"in\" }",
            "nothing in the dataset has lang=\"in\". The dataset has en, id",
        ),
        ("metric = \"criteria.iou50.recall\"\nmin = 0.1\nslice = { langs = \"id\" }", "did you mean lang?"),
        ("metric = \"criteria.iou75.recall\"\nmin = 0.1", "iou75 is not scored; add it to `criteria` of [score]"),
        ("metric = \"criteria.iou50.reccall\"\nmin = 0.1", "did you mean criteria.iou50.recall? `assay metrics` lists them all"),
        ("metric = \"fields.valu.matched.f1\"\nmin = 0.1", "did you mean value?"),
        ("metric = \"criteria.iou50.f1\"\nmin = 0.1\nslice = { kind = \"quantity\" }", "has a recall only"),
        ("metric = \"newly_missed\"\nmax = 0\nwhere = { tags = \"must-fnd\" }", "did you mean must-find?"),
        ("metric = \"articles.failed\"\nmax_drop = 1", "`max_drop` are for precision"),
    ];
    for (gate, expected) in cases {
        repository.gates(&format!("[[gate]]\n{gate}\n"));
        let (code, out, err) = repository.run(&[]);
        assert_eq!((code, out.as_str()), (3, ""), "{gate}: {err}");
        assert!(err.contains(expected), "{gate}: {err}");
    }
    assert!(!repository.path().join(".assay").exists());
}

#[test]
fn an_undefined_number_fails_and_a_gate_that_warns_does_not() {
    let repository = Repository::new();
    repository.gates(
        "[[gate]]\nmetric = \"calibration.ece\"\nmax = 0.2\n[[gate]]\nmetric = \"criteria.iou50.f1\"\nmin = 0.99\nlevel = \"warn\"\n",
    );
    let (code, gates) = repository.judged();
    assert_eq!((code, verdicts(&gates)), (100, vec!["fail", "warn"]), "{gates}");
    assert!(gates["lines"][0]["why"].as_str().unwrap().starts_with("calibration.ece is undefined"), "{gates}");
    repository.gates("[[gate]]\nmetric = \"criteria.iou50.f1\"\nmin = 0.99\nlevel = \"warn\"\n");
    let (code, out, _) = repository.run(&[]);
    assert_eq!(code, 0, "{out}");
    assert!(out.contains("warn  digits  criteria.iou50.f1") && out.contains("No gate failed; 1 only warned."), "{out}");
}

#[test]
fn a_plain_run_never_fails_for_its_numbers() {
    let repository = Repository::new();
    repository.gates("[[gate]]\nmetric = \"criteria.iou50.f1\"\nmin = 0.99\n");
    assert_eq!(assay(repository.path(), &["run"]).0, 0);
    assert_eq!(assay(repository.path(), &["gate"]).0, 100);
    assert_eq!(assay(repository.path(), &["run", "--gate"]).0, 100);
}

#[test]
fn a_damaged_or_newer_baseline_is_an_error_that_says_so() {
    let repository = Repository::new();
    repository.bless();
    let good = repository.read("baselines/digits.json");
    let cases = [
        (good.replacen("\"format\": 1", "\"format\": 2", 1), "format 2 is newer than 1"),
        (good[..good.len() / 2].to_owned(), "baselines/digits.json: not a baseline"),
        (good.replacen("\"spans\":[[", "\"spans\":[[90,", 1), "not a baseline of format 1"),
        (good.replacen("\"outcome\":\"ok\"", "\"outcome\":\"fine\"", 1), "unknown outcome \"fine\""),
    ];
    for (text, expected) in cases {
        repository.write("baselines/digits.json", &text);
        let (code, _, err) = assay(repository.path(), &["gate"]);
        assert_eq!(code, 3, "{err}");
        assert!(err.contains(expected), "{expected}: {err}");
    }
}

#[test]
fn two_versions_are_compared_claim_by_claim() {
    let repository = Repository::new();
    repository.bless();
    let text = repository.read("assay.toml").replace("version = \"1\"", "version = \"2\"");
    repository.write("assay.toml", &text);
    repository.extractor("article['lang'] == 'id' and '.' in quote");
    assert_eq!(assay(repository.path(), &["run"]).0, 0);
    let (code, out, err) = assay(repository.path(), &["compare", "@baseline", "latest"]);
    assert_eq!(code, 0, "{err}");
    assert!(joined(&out).starts_with("digits 2 is worse than digits 1: F1 .800 → .667 (-.133), 95 % interval"), "{out}");
    assert!(out.contains("newly missed  20") && out.contains("Pejabat menahan ⟦37.001⟧ orang"), "{out}");
    assert!(out.contains("missed by every run (is the label right?)  40"), "{out}");
    assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
    assert_eq!(assay(repository.path(), &["compare", "@baseline", "latest", "--fail-on-regression"]).0, 100);
    let (_, back, _) = assay(repository.path(), &["compare", "latest", "@baseline"]);
    assert!(back.starts_with("digits 1 is better than digits 2") && back.contains("newly found  20"), "{back}");
    let (_, same, _) = assay(repository.path(), &["compare", "latest", "latest"]);
    assert!(joined(&same).contains("come to the same counts under iou50 in every unit"), "{same}");
}

#[test]
fn runs_without_a_common_article_are_not_comparable() {
    let repository = Repository::new();
    for lang in ["lang=en", "lang=id"] {
        assert_eq!(assay(repository.path(), &["run", "--where", lang]).0, 0);
    }
    let runs: Vec<String> = std::fs::read_dir(repository.path().join(".assay/runs"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let (code, _, err) = assay(repository.path(), &["compare", &runs[0], &runs[1]]);
    assert_eq!(code, 7, "{err}");
    assert!(err.contains("have no article in common") && err.contains("20 only in"), "{err}");
}
