//! A program that is started for each article: text in, claims out, and its end says whether it worked.
//!
//! The host's duties are those of [`process`](super::process): a process group of its own, no shell, few variables, a time limit, all pipes
//! served at once, SIGTERM and then SIGKILL to the whole group. An exit code other than 0 is a `crash`, whatever was written.

mod arguments;
mod output;
mod worker;

use std::sync::atomic::AtomicBool;

pub use arguments::check_placeholders;

use super::exchange::Exchange;
use super::extractor::{Articles, ExtractError, Extractor, Finished};
use super::program::{Hands, ProgramSettings, probed, share};
use super::sink::Sink;
use crate::claim::Article;
use arguments::Template;
use worker::Worker;

/// An extractor that is a program an article.
#[derive(Clone, Debug)]
pub struct CommandExtractor {
    settings: ProgramSettings,
    template: Template,
}

impl CommandExtractor {
    /// An extractor that starts the command for each article, with its placeholders filled in. `startup_timeout` has no meaning here: the
    /// time for an article holds the start.
    ///
    /// # Errors
    /// When a placeholder stands where none can be; see [`check_placeholders`].
    pub fn new(settings: ProgramSettings) -> Result<Self, String> {
        Ok(CommandExtractor { template: Template::parse(&settings.command)?, settings })
    }
}

impl Extractor for CommandExtractor {
    fn extract(&mut self, articles: &mut Articles<'_>, sink: &dyn Sink, stop: &AtomicBool) -> Result<Finished, ExtractError> {
        if self.settings.command.is_empty() {
            return Err(ExtractError::EmptyCommand);
        }
        let work = |hands: Hands<'_, '_, '_>| Worker { settings: &self.settings, template: &self.template, hands }.run();
        share(&self.settings, articles, sink, stop, work)
    }

    fn probe(&mut self, article: &Article, stop: &AtomicBool) -> Result<Exchange, ExtractError> {
        let template = self.template.clone();
        probed(&self.settings, |settings, sink| {
            CommandExtractor { settings, template }.extract(&mut std::iter::once(article.clone()), sink, stop)
        })
    }

    /// The text, and what of the article stands in the arguments.
    fn sent(&self, article: &Article) -> Vec<Vec<u8>> {
        vec![serde_json::to_vec(&(self.template.named(article), &*article.text)).unwrap_or_default()]
    }
}
