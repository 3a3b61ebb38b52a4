//! Figures to claims of the kinds `quantity` and `change`.

use std::ops::Range;

use rust_decimal::Decimal;

use super::change::{Change, change, in_sentence, is_level, moves};
use super::confidence::{Evidence, confidence};
use super::exclude::is_no_claim;
use super::lexicon::{Cue, Head, Sort, Unit};
use super::passage::{Passage, hull};
use super::phrase::{Counted, counted, link};
use crate::claim::number::{Bound, Figure, Form, RangeShape, Written};

/// A figure claim before its setting is looked up.
pub(super) struct FigureClaim {
    /// Its words.
    pub(super) words: Range<usize>,
    /// The words of the figure itself, from which times and places are looked for.
    pub(super) figure: Range<usize>,
    pub(super) kind: &'static str,
    pub(super) value: Option<Decimal>,
    pub(super) value_max: Option<Decimal>,
    pub(super) bound: Option<Bound>,
    pub(super) unit: Option<String>,
    pub(super) change: Option<(&'static str, Decimal)>,
    /// It is the start of a movement, whose time is not told: "from 6.75".
    pub(super) is_start: bool,
    pub(super) score: f64,
}

/// Every claim that the figures of a passage make, in order.
pub(super) fn figure_claims(p: &Passage) -> Vec<FigureClaim> {
    let figures = two_times(p);
    let mut claims = Vec::new();
    for (i, figure) in figures.iter().enumerate() {
        let figure = &without_level(p, figure);
        let mut words = p.covered(&hull(figure));
        // A particle of difference that the figure was read with: بنسبة.
        while figure.bound.is_none() && words.len() > 1 && p.has(words.start, Cue::By) {
            words.start = p.behind(words.start);
        }
        if words.is_empty() || is_no_claim(p, figure, &words) {
            continue;
        }
        let shared = figures.get(i + 1).filter(|next| shares_unit(p, figure, &words, next));
        claims.extend(claim(p, figure, words, shared));
    }
    claims
}

/// "from 6.75 to 6.25 percent" after a word of change is two figures of two times.
fn two_times(p: &Passage) -> Vec<Figure> {
    let mut figures = Vec::with_capacity(p.figures.len());
    for figure in &p.figures {
        match halves(p, figure) {
            Some(two) => figures.extend(two),
            None => match figures.last().and_then(|last| joined(p, last, figure)) {
                Some(whole) => {
                    figures.pop();
                    figures.push(whole);
                }
                None => figures.push(figure.clone()),
            },
        }
    }
    figures
}

/// "6 bin 400": a scale word and a rest of digits are one number.
fn joined(p: &Passage, first: &Figure, rest: &Figure) -> Option<Figure> {
    let plain = |f: &Figure| f.form == Form::Number && f.value_max.is_none();
    let scaled =
        first.written == Written::Mixed && (first.value % Decimal::ONE_THOUSAND).is_zero() && first.expression.end == first.span.end;
    let low = rest.written == Written::Digits && rest.value < Decimal::ONE_THOUSAND && rest.expression.start == rest.span.start;
    let one_space = first.span.end < rest.span.start && &p.text[first.span.end..rest.span.start] == " ";
    if !(plain(first) && plain(rest) && scaled && low && one_space && first.currency.is_none()) {
        return None;
    }
    Some(Figure {
        span: first.span.start..rest.span.end,
        expression: first.expression.start..rest.expression.end,
        value: first.value + rest.value,
        bound: first.bound.or(rest.bound),
        currency: rest.currency.clone(),
        ..first.clone()
    })
}

fn halves(p: &Passage, figure: &Figure) -> Option<[Figure; 2]> {
    let (low, high) = (figure.value, figure.value_max.filter(|_| figure.range == Some(RangeShape::FromTo))?);
    let words = p.covered(&hull(figure));
    if !moves(p, &words) {
        return None;
    }
    let digits = p.covered(&figure.span);
    let joint = digits.clone().skip(1).find(|&i| p.has(i, Cue::Level) && !p.word(i).is_some_and(|w| w.digits))?;
    let (left, right) = (p.slice(digits.start, joint), p.slice(p.behind(joint), digits.end));
    if left.is_empty() || right.is_empty() {
        return None;
    }
    let starts = (figure.span.start, figure.span.end - right.len());
    let half = |value: Decimal, span: Range<usize>| Figure {
        expression: span.clone(),
        span,
        value,
        value_max: None,
        bound: None,
        range: None,
        ..figure.clone()
    };
    Some([half(low, starts.0..starts.0 + left.len()), half(high, starts.1..figure.span.end)])
}

/// "rose 12 percent to 184,500": where the text tells of a change, the word of a limit before a figure is one of a level.
fn without_level(p: &Passage, figure: &Figure) -> Figure {
    let mut figure = figure.clone();
    let words = p.covered(&figure.expression);
    let level = figure.bound == Some(Bound::AtMost) && p.has(words.start, Cue::Level) && figure.expression.start < figure.span.start;
    if level && in_sentence(p, &words).is_some() {
        figure.bound = None;
        figure.expression.start = figure.span.start;
    }
    figure
}

/// Whether a bare figure takes the unit of the next one: only a word of level stands between.
fn shares_unit(p: &Passage, figure: &Figure, words: &Range<usize>, next: &Figure) -> bool {
    let behind = p.covered(&hull(next));
    figure.form == Form::Number
        && figure.currency.is_none()
        && p.has(words.end, Cue::Level)
        && p.behind(words.end) == behind.start
        && (matches!(next.form, Form::Percent) || next.currency.is_some() || p.unit(behind.end).is_some())
}

fn claim(p: &Passage, figure: &Figure, words: Range<usize>, shared: Option<&Figure>) -> Option<FigureClaim> {
    let noun = noun_behind(p, figure, &words);
    let mut known = noun.as_ref().and_then(|n| n.unit).or_else(|| unit_inside(p, figure, &words));
    if known.is_some_and(|u| u.sort == Sort::Time) && !p.clause(words.start).any(|i| p.has(i, Cue::Lasts)) {
        return None;
    }
    let found = if shared.is_some() || is_repeated(p, figure, &words) { None } else { change(p, figure, &words, noun.as_ref()) };
    if figure.form == Form::Factor && (found.is_none() || figure.value == Decimal::ONE) {
        return None;
    }
    let strong = matches!(figure.form, Form::Percent | Form::Points | Form::Factor) || figure.currency.is_some();
    let bare_word = figure.written == Written::Words && figure.value < Decimal::ONE_HUNDRED && figure.form == Form::Number;
    if bare_word && noun.is_none() && found.is_none() && !strong {
        return None;
    }
    // "lost 4-5", "call 555-1234": a range that counts nothing is a score or a code.
    let code = figure.range == Some(RangeShape::Dash) && figure.form == Form::Number && figure.expression == figure.span;
    if code && noun.is_none() && known.is_none() && found.is_none() && !strong && shared.is_none() {
        return None;
    }
    known = known.or(found.as_ref().and_then(|c| c.unit));
    let small = figure.written == Written::Words && figure.form == Form::Number && figure.value < Decimal::from(13);
    let definite = words.start.checked_sub(1).is_some_and(|i| p.has(i, Cue::Article));
    let unsure =
        definite && small || p.lexicon.noun.head == Head::Unspaced && figure.written == Written::Words && !p.has(words.end, Cue::Before);
    if unsure && known.is_none() && found.is_none() && !strong {
        return None;
    }
    if let Some(next) = shared {
        known = known.or_else(|| p.unit(p.covered(&hull(next)).end));
    }
    let percent = matches!(figure.form, Form::Percent) || shared.is_some_and(|n| n.form == Form::Percent);
    let money =
        figure.currency.as_ref().or_else(|| shared.and_then(|n| n.currency.as_ref())).map(|(_, code)| *code).filter(|c| !c.is_empty());
    let unit = match figure.form {
        Form::Factor => None,
        Form::Points => Some("percentage point".to_owned()),
        _ if found.as_ref().is_some_and(|c| c.kind == "points") => Some("percentage point".to_owned()),
        _ if percent => Some("percent".to_owned()),
        _ => match (money, known) {
            (Some(code), _) => Some(code.to_owned()),
            (None, Some(unit)) => Some(unit.lemma.clone()),
            (None, None) => noun.as_ref().and_then(|n| unknown_unit(p, n.head)),
        },
    };
    let evidence = Evidence {
        counted: noun.is_some() || known.is_some(),
        known_unit: known.is_some(),
        touching_change: found.as_ref().is_some_and(|c| c.touches),
        dated: p.sentence(words.start).any(|i| p.word(i).is_some_and(|w| w.period.is_some())),
    };
    let score = confidence(figure, &evidence);
    let before = counted_before(p, &words, known);
    let bound = figure.bound;
    Some(match found {
        Some(Change { kind, amount, words: span, .. }) => FigureClaim {
            words: span,
            figure: words,
            kind: "change",
            value: None,
            value_max: None,
            bound: bound.filter(|_| figure.value_max.is_none()),
            unit,
            change: Some((kind, amount)),
            is_start: false,
            score,
        },
        None => {
            let end = noun.as_ref().map_or(words.end, |n| n.end.max(words.end));
            FigureClaim {
                words: before.map_or(words.start, |(start, _)| start)..end,
                figure: words,
                kind: "quantity",
                value: Some(figure.value),
                value_max: figure.value_max,
                bound,
                unit: unit.or_else(|| before.map(|(_, unit)| unit.lemma.clone())),
                change: None,
                is_start: shared.is_some(),
                score,
            }
        }
    })
}

/// The counted phrase behind a figure, as far as the figure takes one.
fn noun_behind(p: &Passage, figure: &Figure, words: &Range<usize>) -> Option<Counted> {
    let linked = |end: usize| (end > words.end).then_some(Counted { end, unit: None, head: words.end });
    match figure.form {
        Form::Factor | Form::Points | Form::Ordinal | Form::Label => None,
        Form::Percent => linked(link(p, words.end)),
        // Signs and codes end the phrase; what is paid for stands behind a preposition.
        _ if figure.currency.is_some() => None,
        _ if has_noun_inside(p, figure, words) => {
            let head = p.lexicon.noun.head;
            let onward = head == Head::Unspaced && p.has(words.end, Cue::Link) || head == Head::Last && p.lexicon.noun.abut;
            let end = if onward {
                if p.has(words.end, Cue::Link) { link(p, words.end) } else { counted(p, words.end, false).map_or(words.end, |c| c.end) }
            } else {
                words.end
            };
            linked(end).map(|c| Counted { unit: unit_inside(p, figure, words), ..c })
        }
        _ => counted(p, words.end, true).or_else(|| {
            let scaled = figure.written != Written::Digits || figure.form == Form::Fraction;
            let end = if scaled && p.has(words.end, Cue::Link) { link(p, words.end) } else { words.end };
            let from = (words.end..end).find(|&i| p.unit(i).is_some());
            linked(end).map(|c| Counted { unit: from.and_then(|i| p.unit(i)), head: end - 1, ..c })
        }),
    }
}

/// Whether the noun stands between the figure and its bound: "3万7000人以上".
fn has_noun_inside(p: &Passage, figure: &Figure, words: &Range<usize>) -> bool {
    unit_inside(p, figure, words).is_some()
}

fn unit_inside(p: &Passage, figure: &Figure, words: &Range<usize>) -> Option<&'static Unit> {
    let own = p.covered(&figure.span);
    (own.end..words.end).find_map(|i| p.unit(i))
}

/// In scripts without spaces, a known noun that abuts the figure from before: "中国公民3.7万人".
fn counted_before(p: &Passage, words: &Range<usize>, unit: Option<&'static Unit>) -> Option<(usize, &'static Unit)> {
    if p.lexicon.noun.head != Head::Unspaced || unit.is_some_and(|u| u.sort != Sort::Count) {
        return None;
    }
    let last = words.start.checked_sub(1)?;
    let known = p.unit(last).filter(|u| u.sort == Sort::Count && !p.has(last, Cue::Before))?;
    let same = |i: usize| p.word(i).zip(p.word(words.start)).is_some_and(|(a, b)| a.clause == b.clause);
    let mut start = p.lead(last);
    while start > 0 && same(start - 1) && (p.has(start - 1, Cue::PlaceNoun) || p.unit_of_sort(start - 1, Sort::Count)) {
        start = p.lead(start - 1);
    }
    same(start).then_some((start, known))
}

/// A factor that only says how often: "voted three times". One in a word of its own is always a change: "a doublé".
fn is_repeated(p: &Passage, figure: &Figure, words: &Range<usize>) -> bool {
    figure.form == Form::Factor && p.covered(&figure.span).len() > 1 && is_level(p, words)
}

/// The lemma of a noun that the lexicon does not know, where nouns of the language are words of the pivot language.
fn unknown_unit(p: &Passage, head: usize) -> Option<String> {
    if !p.lexicon.noun.pivot {
        return None;
    }
    let word = p.slice(head, head + 1).to_lowercase();
    if word.chars().count() < 3 || !word.chars().all(char::is_alphabetic) {
        return None;
    }
    let stem = match word.as_str() {
        w if w.ends_with("ies") => format!("{}y", &w[..w.len() - 3]),
        w if ["ches", "shes", "sses", "xes"].iter().any(|e| w.ends_with(e)) => w[..w.len() - 2].to_owned(),
        w if w.ends_with('s') && !w.ends_with("ss") => w[..w.len() - 1].to_owned(),
        w => w.to_owned(),
    };
    Some(stem)
}
