//! Counts that few units have: a row for each unit that has any, and nothing for the others.

use super::multiplicity::{LANES, Multiplicities};

/// `N` counts of each of some units. Rows of one unit add up; a count that does not fit into a row goes on in the next.
#[derive(Clone, Debug)]
pub struct Sparse<const N: usize> {
    rows: Vec<(u32, [u8; N])>,
}

impl<const N: usize> Default for Sparse<N> {
    fn default() -> Sparse<N> {
        Sparse { rows: Vec::new() }
    }
}

impl<const N: usize> Sparse<N> {
    /// Adds to the counts of a unit.
    pub fn add(&mut self, unit: u32, mut counts: [u64; N]) {
        while counts != [0; N] {
            let part = counts.map(|count| count.min(u64::from(u8::MAX)) as u8);
            counts.iter_mut().zip(part).for_each(|(count, part)| *count -= u64::from(part));
            self.rows.push((unit, part));
        }
    }

    /// Adds the counts of other units, each under its number in `numbers`.
    pub fn append(&mut self, other: &Sparse<N>, numbers: &[u32]) {
        self.rows.extend(other.rows.iter().map(|&(unit, counts)| (numbers[unit as usize], counts)));
    }

    /// Gives each unit another number, and puts the rows in the order of these.
    pub(super) fn renumber(&mut self, numbers: &[u32]) {
        self.rows.iter_mut().for_each(|(unit, _)| *unit = numbers[*unit as usize]);
        self.sort();
    }

    /// Puts the rows in the order of the units.
    pub fn sort(&mut self) {
        self.rows.sort_unstable_by_key(|row| row.0);
    }

    /// Whether no unit has any.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The counts of each unit that has any, in order. The rows must be sorted.
    pub fn each_unit(&self, mut visit: impl FnMut(u32, [u64; N])) {
        for rows in self.rows.chunk_by(|a, b| a.0 == b.0) {
            let mut sums = [0; N];
            for (_, counts) in rows {
                sums.iter_mut().zip(counts).for_each(|(sum, &count)| *sum += u64::from(count));
            }
            visit(rows[0].0, sums);
        }
    }

    /// The sums over all units.
    pub(super) fn totals(&self) -> [u64; N] {
        let mut sums = [0; N];
        for (_, counts) in &self.rows {
            sums.iter_mut().zip(counts).for_each(|(sum, &count)| *sum += u64::from(count));
        }
        sums
    }

    /// The greatest count of a row.
    pub(super) fn largest(&self) -> u8 {
        self.rows.iter().flat_map(|row| row.1).max().unwrap_or(0)
    }

    /// The sums over what each replicate has drawn. `largest` is that of [`Sparse::largest`].
    pub(super) fn sums(&self, drawn: &Multiplicities, largest: u8) -> [[u64; LANES]; N] {
        // A product is at most 255², so that one row always fits.
        let fit = u16::MAX / (u16::from(largest) * u16::from(drawn.most)).max(1);
        let mut sums = [[0; LANES]; N];
        for rows in self.rows.chunks(usize::from(fit)) {
            let mut narrow = [[0u16; LANES]; N];
            for (unit, counts) in rows {
                let times = drawn.times[*unit as usize].map(u16::from);
                for (sums, &count) in narrow.iter_mut().zip(counts) {
                    for (sum, times) in sums.iter_mut().zip(times) {
                        *sum = sum.wrapping_add(times.wrapping_mul(u16::from(count)));
                    }
                }
            }
            for (sum, part) in sums.as_flattened_mut().iter_mut().zip(narrow.as_flattened()) {
                *sum += u64::from(*part);
            }
        }
        sums
    }
}
