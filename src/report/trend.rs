//! How numbers went over the stored runs: a line a trend, of at most 80 columns.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::safe::shown;
use super::sparkline::sparkline;
use super::terminal::{DIM, count, cut, pad_to, three};
use crate::runs::{METRICS, Range, Trend, TrendPoint, metric_at};
use crate::score::signature_differences;

const BOLD: Style = Style::new().bold();
const GOOD: Style = AnsiColor::Cyan.on_default();
const WARN: Style = AnsiColor::Yellow.on_default();

/// Columns of a name.
const NAME: usize = 23;
/// Columns of a line, with its breaks.
const LINE: usize = 26;
/// Stands between two points that cannot be compared.
const BREAK: char = '┊';

/// The trends of one number; of a single one its points too, oldest first.
pub fn trend_screen(metric: &str, trends: &[Trend]) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write_screen(&mut out, metric, trends);
    out
}

fn write_screen(out: &mut String, metric: &str, trends: &[Trend]) -> std::fmt::Result {
    let range = range_of(metric, trends.iter().any(|trend| trend.slice.is_some()));
    let by = trends.iter().find_map(|trend| trend.slice.as_ref()).map(|slice| format!(" by {}", shown(&slice.column))).unwrap_or_default();
    let title = format!("{}{by}", shown(metric));
    writeln!(out, "{BOLD}{}{BOLD:#} {DIM}over stored runs, oldest first{DIM:#}", cut(&title, 50))?;
    let heading = format!("{}{}{:>5}{:>8}{:>8}{:>9}", pad_to("", NAME + 1), pad_to("", LINE), "runs", "first", "last", "change");
    writeln!(out, "{DIM}{heading}{DIM:#}")?;
    let is_of_one = trends.windows(2).all(|pair| pair[0].extractor == pair[1].extractor);
    for trend in trends {
        let name = match &trend.slice {
            None => shown(&trend.extractor).into_owned(),
            Some(slice) if is_of_one => shown(&slice.value).into_owned(),
            Some(slice) => format!("{} · {}", cut(&shown(&trend.extractor), 10), shown(&slice.value)),
        };
        let name = pad_to(&cut(&name, NAME), NAME);
        writeln!(
            out,
            "{name} {GOOD}{}{GOOD:#}{:>5}{:>8}{:>8}{:>9}",
            pad_to(&line(trend, range), LINE),
            trend.points.len(),
            number(trend.first().and_then(|p| p.value), range),
            number(trend.last().and_then(|p| p.value), range),
            difference(trend.change(), range)
        )?;
    }
    if let [trend] = trends {
        points(out, trend, range)?;
    }
    remarks(out, trends)
}

/// The heights of the newest points that have room, with a break where the signature changes.
fn line(trend: &Trend, range: Range) -> String {
    let least = match range {
        Range::Share | Range::Difference => 0.05,
        Range::Count | Range::Rate => 0.0,
    };
    let values: Vec<Option<f64>> = trend.points.iter().map(|point| point.value).collect();
    let mut cells: Vec<char> = Vec::new();
    for (i, height) in sparkline(&values, least).into_iter().enumerate() {
        if i > 0 && trend.points[i - 1].signature != trend.points[i].signature {
            cells.push(BREAK);
        }
        cells.push(height);
    }
    let hidden = cells.len().saturating_sub(LINE);
    if hidden == 0 {
        return cells.into_iter().collect();
    }
    std::iter::once('…').chain(cells.into_iter().skip(hidden + 1)).collect()
}

fn points(out: &mut String, trend: &Trend, range: Range) -> std::fmt::Result {
    writeln!(out)?;
    let mut previous: Option<&TrendPoint> = None;
    for point in &trend.points {
        let comparable = previous.filter(|p| p.signature == point.signature);
        if let Some(before) = previous.filter(|p| p.signature != point.signature) {
            let names = signature_differences(&before.signature, &point.signature).join(", ");
            writeln!(out, "  {WARN}{BREAK} other {}{WARN:#}", cut(&shown(&names), 60))?;
        }
        let change = comparable.and_then(|p| Some(point.value? - p.value?));
        let change = if comparable.is_none() { String::new() } else { difference(change, range) };
        let version = cut(&shown(&point.version), 16);
        let row =
            format!("  {} {} {:>8}{change:>9}", pad_to(&cut(&shown(&point.run), 42), 42), pad_to(&version, 16), number(point.value, range));
        writeln!(out, "{}", row.trim_end())?;
        previous = Some(point);
    }
    Ok(())
}

fn remarks(out: &mut String, trends: &[Trend]) -> std::fmt::Result {
    let of_points = |keep: &dyn Fn(&Trend, &TrendPoint) -> bool| {
        trends.iter().map(|trend| trend.points.iter().filter(|point| keep(trend, point)).count() as u64).sum::<u64>()
    };
    let others = of_points(&|trend, point| !trend.is_comparable(point));
    if others > 0 {
        let points = count(others, "point");
        let are = if others == 1 { "is" } else { "are" };
        writeln!(out, "\n{WARN}{BREAK}{WARN:#} {DIM}{points} {are} over other data or settings than the newest of the line:{DIM:#}")?;
        writeln!(out, "  {DIM}not comparable with it; first and change leave them out{DIM:#}")?;
    }
    let undefined = of_points(&|_, point| point.value.is_none());
    if undefined > 0 {
        writeln!(out, "{DIM}· {} without the number: it is undefined there, or the run has none{DIM:#}", count(undefined, "point"))?;
    }
    Ok(())
}

/// Which values a number can take. One that is not known is written with three places.
fn range_of(path: &str, of_slice: bool) -> Range {
    let before: &[&str] = if of_slice { &["slices", "[]"] } else { &[] };
    let segments: Vec<String> = before.iter().copied().chain(path.split('.')).map(str::to_owned).collect();
    let found = metric_at(&segments).or_else(|| METRICS.iter().find(|metric| metric.path == path));
    found.map_or(Range::Rate, |metric| metric.range)
}

fn number(value: Option<f64>, range: Range) -> String {
    match (value, range) {
        (Some(value), Range::Count) => format!("{value:.0}"),
        _ => three(value),
    }
}

/// `+.012`, `-3`, `–` where there is none.
fn difference(value: Option<f64>, range: Range) -> String {
    let Some(value) = value else { return "–".to_owned() };
    let sign = match value {
        0.0 => "±",
        v if v < 0.0 => "-",
        _ => "+",
    };
    format!("{sign}{}", number(Some(value.abs()), range))
}
