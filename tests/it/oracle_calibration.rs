//! Confidence against scikit-learn 1.9.1 and plain definitions: ten predictions with tied scores, two golds without any.
//!
//! Interpolated variants (VOC's all-point, COCO's 101-point) are not ours: they raise precision to what a lower score reaches.

use claim_assay::score::{Calibration, Hit, calibration};
use serde_json::Value;

use crate::support::{assert_close, json};

fn ours(data: &Value) -> Calibration {
    let scores = data["confidence"].as_array().unwrap().iter().map(|v| v.as_f64().unwrap());
    let hits = data["hit"].as_array().unwrap().iter().map(|v| v == 1);
    calibration(scores.zip(hits).map(|(score, hit)| Hit::new(score, hit)).collect(), 0, data["n_gold"].as_u64().unwrap()).unwrap()
}

#[test]
fn average_precision_brier_and_the_best_threshold() {
    let data = json("oracles/05_calibration.json");
    let ours = ours(&data);
    assert_close(ours.average_precision, &data["average_precision"], "average precision");
    assert_close(ours.brier, &data["brier"], "Brier");
    let best = ours.best_threshold.unwrap();
    assert_close(Some(best.f1), &data["best_f1"][0], "best F1");
    assert_close(Some(best.score), &data["best_f1"][1], "threshold");
}

#[test]
fn reliability_has_ten_bins_closed_below() {
    let data = json("oracles/05_calibration.json");
    let ours = ours(&data);
    assert_close(ours.ece, &data["ece_width_10"]["ece"], "expected calibration error");
    let bins = data["ece_width_10"]["bins"].as_array().unwrap();
    assert_eq!(ours.reliability.len(), bins.len());
    for (ours, theirs) in ours.reliability.iter().zip(bins) {
        assert_close(Some(ours.from * 10.0), &theirs[0], "bin");
        assert_eq!(Some(ours.count), theirs[1].as_u64());
        assert_close(Some(ours.mean_score), &theirs[2], "mean score");
        assert_close(Some(ours.precision), &theirs[3], "precision");
    }
}

/// scikit-learn knows no gold without a prediction: without those two, recall is over the found ones alone; as rows with the
/// lowest score they are credited as found at the end. Bins closed above (Guo et al. 2017) move the round scores one bin down.
#[test]
fn other_definitions_give_other_numbers() {
    let data = json("oracles/05_calibration.json");
    let ours = ours(&data);
    let average_precision = ours.average_precision.unwrap();
    let others = ["average_precision_over_matched_only", "average_precision_with_missed_as_rows", "voc_all_point", "coco_101"];
    for other in others {
        assert!(data[other].as_f64().unwrap() > average_precision + 1e-3, "{other}");
    }
    let found = data["hit"].as_array().unwrap().iter().filter(|h| **h == 1).count() as f64;
    let gold = data["n_gold"].as_f64().unwrap();
    assert_close(Some(average_precision * gold / found), &data["average_precision_over_matched_only"], "rescaled");
    assert!((data["ece_width_right_10"]["ece"].as_f64().unwrap() - ours.ece.unwrap()).abs() > 1e-3);
}
