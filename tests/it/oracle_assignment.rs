//! The assignment against scipy 1.17.1 (the total) and brute force (the lexicographically first optimum), and how much greedy
//! pairing loses.

use std::cmp::Reverse;

use claim_assay::score::assignment::{Edge, assign};
use serde_json::Value;

use crate::support::json;

const MILLION: f64 = 1e6;

/// Weight 0 is no edge; the weights of the cases have two digits.
fn edges(matrix: &Value) -> Vec<Edge<i128>> {
    let mut out = Vec::new();
    for (gold, row) in (0u32..).zip(matrix.as_array().unwrap()) {
        for (predicted, weight) in (0u32..).zip(row.as_array().unwrap()) {
            let weight = (weight.as_f64().unwrap() * MILLION).round() as i128;
            if weight > 0 {
                out.push(Edge { gold, predicted, weight });
            }
        }
    }
    out
}

/// For each gold its prediction, `null` without one.
fn by_gold(pairs: &[(u32, u32)], golds: usize) -> Value {
    let mut list = vec![Value::Null; golds];
    pairs.iter().for_each(|&(g, p)| list[g as usize] = p.into());
    list.into()
}

fn total(edges: &[Edge<i128>], pairs: &[(u32, u32)]) -> f64 {
    let of_pair = |e: &&Edge<i128>| pairs.contains(&(e.gold, e.predicted));
    edges.iter().filter(of_pair).map(|e| e.weight).sum::<i128>() as f64 / MILLION
}

fn greedy(edges: &[Edge<i128>]) -> Vec<(u32, u32)> {
    let mut best_first = edges.to_vec();
    best_first.sort_by_key(|e| Reverse(e.weight));
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    for e in best_first {
        if pairs.iter().all(|&(g, p)| g != e.gold && p != e.predicted) {
            pairs.push((e.gold, e.predicted));
        }
    }
    pairs
}

#[test]
fn the_total_and_the_lexicographically_first_optimum() {
    let data = json("oracles/07_assignment.json");
    let cases = data["cases"].as_object().unwrap();
    assert_eq!(cases.len(), 6);
    for (name, case) in cases {
        let edges = edges(&case["W"]);
        let pairs = assign(edges.clone());
        assert!((total(&edges, &pairs) - case["brute_total"].as_f64().unwrap()).abs() < 1e-9, "{name}");
        assert_eq!(Some(pairs.len() as u64), case["brute_n_pairs"].as_u64(), "{name}");
        assert_eq!(by_gold(&pairs, case["W"].as_array().unwrap().len()), case["lexi_first"], "{name}");
    }
}

#[test]
fn greedy_falls_short() {
    let data = json("oracles/07_assignment.json");
    let mut short = Vec::new();
    for (name, case) in data["cases"].as_object().unwrap() {
        let edges = edges(&case["W"]);
        let (found, greedy_total) = (total(&edges, &assign(edges.clone())), total(&edges, &greedy(&edges)));
        assert!((greedy_total - case["greedy_total"].as_f64().unwrap()).abs() < 1e-9, "{name}");
        assert!(found >= greedy_total, "{name}");
        if found > greedy_total + 1e-9 {
            short.push(name.as_str());
        }
    }
    assert_eq!(short, ["greedy_suboptimal", "rect_more_preds"]);
}
