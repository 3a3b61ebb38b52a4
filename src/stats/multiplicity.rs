//! How often each unit is drawn, for sixteen replicates side by side: what is not a few sums of dense columns is computed from this.
//!
//! The draws are those of [`super::draw`]: replicate r of n units draws the same ones there and here.

use std::ops::Range;

use super::blocks::{BLOCK, BlockDraws};
use super::random::Random;

/// Replicates side by side.
pub(super) const LANES: usize = 16;

/// Draws from one random word.
const DRAWS: u32 = 8;

/// The draws of a number of units under a seed.
#[derive(Clone, Debug)]
pub(super) struct Draws {
    units: usize,
    seed: u64,
    blocks: BlockDraws,
}

/// How often each unit was drawn.
#[derive(Clone, Debug, Default)]
pub(super) struct Multiplicities {
    /// By unit, then replicate. No unit is drawn 255 times within the age of the universe.
    pub times: Vec<[u8; LANES]>,
    /// The greatest of all.
    pub most: u8,
    of_blocks: Vec<u32>,
}

impl Draws {
    pub fn new(units: usize, seed: u64) -> Draws {
        Draws { units, seed, blocks: BlockDraws::new(units) }
    }

    /// Draws up to sixteen replicates.
    pub fn draw(&self, replicates: Range<usize>, into: &mut Multiplicities) {
        let Multiplicities { times, most, of_blocks } = into;
        times.clear();
        times.resize(self.units, [0; LANES]);
        for (lane, replicate) in replicates.take(LANES).enumerate() {
            let mut random = Random::of_stream(self.seed, replicate as u64);
            self.blocks.draw(&mut random, of_blocks);
            for (block, &draws) in times.chunks_mut(BLOCK).zip(&*of_blocks) {
                draw_block(&mut random, block, draws, lane);
            }
        }
        *most = times.as_flattened().iter().copied().max().unwrap_or(0);
    }
}

fn draw_block(random: &mut Random, block: &mut [[u8; LANES]], draws: u32, lane: usize) {
    let size = block.len();
    let mut add = |unit: usize| block[unit][lane] = block[unit][lane].saturating_add(1);
    if size < BLOCK {
        (0..draws).for_each(|_| add(random.below(size as u32) as usize));
        return;
    }
    for _ in 0..draws / DRAWS {
        random.word().to_le_bytes().into_iter().for_each(|index| add(usize::from(index)));
    }
    random.word().to_le_bytes().into_iter().take((draws % DRAWS) as usize).for_each(|index| add(usize::from(index)));
}
