//! Agreement against krippendorff 0.9.0 and scikit-learn 1.9.1, and against the definition itself.

use claim_assay::stats::agreement::{cohen_kappa, interval_alpha, nominal_alpha, ratio_alpha};
use proptest::prelude::*;
use serde_json::Value;

use crate::support::{assert_close, json};

/// The labels of each unit, from a row an annotator.
fn units<T>(rows: &Value, label: impl Fn(&Value) -> Option<T>) -> Vec<Vec<T>> {
    let rows: Vec<&Vec<Value>> = rows.as_array().unwrap().iter().map(|row| row.as_array().unwrap()).collect();
    (0..rows[0].len()).map(|unit| rows.iter().filter_map(|row| label(&row[unit])).collect()).collect()
}

fn words(rows: &Value) -> Vec<Vec<String>> {
    units(rows, |cell| cell.as_str().map(str::to_owned))
}

#[test]
fn alpha_of_three_annotators_with_missing_labels() {
    let data = json("oracles/04_agreement.json");
    let numbers = units(&data["numbers"], Value::as_f64);
    let whole = units(&data["numbers"], Value::as_u64);
    for (name, ours) in [
        ("alpha_nominal", nominal_alpha(&whole)),
        ("alpha_interval", interval_alpha(&numbers)),
        ("alpha_ratio", ratio_alpha(&numbers)),
        ("alpha_labels", nominal_alpha(&words(&data["labels"]))),
    ] {
        assert_close(ours, &data[name], name);
    }
}

/// They raise an error where all labels are equal; ours is undefined.
#[test]
fn alpha_of_labels_that_are_all_equal_is_undefined() {
    let data = json("oracles/04_agreement.json");
    assert!(data["alpha_same"].as_str().unwrap().starts_with("ValueError"));
    let same = units(&data["same"], Value::as_f64);
    assert_eq!([nominal_alpha(&units(&data["same"], Value::as_u64)), interval_alpha(&same), ratio_alpha(&same)], [None; 3]);
}

#[test]
fn kappa_of_two_annotators() {
    let data = json("oracles/04_agreement.json");
    let pairs: Vec<(String, String)> = words(&data["pair"]).into_iter().map(|unit| (unit[0].clone(), unit[1].clone())).collect();
    assert_close(cohen_kappa(&pairs), &data["kappa"], "kappa");
}

#[test]
fn nothing_to_compare_is_undefined() {
    assert_eq!(cohen_kappa::<&str>(&[]), None);
    assert_eq!(nominal_alpha::<&str>(&[]), None);
    assert_eq!(nominal_alpha(&[vec!["a"], vec!["b"], vec![]]), None, "no unit has two labels");
    assert_eq!(ratio_alpha(&[vec![1.0], vec![2.0]]), None);
}

/// A value that is a thousand times another one vanishes beside millions under the interval metric, and not under the ratio metric.
#[test]
fn the_ratio_metric_sees_a_misread_thousand() {
    let units = [vec![37.0, 37_000.0], vec![80e6, 80e6], vec![1.2e6, 1.2e6], vec![5.0, 5.0]];
    assert!(interval_alpha(&units).unwrap() > 0.99);
    assert!(ratio_alpha(&units).unwrap() < 0.8);
    assert!(ratio_alpha(&[vec![-1.0, 1.0], vec![0.0, 0.0]]).is_some_and(f64::is_finite), "signs and zero are no error");
    assert!(ratio_alpha(&[vec![f64::MAX, f64::MAX], vec![1.0, 1.0]]).is_some_and(|alpha| alpha == 1.0));
}

/// Alpha as it is defined, pair by pair.
fn by_definition(units: &[Vec<f64>], difference: fn(f64, f64) -> f64) -> Option<f64> {
    let units: Vec<&Vec<f64>> = units.iter().filter(|unit| unit.len() > 1).collect();
    let all: Vec<f64> = units.iter().flat_map(|unit| unit.iter().copied()).collect();
    let between = |labels: &[f64]| labels.iter().flat_map(|a| labels.iter().map(move |b| difference(*a, *b))).sum::<f64>();
    let n = all.len() as f64;
    let observed = units.iter().map(|unit| between(unit) / (unit.len() as f64 - 1.0)).sum::<f64>() / n;
    let expected = between(&all) / (n * (n - 1.0));
    (expected > 0.0).then(|| 1.0 - observed / expected)
}

fn close(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-9,
        (None, None) => true,
        _ => false,
    }
}

proptest! {
    #[test]
    fn alpha_is_what_its_definition_says(units in prop::collection::vec(prop::collection::vec(0u8..5, 0..5), 0..12)) {
        let numbers: Vec<Vec<f64>> = units.iter().map(|unit| unit.iter().map(|&x| f64::from(x)).collect()).collect();
        let nominal = by_definition(&numbers, |a, b| f64::from(u8::from(a != b)));
        prop_assert!(close(nominal_alpha(&units), nominal), "{:?} instead of {nominal:?}", nominal_alpha(&units));
        let interval = by_definition(&numbers, |a, b| (a - b) * (a - b));
        prop_assert!(close(interval_alpha(&numbers), interval), "{:?} instead of {interval:?}", interval_alpha(&numbers));
        let ratio = by_definition(&numbers, |a, b| if a == b { 0.0 } else { ((a - b) / (a + b)).powi(2) });
        prop_assert!(close(ratio_alpha(&numbers), ratio), "{:?} instead of {ratio:?}", ratio_alpha(&numbers));
    }

    #[test]
    fn coefficients_do_not_know_order_or_side(pairs in prop::collection::vec((0u8..4, 0u8..4), 0..20)) {
        let turned: Vec<(u8, u8)> = pairs.iter().rev().map(|&(a, b)| (b, a)).collect();
        let units = |pairs: &[(u8, u8)]| pairs.iter().map(|&(a, b)| vec![f64::from(a), f64::from(b)]).collect::<Vec<_>>();
        prop_assert_eq!(cohen_kappa(&pairs), cohen_kappa(&turned));
        prop_assert_eq!(interval_alpha(&units(&pairs)), interval_alpha(&units(&turned)));
        prop_assert_eq!(ratio_alpha(&units(&pairs)), ratio_alpha(&units(&turned)));
        prop_assert!([cohen_kappa(&pairs), interval_alpha(&units(&pairs)), ratio_alpha(&units(&pairs))].into_iter().flatten().all(|x| x <= 1.0));
    }
}
