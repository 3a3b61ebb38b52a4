//! One article at a time: a program started, fed, timed and buried.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitStatus;
use std::time::Instant;

use super::arguments::Template;
use super::output;
use crate::anchor::OffsetUnit;
use crate::claim::Article;
use crate::extract::answer::{Answer, Outcome};
use crate::extract::extractor::ExtractError;
use crate::extract::program::{Child, Hands, Line, Next, ProgramSettings, TICK, answer, faults_in_words, in_words, last_words};
use crate::extract::spent::Spent;
use crate::formats::jsonl::{Faults, LONGEST_LINE, Reading, parse_line};

/// Works until there is nothing left to answer, or the run stops.
pub(super) struct Worker<'w, 'a, 'b> {
    pub settings: &'w ProgramSettings,
    pub template: &'w Template,
    pub hands: Hands<'w, 'a, 'b>,
}

/// Why an article has no answer.
enum Trouble {
    /// It is charged.
    Failed(Outcome, String),
    /// The run ends.
    Cannot(ExtractError),
    /// The user wants it so.
    GivenUp,
}

impl Worker<'_, '_, '_> {
    pub(super) fn run(self) {
        loop {
            self.hands.heed();
            let task = match self.hands.queue.next(false) {
                Next::Take(task) => task,
                Next::Wait => {
                    std::thread::sleep(TICK);
                    continue;
                }
                Next::Done => return,
            };
            let began = Instant::now();
            let answered = self.ask(&task.article);
            let spent = Spent { latency_s: Some(began.elapsed().as_secs_f64()), ..Spent::default() };
            match answered {
                Ok(answer) => {
                    self.hands.queue.lives();
                    self.hands.settle(Answer { spent, ..answer });
                }
                Err(Trouble::Failed(outcome, why)) => {
                    // Its exit code is the only way in which a program can refuse an article: once one was answered, that is no sign
                    // that the program itself is broken.
                    self.hands.queue.strike_unless_lived(&why);
                    self.hands.settle(Answer { spent, ..Answer::failed(&task.article.id, outcome, why) });
                }
                Err(Trouble::Cannot(error)) => {
                    self.hands.queue.give_back(task);
                    self.hands.queue.fail(error);
                }
                Err(Trouble::GivenUp) => self.hands.queue.give_back(task),
            }
        }
    }

    fn ask(&self, article: &Article) -> Result<Answer, Trouble> {
        let file = if self.template.uses_file() { Some(text_file(&article.text).map_err(|e| Trouble::Cannot(e.into()))?) } else { None };
        let filled = self.template.fill(article, file.as_ref().map(tempfile::NamedTempFile::path));
        let arguments = filled.map_err(|why| Trouble::Failed(Outcome::NotAnswered, why))?;
        let mut child = Child::start(self.settings, &arguments).map_err(|source| {
            if source.kind() == io::ErrorKind::ArgumentListTooLong {
                return Trouble::Failed(Outcome::NotAnswered, format!("its arguments are too long for this system: {source}"));
            }
            Trouble::Cannot(ExtractError::Start { command: self.settings.command_line(), source })
        })?;
        if file.is_none() {
            child.outgoing().extend_from_slice(article.text.as_bytes());
        }
        let written = self.listen(&mut child);
        let end = child.end(self.settings.grace);
        let tail = child.stderr_tail();
        let with_last_words = |why: String| match last_words(&tail) {
            Some(said) => format!("{why}; its standard error ends with {said}"),
            None => why,
        };
        self.hands.queue.keep_stderr(tail.clone());
        let written = written.map_err(|trouble| match trouble {
            Trouble::Failed(outcome, why) => Trouble::Failed(outcome, with_last_words(why)),
            other => other,
        })?;
        if end.leaky {
            self.hands.queue.note("the program left a process behind that holds its output; it was not waited for".to_owned());
        }
        if !end.status.is_some_and(|status: ExitStatus| status.success()) {
            return Err(Trouble::Failed(Outcome::Crash, with_last_words(format!("the program ended with {}", in_words(end.status)))));
        }
        let failed = |(outcome, why)| Trouble::Failed(outcome, with_last_words(why));
        let record = output::record(&article.id, &written).map_err(failed)?;
        let mut faults = Faults::default();
        let Some(record) = parse_line(&record, Reading::Predictions, &mut faults) else {
            // It answered, if badly.
            return Ok(Answer::failed(&article.id, Outcome::Malformed, faults_in_words(&faults.wrong)));
        };
        Ok(answer(article, &record, OffsetUnit::Codepoint))
    }

    /// Serves the pipes until the program has ended, and gives what it wrote.
    fn listen(&self, child: &mut Child) -> Result<Vec<u8>, Trouble> {
        let deadline = Instant::now() + self.settings.article_timeout;
        let mut written = Vec::new();
        loop {
            if child.all_written() {
                child.close_input();
            }
            let left = deadline.saturating_duration_since(Instant::now());
            let doubtful = child.turn(left).map_err(|error| Trouble::Failed(Outcome::Crash, format!("its pipes failed: {error}")))?;
            let ended = (doubtful && child.has_ended()) || (child.output_closed() && child.ends_soon());
            if ended {
                child.drain();
            }
            while let Some(line) = child.next_line() {
                let (line, end) = match line {
                    Line::Whole(line) => (line, "\n"),
                    Line::Cut(line) => (line, ""),
                    Line::TooLong => return Err(too_long()),
                };
                written.extend_from_slice(&line);
                written.extend_from_slice(end.as_bytes());
                if written.len() > LONGEST_LINE {
                    return Err(too_long());
                }
            }
            if ended {
                return Ok(written);
            }
            if self.hands.is_given_up() {
                return Err(Trouble::GivenUp);
            }
            if left.is_zero() {
                let seconds = self.settings.article_timeout.as_secs_f64();
                return Err(Trouble::Failed(
                    Outcome::Timeout,
                    format!("the program did not end within {seconds} s, the limit for an article (timeout, --timeout){}", child.halt()),
                ));
            }
        }
    }
}

fn too_long() -> Trouble {
    Trouble::Failed(Outcome::Malformed, format!("the program wrote more than {} MiB", LONGEST_LINE >> 20))
}

/// A file with the text that only this user may read, removed when it is dropped.
fn text_file(text: &str) -> io::Result<tempfile::NamedTempFile> {
    // The program runs in another folder.
    let folder = std::path::absolute(std::env::temp_dir())?;
    let mut file = tempfile::Builder::new().prefix("assay-").suffix(".txt").tempfile_in::<&Path>(folder.as_ref())?;
    file.write_all(text.as_bytes())?;
    file.flush()?;
    Ok(file)
}
