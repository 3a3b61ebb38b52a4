//! Why something that was asked for is not answered.

use serde::Serialize;
use serde_json::{Map, Value, json};

/// Why something that was asked for is not answered, as programs read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// Not from this page, or without its token.
    Forbidden,
    /// No such thing.
    NotFound,
    /// Another method is needed; which.
    Method(&'static str),
    /// The body is too large.
    TooLarge,
    /// The body is of another type than JSON.
    MediaType,
    /// The body is no JSON, or not of the shape that is asked for.
    BadJson,
    /// The shape is right, and what it says is not.
    Invalid,
    /// Somebody else has changed what is to be changed.
    Conflict,
    /// A file cannot be read or written.
    CannotWrite,
    /// A mistake of this program.
    Internal,
}

impl Code {
    /// The name in answers.
    pub fn name(self) -> &'static str {
        match self {
            Code::Forbidden => "forbidden",
            Code::NotFound => "not_found",
            Code::Method(_) => "method",
            Code::TooLarge => "too_large",
            Code::MediaType => "media_type",
            Code::BadJson => "bad_json",
            Code::Invalid => "invalid",
            Code::Conflict => "conflict",
            Code::CannotWrite => "cannot_write",
            Code::Internal => "internal",
        }
    }
}

/// Why something that was asked for is not answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// For programs.
    pub code: Code,
    /// For people: what is wrong, and what would be right.
    pub message: String,
    /// What else the answer says, such as both sides of a conflict.
    pub more: Map<String, Value>,
}

impl Refusal {
    /// A refusal with nothing but its message.
    pub fn new(code: Code, message: impl Into<String>) -> Refusal {
        Refusal { code, message: message.into(), more: Map::new() }
    }

    /// No such thing.
    pub fn not_found(message: impl Into<String>) -> Refusal {
        Refusal::new(Code::NotFound, message)
    }

    /// What is asked for cannot be.
    pub fn invalid(message: impl Into<String>) -> Refusal {
        Refusal::new(Code::Invalid, message)
    }

    /// The same refusal, saying one thing more.
    #[must_use]
    pub fn with(mut self, key: &str, value: &impl Serialize) -> Refusal {
        self.more.insert(key.to_owned(), serde_json::to_value(value).unwrap_or(Value::Null));
        self
    }

    /// As it is answered: `{"error":{"code","message",…}}`.
    pub fn json(&self) -> Value {
        let mut error = self.more.clone();
        error.insert("code".to_owned(), json!(self.code.name()));
        error.insert("message".to_owned(), json!(self.message));
        json!({ "error": error })
    }
}
