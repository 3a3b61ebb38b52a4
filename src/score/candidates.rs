//! Which pairs of claims of an article can be paired at all.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use super::compact::{ABSENT, CompactClaim, NOT_ANNOTATED, Side, Values, iou};
use super::criterion::Criterion;
use super::similarity::{self, Iou};
use super::vocabulary::Vocabulary;

/// Pairs that are kept for one criterion of one article. Beyond it each claim keeps its likeliest partners only, so that time and
/// memory stay bounded whatever the answer is; the article is counted as thinned. Exact for 2,000 claims a side that overlap a hundred
/// others each.
pub(super) const MOST_CANDIDATES: usize = 250_000;

/// Pairs that are looked at for [`MOST_CANDIDATES`] of them to be chosen from.
const MOST_LOOKED_AT: usize = 20_000_000;

/// Pairs of one article, and whether some were left out.
#[derive(Default)]
pub(super) struct Candidates {
    pub pairs: Vec<Candidate>,
    pub thinned: bool,
}

/// A gold and a predicted claim with what the criteria ask of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub gold: u32,
    pub predicted: u32,
    pub iou: Iou,
    pub same_place: bool,
    pub same_kind: bool,
    pub key_equal: bool,
}

impl Candidate {
    /// IoU of at least one half, the same kind, and equal key fields.
    pub fn is_right(&self) -> bool {
        self.iou.at_least(50) && self.same_kind && self.key_equal
    }

    /// Whether the pair is eligible under a criterion that asks for an overlap.
    pub fn is_eligible(&self, criterion: Criterion) -> bool {
        match criterion {
            Criterion::Exact => self.same_place,
            Criterion::Strict => self.same_place && self.same_kind,
            Criterion::Iou(percent) => self.iou.at_least(percent),
            Criterion::Overlap => self.iou.intersection > 0,
            Criterion::Claim => self.iou.intersection > 0 && self.key_equal,
            Criterion::Value | Criterion::Text => false,
        }
    }
}

/// Both sides of an article.
pub(super) struct Pairing<'a> {
    pub gold: &'a Side,
    pub predicted: &'a Side,
    pub values: &'a Values,
    pub vocabulary: &'a Vocabulary,
}

impl Pairing<'_> {
    /// Every pair that shares a code point, by predicted claim, then gold claim. One sweep over the starts.
    ///
    /// Where there are too many, each prediction looks at the golds whose rank is nearest to its own, and keeps those that are right,
    /// then those of the greatest IoU, then the nearest.
    pub fn overlapping(&self) -> Candidates {
        let golds = &self.gold.claims;
        let mut reach = Vec::with_capacity(golds.len());
        let mut furthest = 0;
        for gold in golds {
            furthest = furthest.max(gold.end);
            reach.push(furthest);
        }
        let keep = self.kept_each(self.count_overlapping(), self.predicted.len());
        let mut out = Candidates { pairs: Vec::with_capacity(self.predicted.len()), thinned: keep.is_some() };
        let mut of_one = Vec::new();
        for (p, predicted) in self.predicted.claims.iter().enumerate() {
            let rank = p * self.gold.len() / self.predicted.len();
            let window = if keep.is_some() { MOST_LOOKED_AT / self.predicted.len() / 2 } else { usize::MAX };
            let first = reach.partition_point(|&end| end <= predicted.start).max(rank.saturating_sub(window));
            for (g, gold) in golds.iter().enumerate().skip(first) {
                if gold.start >= predicted.end || g > rank.saturating_add(window) {
                    break;
                }
                if gold.end > predicted.start {
                    let candidate = self.candidate(g, p);
                    if candidate.iou.intersection > 0 {
                        of_one.push(candidate);
                    }
                }
            }
            if let Some(keep) = keep.filter(|keep| of_one.len() > *keep) {
                let likeliest = |c: &Candidate| {
                    (
                        Reverse(c.is_right()),
                        Reverse(c.iou.at_least(50)),
                        Reverse(c.iou.millionths()),
                        rank.abs_diff(c.gold as usize),
                        c.gold,
                    )
                };
                of_one.sort_unstable_by_key(likeliest);
                of_one.truncate(keep);
                of_one.sort_unstable_by_key(|c| c.gold);
            }
            out.pairs.append(&mut of_one);
        }
        out
    }

    /// How many pairs of hulls overlap: each prediction meets the golds that begin before its end, without those that have ended
    /// before its start.
    fn count_overlapping(&self) -> usize {
        let mut starts: Vec<u32> = self.gold.claims.iter().map(|g| g.start).collect();
        let mut ends: Vec<u32> = self.gold.claims.iter().map(|g| g.end).collect();
        starts.sort_unstable();
        ends.sort_unstable();
        let meets = |p: &CompactClaim| starts.partition_point(|&s| s < p.end).saturating_sub(ends.partition_point(|&e| e <= p.start));
        self.predicted.claims.iter().map(meets).sum()
    }

    /// Partners that each of so many claims keeps; `None` when all pairs can be kept.
    fn kept_each(&self, pairs: usize, claims: usize) -> Option<usize> {
        (pairs > MOST_CANDIDATES).then(|| (MOST_CANDIDATES / claims.max(1)).max(4))
    }

    /// The pairs of equal key fields (for [`super::Criterion::Value`]): golds with the same annotated fields are joined with the
    /// predictions over those fields.
    pub fn equal_keys(&self) -> Candidates {
        let width = self.vocabulary.key_fields().len();
        let tolerant = self.vocabulary.key_fields().iter().any(|&f| self.vocabulary.field(f).tolerant);
        let predicted: Vec<usize> = (0..self.predicted.len()).filter(|&p| self.predicted.claims[p].has_key).collect();
        let golds: Vec<usize> = (0..self.gold.len()).filter(|&g| self.gold.claims[g].has_key).collect();
        let mut lists: Vec<Vec<usize>> = vec![Vec::new()];
        let mut list_of: Vec<usize> = Vec::with_capacity(golds.len());
        if tolerant {
            let most = MOST_LOOKED_AT / golds.len().max(1);
            for &g in &golds {
                list_of.push(lists.len());
                lists.push(predicted.iter().copied().filter(|&p| self.keys_are_equal(g, p)).take(most).collect());
            }
            return self.joined(&golds, |rank| &lists[list_of[rank]]);
        }
        let mut by_mask: FxHashMap<Vec<bool>, FxHashMap<Vec<u32>, usize>> = FxHashMap::default();
        for &g in &golds {
            let keys = self.gold.keys(g, width);
            let mask: Vec<bool> = keys.iter().map(|&k| k != NOT_ANNOTATED).collect();
            let masked = |keys: &[u32]| keys.iter().zip(&mask).filter(|(_, m)| **m).map(|(k, _)| *k).collect::<Vec<u32>>();
            let index = by_mask.entry(mask.clone()).or_insert_with(|| {
                let mut index = FxHashMap::default();
                for &p in &predicted {
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
        self.joined(&golds, |rank| &lists[list_of[rank]])
    }

    /// The pairs of equal quotes (for [`super::Criterion::Text`]).
    pub fn equal_quotes(&self) -> Candidates {
        let mut index: FxHashMap<u32, Vec<usize>> = FxHashMap::default();
        for (p, claim) in self.predicted.claims.iter().enumerate().filter(|(_, c)| c.quote != ABSENT) {
            index.entry(claim.quote).or_default().push(p);
        }
        let golds: Vec<usize> = (0..self.gold.len()).filter(|&g| self.gold.claims[g].quote != ABSENT).collect();
        self.joined(&golds, |rank| index.get(&self.gold.claims[golds[rank]].quote).map_or(&[][..], Vec::as_slice))
    }

    /// Pairs each gold claim with its partners (ascending). Where a gold has too many, it keeps those whose rank among them is
    /// nearest to its own among the golds, so that n equal claims still find n partners.
    /// `partners` is given the rank of the gold.
    fn joined<'l>(&self, golds: &[usize], partners: impl Fn(usize) -> &'l [usize]) -> Candidates {
        let most = MOST_CANDIDATES / golds.len().max(1);
        let mut out = Candidates::default();
        for (rank, g) in golds.iter().enumerate() {
            let mut of_one = partners(rank);
            if out.pairs.len() + of_one.len() > MOST_CANDIDATES || of_one.len() > most.max(1000) {
                let keep = most.max(4).min(of_one.len());
                let middle = rank * of_one.len() / golds.len();
                let from = middle.saturating_sub(keep / 2).min(of_one.len() - keep);
                out.thinned |= keep < of_one.len();
                of_one = &of_one[from..from + keep];
            }
            out.pairs.extend(of_one.iter().map(|&p| self.candidate(*g, p)));
        }
        out
    }

    fn candidate(&self, g: usize, p: usize) -> Candidate {
        let iou = iou(self.gold, g, self.predicted, p);
        Candidate {
            gold: g as u32,
            predicted: p as u32,
            iou,
            same_place: iou.intersection > 0 && iou.intersection == iou.union,
            same_kind: self.gold.claims[g].kind == self.predicted.claims[p].kind,
            key_equal: self.keys_are_equal(g, p),
        }
    }

    fn keys_are_equal(&self, g: usize, p: usize) -> bool {
        let fields = self.vocabulary.key_fields();
        let (gold, predicted) = (self.gold.keys(g, fields.len()), self.predicted.keys(p, fields.len()));
        fields.iter().zip(gold).zip(predicted).all(|((&field, &a), &b)| a == NOT_ANNOTATED || self.equal(field, a, b))
    }

    /// Whether two values of a field are equal, within its tolerance.
    pub fn equal(&self, field: u32, a: u32, b: u32) -> bool {
        if a == b {
            return true;
        }
        let rule = self.vocabulary.field(field);
        if !rule.tolerant || a == ABSENT || b == ABSENT {
            return false;
        }
        matches!((self.values.decimal(a), self.values.decimal(b)), (Some(a), Some(b)) if rule.field.tolerance.equal(a, b))
    }

    /// The similarity of a pair, 0..=10^6.
    pub fn similarity(&self, c: &Candidate) -> u32 {
        let (mut equal, mut all) = (0u64, 0u64);
        for &(field, gold) in self.gold.cells(c.gold as usize) {
            let predicted = self.predicted.cell(c.predicted as usize, field).unwrap_or(ABSENT);
            if gold == ABSENT && predicted == ABSENT {
                continue;
            }
            let weight = u64::from(self.vocabulary.field(field).field.weight);
            all += weight;
            if self.equal(field, gold, predicted) {
                equal += weight;
            }
        }
        similarity::similarity(c.iou, c.same_kind, (equal, all))
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
