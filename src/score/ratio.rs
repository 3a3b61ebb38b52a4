//! Precision, recall and F from counts. Undefined is `None`, never 0 or 1.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Precision, recall and F1 with the counts that they come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Prf {
    /// Matched.
    pub tp: u64,
    /// Predicted without a match.
    pub fp: u64,
    /// Gold without a match.
    #[serde(rename = "fn")]
    pub fn_: u64,
    /// `tp / (tp + fp)`.
    pub precision: Option<f64>,
    /// `tp / (tp + fn)`.
    pub recall: Option<f64>,
    /// `2 tp / (2 tp + fp + fn)`, from the counts, not from rounded precision and recall.
    pub f1: Option<f64>,
}

impl Prf {
    /// From the pairs and the sizes of both populations.
    pub fn new(matched: u64, gold: u64, predicted: u64) -> Prf {
        Prf {
            tp: matched,
            fp: predicted.saturating_sub(matched),
            fn_: gold.saturating_sub(matched),
            precision: ratio(matched as f64, predicted as f64),
            recall: ratio(matched as f64, gold as f64),
            f1: f_beta(matched as f64, gold as f64, predicted as f64, 1.0),
        }
    }
}

/// `a / b`, undefined when `b` is 0.
pub fn ratio(a: f64, b: f64) -> Option<f64> {
    (b > 0.0).then(|| a / b)
}

/// `(1 + β²) m / (β² gold + predicted)`: F-beta (van Rijsbergen 1979) from counts; undefined when both sides are empty.
pub fn f_beta(matched: f64, gold: f64, predicted: f64, beta: f64) -> Option<f64> {
    let square = beta * beta;
    ratio((1.0 + square) * matched, square * gold + predicted)
}

/// The mean of the defined values, with how many were not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Mean {
    /// Undefined when no value is defined.
    pub mean: Option<f64>,
    /// Values in the mean.
    pub over: u64,
    /// Values left out because they are undefined.
    pub undefined: u64,
}

impl FromIterator<Option<f64>> for Mean {
    fn from_iter<I: IntoIterator<Item = Option<f64>>>(values: I) -> Mean {
        let (mut sum, mut over, mut undefined) = (0.0, 0, 0);
        for value in values {
            match value {
                Some(v) => {
                    sum += v;
                    over += 1;
                }
                None => undefined += 1,
            }
        }
        Mean { mean: ratio(sum, over as f64), over, undefined }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undefined_is_never_a_number() {
        let nothing = Prf::new(0, 0, 0);
        assert_eq!((nothing.precision, nothing.recall, nothing.f1), (None, None, None));
        let no_prediction = Prf::new(0, 4, 0);
        assert_eq!((no_prediction.precision, no_prediction.recall, no_prediction.f1), (None, Some(0.0), Some(0.0)));
    }

    #[test]
    fn f_beta_weighs_recall() {
        assert_eq!(f_beta(2.0, 4.0, 2.0, 1.0), Some(2.0 * 2.0 / 6.0));
        assert_eq!(f_beta(2.0, 4.0, 2.0, 2.0), Some(5.0 * 2.0 / (4.0 * 4.0 + 2.0)));
    }

    #[test]
    fn a_mean_says_what_it_leaves_out() {
        let mean: Mean = [Some(0.5), None, Some(1.0)].into_iter().collect();
        assert_eq!(mean, Mean { mean: Some(0.75), over: 2, undefined: 1 });
        assert_eq!([None].into_iter().collect::<Mean>(), Mean { mean: None, over: 0, undefined: 1 });
    }
}
