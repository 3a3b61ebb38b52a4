//! What pairs weigh: all levels of importance in one integer, so that sums compare as the levels do.

use super::SMALL;
use crate::score::similarity::SCALE;

/// The weight of a pair from the levels that matter, most important first, and the similarity (0..=10^6) as the last.
///
/// `side` is the number of pairs that an assignment can hold at the most.
pub fn levels(ranks: &[u8], similarity: u32, side: usize) -> i128 {
    let base = side as i128 + 1;
    let ranks = ranks.iter().fold(0i128, |sum, &rank| sum * base + i128::from(rank));
    ranks * (i128::from(SCALE) * base) + i128::from(similarity)
}

/// What matters of a pair before its similarity, most important first.
pub type Levels = [u8; 4];

/// The weight that [`levels`] gives, for groups of at most [`SMALL`] pairs. All levels are below 2, and so is `required`, the last
/// one before the similarity.
pub fn small_weight(levels: Levels, required: u8, similarity: u32) -> i64 {
    const BASE: i64 = SMALL as i64 + 1;
    let ranks = levels.iter().fold(0, |sum, &level| sum * BASE + i64::from(level)) * BASE + i64::from(required);
    ranks * (SCALE as i64 * BASE) + i64::from(similarity)
}
