//! Reading a file of answers, whatever happened to it.

use std::path::Path;

use rustc_hash::FxHashMap;

use super::FORMAT;
use super::entry::{Entry, LogHead, entry};
use super::key::AnswerKey;
use crate::extract::{About, Answer, OutcomeClass};
use crate::files::{self, FileError};

/// What a file of answers holds.
#[derive(Clone, Debug, Default)]
pub struct LoggedAnswers {
    /// Whose answers these are.
    pub head: LogHead,
    /// What the extractor last said of itself.
    pub about: Option<About>,
    /// The last answer of each key.
    pub answers: FxHashMap<AnswerKey, Answer>,
    /// Whether every article got its answer.
    pub ended: bool,
    /// Lines that were cut or damaged, and are not used.
    pub damaged: u64,
}

/// Reads a file of answers.
///
/// # Errors
/// When it cannot be read, or is of a newer format; in words. Where the first line is no head, the head is empty: each answer says by its key
/// what it is an answer to.
pub fn read(path: &Path) -> Result<LoggedAnswers, String> {
    let bytes = match files::read(path, files::MAX_TABLE) {
        Ok(bytes) => bytes,
        Err(FileError::TooLarge(_)) => return Err("over 2 GiB, too large to be read; `assay cache clear` begins it anew".to_owned()),
        Err(error) => return Err(error.to_string()),
    };
    let mut logged = LoggedAnswers::default();
    for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        match entry(line) {
            Some(Entry::Answer(answer)) => {
                let key = answer.key;
                match answer.into_answer() {
                    Ok(answer) => {
                        logged.ended = false;
                        let is_good = answer.outcome.class() == OutcomeClass::Scored;
                        // Articles with one text may share a key: that one failed says nothing of the other.
                        if is_good || logged.answers.get(&key).is_none_or(|before| before.outcome.class() != OutcomeClass::Scored) {
                            logged.answers.insert(key, answer);
                        }
                    }
                    Err(_) => logged.damaged += 1,
                }
            }
            Some(Entry::About(about)) => logged.about = Some(about.into_owned()),
            Some(Entry::Ended) => logged.ended = true,
            Some(Entry::Head(head)) if head.format > FORMAT => {
                let newer = head.format;
                return Err(format!("format {newer} is newer than {FORMAT}, the newest that this version of assay reads; update assay"));
            }
            // Two that began the file at once have both written one.
            Some(Entry::Head(head)) if logged.head.format == 0 || head.identity == logged.head.identity => logged.head = head.into_owned(),
            Some(Entry::Head(_)) | None => logged.damaged += 1,
        }
    }
    Ok(logged)
}

#[cfg(test)]
mod tests {
    use super::super::{AnswerLog, FORMAT, LogLine};
    use super::*;
    use crate::claim::{Claim, FieldState, Span};
    use crate::extract::{LocationCounts, Numbers, Outcome, Spent};

    fn head() -> LogHead {
        LogHead { format: FORMAT, extractor: "x".into(), identity: "ab".into(), repeat: 1, ..LogHead::default() }
    }

    fn answers() -> Vec<(AnswerKey, Answer)> {
        let claim = Claim {
            id: "c".into(),
            fragments: [Span::new(3, 9).unwrap(), Span::new(12, 14).unwrap()].into_iter().collect(),
            quote: "lebih dari \"37.000\"\n\u{2028}".into(),
            kind: "quantity".into(),
            fields: [("bound".to_owned(), FieldState::Absent), ("value".to_owned(), FieldState::Present("37000".to_owned()))]
                .into_iter()
                .collect(),
            score: Some(0.1 + 0.2),
            tracking_id: "k".into(),
        };
        let located = LocationCounts { folded: 1, unlocated: 1, ..LocationCounts::default() };
        let spent = Spent { latency_s: Some(0.25), input_tokens: Some(7), tries: 2, ..Spent::default() };
        let good = Answer { spent, way: 2, message: Some("odd".into()), ..Answer::of_claims("a", vec![claim, Claim::default()], located) };
        [good, Answer::of_claims("b", Vec::new(), LocationCounts::default()), Answer::failed("c", Outcome::Timeout, "late")]
            .into_iter()
            .map(|answer| (AnswerKey::new("ab", answer.article_id.as_bytes(), 1), answer))
            .collect()
    }

    fn written(path: &Path) -> Vec<u8> {
        let mut log = AnswerLog::open(path, &head(), true).unwrap().unwrap();
        log.keep(&LogLine::about(&About { numbers: Some(Numbers::Local), ..About::default() }).unwrap()).unwrap();
        answers().iter().for_each(|(key, answer)| log.keep(&LogLine::answer(*key, answer).unwrap()).unwrap());
        log.ended().unwrap();
        std::fs::read(path).unwrap()
    }

    #[test]
    fn what_is_written_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/log.jsonl");
        written(&path);
        let read = read(&path).unwrap();
        assert_eq!((read.head, read.about.unwrap().numbers, read.ended, read.damaged), (head(), Some(Numbers::Local), true, 0));
        assert_eq!(read.answers.len(), 3);
        for (key, answer) in answers() {
            assert_eq!(read.answers[&key], answer);
        }
    }

    /// A death may cut the file anywhere; what stood before is kept, and what is appended later as well.
    #[test]
    fn wherever_the_file_is_cut_whole_lines_hold_and_more_can_follow() {
        let folder = tempfile::tempdir().unwrap();
        let bytes = written(&folder.path().join("whole"));
        let head_end = bytes.iter().position(|b| *b == b'\n').unwrap() + 1;
        for cut in head_end..bytes.len() {
            let path = folder.path().join("cut");
            std::fs::write(&path, &bytes[..cut]).unwrap();
            let before = read(&path).unwrap();
            // A line is whole when all but its end is there. The first two are no answers.
            let whole = bytes[..=cut].iter().filter(|b| **b == b'\n').count();
            assert_eq!(before.answers.len(), whole.saturating_sub(2).min(3), "{cut}");
            let (key, answer) = answers().remove(0);
            AnswerLog::open(&path, &head(), false).unwrap().unwrap().keep(&LogLine::answer(key, &answer).unwrap()).unwrap();
            let after = read(&path).unwrap();
            assert_eq!(after.answers.get(&key), Some(&answer), "{cut}");
            assert!(before.answers.keys().all(|key| after.answers.contains_key(key)), "{cut}");
        }
    }

    #[test]
    fn a_damaged_line_is_counted_and_costs_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let mut bytes = written(&path);
        let quote = bytes.windows(6).position(|w| w == b"37.000").unwrap();
        bytes[quote] = b'8';
        std::fs::write(&path, &bytes).unwrap();
        let read = read(&path).unwrap();
        assert_eq!((read.answers.len(), read.damaged), (2, 1));
    }

    #[test]
    fn what_is_no_log_and_what_is_newer_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        for (bytes, damaged) in [(b"".as_slice(), 0), (b"{}\n", 1), (b"\xff\n", 1)] {
            std::fs::write(&path, bytes).unwrap();
            let read = read(&path).unwrap();
            assert_eq!((read.head, read.answers.len(), read.damaged), (LogHead::default(), 0, damaged));
        }
        // Without its head a file still has its answers.
        let whole = written(&folder.path().join("whole"));
        std::fs::write(&path, &whole[10..]).unwrap();
        assert_eq!((read(&path).unwrap().answers.len(), read(&path).unwrap().damaged), (3, 1));
        std::fs::remove_file(&path).unwrap();
        AnswerLog::open(&path, &LogHead { format: FORMAT + 1, ..head() }, true).unwrap();
        assert!(read(&path).unwrap_err().contains("update assay"));
    }

    #[test]
    fn one_that_is_taken_alone_is_not_shared() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let held = AnswerLog::open(&path, &head(), true).unwrap();
        assert!(held.is_some() && AnswerLog::open(&path, &head(), false).unwrap().is_none());
        drop(held);
        let shared = [AnswerLog::open(&path, &head(), false).unwrap(), AnswerLog::open(&path, &head(), false).unwrap()];
        assert!(shared.iter().all(Option::is_some) && AnswerLog::open(&path, &head(), true).unwrap().is_none());
    }
}
