//! Where a command writes, and what it may show.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::inert::CommandGuard;
use crate::extract::program::Programs;
use crate::report::safe::shown_json;

/// The streams of a command. Results go to `out`, everything else to `err`.
pub struct Terminal<'a> {
    /// Results.
    pub out: &'a mut dyn Write,
    /// Progress, warnings, errors.
    pub err: &'a mut (dyn Write + Send),
    /// Whether `out` shows colours; where it does not, marks that need them take brackets instead.
    pub colour: bool,
    /// Whether `err` is a terminal, so that progress can be shown.
    pub progress: bool,
    /// Set when the user asks to stop.
    pub stop: Arc<AtomicBool>,
    /// The programs of extractors.
    pub programs: Programs,
    /// Keeps texts from being commands to a CI runner; what `out` and `err` write to is guarded by it.
    pub commands: CommandGuard,
}

impl Terminal<'_> {
    /// Whether the user asked to stop.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Writes a value as JSON with sorted keys, two blanks a level, that no terminal takes for commands.
    ///
    /// # Errors
    /// When the stream cannot be written.
    pub fn json<T: serde::Serialize>(&mut self, value: &T) -> Result<(), anyhow::Error> {
        let sorted = serde_json::to_value(value)?;
        let text = serde_json::to_string_pretty(&sorted)?;
        writeln!(self.out, "{}", shown_json(&text))?;
        Ok(())
    }
}

/// A line on the error stream that says how far a run is, once it takes longer than half a second.
pub struct Progress {
    name: String,
    total: usize,
    started: Instant,
    last: Option<Instant>,
    on: bool,
}

impl Progress {
    /// Nothing is shown unless `on`.
    pub fn new(name: &str, total: usize, on: bool) -> Progress {
        Progress { name: name.to_owned(), total, started: Instant::now(), last: None, on }
    }

    /// Shows that `done` articles are answered; at most ten times a second.
    pub fn show(&mut self, err: &mut dyn Write, done: usize, failed: usize) -> io::Result<()> {
        let now = Instant::now();
        let due = match self.last {
            None => now - self.started >= Duration::from_millis(500),
            Some(last) => now - last >= Duration::from_millis(100),
        };
        if !self.on || !due {
            return Ok(());
        }
        self.last = Some(now);
        let failed = if failed > 0 { format!(", {failed} failed") } else { String::new() };
        write!(err, "\r\x1b[2K{}: {done} of {} articles{failed}", self.name, self.total)?;
        err.flush()
    }

    /// Removes the line.
    pub fn clear(&mut self, err: &mut dyn Write) -> io::Result<()> {
        if self.last.take().is_some() {
            write!(err, "\r\x1b[2K")?;
            err.flush()?;
        }
        Ok(())
    }
}
