//! `assay runs trend`.

use anyhow::anyhow;
use clap::Args as ClapArgs;
use serde::Serialize;
use serde_json::json;

use crate::report::terminal::count;
use crate::report::trend::trend_screen;
use crate::runs::{Entry, HistoryError, RunHead, Trend, history, trends};

use super::super::exit::{Exit, Failure};
use super::super::terminal::Terminal;
use super::{check_extractor, nothing_stored, stored};

/// Show how a number went over the stored runs, oldest first.
///
/// A line an extractor, or with --by a line a value of a column that the runs are cut by. Where the data or the settings changed between
/// two runs, the line is broken: numbers on both sides are not comparable.
#[derive(ClapArgs, Debug)]
pub(super) struct Args {
    /// Only the runs of this extractor
    extractor: Option<String>,
    /// Path of a number, such as criteria.exact.recall; with --by, in the slice [default: F1 under the primary criterion]
    #[arg(long, value_name = "PATH")]
    metric: Option<String>,
    /// A line a value of this column
    #[arg(long, value_name = "COLUMN")]
    by: Option<String>,
    /// The newest N runs of each line; 0 for all
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// A trend as JSON.
#[derive(Serialize)]
struct TrendJson<'a> {
    #[serde(flatten)]
    trend: &'a Trend,
    /// Of the runs with the signature of the newest one.
    first: Option<f64>,
    last: Option<f64>,
    change: Option<f64>,
    /// Points with the signature of the newest one.
    comparable: usize,
}

pub(super) fn run(args: &Args, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let (workspace, store) = stored()?;
    let entries = store.entries().map_err(Failure::invalid)?;
    if let Some(name) = &args.extractor {
        check_extractor(name, &entries, &workspace)?;
    }
    let is_meant = |entry: &Entry| args.extractor.as_ref().is_none_or(|name| entry.may_be_of(name));
    let (readable, unreadable): (Vec<Entry>, Vec<Entry>) = entries.into_iter().filter(is_meant).partition(|entry| entry.head.is_ok());
    if !unreadable.is_empty() {
        writeln!(terminal.err, "warning: {} cannot be read; `assay runs` says why", count(unreadable.len() as u64, "run"))?;
    }
    let heads: Vec<RunHead> = readable.into_iter().filter_map(|entry| entry.head.ok()).collect();
    let Some(newest) = heads.last() else {
        if args.json {
            terminal.json(&json!({ "metric": args.metric, "trends": [] }))?;
        } else {
            let none = args.extractor.as_ref().map(|name| format!("no run of {name} is stored; `assay run {name}` makes one"));
            writeln!(terminal.out, "{}", none.unwrap_or_else(|| nothing_stored(&store)))?;
        }
        return Ok(Exit::Done);
    };
    let metric = args.metric.clone().unwrap_or_else(|| format!("criteria.{}.f1", newest.headline.primary));
    let history = history(&heads, &metric, args.by.as_deref()).map_err(|error| match error {
        error @ (HistoryError::Metric { .. } | HistoryError::Column { .. }) => Failure::usage(error),
        error @ HistoryError::Result { .. } => Failure::invalid(error),
        error @ HistoryError::Table(_) => Failure::from(error),
    })?;
    let most = if args.limit == 0 { usize::MAX } else { args.limit };
    let trends = trends(&history, args.extractor.as_deref(), most).map_err(|e| anyhow!("the history cannot be read: {e}"))?;
    if args.json {
        let trends: Vec<TrendJson<'_>> = trends.iter().map(of_trend).collect();
        terminal.json(&json!({ "metric": metric, "trends": trends }))?;
        return Ok(Exit::Done);
    }
    write!(terminal.out, "{}", trend_screen(&metric, &trends))?;
    let is_undefined = trends.iter().flat_map(|trend| &trend.points).all(|point| point.value.is_none());
    if let Some(column) = args.by.as_deref().filter(|_| is_undefined) {
        terminal.out.flush()?;
        let recall = format!("criteria.{}.recall", newest.headline.primary);
        writeln!(terminal.err, "note: no slice by {column} has this number; try --metric {recall}")?;
    }
    Ok(Exit::Done)
}

fn of_trend(trend: &Trend) -> TrendJson<'_> {
    TrendJson {
        trend,
        first: trend.first().and_then(|point| point.value),
        last: trend.last().and_then(|point| point.value),
        change: trend.change(),
        comparable: trend.points.iter().filter(|point| trend.is_comparable(point)).count(),
    }
}
