//! Single claims that came out otherwise.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::common::{Common, CommonArticle};
use super::model::{Changes, ClaimChange, FieldChange};
use crate::anchor::CodePoints;
use crate::runs::attempt::Rescored;
use crate::runs::claim_view::ClaimView;
use crate::runs::outcome::{ClaimOutcome, RunArticle};
use crate::runs::pages::lines;
use crate::runs::seen::{Seen, claim_hull, found, gold_view, predicted, predicted_view, seen};
use crate::score::{FieldOutcome, Standing};

fn seen_in<'a>(article: &'a RunArticle<'a>, side: &'a Rescored<'a>, place: usize) -> Seen<'a> {
    seen(article, &side.evaluation.articles[place], &side.settings)
}

/// The lists of two attempts.
pub(super) fn changes(common: &Common<'_, '_>) -> Changes {
    let articles: Vec<CommonArticle<'_, '_>> = common.articles().collect();
    let parts: Vec<Changes> = articles.par_iter().map(|article| of_article(common, article)).collect();
    let mut all = Changes::default();
    for part in parts {
        all.newly_found.extend(part.newly_found);
        all.newly_missed.extend(part.newly_missed);
        all.newly_wrong_field.extend(part.newly_wrong_field);
        all.newly_right_field.extend(part.newly_right_field);
        all.newly_spurious.extend(part.newly_spurious);
        all.no_longer_spurious.extend(part.no_longer_spurious);
        all.missed_by_all.extend(part.missed_by_all);
    }
    all
}

fn of_article(common: &Common<'_, '_>, article: &CommonArticle<'_, '_>) -> Changes {
    let [b, h] = article.places;
    let record = common.head.records[h];
    let text = CodePoints::new(&record.article.text);
    let (of_base, of_head) = (common.base.run_article(b), common.head.run_article(h));
    let (base, head) = (seen_in(&of_base, common.base, b), seen_in(&of_head, common.head, h));
    let lines = lines(common.head.dataset, &record.article.id);
    let mut changes = Changes::default();
    for index in head.golds() {
        let (was, is) = (&base.gold[index], &head.gold[index]);
        let change = |predicted: Option<ClaimView>, fields: Vec<FieldChange>, class: Option<&str>| {
            let gold = gold_view(&head, index, &lines);
            ClaimChange { predicted, fields, class: class.map(str::to_owned), ..found(record, gold, &text) }
        };
        use ClaimOutcome::{Matched, Missed};
        if was.is(Missed) && is.is(Matched) {
            changes.newly_found.push(change(is.pair.map(|p| predicted_view(&head, p)), Vec::new(), was.class));
        } else if was.is(Matched) && is.is(Missed) {
            changes.newly_missed.push(change(was.pair.map(|p| predicted_view(&base, p)), Vec::new(), is.class));
        } else if was.is(Missed) && is.is(Missed) {
            changes.missed_by_all.push(change(None, Vec::new(), is.class));
        } else if was.is(Matched) && is.is(Matched) {
            let (wrong, right) = field_changes(&base, &head, index);
            if !wrong.is_empty() {
                changes.newly_wrong_field.push(change(is.pair.map(|p| predicted_view(&head, p)), wrong, is.class));
            }
            if !right.is_empty() {
                changes.newly_right_field.push(change(is.pair.map(|p| predicted_view(&head, p)), right, was.class));
            }
        }
    }
    let only = |of: &Seen<'_>, other: &Seen<'_>| -> Vec<ClaimChange> {
        let view = |index: usize| {
            let class = of.rows.predicted.verdict(index);
            ClaimChange { class: class.map(str::to_owned), ..found(record, predicted_view(of, index), &text) }
        };
        alone(of, other).into_iter().map(view).collect()
    };
    changes.newly_spurious = only(&head, &base);
    changes.no_longer_spurious = only(&base, &head);
    changes
}

/// The kind and the fields that only the second attempt has wrong, and those that only the first has wrong. A field that gold does not have and
/// nobody gave is right.
fn field_changes(base: &Seen<'_>, head: &Seen<'_>, index: usize) -> (Vec<FieldChange>, Vec<FieldChange>) {
    let is_right = |outcome: FieldOutcome| matches!(outcome, FieldOutcome::Correct | FieldOutcome::TrueNegative);
    let was: BTreeMap<&str, FieldOutcome> = base.gold[index].fields.iter().map(|(name, outcome)| (name.as_str(), *outcome)).collect();
    let value = |seen: &Seen<'_>, name: &str| {
        let pair = seen.gold[index].pair?;
        seen.rows.predicted.claims[pair].fields.value(name).map(str::to_owned)
    };
    let (mut wrong, mut right) = (Vec::new(), Vec::new());
    let kind = |seen: &Seen<'_>| seen.gold[index].pair.map(|pair| seen.rows.predicted.claims[pair].kind.clone());
    let gold = head.rows.gold.claims[index].kind.clone();
    let (was_kind, now_kind) = (kind(base), kind(head));
    let list = match (was_kind.as_ref() == Some(&gold), now_kind.as_ref() == Some(&gold)) {
        (true, false) => Some(&mut wrong),
        (false, true) => Some(&mut right),
        _ => None,
    };
    if let Some(list) = list {
        list.push(FieldChange { field: "kind".to_owned(), gold: Some(gold), base: was_kind, head: now_kind });
    }
    for (name, now) in head.gold[index].fields {
        let Some(before) = was.get(name.as_str()) else { continue };
        let list = match (is_right(*before), is_right(*now)) {
            (true, false) => &mut wrong,
            (false, true) => &mut right,
            _ => continue,
        };
        let gold = head.rows.gold.claims[index].fields.value(name).map(str::to_owned);
        list.push(FieldChange { field: name.clone(), gold, base: value(base, name), head: value(head, name) });
    }
    (wrong, right)
}

/// Spurious claims of one attempt where the other has none: neither one that overlaps, nor, for claims without a place, one with the
/// same quote.
fn alone(of: &Seen<'_>, other: &Seen<'_>) -> Vec<usize> {
    let mut hulls: Vec<(u32, u32)> = other.spurious.iter().filter_map(|&i| claim_hull(predicted(other, i))).collect();
    hulls.sort_unstable();
    // The furthest end of all hulls up to each, so that one search says whether any reaches into a claim.
    let mut furthest = 0;
    let reach: Vec<u32> = hulls
        .iter()
        .map(|hull| {
            furthest = furthest.max(hull.1);
            furthest
        })
        .collect();
    let unplaced: BTreeSet<&str> =
        other.spurious.iter().map(|&i| predicted(other, i)).filter(|c| c.fragments.is_empty()).map(|c| c.quote.as_str()).collect();
    let is_alone = |index: &usize| match claim_hull(predicted(of, *index)) {
        Some((start, end)) => {
            let before = hulls.partition_point(|hull| hull.0 < end);
            before == 0 || reach[before - 1] <= start
        }
        None => !unplaced.contains(predicted(of, *index).quote.as_str()),
    };
    of.spurious.iter().copied().filter(is_alone).collect()
}

/// Gold claims that none of the attempts found, over the articles that all of them attempted with the text of today.
pub(super) fn missed_by_all(attempts: &[&Rescored<'_>]) -> Vec<ClaimChange> {
    let Some((first, others)) = attempts.split_first() else { return Vec::new() };
    let mut missed = Vec::new();
    for (place, record) in first.records.iter().enumerate() {
        let of = |side: &&Rescored<'_>| side.inputs.binary_search_by(|input| input.id.cmp(&record.article.id)).ok();
        let Some(places) = others.iter().map(of).collect::<Option<Vec<usize>>>() else { continue };
        if first.evaluation.articles[place].standing == Standing::Incomplete {
            continue;
        }
        let article = first.run_article(place);
        let own = seen_in(&article, first, place);
        let text = CodePoints::new(&record.article.text);
        let mut golds = own.golds();
        golds.retain(|&index| own.gold[index].is(ClaimOutcome::Missed));
        for (side, &place) in others.iter().zip(&places) {
            let article = side.run_article(place);
            let theirs = seen_in(&article, side, place);
            golds.retain(|&index| theirs.gold[index].is(ClaimOutcome::Missed));
        }
        let lines = lines(first.dataset, &record.article.id);
        missed.extend(golds.into_iter().map(|index| ClaimChange {
            class: own.gold[index].class.map(str::to_owned),
            ..found(record, gold_view(&own, index, &lines), &text)
        }));
    }
    missed
}
