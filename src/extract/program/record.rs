//! From a record that a program wrote to the answer for its article.

use crate::anchor::OffsetUnit;
use crate::claim::Article;
use crate::extract::answer::{Answer, Outcome, OutcomeClass};
use crate::extract::locate::locate_answer;
use crate::formats::jsonl::{Fault, Record, RecordedError, SHOWN};
use crate::report::safe::quoted;

/// The first faults of a line.
pub(in crate::extract) fn faults_in_words(faults: &[Fault]) -> String {
    const SHOWN: usize = 3;
    let mut words: Vec<String> = faults
        .iter()
        .take(SHOWN)
        .map(|fault| match (fault.claim, &fault.key) {
            (Some(claim), Some(key)) => format!("claims[{claim}].{key} {}", fault.message),
            (Some(claim), None) => format!("claims[{claim}] {}", fault.message),
            (None, Some(key)) => format!("{key} {}", fault.message),
            (None, None) => fault.message.clone(),
        })
        .collect();
    if faults.len() > SHOWN {
        words.push(format!("and {} more", faults.len() - SHOWN));
    }
    words.join("; ")
}

/// What a well-formed record says about its article.
pub(in crate::extract) fn answer(article: &Article, record: &Record<'_>, unit: OffsetUnit) -> Answer {
    match &record.error {
        None => {
            let located = locate_answer(&article.text, &record.claims, unit);
            if let Some((claim, why)) = located.impossible.first() {
                let note = located.note.map(|note| format!("; {note}")).unwrap_or_default();
                return Answer::failed(&article.id, Outcome::Malformed, format!("claims[{claim}] {why}{note}"));
            }
            Answer { message: located.note, ..Answer::of_claims(&article.id, located.claims, located.counts) }
        }
        Some(RecordedError { kind, message }) => {
            let outcome = kind.parse().ok().filter(|outcome: &Outcome| outcome.class() == OutcomeClass::Failed);
            let said = match (kind.is_empty() || outcome.is_some(), message.is_empty()) {
                (_, true) => format!("the extractor answered with an error {}", quoted(kind, SHOWN)),
                (true, false) => format!("the extractor said {}", quoted(message, SHOWN)),
                (false, false) => format!("the extractor said {}: {}", quoted(kind, SHOWN), quoted(message, SHOWN)),
            };
            // An extractor cannot leave articles out of its own score.
            Answer::failed(&article.id, outcome.unwrap_or(Outcome::NotAnswered), said)
        }
    }
}
