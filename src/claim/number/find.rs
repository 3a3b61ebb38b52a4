//! One walk over the text: numbers, and the words that stand around them.

use rust_decimal::Decimal;

use super::attach::{Found, Mark};
use super::chars::{Chars, Kind, is_blank, is_spaced_letter};
use super::digits::Parser;
use super::figure::{Figure, Form, Reading, Written};
use super::fraction::vulgar;
use super::matcher::{Matcher, ends_word};
use super::quantity::Quantity;
use super::role::{Kinds, Role};
use super::{attach, ranges};
use crate::claim::lexicon::Locale;

/// Every figure of `text` in order, without overlap, read by the language of the BCP-47 tag `lang`.
///
/// A region changes the separators (`es-MX`, `de-CH`). For an unknown language digits and signs are read, no words, and
/// a separator before exactly three digits is [`Reading::Ambiguous`]. A number of more than 28 digits is no figure.
/// Digits inside names (`L2`), addresses of pages and ISO dates are no figures either. Never fails.
pub fn find_figures(text: &str, lang: &str) -> Vec<Figure> {
    let locale = Locale::of(lang);
    let chars = Chars::new(text, locale.numbers.turkish);
    let parser = Parser::new(&chars, locale.numbers, &locale.separators);
    let mut finder = Finder { chars: &chars, matcher: locale.numbers, parser, chain: Vec::new(), found: Vec::new() };
    finder.walk();
    ranges::join(&chars, locale.numbers, finder.found).into_iter().map(|found| found.into_figure(&chars)).collect()
}

/// So many phrases before a figure are remembered; more are not written.
const CHAIN: usize = 8;

/// What the walk stops at.
const BEGINNINGS: Kinds = Kinds::NUMBER.with(Kinds::MARK).with(Kinds::STOP).with(Kinds::NOT_SCALE);

struct Finder<'a> {
    chars: &'a Chars,
    matcher: &'a Matcher,
    parser: Parser<'a>,
    /// Phrases one right behind the other, up to the present place.
    chain: Vec<Mark>,
    found: Vec<Found>,
}

impl Finder<'_> {
    fn walk(&mut self) {
        let c = self.chars;
        let longest = self.matcher.longest_proclitic();
        let (mut i, mut word) = (0, 0);
        while let Some(kind) = c.kind(i) {
            let inside = kind == Kind::Letter && c.is_within(i, Kind::Letter);
            if !inside {
                word = i;
            }
            // Inside a word nothing begins but what stands behind a proclitic, or an address behind letters of another script.
            let idle = kind == Kind::Blank || inside && i > word + longest && c.folded[i - 1].is_ascii_alphanumeric();
            i = if idle { i + 1 } else { self.at(i).max(i + 1) };
        }
    }

    /// Takes what stands at `i` and says where to go on.
    fn at(&mut self, i: usize) -> usize {
        let c = self.chars;
        let here = c.folded[i];
        if matches!(here, 'h' | 'w')
            && let Some(end) = address(c, i)
        {
            return end;
        }
        let digit = c.is_digit(i);
        if digit && let Some(end) = self.name_or_date(i) {
            return end;
        }
        if !self.matcher.starts_word(c, i) {
            // Inside a word: only phrases that waive their boundary can begin here, and they are asked for behind figures.
            return i + 1;
        }
        let begins = self.matcher.begins(c, i, BEGINNINGS);
        let signs = digit || vulgar(here).is_some() || self.parser.digits_begin(i);
        if begins == Kinds::NONE && !signs {
            return i + 1;
        }
        // A unit behind digits that looks like a scale word: 12千米, "34 cents".
        if begins.any(Kinds::NOT_SCALE)
            && c.before(c.skip_spaces_back(i)).is_some_and(|x| x.is_ascii_digit())
            && let Some(end) = self.parser.phrase(i, Role::NotScale)
        {
            return end;
        }
        let stop = if begins.any(Kinds::STOP) { self.parser.phrase(i, Role::Stop) } else { None };
        let mark = if begins.any(Kinds::MARK) { self.mark(i).filter(|m| stop.is_none_or(|end| m.end > end)) } else { None };
        if let Some(mark) = mark.filter(|m| matches!(m.role, Role::PercentBefore(_))) {
            return self.push(mark);
        }
        let other = stop.unwrap_or(i).max(mark.map_or(i, |m| m.end));
        if (signs || begins.any(Kinds::NUMBER))
            && let Some((q, form)) = self.number(i)
            && (q.end > other || q.end == other && stop.is_none())
        {
            return self.take(i, q, form);
        }
        if let Some(mark) = mark {
            return self.push(mark);
        }
        if let Some(end) = stop {
            return end;
        }
        if digit {
            return self.parser.literal(i).map_or_else(|end| end, |l| l.end);
        }
        i + 1
    }

    fn mark(&self, i: usize) -> Option<Mark> {
        let (role, end) = self.matcher.longest(self.chars, i, Kinds::MARK, |role| role.kind().any(Kinds::MARK).then_some(role))?;
        Some(Mark { start: i, end, role })
    }

    fn push(&mut self, mark: Mark) -> usize {
        if self.chain.last().is_some_and(|last| !self.touches(last.end, mark.start)) {
            self.chain.clear();
        }
        if self.chain.len() == CHAIN {
            self.chain.remove(0);
        }
        let end = mark.end;
        self.chain.push(mark);
        end
    }

    /// Only spaces, an opening bracket or a sign stand between.
    fn touches(&self, end: usize, start: usize) -> bool {
        let at = self.chars.skip_spaces(end);
        at == start || at < start && start - at <= 2 && (at..start).all(|i| matches!(self.chars.get(i), Some('-' | '(' | ' ' | '–')))
    }

    /// The number at `i`, and its form where the word itself says it.
    fn number(&mut self, i: usize) -> Option<(Quantity, Option<Form>)> {
        let c = self.chars;
        if let Some((over, under)) = c.get(i).and_then(vulgar) {
            let mut q = Quantity { digits: true, ..Quantity::default() };
            q.divide(Decimal::from(over), Decimal::from(under), i + 1);
            return Some((q, None));
        }
        let money = self.chain.last().is_some_and(|m| matches!(m.role, Role::Currency(_)) && self.touches(m.end, i));
        let quantity = self.parser.quantity(i, money);
        let word = |value, end| Quantity { end, value, words: true, ..Quantity::default() };
        let factor = self.matcher.longest(c, i, Kinds::FACTOR, |role| if let Role::Factor(by) = role { Some(by) } else { None });
        if let Some((by, end)) = factor.filter(|f| quantity.as_ref().is_none_or(|q| q.end <= f.1)) {
            return Some((word(by, end), Some(Form::Factor)));
        }
        if let Some(q) = quantity {
            return Some((q, None));
        }
        let (v, end) = self.matcher.longest(c, i, Kinds::ORDINAL, |role| if let Role::Ordinal(v) = role { Some(v) } else { None })?;
        Some((Quantity { ordinal: true, ..word(v, end) }, None))
    }

    fn take(&mut self, i: usize, q: Quantity, form: Option<Form>) -> usize {
        let touching = self.chain.last().is_some_and(|last| self.touches(last.end, i));
        let chain = if touching { std::mem::take(&mut self.chain) } else { Vec::new() };
        self.chain.clear();
        let written = match (q.digits, q.words) {
            (true, false) => Written::Digits,
            (false, _) => Written::Words,
            (true, true) => Written::Mixed,
        };
        let reading = if q.ambiguous {
            Reading::Ambiguous
        } else if q.rounded {
            Reading::Rounded
        } else {
            Reading::Certain
        };
        let plain = if q.ordinal {
            Form::Ordinal
        } else if q.fraction {
            Form::Fraction
        } else {
            Form::Number
        };
        let mut found = Found {
            start: i,
            end: q.end,
            expr: (i, q.end),
            head: i,
            tail: q.end,
            value: q.value,
            max: None,
            bound: q.inside,
            form: form.unwrap_or(plain),
            reading,
            written,
            currency: None,
            scale: q.scale,
            open: None,
            range: None,
        };
        let previous = self.found.last().map(|last| last.tail);
        attach::sign(self.chars, &mut found, previous);
        attach::before(&mut found, &chain);
        if form.is_none() {
            attach::kind(self.chars, self.matcher, &mut found, q.digits);
        }
        let next = attach::after(self.chars, self.matcher, &mut found, |at| self.parser.digits_begin(at));
        self.found.push(found);
        next
    }

    /// The end of digits that are no figure: part of a name (`L2`, `5G`), an ISO date, a season (`2013-14`), a time of day.
    fn name_or_date(&mut self, i: usize) -> Option<usize> {
        let c = self.chars;
        let before = c.before(i);
        let touching = before.is_some_and(|b| is_spaced_letter(b) && !is_digit_friendly(b) || matches!(b, '^' | '#' | '_'));
        let currency = self.chain.last().is_some_and(|m| {
            m.end == i && matches!(m.role, Role::Currency(_) | Role::OrdinalBefore | Role::PercentBefore(_) | Role::BoundBefore(_))
        });
        if touching && !currency {
            let mut end = i;
            while c.get(end).is_some_and(|x| x.is_ascii_alphanumeric()) {
                end += 1;
            }
            return Some(end);
        }
        // 5G is a network.
        let single = !before.is_some_and(|b| b.is_ascii_digit() || matches!(b, '.' | ','));
        if single && matches!(c.get(i), Some('2'..='6')) && c.get(i + 1) == Some('g') && ends_word(c, i + 2) {
            return Some(i + 2);
        }
        let digits = |at: usize, n: usize| (at..at + n).all(|j| c.is_digit(j)) && !c.is_digit(at + n);
        let number = |at: usize, n: usize| c.folded[at..at + n].iter().fold(0_u32, |sum, d| sum * 10 + d.to_digit(10).unwrap_or(0));
        if digits(i, 4) && c.get(i + 4) == Some('-') && digits(i + 5, 2) && !before.is_some_and(|b| b == '-' || b.is_ascii_digit()) {
            let (year, part) = (number(i, 4), number(i + 5, 2));
            if c.get(i + 7) == Some('-') && digits(i + 8, 2) && (1..=12).contains(&part) {
                return Some(i + 10);
            }
            let alone = c.get(i + 7) != Some('-') && (1000..2200).contains(&year);
            if alone && ((1..=12).contains(&part) || part == (year + 1) % 100) {
                return Some(i + 7);
            }
        }
        let hour = (1..=2).find(|&n| digits(i, n) && c.get(i + n) == Some(':') && digits(i + n + 1, 2));
        if let Some(n) = hour.filter(|&n| number(i, n) <= 24 && number(i + n + 1, 2) < 60 && c.get(i + n + 3) != Some(':')) {
            return Some(i + n + 3);
        }
        None
    }
}

/// Letters that may touch digits: scripts whose particles are written onto them.
fn is_digit_friendly(c: char) -> bool {
    matches!(c as u32, 0x0600..=0x06ff | 0x0900..=0x097f)
}

/// The end of an address of a page that begins at `i`.
fn address(c: &Chars, i: usize) -> Option<usize> {
    let starts = ["http://", "https://", "www."].iter().any(|p| p.chars().enumerate().all(|(k, x)| c.get(i + k) == Some(x)));
    if !starts || c.before(i).is_some_and(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    Some((i..c.len()).find(|&j| c.get(j).is_some_and(is_blank) || c.get(j).is_some_and(|x| x.is_whitespace())).unwrap_or(c.len()))
}
