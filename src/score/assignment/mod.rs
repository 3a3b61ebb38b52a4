//! Optimal one-to-one assignment of gold to predicted claims, decided to the last tie.
//!
//! Maximises the sum of the edges' weights, then takes the lexicographically smallest list of (gold, predicted) index pairs.
//! Weights are positive integers that hold all levels of importance (most pairs, then similarity; see [`levels`]), so that
//! nothing depends on floating point.
//!
//! Each connected component is solved alone: by successive shortest augmenting paths with potentials (Jonker and Volgenant's
//! form of the Hungarian method, on the sparse graph), O(n · e log e) for n golds and e edges of the component. The potentials
//! then say which edges any optimum may use (those without reduced cost), and ties are broken on that graph alone, with one
//! search a gold at the most, not by solving again.

mod component;
mod small;
#[cfg(test)]
mod tests;
mod ties;
mod weight;

use component::Component;
pub use small::{SMALL, Small, bits};
pub use weight::{Levels, levels, small_weight};

/// A pair that may be assigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Index of the gold claim in canonical order.
    pub gold: u32,
    /// Index of the predicted claim in canonical order.
    pub predicted: u32,
    /// More than 0.
    pub weight: i128,
}

/// The optimal assignment, sorted. `edges` may stand in any order and must not repeat a pair.
pub fn assign(mut edges: Vec<Edge>) -> Vec<(u32, u32)> {
    edges.sort_unstable_by_key(|e| (e.gold, e.predicted));
    let mut pairs = Vec::new();
    for component in components(&edges) {
        match component.as_slice() {
            [only] => pairs.push((only.gold, only.predicted)),
            many => pairs.extend(Component::new(many).solve()),
        }
    }
    pairs.sort_unstable();
    pairs
}

/// Splits edges (sorted) into connected components, each sorted.
fn components(edges: &[Edge]) -> Vec<Vec<Edge>> {
    let golds = edges.iter().map(|e| e.gold as usize + 1).max().unwrap_or(0);
    let predicted = edges.iter().map(|e| e.predicted as usize + 1).max().unwrap_or(0);
    let mut parent: Vec<u32> = (0..(golds + predicted) as u32).collect();
    fn root(parent: &mut [u32], mut x: u32) -> u32 {
        while parent[x as usize] != x {
            parent[x as usize] = parent[parent[x as usize] as usize];
            x = parent[x as usize];
        }
        x
    }
    for e in edges {
        let (a, b) = (root(&mut parent, e.gold), root(&mut parent, golds as u32 + e.predicted));
        parent[a.max(b) as usize] = a.min(b);
    }
    let mut place = vec![usize::MAX; parent.len()];
    let mut out: Vec<Vec<Edge>> = Vec::new();
    for e in edges {
        let r = root(&mut parent, e.gold) as usize;
        if place[r] == usize::MAX {
            place[r] = out.len();
            out.push(Vec::new());
        }
        out[place[r]].push(*e);
    }
    out
}

/// The mate of what has none.
const NONE: u32 = u32::MAX;
