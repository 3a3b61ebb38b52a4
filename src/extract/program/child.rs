//! One running program: its pipes without ever blocking on them, and its end with everything that it started.

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use super::programs::Programs;
use super::settings::{ProgramSettings, in_one_line};
use super::transcript::Transcript;
use crate::formats::jsonl::{LONGEST_LINE, SHOWN};
use crate::report::safe::quoted;

/// Bytes read at a time, so that no pipe starves the others.
const CHUNK: usize = 64 << 10;

/// Bytes of error output that are kept.
const TAIL: usize = 8 << 10;

/// Longer than the start of another program takes, even on a busy machine.
const HELD: Duration = Duration::from_millis(250);

/// Longest wait between two looks at the clock, the stop flag and the program's life.
pub(in crate::extract) const TICK: Duration = Duration::from_millis(25);

/// A line of output, without its end.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::extract) enum Line {
    Whole(Vec<u8>),
    /// The output ended in the middle of it.
    Cut(Vec<u8>),
    /// Over the limit; its bytes are dropped.
    TooLong,
}

/// How a program ended.
#[derive(Clone, Copy, Debug)]
pub(in crate::extract) struct End {
    pub(in crate::extract) status: Option<ExitStatus>,
    /// A process that it started still holds its output.
    pub(in crate::extract) leaky: bool,
}

#[derive(Debug)]
pub(in crate::extract) struct Child {
    process: std::process::Child,
    group: Pid,
    stdin: Option<ChildStdin>,
    stdout: Option<ChildStdout>,
    stderr: Option<ChildStderr>,
    /// What is still to be written.
    outgoing: Vec<u8>,
    written: usize,
    /// What was read behind the last whole line.
    rest: Vec<u8>,
    too_long: bool,
    lines: VecDeque<Line>,
    tail: Vec<u8>,
    /// Where reads go, made once: clearing that much for each would cost more than most of them.
    chunk: Vec<u8>,
    /// When [`Child::turn`] last said that the program may have ended.
    doubted: Instant,
    /// Whether the program was waited for; its group is gone then.
    reaped: bool,
    programs: Programs,
    transcript: Option<Transcript>,
}

impl Child {
    /// Starts a program with its arguments in a process group of its own.
    pub(in crate::extract) fn start<S: AsRef<OsStr>>(settings: &ProgramSettings, command: &[S]) -> io::Result<Child> {
        let (program, arguments) = command.split_first().ok_or(ErrorKind::InvalidInput)?;
        if let Some(transcript) = &settings.transcript {
            let words: Vec<String> = command.iter().map(|word| word.as_ref().to_string_lossy().into_owned()).collect();
            transcript.started(in_one_line(&words));
        }
        let program = Path::new(program);
        // A relative program path would otherwise be looked up differently from system to system.
        let program = if program.components().count() > 1 { std::path::absolute(settings.folder.join(program))? } else { program.into() };
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&settings.folder).process_group(0).env_clear();
        let inherited = ["PATH", "HOME", "LANG", "TMPDIR"].into_iter().chain(settings.pass_env.iter().map(String::as_str));
        command.envs(inherited.filter_map(|name| Some((name, std::env::var_os(name)?))));
        command.env("PYTHONUNBUFFERED", "1").envs(&settings.env);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = settings.programs.start(command)?;
        let child = Child {
            group: Pid::from_child(&process),
            stdin: process.stdin.take(),
            stdout: process.stdout.take(),
            stderr: process.stderr.take(),
            process,
            outgoing: Vec::new(),
            written: 0,
            rest: Vec::new(),
            too_long: false,
            lines: VecDeque::new(),
            tail: Vec::new(),
            chunk: vec![0; CHUNK],
            doubted: Instant::now(),
            reaped: false,
            programs: settings.programs.clone(),
            transcript: settings.transcript.clone(),
        };
        let pipes = [child.stdin.as_ref().map(AsFd::as_fd), child.stdout.as_ref().map(AsFd::as_fd), child.stderr.as_ref().map(AsFd::as_fd)];
        for pipe in pipes.into_iter().flatten() {
            rustix::io::ioctl_fionbio(pipe, true)?;
        }
        Ok(child)
    }

    /// What is still to be written, for more to be appended. A program that closed its input never gets it.
    pub(in crate::extract) fn outgoing(&mut self) -> &mut Vec<u8> {
        &mut self.outgoing
    }

    /// Whether the program closed its input.
    pub(in crate::extract) fn input_closed(&self) -> bool {
        self.stdin.is_none()
    }

    /// Whether nothing of what was sent is left to be written.
    pub(in crate::extract) fn all_written(&self) -> bool {
        self.written == self.outgoing.len()
    }

    /// Whether no more output can come.
    pub(in crate::extract) fn output_closed(&self) -> bool {
        self.stdout.is_none()
    }

    /// Tells the program that there is nothing more to read.
    pub(in crate::extract) fn close_input(&mut self) {
        self.stdin = None;
    }

    pub(in crate::extract) fn next_line(&mut self) -> Option<Line> {
        self.lines.pop_front()
    }

    /// The end of the error output.
    pub(in crate::extract) fn stderr_tail(&self) -> String {
        String::from_utf8_lossy(&self.tail).into_owned()
    }

    /// Writes what goes without blocking, waits for at most `wait` until a pipe is ready, and reads one chunk of each that is.
    /// Whether the program may have ended: a pipe was closed, nothing came, or it was not asked for a while. Asking the
    /// system for each line of a busy program would cost more than the line.
    pub(in crate::extract) fn turn(&mut self, wait: Duration) -> io::Result<bool> {
        // There is room in most cases, and then nobody has to ask for it.
        self.write();
        let mut ready = Vec::with_capacity(3);
        if let Some(stdin) = &self.stdin {
            // Without anything to write, the other end's closing is still reported.
            ready.push(PollFd::new(stdin, if self.all_written() { PollFlags::empty() } else { PollFlags::OUT }));
        }
        if let Some(stdout) = &self.stdout {
            ready.push(PollFd::new(stdout, PollFlags::IN));
        }
        if let Some(stderr) = &self.stderr {
            ready.push(PollFd::new(stderr, PollFlags::IN));
        }
        let wait = wait.min(TICK);
        let timeout = Timespec { tv_sec: 0, tv_nsec: i64::from(wait.subsec_nanos()) };
        let quiet = match poll(&mut ready, Some(&timeout)) {
            Ok(count) => count == 0,
            Err(rustix::io::Errno::INTR) => true,
            Err(error) => return Err(error.into()),
        };
        let mut events = ready.iter().map(PollFd::revents);
        let mut of = |open: bool| open.then(|| events.next()).flatten().unwrap_or(PollFlags::empty());
        let (input, output, errors) = (of(self.stdin.is_some()), of(self.stdout.is_some()), of(self.stderr.is_some()));
        let closed = PollFlags::ERR | PollFlags::HUP;
        if input.intersects(closed) {
            self.stdin = None;
        } else if !input.is_empty() {
            self.write();
        }
        if !output.is_empty() {
            self.read_output();
        }
        if !errors.is_empty() {
            self.read_errors();
        }
        let doubtful = quiet || (input | output | errors).intersects(closed) || self.doubted.elapsed() >= TICK;
        if doubtful {
            self.doubted = Instant::now();
        }
        Ok(doubtful)
    }

    fn write(&mut self) {
        let Some(stdin) = &mut self.stdin else { return };
        if self.written == self.outgoing.len() {
            return;
        }
        match stdin.write(&self.outgoing[self.written..]) {
            Ok(count) => {
                if let Some(transcript) = &self.transcript {
                    transcript.sent(&self.outgoing[self.written..self.written + count]);
                }
                self.written += count;
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
            Err(_) => self.stdin = None,
        }
        if self.all_written() {
            self.outgoing.clear();
            self.written = 0;
        }
    }

    /// Reads one chunk. How many bytes there were.
    fn read_output(&mut self) -> usize {
        let Some(stdout) = &mut self.stdout else { return 0 };
        match stdout.read(&mut self.chunk) {
            Ok(0) => {
                self.stdout = None;
                if !self.rest.is_empty() && !self.too_long {
                    self.lines.push_back(Line::Cut(std::mem::take(&mut self.rest)));
                }
                0
            }
            Ok(count) => {
                let chunk = std::mem::take(&mut self.chunk);
                if let Some(transcript) = &self.transcript {
                    transcript.received(&chunk[..count]);
                }
                self.split(&chunk[..count]);
                self.chunk = chunk;
                count
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => 0,
            Err(_) => {
                self.stdout = None;
                0
            }
        }
    }

    fn split(&mut self, mut bytes: &[u8]) {
        while let Some(end) = memchr::memchr(b'\n', bytes) {
            if self.too_long {
                self.too_long = false;
            } else {
                self.rest.extend_from_slice(&bytes[..end]);
                self.lines.push_back(Line::Whole(std::mem::take(&mut self.rest)));
            }
            bytes = &bytes[end + 1..];
        }
        if !self.too_long {
            self.rest.extend_from_slice(bytes);
            if self.rest.len() > LONGEST_LINE {
                self.rest = Vec::new();
                self.too_long = true;
                self.lines.push_back(Line::TooLong);
            }
        }
    }

    fn read_errors(&mut self) {
        let Some(stderr) = &mut self.stderr else { return };
        match stderr.read(&mut self.chunk) {
            Ok(0) => self.stderr = None,
            Ok(count) => {
                self.tail.extend_from_slice(&self.chunk[..count]);
                if self.tail.len() > TAIL {
                    self.tail.drain(..self.tail.len() - TAIL);
                }
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
            Err(_) => self.stderr = None,
        }
    }

    /// Whether the program itself has ended, whatever it has left running. It is not waited for yet, so that its group still
    /// has its number.
    pub(in crate::extract) fn has_ended(&self) -> bool {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        self.reaped || matches!(waitid(WaitId::Pid(self.group), options), Ok(Some(_)) | Err(_))
    }

    /// What a program that does not go on may wait for: one in a group of its own is stopped when it asks at the terminal.
    pub(in crate::extract) fn halt(&self) -> &'static str {
        let options = WaitIdOptions::STOPPED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        let is_stopped = !self.reaped && matches!(waitid(WaitId::Pid(self.group), options), Ok(Some(_)));
        if is_stopped { "; the system has stopped it: did it ask something at the terminal?" } else { "" }
    }

    /// Waits a moment for the end of a program that has closed its output: the pipes of one that dies close first.
    pub(in crate::extract) fn ends_soon(&self) -> bool {
        let until = Instant::now() + Duration::from_millis(500);
        while !self.has_ended() {
            if Instant::now() > until {
                return false;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        true
    }

    /// Reads what a program that has ended left in its pipes. Everything that it wrote is there; a process that it left
    /// behind may hold the pipe and is not waited for.
    pub(in crate::extract) fn drain(&mut self) {
        let until = Instant::now() + Duration::from_secs(1);
        // More than any pipe holds, so that all of it is read.
        let mut room = LONGEST_LINE;
        while room > 0 && Instant::now() < until {
            match self.read_output() {
                0 => break,
                count => room = room.saturating_sub(count),
            }
        }
        for _ in 0..16 {
            self.read_errors();
        }
        if self.stdout.is_some() && !self.rest.is_empty() && !self.too_long {
            self.lines.push_back(Line::Cut(std::mem::take(&mut self.rest)));
        }
    }

    /// Whether the output of a program that has ended stays open. For a moment it does when another program is started at the same time:
    /// until that one has begun, it holds copies of all pipes of this process.
    fn is_held(&mut self) -> bool {
        let until = Instant::now() + HELD;
        while self.stdout.is_some() && Instant::now() < until {
            if self.read_output() == 0 && self.stdout.is_some() {
                std::thread::sleep(Duration::from_millis(2));
            }
        }
        self.stdout.is_some()
    }

    /// Ends the program and its group: at once when it has ended by itself, else SIGTERM, `grace`, SIGKILL.
    pub(in crate::extract) fn end(&mut self, grace: Duration) -> End {
        let leaky = self.has_ended() && self.is_held();
        self.stdin = None;
        if !self.has_ended() {
            // Errors mean that there is nobody left to signal.
            let _ = kill_process_group(self.group, Signal::TERM);
            // One that is stopped hears it only when it goes on.
            let _ = kill_process_group(self.group, Signal::CONT);
            let until = Instant::now() + grace;
            while !self.has_ended() && Instant::now() < until {
                if self.turn(TICK).is_err() {
                    break;
                }
                self.lines.clear();
            }
        }
        End { status: self.kill(), leaky }
    }

    fn kill(&mut self) -> Option<ExitStatus> {
        if self.reaped {
            return None;
        }
        self.programs.end(self.group);
        self.reaped = true;
        self.process.wait().ok()
    }
}

/// No run leaves its programs behind, however it ends.
impl Drop for Child {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The end of a program in words: `exit code 3`, `killed by signal 11 (SIGSEGV)`.
pub(in crate::extract) fn in_words(status: Option<ExitStatus>) -> String {
    const NAMES: [(i32, &str); 9] = [
        (1, "SIGHUP"),
        (2, "SIGINT"),
        (4, "SIGILL"),
        (6, "SIGABRT"),
        (8, "SIGFPE"),
        (9, "SIGKILL, out of memory?"),
        (11, "SIGSEGV"),
        (13, "SIGPIPE"),
        (15, "SIGTERM"),
    ];
    let Some(status) = status else { return "unknown end".to_owned() };
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit code {code}"),
        (None, Some(signal)) => match NAMES.iter().find(|(number, _)| *number == signal) {
            Some((_, name)) => format!("killed by signal {signal} ({name})"),
            None => format!("killed by signal {signal}"),
        },
        (None, None) => status.to_string(),
    }
}

/// The last lines of an error output, in quotes and escaped.
pub(in crate::extract) fn last_words(tail: &str) -> Option<String> {
    const LINES: usize = 2;
    let lines: Vec<&str> = tail.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let last = lines[lines.len().saturating_sub(LINES)..].iter().map(|line| quoted(line, SHOWN)).collect::<Vec<_>>();
    (!last.is_empty()).then(|| last.join(", "))
}
