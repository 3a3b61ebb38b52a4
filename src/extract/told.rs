//! Things that happen often and are told once each, in order, only the first few: counted in bounded memory, about 1 MB.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::LazyLock;

use rustc_hash::FxBuildHasher;

/// So many keys are told apart; 8 bytes each. Where there are more, that is said instead of their number.
const MOST_DISTINCT: usize = 1 << 16;

/// Of keys; seeded anew in each process, so that no data can be made to collide. One for all, so that counts can be added.
static HASHING: LazyLock<RandomState> = LazyLock::new(RandomState::new);

/// Counts by key, of which the smallest few keys are kept. A key that is too large once stays so, because the kept ones only get
/// smaller; so the counts of those that are kept at the end are whole.
#[derive(Clone, Debug)]
pub(super) struct Told<K, V> {
    most: usize,
    kept: BTreeMap<K, V>,
    /// Hashes of all keys, or one more than [`MOST_DISTINCT`] of them.
    distinct: HashSet<u64, FxBuildHasher>,
}

/// How many keys there are beside those that are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct More {
    pub keys: usize,
    /// Whether there are more than that.
    at_least: bool,
}

impl<K: Ord + Hash, V> Told<K, V> {
    /// Keeps that many keys.
    pub fn new(most: usize) -> Told<K, V> {
        Told { most, kept: BTreeMap::new(), distinct: HashSet::default() }
    }

    /// Adds to a key; `join` makes one of two values, the one before first.
    pub fn add(&mut self, key: K, value: V, join: impl Fn(&mut V, V)) {
        self.count(HASHING.hash_one(&key));
        if let Some(before) = self.kept.get_mut(&key) {
            join(before, value);
        } else if self.kept.len() < self.most || self.kept.last_key_value().is_some_and(|(last, _)| key < *last) {
            self.kept.insert(key, value);
            if self.kept.len() > self.most {
                self.kept.pop_last();
            }
        }
    }

    /// Adds what another one has counted.
    pub fn extend(&mut self, other: Told<K, V>, join: impl Fn(&mut V, V)) {
        for (key, value) in other.kept {
            self.add(key, value, &join);
        }
        other.distinct.into_iter().for_each(|hash| self.count(hash));
    }

    fn count(&mut self, hash: u64) {
        if self.distinct.len() <= MOST_DISTINCT {
            self.distinct.insert(hash);
        }
    }

    /// The kept keys, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.kept.iter()
    }

    /// How many keys there are beside the kept ones.
    pub fn more(&self) -> More {
        let counted = self.distinct.len().min(MOST_DISTINCT);
        // Two keys may have one hash.
        More { keys: counted.saturating_sub(self.kept.len()), at_least: self.distinct.len() > MOST_DISTINCT }
    }
}

impl More {
    /// The same number with so many more.
    pub fn with(self, more: usize) -> More {
        More { keys: self.keys + more, ..self }
    }
}

impl fmt::Display for More {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.at_least { "more than " } else { "" }, self.keys)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_keys_are_kept_with_all_their_counts_however_the_data_are_cut() {
        let keys: Vec<u32> = (0..200).map(|i| (i * 7919) % 23).collect();
        for cut in [0, 1, 57, 199] {
            let count = |keys: &[u32]| {
                let mut told = Told::new(5);
                keys.iter().for_each(|key| told.add(*key, 1u32, |a, b| *a += b));
                told
            };
            let mut told = count(&keys[..cut]);
            told.extend(count(&keys[cut..]), |a, b| *a += b);
            let expected: Vec<(u32, u32)> = (0..5).map(|key| (key, keys.iter().filter(|k| **k == key).count() as u32)).collect();
            assert_eq!(told.iter().map(|(k, v)| (*k, *v)).collect::<Vec<_>>(), expected, "{cut}");
            assert_eq!(told.more(), More { keys: 18, at_least: false });
        }
    }

    #[test]
    fn memory_is_bounded_and_what_is_said_does_not_depend_on_how_the_data_are_cut() {
        for (keys, more) in
            [(MOST_DISTINCT - 1, "65531"), (MOST_DISTINCT, "65532"), (MOST_DISTINCT + 1, "more than 65532"), (200_000, "more than 65532")]
        {
            for cut in [0, keys / 2, keys - 10] {
                let count = |keys: std::ops::Range<usize>| {
                    let mut told = Told::new(4);
                    keys.rev().for_each(|key| told.add(key, (), |(), ()| {}));
                    told
                };
                let mut told = count(0..cut);
                told.extend(count(cut..keys), |(), ()| {});
                assert_eq!(told.more().to_string(), more, "{keys} keys, {cut} first");
                assert!(told.distinct.len() <= MOST_DISTINCT + 1);
            }
        }
    }
}
