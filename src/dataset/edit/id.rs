//! Names of new claims.

use std::collections::BTreeMap;

/// Gives ids `<article>-c01`, `<article>-c02` …, or `<article>-<annotator>-01` in an annotator's file. A number that was seen is not given
/// again, also when its claim was deleted.
#[derive(Clone, Debug, Default)]
pub(super) struct Ids(BTreeMap<String, u64>);

impl Ids {
    /// Takes note of an id that is in use.
    pub fn see(&mut self, stem: &str, id: &str) {
        let Some(number) = id.strip_prefix(stem).filter(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())) else { return };
        let Ok(number) = number.parse::<u64>() else { return };
        match self.0.get_mut(stem) {
            Some(highest) => *highest = number.max(*highest),
            None => _ = self.0.insert(stem.to_owned(), number),
        }
    }

    /// An id that is not in use.
    pub fn next(&mut self, stem: &str) -> String {
        let number = self.0.entry(stem.to_owned()).or_default();
        *number = number.saturating_add(1);
        format!("{stem}{number:02}")
    }
}

/// What the ids of an article's claims begin with.
pub(super) fn stem(article_id: &str, annotator: Option<&str>) -> String {
    match annotator {
        None => format!("{article_id}-c"),
        Some(annotator) => format!("{article_id}-{annotator}-"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_on_and_are_not_given_twice() {
        let mut ids = Ids::default();
        let stem = stem("en-1", None);
        for id in ["en-1-c07", "en-1-c2", "en-1-cx", "en-10-c99", "other"] {
            ids.see(&stem, id);
        }
        assert_eq!([ids.next(&stem), ids.next(&stem)], ["en-1-c08", "en-1-c09"]);
        assert_eq!(Ids::default().next(&super::stem("en-1", Some("anna"))), "en-1-anna-01");
    }
}
