//! `init`, `lint` and `stats`, as a user sees them.

use std::path::Path;
use std::sync::Arc;

use claim_assay::cli::{CommandGuard, Exit, Failure, Terminal, init, lint, stats};
use claim_assay::dataset::Dataset;
use claim_assay::extract::program::Programs;
use claim_assay::problem::Rule;
use unicode_width::UnicodeWidthStr;

/// Calls a command; its exit code and what it prints, without colours.
fn call(command: impl FnOnce(&mut Terminal<'_>) -> Result<Exit, Failure>) -> (Exit, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let exit = {
        let mut terminal = Terminal {
            out: &mut out,
            err: &mut err,
            colour: false,
            progress: false,
            stop: Arc::default(),
            programs: Programs::default(),
            commands: CommandGuard::default(),
        };
        command(&mut terminal).unwrap_or_else(|failure| {
            writeln!(terminal.err, "{:#}", failure.error).unwrap();
            failure.exit
        })
    };
    let plain = |bytes: Vec<u8>| anstream::adapter::strip_str(&String::from_utf8(bytes).unwrap()).to_string();
    (exit, plain(out), plain(err))
}

fn init_in(dir: &Path) -> (Exit, String, String) {
    call(|terminal| init::run(&init::Args { folder: dir.to_owned() }, terminal))
}

fn lint_in(dir: &Path, args: lint::Args) -> (Exit, String) {
    let (exit, out, _) = call(|terminal| lint::run(&lint::Args { folder: Some(dir.to_owned()), ..args }, terminal));
    (exit, out.replace(&format!("{}/", dir.display()), ""))
}

#[test]
fn init_writes_a_workspace_that_is_clean_and_is_never_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("new");
    let (exit, out, _) = init_in(&folder);
    assert_eq!(exit, Exit::Done);
    assert!(out.contains("assay run") && out.contains("4 articles in 3 languages, 6 gold claims"), "{out}");
    assert_eq!(
        lint_in(&folder, lint::Args { strict: true, ..Default::default() }),
        (Exit::Done, "clean · 4 articles, 6 claims\n".to_owned())
    );
    let set = Dataset::load(&folder.join("datasets/example")).unwrap();
    for gold in &set.claims {
        let text = &set.article(&gold.article_id).unwrap().article.text;
        assert_eq!(gold.claim.fragments.quote(text).as_deref(), Some(gold.claim.quote.as_str()), "{}", gold.claim.id);
        assert_eq!(gold.claim.fields.len(), set.schema.fields.len(), "all fields of {} are annotated", gold.claim.id);
    }
    assert_eq!(std::fs::read_to_string(folder.join(".gitattributes")).unwrap().lines().last(), Some("datasets/** -text"));

    std::fs::write(folder.join("assay.toml"), "mine").unwrap();
    let (exit, _, err) = init_in(&folder);
    assert_eq!(exit, Exit::Usage);
    assert!(err.contains("already has assay.toml") && err.contains("nothing was written"), "{err}");
    assert_eq!(std::fs::read_to_string(folder.join("assay.toml")).unwrap(), "mine");
}

#[test]
fn init_keeps_the_files_of_a_repository() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join(".gitignore"), "/target\n").unwrap();
    let (exit, out, _) = init_in(dir.path());
    assert_eq!(exit, Exit::Done);
    assert!(out.contains("kept your .gitignore; it needs the lines /.assay/, .assay-tmp-*"), "{out}");
    assert_eq!(std::fs::read_to_string(dir.path().join(".gitignore")).unwrap(), "/target\n");
}

#[test]
fn lint_exits_by_level_and_mends() {
    let dir = tempfile::tempdir().unwrap();
    init_in(dir.path());
    let path = dir.path().join("datasets/example/claims.csv");
    let claims = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, claims.replace("c1,en-001,29,63,", "c1,en-001,30,64,").replace(",assay\n", ",\" assay\"\n")).unwrap();
    let (exit, out) = lint_in(dir.path(), lint::Args::default());
    assert_eq!(exit, Exit::Invalid);
    assert!(out.contains("claims.csv:2:quote: error: offsets 30-64 fit the quote"), "{out}");
    assert!(out.ends_with("1 error, 6 warnings, 1 info · 4 articles, 5 claims\n"), "{out}");

    let (exit, out) = lint_in(dir.path(), lint::Args { fix: true, ..Default::default() });
    assert_eq!(exit, Exit::Done);
    assert!(out.contains("claims.csv:2: fixed: moved offsets 30-64 to 29-63") && out.ends_with("clean · 4 articles, 6 claims\n"), "{out}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), claims);

    std::fs::write(&path, claims.replace("note", "").replace("annotator", "anotator")).unwrap();
    assert_eq!(lint_in(dir.path(), lint::Args::default()).0, Exit::Done);
    let (exit, out) = lint_in(dir.path(), lint::Args { strict: true, ..Default::default() });
    assert!(exit == Exit::Invalid && out.contains("did you mean annotator?"), "{out}");
}

#[test]
fn lint_speaks_json_and_github() {
    let dir = tempfile::tempdir().unwrap();
    init_in(dir.path());
    let path = dir.path().join("datasets/example/claims.csv");
    let claims = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, claims.replacen("more_than", "\"\n::set-env name=X::1\"", 1)).unwrap();
    let (exit, out) = lint_in(dir.path(), lint::Args { format: lint::Format::Github, ..Default::default() });
    assert_eq!(exit, Exit::Invalid);
    assert!(out.lines().count() > 0 && out.lines().all(|l| ["::error file=", "::warning file="].iter().any(|c| l.starts_with(c))), "{out}");
    let (_, out) = lint_in(dir.path(), lint::Args { format: lint::Format::Json, ..Default::default() });
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    let finding = json["findings"].as_array().unwrap().iter().find(|f| f["rule"] == "value").unwrap();
    assert_eq!((finding["line"].as_u64(), finding["column"].as_str(), json["errors"].as_u64()), (Some(2), Some("bound"), Some(1)));
}

#[test]
fn a_workspace_that_is_not_valid_or_not_there_exits_with_3() {
    let dir = tempfile::tempdir().unwrap();
    let (exit, out) = lint_in(dir.path(), lint::Args::default());
    assert!(exit == Exit::Invalid && out.contains("no assay.toml"), "{out}");
    std::fs::write(dir.path().join("assay.toml"), "format = 2\n").unwrap();
    let (exit, out) = lint_in(dir.path(), lint::Args::default());
    assert!(exit == Exit::Invalid && out.contains("assay.toml:1:10: error: format = 2 is newer"), "{out}");
    let (exit, _, err) = call(|terminal| stats::run(&stats::Args { folder: Some(dir.path().to_owned()), json: false }, terminal));
    assert!(exit == Exit::Invalid && err.contains("newer"), "{err}");
}

#[test]
fn stats_fit_80_columns() {
    let dir = tempfile::tempdir().unwrap();
    init_in(dir.path());
    let command = |json| call(|terminal| stats::run(&stats::Args { folder: Some(dir.path().to_owned()), json }, terminal)).1;
    let out = command(false);
    assert!(out.lines().all(|line| line.width() <= 80), "{out}");
    let start = "example 0.1.0 · 4 articles · 6 gold claims · 630 characters\n4 scored, 1 without a claim, 3 units of resampling · hash ";
    assert!(out.starts_with(start), "{out}");
    assert!(out.contains("\n  en       2  ██████████████████████████████ in 2 articles\n"), "{out}");
    assert!(out.contains("tracking  4 ids · 2 in one article, 2 in several, 2 of these over languages"), "{out}");
    let json: serde_json::Value = serde_json::from_str(&command(true)).unwrap();
    assert_eq!((json["kinds"]["change"].as_u64(), json["hash"].as_str().map(str::len)), (Some(3), Some(64)));
}

#[test]
fn the_documented_rules_are_those_there_are() {
    let manual = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/dataset.md")).unwrap();
    let (_, table) = manual.split_once("|---|---|---|---|\n").unwrap();
    let rules = Rule::ALL.iter().map(|r| format!("| `{}` | {} | {} | {} |\n", r.name(), r.level(), r.what(), r.fix().unwrap_or_default()));
    assert_eq!(table, rules.collect::<String>());
}
