//! Claims of a run for a terminal: lists with their context, one article with all of its claims, one claim in several runs.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use super::marked::{self, Drawing, Layer, Mark, State, is_right_to_left};
use super::safe::shown;
use super::terminal::{WIDTH, cut, pad_to, two};
use crate::claim::{Fragments, Span};
use crate::runs::{ClaimOutcome, FieldDifference, Item, OutcomeRow, SideName};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const GREEN: Style = AnsiColor::Green.on_default();
const RED: Style = AnsiColor::Red.on_default();
const YELLOW: Style = AnsiColor::Yellow.on_default();

/// Blanks before what belongs to a claim.
const INDENT: usize = 4;

/// Columns of field names.
const FIELD: usize = 14;

/// One claim or pair of a list: who, where in the text, and what is wrong. `text` is that of its article, where it is known.
pub fn item(item: &Item<'_>, text: Option<&str>, colour: bool) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write_item(&mut out, item, text, colour);
    out
}

fn write_item(out: &mut String, item: &Item<'_>, text: Option<&str>, colour: bool) -> std::fmt::Result {
    let (word, style) = word(item);
    writeln!(out, "{style}{word:<9}{style:#} {}", cut(&who(item, true), WIDTH - 10))?;
    let marks = marks(std::slice::from_ref(item), |_| 0);
    let drawing = Drawing { width: WIDTH, indent: INDENT, colour };
    match text.and_then(|text| marked::context(text, &marks, drawing)) {
        Some(context) => out.push_str(&context),
        None => quotes(out, item)?,
    }
    remarks(out, item)
}

/// What an item is called, and its colour.
fn word(item: &Item<'_>) -> (&'static str, Style) {
    match item.outcome {
        ClaimOutcome::Matched if item.is_wrong() => ("wrong", YELLOW),
        ClaimOutcome::Matched => ("matched", GREEN),
        ClaimOutcome::Missed => ("missed", RED),
        ClaimOutcome::Spurious => ("spurious", YELLOW),
        other => (other.name(), DIM),
    }
}

fn who(item: &Item<'_>, with_article: bool) -> String {
    let mut parts = Vec::new();
    if with_article {
        parts.push(shown(item.article_id).into_owned());
    }
    let names: Vec<String> = [item.gold, item.predicted].into_iter().flatten().map(|r| shown(&r.name()).into_owned()).collect();
    parts.push(names.join(" ~ "));
    let row = item.gold.or(item.predicted);
    parts.extend(row.filter(|r| !r.kind.is_empty()).map(|r| shown(&r.kind).into_owned()));
    // A missed claim of the class `missed` says it once.
    parts.extend(item.class.filter(|c| *c != item.outcome.name()).map(str::to_owned));
    parts.extend(item.iou.filter(|iou| *iou < 1.0).map(|iou| format!("IoU {}", two(Some(iou)))));
    parts.extend(item.predicted.and_then(|p| p.score).map(|score| format!("score {}", two(Some(score)))));
    parts.join("  ")
}

/// For a text that is not known, and for claims without a place in it.
fn quotes(out: &mut String, item: &Item<'_>) -> std::fmt::Result {
    for row in [item.gold, item.predicted].into_iter().flatten().filter(|r| !r.quote.is_empty()) {
        let side = if row.start.is_none() { format!("{}, not in the text", row.side.name()) } else { row.side.name().to_owned() };
        writeln!(out, "{:INDENT$}{DIM}{side}:{DIM:#} {}", "", cut(&shown(&row.quote), WIDTH.saturating_sub(INDENT + side.width() + 2)))?;
    }
    Ok(())
}

fn remarks(out: &mut String, item: &Item<'_>) -> std::fmt::Result {
    if let Some(near) = item.near {
        let label = format!("near {} {}:", near.side.name(), shown(&near.name()));
        let room = WIDTH.saturating_sub(INDENT + label.width() + 1);
        writeln!(out, "{:INDENT$}{DIM}{label}{DIM:#} {}", "", cut(&shown(&near.quote), room.max(8)))?;
    }
    item.differences.iter().try_for_each(|d| difference(out, d))
}

/// `value  37000 → 37`. Values that are written from right to left get a line each, because a terminal would turn both and
/// the arrow around as one.
fn difference(out: &mut String, d: &FieldDifference) -> std::fmt::Result {
    let value = |v: &Option<String>| v.as_deref().map_or_else(|| "none".to_owned(), |v| shown(v).into_owned());
    let (gold, predicted) = (value(&d.gold), value(&d.predicted));
    let field = pad_to(&cut(&shown(&d.field), FIELD), FIELD);
    let room = WIDTH - INDENT - FIELD - 1;
    if is_right_to_left(&gold) || is_right_to_left(&predicted) || gold.width() + predicted.width() + 3 > room {
        writeln!(out, "{:INDENT$}{field} gold       {GREEN}{}{GREEN:#}", "", cut(&gold, room - 11))?;
        writeln!(out, "{:1$} predicted  {RED}{2}{RED:#}", "", INDENT + FIELD, cut(&predicted, room - 11))
    } else {
        writeln!(out, "{:INDENT$}{field} {GREEN}{gold}{GREEN:#} → {RED}{predicted}{RED:#}", "")
    }
}

/// The marks of items. A pair at one place is marked once.
fn marks(items: &[Item<'_>], number: impl Fn(usize) -> usize) -> Vec<Mark> {
    let mut marks = Vec::new();
    for (i, item) in items.iter().enumerate() {
        let state = match item.outcome {
            ClaimOutcome::Matched => State::Matched,
            ClaimOutcome::Missed | ClaimOutcome::Spurious => State::Wrong,
            ClaimOutcome::Optional | ClaimOutcome::Outside | ClaimOutcome::Unjudged => State::Neutral,
        };
        let place = |row: Option<&OutcomeRow>| row.map(|r| fragments(&r.fragments)).filter(|f| !f.is_empty());
        let (gold, predicted) = (place(item.gold), place(item.predicted));
        let same = gold == predicted;
        let mut push = |layer, place: Option<Fragments>| {
            if let Some(fragments) = place {
                marks.push(Mark { layer, state, number: number(i), fragments });
            }
        };
        push(Layer::Gold, gold);
        if !same {
            push(Layer::Predicted, predicted);
        }
    }
    marks
}

/// Reads `s-e;s-e`; empty for anything else.
fn fragments(text: &str) -> Fragments {
    let span = |part: &str| {
        let (start, end) = part.split_once('-')?;
        Span::new(start.parse().ok()?, end.parse().ok()?)
    };
    text.split(';').filter_map(span).collect()
}

/// An article: its text with all claims marked, then the claims by number with what differs.
///
/// `text` is absent where the dataset does not have the article any more.
pub fn article(heading: &str, text: Option<&str>, items: &[Item<'_>], colour: bool) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write_article(&mut out, heading, text, items, colour);
    out
}

fn write_article(out: &mut String, heading: &str, text: Option<&str>, items: &[Item<'_>], colour: bool) -> std::fmt::Result {
    let marks = marks(items, |i| i + 1);
    writeln!(out, "{BOLD}{}{BOLD:#}\n", cut(&shown(heading), WIDTH))?;
    if let Some(text) = text {
        out.push_str(&marked::article(text, &marks, Drawing { width: WIDTH, indent: 0, colour }));
        out.push('\n');
        let legend = marked::legend(&marks, Drawing { width: WIDTH, indent: 0, colour });
        if !legend.is_empty() {
            writeln!(out, "{legend}")?;
        }
    }
    if items.is_empty() {
        return writeln!(out, "no claims");
    }
    for (i, item) in items.iter().enumerate() {
        let (word, style) = word(item);
        let label = format!("{:>3}", i + 1);
        writeln!(out, "{label} {style}{word:<9}{style:#} {}", cut(&who(item, false), WIDTH - 14))?;
        if text.is_none() || item.gold.or(item.predicted).is_some_and(|r| r.start.is_none()) {
            quotes(out, item)?;
        }
        remarks(out, item)?;
    }
    Ok(())
}

/// One claim as one run has it: its pairs under each criterion.
pub struct ClaimView<'a> {
    /// The run.
    pub run: &'a str,
    /// The claim under each criterion.
    pub rows: Vec<&'a OutcomeRow>,
    /// All rows of its article in that run.
    pub article: Vec<&'a OutcomeRow>,
}

impl ClaimView<'_> {
    fn first(&self) -> Option<&OutcomeRow> {
        self.rows.first().copied()
    }

    fn other(&self, row: &OutcomeRow) -> Option<&OutcomeRow> {
        let number = row.pair_number?;
        self.article.iter().copied().find(|r| r.side != row.side && r.number == number)
    }
}

/// A claim in its context, its fields beside those of its pair, and its pairs by criterion; then what it was in other runs.
pub fn claim(view: &ClaimView<'_>, primary: &str, text: Option<&str>, other_runs: &[ClaimView<'_>], colour: bool) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write_claim(&mut out, view, primary, text, other_runs, colour);
    out
}

fn write_claim(
    out: &mut String,
    view: &ClaimView<'_>,
    primary: &str,
    text: Option<&str>,
    other_runs: &[ClaimView<'_>],
    colour: bool,
) -> std::fmt::Result {
    let Some(row) = view.rows.iter().copied().find(|r| r.criterion == primary).or_else(|| view.first()) else { return Ok(()) };
    let mut parts = vec![format!("{} {}", row.side.name(), shown(&row.name())), shown(&row.article_id).into_owned()];
    parts.extend([&row.kind].into_iter().filter(|k| !k.is_empty()).map(|k| shown(k).into_owned()));
    parts.extend((!row.tracking_id.is_empty()).then(|| format!("tracking {}", shown(&row.tracking_id))));
    parts.extend((!row.tags.is_empty()).then(|| format!("tags {}", shown(&row.tags.join(", ")))));
    parts.extend(row.score.map(|s| format!("score {}", two(Some(s)))));
    writeln!(out, "{BOLD}{}{BOLD:#}", cut(&parts.join(" · "), WIDTH))?;
    let pair = view.other(row);
    let lone = Item {
        article_id: &row.article_id,
        outcome: row.outcome,
        class: row.class.as_deref(),
        iou: row.iou,
        gold: if row.side == SideName::Gold { Some(row) } else { pair },
        predicted: if row.side == SideName::Gold { pair } else { Some(row) },
        near: None,
        differences: Vec::new(),
    };
    let mut marks = marks(std::slice::from_ref(&lone), |_| 0);
    // The context is that of the claim asked for, not of its pair.
    marks.sort_by_key(|m| (m.layer == Layer::Gold) != (row.side == SideName::Gold));
    let drawing = Drawing { width: WIDTH, indent: INDENT, colour };
    match text.and_then(|text| marked::context(text, &marks, drawing)) {
        Some(context) => out.push_str(&context),
        None => quotes(out, &lone)?,
    }
    fields(out, &lone)?;
    writeln!(out, "{DIM}{}{DIM:#}", cut(&format!("pairs in {}", view.run), WIDTH))?;
    for row in &view.rows {
        let star = if row.criterion == primary { " ★" } else { "" };
        let with = match (&row.pair, row.iou) {
            (Some(pair), Some(iou)) => format!("{}  IoU {}  similarity {}", shown(pair), two(Some(iou)), two(row.similarity)),
            _ => String::new(),
        };
        let line = format!("  {}{:<10}{with}", pad_to(&format!("{}{star}", row.criterion), 14), row.outcome.name());
        writeln!(out, "{}", cut(line.trim_end(), WIDTH))?;
    }
    writeln!(out, "  {}{}", pad_to("class", 14), row.class.as_deref().unwrap_or("n/a"))?;
    if !other_runs.is_empty() {
        writeln!(out, "{DIM}last runs{DIM:#}")?;
    }
    for other in other_runs {
        let row = other.rows.iter().find(|r| r.criterion == primary);
        let what = row
            .map_or_else(|| "not in this run".to_owned(), |r| format!("{:<10}{}", r.outcome.name(), r.class.as_deref().unwrap_or("n/a")));
        writeln!(out, "  {} {what}", pad_to(&cut(&shown(other.run), 50), 50))?;
    }
    Ok(())
}

/// Fields of both claims side by side, or one below the other where a value is wide or written from right to left.
fn fields(out: &mut String, item: &Item<'_>) -> std::fmt::Result {
    let names: std::collections::BTreeSet<&String> =
        [item.gold, item.predicted].into_iter().flatten().flat_map(|r| r.fields.keys()).collect();
    let value = |row: Option<&OutcomeRow>, name: &str| match row.map(|r| r.fields.get(name)) {
        None => String::new(),
        Some(None) => "–".to_owned(),
        Some(Some(None)) => "none".to_owned(),
        Some(Some(Some(value))) => shown(value).into_owned(),
    };
    if names.is_empty() {
        return Ok(());
    }
    let column = (WIDTH - 2 - FIELD - 10) / 2;
    let head = |name: &str, row: Option<&OutcomeRow>| row.map_or_else(String::new, |r| format!("{name} {}", shown(&r.name())));
    let (gold, predicted) = (head("gold", item.gold), head("predicted", item.predicted));
    let title = format!("{} {} {}", pad_to("fields", FIELD + 2), pad_to(&cut(&gold, column), column), cut(&predicted, column));
    writeln!(out, "{DIM}{}{DIM:#}", title.trim_end())?;
    for name in names {
        let (gold, predicted) = (value(item.gold, name), value(item.predicted, name));
        let outcome = item.gold.or(item.predicted).and_then(|r| r.field_outcomes.get(name)).map_or("", String::as_str);
        let label = pad_to(&cut(&shown(name), FIELD), FIELD);
        let too_wide = gold.width().max(predicted.width()) > column;
        if too_wide || is_right_to_left(&gold) || is_right_to_left(&predicted) {
            writeln!(out, "{}", format!("  {label} {outcome}").trim_end())?;
            for (side, text) in [("gold", gold), ("predicted", predicted)] {
                if !text.is_empty() {
                    writeln!(out, "    {side:<10} {text}")?;
                }
            }
        } else {
            let line = format!("  {label} {} {} {outcome}", pad_to(&gold, column), pad_to(&predicted, column));
            writeln!(out, "{}", line.trim_end())?;
        }
    }
    Ok(())
}
