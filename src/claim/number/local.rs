//! One cell of text as a number.

use rust_decimal::Decimal;

use super::figure::{Form, Reading};
use super::find::find_figures;

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocalReading {
    /// One number, exact.
    Value(Decimal),
    /// The language does not decide between two values: equal to nothing.
    Ambiguous,
    /// No number, several, a range, one with bound words, one that is not exact, or more than 28 digits.
    NotANumber,
}

/// Reads a cell by the language of the BCP-47 tag `lang`: `37.000` is 37000 in `id` and 37 in `en`.
///
/// Signs, scale words, number words and a currency sign are read; `35 %` is 35. White space at the edges does not count.
pub fn read_local(text: &str, lang: &str) -> LocalReading {
    let cell = text.trim();
    let mut figures = find_figures(cell, lang).into_iter();
    let (Some(figure), None) = (figures.next(), figures.next()) else {
        return LocalReading::NotANumber;
    };
    let (mut start, mut end) = (figure.span.start, figure.span.end);
    if let Some((money, _)) = &figure.currency {
        start = start.min(money.start);
        end = end.max(money.end);
    }
    let rest = format!("{}{}", &cell[..start], &cell[end..]);
    let whole = rest.chars().all(|c| c.is_whitespace() || c == '.') && figure.value_max.is_none() && figure.bound.is_none();
    if !whole || matches!(figure.form, Form::Ordinal | Form::Label) {
        return LocalReading::NotANumber;
    }
    match figure.reading {
        Reading::Certain => LocalReading::Value(figure.value),
        Reading::Ambiguous => LocalReading::Ambiguous,
        Reading::Rounded => LocalReading::NotANumber,
    }
}
