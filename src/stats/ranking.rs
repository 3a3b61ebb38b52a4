//! Average precision over resampled units: the predictions are sorted once, and each replicate is a pass over them.

use std::ops::Range;

use super::bca::Jackknife;
use super::multiplicity::{LANES, Multiplicities};
use crate::score::{Hit, ratio};

/// Predictions with a score from the highest on, those with the same score as one step. Recall is over all gold.
#[derive(Clone, Debug)]
pub(super) struct Ranking {
    /// Twice the number of the prediction's unit, and one more where it is a hit; within a step hits come first.
    items: Vec<u32>,
    /// Where each step ends.
    ends: Vec<u32>,
}

impl Ranking {
    /// Of predictions in descending order ([`Hit`]) with their units.
    pub fn new(sorted: &[(Hit, u32)]) -> Ranking {
        let items = sorted.iter().map(|&(hit, unit)| unit << 1 | u32::from(hit.is_hit())).collect();
        let mut end = 0;
        let ends = sorted.chunk_by(|a, b| a.0.score() == b.0.score()).map(|step| {
            end += step.len() as u32;
            end
        });
        Ranking { ends: ends.collect(), items }
    }

    fn steps(&self) -> impl Iterator<Item = &[u32]> {
        let mut start = 0;
        self.ends.iter().map(move |&end| &self.items[std::mem::replace(&mut start, end as usize)..end as usize])
    }

    /// Average precision of all units with that many gold claims; undefined without gold, and without any score.
    pub fn average_precision(&self, gold: u64) -> Option<f64> {
        let (mut kept, mut found, mut sum) = (0, 0, 0.0);
        for step in self.steps() {
            let here = step.iter().filter(|&&item| is_hit(item)).count();
            kept += step.len();
            found += here;
            sum += here as f64 * found as f64 / kept as f64;
        }
        ratio(sum, gold as f64).filter(|_| kept > 0)
    }

    /// Average precision of each replicate, with its gold claims.
    pub fn replicates(&self, drawn: &Multiplicities, gold: [u64; LANES]) -> [Option<f64>; LANES] {
        let (mut kept, mut found, mut sum) = ([0u32; LANES], [0u32; LANES], [0f64; LANES]);
        for step in self.steps() {
            let mut here = [0u32; LANES];
            for &item in step {
                let only_hits = (item & 1).wrapping_neg();
                let times = &drawn.times[(item >> 1) as usize];
                for lane in 0..LANES {
                    let times = u32::from(times[lane]);
                    kept[lane] = kept[lane].wrapping_add(times);
                    here[lane] = here[lane].wrapping_add(times & only_hits);
                }
            }
            if !step.first().is_some_and(|&item| is_hit(item)) {
                continue;
            }
            for lane in 0..LANES {
                found[lane] = found[lane].wrapping_add(here[lane]);
                sum[lane] += f64::from(here[lane]) * f64::from(found[lane]) / f64::from(kept[lane].max(1));
            }
        }
        std::array::from_fn(|lane| ratio(sum[lane], gold[lane] as f64).filter(|_| kept[lane] > 0))
    }

    /// The jackknife of average precision; `gold` are the gold claims of each unit.
    ///
    /// Without a unit, a step of K kept and F found has K − a and F − b, where a and b are what the unit has had so far; between two
    /// predictions of the unit both stay the same. So its sum is put together from stretches of Σ d F / (K − a) and Σ d / (K − a), where d is
    /// what a step finds: for each a one pass over the steps serves all units.
    pub fn jackknife(&self, gold: &[u64]) -> Jackknife {
        let steps = Steps::of(self);
        let own = OwnItems::new(self, gold.len());
        let all_gold: u64 = gold.iter().sum();
        let mut sums = vec![0.0; gold.len()];
        let mut places: Vec<Place> = (0..gold.len()).map(|unit| Place { unit: unit as u32, had: 0, found: 0 }).collect();
        let mut all = 0.0;
        let mut without = 0;
        while !places.is_empty() {
            let stretches = steps.without(without, places.iter().map(|place| own.stretch(place, steps.len()).len()).sum());
            if without == 0 {
                all = stretches.sum(0..steps.len(), 0);
            }
            for place in &places {
                let sum = &mut sums[place.unit as usize];
                *sum += stretches.sum(own.stretch(place, steps.len()), place.found);
                *sum +=
                    own.step(place).map_or(0.0, |step| steps.at(step.number, place.had + step.kept, place.found + step.found, step.found));
            }
            places.retain_mut(|place| own.advance(place));
            without += 1;
        }
        let mut jackknife = Jackknife::default();
        let all = ratio(all, all_gold as f64);
        for (unit, sum) in sums.into_iter().enumerate() {
            let rest = self.items.len() > own.of(unit).len();
            let without = ratio(sum, (all_gold - gold[unit]) as f64).filter(|_| rest);
            jackknife.add(without.zip(all).map(|(without, all)| without - all), 1);
        }
        jackknife
    }
}

fn is_hit(item: u32) -> bool {
    item & 1 == 1
}

/// All units together.
struct Steps {
    /// Predictions up to each step.
    kept: Vec<u32>,
    /// Hits up to each step.
    found: Vec<u32>,
    /// Hits of each step.
    here: Vec<u32>,
}

impl Steps {
    fn of(ranking: &Ranking) -> Steps {
        let here: Vec<u32> = ranking.steps().map(|step| step.iter().filter(|&&item| is_hit(item)).count() as u32).collect();
        let mut found = 0;
        let so_far = here.iter().map(|here| {
            found += here;
            found
        });
        Steps { kept: ranking.ends.clone(), found: so_far.collect(), here }
    }

    fn len(&self) -> usize {
        self.here.len()
    }

    /// What a step adds to the sum of a unit that is left out, where that much of it is gone, `here` of it hits of the step.
    fn at(&self, step: usize, kept: u32, found: u32, here: u32) -> f64 {
        let left = self.here[step] - here;
        if left == 0 { 0.0 } else { f64::from(left) * f64::from(self.found[step] - found) / f64::from(self.kept[step] - kept) }
    }

    /// Sums over stretches without that many predictions. `asked` is how long all stretches are together: where they are few, sums of
    /// their own are cheaper.
    fn without(&self, without: u32, asked: usize) -> Stretches<'_> {
        let mut up_to = Vec::new();
        if asked > self.len() {
            let mut sums = [0.0; 2];
            up_to.reserve(self.len() + 1);
            up_to.push(sums);
            for step in 0..self.len() {
                let [of_found, of_one] = self.terms(step, without);
                sums = [sums[0] + of_found, sums[1] + of_one];
                up_to.push(sums);
            }
        }
        Stretches { steps: self, without, up_to }
    }

    /// d F / (K − a) and d / (K − a); nothing where the step has no more than a predictions, as no stretch has it then.
    fn terms(&self, step: usize, without: u32) -> [f64; 2] {
        let (here, kept) = (self.here[step], self.kept[step]);
        if here == 0 || kept <= without {
            return [0.0; 2];
        }
        let share = f64::from(here) / f64::from(kept - without);
        [share * f64::from(self.found[step]), share]
    }
}

struct Stretches<'a> {
    steps: &'a Steps,
    without: u32,
    /// Empty where every stretch is summed by itself.
    up_to: Vec<[f64; 2]>,
}

impl Stretches<'_> {
    /// Σ d (F − b) / (K − a).
    fn sum(&self, stretch: Range<usize>, found: u32) -> f64 {
        let [of_found, of_one] = match (self.up_to.get(stretch.start), self.up_to.get(stretch.end)) {
            (Some(start), Some(end)) => [end[0] - start[0], end[1] - start[1]],
            _ => stretch.map(|step| self.steps.terms(step, self.without)).fold([0.0; 2], |sum, term| [sum[0] + term[0], sum[1] + term[1]]),
        };
        of_found - f64::from(found) * of_one
    }
}

/// The predictions of each unit.
struct OwnItems {
    /// Twice the number of the step, and one more for a hit; by unit, then step.
    items: Vec<u32>,
    starts: Vec<u32>,
}

/// How far a unit has been walked through.
struct Place {
    unit: u32,
    /// Predictions of the unit that lie behind.
    had: u32,
    /// Those among them that are hits.
    found: u32,
}

/// What a unit has in one step.
struct OwnStep {
    number: usize,
    kept: u32,
    found: u32,
}

impl OwnItems {
    fn new(ranking: &Ranking, units: usize) -> OwnItems {
        let mut starts = vec![0; units + 1];
        ranking.items.iter().for_each(|item| starts[(item >> 1) as usize + 1] += 1);
        for unit in 0..units {
            starts[unit + 1] += starts[unit];
        }
        let mut next: Vec<u32> = starts.clone();
        let mut items = vec![0; ranking.items.len()];
        for (number, step) in ranking.steps().enumerate() {
            for item in step {
                let place = &mut next[(item >> 1) as usize];
                items[*place as usize] = (number as u32) << 1 | item & 1;
                *place += 1;
            }
        }
        OwnItems { items, starts }
    }

    fn of(&self, unit: usize) -> &[u32] {
        &self.items[self.starts[unit] as usize..self.starts[unit + 1] as usize]
    }

    /// The steps without predictions of the unit from where it stands to the next one, of so many steps; none in the midst of a step.
    fn stretch(&self, place: &Place, steps: usize) -> Range<usize> {
        let own = self.of(place.unit as usize);
        let (behind, ahead) = own.split_at(place.had as usize);
        let start = behind.last().map_or(0, |item| (item >> 1) as usize + 1);
        let end = ahead.first().map_or(steps, |item| (item >> 1) as usize);
        start.min(end)..end
    }

    /// The step that follows, unless the unit stands in the midst of it.
    fn step(&self, place: &Place) -> Option<OwnStep> {
        let (behind, ahead) = self.of(place.unit as usize).split_at(place.had as usize);
        let number = ahead.first()? >> 1;
        let begun = behind.last().is_some_and(|item| item >> 1 == number);
        let same = || ahead.iter().take_while(|&&item| item >> 1 == number);
        let hits = || same().filter(|&&item| is_hit(item));
        (!begun).then(|| OwnStep { number: number as usize, kept: same().count() as u32, found: hits().count() as u32 })
    }

    /// Goes on by one prediction; `false` after the last.
    fn advance(&self, place: &mut Place) -> bool {
        let Some(&item) = self.of(place.unit as usize).get(place.had as usize) else { return false };
        place.had += 1;
        place.found += item & 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Predictions of units, as (unit, score in tenths, hit), with the gold claims of each unit.
    fn data() -> impl Strategy<Value = (Vec<(u32, u32, bool)>, Vec<u64>)> {
        (1usize..8).prop_flat_map(|units| {
            let prediction = (0..units as u32, 0u32..10, any::<bool>());
            (proptest::collection::vec(prediction, 0..40), proptest::collection::vec(0u64..4, units))
        })
    }

    fn ranking(predictions: &[(u32, u32, bool)]) -> Ranking {
        let mut sorted: Vec<(Hit, u32)> =
            predictions.iter().map(|&(unit, tenths, hit)| (Hit::new(f64::from(tenths) / 10.0, hit), unit)).collect();
        sorted.sort_by(|a, b| b.cmp(a));
        Ranking::new(&sorted)
    }

    /// As the definition is written, for units that are there so many times.
    fn by_definition(predictions: &[(u32, u32, bool)], times: &[u64], gold: &[u64]) -> Option<f64> {
        let gold: u64 = gold.iter().zip(times).map(|(gold, times)| gold * times).sum();
        let kept_from = |tenths: u32, only_hits: bool| -> u64 {
            let counts = predictions.iter().filter(|p| p.1 >= tenths && (p.2 || !only_hits));
            counts.map(|p| times[p.0 as usize]).sum()
        };
        let (mut sum, mut recall) = (0.0, 0.0);
        for tenths in (0..10).rev().filter(|&tenths| kept_from(tenths, false) > 0) {
            let found = kept_from(tenths, true) as f64;
            sum += (found / gold as f64 - recall) * found / kept_from(tenths, false) as f64;
            recall = found / gold as f64;
        }
        (gold > 0 && kept_from(0, false) > 0).then_some(sum)
    }

    fn close(ours: Option<f64>, theirs: Option<f64>) -> bool {
        ours.is_some() == theirs.is_some() && ours.zip(theirs).is_none_or(|(a, b)| (a - b).abs() < 1e-12)
    }

    proptest! {
        #[test]
        fn replicates_are_those_of_the_definition((predictions, gold) in data(), times in proptest::array::uniform8(0u8..4)) {
            let ranking = ranking(&predictions);
            let once = vec![1; gold.len()];
            let all = ranking.average_precision(gold.iter().sum());
            prop_assert!(close(all, by_definition(&predictions, &once, &gold)), "{:?}", all);
            let mut drawn = Multiplicities::default();
            drawn.times = times.map(|n| [n; LANES])[..gold.len()].to_vec();
            let times: Vec<u64> = times.map(u64::from)[..gold.len()].to_vec();
            let gold_drawn = gold.iter().zip(&times).map(|(gold, times)| gold * times).sum();
            let ours = ranking.replicates(&drawn, [gold_drawn; LANES]);
            prop_assert!(ours.iter().all(|&of_lane| close(of_lane, by_definition(&predictions, &times, &gold))), "{:?}", ours);
        }

        #[test]
        fn the_jackknife_leaves_out_each_unit((predictions, gold) in data()) {
            let all = by_definition(&predictions, &vec![1; gold.len()], &gold);
            let mut expected = Jackknife::default();
            for unit in 0..gold.len() {
                let times: Vec<u64> = (0..gold.len()).map(|other| u64::from(other != unit)).collect();
                expected.add(by_definition(&predictions, &times, &gold).zip(all).map(|(a, b)| a - b), 1);
            }
            let (ours, theirs) = (ranking(&predictions).jackknife(&gold).acceleration(), expected.acceleration());
            prop_assert!(ours.is_some() == theirs.is_some(), "{:?} {:?}", ours, theirs);
            prop_assert!(ours.zip(theirs).is_none_or(|(a, b)| (a - b).abs() < 1e-6), "{:?} {:?}", ours, theirs);
        }
    }
}
