//! What a process extractor may do wrong, and what the host makes of it: a row a habit of
//! `tests/data/extractors/misbehaving.py`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use claim_assay::claim::Article;
use claim_assay::extract::process::ProcessExtractor;
use claim_assay::extract::program::{ProgramSettings, Programs};
use claim_assay::extract::{Answer, ExtractError, Extractor, Finished, Numbers};

/// Everything must be over by then; far more than any row needs.
const HANG_GUARD: Duration = Duration::from_secs(90);

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn articles(count: usize) -> Vec<Article> {
    let article = |i| Article {
        id: format!("a{i}"),
        lang: "it".to_owned(),
        text: format!("🌊 caf\u{e9}: 12 morti,\r\n37.000 persone nel paese {i}.").into(),
        ..Article::default()
    };
    (1..=count).map(article).collect()
}

fn settings(habit: &str, pids: &Path) -> ProgramSettings {
    let script = "tests/data/extractors/misbehaving.py";
    let command = ["python3", script, habit, &pids.to_string_lossy()].map(str::to_owned).to_vec();
    ProgramSettings {
        startup_timeout: Duration::from_secs(20),
        article_timeout: Duration::from_secs(3),
        grace: Duration::from_millis(500),
        ..ProgramSettings::new(command, root())
    }
}

/// A run that is stopped when it takes too long.
fn run(settings: ProgramSettings, articles: Vec<Article>) -> (BTreeMap<String, Answer>, Result<Finished, ExtractError>) {
    let (stop, over) = (AtomicBool::new(false), AtomicBool::new(false));
    let answers = Mutex::new(BTreeMap::new());
    let finished = std::thread::scope(|scope| {
        scope.spawn(|| {
            let start = Instant::now();
            while !over.load(Ordering::Relaxed) {
                stop.fetch_or(start.elapsed() > HANG_GUARD, Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        let sink = |answer: Answer| {
            let again = answers.lock().unwrap().insert(answer.article_id.clone(), answer);
            assert!(again.is_none(), "{again:?} was answered again");
        };
        let finished = ProcessExtractor::new(settings).extract(&mut articles.into_iter(), &sink, &stop);
        over.store(true, Ordering::Relaxed);
        finished
    });
    assert!(!stop.into_inner(), "the run did not end by itself");
    (answers.into_inner().unwrap(), finished)
}

/// Whether a process runs. One that has ended but was not waited for by whoever inherited it does not.
pub fn runs(pid: i32) -> bool {
    let Some(id) = rustix::process::Pid::from_raw(pid) else { return false };
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let zombie = stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('Z'));
    rustix::process::test_kill_process(id).is_ok() && !zombie
}

/// Processes that were started with this value of `ASSAY_TEST_MARK`, where the system shows it.
pub fn marked(mark: &str) -> Vec<i32> {
    let wanted = format!("ASSAY_TEST_MARK={mark}");
    let ids = std::fs::read_dir("/proc").into_iter().flatten().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let has_mark = |pid: &i32| {
        let variables = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        variables.split(|byte| *byte == 0).any(|variable| variable == wanted.as_bytes()) && runs(*pid)
    };
    ids.filter(has_mark).collect()
}

fn processes(pids: &Path) -> Vec<i32> {
    std::fs::read_to_string(pids).unwrap_or_default().lines().map(|line| line.parse().unwrap()).collect()
}

pub fn assert_none_is_left(pids: &Path, habit: &str) {
    let until = Instant::now() + Duration::from_secs(20);
    while processes(pids).into_iter().any(runs) {
        assert!(Instant::now() < until, "{habit}: {:?} are left", processes(pids).into_iter().filter(|&pid| runs(pid)).collect::<Vec<_>>());
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Habit; outcome of a1 to a5, `-` for unanswered; what the message of the first failed article, the notes or the reason for
/// the end must mention, separated by `;`.
const HABITS: &[(&str, &str, &str)] = &[
    ("answers_well", "ok ok ok ok ok", ""),
    ("finds_nothing", "empty empty empty empty empty", ""),
    ("gives_quotes_only", "ok ok ok ok ok", ""),
    ("counts_utf16", "ok ok ok ok ok", ""),
    ("answers_backwards", "ok ok ok ok ok", ""),
    ("dribbles", "ok ok ok ok ok", ""),
    ("writes_like_windows", "ok ok ok ok ok", ""),
    ("forgets_last_newline", "ok ok ok ok ok", ""),
    ("floods_stderr", "ok ok ok ok ok", ""),
    ("makes_many_claims", "ok ok ok ok ok", ""),
    ("shows_environment", "ok ok ok ok ok", ""),
    ("reports_errors", "ok refused not_answered not_answered rate_limited", "not this one"),
    ("dies_on_third", "ok ok crash ok ok", "exit code 3;no such token"),
    ("dies_by_signal", "ok ok crash ok ok", "signal 11 (SIGSEGV)"),
    ("dies_at_once", "crash crash crash - -", "exit code 127;cannot find the model file;3 times in a row"),
    ("leaves_after_two", "ok ok crash ok ok", "exit code 0"),
    ("fails_at_the_end", "ok ok ok ok ok", "exit code 1 after its last answer"),
    ("stays_at_the_end", "ok ok ok ok ok", "did not end at the end of its input"),
    ("dies_in_a_line", "ok ok crash ok ok", "in the middle of its answer;exit code 0"),
    ("dies_among_several", "ok ok crash ok ok", "exit code 4"),
    ("speaks_escapes_and_dies", "ok ok crash ok ok", r"\u{1b}[2J;\u{202e}"),
    ("leaves_a_holder", "ok ok ok ok ok", "left a process behind"),
    ("leaves_a_babbler", "ok ok crash ok ok", "exit code 5"),
    ("closes_input_after_one", "ok ok ok ok ok", ""),
    ("closes_output", "ok ok crash ok ok", "closed its output"),
    ("never_answers", "timeout timeout timeout - -", "nothing on standard output within 2 s;flushed;3 times in a row"),
    ("never_reads", "timeout timeout timeout - -", "nothing on standard output within 2 s"),
    ("sticks_on_third", "ok ok timeout ok ok", "no answer within 3 s"),
    ("sticks_among_several", "ok ok timeout ok ok", "no answer within 3 s"),
    ("sticks_with_family", "ok ok timeout ok ok", "no answer within 3 s"),
    ("writes_without_end", "ok ok malformed ok ok", "longer than 16 MiB"),
    ("invents_without_end", "ok ok malformed ok ok", "\"made-up\", which was not asked"),
    ("logs_to_stdout", "ok ok malformed ok ok", "INFO batch 1 of 1;standard output;JSONL"),
    ("greets", "malformed malformed malformed - -", "Loading weights;JSONL"),
    ("prints_pretty", "malformed malformed malformed - -", "one object per line"),
    ("prints_an_array", "malformed malformed malformed - -", "the line is a JSON array"),
    ("writes_noise", "malformed malformed malformed - -", "byte 1 of a line of output is not UTF-8"),
    ("answers_twice", "ok ok ok ok ok", "answered twice; the first answer counts"),
    ("answers_another", "ok ok malformed ok ok", "\"zz\", which was not asked"),
    ("numbers_its_ids", "ok ok malformed ok ok", "id is a number"),
    ("breaks_utf8", "ok ok malformed ok ok", "not UTF-8"),
    ("breaks_json", "ok ok malformed ok ok", "not valid JSON"),
    ("nests_deep", "ok ok malformed ok ok", "claims[0] is a list"),
    ("forgets_claims", "ok ok malformed ok ok", "claims is missing"),
    ("nulls_claims", "ok ok malformed ok ok", "claims is null"),
    ("scores_nan", "ok ok malformed ok ok", "not valid JSON"),
    ("scores_high", "ok ok malformed ok ok", "claims[0].score is outside of 0 to 1"),
    ("reverses_offsets", "ok ok malformed ok ok", "start 9 to end 4 is reversed"),
    ("points_behind_text", "ok ok malformed ok ok", "end 9999 is behind the text"),
    ("cuts_a_surrogate", "ok ok malformed ok ok", "not valid JSON"),
    ("doubles_a_key", "ok ok malformed ok ok", "duplicate key"),
    ("counts_bytes", "ok ok ok ok ok", "look like UTF-8 byte offsets"),
    ("invents_quotes", "ok ok ok ok ok", ""),
];

#[test]
fn every_habit_ends_with_a_true_account_and_no_process_left() {
    let folder = tempfile::tempdir().unwrap();
    let check = |&(habit, outcomes, mentions): &(&str, &str, &str)| {
        let pids = folder.path().join(habit);
        let mut settings = settings(habit, &pids);
        if habit.starts_with("never") {
            (settings.startup_timeout, settings.article_timeout) = (Duration::from_millis(1500), Duration::from_millis(500));
        }
        let (answers, finished) = run(settings, articles(5));
        let finished = finished.unwrap_or_else(|error| panic!("{habit}: {error}"));

        let found: Vec<_> = (1..=5).map(|i| answers.get(&format!("a{i}")).map_or("-", |a| a.outcome.name())).collect();
        assert_eq!(found.join(" "), outcomes, "{habit}: {answers:#?} {finished:?}");
        let all = finished.unanswered.len() + answers.len();
        assert_eq!(all, 5, "{habit}: every article is answered or unanswered");
        assert_eq!(finished.incomplete.is_some(), !finished.unanswered.is_empty(), "{habit}");
        let first = answers.values().find(|a| a.claims.is_empty() && a.message.is_some());
        let said = first.or(answers.values().find(|a| a.message.is_some())).and_then(|a| a.message.clone());
        let words = [said.unwrap_or_default(), finished.notes.join("\n"), finished.incomplete.clone().unwrap_or_default()].join("\n");
        for mention in mentions.split(';') {
            assert!(words.contains(mention), "{habit} must mention {mention:?}:\n{words}");
        }
        assert!(!words.chars().any(|c| c.is_control() && c != '\n'), "{habit}: raw control characters in {words:?}");

        let group: Vec<i32> = processes(&pids);
        if habit == "leaves_a_holder" {
            // The one in a session of its own is beyond the host's reach; the run did not wait for it.
            let holder = rustix::process::Pid::from_raw(group[1]).unwrap();
            rustix::process::kill_process(holder, rustix::process::Signal::KILL).unwrap();
        }
        assert_none_is_left(&pids, habit);
    };
    // Most rows wait for Python or for a time limit; a few at a time is enough to keep two cores busy.
    let next = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(habit) = HABITS.get(next.fetch_add(1, Ordering::Relaxed)) {
                    check(habit);
                }
            });
        }
    });
    println!("{} habits of misbehaving extractors", HABITS.len());
}

#[test]
fn claims_are_located_in_the_unit_that_the_ready_line_names() {
    let folder = tempfile::tempdir().unwrap();
    let (answers, finished) = run(settings("counts_utf16", &folder.path().join("pids")), articles(2));
    let finished = finished.unwrap();
    assert_eq!((finished.name.as_deref(), finished.version.as_deref(), finished.numbers), (Some("u"), Some("7"), Some(Numbers::Local)));
    let quotes: Vec<_> = answers["a2"].claims.iter().map(|claim| (claim.fragments.to_string(), claim.quote.as_str())).collect();
    assert_eq!(quotes, [("8-10".to_owned(), "12"), ("19-25".to_owned(), "37.000"), ("44-45".to_owned(), "2")]);
    assert_eq!(answers["a2"].located.exact, 3);

    let (answers, _) = run(settings("invents_quotes", &folder.path().join("pids")), articles(3));
    assert_eq!((answers["a3"].located.unlocated, answers["a3"].claims[0].fragments.is_empty()), (1, true));
}

#[test]
fn only_listed_variables_reach_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = settings("shows_environment", &folder.path().join("pids"));
    settings.env.insert("MODE".to_owned(), "fast".to_owned());
    settings.pass_env = vec!["CARGO_PKG_NAME".to_owned(), "NOT_SET_ANYWHERE".to_owned()];
    let (answers, _) = run(settings, articles(1));
    let variables: BTreeMap<String, String> = serde_json::from_str(&answers["a1"].claims[0].quote).unwrap();
    let ours = ["PATH", "HOME", "LANG", "TMPDIR", "PYTHONUNBUFFERED", "MODE", "CARGO_PKG_NAME"];
    // Python, what starts it, and the system add a few of their own.
    let theirs = ["LC_CTYPE", "__CF_USER_TEXT_ENCODING", "PWD", "SHLVL", "_", "OLDPWD"];
    for name in variables.keys().filter(|name| !name.contains("PYENV_")) {
        assert!(ours.contains(&name.as_str()) || theirs.contains(&name.as_str()), "{name} was passed on");
    }
    assert_eq!((variables["MODE"].as_str(), variables["PYTHONUNBUFFERED"].as_str()), ("fast", "1"));
    assert!(variables.contains_key("CARGO_PKG_NAME"));
}

#[test]
fn several_workers_share_the_articles() {
    let folder = tempfile::tempdir().unwrap();
    let pids = folder.path().join("pids");
    let (answers, finished) = run(ProgramSettings { workers: 3, ..settings("dies_on_third", &pids) }, articles(40));
    let failed: Vec<_> = answers.values().filter(|a| a.claims.is_empty()).map(|a| a.article_id.as_str()).collect();
    assert_eq!((answers.len(), failed, finished.unwrap().unanswered.len()), (40, vec!["a3"], 0));
    assert_none_is_left(&pids, "three workers");
}

#[test]
fn several_workers_whose_programs_read_all_first_are_told_where_the_end_is() {
    let folder = tempfile::tempdir().unwrap();
    let command = ["python3", "tests/data/extractors/bad_extractor.py", "out_of_order"].map(str::to_owned).to_vec();
    let settings = ProgramSettings { workers: 3, ..ProgramSettings { command, ..settings("", &folder.path().join("pids")) } };
    let (answers, finished) = run(settings, articles(40));
    let finished = finished.unwrap();
    assert_eq!((answers.len(), finished.unanswered.len(), finished.notes.as_slice()), (40, 0, &[][..]), "{finished:?}");
    assert!(answers.values().all(|answer| answer.outcome.name() == "ok"), "{answers:?}");
}

#[test]
fn a_long_text_does_not_block_and_a_run_that_is_given_up_ends_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let pids = folder.path().join("pids");
    let mut articles = articles(3);
    articles[0].text = "a long text ".repeat(200_000).into();
    let programs = Programs::default();
    let sink = |answer: Answer| panic!("unexpected {answer:?}");
    let finished = std::thread::scope(|scope| {
        scope.spawn(|| {
            while processes(&pids).is_empty() {
                std::thread::sleep(Duration::from_millis(10));
            }
            programs.give_up();
        });
        let (article_timeout, programs) = (Duration::from_secs(100), programs.clone());
        let settings = ProgramSettings { article_timeout, programs, ..settings("never_reads", &pids) };
        ProcessExtractor::new(settings).extract(&mut articles.into_iter(), &sink, &AtomicBool::new(false)).unwrap()
    });
    assert_eq!(finished.unanswered, ["a1", "a2", "a3"]);
    assert_eq!(finished.incomplete.as_deref(), Some("interrupted"));
    assert_none_is_left(&pids, "stopped");
}

#[test]
fn a_run_that_cannot_begin_is_an_error_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    for (command, mentions) in [
        (vec!["no-such-program-anywhere", "x y"], "cannot start no-such-program-anywhere \"x y\": "),
        (vec!["./no/such/file"], "is it installed"),
        (vec!["tests/data/extractors"], "cannot start"),
        (vec![], "the command is empty"),
    ] {
        let command = command.into_iter().map(str::to_owned).collect();
        let (answers, finished) = run(ProgramSettings::new(command, root()), articles(2));
        assert!(answers.is_empty());
        assert!(finished.unwrap_err().to_string().contains(mentions), "{mentions}");
    }
    let (answers, finished) = run(settings("announces_nonsense", &folder.path().join("pids")), articles(2));
    let error = finished.unwrap_err().to_string();
    assert!(answers.is_empty() && error.contains("ready line") && error.contains("codepoint"), "{error}");
}

#[test]
fn a_caller_that_panics_leaves_no_process() {
    let folder = tempfile::tempdir().unwrap();
    let pids = folder.path().join("pids");
    let outcome = std::panic::catch_unwind(|| {
        let sink = |_: Answer| std::panic::resume_unwind(Box::new("the caller is gone"));
        let mut extractor = ProcessExtractor::new(settings("answers_well", &pids));
        extractor.extract(&mut articles(50).into_iter(), &sink, &AtomicBool::new(false))
    });
    assert!(outcome.is_err());
    assert_none_is_left(&pids, "panic");
}
