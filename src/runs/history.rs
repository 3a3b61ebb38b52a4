//! How a number went over the stored runs.
//!
//! - [`history`]: a table with a row a run, or a row a run and slice
//! - [`trends`]: the last points of each line that is drawn of it

use polars::prelude::*;
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::head::RunHead;
use super::id;
use super::metric::{METRICS, nearest_path, number_at};
use crate::claim::nearest;

/// A number over the runs of an extractor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Trend {
    /// The extractor.
    pub extractor: String,
    /// The path of the number in the result's JSON; of a slice, in the slice.
    pub metric: String,
    /// The part of the data; absent for all of it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub slice: Option<TrendSlice>,
    /// Oldest first.
    pub points: Vec<TrendPoint>,
}

/// The part of the data that a trend is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TrendSlice {
    /// Such as `lang`.
    pub column: String,
    /// Such as `id`.
    pub value: String,
}

/// The number of one run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TrendPoint {
    /// The run's id.
    pub run: String,
    /// When it was finished; RFC 3339, UTC.
    pub finished: String,
    /// Version of the extractor.
    pub version: String,
    /// What the number depends on. Points of different signatures are not comparable.
    pub signature: String,
    /// The number; absent where it is undefined, or the result does not have it.
    pub value: Option<f64>,
}

impl Trend {
    /// The newest point.
    pub fn last(&self) -> Option<&TrendPoint> {
        self.points.last()
    }

    /// The oldest point with a number that can be compared with the newest one.
    pub fn first(&self) -> Option<&TrendPoint> {
        self.points.iter().find(|point| point.value.is_some() && self.is_comparable(point))
    }

    /// Whether a point has the signature of the newest one.
    pub fn is_comparable(&self, point: &TrendPoint) -> bool {
        self.last().is_some_and(|last| last.signature == point.signature)
    }

    /// From [`Trend::first`] to [`Trend::last`]; absent where these are one run, or a number is undefined.
    pub fn change(&self) -> Option<f64> {
        let (first, last) = (self.first()?, self.last()?);
        if first.run == last.run { None } else { Some(last.value? - first.value?) }
    }
}

/// Why there is no history.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// No run has a number at that path.
    #[error("no number {path:?} in {}{}; `assay metrics` lists all", if *.of_slices { "the slices of the stored runs" } else { "the results of the stored runs" }, meant(.nearest))]
    Metric {
        /// What was asked for.
        path: String,
        /// Whether it was looked for in slices.
        of_slices: bool,
        /// What may be meant.
        nearest: Option<String>,
    },
    /// No run has slices of that column.
    #[error("no run has slices by {column:?}{}; {}", meant(.nearest), cut_by(.known))]
    Column {
        /// What was asked for.
        column: String,
        /// What may be meant.
        nearest: Option<String>,
        /// The columns that runs are cut by.
        known: Vec<String>,
    },
    /// The result of a run is none.
    #[error("the result of {run}: {problem}")]
    Result {
        /// The run.
        run: String,
        /// What is wrong, in words.
        problem: String,
    },
    /// The table cannot be made.
    #[error("the history cannot be made: {0}")]
    Table(#[from] PolarsError),
}

fn meant(nearest: &Option<String>) -> String {
    nearest.as_ref().map(|n| format!(" (did you mean {n:?}?)")).unwrap_or_default()
}

fn cut_by(known: &[String]) -> String {
    let are = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    format!("they are cut by {are}; `slices` of [score] in assay.toml adds columns to the runs to come")
}

/// One row of the table.
struct Row<'a> {
    head: &'a RunHead,
    slice: Option<String>,
    value: Option<f64>,
}

/// The table of a number: a row a run, or with `by` a row a run and value of that column.
///
/// Columns: `run`, `minute` (of the start, as the id has it), `at` (nanoseconds since 1970) and `finished` (the
/// same as text), `extractor`, `version`, `signature`,
/// `column` and `slice` (`null` for the whole), `metric`, `value` (`null` where it is undefined or the run has no such number).
///
/// # Errors
/// When no run has a number at that path, or slices of that column; see [`HistoryError`].
pub fn history(runs: &[RunHead], metric: &str, by: Option<&str>) -> Result<DataFrame, HistoryError> {
    let results = runs
        .par_iter()
        .map(|head| {
            let problem = |e: serde_json::Error| HistoryError::Result { run: head.id.clone(), problem: e.to_string() };
            serde_json::from_str(head.result.get()).map_err(problem)
        })
        .collect::<Result<Vec<Value>, _>>()?;
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut is_known = runs.is_empty();
    for (head, result) in runs.iter().zip(&results) {
        let parts: Vec<(Option<String>, &Value)> = match by {
            None => vec![(None, result)],
            Some(column) => slices(result).filter(|(c, ..)| *c == column).map(|(_, v, slice)| (Some(v.to_owned()), slice)).collect(),
        };
        for (slice, part) in parts {
            let found = number_at(part, metric);
            is_known |= found.is_some();
            rows.push(Row { head, slice, value: found.flatten() });
        }
    }
    if let Some(column) = by.filter(|_| rows.is_empty() && !runs.is_empty()) {
        let mut known: Vec<String> = results.iter().flat_map(|r| slices(r).map(|(c, ..)| c.to_owned())).collect();
        known.sort();
        known.dedup();
        let nearest = nearest(column, known.iter().map(String::as_str)).map(str::to_owned);
        return Err(HistoryError::Column { column: column.to_owned(), nearest, known });
    }
    is_known |= by.is_none() && is_named(metric);
    if !is_known {
        let newest = results.last();
        let part = newest.and_then(|r| match by {
            None => Some(r.clone()),
            // A slice does not say which criterion is the primary one.
            Some(column) => slices(r).find(|(c, ..)| *c == column).map(|(.., slice)| {
                let mut slice = slice.clone();
                slice["primary"] = r["primary"].clone();
                slice
            }),
        });
        let nearest = part.and_then(|part| nearest_path(&part, metric));
        return Err(HistoryError::Metric { path: metric.to_owned(), of_slices: by.is_some(), nearest });
    }
    Ok(frame(&rows, metric, by)?)
}

/// Whether every result has the number, though the block around it may be `null` in all of them.
fn is_named(path: &str) -> bool {
    !path.contains(['*', '[']) && METRICS.iter().any(|metric| metric.path == path)
}

/// Column, value and numbers of each slice.
fn slices(result: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let all = result.get("slices").and_then(Value::as_array).into_iter().flatten();
    all.filter_map(|slice| Some((slice.get("column")?.as_str()?, slice.get("value")?.as_str()?, slice)))
}

fn frame(rows: &[Row<'_>], metric: &str, by: Option<&str>) -> PolarsResult<DataFrame> {
    let text = |name: &str, value: &dyn Fn(&Row<'_>) -> Option<String>| {
        let values: StringChunked = rows.iter().map(value).collect();
        values.with_name(name.into()).into_column()
    };
    let at: Int64Chunked = rows.iter().map(|row| i64::try_from(row.head.finished.as_nanosecond()).ok()).collect();
    let values: Float64Chunked = rows.iter().map(|row| row.value).collect();
    let of = |row: &Row<'_>| row.head.headline.extractor.clone();
    DataFrame::new(
        rows.len(),
        vec![
            text("run", &|row| Some(row.head.id.clone())),
            text("minute", &|row| id::minute(&row.head.id).map(str::to_owned)),
            at.with_name("at".into()).into_column(),
            text("finished", &|row| Some(row.head.finished.to_string())),
            text("extractor", &|row| Some(of(row).name)),
            text("version", &|row| Some(of(row).version)),
            text("signature", &|row| Some(row.head.headline.signature.clone())),
            text("column", &|_| by.map(str::to_owned)),
            text("slice", &|row| row.slice.clone()),
            text("metric", &|_| Some(metric.to_owned())),
            values.with_name("value".into()).into_column(),
        ],
    )
}

/// The newest points of each extractor and slice of a table that [`history`] made: lines by extractor, then slice; points oldest first.
///
/// # Errors
/// When the table is another one.
pub fn trends(history: &DataFrame, extractor: Option<&str>, newest: usize) -> PolarsResult<Vec<Trend>> {
    let mut table = history.clone().lazy();
    if let Some(extractor) = extractor {
        table = table.filter(col("extractor").eq(lit(extractor.to_owned())));
    }
    let by_time = ["minute", "at", "run"];
    let by_line = ["extractor", "slice"];
    let sorted = |names: &[&str]| {
        (names.iter().map(|&n| n.into()).collect::<Vec<PlSmallStr>>(), SortMultipleOptions::default().with_maintain_order(true))
    };
    let (time, options) = sorted(&by_time);
    let (line, line_options) = sorted(&[&by_line[..], &by_time[..]].concat());
    let table =
        table.sort(time, options).group_by(by_line.map(col)).tail(Some(newest.min(history.height()))).sort(line, line_options).collect()?;
    let text = |name: &str| table.column(name)?.str();
    let (run, extractor, version, signature) = (text("run")?, text("extractor")?, text("version")?, text("signature")?);
    let (column, slice, metric) = (text("column")?, text("slice")?, text("metric")?);
    let (finished, value) = (text("finished")?, table.column("value")?.f64()?);
    let owned = |texts: &StringChunked, i: usize| texts.get(i).unwrap_or_default().to_owned();
    let mut trends: Vec<Trend> = Vec::new();
    for i in 0..table.height() {
        let part = column.get(i).zip(slice.get(i)).map(|(c, v)| TrendSlice { column: c.to_owned(), value: v.to_owned() });
        let is_next = trends.last().is_none_or(|t| Some(t.extractor.as_str()) != extractor.get(i) || t.slice != part);
        if is_next {
            trends.push(Trend { extractor: owned(extractor, i), metric: owned(metric, i), slice: part, points: Vec::new() });
        }
        let point = TrendPoint {
            run: owned(run, i),
            finished: owned(finished, i),
            version: owned(version, i),
            signature: owned(signature, i),
            value: value.get(i),
        };
        if let Some(trend) = trends.last_mut() {
            trend.points.push(point);
        }
    }
    Ok(trends)
}
