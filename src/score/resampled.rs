//! What intervals resample, collected article by article: the criteria alone, or all that is counted.

use super::detail::Details;
use super::result::RunResult;
use super::settings::{Scorer, Settings};
use super::tally::{CriterionTally, Tally};
use crate::stats::{Counts, IntervalSettings, Units};

/// Which numbers get intervals, where [`Settings::intervals`] asks for any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IntervalsOf {
    /// Precision, recall and F1 of each criterion.
    #[default]
    Criteria,
    /// Those, and the same of each field and each slice, and average precision.
    All,
}

/// The units of the articles so far. Units of disjoint sets of articles add up, in any order.
#[derive(Clone, Debug)]
pub(super) enum Resampled {
    None,
    Criteria(Units, IntervalSettings),
    All(Box<Details>, IntervalSettings),
}

impl Resampled {
    pub fn new(settings: &Settings, of: IntervalsOf, scorer: &Scorer) -> Resampled {
        match (settings.intervals, of) {
            (None, _) => Resampled::None,
            (Some(settings), IntervalsOf::Criteria) => Resampled::Criteria(Units::new(scorer.criteria().len()), settings),
            (Some(settings), IntervalsOf::All) => Resampled::All(Box::new(Details::new(scorer)), settings),
        }
    }

    /// Whether an article has to have a tally of its own.
    pub fn needs_tallies(&self) -> bool {
        matches!(self, Resampled::All(..))
    }

    /// Adds an article by its counts of the criteria alone.
    pub fn add_criteria(&mut self, criteria: &[CriterionTally], group: Option<&str>) {
        if let Resampled::Criteria(units, _) = self {
            units.add(criteria.iter().map(counts), group);
        }
    }

    /// Adds an article by its tally. `columns` are its values of the columns of the articles that numbers are cut by, by place of
    /// the column.
    pub fn add<'a>(&mut self, tally: &Tally, group: Option<&str>, columns: impl Iterator<Item = (usize, &'a str)>) {
        match self {
            Resampled::All(details, _) => details.add(tally, group, columns),
            _ => self.add_criteria(&tally.criteria, group),
        }
    }

    /// Adds the units of other articles, which were counted under the same numbers.
    pub fn append(&mut self, other: Resampled) {
        match (self, other) {
            (Resampled::Criteria(units, _), Resampled::Criteria(other, _)) => units.merge(other),
            (Resampled::All(details, _), Resampled::All(other, _)) => details.append(&other),
            _ => {}
        }
    }

    /// The same units under the numbers of another scorer.
    pub fn renumbered(self, from: &Scorer, to: &Scorer) -> Resampled {
        match self {
            Resampled::All(details, settings) => Resampled::All(Box::new(details.renumbered(from, to)), settings),
            other => other,
        }
    }

    /// Whether any article is in a group.
    pub fn has_groups(&self) -> bool {
        match self {
            Resampled::None => false,
            Resampled::Criteria(units, _) => units.has_groups(),
            Resampled::All(details, _) => details.has_groups(),
        }
    }

    /// Puts the intervals beside the numbers.
    pub fn add_intervals(self, result: &mut RunResult, scorer: &Scorer) {
        match self {
            Resampled::None => {}
            Resampled::Criteria(units, settings) => {
                for (criterion, intervals) in scorer.criteria().iter().zip(units.intervals(settings)) {
                    if let Some(score) = result.criteria.get_mut(&criterion.to_string()) {
                        score.ci = Some(intervals);
                    }
                }
            }
            Resampled::All(details, settings) => details.add_intervals(result, scorer, settings),
        }
    }
}

pub(super) fn counts(c: &CriterionTally) -> Counts {
    Counts { matched: c.matched, gold: c.gold, predicted: c.predicted }
}
