//! The lists of claims that came out otherwise, as rows that point into the articles.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::embed::{row, text};
use crate::report::document::{Document, ReportItem};
use crate::runs::{ClaimChange, Comparison};

/// By the name of the list: rows of `article, item, lang, kind, name, quote, predicted quote, fields, class, context`; empty without
/// a comparison.
///
/// `article` is the place of the article in the index, or its id where it is none of this report; `item` counts from 1 and is absent
/// where the claim is none of this run.
pub(super) fn changes(document: &Document) -> Map<String, Value> {
    let Some(comparison) = &document.comparison else { return Map::new() };
    let places: BTreeMap<&str, usize> = document.articles.iter().enumerate().map(|(i, article)| (article.id.as_str(), i)).collect();
    let rows = |changes: &[ClaimChange], side: Side| changes.iter().map(|change| change_row(document, &places, change, side)).collect();
    lists(comparison).into_iter().map(|(name, side, changes)| (name.to_owned(), rows(changes, side))).collect()
}

/// Whose claims a list is of.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Gold,
    Head,
    Base,
}

fn lists(comparison: &Comparison) -> [(&'static str, Side, &[ClaimChange]); 7] {
    let changes = &comparison.changes;
    [
        ("newly_missed", Side::Gold, &changes.newly_missed),
        ("newly_found", Side::Gold, &changes.newly_found),
        ("newly_wrong_field", Side::Gold, &changes.newly_wrong_field),
        ("newly_right_field", Side::Gold, &changes.newly_right_field),
        ("newly_spurious", Side::Head, &changes.newly_spurious),
        ("no_longer_spurious", Side::Base, &changes.no_longer_spurious),
        ("missed_by_all", Side::Gold, &changes.missed_by_all),
    ]
}

fn change_row(document: &Document, places: &BTreeMap<&str, usize>, change: &ClaimChange, side: Side) -> Value {
    let place = places.get(change.article_id.as_str()).copied();
    let is_of = |item: &ReportItem| {
        let claim = match side {
            Side::Gold => item.gold.as_ref(),
            Side::Head => item.predicted.as_ref(),
            Side::Base => None,
        };
        claim.is_some_and(|claim| claim.name == change.claim.name && claim.fragments == change.claim.fragments)
    };
    let item = place.and_then(|place| document.articles[place].items.iter().position(is_of));
    row([
        place.map_or_else(|| json!(change.article_id), |place| json!(place)),
        item.map_or(Value::Null, |item| json!(item + 1)),
        text(&change.lang),
        text(&change.claim.kind),
        text(&change.claim.name),
        text(&change.claim.quote),
        change.predicted.as_ref().map_or(Value::Null, |claim| text(&claim.quote)),
        change.fields.iter().map(|f| json!([f.field, f.gold, f.base, f.head])).collect(),
        change.class.as_deref().map_or(Value::Null, text),
        change.context.as_ref().map_or(Value::Null, |c| json!([c.before, c.quote, c.after])),
    ])
}
