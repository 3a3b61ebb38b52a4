//! Fractions in digits and in words.

use rust_decimal::Decimal;

use super::digits::Parser;
use super::exact;
use super::quantity::Quantity;
use super::role::{Kinds, Role};

impl Parser<'_> {
    /// "two thirds", "1 over 3", 三分之一, "2 1/2", `½`.
    pub(super) fn fractions(&mut self, q: &mut Quantity, depth: u8) {
        let c = self.chars;
        if let Some(done) = self.slash(q) {
            *q = done;
            return;
        }
        let at = if c.get(q.end) == Some('-') { q.end + 1 } else { c.skip_spaces(q.end) };
        if let Some((v, end)) = self.matcher.longest(c, at, Kinds::ORDINAL, |role| if let Role::Ordinal(v) = role { Some(v) } else { None })
            && v < self.limit(q.value).max(q.scale.unwrap_or_default())
            && !q.digits
            && let Some(value) = exact::add(q.value, v)
        {
            *q = Quantity { end, value, ordinal: true, ..q.clone() };
            return;
        }
        if let Some((d, end)) =
            self.matcher.longest(c, at, Kinds::DENOMINATOR, |role| if let Role::Denominator(d) = role { Some(d) } else { None })
            && q.words
            && q.value.is_integer()
            && q.value < Decimal::ONE_HUNDRED
        {
            q.divide(q.value, d, end);
            return;
        }
        let plain = c.skip_spaces(q.end);
        // "1 في المئة" is percent.
        let percent = |role| matches!(role, Role::PercentAfter(_)).then_some(());
        if self.matcher.longest(c, plain, Kinds::PERCENT_AFTER, percent).is_some() {
            return;
        }
        let kinds = Kinds::OVER.with(Kinds::ONE_IN).with(Kinds::UNDER).with(Kinds::WHOLE);
        let link = |role| matches!(role, Role::Over | Role::OneIn | Role::Under | Role::Whole).then_some(role);
        let Some((role, end)) = self.matcher.longest(c, plain, kinds, link) else {
            return;
        };
        let mut next = c.skip_spaces(end);
        let minus = self.phrase(next, Role::Minus).filter(|_| role == Role::Under);
        if let Some(end) = minus {
            next = c.skip_spaces(end);
        }
        // A result of a match ("3-1 in 2 hours") is no share.
        let digits = (0..q.end).rev().take_while(|&i| c.is_digit(i)).last();
        if role == Role::OneIn && digits.is_some_and(|at| matches!(c.before(at), Some('-' | '–' | ':'))) {
            return;
        }
        let Some(other) = self.parse(next, false, depth + 1) else {
            return;
        };
        match role {
            Role::Over | Role::OneIn if self.is_share(q.value, other.value, role) && !other.fraction => {
                q.digits |= other.digits;
                q.words = true;
                q.divide(q.value, other.value, other.end);
            }
            Role::Under if !other.fraction => {
                q.digits |= other.digits;
                q.words |= other.words;
                let over = if minus.is_some() { -other.value } else { other.value };
                q.divide(over, q.value, other.end);
            }
            Role::Whole if other.fraction && !q.fraction => {
                if let Some(value) = exact::add_near(q.value, other.value) {
                    *q = Quantity { value, digits: q.digits || other.digits, words: true, ..other };
                }
            }
            _ => {}
        }
    }

    /// "one in five", "2 out of 5"; what is larger stands for two figures ("2 over 30").
    pub(super) fn is_share(&self, over: Decimal, under: Decimal, role: Role) -> bool {
        let small = role == Role::Over && over <= Decimal::TEN && under <= Decimal::TEN;
        let one = over == Decimal::ONE && under <= Decimal::ONE_THOUSAND;
        (small || one) && under > over && over.is_integer() && under.is_integer()
    }

    /// `3/4`, `2 1/4`, `2½`; not dates, other chains of slashes, or digits with a leading zero (`030/12345` is a telephone).
    pub(super) fn slash(&mut self, q: &Quantity) -> Option<Quantity> {
        let c = self.chars;
        if q.words {
            return None;
        }
        let chain = |from: usize, to: usize| matches!(c.before(from), Some('/')) || (c.get(to) == Some('/') && c.is_digit(to + 1));
        let padded =
            |at: usize| c.get(at) == Some('0') && c.is_digit(at + 1) && !matches!(c.before(at), Some('.' | ',' | '\'' | '٬' | '٫'));
        let part = |this: &mut Self, start: usize, end: usize, over: Decimal| {
            let slash = c.get(end) == Some('/') && c.is_digit(end + 1) && !padded(start) && !padded(end + 1);
            let under = slash.then(|| this.literal(end + 1).ok()).flatten().filter(|l| l.integer)?;
            let mut fraction = Quantity { digits: true, ..Quantity::default() };
            (!chain(start, under.end) && !under.value.is_zero()).then(|| {
                let turned = this.matcher.right_to_left && under.value == Decimal::ONE && over.is_integer() && !over.is_zero();
                let (over, under_value) = if turned { (under.value, over) } else { (over, under.value) };
                fraction.divide(over, under_value, under.end)
            })?;
            fraction.fraction.then_some(fraction)
        };
        let start = (0..q.end).rev().take_while(|&i| c.is_digit(i)).last().unwrap_or(q.end);
        if matches!(c.before(start), Some('-')) && c.before(start - 1).is_some_and(|b| b.is_ascii_digit()) {
            return None;
        }
        if let Some(fraction) = part(self, start, q.end, q.value) {
            return Some(fraction);
        }
        if !q.value.is_integer() {
            return None;
        }
        let spaced = c.skip_spaces(q.end);
        let and = self.phrase(spaced, Role::And);
        let next = and.filter(|_| spaced > q.end).map_or(spaced, |end| c.skip_spaces(end));
        if let Some((over, under)) = c.get(next).and_then(vulgar) {
            let mut fraction = Quantity { digits: true, ..Quantity::default() };
            fraction.divide(Decimal::from(over), Decimal::from(under), next + 1);
            fraction.value = exact::add_near(fraction.value, q.value)?;
            return Some(fraction);
        }
        let digits = (next..next + 4).take_while(|&i| c.is_digit(i)).count();
        if next > q.end && (1..=3).contains(&digits) && c.get(next + digits) == Some('/') {
            let over: String = c.folded[next..next + digits].iter().collect();
            let mut fraction = part(self, next, next + digits, Decimal::from_str_exact(&over).ok()?)?;
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
            *self = Quantity { end, value, fraction: true, rounded: !exact, scale: None, article: false, ..self.clone() };
        }
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
