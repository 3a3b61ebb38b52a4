//! A model behind an endpoint that speaks `POST {base_url}/chat/completions`, as those of OpenAI, vLLM, Ollama and llama.cpp do.
//!
//! - [`Prompt`]: a file with places that are filled in for each article
//! - the answer is asked for with a JSON Schema made from the dataset's fields; an endpoint that does not know that is asked for any
//!   JSON, then without (`sent` has a body for each of the three)
//! - requests are tried again where that may help, as patiently as the endpoint asks; as many are in flight as it bears
//! - what fails for every article alike (a wrong key, no such model, no money, nobody there) ends the run, which can be resumed
//! - the key goes to that address and to nowhere else

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
mod request;
mod retry;
mod settings;
mod traffic;
mod verdict;

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

pub use examples::Example;
pub use key::{ApiKey, KeyError};
pub use probe::Exchange;
pub use prompt::{Message, Prompt, Role, Slot};
pub use settings::{Mode, OpenAiSettings, Price, ResponseFormat};

use super::extractor::{Articles, ExtractError, Extractor, Finished};
use super::sink::Sink;
use crate::claim::Article;
use asking::{Asked, Asking};
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

/// What asking about an article will take, before it is asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Tokens that are sent, about: characters of the messages by four.
    pub input_tokens: u64,
    /// What they cost, where there is a price; the answer comes on top.
    pub input_cost: Option<f64>,
    /// What it costs with the longest answer, where there are a price and a limit.
    pub most_cost: Option<f64>,
}

impl OpenAiExtractor {
    /// An extractor that connects when articles come.
    pub fn new(settings: OpenAiSettings) -> OpenAiExtractor {
        OpenAiExtractor { requests: Arc::new(Requests::new(settings)), adapted: Arc::default() }
    }

    /// Asks about one article, and keeps all that goes over the wire in the last try. Waits as a run does.
    ///
    /// # Errors
    /// When there is no key.
    pub fn probe(&self, article: &Article) -> Result<Exchange, ExtractError> {
        let asking = self.asking()?;
        let mut last = None;
        let asked = asking.ask(article, Some(&mut last));
        let mut exchange = Exchange {
            url: self.requests.settings.url(),
            request_headers: asking.client.shown_headers(),
            request_body: String::new(),
            status: None,
            response_headers: Vec::new(),
            response_body: String::new(),
            problem: None,
            ends_run: asking.traffic.ended(),
            answer: match asked {
                Asked::Answered(answer) => Some(*answer),
                Asked::Unanswered => None,
            },
            notes: asking.notes(),
        };
        last.into_iter().for_each(|last| exchange.take(last));
        Ok(exchange)
    }

    /// What asking about an article will take in one try.
    pub fn estimate(&self, article: &Article) -> Estimate {
        let settings = &self.requests.settings;
        let characters: usize = self.requests.messages(article, 0).iter().map(|message| message.content.chars().count()).sum();
        let input_tokens = (characters as u64).div_ceil(CHARS_A_TOKEN);
        let input_cost = settings.price.map(|price| input_tokens as f64 * price.input_per_mtok / 1e6);
        let most_cost = settings.price.zip(settings.max_tokens).zip(input_cost);
        let most_cost = most_cost.map(|((price, most), input)| input + f64::from(most) * price.output_per_mtok / 1e6);
        Estimate { input_tokens, input_cost, most_cost }
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
        let settings = &self.requests.settings;
        let mut articles = std::iter::once(first).chain(articles);
        let unanswered = dispatch(&asking, (settings.jobs, &settings.programs), &mut articles, sink, stop)?;
        let incomplete = asking.traffic.ended().filter(|_| !unanswered.is_empty());
        Ok(Finished { unanswered, incomplete, notes: asking.notes(), ..finished })
    }

    /// The body of the request in each way of asking, as it is sent before anything is known of the endpoint.
    fn sent(&self, article: &Article) -> Vec<Vec<u8>> {
        let body = |way| self.requests.body(article, &Adapted { way, ..Adapted::default() });
        (0..self.requests.ways.len()).map(body).collect()
    }
}
