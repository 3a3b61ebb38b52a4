//! The paired randomization test: how often a difference as large comes about when it is left to chance which run gave which answer.
//!
//! Under the null hypothesis the answers of the two runs to a unit could be swapped. The two-sided p is the share of all swaps of
//! units whose difference is at least as large as the one observed (Noreen 1989; for F1: Yeh 2000). Units with equal counts change
//! nothing and are left out.

use rayon::prelude::*;

use super::random::Random;

/// Most differing units whose swaps are all tried: 65,536.
pub const MOST_EXACT_UNITS: usize = 16;

/// Two differences that rounding alone tells apart are equal.
const ROUNDING: f64 = 1e-12;

/// Swaps that one thread draws behind one another.
const SWAPS_AT_ONCE: usize = 64;

/// How many swaps are drawn where there are too many to try all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RandomizationSettings {
    /// Random swaps.
    pub swaps: u32,
    /// Of the draws.
    pub seed: u64,
}

impl Default for RandomizationSettings {
    fn default() -> RandomizationSettings {
        RandomizationSettings { swaps: 10_000, seed: 20_240_513 }
    }
}

/// Two-sided p of precision, recall and F1; `None` where a number of either run is undefined.
///
/// `totals` are (matched, gold, predicted) of both runs, `differing` the differences of each unit with different counts, in an
/// order that the data alone decide. With at most 16 of them it is exact, `k / 2^n`, where k counts swaps with a difference at least
/// as large; else `(1 + k) / (1 + swaps)`. A swap that leaves a number undefined counts as large.
pub(super) fn randomization(totals: [[u64; 3]; 2], differing: &[[i64; 3]], settings: RandomizationSettings) -> [Option<f64>; 3] {
    let observed = super::paired::differences(totals);
    let large = |moved: [i64; 3]| -> [u64; 3] {
        let swapped = [
            std::array::from_fn(|i| (totals[0][i] as i64 + moved[i]) as u64),
            std::array::from_fn(|i| (totals[1][i] as i64 - moved[i]) as u64),
        ];
        let found = super::paired::differences(swapped);
        std::array::from_fn(|i| match (found[i], observed[i]) {
            (Some(found), Some(observed)) => u64::from(found.abs() >= observed.abs() - ROUNDING),
            _ => 1,
        })
    };
    let (counts, smoothing, all) = if differing.len() <= MOST_EXACT_UNITS {
        let all = 1u64 << differing.len();
        (exact(differing, large), 0, all)
    } else {
        (drawn(differing, large, settings), 1, u64::from(settings.swaps))
    };
    std::array::from_fn(|i| observed[i].map(|_| (smoothing + counts[i]) as f64 / (smoothing + all) as f64))
}

fn exact(differing: &[[i64; 3]], large: impl Fn([i64; 3]) -> [u64; 3]) -> [u64; 3] {
    (0..1u32 << differing.len()).fold([0; 3], |counts, swap| {
        let chosen = differing.iter().enumerate().filter(|(unit, _)| swap >> unit & 1 == 1);
        plus(counts, large(chosen.fold([0; 3], |moved, (_, difference)| plus(moved, *difference))))
    })
}

fn drawn(differing: &[[i64; 3]], large: impl Fn([i64; 3]) -> [u64; 3] + Sync, settings: RandomizationSettings) -> [u64; 3] {
    let swap = |number: usize| {
        let mut random = Random::of_stream(settings.seed, number as u64);
        let mut moved = [0; 3];
        for units in differing.chunks(64) {
            let word = random.word();
            for (unit, difference) in units.iter().enumerate() {
                // All ones or none, so that a coin is no branch.
                let mask = ((word >> unit & 1) as i64).wrapping_neg();
                moved = plus(moved, difference.map(|count| count & mask));
            }
        }
        large(moved)
    };
    (0..settings.swaps as usize).into_par_iter().with_min_len(SWAPS_AT_ONCE).map(swap).reduce(|| [0; 3], plus)
}

fn plus<T: std::ops::Add<Output = T> + Copy>(a: [T; 3], b: [T; 3]) -> [T; 3] {
    std::array::from_fn(|i| a[i] + b[i])
}

/// p-values adjusted for being looked at together: Holm (1979), in the order given.
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let mut adjusted = vec![0.0; p.len()];
    let mut largest: f64 = 0.0;
    for (rank, &place) in order.iter().enumerate() {
        largest = largest.max(((p.len() - rank) as f64 * p[place]).min(1.0));
        adjusted[place] = largest;
    }
    adjusted
}

/// McNemar's test (1947) on things that exactly one of two runs got right: `(exact, mid)` two-sided p of the binomial distribution
/// with probability one half. The mid-p leaves out half of the probability of the observed table (Fagerland et al. 2013).
pub fn mcnemar(only_first: u64, only_second: u64) -> (f64, f64) {
    let (n, fewer) = (only_first + only_second, only_first.min(only_second));
    // Logarithms, because ½^n is 0 in floating point for n over 1,074.
    let ln_half_to_n = -(n as f64) * std::f64::consts::LN_2;
    let mut ln_choose = 0.0;
    let mut below = 0.0;
    let mut last = ln_half_to_n.exp();
    below += last;
    for i in 1..=fewer {
        ln_choose += ((n - i + 1) as f64 / i as f64).ln();
        last = (ln_choose + ln_half_to_n).exp();
        below += last;
    }
    ((2.0 * below).min(1.0), (2.0 * below - last).min(1.0))
}
