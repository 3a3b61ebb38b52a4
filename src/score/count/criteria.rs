//! Counts by criterion, by kind, and by what cuts gold claims.

use super::alike::Alike;
use super::populations::{Outside, Populations};
use super::{Beside, Counts};
use crate::score::buffer::reset;
use crate::score::choice::{self, Set};
use crate::score::matching::Matcher;
use crate::score::settings::{ClaimSlice, Scorer};
use crate::score::tally::{CriterionTally, FoundTally, Hit, Tally};
use crate::score::values::ABSENT;

impl Counts {
    pub(super) fn criteria(&mut self, matcher: &Matcher, scorer: &Scorer, beside: &impl Beside, tally: &mut Tally) {
        let (golds, predictions) = (&matcher.gold.claims, &matcher.predicted.claims);
        let width = scorer.criteria.len();
        self.criteria.clear();
        self.criteria.resize(width, CriterionTally { gold: self.gold, predicted: self.predicted, ..CriterionTally::default() });
        reset(&mut self.found_gold, golds.len(), 0);
        reset(&mut self.found_predicted, predictions.len(), 0);
        reset(&mut self.ignored, predictions.len(), 0);
        let criteria = choice::first_criteria(width);
        for (c, set) in matcher.chosen() {
            let set = set & criteria;
            self.found_gold[c.gold as usize] |= set;
            self.found_predicted[c.predicted as usize] |= set;
            if golds[c.gold as usize].optional {
                self.ignored[c.predicted as usize] |= set;
                choice::for_each(set, |number| self.criteria[number].predicted -= 1);
            } else {
                choice::for_each(set, |number| {
                    let counts = &mut self.criteria[number];
                    counts.matched += 1;
                    counts.similarity += u64::from(c.similarity);
                });
            }
        }
        let populations = Populations::of(scorer);
        let mut outside = Outside::default();
        for (g, gold) in golds.iter().enumerate().filter(|(_, gold)| !gold.optional) {
            let inside = populations.with(gold);
            let found = self.found_gold[g] & inside;
            outside.add(gold);
            if !scorer.claim_slices.is_empty() {
                slices(g, (inside, found), matcher, scorer, beside, tally);
            }
            self.count_alike(Alike { is_gold: true, kind: gold.kind, inside, found }, width, tally);
        }
        outside.leave_out(scorer, |number, n| self.criteria[number].gold -= n);
        let primary: Set = 1 << scorer.primary_number();
        let mut outside = Outside::default();
        for (p, predicted) in predictions.iter().enumerate() {
            let inside = populations.with(predicted) & !self.ignored[p];
            let found = self.found_predicted[p] & inside;
            outside.add(predicted);
            if inside & primary != 0 {
                match predicted.score {
                    Some(score) => tally.hits.push(Hit::new(score, found & primary != 0)),
                    None => tally.without_score += 1,
                }
            }
            self.count_alike(Alike { is_gold: false, kind: predicted.kind, inside, found }, width, tally);
        }
        outside.leave_out(scorer, |number, n| self.criteria[number].predicted -= n);
        if tally.criteria.len() < width {
            tally.criteria.resize(width, CriterionTally::default());
        }
        for (all, counts) in tally.criteria.iter_mut().zip(&self.criteria) {
            all.add(counts);
        }
    }

    fn count_alike(&mut self, claim: Alike, width: usize, tally: &mut Tally) {
        match claim.packed() {
            _ if claim.inside == 0 => {}
            Some(word) => self.alike.add(word),
            None => claim.count(1, width, tally),
        }
    }
}

/// Counts a gold claim in the slices that cut gold claims. `inside` and `found` have a bit a criterion.
fn slices(g: usize, (inside, found): (Set, Set), matcher: &Matcher, scorer: &Scorer, beside: &impl Beside, tally: &mut Tally) {
    let width = scorer.criteria.len();
    let mut add = |slice: usize, value: &str| {
        let new = || FoundTally { gold: 0, found: vec![(0, 0); width] };
        let counts = tally.claim_slices.entry((slice as u16, value.to_owned())).or_insert_with(new);
        counts.gold += 1;
        for (number, of_criterion) in counts.found.iter_mut().enumerate() {
            of_criterion.0 += (inside >> number) as u64 & 1;
            of_criterion.1 += (found >> number) as u64 & 1;
        }
    };
    for (number, slice) in scorer.claim_slices.iter().enumerate() {
        match slice {
            ClaimSlice::Tags => {
                for tag in beside.tags(matcher.gold.claims[g].source as usize) {
                    add(number, tag);
                }
            }
            ClaimSlice::Field(field) => match matcher.gold.cell(g, *field) {
                None => {}
                Some(ABSENT) => add(number, "none"),
                Some(value) => matcher.values.text(value).split('\n').for_each(|value| add(number, value)),
            },
        }
    }
}
