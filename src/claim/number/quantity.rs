//! One number: digits, number words and scale words put together.
//!
//! A number is a sum of terms that grow smaller from left to right. A scale word multiplies the terms before it that
//! are smaller than it ("tres mil doscientos millones"). Where the next words do not fit, the number ended before them.

use rust_decimal::Decimal;

use super::chars::{Chars, is_unspaced};
use super::exact;
use super::figure::Bound;
use super::literal::{self, Literal, Reading};
use super::matcher::{Matcher, Role, ends_word};
use crate::claim::lexicon::Separators;

/// A number at a place.
#[derive(Debug, Clone, Default)]
pub(crate) struct Quantity {
    pub end: usize,
    pub value: Decimal,
    pub digits: bool,
    pub words: bool,
    pub fraction: bool,
    pub ordinal: bool,
    pub ambiguous: bool,
    pub rounded: bool,
    pub inside: Option<Bound>,
    /// The last scale word's value, where the number is one term times it: "15 million".
    pub scale: Option<Decimal>,
    /// An article made the number: "a hundred".
    pub article: bool,
}

/// Reads numbers of one text; remembers where separators turned out to separate.
pub(crate) struct Parser<'a> {
    pub chars: &'a Chars,
    pub matcher: &'a Matcher,
    pub seps: &'a Separators,
    separate_until: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Joint {
    First,
    Plain,
    Glued,
    Hyphen,
    And,
    Comma,
}

enum Element {
    Word(Decimal),
    Article,
    Scale { by: Decimal, bare: bool },
    Literal(Literal),
}

#[derive(Clone)]
struct Term {
    value: Decimal,
    scale: Decimal,
    /// What is added next must be below this.
    limit: Decimal,
    /// The number as it was before this term.
    before: Option<Quantity>,
}

#[derive(Clone, Copy, PartialEq)]
enum Last {
    Word,
    Digit,
    Scale,
    Literal,
    Article,
}

struct State {
    terms: Vec<Term>,
    best: Option<Quantity>,
    last: Last,
    draft: Quantity,
    positional: bool,
    /// The last word followed without "and" or a placeholder.
    glued_tail: bool,
}

enum Step {
    /// Taken; the flag says whether the number may end here.
    Taken(bool),
    Refused,
    /// The words before belong to another number.
    Undo(Option<Quantity>),
}

impl<'a> Parser<'a> {
    pub fn new(chars: &'a Chars, matcher: &'a Matcher, seps: &'a Separators) -> Self {
        Parser {
            chars,
            matcher,
            seps,
            separate_until: 0,
        }
    }

    /// Whether digits begin at `i`: a digit, or a decimal separator before one.
    pub fn digits_begin(&self, i: usize) -> bool {
        self.chars.is_digit(i)
            || self.chars.get(i).is_some_and(|c| self.seps.is_decimal(c))
                && self.chars.is_digit(i + 1)
                && !self
                    .chars
                    .before(i)
                    .is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | ','))
    }

    /// The number in digits at `i`, or where unreadable digits end.
    pub fn literal(&mut self, i: usize) -> Result<Literal, usize> {
        let alone = i < self.separate_until;
        match literal::read(self.chars, i, self.seps, alone) {
            Reading::Number(literal) => Ok(self.with_exponent(literal)),
            Reading::TooLong(end) => Err(end),
            Reading::Separate(end) => {
                self.separate_until = end;
                match literal::read(
                    self.chars,
                    i + usize::from(!self.chars.is_digit(i)),
                    self.seps,
                    true,
                ) {
                    Reading::Number(literal) => Ok(literal),
                    Reading::TooLong(end) | Reading::Separate(end) => Err(end.max(i + 1)),
                }
            }
        }
    }

    /// `1e10`, `6.2x10^-4`, `2.5^-1` where the result is exact.
    fn with_exponent(&self, literal: Literal) -> Literal {
        let c = self.chars;
        let (at, base) = match c.get(literal.end) {
            Some('e') => (literal.end + 1, Some(Decimal::TEN)),
            Some('^') => (literal.end + 1, None),
            Some(x) if is_unspaced(x) => return self.raised(literal),
            Some('x' | '×' | '*') => {
                let start = c.skip_spaces(literal.end + 1);
                let mut at = start;
                while c.is_digit(at) && at < start + 3 {
                    at += 1;
                }
                let base: String = c.folded[start..at].iter().collect();
                let raised = self.power(at).filter(|_| base == "10");
                if let Some((exponent, end)) = raised {
                    let value =
                        exact::ten_to(exponent).and_then(|by| exact::mul(literal.value, by));
                    return value.map_or(literal, |value| Literal {
                        end,
                        value,
                        integer: value.is_integer(),
                        ambiguous: false,
                    });
                }
                let marked = c.get(at) == Some('^');
                if !marked
                    && !(base == "10"
                        && matches!(c.get(at), Some('-' | '⁻' | '⁰'..='⁹' | '¹' | '²' | '³')))
                {
                    return literal;
                }
                (
                    at + usize::from(marked),
                    Decimal::from_str_exact(&base).ok(),
                )
            }
            _ => return literal,
        };
        let Some((exponent, end)) = self.exponent(at) else {
            return literal;
        };
        let value = match base {
            Some(base) if base == Decimal::TEN => {
                exact::ten_to(exponent).and_then(|by| exact::mul(literal.value, by))
            }
            Some(base) => exact::pow(base, exponent).and_then(|by| exact::mul(literal.value, by)),
            None => exact::pow(literal.value, exponent),
        };
        match value {
            Some(value) => Literal {
                end,
                value,
                integer: value.is_integer(),
                ..literal
            },
            None => literal,
        }
    }

    /// 2の3乗.
    fn raised(&self, literal: Literal) -> Literal {
        match self
            .power(literal.end)
            .and_then(|(n, end)| Some((exact::pow(literal.value, n)?, end)))
        {
            Some((value, end)) => Literal {
                end,
                value,
                integer: value.is_integer(),
                ..literal
            },
            None => literal,
        }
    }

    /// The exponent between the words of a power, and where they end.
    fn power(&self, at: usize) -> Option<(i32, usize)> {
        let ((), start) = self.matcher.longest(self.chars, at, |role| {
            (role == Role::PowerOpen).then_some(())
        })?;
        let (exponent, end) = self.exponent(start)?;
        let ((), end) = self.matcher.longest(self.chars, end, |role| {
            (role == Role::PowerClose).then_some(())
        })?;
        Some((exponent, end))
    }

    fn exponent(&self, mut at: usize) -> Option<(i32, usize)> {
        const RAISED: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹";
        let (mut negative, mut value, start) = (false, 0_i32, at);
        while let Some(sign @ ('-' | '+' | '⁻')) = self.chars.get(at) {
            negative |= sign != '+';
            at += 1;
            if at > start + 2 {
                return None;
            }
        }
        // Two minus signs cancel out.
        negative &= at < start + 2 || self.chars.get(start) != self.chars.get(start + 1);
        let digits = at;
        while let Some(digit) = self.chars.get(at).and_then(|c| {
            c.to_digit(10)
                .or_else(|| RAISED.chars().position(|r| r == c).map(|p| p as u32))
        }) {
            value = value.checked_mul(10)?.checked_add(digit as i32)?;
            at += 1;
        }
        (at > digits && ends_word(self.chars, at))
            .then_some((if negative { -value } else { value }, at))
    }

    /// The longest number at `i`; `money` says that a currency stands before it.
    pub fn quantity(&mut self, i: usize, money: bool) -> Option<Quantity> {
        self.parse(i, money, 0)
    }

    fn parse(&mut self, i: usize, money: bool, depth: u8) -> Option<Quantity> {
        if let Some(half) = self.half_of(i) {
            return Some(half);
        }
        let mut s = State {
            terms: Vec::new(),
            best: None,
            last: Last::Word,
            draft: Quantity::default(),
            positional: true,
            glued_tail: false,
        };
        let mut pos = i;
        'grow: loop {
            for (joint, at) in self.joints(pos, &s) {
                if self.is_unit(&s, at) {
                    continue;
                }
                let Some((element, end)) = self.element(at, joint) else {
                    continue;
                };
                match self.step(&mut s, element, joint, end) {
                    Step::Taken(complete) => {
                        pos = end;
                        s.draft.end = end;
                        if complete && self.may_end(end) {
                            s.draft.value = total(&s.terms)?;
                            s.best = Some(s.draft.clone());
                        }
                        if s.last == Last::Literal
                            && let Some((by, end)) = self.letter_scale(pos, money)
                        {
                            pos = end;
                            self.multiply_all(&mut s, by, end)?;
                        }
                        if let Some(inside) = self.inside(pos) {
                            s.draft.inside = Some(inside.0);
                            pos = inside.1;
                        }
                        continue 'grow;
                    }
                    Step::Refused => {}
                    Step::Undo(best) => {
                        s.best = best;
                        break 'grow;
                    }
                }
            }
            if !s.terms.is_empty() && self.decimals(&mut s, &mut pos) {
                continue;
            }
            break;
        }
        if self.matcher.short_tail {
            short_tail(&mut s);
        }
        let mut quantity = s.best?;
        if depth < 2 {
            self.fractions(&mut quantity, depth);
        }
        (!quantity.article || quantity.value != Decimal::ONE).then_some(quantity)
    }

    fn joints(&self, pos: usize, s: &State) -> Vec<(Joint, usize)> {
        if s.terms.is_empty() && s.last != Last::Article {
            return vec![(Joint::First, pos)];
        }
        let c = self.chars;
        let plain = c.skip_spaces(pos);
        let mut all = vec![(
            if plain == pos {
                Joint::Glued
            } else {
                Joint::Plain
            },
            plain,
        )];
        let hyphen = c.get(pos) == Some('-');
        if hyphen && !c.is_digit(pos + 1) {
            all.push((Joint::Hyphen, pos + 1));
        }
        let and = if hyphen { pos + 1 } else { plain };
        if let Some(((), end)) = self
            .matcher
            .longest(c, and, |role| (role == Role::And).then_some(()))
        {
            let next = if hyphen && c.get(end) == Some('-') {
                end + 1
            } else {
                c.skip_spaces(end)
            };
            all.push((Joint::And, next));
        }
        if c.get(pos) == Some(',') && c.get(pos + 1) == Some(' ') && s.last == Last::Scale {
            all.push((Joint::Comma, c.skip_spaces(pos + 1)));
        }
        all
    }

    /// 12千米 are kilometres, "34 cents" is money; "3 cents" in words of French may be 300.
    fn is_unit(&self, s: &State, at: usize) -> bool {
        let unit = |role| (role == Role::NotScale).then_some(());
        let own =
            |t: &Term| self.matcher.positional || !t.value.is_integer() || t.value >= Decimal::TEN;
        s.last == Last::Literal
            && s.terms.last().is_some_and(own)
            && self.matcher.longest(self.chars, at, unit).is_some()
    }

    fn element(&mut self, at: usize, joint: Joint) -> Option<(Element, usize)> {
        if self.chars.is_digit(at) || (joint == Joint::First && self.digits_begin(at)) {
            let glued_han = joint == Joint::Glued && self.chars.before(at).is_some_and(is_unspaced);
            if !matches!(joint, Joint::First | Joint::Plain | Joint::And) && !glued_han {
                return None;
            }
            let literal = self.literal(at).ok()?;
            let end = literal.end;
            return Some((Element::Literal(literal), end));
        }
        self.matcher.longest(self.chars, at, |role| match role {
            Role::Word(v) => Some(Element::Word(v)),
            Role::Article => Some(Element::Article),
            Role::Scale { by, bare } => Some(Element::Scale { by, bare }),
            _ => None,
        })
    }

    fn step(&self, s: &mut State, element: Element, joint: Joint, end: usize) -> Step {
        match element {
            Element::Article if joint == Joint::First => {
                s.push(Decimal::ONE, Decimal::ONE, Decimal::ZERO);
                s.last = Last::Article;
                s.draft.article = true;
                s.draft.words = true;
                Step::Taken(true)
            }
            // "a billion a year": only tens and hundreds take an article as one ("trente et un").
            Element::Article
                if self.part_follows(end)
                    || s.terms
                        .last()
                        .is_some_and(|t| t.limit > Decimal::ONE_HUNDRED) =>
            {
                Step::Refused
            }
            Element::Article => self.word(s, Decimal::ONE, joint),
            Element::Word(v) => self.word(s, v, joint),
            Element::Scale { by, bare } => self.scale(s, by, bare, joint),
            Element::Literal(l) => self.number(s, l, joint, end),
        }
    }

    /// "and a half", "and a quarter": the article does not count.
    fn part_follows(&self, end: usize) -> bool {
        let part = |role| matches!(role, Role::Half | Role::Denominator(_)).then_some(());
        self.matcher
            .longest(self.chars, self.chars.skip_spaces(end), part)
            .is_some()
    }

    /// Whether a number may end here: at the end of a word, or where an ending written onto numbers begins ("zehnmal", "binden").
    fn may_end(&self, end: usize) -> bool {
        let ending = |role| {
            matches!(
                role,
                Role::FactorAfter | Role::BoundAfter(_) | Role::RangeAnd
            )
            .then_some(())
        };
        ends_word(self.chars, end)
            || self.matcher.compound && self.matcher.longest(self.chars, end, ending).is_some()
    }

    fn word(&self, s: &mut State, v: Decimal, joint: Joint) -> Step {
        s.draft.words = true;
        let limit = self.limit(v);
        let scale = if limit >= Decimal::ONE_HUNDRED {
            limit
        } else {
            Decimal::ONE
        };
        let digit = v < Decimal::TEN && v.is_integer();
        let Some(last) = s.terms.last() else {
            s.push(v, scale, limit);
            s.last = if digit { Last::Digit } else { Last::Word };
            return Step::Taken(true);
        };
        // 二〇二三: digits in a row.
        if self.matcher.positional
            && digit
            && s.last == Last::Digit
            && joint == Joint::Glued
            && s.positional
        {
            let Some(value) = exact::mul(last.value, Decimal::TEN).and_then(|x| exact::add(x, v))
            else {
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

    fn scale(&self, s: &mut State, by: Decimal, bare: bool, joint: Joint) -> Step {
        let dozen =
            |t: &Term| matches!(t.scale.mantissa(), 12 | 20 | 30 | 50) && s.last == Last::Scale;
        if s.terms.last().is_some_and(dozen) {
            return Step::Refused;
        }
        s.draft.words = true;
        let limit = if s.terms.is_empty() {
            Decimal::MAX
        } else {
            s.terms.last().map_or(Decimal::MAX, |t| t.limit)
        };
        let pops = joint != Joint::And && joint != Joint::Comma;
        let first_popped = if pops {
            s.terms
                .iter()
                .rposition(|t| t.scale >= by)
                .map_or(0, |p| p + 1)
        } else {
            s.terms.len()
        };
        let chain = s.last == Last::Scale
            && s.terms.last().is_some_and(|t| t.scale == by)
            && by > Decimal::ONE_THOUSAND
            && joint == Joint::Glued;
        let first_popped = if chain {
            first_popped - 1
        } else {
            first_popped
        };
        if first_popped == s.terms.len() {
            let fits = s.terms.is_empty()
                || by < limit && (joint != Joint::And || limit >= self.matcher.and_after);
            if !bare || !fits {
                return Step::Refused;
            }
            s.push(by, by, by);
        } else {
            // 七十百 is no number: below 万 a scale takes one digit.
            let digit = |t: &Term| t.value < Decimal::TEN || s.draft.digits;
            if self.matcher.positional
                && by < Decimal::from(10_000)
                && !s.terms[first_popped..].iter().all(digit)
            {
                return Step::Refused;
            }
            let before = s.terms[first_popped].before.clone();
            let room = first_popped
                .checked_sub(1)
                .map_or(Decimal::MAX, |p| s.terms[p].limit);
            let product = total(&s.terms[first_popped..]).and_then(|sum| exact::mul(sum, by));
            match product {
                Some(value) if value < room => {
                    s.draft.scale = (first_popped == 0).then_some(
                        s.draft
                            .scale
                            .filter(|_| chain)
                            .map_or(by, |old| exact::mul(old, by).unwrap_or(by)),
                    );
                    s.terms.truncate(first_popped);
                    s.terms.push(Term {
                        value,
                        scale: by,
                        limit: by,
                        before,
                    });
                }
                _ => return Step::Undo(before),
            }
        }
        s.draft.article = false;
        s.last = Last::Scale;
        s.positional = false;
        Step::Taken(true)
    }

    fn number(&self, s: &mut State, l: Literal, joint: Joint, end: usize) -> Step {
        if let Some(last) = s.terms.last() {
            // 3万 4500, 3万4500.5: below 万 digits go on.
            let han = self.matcher.positional && last.scale >= Decimal::from(10_000);
            let fits = (l.integer || han && joint == Joint::Glued)
                && !l.value.is_zero()
                && l.value < last.limit
                && s.last == Last::Scale;
            if !fits {
                return Step::Refused;
            }
            let followed = self.scale_follows(end);
            if joint == Joint::Plain && !followed && !han
                || joint == Joint::And && last.scale > Decimal::ONE_THOUSAND && !followed
            {
                return Step::Refused;
            }
        }
        s.draft.digits = true;
        s.draft.ambiguous |= l.ambiguous;
        s.push(l.value, Decimal::ONE, Decimal::ZERO);
        s.last = Last::Literal;
        s.positional = false;
        Step::Taken(joint != Joint::Plain || s.terms.len() == 1 || self.matcher.positional)
    }

    fn scale_follows(&self, end: usize) -> bool {
        let at = self.chars.skip_spaces(end);
        self.matcher
            .longest(self.chars, at, |role| {
                matches!(role, Role::Scale { .. }).then_some(())
            })
            .is_some()
    }

    /// What may be added to a round word: tens take units, hundreds what is below a hundred.
    fn limit(&self, v: Decimal) -> Decimal {
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

    /// `k` and its like right behind digits; the long-known ones also after a space.
    fn letter_scale(&self, pos: usize, money: bool) -> Option<(Decimal, usize)> {
        self.matcher.suffix(self.chars, pos, money).or_else(|| {
            let at = self.chars.skip_spaces(pos);
            let spaced =
                at > pos && matches!(self.chars.cased.get(at), Some('k' | 'K' | 'M' | 'G'));
            if spaced {
                self.matcher.suffix(self.chars, at, money)
            } else {
                None
            }
        })
    }

    fn multiply_all(&self, s: &mut State, by: Decimal, end: usize) -> Option<()> {
        let last = s.terms.last_mut()?;
        let Some(value) = exact::mul(last.value, by) else {
            return Some(());
        };
        (last.value, last.scale) = (value, by);
        s.draft.words = true;
        s.draft.end = end;
        s.draft.scale = Some(by);
        s.draft.value = total(&s.terms)?;
        s.best = Some(s.draft.clone());
        Some(())
    }

    /// A bound between the number and its scale word: 500多亿.
    fn inside(&self, pos: usize) -> Option<(Bound, usize)> {
        let take = |role| {
            if let Role::BoundInside(bound) = role {
                Some(bound)
            } else {
                None
            }
        };
        let (bound, end) = self.matcher.longest(self.chars, pos, take)?;
        self.scale_follows(end).then_some((bound, end))
    }

    /// "half a million", "medio millón".
    fn half_of(&self, i: usize) -> Option<Quantity> {
        let article = |role: Role| (role == Role::Article).then_some(());
        let start = self
            .matcher
            .longest(self.chars, i, article)
            .map_or(i, |((), end)| self.chars.skip_spaces(end));
        let ((), end) = self
            .matcher
            .longest(self.chars, start, |role| (role == Role::Half).then_some(()))?;
        let step = |at: usize| {
            if self.chars.get(at) == Some('-') {
                at + 1
            } else {
                self.chars.skip_spaces(at)
            }
        };
        let mut at = step(end);
        if let Some(((), end)) = self
            .matcher
            .longest(self.chars, at, |role| (role == Role::Article).then_some(()))
        {
            at = step(end);
        }
        let (by, end) = self.matcher.longest(self.chars, at, |role| {
            if let Role::Scale { by, .. } = role {
                Some(by)
            } else {
                None
            }
        })?;
        let value = exact::mul(by, Decimal::new(5, 1))?;
        Some(Quantity {
            end,
            value,
            words: true,
            scale: Some(by),
            ..Quantity::default()
        })
    }

    /// "two point five", and halves: "two and a half million".
    fn decimals(&mut self, s: &mut State, pos: &mut usize) -> bool {
        if s.best.is_none() || s.last == Last::Literal && self.chars.get(*pos) == Some('.') {
            return false;
        }
        let at = self.chars.skip_spaces(*pos);
        let only = |wanted: Role| move |role: Role| (role == wanted).then_some(());
        if let Some(((), end)) = self.matcher.longest(self.chars, at, only(Role::Point)) {
            return self.point(s, pos, end);
        }
        let mut at = at;
        if self.chars.get(*pos) == Some('-') {
            at = *pos + 1;
        }
        if let Some(((), end)) = self.matcher.longest(self.chars, at, only(Role::And)) {
            at = if self.chars.get(end) == Some('-') {
                end + 1
            } else {
                self.chars.skip_spaces(end)
            };
        }
        if let Some(((), end)) = self.matcher.longest(self.chars, at, only(Role::Article)) {
            at = self.chars.skip_spaces(end);
        }
        let part = if let Some(((), end)) = self.matcher.longest(self.chars, at, only(Role::Half)) {
            Some((Decimal::new(5, 1), end))
        } else if s.last == Last::Scale && at > self.chars.skip_spaces(*pos) {
            let quarter = |role| {
                if role == Role::Denominator(Decimal::from(4)) {
                    Some(Decimal::new(25, 2))
                } else {
                    None
                }
            };
            self.matcher.longest(self.chars, at, quarter)
        } else {
            None
        };
        let Some((part, end)) = part else {
            return false;
        };
        let Some(last) = s.terms.last() else {
            return false;
        };
        if !last.value.is_integer() || s.draft.article && s.last == Last::Article {
            return false;
        }
        let unit = if s.last == Last::Scale {
            last.scale
        } else {
            Decimal::ONE
        };
        let Some(value) = exact::mul(part, unit).and_then(|p| exact::add(last.value, p)) else {
            return false;
        };
        self.settle(s, value, end);
        *pos = end;
        true
    }

    fn point(&mut self, s: &mut State, pos: &mut usize, end: usize) -> bool {
        let (mut digits, mut at) = (String::new(), self.chars.skip_spaces(end));
        if self.chars.is_digit(at) && self.chars.before(at).is_some_and(is_unspaced) {
            while self.chars.is_digit(at) && digits.len() <= exact::MAX_DIGITS {
                digits.extend(self.chars.get(at));
                at += 1;
            }
        } else {
            while let Some((v, end)) = self.matcher.longest(self.chars, at, |role| {
                if let Role::Word(v) = role {
                    Some(v)
                } else {
                    None
                }
            }) {
                digits.push_str(&v.to_string());
                if digits.len() > exact::MAX_DIGITS {
                    return false;
                }
                *pos = end;
                at = if self.chars.get(end) == Some('-') {
                    end + 1
                } else {
                    self.chars.skip_spaces(end)
                };
            }
            if digits.is_empty() {
                return false;
            }
            at = *pos;
        }
        let Some(last) = s.terms.last() else {
            return false;
        };
        let part = exact::from_digits(&digits, digits.len());
        let Some(value) = part
            .and_then(|p| exact::add(last.value, p))
            .filter(|_| last.value.is_integer())
        else {
            return false;
        };
        self.settle(s, value, at);
        *pos = at;
        true
    }

    /// The last term has this value now and takes nothing but a scale.
    fn settle(&self, s: &mut State, value: Decimal, end: usize) {
        if let Some(last) = s.terms.last_mut() {
            last.value = value;
            last.limit = Decimal::ZERO;
        }
        s.draft.end = end;
        s.draft.words = true;
        s.last = Last::Word;
        s.positional = false;
        s.draft.article = false;
        if let (Some(value), true) = (total(&s.terms), ends_word(self.chars, end)) {
            s.draft.value = value;
            s.best = Some(s.draft.clone());
        }
    }

    /// "two thirds", "1 over 3", 三分之一, "2 1/2", `½`.
    fn fractions(&mut self, q: &mut Quantity, depth: u8) {
        let c = self.chars;
        if let Some(done) = self.slash(q) {
            *q = done;
            return;
        }
        let at = if c.get(q.end) == Some('-') {
            q.end + 1
        } else {
            c.skip_spaces(q.end)
        };
        if let Some((v, end)) = self.matcher.longest(c, at, |role| {
            if let Role::Ordinal(v) = role {
                Some(v)
            } else {
                None
            }
        }) && v < self.limit(q.value).max(q.scale.unwrap_or_default())
            && !q.digits
            && let Some(value) = exact::add(q.value, v)
        {
            *q = Quantity {
                end,
                value,
                ordinal: true,
                ..q.clone()
            };
            return;
        }
        if let Some((d, end)) = self.matcher.longest(c, at, |role| {
            if let Role::Denominator(d) = role {
                Some(d)
            } else {
                None
            }
        }) && q.words
            && q.value.is_integer()
            && q.value < Decimal::ONE_HUNDRED
        {
            q.divide(q.value, d, end);
            return;
        }
        let plain = c.skip_spaces(q.end);
        // "1 في المئة" is percent.
        let percent = |role| matches!(role, Role::PercentAfter(_)).then_some(());
        if self.matcher.longest(c, plain, percent).is_some() {
            return;
        }
        let link = |role| {
            matches!(role, Role::Over | Role::OneIn | Role::Under | Role::Whole).then_some(role)
        };
        let Some((role, end)) = self.matcher.longest(c, plain, link) else {
            return;
        };
        let mut next = c.skip_spaces(end);
        let minus = self
            .matcher
            .longest(c, next, |r| (r == Role::Minus).then_some(()))
            .filter(|_| role == Role::Under);
        if let Some(((), end)) = minus {
            next = c.skip_spaces(end);
        }
        let Some(other) = self.parse(next, false, depth + 1) else {
            return;
        };
        match role {
            Role::Over | Role::OneIn
                if self.is_share(q.value, other.value, role) && !other.fraction =>
            {
                q.digits |= other.digits;
                q.words = true;
                q.divide(q.value, other.value, other.end);
            }
            Role::Under if !other.fraction => {
                q.digits |= other.digits;
                q.words |= other.words;
                let over = if minus.is_some() {
                    -other.value
                } else {
                    other.value
                };
                q.divide(over, q.value, other.end);
            }
            Role::Whole if other.fraction && !q.fraction => {
                if let Some(value) = exact::add_near(q.value, other.value) {
                    *q = Quantity {
                        value,
                        digits: q.digits || other.digits,
                        words: true,
                        ..other
                    };
                }
            }
            _ => {}
        }
    }

    /// "one in five", "2 out of 5"; what is larger stands for two figures ("2 over 30").
    fn is_share(&self, over: Decimal, under: Decimal, role: Role) -> bool {
        let small = role == Role::Over && over <= Decimal::TEN && under <= Decimal::TEN;
        let one = over == Decimal::ONE && under <= Decimal::ONE_THOUSAND;
        (small || one) && under > over && over.is_integer() && under.is_integer()
    }

    /// `3/4`, `2 1/4`, `2½`; not dates and other chains of slashes.
    fn slash(&mut self, q: &Quantity) -> Option<Quantity> {
        let c = self.chars;
        if q.words {
            return None;
        }
        let chain = |from: usize, to: usize| {
            matches!(c.before(from), Some('/')) || (c.get(to) == Some('/') && c.is_digit(to + 1))
        };
        let mut part = |this: &mut Self, start: usize, end: usize, over: Decimal| {
            let slash = c.get(end) == Some('/') && c.is_digit(end + 1);
            let under = slash
                .then(|| this.literal(end + 1).ok())
                .flatten()
                .filter(|l| l.integer)?;
            let mut fraction = Quantity {
                digits: true,
                ..Quantity::default()
            };
            (!chain(start, under.end) && !under.value.is_zero())
                .then(|| fraction.divide(over, under.value, under.end))?;
            fraction.fraction.then_some(fraction)
        };
        let start = (0..q.end)
            .rev()
            .take_while(|&i| c.is_digit(i))
            .last()
            .unwrap_or(q.end);
        if matches!(c.before(start), Some('-'))
            && c.before(start - 1).is_some_and(|b| b.is_ascii_digit())
        {
            return None;
        }
        if let Some(fraction) = part(self, start, q.end, q.value) {
            return Some(fraction);
        }
        if !q.value.is_integer() {
            return None;
        }
        let spaced = c.skip_spaces(q.end);
        let and = self
            .matcher
            .longest(c, spaced, |role| (role == Role::And).then_some(()));
        let next = and
            .filter(|_| spaced > q.end)
            .map_or(spaced, |((), end)| c.skip_spaces(end));
        if let Some((over, under)) = c.get(next).and_then(vulgar) {
            let mut fraction = Quantity {
                digits: true,
                ..Quantity::default()
            };
            fraction.divide(Decimal::from(over), Decimal::from(under), next + 1);
            fraction.value = exact::add_near(fraction.value, q.value)?;
            return Some(fraction);
        }
        let digits = (next..next + 4).take_while(|&i| c.is_digit(i)).count();
        if next > q.end && (1..=3).contains(&digits) && c.get(next + digits) == Some('/') {
            let over: String = c.folded[next..next + digits].iter().collect();
            let mut fraction = part(
                self,
                next,
                next + digits,
                Decimal::from_str_exact(&over).ok()?,
            )?;
            fraction.value = exact::add_near(fraction.value, q.value)?;
            return Some(fraction);
        }
        None
    }
}

impl Quantity {
    /// Makes it the fraction `over / under` that ends at `end`.
    pub fn divide(&mut self, over: Decimal, under: Decimal, end: usize) {
        if let Some((value, exact)) = exact::div(over, under) {
            *self = Quantity {
                end,
                value,
                fraction: true,
                rounded: !exact,
                scale: None,
                article: false,
                ..self.clone()
            };
        }
    }
}

impl State {
    fn push(&mut self, value: Decimal, scale: Decimal, limit: Decimal) {
        self.terms.push(Term {
            value,
            scale,
            limit,
            before: self.best.clone(),
        });
    }
}

fn total(terms: &[Term]) -> Option<Decimal> {
    terms
        .iter()
        .try_fold(Decimal::ZERO, |sum, term| exact::add(sum, term.value))
}

/// 二百五 is 250: a last digit right behind a scale counts for the next lower place.
fn short_tail(s: &mut State) {
    let [.., before, tail] = &s.terms[..] else {
        return;
    };
    let direct = s.last == Last::Digit
        && before.scale >= Decimal::ONE_HUNDRED
        && s.draft.end == s.best.as_ref().map_or(0, |b| b.end);
    if !direct || !s.glued_tail || tail.value >= Decimal::TEN || s.draft.digits {
        return;
    }
    if let (Some(best), Some(value)) = (
        s.best.as_mut(),
        exact::mul(tail.value, before.scale / Decimal::TEN - Decimal::ONE),
    ) {
        best.value += value;
    }
}

/// Over and under of a vulgar fraction sign.
pub(crate) fn vulgar(c: char) -> Option<(u8, u8)> {
    Some(match c {
        '½' => (1, 2),
        '⅓' => (1, 3),
        '⅔' => (2, 3),
        '¼' => (1, 4),
        '¾' => (3, 4),
        '⅕' => (1, 5),
        '⅖' => (2, 5),
        '⅗' => (3, 5),
        '⅘' => (4, 5),
        '⅙' => (1, 6),
        '⅚' => (5, 6),
        '⅛' => (1, 8),
        '⅜' => (3, 8),
        '⅝' => (5, 8),
        '⅞' => (7, 8),
        _ => return None,
    })
}
