//! The verdict of a comparison, in a sentence that a tired person understands.

use std::cmp::Ordering;

use super::model::{ComparisonVerdict, Direction};
use crate::report::signed;
use crate::report::terminal::three;
use crate::score::Criterion;
use crate::stats::{Method, NoInterval, PairedCriterion};

/// What the interval of the primary F1 says.
pub(super) fn verdict([base, head]: [String; 2], criterion: Criterion, primary: &PairedCriterion) -> ComparisonVerdict {
    let f1 = primary.of.f1;
    let numbers = match f1.difference() {
        Some(difference) => format!("F1 {} → {} ({})", three(f1.base), three(f1.head), signed(difference)),
        None => format!("F1 {} → {}", three(f1.base), three(f1.head)),
    };
    let detectable =
        f1.detectable.map(|least| format!("; these articles can show a difference of {} or more", three(Some(least)))).unwrap_or_default();
    let interval = match (f1.ci, f1.reason) {
        (Some([low, high]), _) => {
            let few = if primary.method == Method::Bca { "" } else { " of too few units to rely on" };
            format!("95 % interval {} to {}{few}", signed(low), signed(high))
        }
        (None, Some(NoInterval::AllEqual)) => format!("the same in every unit, p {}", three(f1.p)),
        (None, reason) => format!("no interval ({}), p {}", reason.map(|r| r.to_string()).unwrap_or_default(), three(f1.p)),
    };
    let (direction, sentence) = match f1.direction() {
        _ if primary.differing == 0 => {
            (Direction::Same, format!("{head} and {base} come to the same counts under {criterion} in every unit: {numbers}."))
        }
        Some(Ordering::Greater) => (Direction::Better, format!("{head} is better than {base}: {numbers}, {interval}.")),
        Some(Ordering::Less) => (Direction::Worse, format!("{head} is worse than {base}: {numbers}, {interval}.")),
        Some(Ordering::Equal) => {
            (Direction::NoEvidence, format!("No evidence of a difference between {head} and {base}: {numbers}, {interval}{detectable}."))
        }
        None => (Direction::Undecided, format!("It cannot be said whether {head} is better than {base}: {numbers}, {interval}.")),
    };
    ComparisonVerdict { direction, sentence }
}
