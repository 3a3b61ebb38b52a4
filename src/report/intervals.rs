//! Intervals on the screen of a run.

use std::fmt::Write;

use super::terminal::{DIM, count, three, wrapped};
use crate::stats::{CriterionIntervals, Method};

/// `[.781, .802]`, `none`.
pub(super) fn ends(interval: Option<[f64; 2]>) -> String {
    interval.map_or_else(|| "none".to_owned(), |[low, high]| format!("[{}, {}]", three(Some(low)), three(Some(high))))
}

/// How the intervals were made, those that the table has no room for, and why one is missing.
pub(super) fn intervals(out: &mut String, primary: &str, ci: &CriterionIntervals) -> std::fmt::Result {
    let how = match ci.method {
        Method::Bca => "BCa",
        Method::Percentile => "percentiles, unreliable",
        Method::None => "no interval",
    };
    writeln!(
        out,
        "  {DIM}95 % of {primary}: P {} R {} · {how} · {}{DIM:#}",
        ends(ci.of.precision),
        ends(ci.of.recall),
        count(ci.units, "unit")
    )?;
    let reasons = [("P", ci.reasons.precision), ("R", ci.reasons.recall), ("F1", ci.reasons.f1)];
    let reasons: Vec<String> = reasons.iter().filter_map(|(name, why)| why.map(|why| format!("{name} {why}"))).collect();
    if reasons.is_empty() { Ok(()) } else { wrapped(out, "  no interval", &reasons) }
}
