//! Which claims a criterion looks at: `value` at those with a key field, `text` at those with a quote.

use crate::score::choice::{self, Set, when};
use crate::score::settings::Scorer;
use crate::score::side::CompactClaim;
use crate::score::values::ABSENT;
/// The criteria by what they ask of each claim alone: those without a key field have no `value`, those without a quote no `text`.
#[derive(Clone, Copy)]
pub(super) struct Populations {
    all: Set,
    value: Set,
    text: Set,
}

impl Populations {
    pub fn of(scorer: &Scorer) -> Populations {
        let only = |number: Option<usize>| number.map_or(0, |number| 1 << number);
        Populations { all: choice::first_criteria(scorer.criteria.len()), value: only(scorer.value_number), text: only(scorer.text_number) }
    }

    /// The criteria that look at a claim.
    pub fn with(&self, claim: &CompactClaim) -> Set {
        self.all & !when(!claim.has_key, self.value) & !when(claim.quote == ABSENT, self.text)
    }
}

/// Claims that are outside of populations.
#[derive(Default)]
pub(super) struct Outside {
    without_key: u64,
    without_quote: u64,
}

impl Outside {
    pub fn add(&mut self, claim: &CompactClaim) {
        self.without_key += u64::from(!claim.has_key);
        self.without_quote += u64::from(claim.quote == ABSENT);
    }

    pub fn leave_out(&self, scorer: &Scorer, mut of: impl FnMut(usize, u64)) {
        for (number, n) in [(scorer.value_number, self.without_key), (scorer.text_number, self.without_quote)] {
            if let Some(number) = number {
                of(number, n);
            }
        }
    }
}
