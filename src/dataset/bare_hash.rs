//! The hash of gold without a workspace: what two scores must share for their numbers to be comparable.
//!
//! Each article is hashed alone (SHA-256, cut to 128 bits) over its id, language, group, text and claims; the hash of the file is SHA-256
//! over the number of articles and their hashes, ascending. So neither the order of articles nor that of claims matters, and 16
//! bytes an article are enough to remember. Ids and tags of claims change nothing. Every text is written with its length in front,
//! every list with its number or a mark behind it, so that no two different contents are the same bytes.

use sha2::{Digest, Sha256};

use crate::claim::{FieldState, Span};

/// The hash of one article.
pub(crate) type ArticleHash = u128;

/// What of a claim numbers can depend on, but its fields.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HashedClaim<'a> {
    pub spans: &'a [Span],
    pub kind: &'a str,
    pub quote: &'a str,
    pub tracking_id: &'a str,
    pub optional: bool,
}

/// Hashes articles one after the other with the same buffers.
#[derive(Debug, Default)]
pub(crate) struct ArticleHasher {
    head: Vec<u8>,
    claims: Vec<u8>,
    /// Start and end of each claim in `claims`.
    bounds: Vec<(usize, usize)>,
}

impl ArticleHasher {
    /// Begins an article; `group` is empty where it has none.
    pub fn begin(&mut self, id: &str, lang: &str, group: &str, text: &str) {
        self.head.clear();
        self.claims.clear();
        self.bounds.clear();
        for part in [id, lang, group, text] {
            put(&mut self.head, part);
        }
    }

    /// Adds a claim; `fields` ascend by name.
    pub fn claim<'f>(&mut self, claim: HashedClaim<'_>, fields: impl Iterator<Item = (&'f str, FieldState<&'f str>)>) {
        let start = self.claims.len();
        let bytes = &mut self.claims;
        // Big-endian, so that claims in the order of the text are in the order of their bytes.
        for span in claim.spans {
            bytes.extend_from_slice(&(u64::from(span.start()) << 32 | u64::from(span.end())).to_be_bytes());
        }
        // No span begins there.
        bytes.extend_from_slice(&u32::MAX.to_be_bytes());
        bytes.push(u8::from(claim.optional));
        for part in [claim.kind, claim.quote, claim.tracking_id] {
            put(bytes, part);
        }
        for (name, state) in fields {
            match state {
                FieldState::Absent => {
                    bytes.push(1);
                    put(bytes, name);
                }
                FieldState::Present(value) => {
                    bytes.push(2);
                    put(bytes, name);
                    put(bytes, value);
                }
            }
        }
        bytes.push(0);
        self.bounds.push((start, self.claims.len()));
    }

    /// The hash of the article.
    pub fn finish(&mut self) -> ArticleHash {
        let claims = &self.claims;
        put_length(&mut self.head, self.bounds.len());
        let mut hasher = Sha256::new_with_prefix(&self.head);
        let of = |&(start, end): &(usize, usize)| &claims[start..end];
        if self.bounds.is_sorted_by(|a, b| of(a) <= of(b)) {
            hasher.update(claims);
        } else {
            self.bounds.sort_unstable_by(|a, b| of(a).cmp(of(b)));
            for bounds in &self.bounds {
                hasher.update(of(bounds));
            }
        }
        let digest: [u8; 32] = hasher.finalize().into();
        let mut first = [0; 16];
        first.copy_from_slice(&digest[..16]);
        u128::from_be_bytes(first)
    }
}

fn put(bytes: &mut Vec<u8>, text: &str) {
    put_length(bytes, text.len());
    // Many parts are empty, and copying nothing costs a call.
    if !text.is_empty() {
        bytes.extend_from_slice(text.as_bytes());
    }
}

/// Seven bits a byte, the lowest first; the last byte has its high bit clear.
fn put_length(bytes: &mut Vec<u8>, mut length: usize) {
    while length >= 0x80 {
        bytes.push(length as u8 | 0x80);
        length >>= 7;
    }
    bytes.push(length as u8);
}

/// The hash of a file, as 64 hex digits, from those of its articles in any order.
pub(crate) fn of_articles(mut articles: Vec<ArticleHash>) -> String {
    articles.sort_unstable();
    let mut hasher = Sha256::new();
    hasher.update((articles.len() as u64).to_le_bytes());
    for article in articles {
        hasher.update(article.to_be_bytes());
    }
    hasher.finalize().iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::Claim;

    fn claim(start: u32, kind: &str, fields: &[(&str, FieldState<&str>)]) -> Claim {
        let owned = |state: &FieldState<&str>| match state {
            FieldState::Absent => FieldState::Absent,
            FieldState::Present(value) => FieldState::Present((*value).to_owned()),
        };
        Claim {
            fragments: Span::new(start, start + 4).unwrap().into(),
            kind: kind.to_owned(),
            fields: fields.iter().map(|(name, state)| ((*name).to_owned(), owned(state))).collect(),
            ..Claim::default()
        }
    }

    fn hash(id: &str, claims: &[Claim]) -> ArticleHash {
        of_group(id, "", claims)
    }

    fn of_group(id: &str, group: &str, claims: &[Claim]) -> ArticleHash {
        let mut hasher = ArticleHasher::default();
        hasher.begin(id, "en", group, "");
        for claim in claims {
            let parts = HashedClaim { spans: claim.fragments.spans(), kind: &claim.kind, quote: "", tracking_id: "", optional: false };
            hasher.claim(parts, claim.fields.iter().map(|(name, state)| (name.as_str(), state)));
        }
        hasher.finish()
    }

    #[test]
    fn order_does_not_matter_and_everything_else_does() {
        let (a, b) = (claim(3, "rank", &[("value", FieldState::Present("1"))]), claim(9, "change", &[]));
        let both = [a.clone(), b.clone()];
        let one = |claim: Claim| hash("a1", &[claim]);
        let hashes = [
            hash("a1", &both),
            hash("a2", &both),
            of_group("a1", "g1", &both),
            one(a.clone()),
            hash("a1", &[a.clone(), a.clone()]),
            one(claim(3, "rank", &[("value", FieldState::Absent)])),
            one(claim(3, "rank", &[])),
            one(claim(4, "rank", &[])),
        ];
        assert_eq!(hashes[0], hash("a1", &[b, a]));
        for (i, hash) in hashes.iter().enumerate() {
            assert!(!hashes[..i].contains(hash), "{i}");
        }
        assert_eq!(of_articles(vec![1, 2]), of_articles(vec![2, 1]));
        assert_ne!(of_articles(vec![1, 2]), of_articles(vec![1, 2, 2]));
    }
}
