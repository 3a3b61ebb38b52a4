//! What pairs weigh: all levels of importance in one integer, so that sums compare as the levels do.

use std::fmt::Debug;
use std::ops::{Add, AddAssign, Sub, SubAssign};

use super::SMALL;
use crate::score::similarity::SCALE;

/// What matters of a pair before its similarity, most important first: 0 or 1 each.
pub type Levels = [u8; 4];

/// An integer that weights are added up in.
pub trait Weight: Copy + Ord + Default + Debug + From<u32> + Add<Output = Self> + Sub<Output = Self> + AddAssign + SubAssign {
    /// More than any sum of weights.
    const MOST: Self;
}

impl Weight for i64 {
    const MOST: i64 = i64::MAX;
}

impl Weight for i128 {
    const MOST: i128 = i128::MAX;
}

/// What each level weighs: more than all that come after it together, over so many pairs as an assignment can hold.
#[derive(Clone, Copy, Debug)]
pub struct Scale<W> {
    levels: [W; 4],
    required: W,
}

impl Scale<i128> {
    /// For assignments of at most so many pairs. `required` is a level of its own, the last one before the similarity, or does not
    /// count.
    pub fn new(most: usize, required_counts: bool) -> Scale<i128> {
        let base = most as i128 + 1;
        let last = i128::from(SCALE) * base;
        let (required, mut level) = if required_counts { (last, last * base) } else { (0, last) };
        let mut levels = [0; 4];
        for weight in levels.iter_mut().rev() {
            *weight = level;
            level *= base;
        }
        Scale { levels, required }
    }

    /// The same in 64 bits, where they hold all sums and differences of a search, for pairs that have no higher levels than these.
    pub fn narrow(self, highest: Levels) -> Option<Scale<i64>> {
        // A search adds up to three weights.
        if self.weight(highest, 1, SCALE) > i128::from(i64::MAX / 4) {
            return None;
        }
        let levels = std::array::from_fn(|i| if highest[i] > 0 { self.levels[i] as i64 } else { 0 });
        Some(Scale { levels, required: self.required as i64 })
    }
}

impl<W: Weight> Scale<W> {
    /// The weight of a pair; the similarity is in 0..=10^6.
    #[inline]
    pub fn weight(&self, levels: Levels, required: u8, similarity: u32) -> W {
        let mut sum = W::from(similarity);
        for (rank, weight) in levels.into_iter().zip(self.levels).chain([(required, self.required)]) {
            sum += if rank > 0 { weight } else { W::default() };
        }
        sum
    }
}

/// As [`Scale::weight`] for groups of at most [`SMALL`] pairs.
#[inline]
pub fn small_weight(levels: Levels, required: u8, similarity: u32) -> i64 {
    const BASE: i64 = SMALL as i64 + 1;
    let ranks = levels.iter().fold(0, |sum, &level| sum * BASE + i64::from(level)) * BASE + i64::from(required);
    ranks * (SCALE as i64 * BASE) + i64::from(similarity)
}
