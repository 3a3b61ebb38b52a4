//! Cohen's kappa (1960).

use std::collections::BTreeMap;

/// `(p_o - p_e) / (1 - p_e)`: how often two annotators give the same label, beyond what their own shares of labels would give by chance.
/// At most 1, below 0 where they agree less than by chance.
///
/// Undefined without a pair, and where both use one and the same label throughout: chance alone then gives full agreement.
///
/// ```
/// use claim_assay::stats::agreement::cohen_kappa;
/// assert_eq!(cohen_kappa(&[("a", "a"), ("b", "b")]), Some(1.0));
/// assert_eq!(cohen_kappa(&[("a", "a"), ("a", "a")]), None);
/// ```
pub fn cohen_kappa<L: Ord>(pairs: &[(L, L)]) -> Option<f64> {
    let mut counts: BTreeMap<&L, (u128, u128)> = BTreeMap::new();
    let mut same: u128 = 0;
    for (first, second) in pairs {
        counts.entry(first).or_default().0 += 1;
        counts.entry(second).or_default().1 += 1;
        same += u128::from(first == second);
    }
    let all = pairs.len() as u128;
    // Over n² as the common denominator, in integers, so that neither order nor side changes a bit.
    let by_chance: u128 = counts.values().map(|(first, second)| first * second).sum();
    let most = all * all;
    (most > by_chance).then(|| ((all * same) as f64 - by_chance as f64) / (most - by_chance) as f64)
}
