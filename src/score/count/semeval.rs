//! The SemEval view.

use super::Counts;
use crate::score::matching::Matcher;
use crate::score::tally::Tally;
pub(super) fn count(matcher: &Matcher, counts: &Counts, tally: &mut Tally) {
    let semeval = &mut tally.semeval;
    let (mut pairs, mut ignored) = (0, 0);
    for c in matcher.semeval_pairs() {
        if matcher.gold.claims[c.gold as usize].optional {
            ignored += 1;
        } else {
            pairs += 1;
            semeval.same_both += u64::from(c.same_place && c.same_kind);
            semeval.same_place += u64::from(c.same_place);
            semeval.same_kind += u64::from(c.same_kind);
        }
    }
    semeval.pairs += pairs;
    semeval.missed += counts.gold - pairs;
    semeval.spurious += counts.predicted - pairs - ignored;
}
