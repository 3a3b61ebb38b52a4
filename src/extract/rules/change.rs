//! Whether a figure tells a difference: factors, and amounts with a word of direction near by.

use std::ops::Range;

use rust_decimal::Decimal;

use super::lexicon::{Cue, Sort, Unit};
use super::passage::Passage;
use super::phrase::{Counted, counted};
use crate::claim::number::{Figure, Form};

/// A figure read as a change.
pub(super) struct Change {
    /// The value of `change_kind`.
    pub(super) kind: &'static str,
    /// The signed amount, or the factor of new to old.
    pub(super) amount: Decimal,
    /// The words of the claim.
    pub(super) words: Range<usize>,
    /// Whether a direction word touches the figure.
    pub(super) touches: bool,
    /// The unit of a noun that stands behind the direction word: "fewer jobs".
    pub(super) unit: Option<&'static Unit>,
}

/// A direction word that touches a figure.
struct Touch {
    words: Range<usize>,
    down: bool,
}

/// Reads a figure at `words` as a change. `unit` is the phrase behind it.
pub(super) fn change(p: &Passage, figure: &Figure, words: &Range<usize>, unit: Option<&Counted>) -> Option<Change> {
    let of = |kind, down: bool, touch: Option<Touch>, own: Range<usize>| {
        let span = touch.as_ref().map_or(own.clone(), |t| t.words.start.min(own.start)..t.words.end.max(own.end));
        let amount = if down { -figure.value } else { figure.value };
        Some(Change { kind, amount, words: span, touches: touch.is_some(), unit: None })
    };
    let level = is_level(p, words);
    match figure.form {
        Form::Factor => {
            let touch = before(p, words).or_else(|| behind(p, words.end));
            of("times", false, touch.filter(|t| !t.down), words.clone())
        }
        Form::Percent | Form::Points => {
            let kind = if figure.form == Form::Points { "points" } else { "percent" };
            let touch = if level { None } else { before(p, words).or_else(|| behind(p, words.end)) };
            if let Some(touch) = touch {
                return of(kind, touch.down, Some(touch), words.clone());
            }
            let by = has_before(p, words, Cue::By);
            let whole = by || figure.form == Form::Points;
            let near = if whole {
                in_sentence(p, words)
            } else if level || p.has(words.end, Cue::Link) {
                None
            } else {
                in_clause_before(p, words)
            };
            match near {
                Some(down) => of(kind, down, None, words.clone()),
                None if figure.form == Form::Points => of(kind, false, None, words.clone()),
                None => None,
            }
        }
        Form::Number | Form::Fraction if point_size(unit).is_some() => {
            let own = words.start..unit.map_or(words.end, |u| u.end);
            let touch = if level { None } else { before(p, words).or_else(|| behind(p, own.end)) };
            let down = touch.as_ref().map(|t| t.down).or_else(|| in_sentence(p, words))?;
            of("points", down, touch, own).map(|c| Change { amount: c.amount * point_size(unit).unwrap_or(Decimal::ONE), ..c })
        }
        Form::Number | Form::Fraction => {
            // "1,200 fewer jobs"
            if let Some(touch) = direction(p, words.end)
                && let Some(noun) = counted(p, touch.words.end, true)
            {
                let own = words.start..noun.end;
                return of("absolute", touch.down, Some(touch), own).map(|c| Change { unit: noun.unit, ..c });
            }
            let measured =
                figure.currency.is_some() || unit.and_then(|u| u.unit).is_some_and(|u| matches!(u.sort, Sort::Measure | Sort::Money));
            let own = words.start..unit.map_or(words.end, |u| u.end.max(words.end));
            let by = has_before(p, words, Cue::By);
            if level || !(measured || by) || unit.is_none() && figure.currency.is_none() {
                return None;
            }
            if let Some(touch) = before(p, words).or_else(|| behind(p, own.end)) {
                return of("absolute", touch.down, Some(touch), own);
            }
            let down = if by { in_sentence(p, words) } else { None }?;
            of("absolute", down, None, own)
        }
        Form::Ordinal | Form::Label => None,
    }
}

/// Whether the words before a figure make it a level: "to 184,500", "auf 6,25".
pub(super) fn is_level(p: &Passage, words: &Range<usize>) -> bool {
    has_before(p, words, Cue::Level)
}

/// Whether a cue stands right before a figure; articles may stand between.
fn has_before(p: &Passage, words: &Range<usize>, cue: Cue) -> bool {
    let mut i = words.start;
    for _ in 0..2 {
        let Some(previous) = i.checked_sub(1).filter(|&at| connected(p, at, words.start)) else { return false };
        if p.has(previous, cue) {
            return true;
        }
        if !p.has(previous, Cue::Article) {
            return false;
        }
        i = p.lead(previous);
    }
    false
}

fn connected(p: &Passage, a: usize, b: usize) -> bool {
    p.word(a)
        .zip(p.word(b))
        .is_some_and(|(x, y)| x.clause == y.clause && (x.figure.is_none() || x.figure == y.figure) && x.period.is_none())
}

fn direction(p: &Passage, i: usize) -> Option<Touch> {
    let word = p.word(i).filter(|w| w.figure.is_none() && w.cues.any(&[Cue::Up, Cue::Down]))?;
    let touching = i > 0 && p.word(i - 1).is_some_and(|w| w.clause == word.clause);
    touching.then(|| Touch { words: p.lead(i)..p.behind(i), down: word.cues.has(Cue::Down) })
}

/// A direction word before a figure, with nothing but particles between.
fn before(p: &Passage, words: &Range<usize>) -> Option<Touch> {
    let mut i = words.start;
    for _ in 0..4 {
        let previous = i.checked_sub(1).filter(|&at| connected(p, at, words.start))?;
        if let Some(found) = direction(p, previous) {
            return Some(found);
        }
        if !p.word(previous)?.cues.any(&[Cue::Via, Cue::By, Cue::Article]) || p.has(previous, Cue::Level) {
            return None;
        }
        i = p.lead(previous);
    }
    None
}

/// A direction word behind a figure, with nothing but particles between.
fn behind(p: &Passage, end: usize) -> Option<Touch> {
    let mut i = end;
    for _ in 0..3 {
        if let Some(found) = direction(p, i) {
            return Some(found);
        }
        if !p.has(i, Cue::Behind) {
            return None;
        }
        i = p.behind(i);
    }
    None
}

/// The direction that the clause gives before the figure, back to another figure.
fn in_clause_before(p: &Passage, words: &Range<usize>) -> Option<bool> {
    let clause = p.clause(words.start);
    (clause.start..words.start).rev().take_while(|&i| p.word(i).is_some_and(|w| w.figure.is_none())).find_map(|i| direction_of(p, i))
}

/// The direction that the sentence gives: in the clause before and behind the figure, else anywhere before it.
pub(super) fn in_sentence(p: &Passage, words: &Range<usize>) -> Option<bool> {
    let (clause, sentence) = (p.clause(words.start), p.sentence(words.start));
    (clause.start..words.start)
        .rev()
        .chain(words.end..clause.end)
        .chain((sentence.start..clause.start).rev())
        .find_map(|i| direction_of(p, i))
}

fn direction_of(p: &Passage, i: usize) -> Option<bool> {
    let word = p.word(i).filter(|w| w.figure.is_none())?;
    word.cues.any(&[Cue::Up, Cue::Down]).then(|| word.cues.has(Cue::Down))
}

/// Whether the clause of a figure has a word of direction at all.
pub(super) fn moves(p: &Passage, words: &Range<usize>) -> bool {
    p.clause(words.start).any(|i| direction_of(p, i).is_some())
}

/// How many percentage points the unit is, where it is one of points.
pub(super) fn point_size(unit: Option<&Counted>) -> Option<Decimal> {
    match unit?.unit?.lemma.as_str() {
        "percentage point" => Some(Decimal::ONE),
        "basis point" => Some(Decimal::new(1, 2)),
        _ => None,
    }
}
