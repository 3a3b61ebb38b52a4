//! A program an article: what it gets, what it may write, and how it may end.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use claim_assay::claim::Article;
use claim_assay::extract::command::CommandExtractor;
use claim_assay::extract::program::ProgramSettings;
use claim_assay::extract::{Answer, Extractor, Finished};

const TEXT: &str = "🌊 caf\u{e9}: 12 morti,\r\n37.000 persone.";

fn articles(count: usize) -> Vec<Article> {
    let article = |i| Article {
        id: format!("a{i}"),
        lang: "it".to_owned(),
        title: Some("Un titolo; $(touch x) 'y'".to_owned()),
        text: TEXT.into(),
        ..Article::default()
    };
    (1..=count).map(article).collect()
}

fn settings(command: &[&str], folder: &Path) -> ProgramSettings {
    let command = command.iter().map(|&word| word.to_owned()).collect();
    ProgramSettings {
        article_timeout: Duration::from_secs(20),
        grace: Duration::from_millis(300),
        ..ProgramSettings::new(command, folder.to_owned())
    }
}

fn run(settings: ProgramSettings, articles: Vec<Article>) -> (BTreeMap<String, Answer>, Finished) {
    let answers = Mutex::new(BTreeMap::new());
    let sink = |answer: Answer| assert!(answers.lock().unwrap().insert(answer.article_id.clone(), answer).is_none());
    let mut extractor = CommandExtractor::new(settings).unwrap();
    let finished = extractor.extract(&mut articles.into_iter(), &sink, &AtomicBool::new(false)).unwrap();
    (answers.into_inner().unwrap(), finished)
}

/// A script of a shell; what it answers for an article; what must be said.
const SCRIPTS: &[(&str, &str, &str)] = &[
    (r#"cat >/dev/null; echo '{"claims":[{"quote":"37.000","kind":"quantity","fields":{"value":37000}}]}'"#, "ok", ""),
    (r#"echo '[{"quote":"37.000"}]'"#, "ok", ""),
    (r#"printf '[\n {"quote":\n "37.000"}\n]\n'"#, "ok", ""),
    (r#"printf '{"quote":"37.000"}\n{"quote":"12"}'"#, "ok", ""),
    (r#"printf '{"start":8,"end":10,"quote":"12"}\r\n'"#, "ok", ""),
    ("echo '[]'", "empty", ""),
    (r#"yes warning | head -c 300000 >&2; echo '[]'"#, "empty", ""),
    ("exec 0<&-; sleep 0.1; echo '[]'", "empty", ""),
    (r#"echo '{"error":{"kind":"refused","message":"no such language"}}'"#, "refused", "no such language"),
    ("exit 0", "not_answered", "wrote nothing; an article without claims is answered with []"),
    ("echo '[]'; echo 'no model' >&2; exit 3", "crash", "exit code 3;its standard error ends with \"no model\""),
    ("kill -SEGV $$", "crash", "signal 11 (SIGSEGV)"),
    (r"printf '\033[2J\n' >&2; exit 1", "crash", r"\u{1b}[2J"),
    ("echo Loading; echo '[]'", "malformed", "line 1 of its output is not JSON: \"Loading\";messages go to standard error"),
    (r#"echo '[{"quote":"x","score":7}]'"#, "malformed", "claims[0].score is outside of 0 to 1"),
    (r#"echo '{"claims":null}'"#, "malformed", "claims is null"),
    (r#"echo '{"results":[]}'"#, "malformed", "claims is missing"),
    (r#"echo '{"id":"a7","claims":[]}'"#, "malformed", "\"a7\" and was asked for \"a1\""),
    ("head -c 20000000 /dev/zero", "malformed", "more than 16 MiB"),
    ("yes '[]'", "malformed", "more than 16 MiB"),
    // What holds the output for a moment only, as a program that is just being started does, is nothing left behind.
    ("echo '[]'; sleep 0.1 &", "empty", ""),
];

#[test]
fn every_way_to_answer_and_to_fail_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    for &(script, outcome, mentions) in SCRIPTS {
        let (answers, finished) = run(settings(&["sh", "-c", script], folder.path()), articles(1));
        let answer = &answers["a1"];
        assert_eq!(answer.outcome.name(), outcome, "{script}: {answer:?} {finished:?}");
        let said = answer.message.clone().unwrap_or_default();
        for mention in mentions.split(';') {
            assert!(said.contains(mention), "{script} must mention {mention:?}: {said}");
        }
        assert!(!said.chars().any(char::is_control), "{script}: {said:?}");
        assert_eq!((answer.located.total(), answer.located.unlocated), (answer.claims.len() as u64, 0), "{script}");
        assert!(finished.unanswered.is_empty() && finished.notes.is_empty(), "{script}: {finished:?}");
    }
}

#[test]
fn the_text_comes_exactly_and_arguments_pass_no_shell() {
    let folder = tempfile::tempdir().unwrap();
    let echo = r#"import json, os, stat, sys
by_file = len(sys.argv) > 4
text = open(sys.argv[4], newline="", encoding="utf-8").read() if by_file else sys.stdin.buffer.read().decode()
mode = stat.S_IMODE(os.stat(sys.argv[4]).st_mode) if by_file else 0
print(json.dumps([{"quote": json.dumps([sys.argv[1:], text, mode, sys.stdin.read() if by_file else ""])}]))"#;
    for file in [None, Some("{file}")] {
        let command: Vec<&str> = ["python3", "-c", echo, "--id={id}", "{lang}", "{title}"].into_iter().chain(file).collect();
        let (answers, _) = run(settings(&command, folder.path()), articles(1));
        let said: (Vec<String>, String, u32, String) = serde_json::from_str(&answers["a1"].claims[0].quote).unwrap();
        assert_eq!(said.0[..3], ["--id=a1", "it", "Un titolo; $(touch x) 'y'"]);
        assert_eq!((said.1.as_str(), said.3.as_str()), (TEXT, ""));
        if file.is_some() {
            let path = PathBuf::from(&said.0[3]);
            assert!(said.2 == 0o600 && path.is_absolute() && !path.exists(), "{said:?}");
        }
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "no shell ran");
}

#[test]
fn a_value_that_would_be_an_option_fails_its_article_and_starts_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut articles = articles(2);
    articles[0].title = Some("--output=/etc/passwd".to_owned());
    let (answers, _) = run(settings(&["sh", "-c", "echo '[]'", "sh", "{title}"], folder.path()), articles);
    assert_eq!((answers["a1"].outcome.name(), answers["a2"].outcome.name()), ("not_answered", "empty"));
    assert!(answers["a1"].message.as_ref().unwrap().contains("would be read as an option"), "{answers:?}");
}

#[test]
fn a_program_that_does_not_end_is_stopped_with_all_that_it_started() {
    let folder = tempfile::tempdir().unwrap();
    let script = r#"trap '' TERM; sleep 98 & echo $! >> pids; echo $$ >> pids; echo '[]'; while :; do sleep 0.1; done"#;
    let begin = Instant::now();
    let short = ProgramSettings { article_timeout: Duration::from_millis(700), ..settings(&["sh", "-c", script], folder.path()) };
    let (answers, _) = run(short, articles(1));
    assert_eq!(answers["a1"].outcome.name(), "timeout");
    assert!(answers["a1"].message.as_deref().unwrap().starts_with("the program did not end within 0.7 s"));
    assert!(begin.elapsed() < Duration::from_secs(15));
    super::process::assert_none_is_left(&folder.path().join("pids"), "command");
}

#[test]
fn one_that_was_left_behind_is_stopped_and_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let begin = Instant::now();
    let (answers, finished) = run(settings(&["sh", "-c", "sleep 97 & echo $! >> pids; echo '[]'"], folder.path()), articles(1));
    assert_eq!(answers["a1"].outcome.name(), "empty");
    assert!(finished.notes.join("").contains("left a process behind") && begin.elapsed() < Duration::from_secs(15), "{finished:?}");
    super::process::assert_none_is_left(&folder.path().join("pids"), "left behind");
}

#[test]
fn one_that_never_worked_ends_the_run_and_one_that_did_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let (answers, finished) = run(settings(&["sh", "-c", "exit 127"], folder.path()), articles(6));
    assert_eq!((answers.len(), finished.unanswered.len()), (3, 3));
    assert!(finished.incomplete.unwrap().contains("3 times in a row"));
    let script = r#"case $1 in a1) echo '[]';; *) exit 1;; esac"#;
    let (answers, finished) = run(settings(&["sh", "-c", script, "sh", "{id}"], folder.path()), articles(6));
    assert_eq!((answers.len(), finished.incomplete), (6, None));
}

#[test]
fn several_run_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    // Each waits for the other: one at a time, both would run out of time.
    let script = r#"touch "$1"; while [ ! -e a1 ] || [ ! -e a2 ]; do sleep 0.05; done; echo '[]'"#;
    let two = ProgramSettings { workers: 2, ..settings(&["sh", "-c", script, "sh", "{id}"], folder.path()) };
    let (answers, _) = run(two, articles(2));
    assert!(answers.values().all(|answer| answer.outcome.name() == "empty"), "{answers:?}");
}
