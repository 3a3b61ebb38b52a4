//! A long-lived program that answers a line of JSON for a line of JSON.
//!
//! Each worker keeps one program running. Its duties as a host: a process group of its own; no shell; few variables; time
//! limits for start and article; output, error output and input served at once, so that no program can block it; SIGTERM,
//! then SIGKILL, to the whole group; and a true account of every article, whatever the program does:
//!
//! - a program that dies or hangs is started again; the article alone in flight then is charged (`crash`, `timeout`) and not
//!   sent again, several are sent again one by one
//! - output that belongs to no article (`malformed`) has the same effect, because nobody can tell the answers apart any more
//! - an answer that is wrong in itself is `malformed`, and the program goes on
//! - three programs in a row that end over an article without an answer end the run as incomplete

mod protocol;
mod session;
mod worker;

use std::cell::Cell;
use std::sync::atomic::AtomicBool;

use super::exchange::Exchange;
use super::extractor::{Articles, ExtractError, Extractor, Finished};
use super::program::{Hands, ProgramSettings, probed, share};
use super::sink::Sink;
use crate::claim::Article;
use worker::Worker;

/// An extractor that is a program.
#[derive(Clone, Debug)]
pub struct ProcessExtractor {
    settings: ProgramSettings,
}

impl ProcessExtractor {
    /// An extractor that starts the program when articles come.
    pub fn new(settings: ProgramSettings) -> Self {
        ProcessExtractor { settings }
    }
}

impl Extractor for ProcessExtractor {
    fn extract(&mut self, articles: &mut Articles<'_>, sink: &dyn Sink, stop: &AtomicBool) -> Result<Finished, ExtractError> {
        if self.settings.command.is_empty() {
            return Err(ExtractError::EmptyCommand);
        }
        let work = |hands: Hands<'_, '_, '_>| Worker { settings: &self.settings, hands, awaits_end: Cell::default() }.run();
        share(&self.settings, articles, sink, stop, work)
    }

    fn probe(&mut self, article: &Article, stop: &AtomicBool) -> Result<Exchange, ExtractError> {
        probed(&self.settings, |settings, sink| ProcessExtractor { settings }.extract(&mut std::iter::once(article.clone()), sink, stop))
    }
}
