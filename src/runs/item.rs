//! The rows of the primary criterion put together again: a pair or a lone claim each, with what differs.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::outcome::{ClaimOutcome, OutcomeRow, SideName};
use crate::claim::nearest;
use crate::report::safe::quoted;

/// A pair of claims, or a claim without one.
#[derive(Clone, Debug, Serialize)]
pub struct Item<'a> {
    /// The article.
    pub article_id: &'a str,
    /// What came out.
    pub outcome: ClaimOutcome,
    /// `right` or an error class; that of the gold claim where there is one.
    pub class: Option<&'a str>,
    /// Of a pair.
    pub iou: Option<f64>,
    /// The gold claim.
    pub gold: Option<&'a OutcomeRow>,
    /// The predicted claim.
    pub predicted: Option<&'a OutcomeRow>,
    /// The claim that the error class is about, where it is no pair: what a missed claim may have been taken for.
    pub near: Option<&'a OutcomeRow>,
    /// Kind and fields of a pair that are not the same.
    pub differences: Vec<FieldDifference>,
}

/// A field of a pair that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FieldDifference {
    /// Name of the field, or `kind`.
    pub field: String,
    /// As labelled; absent where the label says that the text does not give it.
    pub gold: Option<String>,
    /// As answered; absent where the prediction has none.
    pub predicted: Option<String>,
}

impl Item<'_> {
    /// A pair with something wrong: an error class, or a field.
    pub fn is_wrong(&self) -> bool {
        let bad_class = self.class.is_some_and(|class| class != "right");
        self.outcome == ClaimOutcome::Matched && (bad_class || !self.differences.is_empty())
    }

    /// First code point; claims without a place come last.
    fn place(&self) -> (bool, Option<u32>, Option<u32>) {
        let row = self.gold.or(self.predicted);
        let start = row.and_then(|r| r.start);
        (start.is_none(), start, row.and_then(|r| r.end))
    }
}

/// The items of a run by article, then by place in the text. `rows` are those of the outcome table.
pub fn items<'a>(rows: &'a [OutcomeRow], primary: &str) -> Vec<Item<'a>> {
    let mut of_article: BTreeMap<&str, Vec<&OutcomeRow>> = BTreeMap::new();
    for row in rows.iter().filter(|r| r.criterion == primary) {
        of_article.entry(&row.article_id).or_default().push(row);
    }
    let mut all = Vec::new();
    for (article_id, rows) in of_article {
        let first = all.len();
        let by_number: BTreeMap<(SideName, u32), &OutcomeRow> = rows.iter().map(|r| ((r.side, r.number), *r)).collect();
        let find = |side: SideName, number: u32| by_number.get(&(side, number)).copied();
        for &row in &rows {
            let is_gold = row.side == SideName::Gold;
            if !is_gold && row.pair_number.is_some() {
                continue; // It is part of its gold claim's item.
            }
            let other = if is_gold { SideName::Predicted } else { SideName::Gold };
            let pair = row.pair_number.and_then(|n| find(other, n));
            all.push(Item {
                article_id,
                outcome: row.outcome,
                class: row.class.as_deref(),
                iou: row.iou,
                gold: is_gold.then_some(row),
                predicted: if is_gold { pair } else { Some(row) },
                near: if pair.is_none() { row.class_pair.and_then(|n| find(other, n)) } else { None },
                differences: pair.map(|pair| differences(row, pair)).unwrap_or_default(),
            });
        }
        all[first..].sort_by_key(Item::place);
    }
    all
}

fn differences(gold: &OutcomeRow, predicted: &OutcomeRow) -> Vec<FieldDifference> {
    let fields = gold.field_outcomes.iter().map(|(name, outcome)| (name.as_str(), outcome.as_str()));
    differing((&gold.kind, &predicted.kind), fields, |side, field| {
        let row = if side == SideName::Gold { gold } else { predicted };
        row.fields.get(field).cloned().flatten()
    })
}

/// Kind and fields of a pair that are not the same. `fields` are names with outcomes, `value` gives what a side has.
pub(super) fn differing<'f>(
    (gold, predicted): (&str, &str),
    fields: impl Iterator<Item = (&'f str, &'f str)>,
    value: impl Fn(SideName, &str) -> Option<String>,
) -> Vec<FieldDifference> {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let kind = (gold != predicted).then(|| FieldDifference { field: "kind".to_owned(), gold: some(gold), predicted: some(predicted) });
    let wrong = fields.filter(|(_, outcome)| matches!(*outcome, "inc" | "mis" | "spu")).map(|(field, _)| FieldDifference {
        field: field.to_owned(),
        gold: value(SideName::Gold, field),
        predicted: value(SideName::Predicted, field),
    });
    kind.into_iter().chain(wrong).collect()
}

/// `column=value`: which claims are meant. Columns are those of the articles, `kind`, `class`, `tags` and `article_id`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    column: String,
    value: String,
}

/// Why a condition means nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConditionError {
    /// Not `column=value`.
    #[error("{} is no condition; write column=value, such as lang=id", quoted(.0, 60))]
    Grammar(String),
    /// No claim of the run has such a column.
    #[error("no column {}{near}; one of {known}", quoted(.name, 40))]
    Column {
        /// As written.
        name: String,
        /// A guess.
        near: String,
        /// Those there are.
        known: String,
    },
    /// The column never has that value.
    #[error("no claim has {column}={}{near}; values are {known}", quoted(.value, 40))]
    Value {
        /// The column.
        column: String,
        /// As written.
        value: String,
        /// A guess.
        near: String,
        /// Those there are, at most 20.
        known: String,
    },
}

impl FromStr for Condition {
    type Err = ConditionError;

    fn from_str(text: &str) -> Result<Condition, ConditionError> {
        match text.split_once('=') {
            Some((column, value)) if !column.trim().is_empty() => {
                Ok(Condition { column: column.trim().to_owned(), value: value.trim().to_owned() })
            }
            _ => Err(ConditionError::Grammar(text.to_owned())),
        }
    }
}

/// Columns of every claim.
const OF_CLAIMS: [&str; 4] = ["article_id", "class", "kind", "tags"];

impl Condition {
    /// Whether a row is meant.
    pub fn holds(&self, row: &OutcomeRow) -> bool {
        values(row, &self.column).contains(&self.value.as_str())
    }

    /// Checks that the condition can hold for a claim of the run.
    ///
    /// # Errors
    /// When the column is unknown, or never has the value.
    pub fn check(&self, rows: &[OutcomeRow]) -> Result<(), ConditionError> {
        let near = |written: &str, known: &BTreeSet<&str>| {
            nearest(written, known.iter().copied()).map(|n| format!("; did you mean {n}?")).unwrap_or_default()
        };
        let columns: BTreeSet<&str> = OF_CLAIMS.into_iter().chain(rows.iter().flat_map(|r| r.columns.keys().map(String::as_str))).collect();
        if !columns.contains(self.column.as_str()) {
            let known = columns.iter().copied().collect::<Vec<_>>().join(", ");
            return Err(ConditionError::Column { name: self.column.clone(), near: near(&self.column, &columns), known });
        }
        let known: BTreeSet<&str> = rows.iter().flat_map(|r| values(r, &self.column)).filter(|v| !v.is_empty()).collect();
        if known.contains(self.value.as_str()) {
            return Ok(());
        }
        let listed: Vec<&str> = known.iter().copied().take(20).collect();
        Err(ConditionError::Value {
            column: self.column.clone(),
            value: self.value.clone(),
            near: near(&self.value, &known),
            known: if listed.is_empty() { "none at all".to_owned() } else { listed.join(", ") },
        })
    }
}

fn values<'a>(row: &'a OutcomeRow, column: &str) -> Vec<&'a str> {
    match column {
        "article_id" => vec![&row.article_id],
        "kind" => vec![&row.kind],
        "class" => row.class.as_deref().into_iter().collect(),
        "tags" => row.tags.iter().map(String::as_str).collect(),
        _ => row.columns.get(column).map(|v| v.iter().map(String::as_str).collect()).unwrap_or_default(),
    }
}
