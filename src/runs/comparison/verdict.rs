//! The verdict of a comparison, in a sentence that a tired person understands.

use super::model::{ComparisonVerdict, Direction};
use crate::report::terminal::three;
use crate::stats::PairedCriterion;

/// What the interval of the primary F1 says.
pub(super) fn verdict([base, head]: [String; 2], primary: &PairedCriterion) -> ComparisonVerdict {
    let f1 = primary.of.f1;
    let numbers = match f1.difference() {
        Some(difference) => format!("F1 {} → {} ({})", three(f1.base), three(f1.head), signed(difference)),
        None => format!("F1 {} → {}", three(f1.base), three(f1.head)),
    };
    let detectable =
        f1.detectable.map(|least| format!("; these articles can show a difference of {} or more", three(Some(least)))).unwrap_or_default();
    let (direction, sentence) = match f1.ci {
        _ if primary.differing == 0 => (Direction::Same, format!("{head} and {base} come to the same counts on every article: {numbers}.")),
        Some([low, high]) => {
            let interval = format!("95 % interval {} to {}", signed(low), signed(high));
            match (low > 0.0, high < 0.0) {
                (true, _) => (Direction::Better, format!("{head} is better than {base}: {numbers}, {interval}.")),
                (_, true) => (Direction::Worse, format!("{head} is worse than {base}: {numbers}, {interval}.")),
                _ => (
                    Direction::NoEvidence,
                    format!("No evidence of a difference between {head} and {base}: {numbers}, {interval}{detectable}."),
                ),
            }
        }
        None => {
            let why = f1.reason.map(|reason| format!(": {reason}")).unwrap_or_default();
            (Direction::Undecided, format!("It cannot be said whether {head} is better than {base}{why}. {numbers}."))
        }
    };
    ComparisonVerdict { direction, sentence }
}

/// `+.021`, `-.004`, `±.000`.
pub(crate) fn signed(difference: f64) -> String {
    let size = three(Some(difference.abs()));
    let sign = if size == ".000" {
        '±'
    } else if difference < 0.0 {
        '-'
    } else {
        '+'
    };
    format!("{sign}{size}")
}
