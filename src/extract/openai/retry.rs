//! Whether and when to try again.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use jiff::Timestamp;

/// An endpoint that asks for a longer wait is not waited for.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(120);

/// What is longer is no wait but a mistake.
const LONGEST_SANE: f64 = 31.0 * 86_400.0;

/// The wait that headers ask for: `retry-after-ms`, else `retry-after` in seconds or as a date; `None` where there is none that
/// makes sense, and where it is no time at all: an endpoint that is asked again at once has no time to recover. `header` gives the value of a header by its name in lower case.
pub(super) fn asked_wait<'h>(header: impl Fn(&str) -> Option<&'h str>, now: Timestamp) -> Option<Duration> {
    let number = |text: &str, per_second: f64| {
        let seconds = text.trim().parse::<f64>().ok()? / per_second;
        (seconds > 0.0 && seconds <= LONGEST_SANE).then(|| Duration::from_secs_f64(seconds))
    };
    if let Some(wait) = header("retry-after-ms").and_then(|text| number(text, 1000.0)) {
        return Some(wait);
    }
    let text = header("retry-after")?;
    number(text, 1.0).or_else(|| {
        let at = jiff::fmt::rfc2822::parse(text.trim()).ok()?.timestamp();
        let seconds = at.duration_since(now).as_secs_f64();
        (seconds > 0.0 && seconds <= LONGEST_SANE).then(|| Duration::from_secs_f64(seconds))
    })
}

/// The wait before the try after so many tries, at least one, where none is asked for: doubled each time, up to 16 times the base, and
/// cut by up to a quarter by chance, so that many clients do not come back at one time.
pub(super) fn backoff(base: Duration, tries: u32) -> Duration {
    let longest = base.saturating_mul(1 << tries.saturating_sub(1).min(4));
    let chance = (RandomState::new().hash_one(tries) >> 11) as f64 / (1u64 << 53) as f64;
    longest.mul_f64(1.0 - chance / 4.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_read_in_every_form_and_nonsense_is_none() {
        let now: Timestamp = "2026-01-02T03:04:05Z".parse().unwrap();
        let table = [
            ("", "1", Some(1.0)),
            ("", " 0.25 ", Some(0.25)),
            ("", "0", None),
            ("200", "7", Some(0.2)),
            ("-1", "7", Some(7.0)),
            ("soon", "", None),
            ("", "Fri, 02 Jan 2026 03:04:07 GMT", Some(2.0)),
            ("", "Fri, 02 Jan 2026 03:04:04 GMT", None),
            ("", "Fri, 02 Jan 1970 03:04:04 GMT", None),
            ("", "86400", Some(86_400.0)),
            ("", "-5", None),
            ("", "1e9", None),
            ("", "99999999999999999999", None),
            ("", "NaN", None),
            ("", "inf", None),
        ];
        for (ms, seconds, expected) in table {
            let header = |name: &str| Some(if name == "retry-after-ms" { ms } else { seconds }).filter(|value| !value.is_empty());
            assert_eq!(asked_wait(header, now).map(|wait| wait.as_secs_f64()), expected, "{ms:?} {seconds:?}");
        }
    }

    #[test]
    fn waits_double_up_to_a_limit_and_vary_by_a_quarter() {
        let base = Duration::from_millis(100);
        for (tries, longest) in [(1, 100), (2, 200), (3, 400), (5, 1600), (9, 1600), (u32::MAX, 1600)] {
            let wait = backoff(base, tries).as_secs_f64() * 1000.0;
            assert!(wait <= f64::from(longest) && wait >= 0.75 * f64::from(longest), "{tries}: {wait}");
        }
        assert!((0..20).map(|_| backoff(base, 1)).any(|wait| wait != backoff(base, 1)));
    }
}
