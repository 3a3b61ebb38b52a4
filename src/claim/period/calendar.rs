//! Arithmetic of calendar units on civil dates. Everything outside the years 1 to 9999 is `None`.

use jiff::Span;
use jiff::civil::Date;

use super::value::Period;

/// A unit of the calendar; weeks run from Monday to Sunday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unit {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Unit {
    /// All units with their names in the lexicon files.
    pub(super) const ALL: [(&'static str, Self); 5] =
        [("day", Self::Day), ("week", Self::Week), ("month", Self::Month), ("quarter", Self::Quarter), ("year", Self::Year)];

    /// Whole months in the unit, 0 for days and weeks.
    fn months(self) -> i32 {
        match self {
            Self::Day | Self::Week => 0,
            Self::Month => 1,
            Self::Quarter => 3,
            Self::Year => 12,
        }
    }

    /// The longest the unit can be, in days.
    pub(super) fn longest(self) -> i32 {
        match self {
            Self::Day => 1,
            Self::Week => 7,
            Self::Month => 31,
            Self::Quarter => 92,
            Self::Year => 366,
        }
    }
}

/// The quarter of a day, 1 to 4.
pub(super) fn quarter_of(day: Date) -> i8 {
    (day.month() + 2) / 3
}

/// `count` days later, or earlier where negative.
pub(super) fn add_days(day: Date, count: i32) -> Option<Date> {
    day.checked_add(Span::new().try_days(count).ok()?).ok().filter(|d| d.year() >= 1)
}

/// `count` units later; the last day of a shorter month stands for days that it lacks.
pub(super) fn add(day: Date, unit: Unit, count: i32) -> Option<Date> {
    match unit {
        Unit::Day => add_days(day, count),
        Unit::Week => add_days(day, count.checked_mul(7)?),
        Unit::Month | Unit::Quarter | Unit::Year => {
            let months = i32::from(day.year()) * 12 + i32::from(day.month()) - 1;
            let shifted = months.checked_add(count.checked_mul(unit.months())?)?;
            let year = i16::try_from(shifted.div_euclid(12)).ok().filter(|y| *y >= 1)?;
            let first = Date::new(year, (shifted.rem_euclid(12) + 1) as i8, 1).ok()?;
            Date::new(year, first.month(), day.day().min(first.days_in_month())).ok()
        }
    }
}

/// The calendar unit that holds `day`.
pub(super) fn around(day: Date, unit: Unit) -> Option<Period> {
    match unit {
        Unit::Day => Period::day(day),
        Unit::Week => {
            let monday = add_days(day, -i32::from(day.weekday().to_monday_zero_offset()))?;
            Period::between(monday, add_days(monday, 6)?)
        }
        Unit::Month => Period::month(day.year(), day.month()),
        Unit::Quarter => Period::quarter(day.year(), quarter_of(day)),
        Unit::Year => Period::year(day.year()),
    }
}

/// The calendar unit `count` units after the one that holds `day`.
pub(super) fn beside(day: Date, unit: Unit, count: i32) -> Option<Period> {
    around(add(around(day, unit)?.first()?, unit, count)?, unit)
}

/// A closed period moved by `count` units; one that ends with its month still does.
pub(super) fn moved(period: Period, unit: Unit, count: i32) -> Option<Period> {
    let (first, last) = (period.first()?, period.last()?);
    let ends_month = first.day() == 1 && last == last.last_of_month() && unit.months() > 0;
    let end = add(last, unit, count)?;
    Period::between(add(first, unit, count)?, if ends_month { end.last_of_month() } else { end })
}

/// Days in a closed period.
pub(super) fn days(period: Period) -> Option<i32> {
    let (first, last) = (period.first()?, period.last()?);
    i32::try_from(last.duration_since(first).as_hours() / 24 + 1).ok()
}
