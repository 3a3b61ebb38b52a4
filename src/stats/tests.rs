//! Laws of the draws and of the intervals.

use proptest::prelude::*;

use super::blocks::{BLOCK, BlockDraws};
use super::draw::Rows;
use super::table::Table;
use super::{Counts, CriterionIntervals, IntervalSettings, Method, NoInterval, Random, Units};

/// Counts of two criteria.
type Article = [[u64; 3]; 2];

fn units<'a>(articles: impl IntoIterator<Item = (&'a Article, Option<&'a str>)>) -> Units {
    let mut units = Units::new(2);
    for (article, group) in articles {
        units.add(article.iter().map(|&[matched, gold, predicted]| Counts { matched, gold, predicted }), group);
    }
    units
}

fn ungrouped(articles: &[Article]) -> Units {
    units(articles.iter().map(|a| (a, None)))
}

/// Articles of up to a dozen claims, of which most are found.
fn articles(n: usize, seed: u64) -> Vec<Article> {
    let mut random = Random::of_stream(seed, 99);
    let mut article = || {
        let gold = random.below(13);
        let matched = random.below(gold + 1).max(random.below(gold + 1));
        let predicted = matched + random.below(4);
        let fewer = random.below(matched + 1);
        [matched, fewer].map(|matched| [matched, gold, predicted].map(u64::from))
    };
    (0..n).map(|_| article()).collect()
}

fn few() -> IntervalSettings {
    IntervalSettings { resamples: 200, seed: 7 }
}

fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

/// The same draws, one row after the other, without lanes, blocks or flushes.
pub(super) fn brute_force(rows: &[Vec<u64>], seed: u64, replicate: u64) -> Vec<u64> {
    let mut random = Random::of_stream(seed, replicate);
    let mut counts = Vec::new();
    BlockDraws::new(rows.len()).draw(&mut random, &mut counts);
    let mut sums = vec![0; rows[0].len()];
    let mut add = |row: usize| sums.iter_mut().zip(&rows[row]).for_each(|(sum, count)| *sum += count);
    for (block, &draws) in counts.iter().enumerate() {
        let size = BLOCK.min(rows.len() - block * BLOCK);
        if size < BLOCK {
            (0..draws).for_each(|_| add(block * BLOCK + random.below(size as u32) as usize));
        } else {
            let words: Vec<u64> = (0..=draws / 8).map(|_| random.word()).collect();
            (0..draws).for_each(|i| add(block * BLOCK + (words[i as usize / 8] >> (8 * (i % 8)) & 255) as usize));
        }
    }
    sums
}

#[test]
fn sums_are_those_of_the_draws() {
    for n in [2, 255, 256, 257, 1_500, 2_048] {
        let articles = articles(n, n as u64);
        let rows: Vec<Vec<u64>> = articles.iter().map(|a| a.as_flattened().to_vec()).collect();
        let narrow = Rows::new(rows.iter().map(|r| std::array::from_fn::<u16, 8, _>(|i| *r.get(i).unwrap_or(&0) as u16)).collect(), 15);
        // Flushed after every 16 draws.
        let tight = Rows::<u16, 6> { words: 2, ..Rows::new(rows.iter().map(|r| std::array::from_fn(|i| r[i] as u16)).collect(), 15) };
        let wide = Rows::new(rows.iter().map(|r| std::array::from_fn::<u64, 6, _>(|i| r[i])).collect(), 15);
        let sums = [narrow.replicates(3, 20).iter().map(|s| s[..6].to_vec()).collect::<Vec<_>>(), lists(&tight.replicates(3, 20))];
        assert_eq!(sums[0], lists(&wide.replicates(3, 20)), "{n}");
        assert_eq!(sums[1], sums[0], "{n}");
        for (replicate, sums) in (0..).zip(&sums[0]) {
            assert_eq!(*sums, brute_force(&rows, 3, replicate), "{n}, {replicate}");
        }
    }
}

fn lists<const L: usize>(sums: &[[u64; L]]) -> Vec<Vec<u64>> {
    sums.iter().map(|s| s.to_vec()).collect()
}

/// Lanes as wide as a sum are the same as narrow ones, and both hold the greatest counts that they may.
#[test]
fn large_counts_take_wide_lanes() {
    let small = articles(600, 5);
    let times = |factor: u64| -> Vec<Article> { small.iter().map(|a| a.map(|c| c.map(|n| n * factor))).collect() };
    let sums = |articles: &[Article]| Table::new(ungrouped(articles)).replicates(1, 50);
    let of_small = sums(&small);
    // 15 is the largest count: the last 16-bit lane, the first 32-bit one, rows that do not fit into 16 bits, and 64-bit lanes.
    for factor in [500, 600, 5_000, 1 << 40] {
        let expected: Vec<u64> = of_small.iter().map(|n| n * factor).collect();
        assert_eq!(sums(&times(factor)), expected, "{factor}");
    }
}

#[test]
fn wide_tables_are_drawn_in_parts_with_the_same_draws() {
    let articles = articles(700, 11);
    let mut many = Units::new(40);
    for (number, article) in articles.iter().enumerate() {
        // Forty criteria with columns of their own, the first of which are those of the article.
        let of_criterion = |i: u64| {
            let [matched, gold, predicted] = article[0];
            let extra = if i == 0 { 0 } else { (number as u64 * 31 + i * 17) % (i + 1) };
            Counts { matched, gold: gold + extra, predicted: predicted + i * extra }
        };
        many.add((0..40).map(of_criterion), None);
    }
    // Sorted by the same first columns; ties may be in another order, so that the draws of the first criterion can differ.
    let intervals = many.clone().intervals(few());
    assert_eq!(intervals.len(), 40);
    let table = Table::new(many);
    let sums = table.replicates(1, 5);
    let mut rows = Vec::new();
    table.each_distinct(|row, times| (0..times).for_each(|_| rows.push(row.to_vec())));
    for (replicate, sums) in (0..).zip(sums.chunks_exact(table.width())) {
        assert_eq!(sums, brute_force(&rows, 1, replicate));
    }
}

#[test]
fn threads_and_the_order_of_articles_change_no_bit() {
    let mut articles = articles(3_000, 1);
    let first = ungrouped(&articles).intervals(few());
    for threads in [1, 2, 8] {
        assert_eq!(on_threads(threads, || ungrouped(&articles).intervals(few())), first);
    }
    articles.reverse();
    articles.rotate_left(700);
    let (some, others) = articles.split_at(1_234);
    let mut parts = ungrouped(some);
    parts.merge(ungrouped(others));
    assert_eq!(parts.intervals(few()), first);
    assert_ne!(ungrouped(&articles).intervals(IntervalSettings { seed: 8, ..few() }), first);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Groups of one article are none; an empty name is no group; groups add up wherever their articles stand.
    #[test]
    fn groups_are_units(n in 2usize..60, groups in 1usize..20, seed in 0u64..1000, cut in 0usize..60) {
        let articles = articles(n, seed);
        let names: Vec<String> = (0..n).map(|i| format!("g{i}")).collect();
        let own = units(articles.iter().zip(names.iter().map(|name| Some(name.as_str()))));
        let empty = units(articles.iter().map(|a| (a, Some(""))));
        let none = ungrouped(&articles).intervals(few());
        prop_assert!(own.has_groups() && !empty.has_groups());
        prop_assert_eq!(own.intervals(few()), none.clone());
        prop_assert_eq!(empty.intervals(few()), none);

        let mut summed = vec![Article::default(); groups.min(n)];
        for (i, article) in articles.iter().enumerate() {
            let sum = summed[i % groups].as_flattened_mut();
            sum.iter_mut().zip(article.as_flattened()).for_each(|(sum, n)| *sum += n);
        }
        let grouped: Vec<_> = articles.iter().enumerate().map(|(i, a)| (a, Some(names[i % groups].as_str()))).collect();
        let (some, others) = grouped.split_at(cut.min(n));
        let mut parts = units(others.iter().copied());
        parts.merge(units(some.iter().copied()));
        prop_assert_eq!(parts.intervals(few()), ungrouped(&summed).intervals(few()));
    }

    /// Every interval is within 0..=1, its ends in order, and there is one or a reason.
    #[test]
    fn an_interval_or_a_reason(n in 0usize..40, seed in 0u64..1000) {
        for CriterionIntervals { of, method, unreliable, units, reasons, .. } in ungrouped(&articles(n, seed)).intervals(few()) {
            prop_assert_eq!((units, unreliable, method), (n as u64, n < 10, Method::of_units(n as u64)));
            for (ends, why) in [(of.precision, reasons.precision), (of.recall, reasons.recall), (of.f1, reasons.f1)] {
                prop_assert_eq!(ends.is_none(), why.is_some());
                if let Some([low, high]) = ends {
                    prop_assert!(0.0 <= low && low <= high && high <= 1.0, "{} {}", low, high);
                }
            }
        }
    }
}

#[test]
fn what_cannot_be_said_has_a_reason() {
    let of_first = |articles: &[Article]| ungrouped(articles).intervals(few())[0];
    let nothing = of_first(&[]);
    assert_eq!((nothing.units, nothing.reasons.f1), (0, Some(NoInterval::Undefined)));
    let one = of_first(&[[[1, 2, 3]; 2]]);
    assert_eq!((one.method, one.of.f1, one.reasons.f1), (Method::None, None, Some(NoInterval::FewUnits)));
    let perfect = of_first(&[[[2, 2, 2]; 2]; 20]);
    assert_eq!((perfect.method, perfect.reasons.precision), (Method::Bca, Some(NoInterval::AllEqual)));
    // Nothing was predicted but in one article of twenty: a third of the replicates do without it.
    let mut rare = [[[0, 2, 0]; 2]; 20];
    rare[3] = [[1, 2, 3]; 2];
    let rare = of_first(&rare);
    assert_eq!(rare.reasons.precision, Some(NoInterval::UndefinedReplicates));
    assert!((40..110).contains(&rare.undefined.precision) && rare.undefined.recall == 0 && rare.of.recall.is_some(), "{rare:?}");
    let silent = of_first(&[[[0, 2, 0]; 2]; 20]);
    assert_eq!((silent.reasons.precision, silent.undefined.precision), (Some(NoInterval::Undefined), 200));
}
