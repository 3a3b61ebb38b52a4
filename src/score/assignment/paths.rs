//! The optimum: rows are added one by one, each along the cheapest alternating path.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::graph::Graph;
use super::{NONE, Weight};
use crate::score::buffer::reset;

/// Buffers of the path search.
#[derive(Default)]
pub(super) struct Paths<W> {
    /// By column: the cheapest way there so far, the row before it, and whether that is final.
    cost: Vec<W>,
    from: Vec<u32>,
    done: Vec<bool>,
    /// Columns whose entries are not as they were at first.
    touched: Vec<u32>,
    heap: BinaryHeap<Reverse<(W, u32)>>,
    /// Rows and columns whose lowest cost is final, with that cost.
    final_rows: Vec<(u32, W)>,
    final_columns: Vec<(u32, W)>,
}

/// Where a path ends.
enum End {
    Free(u32),
    /// A row is left without a mate.
    Unassigned(u32),
}

impl<W: Weight> Paths<W> {
    /// Assigns all rows of a graph in which nothing is assigned.
    pub fn solve(&mut self, graph: &mut Graph<W>) {
        let columns = graph.columns() as usize;
        reset(&mut self.cost, columns, W::MOST);
        reset(&mut self.from, columns, NONE);
        reset(&mut self.done, columns, false);
        self.touched.clear();
        for row in 0..graph.rows() {
            self.insert(row, graph);
        }
    }

    /// Adds a row to the assignment: finds the cheapest alternating path from it to a free column, or to a row that is better
    /// left unassigned, and shifts the assignment along it.
    fn insert(&mut self, start: u32, graph: &mut Graph<W>) {
        let best_offer = graph.edges(start).map(|(c, weight)| weight - graph.column_price[c as usize]).max();
        graph.row_price[start as usize] = best_offer.unwrap_or_default().max(W::default());
        self.forget();
        let mut row = start;
        let mut row_cost = W::default();
        let mut best: (W, End) = (graph.row_price[start as usize], End::Unassigned(start));
        self.final_rows.push((start, W::default()));
        loop {
            let paid = row_cost + graph.row_price[row as usize];
            for (c, weight) in graph.edges(row) {
                let cost = paid + graph.column_price[c as usize] - weight;
                if cost < self.cost[c as usize] && cost < best.0 {
                    self.touch(c, cost, row);
                    if graph.column_mate[c as usize] == NONE {
                        best = (cost, End::Free(c));
                        if cost == W::default() {
                            break;
                        }
                    } else {
                        self.heap.push(Reverse((cost, c)));
                    }
                }
            }
            let Some((cost, c)) = self.next(best.0) else { break };
            self.done[c as usize] = true;
            self.final_columns.push((c, cost));
            row = graph.column_mate[c as usize];
            row_cost = cost;
            self.final_rows.push((row, cost));
            let end = cost + graph.row_price[row as usize];
            if end < best.0 {
                best = (end, End::Unassigned(row));
            }
        }
        let (lowest, end) = best;
        for &(r, cost) in self.final_rows.iter().filter(|(_, cost)| *cost < lowest) {
            graph.row_price[r as usize] -= lowest - cost;
        }
        for &(c, cost) in self.final_columns.iter().filter(|(_, cost)| *cost < lowest) {
            graph.column_price[c as usize] += lowest - cost;
        }
        let mut column = match end {
            End::Free(c) => c,
            End::Unassigned(r) => std::mem::replace(&mut graph.row_mate[r as usize], NONE),
        };
        while column != NONE {
            let r = self.from[column as usize];
            graph.column_mate[column as usize] = r;
            column = std::mem::replace(&mut graph.row_mate[r as usize], column);
        }
    }

    /// The cheapest column that is not final yet, where it costs less than the best end.
    fn next(&mut self, best: W) -> Option<(W, u32)> {
        while let Some(Reverse((cost, c))) = self.heap.pop() {
            if cost >= best {
                return None;
            }
            if cost == self.cost[c as usize] && !self.done[c as usize] {
                return Some((cost, c));
            }
        }
        None
    }

    fn touch(&mut self, column: u32, cost: W, from: u32) {
        if self.cost[column as usize] == W::MOST {
            self.touched.push(column);
        }
        self.cost[column as usize] = cost;
        self.from[column as usize] = from;
    }

    fn forget(&mut self) {
        for c in self.touched.drain(..) {
            self.cost[c as usize] = W::MOST;
            self.done[c as usize] = false;
        }
        self.heap.clear();
        self.final_rows.clear();
        self.final_columns.clear();
    }
}
