//! Claims that say the same in other articles.

use std::collections::{BTreeMap, BTreeSet};

use crate::claim::{FieldState, GoldClaim, Schema, text};

use super::{ArticleRecord, Dataset};

/// Share of common letter triples from which on two quotes are near.
const NEAR_QUOTE: f64 = 0.4;

/// The claims of a dataset by what they say.
#[derive(Debug)]
pub struct Twins<'d> {
    dataset: &'d Dataset,
    claims: BTreeMap<(&'d str, Keys<'d>), Vec<&'d GoldClaim>>,
}

/// Key fields that have a value, with the key under which it compares.
type Keys<'d> = Vec<(&'d str, String)>;

impl<'d> Twins<'d> {
    /// Sorts the claims of a dataset.
    pub fn of(dataset: &'d Dataset) -> Twins<'d> {
        let mut claims: BTreeMap<_, Vec<&GoldClaim>> = BTreeMap::new();
        for gold in &dataset.claims {
            if let Some(keys) = keys(&dataset.schema, gold) {
                claims.entry((gold.claim.kind.as_str(), keys)).or_default().push(gold);
            }
        }
        Twins { dataset, claims }
    }

    /// A claim of another article that says the same: same kind, the same key fields, and a near quote (or, in another language, the same
    /// digits), or an article of the same group. One with a tracking id before others, then the first in canonical order.
    pub fn of_claim(&self, gold: &GoldClaim, article: &ArticleRecord) -> Option<&'d GoldClaim> {
        let keys = keys(&self.dataset.schema, gold)?;
        let same = self.claims.get(&(gold.claim.kind.as_str(), keys))?;
        let others = same.iter().filter(|other| other.article_id != gold.article_id && is_near(self.dataset, gold, article, other));
        others.copied().min_by_key(|other| other.claim.tracking_id.is_empty())
    }
}

/// The key fields with a value. `None` without any.
fn keys<'s>(schema: &'s Schema, gold: &GoldClaim) -> Option<Keys<'s>> {
    let value = |name: &'s String| {
        let written = gold.claim.fields.get(name).and_then(FieldState::into_present)?;
        Some((name.as_str(), schema.key(schema.field(name)?, written).ok()?))
    };
    let keys: Vec<(&str, String)> = schema.key_fields.iter().filter_map(value).collect();
    (!keys.is_empty()).then_some(keys)
}

fn is_near(dataset: &Dataset, gold: &GoldClaim, article: &ArticleRecord, other: &GoldClaim) -> bool {
    let Some(record) = dataset.article(&other.article_id) else { return false };
    if !article.group_id.is_empty() && article.group_id == record.group_id {
        return true;
    }
    let (ours, theirs) = (&gold.claim.quote, &other.claim.quote);
    let digits = |quote: &str| quote.chars().filter(char::is_ascii_digit).collect::<String>();
    if article.article.lang != record.article.lang {
        // A single digit is in too many claims.
        return digits(ours).len() > 1 && digits(ours) == digits(theirs);
    }
    likeness(ours, theirs) >= NEAR_QUOTE
}

/// Twice the common letter triples over all.
fn likeness(a: &str, b: &str) -> f64 {
    let triples = |quote: &str| -> BTreeSet<[char; 3]> {
        let letters: Vec<char> = text::fold(quote).chars().collect();
        letters.windows(3).map(|w| [w[0], w[1], w[2]]).collect()
    };
    let (a, b) = (triples(a), triples(b));
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    2.0 * a.intersection(&b).count() as f64 / (a.len() + b.len()) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::{Article, Claim};

    fn record(id: &str, lang: &str, group: &str) -> ArticleRecord {
        let article = Article { id: id.to_owned(), lang: lang.to_owned(), ..Article::default() };
        ArticleRecord { article, group_id: group.to_owned(), ..ArticleRecord::default() }
    }

    fn claim(article: &str, quote: &str, value: &str, tracking: &str) -> GoldClaim {
        let fields = [("unit", FieldState::Present("person")), ("value", FieldState::Present(value))].into();
        let claim =
            Claim { quote: quote.to_owned(), kind: "quantity".to_owned(), fields, tracking_id: tracking.to_owned(), ..Claim::default() };
        GoldClaim { claim, article_id: article.to_owned(), ..GoldClaim::default() }
    }

    #[test]
    fn the_same_claim_elsewhere_is_found_and_other_claims_are_not() {
        let dataset = Dataset {
            articles: vec![record("en-1", "en", ""), record("es-1", "es", "g"), record("id-1", "id", "")],
            claims: vec![
                claim("en-1", "more than 37,000 people", "37000", ""),
                claim("es-1", "diez mil personas", "10000", "t-ten"),
                claim("id-1", "37.000 orang", "37000", "t-border"),
            ],
            ..Dataset::default()
        };
        for (quote, value, lang, group, expected) in [
            ("37,000 people", "37000", "en", "", Some("t-border")),
            ("some 37,000 people", "37000.0", "de", "", Some("t-border")),
            ("thirty-seven thousand", "37000", "fr", "", None),
            ("ten thousand", "10000", "en", "g", Some("t-ten")),
            ("ten thousand", "10000", "en", "", None),
            ("37,000 people", "37", "en", "", None),
        ] {
            let new = claim("x", quote, value, "");
            let found = Twins::of(&dataset).of_claim(&new, &record("x", lang, group)).map(|twin| twin.claim.tracking_id.as_str());
            assert_eq!(found, expected, "{quote} {lang}");
        }
    }
}
