//! Answers are kept: what was answered is not asked again, whatever ended the run, and what has changed is.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::data_file;

/// A workspace of `count` articles with an extractor that notes what it is asked.
struct Workspace {
    folder: tempfile::TempDir,
}

impl Workspace {
    fn new(count: usize, fails: &str, more: &str) -> Workspace {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        std::fs::create_dir_all(at("datasets/d/articles")).unwrap();
        let mut articles = String::from("article_id,lang\n");
        let mut claims = String::from("claim_id,article_id,start,end,quote,kind,value\n");
        for i in 1..=count {
            articles += &format!("a{i},en\n");
            claims += &format!("c{i},a{i},0,{},{},quantity,{}\n", (100 + i).to_string().len(), 100 + i, 100 + i);
            std::fs::write(at(&format!("datasets/d/articles/a{i}.txt")), format!("{} people fled, 7 came back.", 100 + i)).unwrap();
        }
        std::fs::write(at("datasets/d/articles.csv"), articles).unwrap();
        std::fs::write(at("datasets/d/claims.csv"), claims).unwrap();
        std::fs::write(
            at("datasets/d/dataset.toml"),
            "format = 1\nname = \"d\"\nversion = \"1\"\nlanguages = [\"en\"]\nkey_fields = [\"value\"]\n\n[[field]]\nname = \"value\"\ntype = \"decimal\"\n",
        )
        .unwrap();
        std::fs::copy(data_file("extractors/counted.py"), at("counted.py")).unwrap();
        let fails = if fails.is_empty() { String::new() } else { format!(", \"{fails}\"") };
        let config = format!(
            "format = 1\nname = \"d\"\n\n[dataset]\npath = \"datasets/d\"\n\n[run]\nerror_budget = 1\n\n[[extractor]]\nid = \"x\"\nkind = \"process\"\n\
             command = [\"python3\", \"counted.py\"{fails}]\npass_env = [\"ASKED\", \"DELAY\"]\n{more}"
        );
        std::fs::write(at("assay.toml"), config).unwrap();
        Workspace { folder }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
        command.args(arguments.split(' ')).current_dir(self.folder.path()).env("ASKED", "asked.log").env("DELAY", "0").stdin(Stdio::null());
        command
    }

    /// Exit code, what was printed, what went to the error stream.
    fn assay(&self, arguments: &str) -> (i32, String, String) {
        let output = self.command(arguments).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
    }

    /// The articles that were asked since the last call, in order.
    fn asked(&self) -> Vec<String> {
        let log = self.at("asked.log");
        let asked = std::fs::read_to_string(&log).unwrap_or_default().lines().map(str::to_owned).collect();
        let _ = std::fs::remove_file(log);
        asked
    }

    /// How many articles a run asks, and how it ends.
    fn asks(&self, arguments: &str) -> (usize, i32) {
        let (exit, ..) = self.assay(arguments);
        (self.asked().len(), exit)
    }

    /// The answers of the last stored run, byte for byte.
    fn predictions(&self) -> String {
        let (_, shown, error) = self.assay("runs show latest --json");
        let id = serde_json::from_str::<Value>(&shown).unwrap_or_else(|_| panic!("{shown}{error}"))["id"].as_str().unwrap().to_owned();
        std::fs::read_to_string(self.at(&format!(".assay/runs/{id}/predictions.jsonl"))).unwrap()
    }

    /// How many runs are stored.
    fn stored(&self) -> usize {
        // What a killed run began to write does not count.
        let whole = |run: std::io::Result<std::fs::DirEntry>| !run.unwrap().file_name().to_string_lossy().starts_with('.');
        std::fs::read_dir(self.at(".assay/runs")).map_or(0, |runs| runs.filter_map(|run| whole(run).then_some(())).count())
    }

    /// Ids of the articles whose answers the journals have.
    fn journaled(&self) -> BTreeSet<String> {
        let files =
            std::fs::read_dir(self.at(".assay/journal")).map(|entries| entries.map(|e| e.unwrap().path()).collect()).unwrap_or_default();
        let lines = |path: PathBuf| std::fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect::<Vec<_>>();
        let of_line = |line: String| Some(serde_json::from_str::<Value>(line.get(17..)?).ok()?["answer"]["id"].as_str()?.to_owned());
        Vec::<PathBuf>::into_iter(files).flat_map(lines).filter_map(of_line).collect()
    }
}

const INPUTS: &str = "inputs = [\"counted.py\"]\n";

#[test]
fn what_was_answered_is_not_asked_again_until_something_changes() {
    let ws = Workspace::new(5, "", INPUTS);
    assert_eq!(ws.asks("run x"), (5, 0));
    let first = ws.predictions();
    let (exit, out, err) = ws.assay("run x");
    assert_eq!((ws.asked().len(), exit, ws.predictions() == first), (0, 0, true), "{out}{err}");
    assert!(out.contains("5 from the cache") && !out.contains("p50"), "{out}");
    // How the program writes numbers and which version it is came from the cache as well: it was not started.
    assert!(out.contains("x 7  ") && out.contains("value                  5 1.00"), "{out}");
    assert_eq!(ws.asks("run x --no-cache"), (5, 0));
    assert_eq!(ws.asks("run x --refresh"), (5, 0));
    assert_eq!(ws.asks("run x --offline"), (0, 0));
    let dry = ws.assay("run x --dry-run").1;
    assert!(dry.contains("x (process, 5 of 5 answers are there)"), "{dry}");

    std::fs::write(ws.at("datasets/d/articles/a2.txt"), "102 people fled, and 8 came back.").unwrap();
    let (exit, _, err) = ws.assay("run x --offline");
    assert_eq!((exit, ws.asked().len()), (5, 0), "{err}");
    assert!(err.contains("incomplete: 1 article without an answer: --offline asks nothing"), "{err}");
    ws.assay("run x");
    assert_eq!(ws.asked(), ["a2"]);

    let script = std::fs::read_to_string(ws.at("counted.py")).unwrap();
    std::fs::write(ws.at("counted.py"), script + "# another version\n").unwrap();
    assert_eq!(ws.asks("run x"), (5, 0));
    let stats = ws.assay("cache stats").1;
    assert!(stats.contains("11 answers of 2 extractor versions"), "{stats}");
}

#[test]
fn repeats_have_answers_of_their_own_and_the_first_is_that_of_a_plain_run() {
    let ws = Workspace::new(4, "", INPUTS);
    assert_eq!(ws.asks("run x"), (4, 0));
    assert_eq!(ws.asks("run x --repeat 3"), (8, 0));
    assert_eq!(ws.asks("run x --repeat 3"), (0, 0));
}

#[test]
fn failures_are_not_kept_and_only_they_are_asked_again() {
    let ws = Workspace::new(5, "3", INPUTS);
    assert_eq!(ws.asks("run x"), (5, 0));
    ws.assay("run x");
    assert_eq!(ws.asked(), ["a3"]);
    let failing = ws.assay("run x --failing-in latest --no-cache");
    assert_eq!(
        (ws.asked(), failing.0),
        (vec!["a1", "a2", "a3", "a4", "a5"].into_iter().map(str::to_owned).collect(), 0),
        "7 is no gold claim"
    );
}

#[test]
fn a_program_that_nothing_identifies_is_asked_again_and_can_be_resumed() {
    let ws = Workspace::new(5, "3", "");
    // The script stands on the command line: it identifies the program, and that others could is said.
    assert_eq!(ws.asks("run x"), (5, 0));
    let (_, _, err) = ws.assay("run x");
    assert!(ws.asked() == ["a3"] && err.contains("name others that it reads in `inputs`"), "{err}");

    let config = std::fs::read_to_string(ws.at("assay.toml")).unwrap();
    std::fs::rename(ws.at("counted.py"), ws.at("counted_module.py")).unwrap();
    std::fs::write(ws.at("assay.toml"), config.replace("\"counted.py\"", "\"-m\", \"counted_module\"")).unwrap();
    let (exit, _, err) = ws.assay("run x");
    assert!(exit == 0 && ws.asked().len() == 5 && err.contains("not cached, for nothing tells this program from an older one"), "{err}");
    let (_, _, err) = ws.assay("run x --retry-errors");
    assert!(ws.asked() == ["a3"] && err.contains("takes over 4 answers") && err.contains("1 that failed are asked again"), "{err}");
    let (_, _, err) = ws.assay("run x --resume");
    assert!(ws.asked().len() == 5 && err.contains("there is no run to go on with"), "{err}");
}

/// A random number that is the same in each run of the test.
fn noise(seed: u64) -> u64 {
    let mut x = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5555;
    for _ in 0..3 {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
    }
    x
}

/// Kills a run again and again, resumes it, and says how often it was killed.
fn killed_and_resumed(ws: &Workspace, arguments: &str, kills: u64) -> u64 {
    let mut acknowledged = BTreeSet::new();
    let (mut killed, stored) = (0, ws.stored());
    for round in 0.. {
        let mut child = ws.command(arguments).env("DELAY", "0.0015").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        if round < kills {
            // Half of the rounds are killed wherever they are, also while starting; half when answers are coming.
            let until = Instant::now() + Duration::from_secs(20);
            while round % 2 == 0 && !ws.at("asked.log").exists() && Instant::now() < until && child.try_wait().unwrap().is_none() {
                std::thread::sleep(Duration::from_millis(1));
            }
            std::thread::sleep(Duration::from_millis(noise(round) % 120));
            let _ = child.kill();
        }
        let status = child.wait().unwrap();
        assert!(status.success() || status.code().is_none(), "{status}");
        killed += u64::from(status.code().is_none());
        // A run may be killed when it is stored already, with nothing left to do but to end.
        let is_over = status.success() || ws.stored() > stored;
        let now = ws.journaled();
        // The program is told by the end of its input; until then it may still note the article that it works on.
        let asked: BTreeSet<String> = ws.asked().into_iter().collect();
        let again: Vec<_> = asked.intersection(&acknowledged).take(5).collect();
        assert!(again.is_empty(), "{again:?} were asked again after {killed} kills");
        if is_over {
            return killed;
        }
        assert!(now.is_superset(&acknowledged), "answers were lost");
        acknowledged = now;
    }
    unreachable!()
}

#[test]
fn a_run_that_is_killed_at_any_moment_goes_on_and_ends_as_one_that_was_not() {
    let full = std::env::var("ASSAY_FULL").is_ok_and(|v| v == "1");
    let (articles, kills) = if full { (20_000, 500) } else { (2_000, 50) };
    let undisturbed = Workspace::new(articles, "99", INPUTS);
    assert_eq!(undisturbed.asks("run x --no-cache"), (articles, 0));
    let ws = Workspace::new(articles, "99", INPUTS);
    let killed = killed_and_resumed(&ws, "run x --no-cache --resume", kills);
    assert_eq!(ws.predictions(), undisturbed.predictions());
    println!("killed {killed} times of {kills}, resumed over {articles} articles");
    assert!(killed * 2 >= kills, "only {killed} kills met a run that was not over");
}

/// A run that is killed when some answers are kept; which ones.
fn cut_off(ws: &Workspace, arguments: &str) -> BTreeSet<String> {
    let mut child = ws.command(arguments).env("DELAY", "0.05").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let until = Instant::now() + Duration::from_secs(30);
    while ws.journaled().len() < 5 {
        assert!(Instant::now() < until, "no answer was kept");
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    ws.asked();
    ws.journaled()
}

/// Exit code, what went to the error stream, and what was asked; with the delay of [`cut_off`], which is part of the extractor.
fn resumed(ws: &Workspace, arguments: &str) -> (i32, String, Vec<String>) {
    let output = ws.command(arguments).env("DELAY", "0.05").output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap(), ws.asked())
}

#[test]
fn going_on_with_a_part_leaves_the_rest_to_go_on_with() {
    let ws = Workspace::new(30, "", INPUTS);
    let kept = cut_off(&ws, "run x --no-cache");
    let (exit, err, asked) = resumed(&ws, "run x --no-cache --resume -n 2");
    assert!(exit == 0 && asked.is_empty() && err.contains("takes over 2 answers of "), "{err}");
    let (exit, err, asked) = resumed(&ws, "run x --no-cache --resume");
    assert!(exit == 0 && asked.len() == 30 - kept.len() && asked.iter().all(|id| !kept.contains(id)), "{err}");
}

#[test]
fn only_one_command_goes_on_with_a_run() {
    let ws = Workspace::new(40, "", INPUTS);
    cut_off(&ws, "run x --no-cache");
    let mut first =
        ws.command("run x --no-cache --resume").env("DELAY", "0.05").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let until = Instant::now() + Duration::from_secs(30);
    while !ws.at("asked.log").exists() {
        assert!(Instant::now() < until, "nothing was asked");
        std::thread::sleep(Duration::from_millis(5));
    }
    let second = ws.command("run x --no-cache --resume").env("DELAY", "0.05").env("ASKED", "second.log").output().unwrap();
    let err = String::from_utf8(second.stderr).unwrap();
    assert!(second.status.code() == Some(3) && err.contains("another command is at this run"), "{err}");
    assert!(first.wait().unwrap().success() && !ws.at("second.log").exists());
}

#[test]
fn a_journal_that_cannot_be_read_is_no_reason_to_pay_again() {
    let ws = Workspace::new(20, "", INPUTS);
    cut_off(&ws, "run x --no-cache");
    let journal = std::fs::read_dir(ws.at(".assay/journal")).unwrap().next().unwrap().unwrap().path();
    let text = std::fs::read_to_string(&journal).unwrap();
    std::fs::write(&journal, &text[30..]).unwrap();
    let (exit, err, asked) = resumed(&ws, "run x --no-cache --resume");
    assert!(exit == 3 && asked.is_empty() && err.contains("its head is damaged"), "{err}");
}

#[test]
fn a_word_of_the_command_is_no_variable() {
    let ws = Workspace::new(3, "", INPUTS);
    let config = std::fs::read_to_string(ws.at("assay.toml")).unwrap();
    let command = "command = [\"python3\", \"counted.py\"]";
    assert!(config.contains(command));
    let with = |words: &str, env: &str| {
        let changed = config.replace(command, &format!("command = [\"python3\", \"counted.py\"{words}]")) + env;
        std::fs::write(ws.at("assay.toml"), changed).unwrap();
        ws.asks("run x")
    };
    assert_eq!(with(", \"A\", \"1\"", ""), (3, 0));
    assert_eq!(with("", "env = { A = \"1\" }\n"), (3, 0));
    assert_eq!(with(", \"A\", \"1\"", ""), (0, 0));
}

#[test]
fn nothing_outside_is_written_or_removed_through_the_folders_of_answers() {
    let ws = Workspace::new(3, "", INPUTS);
    ws.assay("run x --no-store");
    let file = std::fs::read_dir(ws.at(".assay/cache")).unwrap().next().unwrap().unwrap().path();
    std::fs::write(ws.at("precious"), "a\n").unwrap();
    std::fs::remove_file(&file).unwrap();
    std::os::unix::fs::symlink(ws.at("precious"), &file).unwrap();
    assert_eq!(ws.assay("run x --no-store").0, 0);
    assert_eq!(std::fs::read_to_string(ws.at("precious")).unwrap(), "a\n");
    std::fs::remove_file(&file).unwrap();
    std::fs::write(ws.at(".assay/cache/thesis.doc"), "b").unwrap();
    std::fs::write(ws.at(".assay/cache/notes-2026.jsonl"), "c").unwrap();
    assert!(ws.assay("cache clear").1.starts_with("removed nothing"));
    assert!(ws.at(".assay/cache/thesis.doc").exists() && ws.at(".assay/cache/notes-2026.jsonl").exists());
}

#[test]
fn an_extractor_that_is_edited_while_it_runs_leaves_nothing_in_the_cache() {
    let ws = Workspace::new(20, "", INPUTS);
    let run = ws.command("run x").env("DELAY", "0.03").stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let until = Instant::now() + Duration::from_secs(30);
    while !ws.at("asked.log").exists() {
        assert!(Instant::now() < until, "nothing was asked");
        std::thread::sleep(Duration::from_millis(5));
    }
    let script = std::fs::read_to_string(ws.at("counted.py")).unwrap();
    std::fs::write(ws.at("counted.py"), format!("{script}# edited\n")).unwrap();
    let err = String::from_utf8(run.wait_with_output().unwrap().stderr).unwrap();
    assert!(err.contains("its files were changed while it ran"), "{err}");
    assert!(ws.assay("cache stats").1.contains("the cache is empty"));
}

#[test]
fn what_failed_says_nothing_of_another_article_with_the_same_text() {
    let ws = Workspace::new(6, "3", INPUTS);
    for i in 1..=6 {
        std::fs::write(ws.at(&format!("datasets/d/articles/a{i}.txt")), "101 people fled, 7 came back.").unwrap();
        std::fs::write(ws.at("datasets/d/claims.csv"), "claim_id,article_id,start,end,quote,kind,value\n").unwrap();
    }
    // A command that does not see the id sends the same for all.
    let config = std::fs::read_to_string(ws.at("assay.toml")).unwrap();
    let script = "n=$(cat count 2>/dev/null || echo 0); echo $((n+1)) > count; cat >/dev/null; [ $((n % 2)) = 0 ] && echo '[]'";
    std::fs::write(ws.at("ask.sh"), script).unwrap();
    let start = config.find("kind = ").unwrap();
    std::fs::write(ws.at("assay.toml"), format!("{}kind = \"command\"\ncommand = [\"sh\", \"ask.sh\"]\nworkers = 1\n", &config[..start]))
        .unwrap();
    let outcomes = |arguments: &str| {
        let (_, out, err) = ws.assay(arguments);
        let json: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{err}"));
        json["runs"][0]["articles"]["outcomes"].clone()
    };
    assert_eq!(outcomes("run x --no-cache --json"), serde_json::json!({ "crash": 3, "empty": 3 }));
    assert_eq!(outcomes("run x --no-cache --json --retry-errors"), serde_json::json!({ "empty": 6 }), "the answer to that text is known");
}

#[test]
fn a_run_over_fewer_articles_leaves_the_journal_of_a_larger_one() {
    let ws = Workspace::new(50, "", INPUTS);
    let mut child = ws.command("run x --no-cache").env("DELAY", "0.05").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let until = Instant::now() + Duration::from_secs(30);
    while ws.journaled().len() < 5 {
        assert!(Instant::now() < until, "no answer was kept");
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let kept = ws.journaled();
    ws.asked();
    let (_, _, err) = ws.assay("run x --no-cache -n 1");
    assert!(err.contains("was cut off after") && err.contains("--resume goes on from there"), "{err}");
    ws.asked();
    // The settings of the delay are part of the extractor.
    let resumed = ws.command("run x --no-cache --resume").env("DELAY", "0.05").output().unwrap();
    let asked = ws.asked();
    assert!(resumed.status.success() && asked.len() == 50 - kept.len(), "{} asked, {} kept", asked.len(), kept.len());
    assert!(asked.iter().all(|id| !kept.contains(id)));
}

/// A limit on the size of files stands for a full disk: writes fail in the middle of a line.
#[test]
fn where_answers_cannot_be_kept_the_run_stops_says_so_and_can_go_on() {
    let ws = Workspace::new(400, "", INPUTS);
    let limited = |arguments: &str| {
        let script = format!("trap '' XFSZ; ulimit -f 16; exec {} {arguments}", env!("CARGO_BIN_EXE_assay"));
        let output = Command::new("bash")
            .args(["-c", &script])
            .current_dir(ws.folder.path())
            .env("ASKED", "asked.log")
            .env("DELAY", "0")
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (exit, err) = limited("run x --no-cache --no-store");
    assert_eq!(exit, Some(1), "{err}");
    assert!(err.contains("cannot keep answers in .assay/journal/") && err.contains("File too large") && err.contains("--resume"), "{err}");
    let kept = ws.journaled();
    let asked = ws.asked().len();
    assert!(kept.len() > 20 && asked < 400 && asked - kept.len() <= 2, "{} kept of {asked}", kept.len());
    // The end of the file is cut now, and all before it holds.
    let (exit, _, err) = ws.assay("run x --no-cache --resume");
    assert_eq!((exit, ws.asked().len()), (0, 400 - kept.len()), "{err}");
    assert!(ws.journaled().is_empty(), "the journal of a whole run is not needed");
}

#[test]
fn two_runs_at_once_keep_their_answers_apart_and_share_the_cache() {
    let ws = Workspace::new(60, "", INPUTS);
    let runs: Vec<_> = (0..4).map(|_| ws.command("run x").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()).collect();
    assert!(runs.into_iter().all(|mut run| run.wait().unwrap().success()));
    ws.asked();
    assert_eq!(ws.asks("run x"), (0, 0));
    let stats: Value = serde_json::from_str(&ws.assay("cache stats --json").1).unwrap();
    assert_eq!((&stats["files"][0]["answers"], &stats["files"][0]["damaged"]), (&60.into(), &0.into()));
}

#[test]
fn the_cache_can_be_emptied() {
    let ws = Workspace::new(3, "", INPUTS);
    assert!(ws.assay("cache stats").1.contains("the cache is empty"));
    for edit in 0..5 {
        let script = std::fs::read_to_string(ws.at("counted.py")).unwrap();
        std::fs::write(ws.at("counted.py"), script + &format!("# {edit}\n")).unwrap();
        ws.asks("run x --no-store");
    }
    assert!(ws.assay("cache prune --keep 2 --dry-run").1.starts_with("would remove the answers of 3 extractor versions"));
    assert!(ws.assay("cache prune --older-than 1d --keep 2").1.starts_with("removed nothing"));
    assert!(ws.assay("cache prune --keep 2").1.starts_with("removed the answers of 3 extractor versions"));
    assert_eq!(ws.asks("run x --offline --no-store"), (0, 0));
    let (exit, _, err) = ws.assay("cache clear y");
    assert!(exit == 3 && err.contains("no answers of an extractor \"y\""), "{err}");
    assert!(ws.assay("cache clear x").1.starts_with("removed the answers of 2 extractor versions"));
    assert_eq!(ws.asks("run x --offline --no-store"), (0, 5));
}

/// No file that a run leaves, and nothing that it says, holds the value of a variable.
#[test]
fn the_value_of_a_variable_is_written_nowhere() {
    const CANARY: &str = "canary-7f3a9c51";
    // Also where the program itself tells it.
    let tells = "inputs = [\"counted.py\"]\nenv = { OTHER_TOKEN = \"canary-7f3a9c51\", TELL = \"SECRET\" }\n";
    let ws = Workspace::new(3, "2", tells);
    let config = std::fs::read_to_string(ws.at("assay.toml")).unwrap();
    std::fs::write(ws.at("assay.toml"), config.replace("\"DELAY\"]", "\"DELAY\", \"SECRET\"]")).unwrap();
    let mut said = String::new();
    for arguments in ["run x", "run x --json", "cache stats --json", "runs show latest --json", "run x --retry-errors -o r.html -o r.md"] {
        let output = ws.command(arguments).env("SECRET", CANARY).output().unwrap();
        said += &String::from_utf8_lossy(&[output.stdout, output.stderr].concat());
    }
    assert!(!said.contains(CANARY));
    let mut folders = vec![ws.folder.path().to_owned()];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.file_name() != Some("assay.toml".as_ref()) {
                files += 1;
                assert!(!contains(&path, CANARY), "{}", path.display());
            }
        }
    }
    assert!(files > 10, "{files} files were looked at");
}

fn contains(path: &Path, text: &str) -> bool {
    std::fs::read(path).unwrap().windows(text.len()).any(|window| window == text.as_bytes())
}
