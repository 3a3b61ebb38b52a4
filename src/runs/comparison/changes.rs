//! Single claims that came out otherwise.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::common::{Common, CommonArticle};
use super::model::{Changes, ClaimChange, FieldChange};
use crate::anchor::CodePoints;
use crate::claim::Claim;
use crate::dataset::ArticleRecord;
use crate::runs::article_rows::ArticleRows;
use crate::runs::attempt::Rescored;
use crate::runs::claim_view::{ClaimView, Context};
use crate::runs::outcome::{ClaimOutcome, RunArticle, SideName, criteria_of};
use crate::runs::pages::lines;
use crate::score::{FieldOutcome, Standing};

/// Code points of text around a claim.
const AROUND: usize = 60;

/// What came out of the claims of an article in one attempt, under the primary criterion.
struct Seen<'a> {
    rows: ArticleRows<'a>,
    /// By index of the gold claims.
    gold: Vec<SeenGold<'a>>,
    /// Indexes of predicted claims that match nothing, in canonical order.
    spurious: Vec<usize>,
}

#[derive(Clone, Default)]
struct SeenGold<'a> {
    outcome: Option<ClaimOutcome>,
    class: Option<&'static str>,
    /// Index of the predicted claim.
    pair: Option<usize>,
    number: u32,
    fields: &'a [(String, FieldOutcome)],
}

impl SeenGold<'_> {
    fn is(&self, outcome: ClaimOutcome) -> bool {
        self.outcome == Some(outcome)
    }
}

fn seen<'a>(article: &'a RunArticle<'a>, side: &'a Rescored<'a>, place: usize) -> Seen<'a> {
    let rows = ArticleRows::new(article, &side.evaluation.articles[place], &side.settings);
    let mut gold = vec![SeenGold::default(); article.input.gold.len()];
    let mut spurious = Vec::new();
    rows.each(&criteria_of(&side.settings), |row| {
        if row.criterion.1 != side.settings.primary {
            return;
        }
        let index = row.of.index;
        if row.of.side.side == SideName::Gold {
            let fields = row.pair.map_or(&[][..], |pair| pair.fields);
            let pair = row.pair.map(|pair| pair.index);
            gold[index] = SeenGold { outcome: Some(row.outcome), class: row.of.class, pair, number: row.of.number, fields };
        } else if row.outcome == ClaimOutcome::Spurious {
            spurious.push(index);
        }
    });
    Seen { rows, gold, spurious }
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
    let (base, head) = (seen(&of_base, common.base, b), seen(&of_head, common.head, h));
    let lines = lines(common.head.dataset, &record.article.id);
    let mut changes = Changes::default();
    let mut golds: Vec<usize> = (0..head.gold.len()).collect();
    golds.sort_by_key(|&index| head.gold[index].number);
    for index in golds {
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

fn predicted<'s>(seen: &'s Seen<'_>, index: usize) -> &'s Claim {
    seen.rows.predicted.claims[index]
}

fn claim_hull(claim: &Claim) -> Option<(u32, u32)> {
    claim.fragments.hull().map(|hull| (hull.start(), hull.end()))
}

fn gold_view(seen: &Seen<'_>, index: usize, lines: &BTreeMap<&str, u64>) -> ClaimView {
    let (claim, tags) = (seen.rows.gold.claims[index], seen.rows.article.input.gold[index].tags);
    ClaimView { line: lines.get(claim.id.as_str()).copied(), ..ClaimView::of(claim, &seen.rows.gold.name(index), tags) }
}

fn predicted_view(seen: &Seen<'_>, index: usize) -> ClaimView {
    ClaimView::of(seen.rows.predicted.claims[index], &seen.rows.predicted.name(index), &[])
}

fn found(record: &ArticleRecord, claim: ClaimView, text: &CodePoints<'_>) -> ClaimChange {
    let context = context(text, &claim.fragments);
    ClaimChange { article_id: record.article.id.clone(), lang: record.article.lang.clone(), claim, context, ..ClaimChange::default() }
}

/// The text around a claim; cut at blanks where there are any near the end.
fn context(text: &CodePoints<'_>, fragments: &[(u32, u32)]) -> Option<Context> {
    let (start, end) = (fragments.first()?.0 as usize, fragments.last()?.1 as usize);
    let before = text.slice(start.saturating_sub(AROUND), start)?;
    let after = text.slice(end, (end + AROUND).min(text.count()))?;
    let whole_words_before = match before.split_once(char::is_whitespace) {
        Some((cut, rest)) if start > AROUND && cut.chars().count() < AROUND / 2 => rest,
        _ => before,
    };
    let whole_words_after = match after.rsplit_once(char::is_whitespace) {
        Some((rest, cut)) if end + AROUND < text.count() && cut.chars().count() < AROUND / 2 => rest,
        _ => after,
    };
    Some(Context { before: whole_words_before.to_owned(), quote: text.slice(start, end)?.to_owned(), after: whole_words_after.to_owned() })
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
        let own = seen(&article, first, place);
        let text = CodePoints::new(&record.article.text);
        let mut golds: Vec<usize> = (0..own.gold.len()).filter(|&index| own.gold[index].is(ClaimOutcome::Missed)).collect();
        golds.sort_by_key(|&index| own.gold[index].number);
        for (side, &place) in others.iter().zip(&places) {
            let article = side.run_article(place);
            let theirs = seen(&article, side, place);
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
