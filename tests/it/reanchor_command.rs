//! `assay reanchor`, as a user calls it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;
use unicode_width::UnicodeWidthStr;

const ID: &str = "en-001";

/// The example workspace of `assay init`.
struct Workspace(TempDir);

impl Workspace {
    fn new() -> Workspace {
        let workspace = Workspace(tempfile::tempdir().unwrap());
        assert_eq!(workspace.assay(&["init", "."]).0, 0);
        workspace
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.path("datasets/example").join(name)
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.file(name)).unwrap()
    }

    fn text(&self) -> String {
        self.read(&format!("articles/{ID}.txt"))
    }

    fn set_text(&self, text: &str) {
        std::fs::write(self.file(&format!("articles/{ID}.txt")), text).unwrap();
    }

    /// A file beside the workspace's, by name.
    fn put(&self, name: &str, text: &str) -> &Self {
        std::fs::write(self.path(name), text).unwrap();
        self
    }

    fn assay(&self, arguments: &[&str]) -> (i32, String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_assay")).args(arguments).current_dir(&self.0).stdin(Stdio::null()).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    fn reanchor(&self, arguments: &str) -> (i32, String, String) {
        let arguments: Vec<&str> = std::iter::once("reanchor").chain(arguments.split_whitespace()).collect();
        let (code, out, err) = self.assay(&arguments);
        for line in out.lines() {
            assert!(line.width() <= 80 || arguments.contains(&"--json"), "{line}");
        }
        (code, out, err)
    }

    fn is_clean(&self) {
        let (code, out, _) = self.assay(&["lint", "--strict"]);
        assert_eq!(code, 0, "{out}");
    }
}

/// The lines that differ.
fn changed_lines(before: &str, after: &str) -> usize {
    assert_eq!(before.lines().count(), after.lines().count());
    before.lines().zip(after.lines()).filter(|(a, b)| a != b).count()
}

#[test]
fn a_dataset_that_fits_has_nothing_to_move() {
    let workspace = Workspace::new();
    assert_eq!(workspace.reanchor("").1, "nothing to move · 4 articles\n");
    assert_eq!(workspace.reanchor(&format!("{ID} --write")).0, 0);
}

#[test]
fn a_longer_begin_moves_all_claims_a_line_each_and_the_hash() {
    let workspace = Workspace::new();
    let (old, claims, articles) = (workspace.text(), workspace.read("claims.csv"), workspace.read("articles.csv"));
    let claims = claims.replace("tags,annotator", "tags,annotator,extra").replace("assay\n", "assay,\"mine, 1\"\n");
    std::fs::write(workspace.file("claims.csv"), &claims).unwrap();
    let new = format!("Updated at noon. {old}");
    workspace.put("new.txt", &new);
    let (code, out, err) = workspace.reanchor("--text new.txt en-001");
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains("29-63 → 46-80  1.00") && err.contains("nothing was written"), "{out}{err}");
    assert_eq!((workspace.text(), workspace.read("claims.csv")), (old.clone(), claims.clone()));

    assert_eq!(workspace.reanchor("--text new.txt en-001 --write").0, 0);
    let after = workspace.read("claims.csv");
    assert_eq!((changed_lines(&claims, &after), changed_lines(&articles, &workspace.read("articles.csv"))), (2, 1));
    assert!(after.contains("en-001-c1,en-001,46,80,") && after.matches("\"mine, 1\"").count() == 6, "{after}");
    assert_eq!(workspace.text(), new);
    assert!(!workspace.reanchor("").1.contains("claim to move"));

    // And back again, byte for byte.
    workspace.put("old.txt", &old);
    assert_eq!(workspace.reanchor("--to old.txt en-001 --write").0, 0);
    assert_eq!((workspace.text(), workspace.read("claims.csv"), workspace.read("articles.csv")), (old, claims, articles));
}

#[test]
fn a_changed_figure_waits_and_the_value_is_asked_for() {
    let workspace = Workspace::new();
    let (old, claims) = (workspace.text(), workspace.read("claims.csv"));
    workspace.put("old.txt", &old).set_text(&format!("Corrected. {}", old.replace("37,000", "38,000")));
    let hash = workspace.read("articles.csv");
    let (code, out, _) = workspace.reanchor("--from old.txt en-001 --write");
    assert_eq!(code, 5, "{out}");
    assert!(out.contains("[more than 38,000 Chinese nationals]") && out.contains("value is 37000: confirm it again"), "{out}");
    let partly = workspace.read("claims.csv");
    assert_eq!(changed_lines(&claims, &partly), 1, "only the certain one moves");
    assert_eq!(workspace.read("articles.csv"), hash, "a claim waits");

    // A second look knows what was moved.
    let (code, out, _) = workspace.reanchor("--from old.txt en-001");
    assert!(code == 5 && out.contains("1 claim stays") && out.contains("0 claims to move · 1 waiting"), "{out}");

    // Not confirmed: a draft, which is not scored.
    let (code, out, _) = workspace.reanchor("--from old.txt en-001 --accept en-001-c1 --write");
    assert!(code == 0 && out.contains("value is 37000: becomes a draft until it is confirmed"), "{out}");
    let draft = workspace.read("claims.csv");
    assert!(
        draft.contains("en-001-c1,en-001,40,74,\"more than 38,000 Chinese nationals\"")
            && draft.contains(",draft,must-find;unconfirmed:value,"),
        "{draft}"
    );
    assert_ne!(workspace.read("articles.csv"), hash);
    assert_eq!(workspace.assay(&["lint"]).0, 0);

    // What nobody had confirmed before is not confirmed now.
    let fact = partly.replace("modality,tags", "modality,status,tags").replace(",fact,", ",fact,,");
    std::fs::write(workspace.file("claims.csv"), fact.replacen(",,must-find,", ",draft,hard;unconfirmed:bound,", 1)).unwrap();
    std::fs::write(workspace.file("articles.csv"), &hash).unwrap();
    assert_eq!(workspace.reanchor("--from old.txt en-001 --accept en-001-c1 --write").0, 0);
    let draft = workspace.read("claims.csv");
    assert!(draft.contains(",draft,hard;unconfirmed:bound;unconfirmed:value,"), "{draft}");

    // Confirmed first: no draft.
    std::fs::write(workspace.file("claims.csv"), partly.replacen(",37000,", ",38000,", 1)).unwrap();
    assert_eq!(workspace.reanchor("--from old.txt en-001 --accept en-001-c1 --write").0, 0);
    let confirmed = workspace.read("claims.csv");
    assert!(!confirmed.contains("draft") && confirmed.contains(",38000,"), "{confirmed}");
    workspace.is_clean();
}

#[test]
fn a_text_that_would_be_gone_stays_while_a_claim_waits() {
    let workspace = Workspace::new();
    let (old, claims) = (workspace.text(), workspace.read("claims.csv"));
    workspace.put("new.txt", &format!("Corrected. {}", old.replace("more than 37,000 Chinese nationals", "many people")));
    let (code, out, _) = workspace.reanchor("--to new.txt en-001 --write");
    assert!(code == 5 && out.contains("the text is replaced when no claim waits"), "{out}");
    assert_eq!((workspace.text(), workspace.read("claims.csv")), (old, claims));

    let (code, _, err) = workspace.reanchor("--to new.txt en-001 --accept en-001-c1=40-999 --write");
    assert!(code == 2 && err.contains("behind the new text"), "{err}");
    let (code, _, err) = workspace.reanchor("--to new.txt en-001 --accept nobody");
    assert!(code == 2 && err.contains("no claim of that name"), "{err}");
    assert_eq!(workspace.reanchor("--to new.txt en-001 --accept en-001-c1=40-51 --write").0, 0);
    assert!(workspace.read("claims.csv").contains("en-001-c1,en-001,40,51,many people,"));
    assert_eq!(workspace.assay(&["lint"]).0, 0);
}

#[test]
fn line_ends_and_unicode_form_are_known_by_the_hash() {
    for (from, to) in [("\n", "\r\n"), ("e\u{301}", "\u{e9}")] {
        let workspace = Workspace::new();
        let old = format!("One line{from} more.\nCaf{from}s.\n{}\n", workspace.text());
        workspace.put("old.txt", &old);
        assert_eq!(workspace.reanchor("--to old.txt en-001 --write").0, 0);
        workspace.is_clean();
        workspace.set_text(&old.replace(from, to));
        let (code, out, _) = workspace.reanchor("--write");
        assert!(code == 0 && out.contains("line ends or Unicode form changed"), "{out}");
        assert_eq!(workspace.assay(&["lint"]).0, 0);
    }
}

#[test]
fn json_says_what_the_screen_says() {
    let workspace = Workspace::new();
    workspace.put("new.txt", "Nothing of it \u{1b}[2J is left.\n");
    let (code, out, _) = workspace.reanchor("--to new.txt en-001 --json");
    let json: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &json["waiting"], &json["counts"]["lost"]), (5, &2.into(), &2.into()), "{out}");
    let claim = &json["articles"][0]["claims"][0];
    assert_eq!((&claim["claim_id"], &claim["from"], &claim["to"]), (&"en-001-c1".into(), &"29-63".into(), &Value::Null));
    assert!(!out.contains('\u{1b}') && !workspace.reanchor("--to new.txt en-001").1.contains('\u{1b}'));
}

#[test]
fn what_cannot_be_is_said() {
    let workspace = Workspace::new();
    workspace.put("bom.txt", "\u{feff}x");
    for (arguments, code, says) in [
        ("--to bom.txt", 2, "name it"),
        ("--to bom.txt en-001", 3, "byte order mark"),
        ("--to none.txt en-001", 3, "does not exist"),
        ("nobody", 3, "no article"),
    ] {
        let (found, _, err) = workspace.reanchor(arguments);
        assert!(found == code && err.contains(says), "{arguments}: {found} {err}");
    }
    let claims = workspace.read("claims.csv");
    std::fs::write(workspace.file("claims.csv"), claims.replacen(",29,63,", ",29,x,", 1)).unwrap();
    let (code, _, err) = workspace.reanchor(ID);
    assert!(code == 3 && err.contains("\"29-x\" is no place"), "{err}");

    // Rows that could not be read would be lost.
    std::fs::write(workspace.file("claims.csv"), format!("{claims}one,cell\n")).unwrap();
    workspace.set_text(&format!("x. {}", workspace.text()));
    let (code, _, err) = workspace.reanchor(&format!("{ID} --write"));
    assert!(code == 3 && err.contains("would be lost"), "{err}");
    assert!(workspace.read("claims.csv").ends_with("one,cell\n"));
    assert!(Path::new(&workspace.path("assay.toml")).exists());
}

#[test]
fn lint_names_the_command_where_it_helps() {
    let workspace = Workspace::new();
    workspace.set_text(&workspace.text().replace("37,000", "38,000"));
    let (code, out, _) = workspace.assay(&["lint"]);
    assert_eq!(code, 3);
    for says in ["`assay reanchor en-001` moves its claims and updates the row", "(`assay reanchor` looks for what became of it)"] {
        assert!(out.contains(says), "{says}: {out}");
    }
}

#[test]
fn a_kill_while_it_writes_leaves_whole_files_and_the_rest_is_done_the_next_time() {
    let mut cut_short = 0;
    for round in 0..20_u64 {
        let workspace = Workspace::new();
        let names = ["claims.csv".to_owned(), "articles.csv".to_owned(), format!("articles/{ID}.txt")];
        let new = format!("Updated at noon. {}", workspace.text());
        workspace.put("new.txt", &new);
        let before = names.each_ref().map(|name| workspace.read(name));
        let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
        command.args(["reanchor", "--to", "new.txt", ID, "--write"]).current_dir(&workspace.0);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_micros(1500 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        let killed = names.each_ref().map(|name| workspace.read(name));

        assert_eq!(workspace.reanchor(&format!("--to new.txt {ID} --write")).0, 0, "round {round}");
        let after = names.each_ref().map(|name| workspace.read(name));
        assert_eq!(after[2], new);
        for (at, name) in names.iter().enumerate() {
            assert!(killed[at] == before[at] || killed[at] == after[at], "round {round}: {name} is neither the old file nor the new one");
        }
        cut_short += usize::from(killed != after);
        workspace.is_clean();
    }
    assert!(cut_short > 0, "no kill came before the end");
}
