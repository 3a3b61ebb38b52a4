//! The counts of many articles. Totals of disjoint sets of articles add up, in any order.

use std::collections::BTreeMap;

use super::settings::Scorer;
use super::standing::Standing;
use super::tally::{CriterionTally, Tally};
use crate::claim::ArticleStatus;
use crate::extract::{LocationCounts, Outcome};

/// Everything that is summed up over articles.
#[derive(Clone, Debug, Default)]
pub(super) struct Totals {
    /// How many articles ended how.
    pub ends: BTreeMap<(Standing, Outcome, ArticleStatus), u64>,
    /// Scored articles without gold, and those among them without predictions that count.
    pub empty_total: u64,
    pub empty_right: u64,
    pub located: LocationCounts,
    /// All articles that enter the headline.
    pub all: Tally,
    /// By criterion, those among them whose gold is all missed because nothing was answered.
    pub failed: Vec<CriterionTally>,
    /// By place of the column among [`Scorer::article_slices`], then value.
    pub slices: Vec<BTreeMap<String, SliceTally>>,
}

/// Counts of the articles with one value of a column.
#[derive(Clone, Debug, Default)]
pub(super) struct SliceTally {
    pub gold: u64,
    pub predicted: u64,
    pub criteria: Vec<CriterionTally>,
}

impl Totals {
    /// Counts an article that is not excluded among those that may be empty. `judged` are predictions that count.
    pub fn count_empty(&mut self, gold: u64, judged: u64) {
        if gold == 0 {
            self.empty_total += 1;
            self.empty_right += u64::from(judged == 0);
        }
    }

    /// Adds an article's counts to the slice of a value of a column.
    pub fn add_to_slice(&mut self, column: usize, value: &str, gold: u64, predicted: u64, criteria: &[CriterionTally]) {
        if self.slices.len() <= column {
            self.slices.resize_with(column + 1, BTreeMap::new);
        }
        match self.slices[column].get_mut(value) {
            Some(slice) => slice.add(gold, predicted, criteria),
            None => self.slices[column].entry(value.to_owned()).or_default().add(gold, predicted, criteria),
        }
    }

    /// Adds the totals of other articles, which were counted under the same numbers.
    pub fn add(&mut self, other: Totals) {
        for (end, n) in other.ends {
            *self.ends.entry(end).or_default() += n;
        }
        self.empty_total += other.empty_total;
        self.empty_right += other.empty_right;
        self.located += other.located;
        self.all.add(&other.all);
        add_criteria(&mut self.failed, &other.failed);
        for (column, slices) in other.slices.into_iter().enumerate() {
            for (value, counts) in slices {
                self.add_to_slice(column, &value, counts.gold, counts.predicted, &counts.criteria);
            }
        }
    }

    /// The same counts under the numbers of another scorer.
    pub fn renumbered(self, from: &Scorer, to: &Scorer) -> Totals {
        let new = to.renumbering(from);
        let mut slices = self.slices;
        slices.resize_with(from.article_slices().count(), BTreeMap::new);
        let mut of_column: BTreeMap<&str, _> = from.article_slices().zip(slices).collect();
        Totals {
            all: self.all.renumbered(&new),
            slices: to.article_slices().map(|column| of_column.remove(column).unwrap_or_default()).collect(),
            ..self
        }
    }
}

impl SliceTally {
    /// Adds the counts of articles.
    pub fn add(&mut self, gold: u64, predicted: u64, criteria: &[CriterionTally]) {
        self.gold += gold;
        self.predicted += predicted;
        add_criteria(&mut self.criteria, criteria);
    }
}

/// Adds counts by criterion; those of no article are an empty list.
pub(super) fn add_criteria(mine: &mut Vec<CriterionTally>, theirs: &[CriterionTally]) {
    if mine.len() < theirs.len() {
        mine.resize(theirs.len(), CriterionTally::default());
    }
    for (mine, theirs) in mine.iter_mut().zip(theirs) {
        mine.add(theirs);
    }
}
