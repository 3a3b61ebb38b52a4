//! The tables of a Markdown report: gates, criteria, slices.

use super::budget::List;
use super::text::{cell, prose};
use super::{NAME, SENTENCE};
use crate::report::document::Document;
use crate::report::intervals::ends;
use crate::report::terminal::{three, two};
use crate::report::words::{chance, difference, difference_ends, gate, gate_difference, gate_number, limit, verdict};
use crate::runs::{GateLine, GateVerdict, LimitKind, SliceDifference};
use crate::score::result::RunResult;

fn table(title: &str, columns: &[&str], numbers_from: usize, rows: Vec<String>) -> List {
    let rule: Vec<&str> = (0..columns.len()).map(|i| if i < numbers_from { "---" } else { "---:" }).collect();
    let head = format!("### {title}\n\n| {} |\n|{}|\n", columns.join(" | "), rule.join("|"));
    List { head, items: rows, open: usize::MAX }
}

fn row(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

/// The interval of a difference as a cell.
fn interval_of_difference(ci: Option<[f64; 2]>) -> String {
    difference_ends(ci).replace('[', "\\[")
}

/// An interval as a cell; a bracket would begin a link.
fn interval(ci: Option<[f64; 2]>) -> String {
    ends(ci).replace('[', "\\[")
}

/// A gate line a row: failed ones first, then those that only warn, then those that could not be judged.
pub(super) fn gates(document: &Document) -> Option<List> {
    let gates = document.gates.as_ref()?;
    let own = |line: &GateLine| line.extractor == document.result.extractor.name;
    let rows = sorted(&gates.lines).into_iter().map(|line| {
        let name = if own(line) { gate(line) } else { format!("{}: {}", line.extractor, gate(line)) };
        let word = verdict(line.verdict);
        row(&[
            if line.verdict == GateVerdict::Pass { word.to_owned() } else { format!("**{word}**") },
            cell(&name, NAME),
            limit(line),
            of_drop(line, gate_number(line, line.baseline)),
            gate_number(line, line.now),
            of_drop(line, gate_difference(line)),
            of_drop(line, interval_of_difference(line.ci)),
            line.support.to_string(),
        ])
    });
    let columns = ["", "gate", "limit", "baseline", "now", "difference", "95 %", "gold claims"];
    Some(table("Gates", &columns, 3, rows.collect()))
}

/// Only a drop is against a baseline.
fn of_drop(line: &GateLine, cell: String) -> String {
    if line.limit == LimitKind::MaxDrop { cell } else { "–".to_owned() }
}

fn sorted(lines: &[GateLine]) -> Vec<&GateLine> {
    let mut lines: Vec<&GateLine> = lines.iter().collect();
    lines.sort_by_key(|line| match line.verdict {
        GateVerdict::Fail => 0,
        GateVerdict::Warn => 1,
        GateVerdict::NotEvaluated => 2,
        GateVerdict::Pass => 3,
    });
    lines
}

/// Why a gate does not hold, a line each.
pub(super) fn failing(document: &Document) -> Option<List> {
    let gates = document.gates.as_ref()?;
    let bad = sorted(&gates.lines).into_iter().filter(|line| line.verdict != GateVerdict::Pass);
    let items = bad.map(|line| format!("- {} {}: {}\n", cell(&gate(line), NAME), verdict(line.verdict), prose(&line.why, SENTENCE)));
    Some(List { head: String::new(), items: items.collect(), open: 10 })
}

/// Precision, recall and F1 by criterion, the primary one first, beside the comparison where there is one.
pub(super) fn criteria(document: &Document) -> List {
    let result = &document.result;
    let (first, rest): (Vec<_>, Vec<_>) = result.criteria.iter().partition(|(name, _)| **name == result.primary);
    let rows = first.into_iter().chain(rest).map(|(name, score)| {
        let star = if *name == result.primary { " ★" } else { "" };
        let all = &score.all;
        let mut cells = vec![format!("{}{star}", cell(name, NAME)), three(all.precision), three(all.recall), three(all.f1)];
        if let Some(comparison) = &document.comparison {
            let of = comparison.criteria.get(name).map(|c| c.of.f1).unwrap_or_default();
            cells.extend([three(of.base), three(of.head), difference(of.difference), interval_of_difference(of.ci)]);
        } else {
            cells.push(interval(score.ci.as_ref().and_then(|ci| ci.of.f1)));
        }
        row(&cells)
    });
    let columns: &[&str] = match &document.comparison {
        Some(_) => &["criterion", "P", "R", "F1", "base F1, compared", "F1, compared", "difference", "95 %"],
        None => &["criterion", "P", "R", "F1", "95 % of F1"],
    };
    table("Criteria", columns, 1, rows.collect())
}

/// The slices whose number is another one, those with an interval that does not hold 0 first, then by the size of the difference.
/// Without a comparison the worst slices.
pub(super) fn slices(document: &Document) -> List {
    let Some(comparison) = &document.comparison else { return worst(&document.result) };
    let size = |slice: &SliceDifference| slice.of.difference.unwrap_or_default().abs();
    let certain = |slice: &SliceDifference| slice.of.ci.is_some_and(|[low, high]| low > 0.0 || high < 0.0);
    let mut moved: Vec<&SliceDifference> = comparison.slices.iter().filter(|slice| size(slice) > 0.0).collect();
    moved.sort_by(|a, b| certain(b).cmp(&certain(a)).then(size(b).total_cmp(&size(a))));
    let rows = moved.into_iter().map(|slice| {
        row(&[
            cell(&format!("{}={}", slice.column, slice.value), NAME),
            metric(&slice.metric).to_owned(),
            slice.gold.to_string(),
            three(slice.of.base),
            three(slice.of.head),
            difference(slice.of.difference),
            interval_of_difference(slice.of.ci),
            chance(slice.of.p_holm),
        ])
    });
    let columns = ["slice", "number", "gold claims", "base", "now", "difference", "95 %", "p, Holm"];
    table("Slices that moved", &columns, 2, rows.collect())
}

fn worst(result: &RunResult) -> List {
    let rows = result.worst_slices.iter().map(|slice| {
        row(&[
            cell(&format!("{}={}", slice.column, slice.value), NAME),
            metric(&slice.metric).to_owned(),
            slice.gold.to_string(),
            two(Some(slice.score)),
        ])
    });
    table("Worst slices", &["slice", "number", "gold claims", "value"], 2, rows.collect())
}

fn metric(name: &str) -> &'static str {
    if name == "f1" { "F1" } else { "recall" }
}
