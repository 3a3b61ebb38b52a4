//! What a row was when it was read.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::claim::{GoldClaim, Schema};
use crate::dataset::write::{article_cell, claim_cell};
use crate::dataset::{ArticleRecord, article_columns, claim_columns, hex};

/// What a row was: equal when every cell was. Its text is short and safe in any sink.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(String);

impl Version {
    /// A version as a client sends it back; any text is one, though none that a row has.
    pub fn new(text: impl Into<String>) -> Version {
        Version(text.into())
    }

    /// Of a claim.
    pub fn of_claim(claim: &GoldClaim, schema: &Schema) -> Version {
        let extra = claim.extra.keys().map(String::as_str);
        Version::of_cells(claim_columns(schema).into_iter().chain(extra).map(|column| (column, claim_cell(claim, column))))
    }

    /// Of an article: its row, not its text.
    pub fn of_article(article: &ArticleRecord) -> Version {
        let extra = article.extra.keys().map(String::as_str);
        Version::of_cells(article_columns().iter().copied().chain(extra).map(|column| (column, article_cell(article, column))))
    }

    /// Of files, `None` where there is none.
    pub(super) fn of_files<'f>(files: impl Iterator<Item = Option<&'f [u8]>>) -> Version {
        let mut hash = Sha256::new();
        for bytes in files {
            hash.update(bytes.map_or(u64::MAX, |bytes| bytes.len() as u64).to_le_bytes());
            hash.update(bytes.unwrap_or_default());
        }
        Version(hex(&hash.finalize()[..8]))
    }

    fn of_cells<'c>(cells: impl Iterator<Item = (&'c str, String)>) -> Version {
        let mut hash = Sha256::new();
        for (column, cell) in cells.filter(|(_, cell)| !cell.is_empty()) {
            for part in [column, cell.as_str()] {
                hash.update((part.len() as u64).to_le_bytes());
                hash.update(part);
            }
        }
        Version(hex(&hash.finalize()[..8]))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
