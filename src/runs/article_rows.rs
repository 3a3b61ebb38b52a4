//! The claims of an article under each criterion, borrowed: what the outcome table is made of.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::outcome::{ClaimOutcome, OutcomeRow, RunArticle, SideName, name_of, stored_order};
use crate::claim::{Claim, Schema, text};
use crate::extract::OutcomeClass;
use crate::score::{Criterion, EvaluatedArticle, FieldOutcome, Pair, Settings, Standing, Verdict};

/// One side of an article, its claims in canonical order.
pub(super) struct SideRows<'a> {
    pub side: SideName,
    pub claims: Vec<&'a Claim>,
    /// Position to index in the input, and back.
    order: Vec<usize>,
    number: Vec<u32>,
    verdicts: &'a [Option<Verdict>],
    /// By index, for the error classes.
    class_pairs: Vec<Option<&'a Pair>>,
}

impl<'a> SideRows<'a> {
    fn new(side: SideName, claims: Vec<&'a Claim>, order: Vec<usize>, verdicts: &'a [Option<Verdict>], error_pairs: &'a [Pair]) -> Self {
        let mut number = vec![0; claims.len()];
        for (position, &index) in order.iter().enumerate() {
            number[index] = position as u32 + 1;
        }
        let mut rows = SideRows { side, claims, order, number, verdicts, class_pairs: Vec::new() };
        rows.class_pairs.resize(rows.claims.len(), None);
        for pair in error_pairs {
            let index = rows.index_in(pair);
            rows.class_pairs[index] = Some(pair);
        }
        rows
    }

    /// How a claim is named in lists.
    pub fn name(&self, index: usize) -> Cow<'a, str> {
        name_of(&self.claims[index].id, self.number[index])
    }

    /// `right` or an error class of a claim.
    pub fn verdict(&self, index: usize) -> Option<&'static str> {
        self.verdicts.get(index).copied().flatten().map(Verdict::name)
    }

    fn row<'r>(&'r self, index: usize, other: &SideRows<'_>) -> ClaimRow<'r, 'a> {
        ClaimRow {
            side: self,
            index,
            number: self.number[index],
            class: self.verdict(index),
            class_pair: self.class_pairs[index].map(|p| other.number[other.index_in(p)]),
        }
    }

    fn index_in(&self, pair: &Pair) -> usize {
        if self.side == SideName::Gold { pair.gold } else { pair.predicted }
    }
}

/// What is the same in all rows of a claim.
#[derive(Clone, Copy)]
pub(super) struct ClaimRow<'r, 'a> {
    pub side: &'r SideRows<'a>,
    /// The claim in its side.
    pub index: usize,
    pub number: u32,
    pub class: Option<&'static str>,
    pub class_pair: Option<u32>,
}

impl<'a> ClaimRow<'_, 'a> {
    pub fn claim(&self) -> &'a Claim {
        self.side.claims[self.index]
    }

    /// Confidence; predictions only.
    pub fn score(&self) -> Option<f64> {
        if self.side.side == SideName::Predicted { self.claim().score } else { None }
    }
}

/// A claim under a criterion, before anything is copied for it.
pub(super) struct Row<'r, 'a> {
    /// The place of the criterion among those of the run.
    pub criterion: (usize, Criterion),
    pub of: ClaimRow<'r, 'a>,
    pub other: &'r SideRows<'a>,
    pub outcome: ClaimOutcome,
    pub pair: Option<RowPair<'a>>,
}

/// The pair of a row.
#[derive(Clone, Copy)]
pub(super) struct RowPair<'a> {
    /// The claim in the other side.
    pub index: usize,
    pub number: u32,
    pub pair: &'a Pair,
    /// None under any criterion but the primary one.
    pub fields: &'a [(String, FieldOutcome)],
}

/// The rows of one article.
pub(super) struct ArticleRows<'a> {
    pub article: &'a RunArticle<'a>,
    evaluated: &'a EvaluatedArticle,
    settings: &'a Settings,
    pub gold: SideRows<'a>,
    pub predicted: SideRows<'a>,
}

impl<'a> ArticleRows<'a> {
    pub fn new(article: &'a RunArticle<'a>, evaluated: &'a EvaluatedArticle, settings: &'a Settings) -> Self {
        let input = article.input;
        let gold: Vec<&Claim> = input.gold.iter().map(|g| g.claim).collect();
        let mut gold_order: Vec<usize> = (0..gold.len()).collect();
        gold_order.sort_by(|&a, &b| (&gold[a].fragments, &gold[a].id).cmp(&(&gold[b].fragments, &gold[b].id)));
        let answered = input.answer.filter(|a| a.outcome.class() == OutcomeClass::Scored);
        let claims = answered.map(|a| a.claims.as_slice()).unwrap_or_default();
        let predicted_order = stored_order(claims);
        let score = &evaluated.score;
        ArticleRows {
            article,
            evaluated,
            settings,
            gold: SideRows::new(SideName::Gold, gold, gold_order, &score.gold_verdicts, &score.error_pairs),
            predicted: SideRows::new(
                SideName::Predicted,
                claims.iter().collect(),
                predicted_order,
                &score.predicted_verdicts,
                &score.error_pairs,
            ),
        }
    }

    pub fn standing(&self) -> &'static str {
        self.evaluated.standing.name()
    }

    /// Labels of a claim.
    pub fn tags(&self, row: &ClaimRow<'_, 'a>) -> &'a [String] {
        if row.side.side == SideName::Gold { self.article.input.gold[row.index].tags } else { &[] }
    }

    /// How many of the criteria the article has rows for, each one row a claim.
    pub fn criteria(&self, criteria: &[Criterion]) -> usize {
        criteria.len().min(self.evaluated.score.pairs.len())
    }

    /// The claims of both sides, in the order of the rows of each criterion.
    pub fn claims(&self) -> impl Iterator<Item = ClaimRow<'_, 'a>> {
        let sides = [(&self.gold, &self.predicted), (&self.predicted, &self.gold)];
        sides.into_iter().flat_map(|(side, other)| side.order.iter().map(move |&index| side.row(index, other)))
    }

    /// Calls for each row, in the order of the table.
    pub fn each(&self, criteria: &[Criterion], mut each: impl FnMut(Row<'_, 'a>)) {
        let score = &self.evaluated.score;
        let mut pair_of: Vec<Option<(usize, &'a Pair)>> = Vec::new();
        for (number, (&criterion, pairs)) in criteria.iter().zip(&score.pairs).enumerate() {
            let fields = if criterion == self.settings.primary { score.field_outcomes.as_slice() } else { &[] };
            for (side, other) in [(&self.gold, &self.predicted), (&self.predicted, &self.gold)] {
                pair_of.clear();
                pair_of.resize(side.claims.len(), None);
                for (i, pair) in pairs.iter().enumerate() {
                    pair_of[side.index_in(pair)] = Some((i, pair));
                }
                for &index in &side.order {
                    let pair = pair_of[index];
                    each(Row {
                        criterion: (number, criterion),
                        of: side.row(index, other),
                        other,
                        outcome: self.outcome(criterion, side, index, pair.map(|p| p.1)),
                        pair: pair.map(|(i, pair)| {
                            let index = other.index_in(pair);
                            RowPair { index, number: other.number[index], pair, fields: fields.get(i).map_or(&[], Vec::as_slice) }
                        }),
                    });
                }
            }
        }
    }

    /// The row with copies of its own.
    pub fn owned(&self, row: &Row<'_, 'a>) -> OutcomeRow {
        let claim = row.of.claim();
        let hull = claim.fragments.hull();
        let mut columns: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in &self.article.input.columns {
            columns.entry(name.to_string()).or_default().push(value.to_string());
        }
        let of_pair = row.pair.map_or(&[][..], |p| p.fields);
        OutcomeRow {
            article_id: self.article.input.id.to_owned(),
            standing: self.standing().to_owned(),
            side: row.of.side.side,
            claim_id: claim.id.clone(),
            number: row.of.number,
            criterion: row.criterion.1.to_string(),
            outcome: row.outcome,
            class: row.of.class.map(str::to_owned),
            class_pair: row.of.class_pair,
            pair_number: row.pair.map(|p| p.number),
            pair: row.pair.map(|p| row.other.name(p.index).into_owned()),
            iou: row.pair.map(|p| p.pair.iou),
            similarity: row.pair.map(|p| p.pair.similarity),
            kind: claim.kind.clone(),
            start: hull.map(|h| h.start()),
            end: hull.map(|h| h.end()),
            fragments: claim.fragments.to_string(),
            quote: claim.quote.clone(),
            tracking_id: claim.tracking_id.clone(),
            score: row.of.score(),
            tags: self.tags(&row.of).to_vec(),
            fields: claim.fields.iter().map(|(name, state)| (name.to_string(), state.into_present().map(str::to_owned))).collect(),
            field_outcomes: of_pair.iter().map(|(name, outcome)| (name.clone(), outcome.name().to_owned())).collect(),
            columns,
        }
    }

    fn outcome(&self, criterion: Criterion, side: &SideRows<'_>, index: usize, pair: Option<&Pair>) -> ClaimOutcome {
        let is_gold = side.side == SideName::Gold;
        let gold_index = if is_gold { Some(index) } else { pair.map(|p| p.gold) };
        if gold_index.is_some_and(|g| self.article.input.gold[g].optional) {
            ClaimOutcome::Optional
        } else if pair.is_some() {
            ClaimOutcome::Matched
        } else if is_outside(criterion, side.claims[index], &self.settings.schema) {
            ClaimOutcome::Outside
        } else if is_gold {
            ClaimOutcome::Missed
        } else if self.evaluated.standing == Standing::Incomplete {
            ClaimOutcome::Unjudged
        } else {
            ClaimOutcome::Spurious
        }
    }
}

/// Whether a claim is outside of what a criterion counts; the counts of the result decide what is right here.
fn is_outside(criterion: Criterion, claim: &Claim, schema: &Schema) -> bool {
    match criterion {
        Criterion::Value => {
            let is_known = |name: &str| schema.open_fields || schema.field(name).is_some();
            let present = |name: &str| claim.fields.value(name).is_some();
            !schema.key_fields.iter().any(|name| is_known(name) && present(name))
        }
        Criterion::Text => text::fold(&claim.quote).is_empty(),
        _ => false,
    }
}
