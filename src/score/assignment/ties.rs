//! The last tie: among all optimal assignments, the one that gives each row in turn the smallest column it can have.
//!
//! An assignment is optimal when it uses tight edges only (price sum = weight) and leaves out only rows and columns of price 0
//! (complementary slackness). With a stand-in column for every row and a stand-in row for every column, joined where the originals
//! are, these are exactly the perfect matchings of the tight graph, so that row r can have column c when, and only when, an
//! alternating cycle leads over that edge.

use super::NONE;
use super::graph::{Graph, reset};

/// Buffers of the search, over the tight edges with stand-ins. Left nodes: rows, then one stand-in a column. Right nodes: columns,
/// then one stand-in a row.
#[derive(Default)]
pub(super) struct Ties {
    /// Rows with a tight edge to column c: `tight_rows[starts[c]..starts[c + 1]]`.
    starts: Vec<u32>,
    tight_rows: Vec<u32>,
    mate_of_left: Vec<u32>,
    mate_of_right: Vec<u32>,
    settled_left: Vec<bool>,
    settled_right: Vec<bool>,
    /// The right node through which a left one reaches the goal, in the search of the row in `seen`.
    toward: Vec<u32>,
    seen: Vec<u32>,
    queue: Vec<u32>,
}

impl Ties {
    /// Breaks the ties of a solved graph.
    pub fn settle(&mut self, graph: &mut Graph) {
        // Nothing is smaller than each row's first choice.
        if (0..graph.rows()).all(|r| graph.tight(r).next().is_none_or(|first| graph.row_mate[r as usize] == first)) {
            return;
        }
        self.fill(graph);
        for r in 0..graph.rows() {
            let own = self.mate_of_left[r as usize];
            let choice = self.smallest(r, own, graph);
            if choice != own {
                self.shift(r, own, choice);
            }
            self.settled_left[r as usize] = true;
            self.settled_right[choice as usize] = true;
        }
        graph.column_mate.fill(NONE);
        for r in 0..graph.rows() {
            let c = self.mate_of_left[r as usize];
            let assigned = c < graph.columns();
            graph.row_mate[r as usize] = if assigned { c } else { NONE };
            if assigned {
                graph.column_mate[c as usize] = r;
            }
        }
    }

    fn fill(&mut self, graph: &Graph) {
        let (rows, columns) = (graph.rows(), graph.columns());
        let total = (rows + columns) as usize;
        reset(&mut self.mate_of_left, total, NONE);
        reset(&mut self.mate_of_right, total, NONE);
        reset(&mut self.settled_left, total, false);
        reset(&mut self.settled_right, total, false);
        reset(&mut self.toward, total, NONE);
        reset(&mut self.seen, total, NONE);
        for r in 0..rows {
            match graph.row_mate[r as usize] {
                NONE => self.marry(r, columns + r),
                c => {
                    self.marry(r, c);
                    self.marry(rows + c, columns + r);
                }
            }
        }
        for c in (0..columns).filter(|&c| graph.column_mate[c as usize] == NONE) {
            self.marry(rows + c, c);
        }
        // Counted one place further on, so that each sum is where the column's rows go next, and at last its end.
        reset(&mut self.starts, columns as usize + 2, 0);
        for c in (0..rows).flat_map(|r| graph.tight(r)) {
            self.starts[c as usize + 2] += 1;
        }
        for c in 2..self.starts.len() {
            self.starts[c] += self.starts[c - 1];
        }
        reset(&mut self.tight_rows, self.starts[columns as usize + 1] as usize, 0);
        for r in 0..rows {
            for c in graph.tight(r) {
                let place = &mut self.starts[c as usize + 1];
                self.tight_rows[*place as usize] = r;
                *place += 1;
            }
        }
    }

    fn marry(&mut self, left: u32, right: u32) {
        self.mate_of_left[left as usize] = right;
        self.mate_of_right[right as usize] = left;
    }

    /// The smallest column that a row can have. Every row before it is settled.
    fn smallest(&mut self, row: u32, own: u32, graph: &Graph) -> u32 {
        let settled = |ties: &Ties, c: u32| ties.settled_right[c as usize];
        if graph.tight(row).find(|&c| !settled(self, c)).is_none_or(|first| first == own) {
            return own;
        }
        self.search(row, own, graph);
        let reachable = |ties: &Ties, c: u32| c == own || ties.seen[ties.mate_of_right[c as usize] as usize] == row;
        graph.tight(row).find(|&c| !settled(self, c) && reachable(self, c)).unwrap_or(own)
    }

    /// Finds every left node that can give up its mate and still end at `own`.
    fn search(&mut self, row: u32, own: u32, graph: &Graph) {
        let (rows, columns) = (graph.rows(), graph.columns());
        self.queue.clear();
        self.queue.push(own);
        let mut head = 0;
        while let Some(&right) = self.queue.get(head) {
            head += 1;
            if right < columns {
                for at in self.starts[right as usize]..self.starts[right as usize + 1] {
                    self.visit(self.tight_rows[at as usize], right, row);
                }
                if graph.column_price[right as usize] == 0 {
                    self.visit(rows + right, right, row);
                }
            } else {
                // The stand-in of a row meets the row itself and the stand-ins of all its columns.
                if graph.row_price[(right - columns) as usize] == 0 {
                    self.visit(right - columns, right, row);
                }
                for &c in graph.targets(right - columns) {
                    self.visit(rows + c, right, row);
                }
            }
        }
    }

    #[inline]
    fn visit(&mut self, left: u32, right: u32, row: u32) {
        let mate = self.mate_of_left[left as usize];
        if left != row && !self.settled_left[left as usize] && self.seen[left as usize] != row && mate != right {
            self.seen[left as usize] = row;
            self.toward[left as usize] = right;
            self.queue.push(mate);
        }
    }

    /// Gives a row its choice instead of its own column, and everyone on the way there the next one.
    fn shift(&mut self, row: u32, own: u32, choice: u32) {
        let mut left = self.mate_of_right[choice as usize];
        self.marry(row, choice);
        loop {
            let right = self.toward[left as usize];
            let displaced = self.mate_of_right[right as usize];
            self.marry(left, right);
            if right == own {
                break;
            }
            left = displaced;
        }
    }
}
