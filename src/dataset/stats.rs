//! What a dataset holds, in numbers.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::claim::{FieldState, GoldClaim};

use super::Dataset;

/// Counts over articles and gold claims. Claims of every status count, also those that are not scored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// Name of the dataset.
    pub name: String,
    /// Version of the dataset.
    pub version: String,
    /// Hash of what numbers depend on.
    pub hash: String,
    /// All articles.
    pub articles: usize,
    /// Articles whose claims enter the headline.
    pub scored_articles: usize,
    /// All gold claims.
    pub claims: usize,
    /// Code points of all texts.
    pub code_points: u64,
    /// Articles and claims by language.
    pub languages: BTreeMap<String, Share>,
    /// Articles and claims by status of the article.
    pub article_status: BTreeMap<String, Share>,
    /// Articles and claims by split; `` = none.
    pub splits: BTreeMap<String, Share>,
    /// Claims by kind.
    pub kinds: BTreeMap<String, usize>,
    /// Claims by status of the claim.
    pub claim_status: BTreeMap<String, usize>,
    /// Claims by what their annotation says of a field, in the order of the schema.
    pub fields: Vec<FieldCount>,
    /// How claims are linked.
    pub tracking: Tracking,
    /// Number of claims of an article → number of articles.
    pub claims_per_article: BTreeMap<usize, usize>,
    /// Articles without any claim.
    pub empty_articles: usize,
    /// Units of resampling: groups, and articles without one.
    pub units: usize,
}

/// A share of the data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Share {
    /// Articles.
    pub articles: usize,
    /// Their claims.
    pub claims: usize,
}

/// What annotation says of one field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FieldCount {
    /// Name of the field.
    pub name: String,
    /// Claims with a value.
    pub present: usize,
    /// Claims where an annotator found none.
    pub absent: usize,
    /// Claims where nobody looked.
    pub not_annotated: usize,
}

/// Tracking ids by how far they reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tracking {
    /// Different ids.
    pub ids: usize,
    /// Claims without one.
    pub claims_without: usize,
    /// Ids that stand in one article only.
    pub in_one_article: usize,
    /// Ids that stand in two articles or more.
    pub in_several_articles: usize,
    /// Of those, ids in two languages or more.
    pub over_languages: usize,
}

impl Dataset {
    /// Counts the dataset.
    pub fn stats(&self) -> Stats {
        let mut stats = Stats {
            name: self.meta.name.clone(),
            version: self.meta.version.clone(),
            hash: self.hash(),
            articles: self.articles.len(),
            claims: self.claims.len(),
            fields: self.schema.fields.iter().map(|f| FieldCount { name: f.name.clone(), ..FieldCount::default() }).collect(),
            ..Stats::default()
        };
        let mut links: BTreeMap<&str, (BTreeSet<&str>, BTreeSet<&str>)> = BTreeMap::new();
        let mut units = BTreeSet::new();
        for record in &self.articles {
            let claims = self.claims_of(&record.article.id);
            let lang = record.article.lang.as_str();
            stats.scored_articles += usize::from(record.status.is_scored());
            stats.code_points += record.article.text.chars().count() as u64;
            for (counts, key) in [
                (&mut stats.languages, lang),
                (&mut stats.article_status, record.status.name()),
                (&mut stats.splits, record.split.as_str()),
            ] {
                let share = counts.entry(key.to_owned()).or_default();
                share.articles += 1;
                share.claims += claims.len();
            }
            *stats.claims_per_article.entry(claims.len()).or_default() += 1;
            units.insert(record.unit());
            for gold in claims {
                count_claim(&mut stats, gold);
                let id = gold.claim.tracking_id.as_str();
                if id.is_empty() {
                    stats.tracking.claims_without += 1;
                } else {
                    let (articles, languages) = links.entry(id).or_default();
                    articles.insert(record.article.id.as_str());
                    languages.insert(lang);
                }
            }
        }
        stats.empty_articles = stats.claims_per_article.get(&0).copied().unwrap_or(0);
        stats.units = units.len();
        stats.tracking.ids = links.len();
        for (articles, languages) in links.values() {
            if articles.len() > 1 {
                stats.tracking.in_several_articles += 1;
                stats.tracking.over_languages += usize::from(languages.len() > 1);
            } else {
                stats.tracking.in_one_article += 1;
            }
        }
        stats
    }
}

fn count_claim(stats: &mut Stats, gold: &GoldClaim) {
    *stats.kinds.entry(gold.claim.kind.clone()).or_default() += 1;
    *stats.claim_status.entry(gold.status.name().to_owned()).or_default() += 1;
    for field in &mut stats.fields {
        match gold.claim.fields.get(&field.name) {
            Some(FieldState::Present(_)) => field.present += 1,
            Some(FieldState::Absent) => field.absent += 1,
            None => field.not_annotated += 1,
        }
    }
}
