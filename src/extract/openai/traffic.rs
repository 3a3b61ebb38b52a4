//! How many requests are in flight, and who waits: a ceiling, lowered while the endpoint asks for less.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What a request showed of the endpoint's load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// It answers.
    Good,
    /// It asks to slow down.
    Limited,
    /// It has trouble of its own.
    Trouble,
    /// Neither.
    Nothing,
}

/// Lets requests through. Halved once a cool-down where the endpoint asks to slow down; one more after as many good answers as there
/// may be requests in flight, but not while it has trouble.
#[derive(Debug)]
pub(super) struct Traffic {
    ceiling: usize,
    cool_down: Duration,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    limit: usize,
    in_flight: usize,
    good: usize,
    /// Not halved again before.
    cool: Option<Instant>,
    /// Not raised before.
    steady: Option<Instant>,
    /// Why nothing is sent any more.
    ended: Option<String>,
}

impl Traffic {
    pub(super) fn new(ceiling: usize, cool_down: Duration) -> Traffic {
        let ceiling = ceiling.max(1);
        let state = State { limit: ceiling, in_flight: 0, good: 0, cool: None, steady: None, ended: None };
        Traffic { ceiling, cool_down, state: Mutex::new(state), changed: Condvar::new() }
    }

    /// Waits until one more request may be sent. `false` when nothing is sent any more.
    pub(super) fn enter(&self) -> bool {
        let mut state = self.lock();
        while state.ended.is_none() && state.in_flight >= state.limit {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.in_flight += usize::from(state.ended.is_none());
        state.ended.is_none()
    }

    /// A request that entered has ended.
    pub(super) fn leave(&self, seen: Seen, now: Instant) {
        let mut state = self.lock();
        state.in_flight = state.in_flight.saturating_sub(1);
        match seen {
            Seen::Good => {
                state.good += 1;
                let may_rise = state.limit < self.ceiling && state.steady.is_none_or(|until| now >= until);
                if may_rise && state.good >= state.limit {
                    state.limit += 1;
                    state.good = 0;
                }
            }
            Seen::Limited => {
                state.good = 0;
                if state.cool.is_none_or(|until| now >= until) {
                    state.limit = (state.limit / 2).max(1);
                    state.cool = Some(now + self.cool_down);
                }
            }
            Seen::Trouble => {
                state.good = 0;
                state.steady = Some(now + self.cool_down);
            }
            Seen::Nothing => {}
        }
        drop(state);
        self.changed.notify_all();
    }

    /// Waits. `false` at once when nothing is sent any more.
    pub(super) fn wait(&self, how_long: Duration) -> bool {
        let state = self.lock();
        let waited = self.changed.wait_timeout_while(state, how_long, |state| state.ended.is_none());
        waited.unwrap_or_else(PoisonError::into_inner).0.ended.is_none()
    }

    /// From now on nothing is sent; the first reason counts.
    pub(super) fn end(&self, why: impl Into<String>) {
        self.lock().ended.get_or_insert_with(|| why.into());
        self.changed.notify_all();
    }

    /// Why nothing is sent any more.
    pub(super) fn ended(&self) -> Option<String> {
        self.lock().ended.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Every change is whole before anything could panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_falls_once_a_cool_down_and_rises_after_clean_rounds() {
        let traffic = Traffic::new(8, Duration::from_secs(1));
        let start = Instant::now();
        let at = |seconds: f64| start + Duration::from_secs_f64(seconds);
        let limit = || traffic.lock().limit;
        let show = |seen, count: usize, seconds| {
            for _ in 0..count {
                assert!(traffic.enter());
                traffic.leave(seen, at(seconds));
            }
            limit()
        };
        assert_eq!(show(Seen::Good, 20, 0.0), 8, "never over the ceiling");
        assert_eq!(show(Seen::Limited, 5, 0.0), 4, "all that were in flight are one reason");
        assert_eq!(show(Seen::Limited, 1, 1.5), 2);
        assert_eq!(show(Seen::Good, 1, 1.5), 2);
        assert_eq!(show(Seen::Trouble, 1, 1.5), 2);
        assert_eq!(show(Seen::Good, 9, 2.0), 2, "trouble pauses growth");
        assert_eq!(show(Seen::Good, 1, 2.6), 3);
        assert_eq!(show(Seen::Nothing, 9, 2.6), 3);
        assert_eq!(show(Seen::Good, 3, 2.6), 4);
        for second in 3..9 {
            show(Seen::Limited, 1, f64::from(second));
        }
        assert_eq!(limit(), 1, "never none");
    }

    #[test]
    fn an_end_ends_every_wait() {
        let traffic = Traffic::new(1, Duration::ZERO);
        assert!(traffic.enter());
        std::thread::scope(|scope| {
            let room = scope.spawn(|| traffic.enter());
            let pause = scope.spawn(|| traffic.wait(Duration::from_secs(3600)));
            traffic.end("first");
            traffic.end("second");
            assert!(!room.join().unwrap() && !pause.join().unwrap());
        });
        assert_eq!(traffic.ended().as_deref(), Some("first"));
    }
}
