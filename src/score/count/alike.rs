//! How many claims came out alike: a claim costs one step, and not one a criterion.

use rustc_hash::FxHashMap;

use crate::score::choice::Set;
use crate::score::tally::{KindTally, Tally};
/// What decides how a claim is counted by kind.
#[derive(Clone, Copy)]
pub(super) struct Alike {
    pub is_gold: bool,
    pub kind: u32,
    /// The criteria whose population it is in.
    pub inside: Set,
    pub found: Set,
}

impl Alike {
    /// In one word, where there are few criteria and kinds.
    pub fn packed(self) -> Option<u64> {
        let fits = self.kind < 1 << 23 && self.inside < 1 << 20 && self.found < 1 << 20;
        fits.then_some(u64::from(self.is_gold) << 63 | u64::from(self.kind) << 40 | (self.inside as u64) << 20 | self.found as u64)
    }

    pub fn unpacked(word: u64) -> Alike {
        let part = |shift: u32, bits: u32| word >> shift & ((1 << bits) - 1);
        Alike { is_gold: part(63, 1) == 1, kind: part(40, 23) as u32, inside: Set::from(part(20, 20)), found: Set::from(part(0, 20)) }
    }

    /// Counts n such claims.
    pub fn count(self, n: u64, width: usize, tally: &mut Tally) {
        let row = tally.kinds.entry(self.kind).or_insert_with(|| vec![KindTally::default(); width]);
        for (number, counts) in row.iter_mut().enumerate() {
            let (inside, found) = (n * (self.inside >> number & 1) as u64, n * (self.found >> number & 1) as u64);
            if self.is_gold {
                counts.gold += inside;
                counts.gold_matched += found;
            } else {
                counts.predicted += inside;
                counts.predicted_matched += found;
            }
        }
    }
}

/// Counts of words. The ones that come often are counted in an array, by a few bits of their hash.
#[derive(Default)]
pub(super) struct Tallied {
    often: Vec<(u64, u64)>,
    all: FxHashMap<u64, u64>,
}

impl Tallied {
    const OFTEN: usize = 256;

    pub fn add(&mut self, word: u64) {
        if self.often.is_empty() {
            self.often.resize(Self::OFTEN, (u64::MAX, 0));
        }
        // Multiplying spreads the bits (Knuth, volume 3, 6.4); the highest ones depend on all.
        let place = word.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56;
        let (known, n) = &mut self.often[place as usize % Self::OFTEN];
        if *known == word {
            *n += 1;
            return;
        }
        let (before, counted) = (std::mem::replace(known, word), std::mem::replace(n, 1));
        if counted > 0 {
            *self.all.entry(before).or_default() += counted;
        }
    }

    pub fn drain(&mut self) -> impl Iterator<Item = (u64, u64)> {
        let often = self.often.iter_mut().filter(|(_, n)| *n > 0).map(|(word, n)| (*word, std::mem::take(n)));
        often.chain(self.all.drain())
    }

    pub fn len(&self) -> usize {
        self.all.len()
    }
}
