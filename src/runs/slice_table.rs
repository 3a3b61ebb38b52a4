//! The numbers of a run under its primary criterion, cut by any columns of the outcome table.

use std::cmp::Ordering;

use polars::prelude::*;
use serde::Serialize;

use super::frame::{ARTICLE, FIELD};
use crate::claim::nearest;
use crate::score::{Criterion, f_beta, ratio};

/// The groups of a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SliceTable {
    /// The columns, as they were asked for.
    pub columns: Vec<String>,
    /// The criterion of the numbers.
    pub criterion: String,
    /// One a combination of values that occurs, sorted by the values; a claim with several tags is in the group of each.
    pub rows: Vec<SliceRow>,
}

/// One group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SliceRow {
    /// One a column; `None` where the claims have no value.
    pub values: Vec<Option<String>>,
    /// Gold claims in the criterion's population, without optional ones.
    pub gold: u64,
    /// Predicted claims; absent where a column is one of gold claims only.
    pub predicted: Option<u64>,
    /// Gold claims with a pair.
    pub tp: u64,
    /// Predicted claims without one.
    pub fp: Option<u64>,
    /// Gold claims without one.
    #[serde(rename = "fn")]
    pub fn_: u64,
    /// Of the predicted claims those with a pair; undefined without any.
    pub precision: Option<f64>,
    /// Of the gold claims those with a pair; undefined without any.
    pub recall: Option<f64>,
    /// Defined where the columns cut both sides of a pair alike.
    pub f1: Option<f64>,
}

/// Why a run cannot be cut so.
#[derive(Debug, thiserror::Error)]
pub enum SliceError {
    /// No columns, or the same one twice.
    #[error("{0}")]
    Columns(String),
    /// There is no such column.
    #[error("no column {name:?}{}; one of {}", nearest.as_ref().map(|n| format!(" (did you mean {n:?}?)")).unwrap_or_default(), known.join(", "))]
    Unknown {
        /// What was asked for.
        name: String,
        /// The column that is most like it.
        nearest: Option<String>,
        /// All columns.
        known: Vec<String>,
    },
    /// The table is not one of outcomes.
    #[error("the outcome table cannot be grouped: {0}")]
    Table(#[from] PolarsError),
}

/// How a column cuts the claims of a pair.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cut {
    /// Both claims are in the same group.
    Alike,
    /// Each claim is in a group of its own.
    EachSide,
    /// Only gold claims have it.
    GoldOnly,
}

/// Columns of claims that can be grouped by.
const OF_CLAIMS: [(&str, Cut); 4] = [("kind", Cut::EachSide), ("class", Cut::EachSide), ("tags", Cut::GoldOnly), ("standing", Cut::Alike)];

/// The columns that a table can be cut by: of claims, of articles by their plain name, of fields as `field.<name>`.
fn known_columns(outcomes: &DataFrame) -> Vec<(String, String, Cut)> {
    let mut known: Vec<(String, String, Cut)> = OF_CLAIMS.iter().map(|&(n, cut)| (n.to_owned(), n.to_owned(), cut)).collect();
    known.push(("article_id".to_owned(), "article_id".to_owned(), Cut::Alike));
    for column in outcomes.get_column_names() {
        let column = column.as_str();
        if column.starts_with(FIELD) {
            known.push((column.to_owned(), column.to_owned(), Cut::Alike));
        } else if let Some(plain) = column.strip_prefix(ARTICLE) {
            let is_taken = known.iter().any(|k| k.0 == plain);
            known.push((if is_taken { column.to_owned() } else { plain.to_owned() }, column.to_owned(), Cut::Alike));
        }
    }
    known
}

/// Groups the rows of the primary criterion. Articles that are labelled in part are left out, as in every headline number.
///
/// A column is `kind`, `class`, `tags`, `article_id`, any column of the articles (`article.tags` for those that claims have
/// too), or `field.<name>`, the outcome of a field.
///
/// # Errors
/// For a column that does not exist, with the nearest one.
pub fn slices_by(outcomes: &DataFrame, primary: &str, columns: &[&str]) -> Result<SliceTable, SliceError> {
    if columns.is_empty() {
        return Err(SliceError::Columns("name at least one column to cut by".to_owned()));
    }
    let known = known_columns(outcomes);
    let mut chosen: Vec<(&str, Cut)> = Vec::new();
    for &name in columns {
        let full = format!("{ARTICLE}{name}");
        let field = format!("{FIELD}{name}");
        let found =
            [name, full.as_str(), field.as_str()].into_iter().find_map(|n| known.iter().find(|(short, long, _)| short == n || long == n));
        let Some((_, column, cut)) = found else {
            let names = known.into_iter().map(|k| k.0).collect::<Vec<_>>();
            let nearest = nearest(name, names.iter().map(String::as_str)).map(str::to_owned);
            return Err(SliceError::Unknown { name: name.to_owned(), nearest, known: names });
        };
        if chosen.iter().any(|c| c.0 == column) {
            return Err(SliceError::Columns(format!("column {name:?} is named twice")));
        }
        chosen.push((column, *cut));
    }
    let grouped = group(outcomes, primary, &chosen)?;
    let rows = rows(&grouped, &chosen, primary)?;
    Ok(SliceTable { columns: columns.iter().map(|&c| c.to_owned()).collect(), criterion: primary.to_owned(), rows })
}

/// One row a group, with the counts of both sides.
fn group(outcomes: &DataFrame, primary: &str, chosen: &[(&str, Cut)]) -> PolarsResult<DataFrame> {
    let counted = |outcome: &str| col("outcome").eq(lit(outcome.to_owned()));
    let of = |side: &str, outcome: &str, name: &str| {
        let is = col("side").eq(lit(side.to_owned())).and(counted(outcome));
        is.cast(DataType::UInt32).sum().cast(DataType::Int64).alias(name)
    };
    let mut table = outcomes
        .clone()
        .lazy()
        .filter(col("criterion").eq(lit(primary.to_owned())))
        .filter(col("standing").neq(lit("incomplete")))
        .filter(counted("matched").or(counted("missed")).or(counted("spurious")));
    if chosen.iter().any(|c| c.1 == Cut::GoldOnly) {
        table = table.filter(col("side").eq(lit("gold")));
    }
    for (column, _) in chosen {
        if matches!(outcomes.column(column)?.dtype(), DataType::List(_)) {
            table = table.explode(by_name([*column], true, false), ExplodeOptions { empty_as_null: true, keep_nulls: true });
        }
    }
    let by: Vec<Expr> = chosen.iter().map(|(column, _)| col(*column)).collect();
    table
        .group_by(by)
        .agg([
            of("gold", "matched", "gold_matched"),
            of("gold", "missed", "missed"),
            of("predicted", "matched", "predicted_matched"),
            of("predicted", "spurious", "spurious"),
        ])
        .collect()
}

fn rows(grouped: &DataFrame, chosen: &[(&str, Cut)], primary: &str) -> PolarsResult<Vec<SliceRow>> {
    let count = |name: &str| grouped.column(name).and_then(|c| c.i64());
    let (gold_matched, missed) = (count("gold_matched")?, count("missed")?);
    let (predicted_matched, spurious) = (count("predicted_matched")?, count("spurious")?);
    let of_columns = chosen.iter().map(|(column, _)| grouped.column(column)?.str()).collect::<PolarsResult<Vec<_>>>()?;
    let gold_only = chosen.iter().any(|c| c.1 == Cut::GoldOnly);
    // Under `strict` the claims of a pair have one kind, so that this column cuts them alike.
    let strict = primary == Criterion::Strict.to_string();
    let alike = chosen.iter().all(|&(column, cut)| cut == Cut::Alike || (strict && column == "kind"));
    let at = |counts: &Int64Chunked, i: usize| counts.get(i).and_then(|n| u64::try_from(n).ok()).unwrap_or_default();
    let mut rows: Vec<SliceRow> = (0..grouped.height())
        .map(|i| {
            let (tp, fn_) = (at(gold_matched, i), at(missed, i));
            let (hits, fp) = (at(predicted_matched, i), at(spurious, i));
            let (gold, predicted) = (tp + fn_, hits + fp);
            SliceRow {
                values: of_columns.iter().map(|c| c.get(i).map(str::to_owned)).collect(),
                gold,
                predicted: (!gold_only).then_some(predicted),
                tp,
                fp: (!gold_only).then_some(fp),
                fn_,
                precision: if gold_only { None } else { ratio(hits as f64, predicted as f64) },
                recall: ratio(tp as f64, gold as f64),
                f1: if alike { f_beta(tp as f64, gold as f64, predicted as f64, 1.0) } else { None },
            }
        })
        .collect();
    rows.sort_by(|a, b| by_values(&a.values, &b.values));
    Ok(rows)
}

/// By value; claims without a value come last.
fn by_values(a: &[Option<String>], b: &[Option<String>]) -> Ordering {
    let key = |v: &Option<String>| (v.is_none(), v.clone());
    a.iter().map(key).cmp(b.iter().map(key))
}
