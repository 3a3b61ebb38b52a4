//! Data and hashes in the form in which a page can hold them.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// The value as JSON that ends no script element and starts no comment: `<`, U+2028 and U+2029 are escaped.
///
/// # Errors
/// When the value has something that JSON has not.
pub(super) fn json<T: Serialize>(value: &T) -> Result<Vec<u8>, serde_json::Error> {
    let plain = serde_json::to_vec(value)?;
    let mut out = Vec::with_capacity(plain.len() + plain.len() / 64);
    let mut rest = plain.as_slice();
    // In JSON these bytes stand in strings only, so that an escape is always in its place.
    while let Some(at) = memchr::memchr2(b'<', 0xe2, rest) {
        out.extend_from_slice(&rest[..at]);
        let (escape, length): (&[u8], usize) = match &rest[at..] {
            [b'<', ..] => (b"\\u003c", 1),
            [0xe2, 0x80, 0xa8, ..] => (b"\\u2028", 3),
            [0xe2, 0x80, 0xa9, ..] => (b"\\u2029", 3),
            other => (&other[..1], 1),
        };
        out.extend_from_slice(escape);
        rest = &rest[at + length..];
    }
    out.extend_from_slice(rest);
    Ok(out)
}

/// The source of a policy that allows exactly this text.
pub(super) fn hash_source(text: &str) -> String {
    format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text.as_bytes())))
}

/// A row of a table: its cells in the order of the columns, without the empty ones at its end.
pub(super) fn row(cells: impl IntoIterator<Item = Value>) -> Value {
    let mut cells: Vec<Value> = cells.into_iter().collect();
    let kept = cells.iter().rposition(|cell| !is_empty(cell)).map_or(0, |last| last + 1);
    cells.truncate(kept);
    Value::Array(cells)
}

/// The text, or nothing where it is empty.
pub(super) fn text(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { Value::from(text) }
}

fn is_empty(cell: &Value) -> bool {
    cell.is_null() || cell.as_array().is_some_and(Vec::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_the_script_element() {
        for text in
            ["</script><script>alert(1)</script>", "<!-- <script", "a\u{2028}b\u{2029}c", "“quoted” — €", "</SCRIPT\t>", "\u{0}\r\n"]
        {
            let json = json(&[text]).unwrap();
            assert!(!json.contains(&b'<') && !json.contains(&b'\r') && !json.contains(&0), "{text:?}");
            let read = String::from_utf8(json).unwrap();
            assert!(!read.contains(['\u{2028}', '\u{2029}']), "{text:?}");
            assert_eq!(serde_json::from_str::<Vec<String>>(&read).unwrap(), [text]);
        }
    }

    #[test]
    fn the_hash_is_that_of_the_standard() {
        // The example of CSP Level 3, section 8.
        assert_eq!(hash_source("alert('Hello, world.');"), "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='");
    }

    #[test]
    fn rows_end_with_their_last_cell() {
        let cells = |cells: Value| row(cells.as_array().unwrap().clone()).to_string();
        assert_eq!(cells(serde_json::json!([null, 1, [], null])), "[null,1]");
        assert_eq!(cells(serde_json::json!([0, ""])), "[0,\"\"]");
        assert_eq!(cells(serde_json::json!([null])), "[]");
    }
}
