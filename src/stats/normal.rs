//! The normal distribution.

/// Φ(x), the probability of a standard normal variable up to `x`, with an error below 1e-15.
///
/// The rational approximation of Hart et al. (1968), algorithm 5666, as West gives it (Wilmott Magazine, 2005).
pub fn cumulative(x: f64) -> f64 {
    const ABOVE: [f64; 7] = [
        3.526_249_659_989_11e-2,
        0.700_383_064_443_688,
        6.373_962_203_531_65,
        33.912_866_078_383,
        112.079_291_497_871,
        221.213_596_169_931,
        220.206_867_912_376,
    ];
    const BELOW: [f64; 8] = [
        8.838_834_764_831_84e-2,
        1.755_667_163_182_64,
        16.064_177_579_207,
        86.780_732_202_946_1,
        296.564_248_779_674,
        637.333_633_378_831,
        793.826_512_519_948,
        440.413_735_824_752,
    ];
    /// `√(2π)`.
    const ROOT: f64 = 2.506_628_274_631_000_5;
    let distance = x.abs();
    let tail = if distance > 37.0 {
        0.0
    } else {
        let density = (-distance * distance / 2.0).exp();
        if distance < 7.071_067_811_865_47 {
            density * polynomial(&ABOVE, distance) / polynomial(&BELOW, distance)
        } else {
            let fraction = [4.0, 3.0, 2.0, 1.0].iter().fold(distance + 0.65, |below, over| distance + over / below);
            density / fraction / ROOT
        }
    };
    if x > 0.0 { 1.0 - tail } else { tail }
}

/// Φ⁻¹(p), the point up to which the probability is `p`, to about 1e-16 of its value; infinite at 0 and 1.
///
/// Wichura (1988), algorithm AS 241, PPND16.
pub fn quantile(p: f64) -> f64 {
    const NEAR: [[f64; 8]; 2] = [
        [
            2.509_080_928_730_122_7e3,
            3.343_057_558_358_813e4,
            6.726_577_092_700_87e4,
            4.592_195_393_154_987e4,
            1.373_169_376_550_946e4,
            1.971_590_950_306_551_3e3,
            1.331_416_678_917_843_8e2,
            3.387_132_872_796_366_5,
        ],
        [
            5.226_495_278_852_854e3,
            2.872_908_573_572_194_3e4,
            3.930_789_580_009_271e4,
            2.121_379_430_158_659_7e4,
            5.394_196_021_424_751e3,
            6.871_870_074_920_579e2,
            4.231_333_070_160_091e1,
            1.0,
        ],
    ];
    const MIDDLE: [[f64; 8]; 2] = [
        [
            7.745_450_142_783_414e-4,
            2.272_384_498_926_918_4e-2,
            2.417_807_251_774_506e-1,
            1.270_458_252_452_368_4,
            3.647_848_324_763_204_5,
            5.769_497_221_460_691,
            4.630_337_846_156_546,
            1.423_437_110_749_683_5,
        ],
        [
            1.050_750_071_644_416_9e-9,
            5.475_938_084_995_345e-4,
            1.519_866_656_361_645_7e-2,
            1.481_039_764_274_800_8e-1,
            6.897_673_349_851e-1,
            1.676_384_830_183_803_8,
            2.053_191_626_637_759,
            1.0,
        ],
    ];
    const FAR: [[f64; 8]; 2] = [
        [
            2.010_334_399_292_288_1e-7,
            2.711_555_568_743_487_6e-5,
            1.242_660_947_388_078_4e-3,
            2.653_218_952_657_612_4e-2,
            2.965_605_718_285_048_7e-1,
            1.784_826_539_917_291_3,
            5.463_784_911_164_114,
            6.657_904_643_501_103,
        ],
        [
            2.044_263_103_389_939_8e-15,
            1.421_511_758_316_446e-7,
            1.846_318_317_510_054_8e-5,
            7.868_691_311_456_133e-4,
            1.487_536_129_085_061_5e-2,
            1.369_298_809_227_358e-1,
            5.998_322_065_558_88e-1,
            1.0,
        ],
    ];
    let ratio = |[above, below]: &[[f64; 8]; 2], at: f64| polynomial(above, at) / polynomial(below, at);
    let from_middle = p - 0.5;
    if from_middle.abs() <= 0.425 {
        return from_middle * ratio(&NEAR, 0.180_625 - from_middle * from_middle);
    }
    let tail = if from_middle < 0.0 { p } else { 1.0 - p };
    let distance = if tail <= 0.0 {
        f64::INFINITY
    } else {
        let root = (-tail.ln()).sqrt();
        if root <= 5.0 { ratio(&MIDDLE, root - 1.6) } else { ratio(&FAR, root - 5.0) }
    };
    if from_middle < 0.0 { -distance } else { distance }
}

/// Coefficients from the highest power to the lowest (Horner).
fn polynomial(coefficients: &[f64], at: f64) -> f64 {
    coefficients.iter().fold(0.0, |sum, c| sum * at + c)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `statistics.NormalDist` of Python 3.11: `cdf` from the C library's erfc, `inv_cdf` by AS 241.
    #[test]
    fn values_are_those_of_python() {
        for (x, p) in PYTHON {
            assert!((cumulative(x) - p).abs() <= 1e-15, "{x}: {} {p}", cumulative(x));
        }
        for (p, x) in PYTHON_QUANTILES {
            assert!((quantile(p) - x).abs() <= 1e-14 * f64::max(x.abs(), 1.0), "{p}: {} {x}", quantile(p));
        }
        assert_eq!((quantile(0.0), quantile(1.0), quantile(0.5)), (f64::NEG_INFINITY, f64::INFINITY, 0.0));
        assert_eq!((cumulative(-40.0), cumulative(40.0)), (0.0, 1.0));
    }

    #[test]
    fn each_is_the_inverse_of_the_other() {
        for i in 1..1000 {
            let p = f64::from(i) / 1000.0;
            assert!((cumulative(quantile(p)) - p).abs() < 1e-14, "{p}");
        }
    }

    const PYTHON: [(f64, f64); 14] = [
        (-8.0, 6.220960574271819e-16),
        (-7.0, 1.279812543885835e-12),
        (-5.5, 1.8989562465887738e-08),
        (-3.0, 0.0013498980316300957),
        (-1.96, 0.024997895148220435),
        (-1.0, 0.15865525393145707),
        (-0.25, 0.4012936743170763),
        (0.0, 0.5),
        (0.5, 0.6914624612740131),
        (1.0, 0.8413447460685429),
        (1.6448536269514722, 0.95),
        (2.5, 0.9937903346742238),
        (4.0, 0.9999683287581669),
        (6.5, 0.99999999995984),
    ];
    const PYTHON_QUANTILES: [(f64, f64); 13] = [
        (1e-300, -37.0470962993612),
        (1e-20, -9.262340089798405),
        (1e-09, -5.9978070150076865),
        (0.001, -3.090232306167813),
        (0.025, -1.9599639845400538),
        (0.05, -1.6448536269514726),
        (0.3, -0.5244005127080407),
        (0.5, 0.0),
        (0.6, 0.2533471031357998),
        (0.92, 1.4050715603096327),
        (0.975, 1.9599639845400536),
        (0.999, 3.090232306167813),
        (0.999999, 4.753424308817089),
    ];
}
