//! What the confidence of predictions is worth, from the list of (score, hit).
//!
//! - Average precision: `Σ (R_i - R_{i-1}) P_i` with one step for each distinct score, recall over all gold claims.
//! - Reliability and expected calibration error (Naeini et al. 2015): 10 bins, score `c` in bin `min(floor(10 c), 9)`.
//! - Brier score (1950): mean of `(c - hit)²`.

use rayon::slice::ParallelSliceMut;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ratio::{f_beta, ratio};
use super::tally::Hit;
use crate::stats::RankingIntervals;

const BINS: usize = 10;

/// Scores of confidence under the primary criterion. Absent when no prediction has a score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Calibration {
    /// Predictions with a score.
    pub scored: u64,
    /// Predictions without; they are left out here, and only here.
    pub without_score: u64,
    /// Area under the steps of precision over recall; undefined without gold.
    pub average_precision: Option<f64>,
    /// Expected calibration error, 0..1.
    pub ece: Option<f64>,
    /// Mean squared difference of score and hit, 0..1.
    pub brier: Option<f64>,
    /// The smallest score to keep for the best F1 over all gold.
    pub best_threshold: Option<Threshold>,
    /// Bins that hold a prediction, by score.
    pub reliability: Vec<Bin>,
    /// 95 % interval of average precision; absent where it was not asked for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ci: Option<RankingIntervals>,
}

/// A cut through the predictions.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Threshold {
    /// Predictions with at least this score are kept.
    pub score: f64,
    /// F1 of those that are kept.
    pub f1: f64,
}

/// Predictions with similar scores.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Bin {
    /// Lower end of the bin.
    pub from: f64,
    /// Predictions.
    pub count: u64,
    /// Their mean score.
    pub mean_score: f64,
    /// The share of them that are hits.
    pub precision: f64,
}

/// Scores of confidence; `None` without any score. `gold` is the number of gold claims, found or not.
pub fn calibration(mut hits: Vec<Hit>, without_score: u64, gold: u64) -> Option<Calibration> {
    if hits.is_empty() {
        return None;
    }
    // Sums of floating point depend on their order, so the order must not depend on that of the articles.
    hits.par_sort_unstable_by(|a, b| b.cmp(a));
    let sorted = hits;
    let steps = operating_points(&sorted);
    let (mut average_precision, mut last_recall) = (0.0, 0.0);
    let mut best: Option<Threshold> = None;
    for step in &steps {
        let recall = step.found as f64 / gold.max(1) as f64;
        average_precision += (recall - last_recall) * step.found as f64 / step.kept as f64;
        last_recall = recall;
        let f1 = f_beta(step.found as f64, gold as f64, step.kept as f64, 1.0).unwrap_or(0.0);
        if best.is_none_or(|b| f1 > b.f1) {
            best = Some(Threshold { score: step.score, f1 });
        }
    }
    let n = sorted.len() as f64;
    let squares: f64 = sorted.iter().map(|hit| (hit.score() - f64::from(u8::from(hit.is_hit()))).powi(2)).sum();
    let reliability = bins(&sorted);
    let ece = reliability.iter().map(|b| b.count as f64 / n * (b.precision - b.mean_score).abs()).sum();
    Some(Calibration {
        scored: sorted.len() as u64,
        without_score,
        average_precision: (gold > 0).then_some(average_precision),
        ece: Some(ece),
        brier: ratio(squares, n),
        best_threshold: best,
        reliability,
        ci: None,
    })
}

struct OperatingPoint {
    score: f64,
    kept: u64,
    found: u64,
}

/// One point for each distinct score, from the highest.
fn operating_points(sorted: &[Hit]) -> Vec<OperatingPoint> {
    let mut points: Vec<OperatingPoint> = Vec::new();
    let (mut kept, mut found) = (0, 0);
    for hit in sorted {
        let score = hit.score();
        kept += 1;
        found += u64::from(hit.is_hit());
        match points.last_mut() {
            Some(last) if last.score == score => (last.kept, last.found) = (kept, found),
            _ => points.push(OperatingPoint { score, kept, found }),
        }
    }
    points
}

fn bins(sorted: &[Hit]) -> Vec<Bin> {
    let mut sums = [(0u64, 0.0f64, 0u64); BINS];
    for hit in sorted {
        let score = hit.score();
        let bin = &mut sums[((score * BINS as f64) as usize).min(BINS - 1)];
        *bin = (bin.0 + 1, bin.1 + score, bin.2 + u64::from(hit.is_hit()));
    }
    sums.iter()
        .enumerate()
        .filter(|(_, s)| s.0 > 0)
        .map(|(i, &(count, sum, hits))| Bin {
            from: i as f64 / BINS as f64,
            count,
            mean_score: sum / count as f64,
            precision: hits as f64 / count as f64,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calibration(hits: &[(f64, bool)], without_score: u64, gold: u64) -> Option<Calibration> {
        super::calibration(hits.iter().map(|&(score, hit)| Hit::new(score, hit)).collect(), without_score, gold)
    }

    #[test]
    fn without_scores_there_is_nothing_to_say() {
        assert_eq!(calibration(&[], 7, 3), None);
    }

    #[test]
    fn scores_of_0_and_1_fall_into_the_first_and_the_last_bin() {
        let c = calibration(&[(0.0, false), (1.0, true)], 0, 1).unwrap();
        let bins: Vec<_> = c.reliability.iter().map(|b| (b.from, b.count, b.mean_score, b.precision)).collect();
        assert_eq!(bins, [(0.0, 1, 0.0, 0.0), (0.9, 1, 1.0, 1.0)]);
        assert_eq!((c.ece, c.brier, c.average_precision), (Some(0.0), Some(0.0), Some(1.0)));
        assert_eq!(c.best_threshold, Some(Threshold { score: 1.0, f1: 1.0 }));
    }

    #[test]
    fn the_surest_and_wrong_are_as_far_off_as_can_be() {
        let c = calibration(&[(1.0, false), (0.0, true)], 0, 1).unwrap();
        assert_eq!((c.ece, c.brier), (Some(1.0), Some(1.0)));
        assert_eq!(c.average_precision, Some(0.5));
    }

    #[test]
    fn tied_scores_are_one_step_whatever_their_order() {
        let one = calibration(&[(0.5, true), (0.5, false)], 0, 2).unwrap();
        let other = calibration(&[(0.5, false), (0.5, true)], 0, 2).unwrap();
        assert_eq!(one, other);
        assert_eq!(one.average_precision, Some(0.25));
    }

    #[test]
    fn equally_good_thresholds_give_the_highest() {
        // 1 of 1 for two golds, and 2 of 4: F1 is two thirds both times.
        let c = calibration(&[(0.9, true), (0.4, true), (0.4, false), (0.4, false)], 0, 2).unwrap();
        let best = c.best_threshold.unwrap();
        assert_eq!((best.score, best.f1), (0.9, 2.0 / 3.0));
    }

    #[test]
    fn without_gold_recall_is_undefined_and_so_is_average_precision() {
        let c = calibration(&[(0.3, false)], 0, 0).unwrap();
        assert_eq!((c.average_precision, c.brier.map(|b| (b * 100.0).round())), (None, Some(9.0)));
    }

    #[test]
    fn bins_are_closed_below() {
        for (score, from) in [(0.0999, 0.0), (0.1, 0.1), (0.5, 0.5), (0.8999, 0.8), (0.9, 0.9)] {
            let c = calibration(&[(score, true)], 0, 1).unwrap();
            assert_eq!(c.reliability[0].from, from, "{score}");
        }
    }
}
