//! Where the phrase ends that a figure counts, by closed word lists and endings; no parser.

use super::lexicon::{Cue, Head, Sort, Unit};
use super::passage::Passage;

/// Words that a counted phrase may have at most, before a link.
const LONGEST: usize = 5;
/// Characters that an unknown noun may have at most in a script without spaces.
const LONGEST_UNSPACED: usize = 8;

/// A counted noun phrase behind a figure.
pub(super) struct Counted {
    /// One past its last word.
    pub(super) end: usize,
    /// The unit that its head names, where it is known.
    pub(super) unit: Option<&'static Unit>,
    /// The word that holds the head.
    pub(super) head: usize,
}

/// The phrase that begins at a word, if one does; `linked` takes one link with it where the head is a measure.
pub(super) fn counted(p: &Passage, from: usize, linked: bool) -> Option<Counted> {
    // "un demi-point", "a 300-house village": the noun is glued on.
    let from = if is_inside_word(p, from) { from + 1 } else { from };
    let found = match p.lexicon.noun.head {
        Head::Last => head_last(p, from),
        Head::First => head_first(p, from),
        Head::Capital => head_capital(p, from),
        Head::Unspaced => unspaced(p, from),
    }?;
    let measure = found.unit.is_some_and(|u| u.sort == Sort::Measure);
    Some(if linked && measure { Counted { end: link(p, found.end), ..found } } else { found })
}

/// Where the phrase ends with what is measured: "of farmland", or the noun that abuts the measure.
pub(super) fn link(p: &Passage, end: usize) -> usize {
    if p.has(end, Cue::Link) && same_clause(p, end) {
        let mut at = p.behind(end);
        while p.has(at, Cue::Article) && p.word(at).is_some_and(|w| w.figure.is_none()) {
            at = p.behind(at);
        }
        return counted(p, at, false).map_or(end, |c| c.end);
    }
    if p.lexicon.noun.abut { counted(p, end, false).map_or(end, |c| c.end) } else { end }
}

fn same_clause(p: &Passage, i: usize) -> bool {
    i > 0 && p.word(i).zip(p.word(i - 1)).is_some_and(|(a, b)| a.clause == b.clause)
}

/// Whether no counted phrase goes on at this word.
pub(super) fn ends(p: &Passage, i: usize) -> bool {
    let Some(word) = p.word(i) else { return true };
    if word.figure.is_some() || word.period.is_some() || i > 0 && !same_clause(p, i) {
        return true;
    }
    if word.sign != '\0' && !word.sign.is_alphanumeric() {
        return !is_inside_word(p, i);
    }
    let closed =
        [Cue::Stop, Cue::Link, Cue::Say, Cue::Up, Cue::Down, Cue::By, Cue::Level, Cue::Article, Cue::Forecast, Cue::Deny, Cue::NotBefore];
    word.cues.any(&closed) && p.unit(i).is_none()
}

/// A hyphen or apostrophe between two parts of one word.
fn is_inside_word(p: &Passage, i: usize) -> bool {
    let Some(word) = p.word(i).filter(|w| matches!(w.sign, '-' | '\'')) else { return false };
    let before = i > 0 && p.word(i - 1).is_some_and(|w| w.end == word.start && (w.sign == '\0' || w.sign.is_alphanumeric()));
    before && p.word(i + 1).is_some_and(|w| w.start == word.end && (w.sign == '\0' || w.sign.is_alphanumeric()))
}

fn text_of<'a>(p: &Passage<'a>, i: usize) -> &'a str {
    p.slice(i, i + 1)
}

fn ends_with(text: &str, endings: &[String]) -> bool {
    endings.iter().any(|e| text.len() > e.len() && text.ends_with(e.as_str()))
}

/// Whether a word has the shape of a verb.
pub(super) fn is_verb(p: &Passage, i: usize) -> bool {
    let text = text_of(p, i);
    let noun = &p.lexicon.noun;
    p.unit(i).is_none()
        && (ends_with(text, &noun.verb) || noun.verb_prefix.iter().any(|v| text.len() > v.len() + 3 && text.starts_with(v.as_str())))
}

/// Past a word, with what a hyphen or apostrophe glues to it.
fn past(p: &Passage, i: usize) -> usize {
    let mut end = p.behind(i);
    while is_inside_word(p, end) {
        end += 2;
    }
    end
}

fn head_last(p: &Passage, from: usize) -> Option<Counted> {
    let noun = &p.lexicon.noun;
    let mut i = from;
    while i < from + LONGEST && !ends(p, i) && !(i > from && is_verb(p, i)) {
        if let Some(unit) = p.unit(i) {
            let mut found = Counted { end: past(p, i), unit: Some(unit), head: i };
            // "police officers", "health workers": the last of them is the head.
            while let Some(unit) = p.unit(found.end).filter(|u| !noun.plural.is_empty() && u.sort == Sort::Count && !ends(p, found.end)) {
                found = Counted { end: past(p, found.end), unit: Some(unit), head: found.end };
            }
            return Some(found);
        }
        let text = text_of(p, i);
        let plural = ends_with(text, &noun.plural) && !ends_with(text, &noun.not_plural);
        let plain = !noun.modifier.is_empty() && !ends_with(text, &noun.modifier) && !p.has(i, Cue::Before);
        let next = past(p, i);
        if plural || plain {
            if let Some(unit) = p.unit(next).filter(|u| u.sort == Sort::Count && !ends(p, next)) {
                return Some(Counted { end: past(p, next), unit: Some(unit), head: next });
            }
            return Some(Counted { end: next, unit: None, head: i });
        }
        i = next;
    }
    let short = i.min(from + 2);
    (short > from && !is_verb(p, from)).then(|| Counted {
        end: if ends(p, i) { i.min(from + 3) } else { from + 1 },
        unit: None,
        head: short - 1,
    })
}

fn head_first(p: &Passage, from: usize) -> Option<Counted> {
    let noun = &p.lexicon.noun;
    let mut i = from;
    while p.has(i, Cue::Before) && p.unit(i).is_none() && !ends(p, i) && i < from + 2 {
        i = past(p, i);
    }
    if ends(p, i) || is_verb(p, i) {
        return (i > from).then(|| Counted { end: i, unit: None, head: i - 1 });
    }
    let head = i;
    let mut unit = p.unit(i);
    i = past(p, i);
    if unit.is_some_and(|u| matches!(u.sort, Sort::Measure | Sort::Time)) {
        return Some(Counted { end: i, unit, head });
    }
    while i < head + LONGEST - 1 && !ends(p, i) && !is_verb(p, i) {
        let text = text_of(p, i);
        let fits = noun.modifier.is_empty() || ends_with(text, &noun.modifier) || p.is_name(i);
        let complement = p.word(i + 1).is_some_and(|w| w.cues.any(&[Cue::Stop, Cue::Link]));
        if !fits || complement && p.unit(i).is_none() && ends_with(text, &noun.participle) {
            break;
        }
        unit = unit.or(p.unit(i));
        i = past(p, i);
    }
    Some(Counted { end: i, unit, head })
}

fn head_capital(p: &Passage, from: usize) -> Option<Counted> {
    let mut i = from;
    while i < from + LONGEST && !ends(p, i) {
        let known = p.unit(i);
        if known.is_some() || p.is_name(i) {
            let mut found = Counted { end: past(p, i), unit: known, head: i };
            if known.is_none()
                && let Some(unit) = p.unit(found.end).filter(|_| !ends(p, found.end))
            {
                found = Counted { end: past(p, found.end), unit: Some(unit), head: found.end };
            }
            return Some(found);
        }
        if is_verb(p, i) {
            break;
        }
        i = past(p, i);
    }
    None
}

fn unspaced(p: &Passage, from: usize) -> Option<Counted> {
    let mut i = from;
    let mut unit = None;
    let mut open = false;
    if let Some(known) = p.unit(i).filter(|_| p.word(i).is_none_or(|w| w.period.is_none())) {
        unit = Some(known);
        i = p.behind(i);
        open = known.sort == Sort::Measure;
    }
    if p.has(from, Cue::Before) {
        i = i.max(p.behind(from));
        open = true;
    }
    let head = from;
    let linked = p.has(i, Cue::Link) && unit.is_none_or(|u| u.sort == Sort::Count || u.sort == Sort::Measure) && i > from;
    let start = if linked { p.behind(i) } else { i };
    if linked || open || i == from {
        let (end, known) = run(p, start);
        if end > start {
            let unit = if unit.is_some_and(|u| u.sort == Sort::Measure) { unit } else { known.or(unit) };
            return Some(Counted { end, unit, head });
        }
    }
    (i > from).then_some(Counted { end: i, unit, head })
}

/// The noun that begins at a character: up to a word of a closed list, or a known noun.
fn run(p: &Passage, from: usize) -> (usize, Option<&'static Unit>) {
    let mut i = from;
    let mut last = None;
    while !ends(p, i) && !is_hiragana(p, i) {
        if i >= from + LONGEST_UNSPACED {
            return last.map_or((from, None), |(end, unit)| (end, Some(unit)));
        }
        let next = p.behind(i);
        if let Some(unit) = p.unit(i) {
            last = Some((next, unit));
        }
        i = next;
    }
    (i, last.map(|(_, unit)| unit))
}

fn is_hiragana(p: &Passage, i: usize) -> bool {
    p.word(i).is_some_and(|w| p.unit(i).is_none() && matches!(w.sign, '\u{3040}'..='\u{309F}'))
}
