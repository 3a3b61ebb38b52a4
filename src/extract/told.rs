//! Things that happen often and are told once each, in order, only the first few: counted in bounded memory.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hash};

use rustc_hash::{FxBuildHasher, FxHashSet};

/// Counts by key, of which the smallest few keys are kept. A key that is too large once stays so, because the kept ones only get
/// smaller; so the counts of those that are kept at the end are whole.
#[derive(Clone, Debug)]
pub(super) struct Told<K, V> {
    most: usize,
    kept: BTreeMap<K, V>,
    /// Hashes of all keys: 8 bytes a key.
    distinct: FxHashSet<u64>,
}

impl<K: Ord + Hash, V> Told<K, V> {
    /// Keeps that many keys.
    pub fn new(most: usize) -> Told<K, V> {
        Told { most, kept: BTreeMap::new(), distinct: FxHashSet::default() }
    }

    /// Adds to a key; `join` makes one of two values, the one before first.
    pub fn add(&mut self, key: K, value: V, join: impl Fn(&mut V, V)) {
        self.distinct.insert(FxBuildHasher.hash_one(&key));
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
        self.distinct.extend(other.distinct);
    }

    /// The kept keys, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.kept.iter()
    }

    /// How many keys there are beside the kept ones.
    pub fn more(&self) -> usize {
        self.distinct.len() - self.kept.len()
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
            assert_eq!(told.more(), 18);
        }
    }
}
