//! Gold without a workspace: one file of articles with their claims, as `assay score` reads it.

use sha2::{Digest, Sha256};

use crate::claim::{Article, Claim, Schema};
use crate::formats::jsonl::{self, Read};
use crate::problem::{Problems, Rule};

/// Articles with gold claims, without metadata of a dataset.
#[derive(Clone, Debug, Default)]
pub struct BareGold {
    /// In the order of the file.
    pub articles: Vec<BareArticle>,
    /// What is odd, in words.
    pub warnings: Vec<String>,
    /// SHA-256 of all that numbers can depend on; does not depend on the order of the file.
    pub hash: String,
}

/// One article of a bare file.
#[derive(Clone, Debug, Default)]
pub struct BareArticle {
    /// Language `und` and an empty text where the file has none.
    pub article: Article,
    /// Other keys with a short text, to slice by.
    pub columns: Vec<(String, String)>,
    /// Gold claims.
    pub claims: Vec<Claim>,
}

impl BareGold {
    /// Takes over what was read; checks every value against its field's type.
    ///
    /// # Errors
    /// All values that are not of their field's type.
    pub fn new(file: &str, read: Read<'_>, schema: &Schema) -> Result<BareGold, Problems> {
        let mut problems = Problems::new();
        let mut articles = Vec::with_capacity(read.records.len());
        for record in &read.records {
            let claims: Vec<Claim> = record.claims().iter().map(|c| c.to_claim(c.written_place())).collect();
            for (number, claim) in claims.iter().enumerate() {
                for (name, state) in &claim.fields {
                    let (Some(field), Some(written)) = (schema.field(name), state.present()) else { continue };
                    if let Err(error) = schema.key(field, written) {
                        let place = format!("article {:?}, claims[{number}].fields.{name}: {error}", record.id);
                        problems.add(file, record.line, name.as_str(), Rule::Value, place);
                    }
                }
            }
            let columns = record.columns.iter().map(|(k, v)| (k.clone().into_owned(), v.clone().into_owned())).collect();
            articles.push(BareArticle { article: record.article(), columns, claims });
        }
        if problems.has_errors() {
            return Err(problems);
        }
        let hash = hash(&articles);
        Ok(BareGold { articles, warnings: read.warnings, hash })
    }

    /// Reads the bytes of a file of gold claims.
    ///
    /// # Errors
    /// Everything that is wrong with it, one finding a line of text.
    pub fn read(file: &str, bytes: &[u8], schema: &Schema) -> Result<BareGold, String> {
        let read = jsonl::read(bytes, jsonl::Reading::Gold, file).map_err(|problems| problems.to_string())?;
        BareGold::new(file, read, schema).map_err(|problems| problems.to_string())
    }
}

/// SHA-256 over each article's id, language, text and claims (without ids), the articles by id, the claims sorted. Every part is
/// written with its length in front, so that no two different contents are the same bytes.
fn hash(articles: &[BareArticle]) -> String {
    let mut order: Vec<&BareArticle> = articles.iter().collect();
    order.sort_unstable_by(|a, b| a.article.id.cmp(&b.article.id));
    let mut hasher = Sha256::new();
    let mut part = |text: &str| {
        hasher.update((text.len() as u64).to_le_bytes());
        hasher.update(text);
    };
    for article in order {
        part(&article.article.id);
        part(&article.article.lang);
        part(&article.article.text);
        let mut claims: Vec<String> = article
            .claims
            .iter()
            .map(|c| format!("{}\u{0}{}\u{0}{}\u{0}{}\u{0}{:?}", c.fragments, c.quote, c.kind, c.tracking_id, c.fields))
            .collect();
        claims.sort_unstable();
        part(&claims.len().to_string());
        claims.iter().for_each(|claim| part(claim));
    }
    hex(&hasher.finalize())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
