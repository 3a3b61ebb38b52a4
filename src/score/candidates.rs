//! Which pairs of claims of an article can be paired at all.

use rustc_hash::FxHashMap;

use super::compact::{ABSENT, NOT_ANNOTATED, Side, Values, iou};
use super::criterion::Criterion;
use super::similarity::{self, Iou};
use super::vocabulary::Vocabulary;

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
    pub fn overlapping(&self) -> Vec<Candidate> {
        let golds = &self.gold.claims;
        let mut reach = Vec::with_capacity(golds.len());
        let mut furthest = 0;
        for gold in golds {
            furthest = furthest.max(gold.end);
            reach.push(furthest);
        }
        let mut out = Vec::with_capacity(self.predicted.len());
        for (p, predicted) in self.predicted.claims.iter().enumerate() {
            let first = reach.partition_point(|&end| end <= predicted.start);
            for (g, gold) in golds.iter().enumerate().skip(first) {
                if gold.start >= predicted.end {
                    break;
                }
                if gold.end > predicted.start {
                    let candidate = self.candidate(g, p);
                    if candidate.iou.intersection > 0 {
                        out.push(candidate);
                    }
                }
            }
        }
        out
    }

    /// The pairs of equal key fields (for [`Criterion::Value`]): golds with the same annotated fields are joined with the
    /// predictions over those fields.
    pub fn equal_keys(&self) -> Vec<Candidate> {
        let width = self.vocabulary.key_fields().len();
        let tolerant = self.vocabulary.key_fields().iter().any(|&f| self.vocabulary.field(f).tolerant);
        let predicted: Vec<usize> = (0..self.predicted.len()).filter(|&p| self.predicted.claims[p].has_key).collect();
        let mut out = Vec::new();
        let mut by_mask: FxHashMap<Vec<bool>, FxHashMap<Vec<u32>, Vec<usize>>> = FxHashMap::default();
        for g in (0..self.gold.len()).filter(|&g| self.gold.claims[g].has_key) {
            let keys = self.gold.keys(g, width);
            if tolerant {
                out.extend(predicted.iter().filter(|&&p| self.keys_are_equal(g, p)).map(|&p| self.candidate(g, p)));
                continue;
            }
            let mask: Vec<bool> = keys.iter().map(|&k| k != NOT_ANNOTATED).collect();
            let masked = |keys: &[u32]| keys.iter().zip(&mask).filter(|(_, m)| **m).map(|(k, _)| *k).collect::<Vec<u32>>();
            let joined = by_mask.entry(mask.clone()).or_insert_with(|| {
                let mut index: FxHashMap<Vec<u32>, Vec<usize>> = FxHashMap::default();
                for &p in &predicted {
                    index.entry(masked(self.predicted.keys(p, width))).or_default().push(p);
                }
                index
            });
            out.extend(joined.get(&masked(keys)).into_iter().flatten().map(|&p| self.candidate(g, p)));
        }
        out
    }

    /// The pairs of equal quotes (for [`Criterion::Text`]).
    pub fn equal_quotes(&self) -> Vec<Candidate> {
        let mut index: FxHashMap<u32, Vec<usize>> = FxHashMap::default();
        for (p, claim) in self.predicted.claims.iter().enumerate().filter(|(_, c)| c.quote != ABSENT) {
            index.entry(claim.quote).or_default().push(p);
        }
        let mut out = Vec::new();
        for (g, claim) in self.gold.claims.iter().enumerate().filter(|(_, c)| c.quote != ABSENT) {
            out.extend(index.get(&claim.quote).into_iter().flatten().map(|&p| self.candidate(g, p)));
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
