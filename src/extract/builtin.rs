//! Extractors that are part of Assay.

use super::Extractor;
use super::rules::Rules;

/// What there is, by id.
pub const BUILTINS: [&str; 1] = ["rules"];

/// A name that is no builtin extractor.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no builtin extractor {id:?}; there is: {}", BUILTINS.join(", "))]
pub struct UnknownBuiltin {
    /// As written.
    pub id: String,
}

/// The builtin extractor of that id, on the threads of the caller's pool.
///
/// # Errors
/// When there is none; the error names those that there are.
pub fn open(id: &str) -> Result<Box<dyn Extractor>, UnknownBuiltin> {
    match id {
        "rules" => Ok(Box::new(Rules)),
        _ => Err(UnknownBuiltin { id: id.to_owned() }),
    }
}

/// Its version; rises when an answer can change.
pub fn version(id: &str) -> Option<&'static str> {
    (id == "rules").then_some(Rules::VERSION)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_builtin_opens_and_has_a_version() {
        for id in BUILTINS {
            assert!(open(id).is_ok() && version(id).is_some());
        }
    }

    #[test]
    fn an_unknown_id_is_told_what_there_is() {
        assert_eq!(open("rule").err().unwrap().to_string(), "there is no builtin extractor \"rule\"; there is: rules");
        assert_eq!(version("rule"), None);
    }
}
