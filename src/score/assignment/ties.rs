//! The last tie: among all optimal assignments, the one that gives each row in turn the smallest column it can have.
//!
//! An assignment is optimal when it uses tight edges only (price sum = weight) and leaves out only rows and columns of price 0
//! (complementary slackness). With a stand-in column for every row and a stand-in row for every column, joined where the originals
//! are, these are exactly the perfect matchings of the tight graph, so that row r can have column c when, and only when, an
//! alternating cycle leads over that edge.

use std::ops::Range;

use super::graph::Graph;
use super::{NONE, Weight};
use crate::score::buffer::reset;

/// Buffers of the search, over the tight edges with stand-ins. Left nodes: rows, then one stand-in a column. Right nodes: columns,
/// then one stand-in a row.
#[derive(Default)]
pub(super) struct Ties {
    /// Tight edges by row, ascending, and by column.
    columns_of: Lists,
    rows_of: Lists,
    mate_of_left: Vec<u32>,
    mate_of_right: Vec<u32>,
    settled_left: Vec<bool>,
    settled_right: Vec<bool>,
    /// The right node through which a left one reaches the goal, in the search of the row in `seen`.
    toward: Vec<u32>,
    seen: Vec<u32>,
    queue: Vec<u32>,
}

/// Lists one behind the other: list i stands in `members` from `starts[i]` to `starts[i + 1]`.
#[derive(Default)]
struct Lists {
    starts: Vec<u32>,
    members: Vec<u32>,
}

impl Lists {
    fn range(&self, list: u32) -> Range<usize> {
        self.starts[list as usize] as usize..self.starts[list as usize + 1] as usize
    }

    fn of(&self, list: u32) -> &[u32] {
        &self.members[self.range(list)]
    }

    /// The lists of the other direction, of which there are so many: whose list has each member.
    fn reverse_into(&self, count: u32, reversed: &mut Lists) {
        let Lists { starts, members } = reversed;
        // Counted one place further on, so that each sum is where the list's members go next, and at last its end.
        reset(starts, count as usize + 2, 0);
        for &member in &self.members {
            starts[member as usize + 2] += 1;
        }
        for i in 2..starts.len() {
            starts[i] += starts[i - 1];
        }
        reset(members, self.members.len(), 0);
        for list in 0..self.starts.len() as u32 - 1 {
            for &member in self.of(list) {
                let place = &mut starts[member as usize + 1];
                members[*place as usize] = list;
                *place += 1;
            }
        }
    }
}

impl Ties {
    /// Breaks the ties of a solved graph.
    pub fn settle<W: Weight>(&mut self, graph: &mut Graph<W>) {
        let Lists { starts, members } = &mut self.columns_of;
        starts.clear();
        members.clear();
        let mut is_settled = true;
        for r in 0..graph.rows() {
            starts.push(members.len() as u32);
            members.extend(graph.tight(r));
            // Nothing is smaller than a row's first choice.
            is_settled &= members.get(starts[r as usize] as usize).is_none_or(|&first| graph.row_mate[r as usize] == first);
        }
        starts.push(members.len() as u32);
        if is_settled {
            return;
        }
        self.columns_of.reverse_into(graph.columns(), &mut self.rows_of);
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

    fn fill<W: Weight>(&mut self, graph: &Graph<W>) {
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
    }

    fn marry(&mut self, left: u32, right: u32) {
        self.mate_of_left[left as usize] = right;
        self.mate_of_right[right as usize] = left;
    }

    /// The smallest column that a row can have. Every row before it is settled.
    fn smallest<W: Weight>(&mut self, row: u32, own: u32, graph: &Graph<W>) -> u32 {
        let range = self.columns_of.range(row);
        let Some(first) = range.clone().find(|&i| !self.settled_right[self.columns_of.members[i] as usize]) else { return own };
        if self.columns_of.members[first] == own {
            return own;
        }
        self.search(row, own, graph);
        let choices = self.columns_of.members[first..range.end].iter().copied();
        let reachable = |c: u32| c == own || self.seen[self.mate_of_right[c as usize] as usize] == row;
        choices.into_iter().find(|&c| !self.settled_right[c as usize] && reachable(c)).unwrap_or(own)
    }

    /// Finds every left node that can give up its mate and still end at `own`.
    fn search<W: Weight>(&mut self, row: u32, own: u32, graph: &Graph<W>) {
        let (rows, columns) = (graph.rows(), graph.columns());
        self.queue.clear();
        self.queue.push(own);
        let mut head = 0;
        while let Some(&right) = self.queue.get(head) {
            head += 1;
            if right < columns {
                for i in self.rows_of.range(right) {
                    self.visit(self.rows_of.members[i], right, row);
                }
                if graph.column_price[right as usize] == W::default() {
                    self.visit(rows + right, right, row);
                }
            } else {
                // The stand-in of a row meets the row itself and the stand-ins of all its columns.
                if graph.row_price[(right - columns) as usize] == W::default() {
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
