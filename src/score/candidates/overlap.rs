//! Pairs that share a code point.

use std::cmp::Reverse;
use std::ops::ControlFlow;

use super::{Candidate, Finder, MOST_CANDIDATES, MOST_LOOKED_AT, Pairing};
use crate::score::side::iou;

impl Finder {
    /// Adds every pair that shares a code point. True where pairs were left out.
    ///
    /// Where there are too many, each prediction looks at the golds whose rank is nearest to its own, and keeps those that are right,
    /// then those of the greatest IoU, then the nearest.
    pub fn overlapping(&mut self, pairing: Pairing<'_>, out: &mut Vec<Candidate>) -> bool {
        let most = pairing.gold.len().saturating_mul(pairing.predicted.len());
        if most > MOST_CANDIDATES && self.are_more_than(MOST_CANDIDATES, pairing) {
            pairing.likeliest(out);
            return true;
        }
        let add = |g, p| {
            let overlap = iou(pairing.gold, g, pairing.predicted, p);
            if overlap.intersection > 0 {
                out.push(pairing.candidate(g, p, overlap));
            }
            ControlFlow::Continue(())
        };
        self.sweep(pairing, add).is_break()
    }

    /// Whether more hulls overlap.
    fn are_more_than(&mut self, most: usize, pairing: Pairing<'_>) -> bool {
        let mut met = 0;
        let count = |_, _| {
            met += 1;
            if met > most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        self.sweep(pairing, count).is_break()
    }

    /// Calls with every pair whose hulls overlap, by gold, then prediction: a step a claim and a step a pair, even where one claim
    /// spans many others.
    #[inline]
    fn sweep(&mut self, pairing: Pairing<'_>, mut each: impl FnMut(usize, usize) -> ControlFlow<()>) -> ControlFlow<()> {
        let (predictions, open) = (&pairing.predicted.claims, &mut self.open);
        open.clear();
        // Predictions before it begin no later than the gold.
        let mut next = 0;
        for (g, gold) in pairing.gold.claims.iter().enumerate().filter(|(_, gold)| gold.start < gold.end) {
            while let Some(predicted) = predictions.get(next).filter(|p| p.start <= gold.start) {
                open.push((predicted.end, next as u32));
                next += 1;
            }
            // What has ended before this gold has ended before all later ones.
            open.retain(|&(end, _)| end > gold.start);
            let begin_inside = predictions[next..].iter().take_while(|p| p.start < gold.end).count();
            for i in 0..open.len() + begin_inside {
                let p = open.get(i).map_or(next + i - open.len(), |&(_, p)| p as usize);
                each(g, p)?;
            }
        }
        ControlFlow::Continue(())
    }
}

impl Pairing<'_> {
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
        out.sort_unstable_by_key(|c| (c.gold, c.predicted));
    }
}
