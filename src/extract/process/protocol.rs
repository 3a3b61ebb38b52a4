//! What goes over the pipes: one JSON object a line.
//!
//! ```text
//! > {"type":"extract","id":"a1","article":{"id":"a1","lang":"en","text":"…"}}
//! < {"type":"ready","name":"mine","version":"3","max_in_flight":4}          (optional, first line only)
//! < {"id":"a1","claims":[{"quote":"37,000","kind":"quantity","fields":{"value":37000},"score":0.8}]}
//! < {"id":"a2","error":{"kind":"rate_limited","message":"…"}}
//! ```

use serde::{Deserialize, Serialize};

use crate::anchor::OffsetUnit;
use crate::claim::Article;
use crate::extract::extractor::Numbers;
use crate::extract::program::faults_in_words;
use crate::extract::sink::About;
use crate::formats::jsonl::{Faults, Reading, Record, SHOWN, parse_line};
use crate::report::safe::quoted;

/// More articles at a time than this are not sent, whatever the program says.
const MOST_IN_FLIGHT: u32 = 1024;

/// Appends the line that asks for one article.
pub(super) fn request(article: &Article, to: &mut Vec<u8>) {
    #[derive(Serialize)]
    struct Request<'a> {
        r#type: &'static str,
        id: &'a str,
        article: &'a Article,
    }
    let request = Request { r#type: "extract", id: &article.id, article };
    // Text and ids are always JSON, and memory takes all of it; there is nothing here that could fail.
    let _ = serde_json::to_writer(&mut *to, &request);
    to.push(b'\n');
}

/// The optional first line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub(super) struct Ready {
    pub name: Option<String>,
    pub version: Option<String>,
    pub offset_unit: Option<OffsetUnit>,
    pub numbers: Option<Numbers>,
    max_in_flight: Option<u32>,
}

impl Ready {
    pub(super) fn about(&self) -> About {
        About { name: self.name.clone(), version: self.version.clone(), numbers: self.numbers }
    }

    pub(super) fn max_in_flight(&self) -> usize {
        self.max_in_flight.unwrap_or(1).clamp(1, MOST_IN_FLIGHT) as usize
    }
}

/// Reads a ready line. `None` when it is some other line.
pub(super) fn ready(line: &str) -> Option<Result<Ready, String>> {
    #[derive(Deserialize)]
    struct Tagged<'a> {
        #[serde(borrow)]
        r#type: std::borrow::Cow<'a, str>,
    }
    let tagged: Tagged<'_> = serde_json::from_str(line).ok()?;
    if tagged.r#type != "ready" {
        return None;
    }
    Some(serde_json::from_str(line).map_err(|e| e.to_string()))
}

/// What a line of output is.
#[derive(Debug)]
pub(super) enum Reply<'a> {
    /// About the article with this id: good, or with what is wrong about it.
    About(String, Result<Box<Record<'a>>, String>),
    /// Nothing that belongs to an article; what is wrong with it.
    Noise(String),
}

/// Reads a line of output that is not a ready line.
pub(super) fn reply(line: &str) -> Reply<'_> {
    let mut faults = Faults::default();
    match parse_line(line, Reading::Predictions, &mut faults) {
        Some(record) => Reply::About(record.id.clone().into_owned(), Ok(Box::new(record))),
        None => match faults.id {
            Some(id) => Reply::About(id.into_owned(), Err(faults_in_words(&faults.wrong))),
            None if line.trim_start().starts_with(['{', '[']) => {
                Reply::Noise(format!("{}: {}", quoted(line, SHOWN), faults_in_words(&faults.wrong)))
            }
            None => Reply::Noise(format!(
                "{} on standard output; it must carry one JSON object a line (JSONL) and nothing else, messages go to standard error",
                quoted(line, SHOWN)
            )),
        },
    }
}
