//! Krippendorff's alpha (2011): `1 - D_o / D_e`, the disagreement within units over that between any two labels.
//!
//! A unit is a list of the labels that were given to it; a missing one is not in the list, and a unit with fewer than two labels says
//! nothing. Undefined where no unit has two labels, and where all labels are equal: nothing could have disagreed.

use std::collections::BTreeMap;

/// The most different numbers of which [`ratio_alpha`] is computed: each is compared with each other.
pub const MOST_NUMBERS: usize = 20_000;

/// Alpha of labels that are equal or not.
///
/// ```
/// use claim_assay::stats::agreement::nominal_alpha;
/// assert_eq!(nominal_alpha(&[vec!["a", "a"], vec!["b", "b"], vec!["a"]]), Some(1.0));
/// assert_eq!(nominal_alpha(&[vec!["a", "a"]]), None);
/// ```
pub fn nominal_alpha<L: Ord>(units: &[Vec<L>]) -> Option<f64> {
    let mut totals: BTreeMap<&L, u128> = BTreeMap::new();
    // Ordered pairs of different labels within a unit, by the number of labels of the unit.
    let mut different: BTreeMap<usize, u128> = BTreeMap::new();
    let mut all: u128 = 0;
    for unit in units.iter().filter(|unit| unit.len() > 1) {
        let mut counts: BTreeMap<&L, u128> = BTreeMap::new();
        unit.iter().for_each(|label| *counts.entry(label).or_default() += 1);
        let labels = unit.len() as u128;
        *different.entry(unit.len()).or_default() += labels * labels - squares(counts.values());
        all += labels;
        counts.into_iter().for_each(|(label, count)| *totals.entry(label).or_default() += count);
    }
    let observed: f64 = different.iter().map(|(&labels, &pairs)| pairs as f64 / (labels - 1) as f64).sum();
    let expected = all * all - squares(totals.values());
    (expected > 0).then(|| 1.0 - (all - 1) as f64 * observed / expected as f64)
}

fn squares<'a>(counts: impl Iterator<Item = &'a u128>) -> u128 {
    counts.map(|count| count * count).sum()
}

/// Alpha of numbers that differ by the square of their difference. Numbers must be finite.
pub fn interval_alpha(units: &[Vec<f64>]) -> Option<f64> {
    let numbers = Numbers::of(units)?;
    let count: f64 = numbers.counts.iter().map(|(_, n)| n).sum();
    let mean = numbers.counts.iter().map(|(x, n)| x * n).sum::<f64>() / count;
    // Half of the squared differences of all ordered pairs, without looking at each.
    let expected = count * numbers.counts.iter().map(|(x, n)| n * (x - mean) * (x - mean)).sum::<f64>();
    Some(1.0 - (count - 1.0) * numbers.within(|a, b| (a - b) * (a - b)) / expected).filter(|alpha| alpha.is_finite())
}

/// Alpha of numbers that differ by the square of `(a - b) / (|a| + |b|)`: 37 and 38 hardly, 37 and 37000 nearly as much as can be, whatever
/// stands beside them. For numbers that are not negative this is Krippendorff's ratio metric; numbers of different signs differ by 1.
///
/// Undefined for more than [`MOST_NUMBERS`] different numbers, too. Numbers must be finite.
pub fn ratio_alpha(units: &[Vec<f64>]) -> Option<f64> {
    fn difference(a: f64, b: f64) -> f64 {
        // Halves, because the sum of the two largest numbers is not finite.
        let share = (a / 2.0 - b / 2.0) / (a.abs() / 2.0 + b.abs() / 2.0);
        if a == b { 0.0 } else { share * share }
    }
    let numbers = Numbers::of(units).filter(|numbers| numbers.counts.len() <= MOST_NUMBERS)?;
    let count: f64 = numbers.counts.iter().map(|(_, n)| n).sum();
    let mut expected = 0.0;
    for (at, &(a, n)) in numbers.counts.iter().enumerate() {
        expected += n * numbers.counts[at + 1..].iter().map(|&(b, m)| m * difference(a, b)).sum::<f64>();
    }
    Some(1.0 - (count - 1.0) * numbers.within(difference) / expected).filter(|alpha| alpha.is_finite())
}

/// The units that have two numbers or more, and how often each number occurs in them.
struct Numbers {
    /// Each unit ascending; the units in order.
    units: Vec<Vec<f64>>,
    counts: Vec<(f64, f64)>,
}

impl Numbers {
    /// `None` when there are not two different numbers.
    fn of(units: &[Vec<f64>]) -> Option<Numbers> {
        // -0 is 0.
        let mut units: Vec<Vec<f64>> =
            units.iter().filter(|unit| unit.len() > 1).map(|unit| unit.iter().map(|x| x + 0.0).collect()).collect();
        units.iter_mut().for_each(|unit| unit.sort_by(f64::total_cmp));
        // Sums of floats depend on the order of what is added.
        units.sort_by(|a, b| a.iter().map(|x| x.to_bits()).cmp(b.iter().map(|x| x.to_bits())));
        let mut all: Vec<f64> = units.iter().flatten().copied().collect();
        all.sort_by(f64::total_cmp);
        let counts: Vec<(f64, f64)> = all.chunk_by(|a, b| a == b).map(|equal| (equal[0], equal.len() as f64)).collect();
        (counts.len() > 1).then_some(Numbers { units, counts })
    }

    /// Half of the disagreement within units: unordered pairs, each over the number of other labels of the unit.
    fn within(&self, difference: fn(f64, f64) -> f64) -> f64 {
        let of_unit = |unit: &Vec<f64>| {
            let pairs = unit.iter().enumerate().flat_map(|(at, &a)| unit[at + 1..].iter().map(move |&b| difference(a, b)));
            pairs.sum::<f64>() / (unit.len() - 1) as f64
        };
        self.units.iter().map(of_unit).sum()
    }
}
