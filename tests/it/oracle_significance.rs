//! Randomization, Holm and McNemar against scipy and statsmodels: `tests/data/oracles/06_significance.json`.

use claim_assay::stats::{Counts, IntervalSettings, PairedSettings, PairedUnits, RandomizationSettings, holm, mcnemar};
use serde_json::Value;

use crate::support::{assert_close, json};

const ORACLE: &str = "oracles/06_significance.json";

/// (tp, fp, fn) of each article as counts.
fn counts(rows: &Value) -> Vec<Counts> {
    let number = |value: &Value| value.as_u64().unwrap();
    let row = |row: &Value| {
        let [tp, fp, missed] = [number(&row[0]), number(&row[1]), number(&row[2])];
        Counts { matched: tp, gold: tp + missed, predicted: tp + fp }
    };
    rows.as_array().unwrap().iter().map(row).collect()
}

fn units(repeat: usize) -> PairedUnits {
    let oracle = json(ORACLE);
    let mut units = PairedUnits::new(1);
    for _ in 0..repeat {
        for (a, b) in counts(&oracle["A"]).into_iter().zip(counts(&oracle["B"])) {
            units.add(&[a], &[b], None);
        }
    }
    units
}

#[test]
fn all_swaps_of_ten_articles() {
    let oracle = json(ORACLE);
    let paired = units(1).compare(PairedSettings::default()).remove(0);
    let f1 = paired.of.f1;
    assert_close(f1.base, &oracle["F1_A"], "F1 of A");
    assert_close(f1.head, &oracle["F1_B"], "F1 of B");
    assert_close(f1.difference(), &oracle["diff_B_minus_A"], "difference");
    assert_close(f1.p, &oracle["exact_randomization"]["p_two_sided"], "p");
    assert_eq!((paired.units, paired.differing), (10, 9));
}

/// The percentile interval of the oracle, from other draws: BCa ends where it does, to a hundredth or two.
#[test]
fn the_paired_interval() {
    let oracle = json(ORACLE);
    let settings = PairedSettings { intervals: IntervalSettings { resamples: 20_000, seed: 1 }, ..PairedSettings::default() };
    let [low, high] = units(1).compare(settings).remove(0).of.f1.ci.unwrap();
    let expected = &oracle["paired_boot_diff_CI"];
    assert!((low - expected[0].as_f64().unwrap()).abs() < 0.02, "{low} {expected}");
    assert!((high - expected[1].as_f64().unwrap()).abs() < 0.02, "{high} {expected}");
}

/// With the ten articles once there are 9 that differ, all of whose swaps are tried; three times, 27, and swaps are drawn: of three
/// times the data the p is smaller.
#[test]
fn drawn_swaps_come_close_to_all_of_them() {
    let exact = units(1).compare(PairedSettings::default()).remove(0).of.f1.p.unwrap();
    let drawn = |seed| {
        let randomization = RandomizationSettings { swaps: 20_000, seed };
        units(3).compare(PairedSettings { randomization, ..PairedSettings::default() }).remove(0).of.f1.p.unwrap()
    };
    let (one, two) = (drawn(1), drawn(2));
    assert!((one - two).abs() < 0.02 && one < exact, "{one} {two} {exact}");
    assert!((one - drawn(1)).abs() < f64::EPSILON);
}

#[test]
fn holm_and_mcnemar() {
    let oracle = json(ORACLE);
    for (found, expected) in holm(&[0.01, 0.04, 0.03, 0.005, 0.2]).into_iter().zip(oracle["holm"].as_array().unwrap()) {
        assert_close(Some(found), expected, "Holm");
    }
    let table = &oracle["mcnemar"]["table_A_rows_B_cols"];
    let (p, mid_p) = mcnemar(table[0][1].as_u64().unwrap(), table[1][0].as_u64().unwrap());
    assert_close(Some(p), &oracle["mcnemar"]["exact_p"], "McNemar");
    assert_close(Some(mid_p), &oracle["mcnemar"]["midp"], "mid-p");
    assert_eq!((mcnemar(0, 0), mcnemar(5, 5)), ((1.0, 1.0), (1.0, 1.0)));
    let (p, mid_p) = mcnemar(10_000, 10_600);
    assert!(p > mid_p && (p - 2.9e-5).abs() < 2e-6, "{p}: a normal approximation gives 2.9e-5");
}
