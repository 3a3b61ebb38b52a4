//! Drawing units with replacement, fast: sums of count rows over replicates.
//!
//! A replicate of n units is n draws. Drawn one after the other over all rows, each would be a cache miss; instead the number of draws
//! that fall into each block of 256 rows is drawn first ([`super::blocks`]), then that many rows of each block, eight from one random word. The counts of
//! the blocks are multinomial and the draws within a block uniform, so this is the same distribution as n independent draws, exactly:
//! no step is biased. Rows are added in narrow lanes, which the compiler turns into vector instructions, and moved to wide sums before
//! a lane can overflow.

use rayon::prelude::*;

use super::blocks::{BLOCK, BlockDraws};
use super::random::Random;

/// Draws from one random word.
const DRAWS: usize = 8;

/// A count in a row.
pub(super) trait Lane: Copy + Default + Send + Sync + Into<u64> {
    /// The largest count that a lane can hold eight times.
    const LARGEST: u64;
    /// Of a count that is no larger than [`Lane::LARGEST`].
    fn of(count: u64) -> Self;
    /// Adds where the sum is known to fit. In debug builds a checked sum would not be a vector instruction.
    fn plus(self, other: Self) -> Self;
}

macro_rules! lane {
    ($type:ty) => {
        impl Lane for $type {
            const LARGEST: u64 = <$type>::MAX as u64 / DRAWS as u64;

            fn of(count: u64) -> Self {
                count as $type
            }

            #[inline(always)]
            fn plus(self, other: Self) -> Self {
                self.wrapping_add(other)
            }
        }
    };
}

lane!(u16);
lane!(u32);
lane!(u64);

/// Rows of `L` counts each, and how often they can be added before a lane may overflow.
#[derive(Clone, Debug)]
pub(super) struct Rows<T, const L: usize> {
    pub(super) rows: Vec<[T; L]>,
    /// Random words between two flushes.
    pub(super) words: u64,
}

impl<T: Lane, const L: usize> Rows<T, L> {
    /// `largest` is the greatest count of all rows.
    pub fn new(rows: Vec<[T; L]>, largest: u64) -> Rows<T, L> {
        Rows { rows, words: (T::LARGEST / largest.max(1)).max(1) }
    }

    /// The sums of each of that many replicates, in their order. What is drawn depends on the seed, the number of the replicate, and
    /// the number of rows alone: neither on the type nor on the number of the lanes.
    pub fn replicates(&self, seed: u64, replicates: usize) -> Vec<[u64; L]> {
        let blocks = BlockDraws::new(self.rows.len());
        let draw = |counts: &mut Vec<u32>, replicate: usize| {
            let mut random = Random::of_stream(seed, replicate as u64);
            blocks.draw(&mut random, counts);
            self.replicate(random, counts)
        };
        (0..replicates).into_par_iter().map_init(Vec::new, draw).collect()
    }

    /// `counts` are the draws of each block.
    fn replicate(&self, mut random: Random, counts: &[u32]) -> [u64; L] {
        let (blocks, rest) = self.rows.as_chunks::<BLOCK>();
        let mut sums = [0; L];
        for (block, &draws) in blocks.iter().zip(counts) {
            self.add_block(&mut random, block, draws, &mut sums);
        }
        if let Some(&draws) = counts.get(blocks.len()) {
            for _ in 0..draws {
                add(&rest[random.below(rest.len() as u32) as usize], &mut sums);
            }
        }
        sums
    }

    /// Adds that many draws of a block.
    fn add_block(&self, random: &mut Random, block: &[[T; L]; BLOCK], draws: u32, sums: &mut [u64; L]) {
        let mut whole = u64::from(draws) / DRAWS as u64;
        while whole > 0 {
            let now = whole.min(self.words);
            let mut lanes = [T::default(); L];
            for _ in 0..now {
                for index in random.word().to_le_bytes() {
                    let row = &block[usize::from(index)];
                    for (lane, count) in lanes.iter_mut().zip(row) {
                        *lane = lane.plus(*count);
                    }
                }
            }
            add(&lanes, sums);
            whole -= now;
        }
        for index in random.word().to_le_bytes().into_iter().take(draws as usize % DRAWS) {
            add(&block[usize::from(index)], sums);
        }
    }
}

fn add<T: Lane, const L: usize>(row: &[T; L], sums: &mut [u64; L]) {
    for (sum, count) in sums.iter_mut().zip(row) {
        *sum = sum.wrapping_add((*count).into());
    }
}
