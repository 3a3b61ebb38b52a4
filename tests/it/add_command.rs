//! `assay add`, as a user calls it: what goes through standard input and stored runs. Cases whose whole output is expected are data, in
//! `tests/cmd/add.trycmd`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use claim_assay::dataset::Dataset;
use serde_json::Value;
use tempfile::TempDir;
use unicode_width::UnicodeWidthStr;

use super::support::copy_folder;

/// The example workspace of `assay init`.
pub struct Workspace(TempDir);

impl Workspace {
    pub fn new() -> Workspace {
        let workspace = Workspace(tempfile::tempdir().unwrap());
        assert_eq!(workspace.assay(&["init", "."], "").0, 0);
        workspace
    }

    pub fn root(&self) -> &Path {
        self.0.path()
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.root().join("datasets/example").join(name)
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.file(name)).unwrap()
    }

    pub fn load(&self) -> Dataset {
        Dataset::load(&self.root().join("datasets/example")).unwrap()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
        command.args(arguments).current_dir(&self.0).env_remove("CLICOLOR_FORCE");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Exit code, what was printed, and what went to the error stream.
    pub fn assay(&self, arguments: &[&str], input: &str) -> (i32, String, String) {
        let mut child = self.command(arguments).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // A command that does not read may have ended already.
        drop(stdin.write_all(input.as_bytes()));
        drop(stdin);
        let output = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    /// What `add` printed; it must end with 0 and keep to 80 columns.
    fn added(&self, arguments: &[&str], input: &str) -> String {
        let all: Vec<&str> = std::iter::once("add").chain(arguments.iter().copied()).collect();
        let (code, out, err) = self.assay(&all, input);
        assert_eq!(code, 0, "{arguments:?}: {err}");
        for line in out.lines() {
            assert!(line.width() <= 80 || arguments.contains(&"--json"), "{line}");
        }
        out
    }

    /// What went to the error stream of an `add` that is refused; nothing may be written.
    fn refused(&self, arguments: &[&str], input: &str) -> (i32, String) {
        let before = (self.read("articles.csv"), self.read("claims.csv"));
        let all: Vec<&str> = std::iter::once("add").chain(arguments.iter().copied()).collect();
        let (code, _, err) = self.assay(&all, input);
        assert_eq!((self.read("articles.csv"), self.read("claims.csv")), before, "{arguments:?}");
        (code, err)
    }
}

#[test]
fn marks_are_taken_out_of_a_text_and_every_other_byte_is_kept() {
    let workspace = Workspace::new();
    let marked = "🌊 Police held [[1,200 people|quantity value=1200 unit=person]]\r\nin Lima\\[[1\\]]. \\ e\u{301} [[They left|event]]";
    let json: Value =
        serde_json::from_str(&workspace.added(&["-", "--marked", "--id", "en-9", "--title", "Held, \"all\"", "--json"], marked)).unwrap();
    assert_eq!(workspace.read("articles/en-9.txt"), "🌊 Police held 1,200 people\r\nin Lima[[1]]. \\ e\u{301} They left");
    let dataset = workspace.load();
    let record = dataset.article("en-9").unwrap();
    assert_eq!(
        (record.article.lang.as_str(), record.article.title.as_deref(), record.status.name()),
        ("en", Some("Held, \"all\""), "draft")
    );
    let quotes: Vec<&str> = dataset.claims_of("en-9").iter().map(|gold| gold.claim.quote.as_str()).collect();
    assert_eq!(quotes, ["1,200 people", "They left"]);
    assert_eq!((json["claims"][0]["start"].as_u64(), json["claims"][1]["status"].as_str()), (Some(14), Some("gold")));
    assert_eq!(workspace.assay(&["lint"], "").0, 0);
}

#[test]
fn texts_of_any_script_are_shown_within_the_screen() {
    let workspace = Workspace::new();
    for (id, text, quote) in [
        ("th-1", "เจ้าหน้าที่ควบคุมตัวชาวจีนมากกว่า 37,000 คนที่ชายแดนทางใต้ในปี 2566 มากกว่าปีก่อนสิบเท่า", "มากกว่า 37,000 คน"),
        (
            "zh-1",
            "美国官员表示，2023年在南部边境逮捕了超过3.7万名中国公民，是前一年的十倍，美联社援引官员的话报道说，这一数字还在上升。",
            "超过3.7万名中国公民",
        ),
        ("ar-1", "قال مسؤولون إنهم احتجزوا أكثر من ٣٧٬٠٠٠ مواطن صيني على الحدود الجنوبية في عام ٢٠٢٣.", "أكثر من ٣٧٬٠٠٠ مواطن"),
    ] {
        let lang = &id[..2];
        let out = workspace
            .added(&["-", "--id", id, "--lang", lang, "--claim", quote, "quantity", "value=37000", "unit=person", "--no-prefill"], text);
        assert!(out.contains(&format!("{id} · {lang} · new · 1 claim added · incomplete")), "{out}");
        // Nearly the same text in any of them.
        let (code, _, err) = workspace.assay(&["add", "-", "--id", "again", "--lang", lang, "--dry-run"], &format!("{text} 2"));
        assert!(code == 0 && err.contains(&format!("nearly the same text as {id}")), "{err}");
        let (_, err) = workspace.refused(&["-", "--id", "again", "--lang", lang], text);
        assert!(err.contains(&format!("the same text as {id}")), "{err}");
    }
    let twins =
        workspace.added(&["zh-1", "--claim", "超过3.7万名", "quantity", "value=37000", "unit=person", "--json", "--no-prefill"], "");
    let twins: Value = serde_json::from_str(&twins).unwrap();
    assert_eq!(twins["duplicates"], Value::Array(vec![]), "37 and 37,000 share no digits, and nothing else of the claim is near");
}

#[test]
fn what_cannot_be_is_refused_and_nothing_is_written() {
    let workspace = Workspace::new();
    for (arguments, input, code, says) in [
        (&["-", "--claims", "-"][..], "", 2, "read once"),
        (&["--claim", "x"], "", 2, "name a file"),
        (&["--claims", "-", "--claim", "x"], "", 2, "needs its article in front"),
        (&["en-001", "--marked"], "", 2, "is about a new text"),
        (&["en-001", "--confirm", "--no-prefill"], "", 2, "cannot be used with"),
        (&["-", "--lang", "en"], "\u{feff}x", 3, "byte order mark"),
        (&["-", "--lang", "en"], " \n", 3, "the text is empty"),
        (&["-"], "Text.", 3, "give --lang"),
        (&["-", "--lang", "en", "--complete"], "Text.", 3, "has no claim; --no-claims says"),
        (&["en-001", "--no-claims"], "", 3, "en-001 has 2; delete them first"),
        (&["--claims", "-"], "{\"quote\":\"x\"}", 3, "names no article"),
        (&["--claims", "-"], "{\"article_id\":\"en-9\",\"quote\":\"x\"}", 3, "give its text"),
        (&["--claims", "-"], "{\"id\":\"en-001\",\"text\":\"x\",\"claims\":[]}", 3, "another text"),
        (&["en-001", "--claims", "-"], "{\"article_id\":\"en-002\",\"quote\":\"x\"}", 3, "about another one"),
        (&["en-001", "--claims", "-"], "quote;vlaue\nx;1\n", 3, "did you mean value?"),
        (&["--from", "nowhere", "en-001"], "", 3, "run"),
        (&["--from", "-", "x"], "{\"id\":\"y\",\"text\":\"t\",\"claims\":[]}", 3, "has no article \"x\""),
        (&["--from", "-"], "{\"id\":\"y\",\"claims\":[]}", 3, "no text of \"y\""),
    ] {
        let (found, err) = workspace.refused(arguments, input);
        assert!(found == code && err.contains(says), "{arguments:?}: {found} {err}");
    }
}

#[test]
fn what_a_run_answered_comes_in_as_drafts_as_far_as_it_is_not_there() {
    let workspace = Workspace::new();
    assert_eq!(workspace.assay(&["run"], "").0, 0);
    // The gold forgets a claim that the run has.
    let kept: String =
        workspace.read("claims.csv").lines().filter(|line| !line.starts_with("en-001-c1,")).map(|line| format!("{line}\n")).collect();
    std::fs::write(workspace.file("claims.csv"), kept).unwrap();
    let json: Value = serde_json::from_str(&workspace.added(&["--from", "latest", "en-001", "--json"], "")).unwrap();
    assert_eq!(
        (json["claims"].as_array().unwrap().len(), json["there_already"].as_u64(), json["status"].as_str()),
        (1, Some(1), Some("incomplete"))
    );
    let claim = &json["claims"][0];
    assert_eq!((claim["status"].as_str(), claim["fields"]["value"].as_str()), (Some("draft"), Some("37000")));
    let mut unconfirmed: Vec<&str> = claim["unconfirmed"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    unconfirmed.retain(|name| *name != "kind");
    unconfirmed.sort_unstable();
    let fields: Vec<&String> = claim["fields"].as_object().unwrap().keys().collect();
    assert_eq!(unconfirmed, fields);
    // A second time there is nothing left.
    let json: Value = serde_json::from_str(&workspace.added(&["--from", "latest", "en-001", "--json"], "")).unwrap();
    assert_eq!((json["claims"].as_array().unwrap().len(), json["there_already"].as_u64()), (0, Some(2)));
    assert_eq!(workspace.assay(&["lint"], "").0, 0);
}

#[test]
fn an_article_of_production_comes_with_its_text_and_columns() {
    let workspace = Workspace::new();
    let line = r#"{"id":"prod-7","lang":"id","title":"Penahanan","publisher":"Antara","text":"Polisi menahan 1.200 orang.","claims":[{"start":15,"end":26,"kind":"quantity","fields":{"value":1.2}}]}"#;
    let out = workspace.added(&["--from", "-", "--id", "id-007"], line);
    assert!(
        out.contains("id-007 · id · new · 1 claim added · draft") && out.contains("1.200 → 1200 (id)") && out.contains("value=1.2?"),
        "{out}"
    );
    let dataset = workspace.load();
    let article = &dataset.article("id-007").unwrap().article;
    assert_eq!((article.title.as_deref(), article.publisher.as_deref()), (Some("Penahanan"), Some("Antara")));
    assert_eq!(dataset.claims_of("id-007")[0].unconfirmed(), ["kind", "value"]);
}

#[test]
fn the_first_screen_of_the_documentation_is_what_is_printed() {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let docs = std::fs::read_to_string(here.join("docs/adding.md")).unwrap();
    let screen = docs.split_once("```console\n").unwrap().1.split_once("```").unwrap().0;
    let folder = tempfile::tempdir().unwrap();
    copy_folder(&here.join("tests/cmd/add.in"), folder.path());
    let mut printed = String::new();
    for line in screen.lines().filter_map(|line| line.strip_prefix("$ assay ")) {
        let script = format!("\"$0\" {line} 2>&1");
        let mut command = Command::new("sh");
        command.args(["-c", &script, env!("CARGO_BIN_EXE_assay")]).current_dir(&folder).env_remove("CLICOLOR_FORCE");
        let output = command.stdin(Stdio::null()).output().unwrap();
        printed += &format!("$ assay {line}\n{}", String::from_utf8(output.stdout).unwrap());
    }
    assert_eq!(printed, screen);
}
