//! A run's result as a screen of at most 80 columns, with ANSI styles that the writer strips where there is no terminal.

use std::fmt::Write;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use super::intervals::{CRITERIA_HEADING, FIELDS_HEADING, criterion_row as row_with_interval, ends, field_row, intervals};
use super::safe::shown;
pub use super::slices::{slice_row, slices_table, slices_with_intervals};
use super::words::spent_in_words;
use crate::extract::RunSpent;
use crate::score::result::{CriterionScore, RunResult};
use crate::score::{ErrorClass, Prf};

/// Widest line.
pub const WIDTH: usize = 80;

const BOLD: Style = Style::new().bold();
pub(crate) const DIM: Style = Style::new().dimmed();
const BAD: Style = AnsiColor::Red.on_default();
const WARN: Style = AnsiColor::Yellow.on_default();

/// The first line of a run's output: what is scored.
pub fn dataset_line(name: &str, version: &str, articles: u64, languages: usize, gold: u64) -> String {
    let title = if version.is_empty() { shown(name).into_owned() } else { format!("{} {}", shown(name), shown(version)) };
    let counts = [count(articles, "article"), count(languages as u64, "language"), count(gold, "gold claim")];
    let counts = counts.join(" · ");
    let title = cut(&title, WIDTH.saturating_sub(counts.width() + 3));
    format!("{BOLD}{title}{BOLD:#} · {counts}\n")
}

/// Texts beside each other with `gap` between them, on as many lines as they need; each is cut to a line.
pub fn beside(texts: &[&str], gap: &str) -> String {
    let mut out = String::new();
    let mut used = 0;
    for text in texts.iter().map(|text| cut(text, WIDTH)) {
        let separator = match used {
            0 => "",
            _ if used + gap.width() + text.width() <= WIDTH => gap,
            _ => "\n",
        };
        used = if separator == gap { used + gap.width() + text.width() } else { text.width() };
        out.push_str(separator);
        out.push_str(&text);
    }
    out
}

/// The screen of one run: account, criteria, fields, where F1 is lost, worst slices, confidence.
///
/// `took` is the wall time of the extractor, where it was run just now.
pub fn run_screen(result: &RunResult, took: Option<(Duration, &RunSpent)>) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write_run(&mut out, result, took);
    out
}

fn write_run(out: &mut String, r: &RunResult, took: Option<(Duration, &RunSpent)>) -> std::fmt::Result {
    account(out, r, took.map(|took| took.0))?;
    if let Some(spent) = took.map(|took| spent_in_words(took.1)).filter(|words| !words.is_empty()) {
        writeln!(out, "  {DIM}{}{DIM:#}", spent.join(" · "))?;
    }
    criteria(out, r)?;
    fields(out, r)?;
    lost(out, r)?;
    worst(out, r)?;
    remarks(out, r)
}

fn account(out: &mut String, r: &RunResult, took: Option<Duration>) -> std::fmt::Result {
    let name = if r.extractor.version.is_empty() {
        shown(&r.extractor.name).into_owned()
    } else {
        format!("{} {}", shown(&r.extractor.name), shown(&r.extractor.version))
    };
    let a = &r.articles;
    let failed = if a.failed > 0 { BAD } else { Style::new() };
    let plain = format!("{} scored   {} failed   {} excluded", a.scored, a.failed, a.excluded);
    let took = took.map(|t| format!("   {:.1} s", t.as_secs_f64())).unwrap_or_default();
    let name = cut(&name, WIDTH.saturating_sub(plain.width() + took.width() + 2));
    let pad = WIDTH.saturating_sub(name.width() + plain.width() + took.width());
    writeln!(
        out,
        "{BOLD}{name}{BOLD:#}{:pad$}{} scored   {failed}{} failed{failed:#}   {} excluded{took}",
        "", a.scored, a.failed, a.excluded
    )?;
    if a.failed > 0 {
        let bad: Vec<String> =
            a.outcomes.iter().filter(|(k, _)| !matches!(k.as_str(), "ok" | "empty")).map(|(k, n)| format!("{n} {k}")).collect();
        writeln!(out, "  {BAD}failed{BAD:#}: {} — their gold claims count as missed", bad.join(", "))?;
    }
    if a.excluded > 0 {
        let why: Vec<String> = a.excluded_by.iter().map(|(k, n)| format!("{n} {k}")).collect();
        writeln!(out, "  {DIM}excluded: {}{DIM:#}", why.join(", "))?;
    }
    Ok(())
}

fn criteria(out: &mut String, r: &RunResult) -> std::fmt::Result {
    let with_intervals = r.criteria.values().any(|score| score.ci.is_some());
    let heading = if with_intervals { CRITERIA_HEADING } else { "                   TP     FP     FN        P      R     F1   soft F1" };
    writeln!(out, "{DIM}{heading}{DIM:#}")?;
    let (first, rest): (Vec<_>, Vec<_>) = r.criteria.iter().partition(|(name, _)| **name == r.primary);
    for (name, score) in first.into_iter().chain(rest) {
        let primary = *name == r.primary;
        let label = if primary { format!("{name} ★") } else { name.clone() };
        let style = if primary { BOLD } else { Style::new() };
        let row = score.ci.as_ref().map_or_else(|| criterion_row(&label, score), |ci| row_with_interval(&label, score, ci));
        writeln!(out, "{style}{row}{style:#}")?;
    }
    if let Some(ci) = r.criteria.get(&r.primary).and_then(|score| score.ci.as_ref()) {
        intervals(out, &r.primary, ci)?;
    }
    if let Some(score) = r.criteria.get(&r.primary).filter(|_| r.articles.failed > 0) {
        let Prf { precision, recall, f1, .. } = score.without_failed;
        let numbers = format!("P {} R {} F1 {}", three(precision), three(recall), three(f1));
        writeln!(out, "  {DIM}{} without the failed articles: {numbers}{DIM:#}", r.primary)?;
    }
    Ok(())
}

fn criterion_row(label: &str, score: &CriterionScore) -> String {
    let Prf { tp, fp, fn_, precision, recall, f1 } = score.all;
    let soft = three(score.soft_f1);
    let label = pad_to(label, 14);
    format!("  {label}{tp:>5}  {fp:>5}  {fn_:>5}    {:>5}  {:>5}  {:>5}     {soft:>5}", three(precision), three(recall), three(f1))
}

fn fields(out: &mut String, r: &RunResult) -> std::fmt::Result {
    let any = r.fields.iter().filter(|(_, f)| f.end_to_end.tp + f.end_to_end.fp + f.end_to_end.fn_ > 0);
    // What gold has nowhere says nothing about the extractor.
    let (seen, unlabelled): (Vec<_>, Vec<_>) =
        any.partition(|(_, f)| f.end_to_end.tp + f.end_to_end.fn_ + f.matched.spu + f.matched.tn > 0);
    if seen.is_empty() {
        return Ok(());
    }
    let with_intervals = seen.iter().any(|(_, f)| f.matched.ci.is_some());
    let heading =
        if with_intervals { FIELDS_HEADING } else { "fields              matched   P     R    F1       end to end   P     R    F1" };
    writeln!(out, "{DIM}{heading}{DIM:#}")?;
    for (name, field) in seen {
        if with_intervals {
            writeln!(out, "{}", field_row(name, field))?;
            continue;
        }
        let (m, e) = (&field.matched, &field.end_to_end);
        let pairs = m.cor + m.inc + m.mis + m.spu;
        let name = pad_to(&cut(&shown(name), 16), 16);
        let columns = [m.precision, m.recall, m.f1].map(two);
        let ends = [e.precision, e.recall, e.f1].map(two);
        writeln!(
            out,
            "  {name} {DIM}{pairs:>7}{DIM:#} {:>4}  {:>4}  {:>4}               {:>4}  {:>4}  {:>4}",
            columns[0], columns[1], columns[2], ends[0], ends[1], ends[2]
        )?;
    }
    if !unlabelled.is_empty() {
        let names: Vec<String> = unlabelled.iter().map(|(name, _)| cut(&shown(name), 24)).collect();
        wrapped(out, "  not in gold", &names)?;
    }
    let pairs = r.criteria.get(&r.primary).map_or(0, |c| c.all.tp);
    if pairs > 0 {
        writeln!(
            out,
            "  {DIM}all annotated fields right in {} of {pairs} pairs · slot error rate {}{DIM:#}",
            r.all_fields_right,
            two(r.slot_error_rate)
        )?;
    }
    Ok(())
}

fn lost(out: &mut String, r: &RunResult) -> std::fmt::Result {
    let mut classes: Vec<(&str, u64, f64)> = ErrorClass::ALL
        .iter()
        .filter_map(|class| r.errors.get(class.name()).map(|e| (class.name(), e.count, e.f1_gain.unwrap_or(0.0))))
        .filter(|(_, count, _)| *count > 0)
        .collect();
    if classes.is_empty() {
        return Ok(());
    }
    classes.sort_by(|a, b| b.2.total_cmp(&a.2).then_with(|| a.0.cmp(b.0)));
    let most = classes.iter().map(|c| c.2).fold(0.0, f64::max);
    writeln!(out, "{DIM}where F1 is lost  (right: {}, F1 {}){DIM:#}", r.right, three(r.right_f1))?;
    for (name, count, gain) in classes {
        let bar = if most > 0.0 { bar(gain / most, 30) } else { String::new() };
        writeln!(out, "  {name:<14}{count:>5}   {WARN}{}{WARN:#} +{}", pad_to(&bar, 30), three(Some(gain)))?;
    }
    Ok(())
}

fn worst(out: &mut String, r: &RunResult) -> std::fmt::Result {
    if r.worst_slices.is_empty() {
        return Ok(());
    }
    let items: Vec<String> = r
        .worst_slices
        .iter()
        .map(|w| {
            let metric = if w.metric == "f1" { "F1" } else { "R" };
            format!("{}={} {metric} {} ({} gold)", shown(&w.column), cut(&shown(&w.value), 24), two(Some(w.score)), w.gold)
        })
        .collect();
    wrapped(out, "worst slices", &items)
}

fn remarks(out: &mut String, r: &RunResult) -> std::fmt::Result {
    if let Some(c) = &r.calibration {
        let of_ap = c.ci.as_ref().map(|ci| format!(" {}", ends(ci.average_precision))).unwrap_or_default();
        let mut items =
            vec![format!("AP {}{of_ap}", three(c.average_precision)), format!("ECE {}", three(c.ece)), format!("Brier {}", three(c.brier))];
        if let Some(t) = c.best_threshold {
            items.push(format!("best threshold {:.2} (F1 {})", t.score, three(Some(t.f1))));
        }
        wrapped(out, "confidence", &items)?;
    }
    if r.articles.empty_total > 0 {
        writeln!(out, "{DIM}empty articles{DIM:#}   right: {} of {}", r.articles.empty_right, r.articles.empty_total)?;
    }
    if let Some(i) = &r.incomplete {
        let found =
            [count(i.articles, "article"), format!("found {} of {}", i.found, i.gold), format!("{} predictions unjudged", i.unjudged)];
        wrapped(out, "incomplete", &found)?;
    }
    let l = &r.located;
    if l.folded + l.fuzzy + l.ambiguous_quote + l.unlocated > 0 {
        let parts = [
            ("exact", l.exact),
            ("folded", l.folded),
            ("fuzzy", l.fuzzy),
            ("ambiguous quote", l.ambiguous_quote),
            ("unlocated", l.unlocated),
        ];
        let items: Vec<String> = parts.iter().filter(|(_, n)| *n > 0).map(|(name, n)| format!("{n} {name}")).collect();
        wrapped(out, "quotes placed", &items)?;
    }
    if r.thinned > 0 {
        wrapped(out, "thinned", &[count(r.thinned, "article"), "over 250,000 pairs: paired among the likeliest only".to_owned()])?;
    }
    if r.gold_without_key > 0 {
        writeln!(
            out,
            "{DIM}note{DIM:#}             {} without an annotated key field fit any value",
            count(r.gold_without_key, "gold claim")
        )?;
    }
    if r.looks_local > 0 {
        writeln!(
            out,
            "{WARN}looks local{WARN:#}      {} right if read by the article's language: numbers = \"local\"?",
            count(r.looks_local, "value")
        )?;
    }
    Ok(())
}

/// Items joined with ` · ` behind a label, wrapped at [`WIDTH`].
pub(super) fn wrapped(out: &mut String, label: &str, items: &[String]) -> std::fmt::Result {
    const INDENT: usize = 17;
    write!(out, "{DIM}{}{DIM:#}", pad_to(label, INDENT))?;
    let mut used = INDENT;
    for (i, item) in items.iter().enumerate() {
        let separator = if i == 0 { "" } else { " · " };
        if i > 0 && used + separator.width() + item.width() > WIDTH {
            write!(out, "\n{:INDENT$}{item}", "")?;
            used = INDENT + item.width();
        } else {
            write!(out, "{separator}{item}")?;
            used += separator.width() + item.width();
        }
    }
    out.push('\n');
    Ok(())
}

/// A text in lines of at most that many columns, broken at blanks.
pub(crate) fn folded(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        if !line.is_empty() && line.width() + 1 + word.width() > columns {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

/// A line of a share of `width` cells, in eighths.
pub fn bar(share: f64, width: usize) -> String {
    const PARTS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (share.clamp(0.0, 1.0) * (width * 8) as f64).round() as usize;
    let mut bar = "█".repeat(eighths / 8);
    bar.push_str(PARTS[eighths % 8]);
    if bar.is_empty() && share > 0.0 {
        bar.push('▏');
    }
    bar
}

/// `.781`, `1.000`, `n/a`.
pub fn three(value: Option<f64>) -> String {
    decimal(value, 3)
}

/// `.78`, `1.00`, `n/a`.
pub fn two(value: Option<f64>) -> String {
    decimal(value, 2)
}

/// Only what is 1 is shown as 1: `.999` may hide a miss, `1.000` must not.
fn decimal(value: Option<f64>, places: usize) -> String {
    let Some(value) = value else { return "n/a".to_owned() };
    let text = format!("{value:.places$}");
    if value < 1.0 && text.starts_with('1') {
        return format!(".{}", "9".repeat(places));
    }
    text.strip_prefix("0.").map_or(text.clone(), |rest| format!(".{rest}"))
}

/// `1 article`, `2 articles`.
pub fn count(n: u64, word: &str) -> String {
    if n == 1 { format!("1 {word}") } else { format!("{n} {word}s") }
}

/// The text in at most that many columns, with `…` where it was longer.
pub fn cut(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut out = String::new();
    for c in text.chars() {
        let mut next = out.clone();
        next.push(c);
        if next.width() + 1 > columns {
            break;
        }
        out = next;
    }
    out.push('…');
    out
}

/// The text filled with blanks to that many columns.
pub fn pad_to(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(text.width())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        assert_eq!(
            [three(Some(0.7811)), three(Some(1.0)), three(None), two(Some(0.0)), three(Some(-0.05))],
            [".781", "1.000", "n/a", ".00", "-0.050"]
        );
    }

    #[test]
    fn wide_characters_are_cut_by_columns() {
        assert_eq!(cut("十倍以上", 8), "十倍以上");
        assert_eq!(cut("十倍以上", 7), "十倍以…");
        assert_eq!(cut("十倍以上", 6), "十倍…");
        assert_eq!(pad_to("十倍", 6).width(), 6);
    }

    #[test]
    fn bars_have_eighths_and_are_never_invisible() {
        assert_eq!(bar(1.0, 4), "████");
        assert_eq!(bar(0.5, 1), "▌");
        assert_eq!(bar(0.001, 4), "▏");
        assert_eq!(bar(0.0, 4), "");
    }
}
