//! The counts of the units that are resampled: an article, or the articles of a group.

use std::hash::{DefaultHasher, Hash, Hasher};

use rustc_hash::FxHashMap;

/// What precision, recall and F1 of one criterion come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Pairs.
    pub matched: u64,
    /// Gold claims.
    pub gold: u64,
    /// Predicted claims.
    pub predicted: u64,
}

impl Counts {
    fn columns(self) -> [u64; 3] {
        [self.matched, self.gold, self.predicted]
    }
}

/// What stands for the name of a group. Without a key of its own, so that parts of the data agree.
pub(super) fn group_key(group: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    group.hash(&mut hasher);
    hasher.finish()
}

/// Count rows, a unit each. Units of disjoint sets of articles add up, in any order, but for groups that have articles in both: those
/// are one unit.
#[derive(Clone, Debug, Default)]
pub struct Units {
    /// Counts of a row.
    pub(super) width: usize,
    /// Rows whose counts all fit into 16 bits, which is all of them in practice.
    pub(super) narrow: Vec<u16>,
    /// The other rows.
    pub(super) wide: Vec<u64>,
    /// By hash of the group, its row in `of_groups`.
    groups: FxHashMap<u64, usize>,
    of_groups: Vec<u64>,
}

impl Units {
    /// No units, for that many criteria.
    pub fn new(criteria: usize) -> Units {
        Units { width: 3 * criteria, ..Units::default() }
    }

    /// Adds an article with its counts by criterion. Articles of one group are one unit; an empty group is none.
    pub fn add(&mut self, counts: impl Iterator<Item = Counts> + Clone, group: Option<&str>) {
        let row = counts.flat_map(Counts::columns);
        match group.filter(|group| !group.is_empty()) {
            Some(group) => {
                self.add_to_group(group_key(group), row);
            }
            None => self.add_row(row),
        }
    }

    fn add_row(&mut self, row: impl Iterator<Item = u64> + Clone) {
        let start = self.narrow.len();
        self.narrow.extend(row.clone().map_while(|count| u16::try_from(count).ok()));
        if self.narrow.len() < start + self.width {
            self.narrow.truncate(start);
            self.wide.extend(row);
        }
    }

    fn add_to_group(&mut self, group: u64, row: impl Iterator<Item = u64>) {
        let at = *self.groups.entry(group).or_insert(self.of_groups.len() / self.width.max(1));
        if self.of_groups.len() < (at + 1) * self.width {
            self.of_groups.extend(row);
        } else {
            self.of_groups[at * self.width..].iter_mut().zip(row).for_each(|(sum, count)| *sum += count);
        }
    }

    /// Adds the units of other articles.
    pub fn merge(&mut self, other: Units) {
        self.width = self.width.max(other.width);
        self.narrow.extend_from_slice(&other.narrow);
        self.wide.extend_from_slice(&other.wide);
        for (group, at) in other.groups {
            self.add_to_group(group, other.of_groups[at * other.width..][..other.width].iter().copied());
        }
    }

    /// Whether any article is in a group.
    pub fn has_groups(&self) -> bool {
        !self.groups.is_empty()
    }

    /// Groups are rows like all others from now on.
    pub(super) fn close(&mut self) {
        self.groups = FxHashMap::default();
        for row in std::mem::take(&mut self.of_groups).chunks_exact(self.width.max(1)) {
            self.add_row(row.iter().copied());
        }
    }
}
