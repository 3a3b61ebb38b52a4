//! Figures that are no claims: dates, clock times, ages, numbers in names, of pages and of lists.

use std::ops::Range;

use rust_decimal::Decimal;

use super::lexicon::{Cue, Head};
use super::passage::Passage;
use super::phrase::{ends, is_verb};
use crate::claim::number::{Figure, Form, Written};

/// Whether a figure at `words` is no claim whatever stands behind it.
pub(super) fn is_no_claim(p: &Passage, figure: &Figure, words: &Range<usize>) -> bool {
    let in_period = p.covered(&figure.span).any(|i| p.word(i).is_some_and(|w| w.period.is_some()));
    matches!(figure.form, Form::Label | Form::Ordinal)
        || in_period
        || is_one_in_words(figure)
        || figure.form != Form::Factor && is_marked(p, words)
        || is_phone_number(p, figure)
        || is_row_of_numbers(p, figure, words)
        || is_adjective(p, figure, words)
        || is_glued(p, figure)
        || figure.form == Form::Number
            && figure.currency.is_none()
            && (is_year(p, figure, words) || is_age(p, figure, words) || is_in_name(p, figure, words))
}

fn is_one_in_words(figure: &Figure) -> bool {
    figure.written == Written::Words && figure.form == Form::Number && figure.value == Decimal::ONE && figure.value_max.is_none()
}

/// "page 7", "aged 42", "19 Uhr", "42 years old".
fn is_marked(p: &Passage, words: &Range<usize>) -> bool {
    let same = |i: usize| p.word(i).zip(p.word(words.start)).is_some_and(|(a, b)| a.sentence == b.sentence);
    let before = words.start.checked_sub(1).is_some_and(|i| same(i) && p.has(i, Cue::NotBefore));
    before || same(words.end) && p.has(words.end, Cue::NotAfter)
}

/// Parts of times, fractions of addresses, phone numbers: "19:30", "12/4", "+49 30".
fn is_glued(p: &Passage, figure: &Figure) -> bool {
    let before = p.text[..figure.span.start].chars().next_back();
    let mut behind = p.text[figure.span.end..].chars();
    let (next, after) = (behind.next(), behind.next());
    // "219-211", "5-4": what is no range is a vote, a score or a code.
    let hyphen = |c: Option<char>| matches!(c, Some('-' | '\u{2010}'..='\u{2013}'));
    let digit_before = || p.text[..figure.span.start].chars().rev().nth(1).is_some_and(char::is_numeric);
    matches!(before, Some('+' | '#' | '/' | ':' | '_')) && figure.currency.is_none()
        || matches!(next, Some(':' | '/' | '_')) && after.is_some_and(char::is_numeric)
        || figure.form == Form::Number
            && figure.currency.is_none()
            && (hyphen(next) && after.is_some_and(char::is_numeric) || hyphen(before) && digit_before())
        || next == Some(')') && is_line_start(p, figure)
}

/// "030/12345" and "24/7" are no fractions, "555-1234" is no range, and a quantity has no zero in front: "020".
fn is_phone_number(p: &Passage, figure: &Figure) -> bool {
    let written = &p.text[figure.span.clone()];
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let zero = |part: &str| part.len() > 1 && part.starts_with('0');
    let Some((first, second)) = written.split_once(['/', '-', '\u{2013}']) else { return digits(written) && zero(written) };
    let improper = figure.form == Form::Fraction && figure.value > Decimal::ONE;
    digits(first) && digits(second) && (improper || zero(first) || zero(second) || first.len() == 3 && second.len() == 4)
}

/// "01 23 45 67": numbers with one sign between them and nothing counted.
fn is_row_of_numbers(p: &Passage, figure: &Figure, words: &Range<usize>) -> bool {
    let plain = |i: usize| p.word(i).is_some_and(|w| w.digits && w.figure.is_some() && w.period.is_none());
    let own = p.covered(&figure.span);
    let near = |a: usize, b: usize| {
        let gap = p.word(a).zip(p.word(b)).and_then(|(x, y)| p.text.get(x.end..y.start));
        matches!(gap, Some(" " | "\u{a0}" | "." | "-")) && plain(a) && plain(b)
    };
    let ends_in_row = own.start.checked_sub(1).is_some_and(|i| near(i, own.start)) || own.start > 1 && near(own.start - 2, own.start);
    let last = own.end.saturating_sub(1);
    let opens_row = near(last, own.end) || near(last, own.end + 1);
    let bare = figure.form == Form::Number && figure.written == Written::Digits && figure.currency.is_none();
    bare && (opens_row || ends_in_row && p.unit(words.end).is_none())
}

/// "double-digit growth", "a double room": a factor before a noun, where verbs have endings that tell them from it.
fn is_adjective(p: &Passage, figure: &Figure, words: &Range<usize>) -> bool {
    let own = p.covered(&figure.span);
    let noun = !ends(p, words.end) || p.has(words.end, Cue::NotBefore);
    figure.form == Form::Factor && p.lexicon.noun.pivot && own.len() == 1 && !is_verb(p, own.start) && noun
}

/// "1) ..." at the start of a line.
fn is_line_start(p: &Passage, figure: &Figure) -> bool {
    p.text[..figure.span.start].trim_end_matches([' ', '(']).chars().next_back().is_none_or(|c| c == '\n')
}

/// Four digits without a sign between them, with nothing counted behind.
fn is_year(p: &Passage, figure: &Figure, words: &Range<usize>) -> bool {
    let written = &p.text[figure.span.clone()];
    let four = figure.written == Written::Digits && written.chars().count() == 4 && written.chars().all(char::is_numeric);
    four && figure.bound.is_none()
        && figure.value >= Decimal::from(1800)
        && figure.value <= Decimal::from(2100)
        && (p.unit(words.end).is_none() || p.text[figure.span.end..].starts_with('年'))
}

/// A number alone between commas behind a name: "Jon Arvel, 42, said".
fn is_age(p: &Passage, figure: &Figure, words: &Range<usize>) -> bool {
    let clause = p.clause(words.start);
    let alone = clause.start == words.start && words.end + 1 == clause.end || clause == *words;
    let name = clause.start >= 2 && (p.is_name(clause.start - 2) || p.lexicon.noun.head == Head::Unspaced);
    alone
        && name
        && figure.written == Written::Digits
        && figure.value < Decimal::from(120)
        && p.word(words.end).is_some_and(|w| !w.sign.is_alphanumeric())
}

/// A small number behind a word in capitals, with nothing counted behind: "Route 7".
fn is_in_name(p: &Passage, figure: &Figure, words: &Range<usize>) -> bool {
    let Some(previous) = words.start.checked_sub(1) else { return false };
    let touching = p.word(previous).zip(p.word(words.start)).is_some_and(|(a, b)| a.clause == b.clause);
    touching
        && p.is_name(previous)
        && !p.word(previous).is_some_and(|w| w.cues.any(&[Cue::Up, Cue::Down, Cue::Stop, Cue::In]))
        && figure.written == Written::Digits
        && figure.bound.is_none()
        && figure.value < Decimal::from(1000)
        && p.unit(words.end).is_none()
        && ends(p, words.end)
}
