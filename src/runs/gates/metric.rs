//! What a gate is about: the number behind the path that it names, over the part of the data that it names.

use std::collections::BTreeMap;

use serde_json::Value;

use super::claims::{Claims, values_of};
use crate::claim::nearest;
use crate::dataset::ArticleRecord;
use crate::extract::Outcome;
use crate::report::safe::quoted;
use crate::runs::attempt::Rescored;
use crate::runs::inputs::dataset_inputs;
use crate::runs::measure::{Counted, Measure, Part};
use crate::runs::metric::{Range, metric_at, nearest_path, number_at};
use crate::score::{Provenance, Settings, evaluate};
use crate::workspace::Gate;

/// A gate that asks for something that is not there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("gate {metric}: {problem}")]
pub struct GateProblem {
    /// As in assay.toml.
    pub metric: String,
    /// What is wrong, and what would be right.
    pub problem: String,
}

/// A metric with its number.
pub(super) enum GateMetric {
    /// A share of claims, which can be taken over a part of the data and compared with a baseline.
    Share(Measure, Part),
    /// Any other number of the result.
    Number {
        /// `None` where it is undefined.
        value: Option<f64>,
        /// When it is.
        undefined: &'static str,
        /// Whether it counts things.
        is_count: bool,
    },
    /// A list of claims.
    Claims(Claims),
}

/// Finds what a gate is about. `result` is the run's result as JSON.
pub(super) fn resolve(gate: &Gate, run: &Rescored<'_>, result: &Value) -> Result<GateMetric, GateProblem> {
    let wrong = |problem: String| GateProblem { metric: gate.metric.clone(), problem };
    let list = match gate.metric.as_str() {
        "newly_missed" => Some(Claims::Missed),
        "newly_found" => Some(Claims::Found),
        _ => None,
    };
    if let Some(list) = list {
        if !gate.slice.is_empty() || gate.max_drop.is_some() {
            return Err(wrong("is a list of claims: write `where` instead of `slice`, and min or max instead of max_drop".to_owned()));
        }
        conditions(&gate.conditions, run, "where").map_err(wrong)?;
        return Ok(GateMetric::Claims(list));
    }
    if !gate.conditions.is_empty() {
        return Err(wrong("`where` is for newly_missed and newly_found; write `slice`".to_owned()));
    }
    if let Some(measure) = Measure::at(&gate.metric) {
        known(&measure, run).map_err(wrong)?;
        let part = part(&gate.slice, run).map_err(wrong)?;
        if !part.defines(&measure.counted, measure.share) || (part.claims.is_some() && !matches!(measure.counted, Counted::Criterion(_))) {
            return Err(wrong(
                "a slice of claims has a recall only: write the metric criteria.NAME.recall, or slice by a column of the articles"
                    .to_owned(),
            ));
        }
        return Ok(GateMetric::Share(measure, part));
    }
    if !gate.slice.is_empty() || gate.max_drop.is_some() {
        return Err(wrong(
            "`slice` and `max_drop` are for precision, recall and F1 of criteria, fields and semeval, and right_f1".to_owned(),
        ));
    }
    at(&gate.metric, result).map_err(wrong)
}

/// Whether the run has what the measure counts.
fn known(measure: &Measure, run: &Rescored<'_>) -> Result<(), String> {
    let names = &run.evaluation.names;
    match &measure.counted {
        Counted::Criterion(criterion) if !names.criteria.contains(criterion) => {
            let all: Vec<String> = names.criteria.iter().map(ToString::to_string).collect();
            Err(format!("{criterion} is not scored; add it to `criteria` of [score], which has {}", all.join(", ")))
        }
        Counted::MatchedField(field) | Counted::EndToEndField(field) if !names.fields.contains(field) => {
            let near = nearest(field, names.fields.iter().map(String::as_str)).map(|n| format!("; did you mean {n}?")).unwrap_or_default();
            Err(format!("no field {}{near}", quoted(field, 40)))
        }
        Counted::Semeval(scheme) if !["strict", "exact", "partial", "type"].contains(&scheme.as_str()) => {
            Err(format!("{} is none of strict, exact, partial, type", quoted(scheme, 40)))
        }
        _ => Ok(()),
    }
}

/// The part of the data that a slice names.
fn part(slice: &BTreeMap<String, String>, run: &Rescored<'_>) -> Result<Part, String> {
    let mut part = Part::default();
    for (column, value) in slice {
        let is_field = run.dataset.schema.field(column).is_some();
        if column == "kind" || column == "tags" || is_field {
            if part.claims.is_some() {
                return Err("a slice can name one of kind, tags and the fields, with any columns of the articles beside it".to_owned());
            }
            let known: Vec<String> = if is_field { field_values(column, run) } else { values_of(run.dataset, column).unwrap_or_default() };
            check_value("slice", column, value, &known)?;
            part.claims = Some((column.clone(), value.clone()));
        } else {
            conditions(&BTreeMap::from([(column.clone(), value.clone())]), run, "slice")?;
            part.articles.push((column.clone(), value.clone()));
        }
    }
    Ok(part)
}

/// The values of a field that gold claims of the dataset have, as slices name them: folded as scoring folds them.
fn field_values(field: &str, run: &Rescored<'_>) -> Vec<String> {
    let records: Vec<&ArticleRecord> = run.dataset.articles.iter().collect();
    let inputs = dataset_inputs(run.dataset, &records, &BTreeMap::new(), &[]);
    let settings = Settings { slices: vec![field.to_owned()], intervals: None, ..run.settings.clone() };
    let result = evaluate(&inputs, &settings, &Provenance::default()).result;
    result.slices.into_iter().map(|slice| slice.value).collect()
}

/// Whether the dataset has each column and value.
fn conditions(wanted: &BTreeMap<String, String>, run: &Rescored<'_>, key: &str) -> Result<(), String> {
    for (column, value) in wanted {
        match values_of(run.dataset, column) {
            Some(known) => check_value(key, column, value, &known)?,
            None => {
                let columns = run.dataset.slice_columns();
                let all = ["kind", "tags", "article_id"].into_iter().chain(columns.iter().copied());
                let near = nearest(column, all).map(|n| format!("; did you mean {n}?")).unwrap_or_default();
                return Err(format!("{key} names a column that the dataset does not have, {}{near}", quoted(column, 40)));
            }
        }
    }
    Ok(())
}

fn check_value(key: &str, column: &str, value: &str, known: &[String]) -> Result<(), String> {
    if known.iter().any(|k| k == value) {
        return Ok(());
    }
    let near = nearest(value, known.iter().map(String::as_str)).map_or_else(|| ".".to_owned(), |n| format!("; did you mean {n}?"));
    let some: Vec<&str> = known.iter().map(String::as_str).take(20).collect();
    let some = if some.is_empty() { "no value at all".to_owned() } else { some.join(", ") };
    Err(format!("{key}: nothing in the dataset has {column}={}{near} The dataset has {some}", quoted(value, 40)))
}

/// Maps of counts that name what came up; what did not come up is 0.
const OPEN_COUNTS: [&str; 3] = ["articles.excluded_by.", "articles.outcomes.", "confusion."];

/// The number at a path.
fn at(path: &str, result: &Value) -> Result<GateMetric, String> {
    let segments: Vec<String> = path.split('.').map(str::to_owned).collect();
    let unknown = || {
        let near = nearest_path(result, path).map(|n| format!("did you mean {n}? ")).unwrap_or_default();
        format!("is no number of a result; {near}`assay metrics` lists them all")
    };
    let metric = metric_at(&segments).ok_or_else(unknown)?;
    let is_count = metric.range == Range::Count;
    let undefined = if metric.undefined.is_empty() { "the run has no such block" } else { metric.undefined };
    let is_null_block = segments.first().is_some_and(|first| result.get(first).is_some_and(Value::is_null));
    let value = match number_at(result, path) {
        Some(value) => value,
        None if is_null_block => None,
        None => {
            if let Some(outcome) = path.strip_prefix("articles.outcomes.") {
                outcome.parse::<Outcome>()?;
            }
            OPEN_COUNTS.iter().any(|open| path.starts_with(open)).then_some(Some(0.0)).ok_or_else(unknown)?
        }
    };
    Ok(GateMetric::Number { value, undefined, is_count })
}
