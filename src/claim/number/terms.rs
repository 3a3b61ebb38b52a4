//! The terms of a number, and how one more word or literal changes them.
//!
//! A number is a sum of terms that grow smaller from left to right. A scale word multiplies the terms before it that
//! are smaller than it ("tres mil doscientos millones"). Where the next words do not fit, the number ended before them.

use rust_decimal::Decimal;

use super::digits::Parser;
use super::exact;
use super::literal::Literal;
use super::quantity::Quantity;
use super::role::{Kinds, Role};

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Joint {
    First,
    Plain,
    Glued,
    Hyphen,
    And,
    Comma,
}

pub(super) enum Element {
    Word(Decimal),
    Article,
    Scale { by: Decimal, bare: bool },
    Literal(Literal),
}

#[derive(Clone)]
pub(super) struct Term {
    pub value: Decimal,
    pub scale: Decimal,
    /// What is added next must be below this.
    pub limit: Decimal,
    /// The number as it was before this term.
    pub before: Option<Quantity>,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Last {
    Word,
    Digit,
    Scale,
    Literal,
    Article,
}

pub(super) struct State {
    pub terms: Vec<Term>,
    pub best: Option<Quantity>,
    pub last: Last,
    pub draft: Quantity,
    pub positional: bool,
    /// The last word followed without "and" or a placeholder.
    pub glued_tail: bool,
}

pub(super) enum Step {
    /// Taken; the flag says whether the number may end here.
    Taken(bool),
    Refused,
    /// The words before belong to another number.
    Undo(Option<Quantity>),
}

impl Parser<'_> {
    pub(super) fn step(&self, s: &mut State, element: Element, joint: Joint, end: usize) -> Step {
        match element {
            Element::Article if joint == Joint::First => {
                s.push(Decimal::ONE, Decimal::ONE, Decimal::ZERO);
                s.last = Last::Article;
                s.draft.article = true;
                s.draft.words = true;
                Step::Taken(true)
            }
            // "a billion a year": only tens and hundreds take an article as one ("trente et un").
            Element::Article if self.part_follows(end) || s.terms.last().is_some_and(|t| t.limit > Decimal::ONE_HUNDRED) => Step::Refused,
            Element::Article => self.word(s, Decimal::ONE, joint),
            Element::Word(v) => self.word(s, v, joint),
            Element::Scale { by, bare } => self.scale(s, by, bare, joint),
            Element::Literal(l) => self.number(s, l, joint, end),
        }
    }

    /// "and a half", "and a quarter": the article does not count.
    pub(super) fn part_follows(&self, end: usize) -> bool {
        let part = |role| matches!(role, Role::Half | Role::Denominator(_)).then_some(());
        self.matcher.longest(self.chars, self.chars.skip_spaces(end), Kinds::HALF.with(Kinds::DENOMINATOR), part).is_some()
    }

    pub(super) fn word(&self, s: &mut State, v: Decimal, joint: Joint) -> Step {
        s.draft.words = true;
        let limit = self.limit(v);
        let scale = if limit >= Decimal::ONE_HUNDRED { limit } else { Decimal::ONE };
        let digit = v < Decimal::TEN && v.is_integer();
        let Some(last) = s.terms.last() else {
            s.push(v, scale, limit);
            s.last = if digit { Last::Digit } else { Last::Word };
            return Step::Taken(true);
        };
        // 二〇二三: digits in a row.
        if self.matcher.positional && digit && s.last == Last::Digit && joint == Joint::Glued && s.positional {
            let Some(value) = exact::mul(last.value, Decimal::TEN).and_then(|x| exact::add(x, v)) else {
                return Step::Refused;
            };
            if let Some(last) = s.terms.last_mut() {
                last.value = value;
            }
            return Step::Taken(true);
        }
        let tens = limit == Decimal::TEN && v < Decimal::ONE_HUNDRED;
        if self.matcher.unit_before_tens
            && joint == Joint::And
            && tens
            && matches!(s.last, Last::Digit | Last::Article)
            && last.value < Decimal::TEN
        {
            if let Some(last) = s.terms.last_mut() {
                last.value += v;
                last.limit = Decimal::ZERO;
            }
            s.draft.article = false;
            s.last = Last::Word;
            return Step::Taken(true);
        }
        let and_fits = joint != Joint::And || last.limit >= self.matcher.and_after;
        if v >= last.limit
            || v.is_zero()
            || !and_fits
            || s.last == Last::Literal
            || (joint == Joint::Hyphen && !matches!(s.last, Last::Word | Last::Scale))
        {
            return Step::Refused;
        }
        s.push(v, scale, limit);
        s.last = if digit { Last::Digit } else { Last::Word };
        s.glued_tail = joint == Joint::Glued;
        s.positional = false;
        Step::Taken(joint != Joint::Comma)
    }

    pub(super) fn scale(&self, s: &mut State, by: Decimal, bare: bool, joint: Joint) -> Step {
        let dozen = |t: &Term| matches!(t.scale.mantissa(), 12 | 20 | 30 | 50) && s.last == Last::Scale;
        if s.terms.last().is_some_and(dozen) {
            return Step::Refused;
        }
        s.draft.words = true;
        let limit = if s.terms.is_empty() { Decimal::MAX } else { s.terms.last().map_or(Decimal::MAX, |t| t.limit) };
        let pops = joint != Joint::And && joint != Joint::Comma;
        let first_popped = if pops { s.terms.iter().rposition(|t| t.scale >= by).map_or(0, |p| p + 1) } else { s.terms.len() };
        let chain =
            s.last == Last::Scale && s.terms.last().is_some_and(|t| t.scale == by) && by > Decimal::ONE_THOUSAND && joint == Joint::Glued;
        let first_popped = if chain { first_popped - 1 } else { first_popped };
        if first_popped == s.terms.len() {
            let fits = s.terms.is_empty() || by < limit && (joint != Joint::And || limit >= self.matcher.and_after);
            if !bare || !fits {
                return Step::Refused;
            }
            s.push(by, by, by);
        } else {
            // 七十百 is no number: below 万 a scale takes one digit.
            let digit = |t: &Term| t.value < Decimal::TEN || s.draft.digits;
            if self.matcher.positional && by < Decimal::from(10_000) && !s.terms[first_popped..].iter().all(digit) {
                return Step::Refused;
            }
            let before = s.terms[first_popped].before.clone();
            let room = first_popped.checked_sub(1).map_or(Decimal::MAX, |p| s.terms[p].limit);
            let product = total(&s.terms[first_popped..]).and_then(|sum| exact::mul(sum, by));
            match product {
                Some(value) if value < room => {
                    s.draft.scale =
                        (first_popped == 0).then_some(s.draft.scale.filter(|_| chain).map_or(by, |old| exact::mul(old, by).unwrap_or(by)));
                    s.terms.truncate(first_popped);
                    s.terms.push(Term { value, scale: by, limit: by, before });
                }
                _ => return Step::Undo(before),
            }
        }
        s.draft.article = false;
        s.last = Last::Scale;
        s.positional = false;
        Step::Taken(true)
    }

    pub(super) fn number(&self, s: &mut State, l: Literal, joint: Joint, end: usize) -> Step {
        if let Some(last) = s.terms.last() {
            // 3万 4500, 3万4500.5: below 万 digits go on.
            let han = self.matcher.positional && last.scale >= Decimal::from(10_000);
            let fits = (l.integer || han && joint == Joint::Glued) && !l.value.is_zero() && l.value < last.limit && s.last == Last::Scale;
            if !fits {
                return Step::Refused;
            }
            let followed = self.scale_follows(end);
            // Turkish writes 6400 as "6 bin 400".
            let bin = self.matcher.turkish && s.draft.digits && last.scale >= Decimal::ONE_THOUSAND;
            if joint == Joint::Plain && !followed && !han && !bin || joint == Joint::And && last.scale > Decimal::ONE_THOUSAND && !followed
            {
                return Step::Refused;
            }
        }
        s.draft.digits = true;
        s.draft.ambiguous |= l.ambiguous;
        s.push(l.value, Decimal::ONE, Decimal::ZERO);
        s.last = Last::Literal;
        s.positional = false;
        Step::Taken(joint != Joint::Plain || s.terms.len() == 1 || self.matcher.positional || self.matcher.turkish)
    }

    pub(super) fn scale_follows(&self, end: usize) -> bool {
        let at = self.chars.skip_spaces(end);
        self.matcher.longest(self.chars, at, Kinds::SCALE, |role| matches!(role, Role::Scale { .. }).then_some(())).is_some()
    }

    /// What may be added to a round word: tens take units, hundreds what is below a hundred.
    pub(super) fn limit(&self, v: Decimal) -> Decimal {
        if let Some(&(_, limit)) = self.matcher.limits.iter().find(|(word, _)| *word == v) {
            return limit;
        }
        let rest = |by: Decimal| v.checked_rem(by).is_some_and(|r| r.is_zero());
        if v >= Decimal::ONE_THOUSAND && rest(Decimal::ONE_THOUSAND) {
            Decimal::ONE_THOUSAND
        } else if v >= Decimal::ONE_HUNDRED && rest(Decimal::ONE_HUNDRED) {
            Decimal::ONE_HUNDRED
        } else if v >= Decimal::from(20) && rest(Decimal::TEN) {
            Decimal::TEN
        } else {
            Decimal::ZERO
        }
    }
}

impl State {
    pub(super) fn push(&mut self, value: Decimal, scale: Decimal, limit: Decimal) {
        self.terms.push(Term { value, scale, limit, before: self.best.clone() });
    }
}

pub(super) fn total(terms: &[Term]) -> Option<Decimal> {
    terms.iter().try_fold(Decimal::ZERO, |sum, term| exact::add(sum, term.value))
}

/// 二百五 is 250: a last digit right behind a scale counts for the next lower place.
pub(super) fn short_tail(s: &mut State) {
    let [.., before, tail] = &s.terms[..] else {
        return;
    };
    let direct = s.last == Last::Digit && before.scale >= Decimal::ONE_HUNDRED && s.draft.end == s.best.as_ref().map_or(0, |b| b.end);
    if !direct || !s.glued_tail || tail.value >= Decimal::TEN || s.draft.digits {
        return;
    }
    if let (Some(best), Some(value)) = (s.best.as_mut(), exact::mul(tail.value, before.scale / Decimal::TEN - Decimal::ONE)) {
        best.value += value;
    }
}
