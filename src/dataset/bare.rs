//! Gold without a workspace: one file of articles with their claims, as `assay score` reads it.

use sha2::{Digest, Sha256};

use crate::claim::{Article, Claim, Schema};
use crate::formats::claim_rows;
use crate::formats::jsonl::{self, RawClaim, Reading};
use crate::problem::{Problems, Rule};
use crate::report::safe::quoted;

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
    /// Reads a file of gold claims: a table where its name ends in `.csv` or `.tsv`, else JSONL.
    ///
    /// # Errors
    /// Everything that is wrong with it: damaged lines, and values that are not of their field's type.
    pub fn read(file: &str, bytes: Vec<u8>, schema: &Schema) -> Result<BareGold, Problems> {
        let mut gold = BareGold::default();
        let mut problems = Problems::new();
        if is_table(file) {
            let rows = claim_rows::from_csv(file, bytes, Reading::Gold)?;
            for of_article in &rows.articles {
                let claims = claims(file, of_article.line, &of_article.id, of_article.content.claims(), schema, &mut problems);
                let article = Article { id: of_article.id.clone(), lang: "und".to_owned(), ..Article::default() };
                gold.articles.push(BareArticle { article, columns: Vec::new(), claims });
            }
            gold.warnings = rows.warnings;
            gold.warnings.push(format!("{file}: a table names only articles that have claims; use JSONL for articles without any"));
        } else {
            let read = jsonl::read(&bytes, Reading::Gold, file)?;
            for record in &read.records {
                let claims = claims(file, record.line, &record.id, record.claims(), schema, &mut problems);
                let columns = record.columns.iter().map(|(k, v)| (k.clone().into_owned(), v.clone().into_owned())).collect();
                gold.articles.push(BareArticle { article: record.article(), columns, claims });
            }
            gold.warnings = read.warnings;
        }
        if problems.has_errors() {
            return Err(problems);
        }
        gold.hash = hash(&gold.articles);
        Ok(gold)
    }
}

fn is_table(file: &str) -> bool {
    let extension = file.rsplit_once('.').map_or("", |(_, extension)| extension);
    extension.eq_ignore_ascii_case("csv") || extension.eq_ignore_ascii_case("tsv")
}

fn claims(file: &str, line: u64, article: &str, raw: &[RawClaim<'_>], schema: &Schema, problems: &mut Problems) -> Vec<Claim> {
    let claims: Vec<Claim> = raw.iter().map(|c| c.to_claim(c.written_place())).collect();
    for (number, claim) in claims.iter().enumerate() {
        for (name, state) in &claim.fields {
            let (Some(field), Some(written)) = (schema.field(name), state.present()) else { continue };
            if let Err(error) = schema.key(field, written) {
                let message = format!("article {}, claims[{number}].fields.{name}: {error}", quoted(article, 60));
                problems.add(file, line, name.as_str(), Rule::Value, message);
            }
        }
    }
    claims
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
