//! Where a text says a time: templates matched against tokens.

use std::cell::Cell;

use super::calendar::Unit;
use super::expression::{Expression, Simple, Year};
use super::lexicon::{Cues, Lexicon, Literal, Names, Order};
use super::meaning::Captures;
use super::numeric::numeric;
use super::template::Class;
use super::token::{Token, ideograph_digit};

/// How deep a match may nest, so that the work at a token is bounded.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Depth {
    /// A relative year inside a date: no years or periods in it.
    Year,
    /// A period inside a range: no ranges in it, and no words needed around it.
    Part,
    /// Anything.
    Whole,
}

/// Matches the templates of a language against the tokens of a text.
pub(super) struct Scanner<'a> {
    lexicon: &'a Lexicon,
    order: Order,
    tokens: &'a [Token],
    /// The last years and periods inside other expressions: many templates ask for them at one place.
    inner: [Cell<Inner>; 2 * REMEMBERED],
}

/// The longest expression that begins at a token, as part of others.
#[derive(Clone, Copy)]
struct Inner {
    at: usize,
    found: Option<(usize, Expression)>,
}

/// How many places of each depth are remembered.
const REMEMBERED: usize = 8;

/// The value of a word class.
enum Value {
    Small(i8),
    Count(i32),
    Year(Year),
    Decade(i16),
    Unit(Unit),
    Dual(Unit),
    Period(Simple),
}

/// Whether the token goes on a number or code that began before it: the 05 of `3.05`, the 2023 of `A2023`.
pub(super) fn starts_inside_a_number(tokens: &[Token], at: usize) -> bool {
    if tokens[at].number.is_none() || at == 0 || !tokens[at - 1].glued_to(&tokens[at]) {
        return false;
    }
    let before = tokens[at - 1];
    let joins = matches!(before.sign, '.' | ',' | ':' | '/' | '-');
    before.western || (joins && at > 1 && tokens[at - 2].number.is_some() && tokens[at - 2].glued_to(&before))
}

impl<'a> Scanner<'a> {
    pub(super) fn new(lexicon: &'a Lexicon, order: Order, tokens: &'a [Token]) -> Self {
        let nowhere = Inner { at: usize::MAX, found: None };
        Self { lexicon, order, tokens, inner: std::array::from_fn(|_| Cell::new(nowhere)) }
    }

    /// The longest expression that begins at a token, with its length in tokens.
    pub(super) fn at(&self, at: usize) -> Option<(usize, Expression)> {
        if !self.may_begin(at) || starts_inside_a_number(self.tokens, at) {
            return None;
        }
        // The "with" of Russian "compared with 2022" is also the word for "since".
        self.longest(at, Depth::Whole).filter(|(_, found)| {
            !matches!(found, Expression::Since(_) | Expression::Until(_)) || !self.any_before(&self.lexicon.base_cues, at + 1)
        })
    }

    /// Whether an expression may begin at a token: most do not go on behind a word such as "the".
    fn may_begin(&self, at: usize) -> bool {
        let Some(begins) = self.tokens.get(at).map(|token| self.lexicon.begins(token)) else { return false };
        begins.expression() && (begins.is_name() || begins.node.is_some_and(|node| self.may_go_on(node, at + 1)))
    }

    /// Whether a template ends at a node, or goes on with a token.
    fn may_go_on(&self, branch: usize, at: usize) -> bool {
        let node = &self.lexicon.nodes[branch];
        let next = self.tokens.get(at).filter(|token| !token.after_break);
        !node.ends.is_empty()
            || next.is_some_and(|token| {
                let possible = self.lexicon.begins(token).classes;
                self.lexicon.behind(branch, literal(token)).is_some() || node.classes.iter().any(|(class, _)| possible.has(*class))
            })
    }

    /// Whether words such as "compared with" stand right before the tokens from `at` to `end`, or right after, or
    /// with an amount between: "up from 800 in 2022". Nothing before `floor` counts.
    pub(super) fn has_base_cue(&self, at: usize, end: usize, floor: usize) -> bool {
        self.any_before(&self.lexicon.base_cues, at)
            || self.names_at(&self.lexicon.base_cues_after, end).any(|_| true)
            || self.base_amount_before(at, floor)
    }

    fn base_amount_before(&self, at: usize, floor: usize) -> bool {
        let mut amount = false;
        for from in (floor..at).rev().take(LONGEST_AMOUNT) {
            let (token, next) = (self.tokens[from], self.tokens[from + 1]);
            let in_number = next.number.is_some() && token.glued_to(&next);
            if next.after_break || (ends_clause(token.sign) && !in_number) {
                return false;
            }
            amount |= token.number.is_some();
            if amount && from > floor && self.any_before(&self.lexicon.base_amount_cues, from) {
                return true;
            }
        }
        false
    }

    /// The longest expression that begins at a token and is part of another one.
    fn inner(&self, at: usize, depth: Depth) -> Option<(usize, Expression)> {
        if !self.may_begin(at) {
            return None;
        }
        let place = &self.inner[at % REMEMBERED + if depth == Depth::Year { 0 } else { REMEMBERED }];
        if place.get().at != at {
            place.set(Inner { at, found: self.longest(at, depth) });
        }
        place.get().found
    }

    fn longest(&self, at: usize, depth: Depth) -> Option<(usize, Expression)> {
        let mut best: Option<(usize, usize, Expression)> = None;
        let mut offer = |len: usize, rank: usize, expression: Expression| {
            let better =
                best.is_none_or(|(best_len, best_rank, _)| (len, std::cmp::Reverse(rank)) > (best_len, std::cmp::Reverse(best_rank)));
            if better && !self.names_at(&self.lexicon.not_before, at + len).any(|_| true) {
                best = Some((len, rank, expression));
            }
        };
        if depth > Depth::Year {
            if let Some((len, found)) = numeric(&self.tokens[at..], self.order) {
                offer(len, 0, found);
            }
            if let Some((len, year)) = self.lone_year(at, depth) {
                offer(len, usize::MAX, Expression::One(Simple::Year(Year::Number(year))));
            }
        }
        self.walk(0, at, at, depth, &Captures::default(), &mut offer);
        best.map(|(len, _, expression)| (len, expression))
    }

    /// Follows the tree of templates from a node, and offers each expression that ends.
    fn walk(
        &self,
        node: usize,
        start: usize,
        at: usize,
        depth: Depth,
        captures: &Captures,
        offer: &mut dyn FnMut(usize, usize, Expression),
    ) {
        let branch = node;
        let node = &self.lexicon.nodes[branch];
        for &end in &node.ends {
            let rule = &self.lexicon.rules[end];
            // Inside a range or date the words around it are those of the range.
            let context = depth < Depth::Whole || (self.before(&rule.left, start) && self.follows(&rule.right, at));
            if context && let Some(expression) = rule.meaning.expression(captures) {
                offer(at - start, end, expression);
            }
        }
        let Some(token) = self.tokens.get(at) else {
            return;
        };
        if at > start && token.after_break {
            return;
        }
        if let Some(next) = self.lexicon.behind(branch, literal(token)) {
            self.walk(next, start, at + 1, depth, captures, offer);
        }
        if node.classes.is_empty() {
            return;
        }
        let possible = self.lexicon.begins(token).classes;
        for &(class, next) in node.classes.iter().filter(|(class, _)| possible.has(*class)) {
            self.values(class, at, depth, &mut |len, value| {
                let mut captures = *captures;
                match value {
                    Value::Small(value) if class == Class::Day => captures.take_day(value),
                    Value::Small(value) if class == Class::Ordinal => captures.ordinal = Some(value),
                    Value::Small(value) if class == Class::Weekday => captures.weekday = Some(value),
                    Value::Small(value) => captures.month = Some(value),
                    Value::Count(count) => captures.count = Some(count),
                    Value::Year(year) => captures.year = Some(year),
                    Value::Decade(first) => captures.decade = Some(first),
                    Value::Unit(unit) => captures.unit = Some(unit),
                    Value::Dual(unit) => (captures.count, captures.unit) = (Some(2), Some(unit)),
                    Value::Period(period) => captures.take_period(period),
                }
                self.walk(next, start, at + len, depth, &captures, offer);
            });
        }
    }

    /// The values that a class can have at a token, each with its length in tokens.
    fn values(&self, class: Class, at: usize, depth: Depth, each: &mut dyn FnMut(usize, Value)) {
        let lexicon = self.lexicon;
        match class {
            Class::Day => {
                if let Some((len, day)) = self.figure(at, 2, 31) {
                    each(len, Value::Small(day as i8));
                    for (suffix, ()) in self.names_at(&lexicon.day_suffixes, at + len) {
                        each(len + suffix, Value::Small(day as i8));
                    }
                }
            }
            Class::MonthNumber => {
                if let Some((len, month)) = self.figure(at, 2, 12) {
                    each(len, Value::Small(month as i8));
                }
            }
            Class::Month => self.names_at(&lexicon.months, at).for_each(|(len, m)| each(len, Value::Small(m))),
            Class::Weekday => self.names_at(&lexicon.weekdays, at).for_each(|(len, d)| each(len, Value::Small(d))),
            Class::Ordinal => {
                self.names_at(&lexicon.ordinals, at).for_each(|(len, q)| each(len, Value::Small(q)));
                if let Some((len, quarter)) = self.figure(at, 1, 4) {
                    each(len, Value::Small(quarter as i8));
                }
            }
            Class::Number => {
                self.names_at(&lexicon.numbers, at).for_each(|(len, n)| each(len, Value::Count(i32::from(n))));
                if let Some((len, count)) = self.figure(at, 3, 999) {
                    each(len, Value::Count(count as i32));
                }
            }
            Class::Unit => self.names_at(&lexicon.units, at).for_each(|(len, unit)| each(len, Value::Unit(unit))),
            Class::Dual => self.names_at(&lexicon.duals, at).for_each(|(len, unit)| each(len, Value::Dual(unit))),
            Class::Decade => {
                if let Some(&Token { number: Some((year, 4)), .. }) = self.tokens.get(at)
                    && year % 10 == 0
                    && (1700..=2090).contains(&year)
                {
                    each(1, Value::Decade(year as i16));
                }
            }
            Class::Year => {
                if let Some((year, lens)) = self.year_figure(at) {
                    lens.into_iter().flatten().for_each(|len| each(len, Value::Year(Year::Number(year))));
                }
                if depth > Depth::Year
                    && let Some((len, Expression::One(found))) = self.inner(at, Depth::Year)
                    && let Some(year) = found.as_year()
                {
                    each(len, Value::Year(year));
                }
            }
            Class::Period => {
                if depth == Depth::Whole
                    && let Some((len, Expression::One(found))) = self.inner(at, Depth::Part)
                {
                    each(len, Value::Period(found));
                }
            }
        }
    }

    /// A year of four figures, with its lengths without and with a suffix such as 年 or "году".
    fn year_figure(&self, at: usize) -> Option<(i16, [Option<usize>; 2])> {
        let token = self.tokens.get(at)?;
        let (len, year) = match token.number {
            Some((year, 4)) => (1, year),
            Some(_) => return None,
            None => ideographs(&self.tokens[at..]).filter(|(len, _)| *len == 4)?,
        };
        let suffix = self.names_at(&self.lexicon.year_suffixes, at + len).map(|(suffix, ())| len + suffix).max();
        let bare = (self.lexicon.bare_year && token.number.is_some()).then_some(len);
        (1000..=2199).contains(&year).then_some((year as i16, [bare, suffix]))
    }

    /// A year that stands alone. With a suffix or cue it is a year; without, from 1900 to 2099 it is, unless it
    /// counts or measures something or is the round 2000.
    fn lone_year(&self, at: usize, depth: Depth) -> Option<(usize, i16)> {
        let (year, [bare, suffix]) = self.year_figure(at)?;
        if let Some(len) = suffix {
            return Some((len, year));
        }
        let len = bare?;
        let money = |at: usize| self.tokens.get(at).is_some_and(|t| is_amount_sign(t.sign));
        let counts = money(at + len)
            || (at > 0 && money(at - 1))
            || self.names_at(&self.lexicon.counted, at + len).any(|_| true)
            || self.glued_on(at + len, depth);
        if counts {
            return None;
        }
        let plausible = match depth {
            Depth::Part | Depth::Year => (1800..=2100).contains(&year),
            Depth::Whole if self.any_before(&self.lexicon.amount_cues, at) => false,
            Depth::Whole if self.any_before(&self.lexicon.year_cues, at) => (1000..=2100).contains(&year),
            Depth::Whole => (1900..=2099).contains(&year) && year != 2000,
        };
        plausible.then_some((len, year))
    }

    /// Whether a number goes on after the token before `at`: `2023.5`, `2023-4567`, `2023a`.
    fn glued_on(&self, at: usize, depth: Depth) -> bool {
        let Some(sign) = self.tokens.get(at).filter(|next| self.tokens[at - 1].glued_to(next)) else {
            return false;
        };
        let joins = match depth {
            Depth::Whole => matches!(sign.sign, '.' | ',' | ':' | '/' | '-'),
            _ => matches!(sign.sign, '.' | ','),
        };
        let digit_after = self.tokens.get(at + 1).is_some_and(|t| t.number.is_some() && sign.glued_to(t));
        sign.western || (joins && digit_after)
    }

    /// A whole number of at most `digits` digits from 1 to `max`, in figures or ideographs.
    fn figure(&self, at: usize, digits: u8, max: u32) -> Option<(usize, u32)> {
        let token = self.tokens.get(at)?;
        let found = match token.number {
            Some((value, count)) if count <= digits => Some((1, value)),
            Some(_) => None,
            None => ideographs(&self.tokens[at..]).filter(|(len, _)| *len < 4),
        };
        found.filter(|(_, value)| (1..=max).contains(value))
    }

    /// The values of the names that begin at a token, with their lengths.
    fn names_at<V: Copy>(&self, names: &'a Names<V>, at: usize) -> impl Iterator<Item = (usize, V)> {
        let candidates = self.tokens.get(at).and_then(|token| names.get(&literal(token)));
        candidates.into_iter().flatten().filter(move |(words, _)| self.follows(words, at)).map(|(words, value)| (words.len(), *value))
    }

    fn any_before(&self, cues: &Cues, at: usize) -> bool {
        let last = at.checked_sub(1).and_then(|last| self.tokens.get(last));
        last.and_then(|last| cues.get(&literal(last))).into_iter().flatten().any(|words| self.before(words, at))
    }

    /// Whether the words stand right before a token.
    fn before(&self, words: &[Literal], at: usize) -> bool {
        if words.is_empty() {
            return true;
        }
        let apart = self.tokens.get(at).is_some_and(|token| token.after_break);
        !apart && at.checked_sub(words.len()).is_some_and(|from| self.follows(words, from))
    }

    /// Whether the words begin at a token.
    fn follows(&self, words: &[Literal], at: usize) -> bool {
        self.tokens.get(at..at + words.len()).is_some_and(|tokens| {
            tokens.iter().zip(words).enumerate().all(|(i, (token, word))| literal(token) == *word && (i == 0 || !token.after_break))
        })
    }
}

/// How many tokens an amount and its preposition may have between "from" and a period.
const LONGEST_AMOUNT: usize = 8;

fn ends_clause(sign: char) -> bool {
    matches!(sign, '.' | ',' | ';' | ':' | '!' | '?' | '،' | '؛' | '؟' | '।' | '、' | '。')
}

fn literal(token: &Token) -> Literal {
    token.number.map_or(Literal::Word(token.id), |(value, _)| Literal::Number(value))
}

/// Signs that make a number an amount.
fn is_amount_sign(sign: char) -> bool {
    matches!(sign, '%' | '٪' | '‰' | '$' | '£' | '¥' | '°' | '\u{20A0}'..='\u{20CF}')
}

/// A number in ideographs: one digit, up to 99 with 十, or four digits of a year.
fn ideographs(tokens: &[Token]) -> Option<(usize, u32)> {
    let mut run = [0u32; 4];
    let mut len = 0;
    for value in tokens.iter().map_while(|t| ideograph_digit(t.sign)) {
        *run.get_mut(len)? = value;
        len += 1;
    }
    match run[..len] {
        [a] => Some((1, a)),
        [10, b] if b < 10 => Some((2, 10 + b)),
        [a, 10] if a < 10 => Some((2, a * 10)),
        [a, 10, b] if a < 10 && b < 10 => Some((3, a * 10 + b)),
        [a, b, c, d] if run.iter().all(|v| *v < 10) => Some((4, a * 1000 + b * 100 + c * 10 + d)),
        _ => None,
    }
}
