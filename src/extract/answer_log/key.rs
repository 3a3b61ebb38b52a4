//! What an answer is an answer to.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

/// SHA-256 over all that an answer depends on: what identifies the extractor, what is sent, and the number of the repeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AnswerKey([u8; 32]);

impl AnswerKey {
    /// The key of one way of asking. `repeat` counts from 1, which is also that of a run without repeats.
    pub fn new(identity: &str, sent: &[u8], repeat: u32) -> AnswerKey {
        let mut hasher = Sha256::new();
        for part in [b"answer 1".as_slice(), identity.as_bytes(), sent, &repeat.to_le_bytes()] {
            // With their lengths, so that no two lists of parts give the same bytes.
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        AnswerKey(hasher.finalize().into())
    }
}

impl fmt::Display for AnswerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::dataset::hex(&self.0))
    }
}

impl FromStr for AnswerKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
        let pair = |pair: &[u8]| Some(digit(*pair.first()?)? << 4 | digit(*pair.get(1)?)?);
        let bytes: Option<Vec<u8>> = text.as_bytes().chunks(2).map(pair).collect();
        bytes.and_then(|bytes| bytes.try_into().ok()).map(AnswerKey).ok_or_else(|| "a key has 64 hex digits".to_owned())
    }
}

impl Serialize for AnswerKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for AnswerKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'_, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_counts_and_the_text_reads_back() {
        let key = AnswerKey::new("a", b"bc", 1);
        for other in [AnswerKey::new("ab", b"c", 1), AnswerKey::new("a", b"bc", 2), AnswerKey::new("a", b"bd", 1)] {
            assert_ne!(key, other);
        }
        assert_eq!(key.to_string().parse(), Ok(key));
        assert!("zz".parse::<AnswerKey>().is_err() && key.to_string()[1..].parse::<AnswerKey>().is_err());
    }
}
