//! What a worker knows of its running program, and why it gives it up.

use std::collections::{HashSet, VecDeque};
use std::time::Instant;

use super::protocol::Ready;
use crate::extract::answer::Outcome;
use crate::extract::program::{Child, Task};

/// A running program with what is known about it.
pub(super) struct Session {
    pub child: Child,
    /// In the order in which they were sent. The first has the earliest deadline; one that is to be alone is the only one.
    pub in_flight: VecDeque<InFlight>,
    /// Articles that this program has answered.
    pub answered: HashSet<String>,
    pub ready: Ready,
    /// Whether it has written a line.
    pub spoke: bool,
    pub started: Instant,
    /// Its last answer or ready line.
    pub last: Instant,
    pub input_closed_since: Option<Instant>,
    /// It has been sent the last article: its input ends, because a program that takes several may wait for that.
    pub has_all: bool,
    /// Answers to what was not asked, since the last answer to what was.
    pub strays: Option<Strays>,
}

impl Session {
    pub(super) fn new(child: Child) -> Session {
        let now = Instant::now();
        Session {
            child,
            in_flight: VecDeque::new(),
            answered: HashSet::new(),
            ready: Ready::default(),
            spoke: false,
            started: now,
            last: now,
            input_closed_since: None,
            has_all: false,
            strays: None,
        }
    }
}

/// Answers to what was not asked. The right one may come as well, so that they are only held against a program that does not give it soon:
/// whether the next article is already sent when they come must not change what counts.
pub(super) struct Strays {
    pub why: String,
    pub since: Instant,
    pub count: usize,
}

pub(super) struct InFlight {
    pub task: Task,
    pub sent: Instant,
}

/// Why a program is given up.
pub(super) struct Failure {
    pub outcome: Outcome,
    pub why: String,
    pub blame: Blame,
}

/// Which article is charged.
pub(super) enum Blame {
    /// The one that is alone in flight; several are sent again one by one.
    Alone,
    /// This one.
    Article(String),
    /// None: no program has read them, or the run cannot begin.
    Nobody,
}

impl Failure {
    pub(super) fn new(outcome: Outcome, why: impl Into<String>) -> Failure {
        Failure { outcome, why: why.into(), blame: Blame::Alone }
    }
}
