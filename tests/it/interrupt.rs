//! How a run ends when it is told to, and that no program outlives it, however it ends.

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::bad_extractor::workspace;
use super::process::marked;
use super::support::data_file;

/// Far more than anything here needs.
const HANG_GUARD: Duration = Duration::from_secs(40);

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !holds() {
        assert!(begin.elapsed() < HANG_GUARD, "{what} takes too long");
        std::thread::sleep(Duration::from_millis(20));
    }
}

struct Started {
    folder: tempfile::TempDir,
    mark: String,
    process: Child,
}

/// A run with a bad extractor, which has begun.
fn start(mode: &str) -> Started {
    let folder = tempfile::tempdir().unwrap();
    let mark = format!("interrupt-{}-{}", std::process::id(), folder.path().file_name().unwrap().display());
    workspace(folder.path(), mode, &mark);
    let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
    command.args(["run", "--ci", "none", "--timeout", "30s"]).current_dir(folder.path());
    let process = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Those that hang leave a file when they do, at their third article; the others take their time for the first.
    let hangs = matches!(mode, "hang_ignore_term" | "fork_tree");
    until("the start", || if hangs { folder.path().join("pids").exists() } else { !marked(&mark).is_empty() });
    Started { folder, mark, process }
}

impl Started {
    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.process), signal).unwrap();
    }

    /// Waits for the end, and for the end of all that was started.
    fn end(self) -> (Option<i32>, String, tempfile::TempDir) {
        let begin = Instant::now();
        let Output { status, stderr, .. } = self.process.wait_with_output().unwrap();
        assert!(begin.elapsed() < HANG_GUARD);
        until("the end of the programs", || marked(&self.mark).is_empty());
        (status.code(), String::from_utf8(stderr).unwrap(), self.folder)
    }
}

fn stored_runs(folder: &Path) -> usize {
    std::fs::read_dir(folder.join(".assay/runs")).map_or(0, Iterator::count)
}

#[test]
fn the_first_ctrl_c_finishes_what_is_in_flight_and_saves() {
    let run = start("ok_slow --secs 2");
    // Its first article takes longer.
    std::thread::sleep(Duration::from_millis(500));
    run.signal(Signal::INT);
    let (code, said, folder) = run.end();
    assert_eq!((code, stored_runs(folder.path())), (Some(130), 1), "{said}");
    assert!(said.contains("finishing 1 article in flight; Ctrl-C again to stop at once\n"), "{said}");
    assert!(said.contains("interrupted: 1 of 5 articles were answered"), "{said}");
}

#[test]
fn the_second_ctrl_c_ends_at_once_and_leaves_nothing() {
    // It hangs at its third article, ignores SIGTERM, and has 30 s.
    let run = start("hang_ignore_term");
    run.signal(Signal::INT);
    std::thread::sleep(Duration::from_millis(800));
    let begin = Instant::now();
    run.signal(Signal::INT);
    let (code, said, _) = run.end();
    assert_eq!(code, Some(130), "{said}");
    assert!(begin.elapsed() < Duration::from_secs(4), "{said}");
}

#[test]
fn sigterm_gives_up_what_is_in_flight_and_saves() {
    let run = start("hang_ignore_term");
    let begin = Instant::now();
    run.signal(Signal::TERM);
    let (code, said, folder) = run.end();
    assert_eq!((code, stored_runs(folder.path())), (Some(130), 1), "{said}");
    assert!(said.contains("interrupted: 2 of 5 articles were answered"), "{said}");
    assert!(begin.elapsed() < Duration::from_secs(10), "{said}");
}

#[test]
fn sigkill_leaves_no_program() {
    // One that neither reads its input nor heeds SIGTERM, and a family.
    for mode in ["hang_ignore_term", "fork_tree", "never_reads"] {
        let run = start(mode);
        assert!(mode != "fork_tree" || marked(&run.mark).len() == 6);
        run.signal(Signal::KILL);
        assert_eq!(run.end().0, None, "{mode}");
    }
}

/// Runs the command at a terminal that is closed when the extractor hangs; how the command ended.
fn hang_up(mode: &str, before: &[&str]) -> (String, String, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let mark = format!("hang-up-{}-{}", std::process::id(), folder.path().file_name().unwrap().display());
    workspace(folder.path(), mode, &mark);
    let mut command = Command::new("python3");
    command.arg(data_file("terminal/hang_up.py")).arg(folder.path().join("pids")).args(before);
    command.args([env!("CARGO_BIN_EXE_assay"), "run", "--ci", "none"]).current_dir(folder.path());
    let output = command.env_remove("ASSAY_TEST_MARK").stdin(Stdio::null()).output().unwrap();
    until("the end of the programs", || marked(&mark).is_empty());
    (String::from_utf8(output.stdout).unwrap().trim().to_owned(), String::from_utf8(output.stderr).unwrap(), folder)
}

#[test]
fn a_closed_terminal_ends_the_run_and_its_programs_and_keeps_the_answers() {
    let (ended, said, folder) = hang_up("fork_tree", &[]);
    assert_eq!((ended.as_str(), stored_runs(folder.path())), ("exit 130", 1), "{said}");
}

#[test]
fn a_program_that_asks_at_the_terminal_is_told_apart_and_ends() {
    let (ended, _, folder) = hang_up("reads_tty", &["sh", "-c", "exec \"$@\" 2>said", "sh"]);
    let said = std::fs::read_to_string(folder.path().join("said")).unwrap();
    assert!(ended == "exit 5" && said.contains("did it ask something at the terminal?"), "{ended}: {said}");
}

#[test]
fn nohup_goes_on_without_a_terminal() {
    let (ended, said, folder) = hang_up("fork_tree", &["nohup"]);
    // The third article runs out of its second, and the run is whole.
    assert_eq!((ended.as_str(), stored_runs(folder.path())), ("exit 6", 1), "{said}");
    let written = std::fs::read_to_string(folder.path().join("nohup.out")).unwrap();
    assert!(written.contains("4 scored   1 failed"), "{written}");
}
