//! What is known about a model before it is asked.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use super::examples::Example;
use super::key::{ApiKey, KeyError};
use super::prompt::Prompt;
use crate::claim::Schema;
use crate::extract::Numbers;
use crate::extract::program::Programs;

/// A way of asking for JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// `response_format` with a schema, which the endpoint keeps to.
    JsonSchema,
    /// `response_format` for any JSON.
    JsonObject,
    /// No `response_format`.
    None,
}

/// Which ways of asking are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ResponseFormat {
    /// With a schema; on an endpoint that does not know that, for any JSON; else without.
    #[default]
    Auto,
    /// This one and no other.
    Only(Mode),
}

impl ResponseFormat {
    /// Every value with its name in settings.
    pub const ALL: [(&'static str, ResponseFormat); 4] = [
        ("auto", Self::Auto),
        ("json_schema", Self::Only(Mode::JsonSchema)),
        ("json_object", Self::Only(Mode::JsonObject)),
        ("none", Self::Only(Mode::None)),
    ];

    /// The name in settings.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, format)| *format == self).map_or("auto", |(name, _)| name)
    }

    /// The ways of asking, the preferred one first.
    pub(super) fn ways(self) -> Vec<Mode> {
        match self {
            Self::Auto => vec![Mode::JsonSchema, Mode::JsonObject, Mode::None],
            Self::Only(mode) => vec![mode],
        }
    }
}

/// Price of a million tokens, in whatever currency.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Price {
    /// Of what is sent.
    pub input_per_mtok: f64,
    /// Of what comes back.
    pub output_per_mtok: f64,
}

/// A model, how it is asked, and how patiently.
#[derive(Clone, Debug)]
pub struct OpenAiSettings {
    /// Without the `/chat/completions`.
    pub base_url: String,
    /// Name of the model.
    pub model: String,
    /// What is sent as bearer token; an endpoint may need none. One that is needed and not there is an error when something is sent.
    pub key: Option<Result<ApiKey, KeyError>>,
    /// What is asked.
    pub prompt: Prompt,
    /// Kinds and fields.
    pub schema: Schema,
    /// How it is to write numbers.
    pub numbers: Numbers,
    /// For `{{examples}}`.
    pub examples: Vec<Example>,
    /// For `{{guidelines}}`.
    pub guidelines: String,
    /// Further members of the request.
    pub params: BTreeMap<String, Value>,
    /// Ways of asking for JSON.
    pub response_format: ResponseFormat,
    /// Longest answer, in tokens.
    pub max_tokens: Option<u32>,
    /// What it costs.
    pub price: Option<Price>,
    /// Requests in flight, at least 1.
    pub jobs: usize,
    /// Counts the articles in flight, and says when they are given up.
    pub programs: Programs,
    /// For one try, from connecting to the last byte.
    pub timeout: Duration,
    /// Tries after the first one.
    pub max_retries: u32,
    /// Wait before the second try where the endpoint names none; doubled before each further one, up to 16 times as long.
    pub retry_base: Duration,
}

impl OpenAiSettings {
    /// An endpoint without a key, with the defaults: four requests in flight, 60 s a try, five more tries, 0.5 s before the second.
    pub fn new(base_url: &str, model: &str, prompt: Prompt, schema: Schema) -> OpenAiSettings {
        OpenAiSettings {
            base_url: base_url.to_owned(),
            model: model.to_owned(),
            key: None,
            prompt,
            schema,
            numbers: Numbers::Canonical,
            examples: Vec::new(),
            guidelines: String::new(),
            params: BTreeMap::new(),
            response_format: ResponseFormat::Auto,
            max_tokens: None,
            price: None,
            jobs: 4,
            programs: Programs::default(),
            timeout: Duration::from_secs(60),
            max_retries: 5,
            retry_base: Duration::from_millis(500),
        }
    }

    /// Where requests go.
    pub fn url(&self) -> String {
        format!("{}/chat/completions", self.base_url.trim_end_matches('/'))
    }
}
