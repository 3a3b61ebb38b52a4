//! The body of a response: what the model wrote, and what it cost; or the error that the endpoint reports.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// A chat completion, as far as it is of use.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Completion {
    /// What the model wrote; `None` where the endpoint gives null.
    pub content: Option<String>,
    /// That it declines, in its own words.
    pub refusal: Option<String>,
    /// Whether there is reasoning beside the content.
    pub reasoned: bool,
    /// Why it ended.
    pub finish_reason: String,
    /// The model that the endpoint says has answered.
    pub model: Option<String>,
    /// What it took.
    pub usage: Usage,
}

/// Tokens of one request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Usage {
    /// Read by the model.
    pub prompt_tokens: Option<u64>,
    /// Written by it.
    pub completion_tokens: Option<u64>,
}

/// What an endpoint says of itself when it fails, in one of the usual forms. It may hold the key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reported {
    /// In words; empty where there are none.
    pub message: String,
    /// `type` and `code` as they are written, with a space between.
    pub kind: String,
    /// The member of the request that is meant.
    pub param: String,
    /// The code, where it is a number.
    pub status: Option<u16>,
}

impl Reported {
    /// Whether `type` or `code` holds a word, which is in lower case.
    pub(super) fn is_of_kind(&self, word: &str) -> bool {
        self.kind.to_lowercase().contains(word)
    }
}

/// What a body is.
#[derive(Debug, PartialEq)]
pub(super) enum Body {
    Completion(Box<Completion>),
    Error(Reported),
    /// Not even JSON, or not all of it.
    Unreadable(String),
    /// JSON of another form; where it parts from that of a completion.
    Other(String),
}

/// Members of an object as they stand.
#[derive(Deserialize)]
struct Top<'b> {
    #[serde(borrow, default)]
    choices: Option<&'b RawValue>,
    #[serde(borrow, default)]
    error: Option<&'b RawValue>,
    #[serde(borrow, default)]
    usage: Option<&'b RawValue>,
    #[serde(borrow, default)]
    model: Option<&'b RawValue>,
}

#[derive(Deserialize)]
struct Choice<'b> {
    #[serde(borrow, default)]
    message: Option<&'b RawValue>,
    #[serde(borrow, default)]
    finish_reason: Option<&'b RawValue>,
}

#[derive(Deserialize)]
struct Said<'b> {
    #[serde(borrow, default)]
    content: Option<&'b RawValue>,
    #[serde(borrow, default)]
    refusal: Option<&'b RawValue>,
    #[serde(borrow, default)]
    reasoning_content: Option<&'b RawValue>,
    #[serde(borrow, default)]
    reasoning: Option<&'b RawValue>,
}

/// Reads the body of a good status.
pub(super) fn read(body: &str) -> Body {
    let body = body.trim_start_matches('\u{feff}').trim();
    if let Err(error) = serde_json::from_str::<IgnoredAny>(body) {
        let why = if error.is_eof() { "ends in the middle" } else { "is not valid JSON" };
        return Body::Unreadable(if body.is_empty() { "the answer has no body".to_owned() } else { format!("the body {why}") });
    }
    completion(body).unwrap_or_else(|path| match reported(body) {
        Some(error) => Body::Error(error),
        None => Body::Other(path),
    })
}

/// The completion, or where the JSON parts from one.
fn completion(body: &str) -> Result<Body, String> {
    let top: Top<'_> = object(body).ok_or("the body is no object")?;
    if top.error.is_some() {
        return Err("error".to_owned());
    }
    let choices = top.choices.ok_or("choices is missing")?;
    let choice = serde_json::from_str::<First<'_>>(choices.get()).map_err(|_| "choices is no list")?.0.ok_or("choices is empty")?;
    let choice: Choice<'_> = object(choice.get()).ok_or("choices[0] is no object")?;
    let message = choice.message.ok_or("choices[0].message is missing")?;
    let said: Said<'_> = object(message.get()).ok_or("choices[0].message is no object")?;
    let content = match said.content {
        None => None,
        Some(content) => Some(text_of(content).ok_or("choices[0].message.content is neither text nor null")?),
    };
    let reasoned = [said.reasoning_content, said.reasoning].into_iter().flatten().any(|raw| raw.get() != "\"\"");
    Ok(Body::Completion(Box::new(Completion {
        content,
        refusal: string(said.refusal).filter(|refusal| !refusal.is_empty()),
        reasoned,
        finish_reason: string(choice.finish_reason).unwrap_or_default(),
        model: string(top.model),
        usage: top.usage.and_then(|usage| object(usage.get())).unwrap_or_default(),
    })))
}

/// What an error body says, whatever its form; `None` where it does not look like one.
///
/// Known are `{"error": {"message", "type", "code", "param"}}`, `{"error": "…"}`, `{"object": "error", "message", …}` and
/// `{"detail": …}`.
pub(super) fn reported(body: &str) -> Option<Reported> {
    #[derive(Deserialize)]
    struct Outer<'b> {
        #[serde(borrow, default)]
        error: Option<&'b RawValue>,
        #[serde(borrow, default)]
        detail: Option<&'b RawValue>,
        #[serde(borrow, default)]
        object: Option<&'b RawValue>,
    }
    #[derive(Deserialize)]
    struct Inner<'b> {
        #[serde(borrow, default)]
        message: Option<&'b RawValue>,
        #[serde(borrow, default)]
        r#type: Option<&'b RawValue>,
        #[serde(borrow, default)]
        code: Option<&'b RawValue>,
        #[serde(borrow, default)]
        param: Option<&'b RawValue>,
    }
    let body = body.trim_start_matches('\u{feff}').trim();
    let outer: Outer<'_> = object(body)?;
    let inner = match (outer.error, outer.detail) {
        (Some(error), _) => error.get(),
        (None, Some(detail)) => detail.get(),
        (None, None) if string(outer.object).as_deref() == Some("error") => body,
        (None, None) => return None,
    };
    let Some(inner) = object::<Inner<'_>>(inner) else {
        let message = serde_json::from_str(inner).unwrap_or_else(|_| inner.to_owned());
        return Some(Reported { message, ..Reported::default() });
    };
    let code = inner.code.map(|code| string(Some(code)).unwrap_or_else(|| code.get().to_owned())).unwrap_or_default();
    let r#type = string(inner.r#type).filter(|name| *name != code).unwrap_or_default();
    let kind = format!("{type} {code}");
    Some(Reported {
        message: string(inner.message).unwrap_or_default(),
        kind: kind.trim().to_owned(),
        param: string(inner.param).unwrap_or_default(),
        status: code.parse().ok(),
    })
}

/// An object's members. A list is none, though it could be read as members in a row.
fn object<'b, T: Deserialize<'b>>(json: &'b str) -> Option<T> {
    json.starts_with('{').then(|| serde_json::from_str(json).ok()).flatten()
}

fn string(raw: Option<&RawValue>) -> Option<String> {
    serde_json::from_str(raw?.get()).ok()
}

/// A text, or the texts of a list of parts.
fn text_of(content: &RawValue) -> Option<String> {
    #[derive(Deserialize)]
    struct Part<'b> {
        #[serde(borrow)]
        text: Cow<'b, str>,
    }
    if content.get().starts_with('"') {
        return string(Some(content));
    }
    let parts: Vec<Part<'_>> = serde_json::from_str(content.get()).ok()?;
    Some(parts.iter().map(|part| &*part.text).collect())
}

/// The first of a list; the others are passed over without being kept.
struct First<'b>(Option<&'b RawValue>);

impl<'de> Deserialize<'de> for First<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;
        impl<'de> Visitor<'de> for List {
            type Value = First<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let first = seq.next_element()?;
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(First(first))
            }
        }
        deserializer.deserialize_seq(List)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_parts_from_a_completion_is_named() {
        let table = [
            ("[1, 2]", "the body is no object"),
            ("{\"choices\": {\"message\": \"x\"}}", "choices is no list"),
            ("{\"object\": \"chat.completion\", \"choices\": []}", "choices is empty"),
            ("{\"choices\": [{\"text\": \"old\"}]}", "choices[0].message is missing"),
            ("{\"choices\": [{\"message\": \"x\"}]}", "choices[0].message is no object"),
            ("{\"choices\": [{\"message\": {\"content\": 5}}]}", "choices[0].message.content is neither text nor null"),
            ("{\"choices\": [{\"message\": {\"content\": \"\\ud83d\"}}]}", "choices[0].message.content is neither text nor null"),
            ("{\"id\": 1}", "choices is missing"),
        ];
        for (body, expected) in table {
            assert_eq!(read(body), Body::Other(expected.to_owned()), "{body}");
        }
        assert_eq!(read("{\"choices\": ["), Body::Unreadable("the body ends in the middle".to_owned()));
        assert_eq!(read(" \n"), Body::Unreadable("the answer has no body".to_owned()));
        assert_eq!(read("<html>"), Body::Unreadable("the body is not valid JSON".to_owned()));
    }

    #[test]
    fn a_completion_is_read_in_each_of_its_forms() {
        let usage = Usage { prompt_tokens: Some(7), completion_tokens: Some(2) };
        let table = [
            ("{\"content\": \"x\"}", Completion { content: Some("x".to_owned()), ..Completion::default() }),
            ("{\"content\": null, \"reasoning\": \"y\"}", Completion { reasoned: true, ..Completion::default() }),
            ("{\"refusal\": \"no\"}", Completion { refusal: Some("no".to_owned()), ..Completion::default() }),
            (
                "{\"content\": [{\"type\": \"text\", \"text\": \"a\"}, {\"text\": \"\\n\"}]}",
                Completion { content: Some("a\n".to_owned()), ..Completion::default() },
            ),
        ];
        for (message, expected) in table {
            let body = format!(
                "\u{feff}{{\"model\":\"m\",\"choices\":[{{\"message\":{message},\"finish_reason\":\"stop\"}},5],\"usage\":{{\"prompt_tokens\":7,\"completion_tokens\":2,\"x\":[]}}}}"
            );
            let expected = Completion { model: Some("m".to_owned()), finish_reason: "stop".to_owned(), usage, ..expected };
            assert_eq!(read(&body), Body::Completion(Box::new(expected)), "{message}");
        }
    }

    #[test]
    fn errors_are_read_in_each_of_their_forms() {
        let of = |message: &str, kind: &str, param: &str, status| Reported {
            message: message.to_owned(),
            kind: kind.to_owned(),
            param: param.to_owned(),
            status,
        };
        let table = [
            (
                "{\"error\": {\"message\": \"no\", \"type\": \"Invalid_Request\", \"param\": \"max_tokens\", \"code\": \"unsupported_parameter\"}}",
                of("no", "Invalid_Request unsupported_parameter", "max_tokens", None),
            ),
            ("{\"error\": {\"message\": \"slow\", \"code\": 429, \"param\": null}}", of("slow", "429", "", Some(429))),
            ("{\"error\": \"model not found\"}", of("model not found", "", "", None)),
            (
                "{\"object\": \"error\", \"message\": \"m\", \"type\": \"BadRequestError\", \"code\": 400}",
                of("m", "BadRequestError 400", "", Some(400)),
            ),
            ("{\"detail\": [{\"loc\": 1}]}", of("[{\"loc\": 1}]", "", "", None)),
        ];
        for (body, expected) in table {
            assert_eq!(reported(body), Some(expected), "{body}");
        }
        assert_eq!(reported("{\"message\": \"x\"}"), None);
        assert!(matches!(read("{\"error\": {\"message\": \"rate limit exceeded\"}}"), Body::Error(_)));
    }
}
