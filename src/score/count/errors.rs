//! Error classes, over the pairs of the error assignment.

use super::Counts;
use crate::score::article::Verdict;
use crate::score::candidates::Candidate;
use crate::score::matching::Matcher;
use crate::score::tally::{ErrorClass, Tally};

impl Counts {
    pub(super) fn errors(&mut self, matcher: &Matcher, tally: &mut Tally) {
        let (golds, predictions, graph) = (&matcher.gold.claims, &matcher.predicted.claims, &matcher.overlapping);
        let missed = Verdict::Wrong(ErrorClass::Missed);
        self.gold_verdicts.clear();
        self.gold_verdicts.extend(golds.iter().map(|g| (!g.optional).then_some(missed)));
        self.predicted_verdicts.clear();
        let unpaired = |over: &u32| Verdict::Wrong(if *over > 0 { ErrorClass::Piece } else { ErrorClass::Background });
        self.predicted_verdicts.extend(graph.predicted_degrees.iter().map(unpaired));
        for c in graph.candidates.iter().filter(|c| c.half) {
            self.predicted_verdicts[c.predicted as usize] = Verdict::Wrong(ErrorClass::Duplicate);
        }
        let errors = &mut tally.errors;
        self.judged = predictions.len() as u64;
        errors.classes[ErrorClass::Missed as usize] += self.gold;
        for verdict in &self.predicted_verdicts {
            if let Verdict::Wrong(class) = verdict {
                errors.classes[*class as usize] += 1;
            }
        }
        for c in matcher.error_pairs() {
            let verdict = verdict_of_pair(c);
            self.gold_verdicts[c.gold as usize] = Some(verdict);
            let before = std::mem::replace(&mut self.predicted_verdicts[c.predicted as usize], verdict);
            if let Verdict::Wrong(class) = before {
                errors.classes[class as usize] -= 1;
            }
            let gold = &golds[c.gold as usize];
            if gold.optional {
                self.judged -= 1;
                continue;
            }
            errors.classes[ErrorClass::Missed as usize] -= 1;
            match verdict {
                Verdict::Right => errors.right += 1,
                Verdict::Wrong(class) => errors.classes[class as usize] += 1,
            }
            self.confusion.add(u64::from(gold.kind) << 32 | u64::from(predictions[c.predicted as usize].kind));
        }
        errors.gold += self.gold;
        errors.predicted += self.judged;
        let split = graph.gold_degrees.iter().zip(golds).filter(|(over, gold)| **over >= 2 && !gold.optional);
        errors.gold_split += split.count() as u64;
        errors.pred_merge += graph.predicted_degrees.iter().filter(|over| **over >= 2).count() as u64;
    }
}

/// What a pair of the error assignment is.
fn verdict_of_pair(c: &Candidate) -> Verdict {
    match (!c.half, !c.same_kind, !c.key_equal) {
        (false, false, false) => Verdict::Right,
        (true, false, false) => Verdict::Wrong(ErrorClass::Boundary),
        (false, true, false) => Verdict::Wrong(ErrorClass::Kind),
        (false, false, true) => Verdict::Wrong(ErrorClass::Field),
        _ => Verdict::Wrong(ErrorClass::Several),
    }
}
