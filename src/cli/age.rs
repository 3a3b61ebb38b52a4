//! Ages on the command line.

use jiff::SignedDuration;

/// A time such as `30d`, `12h` or `2w`.
pub(super) fn age(text: &str) -> Result<SignedDuration, String> {
    let wrong = || "write a time such as 30d, 12h or 2w".to_owned();
    let split = text.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
    let (number, unit) = text.split_at(split);
    let seconds = match unit.trim_start() {
        "s" => 1,
        "m" | "min" => 60,
        "h" => 3600,
        "d" => 86_400,
        "w" => 7 * 86_400,
        _ => return Err(wrong()),
    };
    number.parse::<i64>().ok().and_then(|n| n.checked_mul(seconds)).map(SignedDuration::from_secs).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages() {
        for (text, hours) in [("30d", 720), ("12h", 12), ("2w", 336), ("120 min", 2), ("7200s", 2), ("0d", 0)] {
            assert_eq!(age(text), Ok(SignedDuration::from_hours(hours)), "{text}");
        }
        for text in ["", "30", "d", "-1d", "1.5d", "3 months", "99999999999999999w", "1é"] {
            assert!(age(text).is_err(), "{text}");
        }
    }
}
