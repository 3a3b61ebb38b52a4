//! JSON as serde_json writes it, without spaces. Nearly all texts need no escape, and are copied whole: byte by byte, the fields of
//! the claims would take a large part of storing a run.

use crate::claim::{Fields, Fragments};

/// Adds a text in quotation marks.
pub(super) fn push_text(out: &mut Vec<u8>, text: &str) {
    // Without an early end the test of many bytes is one instruction.
    let is_plain = text.bytes().fold(true, |plain, b| plain & (b >= 0x20) & (b != b'"') & (b != b'\\'));
    if is_plain {
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    } else {
        push(out, text);
    }
}

/// Adds any value.
pub(super) fn push<T: serde::Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) {
    // Neither a vector nor a plain value can fail.
    let _ = serde_json::to_writer(out, value);
}

/// Places as text, as they are displayed.
pub(super) fn places(fragments: &Fragments) -> String {
    let mut out = Vec::with_capacity(fragments.spans().len() * 12);
    for (i, span) in fragments.spans().iter().enumerate() {
        if i > 0 {
            out.push(b';');
        }
        push(&mut out, &span.start());
        out.push(b'-');
        push(&mut out, &span.end());
    }
    String::from_utf8(out).unwrap_or_default()
}

/// Adds the fields of a claim: as written, `null` where annotated as absent.
pub(super) fn push_fields(out: &mut Vec<u8>, fields: &Fields) {
    out.push(b'{');
    for (i, (name, state)) in fields.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        push_text(out, name);
        out.push(b':');
        match state.into_present() {
            Some(value) => push_text(out, value),
            None => out.extend_from_slice(b"null"),
        }
    }
    out.push(b'}');
}

/// The fields of a claim as text.
pub(super) fn fields(fields: &Fields) -> String {
    let length = fields.iter().map(|(name, state)| name.len() + state.into_present().map_or(4, str::len) + 6).sum::<usize>();
    let mut out = Vec::with_capacity(length + 2);
    push_fields(&mut out, fields);
    String::from_utf8(out).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::claim::{FieldState, Span};

    proptest::proptest! {
        #[test]
        fn places_are_written_as_they_are_displayed(pairs in proptest::collection::vec((proptest::prelude::any::<u32>(), 1u32..99), 0..4)) {
            let fragments: Fragments = pairs.iter().filter_map(|(start, length)| Span::new(*start, start.checked_add(*length)?)).collect();
            proptest::prop_assert_eq!(places(&fragments), fragments.to_string());
        }

        #[test]
        fn fields_are_written_as_serde_json_does(pairs in proptest::collection::btree_map("\\PC{0,3}|[\"\\\\\u{0}-\u{1f}a]{0,9}", proptest::option::of("\\PC{0,9}|[\"\\\\\u{0}-\u{1f}é]{0,40}"), 0..5)) {
            let made: Fields =
                pairs.iter().map(|(name, value)| (name.as_str(), value.clone().map_or(FieldState::Absent, FieldState::Present))).collect();
            let expected: &BTreeMap<String, Option<String>> = &pairs;
            proptest::prop_assert_eq!(fields(&made), serde_json::to_string(expected).unwrap());
        }
    }
}
