//! One program at a time: started, fed, timed, and started again when it dies.

use std::cell::Cell;
use std::time::{Duration, Instant};

use super::protocol::{self, Reply};
use super::session::{Blame, Failure, InFlight, Session, Strays};
use crate::anchor::OffsetUnit;
use crate::extract::answer::{Answer, Outcome};
use crate::extract::extractor::ExtractError;
use crate::extract::program::{Child, End, Hands, Line, Next, ProgramSettings, TICK, answer, in_words, last_words};
use crate::extract::spent::Spent;
use crate::formats::jsonl::{LONGEST_LINE, Record, SHOWN};
use crate::report::safe::quoted;

/// So long an article may still be answered after an answer to what was not asked.
const STRAY_PATIENCE: Duration = Duration::from_secs(5);

/// Between SIGTERM and SIGKILL when the run was given up.
const SHORT_GRACE: Duration = Duration::from_secs(2);

/// More of them than that are no accident.
const MOST_STRAYS: usize = 100;

/// Works until there is nothing left to answer, or the run stops.
pub(super) struct Worker<'w, 'a, 'b> {
    pub settings: &'w ProgramSettings,
    pub hands: Hands<'w, 'a, 'b>,
    /// A program read all and answered nothing: it may answer when its input ends, so that each article alone gets such an end.
    pub awaits_end: Cell<bool>,
}

impl Worker<'_, '_, '_> {
    pub(super) fn run(self) {
        let mut session: Option<Session> = None;
        loop {
            self.hands.heed();
            if let Some(mut done) = session.take_if(|session| session.has_all && session.in_flight.is_empty()) {
                self.part_from(&mut done, self.hands.is_stopped());
            }
            match self.fill(&mut session) {
                Next::Done => break,
                Next::Take(_) | Next::Wait => {}
            }
            let Some(running) = &mut session else {
                std::thread::sleep(TICK);
                continue;
            };
            if let Err(failure) = self.step(running) {
                if let Some(mut ended) = session.take() {
                    self.give_up(&mut ended, failure);
                }
            } else if running.in_flight.is_empty() && !running.has_all && (running.child.output_closed() || running.child.has_ended()) {
                // Nothing is lost: the next article gets a new program.
                session.take().into_iter().for_each(|mut ended| self.bury(&mut ended));
            }
        }
        if let Some(mut session) = session.take() {
            let stopped = !session.in_flight.is_empty() || self.hands.is_stopped();
            for InFlight { task, .. } in session.in_flight.drain(..) {
                self.hands.queue.give_back(task);
            }
            self.part_from(&mut session, stopped);
        }
    }

    /// Takes tasks while the program has room, and starts one for the first. `Done` only when nothing is in flight, or the
    /// run has stopped.
    fn fill(&self, session: &mut Option<Session>) -> Next {
        loop {
            let (busy, room) = match session {
                None => (false, true),
                Some(s) => {
                    let lonely = s.in_flight.front().is_some_and(|flying| flying.task.alone);
                    let limit = if s.spoke { s.ready.max_in_flight() } else { 1 };
                    let busy = !s.in_flight.is_empty();
                    s.has_all |= busy && (lonely && self.awaits_end.get() || limit > 1 && self.hands.queue.is_drained());
                    (busy, !lonely && !s.has_all && s.in_flight.len() < limit && s.input_closed_since.is_none())
                }
            };
            // Without room it is still asked whether the run has stopped.
            let next = if room { self.hands.queue.next(busy) } else { self.hands.queue.stopped_or_wait() };
            match next {
                Next::Take(task) => {
                    let running = match session.take().map_or_else(|| self.start(), Ok) {
                        Ok(running) => session.insert(running),
                        Err(error) => {
                            self.hands.queue.give_back(task);
                            self.hands.queue.fail(error);
                            return Next::Done;
                        }
                    };
                    protocol::request(&task.article, running.child.outgoing());
                    running.in_flight.push_back(InFlight { task, sent: Instant::now() });
                }
                other => return other,
            }
        }
    }

    fn start(&self) -> Result<Session, ExtractError> {
        let child = Child::start(self.settings, &self.settings.command)
            .map_err(|source| ExtractError::Start { command: self.settings.command_line(), source })?;
        Ok(Session::new(child))
    }

    /// Lets the program write and read, takes its lines, and looks at the clock and at its life.
    fn step(&self, session: &mut Session) -> Result<(), Failure> {
        if session.has_all && session.child.all_written() {
            session.child.close_input();
        }
        let wait = self.time_left(session).unwrap_or(TICK);
        let turned = session.child.turn(wait);
        let doubtful = turned.map_err(|error| Failure::new(Outcome::Crash, format!("its pipes failed: {error}")))?;
        let ended = (doubtful && session.child.has_ended()) || (session.child.output_closed() && session.child.ends_soon());
        if ended {
            session.child.drain();
        }
        while let Some(line) = session.child.next_line() {
            self.line(session, line)?;
        }
        if session.in_flight.is_empty() {
            return Ok(());
        }
        if ended {
            let unread = session.child.input_closed() && !session.child.all_written() && !session.answered.is_empty();
            let blame = if unread { Blame::Nobody } else { Blame::Alone };
            return Err(Failure { blame, ..Failure::new(Outcome::Crash, "the program ended before it answered") });
        }
        if session.child.output_closed() {
            return Err(Failure::new(Outcome::Crash, "the program closed its output before it answered"));
        }
        self.check_input(session)?;
        if let Some(strays) = session.strays.take_if(|strays| strays.since.elapsed() >= STRAY_PATIENCE) {
            return Err(Failure::new(Outcome::Malformed, strays.why));
        }
        match self.time_left(session) {
            Some(Duration::ZERO) => Err(self.timed_out(session)),
            _ => Ok(()),
        }
    }

    /// A program that closed its input may be at work on its first article, or about to end. When it has answered before,
    /// what is in flight has most likely not been read, and a new program reads it.
    fn check_input(&self, session: &mut Session) -> Result<(), Failure> {
        const PATIENCE: Duration = Duration::from_millis(250);
        if session.has_all || !session.child.input_closed() {
            return Ok(());
        }
        let since = *session.input_closed_since.get_or_insert_with(Instant::now);
        if since.elapsed() < PATIENCE || (session.answered.is_empty() && session.child.all_written()) {
            return Ok(());
        }
        let blame = if session.answered.is_empty() { Blame::Alone } else { Blame::Nobody };
        Err(Failure { blame, ..Failure::new(Outcome::Crash, "the program closed its input and cannot have read the article") })
    }

    /// Until the next article in flight is out of time; `None` when none is in flight.
    fn time_left(&self, session: &Session) -> Option<Duration> {
        let deadline = self.deadline(session, session.in_flight.front()?);
        Some(deadline.saturating_duration_since(Instant::now()))
    }

    fn deadline(&self, session: &Session, flying: &InFlight) -> Instant {
        let allowed = self.settings.article_timeout;
        if session.spoke {
            flying.sent.max(session.last) + allowed
        } else {
            flying.sent.max(session.started + self.settings.startup_timeout) + allowed
        }
    }

    fn timed_out(&self, session: &Session) -> Failure {
        let seconds = |duration: Duration| duration.as_secs_f64();
        let halt = session.child.halt();
        let why = if session.spoke {
            format!("no answer within {} s, the limit for an article (timeout, --timeout){halt}", seconds(self.settings.article_timeout))
        } else {
            format!(
                "nothing on standard output within {} s of its start (start-up {} s, article {} s){}",
                seconds(self.settings.startup_timeout + self.settings.article_timeout),
                seconds(self.settings.startup_timeout),
                seconds(self.settings.article_timeout),
                if halt.is_empty() { "; is the output flushed after each line?" } else { halt }
            )
        };
        let blame = session.in_flight.front().map_or(Blame::Alone, |flying| Blame::Article(flying.task.article.id.clone()));
        Failure { outcome: Outcome::Timeout, why, blame }
    }

    fn line(&self, session: &mut Session, line: Line) -> Result<(), Failure> {
        let (bytes, cut) = match line {
            Line::Whole(bytes) => (bytes, false),
            Line::Cut(bytes) => (bytes, true),
            Line::TooLong => {
                let why = format!("a line of output is longer than {} MiB, the most that an answer may hold", LONGEST_LINE >> 20);
                return self.noise(session, Failure::new(Outcome::Malformed, why));
            }
        };
        let bytes = if session.spoke { &bytes[..] } else { bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes) };
        if bytes.trim_ascii().is_empty() {
            return Ok(());
        }
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let shown = quoted(&String::from_utf8_lossy(bytes), SHOWN);
                let why = format!("byte {} of a line of output is not UTF-8: {shown}", error.valid_up_to() + 1);
                return self.noise(session, Failure::new(Outcome::Malformed, why));
            }
        };
        if !session.spoke
            && let Some(ready) = protocol::ready(text)
        {
            let ready = ready.map_err(|problem| {
                let command = self.settings.command_line();
                self.hands.queue.fail(ExtractError::Ready { command, problem: problem.clone() });
                Failure { blame: Blame::Nobody, ..Failure::new(Outcome::Malformed, problem) }
            })?;
            let about = ready.about();
            self.hands.queue.introduce(&about);
            self.hands.sink.about(&about);
            session.ready = ready;
            session.spoke = true;
            session.last = Instant::now();
            return Ok(());
        }
        session.spoke = true;
        match protocol::reply(text) {
            Reply::Noise(_) if cut => {
                let why = format!("the program ended in the middle of its answer: {}", quoted(text, SHOWN));
                Err(Failure::new(Outcome::Crash, why))
            }
            Reply::Noise(why) => self.noise(session, Failure::new(Outcome::Malformed, why)),
            Reply::About(_, Err(_)) if cut => Err(Failure::new(Outcome::Crash, "the program ended in the middle of its answer")),
            Reply::About(id, record) => self.about(session, &id, record),
        }
    }

    fn about(&self, session: &mut Session, id: &str, record: Result<Box<Record<'_>>, String>) -> Result<(), Failure> {
        let Some(at) = session.in_flight.iter().position(|flying| flying.task.article.id == id) else {
            if session.answered.contains(id) {
                let second = record.err().map(|why| format!(" (the second: {why})")).unwrap_or_default();
                self.hands.queue.note_about(id, format!("answered twice; the first answer counts{second}"));
                return Ok(());
            }
            let why = format!("an answer for {}, which was not asked; an answer repeats the id of its article", quoted(id, SHOWN));
            return self.stray(session, why);
        };
        if let Some(strays) = session.strays.take() {
            self.hands.queue.note(format!("ignored: {}", strays.why));
        }
        let Some(InFlight { task, sent }) = session.in_flight.remove(at) else { return Ok(()) };
        session.last = Instant::now();
        let spent = Spent { latency_s: Some((session.last - sent).as_secs_f64()), ..Spent::default() };
        session.answered.insert(id.to_owned());
        let unit = session.ready.offset_unit.unwrap_or(OffsetUnit::Codepoint);
        self.hands.queue.lives();
        let answer = match record {
            Ok(record) => answer(&task.article, &record, unit),
            Err(why) => Answer::failed(&task.article.id, Outcome::Malformed, why),
        };
        self.hands.settle(Answer { spent, ..answer });
        Ok(())
    }

    fn stray(&self, session: &mut Session, why: String) -> Result<(), Failure> {
        if session.in_flight.is_empty() {
            self.hands.queue.note(format!("ignored: {why}"));
            return Ok(());
        }
        let strays = session.strays.get_or_insert_with(|| Strays { why, since: Instant::now(), count: 0 });
        strays.count += 1;
        if strays.count > MOST_STRAYS { Err(Failure::new(Outcome::Malformed, strays.why.clone())) } else { Ok(()) }
    }

    /// Output that belongs to no article: nobody can tell any more which answer is to what, so the program is given up. When
    /// nothing was asked it is only noted.
    fn noise(&self, session: &Session, failure: Failure) -> Result<(), Failure> {
        if session.in_flight.is_empty() {
            self.hands.queue.note(format!("ignored after the last answer: {}", failure.why));
            return Ok(());
        }
        Err(failure)
    }

    /// Ends a program that failed, charges the article that is to blame, and gives the others back.
    fn give_up(&self, session: &mut Session, failure: Failure) {
        let by_itself = session.child.has_ended();
        let end = session.child.end(self.grace());
        let (mut why, mut outcome) = (failure.why, failure.outcome);
        if let Some(strays) = session.strays.take()
            && outcome == Outcome::Timeout
        {
            (why, outcome) = (strays.why, Outcome::Malformed);
        }
        if by_itself && outcome == Outcome::Crash {
            why = format!("{why} ({})", in_words(end.status));
        }
        let tail = session.child.stderr_tail();
        if let Some(said) = last_words(&tail) {
            why = format!("{why}; its standard error ends with {said}");
        }
        self.hands.queue.keep_stderr(tail);

        let charged = match &failure.blame {
            Blame::Alone => (session.in_flight.len() == 1).then_some(0),
            Blame::Article(id) => session.in_flight.iter().position(|flying| flying.task.article.id == *id),
            Blame::Nobody => None,
        };
        let charged = charged.and_then(|at| session.in_flight.remove(at)).map(|flying| flying.task);
        // When one of several is to blame, each is tried by itself, so that the next time it is known which.
        let separate = charged.is_none() && matches!(failure.blame, Blame::Alone);
        self.awaits_end.set(self.awaits_end.get() || (separate && session.has_all && session.answered.is_empty()));
        for InFlight { mut task, .. } in session.in_flight.drain(..).rev() {
            task.alone |= separate;
            self.hands.queue.give_back(task);
        }
        if let Some(task) = charged {
            self.hands.queue.strike(&why);
            self.hands.settle(Answer::failed(task.article.id, outcome, why));
        }
    }

    /// A program that ended between two articles, or after the last one.
    fn bury(&self, session: &mut Session) {
        self.hear_out(session);
        let end = session.child.end(self.grace());
        self.hands.queue.keep_stderr(session.child.stderr_tail());
        if self.hands.queue.is_drained() {
            self.note_end(&end);
        } else {
            let how = in_words(end.status);
            self.hands.queue.note(format!("the program ended before the end of its input ({how}) and was started again when needed"));
        }
    }

    /// Whoever asks to end soon kills when it takes longer.
    fn grace(&self) -> Duration {
        if self.hands.is_given_up() { self.settings.grace.min(SHORT_GRACE) } else { self.settings.grace }
    }

    /// Takes the last lines of a program that has ended. Only notes can come of them: nothing is in flight.
    fn hear_out(&self, session: &mut Session) {
        session.child.drain();
        while let Some(line) = session.child.next_line() {
            let _ = self.line(session, line);
        }
    }

    fn note_end(&self, end: &End) {
        if end.status.is_some_and(|status| !status.success()) {
            self.hands.queue.note(format!("the program ended with {} after its last answer", in_words(end.status)));
        }
        if end.leaky {
            self.hands.queue.note("the program left a process behind that holds its output; it was not waited for".to_owned());
        }
    }

    /// The end of a program that is not needed any more; without patience when the run was stopped.
    fn part_from(&self, session: &mut Session, stopped: bool) {
        session.child.close_input();
        let until = Instant::now() + if stopped { Duration::ZERO } else { self.settings.grace };
        while !session.child.has_ended() && Instant::now() < until && !self.hands.is_given_up() && session.child.turn(TICK).is_ok() {
            while let Some(line) = session.child.next_line() {
                // Only notes can come of it: nothing is in flight.
                let _ = self.line(session, line);
            }
        }
        let by_itself = session.child.has_ended();
        if by_itself {
            self.hear_out(session);
        }
        let end = session.child.end(self.grace());
        self.hands.queue.keep_stderr(session.child.stderr_tail());
        if stopped {
            return;
        }
        if by_itself {
            self.note_end(&end);
        } else {
            self.hands.queue.note("the program did not end at the end of its input and was stopped".to_owned());
        }
    }
}
