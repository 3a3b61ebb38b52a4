//! Edges with dense local indices, and who is whose mate. Rows are golds, columns predictions; both ascend.

use super::{Edge, NONE, Weight};
use crate::score::buffer::reset;

/// What is to be assigned, and what is assigned so far.
///
/// What holds while it is solved: `row_price[r] + column_price[c] >= weight` for every edge, with equality for mates; prices are
/// never negative, and 0 for a row or a column that was left out.
#[derive(Default)]
pub(super) struct Graph<W> {
    /// Golds and predictions that have an edge.
    rows: Vec<u32>,
    columns: Vec<u32>,
    /// Edges of row r stand in `targets` and `weights` from `starts[r]` to `starts[r + 1]`, by column.
    starts: Vec<u32>,
    targets: Vec<u32>,
    weights: Vec<W>,
    pub row_price: Vec<W>,
    pub column_price: Vec<W>,
    /// [`NONE`] where there is none.
    pub row_mate: Vec<u32>,
    pub column_mate: Vec<u32>,
    /// By prediction, its column while the edges are filled in; [`NONE`] otherwise.
    column_of: Vec<u32>,
}

impl<W: Weight> Graph<W> {
    /// Takes edges that ascend by (gold, predicted), with nothing assigned.
    pub fn fill(&mut self, edges: impl Iterator<Item = Edge<W>>) {
        let Graph { rows, columns, starts, targets, weights, column_of, .. } = self;
        rows.clear();
        columns.clear();
        starts.clear();
        targets.clear();
        weights.clear();
        for edge in edges {
            if rows.last() != Some(&edge.gold) {
                rows.push(edge.gold);
                starts.push(targets.len() as u32);
            }
            if column_of.len() <= edge.predicted as usize {
                column_of.resize(edge.predicted as usize + 1, NONE);
            }
            if column_of[edge.predicted as usize] == NONE {
                column_of[edge.predicted as usize] = 0;
                columns.push(edge.predicted);
            }
            targets.push(edge.predicted);
            weights.push(edge.weight);
        }
        starts.push(targets.len() as u32);
        columns.sort_unstable();
        for (c, &predicted) in columns.iter().enumerate() {
            column_of[predicted as usize] = c as u32;
        }
        for target in targets {
            *target = column_of[*target as usize];
        }
        for &predicted in columns.iter() {
            column_of[predicted as usize] = NONE;
        }
        reset(&mut self.row_price, self.rows.len(), W::default());
        reset(&mut self.column_price, self.columns.len(), W::default());
        reset(&mut self.row_mate, self.rows.len(), NONE);
        reset(&mut self.column_mate, self.columns.len(), NONE);
    }

    pub fn rows(&self) -> u32 {
        self.rows.len() as u32
    }

    pub fn columns(&self) -> u32 {
        self.columns.len() as u32
    }

    /// Columns of a row's edges, ascending.
    #[inline]
    pub fn targets(&self, row: u32) -> &[u32] {
        &self.targets[self.starts[row as usize] as usize..self.starts[row as usize + 1] as usize]
    }

    /// (column, weight) of a row's edges.
    #[inline]
    pub fn edges(&self, row: u32) -> impl Iterator<Item = (u32, W)> {
        let weights = &self.weights[self.starts[row as usize] as usize..self.starts[row as usize + 1] as usize];
        self.targets(row).iter().copied().zip(weights.iter().copied())
    }

    /// Columns of a row's edges that an optimum may use, once the graph is solved: those whose prices sum up to the weight.
    #[inline]
    pub fn tight(&self, row: u32) -> impl Iterator<Item = u32> {
        let price = self.row_price[row as usize];
        self.edges(row).filter(move |&(c, weight)| price + self.column_price[c as usize] == weight).map(|(c, _)| c)
    }

    /// Mates as (gold, predicted), sorted.
    pub fn pairs(&self) -> impl Iterator<Item = (u32, u32)> {
        let mates = self.rows.iter().zip(&self.row_mate);
        mates.filter(|(_, c)| **c != NONE).map(|(&gold, &c)| (gold, self.columns[c as usize]))
    }
}
