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
        for record in articles {
            digest.update(bytes.take());
            for part in [&record.article.id, &record.article.lang, record.status.name(), &record.group_id, &*record.article.text] {
                bytes.text(part);
            }
            let claims = self.claims_of(&record.article.id).iter().filter(|c| c.status != ClaimStatus::Draft);
            let mut encoded: Vec<Vec<u8>> = claims.map(|claim| encode(claim, &self.schema)).collect();
            encoded.sort_unstable();
            bytes.count(encoded.len());
            encoded.iter().for_each(|claim| bytes.bytes(claim));
        }
        digest.update(bytes.take());
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

fn encode(gold: &GoldClaim, schema: &Schema) -> Vec<u8> {
    let mut bytes = Encoding::default();
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
                let key = schema.field(name).and_then(|field| schema.key(field, value).ok());
                bytes.text("value");
                bytes.text(key.as_deref().unwrap_or(value));
            }
        }
    }
    bytes.take()
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

    fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.0)
    }
}
