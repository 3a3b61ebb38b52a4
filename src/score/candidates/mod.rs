//! Which pairs of claims of an article can be paired at all.
//!
//! A [`Finder`] looks for pairs that overlap, have equal key fields, or equal quotes; a [`Pairing`] compares the two claims of one.
//! Candidates always ascend by (gold, predicted). Finding them costs n log n for n claims and a step a candidate.

mod equal;
mod index;
mod overlap;
#[cfg(test)]
mod tests;

use std::ops::Range;

use index::Index;

use super::side::{Side, iou};
use super::similarity::{self, Iou};
use super::values::{ABSENT, Value, Values};
use super::vocabulary::Vocabulary;

/// Pairs that are kept for one criterion of one article. Beyond it each claim keeps its likeliest partners only, so that time and
/// memory stay bounded whatever the answer is; the article is counted as thinned. Exact for 2,000 claims a side that overlap a hundred
/// others each.
pub(super) const MOST_CANDIDATES: usize = 250_000;

/// Pairs that are looked at for [`MOST_CANDIDATES`] of them to be chosen from.
const MOST_LOOKED_AT: usize = 20_000_000;

/// A gold and a predicted claim with what the criteria ask of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub gold: u32,
    pub predicted: u32,
    /// Of code points. Places have 32 bits, and so has the number of places that claims cover.
    intersection: u32,
    union: u32,
    pub similarity: u32,
    pub same_place: bool,
    pub same_kind: bool,
    pub key_equal: bool,
    /// IoU of at least one half.
    pub half: bool,
}

impl Candidate {
    /// IoU of at least one half, the same kind, and equal key fields.
    pub fn is_right(&self) -> bool {
        self.half && self.same_kind && self.key_equal
    }

    pub fn iou(&self) -> Iou {
        Iou { intersection: self.intersection.into(), union: self.union.into() }
    }
}

/// Finds the candidates of articles. Made once, used for many articles: its lists are buffers.
#[derive(Default)]
pub(super) struct Finder {
    /// End and number of each prediction that began before the gold at hand, and has not ended before.
    open: Vec<(u32, u32)>,
    index: Index,
    /// For each gold that is joined by value, the members of the index that are its partners.
    partners: Vec<Range<u32>>,
}

/// Both sides of an article.
#[derive(Clone, Copy)]
pub(super) struct Pairing<'a> {
    pub gold: &'a Side,
    pub predicted: &'a Side,
    pub values: &'a Values,
    pub vocabulary: &'a Vocabulary,
}

impl Pairing<'_> {
    #[inline]
    fn pair(self, g: usize, p: usize) -> Candidate {
        self.candidate(g, p, iou(self.gold, g, self.predicted, p))
    }

    #[inline]
    fn candidate(self, g: usize, p: usize, iou: Iou) -> Candidate {
        let same_kind = self.gold.claims[g].kind == self.predicted.claims[p].kind;
        let fields = self.agreement(g, p);
        Candidate {
            gold: g as u32,
            predicted: p as u32,
            intersection: iou.intersection as u32,
            union: iou.union as u32,
            similarity: similarity::similarity(iou, same_kind, (fields.equal, fields.all)),
            same_place: iou.intersection > 0 && iou.intersection == iou.union,
            same_kind,
            key_equal: fields.keys_are_equal,
            half: iou.at_least(50),
        }
    }

    fn keys_are_equal(self, g: usize, p: usize) -> bool {
        self.agreement(g, p).keys_are_equal
    }

    /// Compares the fields that gold has annotated; any other one is equal to anything.
    #[inline]
    fn agreement(self, g: usize, p: usize) -> Agreement {
        let mut agreement = Agreement { equal: 0, all: 0, keys_are_equal: true };
        let answers = self.predicted.cells(p);
        for (i, &(field, truth)) in self.gold.cells(g).iter().enumerate() {
            // Most pairs of claims have the same fields.
            let answer = match answers.get(i) {
                Some(&(same, value)) if same == field => value,
                _ => self.predicted.cell(p, field).unwrap_or(ABSENT),
            };
            let comparison = self.vocabulary.comparison(field);
            let is_equal = truth == answer || (comparison.tolerant && self.equal(field, truth, answer));
            agreement.keys_are_equal &= is_equal || comparison.key.is_none();
            if truth != ABSENT || answer != ABSENT {
                agreement.all += u64::from(comparison.weight);
                agreement.equal += if is_equal { u64::from(comparison.weight) } else { 0 };
            }
        }
        agreement
    }

    /// Whether two values of a field are equal, within its tolerance.
    pub fn equal(self, field: u32, a: Value, b: Value) -> bool {
        a == b || (self.vocabulary.is_tolerant(field) && a != ABSENT && b != ABSENT && self.within_tolerance(field, a, b))
    }

    fn within_tolerance(self, field: u32, a: Value, b: Value) -> bool {
        let tolerance = &self.vocabulary.field(field).field.tolerance;
        matches!((self.values.decimal(a), self.values.decimal(b)), (Some(a), Some(b)) if tolerance.equal(a, b))
    }
}

/// How the fields of two claims compare.
struct Agreement {
    /// Weights of the fields that are equal, and of all that count: those that are not absent on both sides.
    equal: u64,
    all: u64,
    keys_are_equal: bool,
}
