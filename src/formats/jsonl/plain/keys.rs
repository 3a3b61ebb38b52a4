//! Keys of objects: which of them there were, and those of a claim, told apart by their first eight bytes.

use std::borrow::Cow;
/// Which of the known keys an object has had, by their numbers.
#[derive(Default)]
pub(super) struct Seen(u16);

impl Seen {
    pub fn once(&mut self, key: u8) -> Option<()> {
        let before = self.0;
        self.0 |= 1 << key;
        (self.0 != before).then_some(())
    }

    pub fn all(&self, keys: &[u8]) -> bool {
        keys.iter().all(|key| self.0 & (1 << key) != 0)
    }
}

/// Names that are compared one by one; an object with more of them is left to the other reader, which hashes them.
const MOST_NAMES: usize = 32;

/// Whether a name is there already, or nobody looked because there are so many.
pub(super) fn is_doubled<T>(known: &[(Cow<'_, str>, T)], name: &str) -> bool {
    known.len() >= MOST_NAMES || known.iter().any(|(known, _)| known == name)
}

/// Keys of a claim.
#[derive(Clone, Copy)]
pub(super) enum Key {
    Start,
    End,
    Quote,
    Kind,
    Fields,
    Score,
    Id,
    TrackingId,
    Prefix,
    Suffix,
    Fragments,
    Status,
    Tags,
}

impl Key {
    pub fn of(name: &str) -> Option<Key> {
        Some(match name {
            "start" => Key::Start,
            "end" => Key::End,
            "quote" => Key::Quote,
            "kind" => Key::Kind,
            "fields" => Key::Fields,
            "score" => Key::Score,
            "id" => Key::Id,
            "tracking_id" => Key::TrackingId,
            "prefix" => Key::Prefix,
            "suffix" => Key::Suffix,
            "fragments" => Key::Fragments,
            "status" => Key::Status,
            "tags" => Key::Tags,
            _ => return None,
        })
    }
}

/// Up to eight bytes as a number, as [`super::cursor::Cursor::eight`] gives them.
const fn word(bytes: &[u8]) -> u64 {
    let (mut word, mut i) = (0, 0);
    while i < bytes.len() {
        word |= (bytes[i] as u64) << (8 * i);
        i += 1;
    }
    word
}

/// Keys with their quotation marks and colon, of eight bytes at the most.
pub(super) const START: u64 = word(b"\"start\":");
pub(super) const END: u64 = word(b"\"end\":");
pub(super) const QUOTE: u64 = word(b"\"quote\":");
pub(super) const KIND: u64 = word(b"\"kind\":");
pub(super) const FIELDS: u64 = word(b"\"fields\"");
pub(super) const SCORE: u64 = word(b"\"score\":");
pub(super) const VALUE: u64 = word(b"\"value\":");
