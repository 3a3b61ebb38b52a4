//! The canonical period.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use super::calendar;

/// A closed stretch of whole days, open on at most one side.
///
/// Two periods are equal when their days are: `2023-Q1`, `2023-01/2023-03` and `2023-01-01/2023-03-31` are one
/// value. Years run from 0001 to 9999, and the first day is never after the last.
///
/// ```
/// use claim_assay::claim::period::Period;
/// let quarter: Period = "2023-01-01/2023-03-31".parse()?;
/// assert_eq!(quarter.to_string(), "2023-Q1");
/// # Ok::<(), claim_assay::claim::period::PeriodError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    first: Option<Date>,
    last: Option<Date>,
}

/// Why a text is not a canonical period: what is wrong, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PeriodError {
    /// Nothing was written.
    #[error("an empty period: write a day, month, year, quarter or interval such as 2023-05-13, 2023-05, 2023, 2023-Q1 or 2022/2023")]
    Empty,
    /// White space before, after or inside.
    #[error("`{0}` holds white space: write {1}")]
    Space(String, String),
    /// No canonical form at all, such as `last year` or `99999`.
    #[error(
        "`{0}` is not a period: write a day, month, year, quarter or interval such as 2023-05-13, 2023-05, 2023, 2023-Q1, 2022/2023 or 2015/.."
    )]
    Form(String),
    /// A form that other programs write, with the canonical form of the same days or a hint.
    #[error("`{0}` is not a canonical period: {1}")]
    Foreign(String, String),
    /// The year 0000.
    #[error("`{0}` has the year 0000: years run from 0001 to 9999")]
    Year(String),
    /// A month outside 01 to 12.
    #[error("`{0}` has no such month: months run from 01 to 12")]
    Month(String),
    /// A quarter outside Q1 to Q4.
    #[error("`{0}` has no such quarter: quarters run from Q1 to Q4")]
    Quarter(String),
    /// A day that the month does not have.
    #[error("`{text}` has no such day: {month} ends on day {days}")]
    Day {
        /// The text as written.
        text: String,
        /// The month, as `2023-02`.
        month: String,
        /// How many days that month has.
        days: i8,
    },
    /// The interval ends before it starts.
    #[error("`{0}` ends before it starts: write {1}")]
    Reversed(String, String),
    /// Both ends open.
    #[error("`../..` is open at both ends: give at least one end, or leave the cell empty for a period that is not annotated")]
    Unbounded,
}

impl Period {
    /// The days from `first` to `last`, both included; `None` where they are reversed or a year is outside 1..=9999.
    pub fn between(first: Date, last: Date) -> Option<Self> {
        let legal = first <= last && first.year() >= 1;
        legal.then_some(Self { first: Some(first), last: Some(last) })
    }

    /// From `first` on, with an open end; `None` where the year is below 1.
    pub fn since(first: Date) -> Option<Self> {
        (first.year() >= 1).then_some(Self { first: Some(first), last: None })
    }

    /// Up to and with `last`, with an open start; `None` where the year is below 1.
    pub fn until(last: Date) -> Option<Self> {
        (last.year() >= 1).then_some(Self { first: None, last: Some(last) })
    }

    /// One day; `None` where the year is below 1.
    pub fn day(day: Date) -> Option<Self> {
        Self::between(day, day)
    }

    /// A whole month, `month` from 1 to 12.
    pub fn month(year: i16, month: i8) -> Option<Self> {
        let first = Date::new(year, month, 1).ok()?;
        Self::between(first, first.last_of_month())
    }

    /// `count` whole months from the `month` of `year` on.
    pub(super) fn months(year: i16, month: i8, count: i8) -> Option<Self> {
        let first = Date::new(year, month, 1).ok()?;
        Self::between(first, Date::new(year, month + count - 1, 1).ok()?.last_of_month())
    }

    /// A whole quarter, `quarter` from 1 to 4.
    pub fn quarter(year: i16, quarter: i8) -> Option<Self> {
        if !(1..=4).contains(&quarter) {
            return None;
        }
        Self::months(year, quarter * 3 - 2, 3)
    }

    /// A whole year.
    pub fn year(year: i16) -> Option<Self> {
        Self::months(year, 1, 12)
    }

    /// The first day; `None` where the start is open.
    pub fn first(&self) -> Option<Date> {
        self.first
    }

    /// The last day, included; `None` where the end is open.
    pub fn last(&self) -> Option<Date> {
        self.last
    }
}

/// The shortest canonical form: a year, quarter, month or day, else an interval whose two ends are written alike.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let starts_month = self.first.is_none_or(|d| d.day() == 1);
        let ends_month = self.last.is_none_or(|d| d == d.last_of_month());
        let whole_months = starts_month && ends_month;
        let whole_years = whole_months && self.first.is_none_or(|d| d.month() == 1) && self.last.is_none_or(|d| d.month() == 12);
        let end = |f: &mut fmt::Formatter<'_>, day: Option<Date>| match day {
            None => f.write_str(".."),
            Some(d) if whole_years => write!(f, "{:04}", d.year()),
            Some(d) if whole_months => write!(f, "{:04}-{:02}", d.year(), d.month()),
            Some(d) => write!(f, "{:04}-{:02}-{:02}", d.year(), d.month(), d.day()),
        };
        if let (Some(first), Some(last)) = (self.first, self.last) {
            let same_year = first.year() == last.year();
            let one = if whole_years { same_year } else { same_year && first.month() == last.month() && whole_months };
            if one || first == last {
                return end(f, Some(first));
            }
            if whole_months && same_year && first.month() % 3 == 1 && last.month() == first.month() + 2 {
                return write!(f, "{:04}-Q{}", first.year(), calendar::quarter_of(first));
            }
        }
        end(f, self.first)?;
        f.write_str("/")?;
        end(f, self.last)
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        if text.trim().is_empty() {
            return Err(PeriodError::Empty);
        }
        let Some((start, end)) = text.split_once('/') else {
            return whole(text, text);
        };
        if start == ".." && end == ".." {
            return Err(PeriodError::Unbounded);
        }
        let first = if start == ".." { None } else { whole(start, text)?.first };
        let last = if end == ".." { None } else { whole(end, text)?.last };
        if let (Some(a), Some(b)) = (first, last)
            && a > b
        {
            return Err(PeriodError::Reversed(shown(text), format!("{end}/{start}")));
        }
        Ok(Self { first, last })
    }
}

/// One end of an interval, or a period without `/`. `text` is the whole, for the message.
fn whole(part: &str, text: &str) -> Result<Period, PeriodError> {
    let digits = |range: &str| range.parse::<i16>().ok().filter(|_| range.bytes().all(|b| b.is_ascii_digit()));
    let pieces: Vec<&str> = part.split('-').collect();
    let lengths: Vec<usize> = pieces.iter().map(|p| p.len()).collect();
    let none = || foreign(part, text);
    let year = digits(pieces[0]).filter(|_| lengths[0] == 4);
    let Some(year) = year else { return Err(none()) };
    let made = match lengths.as_slice() {
        [4] => Period::year(year),
        [4, 2] if pieces[1].starts_with('Q') => {
            let quarter = digits(&pieces[1][1..]).ok_or_else(none)?;
            if !(1..=4).contains(&quarter) {
                return Err(PeriodError::Quarter(shown(text)));
            }
            Period::quarter(year, quarter as i8)
        }
        [4, 2] | [4, 2, 2] => {
            let month = digits(pieces[1]).ok_or_else(none)?;
            let day = pieces.get(2).map(|d| digits(d).ok_or_else(none)).transpose()?;
            if !(1..=12).contains(&month) {
                return Err(PeriodError::Month(shown(text)));
            }
            let whole = Period::month(year, month as i8);
            match (day, whole.and_then(|m| m.last)) {
                (Some(day), Some(last)) if !(1..=i16::from(last.day())).contains(&day) => {
                    return Err(PeriodError::Day { text: shown(text), month: format!("{year:04}-{month:02}"), days: last.day() });
                }
                (Some(day), _) => Date::new(year, month as i8, day as i8).ok().and_then(Period::day),
                (None, _) => whole,
            }
        }
        _ => return Err(none()),
    };
    made.ok_or_else(|| PeriodError::Year(shown(text)))
}

/// The best explanation for a text that is no canonical form.
fn foreign(part: &str, text: &str) -> PeriodError {
    let parses = |text: &str| text.parse::<Period>().ok();
    let hint = |advice: String| PeriodError::Foreign(shown(text), advice);
    let tight: String = text.split_whitespace().collect();
    if tight.len() < text.len() && parses(&tight).is_some() {
        return PeriodError::Space(shown(text), tight);
    }
    if !part.is_ascii() || part.len() > 40 {
        return PeriodError::Form(shown(text));
    }
    if part.contains(':') || part.ends_with('Z') || part.get(10..11) == Some("T") {
        // The shorter text cannot come back here for ever.
        let day = part.get(..10).filter(|day| part.len() > 10 && parses(day).is_some()).unwrap_or("the day alone");
        return hint(format!("a period is whole days without time of day or zone: write {day}"));
    }
    let upper = part.to_ascii_uppercase();
    if upper != part && parses(&upper).is_some() {
        return hint(format!("write {upper}"));
    }
    let bytes = upper.as_bytes();
    if bytes.len() == 7 && bytes[4] == b'-' && bytes[5] == b'H' {
        let year = &upper[..4];
        return match bytes[6] {
            b'1' => hint(format!("write a half year as {year}-01/{year}-06")),
            b'2' => hint(format!("write a half year as {year}-07/{year}-12")),
            _ => PeriodError::Form(shown(text)),
        };
    }
    if bytes.len() == 8 && &upper[4..6] == "-W" {
        return hint("write a week as its first and last day, such as 2023-05-08/2023-05-14".to_owned());
    }
    if part.is_empty() || part == "." || part == "..." {
        return hint("an open end is `..`, as in 2015/.. or ../2022".to_owned());
    }
    if bytes.len() == 8
        && bytes.iter().all(u8::is_ascii_digit)
        && parses(&format!("{}-{}-{}", &part[..4], &part[4..6], &part[6..])).is_some()
    {
        return hint(format!("write {}-{}-{}", &part[..4], &part[4..6], &part[6..]));
    }
    PeriodError::Form(shown(text))
}

/// The text for a message: at most 60 characters of it.
fn shown(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text.to_owned(),
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
