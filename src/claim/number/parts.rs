//! Halves and decimals in words.

use rust_decimal::Decimal;

use super::chars::is_unspaced;
use super::digits::Parser;
use super::exact;
use super::matcher::ends_word;
use super::quantity::Quantity;
use super::role::{Kinds, Role};
use super::terms::{Last, State, total};

impl Parser<'_> {
    /// "half a million", "medio millón".
    pub(super) fn half_of(&self, i: usize) -> Option<Quantity> {
        // "eine halbe Million"; but Turkish "bir buçuk milyon" is one and a half.
        let article = self.phrase(i, Role::Article).filter(|_| !self.matcher.turkish);
        let start = article.map_or(i, |end| self.chars.skip_spaces(end));
        let end = self.phrase(start, Role::Half)?;
        let step = |at: usize| {
            if self.chars.get(at) == Some('-') { at + 1 } else { self.chars.skip_spaces(at) }
        };
        let mut at = step(end);
        let linked = self.phrase(at, Role::Filler).map_or(at, step);
        if let Some(end) = self.phrase(at, Role::Article) {
            at = step(end);
        }
        if let Some(half) = self.half_point(i, at).or_else(|| self.half_point(i, self.phrase(linked, Role::Article).map_or(linked, step))) {
            return Some(half);
        }
        let (by, end) = self.scale_word(at)?;
        let value = exact::mul(by, Decimal::new(5, 1))?;
        Some(Quantity { end, value, words: true, scale: Some(by), ..Quantity::default() })
    }

    /// "half a percentage point", "medio punto": a half that begins at `i`, with the word of points or percent at `at`.
    fn half_point(&self, i: usize, at: usize) -> Option<Quantity> {
        // 一个半百分点 is one and a half.
        if matches!(self.chars.before(i), Some('个' | '個')) {
            return None;
        }
        let kinds = Kinds::POINTS_AFTER.with(Kinds::BASIS_POINTS_AFTER).with(Kinds::HALF_POINT_AFTER).with(Kinds::PERCENT_AFTER);
        let points = |role| {
            let points = matches!(role, Role::PointsAfter | Role::BasisPointsAfter | Role::HalfPointAfter);
            (points || role == Role::PercentAfter(Decimal::ONE)).then_some(())
        };
        self.matcher.longest(self.chars, at, kinds, points)?;
        Some(Quantity { end: at, value: Decimal::new(5, 1), words: true, ..Quantity::default() })
    }

    /// A scale word at `at`, perhaps behind the Arabic article.
    fn scale_word(&self, at: usize) -> Option<(Decimal, usize)> {
        let c = self.chars;
        let article = c.get(at) == Some('ا') && c.get(at + 1) == Some('ل');
        let scale = |role| {
            if let Role::Scale { by, .. } = role { Some(by) } else { None }
        };
        let plain = self.matcher.longest(c, at, Kinds::SCALE, scale);
        plain.or_else(|| article.then(|| self.matcher.longest(c, at + 2, Kinds::SCALE, scale)).flatten())
    }

    /// "two point five", and halves: "two and a half million".
    pub(super) fn decimals(&mut self, s: &mut State, pos: &mut usize) -> bool {
        if s.best.is_none() || s.last == Last::Literal && self.chars.get(*pos) == Some('.') {
            return false;
        }
        let at = self.chars.skip_spaces(*pos);
        if let Some(end) = self.phrase(at, Role::Point) {
            return self.point(s, pos, end);
        }
        let mut at = at;
        if self.chars.get(*pos) == Some('-') {
            at = *pos + 1;
        }
        let and = self.phrase(at, Role::And);
        if let Some(end) = and {
            at = if self.chars.get(end) == Some('-') { end + 1 } else { self.chars.skip_spaces(end) };
        }
        if let Some(end) = self.phrase(at, Role::Article) {
            at = self.chars.skip_spaces(end);
        }
        let part = if let Some(end) = self.phrase(at, Role::Half) {
            Some((Decimal::new(5, 1), end))
        } else if s.last == Last::Scale && at > self.chars.skip_spaces(*pos) {
            let quarter = |role| {
                if role == Role::Denominator(Decimal::from(4)) { Some(Decimal::new(25, 2)) } else { None }
            };
            self.matcher.longest(self.chars, at, Kinds::DENOMINATOR, quarter)
        } else {
            None
        };
        let (Some((part, mut end)), Some(last)) = (part, s.terms.last()) else {
            return false;
        };
        // "un milione e mezzo" and "un et demi", but not "a half".
        let joined = and.is_some() || self.matcher.turkish;
        if !last.value.is_integer() || s.last == Last::Article && !joined {
            return false;
        }
        let unit = if s.last == Last::Scale { last.scale } else { Decimal::ONE };
        // "مليون ونصف المليون": the scale is said again.
        if let Some((_, again)) = self.scale_word(self.chars.skip_spaces(end)).filter(|&(by, _)| s.last == Last::Scale && by == unit) {
            end = again;
        }
        let Some(value) = exact::mul(part, unit).and_then(|p| exact::add(last.value, p)) else {
            return false;
        };
        self.settle(s, value, end);
        *pos = end;
        true
    }

    pub(super) fn point(&mut self, s: &mut State, pos: &mut usize, end: usize) -> bool {
        let (mut digits, mut at) = (String::new(), self.chars.skip_spaces(end));
        if self.chars.is_digit(at) && self.chars.before(at).is_some_and(is_unspaced) {
            while self.chars.is_digit(at) && digits.len() <= exact::MAX_DIGITS {
                digits.extend(self.chars.get(at));
                at += 1;
            }
        } else {
            let word = |role| if let Role::Word(v) = role { Some(v) } else { None };
            while let Some((v, end)) = self.matcher.longest(self.chars, at, Kinds::WORD, word) {
                digits.push_str(&v.to_string());
                if digits.len() > exact::MAX_DIGITS {
                    return false;
                }
                *pos = end;
                at = if self.chars.get(end) == Some('-') { end + 1 } else { self.chars.skip_spaces(end) };
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
        let Some(value) = part.and_then(|p| exact::add(last.value, p)).filter(|_| last.value.is_integer()) else {
            return false;
        };
        self.settle(s, value, at);
        *pos = at;
        true
    }

    /// The last term has this value now and takes nothing but a scale.
    pub(super) fn settle(&self, s: &mut State, value: Decimal, end: usize) {
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
}
