//! What a run and the gold do not agree on, for a terminal: a list, and one of them a screen.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use crate::dataset::reanchor::parse_place;
use crate::label::order::{Disagreement, Group};
use crate::report::marked::{self, Drawing, Layer, Mark, State, is_right_to_left};
use crate::report::safe::shown;
use crate::report::terminal::{DIM, WIDTH, beside, cut, folded, pad_to, two};
use crate::runs::{ClaimOutcome, OutcomeRow, SideName};

const BOLD: Style = Style::new().bold();
const WARN: Style = AnsiColor::Yellow.on_default();

/// Columns of field names.
const FIELD: usize = 14;

/// Columns of text on either side of a claim on its screen.
const AROUND: usize = 130;

/// One line with the claim and one or two with the reason.
pub fn list_entry(disagreement: &Disagreement<'_>) -> String {
    let Some(row) = disagreement.row() else { return String::new() };
    let id = pad_to(&cut(&shown(&disagreement.id), 22), 22);
    let kind = pad_to(&cut(&shown(&row.kind), 9), 9);
    let group = pad_to(disagreement.group.name(), 16);
    let room = WIDTH - 22 - 9 - 16 - 3;
    let quote = cut(&shown(&row.quote), room);
    let mut out = format!("{BOLD}{id}{BOLD:#} {group} {kind} {quote}");
    out.truncate(out.trim_end().len());
    out.push('\n');
    out.push_str(&reason(disagreement));
    out
}

fn reason(disagreement: &Disagreement<'_>) -> String {
    let text = shown(&disagreement.why).into_owned();
    let line = |line: &String| format!("    {DIM}{}{DIM:#}\n", cut(line, WIDTH - 4));
    folded(&text, WIDTH - 4).iter().map(line).collect()
}

/// What of a screen is not of the claim.
#[derive(Clone, Debug, Default)]
pub struct Screen<'a> {
    /// `3 of 17`, from 1 on.
    pub number: usize,
    /// How many there are.
    pub of: usize,
    /// The language of the article.
    pub lang: &'a str,
    /// Its text.
    pub text: &'a str,
    /// The fields of the dataset, in its order.
    pub fields: Vec<&'a str>,
    /// What was just done, or why not.
    pub message: &'a str,
}

/// One disagreement: why it is shown, the passage with both claims marked, their fields side by side, and the keys.
pub fn screen(disagreement: &Disagreement<'_>, screen: &Screen<'_>, colour: bool) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write_screen(&mut out, disagreement, screen, colour);
    out
}

fn write_screen(out: &mut String, disagreement: &Disagreement<'_>, screen: &Screen<'_>, colour: bool) -> std::fmt::Result {
    let item = &disagreement.item;
    let place = format!("{} of {}", screen.number, screen.of);
    let words = [shown(item.article_id).into_owned(), shown(screen.lang).into_owned(), shown(&disagreement.id).into_owned()];
    let rest = cut(&words.join(" · "), WIDTH.saturating_sub(place.len() + disagreement.group.words().len() + 6));
    writeln!(out, "{BOLD}{place}{BOLD:#} · {WARN}{}{WARN:#} · {rest}", disagreement.group.words())?;
    out.push_str(&reason(disagreement));
    out.push('\n');
    let (gold, predicted) = sides(disagreement);
    let marks = marks(gold, predicted);
    let drawing = Drawing { width: WIDTH, indent: 2, colour };
    match marked::passage(screen.text, &marks, AROUND, drawing) {
        Some(passage) => {
            out.push_str(&passage);
            let legend = marked::legend(&marks, drawing);
            writeln!(out, "{DIM}{}{DIM:#}", legend.trim_end())?;
        }
        None => {
            for row in [gold, predicted].into_iter().flatten() {
                writeln!(out, "  {} {}", row.side.name(), cut(&shown(&row.quote), WIDTH - 14))?;
            }
            writeln!(out, "  {DIM}not in the text of the article{DIM:#}")?;
        }
    }
    out.push('\n');
    fields(out, gold, predicted, &screen.fields)?;
    out.push('\n');
    for line in screen.message.lines().flat_map(|line| folded(&shown(line), WIDTH)) {
        writeln!(out, "{WARN}{}{WARN:#}", cut(&line, WIDTH))?;
    }
    writeln!(out, "{DIM}{}{DIM:#}", keys(disagreement))
}

/// The keys of a disagreement, in a line.
fn keys(disagreement: &Disagreement<'_>) -> &'static str {
    match (disagreement.is_prediction(), disagreement.readings.is_empty()) {
        (true, _) => "a accept  r reject  e edit  s skip  A R S the rest  u undo  q quit  ? keys",
        (false, true) => "a gold is right  r delete  o optional  e edit  s skip  u undo  q quit  ? keys",
        (false, false) => "a gold is right  t take theirs  r delete  o optional  e edit  s skip  ? keys",
    }
}

/// Both claims that are shown: those of the pair, else the one and what it may have been taken for.
fn sides<'a>(disagreement: &Disagreement<'a>) -> (Option<&'a OutcomeRow>, Option<&'a OutcomeRow>) {
    let item = &disagreement.item;
    let near = |side| item.near.filter(|row| row.side == side);
    (item.gold.or(near(SideName::Gold)), item.predicted.or(near(SideName::Predicted)))
}

/// The claim that is decided about comes first: the passage is cut around it.
fn marks(gold: Option<&OutcomeRow>, predicted: Option<&OutcomeRow>) -> Vec<Mark> {
    let mark = |row: &OutcomeRow| {
        let fragments = parse_place(&row.fragments)?;
        let layer = if row.side == SideName::Gold { Layer::Gold } else { Layer::Predicted };
        let state = match row.outcome {
            ClaimOutcome::Matched => State::Matched,
            ClaimOutcome::Missed | ClaimOutcome::Spurious | ClaimOutcome::Unjudged => State::Wrong,
            ClaimOutcome::Optional | ClaimOutcome::Outside => State::Neutral,
        };
        Some(Mark { layer, state, number: 0, fragments })
    };
    [gold, predicted].into_iter().flatten().filter_map(mark).collect()
}

fn fields(out: &mut String, gold: Option<&OutcomeRow>, predicted: Option<&OutcomeRow>, order: &[&str]) -> std::fmt::Result {
    let column = (WIDTH - 3 - FIELD) / 2;
    let head = |side: &str, row: Option<&OutcomeRow>| match row {
        Some(row) if row.side == SideName::Gold => format!("{side} {}", shown(&row.claim_id)),
        Some(row) => format!("{side} #{}{}", row.number, row.score.map(|s| format!(" ({})", two(Some(s)))).unwrap_or_default()),
        None => format!("{side}: none"),
    };
    let title =
        format!("  {} {} {}", " ".repeat(FIELD - 1), pad_to(&cut(&head("gold", gold), column - 1), column), head("predicted", predicted));
    writeln!(out, "{DIM}{}{DIM:#}", cut(title.trim_end(), WIDTH))?;
    let kind = |row: Option<&OutcomeRow>| row.map_or(String::new(), |row| shown(&row.kind).into_owned());
    line(out, "kind", &kind(gold), &kind(predicted))?;
    let is_there = |name: &&str| [gold, predicted].into_iter().flatten().any(|row| row.fields.contains_key(*name));
    let unknown = [gold, predicted].into_iter().flatten().flat_map(|row| row.fields.keys().map(String::as_str));
    let unknown: std::collections::BTreeSet<&str> = unknown.filter(|name| !order.contains(name)).collect();
    for name in order.iter().copied().filter(is_there).chain(unknown) {
        let value = |row: Option<&OutcomeRow>| match row.map(|row| row.fields.get(name)) {
            None | Some(None) => String::new(),
            Some(Some(None)) => "none".to_owned(),
            Some(Some(Some(value))) => shown(value).into_owned(),
        };
        line(out, name, &value(gold), &value(predicted))?;
    }
    Ok(())
}

/// Two values side by side, marked where both are there and differ; one below the other where one is wide or written from right to left.
fn line(out: &mut String, name: &str, gold: &str, predicted: &str) -> std::fmt::Result {
    let column = (WIDTH - 3 - FIELD) / 2;
    let label = pad_to(&cut(&shown(name), FIELD - 1), FIELD - 1);
    let differs = !gold.is_empty() && !predicted.is_empty() && gold != predicted;
    let mark = if differs { '≠' } else { ' ' };
    let style = if differs { WARN } else { Style::new() };
    let too_wide = gold.width().max(predicted.width()) >= column;
    if too_wide || is_right_to_left(gold) || is_right_to_left(predicted) {
        for (i, (side, value)) in [("gold", gold), ("predicted", predicted)].into_iter().filter(|(_, v)| !v.is_empty()).enumerate() {
            let label = if i == 0 { label.clone() } else { pad_to("", FIELD - 1) };
            writeln!(out, "{style}{mark}{style:#} {label} {DIM}{side:<10}{DIM:#}{}", cut(value, WIDTH - FIELD - 13))?;
        }
        return Ok(());
    }
    let values = format!("{} {predicted}", pad_to(gold, column));
    writeln!(out, "{style}{mark}{style:#} {label} {}", values.trim_end())
}

/// How many there are of each group, on as many lines as they need.
pub fn counts(list: &[&Disagreement<'_>]) -> String {
    let count = |group: Group| list.iter().filter(|d| d.group == group).count();
    let parts: Vec<String> =
        Group::ALL.iter().filter(|(_, g)| count(*g) > 0).map(|(name, group)| format!("{} {name}", count(*group))).collect();
    beside(&parts.iter().map(String::as_str).collect::<Vec<_>>(), " · ")
}
