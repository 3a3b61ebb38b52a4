//! Predicted numbers that are written as in the article, read by its language.

use crate::claim::decimal;
use crate::claim::number::{LocalReading, read_local};

/// The canonical form of a number as written in an article of that language; `None` when the text is no number or the
/// language does not decide between two readings.
pub(super) fn canonical(written: &str, lang: &str) -> Option<String> {
    match read_local(written, lang) {
        LocalReading::Value(value) => decimal::canonical(&value.normalize().to_string()).ok().map(|c| c.into_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_decides() {
        assert_eq!(canonical("37.000", "id").as_deref(), Some("37000"));
        assert_eq!(canonical("37.000", "en").as_deref(), Some("37"));
        assert_eq!(canonical("37,000", "en").as_deref(), Some("37000"));
        assert_eq!(canonical("37.000", "und"), None);
        assert_eq!(canonical("many", "en"), None);
    }
}
