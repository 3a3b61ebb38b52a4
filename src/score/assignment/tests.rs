use std::cmp::Reverse;

use super::*;
use proptest::prelude::*;

fn edges(matrix: &[Vec<i128>]) -> Vec<Edge<i128>> {
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
            Edge { gold, predicted, weight: Scale::new(SMALL, true).weight([0, 0, level, 1], required, similarity * 333_333) }
        });
        prop_assert_eq!(chosen, assign(many.collect()));
    }

    /// Small weights make many ties; up to 6 x 6.
    #[test]
    fn equals_brute_force_and_is_never_below_greedy(matrix in (1usize..=6, 1usize..=6)
        .prop_flat_map(|(n, m)| proptest::collection::vec(proptest::collection::vec(0i128..=3, m), n)))
    {
        // Buffers hold what another graph has left.
        let mut assigner = Assigner::default();
        let transposed: Vec<Vec<i128>> = (0..matrix[0].len()).map(|c| matrix.iter().map(|row| row[c]).collect()).collect();
        assigner.assign(edges(&transposed).into_iter());
        let pairs = assigner.assign(edges(&matrix).into_iter()).to_vec();
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
    let weight = |levels, similarity| Scale::new(2, false).weight(levels, 0, similarity);
    let (pair, full) = (weight([0, 0, 0, 1], 0), weight([0, 0, 0, 1], 1_000_000));
    assert!(2 * pair > full);
    assert!(weight([0, 0, 1, 0], 0) > 2 * weight([0, 0, 0, 1], 1_000_000));
}
