//! Random numbers that are the same everywhere: a stream of its own for each replicate, so that replicates can be drawn on any thread.

/// xoshiro256++ 1.0 (Blackman and Vigna 2021, public domain, <https://prng.di.unimi.it>).
#[derive(Clone, Debug)]
pub struct Random([u64; 4]);

impl Random {
    /// The stream of a number under a seed. Both are mixed by SplitMix64 (Steele, Lea and Flood 2014), as the authors of xoshiro advise.
    pub fn of_stream(seed: u64, stream: u64) -> Random {
        let mut state = seed;
        let mut mixed = split_mix(&mut state) ^ stream;
        Random([(); 4].map(|()| split_mix(&mut mixed)))
    }

    /// 64 random bits.
    #[inline]
    pub fn word(&mut self) -> u64 {
        let [a, b, c, d] = &mut self.0;
        let out = a.wrapping_add(*d).rotate_left(23).wrapping_add(*a);
        let shifted = *b << 17;
        *c ^= *a;
        *d ^= *b;
        *b ^= *c;
        *a ^= *d;
        *c ^= shifted;
        *d = d.rotate_left(45);
        out
    }

    /// A whole number below `bound`, which is not 0, each as likely as the other: Lemire (2019), multiply, shift, and reject the few
    /// products that would favour some numbers.
    #[inline]
    pub fn below(&mut self, bound: u32) -> u32 {
        let mut product = (self.word() >> 32) * u64::from(bound);
        if (product as u32) < bound {
            let favoured = bound.wrapping_neg() % bound;
            while (product as u32) < favoured {
                product = (self.word() >> 32) * u64::from(bound);
            }
        }
        (product >> 32) as u32
    }
}

fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first words of the reference implementation in C from the state 1, 2, 3, 4.
    #[test]
    fn words_are_those_of_the_reference() {
        let mut random = Random([1, 2, 3, 4]);
        let words = [(); 5].map(|()| random.word());
        assert_eq!(words, [41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386, 9_228_616_714_210_784_205]);
        let mut state = 1_234_567;
        assert_eq!([split_mix(&mut state), split_mix(&mut state)], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
    }

    #[test]
    fn numbers_below_a_bound_are_even() {
        let mut random = Random::of_stream(1, 0);
        let mut counts = [0u32; 7];
        for _ in 0..70_000 {
            counts[random.below(7) as usize] += 1;
        }
        assert!(counts.iter().all(|&n| (9_600..10_400).contains(&n)), "{counts:?}");
        assert!((0..100).all(|_| random.below(1) == 0));
    }

    #[test]
    fn streams_differ() {
        let first = |seed, stream| Random::of_stream(seed, stream).word();
        let words: std::collections::BTreeSet<u64> = (0..50).flat_map(|i| [first(1, i), first(2, i)]).collect();
        assert_eq!(words.len(), 100);
    }
}
