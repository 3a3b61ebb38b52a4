//! Pairs of equal key fields, and of equal quotes.

use rustc_hash::FxHashMap;

use super::index::FewKeys;
use super::{Candidate, Finder, MOST_CANDIDATES, MOST_LOOKED_AT, Pairing};
use crate::score::side::NOT_ANNOTATED;
use crate::score::values::ABSENT;

/// Pairs of claims that are compared one by one rather than through an index.
const MOST_COMPARED: usize = 4096;

impl Finder {
    /// Adds the pairs of equal key fields (for `value`). True where pairs were left out.
    pub fn equal_keys(&mut self, pairing: Pairing<'_>, out: &mut Vec<Candidate>) -> bool {
        let (golds, predictions) = (&pairing.gold.claims, &pairing.predicted.claims);
        if golds.len().saturating_mul(predictions.len()) <= MOST_COMPARED {
            pairing.compare_keys(out);
            return false;
        }
        let golds: Vec<u32> = (0..golds.len() as u32).filter(|&g| golds[g as usize].has_key).collect();
        let predictions: Vec<u32> = (0..predictions.len() as u32).filter(|&p| predictions[p as usize].has_key).collect();
        self.index.clear();
        self.partners.clear();
        if pairing.vocabulary.has_tolerant_key() {
            self.list_by_comparing(pairing, &golds, &predictions);
        } else {
            self.list_by_key(pairing, &golds, &predictions);
        }
        self.join(pairing, &golds, out)
    }

    /// Lists the partners of golds: golds with the same annotated fields are joined with the predictions over those fields.
    fn list_by_key(&mut self, pairing: Pairing<'_>, golds: &[u32], predictions: &[u32]) {
        let width = pairing.vocabulary.key_fields().len();
        let mut by_mask: FxHashMap<Vec<bool>, Vec<usize>> = FxHashMap::default();
        let mut mask = Vec::with_capacity(width);
        for (rank, &g) in golds.iter().enumerate() {
            mask.clear();
            mask.extend(pairing.gold.keys(g as usize, width).iter().map(|&key| key != NOT_ANNOTATED));
            match by_mask.get_mut(&mask) {
                Some(ranks) => ranks.push(rank),
                None => _ = by_mask.insert(mask.clone(), vec![rank]),
            }
        }
        self.partners.resize(golds.len(), 0..0);
        for (mask, ranks) in by_mask {
            let masked = |keys| std::iter::zip(keys, &mask).filter(|(_, is_annotated)| **is_annotated).map(|(key, _): (&_, _)| *key);
            let key = |p: u32| masked(pairing.predicted.keys(p as usize, width));
            self.index.fill(predictions, key);
            for rank in ranks {
                self.partners[rank] = self.index.find(masked(pairing.gold.keys(golds[rank] as usize, width)), key);
            }
        }
    }

    /// The same where a key field has a tolerance.
    fn list_by_comparing(&mut self, pairing: Pairing<'_>, golds: &[u32], predictions: &[u32]) {
        let most = MOST_LOOKED_AT / golds.len().max(1);
        for &g in golds {
            let equal = predictions.iter().copied().filter(|&p| pairing.keys_are_equal(g as usize, p as usize));
            self.partners.push(self.index.list(equal.take(most)));
        }
    }

    /// Adds the pairs of equal quotes (for `text`). True where pairs were left out.
    pub fn equal_quotes(&mut self, pairing: Pairing<'_>, out: &mut Vec<Candidate>) -> bool {
        let (golds, predictions) = (&pairing.gold.claims, &pairing.predicted.claims);
        let golds_with: Vec<u32> = (0..golds.len() as u32).filter(|&g| golds[g as usize].quote != ABSENT).collect();
        let predictions_with: Vec<u32> = (0..predictions.len() as u32).filter(|&p| predictions[p as usize].quote != ABSENT).collect();
        let key = |p: u32| std::iter::once(predictions[p as usize].quote);
        self.index.clear();
        self.partners.clear();
        self.index.fill(&predictions_with, key);
        self.partners.extend(golds_with.iter().map(|&g| self.index.find(std::iter::once(golds[g as usize].quote), key)));
        self.join(pairing, &golds_with, out)
    }

    /// Pairs each gold claim with its partners (ascending). Where a gold has too many, it keeps those whose rank among them is
    /// nearest to its own among the golds, so that n equal claims still find n partners. True where partners were left out.
    fn join(&self, pairing: Pairing<'_>, golds: &[u32], out: &mut Vec<Candidate>) -> bool {
        let most = MOST_CANDIDATES / golds.len().max(1);
        let mut thinned = false;
        for (rank, (&g, partners)) in golds.iter().zip(&self.partners).enumerate() {
            let mut of_one = self.index.members(partners);
            if out.len() + of_one.len() > MOST_CANDIDATES || of_one.len() > most.max(1000) {
                let keep = most.max(4).min(of_one.len());
                let middle = rank * of_one.len() / golds.len();
                let from = middle.saturating_sub(keep / 2).min(of_one.len() - keep);
                thinned |= keep < of_one.len();
                of_one = &of_one[from..from + keep];
            }
            out.extend(of_one.iter().map(|&p| pairing.pair(g as usize, p as usize)));
        }
        thinned
    }
}

impl Pairing<'_> {
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
            let first_of_gold = out.len();
            out.extend(index.equal(keys[first]).map(|p| self.pair(g, p)).filter(|c| c.key_equal));
            out[first_of_gold..].reverse();
        }
    }
}
