//! Digits with separators, read by the separators of a place.

use rust_decimal::Decimal;

use super::chars::{Chars, THIN};
use super::exact;
use crate::claim::lexicon::Separators;

/// A number in digits.
pub(crate) struct Literal {
    pub end: usize,
    pub value: Decimal,
    pub ambiguous: bool,
    pub integer: bool,
}

/// What stands at a place where digits begin.
pub(crate) enum Reading {
    /// A number.
    Number(Literal),
    /// Digits up to here that are no number of at most 28 digits.
    TooLong(usize),
    /// Separators that form no number: each run of digits up to here is a number of its own.
    Separate(usize),
}

/// Reads the digits at `i`; `alone` takes one run of digits without any separator.
/// Looks at each character of the run once.
pub(crate) fn read(chars: &Chars, i: usize, seps: &Separators, alone: bool) -> Reading {
    let mut groups: Vec<(usize, usize)> = Vec::new();
    let mut marks: Vec<char> = Vec::new();
    let mut at = i;
    if chars.get(i).is_some_and(|c| seps.is_decimal(c)) {
        groups.push((i, i)); // ".25"
        marks.push(chars.folded[i]);
        at = i + 1;
    }
    loop {
        let start = at;
        while chars.is_digit(at) {
            at += 1;
        }
        groups.push((start, at));
        if alone {
            break;
        }
        match chars.get(at) {
            Some(c) if is_mark(c) && chars.is_digit(at + 1) => marks.push(c),
            // A space groups only where a group of three follows a short one; this also keeps the walk from running ahead.
            Some(space @ (' ' | THIN))
                if (space == THIN || seps.spaces)
                    && marks.iter().all(|&m| m == THIN)
                    && (1..=3).contains(&width(groups[0]))
                    && (1..=3).all(|k| chars.is_digit(at + k))
                    && !chars.is_digit(at + 4) =>
            {
                marks.push(THIN);
            }
            _ => break,
        }
        at += 1;
    }
    let end = groups.last().map_or(at, |g| g.1);
    let digits: String = groups.iter().flat_map(|&(a, b)| &chars.folded[a..b]).collect();
    let finish = |decimals: usize, ambiguous: bool| match exact::from_digits(&digits, decimals) {
        Some(value) => Reading::Number(Literal { end, value, ambiguous, integer: decimals == 0 }),
        None if groups.len() > 2 => Reading::Separate(end),
        None => Reading::TooLong(end),
    };
    match interpret(&groups, &marks, chars, seps) {
        Some((decimals, ambiguous)) => finish(decimals, ambiguous),
        None => Reading::Separate(end),
    }
}

fn is_mark(c: char) -> bool {
    matches!(c, '.' | ',' | '،' | '\'' | '٫' | '٬')
}

fn width(group: (usize, usize)) -> usize {
    group.1 - group.0
}

fn grouped(groups: &[(usize, usize)]) -> bool {
    let Some((&last, rest)) = groups.split_last() else {
        return false;
    };
    let Some((&lead, middle)) = rest.split_first() else {
        return true;
    };
    let threes = (1..=3).contains(&width(lead)) && middle.iter().all(|&g| width(g) == 3);
    let indian = !middle.is_empty() && (1..=2).contains(&width(lead)) && middle.iter().all(|&g| width(g) == 2);
    width(last) == 3 && (threes || indian)
}

/// How many digits are decimals, and whether another reading is as good; nothing where no reading fits.
fn interpret(groups: &[(usize, usize)], marks: &[char], chars: &Chars, seps: &Separators) -> Option<(usize, bool)> {
    let (Some(&last), Some(&final_mark)) = (groups.last(), marks.last()) else {
        return Some((0, false));
    };
    let (lead, decimals) = (groups[0], width(last));
    let uniform = marks.iter().all(|&m| m == final_mark);
    if uniform && marks.len() == 1 {
        if width(lead) == 0 || final_mark == '٫' {
            return Some((decimals, false));
        }
        let zero = chars.get(lead.0) == Some('0');
        let may_group = grouped(groups) && !zero;
        if final_mark == THIN || final_mark == '\'' || final_mark == '٬' {
            return may_group.then_some((0, false));
        }
        if !may_group {
            return Some((decimals, false));
        }
        return Some(match seps.role(final_mark) {
            Role::Group => (0, false),
            Role::Decimal => (decimals, false),
            // The likelier reading is the habit of the language where it has one.
            Role::Undecided if seps.decimal.contains(final_mark) => (decimals, true),
            Role::Undecided => (0, true),
        });
    }
    if uniform {
        return (grouped(groups) && final_mark != '٫').then_some((0, false));
    }
    // Two kinds of separator: the last one stands once and is the decimal one, the others group.
    let (inner, first) = (&marks[..marks.len() - 1], marks[0]);
    let fits = first != final_mark && inner.iter().all(|&m| m == first) && !matches!(final_mark, '\'' | '٬' | THIN) && first != '٫';
    (fits && grouped(&groups[..groups.len() - 1])).then_some((decimals, false))
}

/// What a point or a comma before three digits is.
pub(crate) enum Role {
    Group,
    Decimal,
    Undecided,
}

impl Separators {
    pub(crate) fn is_decimal(&self, c: char) -> bool {
        self.decimal.contains(c) || c == '٫'
    }

    fn role(&self, c: char) -> Role {
        let c = if c == '،' { ',' } else { c };
        let (group, decimal) = (self.group.contains(c), self.decimal.contains(c));
        if group && !decimal {
            Role::Group
        } else if decimal && !group && self.undecided != Some(c) {
            Role::Decimal
        } else {
            Role::Undecided
        }
    }
}
