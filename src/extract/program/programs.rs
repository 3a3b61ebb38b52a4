//! All programs that a command has started, so that none outlives it however it ends.

use std::collections::BTreeSet;
use std::io;
use std::process::{Child, Command};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustix::process::{Pid, Signal, kill_process_group};

use super::watchdog::Watchdog;

/// A handle on the programs of all extractors of a command; clones are the same one.
#[derive(Clone, Debug, Default)]
pub struct Programs(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    groups: Mutex<Groups>,
    in_flight: AtomicUsize,
    given_up: AtomicBool,
}

#[derive(Debug, Default)]
struct Groups {
    running: BTreeSet<i32>,
    /// Nothing is started any more.
    closed: bool,
    watchdog: Watchdog,
}

impl Programs {
    /// Programs that end even when this process is killed: `watchdog` is the command of a process that calls [`watch`](super::watch). It is
    /// started with the first program.
    pub fn watched_by(watchdog: Command) -> Programs {
        let groups = Groups { watchdog: Watchdog::Asleep(watchdog), ..Groups::default() };
        Programs(Arc::new(Shared { groups: Mutex::new(groups), ..Shared::default() }))
    }

    /// Articles that are sent and not answered.
    pub fn in_flight(&self) -> usize {
        self.0.in_flight.load(Ordering::Relaxed)
    }

    /// Ends the programs soon, in good order: what is in flight is not waited for.
    pub fn give_up(&self) {
        self.0.given_up.store(true, Ordering::Relaxed);
    }

    /// Kills every program with all that it started, and lets no other one start. For the moment before this process ends.
    pub fn end_all(&self) {
        let mut groups = self.groups();
        groups.closed = true;
        for group in groups.running.iter().filter_map(|group| Pid::from_raw(*group)) {
            // An error means that there is nobody left.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }

    pub(in crate::extract) fn is_given_up(&self) -> bool {
        self.0.given_up.load(Ordering::Relaxed)
    }

    pub(in crate::extract) fn count_in_flight(&self, is_sent: bool) {
        if is_sent {
            self.0.in_flight.fetch_add(1, Ordering::Relaxed);
        } else {
            self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// Starts a program that leads a process group.
    pub(super) fn start(&self, mut program: Command) -> io::Result<Child> {
        let mut groups = self.groups();
        if groups.closed {
            return Err(io::Error::new(io::ErrorKind::Interrupted, "the command is about to end"));
        }
        groups.watchdog.wake();
        let child = program.spawn()?;
        let group = Pid::from_child(&child).as_raw_nonzero().get();
        groups.running.insert(group);
        groups.watchdog.add(group);
        Ok(child)
    }

    /// Kills a group, whose leader is not waited for yet: afterwards its number may be another's.
    pub(super) fn end(&self, group: Pid) {
        let mut groups = self.groups();
        let _ = kill_process_group(group, Signal::KILL);
        let number = group.as_raw_nonzero().get();
        groups.running.remove(&number);
        groups.watchdog.remove(number);
    }

    /// Why programs might outlive a kill of this process, where they might and should not.
    pub(super) fn trouble(&self) -> Option<String> {
        self.groups().watchdog.trouble()
    }

    fn groups(&self) -> MutexGuard<'_, Groups> {
        self.0.groups.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
