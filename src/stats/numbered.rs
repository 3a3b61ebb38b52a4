//! Units with numbers, so that more can be counted of them than criteria: fields, and the confidence of predictions.
//!
//! All numbers of the same units come from the same draws. Units are drawn in the order of their counts of the criteria, as
//! [`Units`] draws them; those with equal ones in the order of a digest of all that is counted of them besides.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::bca::{Jackknife, Method, interval};
use super::intervals::{CriterionIntervals, IntervalSettings, OfRanking, RankingIntervals, RankingReasons, from_sums, metrics};
use super::multiplicity::{Draws, LANES, Multiplicities};
use super::ranking::Ranking;
use super::sparse::Sparse;
use super::units::{Counts, Units, group_key};
use crate::score::Hit;

/// Counts of a field: right pairs; gold and predicted values among pairs; gold and predicted values of all claims.
type FieldCounts = Sparse<5>;

/// Fields whose replicates are held at once.
const FIELDS_AT_ONCE: usize = 256;

/// Units in the order in which they were met, with their counts of the criteria.
#[derive(Clone, Debug, Default)]
pub struct NumberedUnits {
    criteria: usize,
    len: u32,
    /// By hash of the group, its number.
    groups: FxHashMap<u64, u32>,
    /// A row of counts a unit; a file with more than 2³² claims cannot be read.
    rows: Vec<[u32; 3]>,
}

/// The intervals of a field.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FieldIntervals {
    /// Over pairs.
    pub matched: CriterionIntervals,
    /// Over all claims.
    pub end_to_end: CriterionIntervals,
}

/// The intervals of all that is resampled together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AllIntervals {
    /// In the order of the counts.
    pub criteria: Vec<CriterionIntervals>,
    /// In the order of the fields.
    pub fields: Vec<FieldIntervals>,
    /// Where predictions have scores.
    pub ranking: Option<RankingIntervals>,
}

impl NumberedUnits {
    /// No units, for that many criteria.
    pub fn new(criteria: usize) -> NumberedUnits {
        NumberedUnits { criteria, ..NumberedUnits::default() }
    }

    /// Adds an article with its counts by criterion. The number of its unit, which is that of its group where it is in one.
    pub fn add(&mut self, counts: impl Iterator<Item = Counts>, group: Option<&str>) -> u32 {
        let unit = self.unit(group.filter(|group| !group.is_empty()).map(group_key));
        let row = counts.map(|c| [c.matched, c.gold, c.predicted].map(|count| u32::try_from(count).unwrap_or(u32::MAX)));
        self.add_row(unit, row);
        unit
    }

    fn unit(&mut self, group: Option<u64>) -> u32 {
        let next = self.len;
        let unit = group.map_or(next, |group| *self.groups.entry(group).or_insert(next));
        if unit == next {
            self.len += 1;
            self.rows.resize(self.len as usize * self.criteria, [0; 3]);
        }
        unit
    }

    fn add_row(&mut self, unit: u32, row: impl Iterator<Item = [u32; 3]>) {
        for (sums, counts) in self.rows[unit as usize * self.criteria..].iter_mut().zip(row) {
            sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum = sum.saturating_add(count));
        }
    }

    /// Adds the units of other articles; their numbers here, by those there.
    pub fn append(&mut self, other: &NumberedUnits) -> Vec<u32> {
        let mut group_of = vec![None; other.len as usize];
        other.groups.iter().for_each(|(&group, &unit)| group_of[unit as usize] = Some(group));
        self.rows.reserve(other.rows.len());
        let add = |(number, group)| {
            let unit = self.unit(group);
            self.add_row(unit, other.row(number).iter().copied());
            unit
        };
        group_of.into_iter().enumerate().map(add).collect()
    }

    /// Whether any article is in a group.
    pub fn has_groups(&self) -> bool {
        !self.groups.is_empty()
    }

    fn row(&self, unit: usize) -> &[[u32; 3]] {
        &self.rows[unit * self.criteria..][..self.criteria]
    }

    /// The intervals of the criteria, of fields, and of average precision under a criterion, over predictions with a score. What is
    /// drawn depends on the seed and on what is counted of the units alone; the criteria have the intervals that [`Units`] has.
    pub fn intervals(
        self,
        mut fields: Vec<FieldCounts>,
        mut hits: Vec<(Hit, u32)>,
        primary: usize,
        settings: IntervalSettings,
    ) -> AllIntervals {
        let order = self.order(&mut fields, &mut hits);
        let mut units = Units::new(self.criteria);
        for &unit in &order {
            let counts = |row: &[u32; 3]| {
                let [matched, gold, predicted] = row.map(u64::from);
                Counts { matched, gold, predicted }
            };
            units.add(self.row(unit as usize).iter().map(counts), None);
        }
        let gold: Vec<u64> = order.iter().map(|&unit| self.row(unit as usize).get(primary).map_or(0, |row| u64::from(row[1]))).collect();
        let mut ranks = vec![0; order.len()];
        (0u32..).zip(&order).for_each(|(rank, &unit)| ranks[unit as usize] = rank);
        drop((order, self));
        fields.par_iter_mut().for_each(|field| field.renumber(&ranks));
        hits.iter_mut().for_each(|(_, unit)| *unit = ranks[*unit as usize]);
        let ranking = (!hits.is_empty()).then(|| Ranking::new(&hits));
        drop((hits, ranks));
        let resampled = Resampled::new(gold.len(), settings);
        AllIntervals {
            criteria: units.intervals(settings),
            ranking: ranking.map(|ranking| resampled.ranking(&ranking, &gold)),
            fields: resampled.fields(&fields),
        }
    }

    /// The units in the order in which they are drawn. Leaves the fields in the order of the units, and hits from the highest score on.
    fn order(&self, fields: &mut [FieldCounts], hits: &mut [(Hit, u32)]) -> Vec<u32> {
        hits.par_sort_unstable_by(|a, b| b.cmp(a));
        fields.par_iter_mut().for_each(Sparse::sort);
        let mut digests = vec![Digest::default(); self.len as usize];
        for (number, field) in (0u64..).zip(&*fields) {
            field.each_unit(|unit, counts| {
                let digest = &mut digests[unit as usize];
                digest.add(number);
                counts.into_iter().for_each(|count| digest.add(count));
            });
        }
        hits.iter().for_each(|(hit, unit)| digests[*unit as usize].add(hit.bits()));
        let mut order: Vec<u32> = (0..self.len).collect();
        let key = |unit: u32| (self.row(unit as usize), &digests[unit as usize]);
        order.par_sort_unstable_by(|&a, &b| key(a).cmp(&key(b)));
        order
    }
}

/// What a unit is in 128 bits: with that many, no two different units of any data share a digest.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Digest(u128);

impl Digest {
    /// A step for each word as FNV-1a (Fowler, Noll, Vo) makes it, with the high bits folded into the low ones.
    fn add(&mut self, word: u64) {
        const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
        const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
        let mixed = (self.0 ^ BASIS ^ u128::from(word)).wrapping_mul(PRIME);
        self.0 = mixed ^ (mixed >> 61);
    }
}

/// Replicates of a number of units.
struct Resampled {
    units: usize,
    method: Method,
    replicates: usize,
    draws: Draws,
}

impl Resampled {
    fn new(units: usize, settings: IntervalSettings) -> Resampled {
        let method = Method::of_units(units as u64);
        Resampled { units, method, replicates: method.replicates(settings) as usize, draws: Draws::new(units, settings.seed) }
    }

    /// What each sixteen replicates come to; the last ones may be fewer.
    fn each<T: Send>(&self, count: impl Fn(&Multiplicities) -> T + Sync) -> Vec<T> {
        let batch = |drawn: &mut Multiplicities, first: usize| {
            self.draws.draw(first * LANES..self.replicates.min((first + 1) * LANES), drawn);
            count(drawn)
        };
        (0..self.replicates.div_ceil(LANES)).into_par_iter().map_init(Multiplicities::default, batch).collect()
    }

    fn fields(&self, fields: &[FieldCounts]) -> Vec<FieldIntervals> {
        let mut out = vec![FieldIntervals::default(); fields.len()];
        // A field that no claim has is undefined however often the units are drawn.
        out.fill(self.field(&FieldCounts::default(), std::iter::repeat_n([0; 5], self.replicates)));
        let counted: Vec<usize> = (0..fields.len()).filter(|&number| !fields[number].is_empty()).collect();
        for some in counted.chunks(FIELDS_AT_ONCE) {
            let largest: Vec<u8> = some.par_iter().map(|&number| fields[number].largest()).collect();
            let sums = self
                .each(|drawn| some.iter().zip(&largest).map(|(&number, &largest)| fields[number].sums(drawn, largest)).collect::<Vec<_>>());
            let of_field = |place: usize| {
                let sums = (0..self.replicates).map(|replicate| sums[replicate / LANES][place].map(|lanes| lanes[replicate % LANES]));
                self.field(&fields[some[place]], sums)
            };
            let intervals: Vec<FieldIntervals> = (0..some.len()).into_par_iter().map(of_field).collect();
            some.iter().zip(intervals).for_each(|(&number, of_field)| out[number] = of_field);
        }
        out
    }

    fn field(&self, field: &FieldCounts, sums: impl Iterator<Item = [u64; 5]> + Clone) -> FieldIntervals {
        let of = |counts: fn([u64; 5]) -> [u64; 3]| {
            let totals = counts(field.totals());
            let jackknives = if self.method == Method::Bca { self.jackknives(field, counts) } else { Default::default() };
            from_sums(self.method, self.units as u64, totals, sums.clone().map(counts), &jackknives)
        };
        FieldIntervals {
            matched: of(|[right, gold, predicted, ..]| [right, gold, predicted]),
            end_to_end: of(|[right, _, _, gold, predicted]| [right, gold, predicted]),
        }
    }

    /// Without a unit that does not have the field, everything is as it is.
    fn jackknives(&self, field: &FieldCounts, counts: fn([u64; 5]) -> [u64; 3]) -> [Jackknife; 3] {
        let totals = counts(field.totals());
        let all = metrics(totals);
        let mut out = [Jackknife::default(); 3];
        let mut add = |values: [Option<f64>; 3], units: u64| {
            for ((jackknife, value), all) in out.iter_mut().zip(values).zip(all) {
                jackknife.add(value.zip(all).map(|(value, all)| value - all), units);
            }
        };
        let mut with = 0;
        field.each_unit(|_, row| {
            let row = counts(row);
            add(metrics(std::array::from_fn(|i| totals[i] - row[i])), 1);
            with += 1;
        });
        if with < self.units {
            add(all, (self.units - with) as u64);
        }
        out
    }

    fn ranking(&self, ranking: &Ranking, gold: &[u64]) -> RankingIntervals {
        let mut of_units = Sparse::default();
        (0u32..).zip(gold).for_each(|(unit, &gold)| of_units.add(unit, [gold]));
        let largest = of_units.largest();
        let batches = self.each(|drawn| {
            let [gold] = of_units.sums(drawn, largest);
            ranking.replicates(drawn, gold)
        });
        let values = batches.as_flattened().get(..self.replicates).unwrap_or_default();
        let mut defined: Vec<f64> = values.iter().copied().flatten().collect();
        let undefined = values.len() - defined.len();
        let acceleration = (self.method == Method::Bca).then(|| ranking.jackknife(gold).acceleration()).flatten();
        let estimate = ranking.average_precision(gold.iter().sum());
        let found = interval(self.method, estimate, &mut defined, undefined, acceleration);
        RankingIntervals {
            average_precision: found.ok(),
            method: self.method,
            unreliable: self.method != Method::Bca,
            units: self.units as u64,
            undefined: OfRanking { average_precision: undefined as u64 },
            reasons: RankingReasons { average_precision: found.err() },
        }
    }
}

#[cfg(test)]
mod tests;
