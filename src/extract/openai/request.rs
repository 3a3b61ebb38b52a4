//! From an article to the body of a request.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::json;

use super::envelope::Reported;
use super::examples;
use super::format::{AnswerFormat, Node};
use super::prompt::{Message, Role, Slot};
use super::settings::{Mode, OpenAiSettings};
use crate::claim::Article;

/// Everything about requests that is the same for every article.
#[derive(Debug)]
pub(super) struct Requests {
    pub settings: OpenAiSettings,
    /// Ways of asking, the preferred one first; at least one.
    pub ways: Vec<Mode>,
    format: AnswerFormat,
    schema_text: String,
    examples: String,
}

/// What an endpoint has been found not to take, and what is sent instead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Adapted {
    /// Place among the ways of asking.
    pub way: usize,
    /// Members of `params` that are left out.
    pub dropped: BTreeSet<String>,
    /// `max_completion_tokens` in place of `max_tokens`.
    pub completion_tokens: bool,
}

struct Request<'r> {
    of: &'r Requests,
    adapted: &'r Adapted,
    messages: Vec<Message>,
}

impl Requests {
    pub(super) fn new(settings: OpenAiSettings) -> Requests {
        let format = AnswerFormat::new(&settings.schema, settings.numbers);
        let schema_text = format.schema_text();
        let examples = examples::rendered(&settings.examples, &settings.schema);
        Requests { ways: settings.response_format.ways(), format, schema_text, examples, settings }
    }

    /// The messages about an article, in one of the ways of asking.
    pub(super) fn messages(&self, article: &Article, way: usize) -> Vec<Message> {
        let given = |value: &'_ Option<String>| value.clone().unwrap_or_default();
        let mut messages = self.settings.prompt.render(|slot| match slot {
            Slot::Text => Cow::Borrowed(&*article.text),
            Slot::Title => given(&article.title).into(),
            Slot::Lang => Cow::Borrowed(article.lang.as_str()),
            Slot::Publisher => given(&article.publisher).into(),
            Slot::PublishedAt => given(&article.published_at).into(),
            Slot::Url => given(&article.url).into(),
            Slot::Id => Cow::Borrowed(article.id.as_str()),
            Slot::Kinds => Cow::Borrowed(self.format.kinds.as_str()),
            Slot::Fields => Cow::Borrowed(self.format.fields.as_str()),
            Slot::Schema => Cow::Borrowed(self.schema_text.as_str()),
            Slot::Examples => Cow::Borrowed(self.examples.as_str()),
            Slot::Guidelines => Cow::Borrowed(self.settings.guidelines.as_str()),
        });
        // A prompt that leaves the form to the endpoint says nothing of it where the endpoint does not take it.
        let fallen_back = way > 0 && !self.settings.prompt.uses(Slot::Schema);
        if fallen_back && let Some(last) = messages.iter_mut().rfind(|message| message.role == Role::User) {
            last.content.push_str("\n\nAnswer with one JSON object, and nothing else, that follows this JSON Schema:\n");
            last.content.push_str(&self.schema_text);
        }
        messages
    }

    /// Characters of what a model reads of a request: the messages, and the schema where it is sent beside them.
    pub(super) fn characters(&self, article: &Article, way: usize) -> usize {
        let messages: usize = self.messages(article, way).iter().map(|message| message.content.chars().count()).sum();
        let schema = match self.ways.get(way) {
            // Plain values and text keys are always JSON.
            Some(Mode::JsonSchema) => serde_json::to_string(&self.format.schema).unwrap_or_default().chars().count(),
            _ => 0,
        };
        messages + schema
    }

    /// The body of the request about an article.
    pub(super) fn body(&self, article: &Article, adapted: &Adapted) -> Vec<u8> {
        let request = Request { of: self, adapted, messages: self.messages(article, adapted.way) };
        // Texts and plain values are always JSON.
        serde_json::to_vec(&request).unwrap_or_default()
    }

    /// Whether the endpoint can be asked otherwise after it has refused a request: how, and what the user is told of it.
    pub(super) fn adapt(&self, adapted: &Adapted, error: &Reported) -> Option<(Adapted, String)> {
        let mut next = adapted.clone();
        if self.settings.max_tokens.is_some() && !adapted.completion_tokens && error.refuses("max_tokens") {
            next.completion_tokens = true;
            return Some((next, "the endpoint does not take max_tokens; max_completion_tokens is sent in its place".to_owned()));
        }
        for name in self.settings.params.keys() {
            if !adapted.dropped.contains(name) && error.refuses(name) {
                next.dropped.insert(name.clone());
                return Some((next, format!("the endpoint does not take {name}; it is left out")));
            }
        }
        let (mode, instead) = (self.ways.get(adapted.way)?, self.ways.get(adapted.way + 1)?);
        if *mode != Mode::None && (error.names("response_format") || error.names("json_schema") || error.names("json_object")) {
            next.way += 1;
            let instead = match instead {
                Mode::JsonObject => "json_object is asked for in its place",
                _ => "it is asked without response_format",
            };
            return Some((next, format!("the endpoint does not take response_format {}; {instead}", mode.name())));
        }
        None
    }
}

impl Mode {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::JsonSchema => "json_schema",
            Self::JsonObject => "json_object",
            Self::None => "none",
        }
    }
}

impl Reported {
    /// Whether it is about a member of the request.
    fn names(&self, member: &str) -> bool {
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let is_word =
            |(at, found): (usize, &str)| !self.message[..at].ends_with(is_part) && !self.message[at + found.len()..].starts_with(is_part);
        self.param == member || self.param.starts_with(&format!("{member}.")) || self.message.match_indices(member).any(is_word)
    }

    /// Whether it says that a member, or its value, is not known or not supported; not that the value is out of range.
    fn refuses(&self, member: &str) -> bool {
        let message = self.message.to_lowercase();
        let says =
            ["unsupported", "not support", "unknown", "unrecognized", "not permitted", "not allowed", "extra inputs", "extra fields"];
        let coded = ["unsupported_parameter", "unsupported_value", "unknown_parameter"];
        self.names(member) && (coded.iter().any(|code| self.is_of_kind(code)) || says.iter().any(|words| message.contains(words)))
    }
}

impl Serialize for Request<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Request { of, adapted, messages } = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("model", &of.settings.model)?;
        map.serialize_entry("messages", messages)?;
        match of.ways.get(adapted.way) {
            Some(Mode::JsonSchema) => map.serialize_entry("response_format", &of.format.response_format())?,
            Some(Mode::JsonObject) => map.serialize_entry("response_format", &Node::Plain(json!({ "type": "json_object" })))?,
            Some(Mode::None) | None => {}
        }
        if let Some(most) = of.settings.max_tokens {
            map.serialize_entry(if adapted.completion_tokens { "max_completion_tokens" } else { "max_tokens" }, &most)?;
        }
        for (name, value) in of.settings.params.iter().filter(|(name, _)| !adapted.dropped.contains(*name)) {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::claim::Schema;
    use crate::extract::openai::prompt::Prompt;

    fn requests(prompt: &str) -> Requests {
        let mut settings = OpenAiSettings::new("http://127.0.0.1/v1", "m", Prompt::parse("p.md", prompt).unwrap(), Schema::default());
        settings.params = [("temperature".to_owned(), json!(0.0)), ("seed".to_owned(), json!(7))].into();
        settings.max_tokens = Some(100);
        Requests::new(settings)
    }

    fn body(requests: &Requests, adapted: &Adapted) -> Value {
        let article = Article { text: "12 {{schema}}".into(), ..Article::default() };
        serde_json::from_slice(&requests.body(&article, adapted)).unwrap()
    }

    #[test]
    fn a_request_holds_what_the_settings_say() {
        let first = body(&requests("{{text}}"), &Adapted::default());
        assert_eq!(first["messages"], json!([{ "role": "user", "content": "12 {{schema}}" }]));
        assert_eq!((&first["model"], &first["temperature"], &first["seed"]), (&json!("m"), &json!(0.0), &json!(7)));
        assert_eq!((&first["max_tokens"], &first["response_format"]["type"]), (&json!(100), &json!("json_schema")));
    }

    #[test]
    fn a_refused_member_is_asked_for_otherwise_once() {
        let error = |message: &str, kind: &str, param: &str| Reported {
            message: message.to_owned(),
            kind: kind.to_owned(),
            param: param.to_owned(),
            status: None,
        };
        let requests = requests("{{text}}");
        let mut adapted = Adapted::default();
        let steps = [
            (error("Unsupported parameter: 'max_tokens' … Use 'max_completion_tokens' instead.", "", ""), "max_completion_tokens"),
            (error("no", "unsupported_value", "temperature"), "temperature; it is left out"),
            (error("json_schema: not implemented", "", ""), "json_object is asked for"),
            (error("x", "", "response_format.type"), "without response_format"),
        ];
        for (error, note) in &steps {
            let (next, said) = requests.adapt(&adapted, error).unwrap();
            assert!(said.contains(note), "{said}");
            adapted = next;
            assert_eq!(requests.adapt(&adapted, error).filter(|_| !note.contains("asked for")), None, "{note}");
        }
        let last = body(&requests, &adapted);
        let keys: Vec<&String> = last.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["max_completion_tokens", "messages", "model", "seed"]);
        assert!(last["messages"][0]["content"].as_str().unwrap().contains("\"additionalProperties\": false"));
        for other in [
            error("seed must be at most 5", "invalid_value", "seed"),
            error("This seeds unsupported trees", "", ""),
            error("maximum context length", "", ""),
        ] {
            assert_eq!(requests.adapt(&adapted, &other), None, "{other:?}");
        }
    }

    #[test]
    fn a_prompt_with_the_schema_is_not_told_it_again() {
        let requests = requests("{{schema}} {{text}}");
        let content = |way| requests.messages(&Article::default(), way)[0].content.clone();
        assert_eq!(content(0), content(2));
    }
}
