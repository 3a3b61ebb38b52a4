//! Intervals on the screen of a run.

use std::fmt::Write;

use super::safe::shown;
use super::terminal::{DIM, count, cut, pad_to, three, two, wrapped};
use crate::score::Prf;
use crate::score::result::{CriterionScore, FieldScore};
use crate::stats::{CriterionIntervals, Method, NoInterval};

/// `[.781, .802]`, `none`.
pub(super) fn ends(interval: Option<[f64; 2]>) -> String {
    interval.map_or_else(|| "none".to_owned(), |[low, high]| format!("[{}, {}]", three(Some(low)), three(Some(high))))
}

/// How the intervals were made, those that the table has no room for, and why one is missing.
pub(super) fn intervals(out: &mut String, primary: &str, ci: &CriterionIntervals) -> std::fmt::Result {
    let how = match ci.method {
        Method::Bca => "BCa",
        Method::Percentile => "unreliable",
        Method::None => "no interval of fewer than 2",
    };
    writeln!(
        out,
        "  {DIM}95 % of {primary}: P {} R {} · {how} · {}{DIM:#}",
        ends(ci.of.precision),
        ends(ci.of.recall),
        count(ci.units, "unit")
    )?;
    let reasons = [("P", ci.reasons.precision), ("R", ci.reasons.recall), ("F1", ci.reasons.f1)];
    // That a number is undefined is seen where it stands.
    let told = |why: &NoInterval| ci.method != Method::None && *why != NoInterval::Undefined;
    let reasons: Vec<String> = reasons.iter().filter_map(|(name, why)| why.filter(told).map(|why| format!("{name} {why}"))).collect();
    if reasons.is_empty() { Ok(()) } else { wrapped(out, "  no interval", &reasons) }
}

/// The heading of criteria with intervals.
pub(super) const CRITERIA_HEADING: &str = "                TP      FP      FN      P      R     F1  95 % of F1      soft F1";

/// A criterion with the interval of F1.
pub(super) fn criterion_row(label: &str, score: &CriterionScore, ci: &CriterionIntervals) -> String {
    let Prf { tp, fp, fn_, precision, recall, f1 } = score.all;
    let [precision, recall, f1, soft] = [precision, recall, f1, score.soft_f1].map(three);
    let (label, of_f1) = (pad_to(label, 10), pad_to(&ends(ci.of.f1), 14));
    format!("  {label}{tp:>6}  {fp:>6}  {fn_:>6}  {precision:>5}  {recall:>5}  {f1:>5}  {of_f1}   {soft:>5}")
}

/// The heading of fields with intervals.
pub(super) const FIELDS_HEADING: &str = "fields                 matched pairs                end to end
                 pairs    P     R    F1 95 % of F1     P     R    F1 95 % of F1";

/// A field with the intervals of both F1.
pub(super) fn field_row(name: &str, field: &FieldScore) -> String {
    let (m, e) = (&field.matched, &field.end_to_end);
    let interval = |ci: &Option<CriterionIntervals>| pad_to(&ci.as_ref().map(|ci| short_ends(ci.of.f1)).unwrap_or_default(), 11);
    let row = format!(
        "  {} {DIM}{:>7}{DIM:#} {:>4}  {:>4}  {:>4} {} {:>4}  {:>4}  {:>4} {}",
        pad_to(&cut(&shown(name), 12), 12),
        m.cor + m.inc + m.mis + m.spu,
        two(m.precision),
        two(m.recall),
        two(m.f1),
        interval(&m.ci),
        two(e.precision),
        two(e.recall),
        two(e.f1),
        interval(&e.ci)
    );
    row.trim_end().to_owned()
}

/// `[.78, .80]`, `none`.
fn short_ends(interval: Option<[f64; 2]>) -> String {
    interval.map_or_else(|| "none".to_owned(), |[low, high]| format!("[{}, {}]", two(Some(low)), two(Some(high))))
}
