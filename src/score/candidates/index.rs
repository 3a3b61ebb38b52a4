//! Claims by the values of their keys.

use std::hash::{BuildHasher, Hasher};
use std::ops::Range;

use foldhash::fast::RandomState;

use crate::score::values::Value;

/// Classes of claims with equal keys, and lists of claims beside them.
#[derive(Default)]
pub(super) struct Index {
    /// Seeded anew in each process, so that no file can be made to collide.
    hashing: RandomState,
    /// Open addressing: number of a class plus 1, 0 where free. At most half full; the length is a power of two.
    slots: Vec<u32>,
    classes: Vec<Class>,
    /// By place among the claims, the number of the class.
    class_of: Vec<u32>,
    /// All lists, one behind the other.
    members: Vec<u32>,
}

struct Class {
    /// One of its claims.
    claim: u32,
    members: Range<u32>,
}

impl Index {
    /// Forgets all lists.
    pub fn clear(&mut self) {
        self.members.clear();
    }

    /// The claims of a list, in the order that they were given in.
    pub fn members(&self, list: &Range<u32>) -> &[u32] {
        &self.members[list.start as usize..list.end as usize]
    }

    /// Keeps a list.
    pub fn list(&mut self, claims: impl Iterator<Item = u32>) -> Range<u32> {
        let start = self.members.len() as u32;
        self.members.extend(claims);
        start..self.members.len() as u32
    }

    /// Makes a list of each class of claims with equal keys; classes of before can be found no more, their lists stay.
    pub fn fill<K: Iterator<Item = Value> + Clone>(&mut self, claims: &[u32], key: impl Fn(u32) -> K) {
        self.slots.clear();
        self.slots.resize((2 * claims.len()).next_power_of_two(), 0);
        self.classes.clear();
        self.class_of.clear();
        for &claim in claims {
            let slot = self.slot(key(claim), &key);
            if self.slots[slot] == 0 {
                self.classes.push(Class { claim, members: 0..0 });
                self.slots[slot] = self.classes.len() as u32;
            }
            let number = self.slots[slot] - 1;
            self.classes[number as usize].members.end += 1;
            self.class_of.push(number);
        }
        let mut start = self.members.len() as u32;
        for class in &mut self.classes {
            let size = class.members.end;
            class.members = start..start;
            start += size;
        }
        self.members.resize(start as usize, 0);
        for (&claim, &number) in claims.iter().zip(&self.class_of) {
            let end = &mut self.classes[number as usize].members.end;
            self.members[*end as usize] = claim;
            *end += 1;
        }
    }

    /// The list of the claims with a key.
    pub fn find<K: Iterator<Item = Value> + Clone>(&self, wanted: K, key: impl Fn(u32) -> K) -> Range<u32> {
        match self.slots[self.slot(wanted, key)].checked_sub(1) {
            Some(number) => self.classes[number as usize].members.clone(),
            None => 0..0,
        }
    }

    /// The place of a key's class, or where it would go.
    fn slot<K: Iterator<Item = Value> + Clone>(&self, wanted: K, key: impl Fn(u32) -> K) -> usize {
        let mut hasher = self.hashing.build_hasher();
        wanted.clone().for_each(|value| hasher.write_u64(value));
        let mut at = hasher.finish() as usize & (self.slots.len() - 1);
        while let Some(number) = self.slots[at].checked_sub(1) {
            if key(self.classes[number as usize].claim).eq(wanted.clone()) {
                break;
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
        at
    }
}

/// A hash table of few values that is filled in no time.
pub(super) struct FewKeys {
    keys: [Value; FewKeys::MOST],
    /// For each class of values the place of the first one behind 1, 0 where there is none.
    first: [u8; FewKeys::CLASSES],
    /// For each value, the same for the next one of its class.
    next: [u8; FewKeys::MOST],
}

impl Default for FewKeys {
    fn default() -> FewKeys {
        FewKeys { keys: [0; FewKeys::MOST], first: [0; FewKeys::CLASSES], next: [0; FewKeys::MOST] }
    }
}

impl FewKeys {
    pub const MOST: usize = 64;
    const CLASSES: usize = 64;

    fn class(key: Value) -> usize {
        // The highest bits of the product depend on all bits.
        (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58) as usize % FewKeys::CLASSES
    }

    /// Takes at most [`FewKeys::MOST`] values.
    pub fn fill(&mut self, keys: impl Iterator<Item = Value>) {
        self.first = [0; FewKeys::CLASSES];
        for (place, key) in keys.take(FewKeys::MOST).enumerate() {
            let first = &mut self.first[FewKeys::class(key)];
            self.keys[place] = key;
            self.next[place] = std::mem::replace(first, place as u8 + 1);
        }
    }

    /// Places of the values that are equal to a key, descending.
    pub fn equal(&self, key: Value) -> impl Iterator<Item = usize> {
        let link = |link: u8| usize::from(link).checked_sub(1);
        std::iter::successors(link(self.first[FewKeys::class(key)]), move |&place| link(self.next[place]))
            .filter(move |&place| self.keys[place] == key)
    }
}
