//! `assay run` with an extractor in each mode of `tests/data/extractors/bad_extractor.py`: how it ends, what is said, and that nothing is
//! left running and no article is lost.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::process::{marked, runs};
use super::support::data_file;

const TEXTS: [&str; 5] = [
    "12 morti e 37.000 persone.",
    "🌊 caf\u{e9}: 12 morti,\r\n37.000 persone.\r\nIl 5 %.",
    "Nothing to count here.",
    "Naïve: 1,234 and 56.",
    "👩‍👩‍👧 7 famiglie, 8 barche.",
];

/// Far over what any mode needs: three starts of four seconds, and the grace for one that ignores SIGTERM.
const HANG_GUARD: Duration = Duration::from_secs(60);

/// What five good answers come to: the third article has no figure.
const GOOD: &str = "empty 1 ok 4";

/// Mode and options; the outcomes of the run, several where they depend on time; exit code; what must be said, separated by `;`.
type Row = (&'static str, &'static [&'static str], i32, &'static str);

const MODES: &[Row] = &[
    ("ok", &[GOOD], 0, ""),
    ("ok_slow --secs 0.2", &[GOOD], 0, ""),
    ("empty_claims", &["empty 5"], 0, ""),
    // The others are answered by a new program.
    ("crash", &["crash 1 ok 4"], 6, "a3 (crash);exit code 3;injected crash;1 of 5 articles failed"),
    ("crash_signal", &["crash 1 ok 4"], 6, "killed by signal 11 (SIGSEGV)"),
    ("crash_at_start", &["crash 3"], 5, "exit code 127;cannot find model file;3 times in a row;incomplete: 2 articles without an answer"),
    ("exit0_no_answer", &["crash 3"], 5, "the program ended before it answered (exit code 0)"),
    ("exit0_early", &["crash 1 ok 4"], 6, "the program ended before it answered (exit code 0)"),
    // No answer is lost, so that the run is whole: the exit code is told and is no failure of an article.
    ("exit1_complete", &[GOOD], 0, "ended with exit code 1 after its last answer"),
    ("hang", &["ok 4 timeout 1"], 6, "a3 (timeout): no answer within 1 s;timeout, --timeout"),
    ("hang_at_start", &["timeout 3"], 5, "nothing on standard output within 4 s of its start;flushed"),
    ("hang_ignore_term", &["ok 4 timeout 1"], 6, "no answer within 1 s"),
    ("partial_line", &["crash 1 empty 1 ok 3"], 6, "a5 (crash): the program ended in the middle of its answer"),
    ("no_final_newline", &[GOOD], 0, ""),
    ("dribble", &[GOOD], 0, ""),
    ("one_big_write", &[GOOD], 0, ""),
    ("never_reads", &["timeout 3"], 5, "nothing on standard output within 4 s of its start"),
    // Each program answers what it has read, and a new one reads the rest.
    ("closes_stdin --secs 0.3", &[GOOD], 0, ""),
    // It repeats the id of an article that is answered: the first answer counts.
    ("garbage", &[GOOD], 0, "a1: answered twice; the first answer counts;not valid JSON"),
    ("banner", &["malformed 3"], 5, "Loading model weights... done;one JSON object a line (JSONL) and nothing else"),
    ("binary", &["malformed 3"], 5, "of a line of output is not UTF-8"),
    ("invalid_utf8", &["malformed 3"], 5, "byte 53 of a line of output is not UTF-8"),
    ("bom_crlf", &[GOOD], 0, ""),
    ("blank_lines", &[GOOD], 0, ""),
    ("pretty_json", &["malformed 3"], 5, "write one object per line"),
    ("json_array", &["malformed 3"], 5, "the line is a JSON array; write JSONL"),
    ("deep_json", &["malformed 5"], 6, "claims[0] is a list; write an object"),
    ("huge_line --n 20", &["malformed 3"], 5, "longer than 16 MiB"),
    ("huge_output", &["malformed 3"], 5, "\"made-up-0\", which was not asked"),
    ("many_claims", &["ok 1"], 0, ""),
    ("stderr_flood", &[GOOD], 0, ""),
    ("stderr_escape", &[GOOD], 0, ""),
    // DESIGN: the first answer counts, and a note tells it.
    ("dup_ids", &[GOOD], 0, "a1 and 4 more: answered twice; the first answer counts"),
    ("out_of_order", &[GOOD], 0, ""),
    // It is told and not scored. The article that is in flight gets its own answer as well, so that nothing is wrong with that.
    ("unknown_ids", &[GOOD], 0, "ignored: an answer for \"never-asked\", which was not asked"),
    // Good answers by their form; that they are about another text shows in claims without a place.
    ("wrong_id", &[GOOD], 0, "claims have offsets that do not give their quotes"),
    ("id_type", &["malformed 3"], 5, "id is a number; write the id of the article as text"),
    ("missing_claims", &["malformed 5"], 6, "claims is missing; write \"claims\": [] where there is none"),
    ("null_claims", &["malformed 5"], 6, "claims is null"),
    ("error_record", &["empty 1 not_answered 2 ok 2"], 6, "the extractor said \"model refused\""),
    ("nan_scores", &["malformed 5"], 6, "NaN and Infinity are no numbers"),
    ("score_range", &["malformed 5"], 6, "claims[0].score is outside of 0 to 1;claims[2].score is text"),
    ("offsets_range", &["malformed 5"], 6, "start is negative;start 9 to end 4 is reversed;no text is that long"),
    // DESIGN: a quote that occurs once wins over its offsets; the note tells what they seem to count.
    ("offsets_bytes", &[GOOD], 0, "they look like UTF-8 byte offsets;offset_unit = \"byte\""),
    ("offsets_utf16", &[GOOD], 0, "they look like UTF-16 offsets;offset_unit = \"utf16\""),
    // A figure of one digit has an empty span then.
    ("offsets_inclusive", &["empty 1 malformed 2 ok 2"], 6, "the end looks inclusive;end is one past the last code point"),
    ("offsets_crlf", &[GOOD], 0, "CRLF had become LF"),
    ("split_grapheme", &["ok 5"], 0, ""),
    ("lone_surrogate", &["malformed 5"], 6, "lone surrogate"),
    ("nul", &["ok 5"], 0, "offsets that do not give its quote"),
    ("grandchild", &[GOOD], 0, "left a process behind that holds its output"),
    // The one in a session of its own is out of the host's reach: the run does not wait for it, and says so.
    ("grandchild_setsid", &[GOOD], 0, "left a process behind that holds its output"),
    ("fork_tree", &["ok 4 timeout 1"], 6, "no answer within 1 s"),
    // Without a terminal there is none to ask; with one, a program in another group is stopped by the system, and its time runs out.
    ("reads_tty", &[GOOD, "timeout 3"], -1, ""),
    // DESIGN: a program runs in the workspace's folder, where its own files are.
    ("writes_cwd", &[GOOD], 0, ""),
    ("env_dump", &["ok 5"], 0, "offsets that do not give its quote"),
    // Three runs each: what flips is told, and the one that cannot start costs its own article only.
    ("nondeterministic", &[""], 0, ""),
    ("sleep_then_ok", &[GOOD], 0, ""),
    ("flaky", &["empty 1 ok 4|empty 1 ok 4|crash 1 empty 1 ok 3"], 6, "exit code 75;transient failure"),
];

/// A workspace of five articles with one extractor.
pub fn workspace(folder: &Path, mode: &str, mark: &str) {
    let script = data_file("extractors/bad_extractor.py");
    let pids = folder.join("pids");
    let fixed = ["python3", &script.to_string_lossy(), "--pidfile", &pids.to_string_lossy()].map(str::to_owned);
    let command: Vec<String> = fixed.into_iter().chain(mode.split(' ').map(str::to_owned)).collect();
    let config = format!(
        "format = 1\nname = \"w\"\n[dataset]\npath = \"d\"\n[run]\ntimeout = \"1s\"\n[[extractor]]\nid = \"bad\"\nkind = \"process\"\n\
         command = {}\nstartup_timeout = \"3s\"\nenv = {{ ASSAY_TEST_MARK = \"{mark}\" }}\n",
        json!(command)
    );
    let data = folder.join("d");
    std::fs::create_dir_all(data.join("articles")).unwrap();
    let files = [
        (folder.join("assay.toml"), config),
        (data.join("dataset.toml"), "format = 1\nname = \"d\"\nversion = \"1\"\nlicence = \"CC0-1.0\"\nlanguages = [\"it\"]\n".to_owned()),
        (data.join("articles.csv"), "article_id,lang\na1,it\na2,it\na3,it\na4,it\na5,it\n".to_owned()),
        (
            data.join("claims.csv"),
            "claim_id,article_id,quote,kind\nc1,a1,37.000,quantity\nc2,a2,37.000,quantity\nc3,a4,56,quantity\n".to_owned(),
        ),
    ];
    for (path, text) in files {
        std::fs::write(path, text).unwrap();
    }
    for (number, text) in (1..).zip(TEXTS) {
        std::fs::write(data.join(format!("articles/a{number}.txt")), text).unwrap();
    }
}

/// How many articles the run says to be without an answer.
fn unanswered(said: &str) -> u64 {
    let line = said.lines().find_map(|line| line.split_once("incomplete: ").map(|(_, rest)| rest));
    line.map_or(0, |rest| rest.split(' ').next().unwrap().parse().unwrap())
}

fn check(&(mode, outcomes, exit, mentions): &Row) {
    let folder = tempfile::tempdir().unwrap();
    let name = mode.split(' ').next().unwrap();
    let mark = format!("{}-{name}", std::process::id());
    workspace(folder.path(), mode, &mark);
    let several = matches!(name, "flaky" | "nondeterministic");
    let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
    command.args(["run", "--json", "--ci", "none"]).current_dir(folder.path()).env("SECRET_OF_ANOTHER", "hunter2");
    // 200,000 claims an article: one is enough.
    let asked = if name == "many_claims" { 1 } else { 5 };
    command.args(["-n", &asked.to_string()]).args(several.then_some(["--repeat", "3"]).into_iter().flatten());
    let begin = Instant::now();
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert!(begin.elapsed() < HANG_GUARD, "{name} took {:?}", begin.elapsed());
    let said = String::from_utf8(output.stderr).unwrap();
    let json: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{name}: {e}: {said}"));

    // Nothing is lost: every article is in the account, or said to be unanswered.
    let accounts: Vec<BTreeMap<String, u64>> =
        json["runs"].as_array().unwrap().iter().map(|run| serde_json::from_value(run["articles"]["outcomes"].clone()).unwrap()).collect();
    for (run, account) in json["runs"].as_array().unwrap().iter().zip(&accounts) {
        let articles = &run["articles"];
        let count = |key: &str| articles[key].as_u64().unwrap();
        let sum: u64 = account.values().sum();
        assert_eq!(
            (sum, count("total"), sum + unanswered(&said)),
            (count("total"), count("scored") + count("failed"), asked),
            "{name}: {said}"
        );
    }
    let words = |account: &BTreeMap<String, u64>| account.iter().map(|(name, n)| format!("{name} {n}")).collect::<Vec<_>>().join(" ");
    let found: Vec<String> = accounts.iter().map(words).collect();
    let found = found.join("|");
    assert!(name == "nondeterministic" || outcomes.contains(&found.as_str()), "{name}: {found}: {said}");
    assert!(exit < 0 || output.status.code() == Some(exit), "{name}: {:?}: {said}", output.status);
    for mention in mentions.split(';') {
        assert!(said.contains(mention), "{name} must mention {mention:?}:\n{said}");
    }
    assert!(mentions.is_empty() != said.contains("bad: ") || several || exit < 0, "{name} says what it need not, or nothing:\n{said}");
    assert!(!said.chars().any(|c| c.is_control() && c != '\n'), "{name}: raw control characters in {said:?}");
    assert!(!said.lines().any(|line| line.starts_with("::")), "{name}: {said}");

    if name == "wrong_id" {
        assert_eq!(json["runs"][0]["located"]["unlocated"], 6);
    }
    if name == "env_dump" {
        assert!(!String::from_utf8(stored_bytes(folder.path())).unwrap().contains("hunter2"));
    }
    if name == "grandchild_setsid" {
        let pid: i32 = std::fs::read_to_string(folder.path().join("pids")).unwrap().trim().parse().unwrap();
        assert!(runs(pid), "it is the one that may stay");
        rustix::process::kill_process(rustix::process::Pid::from_raw(pid).unwrap(), rustix::process::Signal::KILL).unwrap();
    }
    let until = Instant::now() + Duration::from_secs(10);
    while let left = marked(&mark)
        && !left.is_empty()
    {
        assert!(Instant::now() < until, "{name}: processes {left:?} are left");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// All bytes of the stored runs that are text.
fn stored_bytes(folder: &Path) -> Vec<u8> {
    let runs = std::fs::read_dir(folder.join(".assay/runs")).unwrap();
    let files = runs.flat_map(|run| std::fs::read_dir(run.unwrap().path()).unwrap()).map(|file| file.unwrap().path());
    let bytes: Vec<u8> =
        files.filter(|path| path.extension().is_some_and(|e| e != "parquet")).flat_map(|path| std::fs::read(path).unwrap()).collect();
    assert!(!bytes.is_empty());
    bytes
}

#[test]
fn every_mode_ends_as_it_must_with_no_process_left_and_no_answer_lost() {
    let script = std::fs::read_to_string(data_file("extractors/bad_extractor.py")).unwrap();
    for (mode, ..) in MODES {
        assert!(script.contains(&format!("\"{}\"", mode.split(' ').next().unwrap())), "{mode} is no mode");
    }
    assert_eq!(MODES.len(), 59);
    // Most rows wait for a time limit.
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(row) = MODES.get(next.fetch_add(1, Ordering::Relaxed)) {
                    check(row);
                }
            });
        }
    });
}
