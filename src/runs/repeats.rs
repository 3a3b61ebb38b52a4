//! Repeated runs of one extractor: how far its numbers spread, and the claims on which it does not agree with itself.

use std::collections::BTreeMap;

use rayon::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::comparison::{ClaimChange, group_of};
use super::measure::{Counted, Part};
use super::outcome::{ClaimOutcome, RunArticle, stored_order};
use super::pages::lines;
use super::seen::{Seen, claim_hull, found, gold_view, predicted, seen};
use crate::anchor::CodePoints;
use crate::claim::Claim;
use crate::dataset::{ArticleRecord, Dataset};
use crate::score::result::ExtractorInfo;
use crate::score::{Criterion, Evaluation, Settings, Standing};
use crate::stats::{Counts, IntervalSettings, RepeatedCriterion, RepeatedUnits};

/// One repeat: its articles, in the order of the ids, with their answers, and how they were scored.
#[derive(Clone, Copy, Debug)]
pub struct RepeatOf<'a> {
    /// The same articles in every repeat.
    pub articles: &'a [RunArticle<'a>],
    /// In the same order.
    pub evaluation: &'a Evaluation,
    /// How it was scored.
    pub settings: &'a Settings,
}

/// All repeats of an extractor over the same articles.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Repeats {
    /// Who answered, as the first repeat has it.
    pub extractor: ExtractorInfo,
    /// Repeats that everything here is about: those that answered every article.
    pub repeats: u64,
    /// Repeats that were asked for.
    pub asked: u64,
    /// Articles that were scored or failed in every repeat; everything here is about these.
    pub articles: u64,
    /// Articles that were scored or failed in some repeats and excluded in others.
    pub left_out: u64,
    /// Whether every repeat gave the same answer to every article.
    pub same_answers: bool,
    /// The criterion of the headline; it decides what is found and what is spurious.
    pub primary: String,
    /// By criterion.
    pub criteria: BTreeMap<String, RepeatedCriterion>,
    /// What became of the gold claims.
    pub gold: GoldCounts,
    /// Gold claims that some repeats found and others did not, the most divided first, then by article and place.
    pub flips: Vec<ClaimFlip>,
    /// Predictions that match nothing.
    pub spurious: SpuriousPlaces,
}

/// Gold claims under the primary criterion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GoldCounts {
    /// Found by every repeat.
    pub always: u64,
    /// Found by some.
    pub sometimes: u64,
    /// Found by none.
    pub never: u64,
}

/// Places with a prediction that matches nothing: those of all repeats together, those that overlap as one; without a place, those with
/// one quote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SpuriousPlaces {
    /// With one in every repeat.
    pub always: u64,
    /// With one in some.
    pub sometimes: u64,
}

/// A gold claim that some repeats found and others did not.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClaimFlip {
    /// Repeats that found it.
    pub found: u64,
    /// Repeats in which its article failed, and which did not find it for that reason.
    pub failed: u64,
    /// All repeats.
    pub of: u64,
    /// The claim; its class is that in the first repeat that did not find it.
    #[serde(flatten)]
    pub claim: ClaimChange,
}

/// What an article adds.
#[derive(Default)]
struct OfArticle {
    gold: GoldCounts,
    flips: Vec<ClaimFlip>,
    spurious: SpuriousPlaces,
}

/// Puts repeats side by side. `asked` is how many were to be made; without `intervals` there are none. `None` for fewer than two repeats.
pub fn repeats(repeats: &[RepeatOf<'_>], asked: u64, dataset: &Dataset, intervals: Option<IntervalSettings>) -> Option<Repeats> {
    let (first, others) = repeats.split_first().filter(|(_, others)| !others.is_empty())?;
    let is_whole =
        |repeat: &RepeatOf<'_>, place: usize| matches!(repeat.evaluation.articles[place].standing, Standing::Scored | Standing::Failed);
    let (mut places, mut left_out) = (Vec::new(), 0);
    for place in 0..first.articles.len() {
        match repeats.iter().filter(|repeat| is_whole(repeat, place)).count() {
            0 => {}
            n if n == repeats.len() => places.push(place),
            _ => left_out += 1,
        }
    }
    let same = |place: &usize| others.iter().all(|other| is_same_answer(&first.articles[*place], &other.articles[*place]));
    let parts: Vec<OfArticle> = places.par_iter().map(|&place| of_article(repeats, place, dataset)).collect();
    let mut all = Repeats {
        extractor: first.evaluation.result.extractor.clone(),
        repeats: repeats.len() as u64,
        asked,
        articles: places.len() as u64,
        left_out,
        same_answers: left_out == 0 && places.iter().all(same),
        primary: first.settings.primary.to_string(),
        criteria: criteria(repeats, &places, intervals),
        ..Repeats::default()
    };
    for part in parts {
        all.gold.always += part.gold.always;
        all.gold.sometimes += part.gold.sometimes;
        all.gold.never += part.gold.never;
        all.spurious.always += part.spurious.always;
        all.spurious.sometimes += part.spurious.sometimes;
        all.flips.extend(part.flips);
    }
    all.flips.sort_by_key(|flip| (2 * flip.found).abs_diff(flip.of));
    Some(all)
}

fn criteria(repeats: &[RepeatOf<'_>], places: &[usize], intervals: Option<IntervalSettings>) -> BTreeMap<String, RepeatedCriterion> {
    let names: &[Criterion] = repeats.first().map_or(&[], |first| &first.evaluation.names.criteria);
    let mut units = RepeatedUnits::new(names.len(), repeats.len() as u32);
    let everything = Part::default();
    for &place in places {
        let of_repeat = |repeat: &RepeatOf<'_>| -> Vec<Counts> {
            let (evaluated, numbers) = (&repeat.evaluation.articles[place], &repeat.evaluation.names);
            names.iter().map(|c| everything.counts(&Counted::Criterion(*c), evaluated, numbers).unwrap_or_default()).collect()
        };
        let counts: Vec<Counts> = repeats.iter().flat_map(of_repeat).collect();
        units.add(&counts, repeats.first().and_then(|first| group_of(first.articles[place].input)));
    }
    names.iter().map(ToString::to_string).zip(units.summarise(intervals)).collect()
}

/// Whether two answers to an article have the same outcome and the same claims, in whatever order.
fn is_same_answer(a: &RunArticle<'_>, b: &RunArticle<'_>) -> bool {
    let in_order = |claims: &'_ [Claim]| -> Vec<Claim> { stored_order(claims).into_iter().map(|index| claims[index].clone()).collect() };
    match (a.input.answer, b.input.answer) {
        (Some(a), Some(b)) => {
            a.outcome == b.outcome
                && (a.claims == b.claims || a.claims.len() == b.claims.len() && in_order(&a.claims) == in_order(&b.claims))
        }
        (a, b) => a.is_none() && b.is_none(),
    }
}

fn of_article(repeats: &[RepeatOf<'_>], place: usize, dataset: &Dataset) -> OfArticle {
    let all: Vec<Seen<'_>> =
        repeats.iter().map(|repeat| seen(&repeat.articles[place], &repeat.evaluation.articles[place], repeat.settings)).collect();
    let mut out = OfArticle { spurious: spurious(&all), ..OfArticle::default() };
    let Some(first) = all.first() else { return out };
    let input = repeats[0].articles[place].input;
    let has_failed = |number: usize| repeats[number].evaluation.articles[place].standing == Standing::Failed;
    let mut record: Option<(&ArticleRecord, CodePoints<'_>, BTreeMap<&str, u64>)> = None;
    for index in first.golds() {
        let found_by = all.iter().filter(|seen| seen.gold[index].is(ClaimOutcome::Matched)).count();
        let missed_by: Vec<usize> = (0..all.len()).filter(|&number| all[number].gold[index].is(ClaimOutcome::Missed)).collect();
        match (found_by, missed_by.as_slice()) {
            (0, []) => {}
            (0, _) => out.gold.never += 1,
            (_, []) => out.gold.always += 1,
            (found_by, [first_missed, ..]) => {
                out.gold.sometimes += 1;
                if record.is_none() {
                    record = dataset.article(input.id).map(|r| (r, CodePoints::new(&r.article.text), lines(dataset, input.id)));
                }
                let Some((record, text, lines)) = &record else { continue };
                let class = all[*first_missed].gold[index].class.map(str::to_owned);
                out.flips.push(ClaimFlip {
                    found: found_by as u64,
                    failed: missed_by.iter().filter(|&&number| has_failed(number)).count() as u64,
                    of: all.len() as u64,
                    claim: ClaimChange { class, ..found(record, gold_view(first, index, lines), text) },
                });
            }
        }
    }
    out
}

/// The places of spurious predictions of an article.
fn spurious(repeats: &[Seen<'_>]) -> SpuriousPlaces {
    let mut placed: Vec<(u32, u32, usize)> = Vec::new();
    let mut quotes: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (number, seen) in repeats.iter().enumerate() {
        for claim in seen.spurious.iter().map(|&index| predicted(seen, index)) {
            match claim_hull(claim) {
                Some((start, end)) => placed.push((start, end, number)),
                None => quotes.entry(&claim.quote).or_default().push(number),
            }
        }
    }
    placed.sort_unstable();
    let mut places: Vec<Vec<usize>> = quotes.into_values().collect();
    let mut reach = 0;
    for (start, end, number) in placed {
        match places.last_mut().filter(|_| start < reach) {
            Some(place) => place.push(number),
            None => places.push(vec![number]),
        }
        reach = reach.max(end);
    }
    let mut out = SpuriousPlaces::default();
    for mut place in places {
        place.sort_unstable();
        place.dedup();
        if place.len() == repeats.len() {
            out.always += 1;
        } else {
            out.sometimes += 1;
        }
    }
    out
}
