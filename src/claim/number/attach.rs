//! What the words around a number make of it: sign, percent, factor, currency, bound.

use rust_decimal::Decimal;

use super::chars::{Chars, Kind, is_blank, is_spaced_letter, is_unspaced};
use super::exact;
use super::figure::{Bound, Figure, Form, RangeShape, Reading, Written};
use super::matcher::Matcher;
use super::role::{Kinds, Role};

/// A phrase before a number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    pub start: usize,
    pub end: usize,
    pub role: Role,
}

/// A figure by positions.
pub(crate) struct Found {
    pub start: usize,
    pub end: usize,
    pub expr: (usize, usize),
    /// Start and end with a currency sign.
    pub head: usize,
    pub tail: usize,
    pub value: Decimal,
    pub max: Option<Decimal>,
    pub bound: Option<Bound>,
    pub form: Form,
    pub reading: Reading,
    pub written: Written,
    pub currency: Option<(usize, usize, &'static str)>,
    pub scale: Option<Decimal>,
    /// The phrase that opens a range before it.
    pub open: Option<Mark>,
    pub range: Option<RangeShape>,
}

impl Found {
    pub fn into_figure(self, chars: &Chars) -> Figure {
        Figure {
            span: chars.start(self.start)..chars.start(self.end),
            expression: chars.start(self.expr.0)..chars.start(self.expr.1),
            value: self.value,
            value_max: self.max,
            bound: self.bound,
            form: self.form,
            reading: self.reading,
            written: self.written,
            currency: self.currency.map(|(a, b, code)| (chars.start(a)..chars.start(b), code)),
            range: self.range,
        }
    }

    fn widen(&mut self, start: usize, end: usize) {
        self.expr = (self.expr.0.min(start), self.expr.1.max(end));
    }
}

/// A minus sign before the number; a hyphen behind a letter makes it a label.
pub(crate) fn sign(c: &Chars, f: &mut Found, previous: Option<usize>) {
    let Some(at) = f.start.checked_sub(1) else {
        return;
    };
    let letter = |x: char| is_spaced_letter(x);
    // Behind another figure the sign is a dash: "5k-20k".
    if previous == Some(at) {
        return;
    }
    match c.get(at) {
        Some('-') => match c.before(at) {
            Some(x) if letter(x) && f.written != Written::Words => f.form = Form::Label,
            Some(x) if x.is_alphanumeric() && !(is_unspaced(x) && x.is_alphabetic()) || matches!(x, '-' | ')' | '.' | '%' | '/') => {}
            _ => f.negate(at),
        },
        Some('–') if c.is_digit(f.start) && c.before(at).is_none_or(|x| is_blank(x) || x == '(') => f.negate(at),
        // "- 1.200" as a whole cell; in a list the same sign is a bullet.
        Some(x) if is_blank(x) => {
            let sign = c.skip_spaces_back(f.start);
            if c.before(sign) == Some('-') && c.skip_spaces_back(sign - 1) == 0 {
                f.negate(sign - 1);
            }
        }
        _ => {}
    }
}

impl Found {
    fn negate(&mut self, at: usize) {
        self.value = -self.value;
        self.start = at;
        self.head = at;
        self.expr.0 = at;
    }
}

/// The phrases before the number, the nearest last.
pub(crate) fn before(f: &mut Found, chain: &[Mark]) {
    for mark in chain.iter().rev() {
        match mark.role {
            Role::Currency(code) if f.currency.is_none() => {
                f.currency = Some((mark.start, mark.end, code));
                f.head = mark.start;
            }
            Role::Minus if !f.value.is_zero() => {
                f.value = -f.value;
                f.start = mark.start;
                f.head = mark.start;
                f.widen(mark.start, f.end);
            }
            Role::PercentBefore(by) if f.form != Form::Percent => {
                f.scale_by(by);
                f.form = Form::Percent;
                f.start = mark.start;
                f.head = f.head.min(mark.start);
                f.widen(mark.start, f.end);
            }
            Role::FactorBefore => {
                f.form = Form::Factor;
                f.widen(mark.start, f.end);
            }
            Role::OrdinalBefore => {
                f.form = Form::Ordinal;
                f.start = mark.start;
                f.head = mark.start;
                f.widen(mark.start, f.end);
            }
            Role::BoundBefore(bound) => {
                f.bound = Some(stronger(f.bound, bound));
                f.widen(mark.start, f.end);
            }
            Role::RangeBetween | Role::RangeFrom => {
                f.open = Some(*mark);
                break;
            }
            _ => {}
        }
    }
}

/// The nearer bound, but "about" and "exactly" yield: "at least about 20", "equal to 5 or less".
fn stronger(near: Option<Bound>, far: Bound) -> Bound {
    near.filter(|&b| !matches!(b, Bound::About | Bound::Exactly)).unwrap_or(far)
}

impl Found {
    fn scale_by(&mut self, by: Decimal) {
        if let Some(value) = exact::mul(self.value, by) {
            self.value = value;
        }
    }
}

/// Percent, points, factor or ordinal behind the number.
pub(crate) fn kind(c: &Chars, m: &Matcher, f: &mut Found, digits: bool) {
    if digits && let Some(((), end)) = m.longest(c, f.end, Kinds::ORDINAL_AFTER, |r| (r == Role::OrdinalAfter).then_some(())) {
        f.form = Form::Ordinal;
        f.extend(end);
        return;
    }
    let half = f.written == Written::Words && f.value == Decimal::new(5, 1);
    let wanted = |role| match role {
        Role::PercentAfter(_) | Role::PointsAfter | Role::BasisPointsAfter | Role::FactorAfter => Some(role),
        Role::HalfPointAfter if half => Some(Role::PointsAfter),
        _ => None,
    };
    let kinds = Kinds::PERCENT_AFTER
        .with(Kinds::POINTS_AFTER)
        .with(Kinds::BASIS_POINTS_AFTER)
        .with(Kinds::FACTOR_AFTER)
        .with(Kinds::HALF_POINT_AFTER);
    let hyphen = c.get(f.end) == Some('-');
    let places = [Some(f.end), Some(c.skip_spaces(f.end)), hyphen.then_some(f.end + 1)];
    let Some((role, end)) = places.into_iter().flatten().find_map(|at| m.longest(c, at, kinds, wanted)) else {
        return;
    };
    match role {
        // 75折 is 75 percent, 7折 is 70.
        Role::PercentAfter(by) if by == Decimal::TEN && f.value > Decimal::TEN => f.form = Form::Percent,
        Role::PercentAfter(by) => {
            f.scale_by(by);
            f.form = Form::Percent;
            if by == Decimal::TEN {
                f.extend(end);
                f.add_lower_places(c);
                return;
            }
        }
        Role::PointsAfter => f.form = Form::Points,
        Role::BasisPointsAfter => {
            f.scale_by(Decimal::new(1, 2));
            f.form = Form::Points;
        }
        _ if c.is_digit(c.skip_spaces(end)) => {}
        _ => f.form = Form::Factor,
    }
    // In "2 x 4" the sign is no factor.
    if role != Role::FactorAfter || !c.is_digit(c.skip_spaces(end)) {
        f.extend(end);
    }
}

impl Found {
    /// 3割8分7厘 is 38.7 percent, and 5割半 is 55.
    fn add_lower_places(&mut self, c: &Chars) {
        let half = c.get(self.end) == Some('半') && !matches!(c.get(self.end + 1), Some('ば' | '数' | '分'));
        if half && let Some(value) = exact::add(self.value, Decimal::from(5)) {
            self.value = value;
            self.extend(self.end + 1);
        }
        if c.before(self.end) != Some('割') {
            return;
        }
        for (unit, scale) in [('分', 0), ('厘', 1)] {
            let digit = c
                .get(self.end)
                .and_then(|x| x.to_digit(10).or_else(|| "〇一二三四五六七八九".chars().position(|d| d == x).map(|d| d as u32)));
            let stands = c.get(self.end + 1) == Some(unit) && c.get(self.end + 2) != Some('の');
            if let Some(value) = digit.filter(|_| stands).and_then(|d| exact::add(self.value, Decimal::new(i64::from(d), scale))) {
                self.value = value;
                self.extend(self.end + 2);
            }
        }
    }

    fn extend(&mut self, end: usize) {
        self.end = end;
        self.tail = end;
        self.widen(self.start, end);
    }
}

/// Currency and bounds behind the number. Returns where the walk goes on.
pub(crate) fn after(c: &Chars, m: &Matcher, f: &mut Found, digits_begin: impl Fn(usize) -> bool) -> usize {
    let at = c.skip_spaces(f.end);
    if f.currency.is_none()
        && let Some((code, end)) = m.longest(c, at, Kinds::CURRENCY, |r| if let Role::Currency(code) = r { Some(code) } else { None })
        && !digits_begin(c.skip_spaces(end))
    {
        f.currency = Some((at, end, code));
        f.tail = end;
    }
    let wanted = |role| {
        if let Role::BoundAfter(bound) = role { Some(bound) } else { None }
    };
    let fits = |at: usize| {
        let (bound, end) = m.longest(c, at, Kinds::BOUND_AFTER, wanted)?;
        // "200 or greater than 190": the words belong to the next figure.
        let next = c.skip_spaces(end);
        let leads = c.before(end).is_some_and(is_spaced_letter) && next > end && digits_begin(next);
        // "10 and more than 40": they are the beginning of a longer phrase.
        let bound_before = |role| matches!(role, Role::BoundBefore(_)).then_some(());
        let longer = (at + 1..end).any(|k| m.longest(c, k, Kinds::BOUND_BEFORE, bound_before).is_some_and(|(_, e)| e > end));
        (!leads && !longer).then_some((bound, end))
    };
    let mut tail = f.tail;
    if let Some((bound, end)) = bound_places(c, tail).find_map(fits) {
        f.bound = Some(stronger(f.bound, bound));
        f.widen(f.start, end);
        tail = end;
    }
    let equal = |at: usize| m.longest(c, at, Kinds::OR_EQUAL, |r| (r == Role::OrEqual).then_some(()));
    if let Some(bound @ (Bound::MoreThan | Bound::LessThan)) = f.bound
        && let Some(((), end)) = [tail, c.skip_spaces(tail)].into_iter().find_map(equal)
        && !digits_begin(c.skip_spaces(end))
    {
        f.bound = Some(if bound == Bound::MoreThan { Bound::AtLeast } else { Bound::AtMost });
        f.widen(f.start, end);
        tail = end;
    }
    tail
}

/// Where a bound behind the figure may begin: at it, or behind one word of unit.
fn bound_places(c: &Chars, tail: usize) -> impl Iterator<Item = usize> {
    let start = c.skip_spaces(tail);
    let letter = |at: usize| c.kind(at) == Some(Kind::Letter) || c.get(at) == Some('\'');
    let word = (start..start + 25).find(|&at| !letter(at)).unwrap_or(start + 25);
    let behind = (word > start && c.kind(word) == Some(Kind::Blank)).then(|| c.skip_spaces(word));
    let unspaced = |k: usize| c.get(k - 1).is_some_and(|x| is_unspaced(x) && x.is_alphabetic());
    let reach = if word == start { start + 3 } else { start };
    std::iter::once(tail).chain(start..=word).chain(behind).chain((start + 1..=reach).take_while(move |&k| unspaced(k)))
}
