//! Which pairs of claims of an article can be paired at all.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use super::side::{CompactClaim, NOT_ANNOTATED, Side, iou};
use super::similarity::{self, Iou};
use super::values::{ABSENT, Value, Values};
use super::vocabulary::Vocabulary;

/// Pairs that are kept for one criterion of one article. Beyond it each claim keeps its likeliest partners only, so that time and
/// memory stay bounded whatever the answer is; the article is counted as thinned. Exact for 2,000 claims a side that overlap a hundred
/// others each.
pub(super) const MOST_CANDIDATES: usize = 250_000;

/// Pairs that are looked at for [`MOST_CANDIDATES`] of them to be chosen from.
const MOST_LOOKED_AT: usize = 20_000_000;

/// Pairs of claims that are compared one by one rather than through an index.
const MOST_COMPARED: usize = 4096;

/// A gold and a predicted claim with what the criteria ask of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub gold: u32,
    pub predicted: u32,
    pub iou: Iou,
    /// 0..=10^6.
    pub similarity: u32,
    pub same_place: bool,
    pub same_kind: bool,
    pub key_equal: bool,
    /// IoU of at least one half.
    pub half: bool,
}

impl Candidate {
    /// IoU of at least one half, the same kind, and equal key fields.
    pub fn is_right(&self) -> bool {
        self.half && self.same_kind && self.key_equal
    }
}

/// Both sides of an article.
#[derive(Clone, Copy)]
pub(super) struct Pairing<'a> {
    pub gold: &'a Side,
    pub predicted: &'a Side,
    pub values: &'a Values,
    pub vocabulary: &'a Vocabulary,
}

impl Pairing<'_> {
    /// Adds every pair that shares a code point, by predicted claim, then gold claim: one sweep over the starts. True where pairs
    /// were left out.
    ///
    /// Where there are too many, each prediction looks at the golds whose rank is nearest to its own, and keeps those that are right,
    /// then those of the greatest IoU, then the nearest.
    pub fn overlapping(self, out: &mut Vec<Candidate>) -> bool {
        let (golds, predictions) = (&self.gold.claims, &self.predicted.claims);
        if golds.len().saturating_mul(predictions.len()) > MOST_CANDIDATES && self.count_overlapping() > MOST_CANDIDATES {
            self.likeliest(out);
            return true;
        }
        // Golds before `first` end before the prediction begins, and so do they before every later one.
        let (mut first, mut reach) = (0, golds.first().map_or(0, |g| g.end));
        for (p, predicted) in predictions.iter().enumerate() {
            while first < golds.len() && reach <= predicted.start {
                first += 1;
                reach = reach.max(golds.get(first).map_or(u32::MAX, |g| g.end));
            }
            for (g, gold) in golds.iter().enumerate().skip(first) {
                if gold.start >= predicted.end {
                    break;
                }
                if gold.end > predicted.start {
                    let overlap = iou(self.gold, g, self.predicted, p);
                    if overlap.intersection > 0 {
                        out.push(self.candidate(g, p, overlap));
                    }
                }
            }
        }
        false
    }

    /// The pairs that are kept where there are too many.
    fn likeliest(self, out: &mut Vec<Candidate>) {
        let golds = &self.gold.claims;
        let mut furthest = 0;
        let reach: Vec<u32> = golds
            .iter()
            .map(|gold| {
                furthest = furthest.max(gold.end);
                furthest
            })
            .collect();
        let keep = (MOST_CANDIDATES / self.predicted.len().max(1)).max(4);
        let window = MOST_LOOKED_AT / self.predicted.len() / 2;
        let mut of_one = Vec::new();
        for (p, predicted) in self.predicted.claims.iter().enumerate() {
            let rank = p * golds.len() / self.predicted.len();
            let first = reach.partition_point(|&end| end <= predicted.start).max(rank.saturating_sub(window));
            for (g, gold) in golds.iter().enumerate().skip(first) {
                if gold.start >= predicted.end || g > rank.saturating_add(window) {
                    break;
                }
                if gold.end > predicted.start {
                    let overlap = iou(self.gold, g, self.predicted, p);
                    if overlap.intersection > 0 {
                        let right = overlap.at_least(50) && gold.kind == predicted.kind && self.keys_are_equal(g, p);
                        let likeliest = (Reverse(right), Reverse(overlap.at_least(50)), Reverse(overlap.millionths()), rank.abs_diff(g), g);
                        of_one.push((likeliest, overlap));
                    }
                }
            }
            if of_one.len() > keep {
                of_one.select_nth_unstable_by_key(keep, |(likeliest, _)| *likeliest);
                of_one.truncate(keep);
                of_one.sort_unstable_by_key(|((.., g), _)| *g);
            }
            out.extend(of_one.drain(..).map(|((.., g), overlap)| self.candidate(g, p, overlap)));
        }
    }

    /// How many pairs of hulls overlap: each prediction meets the golds that begin before its end, without those that have ended
    /// before its start.
    fn count_overlapping(self) -> usize {
        let mut starts: Vec<u32> = self.gold.claims.iter().map(|g| g.start).collect();
        let mut ends: Vec<u32> = self.gold.claims.iter().map(|g| g.end).collect();
        starts.sort_unstable();
        ends.sort_unstable();
        let meets = |p: &CompactClaim| starts.partition_point(|&s| s < p.end).saturating_sub(ends.partition_point(|&e| e <= p.start));
        self.predicted.claims.iter().map(meets).sum()
    }

    /// Adds the pairs of equal key fields (for `value`). True where pairs were left out.
    pub fn equal_keys(self, out: &mut Vec<Candidate>) -> bool {
        let (golds, predictions) = (&self.gold.claims, &self.predicted.claims);
        if golds.len().saturating_mul(predictions.len()) <= MOST_COMPARED {
            self.compare_keys(out);
            return false;
        }
        let golds: Vec<usize> = (0..golds.len()).filter(|&g| golds[g].has_key).collect();
        let predicted: Vec<usize> = (0..predictions.len()).filter(|&p| predictions[p].has_key).collect();
        let (lists, list_of) = self.partners_by_key(&golds, &predicted);
        self.joined(&golds, |rank| &lists[list_of[rank]], out)
    }

    /// Adds the pairs of equal key fields of an article that has few.
    fn compare_keys(self, out: &mut Vec<Candidate>) {
        let fields = self.vocabulary.key_fields();
        // Predictions by what they have in one field, which is looked at first: most of them differ there.
        let (mut index, mut of_field) = (FewKeys::default(), usize::MAX);
        for g in (0..self.gold.len()).filter(|&g| self.gold.claims[g].has_key) {
            let keys = self.gold.keys(g, fields.len());
            let first = keys.iter().position(|&key| key != NOT_ANNOTATED && key != ABSENT).unwrap_or(0);
            if self.predicted.len() > FewKeys::MOST || self.vocabulary.is_tolerant(fields[first]) {
                let predictions = (0..self.predicted.len()).filter(|&p| self.predicted.claims[p].has_key && self.keys_are_equal(g, p));
                out.extend(predictions.map(|p| self.pair(g, p)));
                continue;
            }
            if of_field != first {
                of_field = first;
                index.fill(self.predicted.all_keys(fields.len()).map(|keys| keys[first]));
            }
            // The key is present, so the prediction has one too.
            out.extend(index.equal(keys[first]).map(|p| self.pair(g, p)).filter(|c| c.key_equal));
        }
    }

    /// Lists of predictions, and for each gold the number of its list: golds with the same annotated fields are joined with the
    /// predictions over those fields.
    fn partners_by_key(self, golds: &[usize], predicted: &[usize]) -> (Vec<Vec<usize>>, Vec<usize>) {
        let width = self.vocabulary.key_fields().len();
        let mut lists: Vec<Vec<usize>> = vec![Vec::new()];
        let mut list_of: Vec<usize> = Vec::with_capacity(golds.len());
        if self.vocabulary.has_tolerant_key() {
            let most = MOST_LOOKED_AT / golds.len().max(1);
            for &g in golds {
                list_of.push(lists.len());
                lists.push(predicted.iter().copied().filter(|&p| self.keys_are_equal(g, p)).take(most).collect());
            }
            return (lists, list_of);
        }
        let mut by_mask: FxHashMap<Vec<bool>, FxHashMap<Vec<Value>, usize>> = FxHashMap::default();
        for &g in golds {
            let keys = self.gold.keys(g, width);
            let mask: Vec<bool> = keys.iter().map(|&k| k != NOT_ANNOTATED).collect();
            let masked = |keys: &[Value]| keys.iter().zip(&mask).filter(|(_, m)| **m).map(|(k, _)| *k).collect::<Vec<Value>>();
            let index = by_mask.entry(mask.clone()).or_insert_with(|| {
                let mut index = FxHashMap::default();
                for &p in predicted {
                    let list = *index.entry(masked(self.predicted.keys(p, width))).or_insert_with(|| {
                        lists.push(Vec::new());
                        lists.len() - 1
                    });
                    lists[list].push(p);
                }
                index
            });
            list_of.push(index.get(&masked(keys)).copied().unwrap_or(0));
        }
        (lists, list_of)
    }

    /// Adds the pairs of equal quotes (for `text`). True where pairs were left out.
    pub fn equal_quotes(self, out: &mut Vec<Candidate>) -> bool {
        let mut index: FxHashMap<Value, Vec<usize>> = FxHashMap::default();
        for (p, claim) in self.predicted.claims.iter().enumerate().filter(|(_, c)| c.quote != ABSENT) {
            index.entry(claim.quote).or_default().push(p);
        }
        let golds: Vec<usize> = (0..self.gold.len()).filter(|&g| self.gold.claims[g].quote != ABSENT).collect();
        self.joined(&golds, |rank| index.get(&self.gold.claims[golds[rank]].quote).map_or(&[][..], Vec::as_slice), out)
    }

    /// Pairs each gold claim with its partners (ascending). Where a gold has too many, it keeps those whose rank among them is
    /// nearest to its own among the golds, so that n equal claims still find n partners. True where partners were left out.
    /// `partners` is given the rank of the gold.
    fn joined<'l>(self, golds: &[usize], partners: impl Fn(usize) -> &'l [usize], out: &mut Vec<Candidate>) -> bool {
        let most = MOST_CANDIDATES / golds.len().max(1);
        let mut thinned = false;
        for (rank, g) in golds.iter().enumerate() {
            let mut of_one = partners(rank);
            if out.len() + of_one.len() > MOST_CANDIDATES || of_one.len() > most.max(1000) {
                let keep = most.max(4).min(of_one.len());
                let middle = rank * of_one.len() / golds.len();
                let from = middle.saturating_sub(keep / 2).min(of_one.len() - keep);
                thinned |= keep < of_one.len();
                of_one = &of_one[from..from + keep];
            }
            out.extend(of_one.iter().map(|&p| self.pair(*g, p)));
        }
        thinned
    }

    #[inline]
    fn pair(self, g: usize, p: usize) -> Candidate {
        self.candidate(g, p, iou(self.gold, g, self.predicted, p))
    }

    #[inline]
    fn candidate(self, g: usize, p: usize, iou: Iou) -> Candidate {
        let same_kind = self.gold.claims[g].kind == self.predicted.claims[p].kind;
        let fields = self.agreement(g, p);
        Candidate {
            gold: g as u32,
            predicted: p as u32,
            iou,
            similarity: similarity::similarity(iou, same_kind, (fields.equal, fields.all)),
            same_place: iou.intersection > 0 && iou.intersection == iou.union,
            same_kind,
            key_equal: fields.keys_are_equal,
            half: iou.at_least(50),
        }
    }

    fn keys_are_equal(self, g: usize, p: usize) -> bool {
        self.agreement(g, p).keys_are_equal
    }

    /// Compares the fields that gold has annotated; any other one is equal to anything.
    #[inline]
    fn agreement(self, g: usize, p: usize) -> Agreement {
        let mut agreement = Agreement { equal: 0, all: 0, keys_are_equal: true };
        let answers = self.predicted.cells(p);
        for (i, &(field, truth)) in self.gold.cells(g).iter().enumerate() {
            // Most pairs of claims have the same fields.
            let answer = match answers.get(i) {
                Some(&(same, value)) if same == field => value,
                _ => self.predicted.cell(p, field).unwrap_or(ABSENT),
            };
            let comparison = self.vocabulary.comparison(field);
            let is_equal = truth == answer || (comparison.tolerant && self.equal(field, truth, answer));
            agreement.keys_are_equal &= is_equal || comparison.key.is_none();
            if truth != ABSENT || answer != ABSENT {
                agreement.all += u64::from(comparison.weight);
                agreement.equal += if is_equal { u64::from(comparison.weight) } else { 0 };
            }
        }
        agreement
    }

    /// Whether two values of a field are equal, within its tolerance.
    pub fn equal(self, field: u32, a: Value, b: Value) -> bool {
        a == b || (self.vocabulary.is_tolerant(field) && a != ABSENT && b != ABSENT && self.within_tolerance(field, a, b))
    }

    fn within_tolerance(self, field: u32, a: Value, b: Value) -> bool {
        let tolerance = &self.vocabulary.field(field).field.tolerance;
        matches!((self.values.decimal(a), self.values.decimal(b)), (Some(a), Some(b)) if tolerance.equal(a, b))
    }
}

/// How the fields of two claims compare.
struct Agreement {
    /// Weights of the fields that are equal, and of all that count: those that are not absent on both sides.
    equal: u64,
    all: u64,
    keys_are_equal: bool,
}

/// A hash table of few values that is filled in no time.
struct FewKeys {
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
    const MOST: usize = 64;
    const CLASSES: usize = 64;

    fn class(key: Value) -> usize {
        // The highest bits of the product depend on all bits.
        (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58) as usize % FewKeys::CLASSES
    }

    /// Takes at most [`FewKeys::MOST`] values.
    fn fill(&mut self, keys: impl Iterator<Item = Value>) {
        self.first = [0; FewKeys::CLASSES];
        for (place, key) in keys.take(FewKeys::MOST).enumerate() {
            let first = &mut self.first[FewKeys::class(key)];
            self.keys[place] = key;
            self.next[place] = std::mem::replace(first, place as u8 + 1);
        }
    }

    /// Places of the values that are equal to a key, descending.
    fn equal(&self, key: Value) -> impl Iterator<Item = usize> {
        let link = |link: u8| usize::from(link).checked_sub(1);
        std::iter::successors(link(self.first[FewKeys::class(key)]), move |&place| link(self.next[place]))
            .filter(move |&place| self.keys[place] == key)
    }
}

#[cfg(test)]
mod tests {
    use crate::claim::{Claim, FieldState, Schema, Span};
    use crate::score::{Criterion, GoldInput, Scorer, Settings};

    fn equal_claims(n: usize, start: u32) -> Vec<Claim> {
        let fields = [("value".to_owned(), FieldState::Present("5".to_owned()))];
        let claim =
            Claim { fragments: Span::new(start, start + 9).unwrap().into(), fields: fields.into(), quote: "5".into(), ..Claim::default() };
        vec![claim; n]
    }

    #[test]
    fn thousands_of_equal_claims_end_with_all_of_them_paired() {
        let (gold, predicted) = (equal_claims(1500, 3), equal_claims(1500, 3));
        let mut settings = Settings::new(Schema::open());
        settings.criteria = vec![Criterion::Exact, Criterion::Overlap, Criterion::Value, Criterion::Text];
        let scorer = Scorer::new(&settings, gold.iter().chain(&predicted));
        let inputs: Vec<GoldInput> = gold.iter().map(|claim| GoldInput { claim, optional: false, tags: &[] }).collect();
        let tally = scorer.score_article("en", &inputs, &predicted).tally;
        assert_eq!(tally.thinned, 1, "and it is said");
        assert!(tally.criteria.iter().all(|c| c.matched == 1500), "{:?}", tally.criteria);
        assert_eq!(tally.errors.right, 1500);
    }

    #[test]
    fn what_can_be_looked_at_whole_is_not_thinned() {
        let (gold, predicted) = (equal_claims(100, 3), equal_claims(100, 3));
        let scorer = Scorer::new(&Settings::new(Schema::open()), gold.iter().chain(&predicted));
        let inputs: Vec<GoldInput> = gold.iter().map(|claim| GoldInput { claim, optional: false, tags: &[] }).collect();
        assert_eq!(scorer.score_article("en", &inputs, &predicted).tally.thinned, 0);
    }
}
