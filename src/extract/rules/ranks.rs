//! Superlatives with their scope: "the highest level since 1968", "the third cut this year".

use std::ops::Range;

use rust_decimal::Decimal;

use super::lexicon::{Cue, Head};
use super::passage::Passage;
use super::phrase::{counted, ends};
use crate::claim::number::Form;
use crate::claim::period::Period;

/// A rank before its setting is looked up.
pub(super) struct RankClaim {
    pub(super) words: Range<usize>,
    /// The ordinal, where one is named.
    pub(super) value: Option<Decimal>,
    /// The scope, where it is a time.
    pub(super) scope: Option<Period>,
    pub(super) score: f64,
}

/// Every superlative or ordinal with a scope that touches it, in order.
pub(super) fn rank_claims(p: &Passage) -> Vec<RankClaim> {
    let mut claims: Vec<RankClaim> = Vec::new();
    let mut i = 0;
    while i < p.words.len() {
        let next = p.behind(i).max(i + 1);
        let found = if p.has(i, Cue::Superlative) && p.words[i].period.is_none() { rank(p, i) } else { ordinal(p, i) };
        if let Some(found) = found.filter(|f| claims.last().is_none_or(|last| last.words.end <= f.words.start)) {
            i = found.words.end.max(next);
            claims.push(found);
        } else {
            i = next;
        }
    }
    claims
}

fn rank(p: &Passage, at: usize) -> Option<RankClaim> {
    let (mut start, mut value) = (p.lead(at), None);
    let joined = |i: usize| p.word(i).zip(p.word(at)).is_some_and(|(a, b)| a.clause == b.clause);
    // "third-largest"
    let hyphen = start.checked_sub(1).is_some_and(|i| p.words[i].sign == '-');
    if let Some(before) = start.checked_sub(1 + usize::from(hyphen)).filter(|&i| joined(i))
        && let Some(figure) = p.words[before].figure.and_then(|f| p.figures.get(f as usize)).filter(|f| f.form == Form::Ordinal)
    {
        value = Some(figure.value);
        start = p.covered(&figure.span).start;
    }
    if p.lexicon.noun.head == Head::Unspaced {
        return unspaced(p, start, at, value);
    }
    let mut end = p.behind(at);
    if let Some(noun) = counted(p, end, true) {
        end = noun.end;
    }
    let articles = |mut start: usize| {
        while start > 0 && joined(start - 1) && p.has(start - 1, Cue::Article) && p.words[start - 1].figure.is_none() {
            start -= 1;
        }
        start
    };
    start = articles(start);
    // In languages whose nouns come first, the noun stands before the superlative: "el nivel más alto".
    if p.lexicon.noun.head == Head::First && start > 0 && joined(start - 1) && !ends(p, start - 1) {
        let noun = articles(start - 1);
        start = if noun < start - 1 { noun } else { start };
    }
    scoped(p, start, end, value)
}

/// "1998年以来最大规模的罢工": the scope stands before.
fn unspaced(p: &Passage, start: usize, at: usize, value: Option<Decimal>) -> Option<RankClaim> {
    let mut before = start.checked_sub(1)?;
    while before > 0 && p.has(before, Cue::Link) && p.words[before].period.is_none() {
        before -= 1;
    }
    let period = p.words[before].period.and_then(|i| p.periods.get(i as usize))?;
    let mut end = p.behind(at);
    let moving = |i: usize| {
        p.word(i).is_some_and(|w| w.clause == p.words[at].clause && w.figure.is_none() && w.cues.any(&[Cue::Up, Cue::Down, Cue::Before]))
    };
    while end < at + 10 && (p.has(end, Cue::Link) || moving(end) || !ends(p, end)) {
        end = p.behind(end);
    }
    while end > at && p.has(end - 1, Cue::Link) {
        end -= 1;
    }
    let words = p.covered(&period.span).start..end;
    Some(RankClaim { words, value, scope: period.period, score: 0.6 })
}

/// An ordinal with a noun and a period: "the third cut this year".
fn ordinal(p: &Passage, at: usize) -> Option<RankClaim> {
    let figure = p.words[at].figure.and_then(|f| p.figures.get(f as usize)).filter(|f| f.form == Form::Ordinal)?;
    let words = p.covered(&figure.span);
    if words.start != at || p.words[at].period.is_some() {
        return None;
    }
    if p.lexicon.noun.head == Head::Unspaced {
        return unspaced(p, at, at, Some(figure.value));
    }
    let superlative = p.word(words.end).is_some_and(|w| w.sign == '-') && p.has(words.end + 1, Cue::Superlative);
    if superlative || p.has(words.end, Cue::Superlative) {
        return None;
    }
    // "the third cut": a noun of direction counts as a noun here.
    let moving = p.word(words.end).is_some_and(|w| w.figure.is_none() && w.cues.any(&[Cue::Up, Cue::Down]));
    let end = if moving { p.behind(words.end) } else { counted(p, words.end, false)?.end };
    let mut scope = end;
    while scope < end + 3 && p.word(scope).is_some_and(|w| w.period.is_none() && w.cues.any(&[Cue::Scope, Cue::Article, Cue::Link])) {
        scope = p.behind(scope);
    }
    p.word(scope).filter(|w| w.period.is_some())?;
    let mut start = at;
    while start > 0 && p.has(start - 1, Cue::Article) && p.words[start - 1].clause == p.words[at].clause {
        start -= 1;
    }
    scoped(p, start, end, Some(figure.value))
}

/// The rank with the scope that begins at `end`; no rank without one.
fn scoped(p: &Passage, start: usize, end: usize, value: Option<Decimal>) -> Option<RankClaim> {
    let clause = p.word(start)?.clause;
    let same = |i: usize| p.word(i).is_some_and(|w| w.clause == clause);
    let period_at = |i: usize| p.word(i).filter(|w| w.clause == clause)?.period.and_then(|k| p.periods.get(k as usize));
    let mut close = end;
    if p.has(end, Cue::Scope) && same(end) && p.words[end].period.is_none() {
        close = p.behind(end);
        while p.has(close, Cue::Article) {
            close = p.behind(close);
        }
    }
    if let Some(period) = period_at(close) {
        let words = start..p.covered(&period.span).end;
        return Some(RankClaim { words, value, scope: period.period, score: 0.7 });
    }
    if close == end {
        return None;
    }
    let noun = counted(p, close, false)?;
    Some(RankClaim { words: start..noun.end, value, scope: None, score: 0.5 })
}
