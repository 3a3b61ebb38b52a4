//! A process that ends programs when the one that started them is gone without a word, such as by SIGKILL.
//!
//! It reads which process groups run, `+` and a number a line, and which have ended, `-` and a number. The end of its input means that
//! nobody looks after those that are left.

use std::collections::BTreeSet;
use std::io::{BufRead, Write};
use std::os::unix::process::CommandExt;
use std::process::{ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};

/// Between SIGTERM and SIGKILL.
const GRACE: Duration = Duration::from_secs(2);

/// The side of the process that starts programs.
#[derive(Debug, Default)]
pub(super) enum Watchdog {
    /// None is wanted.
    #[default]
    None,
    Asleep(Command),
    Awake(ChildStdin),
    Failed(String),
}

impl Watchdog {
    /// Starts the process when it was not.
    pub(super) fn wake(&mut self) {
        let Watchdog::Asleep(command) = self else { return };
        // A group of its own: what ends the others, such as Ctrl-C, leaves it. It holds nothing that somebody may wait for.
        command.process_group(0).env_clear().current_dir("/").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        *self = match command.spawn().map(|mut process| process.stdin.take()) {
            Ok(Some(orders)) => Watchdog::Awake(orders),
            Ok(None) => Watchdog::Failed("it has no input".to_owned()),
            Err(error) => Watchdog::Failed(error.to_string()),
        };
    }

    pub(super) fn add(&mut self, group: i32) {
        self.tell('+', group);
    }

    pub(super) fn remove(&mut self, group: i32) {
        self.tell('-', group);
    }

    pub(super) fn trouble(&self) -> Option<String> {
        match self {
            Watchdog::Failed(why) => {
                Some(format!("programs may go on when assay itself is killed, because the process that watches over them failed: {why}"))
            }
            _ => None,
        }
    }

    fn tell(&mut self, what: char, group: i32) {
        if let Watchdog::Awake(orders) = self
            && let Err(error) = orders.write_all(format!("{what}{group}\n").as_bytes())
        {
            *self = Watchdog::Failed(error.to_string());
        }
    }
}

/// What the process does: it reads until the end, and ends the groups that run then, with SIGTERM and after two seconds SIGKILL.
pub fn watch(orders: impl BufRead) {
    let mut running = BTreeSet::new();
    for line in orders.lines().map_while(Result::ok) {
        let group = line.get(1..).and_then(|number| number.parse().ok()).and_then(Pid::from_raw);
        match (group, line.starts_with('+')) {
            (Some(group), true) => drop(running.insert(group.as_raw_nonzero())),
            (Some(group), false) => drop(running.remove(&group.as_raw_nonzero())),
            (None, _) => {}
        }
    }
    let mut left: Vec<Pid> = running.into_iter().filter_map(|group| Pid::from_raw(group.get())).collect();
    for group in &left {
        let _ = kill_process_group(*group, Signal::TERM);
    }
    let until = Instant::now() + GRACE;
    while !left.is_empty() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(20));
        left.retain(|group| test_kill_process_group(*group).is_ok());
    }
    for group in left {
        let _ = kill_process_group(group, Signal::KILL);
    }
}
