//! From an estimate, its bootstrap replicates and its jackknife to a 95 % interval.
//!
//! Bias-corrected and accelerated (BCa; Efron 1987): with z0 = Φ⁻¹ of the share of replicates below the estimate (equal ones count
//! half) and the acceleration a of the jackknife, the ends are the quantiles of the replicates at
//! Φ(z0 + (z0 + z) / (1 − a (z0 + z))) for z = Φ⁻¹(0.025) and Φ⁻¹(0.975).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::normal;

/// Probability below the lower end; the same above the upper one.
const TAIL: f64 = 0.025;
/// Fewest units that can be resampled at all.
pub const FEWEST_UNITS: u64 = 2;
/// Fewest units of a BCa interval; the percentile interval below is not reliable.
pub const FEWEST_UNITS_OF_BCA: u64 = 10;
/// One undefined replicate of that many is too many.
const UNDEFINED_ONE_IN: usize = 20;

/// How an interval was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Bias-corrected and accelerated bootstrap.
    Bca,
    /// The quantiles of the replicates themselves, because there are fewer than 10 units; not reliable.
    Percentile,
    /// There are fewer than 2 units.
    #[default]
    None,
}

impl Method {
    /// The method for that many units.
    pub fn of_units(units: u64) -> Method {
        if units < FEWEST_UNITS {
            Method::None
        } else if units < FEWEST_UNITS_OF_BCA {
            Method::Percentile
        } else {
            Method::Bca
        }
    }
}

/// Why there is no interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum NoInterval {
    /// The number itself is undefined.
    #[error("the number is undefined")]
    Undefined,
    /// There are fewer than 2 units.
    #[error("fewer than 2 units")]
    FewUnits,
    /// The number is undefined in more than 5 % of the replicates.
    #[error("undefined in more than 5 % of the replicates")]
    UndefinedReplicates,
    /// All replicates are equal.
    #[error("all replicates are equal")]
    AllEqual,
    /// z0 or the acceleration is undefined: all replicates lie on one side of the estimate, or the jackknife does not vary.
    #[error("the bias or the acceleration is undefined")]
    Degenerate,
}

/// The moments of an estimate with each unit left out in turn, around the estimate.
#[derive(Clone, Copy, Debug, Default)]
pub struct Jackknife {
    units: f64,
    sum: f64,
    squares: f64,
    cubes: f64,
    undefined: bool,
}

impl Jackknife {
    /// Adds the estimate without a unit, less that with all of them, for so many equal units.
    pub fn add(&mut self, difference: Option<f64>, units: u64) {
        let Some(difference) = difference else {
            self.undefined = true;
            return;
        };
        let units = units as f64;
        self.units += units;
        self.sum += units * difference;
        self.squares += units * difference * difference;
        self.cubes += units * difference * difference * difference;
    }

    /// Σ d³ / (6 (Σ d²)^1.5) with d = mean of the leave-one-out estimates − the estimate without unit i. Undefined where one of them
    /// is, or all are equal.
    pub fn acceleration(&self) -> Option<f64> {
        /// What remains of equal numbers after rounding, relative to their squares.
        const ROUNDING: f64 = 1e-12;
        let mean = self.sum / self.units;
        let squares = self.squares - self.units * mean * mean;
        let cubes = 3.0 * mean * self.squares - self.cubes - 2.0 * self.units * mean * mean * mean;
        let varies = !self.undefined && squares > ROUNDING * self.squares;
        varies.then(|| cubes / (6.0 * squares * squares.sqrt()))
    }
}

/// The 95 % interval. `replicates` are the defined ones in any order, and are sorted; `undefined` is how many are not defined.
///
/// # Errors
/// Where there is none, with the reason.
pub fn interval(
    method: Method,
    estimate: Option<f64>,
    replicates: &mut [f64],
    undefined: usize,
    acceleration: Option<f64>,
) -> Result<[f64; 2], NoInterval> {
    let estimate = estimate.ok_or(NoInterval::Undefined)?;
    if method == Method::None {
        return Err(NoInterval::FewUnits);
    }
    if undefined * UNDEFINED_ONE_IN > replicates.len() + undefined {
        return Err(NoInterval::UndefinedReplicates);
    }
    replicates.sort_unstable_by(f64::total_cmp);
    if replicates.first() == replicates.last() {
        return Err(NoInterval::AllEqual);
    }
    let levels = match method {
        Method::Bca => bca_levels(bias(estimate, replicates), acceleration).ok_or(NoInterval::Degenerate)?,
        _ => [TAIL, 1.0 - TAIL],
    };
    Ok(levels.map(|level| quantile(replicates, level)))
}

/// z0. Infinite where all replicates lie on one side of the estimate.
pub fn bias(estimate: f64, sorted_replicates: &[f64]) -> f64 {
    let below = sorted_replicates.partition_point(|&x| x < estimate) as f64;
    let not_above = sorted_replicates.partition_point(|&x| x <= estimate) as f64;
    normal::quantile((below + not_above) / 2.0 / sorted_replicates.len() as f64)
}

/// The levels of the replicates at which the interval ends; `None` where they are undefined or out of order.
fn bca_levels(bias: f64, acceleration: Option<f64>) -> Option<[f64; 2]> {
    let acceleration = acceleration.filter(|_| bias.is_finite())?;
    let level = |tail: f64| {
        let moved = bias + normal::quantile(tail);
        let shrunk = 1.0 - acceleration * moved;
        (shrunk > 0.0).then(|| normal::cumulative(bias + moved / shrunk))
    };
    Some([level(TAIL)?, level(1.0 - TAIL)?])
}

/// The quantile of sorted numbers, linear between them: type 7 of Hyndman and Fan (1996). There is at least one number.
pub fn quantile(sorted: &[f64], level: f64) -> f64 {
    let place = level * (sorted.len() - 1) as f64;
    let below = place as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (sorted[above] - sorted[below]) * (place - below as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hundred() -> Vec<f64> {
        (0..100).map(f64::from).collect()
    }

    #[test]
    fn without_bias_and_acceleration_it_is_the_percentile_interval() {
        let bca = interval(Method::Bca, Some(49.5), &mut hundred(), 0, Some(0.0)).unwrap();
        let percentile = interval(Method::Percentile, Some(12.0), &mut hundred(), 0, None).unwrap();
        assert!((percentile[0] - 2.475).abs() < 1e-12 && (percentile[1] - 96.525).abs() < 1e-12, "{percentile:?}");
        assert!(bca.iter().zip(percentile).all(|(a, b)| (a - b).abs() < 1e-12), "{bca:?}");
    }

    #[test]
    fn reasons_for_none() {
        let none = |method, estimate, replicates: &[f64], undefined, acceleration| {
            interval(method, estimate, &mut replicates.to_vec(), undefined, acceleration).unwrap_err()
        };
        let many = hundred();
        assert_eq!(none(Method::Bca, None, &many, 0, Some(0.0)), NoInterval::Undefined);
        assert_eq!(none(Method::None, Some(1.0), &[], 0, None), NoInterval::FewUnits);
        assert_eq!(none(Method::Bca, Some(1.0), &many[..94], 6, Some(0.0)), NoInterval::UndefinedReplicates);
        assert!(interval(Method::Bca, Some(50.0), &mut many[..95].to_vec(), 5, Some(0.0)).is_ok());
        assert_eq!(none(Method::Bca, Some(1.0), &[1.0; 9], 0, Some(0.0)), NoInterval::AllEqual);
        assert_eq!(none(Method::Bca, Some(-1.0), &many, 0, Some(0.0)), NoInterval::Degenerate);
        assert_eq!(none(Method::Bca, Some(100.0), &many, 0, Some(0.0)), NoInterval::Degenerate);
        assert_eq!(none(Method::Bca, Some(50.0), &many, 0, None), NoInterval::Degenerate);
        assert_eq!(none(Method::Bca, Some(50.0), &many, 0, Some(1.0)), NoInterval::Degenerate);
    }

    #[test]
    fn equal_units_have_no_acceleration() {
        let mut jackknife = Jackknife::default();
        jackknife.add(Some(0.1), 3);
        jackknife.add(Some(0.1), 4);
        assert_eq!(jackknife.acceleration(), None);
        let (mut one_by_one, mut weighted) = (Jackknife::default(), Jackknife::default());
        for difference in [0.1, 0.1, 0.1, -0.2, 0.05] {
            one_by_one.add(Some(difference), 1);
        }
        [(0.1, 3), (-0.2, 1), (0.05, 1)].into_iter().for_each(|(d, n)| weighted.add(Some(d), n));
        assert!((one_by_one.acceleration().unwrap() - weighted.acceleration().unwrap()).abs() < 1e-15);
        weighted.add(None, 1);
        assert_eq!(weighted.acceleration(), None);
    }
}
