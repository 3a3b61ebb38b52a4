//! The dataset hash: what two runs must share for their numbers to be comparable.
//!
//! SHA-256 over a sequence of byte strings, each preceded by its length as a 64-bit little-endian number, and each list by the
//! number of its items, so that no two datasets share an encoding:
//!
//! 1. `assay dataset 1`
//! 2. schema: kinds (sorted; none when open), fields (by name: name, type, values sorted, weight, tolerance), key fields (sorted).
//!    `required_for` is left out: it is a rule of lint and changes no number.
//! 3. aliases: field, folded spelling, folded canonical form
//! 4. articles that are scored or `incomplete`, by id: id, lang, status, group_id, text
//! 5. their claims but drafts, in the order of their encodings: fragments, kind, status, tracking_id, and of each annotated field
//!    its name and `none` or its canonical value
//!
//! Order of rows and columns, spelling of equal values, notes, titles, annotators, tags, ids of claims and unknown columns
//! change nothing.

use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use crate::claim::{ArticleStatus, ClaimStatus, FieldState, GoldClaim, Schema};

use super::Dataset;
use super::articles::hex;

impl Dataset {
    /// The hash of everything that numbers depend on, as 64 hex digits.
    pub fn hash(&self) -> String {
        let mut bytes = Encoding::default();
        bytes.text("assay dataset 1");
        schema(&mut bytes, &self.schema);
        let articles: Vec<_> = self.articles.iter().filter(|a| a.status.is_scored() || a.status == ArticleStatus::Incomplete).collect();
        bytes.count(articles.len());
        // The whole would double the memory of large sets: the digest takes it piece by piece.
        let mut digest = Sha256::new();
        let (mut claims, mut bounds, mut keys) = (Encoding::default(), Vec::new(), Keys::default());
        for record in articles {
            for part in [&record.article.id, &record.article.lang, record.status.name(), &record.group_id] {
                bytes.text(part);
            }
            let text = record.article.text.as_bytes();
            bytes.count(text.len());
            digest.update(&bytes.0);
            digest.update(text);
            bytes.0.clear();
            claims.0.clear();
            bounds.clear();
            for claim in self.claims_of(&record.article.id).iter().filter(|c| c.status != ClaimStatus::Draft) {
                let start = claims.0.len();
                encode(&mut claims, claim, &self.schema, &mut keys);
                bounds.push((start, claims.0.len()));
            }
            let encoded = |&(start, end): &(usize, usize)| &claims.0[start..end];
            bounds.sort_unstable_by(|a, b| encoded(a).cmp(encoded(b)));
            bytes.count(bounds.len());
            bounds.iter().for_each(|claim| bytes.bytes(encoded(claim)));
        }
        digest.update(&bytes.0);
        hex(&digest.finalize())
    }
}

fn schema(bytes: &mut Encoding, schema: &Schema) {
    match &schema.kinds {
        None => bytes.text("open"),
        Some(kinds) => {
            bytes.text("closed");
            bytes.sorted(kinds);
        }
    }
    let mut fields: Vec<_> = schema.fields.iter().collect();
    fields.sort_by(|a, b| a.name.cmp(&b.name));
    bytes.count(fields.len());
    for field in fields {
        bytes.text(&field.name);
        bytes.text(field.field_type.name());
        bytes.sorted(&field.values);
        bytes.text(&field.weight.to_string());
        bytes.text(&field.tolerance.abs.normalize().to_string());
        bytes.text(&field.tolerance.rel.normalize().to_string());
    }
    bytes.sorted(&schema.key_fields);
    let aliases: Vec<_> = schema.aliases.iter().collect();
    bytes.count(aliases.len());
    for (field, written, canonical) in aliases {
        for part in [field, written, canonical] {
            bytes.text(part);
        }
    }
}

/// Keys by field name and written value, where there is one: most values of a dataset occur many times.
type Keys<'a> = FxHashMap<(&'a str, &'a str), Option<String>>;

fn encode<'a>(bytes: &mut Encoding, gold: &'a GoldClaim, schema: &Schema, keys: &mut Keys<'a>) {
    let claim = &gold.claim;
    for part in [&claim.fragments.to_string(), &claim.kind, gold.status.name(), &claim.tracking_id] {
        bytes.text(part);
    }
    bytes.count(claim.fields.len());
    for (name, state) in &claim.fields {
        bytes.text(name);
        match state {
            FieldState::Absent => bytes.text("none"),
            FieldState::Present(value) => {
                let key = keys
                    .entry((name.as_str(), value))
                    .or_insert_with(|| schema.field(name).and_then(|field| schema.key(field, value).ok()));
                bytes.text("value");
                bytes.text(key.as_deref().unwrap_or(value));
            }
        }
    }
}

#[derive(Default)]
struct Encoding(Vec<u8>);

impl Encoding {
    fn count(&mut self, n: usize) {
        self.0.extend((n as u64).to_le_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.count(bytes.len());
        self.0.extend(bytes);
    }

    fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    fn sorted(&mut self, texts: &[String]) {
        let mut texts: Vec<&String> = texts.iter().collect();
        texts.sort_unstable();
        self.count(texts.len());
        texts.into_iter().for_each(|t| self.text(t));
    }
}
