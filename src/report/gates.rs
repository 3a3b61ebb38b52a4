//! Gates as a screen of at most 80 columns.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::safe::shown;
use super::terminal::{DIM, WIDTH, cut, folded, three};
use crate::runs::{GateLine, GateReport, GateVerdict, LimitKind, signed};

const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const WARN: Style = AnsiColor::Yellow.on_default().bold();

/// Blanks before what belongs to a gate.
const INDENT: usize = 6;

/// Claims that are named under a gate.
const MOST_CLAIMS: usize = 10;

/// Every gate with its numbers, and the verdict over all.
pub fn gates_screen(report: &GateReport) -> String {
    let mut out = String::new();
    for line in &report.lines {
        // Writing to a String cannot fail.
        let _ = write_line(&mut out, line);
    }
    let (_, style) = word(report.verdict);
    let _ = writeln!(out, "{style}{}{style:#}", report.sentence);
    out
}

/// `pass`, `FAIL` and so on, with a style.
fn word(verdict: GateVerdict) -> (&'static str, Style) {
    match verdict {
        GateVerdict::Pass => ("pass", GOOD),
        GateVerdict::Warn => ("warn", WARN),
        GateVerdict::Fail => ("FAIL", BAD),
        GateVerdict::NotEvaluated => ("not evaluated", WARN),
    }
}

/// What a gate is about, in words: `rules  criteria.iou50.f1  lang=id`.
pub fn gate_name(line: &GateLine) -> String {
    let cuts = line.slice.iter().chain(&line.conditions).map(|(column, value)| format!("{}={}", shown(column), shown(value)));
    let parts = [shown(&line.extractor).into_owned(), shown(&line.metric).into_owned()];
    parts.into_iter().chain(cuts).collect::<Vec<_>>().join("  ")
}

/// `at least .600`, `drop of at most .020`.
pub fn limit_words(line: &GateLine) -> String {
    let limit = gate_number(line.limit_value, line);
    match line.limit {
        LimitKind::Min => format!("at least {limit}"),
        LimitKind::Max => format!("at most {limit}"),
        LimitKind::MaxDrop => format!("drop of at most {limit}"),
    }
}

/// A number of a gate: three digits for a share, whole for a count.
pub fn gate_number(value: f64, line: &GateLine) -> String {
    if line.is_count { format!("{value:.0}") } else { three(Some(value)) }
}

fn write_line(out: &mut String, line: &GateLine) -> std::fmt::Result {
    let (word, style) = word(line.verdict);
    writeln!(out, "{style}{word}{style:#}  {}", cut(&gate_name(line), WIDTH - word.len() - 2))?;
    let mut numbers = vec![limit_words(line)];
    numbers.extend(line.baseline.map(|base| format!("baseline {}", gate_number(base, line))));
    numbers.extend(line.now.map(|now| format!("now {}", gate_number(now, line))));
    numbers.extend(line.difference.map(|difference| format!("difference {}", signed(difference))));
    numbers.extend(line.ci.map(|[low, high]| format!("95 % [{}, {}]", signed(low), signed(high))));
    numbers.extend((line.support > 0).then(|| format!("{} gold", line.support)));
    numbers.extend(line.smallest_failing_drop.map(|least| format!("a drop of {} could fail", three(Some(least)))));
    for row in folded(&numbers.join(" · "), WIDTH - INDENT) {
        writeln!(out, "{:INDENT$}{DIM}{row}{DIM:#}", "")?;
    }
    for row in folded(&shown(&line.why), WIDTH - INDENT) {
        writeln!(out, "{:INDENT$}{row}", "")?;
    }
    for (article, claim) in line.claims.iter().take(MOST_CLAIMS) {
        writeln!(out, "        {}", cut(&format!("{}  {}", shown(article), shown(claim)), WIDTH - 8))?;
    }
    if line.claims.len() > MOST_CLAIMS {
        writeln!(out, "        {DIM}{} more{DIM:#}", line.claims.len() - MOST_CLAIMS)?;
    }
    Ok(())
}
