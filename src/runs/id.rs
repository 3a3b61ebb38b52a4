//! Names of runs: `20261122-2201-rules-7f3a`.

use jiff::Timestamp;

/// Longest part of an id that comes from the extractor's id.
const LONGEST_EXTRACTOR: usize = 40;

/// Hex digits of the content hash that an id has when nothing else is called so.
const DIGITS: usize = 4;

/// The ids that a run may get, shortest first: UTC minute, extractor, and more and more of the content hash.
pub(super) fn candidates<'a>(started: Timestamp, extractor: &str, hash: &'a str) -> impl Iterator<Item = String> + 'a {
    let stem = format!("{}-{}", started.strftime("%Y%m%d-%H%M"), as_file_name(extractor));
    (DIGITS..=hash.len()).step_by(DIGITS).map(move |digits| format!("{stem}-{}", &hash[..digits]))
}

/// The minute of an id, by which the latest run is found; `None` for a folder that is no run.
pub(super) fn minute(id: &str) -> Option<&str> {
    let minute = id.get(..13)?;
    let digit_at = |i: usize, b: u8| if i == 8 { b == b'-' } else { b.is_ascii_digit() };
    minute.bytes().enumerate().all(|(i, b)| digit_at(i, b)).then_some(minute)
}

/// Whether a run of that extractor could have the id.
pub(super) fn may_be_of(id: &str, extractor: &str) -> bool {
    let behind_minute = minute(id).and_then(|minute| id[minute.len()..].strip_prefix('-'));
    let behind_name = behind_minute.and_then(|rest| rest.strip_prefix(as_file_name(extractor).as_str()));
    let hash = behind_name.and_then(|rest| rest.strip_prefix('-'));
    hash.is_some_and(|hash| hash.len() >= DIGITS && hash.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn as_file_name(name: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') { c } else { '-' };
    let name: String = name.chars().take(LONGEST_EXTRACTOR).map(safe).collect();
    if name.is_empty() { "run".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_says_when_who_and_what_and_grows_on_a_clash() {
        let started: Timestamp = "2026-11-22T22:01:59Z".parse().unwrap();
        let mut ids = candidates(started, "rules", "7f3a99bc");
        assert_eq!(ids.next().as_deref(), Some("20261122-2201-rules-7f3a"));
        assert_eq!(ids.next().as_deref(), Some("20261122-2201-rules-7f3a99bc"));
        assert_eq!(ids.next(), None);
        assert_eq!(minute("20261122-2201-rules-7f3a"), Some("20261122-2201"));
        for (extractor, is_it) in [("rules", true), ("rule", false), ("rules-7f3a", false), ("", false)] {
            assert_eq!(may_be_of("20261122-2201-rules-7f3a", extractor), is_it, "{extractor}");
        }
        for other in ["lock", "", "2026112-22201-x", "é0261122-2201"] {
            assert_eq!(minute(other), None, "{other}");
        }
    }

    #[test]
    fn an_extractor_id_cannot_leave_the_folder() {
        let id = candidates(Timestamp::UNIX_EPOCH, "../ü/x", "0000").next().unwrap();
        assert_eq!(id, "19700101-0000-..---x-0000");
    }
}
