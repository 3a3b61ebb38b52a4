//! One number: digits, number words and scale words put together, as far as they fit.

use rust_decimal::Decimal;

use super::chars::is_unspaced;
use super::digits::Parser;
use super::exact;
use super::figure::Bound;
use super::matcher::ends_word;
use super::role::{Kinds, Role};
use super::terms::{Element, Joint, Last, State, Step, Term, short_tail, total};

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

impl Parser<'_> {
    /// The longest number at `i`; `money` says that a currency stands before it.
    pub fn quantity(&mut self, i: usize, money: bool) -> Option<Quantity> {
        self.parse(i, money, 0)
    }

    pub(super) fn parse(&mut self, i: usize, money: bool, depth: u8) -> Option<Quantity> {
        if let Some(half) = self.half_of(i) {
            return Some(half);
        }
        let mut s =
            State { terms: Vec::new(), best: None, last: Last::Word, draft: Quantity::default(), positional: true, glued_tail: false };
        let mut pos = i;
        'grow: loop {
            for (joint, at) in self.joints(pos, &s).into_iter().flatten() {
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

    /// How what follows may be joined to the number, and where it begins.
    pub(super) fn joints(&self, pos: usize, s: &State) -> [Option<(Joint, usize)>; 4] {
        if s.terms.is_empty() && s.last != Last::Article {
            return [Some((Joint::First, pos)), None, None, None];
        }
        let c = self.chars;
        let plain = c.skip_spaces(pos);
        let adjacent = (if plain == pos { Joint::Glued } else { Joint::Plain }, plain);
        let hyphen = c.get(pos) == Some('-');
        let hyphened = (hyphen && !c.is_digit(pos + 1)).then_some((Joint::Hyphen, pos + 1));
        let and = self.phrase(if hyphen { pos + 1 } else { plain }, Role::And);
        let anded = and.map(|end| (Joint::And, if hyphen && c.get(end) == Some('-') { end + 1 } else { c.skip_spaces(end) }));
        let comma = c.get(pos) == Some(',') && c.get(pos + 1) == Some(' ') && s.last == Last::Scale;
        [Some(adjacent), hyphened, anded, comma.then(|| (Joint::Comma, c.skip_spaces(pos + 1)))]
    }

    /// 12千米 are kilometres, "34 cents" is money; "3 cents" in words of French may be 300.
    pub(super) fn is_unit(&self, s: &State, at: usize) -> bool {
        let unit = |role| (role == Role::NotScale).then_some(());
        let own = |t: &Term| self.matcher.positional || !t.value.is_integer() || t.value >= Decimal::TEN;
        s.last == Last::Literal && s.terms.last().is_some_and(own) && self.matcher.longest(self.chars, at, Kinds::NOT_SCALE, unit).is_some()
    }

    pub(super) fn element(&mut self, at: usize, joint: Joint) -> Option<(Element, usize)> {
        if self.chars.is_digit(at) || (joint == Joint::First && self.digits_begin(at)) {
            let glued_han = joint == Joint::Glued && self.chars.before(at).is_some_and(is_unspaced);
            if !matches!(joint, Joint::First | Joint::Plain | Joint::And) && !glued_han {
                return None;
            }
            let literal = self.literal(at).ok()?;
            let end = literal.end;
            return Some((Element::Literal(literal), end));
        }
        let kinds = Kinds::WORD.with(Kinds::ARTICLE).with(Kinds::SCALE);
        let found = self.matcher.longest(self.chars, at, kinds, |role| match role {
            Role::Word(v) => Some(Element::Word(v)),
            Role::Article => Some(Element::Article),
            Role::Scale { by, bare } => Some(Element::Scale { by, bare }),
            _ => None,
        });
        // "ألفا شخص" are two thousand people, but behind a number the same word is the scale: "50 ألفا" is fifty thousand.
        if let Some((Element::Word(_), end)) = found
            && !matches!(joint, Joint::First | Joint::And)
        {
            let scale = |role| if let Role::Scale { by, bare } = role { Some(Element::Scale { by, bare }) } else { None };
            return self.matcher.longest(self.chars, at, Kinds::SCALE, scale).filter(|s| s.1 == end).or(found);
        }
        found
    }

    /// Whether a number may end here: at the end of a word, or where an ending written onto numbers begins ("zehnmal", "binden").
    pub(super) fn may_end(&self, end: usize) -> bool {
        let ending = |role| matches!(role, Role::FactorAfter | Role::BoundAfter(_) | Role::RangeAnd).then_some(());
        let kinds = Kinds::FACTOR_AFTER.with(Kinds::BOUND_AFTER).with(Kinds::RANGE_AND);
        ends_word(self.chars, end) || self.matcher.compound && self.matcher.longest(self.chars, end, kinds, ending).is_some()
    }

    /// `k` and its like right behind digits; the long-known ones also after a space.
    pub(super) fn letter_scale(&self, pos: usize, money: bool) -> Option<(Decimal, usize)> {
        self.matcher.suffix(self.chars, pos, money).or_else(|| {
            let at = self.chars.skip_spaces(pos);
            let spaced = at > pos && matches!(self.chars.cased.get(at), Some('k' | 'K' | 'M' | 'G'));
            if spaced { self.matcher.suffix(self.chars, at, money) } else { None }
        })
    }

    pub(super) fn multiply_all(&self, s: &mut State, by: Decimal, end: usize) -> Option<()> {
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
    pub(super) fn inside(&self, pos: usize) -> Option<(Bound, usize)> {
        let take = |role| {
            if let Role::BoundInside(bound) = role { Some(bound) } else { None }
        };
        let (bound, end) = self.matcher.longest(self.chars, pos, Kinds::BOUND_INSIDE, take)?;
        self.scale_follows(end).then_some((bound, end))
    }
}
