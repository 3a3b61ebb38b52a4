//! Dates in figures: 2023-05-13, 13/05/2024, 05/2024, 2023-Q1, 2019/20.

use jiff::civil::Date;

use super::expression::{Expression, Simple, Year};
use super::lexicon::Order;
use super::token::Token;
use super::value::Period;

/// The date in figures that begins at `tokens[0]`, with its length in tokens.
///
/// A date that begins with the year is read alike in every language; else `order` decides, and where only one
/// order gives a day of the calendar, that one is meant.
pub(super) fn numeric(tokens: &[Token], order: Order) -> Option<(usize, Expression)> {
    let (first, digits) = tokens.first()?.number?;
    let sign = |at: usize| Some(tokens.get(at)?.sign).filter(|_| glued(tokens, at));
    let figure = |at: usize| tokens.get(at)?.number.filter(|_| glued(tokens, at));
    let separator = sign(1).filter(|c| matches!(c, '-' | '/' | '.'))?;
    if digits == 4 && separator == '-' && sign(2) == Some('q') {
        let (quarter, _) = figure(3).filter(|(q, n)| *n == 1 && (1..=4).contains(q))?;
        let year = Some(Year::Number(first as i16));
        return Some((4, Expression::One(Simple::Quarter { quarter: quarter as i8, year })));
    }
    let (second, second_digits) = figure(2)?;
    if let (Some(again), Some((third, third_digits))) = (sign(3), figure(4)) {
        if again != separator {
            return None;
        }
        if digits == 4 && second_digits <= 2 && third_digits <= 2 {
            return Some((5, fixed(date(first, second, third)?)));
        }
        if third_digits == 4 && digits <= 2 && second_digits <= 2 {
            let (day_first, month_first) = (date(third, second, first), date(third, first, second));
            let found = match (order, day_first, month_first) {
                (Order::Open, Some(a), Some(b)) if a != b => Expression::One(Simple::Ambiguous),
                (_, Some(day), _) | (_, None, Some(day)) => fixed(day),
                _ => return None,
            };
            return Some((5, found));
        }
        return None;
    }
    let year = |value: u32| Simple::Year(Year::Number(value as i16));
    if digits == 4 && second_digits == 2 && (1000..=2199).contains(&first) {
        if separator != '.' && second == (first + 1) % 100 {
            return Some((3, Expression::Range(year(first), year(first + 1))));
        }
        let month = Period::month(first as i16, second as i8).filter(|_| separator == '-' && second <= 12)?;
        return Some((3, Expression::One(Simple::Fixed(month))));
    }
    let month_of_year = digits <= 2 && second_digits == 4 && separator != '-' && (1000..=2199).contains(&second);
    if month_of_year && (separator == '/' || digits == 2) {
        let month = Period::month(second as i16, i8::try_from(first).ok()?)?;
        return Some((3, Expression::One(Simple::Fixed(month))));
    }
    None
}

fn glued(tokens: &[Token], at: usize) -> bool {
    tokens[at - 1].glued_to(&tokens[at])
}

fn date(year: u32, month: u32, day: u32) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok().filter(|d| d.year() >= 1)
}

fn fixed(day: Date) -> Expression {
    Period::day(day).map_or(Expression::One(Simple::Ambiguous), |day| Expression::One(Simple::Fixed(day)))
}
