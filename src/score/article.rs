//! One article scored, with who was paired with whom: what runs are stored and shown from.

use std::cmp::Ordering;

use super::candidates::Candidate;
use super::count::{Beside, Counts, field_outcomes};
use super::matching::Matcher;
use super::settings::Scorer;
use super::side::{ClaimParts, NOT_ANNOTATED, ValuesAre};
use super::tally::{ErrorClass, Tally};
use super::values::ABSENT;
use crate::claim::{Claim, FieldState};
use crate::extract::Numbers;

/// A gold claim with what decides whether and where it counts.
#[derive(Clone, Copy, Debug)]
pub struct GoldInput<'a> {
    /// The claim.
    pub claim: &'a Claim,
    /// Neither missed when it is not found, nor is its match counted.
    pub optional: bool,
    /// For slices by tag.
    pub tags: &'a [String],
}

/// A pair of claims with how they agree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// Index in the gold claims given.
    pub gold: usize,
    /// Index in the predicted claims given.
    pub predicted: usize,
    /// 0..1.
    pub iou: f64,
    /// 0..1.
    pub similarity: f64,
}

/// How one field of a pair came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FieldOutcome {
    /// Both present and equal.
    Correct,
    /// Both present and different.
    Incorrect,
    /// Present in gold only.
    Missing,
    /// Present in the prediction only, and annotated as absent.
    Spurious,
    /// Absent in both.
    TrueNegative,
}

impl FieldOutcome {
    /// The short name in results and tables.
    pub fn name(self) -> &'static str {
        ["cor", "inc", "mis", "spu", "tn"][self as usize]
    }
}

/// What a claim came to in the error view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Paired and right.
    Right,
    /// Paired or not, with what went wrong.
    Wrong(ErrorClass),
}

impl Verdict {
    /// The name in outcome tables.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Right => "right",
            Verdict::Wrong(class) => class.name(),
        }
    }
}

/// The counts of one article, and who was paired with whom.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ArticleScore {
    /// All counts.
    pub tally: Tally,
    /// Pairs by criterion, in the order of the settings, each by canonical gold index.
    pub pairs: Vec<Vec<Pair>>,
    /// Pairs of the error assignment.
    pub error_pairs: Vec<Pair>,
    /// Pairs of the SemEval assignment.
    pub semeval_pairs: Vec<Pair>,
    /// For each pair of the primary criterion: (field name, outcome) of the fields that gold has annotated.
    pub field_outcomes: Vec<Vec<(String, FieldOutcome)>>,
    /// By index of the gold claims given.
    pub gold_verdicts: Vec<Option<Verdict>>,
    /// By index of the predicted claims given.
    pub predicted_verdicts: Vec<Option<Verdict>>,
}

impl Scorer {
    /// Scores the answer to one article against its gold. Claims may stand in any order.
    ///
    /// `lang` decides how numbers are read where they are written as in the text ([`Numbers::Local`]).
    pub fn score_article(&self, lang: &str, gold: &[GoldInput<'_>], predicted: &[Claim]) -> ArticleScore {
        self.articles().score(lang, gold, predicted)
    }

    /// Scores articles one after the other with the same buffers.
    pub fn articles(&self) -> ArticleScorer {
        ArticleScorer::new(self.clone())
    }
}

/// Scores articles one after the other with the same buffers ([`Scorer::articles`]).
pub struct ArticleScorer {
    scorer: Scorer,
    matcher: Matcher,
    counts: Counts,
}

impl ArticleScorer {
    pub(super) fn new(scorer: Scorer) -> ArticleScorer {
        ArticleScorer { scorer, matcher: Matcher::new(), counts: Counts::default() }
    }

    /// As [`Scorer::score_article`].
    pub fn score(&mut self, lang: &str, gold: &[GoldInput<'_>], predicted: &[Claim]) -> ArticleScore {
        let ArticleScorer { scorer, matcher, counts } = self;
        let beside = OfClaims { gold, predicted };
        matcher.fill_from_claims(scorer, lang, &beside);
        matcher.run(scorer);
        let mut out = ArticleScore::default();
        counts.count(matcher, scorer, lang, &beside, &mut out.tally);
        counts.settle(scorer, &mut out.tally);
        let pairing = matcher.pairing(scorer);
        let source = |c: &Candidate| {
            let (g, p) = (&pairing.gold.claims[c.gold as usize], &pairing.predicted.claims[c.predicted as usize]);
            (g.source as usize, p.source as usize)
        };
        let pair = |c: &Candidate| {
            let (gold, predicted) = source(c);
            Pair { gold, predicted, iou: c.iou().value(), similarity: f64::from(c.similarity) / f64::from(super::similarity::SCALE) }
        };
        fn sorted<'c>(pairs: impl Iterator<Item = &'c Candidate>) -> Vec<&'c Candidate> {
            let mut pairs: Vec<&Candidate> = pairs.collect();
            pairs.sort_unstable_by_key(|c| (c.gold, c.predicted));
            pairs
        }
        let listed = |pairs: Vec<&Candidate>| pairs.into_iter().map(pair).collect::<Vec<Pair>>();
        out.pairs = (0..scorer.criteria.len()).map(|number| listed(sorted(matcher.pairs(scorer, number)))).collect();
        out.error_pairs = listed(sorted(matcher.error_pairs()));
        out.semeval_pairs = listed(sorted(matcher.semeval_pairs()));
        let name = |(field, outcome): (u32, FieldOutcome)| (scorer.vocabulary.field(field).field.name.clone(), outcome);
        let primary = sorted(matcher.pairs(scorer, scorer.primary_number()));
        out.field_outcomes = primary.iter().map(|c| field_outcomes(pairing, c).map(name).collect()).collect();
        out.gold_verdicts = vec![None; gold.len()];
        for (claim, verdict) in matcher.gold.claims.iter().zip(&counts.gold_verdicts) {
            out.gold_verdicts[claim.source as usize] = *verdict;
        }
        out.predicted_verdicts = vec![None; predicted.len()];
        for (claim, verdict) in matcher.predicted.claims.iter().zip(&counts.predicted_verdicts) {
            out.predicted_verdicts[claim.source as usize] = Some(*verdict);
        }
        out
    }
}

struct OfClaims<'a> {
    gold: &'a [GoldInput<'a>],
    predicted: &'a [Claim],
}

impl Beside for OfClaims<'_> {
    fn tags(&self, gold: usize) -> &[String] {
        self.gold[gold].tags
    }

    fn written(&self, predicted: usize, field: &str) -> Option<&str> {
        self.predicted[predicted].fields.value(field)
    }
}

impl Matcher {
    fn fill_from_claims(&mut self, scorer: &mut Scorer, lang: &str, claims: &OfClaims<'_>) {
        fn fields(claim: &Claim) -> impl Iterator<Item = (&str, FieldState<&str>)> {
            claim.fields.iter().map(|(name, state)| (name.as_str(), state))
        }
        self.next_article();
        let Matcher { gold, predicted, values, .. } = self;
        for claim in claims.gold {
            let parts = ClaimParts::of(claim.claim, claim.optional);
            gold.push(parts, fields(claim.claim), ValuesAre::Gold, &mut scorer.vocabulary, values, |_, _| ());
        }
        let values_are = match scorer.numbers {
            Numbers::Canonical => ValuesAre::Predicted,
            Numbers::Local => ValuesAre::PredictedLocal(lang),
        };
        for claim in claims.predicted {
            predicted.push(ClaimParts::of(claim, false), fields(claim), values_are, &mut scorer.vocabulary, values, |_, _| ());
        }
        gold.finish(NOT_ANNOTATED, &scorer.vocabulary, values, |a, b| claims.tags(a).cmp(claims.tags(b)));
        predicted.finish(ABSENT, &scorer.vocabulary, values, |_, _| Ordering::Equal);
    }
}
