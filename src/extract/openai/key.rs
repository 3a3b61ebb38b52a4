//! The key of an endpoint: sent to it, and shown nowhere.

use std::borrow::Cow;
use std::fmt;

use super::redact;

/// Shorter values are words such as `x` or `EMPTY` rather than secrets, and would be found everywhere.
const SHORTEST: usize = 6;

/// Shorter values are taken for words where a model writes them: `ollama` and `claims` are no leak.
const SHORTEST_SECRET: usize = 16;

/// A key out of an environment variable. It has no form for people: `Debug` shows its variable only.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey {
    variable: String,
    value: String,
    /// The value, and what is left of it where escapes are taken away; empty where it is too short to be looked for.
    needles: Vec<String>,
}

/// Why there is no key. Never shows the value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The variable is not set, or empty.
    #[error("the environment variable {0}, which is to hold the key, is not set; write: export {0}=…")]
    Missing(String),
    /// Its value cannot be sent in a header.
    #[error("the key in {0} holds white space, control characters or other letters than ASCII; was more than the key copied?")]
    Malformed(String),
}

impl ApiKey {
    /// The key in an environment variable, `None` where that is not set or empty; without white space around it.
    pub fn new(variable: &str, value: Option<&str>) -> Result<ApiKey, KeyError> {
        let value = value.unwrap_or_default().trim();
        if value.is_empty() {
            return Err(KeyError::Missing(variable.to_owned()));
        }
        if !value.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(KeyError::Malformed(variable.to_owned()));
        }
        Ok(ApiKey { variable: variable.to_owned(), value: value.to_owned(), needles: needles(value) })
    }

    /// The value of the `Authorization` header.
    pub(super) fn bearer(&self) -> String {
        format!("Bearer {}", self.value)
    }

    /// A text for people without the key, in whatever spelling and case, and without the beginning of it where the text is cut.
    pub(super) fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        redact::redact(text, &self.needles)
    }

    /// A text out of a model's answer. What it answers is data, in which a word that is sent in place of a key stays; only what can be
    /// nothing but a secret is taken out: 16 characters or more, with a digit or with letters of both cases.
    pub(super) fn redact_data<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.is_secret() { self.redact(text) } else { Cow::Borrowed(text) }
    }

    fn is_secret(&self) -> bool {
        let any = |is: fn(&u8) -> bool| self.value.as_bytes().iter().any(is);
        let mixed = any(u8::is_ascii_lowercase) && any(u8::is_ascii_uppercase);
        self.value.len() >= SHORTEST_SECRET && (any(u8::is_ascii_digit) || mixed)
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKey({})", self.variable)
    }
}

fn needles(value: &str) -> Vec<String> {
    let mut needles = vec![value.to_owned(), redact::unescaped(value)];
    needles.dedup();
    needles.retain(|needle| needle.len() >= SHORTEST);
    needles
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_in_every_spelling_and_has_none_of_its_own() {
        let key = ApiKey::new("KEY", Some(" sk-a/b\"+c \n")).unwrap();
        let echoes = [
            "sk-a/b\"+c",
            "SK-A/B\"+C",
            "sk-a/b\\\"+c",
            "sk-a\\/b\\\"+c",
            "sk-a/b\\\\\\\"+c",
            "\\u0073\\u006b-a/b\\u0022+c",
            "\\\\u0073k-a\\\\/b\\\\\\\"+c",
            "sk-a%2Fb%22%2Bc",
            "sk-a%2fb%22%2bc",
            "sk-a%252Fb%2522%252Bc",
            "sk-a/b&quot;+c",
        ];
        for echo in echoes {
            assert_eq!(key.redact(&format!("x{echo}y{echo}")), "x[key]y[key]", "{echo}");
        }
        assert_eq!(format!("{key:?}"), "ApiKey(KEY)");
        assert_eq!(key.bearer(), "Bearer sk-a/b\"+c");
        let odd = ApiKey::new("KEY", Some("sk-1234%41\\u0042&amp;")).unwrap();
        for echo in ["sk-1234%41\\u0042&amp;", "sk-1234%41\\\\u0042&amp;", "sk-1234%2541%5Cu0042%26amp%3B"] {
            assert_eq!(odd.redact(echo), "[key]", "{echo}");
        }
    }

    #[test]
    fn only_what_is_no_word_is_taken_out_of_answers() {
        let words = ["x", "EMPTY", "ollama", "claims", "content", "sk-no-key-required", "gsk_0123456789", "YOUR_API_KEY_STANDS_HERE"];
        for word in words {
            assert_eq!(ApiKey::new("KEY", Some(word)).unwrap().redact_data(word), word);
        }
        for secret in ["sk-0123456789abcd", "AbcdEfghIjklMnop", "0123456789ABCDEF"] {
            assert_eq!(ApiKey::new("KEY", Some(secret)).unwrap().redact_data(&format!("by {secret}")), "by [key]");
        }
    }

    #[test]
    fn a_missing_key_names_its_variable_and_a_bad_one_is_not_shown() {
        for value in [None, Some(""), Some(" ")] {
            assert_eq!(ApiKey::new("KEY", value), Err(KeyError::Missing("KEY".to_owned())));
        }
        for value in ["sk 12", "sk\u{e9}", "sk\n12"] {
            let error = ApiKey::new("KEY", Some(value)).unwrap_err().to_string();
            assert!(error.contains("KEY") && !error.contains("sk"), "{error}");
        }
    }
}
