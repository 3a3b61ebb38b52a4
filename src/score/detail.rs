//! What is counted of each unit beside the criteria, kept where it is not nothing: fields, slices, and the confidence of predictions.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::criterion::Criterion;
use super::resampled::counts;
use super::result::{RunResult, SliceScore};
use super::settings::{Scorer, SliceColumn};
use super::tally::{FieldTally, Hit, Tally};
use crate::stats::{Counts, CriterionIntervals, IntervalSettings, NumberedUnits, Sparse, Units};

/// By value of a column.
type ByValue<const N: usize> = BTreeMap<String, Sparse<N>>;

/// Counts under the primary criterion, by unit.
#[derive(Clone, Debug)]
pub(super) struct Details {
    primary: usize,
    units: NumberedUnits,
    /// By number of the field.
    fields: Vec<Sparse<5>>,
    /// By number of the kind: gold claims found, gold claims, predicted claims with a pair, predicted claims.
    kinds: Vec<Sparse<4>>,
    /// By number of the claim slice: gold claims found, gold claims.
    of_claims: Vec<ByValue<2>>,
    /// By place of the column of the articles: pairs, gold claims, predicted claims.
    of_articles: Vec<ByValue<3>>,
    hits: Vec<(Hit, u32)>,
}

impl Details {
    pub fn new(scorer: &Scorer) -> Details {
        Details {
            primary: scorer.primary_number(),
            units: NumberedUnits::new(scorer.criteria().len()),
            fields: Vec::new(),
            kinds: Vec::new(),
            of_claims: vec![BTreeMap::new(); scorer.claim_slices.len()],
            of_articles: vec![BTreeMap::new(); scorer.article_slices().count()],
            hits: Vec::new(),
        }
    }

    pub fn has_groups(&self) -> bool {
        self.units.has_groups()
    }

    /// Adds an article; see [`super::resampled::Resampled::add`].
    pub fn add<'a>(&mut self, tally: &Tally, group: Option<&str>, columns: impl Iterator<Item = (usize, &'a str)>) {
        let unit = self.units.add(tally.criteria.iter().map(counts), group);
        for (&field, counts) in &tally.fields {
            at(&mut self.fields, field as usize).add(unit, of_field(counts));
        }
        for (&kind, counts) in &tally.kinds {
            let k = counts.get(self.primary).copied().unwrap_or_default();
            at(&mut self.kinds, kind as usize).add(unit, [k.gold_matched, k.gold, k.predicted_matched, k.predicted]);
        }
        for ((slice, value), counts) in &tally.claim_slices {
            let (gold, found) = counts.found.get(self.primary).copied().unwrap_or_default();
            if let Some(column) = self.of_claims.get_mut(usize::from(*slice)) {
                with_value(column, value).add(unit, [found, gold]);
            }
        }
        let primary = tally.criteria.get(self.primary).copied().unwrap_or_default();
        for (column, value) in columns {
            if let Some(column) = self.of_articles.get_mut(column) {
                with_value(column, value).add(unit, [primary.matched, primary.gold, primary.predicted]);
            }
        }
        self.hits.extend(tally.hits.iter().map(|&hit| (hit, unit)));
    }

    /// Adds what was counted of other articles under the same numbers.
    pub fn append(&mut self, other: &Details) {
        let numbers = self.units.append(&other.units);
        for (field, counts) in other.fields.iter().enumerate() {
            at(&mut self.fields, field).append(counts, &numbers);
        }
        for (kind, counts) in other.kinds.iter().enumerate() {
            at(&mut self.kinds, kind).append(counts, &numbers);
        }
        append(&mut self.of_claims, &other.of_claims, &numbers);
        append(&mut self.of_articles, &other.of_articles, &numbers);
        self.hits.extend(other.hits.iter().map(|&(hit, unit)| (hit, numbers[unit as usize])));
    }

    /// The same under the numbers of another scorer.
    pub fn renumbered(self, from: &Scorer, to: &Scorer) -> Details {
        let new = to.renumbering(from);
        let mut out = Details { primary: to.primary_number(), units: self.units, hits: self.hits, ..Details::new(to) };
        for (counts, &number) in self.fields.into_iter().zip(&new.fields).filter(|(counts, _)| !counts.is_empty()) {
            *at(&mut out.fields, number as usize) = counts;
        }
        for (counts, &number) in self.kinds.into_iter().zip(&new.kinds).filter(|(counts, _)| !counts.is_empty()) {
            *at(&mut out.kinds, number as usize) = counts;
        }
        for (values, number) in self.of_claims.into_iter().zip(&new.claim_slices) {
            if let Some(column) = number.and_then(|number| out.of_claims.get_mut(usize::from(number))) {
                *column = values;
            }
        }
        for (values, name) in self.of_articles.into_iter().zip(from.article_slices()) {
            if let Some(number) = to.article_slices().position(|known| known == name) {
                out.of_articles[number] = values;
            }
        }
        out
    }

    pub fn add_intervals(self, result: &mut RunResult, scorer: &Scorer, settings: IntervalSettings) {
        let Details { primary, units, mut fields, kinds, of_claims, of_articles, hits } = self;
        let mut slices = Slices { scorer, kinds, of_claims, of_articles, settings };
        slices.add_intervals(&mut result.slices);
        drop(slices);
        fields.resize(scorer.vocabulary.fields().len(), Sparse::default());
        let all = units.intervals(fields, hits, primary, settings);
        for (criterion, intervals) in scorer.criteria().iter().zip(all.criteria) {
            if let Some(score) = result.criteria.get_mut(&criterion.to_string()) {
                score.ci = Some(intervals);
            }
        }
        for (rule, intervals) in scorer.vocabulary.fields().iter().zip(all.fields) {
            if let Some(score) = result.fields.get_mut(&rule.field.name) {
                score.matched.ci = Some(intervals.matched);
                score.end_to_end.ci = Some(intervals.end_to_end);
            }
        }
        if let Some(calibration) = &mut result.calibration {
            calibration.ci = all.ranking;
        }
    }
}

/// Slices resample the units that have a claim in them among themselves.
struct Slices<'a> {
    scorer: &'a Scorer,
    kinds: Vec<Sparse<4>>,
    of_claims: Vec<ByValue<2>>,
    of_articles: Vec<ByValue<3>>,
    settings: IntervalSettings,
}

impl Slices<'_> {
    fn add_intervals(&mut self, scores: &mut [SliceScore]) {
        self.kinds.par_iter_mut().for_each(Sparse::sort);
        self.of_claims.iter_mut().flat_map(BTreeMap::values_mut).for_each(Sparse::sort);
        self.of_articles.iter_mut().flat_map(BTreeMap::values_mut).for_each(Sparse::sort);
        let columns: BTreeMap<&str, (usize, &SliceColumn)> = {
            let mut articles = 0..;
            let number = |column: &SliceColumn| if *column == SliceColumn::Article { articles.next().unwrap_or(0) } else { 0 };
            let mut number = number;
            self.scorer.slices.iter().map(|(name, column)| (name.as_str(), (number(column), column))).collect()
        };
        let this = &*self;
        scores.par_iter_mut().for_each(|score| {
            let Some(&(number, column)) = columns.get(score.column.as_str()) else { return };
            score.ci = Some(Box::new(match column {
                SliceColumn::Kind => this.of_kind(&score.value),
                SliceColumn::Claim(number) => this.of_gold(this.of_claims.get(usize::from(*number)).and_then(|c| c.get(&score.value))),
                SliceColumn::Article => this.of_both(this.of_articles.get(number).and_then(|c| c.get(&score.value))),
            }));
        });
    }

    /// Recall by gold, precision by prediction, from the same draws.
    fn of_kind(&self, kind: &str) -> CriterionIntervals {
        let counts = self.scorer.vocabulary.kind_number(kind).and_then(|number| self.kinds.get(number as usize));
        let of_gold = |[matched, gold, _, predicted]: [u64; 4]| Counts { matched, gold, predicted };
        let of_predicted = |[_, _, matched, predicted]: [u64; 4]| Counts { matched, gold: predicted, predicted };
        let mut found = self.intervals(counts, [of_gold, of_predicted]);
        let [mut of_kind, of_predicted] = [found.next(), found.next()].map(Option::unwrap_or_default);
        of_kind.of.precision = of_predicted.of.precision;
        of_kind.undefined.precision = of_predicted.undefined.precision;
        of_kind.reasons.precision = of_predicted.reasons.precision;
        // Only there does a pair have one kind.
        if self.scorer.primary() == Criterion::Strict { of_kind } else { of_kind.without_f1(self.settings) }
    }

    fn of_gold(&self, counts: Option<&Sparse<2>>) -> CriterionIntervals {
        let mut found = self.intervals(counts, [|[matched, gold]: [u64; 2]| Counts { matched, gold, predicted: gold }]);
        found.next().unwrap_or_default().without_precision(self.settings).without_f1(self.settings)
    }

    fn of_both(&self, counts: Option<&Sparse<3>>) -> CriterionIntervals {
        let mut found = self.intervals(counts, [|[matched, gold, predicted]: [u64; 3]| Counts { matched, gold, predicted }]);
        found.next().unwrap_or_default()
    }

    fn intervals<const N: usize, const M: usize>(
        &self,
        counts: Option<&Sparse<N>>,
        of: [fn([u64; N]) -> Counts; M],
    ) -> impl Iterator<Item = CriterionIntervals> + use<N, M> {
        let mut units = Units::new(M);
        if let Some(counts) = counts {
            counts.each_unit(|_, row| units.add(of.iter().map(|of| of(row)), None));
        }
        units.intervals(self.settings).into_iter()
    }
}

fn of_field(c: &FieldTally) -> [u64; 5] {
    [c.cor, c.cor + c.inc + c.mis, c.cor + c.inc + c.spu, c.gold, c.predicted]
}

fn at<const N: usize>(list: &mut Vec<Sparse<N>>, number: usize) -> &mut Sparse<N> {
    if list.len() <= number {
        list.resize(number + 1, Sparse::default());
    }
    &mut list[number]
}

fn with_value<'c, const N: usize>(column: &'c mut ByValue<N>, value: &str) -> &'c mut Sparse<N> {
    if !column.contains_key(value) {
        column.insert(value.to_owned(), Sparse::default());
    }
    column.entry(value.to_owned()).or_default()
}

fn append<const N: usize>(mine: &mut [ByValue<N>], theirs: &[ByValue<N>], numbers: &[u32]) {
    for (mine, theirs) in mine.iter_mut().zip(theirs) {
        for (value, counts) in theirs {
            with_value(mine, value).append(counts, numbers);
        }
    }
}
