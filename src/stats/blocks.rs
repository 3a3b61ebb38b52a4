//! How many of n draws fall into each block of rows: multinomial counts without n steps.
//!
//! Independent Poisson counts with means in proportion to the sizes of the blocks are, given their sum, multinomial. So each block gets
//! a Poisson count with a mean a little below what it is due; where all of them together are more than n, all are drawn again; the
//! draws that are still missing are drawn one by one. Whatever the sum was, the counts are then multinomial (the sum decides only how
//! many draws came the one way and how many the other), and a replicate costs a step a block and a few times √n steps.

use super::random::Random;

/// Rows of a block: an 8-bit index.
pub(super) const BLOCK: usize = 256;

/// By how many standard deviations the mean of the sum stays below n: more are drawn again once in 300,000 replicates.
const MARGIN: f64 = 4.5;
/// With fewer rows than this all draws are made one by one.
const FEW: usize = 4 * BLOCK;

/// Draws the counts of the blocks of a number of rows, the last of which may be shorter.
#[derive(Clone, Debug)]
pub(super) struct BlockDraws {
    rows: u32,
    /// Of the whole blocks, and of the shorter one.
    poisson: Option<[Poisson; 2]>,
}

impl BlockDraws {
    pub fn new(rows: usize) -> BlockDraws {
        let share = 1.0 - MARGIN / (rows as f64).sqrt();
        let poisson = (rows >= FEW).then(|| [BLOCK, rows % BLOCK].map(|size| Poisson::new(size as f64 * share)));
        // More articles than 32 bits can number do not fit into a file that is read.
        BlockDraws { rows: u32::try_from(rows).unwrap_or(u32::MAX), poisson }
    }

    /// As many draws as there are rows.
    pub fn draw(&self, random: &mut Random, counts: &mut Vec<u32>) {
        let rows = self.rows as usize;
        counts.clear();
        counts.resize(rows.div_ceil(BLOCK), 0);
        let mut missing = self.rows;
        if let Some([whole, shorter]) = &self.poisson {
            loop {
                let (of_whole, of_shorter) = counts.split_at_mut(rows / BLOCK);
                of_whole.iter_mut().for_each(|count| *count = whole.draw(random));
                of_shorter.iter_mut().for_each(|count| *count = shorter.draw(random));
                if let Some(rest) = self.rows.checked_sub(counts.iter().sum()) {
                    missing = rest;
                    break;
                }
            }
        }
        for _ in 0..missing {
            if let Some(count) = counts.get_mut(random.below(self.rows) as usize / BLOCK) {
                *count += 1;
            }
        }
    }
}

/// A Poisson distribution as a table: the number of thresholds that a random word has reached. Made with sums, products and quotients
/// alone, which are the same on every machine; a probability is right to the rounding of double precision.
#[derive(Clone, Debug)]
struct Poisson {
    /// 2⁶⁴ times the probability of at most k.
    thresholds: Vec<u64>,
    /// By the first eight bits of a word, the least number that it can mean.
    first: Vec<u32>,
}

impl Poisson {
    /// For a mean from 0 to a few hundred.
    fn new(mean: f64) -> Poisson {
        /// Rarer numbers, relative to the likeliest one, are left out.
        const RAREST: f64 = 1e-25;
        let mode = mean as usize;
        let mut weights = vec![0.0; mode];
        weights.push(1.0);
        for k in (0..mode).rev() {
            weights[k] = weights[k + 1] * (k + 1) as f64 / mean;
        }
        while let Some(&last) = weights.last().filter(|&&last| last > RAREST) {
            weights.push(last * mean / weights.len() as f64);
        }
        let total: f64 = weights.iter().sum();
        let mut sum = 0.0;
        let cumulative = weights.iter().map(|weight| {
            sum += weight;
            (sum / total * 2.0_f64.powi(64)) as u64
        });
        let thresholds: Vec<u64> = cumulative.collect();
        let first = (0..256u64).map(|byte| thresholds.partition_point(|&t| t <= byte << 56) as u32).collect();
        Poisson { thresholds, first }
    }

    fn draw(&self, random: &mut Random) -> u32 {
        let word = random.word();
        let first = self.first[(word >> 56) as usize];
        let passed = self.thresholds.iter().skip(first as usize).take_while(|&&t| t <= word).count();
        first + passed as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn poisson_numbers_have_their_mean_and_variance() {
        for mean in [0.0, 0.4, 3.0, 250.0] {
            let poisson = Poisson::new(mean);
            let mut random = Random::of_stream(3, 0);
            let n = 200_000;
            let draws: Vec<f64> = (0..n).map(|_| f64::from(poisson.draw(&mut random))).collect();
            let average = draws.iter().sum::<f64>() / f64::from(n);
            let variance = draws.iter().map(|x| (x - average).powi(2)).sum::<f64>() / f64::from(n);
            let error = (mean / f64::from(n)).sqrt();
            assert!((average - mean).abs() <= 4.0 * error, "{mean}: {average}");
            assert!((variance - mean).abs() <= 0.02 * mean, "{mean}: {variance}");
        }
    }

    /// Of the binomial count of a block: n·q and n·q·(1 − q); of two blocks: the covariance −n·q·r.
    #[test]
    fn counts_are_multinomial() {
        for rows in [300, 1_023, 1_024, 5_000, 5_120] {
            let draws = BlockDraws::new(rows);
            let blocks = rows.div_ceil(BLOCK);
            let (mut sum, mut square, mut product) = (vec![0.0; blocks], vec![0.0; blocks], 0.0);
            let replicates = 20_000;
            let mut counts = Vec::new();
            let expected = |block: usize| BLOCK.min(rows - block * BLOCK) as f64;
            for stream in 0..replicates {
                draws.draw(&mut Random::of_stream(5, stream), &mut counts);
                assert_eq!(counts.iter().sum::<u32>() as usize, rows);
                for (block, &count) in counts.iter().enumerate() {
                    let off = f64::from(count) - expected(block);
                    sum[block] += off;
                    square[block] += off * off;
                }
                product += (f64::from(counts[0]) - expected(0)) * (f64::from(counts[1]) - expected(1));
            }
            let n = replicates as f64;
            for block in 0..blocks {
                let variance = expected(block) * (1.0 - expected(block) / rows as f64);
                assert!((sum[block] / n).abs() <= 4.5 * (variance / n).sqrt(), "{rows}, {block}");
                assert!((square[block] / n / variance - 1.0).abs() < 0.05, "{rows}, {block}");
            }
            let covariance = -expected(0) * expected(1) / rows as f64;
            let spread = (expected(0) * expected(1) / n).sqrt();
            assert!((product / n - covariance).abs() <= 4.5 * spread, "{rows}: {} {covariance}", product / n);
        }
    }
}
