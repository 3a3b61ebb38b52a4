//! What signals ask of a command: to finish, to save what there is, or to end at once.

use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::exit::Exit;
use crate::extract::program::Programs;

/// Within this time the same signal is the same wish: wrappers hand on what the terminal has sent to all, and `timeout` signals twice.
const SAME: Duration = Duration::from_millis(300);

/// What signals have asked for.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    /// To stop: nothing new is begun.
    pub stop: Arc<AtomicBool>,
    /// The terminal is gone, and writing to it is no error any more.
    hung_up: Arc<AtomicBool>,
}

impl Wishes {
    /// Listens from now on, in a thread of its own.
    ///
    /// - Ctrl-C: stop; articles in flight are waited for. A second time: the programs are killed, and the process ends with exit code 130.
    /// - SIGTERM, and SIGHUP where it was not ignored at the start (`nohup`): stop; articles in flight are given up, and what was
    ///   answered is kept. SIGTERM a second time: as Ctrl-C.
    ///
    /// # Errors
    /// When the system does not let signals be caught.
    pub fn listen(&self, programs: Programs) -> io::Result<()> {
        let mut caught = vec![SIGINT, SIGTERM];
        if !is_hangup_ignored() {
            caught.push(SIGHUP);
        }
        let mut signals = Signals::new(caught)?;
        let wishes = self.clone();
        let listen = move || {
            let mut last: Option<(i32, Instant)> = None;
            for signal in signals.forever() {
                let is_same = last.is_some_and(|(before, at)| before == signal && at.elapsed() < SAME);
                if !is_same {
                    wishes.take(signal, &programs, last.is_some_and(|(before, _)| before == signal));
                    last = Some((signal, Instant::now()));
                }
            }
        };
        std::thread::Builder::new().name("signals".to_owned()).spawn(listen).map(drop)
    }

    fn take(&self, signal: i32, programs: &Programs, is_again: bool) {
        let is_stopped = self.stop.swap(true, Ordering::Relaxed);
        match signal {
            SIGHUP => {
                self.hung_up.store(true, Ordering::Relaxed);
                programs.give_up();
            }
            SIGTERM if !is_again => programs.give_up(),
            SIGINT if !is_stopped => say_what_is_finished(programs.in_flight()),
            _ => {
                programs.end_all();
                std::process::exit(i32::from(Exit::Interrupted.code()));
            }
        }
    }

    /// The stream, whose errors are none once the terminal is gone: what was answered is to be kept, whoever reads of it.
    pub fn until_hangup<W: Write>(&self, stream: W) -> UntilHangup<W> {
        UntilHangup { stream, hung_up: Arc::clone(&self.hung_up) }
    }
}

fn say_what_is_finished(in_flight: usize) {
    let articles = match in_flight {
        0 => return,
        1 => "1 article".to_owned(),
        n => format!("{n} articles"),
    };
    // In a thread of its own, so that a stream which nobody reads does not keep the second Ctrl-C from being heard.
    std::thread::spawn(move || {
        let clear = if io::stderr().is_terminal() { "\r\x1b[2K" } else { "" };
        let _ = writeln!(io::stderr(), "{clear}finishing {articles} in flight; Ctrl-C again to stop at once");
    });
}

/// Whether this process was started with SIGHUP ignored. Where the system does not tell, yes: the signal then does what it did.
fn is_hangup_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_none_or(|mask| mask & (1 << (SIGHUP - 1)) != 0)
}

/// See [`Wishes::until_hangup`].
#[derive(Debug)]
pub struct UntilHangup<W> {
    stream: W,
    hung_up: Arc<AtomicBool>,
}

impl<W> UntilHangup<W> {
    fn forgive<T>(&self, result: io::Result<T>, instead: T) -> io::Result<T> {
        result.or_else(|error| if self.hung_up.load(Ordering::Relaxed) { Ok(instead) } else { Err(error) })
    }
}

impl<W: Write> Write for UntilHangup<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.stream.write(bytes);
        self.forgive(written, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.stream.flush();
        self.forgive(flushed, ())
    }
}
