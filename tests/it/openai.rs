//! A model behind an endpoint that misbehaves in every way of `tests/data/extractors/bad_llm_server.py`.

mod command;
mod load;
mod modes;
mod settings;

use std::collections::BTreeMap;
use std::io::BufRead;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use claim_assay::claim::{Article, Schema};
use claim_assay::extract::openai::{ApiKey, OpenAiExtractor, OpenAiSettings, Prompt};
use claim_assay::extract::{Answer, ExtractError, Extractor, Finished};
use serde_json::Value;

use super::support::data_file;

/// Everything must be over by then; far more than any row needs.
const HANG_GUARD: Duration = Duration::from_secs(120);

/// Must appear nowhere but at the endpoint.
pub(super) const CANARY: &str = "sk-Canary-0123456789/abcDEF+";

/// The misbehaving server, ended with the test.
pub(super) struct Server {
    child: Child,
    pub port: u16,
}

impl Server {
    pub fn start(arguments: &[&str]) -> Server {
        let mut command = Command::new("python3");
        command.arg(data_file("extractors/bad_llm_server.py")).args(["--max-life", "170"]).args(arguments);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        std::io::BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Server { port: line.split(' ').next().unwrap().parse().unwrap(), child }
    }

    pub fn base_url(&self, mode: &str) -> String {
        format!("http://127.0.0.1:{}/{mode}/v1", self.port)
    }

    pub fn stats(&self) -> Value {
        let url = format!("http://127.0.0.1:{}/_stats", self.port);
        ureq::get(&url).call().unwrap().body_mut().read_json().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A prompt that is the text alone, with which the server answers the numbers of the article.
pub(super) fn settings(base_url: &str) -> OpenAiSettings {
    let prompt = Prompt::parse("p.md", "{{text}}").unwrap();
    OpenAiSettings {
        key: Some(ApiKey::new("KEY", Some(CANARY))),
        timeout: Duration::from_secs(10),
        retry_base: Duration::from_millis(5),
        ..OpenAiSettings::new(base_url, "m", prompt, Schema::default())
    }
}

pub(super) fn articles(count: usize) -> Vec<Article> {
    let article = |i| Article {
        id: format!("a{i:05}"),
        lang: "it".to_owned(),
        text: format!("🌊 caf\u{e9} {i}: più di 37.{:03} persone,\r\n12 morti nel 19{:02}.", i % 1000, i % 100).into(),
        ..Article::default()
    };
    (1..=count).map(article).collect()
}

/// What became of the articles, by id, and of the run.
pub(super) struct Ran {
    pub answers: BTreeMap<String, Answer>,
    pub finished: Result<Finished, ExtractError>,
    /// All that the extractor and its results show of themselves.
    pub shown: String,
}

/// A run that is stopped when it takes too long.
pub(super) fn run(settings: OpenAiSettings, articles: Vec<Article>) -> Ran {
    let (stop, over) = (AtomicBool::new(false), AtomicBool::new(false));
    let answers = Mutex::new(BTreeMap::new());
    let mut extractor = OpenAiExtractor::new(settings);
    let finished = std::thread::scope(|scope| {
        scope.spawn(|| {
            let start = Instant::now();
            while !over.load(Ordering::Relaxed) {
                stop.fetch_or(start.elapsed() > HANG_GUARD, Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        let sink = |answer: Answer| {
            let again = answers.lock().unwrap().insert(answer.article_id.clone(), answer);
            assert!(again.is_none(), "{again:?} was answered again");
        };
        let finished = extractor.extract(&mut articles.into_iter(), &sink, &stop);
        over.store(true, Ordering::Relaxed);
        finished
    });
    assert!(!stop.into_inner(), "the run did not end by itself");
    let answers = answers.into_inner().unwrap();
    let shown = format!("{extractor:?} {answers:?} {finished:?}");
    Ran { answers, finished, shown }
}

/// What scoring sees of answers.
pub(super) fn predictions(ran: &Ran) -> Vec<String> {
    ran.answers
        .values()
        .map(|answer| format!("{} {} {:?} {:?}", answer.article_id, answer.outcome, answer.claims, answer.located))
        .collect()
}
