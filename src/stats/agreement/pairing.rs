//! Which claims of two annotators are the same one.

use crate::claim::{Claim, ClaimStatus, FieldState, Fragments, GoldClaim, Schema};
use crate::extract::Numbers;
use crate::score::{ArticleScorer, Criterion, GoldInput, Pair, Scorer, Settings};

/// Pairs the claims of two annotators, article by article, with the assignment that scores are made with.
///
/// Neither side is the right one: what is found does not depend on who comes first.
pub struct Pairer {
    scorer: ArticleScorer,
    criteria: Vec<Criterion>,
    primary: usize,
    overlap: usize,
}

/// The claims of one article, as indices into the claims of either annotator that were given.
///
/// Optional claims are neither missing on the other side nor paired with anything that counts, whoever says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArticlePairs {
    /// By criterion, in the order of [`Pairer::criteria`].
    pub spans: Vec<SpanCounts>,
    /// Pairs under the primary criterion: what fields are compared over.
    pub primary: Vec<(usize, usize)>,
    /// Pairs under `overlap`: what kinds are compared over.
    pub overlapping: Vec<(usize, usize)>,
    /// Claims without a pair under the primary criterion.
    pub only: [Vec<usize>; 2],
    /// Whether there were more pairs than are looked at.
    pub thinned: bool,
}

/// Claims of two annotators under one criterion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SpanCounts {
    /// Pairs.
    pub matched: u64,
    /// Claims of either annotator.
    pub claims: [u64; 2],
}

/// What a claim says, without its name.
type Content<'a> = (&'a Fragments, &'a str, Vec<(&'a str, FieldState<&'a str>)>, ClaimStatus);

impl Pairer {
    /// Criteria that are about places are kept of those given; the others are about values, of which fields tell more. `exact`, `overlap`
    /// and the primary criterion are always there, and `overlap` is the primary one where the given one is not about places.
    pub fn new<'a>(schema: &Schema, criteria: &[Criterion], primary: Criterion, claims: impl Iterator<Item = &'a Claim>) -> Pairer {
        let is_place = |c: &Criterion| matches!(c, Criterion::Exact | Criterion::Strict | Criterion::Iou(_) | Criterion::Overlap);
        let primary = Some(primary).filter(is_place).unwrap_or(Criterion::Overlap);
        let mut criteria: Vec<Criterion> = criteria.iter().copied().filter(is_place).collect();
        criteria.extend([Criterion::Exact, Criterion::Overlap, primary]);
        criteria.sort_unstable();
        criteria.dedup();
        let settings = Settings {
            criteria: criteria.clone(),
            primary,
            slices: Vec::new(),
            numbers: Numbers::Canonical,
            ..Settings::new(schema.clone())
        };
        let place = |of: Criterion| criteria.iter().position(|c| *c == of).unwrap_or(0);
        let (primary, overlap) = (place(primary), place(Criterion::Overlap));
        Pairer { scorer: Scorer::new(&settings, claims).articles(), criteria, primary, overlap }
    }

    /// The criteria, in order.
    pub fn criteria(&self) -> &[Criterion] {
        &self.criteria
    }

    /// The criterion over whose pairs fields are compared.
    pub fn primary(&self) -> Criterion {
        self.criteria.get(self.primary).copied().unwrap_or(Criterion::Overlap)
    }

    /// Pairs the claims of one article. `lang` is that of its text.
    pub fn pairs(&mut self, lang: &str, first: &[GoldClaim], second: &[GoldClaim]) -> ArticlePairs {
        // The scorer breaks ties, and takes missing fields, by side; and by place where it sees no difference. So the claims themselves
        // decide which side is which, and which claim comes first.
        let sorted = [first, second].map(by_content);
        let contents = sorted.each_ref().map(|claims| claims.iter().map(|(content, _)| content));
        let [of_first, of_second] = contents;
        let is_turned = of_first.gt(of_second);
        let [left, right] = if is_turned { [1, 0] } else { [0, 1] };
        let given = |side: usize| without_names([first, second][side], &sorted[side]);
        let (left, right) = (given(left), given(right));
        let gold: Vec<GoldInput<'_>> = left.iter().map(|claim| GoldInput { claim, optional: false, tags: &[] }).collect();
        let score = self.scorer.score(lang, &gold, &right);
        let indices = |pairs: Option<&Vec<Pair>>| -> Vec<(usize, usize)> {
            let turned = |p: &Pair| if is_turned { (p.predicted, p.gold) } else { (p.gold, p.predicted) };
            let places = |(a, b): (usize, usize)| Some((sorted[0].get(a)?.1, sorted[1].get(b)?.1));
            let mut pairs: Vec<_> = pairs.into_iter().flatten().map(turned).filter_map(places).collect();
            pairs.sort_unstable();
            pairs
        };
        let sides = Sides { first, second };
        let all: Vec<Vec<(usize, usize)>> = (0..self.criteria.len()).map(|number| indices(score.pairs.get(number))).collect();
        let of = |number: usize| all.get(number).map(Vec::as_slice).unwrap_or_default();
        ArticlePairs {
            spans: all.iter().map(|pairs| sides.counts(pairs)).collect(),
            primary: sides.counted(of(self.primary)),
            overlapping: sides.counted(of(self.overlap)),
            only: sides.only(of(self.primary)),
            thinned: score.tally.thinned > 0,
        }
    }
}

/// Each annotator gives ids of their own, which must not decide between claims that are otherwise alike.
fn without_names(claims: &[GoldClaim], order: &[(Content<'_>, usize)]) -> Vec<Claim> {
    let claims = order.iter().filter_map(|&(_, at)| claims.get(at));
    claims.map(|c| Claim { id: String::new(), tracking_id: String::new(), ..c.claim.clone() }).collect()
}

/// What each claim says, in order, with its place among the claims.
fn by_content(claims: &[GoldClaim]) -> Vec<(Content<'_>, usize)> {
    let content = |(at, c)| {
        let GoldClaim { claim, status, .. }: &GoldClaim = c;
        let fields = claim.fields.iter().map(|(name, state)| (name.as_str(), state)).collect();
        ((&claim.fragments, claim.kind.as_str(), fields, *status), at)
    };
    let mut contents: Vec<(Content<'_>, usize)> = claims.iter().enumerate().map(content).collect();
    contents.sort_unstable();
    contents
}

struct Sides<'a> {
    first: &'a [GoldClaim],
    second: &'a [GoldClaim],
}

impl Sides<'_> {
    fn is_optional(claims: &[GoldClaim], at: usize) -> bool {
        claims.get(at).is_some_and(|c| c.status == ClaimStatus::Optional)
    }

    /// Pairs without an optional claim.
    fn counted(&self, pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
        let counts = |&&(a, b): &&(usize, usize)| !Self::is_optional(self.first, a) && !Self::is_optional(self.second, b);
        pairs.iter().filter(counts).copied().collect()
    }

    /// Claims of either side that count and have no pair.
    fn only(&self, pairs: &[(usize, usize)]) -> [Vec<usize>; 2] {
        let without = |claims: &[GoldClaim], paired: &mut dyn Iterator<Item = usize>| {
            let mut is_paired = vec![false; claims.len()];
            for at in paired {
                if let Some(is_paired) = is_paired.get_mut(at) {
                    *is_paired = true;
                }
            }
            (0..claims.len()).filter(|&at| !is_paired[at] && !Self::is_optional(claims, at)).collect()
        };
        [without(self.first, &mut pairs.iter().map(|p| p.0)), without(self.second, &mut pairs.iter().map(|p| p.1))]
    }

    fn counts(&self, pairs: &[(usize, usize)]) -> SpanCounts {
        let matched = self.counted(pairs).len() as u64;
        SpanCounts { matched, claims: self.only(pairs).map(|only| only.len() as u64 + matched) }
    }
}
