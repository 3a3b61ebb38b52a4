//! From the pairs of an article to counts, added to a [`Tally`]: the second half of the hot path.
//!
//! What holds: counts are integers that add up in any order; nothing is allocated for an article but rows of tables that grow with
//! kinds, fields and slices; tables by kind and field are settled into the tally once in a while ([`Counts::settle`]).

mod alike;
mod criteria;
mod errors;
mod fields;
mod populations;
mod semeval;

use alike::{Alike, Tallied};
pub(super) use fields::field_outcomes;

use super::article::Verdict;
use super::choice::Set;
use super::matching::Matcher;
use super::settings::Scorer;
use super::tally::{CriterionTally, FieldTally, Tally};

/// What stands beside the claims of an article, by their places in the input.
pub(crate) trait Beside {
    /// Tags of a gold claim.
    fn tags(&self, gold: usize) -> &[String];
    /// The value of a field of a predicted claim, as written.
    fn written(&self, predicted: usize, field: &str) -> Option<&str>;
}

/// The counts of one article that slices and resampling need, and the buffers of counting. Used again for the next article.
///
/// What is counted by kind or by field goes into tables here first, and from there into the tally ([`Counts::settle`]), so that a
/// claim costs one step and not one a criterion.
#[derive(Default)]
pub(super) struct Counts {
    /// Gold claims without optional ones.
    pub gold: u64,
    /// Predicted claims.
    pub predicted: u64,
    /// Predicted claims that did not find an optional one.
    pub judged: u64,
    /// By criterion.
    pub criteria: Vec<CriterionTally>,
    /// In canonical order; none for optional gold claims that were not found.
    pub gold_verdicts: Vec<Option<Verdict>>,
    pub predicted_verdicts: Vec<Verdict>,
    /// The criteria that found each claim.
    found_gold: Vec<Set>,
    found_predicted: Vec<Set>,
    /// The criteria that paired each prediction with an optional gold claim.
    ignored: Vec<Set>,
    /// The gold of each prediction's pair.
    partner: Vec<Option<u32>>,
    /// How many claims came out alike, by [`Alike::packed`].
    alike: Tallied,
    /// Pairs of the error assignment by gold kind and predicted kind, half a word each.
    confusion: Tallied,
    /// By field number, with whether it is in `met_fields`; the others are 0.
    fields: Vec<(FieldTally, bool)>,
    met_fields: Vec<u32>,
}

/// Rows of the tables of [`Counts`] that are kept before they are settled.
const MOST_UNSETTLED: usize = 4096;

impl Counts {
    /// Counts an article. Articles add up in `tally`, once the last one is settled.
    pub fn count(&mut self, matcher: &Matcher, scorer: &Scorer, lang: &str, beside: &impl Beside, tally: &mut Tally) {
        let claims = &matcher.gold.claims;
        self.gold = claims.iter().filter(|c| !c.optional).count() as u64;
        self.predicted = matcher.predicted.len() as u64;
        tally.gold += self.gold;
        tally.predicted += self.predicted;
        tally.gold_without_key += claims.iter().filter(|c| c.no_key_annotated && !c.optional).count() as u64;
        tally.thinned += u64::from(matcher.thinned);
        self.criteria(matcher, scorer, beside, tally);
        self.fields(matcher, scorer, lang, beside, tally);
        self.errors(matcher, tally);
        semeval::count(matcher, self, tally);
        if self.alike.len() + self.confusion.len() + self.met_fields.len() > MOST_UNSETTLED {
            self.settle(scorer, tally);
        }
    }

    /// Moves what stands in the tables into the tally. To be done before articles are counted into another tally.
    pub fn settle(&mut self, scorer: &Scorer, tally: &mut Tally) {
        for (word, n) in self.alike.drain() {
            Alike::unpacked(word).count(n, scorer.criteria.len(), tally);
        }
        for (kinds, n) in self.confusion.drain() {
            *tally.confusion.entry(((kinds >> 32) as u32, kinds as u32)).or_default() += n;
        }
        for field in self.met_fields.drain(..) {
            let (counts, _) = std::mem::take(&mut self.fields[field as usize]);
            tally.fields.entry(field).or_default().add(&counts);
        }
    }
}
