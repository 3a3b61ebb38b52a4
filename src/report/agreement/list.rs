//! What two annotators disagree on, claim by claim, with the text around.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::{BOLD, name_of};
use crate::report::marked::{self, Drawing, Layer, Mark, State};
use crate::report::safe::shown;
use crate::report::terminal::{DIM, WIDTH, count, cut, pad_to};
use crate::stats::agreement::{Disagreement, PairAgreement, What};

const RED: Style = AnsiColor::Red.on_default();
const YELLOW: Style = AnsiColor::Yellow.on_default();

/// Blanks before what belongs to a claim.
const INDENT: usize = 4;

/// Columns of the names of fields and annotators.
const LABEL: usize = 14;

/// How disagreements are listed.
#[derive(Clone, Copy)]
pub struct List<'a> {
    /// So many of each two annotators; 0 for all.
    pub limit: usize,
    /// The text of an article.
    pub text: &'a dyn Fn(&str) -> Option<&'a str>,
    /// Whether styles are seen, else marks are brackets.
    pub colour: bool,
}

pub(super) fn write(out: &mut String, pair: &PairAgreement, list: List<'_>) -> std::fmt::Result {
    let all = pair.disagreements.len();
    writeln!(out, "\n{BOLD}{}{BOLD:#} · {}", name_of(pair), count(all as u64, "disagreement"))?;
    let most = if list.limit == 0 { all } else { list.limit };
    pair.disagreements.iter().take(most).try_for_each(|d| item(out, d, &pair.annotators, list))?;
    if all > most {
        writeln!(out, "{DIM}{} more: -n 0 lists all{DIM:#}", all - most)?;
    }
    if all > 0 {
        legend(out, &pair.annotators, list.colour)?;
    }
    Ok(())
}

fn item(out: &mut String, d: &Disagreement, annotators: &[String; 2], list: List<'_>) -> std::fmt::Result {
    let words: Vec<&str> = d.what.iter().map(|what| what.name()).collect();
    let style = if d.what.first().is_some_and(|what| what.is_unpaired()) { RED } else { YELLOW };
    let ids: Vec<String> = d.claims.iter().flatten().map(|side| shown(&side.claim_id).into_owned()).collect();
    let who = match &d.claims {
        [Some(_), None] => shown(&annotators[0]).into_owned(),
        [None, Some(_)] => shown(&annotators[1]).into_owned(),
        _ => String::new(),
    };
    let kinds = d.claims.iter().flatten().map(|side| shown(&side.kind).into_owned()).next().unwrap_or_default();
    let mut parts: Vec<String> = vec![who, shown(&d.article_id).into_owned(), ids.join(" ~ ")];
    if !d.what.contains(&What::Kind) {
        parts.push(kinds);
    }
    parts.retain(|part| !part.is_empty());
    let word = words.join(", ");
    let head = cut(&parts.join("  "), WIDTH.saturating_sub(word.len() + 2));
    writeln!(out, "{style}{word}{style:#}  {head}")?;
    let drawing = Drawing { width: WIDTH, indent: INDENT, colour: list.colour };
    if let Some(context) = (list.text)(&d.article_id).and_then(|text| marked::context(text, &marks(d), drawing)) {
        out.push_str(&context);
    }
    if let ([Some(first), Some(second)], true) = (&d.claims, d.what.contains(&What::Kind)) {
        values(out, "kind", [Some(first.kind.as_str()), Some(second.kind.as_str())], annotators)?;
    }
    d.fields.iter().try_for_each(|field| values(out, &field.field, field.values.each_ref().map(Option::as_deref), annotators))
}

/// A line for each value, because values may be long or written from right to left.
fn values(out: &mut String, field: &str, values: [Option<&str>; 2], annotators: &[String; 2]) -> std::fmt::Result {
    let mut label = shown(field);
    for (value, annotator) in values.into_iter().zip(annotators) {
        let name = pad_to(&cut(&shown(annotator), LABEL), LABEL);
        let room = WIDTH - INDENT - 2 * (LABEL + 1);
        let value = value.map_or("none".into(), shown);
        writeln!(out, "{:INDENT$}{} {DIM}{name}{DIM:#} {}", "", pad_to(&cut(&label, LABEL), LABEL), cut(&value, room))?;
        label = "".into();
    }
    Ok(())
}

/// The places of both; one mark where they are the same.
fn marks(d: &Disagreement) -> Vec<Mark> {
    let state = if d.what.first().is_some_and(|what| what.is_unpaired()) { State::Wrong } else { State::Matched };
    let sides = d.claims.iter().zip([Layer::Gold, Layer::Predicted]);
    let marks = sides.filter_map(|(side, layer)| {
        let fragments = side.as_ref()?.fragments.clone();
        Some(Mark { layer, state, number: 0, fragments })
    });
    let mut marks: Vec<Mark> = marks.collect();
    marks.dedup_by(|second, first| second.fragments == first.fragments);
    marks
}

/// What the marks mean here.
fn legend(out: &mut String, annotators: &[String; 2], colour: bool) -> std::fmt::Result {
    let [first, second] = annotators.each_ref().map(|name| cut(&shown(name), 28));
    if colour {
        return writeln!(out, "{DIM}underlined: {first}\nbold: {second}{DIM:#}");
    }
    writeln!(out, "{DIM}⟦{first}, or both⟧ ⟨{second}⟩ paired\n⟪{first}⟫ {{{second}}} not paired{DIM:#}")
}
