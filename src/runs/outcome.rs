//! How each claim of a run came out under each criterion: the rows of the outcome table.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::Serialize;

use crate::claim::{Claim, FieldState, Schema, text};
use crate::extract::OutcomeClass;
use crate::score::{ArticleInput, Criterion, EvaluatedArticle, Evaluation, FieldOutcome, Pair, Scorer, Settings, Standing, Verdict};

/// An article of a run with what is stored beside its scores.
#[derive(Clone, Copy, Debug)]
pub struct RunArticle<'a> {
    /// What was scored.
    pub input: &'a ArticleInput<'a>,
    /// The exact text, where it is known. It decides which quotes are stored with predictions.
    pub text: Option<&'a str>,
    /// From sending the article to its answer, where it was measured.
    pub latency: Option<Duration>,
}

/// Which side a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SideName {
    /// A gold claim.
    Gold,
    /// A predicted claim.
    Predicted,
}

impl SideName {
    /// The name in the table.
    pub fn name(self) -> &'static str {
        ["gold", "predicted"][self as usize]
    }
}

/// What a claim came to under a criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ClaimOutcome {
    /// Paired; both claims of the pair say so.
    Matched,
    /// A gold claim without a pair.
    Missed,
    /// A predicted claim without a pair.
    Spurious,
    /// An optional gold claim, or a prediction that is paired with one: neither for nor against.
    Optional,
    /// Outside of the criterion's population, such as a claim without a key field under `value`.
    Outside,
    /// A predicted claim without a pair in an article that is labelled in part: nobody knows.
    Unjudged,
}

impl ClaimOutcome {
    /// All of them.
    pub const ALL: [ClaimOutcome; 6] = [Self::Matched, Self::Missed, Self::Spurious, Self::Optional, Self::Outside, Self::Unjudged];

    /// The name in the table.
    pub fn name(self) -> &'static str {
        ["matched", "missed", "spurious", "optional", "outside", "unjudged"][self as usize]
    }

    /// The outcome of that name.
    pub fn of_name(name: &str) -> Option<ClaimOutcome> {
        Self::ALL.into_iter().find(|o| o.name() == name)
    }
}

impl fmt::Display for ClaimOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One claim under one criterion.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OutcomeRow {
    /// The article.
    pub article_id: String,
    /// `scored`, `failed` or `incomplete`; articles that are excluded have no rows.
    pub standing: String,
    /// Gold or predicted.
    pub side: SideName,
    /// The claim's id, empty where it has none.
    pub claim_id: String,
    /// Its place (1-based) among the claims of its side of the article, in the order of the stored predictions.
    pub number: u32,
    /// The criterion's name.
    pub criterion: String,
    /// What came out.
    pub outcome: ClaimOutcome,
    /// `right` or an error class, the same under every criterion; absent for an optional gold claim that was not found.
    pub class: Option<String>,
    /// [`OutcomeRow::number`] of the claim that the error classes pair it with.
    pub class_pair: Option<u32>,
    /// [`OutcomeRow::number`] of the claim on the other side under this criterion.
    pub pair_number: Option<u32>,
    /// The name of that claim (see [`OutcomeRow::name`]).
    pub pair: Option<String>,
    /// Of the pair, 0..1.
    pub iou: Option<f64>,
    /// Of the pair, 0..1.
    pub similarity: Option<f64>,
    /// Kind of the claim.
    pub kind: String,
    /// First code point; absent for a claim without a place.
    pub start: Option<u32>,
    /// One past the last code point.
    pub end: Option<u32>,
    /// `s-e;s-e`, also for a single span; empty without a place.
    pub fragments: String,
    /// The quote as labelled or answered.
    pub quote: String,
    /// The claim's tracking id.
    pub tracking_id: String,
    /// Confidence; predictions only.
    pub score: Option<f64>,
    /// Labels of a gold claim.
    pub tags: Vec<String>,
    /// Fields as written; `None` is annotated as absent.
    pub fields: BTreeMap<String, Option<String>>,
    /// `cor, inc, mis, spu, tn` by field, of the pair under the primary criterion; empty under other criteria.
    pub field_outcomes: BTreeMap<String, String>,
    /// Columns of the article with their values.
    pub columns: BTreeMap<String, Vec<String>>,
}

impl OutcomeRow {
    /// How the claim is named in lists: its id, else `#` and its number.
    pub fn name(&self) -> String {
        name_of(&self.claim_id, self.number)
    }
}

fn name_of(id: &str, number: u32) -> String {
    if id.is_empty() { format!("#{number}") } else { id.to_owned() }
}

/// The canonical order in which the predicted claims of an article are stored: position to index in the answer.
pub(super) fn stored_order(claims: &[Claim]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..claims.len()).collect();
    // A claim without a place goes behind those that have one; scores are never NaN.
    order.sort_by(|&a, &b| {
        let (a, b) = (&claims[a], &claims[b]);
        let place = |c: &Claim| c.fragments.is_empty();
        (place(a), &a.fragments, &a.kind, &a.fields)
            .cmp(&(place(b), &b.fragments, &b.kind, &b.fields))
            .then_with(|| b.score.unwrap_or(-1.0).total_cmp(&a.score.unwrap_or(-1.0)))
            .then_with(|| (&a.tracking_id, &a.id, &a.quote).cmp(&(&b.tracking_id, &b.id, &b.quote)))
    });
    order
}

/// The rows of a run: by article id, then criterion in the order of the settings, then gold before predicted, then number.
/// Neither the order of the articles nor that of the claims changes them.
///
/// `articles` are those that were evaluated, in the same order.
pub fn outcome_rows(articles: &[RunArticle<'_>], evaluation: &Evaluation, settings: &Settings) -> Vec<OutcomeRow> {
    rows_of(&by_id(articles, evaluation), settings)
}

/// An article and how it was scored.
pub(super) type Scored<'a> = (&'a RunArticle<'a>, &'a EvaluatedArticle);

/// The articles that have rows, by id.
pub(super) fn by_id<'a>(articles: &'a [RunArticle<'a>], evaluation: &'a Evaluation) -> Vec<Scored<'a>> {
    let mut scored: Vec<Scored<'a>> =
        articles.iter().zip(&evaluation.articles).filter(|(_, evaluated)| evaluated.standing != Standing::Excluded).collect();
    scored.sort_by(|a, b| a.0.input.id.cmp(b.0.input.id));
    scored
}

/// The rows of some articles, in their order.
pub(super) fn rows_of(articles: &[Scored<'_>], settings: &Settings) -> Vec<OutcomeRow> {
    let criteria = Scorer::new(settings, std::iter::empty()).criteria().to_vec();
    let mut rows = Vec::new();
    for (article, evaluated) in articles {
        ArticleRows::new(article, evaluated, settings).collect(&criteria, &mut rows);
    }
    rows
}

/// One side of an article, its claims in canonical order.
struct SideRows<'a> {
    side: SideName,
    claims: Vec<&'a Claim>,
    /// Position to index in the input, and back.
    order: Vec<usize>,
    number: Vec<u32>,
    verdicts: &'a [Option<Verdict>],
}

impl<'a> SideRows<'a> {
    fn new(side: SideName, claims: Vec<&'a Claim>, order: Vec<usize>, verdicts: &'a [Option<Verdict>]) -> Self {
        let mut number = vec![0; claims.len()];
        for (position, &index) in order.iter().enumerate() {
            number[index] = position as u32 + 1;
        }
        SideRows { side, claims, order, number, verdicts }
    }

    fn name(&self, index: usize) -> String {
        name_of(&self.claims[index].id, self.number[index])
    }

    fn index_in(&self, pair: &Pair) -> usize {
        if self.side == SideName::Gold { pair.gold } else { pair.predicted }
    }
}

struct ArticleRows<'a> {
    article: &'a RunArticle<'a>,
    evaluated: &'a EvaluatedArticle,
    settings: &'a Settings,
    columns: BTreeMap<String, Vec<String>>,
    gold: SideRows<'a>,
    predicted: SideRows<'a>,
}

impl<'a> ArticleRows<'a> {
    fn new(article: &'a RunArticle<'a>, evaluated: &'a EvaluatedArticle, settings: &'a Settings) -> Self {
        let input = article.input;
        let gold: Vec<&Claim> = input.gold.iter().map(|g| g.claim).collect();
        let mut gold_order: Vec<usize> = (0..gold.len()).collect();
        gold_order.sort_by(|&a, &b| (&gold[a].fragments, &gold[a].id).cmp(&(&gold[b].fragments, &gold[b].id)));
        let answered = input.answer.filter(|a| a.outcome.class() == OutcomeClass::Scored);
        let claims = answered.map(|a| a.claims.as_slice()).unwrap_or_default();
        let mut columns: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in &input.columns {
            columns.entry(name.to_string()).or_default().push(value.to_string());
        }
        let predicted_order = stored_order(claims);
        ArticleRows {
            article,
            evaluated,
            settings,
            columns,
            gold: SideRows::new(SideName::Gold, gold, gold_order, &evaluated.score.gold_verdicts),
            predicted: SideRows::new(SideName::Predicted, claims.iter().collect(), predicted_order, &evaluated.score.predicted_verdicts),
        }
    }

    fn collect(&self, criteria: &[Criterion], rows: &mut Vec<OutcomeRow>) {
        for (&criterion, pairs) in criteria.iter().zip(&self.evaluated.score.pairs) {
            for side in [&self.gold, &self.predicted] {
                let mut pair_of: Vec<Option<(usize, &Pair)>> = vec![None; side.claims.len()];
                for (i, pair) in pairs.iter().enumerate() {
                    pair_of[side.index_in(pair)] = Some((i, pair));
                }
                let mut class_pair_of: Vec<Option<&Pair>> = vec![None; side.claims.len()];
                for pair in &self.evaluated.score.error_pairs {
                    class_pair_of[side.index_in(pair)] = Some(pair);
                }
                for &index in &side.order {
                    rows.push(self.row(criterion, side, index, pair_of[index], class_pair_of[index]));
                }
            }
        }
    }

    fn row(
        &self,
        criterion: Criterion,
        side: &SideRows<'a>,
        index: usize,
        pair: Option<(usize, &Pair)>,
        class_pair: Option<&Pair>,
    ) -> OutcomeRow {
        let claim = side.claims[index];
        let other = if side.side == SideName::Gold { &self.predicted } else { &self.gold };
        let hull = claim.fragments.hull();
        let mut field_outcomes = BTreeMap::new();
        if let (true, Some((i, _))) = (criterion == self.settings.primary, pair) {
            let of_pair: &[(String, FieldOutcome)] = self.evaluated.score.field_outcomes.get(i).map_or(&[], Vec::as_slice);
            field_outcomes.extend(of_pair.iter().map(|(name, outcome)| (name.clone(), outcome.name().to_owned())));
        }
        let state = |state: &FieldState<String>| state.present().cloned();
        OutcomeRow {
            article_id: self.article.input.id.to_owned(),
            standing: self.evaluated.standing.name().to_owned(),
            side: side.side,
            claim_id: claim.id.clone(),
            number: side.number[index],
            criterion: criterion.to_string(),
            outcome: self.outcome(criterion, side, index, pair.map(|p| p.1)),
            class: side.verdicts.get(index).copied().flatten().map(|v| v.name().to_owned()),
            class_pair: class_pair.map(|p| other.number[other.index_in(p)]),
            pair_number: pair.map(|(_, p)| other.number[other.index_in(p)]),
            pair: pair.map(|(_, p)| other.name(other.index_in(p))),
            iou: pair.map(|(_, p)| p.iou),
            similarity: pair.map(|(_, p)| p.similarity),
            kind: claim.kind.clone(),
            start: hull.map(|h| h.start()),
            end: hull.map(|h| h.end()),
            fragments: claim.fragments.to_string(),
            quote: claim.quote.clone(),
            tracking_id: claim.tracking_id.clone(),
            score: if side.side == SideName::Predicted { claim.score } else { None },
            tags: if side.side == SideName::Gold { self.article.input.gold[index].tags.to_vec() } else { Vec::new() },
            fields: claim.fields.iter().map(|(name, value)| (name.clone(), state(value))).collect(),
            field_outcomes,
            columns: self.columns.clone(),
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
            let present = |name: &str| claim.fields.get(name).is_some_and(|state| state.present().is_some());
            !schema.key_fields.iter().any(|name| is_known(name) && present(name))
        }
        Criterion::Text => text::fold(&claim.quote).is_empty(),
        _ => false,
    }
}
