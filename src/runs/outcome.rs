//! How each claim of a run came out under each criterion: the rows of the outcome table.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::article_rows::ArticleRows;
use crate::claim::Claim;
use crate::score::{ArticleInput, Criterion, EvaluatedArticle, Evaluation, Scorer, Settings, Standing};

/// An article of a run with what is stored beside its scores.
#[derive(Clone, Copy, Debug)]
pub struct RunArticle<'a> {
    /// What was scored.
    pub input: &'a ArticleInput<'a>,
    /// The exact text, where it is known. It decides which quotes are stored with predictions.
    pub text: Option<&'a str>,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
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
        name_of(&self.claim_id, self.number).into_owned()
    }
}

pub(super) fn name_of(id: &str, number: u32) -> Cow<'_, str> {
    if id.is_empty() { Cow::Owned(format!("#{number}")) } else { Cow::Borrowed(id) }
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
fn rows_of(articles: &[Scored<'_>], settings: &Settings) -> Vec<OutcomeRow> {
    let criteria = criteria_of(settings);
    let mut rows = Vec::new();
    for (article, evaluated) in articles {
        let article = ArticleRows::new(article, evaluated, settings);
        article.each(&criteria, |row| rows.push(article.owned(&row)));
    }
    rows
}

/// The criteria of the rows, in their order.
pub(super) fn criteria_of(settings: &Settings) -> Vec<Criterion> {
    Scorer::new(settings, std::iter::empty()).criteria().to_vec()
}
