//! What a template of the lexicon means, by its key under `[period.read]`.

use jiff::civil::Date;

use super::calendar::Unit;
use super::expression::{Expression, Side, Simple, Year};

/// The meaning of a template; docs/periods.md lists the keys with examples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Meaning {
    Day,
    Days,
    Month,
    Quarter,
    Half,
    Decade,
    DayOfMonth,
    Weekday(Side),
    NamedMonth(Side),
    /// The unit is captured where none is given.
    FromPublication(i32, Option<Unit>),
    FromAnchor(i32, Option<Unit>),
    /// As many units as captured, else one, from the one of publication, in this direction.
    Counted(i32, Option<Unit>),
    /// The anchor moved by as many units, in this direction.
    Moved(i32, Option<Unit>),
    /// A stretch of as many units, in this direction.
    Span(i32, Option<Unit>),
    SamePeriod,
    /// A whole period inside other words: "Tuesday (14/5/2024)".
    Dated,
    Ambiguous,
    Range,
    Since,
    Until,
}

/// What the classes of a template caught.
#[derive(Clone, Copy, Default)]
pub(super) struct Captures {
    days: [Option<i8>; 2],
    periods: [Option<Simple>; 2],
    pub(super) month: Option<i8>,
    pub(super) year: Option<Year>,
    pub(super) decade: Option<i16>,
    pub(super) ordinal: Option<i8>,
    pub(super) weekday: Option<i8>,
    pub(super) count: Option<i32>,
    pub(super) unit: Option<Unit>,
}

impl Captures {
    pub(super) fn take_day(&mut self, day: i8) {
        self.days[usize::from(self.days[0].is_some())] = Some(day);
    }

    pub(super) fn take_period(&mut self, period: Simple) {
        self.periods[usize::from(self.periods[0].is_some())] = Some(period);
    }
}

impl Meaning {
    /// The meaning with a key of the lexicon.
    pub(super) fn named(key: &str) -> Option<Self> {
        Some(match key {
            "day" => Self::Day,
            "days" => Self::Days,
            "month" => Self::Month,
            "quarter" => Self::Quarter,
            "half" => Self::Half,
            "decade" => Self::Decade,
            "day-of-month" => Self::DayOfMonth,
            "weekday" => Self::Weekday(Side::AtOrBefore),
            "last-weekday" => Self::Weekday(Side::Before),
            "next-weekday" => Self::Weekday(Side::After),
            "weekday-last-week" => Self::Weekday(Side::Week(-1)),
            "weekday-this-week" => Self::Weekday(Side::Week(0)),
            "weekday-next-week" => Self::Weekday(Side::Week(1)),
            "last-named-month" => Self::NamedMonth(Side::Before),
            "next-named-month" => Self::NamedMonth(Side::After),
            "two-days-ago" => Self::FromPublication(-2, Some(Unit::Day)),
            "yesterday" => Self::FromPublication(-1, Some(Unit::Day)),
            "today" => Self::FromPublication(0, Some(Unit::Day)),
            "tomorrow" => Self::FromPublication(1, Some(Unit::Day)),
            "in-two-days" => Self::FromPublication(2, Some(Unit::Day)),
            "same-period" => Self::SamePeriod,
            "dated" => Self::Dated,
            "ambiguous" => Self::Ambiguous,
            "range" => Self::Range,
            "since" => Self::Since,
            "until" => Self::Until,
            _ => return Self::beside(key),
        })
    }

    /// `last`, `before`, `ago` and their kind, with the unit in the key (`last-year`) or captured.
    fn beside(key: &str) -> Option<Self> {
        let (name, unit) = match key.split_once('-') {
            Some((name, unit)) => (name, Some(Unit::ALL.iter().find(|(known, _)| *known == unit)?.1)),
            None => (key, None),
        };
        Some(match name {
            "penultimate" => Self::FromPublication(-2, unit),
            "last" => Self::FromPublication(-1, unit),
            "this" => Self::FromPublication(0, unit),
            "next" => Self::FromPublication(1, unit),
            "before" => Self::FromAnchor(-1, unit),
            "that" => Self::FromAnchor(0, unit),
            "after" => Self::FromAnchor(1, unit),
            "ago" => Self::Counted(-1, unit),
            "ahead" => Self::Counted(1, unit),
            "earlier" => Self::Moved(-1, unit),
            "later" => Self::Moved(1, unit),
            "past" => Self::Span(-1, unit),
            "coming" => Self::Span(1, unit),
            _ => return None,
        })
    }

    /// Whether an expression of this meaning may be a year; what is inside of another expression is none of its own.
    pub(super) fn may_be_year(self) -> bool {
        match self {
            Self::FromPublication(_, unit) | Self::FromAnchor(_, unit) | Self::Counted(_, unit) => {
                unit.is_none_or(|unit| unit == Unit::Year)
            }
            _ => false,
        }
    }

    /// The expression, where the template caught what it needs.
    pub(super) fn expression(self, caught: &Captures) -> Option<Expression> {
        let year = caught.year;
        let month = caught.month;
        let count = caught.count.unwrap_or(1);
        Some(Expression::One(match self {
            Self::Day => day(caught.days[0]?, month?, year)?,
            Self::Days => {
                let (from, to) = (caught.days[0]?, caught.days[1]?);
                day(to, month?, year)?;
                return (from < to).then_some(Expression::Days { from, to, month: month?, year });
            }
            Self::Month => Simple::Month { month: month?, year },
            Self::Quarter => Simple::Quarter { quarter: caught.ordinal?, year },
            Self::Half => Simple::Half { half: caught.ordinal.filter(|half| *half <= 2)?, year },
            Self::Decade => Simple::Decade(caught.decade?),
            Self::DayOfMonth => Simple::DayOfMonth(caught.days[0]?),
            Self::Weekday(side) => Simple::Weekday(caught.weekday?, side),
            Self::NamedMonth(side) => Simple::NamedMonth(month?, side),
            Self::FromPublication(step, unit) => {
                // "The last day" is not yesterday: days have words of their own.
                let unit = unit.or(caught.unit.filter(|unit| *unit != Unit::Day))?;
                Simple::FromPublication(unit, step)
            }
            Self::FromAnchor(step, unit) => Simple::FromAnchor(unit.or(caught.unit)?, step),
            Self::Counted(direction, unit) => Simple::FromPublication(unit.or(caught.unit)?, direction * count),
            Self::Moved(direction, unit) => Simple::Moved(unit.or(caught.unit)?, direction * count),
            Self::Span(direction, unit) => Simple::Span(unit.or(caught.unit)?, direction * count),
            Self::SamePeriod => Simple::SamePeriod(year),
            Self::Dated => caught.periods[0]?,
            Self::Ambiguous => Simple::Ambiguous,
            Self::Range => return Some(Expression::Range(caught.periods[0]?, caught.periods[1]?)),
            Self::Since => return Some(Expression::Since(caught.periods[0]?)),
            Self::Until => return Some(Expression::Until(caught.periods[0]?)),
        }))
    }
}

/// A day, where some year has it.
fn day(day: i8, month: i8, year: Option<Year>) -> Option<Simple> {
    let in_year = match year {
        Some(Year::Number(year)) => year,
        _ => 2024,
    };
    Date::new(in_year, month, day).ok()?;
    Some(Simple::Day { day, month, year })
}
