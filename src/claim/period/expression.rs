//! What a text says about time, before it is known which days that are.

use super::calendar::Unit;
use super::value::Period;

/// One expression of time. "Publication" is the article's date, the "anchor" the last period mentioned before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Expression {
    /// A single period.
    One(Simple),
    /// From the start of one to the end of the other.
    Range(Simple, Simple),
    /// Two days of one month.
    Days { from: i8, to: i8, month: i8, year: Option<Year> },
    /// From the start of a period on.
    Since(Simple),
    /// Up to and with the end of a period.
    Until(Simple),
}

/// A single period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Simple {
    /// Its days are written out.
    Fixed(Period),
    Year(Year),
    Decade(i16),
    /// Without a year: the latest one that has begun at publication.
    Month {
        month: i8,
        year: Option<Year>,
    },
    Day {
        day: i8,
        month: i8,
        year: Option<Year>,
    },
    Quarter {
        quarter: i8,
        year: Option<Year>,
    },
    Half {
        half: i8,
        year: Option<Year>,
    },
    /// "the 13th" without a month.
    DayOfMonth(i8),
    /// 0 is Monday.
    Weekday(i8, Side),
    NamedMonth(i8, Side),
    /// The calendar unit so many units from the one of publication.
    FromPublication(Unit, i32),
    /// The calendar unit so many units from the one of the anchor.
    FromAnchor(Unit, i32),
    /// The anchor itself moved by so many units.
    Moved(Unit, i32),
    /// The anchor moved into a year, else one year back; nothing without an anchor.
    SamePeriod(Option<Year>),
    /// So many units that end (negative) or begin (positive) at publication.
    Span(Unit, i32),
    /// Words that the language leaves open, such as Hindi "kal" (yesterday or tomorrow).
    Ambiguous,
}

/// A year, as a number or relative.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Year {
    Number(i16),
    FromPublication(i32),
    FromAnchor(i32),
}

/// On which side of publication a weekday or month lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// Strictly before.
    Before,
    /// At or before: how news uses a bare name.
    AtOrBefore,
    /// Strictly after.
    After,
    /// In the week so many weeks from the one of publication.
    Week(i8),
}

impl Simple {
    /// The same as a year, for "May of last year".
    pub(super) fn as_year(self) -> Option<Year> {
        match self {
            Self::Year(year) => Some(year),
            Self::FromPublication(Unit::Year, count) => Some(Year::FromPublication(count)),
            Self::FromAnchor(Unit::Year, count) => Some(Year::FromAnchor(count)),
            _ => None,
        }
    }

    /// Whether it needs the article's date or an earlier mention.
    pub(super) fn is_relative(self) -> bool {
        match self {
            Self::Fixed(_) | Self::Decade(_) => false,
            Self::Year(year) => year.is_relative(),
            Self::Month { year, .. } | Self::Day { year, .. } | Self::Quarter { year, .. } | Self::Half { year, .. } => {
                year.is_none_or(Year::is_relative)
            }
            _ => true,
        }
    }

    /// Whether it lacks its year, month or week, so that the other end of a range decides it.
    pub(super) fn is_floating(self) -> bool {
        match self {
            Self::Month { year, .. } | Self::Day { year, .. } | Self::Quarter { year, .. } | Self::Half { year, .. } => year.is_none(),
            Self::DayOfMonth(_) | Self::Weekday(_, Side::AtOrBefore) => true,
            _ => false,
        }
    }

    /// Whether the words themselves name a base of comparison: "the year before", "a year earlier".
    pub(super) fn is_base(self) -> bool {
        let backwards = |year: Option<Year>| matches!(year, Some(Year::FromAnchor(count)) if count < 0);
        match self {
            Self::FromAnchor(_, count) | Self::Moved(_, count) => count < 0,
            Self::SamePeriod(_) => true,
            Self::Year(year) => backwards(Some(year)),
            Self::Month { year, .. } | Self::Day { year, .. } | Self::Quarter { year, .. } | Self::Half { year, .. } => backwards(year),
            _ => false,
        }
    }
}

impl Year {
    fn is_relative(self) -> bool {
        !matches!(self, Self::Number(_))
    }
}

impl Expression {
    /// Whether any part needs the article's date or an earlier mention.
    pub(super) fn is_relative(self) -> bool {
        match self {
            Self::One(part) | Self::Since(part) | Self::Until(part) => part.is_relative(),
            // The other end gives a floating end its year.
            Self::Range(a, b) => {
                (a.is_relative() && !a.is_floating()) || (b.is_relative() && !b.is_floating()) || (a.is_floating() && b.is_floating())
            }
            Self::Days { year, .. } => year.is_none_or(Year::is_relative),
        }
    }

    /// See [`Simple::is_base`].
    pub(super) fn is_base(self) -> bool {
        matches!(self, Self::One(part) if part.is_base())
    }
}
