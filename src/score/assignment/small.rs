//! Small groups of edges, decided by trying all that can matter.

/// Edges that a [`Small`] group has at the most.
pub const SMALL: usize = 16;

/// A small group of edges, sorted by (gold, predicted), each with its number as a bit.
#[derive(Clone, Copy, Debug)]
pub struct Small<'e> {
    /// For each edge, the other ones that share a claim with it.
    pub conflicts: &'e [u16],
}

impl Small<'_> {
    /// Adds the conflicts of edges, given as (gold, predicted).
    pub fn find_conflicts(edges: &[(u32, u32)], conflicts: &mut Vec<u16>) {
        for (i, a) in edges.iter().enumerate() {
            let mut mask = 0u16;
            for (j, b) in edges.iter().enumerate() {
                mask |= u16::from(a.0 == b.0 || a.1 == b.1) << j;
            }
            conflicts.push(mask & !(1 << i));
        }
    }

    /// The optimal assignment among the `eligible` edges by trying all that can matter. As [`super::Assigner::assign`], without its buffers.
    ///
    /// `weight` is that of [`super::small_weight`], and asked for only where edges compete.
    pub fn choose(self, eligible: u16, weight: impl Fn(usize) -> i64) -> u16 {
        // What competes with nothing is always taken.
        let competing = bits(eligible).filter(|&i| self.conflicts[i] & eligible != 0).fold(0u16, |mask, i| mask | 1 << i);
        if competing == 0 {
            return eligible;
        }
        if competing.count_ones() <= 3 {
            return (eligible & !competing) | self.choose_of_three(competing, weight);
        }
        let mut weights = [0; SMALL];
        let mut all = 0;
        for i in bits(competing) {
            weights[i] = weight(i);
            all += weights[i];
        }
        let mut search = SmallSearch { conflicts: self.conflicts, weights, best_weight: 0, best: 0 };
        search.from(competing, 0, 0, all);
        search.best | (eligible & !competing)
    }

    /// The same for two or three edges that each compete with another one: an edge can only come with those it does not compete
    /// with, which is one of three at the most. Of equally good lists the one with the first edge is the smallest.
    fn choose_of_three(self, competing: u16, weight: impl Fn(usize) -> i64) -> u16 {
        let (mut best_weight, mut best) = (0, 0);
        for i in bits(competing) {
            let together = competing & !self.conflicts[i];
            let weight = bits(together).map(&weight).sum();
            if weight > best_weight {
                (best_weight, best) = (weight, together);
            }
        }
        best
    }
}

/// The places of the bits of a mask, ascending.
pub fn bits(mut mask: u16) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        (mask != 0).then(|| {
            let place = mask.trailing_zeros() as usize;
            mask &= mask - 1;
            place
        })
    })
}

struct SmallSearch<'e> {
    conflicts: &'e [u16],
    weights: [i64; SMALL],
    best_weight: i64,
    best: u16,
}

impl SmallSearch<'_> {
    /// Takes or leaves the first of the edges that are `left`, which weigh `rest`, having chosen some of those before it. An edge is
    /// taken before it is left, so that of equally good assignments the smallest list is found first.
    fn from(&mut self, left: u16, chosen: u16, weight: i64, rest: i64) {
        if weight > self.best_weight {
            (self.best_weight, self.best) = (weight, chosen);
        }
        if left == 0 || weight + rest <= self.best_weight {
            return;
        }
        let edge = left.trailing_zeros() as usize;
        let behind = left & (left - 1);
        let excluded = behind & self.conflicts[edge];
        let lost: i64 = bits(excluded).map(|i| self.weights[i]).sum();
        self.from(behind & !excluded, chosen | 1 << edge, weight + self.weights[edge], rest - self.weights[edge] - lost);
        // Leaving an edge that competes with nothing any more cannot be better.
        if excluded != 0 {
            self.from(behind, chosen, weight, rest - self.weights[edge]);
        }
    }
}
