//! All that is resampled together, against sums over the drawn units one by one.

use super::*;
use crate::stats::tests::brute_force;
use crate::stats::{OfMetrics, Random};

/// What is counted of a unit.
#[derive(Clone)]
struct Unit {
    criterion: [u64; 3],
    field: [u64; 5],
    hits: Vec<Hit>,
}

/// Units no two of which have the same counts of the criterion, so that their order is that of these.
fn distinct(n: usize) -> Vec<Unit> {
    let mut random = Random::of_stream(4, n as u64);
    let mut unit = |number: usize| {
        let gold = u64::from(random.below(9));
        let matched = u64::from(random.below(gold as u32 + 1));
        let right = u64::from(random.below(matched as u32 + 1));
        // Half of the units do not have the field; a few have more than a byte holds.
        let times = if random.below(40) == 0 { 200 } else { 1 };
        let field = if random.below(2) == 0 { [right, matched, right + 1, gold, matched + 1].map(|count| count * times) } else { [0; 5] };
        let hits = (0..random.below(8)).map(|_| Hit::new(f64::from(random.below(30)) / 30.0, random.below(3) > 0)).collect();
        Unit { criterion: [matched, gold, matched + number as u64], field, hits }
    };
    (0..n).map(&mut unit).collect()
}

fn intervals(units: &[Unit], groups: &[Option<&str>], settings: IntervalSettings) -> AllIntervals {
    let mut numbered = NumberedUnits::new(1);
    let (mut field, mut hits) = (FieldCounts::default(), Vec::new());
    for (unit, group) in units.iter().zip(groups) {
        let [matched, gold, predicted] = unit.criterion;
        let number = numbered.add([Counts { matched, gold, predicted }].into_iter(), *group);
        field.add(number, unit.field);
        hits.extend(unit.hits.iter().map(|&hit| (hit, number)));
    }
    numbered.intervals(vec![FieldCounts::default(), field], hits, 0, settings)
}

/// Average precision of units that are there so many times, as it is defined.
fn average_precision(units: &[Unit], times: &[u64]) -> Option<f64> {
    let counted = || units.iter().zip(times);
    let gold: u64 = counted().map(|(unit, times)| unit.criterion[1] * times).sum();
    let mut scores: Vec<f64> = counted().filter(|(_, times)| **times > 0).flat_map(|(unit, _)| &unit.hits).map(|hit| hit.score()).collect();
    scores.sort_by(|a, b| b.total_cmp(a));
    scores.dedup();
    let (mut sum, mut before) = (0.0, 0);
    for score in &scores {
        let kept = |only_hits: bool| -> u64 {
            let of = |unit: &Unit| unit.hits.iter().filter(|hit| hit.score() >= *score && (hit.is_hit() || !only_hits)).count() as u64;
            counted().map(|(unit, times)| of(unit) * times).sum()
        };
        let found = kept(true);
        sum += (found - before) as f64 / gold as f64 * found as f64 / kept(false) as f64;
        before = found;
    }
    (gold > 0 && !scores.is_empty()).then_some(sum)
}

/// The interval of a number of units that are there so many times.
fn slow(n: usize, settings: IntervalSettings, number: impl Fn(&[u64]) -> Option<f64>) -> Option<[f64; 2]> {
    let one_hot: Vec<Vec<u64>> = (0..n).map(|unit| (0..n).map(|other| u64::from(unit == other)).collect()).collect();
    let all = number(&vec![1; n]);
    let mut jackknife = Jackknife::default();
    for unit in 0..n {
        let others: Vec<u64> = (0..n).map(|other| u64::from(other != unit)).collect();
        jackknife.add(number(&others).zip(all).map(|(without, all)| without - all), 1);
    }
    let replicates: Vec<Option<f64>> =
        (0..u64::from(settings.resamples)).map(|replicate| number(&brute_force(&one_hot, settings.seed, replicate))).collect();
    let mut defined: Vec<f64> = replicates.iter().copied().flatten().collect();
    let undefined = replicates.len() - defined.len();
    interval(Method::of_units(n as u64), all, &mut defined, undefined, jackknife.acceleration()).ok()
}

fn assert_close(ours: Option<[f64; 2]>, slow: Option<[f64; 2]>, what: &str) {
    let close = ours.zip(slow).is_none_or(|(a, b)| a.into_iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-9));
    assert!(ours.is_some() == slow.is_some() && close, "{what}: {ours:?}, slowly {slow:?}");
}

#[test]
fn intervals_are_those_of_the_drawn_units_one_by_one() {
    for n in [5, 40, 300] {
        let settings = IntervalSettings { resamples: 101, seed: 9 };
        let units = distinct(n);
        let ours = intervals(&units, &vec![None; n], settings);
        let mut sorted = units;
        sorted.sort_by_key(|unit| unit.criterion);
        let of_field = |places: [usize; 3], metric: usize| {
            slow(n, settings, |times| {
                let sum = |place: usize| sorted.iter().zip(times).map(|(unit, times)| unit.field[place] * times).sum();
                metrics(places.map(sum))[metric]
            })
        };
        let [absent, field] = ours.fields[..] else { panic!("two fields") };
        for (ci, places, name) in [(field.matched, [0, 1, 2], "matched"), (field.end_to_end, [0, 3, 4], "end to end")] {
            let OfMetrics { precision, recall, f1 } = ci.of;
            for (metric, ours) in [precision, recall, f1].into_iter().enumerate() {
                assert_close(ours, of_field(places, metric), &format!("{n}, {name} {metric}"));
            }
        }
        assert_eq!((absent.matched.of.f1, absent.matched.undefined.f1), (None, 101));
        let ranking = ours.ranking.unwrap();
        assert_close(ranking.average_precision, slow(n, settings, |times| average_precision(&sorted, times)), &format!("{n}, AP"));
    }
}

#[test]
fn multiplicities_are_those_of_the_draws() {
    for n in [1, 2, 255, 256, 257, 1_100] {
        let one_hot: Vec<Vec<u64>> = (0..n).map(|unit| (0..n).map(|other| u64::from(unit == other)).collect()).collect();
        let mut drawn = Multiplicities::default();
        Draws::new(n, 3).draw(16..32, &mut drawn);
        for lane in [0, 15] {
            let times: Vec<u64> = drawn.times.iter().map(|times| u64::from(times[lane])).collect();
            assert_eq!(times, brute_force(&one_hot, 3, 16 + lane as u64), "{n}");
        }
    }
}

/// Units with the same counts of the criterion differ in the rest, and stand in one order all the same.
#[test]
fn neither_order_nor_parts_nor_threads_change_a_bit() {
    let settings = IntervalSettings { resamples: 100, seed: 2 };
    let mut units = distinct(700);
    units.iter_mut().for_each(|unit| unit.criterion[2] = unit.criterion[0]);
    let names: Vec<String> = (0..700).map(|number| format!("g{}", number % 90)).collect();
    let groups: Vec<Option<&str>> = names.iter().enumerate().map(|(number, name)| (number % 3 == 0).then_some(name.as_str())).collect();
    let first = intervals(&units, &groups, settings);
    assert!(first.ranking.is_some_and(|ranking| ranking.average_precision.is_some() && ranking.units == 466 + 30));
    let backwards: (Vec<Unit>, Vec<Option<&str>>) = units.iter().cloned().zip(groups.iter().copied()).rev().unzip();
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        assert_eq!(pool.install(|| intervals(&backwards.0, &backwards.1, settings)), first);
    }
    let mut plain = Units::new(1);
    for (unit, group) in units.iter().zip(&groups) {
        let [matched, gold, predicted] = unit.criterion;
        plain.add([Counts { matched, gold, predicted }].into_iter(), *group);
    }
    assert_eq!(plain.intervals(settings), first.criteria);
}
