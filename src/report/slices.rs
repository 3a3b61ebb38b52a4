//! Tables of slices on the screen of a run.

use std::fmt::Write;

use super::intervals::ends;
use super::safe::shown;
use super::terminal::{DIM, cut, pad_to, three};
use crate::score::result::{RunResult, SlicePrf, SliceScore};

/// The slices of a result under its primary criterion, a table a column; nothing when there are none.
pub fn slices_table(r: &RunResult) -> String {
    let mut out = String::new();
    for slices in r.slices.chunk_by(|a, b| a.column == b.column) {
        let label = format!("by {}, {}", cut(&shown(&slices[0].column), 16), r.primary);
        let intervals = Shown::of(slices.iter(), &r.primary);
        let heading = match intervals {
            Some(interval) => interval.heading(&label),
            None => format!("{}  gold    pred  matched        P      R     F1", pad_to(&label, 32)),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{DIM}{heading}{DIM:#}");
        for slice in slices {
            let Some(score) = slice.criteria.get(&r.primary) else { continue };
            let row = match intervals {
                Some(interval) => interval.row(slice, score),
                None => slice_row(&slice.value, slice.gold, slice.predicted, score),
            };
            let _ = writeln!(out, "{row}");
        }
        if intervals.is_some_and(|interval| slices.iter().any(|slice| interval.is_doubtful(slice))) {
            let _ = writeln!(out, "  {DIM}{UNRELIABLE}{DIM:#}");
        }
    }
    out
}

/// The table of slices where it has intervals, which nothing else can show; else nothing.
pub fn slices_with_intervals(r: &RunResult) -> String {
    if r.slices.iter().any(|slice| slice.ci.is_some()) { slices_table(r) } else { String::new() }
}

/// One line of a table of slices.
pub fn slice_row(label: &str, gold: u64, predicted: Option<u64>, score: &SlicePrf) -> String {
    let predicted = predicted.map_or_else(|| "–".to_owned(), |n| n.to_string());
    let label = pad_to(&cut(&shown(label), 30), 30);
    format!(
        "  {label}{gold:>6}  {predicted:>6}  {:>6}    {:>5}  {:>5}  {:>5}",
        score.tp,
        three(score.precision),
        three(score.recall),
        three(score.f1)
    )
}

/// Of which number a table of slices has room for the interval: F1, or recall where the column defines no F1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    F1,
    Recall,
}

impl Shown {
    /// For the slices of a column; `None` where they have no intervals.
    fn of<'s>(mut slices: impl Iterator<Item = &'s SliceScore> + Clone, primary: &str) -> Option<Shown> {
        slices.clone().any(|slice| slice.ci.is_some()).then(|| {
            let has_f1 = slices.any(|slice| slice.criteria.get(primary).is_some_and(|score| score.f1.is_some()));
            if has_f1 { Shown::F1 } else { Shown::Recall }
        })
    }

    fn interval(self, slice: &SliceScore) -> Option<[f64; 2]> {
        let ci = slice.ci.as_ref()?;
        if self == Shown::F1 { ci.of.f1 } else { ci.of.recall }
    }

    /// Whether the interval is of too few units.
    fn is_doubtful(self, slice: &SliceScore) -> bool {
        self.interval(slice).is_some() && slice.ci.as_ref().is_some_and(|ci| ci.unreliable)
    }

    /// Above a table whose first column is that of the slices.
    fn heading(self, label: &str) -> String {
        let number = if self == Shown::F1 { "F1" } else { "R" };
        format!("{}  gold    pred  matched        P      R     F1  95 % of {number}", pad_to(label, LABEL + 1))
    }

    /// A slice with its interval; `?` where it is unreliable.
    fn row(self, slice: &SliceScore, score: &SlicePrf) -> String {
        let predicted = slice.predicted.map_or_else(|| "–".to_owned(), |n| n.to_string());
        let doubt = if self.is_doubtful(slice) { "?" } else { "" };
        format!(
            "  {}{:>5}  {predicted:>6}   {:>6}    {:>5}  {:>5}  {:>5}  {}{doubt}",
            pad_to(&cut(&shown(&slice.value), LABEL - 1), LABEL),
            slice.gold,
            score.tp,
            three(score.precision),
            three(score.recall),
            three(score.f1),
            ends(self.interval(slice))
        )
    }
}

/// Columns of the names of slices beside intervals.
const LABEL: usize = 17;

/// What `?` in a table of slices means.
const UNRELIABLE: &str = "? fewer than 10 units with a claim in the slice: unreliable";
