//! Which tracking ids a claim may carry: those that a search finds, or the best guesses.

use std::collections::BTreeMap;

use super::answers::{TrackedClaim, TrackingResult};
use super::read::published;
use crate::claim::{GoldClaim, Schema, text};
use crate::dataset::{ArticleRecord, Dataset};

/// Results that are shown.
const MOST: usize = 20;
/// Days between two articles at which their dates are not near any more.
const FAR: f64 = 365.0;

/// The ids whose claims hold every word of the query, anywhere in the dataset.
pub(super) fn search(dataset: &Dataset, claims: &[GoldClaim], query: &str) -> Vec<TrackingResult> {
    let folded = text::fold(query);
    let words: Vec<&str> = folded.split_whitespace().collect();
    let found = linked(claims).into_iter().filter_map(|(id, members)| {
        let said: Vec<String> = members.iter().map(|claim| said(dataset, claim)).collect();
        let is_in = |word: &&str, said: &String| said.contains(*word);
        if !words.iter().all(|word| said.iter().any(|said| is_in(word, said))) {
            return None;
        }
        // All words in one claim are better than words from all over, and the id itself is best.
        let most = said.iter().map(|said| words.iter().filter(|word| is_in(word, said)).count()).max().unwrap_or(0);
        let share = most as f64 / words.len().max(1) as f64;
        let score = if text::fold(id) == folded { 1.0 } else { 0.5 + 0.4 * share };
        Some((score, id, members))
    });
    best(dataset, found.collect())
}

/// The ids whose claims are most like one: the same key fields and kind, told near in time, and in another language.
pub(super) fn guesses(dataset: &Dataset, claims: &[GoldClaim], of: &GoldClaim) -> Vec<TrackingResult> {
    let others = linked(claims).into_iter().filter(|(id, _)| *id != of.claim.tracking_id);
    let found = others.filter_map(|(id, members)| {
        let score = members.iter().map(|claim| likeness(dataset, of, claim)).fold(0.0, f64::max);
        (score > 0.0).then_some((score, id, members))
    });
    best(dataset, found.collect())
}

/// Claims by tracking id.
fn linked(claims: &[GoldClaim]) -> BTreeMap<&str, Vec<&GoldClaim>> {
    let mut linked: BTreeMap<&str, Vec<&GoldClaim>> = BTreeMap::new();
    for claim in claims.iter().filter(|claim| !claim.claim.tracking_id.is_empty()) {
        linked.entry(&claim.claim.tracking_id).or_default().push(claim);
    }
    linked
}

fn best(dataset: &Dataset, mut found: Vec<(f64, &str, Vec<&GoldClaim>)>) -> Vec<TrackingResult> {
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    let result = |(score, id, members): (f64, &str, Vec<&GoldClaim>)| TrackingResult {
        tracking_id: id.to_owned(),
        score: (score * 100.0).round() / 100.0,
        claims: members.into_iter().map(|claim| tracked(dataset, claim)).collect(),
    };
    found.into_iter().take(MOST).map(result).collect()
}

fn tracked(dataset: &Dataset, gold: &GoldClaim) -> TrackedClaim {
    let article = dataset.article(&gold.article_id).map(|record| &record.article);
    let values = dataset.schema.key_fields.iter().filter_map(|name| gold.claim.fields.value(name));
    TrackedClaim {
        id: gold.claim.id.clone(),
        article_id: gold.article_id.clone(),
        lang: article.map(|article| article.lang.clone()).unwrap_or_default(),
        title: article.and_then(|article| article.title.clone()).unwrap_or_default(),
        quote: gold.claim.quote.clone(),
        kind: gold.claim.kind.clone(),
        value: values.collect::<Vec<_>>().join(" · "),
    }
}

/// All that a claim can be found by, folded.
fn said(dataset: &Dataset, gold: &GoldClaim) -> String {
    let title = dataset.article(&gold.article_id).and_then(|record| record.article.title.as_deref());
    let values = gold.claim.fields.iter().filter_map(|(_, state)| state.into_present());
    let parts = [gold.claim.tracking_id.as_str(), &gold.claim.quote, title.unwrap_or_default()].into_iter().chain(values);
    parts.map(text::fold).collect::<Vec<_>>().join("\n")
}

fn likeness(dataset: &Dataset, of: &GoldClaim, other: &GoldClaim) -> f64 {
    let (same, known) = same_fields(&dataset.schema, of, other);
    let fields = if known == 0 { 0.0 } else { f64::from(same) / f64::from(known) };
    let quote = if text::fold(&of.claim.quote) == text::fold(&other.claim.quote) { 1.0 } else { 0.0 };
    if fields == 0.0 && quote == 0.0 {
        return 0.0;
    }
    let kind = if of.claim.kind == other.claim.kind { 1.0 } else { 0.0 };
    let (here, there) = (dataset.article(&of.article_id), dataset.article(&other.article_id));
    let lang = |record: Option<&ArticleRecord>| record.map(|record| record.article.lang.clone());
    let elsewhere = if lang(here) == lang(there) { 0.0 } else { 1.0 };
    let day = |record: Option<&ArticleRecord>| record.and_then(|record| published(&record.article));
    let near = match (day(here), day(there)) {
        (Some(a), Some(b)) => 1.0 - (f64::from((a - b).get_days().abs()).min(FAR) / FAR),
        _ => 0.0,
    };
    0.5 * fields + 0.15 * quote + 0.15 * kind + 0.1 * near + 0.1 * elsewhere
}

/// How many key fields are equal, of how many that both have a value of.
fn same_fields(schema: &Schema, a: &GoldClaim, b: &GoldClaim) -> (u32, u32) {
    let keys = schema.key_fields.iter().filter_map(|name| {
        let field = schema.field(name)?;
        let key = |gold: &GoldClaim| gold.claim.fields.value(name).and_then(|value| schema.key(field, value).ok());
        Some(key(a)? == key(b)?)
    });
    keys.fold((0, 0), |(same, known), equal| (same + u32::from(equal), known + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::{Article, Claim, FieldState};

    fn gold(article: &str, id: &str, quote: &str, value: &str, tracking_id: &str) -> GoldClaim {
        let fields = [("value", FieldState::Present(value))].into();
        let claim = Claim {
            id: id.into(),
            quote: quote.into(),
            kind: "quantity".into(),
            fields,
            tracking_id: tracking_id.into(),
            ..Claim::default()
        };
        GoldClaim { claim, article_id: article.into(), ..GoldClaim::default() }
    }

    fn dataset() -> Dataset {
        let record = |id: &str, lang: &str, day: &str, title: &str| {
            let (published_at, title) = (Some(day.to_owned()), Some(title.to_owned()));
            let article = Article { id: id.into(), lang: lang.into(), published_at, title, ..Article::default() };
            ArticleRecord { article, ..ArticleRecord::default() }
        };
        let articles = vec![
            record("en-1", "en", "2024-05-13", "Arrests at the border"),
            record("en-2", "en", "2020-05-13", "Trade"),
            record("id-1", "id", "2024-05-14", "Penangkapan"),
        ];
        let claims = vec![
            gold("en-1", "a", "37,000 people", "37000", "arrests"),
            gold("en-2", "b", "37,000 tonnes", "37000", "trade"),
            gold("id-1", "c", "37.000 orang", "37000.0", ""),
            gold("id-1", "d", "sepuluh", "10", ""),
        ];
        Dataset { articles, claims, ..Dataset::default() }
    }

    #[test]
    fn every_word_is_looked_for_everywhere() {
        let dataset = dataset();
        let ids = |query: &str| -> Vec<String> {
            search(&dataset, &dataset.claims, query).into_iter().map(|result| result.tracking_id).collect()
        };
        assert_eq!(ids("BORDER 37,000"), ["arrests"]);
        assert_eq!(ids("37000"), ["arrests", "trade"]);
        assert_eq!(ids("trade"), ["trade"]);
        assert_eq!(ids("border tonnes"), Vec::<String>::new());
    }

    #[test]
    fn the_best_guess_is_the_same_figure_told_at_the_same_time() {
        let dataset = dataset();
        let results = guesses(&dataset, &dataset.claims, &dataset.claims[2]);
        let ids: Vec<&str> = results.iter().map(|result| result.tracking_id.as_str()).collect();
        assert_eq!(ids, ["arrests", "trade"]);
        assert!(results[0].score > results[1].score);
        let claim = &results[0].claims[0];
        assert_eq!((claim.lang.as_str(), claim.title.as_str(), claim.value.as_str()), ("en", "Arrests at the border", "37000"));
        assert_eq!(guesses(&dataset, &dataset.claims, &dataset.claims[3]), []);
        assert_eq!(guesses(&dataset, &dataset.claims, &dataset.claims[0])[0].tracking_id, "trade");
    }
}
