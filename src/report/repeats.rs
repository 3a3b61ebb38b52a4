//! Repeated runs of one extractor as a screen of at most 80 columns.

use std::fmt::Write;
use std::time::Duration;

use anstyle::{AnsiColor, Style};

use super::comparison::noted_claims;
use super::intervals::ends;
use super::safe::shown;
use super::terminal::{DIM, WIDTH, beside, count, cut, folded, pad_to, three, wrapped};
use super::words::titled;
use crate::runs::{ClaimChange, Repeat, Repeats};
use crate::score::RunResult;
use crate::stats::{Method, NoInterval, RepeatedCriterion, RepeatedNumber};

const BOLD: Style = Style::new().bold();
const BAD: Style = AnsiColor::Red.on_default();

/// One of the runs, as soon as it has ended: its headline, and where it is stored.
pub fn repeat_line(result: &RunResult, repeat: &Repeat, took: Duration, stored: Option<&str>) -> String {
    let all = result.criteria.get(&result.primary).map(|score| score.all).unwrap_or_default();
    let numbers = format!("P {:>5}  R {:>5}  F1 {:>5}", three(all.precision), three(all.recall), three(all.f1));
    let mut parts = vec![format!("{:>3} of {}", repeat.index, repeat.of), numbers, format!("{:.1} s", took.as_secs_f64())];
    parts.extend((result.articles.failed > 0).then(|| format!("{} failed", result.articles.failed)));
    parts.extend(stored.map(|id| shown(id).into_owned()));
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let failed = if result.articles.failed > 0 { BAD } else { Style::new() };
    format!("{failed}{}{failed:#}\n", beside(&parts, "   "))
}

/// The spread, and at most `limit` of the claims that flip (0: all).
pub fn repeats_screen(repeats: &Repeats, limit: usize) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write_screen(&mut out, repeats, limit);
    out
}

fn write_screen(out: &mut String, r: &Repeats, limit: usize) -> std::fmt::Result {
    let title = shown(&titled(&r.extractor.name, &r.extractor.version)).into_owned();
    let mut parts = vec![format!("{} over {}", count(r.repeats, "repeat"), count(r.articles, "article"))];
    parts.extend(
        (r.repeats < r.asked).then(|| format!("{} of {} asked for left out: not every article answered", r.asked - r.repeats, r.asked)),
    );
    parts.extend((r.left_out > 0).then(|| format!("{} not in every repeat", count(r.left_out, "article"))));
    let parts = parts.join(" · ");
    for (number, line) in folded(&parts, WIDTH - 2).into_iter().enumerate() {
        if number == 0 && title.len() + 3 + line.len() <= WIDTH {
            writeln!(out, "{BOLD}{title}{BOLD:#} · {line}")?;
        } else if number == 0 {
            writeln!(out, "{BOLD}{}{BOLD:#}\n  {line}", cut(&title, WIDTH))?;
        } else {
            writeln!(out, "  {line}")?;
        }
    }
    if r.same_answers {
        writeln!(out, "{BOLD}all {} repeats gave the same answers{BOLD:#}", r.repeats)?;
    }
    numbers(out, r)?;
    if !r.same_answers {
        claims(out, r, limit)?;
    }
    Ok(())
}

const METRICS: [&str; 3] = ["P", "R", "F1"];

fn in_order(r: &Repeats) -> Vec<(&String, &RepeatedCriterion)> {
    let (first, rest): (Vec<_>, Vec<_>) = r.criteria.iter().partition(|(name, _)| **name == r.primary);
    first.into_iter().chain(rest).collect()
}

fn each_metric(of: &RepeatedCriterion) -> impl Iterator<Item = (&'static str, RepeatedNumber)> {
    METRICS.into_iter().zip([of.of.precision, of.of.recall, of.of.f1])
}

fn numbers(out: &mut String, r: &Repeats) -> std::fmt::Result {
    writeln!(out, "{DIM}                    mean     min     max      sd   95 % interval    own noise{DIM:#}")?;
    for (name, criterion) in in_order(r) {
        let is_primary = *name == r.primary;
        let style = if is_primary { BOLD } else { Style::new() };
        for (metric, number) in each_metric(criterion) {
            let label = match (metric, is_primary) {
                ("P", true) => format!("{name} ★"),
                ("P", false) => name.clone(),
                _ => String::new(),
            };
            let [mean, min, max, sd] = [number.mean, number.min, number.max, number.sd].map(three);
            let label = pad_to(&cut(&label, 11), 12);
            let interval = pad_to(&ends(number.ci), 16);
            let share = number.noise_share.map_or_else(|| "n/a".to_owned(), percent);
            writeln!(out, "  {style}{label}{metric:<3}{mean:>7}  {min:>6}  {max:>6}  {sd:>6}   {interval}{share:>10}{style:#}")?;
        }
    }
    remarks(out, r)
}

/// How the intervals were made, and what is not there and why.
fn remarks(out: &mut String, r: &Repeats) -> std::fmt::Result {
    let undefined = |number: RepeatedNumber| number.mean.is_some() && number.undefined > 0;
    let named = |name: &str, metric: &str| format!("{name} {metric}");
    let (mut without, mut reasons) = (Vec::new(), Vec::new());
    for (name, criterion) in in_order(r) {
        for (metric, number) in each_metric(criterion) {
            without.extend(undefined(number).then(|| format!("{} in {}", named(name, metric), count(number.undefined, "repeat"))));
            // That a number is undefined is seen where it stands; of the other criteria `--json` tells the reasons.
            let told = number.no_interval.filter(|why| *name == r.primary && !matches!(why, NoInterval::Undefined | NoInterval::FewUnits));
            reasons.extend(told.map(|why| format!("{} {why}", named(name, metric))));
        }
    }
    if !without.is_empty() {
        wrapped(out, "  undefined", &without)?;
    }
    if !reasons.is_empty() {
        wrapped(out, "  no interval", &reasons)?;
    }
    let Some((criterion, method)) = r.criteria.values().find_map(|criterion| Some((criterion, criterion.method?))) else { return Ok(()) };
    let units = count(criterion.units, "unit");
    let how = match method {
        Method::Bca => format!("BCa · {units}"),
        Method::Percentile => format!("unreliable · {units}"),
        Method::None => "no interval of fewer than 2 units".to_owned(),
    };
    writeln!(out, "  {DIM}95 %: {how} · over other articles and other answers{DIM:#}")?;
    writeln!(out, "  {DIM}own noise: the extractor's share of that variance; the rest is the articles'{DIM:#}")
}

/// `12 %`; only what is nothing is shown as nothing.
fn percent(share: f64) -> String {
    if share > 0.0 && share < 0.01 { "< 1 %".to_owned() } else { format!("{:.0} %", 100.0 * share) }
}

fn claims(out: &mut String, r: &Repeats, limit: usize) -> std::fmt::Result {
    let (gold, spurious) = (r.gold, r.spurious);
    let of_gold =
        [format!("{} found in every repeat", gold.always), format!("{} in some", gold.sometimes), format!("{} in none", gold.never)];
    wrapped(out, "gold claims", &of_gold)?;
    let of_spurious = [format!("at {} in every repeat", count(spurious.always, "place")), format!("{} come and go", spurious.sometimes)];
    wrapped(out, "spurious", &of_spurious)?;
    if !r.flips.is_empty() {
        let note = |flip: &crate::runs::ClaimFlip| {
            let failed = if flip.failed > 0 { format!("  {} failed", flip.failed) } else { String::new() };
            format!("{:>3} of {}{failed}", flip.found, flip.of)
        };
        let list: Vec<(&ClaimChange, String)> = r.flips.iter().map(|flip| (&flip.claim, note(flip))).collect();
        write!(out, "\n{}", noted_claims("claims that flip, found by k of the repeats", &list, limit, "--json has all"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares() {
        assert_eq!([0.0, 0.001, 0.01, 0.126, 1.0].map(percent), ["0 %", "< 1 %", "1 %", "13 %", "100 %"]);
    }
}
