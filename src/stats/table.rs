//! Units in an order of their own, so that neither the order of the articles nor their ids decide what is drawn.

use super::draw::{Lane, Rows};
use super::units::Units;

/// Most lanes of a row; wider tables are drawn in parts, each time with the same draws.
const MOST_LANES: usize = 32;

/// The count rows of all units, sorted. Equal rows are interchangeable, so that the order is one for the same units.
pub(super) struct Table {
    units: Units,
    /// For each column its place among those that differ from all before.
    places: Vec<usize>,
    /// The columns that differ.
    kept: Vec<usize>,
    order: Vec<u32>,
    totals: Vec<u64>,
}

impl Table {
    pub fn new(mut units: Units) -> Table {
        units.close();
        let mut table = Table { places: Vec::new(), kept: Vec::new(), order: Vec::new(), totals: Vec::new(), units };
        let rows = table.row_count();
        for column in 0..table.units.width {
            let same = |&kept: &usize| (0..rows).all(|row| table.count(row, kept) == table.count(row, column));
            let place = table.kept.iter().position(same);
            table.places.push(place.unwrap_or(table.kept.len()));
            if place.is_none() {
                table.totals.push((0..rows).map(|row| table.count(row, column)).sum());
                table.kept.push(column);
            }
        }
        table.order = table.sorted();
        table
    }

    /// Number of units.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    fn row_count(&self) -> usize {
        (self.units.narrow.len() + self.units.wide.len()) / self.units.width.max(1)
    }

    #[inline]
    fn count(&self, row: usize, column: usize) -> u64 {
        let at = row * self.units.width + column;
        match self.units.narrow.get(at) {
            Some(&count) => u64::from(count),
            None => self.units.wide[at - self.units.narrow.len()],
        }
    }

    fn row(&self, row: u32) -> impl Iterator<Item = u64> {
        self.kept.iter().map(move |&column| self.count(row as usize, column))
    }

    /// The first counts decide most comparisons, and stand beside each row.
    fn sorted(&self) -> Vec<u32> {
        const LARGEST: u64 = 0xffff;
        let beginning = |row| {
            // What follows a count that is too large for the key is left to the comparison of the rows.
            let mut fits = true;
            let counts = self.row(row).map(|count| {
                let shown = if fits { count.min(LARGEST) } else { 0 };
                fits &= count < LARGEST;
                shown
            });
            counts.chain(std::iter::repeat(0)).take(4).fold(0, |key, count| key << 16 | count)
        };
        let mut keyed: Vec<(u64, u32)> = (0..self.row_count() as u32).map(|row| (beginning(row), row)).collect();
        keyed.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| self.row(a.1).cmp(self.row(b.1))));
        keyed.into_iter().map(|(_, row)| row).collect()
    }

    /// The counts of a criterion out of those of all columns that differ.
    pub fn of_criterion(&self, criterion: usize, kept: &[u64]) -> [u64; 3] {
        std::array::from_fn(|i| kept[self.places[3 * criterion + i]])
    }

    /// Adds to each sum a count of the unit at a place of the order, from that column on.
    pub fn add_to(&self, sums: &mut [u64], place: usize, column: usize) {
        let row = self.order[place] as usize;
        sums.iter_mut().zip(column..).for_each(|(sum, column)| *sum += self.count(row, column));
    }

    /// The sums over all units.
    pub fn totals(&self) -> &[u64] {
        &self.totals
    }

    /// Number of columns that differ.
    pub fn width(&self) -> usize {
        self.kept.len()
    }

    /// Each row that differs from the one before, with how many units have it.
    pub fn each_distinct(&self, mut visit: impl FnMut(&[u64], u64)) {
        let (mut before, mut row, mut times) = (Vec::new(), Vec::new(), 0);
        for &number in &self.order {
            row.clear();
            row.extend(self.row(number));
            if times > 0 && row != before {
                visit(&before, times);
                times = 0;
            }
            times += 1;
            std::mem::swap(&mut before, &mut row);
        }
        if times > 0 {
            visit(&before, times);
        }
    }

    /// The sums of the columns that differ over each of that many replicates, one after the other.
    pub fn replicates(&self, seed: u64, replicates: usize) -> Vec<u64> {
        let width = self.width();
        let mut sums = vec![0; replicates * width];
        for first in (0..width).step_by(MOST_LANES) {
            let columns = &self.kept[first..width.min(first + MOST_LANES)];
            let part = sums.get_mut(first..).unwrap_or_default().chunks_mut(width);
            let rows = 0..self.row_count();
            let largest = columns.iter().flat_map(|&c| rows.clone().map(move |row| self.count(row, c))).max().unwrap_or(0);
            match largest {
                _ if largest <= u16::LARGEST => self.draw_part::<u16>(columns, largest, seed, part),
                _ if largest <= u32::LARGEST => self.draw_part::<u32>(columns, largest, seed, part),
                _ => self.draw_part::<u64>(columns, largest, seed, part),
            }
        }
        sums
    }

    fn draw_part<'s, T: Lane>(&self, columns: &[usize], largest: u64, seed: u64, sums: impl ExactSizeIterator<Item = &'s mut [u64]>) {
        match columns.len() {
            0..=4 => self.draw_lanes::<T, 4>(columns, largest, seed, sums),
            5..=8 => self.draw_lanes::<T, 8>(columns, largest, seed, sums),
            9..=12 => self.draw_lanes::<T, 12>(columns, largest, seed, sums),
            13..=16 => self.draw_lanes::<T, 16>(columns, largest, seed, sums),
            _ => self.draw_lanes::<T, MOST_LANES>(columns, largest, seed, sums),
        }
    }

    fn draw_lanes<'s, T: Lane, const L: usize>(
        &self,
        columns: &[usize],
        largest: u64,
        seed: u64,
        sums: impl ExactSizeIterator<Item = &'s mut [u64]>,
    ) {
        let row = |&number: &u32| {
            let count = |lane: usize| columns.get(lane).map_or(T::default(), |&c| T::of(self.count(number as usize, c)));
            std::array::from_fn::<T, L, _>(count)
        };
        let rows = Rows::new(self.order.iter().map(row).collect(), largest);
        for (drawn, sums) in rows.replicates(seed, sums.len()).iter().zip(sums) {
            sums[..columns.len()].copy_from_slice(&drawn[..columns.len()]);
        }
    }
}
