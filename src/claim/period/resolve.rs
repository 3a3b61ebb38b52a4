//! From an expression to days.

use jiff::civil::Date;

use super::calendar::{self, Unit, add, around, beside, moved};
use super::expression::{Expression, Side, Simple, Year};
use super::value::Period;

/// What relative expressions count from.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Context {
    /// The article's date.
    pub(super) published: Option<Date>,
    /// The last closed period mentioned before that is neither a base of comparison nor a day such as "on
    /// Monday", which dates the statement and not what it states.
    pub(super) anchor: Option<Period>,
    /// The last single day mentioned before, however it was named: "the next day" counts from it.
    pub(super) day: Option<Period>,
}

/// How a part without its year is placed.
#[derive(Clone, Copy)]
enum Place {
    /// The latest one that begins at or before the day.
    NotAfter(Date),
    /// The earliest one that begins at or after the day.
    NotBefore(Date),
}

/// The days of an expression; `None` where the context does not decide them or there are no such days.
pub(super) fn resolve(expression: Expression, context: Context) -> Option<Period> {
    let own = context.published.map(Place::NotAfter);
    match expression {
        Expression::One(part) => simple(part, context, own),
        Expression::Since(part) => Period::since(simple(part, context, own)?.first()?),
        Expression::Until(part) => Period::until(simple(part, context, own)?.last()?),
        Expression::Days { from, to, month, year } => {
            let last = simple(Simple::Day { day: to, month, year }, context, own)?.last()?;
            Period::between(Date::new(last.year(), month, from).ok()?, last)
        }
        Expression::Range(a, b) if b.is_floating() && !a.is_floating() => {
            let first = simple(a, context, own)?.first()?;
            Period::between(first, simple(b, context, Some(Place::NotBefore(first)))?.last()?)
        }
        Expression::Range(a, b) => {
            let end = simple(b, context, own)?;
            let start = if a.is_floating() { end.first().map(Place::NotAfter) } else { own };
            Period::between(simple(a, context, start)?.first()?, end.last()?)
        }
    }
}

fn simple(part: Simple, context: Context, place: Option<Place>) -> Option<Period> {
    let published = context.published;
    match part {
        Simple::Fixed(period) => Some(period),
        Simple::Year(year) => Period::year(number(year, context)?),
        Simple::Decade(first) => Period::between(Period::year(first)?.first()?, Period::year(first.checked_add(9)?)?.last()?),
        Simple::Month { month, year } => in_year(year, context, place, |year| Period::month(year, month)),
        Simple::Day { day, month, year } => in_year(year, context, place, |year| Period::day(Date::new(year, month, day).ok()?)),
        Simple::Quarter { quarter, year } => in_year(year, context, place, |year| Period::quarter(year, quarter)),
        Simple::Half { half, year } => in_year(year, context, place, |year| Period::months(year, half * 6 - 5, 6)),
        Simple::DayOfMonth(day) => day_of_month(day, place?),
        Simple::Weekday(day, side) => weekday(day, side, published, place),
        Simple::NamedMonth(month, side) => named_month(month, side, published?),
        Simple::FromPublication(unit, count) => beside(published?, unit, count),
        Simple::FromAnchor(unit, count) => match fitting_anchor(context, unit) {
            Some(anchor) => beside(anchor.first()?, unit, count),
            None => looking_back(context, unit, count),
        },
        Simple::Moved(unit, count) => match fitting_anchor(context, unit) {
            Some(anchor) => moved(anchor, unit, count),
            None => looking_back(context, unit, count),
        },
        Simple::SamePeriod(year) => {
            let anchor = fitting_anchor(context, Unit::Year)?;
            let years = match year {
                Some(year) => i32::from(number(year, context)?) - i32::from(anchor.first()?.year()),
                None => -1,
            };
            moved(anchor, Unit::Year, years)
        }
        Simple::Span(unit, count) if count < 0 => {
            let last = published?;
            Period::between(calendar::add_days(add(last, unit, count)?, 1)?, last)
        }
        Simple::Span(unit, count) => {
            let today = published?;
            Period::between(calendar::add_days(today, 1)?, add(today, unit, count)?)
        }
        Simple::Ambiguous => None,
    }
}

/// Without an anchor, words that look back count from publication; "the next day" then says nothing.
fn looking_back(context: Context, unit: Unit, count: i32) -> Option<Period> {
    if count >= 0 || unit == Unit::Day {
        return None;
    }
    beside(context.published?, unit, count)
}

/// The anchor, where it is not longer than the unit: "the month before" says nothing beside a whole year.
fn fitting_anchor(context: Context, unit: Unit) -> Option<Period> {
    let anchor = if unit == Unit::Day { context.day } else { context.anchor };
    anchor.filter(|anchor| calendar::days(*anchor).is_some_and(|days| days <= unit.longest()))
}

fn number(year: Year, context: Context) -> Option<i16> {
    match year {
        Year::Number(year) => Some(year),
        Year::FromPublication(count) => Some(beside(context.published?, Unit::Year, count)?.first()?.year()),
        Year::FromAnchor(count) => {
            let year = match fitting_anchor(context, Unit::Year) {
                Some(anchor) => beside(anchor.first()?, Unit::Year, count),
                None => looking_back(context, Unit::Year, count),
            };
            Some(year?.first()?.year())
        }
    }
}

/// A part of a year: of the year given, else of the year in which `place` wants it.
fn in_year(year: Option<Year>, context: Context, place: Option<Place>, part: impl Fn(i16) -> Option<Period>) -> Option<Period> {
    if let Some(year) = year {
        return part(number(year, context)?);
    }
    // Nine years reach over 29 February, which is missing from 1897 to 1903.
    match place? {
        Place::NotAfter(day) => (0..9).filter_map(|back| part(day.year() - back)).find(|period| period.first() <= Some(day)),
        Place::NotBefore(day) => (0..9).filter_map(|on| part(day.year().checked_add(on)?)).find(|period| period.first() >= Some(day)),
    }
}

fn day_of_month(day: i8, place: Place) -> Option<Period> {
    let (from, step) = match place {
        Place::NotAfter(from) => (from, -1),
        Place::NotBefore(from) => (from, 1),
    };
    (0..4).find_map(|months| {
        let month = add(from.first_of_month(), Unit::Month, months * step)?;
        let found = Date::new(month.year(), month.month(), day).ok()?;
        let fits = if step < 0 { found <= from } else { found >= from };
        if fits { Period::day(found) } else { None }
    })
}

fn weekday(day: i8, side: Side, published: Option<Date>, place: Option<Place>) -> Option<Period> {
    let offset = |from: Date| i32::from(day) - i32::from(from.weekday().to_monday_zero_offset());
    let found = match (side, place) {
        (Side::AtOrBefore, Some(Place::NotBefore(from))) => calendar::add_days(from, offset(from).rem_euclid(7)),
        (Side::AtOrBefore, Some(Place::NotAfter(from))) => calendar::add_days(from, -(-offset(from)).rem_euclid(7)),
        (Side::AtOrBefore, None) => None,
        (Side::Week(weeks), _) => published.and_then(|d| calendar::add_days(d, offset(d) + 7 * i32::from(weeks))),
        (Side::Before, _) => published.and_then(|d| calendar::add_days(d, -((-offset(d) - 1).rem_euclid(7) + 1))),
        (Side::After, _) => published.and_then(|d| calendar::add_days(d, (offset(d) - 1).rem_euclid(7) + 1)),
    };
    Period::day(found?)
}

fn named_month(month: i8, side: Side, published: Date) -> Option<Period> {
    let offset = i32::from(month) - i32::from(published.month());
    let months = match side {
        Side::Before => -((-offset - 1).rem_euclid(12) + 1),
        Side::AtOrBefore | Side::Week(_) => -(-offset).rem_euclid(12),
        Side::After => (offset - 1).rem_euclid(12) + 1,
    };
    around(add(published.first_of_month(), Unit::Month, months)?, Unit::Month)
}
