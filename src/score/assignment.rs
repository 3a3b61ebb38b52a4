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

use std::cmp::Reverse;
use std::collections::BinaryHeap;

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

/// The weight of a pair from the levels that matter, most important first, and the similarity (0..=10^6) as the last.
///
/// `side` is the number of pairs that an assignment can hold at the most.
pub fn levels(ranks: &[u8], similarity: u32, side: usize) -> i128 {
    let base = side as i128 + 1;
    let ranks = ranks.iter().fold(0i128, |sum, &rank| sum * base + i128::from(rank));
    ranks * (i128::from(super::similarity::SCALE) * base) + i128::from(similarity)
}

/// What matters of a pair before its similarity, most important first.
pub type Levels = [u8; 4];

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

    /// The optimal assignment among the `eligible` edges by trying all that can matter. As [`assign`], without its buffers.
    ///
    /// `weight` is that of [`small_weight`], and asked for only where edges compete.
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

/// The weight that [`levels`] gives, for groups of at most [`SMALL`] pairs. All levels are below 2, and so is `required`, the last
/// one before the similarity.
pub fn small_weight(levels: Levels, required: u8, similarity: u32) -> i64 {
    const BASE: i64 = SMALL as i64 + 1;
    let ranks = levels.iter().fold(0, |sum, &level| sum * BASE + i64::from(level)) * BASE + i64::from(required);
    ranks * (super::similarity::SCALE as i64 * BASE) + i64::from(similarity)
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

const NONE: u32 = u32::MAX;

/// One connected component with dense local indices; rows are golds, columns predictions.
struct Component {
    rows: Vec<u32>,
    columns: Vec<u32>,
    /// Edges of row r are `edges[starts[r]..starts[r + 1]]`, by column.
    starts: Vec<usize>,
    edges: Vec<(u32, i128)>,
    /// Potentials: `row_price[r] + column_price[c] >= weight` with equality on assigned edges; never negative; 0 where unassigned.
    row_price: Vec<i128>,
    column_price: Vec<i128>,
    row_mate: Vec<u32>,
    column_mate: Vec<u32>,
}

impl Component {
    fn new(sorted: &[Edge]) -> Component {
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

    fn row(&self, r: u32) -> &[(u32, i128)] {
        &self.edges[self.starts[r as usize]..self.starts[r as usize + 1]]
    }

    fn solve(mut self) -> Vec<(u32, u32)> {
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

/// The tight edges of a solved component, doubled with stand-ins so that every optimum is a perfect matching.
/// Left nodes: rows, then one stand-in a column. Right nodes: columns, then one stand-in a row.
struct TightGraph {
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
    fn new(c: &Component) -> TightGraph {
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

    fn settle(mut self, component: &mut Component) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn edges(matrix: &[Vec<i128>]) -> Vec<Edge> {
        let mut out = Vec::new();
        for (gold, row) in matrix.iter().enumerate() {
            for (predicted, &weight) in row.iter().enumerate().filter(|(_, w)| **w > 0) {
                out.push(Edge { gold: gold as u32, predicted: predicted as u32, weight });
            }
        }
        out
    }

    fn total(matrix: &[Vec<i128>], pairs: &[(u32, u32)]) -> i128 {
        pairs.iter().map(|&(g, p)| matrix[g as usize][p as usize]).sum()
    }

    /// Best total, then the smallest list, by trying everything: each row in turn takes every free column, or none.
    fn brute_force(matrix: &[Vec<i128>], row: usize, taken: u32) -> (i128, Vec<(u32, u32)>) {
        if row == matrix.len() {
            return (0, Vec::new());
        }
        let mut best: Option<(i128, Vec<(u32, u32)>)> = None;
        for (c, &w) in matrix[row].iter().enumerate() {
            if w > 0 && taken & (1 << c) == 0 {
                let (rest, mut pairs) = brute_force(matrix, row + 1, taken | (1 << c));
                if best.as_ref().is_none_or(|b| rest + w > b.0) {
                    pairs.insert(0, (row as u32, c as u32));
                    best = Some((rest + w, pairs));
                }
            }
        }
        let skipped = brute_force(matrix, row + 1, taken);
        match best {
            Some(b) if b.0 >= skipped.0 => b,
            _ => skipped,
        }
    }

    fn greedy(matrix: &[Vec<i128>]) -> i128 {
        let mut all = edges(matrix);
        all.sort_by_key(|e| Reverse(e.weight));
        let (mut rows, mut columns, mut sum) = (Vec::new(), Vec::new(), 0);
        for e in all {
            if !rows.contains(&e.gold) && !columns.contains(&e.predicted) {
                rows.push(e.gold);
                columns.push(e.predicted);
                sum += e.weight;
            }
        }
        sum
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]

        /// The two ways to solve a group agree, ties and all.
        #[test]
        fn few_edges_are_decided_as_many_are(
            edges in proptest::collection::btree_map((0u32..5, 0u32..5), (0u8..2, 0u8..2, 0u32..3), 0..=SMALL),
            eligible in proptest::num::u16::ANY,
        ) {
            let edges: Vec<_> = edges.into_iter().collect();
            let mut conflicts = Vec::new();
            Small::find_conflicts(&edges.iter().map(|(pair, _)| *pair).collect::<Vec<_>>(), &mut conflicts);
            let eligible = eligible & ((1u32 << edges.len()) - 1) as u16;
            let weight = |i: usize| {
                let (level, required, similarity) = edges[i].1;
                small_weight([0, 0, level, 1], required, similarity * 333_333)
            };
            let chosen: Vec<(u32, u32)> = bits(Small { conflicts: &conflicts }.choose(eligible, weight)).map(|i| edges[i].0).collect();
            let many = bits(eligible).map(|i| {
                let ((gold, predicted), (level, required, similarity)) = edges[i];
                Edge { gold, predicted, weight: levels(&[0, 0, level, 1, required], similarity * 333_333, SMALL) }
            });
            prop_assert_eq!(chosen, assign(many.collect()));
        }

        /// Small weights make many ties; up to 6 x 6.
        #[test]
        fn equals_brute_force_and_is_never_below_greedy(matrix in (1usize..=6, 1usize..=6)
            .prop_flat_map(|(n, m)| proptest::collection::vec(proptest::collection::vec(0i128..=3, m), n)))
        {
            let pairs = assign(edges(&matrix));
            let (best, smallest) = brute_force(&matrix, 0, 0);
            prop_assert_eq!(total(&matrix, &pairs), best);
            prop_assert_eq!(pairs, smallest);
            prop_assert!(best >= greedy(&matrix));
        }
    }

    #[test]
    fn dense_ties_end_with_the_diagonal() {
        for weight in [1i128, 7_000_003] {
            let matrix = vec![vec![weight; 300]; 300];
            assert_eq!(assign(edges(&matrix)), (0..300).map(|i| (i, i)).collect::<Vec<_>>());
        }
        let mut matrix = vec![vec![5i128; 300]; 300];
        for (i, row) in matrix.iter_mut().enumerate() {
            row[299 - i] = 0;
        }
        let pairs = assign(edges(&matrix));
        assert_eq!(pairs.len(), 300);
    }

    #[test]
    fn more_of_a_higher_level_always_wins() {
        // Two pairs without any similarity are better than one with all of it.
        let side = 2;
        let (pair, full) = (levels(&[1], 0, side), levels(&[1], 1_000_000, side));
        assert!(2 * pair > full);
        assert!(levels(&[1, 0], 0, side) > 2 * levels(&[0, 1], 1_000_000, side));
    }
}
