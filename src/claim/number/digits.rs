//! Numbers in digits at a place of a text, with exponents.

use rust_decimal::Decimal;

use super::chars::{Chars, is_unspaced};
use super::exact;
use super::literal::{self, Literal, Reading};
use super::matcher::{Matcher, ends_word};
use super::role::Role;
use crate::claim::lexicon::Separators;

/// Reads numbers of one text; remembers where separators turned out to separate.
pub(crate) struct Parser<'a> {
    pub chars: &'a Chars,
    pub matcher: &'a Matcher,
    pub seps: &'a Separators,
    pub(super) separate_until: usize,
}

impl<'a> Parser<'a> {
    pub fn new(chars: &'a Chars, matcher: &'a Matcher, seps: &'a Separators) -> Self {
        Parser { chars, matcher, seps, separate_until: 0 }
    }

    /// The end of a phrase of this role at `i`.
    pub(super) fn phrase(&self, i: usize, role: Role) -> Option<usize> {
        let wanted = |found| (found == role).then_some(());
        self.matcher.longest(self.chars, i, role.kind(), wanted).map(|((), end)| end)
    }

    /// Whether digits begin at `i`: a digit, or a decimal separator before one.
    pub fn digits_begin(&self, i: usize) -> bool {
        self.chars.is_digit(i)
            || self.chars.is_digit(i + 1)
                && self.chars.get(i).is_some_and(|c| self.seps.is_decimal(c))
                && !self.chars.before(i).is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | ','))
    }

    /// The number in digits at `i`, or where unreadable digits end.
    pub fn literal(&mut self, i: usize) -> Result<Literal, usize> {
        let alone = i < self.separate_until;
        match literal::read(self.chars, i, self.seps, alone) {
            Reading::Number(literal) => Ok(self.with_exponent(literal)),
            Reading::TooLong(end) => Err(end),
            Reading::Separate(end) => {
                self.separate_until = end;
                match literal::read(self.chars, i + usize::from(!self.chars.is_digit(i)), self.seps, true) {
                    Reading::Number(literal) => Ok(literal),
                    Reading::TooLong(end) | Reading::Separate(end) => Err(end.max(i + 1)),
                }
            }
        }
    }

    /// `1e10`, `6.2x10^-4`, `2.5^-1` where the result is exact.
    pub(super) fn with_exponent(&self, literal: Literal) -> Literal {
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
                    let value = exact::ten_to(exponent).and_then(|by| exact::mul(literal.value, by));
                    return value.map_or(literal, |value| Literal { end, value, integer: value.is_integer(), ambiguous: false });
                }
                let marked = c.get(at) == Some('^');
                let raised = matches!(c.get(at), Some('-' | '⁻' | '⁰'..='⁹' | '¹' | '²' | '³'));
                if !(marked || base == "10" && raised) {
                    return literal;
                }
                (at + usize::from(marked), Decimal::from_str_exact(&base).ok())
            }
            _ => return literal,
        };
        let Some((exponent, end)) = self.exponent(at) else {
            return literal;
        };
        let value = match base {
            Some(base) if base == Decimal::TEN => exact::ten_to(exponent).and_then(|by| exact::mul(literal.value, by)),
            Some(base) => exact::pow(base, exponent).and_then(|by| exact::mul(literal.value, by)),
            None => exact::pow(literal.value, exponent),
        };
        match value {
            Some(value) => Literal { end, value, integer: value.is_integer(), ..literal },
            None => literal,
        }
    }

    /// 2の3乗.
    pub(super) fn raised(&self, literal: Literal) -> Literal {
        match self.power(literal.end).and_then(|(n, end)| Some((exact::pow(literal.value, n)?, end))) {
            Some((value, end)) => Literal { end, value, integer: value.is_integer(), ..literal },
            None => literal,
        }
    }

    /// The exponent between the words of a power, and where they end.
    pub(super) fn power(&self, at: usize) -> Option<(i32, usize)> {
        let start = self.phrase(at, Role::PowerOpen)?;
        let (exponent, end) = self.exponent(start)?;
        let end = self.phrase(end, Role::PowerClose)?;
        Some((exponent, end))
    }

    pub(super) fn exponent(&self, mut at: usize) -> Option<(i32, usize)> {
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
        while let Some(digit) =
            self.chars.get(at).and_then(|c| c.to_digit(10).or_else(|| RAISED.chars().position(|r| r == c).map(|p| p as u32)))
        {
            value = value.checked_mul(10)?.checked_add(digit as i32)?;
            at += 1;
        }
        (at > digits && ends_word(self.chars, at)).then_some((if negative { -value } else { value }, at))
    }
}
