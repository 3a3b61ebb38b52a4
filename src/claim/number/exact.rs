//! Exact decimal arithmetic: a result is right to the last digit, or there is none.

use rust_decimal::Decimal;

/// More digits than this are not read (a `Decimal` holds 28 of any value).
pub(crate) const MAX_DIGITS: usize = 28;

const LIMIT: i128 = 10_i128.pow(MAX_DIGITS as u32);

/// `mantissa / 10^scale` in its shortest form, or nothing where it takes more than 28 digits.
pub(crate) fn decimal(mut mantissa: i128, mut scale: u32) -> Option<Decimal> {
    while scale > 0 && mantissa % 10 == 0 {
        mantissa /= 10;
        scale -= 1;
    }
    if mantissa.abs() >= LIMIT || scale > MAX_DIGITS as u32 {
        return None;
    }
    Some(Decimal::from_i128_with_scale(mantissa, scale))
}

pub(crate) fn mul(a: Decimal, b: Decimal) -> Option<Decimal> {
    let (a, b) = (a.normalize(), b.normalize());
    decimal(a.mantissa().checked_mul(b.mantissa())?, a.scale() + b.scale())
}

pub(crate) fn add(a: Decimal, b: Decimal) -> Option<Decimal> {
    let scale = a.scale().max(b.scale());
    let widen = |d: Decimal| d.mantissa().checked_mul(10_i128.checked_pow(scale - d.scale())?);
    decimal(widen(a)?.checked_add(widen(b)?)?, scale)
}

/// `a + b`, rounded where it takes more than 28 digits: for values that are rounded already.
pub(crate) fn add_near(a: Decimal, b: Decimal) -> Option<Decimal> {
    add(a, b).or_else(|| a.checked_add(b)).map(|sum| sum.normalize())
}

/// `a / b`, and whether that is exact; otherwise it is rounded at the 28th digit.
pub(crate) fn div(a: Decimal, b: Decimal) -> Option<(Decimal, bool)> {
    let quotient = a.checked_div(b)?.normalize();
    if mul(quotient, b) == Some(a.normalize()) { Some((quotient, true)) } else { Some((quotient.round_dp(27).normalize(), false)) }
}

/// `base^exponent` for small exponents; negative ones where the result is exact.
pub(crate) fn pow(base: Decimal, exponent: i32) -> Option<Decimal> {
    if exponent.unsigned_abs() > 100 {
        return None;
    }
    let mut result = Decimal::ONE;
    for _ in 0..exponent.unsigned_abs() {
        result = mul(result, base)?;
    }
    if exponent < 0 {
        return div(Decimal::ONE, result).and_then(|(q, exact)| exact.then_some(q));
    }
    Some(result)
}

/// `10^exponent`.
pub(crate) fn ten_to(exponent: i32) -> Option<Decimal> {
    match u32::try_from(exponent) {
        Ok(up) if up <= MAX_DIGITS as u32 => decimal(10_i128.checked_pow(up)?, 0),
        Ok(_) => None,
        Err(_) => decimal(1, exponent.unsigned_abs()),
    }
}

/// A run of ASCII digits, with `decimals` of them after the point.
pub(crate) fn from_digits(digits: &str, decimals: usize) -> Option<Decimal> {
    let significant = digits.trim_start_matches('0');
    if significant.len() > 36 {
        return None;
    }
    let mantissa = if significant.is_empty() { 0 } else { significant.parse().ok()? };
    decimal(mantissa, u32::try_from(decimals).ok()?)
}
