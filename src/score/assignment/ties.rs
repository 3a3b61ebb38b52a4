//! The last tie: among all optimal assignments of a component, the one that comes first.

use super::NONE;
use super::component::Component;

/// The tight edges of a solved component, doubled with stand-ins so that every optimum is a perfect matching.
/// Left nodes: rows, then one stand-in a column. Right nodes: columns, then one stand-in a row.
pub(super) struct TightGraph {
    rows: u32,
    columns: u32,
    /// Right neighbours of each left node, ascending.
    right_of: Vec<Vec<u32>>,
    left_of: Vec<Vec<u32>>,
    mate_of_left: Vec<u32>,
    mate_of_right: Vec<u32>,
    settled_left: Vec<bool>,
    settled_right: Vec<bool>,
}

impl TightGraph {
    pub fn new(c: &Component) -> TightGraph {
        let (rows, columns) = (c.rows.len() as u32, c.columns.len() as u32);
        let total = (rows + columns) as usize;
        let mut g = TightGraph {
            rows,
            columns,
            right_of: vec![Vec::new(); total],
            left_of: vec![Vec::new(); total],
            mate_of_left: vec![NONE; total],
            mate_of_right: vec![NONE; total],
            settled_left: vec![false; total],
            settled_right: vec![false; total],
        };
        for r in 0..rows {
            for &(col, weight) in c.row(r) {
                if c.row_price[r as usize] + c.column_price[col as usize] == weight {
                    g.join(r, col);
                }
                g.join(rows + col, columns + r);
            }
            if c.row_price[r as usize] == 0 {
                g.join(r, columns + r);
            }
        }
        for col in 0..columns {
            if c.column_price[col as usize] == 0 {
                g.join(rows + col, col);
            }
        }
        for r in 0..rows {
            match c.row_mate[r as usize] {
                NONE => g.marry(r, columns + r),
                col => {
                    g.marry(r, col);
                    g.marry(rows + col, columns + r);
                }
            }
        }
        for col in (0..columns).filter(|&col| c.column_mate[col as usize] == NONE) {
            g.marry(rows + col, col);
        }
        g
    }

    fn join(&mut self, left: u32, right: u32) {
        self.right_of[left as usize].push(right);
        self.left_of[right as usize].push(left);
    }

    fn marry(&mut self, left: u32, right: u32) {
        self.mate_of_left[left as usize] = right;
        self.mate_of_right[right as usize] = left;
    }

    pub fn settle(mut self, component: &mut Component) {
        // toward[left] = the right node through which `left` reaches the goal, in the search marked by `seen`.
        let mut toward = vec![NONE; self.right_of.len()];
        let mut seen = vec![NONE; self.right_of.len()];
        let mut queue = Vec::new();
        for r in 0..self.rows {
            let own = self.mate_of_left[r as usize];
            let mut choices = std::mem::take(&mut self.right_of[r as usize]);
            choices.retain(|&c| c < self.columns && !self.settled_right[c as usize]);
            choices.sort_unstable();
            let mut choice = own;
            if choices.first().is_some_and(|&first| first != own) {
                // Every left node that can give up its mate and still end at `own`.
                queue.clear();
                queue.push(own);
                let mut head = 0;
                while let Some(&right) = queue.get(head) {
                    head += 1;
                    for &left in &self.left_of[right as usize] {
                        if left == r || self.settled_left[left as usize] || seen[left as usize] == r {
                            continue;
                        }
                        let mate = self.mate_of_left[left as usize];
                        if mate == right {
                            continue;
                        }
                        seen[left as usize] = r;
                        toward[left as usize] = right;
                        queue.push(mate);
                    }
                }
                let reachable = |c: u32| c == own || seen[self.mate_of_right[c as usize] as usize] == r;
                choice = choices.iter().copied().find(|&c| reachable(c)).unwrap_or(own);
            }
            if choice != own {
                let mut left = self.mate_of_right[choice as usize];
                self.marry(r, choice);
                loop {
                    let right = toward[left as usize];
                    let displaced = self.mate_of_right[right as usize];
                    self.marry(left, right);
                    if right == own {
                        break;
                    }
                    left = displaced;
                }
            }
            self.settled_left[r as usize] = true;
            self.settled_right[choice as usize] = true;
        }
        component.column_mate.fill(NONE);
        for r in 0..self.rows {
            let c = self.mate_of_left[r as usize];
            let assigned = c < self.columns;
            component.row_mate[r as usize] = if assigned { c } else { NONE };
            if assigned {
                component.column_mate[c as usize] = r;
            }
        }
    }
}
