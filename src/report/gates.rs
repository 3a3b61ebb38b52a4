//! Gates as a screen of at most 80 columns.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::safe::shown;
use super::terminal::{DIM, WIDTH, beside, count, cut, folded, three};
use super::words;
use crate::runs::{GateLine, GateReport, GateVerdict};

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
    for run in &report.runs {
        let version = shown(&words::titled(&run.extractor, &run.version)).into_owned();
        let mut parts = vec![cut(&version, 30), cut(&shown(&run.run), 46), cut(&shown(&run.selection), 40), count(run.articles, "article")];
        parts.extend(run.against.as_ref().zip(run.compared).map(|(base, n)| format!("{n} compared with {}", cut(&shown(base), 46))));
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let _ = writeln!(out, "{DIM}{}{DIM:#}", beside(&parts, " · "));
    }
    for line in &report.lines {
        // Writing to a String cannot fail.
        let _ = write_line(&mut out, line);
    }
    let (_, style) = styled(report.verdict);
    let _ = writeln!(out, "{style}{}{style:#}", report.sentence);
    out
}

/// `pass`, `FAIL` and so on, with a style.
fn styled(verdict: GateVerdict) -> (&'static str, Style) {
    match verdict {
        GateVerdict::Pass => ("pass", GOOD),
        GateVerdict::Warn => ("warn", WARN),
        GateVerdict::Fail => ("FAIL", BAD),
        GateVerdict::NotEvaluated => ("not evaluated", WARN),
    }
}

fn write_line(out: &mut String, line: &GateLine) -> std::fmt::Result {
    let (word, style) = styled(line.verdict);
    let name = format!("{}  {}", shown(&line.extractor), shown(&words::gate(line)));
    writeln!(out, "{style}{word}{style:#}  {}", cut(&name, WIDTH - word.len() - 2))?;
    let mut numbers = vec![words::limit(line)];
    numbers.extend(line.baseline.map(|base| format!("baseline {}", words::gate_number(line, Some(base)))));
    numbers.extend(line.now.map(|now| format!("now {}", words::gate_number(line, Some(now)))));
    numbers.extend(line.difference.map(|difference| format!("difference {}", words::signed(difference))));
    numbers.extend(line.ci.map(|ci| format!("95 % {}", words::difference_ends(Some(ci)))));
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
