//! What pairs of claims may be chosen for: sets of assignments, a bit each, so that all criteria are decided in one pass.

use super::candidates::Candidate;
use super::criterion::Criterion;

/// A set of assignments: a bit a criterion in the order of the settings (there are at most 106), and one for each other view.
pub(super) type Set = u128;

/// The assignment of the error classes.
pub(super) const ERRORS: Set = 1 << 126;

/// The assignment of the SemEval view.
pub(super) const SEMEVAL: Set = 1 << 127;

/// So many criteria, from the first one on.
pub(super) fn first_criteria(count: usize) -> Set {
    (1 << count) - 1
}

/// The set where a condition holds, else none.
pub(super) fn when(condition: bool, set: Set) -> Set {
    if condition { set } else { 0 }
}

/// Calls with the place of each bit, ascending. By halves, because shifting 128 bits is slow.
pub(super) fn for_each(set: Set, mut each: impl FnMut(usize)) {
    for (half, first) in [(set as u64, 0), ((set >> 64) as u64, 64)] {
        let mut left = half;
        while left != 0 {
            each(first + left.trailing_zeros() as usize);
            left &= left - 1;
        }
    }
}

/// The criteria that ask for an overlap, by what else they ask for.
#[derive(Debug, Default)]
pub(super) struct Eligibility {
    exact: Set,
    strict: Set,
    half: Set,
    overlap: Set,
    claim: Set,
    /// IoU of other hundredths than fifty.
    ious: Vec<(u8, Set)>,
}

impl Eligibility {
    /// Takes over the criteria of the settings.
    pub fn learn(&mut self, criteria: &[Criterion]) {
        let mut ious = std::mem::take(&mut self.ious);
        ious.clear();
        *self = Eligibility { ious, ..Eligibility::default() };
        let mut bit: Set = 1;
        for criterion in criteria {
            match *criterion {
                Criterion::Exact => self.exact |= bit,
                Criterion::Strict => self.strict |= bit,
                Criterion::Iou(50) => self.half |= bit,
                Criterion::Iou(percent) => self.ious.push((percent, bit)),
                Criterion::Overlap => self.overlap |= bit,
                Criterion::Claim => self.claim |= bit,
                Criterion::Value | Criterion::Text => {}
            }
            bit <<= 1;
        }
    }

    /// The criteria under which a pair that overlaps is eligible.
    pub fn of(&self, c: &Candidate) -> Set {
        let mut set = self.overlap
            | when(c.same_place, self.exact)
            | when(c.same_place && c.same_kind, self.strict)
            | when(c.half, self.half)
            | when(c.key_equal, self.claim);
        for &(percent, bit) in &self.ious {
            set |= when(c.iou().at_least(percent), bit);
        }
        set
    }
}
