//! A model behind an endpoint that speaks `POST {base_url}/chat/completions`, as those of OpenAI, vLLM, Ollama and llama.cpp do.
//!
//! - [`Prompt`]: a file with places that are filled in for each article
//! - the answer is asked for with a JSON Schema made from the dataset's fields; an endpoint that does not know that is asked for any
//!   JSON, then without (`sent` has a body for each of the three)
//! - requests are tried again where that may help, as patiently as the endpoint asks; as many are in flight as it bears
//! - what fails for every article alike (a wrong key, no such model, no money, nobody there) ends the run, which can be resumed
//! - the key goes to that address and to nowhere else; answers are read as they came, and what is shown or kept of them is without it

mod asking;
mod client;
mod content;
mod dispatch;
mod envelope;
mod examples;
mod format;
mod key;
mod probe;
mod prompt;
mod redact;
mod request;
mod retry;
mod settings;
mod traffic;
mod verdict;

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

pub use examples::Example;
pub use key::{ApiKey, KeyError};
pub use prompt::{Message, Prompt, Role, Slot};
pub use settings::{Mode, OpenAiSettings, Price, ResponseFormat};

use super::exchange::Exchange;
use super::extractor::{Articles, Estimate, ExtractError, Extractor, Finished};
use super::sink::{About, Sink};
use crate::claim::Article;
use asking::Asking;
use client::Client;
use dispatch::dispatch;
use request::{Adapted, Requests};
use traffic::Traffic;

/// Characters in a token, for estimates: that of English; other languages take more tokens.
const CHARS_A_TOKEN: u64 = 4;

/// An extractor that is a model and a prompt.
#[derive(Debug)]
pub struct OpenAiExtractor {
    requests: Arc<Requests>,
    adapted: Arc<Mutex<Adapted>>,
}

impl OpenAiExtractor {
    /// An extractor that connects when articles come.
    pub fn new(settings: OpenAiSettings) -> OpenAiExtractor {
        OpenAiExtractor { requests: Arc::new(Requests::new(settings)), adapted: Arc::default() }
    }

    fn asking(&self) -> Result<Asking, ExtractError> {
        let settings = &self.requests.settings;
        let key = settings.key.clone().transpose()?;
        let client = Client::new(settings, key);
        // The cool-down outlasts the answers that were on their way.
        let traffic = Traffic::new(settings.jobs, 2 * settings.retry_base);
        Ok(Asking::new(Arc::clone(&self.requests), client, traffic, Arc::clone(&self.adapted)))
    }
}

impl Extractor for OpenAiExtractor {
    fn extract(&mut self, articles: &mut Articles<'_>, sink: &dyn Sink, stop: &AtomicBool) -> Result<Finished, ExtractError> {
        let finished = Finished { version: Some(self.requests.settings.model.clone()), ..Finished::default() };
        // Where every answer is at hand already, no key is needed.
        let Some(first) = articles.next() else { return Ok(finished) };
        let asking = Arc::new(self.asking()?);
        sink.about(&About { version: finished.version.clone(), ..About::default() });
        let settings = &self.requests.settings;
        let mut articles = std::iter::once(first).chain(articles);
        let unanswered = dispatch(&asking, (settings.jobs, &settings.programs), &mut articles, sink, stop)?;
        let incomplete = asking.traffic.ended().filter(|_| !unanswered.is_empty());
        Ok(Finished { unanswered, incomplete, notes: asking.notes(), ..finished })
    }

    fn probe(&mut self, article: &Article, stop: &AtomicBool) -> Result<Exchange, ExtractError> {
        Ok(probe::probe(&Arc::new(self.asking()?), article, &self.requests.settings.programs, stop)?)
    }

    /// What is counted is the prompt and the schema, in the way of asking that the endpoint is known to take, else in the first. Tokens
    /// are characters by four, which is that of English; other languages take more.
    fn estimate(&self, article: &Article) -> Option<Estimate> {
        let settings = &self.requests.settings;
        let way = self.adapted.lock().unwrap_or_else(PoisonError::into_inner).way;
        let input_tokens = (self.requests.characters(article, way) as u64).div_ceil(CHARS_A_TOKEN);
        let input_cost = settings.price.map(|price| input_tokens as f64 * price.input_per_mtok / 1e6);
        let most_cost = settings.price.zip(settings.max_tokens).zip(input_cost);
        let most_cost = most_cost.map(|((price, most), input)| input + f64::from(most) * price.output_per_mtok / 1e6);
        Some(Estimate { input_tokens, input_cost, most_cost })
    }

    /// The body of the request in each way of asking, as it is sent before anything is known of the endpoint.
    fn sent(&self, article: &Article) -> Vec<Vec<u8>> {
        let body = |way| self.requests.body(article, &Adapted { way, ..Adapted::default() });
        (0..self.requests.ways.len()).map(body).collect()
    }
}
