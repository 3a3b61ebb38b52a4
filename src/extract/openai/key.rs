//! The key of an endpoint: sent to it, and shown nowhere.

use std::borrow::Cow;
use std::fmt;

/// What stands where a key stood.
const REDACTED: &str = "[key]";

/// Shorter values are words such as `x` or `EMPTY` rather than secrets, and would be found everywhere.
const SHORTEST: usize = 6;

/// A key out of an environment variable. It has no form for people: `Debug` shows its variable only.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey {
    variable: String,
    value: String,
    /// The value and its spellings in JSON and URLs, longest first.
    spellings: Vec<String>,
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
        Ok(ApiKey { variable: variable.to_owned(), value: value.to_owned(), spellings: spellings(value) })
    }

    /// The value of the `Authorization` header.
    pub(super) fn bearer(&self) -> String {
        format!("Bearer {}", self.value)
    }

    /// The text without the key, in any spelling.
    pub(super) fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut text = Cow::Borrowed(text);
        for spelling in &self.spellings {
            if text.contains(spelling) {
                text = Cow::Owned(text.replace(spelling, REDACTED));
            }
        }
        text
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKey({})", self.variable)
    }
}

/// How a key may be written where a server repeats it.
fn spellings(value: &str) -> Vec<String> {
    if value.len() < SHORTEST {
        return Vec::new();
    }
    let escaped = value.replace('\\', "\\\\").replace('"', "\\\"");
    let percent = |b: u8, upper: bool| match b {
        _ if b.is_ascii_alphanumeric() || b"-._~".contains(&b) => char::from(b).to_string(),
        _ if upper => format!("%{b:02X}"),
        _ => format!("%{b:02x}"),
    };
    let mut all = vec![
        value.to_owned(),
        escaped.replace('/', "\\/"),
        escaped,
        value.bytes().map(|b| percent(b, true)).collect(),
        value.bytes().map(|b| percent(b, false)).collect(),
        value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;"),
    ];
    all.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_in_every_spelling_and_has_none_of_its_own() {
        let key = ApiKey::new("KEY", Some(" sk-a/b\"+c \n")).unwrap();
        for echo in ["sk-a/b\"+c", "sk-a/b\\\"+c", "sk-a\\/b\\\"+c", "sk-a%2Fb%22%2Bc", "sk-a%2fb%22%2bc", "sk-a/b&quot;+c"] {
            assert_eq!(key.redact(&format!("x{echo}y{echo}")), "x[key]y[key]");
        }
        assert_eq!(format!("{key:?}"), "ApiKey(KEY)");
        assert_eq!(key.bearer(), "Bearer sk-a/b\"+c");
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
