//! Gold without a workspace: one file of articles with their claims, as `assay score` reads it.

use super::GROUP_COLUMN;
use super::bare_hash::{ArticleHasher, HashedClaim, of_articles};
use crate::claim::{Article, Claim, ClaimStatus, Schema};
use crate::formats::claim_rows;
use crate::formats::jsonl::{self, RawClaims, Reading};
use crate::problem::{FirstProblems, Problems, Rule};
use crate::report::safe::quoted;

/// Articles with gold claims, without metadata of a dataset.
#[derive(Clone, Debug, Default)]
pub struct BareGold {
    /// In the order of the file.
    pub articles: Vec<BareArticle>,
    /// What is odd, in words.
    pub warnings: Vec<String>,
    /// Hash of all that the numbers and intervals of the whole can depend on, but not the other columns that slices cut by; does not
    /// depend on the order of the file.
    pub hash: String,
}

/// One article of a bare file.
#[derive(Clone, Debug, Default)]
pub struct BareArticle {
    /// Language `und` and an empty text where the file has none.
    pub article: Article,
    /// Other keys with a short text, to slice by.
    pub columns: Vec<(String, String)>,
    /// Gold claims that are scored: without drafts.
    pub claims: Vec<BareClaim>,
    /// Whether the file gives the article's text, be it an empty one.
    pub has_text: bool,
}

/// One gold claim of a bare file.
#[derive(Clone, Debug, Default)]
pub struct BareClaim {
    /// The claim with its place.
    pub claim: Claim,
    /// Neither missed when it is not found, nor is its match counted.
    pub optional: bool,
    /// To slice by.
    pub tags: Vec<String>,
}

impl BareGold {
    /// Reads a file of gold claims: a table where its name ends in `.csv`, `.tsv` or `.parquet`, else JSONL.
    ///
    /// # Errors
    /// Everything that is wrong with it: damaged lines, and values that are not of their field's type.
    pub fn read(file: &str, bytes: Vec<u8>, schema: &Schema) -> Result<BareGold, Problems> {
        let mut gold = BareGold::default();
        let mut claims = Claims { schema, problems: FirstProblems::of(file), drafts: 0 };
        let extension = file.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
        if let "csv" | "tsv" | "parquet" = extension.as_str() {
            let read = if extension == "parquet" { claim_rows::from_parquet } else { claim_rows::from_csv };
            let rows = read(file, bytes, Reading::Gold)?;
            for rows in rows.articles {
                let claims = claims.of(rows.line, &rows.id, &rows.claims);
                let lang = rows.lang.unwrap_or_else(|| "und".to_owned());
                let article = Article { id: rows.id, lang, publisher: rows.publisher, ..Article::default() };
                let columns = rows.group.map(|group| (GROUP_COLUMN.to_owned(), group)).into_iter().collect();
                gold.articles.push(BareArticle { article, columns, claims, ..BareArticle::default() });
            }
            gold.warnings = rows.warnings;
            gold.warnings.push(table_warning(file));
        } else {
            let read = jsonl::read(&bytes, Reading::Gold, file)?;
            for record in &read.records {
                let claims = claims.of(record.line, &record.id, &record.claims);
                let columns = record.columns.iter().map(|(k, v)| (k.clone().into_owned(), v.clone().into_owned())).collect();
                gold.articles.push(BareArticle { article: record.article(), columns, claims, has_text: record.text.is_some() });
            }
            gold.warnings = read.warnings;
        }
        let Claims { problems, drafts, .. } = claims;
        gold.warnings.extend(drafts_warning(file, drafts));
        problems.finish()?;
        gold.hash = hash(&gold.articles);
        Ok(gold)
    }
}

/// What is said of gold in a table.
pub(crate) fn table_warning(file: &str) -> String {
    format!("{file}: a table names only articles that have claims; use JSONL for articles without any")
}

/// What is said of drafts that were left out.
pub(crate) fn drafts_warning(file: &str, drafts: usize) -> Option<String> {
    match drafts {
        0 => None,
        1 => Some(format!("{file}: 1 draft claim is not scored")),
        n => Some(format!("{file}: {n} draft claims are not scored")),
    }
}

/// Makes gold claims of those that were read.
struct Claims<'a> {
    schema: &'a Schema,
    problems: FirstProblems<'a>,
    /// Left out so far.
    drafts: usize,
}

impl Claims<'_> {
    fn of(&mut self, line: u64, article: &str, raw: &RawClaims<'_>) -> Vec<BareClaim> {
        let mut claims = Vec::with_capacity(raw.len());
        for (number, raw) in raw.iter().enumerate() {
            let claim = raw.to_claim(raw.written_place());
            for (name, state) in &claim.fields {
                let (Some(field), Some(written)) = (self.schema.field(name), state.present()) else { continue };
                if let Err(error) = self.schema.key(field, written) {
                    let message = || format!("article {}, claims[{number}].fields.{name}: {error}", quoted(article, 60));
                    self.problems.add(line, name.as_str(), Rule::Value, message);
                }
            }
            match raw.status {
                ClaimStatus::Draft => self.drafts += 1,
                status => claims.push(BareClaim { claim, optional: status == ClaimStatus::Optional, tags: raw.tags.to_vec() }),
            }
        }
        claims
    }
}

fn hash(articles: &[BareArticle]) -> String {
    let mut hasher = ArticleHasher::default();
    let of_article = |BareArticle { article, columns, claims, .. }: &BareArticle| {
        let group = columns.iter().find(|(column, _)| column == GROUP_COLUMN).map_or("", |(_, group)| group);
        hasher.begin(&article.id, &article.lang, group, &article.text);
        for BareClaim { claim, optional, .. } in claims {
            let parts = HashedClaim {
                spans: claim.fragments.spans(),
                kind: &claim.kind,
                quote: &claim.quote,
                tracking_id: &claim.tracking_id,
                optional: *optional,
            };
            hasher.claim(parts, claim.fields.iter().map(|(name, state)| (name.as_str(), state)));
        }
        hasher.finish()
    };
    of_articles(articles.iter().map(of_article).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(file: &str, text: &str) -> Result<BareGold, String> {
        BareGold::read(file, text.as_bytes().to_vec(), &Schema::open()).map_err(|problems| problems.to_string())
    }

    const CSV: &str = "\
article_id,lang,publisher,start,end,quote,kind,value,status,tags
a1,id,Antara,0,4,satu,quantity,1,,must-find;hard
a1,,,5,9,dua2,quantity,2,draft,
a1,id,,10,14,tiga,quantity,3,optional,
a2,en,,0,3,one,quantity,1,gold,
";
    const JSONL: &str = r#"{"id":"a1","lang":"id","publisher":"Antara","claims":[{"start":0,"end":4,"quote":"satu","kind":"quantity","fields":{"value":1},"tags":["must-find","hard"]},{"start":5,"end":9,"quote":"dua2","kind":"quantity","fields":{"value":2},"status":"draft"},{"start":10,"end":14,"quote":"tiga","kind":"quantity","fields":{"value":3},"status":"optional"}]}
{"id":"a2","lang":"en","claims":[{"start":0,"end":3,"quote":"one","kind":"quantity","fields":{"value":1},"status":"gold"}]}
"#;

    #[test]
    fn drafts_are_left_out_and_optional_claims_are_marked_in_both_formats() {
        for (file, text) in [("gold.csv", CSV), ("gold.jsonl", JSONL)] {
            let gold = read(file, text).unwrap();
            let article = &gold.articles[0];
            let claims: Vec<_> =
                article.claims.iter().map(|c| (c.claim.quote.as_str(), c.optional, c.tags.join("+"), c.claim.fields.len())).collect();
            assert_eq!(claims, [("satu", false, "must-find+hard".to_owned(), 1), ("tiga", true, String::new(), 1)], "{file}");
            assert_eq!((article.article.lang.as_str(), article.article.publisher.as_deref()), ("id", Some("Antara")), "{file}");
            assert_eq!(gold.articles[1].article.lang, "en", "{file}");
            assert!(gold.warnings.contains(&format!("{file}: 1 draft claim is not scored")), "{:?}", gold.warnings);
        }
        assert_eq!(read("gold.csv", CSV).unwrap().hash, read("gold.jsonl", JSONL).unwrap().hash);
        let required = read("gold.csv", &CSV.replace("optional", "gold")).unwrap();
        assert_ne!(required.hash, read("gold.csv", CSV).unwrap().hash, "what is optional changes numbers");
    }

    #[test]
    fn what_has_no_meaning_is_an_error_at_its_place() {
        let cases = [
            ("gold.csv", CSV.replace("draft", "drfat"), "gold.csv:3:status: error[claim-status]: unknown claim status"),
            ("gold.csv", CSV.replace("a1,,,5", "a1,en,,5"), "gold.csv:3:lang: error[table]: is \"en\" here and \"id\""),
            ("gold.jsonl", JSONL.replace("\"draft\"", "\"drfat\""), "gold.jsonl:1:claims[1].status: error[table]"),
            ("gold.jsonl", JSONL.replace("\"draft\"", "7"), "gold.jsonl:1:claims[1].status: error[table]"),
            ("gold.jsonl", JSONL.replace("[\"must-find\",\"hard\"]", "\"hard\""), "gold.jsonl:1:claims[0].tags: error[table]"),
        ];
        for (file, text, place) in cases {
            let error = read(file, &text).unwrap_err();
            assert!(error.contains(place), "{place}: {error}");
        }
    }
}
