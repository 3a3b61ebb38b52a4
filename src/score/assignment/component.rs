//! One connected component, solved by successive shortest augmenting paths with potentials.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::ties::TightGraph;
use super::{Edge, NONE};

/// One connected component with dense local indices; rows are golds, columns predictions.
pub(super) struct Component {
    pub rows: Vec<u32>,
    pub columns: Vec<u32>,
    /// Edges of row r are `edges[starts[r]..starts[r + 1]]`, by column.
    starts: Vec<usize>,
    edges: Vec<(u32, i128)>,
    /// Potentials: `row_price[r] + column_price[c] >= weight` with equality on assigned edges; never negative; 0 where unassigned.
    pub row_price: Vec<i128>,
    pub column_price: Vec<i128>,
    pub row_mate: Vec<u32>,
    pub column_mate: Vec<u32>,
}

impl Component {
    pub fn new(sorted: &[Edge]) -> Component {
        let mut rows: Vec<u32> = sorted.iter().map(|e| e.gold).collect();
        rows.dedup();
        let mut columns: Vec<u32> = sorted.iter().map(|e| e.predicted).collect();
        columns.sort_unstable();
        columns.dedup();
        let mut starts = Vec::with_capacity(rows.len() + 1);
        let mut edges = Vec::with_capacity(sorted.len());
        let mut last = None;
        for e in sorted {
            if last != Some(e.gold) {
                starts.push(edges.len());
                last = Some(e.gold);
            }
            edges.push((columns.partition_point(|&c| c < e.predicted) as u32, e.weight));
        }
        starts.push(edges.len());
        Component {
            row_price: vec![0; rows.len()],
            column_price: vec![0; columns.len()],
            row_mate: vec![NONE; rows.len()],
            column_mate: vec![NONE; columns.len()],
            rows,
            columns,
            starts,
            edges,
        }
    }

    pub fn row(&self, r: u32) -> &[(u32, i128)] {
        &self.edges[self.starts[r as usize]..self.starts[r as usize + 1]]
    }

    pub fn solve(mut self) -> Vec<(u32, u32)> {
        let mut search = Search::new(self.rows.len(), self.columns.len());
        for r in 0..self.rows.len() as u32 {
            self.insert(r, &mut search);
        }
        self.break_ties();
        self.row_mate.iter().enumerate().filter(|(_, c)| **c != NONE).map(|(r, &c)| (self.rows[r], self.columns[c as usize])).collect()
    }

    /// Adds a row to the assignment: finds the cheapest alternating path from it to a free column, or to a row that is better
    /// left unassigned, and shifts the assignment along it.
    fn insert(&mut self, start: u32, search: &mut Search) {
        self.row_price[start as usize] = self.row(start).iter().map(|&(c, w)| w - self.column_price[c as usize]).max().unwrap_or(0).max(0);
        search.reset();
        let mut row = start;
        let mut row_cost = 0i128;
        // The cheapest end so far: (cost, row that is left out) or a free column.
        let mut best: (i128, End) = (self.row_price[start as usize], End::Unassigned(start));
        search.rows.push((start, 0));
        loop {
            for i in self.starts[row as usize]..self.starts[row as usize + 1] {
                let (c, weight) = self.edges[i];
                let cost = row_cost + self.row_price[row as usize] + self.column_price[c as usize] - weight;
                if cost < search.cost[c as usize] && cost < best.0 {
                    search.touch(c, cost, row);
                    if self.column_mate[c as usize] == NONE {
                        best = (cost, End::Free(c));
                    } else {
                        search.heap.push(Reverse((cost, c)));
                    }
                }
            }
            let next = loop {
                match search.heap.pop() {
                    Some(Reverse((cost, _))) if cost >= best.0 => break None,
                    Some(Reverse((cost, c))) if cost == search.cost[c as usize] && !search.done[c as usize] => break Some((cost, c)),
                    Some(_) => {}
                    None => break None,
                }
            };
            let Some((cost, c)) = next else { break };
            search.done[c as usize] = true;
            search.columns.push((c, cost));
            row = self.column_mate[c as usize];
            row_cost = cost;
            search.rows.push((row, cost));
            let end = cost + self.row_price[row as usize];
            if end < best.0 {
                best = (end, End::Unassigned(row));
            }
        }
        let (shortest, end) = best;
        for &(r, cost) in search.rows.iter().filter(|(_, cost)| *cost < shortest) {
            self.row_price[r as usize] -= shortest - cost;
        }
        for &(c, cost) in search.columns.iter().filter(|(_, cost)| *cost < shortest) {
            self.column_price[c as usize] += shortest - cost;
        }
        let mut column = match end {
            End::Free(c) => c,
            End::Unassigned(r) => std::mem::replace(&mut self.row_mate[r as usize], NONE),
        };
        while column != NONE {
            let r = search.from[column as usize];
            self.column_mate[column as usize] = r;
            column = std::mem::replace(&mut self.row_mate[r as usize], column);
        }
    }

    /// Among all optimal assignments, takes the one that gives each row in turn the smallest column it can have.
    ///
    /// An assignment is optimal when it uses tight edges only (price sum = weight) and leaves out only rows and columns of
    /// price 0 (complementary slackness). With a stand-in column for every row and a stand-in row for every column, joined
    /// where the originals are, these are exactly the perfect matchings of the tight graph, so that row r can have column c
    /// when, and only when, an alternating cycle leads over that edge.
    fn break_ties(&mut self) {
        if self.tight_edges_are_forced() {
            return;
        }
        TightGraph::new(self).settle(self);
    }

    /// Whether each row's first choice among the tight edges is already its own; then nothing can be smaller.
    fn tight_edges_are_forced(&self) -> bool {
        (0..self.rows.len() as u32).all(|r| {
            let first = self.row(r).iter().find(|&&(c, w)| self.row_price[r as usize] + self.column_price[c as usize] == w);
            match first {
                Some(&(c, _)) => self.row_mate[r as usize] == c,
                None => true,
            }
        })
    }
}

enum End {
    Free(u32),
    Unassigned(u32),
}

/// Buffers of the path search, reused over the rows of a component.
struct Search {
    cost: Vec<i128>,
    from: Vec<u32>,
    done: Vec<bool>,
    touched: Vec<u32>,
    heap: BinaryHeap<Reverse<(i128, u32)>>,
    /// Rows and columns whose shortest cost is final, with that cost.
    rows: Vec<(u32, i128)>,
    columns: Vec<(u32, i128)>,
}

impl Search {
    fn new(rows: usize, columns: usize) -> Search {
        Search {
            cost: vec![i128::MAX; columns],
            from: vec![NONE; columns],
            done: vec![false; columns],
            touched: Vec::new(),
            heap: BinaryHeap::new(),
            rows: Vec::with_capacity(rows),
            columns: Vec::with_capacity(columns),
        }
    }

    fn touch(&mut self, column: u32, cost: i128, from: u32) {
        if self.cost[column as usize] == i128::MAX {
            self.touched.push(column);
        }
        self.cost[column as usize] = cost;
        self.from[column as usize] = from;
    }

    fn reset(&mut self) {
        for c in self.touched.drain(..) {
            self.cost[c as usize] = i128::MAX;
            self.done[c as usize] = false;
        }
        self.heap.clear();
        self.rows.clear();
        self.columns.clear();
    }
}
