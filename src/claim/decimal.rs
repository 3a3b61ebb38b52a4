//! Canonical decimals: `-?\d+(\.\d+)?`, at most 28 digits, exact, never through floats.

use std::borrow::Cow;

use rust_decimal::Decimal;

/// Digits that a decimal may have in all, leading and trailing zeros not counted.
pub const MAX_DIGITS: usize = 28;

/// Why a text is not a canonical decimal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    /// Not of the form `-?\d+(\.\d+)?`.
    #[error("{0:?} is not a canonical decimal; write digits with at most one '.', such as 37000 or -0.5")]
    Grammar(String),
    /// More digits than can be held exactly.
    #[error("a decimal of {0} digits; at most {MAX_DIGITS} are kept exactly")]
    TooLong(usize),
}

/// Reads a canonical decimal.
///
/// # Errors
/// When the text is not of the grammar, or has more than [`MAX_DIGITS`] digits.
///
/// ```
/// use claim_assay::claim::decimal;
/// assert_eq!(decimal::parse("9007199254740993").unwrap().to_string(), "9007199254740993");
/// assert!(decimal::parse("37,000").is_err());
/// ```
pub fn parse(text: &str) -> Result<Decimal, DecimalError> {
    let canonical = canonical(text)?;
    Decimal::from_str_exact(&canonical).map_err(|_| DecimalError::Grammar(shortened(text)))
}

/// The shortest form of a canonical decimal, so that equal numbers are equal texts: no leading zeros, no trailing zeros
/// behind the point, no `-0`.
///
/// # Errors
/// As [`parse`].
pub fn canonical(text: &str) -> Result<Cow<'_, str>, DecimalError> {
    if is_short_canonical(text) {
        return Ok(Cow::Borrowed(text));
    }
    let bad = || DecimalError::Grammar(shortened(text));
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
    let all_digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(whole) || fraction.is_some_and(|f| !all_digits(f)) {
        return Err(bad());
    }
    let short_whole = whole.trim_start_matches('0');
    let short_fraction = fraction.unwrap_or("").trim_end_matches('0');
    let count =
        if short_whole.is_empty() { short_fraction.trim_start_matches('0').len() } else { short_whole.len() + short_fraction.len() };
    if count > MAX_DIGITS || short_fraction.len() > MAX_DIGITS {
        return Err(DecimalError::TooLong(count.max(short_fraction.len())));
    }
    let zero = short_whole.is_empty() && short_fraction.is_empty();
    let unchanged = short_whole.len() == whole.len() && fraction.map_or(0, str::len) == short_fraction.len();
    if unchanged && fraction.is_none_or(|f| !f.is_empty()) && !(negative && zero) {
        return Ok(Cow::Borrowed(text));
    }
    let mut out = String::with_capacity(text.len());
    if negative && !zero {
        out.push('-');
    }
    out.push_str(if short_whole.is_empty() { "0" } else { short_whole });
    if !short_fraction.is_empty() {
        out.push('.');
        out.push_str(short_fraction);
    }
    Ok(Cow::Owned(out))
}

/// Whether a text is a positive number of the shortest form and certainly not too long: the usual case, decided in one pass.
fn is_short_canonical(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (Some(&first), Some(&last)) = (bytes.first(), bytes.last()) else { return false };
    let mut point = None;
    for (i, byte) in bytes.iter().enumerate() {
        match byte {
            b'0'..=b'9' => {}
            b'.' if point.is_none() => point = Some(i),
            _ => return false,
        }
    }
    let whole = point.unwrap_or(bytes.len());
    bytes.len() <= MAX_DIGITS && whole > 0 && (first != b'0' || whole == 1) && (point.is_none() || !matches!(last, b'0' | b'.'))
}

/// A JSON number's digits as a canonical decimal: `3.7e4` and `37000.0` are `37000`.
///
/// # Errors
/// When the exponent or the digits are beyond [`MAX_DIGITS`].
pub fn from_json_number(number: &str) -> Result<Cow<'_, str>, DecimalError> {
    let Some((mantissa, exponent)) = number.split_once(['e', 'E']) else {
        return canonical(number);
    };
    let exponent: i64 = exponent.parse().map_err(|_| DecimalError::Grammar(shortened(number)))?;
    if exponent.unsigned_abs() > 2 * MAX_DIGITS as u64 {
        return Err(DecimalError::TooLong(usize::try_from(exponent.unsigned_abs()).unwrap_or(usize::MAX)));
    }
    let (sign, digits) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let point = whole.len() as i64 + exponent;
    let digits = format!("{whole}{fraction}");
    let plain = if point <= 0 {
        format!("{sign}0.{}{digits}", "0".repeat(point.unsigned_abs() as usize))
    } else if point as usize >= digits.len() {
        format!("{sign}{digits}{}", "0".repeat(point as usize - digits.len()))
    } else {
        format!("{sign}{}.{}", &digits[..point as usize], &digits[point as usize..])
    };
    canonical(&plain).map(|canonical| Cow::Owned(canonical.into_owned()))
}

fn shortened(text: &str) -> String {
    let mut cut: String = text.chars().take(40).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_forms() {
        for (written, expected) in [
            ("37000", "37000"),
            ("000037000", "37000"),
            ("0.50", "0.5"),
            ("00.5", "0.5"),
            ("-0", "0"),
            ("-0.0", "0"),
            ("-5", "-5"),
            ("0", "0"),
            ("10.0", "10"),
            ("100", "100"),
            ("9007199254740993", "9007199254740993"),
            ("1234567890123456789012345678", "1234567890123456789012345678"),
        ] {
            assert_eq!(canonical(written).as_deref(), Ok(expected), "{written}");
        }
    }

    #[test]
    fn what_is_not_canonical_is_refused() {
        for written in ["", "-", ".5", "5.", "+5", "1e3", "37,000", "37.000.000", "NaN", "inf", "0x10", " 5", "１２", "1_000", "--5"] {
            assert!(canonical(written).is_err(), "{written}");
        }
        assert_eq!(canonical(&"9".repeat(29)), Err(DecimalError::TooLong(29)));
    }

    #[test]
    fn json_numbers_keep_their_digits() {
        for (written, expected) in
            [("3.7e4", "37000"), ("37000.0", "37000"), ("1E-2", "0.01"), ("-12.5e1", "-125"), ("1.25e1", "12.5"), ("0e5", "0")]
        {
            assert_eq!(from_json_number(written).as_deref(), Ok(expected), "{written}");
        }
        assert!(from_json_number("1e400").is_err());
        assert!(from_json_number("1e999999999999999999999").is_err());
    }
}
