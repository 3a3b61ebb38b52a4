//! Optimal one-to-one assignment of gold to predicted claims, decided to the last tie.
//!
//! Maximises the sum of the edges' weights, then takes the lexicographically smallest list of (gold, predicted) index pairs.
//! Weights are positive integers that hold all levels of importance (most pairs, then similarity; see [`Scale`]), so that
//! nothing depends on floating point.
//!
//! [`Small`] decides a few edges by trying all that can matter, [`Assigner`] any number: by successive shortest augmenting paths
//! with potentials (Jonker and Volgenant's form of the Hungarian method, on the sparse graph), O(n · e log e) for n golds and e
//! edges that hang together. The potentials then say which edges any optimum may use (those without reduced cost), and ties are
//! broken on that graph alone, with one search a gold at the most, not by solving again.
//!
//! Edges may fall apart into components: no search leaves one, and nothing costs more than the component that it is about. What
//! a call costs depends on its edges, never on how many claims the article has. Buffers are used again for the next call.

mod graph;
mod paths;
mod small;
#[cfg(test)]
mod tests;
mod ties;
mod weight;

use graph::Graph;
use paths::Paths;
pub use small::{SMALL, Small, bits};
use ties::Ties;
pub use weight::{Levels, Scale, Weight, small_weight};

/// A pair that may be assigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge<W> {
    /// Index of the gold claim in canonical order.
    pub gold: u32,
    /// Index of the predicted claim in canonical order.
    pub predicted: u32,
    /// More than 0.
    pub weight: W,
}

/// The mate of a claim that has none.
const NONE: u32 = u32::MAX;

/// Assigns any number of edges. Made once, used for many groups.
#[derive(Default)]
pub struct Assigner<W> {
    graph: Graph<W>,
    paths: Paths<W>,
    ties: Ties,
    pairs: Vec<(u32, u32)>,
}

impl<W: Weight> Assigner<W> {
    /// The optimal assignment, sorted. `edges` ascend by (gold, predicted) and do not repeat a pair.
    pub fn assign(&mut self, edges: impl Iterator<Item = Edge<W>>) -> &[(u32, u32)] {
        self.graph.fill(edges);
        self.paths.solve(&mut self.graph);
        self.ties.settle(&mut self.graph);
        self.pairs.clear();
        self.pairs.extend(self.graph.pairs());
        &self.pairs
    }
}

/// The optimal assignment of edges in any order, sorted; as [`Assigner::assign`], which it makes anew.
pub fn assign<W: Weight>(mut edges: Vec<Edge<W>>) -> Vec<(u32, u32)> {
    edges.sort_unstable_by_key(|e| (e.gold, e.predicted));
    Assigner::default().assign(edges.into_iter()).to_vec()
}
