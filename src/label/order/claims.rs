//! What a run and the gold do not agree on, with what other extractors say of it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::claim::{Field, Fragments, Schema};
use crate::dataset::reanchor::parse_place;
use crate::extract::Numbers;
use crate::runs::{ClaimOutcome, Item, OutcomeRow};

use super::group::Group;
use super::reasons::{self, Share};
use super::voter::{Answered, Said, Value, Voter};

/// Extractors that must say the same before the gold is doubted.
const SEVERAL: usize = 2;

/// From this confidence on a prediction is shown before the gold claims that nobody finds.
const SURE: f64 = 0.5;

/// A claim or pair to decide about.
#[derive(Clone, Debug)]
pub struct Disagreement<'a> {
    /// Its name: the id of the gold claim, else the article, `#` and the number of the answer.
    pub id: String,
    /// The claims.
    pub item: Item<'a>,
    /// Why it is shown.
    pub group: Group,
    /// The same as one sentence.
    pub why: String,
    /// What several extractors say where the gold claim says something else.
    pub readings: Vec<OtherReading>,
    /// How many extractors speak for it.
    pub votes: usize,
}

/// What several extractors say of a gold claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OtherReading {
    /// `kind`, or a key field.
    pub field: String,
    /// What they say, in canonical form.
    pub value: String,
    /// What the gold says; `None` where it says that the text does not give it.
    pub gold: Option<String>,
    /// How many of them.
    pub extractors: usize,
}

impl Disagreement<'_> {
    /// The gold claim, else the prediction.
    pub fn row(&self) -> Option<&OutcomeRow> {
        self.item.gold.or(self.item.predicted)
    }

    /// Whether it is about a prediction that the gold has not.
    pub fn is_prediction(&self) -> bool {
        self.item.gold.is_none()
    }

    pub(super) fn place(&self) -> (&str, bool, Option<u32>, Option<u32>, bool, &str) {
        let start = self.row().and_then(|row| row.start);
        (self.item.article_id, start.is_none(), start, self.row().and_then(|row| row.end), self.is_prediction(), &self.id)
    }

    /// The order of use: probably missing, probably wrong, sure predictions, gold that nobody finds, the rest.
    pub(super) fn rank(&self) -> u8 {
        match self.group {
            Group::ProbablyMissing => 0,
            Group::ProbablyWrong => 1,
            Group::Spurious if self.score().is_some_and(|score| score >= SURE) && self.item.class != Some("duplicate") => 2,
            Group::MissedByAll => 3,
            Group::Missed if self.votes == 0 => 3,
            _ => 4,
        }
    }

    fn score(&self) -> Option<f64> {
        self.item.predicted.and_then(|row| row.score)
    }

    /// Confidence in millionths, so that it can be sorted by.
    pub(super) fn confidence(&self) -> u32 {
        self.score().filter(|_| self.is_prediction()).map_or(0, |score| (score * 1e6) as u32)
    }
}

/// What a run and the gold do not agree on: the items of the run that are missed, spurious, not judged, or paired without being right.
///
/// `voters` are the extractors, that of the run among them, each once. Their order changes nothing, nor does that of the items.
pub fn disagreements<'a>(items: Vec<Item<'a>>, voters: &[Voter], reviewed: &str, schema: &Schema) -> Vec<Disagreement<'a>> {
    let key_fields: Vec<&Field> = schema.key_fields.iter().filter_map(|name| schema.field(name)).collect();
    let golds = golds(&items, schema);
    let judge = Judge { voters, reviewed, schema, key_fields, golds };
    items.into_iter().filter_map(|item| judge.disagreement(item)).collect()
}

/// The gold claims by article, in the form in which answers are compared.
fn golds(items: &[Item<'_>], schema: &Schema) -> Voter {
    let mut by_article: BTreeMap<&str, Vec<crate::claim::Claim>> = BTreeMap::new();
    for row in items.iter().filter_map(|item| item.gold) {
        let claim = crate::claim::Claim { fragments: place_of(row), kind: row.kind.clone(), ..Default::default() };
        by_article.entry(&row.article_id).or_default().push(claim);
    }
    let mut golds = Voter::default();
    by_article.into_iter().for_each(|(id, claims)| golds.answer((id, ""), &claims, schema, Numbers::Canonical));
    golds
}

/// The place of a row.
fn place_of(row: &OutcomeRow) -> Fragments {
    parse_place(&row.fragments).unwrap_or_default()
}

struct Judge<'v> {
    voters: &'v [Voter],
    reviewed: &'v str,
    schema: &'v Schema,
    key_fields: Vec<&'v Field>,
    golds: Voter,
}

impl Judge<'_> {
    fn disagreement<'a>(&self, item: Item<'a>) -> Option<Disagreement<'a>> {
        let row = item.gold.or(item.predicted)?;
        let place = place_of(row);
        let answered: Vec<&Answered> = self.voters.iter().filter_map(|voter| voter.of(item.article_id)).collect();
        let is_missed = item.outcome == ClaimOutcome::Missed;
        let share = |who| Share { who, of: answered.len() };
        let (group, why, readings, votes) = match item.outcome {
            ClaimOutcome::Missed | ClaimOutcome::Matched => {
                let there: Vec<&Said> = answered.iter().filter_map(|answered| answered.best_at(&place, &row.kind)).collect();
                let readings = self.readings(row, &there);
                if let Some(first) = readings.first() {
                    let votes = first.extractors;
                    (Group::ProbablyWrong, reasons::probably_wrong(&readings, answered.len()), readings, votes)
                } else if !is_missed {
                    if item.class.is_none_or(|class| class == "right") {
                        return None;
                    }
                    (Group::Wrong, reasons::wrong(&item, &self.schema.key_fields), readings, 0)
                } else if there.is_empty() && answered.len() >= SEVERAL {
                    // The more extractors have nothing here, the less likely it is that all of them are wrong.
                    (Group::MissedByAll, reasons::missed(&item, self.reviewed, share(0)), readings, answered.len())
                } else {
                    (Group::Missed, reasons::missed(&item, self.reviewed, share(there.len())), readings, there.len())
                }
            }
            ClaimOutcome::Spurious | ClaimOutcome::Unjudged => {
                let is_located = !place.is_empty();
                let has_it = |answered: &&&Answered| match is_located {
                    true => answered.at(&place).any(|(said, _)| said.kind == row.kind),
                    false => answered.has_unlocated(&row.quote, &row.kind),
                };
                let votes = answered.iter().filter(has_it).count();
                let in_gold = self.golds.of(item.article_id).is_some_and(|golds| golds.at(&place).any(|(gold, _)| gold.kind == row.kind));
                if votes >= SEVERAL && !in_gold && is_located {
                    (Group::ProbablyMissing, reasons::probably_missing(share(votes)), Vec::new(), votes)
                } else {
                    let group = if item.outcome == ClaimOutcome::Unjudged { Group::Unjudged } else { Group::Spurious };
                    let why = match in_gold {
                        true => reasons::in_gold(self.reviewed, share(votes)),
                        false => reasons::alone(&item, self.reviewed, share(votes)),
                    };
                    (group, why, Vec::new(), 0)
                }
            }
            ClaimOutcome::Optional | ClaimOutcome::Outside => return None,
        };
        let id = match item.gold {
            Some(gold) => gold.claim_id.clone(),
            None => format!("{}#{}", item.article_id, row.number),
        };
        Some(Disagreement { id, item, group, why, readings, votes })
    }

    /// Where several of the claims at the place of a gold claim say the same, more than say what it says. What the gold does not annotate
    /// is not asked for, and that an extractor has no value says nothing.
    fn readings(&self, gold: &OutcomeRow, there: &[&Said]) -> Vec<OtherReading> {
        let kinds =
            there.iter().filter(|said| !said.kind.is_empty()).map(|said| Value { key: said.kind.clone(), written: said.kind.clone() });
        let own = Value { key: gold.kind.clone(), written: gold.kind.clone() };
        let kind = majority(kinds.collect(), |value| value.key == own.key).map(|(value, extractors)| OtherReading {
            field: "kind".to_owned(),
            value: value.written,
            gold: Some(gold.kind.clone()),
            extractors,
        });
        let of_field = |field: &&Field| {
            let annotated = gold.fields.get(&field.name)?;
            let own = annotated.as_ref().and_then(|written| Value::of(self.schema, field, written, Numbers::Canonical, ""));
            let said = there.iter().filter_map(|said| said.values.get(&field.name).cloned()).collect();
            let is_own = |value: &Value| own.as_ref().is_some_and(|own| own.equals(value, field));
            let (value, extractors) = majority(said, is_own)?;
            Some(OtherReading { field: field.name.clone(), value: value.written, gold: annotated.clone(), extractors })
        };
        let mut readings: Vec<OtherReading> = kind.into_iter().chain(self.key_fields.iter().filter_map(of_field)).collect();
        // The sort is stable: kind first, then as the dataset names its key fields.
        readings.sort_by_key(|reading| std::cmp::Reverse(reading.extractors));
        readings
    }
}

/// The value that most say, where they are several, it is not the gold's, and fewer say what the gold says.
fn majority(said: Vec<Value>, is_gold: impl Fn(&Value) -> bool) -> Option<(Value, usize)> {
    let for_gold = said.iter().filter(|value| is_gold(value)).count();
    let mut counts: BTreeMap<String, (Value, usize)> = BTreeMap::new();
    for value in said.into_iter().filter(|value| !is_gold(value)) {
        let entry = counts.entry(value.key.clone()).or_insert_with(|| (value.clone(), 0));
        entry.1 += 1;
        // Of several spellings the smallest, whoever was asked first.
        if value.written < entry.0.written {
            entry.0 = value;
        }
    }
    let most = counts.into_values().rev().max_by_key(|(_, count)| *count)?;
    (most.1 >= SEVERAL && most.1 > for_gold).then_some(most)
}
