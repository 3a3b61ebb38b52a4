//! Laws of the two draws.

use proptest::prelude::*;

use super::*;
use crate::stats::tests::brute_force;

/// Counts (matched, gold, predicted) of one criterion by repeat.
type Unit = Vec<[u64; 3]>;

fn counts([matched, gold, predicted]: [u64; 3]) -> Counts {
    Counts { matched, gold, predicted }
}

fn repeated(units: &[Unit], repeats: u32) -> RepeatedUnits {
    let mut all = RepeatedUnits::new(1, repeats);
    units.iter().for_each(|unit| all.add(&unit.iter().copied().map(counts).collect::<Vec<_>>(), None));
    all
}

fn settings(resamples: u32) -> Option<IntervalSettings> {
    Some(IntervalSettings { resamples, seed: 11 })
}

/// Units whose gold is the same in every repeat, while what is found is chance.
fn flipping(n: usize, repeats: u32, seed: u64) -> Vec<Unit> {
    let mut random = Random::of_stream(seed, 5);
    let unit = |random: &mut Random| {
        let gold = 1 + random.below(9);
        let answer = |_| {
            let matched = random.below(gold + 1).max(random.below(gold + 1));
            [matched, gold, matched + random.below(3)].map(u64::from)
        };
        (0..repeats).map(answer).collect()
    };
    (0..n).map(|_| unit(&mut random)).collect()
}

fn f1([matched, gold, predicted]: [u64; 3]) -> f64 {
    2.0 * matched as f64 / (gold + predicted) as f64
}

fn sum<'u>(rows: impl Iterator<Item = &'u [u64; 3]>) -> [u64; 3] {
    rows.fold([0; 3], |sum, row| std::array::from_fn(|i| sum[i] + row[i]))
}

#[test]
fn mean_extremes_and_deviation_are_those_of_the_repeats() {
    // F1 of the three repeats: 1/2, 3/4, 1.
    let units = vec![vec![[1, 2, 2], [1, 2, 2], [2, 2, 2]], vec![[1, 2, 2], [2, 2, 2], [2, 2, 2]]];
    let [of] = repeated(&units, 3).summarise(None).try_into().unwrap();
    let found = of.of.f1;
    assert_eq!((found.mean, found.min, found.max, found.sd), (Some(0.75), Some(0.5), Some(1.0), Some(0.25)));
    assert_eq!((found.ci, found.no_interval, found.noise_share, of.method), (None, None, None, None));
}

#[test]
fn repeats_without_the_number_are_left_out_and_counted() {
    let units = vec![vec![[0, 4, 0], [1, 4, 2], [3, 4, 4]]];
    let [of] = repeated(&units, 3).summarise(settings(100)).try_into().unwrap();
    let precision = of.of.precision;
    assert_eq!((precision.mean, precision.min, precision.undefined), (Some(0.625), Some(0.5), 1));
    assert_eq!((of.of.recall.mean, of.of.recall.undefined), (Some(1.0 / 3.0), 0));
    assert_eq!(precision.no_interval, Some(NoInterval::FewUnits));
    let never = repeated(&[vec![[0, 4, 0]; 2]], 2).summarise(settings(100))[0].of.precision;
    assert_eq!((never.mean, never.sd, never.undefined, never.no_interval), (None, None, 2, Some(NoInterval::Undefined)));
}

/// A unit after the other, and an answer after the other, from rows that are sorted here.
fn slow_replicate(units: &[Unit], repeats: u32, seed: u64, replicate: u64) -> [u64; 3] {
    let mut rows: Vec<&Unit> = units.iter().collect();
    rows.sort();
    let one_hot: Vec<Vec<u64>> = (0..rows.len()).map(|i| (0..rows.len()).map(|j| u64::from(i == j)).collect()).collect();
    let times = brute_force(&one_hot, seed, replicate);
    let mut random = Random::of_stream(seed ^ ANSWERS, replicate);
    let mut drawn = Vec::new();
    for (row, times) in rows.iter().zip(times) {
        (0..times).for_each(|_| drawn.push(row[random.below(repeats) as usize]));
    }
    sum(drawn.iter())
}

#[test]
fn replicates_are_those_of_a_slow_draw() {
    for (n, repeats) in [(2, 2), (7, 5), (300, 3), (1_100, 2)] {
        let units = flipping(n, repeats, n as u64);
        let RepeatedUnits { units: rows, criteria, .. } = repeated(&units, repeats);
        let sample = Sample { table: Table::new(rows), criteria, repeats };
        let sums = sample.replicates(11, 35);
        for (replicate, sums) in sums.chunks_exact(3).enumerate() {
            assert_eq!(sums, slow_replicate(&units, repeats, 11, replicate as u64), "{n} units, replicate {replicate}");
        }
    }
}

/// Two steps by another generator and another order of the work: the interval agrees up to the error of the simulation.
#[test]
fn intervals_are_those_of_an_independent_simulation() {
    let (n, repeats, replicates) = (8, 4, 40_000);
    let units = flipping(n, repeats, 3);
    let mut state = 88_172_645_463_325_252_u64;
    let mut below = |bound: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as usize % bound
    };
    let mut simulated: Vec<f64> = (0..replicates)
        .map(|_| {
            let drawn: Vec<[u64; 3]> = (0..n).map(|_| units[below(n)][below(repeats as usize)]).collect();
            f1(sum(drawn.iter()))
        })
        .collect();
    simulated.sort_by(f64::total_cmp);
    let found = repeated(&units, repeats).summarise(settings(replicates))[0].of.f1;
    let expected = [simulated[replicates as usize / 40], simulated[replicates as usize - replicates as usize / 40]];
    // Eight units make a percentile interval; its ends vary by a hundredth of its width.
    let width = expected[1] - expected[0];
    assert!(found.ci.unwrap().iter().zip(expected).all(|(a, b)| (a - b).abs() < 0.02 * width), "{:?} {expected:?}", found.ci);
    let of_repeats: Vec<f64> = (0..repeats as usize).map(|k| f1(sum(units.iter().map(|unit| &unit[k])))).collect();
    let share = variance(&of_repeats).unwrap() / variance(&simulated).unwrap();
    assert!((found.noise_share.unwrap() - share.min(1.0)).abs() < 0.03, "{found:?} {share}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn equal_repeats_have_the_interval_of_one_run_and_no_noise(n in 1_usize..60, repeats in 2_u32..8, seed in 0_u64..500) {
        let units: Vec<Unit> = flipping(n, 1, seed).into_iter().map(|unit| vec![unit[0]; repeats as usize]).collect();
        let mut plain = Units::new(1);
        units.iter().for_each(|unit| plain.add(std::iter::once(counts(unit[0])), None));
        let plain = plain.intervals(settings(300).unwrap())[0];
        let [found] = repeated(&units, repeats).summarise(settings(300)).try_into().unwrap();
        let ends = OfMetrics { precision: found.of.precision.ci, recall: found.of.recall.ci, f1: found.of.f1.ci };
        prop_assert_eq!(ends, plain.of);
        prop_assert_eq!(found.of.f1.no_interval, plain.reasons.f1);
        prop_assert_eq!(found.of.precision.no_interval, plain.reasons.precision);
        for number in [found.of.precision, found.of.recall, found.of.f1] {
            prop_assert_eq!((number.min, number.max), (number.mean, number.mean));
            prop_assert_eq!(number.sd, number.mean.map(|_| 0.0));
            prop_assert!(number.noise_share.is_none_or(|share| share == 0.0));
        }
    }

    #[test]
    fn neither_threads_nor_the_order_of_units_change_a_bit(n in 1_usize..40, repeats in 2_u32..6, seed in 0_u64..500) {
        let on = |threads: usize, units: &[Unit]| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| repeated(units, repeats).summarise(settings(200)))
        };
        let mut units = flipping(n, repeats, seed);
        let first = on(1, &units);
        units.reverse();
        prop_assert_eq!(&on(3, &units), &first);
    }

    #[test]
    fn the_mean_lies_between_the_extremes(n in 1_usize..30, repeats in 2_u32..9, seed in 0_u64..500) {
        let [found] = repeated(&flipping(n, repeats, seed), repeats).summarise(settings(200)).try_into().unwrap();
        for number in [found.of.precision, found.of.recall, found.of.f1] {
            prop_assert!(number.min <= number.mean && number.mean <= number.max, "{:?}", number);
            prop_assert!(number.noise_share.is_none_or(|share| (0.0..=1.0).contains(&share)), "{:?}", number);
        }
    }
}
