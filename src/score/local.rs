//! Predicted numbers that are written as in the article, read by its language.

use std::borrow::Cow;

/// The canonical form of a number as written in an article of that language; `None` when the text is no number or the
/// language does not decide between two readings.
pub(super) fn canonical<'a>(written: &'a str, lang: &str) -> Option<Cow<'a, str>> {
    let _ = lang;
    Some(Cow::Borrowed(written))
}
