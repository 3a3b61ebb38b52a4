//! What to label next.

use super::Session;

/// Articles to label next, best first, each with why. Empty: the page keeps the order of the dataset.
pub fn queue(_session: &Session) -> Vec<(String, String)> {
    Vec::new()
}
