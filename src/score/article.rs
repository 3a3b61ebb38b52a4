//! One article scored: every criterion, the fields, the SemEval view and the error classes, in one pass.

use std::collections::BTreeMap;

use super::assignment::{self, Edge};
use super::candidates::{Candidate, Candidates, Pairing};
use super::compact::{ABSENT, Side, SideOf, Values, prepare};
use super::criterion::Criterion;
use super::settings::{ClaimSlice, Scorer};
use super::tally::{CriterionTally, ErrorClass, FieldTally, FoundTally, KindTally, Tally};
use crate::claim::Claim;
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
        let mut values = Values::new();
        let gold_claims: Vec<&Claim> = gold.iter().map(|g| g.claim).collect();
        let predicted_claims: Vec<&Claim> = predicted.iter().collect();
        let beside = |a: usize, b: usize| (gold[a].optional, gold[a].tags).cmp(&(gold[b].optional, gold[b].tags));
        let gold_side = prepare(&gold_claims, SideOf::Gold, lang, Numbers::Canonical, &self.vocabulary, &mut values, beside);
        let nothing = |_, _| std::cmp::Ordering::Equal;
        let predicted_side = prepare(&predicted_claims, SideOf::Predicted, lang, self.numbers, &self.vocabulary, &mut values, nothing);
        let pass = Pass {
            scorer: self,
            lang,
            gold,
            predicted,
            pairing: Pairing { gold: &gold_side, predicted: &predicted_side, values: &values, vocabulary: &self.vocabulary },
            optional: gold_side.claims.iter().map(|c| gold[c.source as usize].optional).collect(),
        };
        pass.score()
    }
}

/// Whether a criterion looks at a claim at all: claims without a key field have no `value`, claims without a quote no `text`.
fn is_in_population(criterion: Criterion, side: &Side, claim: usize) -> bool {
    match criterion {
        Criterion::Value => side.claims[claim].has_key,
        Criterion::Text => side.claims[claim].quote != ABSENT,
        _ => true,
    }
}

/// What matters of a pair before its similarity, most important first.
type Levels = [u8; 4];

/// The levels of a criterion, which knows only that a pair is eligible.
const ELIGIBLE: Levels = [0, 0, 0, 1];

/// One run over an article; borrows everything, collects into an [`ArticleScore`].
struct Pass<'a> {
    scorer: &'a Scorer,
    lang: &'a str,
    gold: &'a [GoldInput<'a>],
    predicted: &'a [Claim],
    pairing: Pairing<'a>,
    /// By canonical gold index.
    optional: Vec<bool>,
}

impl Pass<'_> {
    fn score(&self) -> ArticleScore {
        let Candidates { pairs: overlapping, mut thinned } = self.pairing.overlapping();
        let mut out = ArticleScore::default();
        out.tally.gold = self.optional.iter().filter(|o| !**o).count() as u64;
        out.tally.predicted = self.predicted.len() as u64;
        let claims = &self.pairing.gold.claims;
        out.tally.gold_without_key = claims.iter().zip(&self.optional).filter(|(c, o)| c.no_key_annotated && !**o).count() as u64;
        for (number, &criterion) in self.scorer.criteria.iter().enumerate() {
            let pairs = match criterion {
                Criterion::Value | Criterion::Text => {
                    let text = criterion == Criterion::Text;
                    let candidates = if text { self.pairing.equal_quotes() } else { self.pairing.equal_keys() };
                    thinned |= candidates.thinned;
                    self.assign(&candidates.pairs, |_| Some(ELIGIBLE))
                }
                _ => self.assign(&overlapping, |c| c.is_eligible(criterion).then_some(ELIGIBLE)),
            };
            self.count_criterion(number, criterion, &pairs, &mut out);
        }
        out.tally.thinned = u64::from(thinned);
        self.count_errors(&overlapping, &mut out);
        self.count_semeval(&overlapping, &mut out);
        out
    }

    /// The optimal assignment under levels of importance. Among assignments with the same levels, the one with the fewest
    /// optional gold claims: for a single level that is also the one with the most required ones.
    fn assign(&self, candidates: &[Candidate], rank: impl Fn(&Candidate) -> Option<Levels>) -> Vec<Candidate> {
        let ranked: Vec<(&Candidate, Levels)> = candidates.iter().filter_map(|c| rank(c).map(|r| (c, r))).collect();
        if ranked.is_empty() {
            return Vec::new();
        }
        let side = ranked.len().min(self.pairing.gold.len()).min(self.pairing.predicted.len());
        let any_optional = self.optional.contains(&true);
        let contested = Contest::new(&ranked, self.pairing.gold.len(), self.pairing.predicted.len());
        let mut pairs: Vec<Candidate> = Vec::new();
        let mut edges = Vec::new();
        for &(c, levels) in &ranked {
            if !contested.is_contested(c) {
                pairs.push(*c);
                continue;
            }
            let similarity = self.pairing.similarity(c);
            let weight = if any_optional {
                let [a, b, d, e] = levels;
                let required = u8::from(!self.optional[c.gold as usize]);
                assignment::levels(&[a, b, d, e, required], similarity, side)
            } else {
                assignment::levels(&levels, similarity, side)
            };
            edges.push(Edge { gold: c.gold, predicted: c.predicted, weight });
        }
        if !edges.is_empty() {
            let chosen = assignment::assign(edges);
            pairs.extend(
                ranked
                    .iter()
                    .map(|(c, _)| **c)
                    .filter(|c| contested.is_contested(c) && chosen.binary_search(&(c.gold, c.predicted)).is_ok()),
            );
        }
        pairs.sort_unstable_by_key(|c| (c.gold, c.predicted));
        pairs
    }

    fn pair(&self, c: &Candidate, similarity: u32) -> Pair {
        Pair {
            gold: self.pairing.gold.claims[c.gold as usize].source as usize,
            predicted: self.pairing.predicted.claims[c.predicted as usize].source as usize,
            iou: c.iou.value(),
            similarity: f64::from(similarity) / f64::from(super::similarity::SCALE),
        }
    }

    fn count_criterion(&self, number: usize, criterion: Criterion, pairs: &[Candidate], out: &mut ArticleScore) {
        let (gold, predicted) = (self.pairing.gold, self.pairing.predicted);
        let mut of_gold = vec![false; gold.len()];
        // None: no pair. Some(optional): its pair is optional, so that it counts neither for nor against.
        let mut of_predicted: Vec<Option<bool>> = vec![None; predicted.len()];
        let mut counts = CriterionTally::default();
        let mut reported = Vec::with_capacity(pairs.len());
        for c in pairs {
            of_gold[c.gold as usize] = true;
            let optional = self.optional[c.gold as usize];
            of_predicted[c.predicted as usize] = Some(optional);
            let similarity = self.pairing.similarity(c);
            reported.push(self.pair(c, similarity));
            if !optional {
                counts.matched += 1;
                counts.similarity += u64::from(similarity);
            }
        }
        let slices = &self.scorer.claim_slices;
        for (g, &found) in of_gold.iter().enumerate().filter(|(g, _)| !self.optional[*g]) {
            let inside = is_in_population(criterion, gold, g);
            counts.gold += u64::from(inside);
            if inside {
                let kind = self.kind_tally(gold.claims[g].kind, number, out);
                kind.gold += 1;
                kind.gold_matched += u64::from(found);
            }
            for (slice_number, slice) in slices.iter().enumerate() {
                for value in self.slice_values(slice, g) {
                    let width = self.scorer.criteria.len();
                    let slice = out
                        .tally
                        .claim_slices
                        .entry((slice_number as u16, value))
                        .or_insert_with(|| FoundTally { gold: 0, found: vec![(0, 0); width] });
                    slice.gold += u64::from(number == 0);
                    slice.found[number].0 += u64::from(inside);
                    slice.found[number].1 += u64::from(inside && found);
                }
            }
        }
        // Those that count: not paired with an optional gold claim, and looked at by the criterion.
        let counted = |(p, paired): &(usize, &Option<bool>)| **paired != Some(true) && is_in_population(criterion, predicted, *p);
        for (p, paired) in of_predicted.iter().enumerate().filter(counted) {
            counts.predicted += 1;
            let kind = self.kind_tally(predicted.claims[p].kind, number, out);
            kind.predicted += 1;
            kind.predicted_matched += u64::from(paired.is_some());
        }
        out.tally.criteria.push(counts);
        out.pairs.push(reported);
        if criterion == self.scorer.primary {
            self.count_fields(pairs, out);
            for (p, paired) in of_predicted.iter().enumerate().filter(counted) {
                match self.predicted[predicted.claims[p].source as usize].score {
                    Some(score) => out.tally.hits.push((score, paired.is_some())),
                    None => out.tally.without_score += 1,
                }
            }
        }
    }

    fn kind_tally<'t>(&self, kind: u32, criterion: usize, out: &'t mut ArticleScore) -> &'t mut KindTally {
        let width = self.scorer.criteria.len();
        &mut out.tally.kinds.entry(kind).or_insert_with(|| vec![KindTally::default(); width])[criterion]
    }

    fn slice_values(&self, slice: &ClaimSlice, g: usize) -> Vec<String> {
        let claim = &self.pairing.gold.claims[g];
        match slice {
            ClaimSlice::Tags => self.gold[claim.source as usize].tags.to_vec(),
            ClaimSlice::Field(field) => match self.pairing.gold.cell(g, *field) {
                None => Vec::new(),
                Some(ABSENT) => vec!["none".to_owned()],
                Some(value) => self.pairing.values.text(value).split('\n').map(str::to_owned).collect(),
            },
        }
    }

    /// Fields over the pairs of the primary criterion and, end to end, over the claims of its population.
    fn count_fields(&self, pairs: &[Candidate], out: &mut ArticleScore) {
        let (gold, predicted) = (self.pairing.gold, self.pairing.predicted);
        let primary = self.scorer.primary;
        let mut tallies: BTreeMap<u32, FieldTally> = BTreeMap::new();
        for g in (0..gold.len()).filter(|&g| !self.optional[g] && is_in_population(primary, gold, g)) {
            for &(field, _) in gold.cells(g).iter().filter(|c| c.1 != ABSENT) {
                tallies.entry(field).or_default().gold += 1;
            }
        }
        let mut pair_of: Vec<Option<u32>> = vec![None; predicted.len()];
        for c in pairs {
            pair_of[c.predicted as usize] = Some(c.gold);
        }
        for (p, pair) in pair_of.iter().enumerate() {
            if pair.is_some_and(|g| self.optional[g as usize]) || !is_in_population(primary, predicted, p) {
                continue;
            }
            for &(field, _) in predicted.cells(p) {
                let annotated = pair.is_none_or(|g| gold.cell(g as usize, field).is_some());
                tallies.entry(field).or_default().predicted += u64::from(annotated);
            }
        }
        for c in pairs {
            let optional = self.optional[c.gold as usize];
            let mut outcomes = Vec::new();
            for &(field, truth) in gold.cells(c.gold as usize) {
                let answer = predicted.cell(c.predicted as usize, field).unwrap_or(ABSENT);
                let outcome = match (truth, answer) {
                    (ABSENT, ABSENT) => FieldOutcome::TrueNegative,
                    (ABSENT, _) => FieldOutcome::Spurious,
                    (_, ABSENT) => FieldOutcome::Missing,
                    (a, b) if self.pairing.equal(field, a, b) => FieldOutcome::Correct,
                    _ => FieldOutcome::Incorrect,
                };
                let name = &self.scorer.vocabulary.field(field).field.name;
                if !optional {
                    let tally = tallies.entry(field).or_default();
                    *match outcome {
                        FieldOutcome::Correct => &mut tally.cor,
                        FieldOutcome::Incorrect => &mut tally.inc,
                        FieldOutcome::Missing => &mut tally.mis,
                        FieldOutcome::Spurious => &mut tally.spu,
                        FieldOutcome::TrueNegative => &mut tally.tn,
                    } += 1;
                    let looks_local = outcome == FieldOutcome::Incorrect && self.is_right_if_local(c, field);
                    out.tally.looks_local += u64::from(looks_local);
                }
                outcomes.push((name.clone(), outcome));
            }
            let right = outcomes.iter().all(|(_, o)| matches!(o, FieldOutcome::Correct | FieldOutcome::TrueNegative));
            out.tally.all_fields_right += u64::from(right && !optional);
            out.field_outcomes.push(outcomes);
        }
        out.tally.fields = tallies;
    }

    /// Whether a wrong predicted decimal would be right if its text were read by the article's language.
    fn is_right_if_local(&self, c: &Candidate, field: u32) -> bool {
        let rule = self.scorer.vocabulary.field(field);
        if self.scorer.numbers == Numbers::Local || rule.field.field_type != crate::claim::FieldType::Decimal {
            return false;
        }
        let predicted = &self.predicted[self.pairing.predicted.claims[c.predicted as usize].source as usize];
        let gold = self.gold[self.pairing.gold.claims[c.gold as usize].source as usize].claim;
        let written = |claim: &Claim| claim.fields.get(&rule.field.name).and_then(|s| s.present().cloned());
        let (Some(answer), Some(truth)) = (written(predicted), written(gold)) else { return false };
        let (Some(answer), Ok(truth)) = (super::local::canonical(&answer, self.lang), crate::claim::decimal::canonical(&truth)) else {
            return false;
        };
        answer == truth
    }

    fn count_errors(&self, overlapping: &[Candidate], out: &mut ArticleScore) {
        let (gold, predicted) = (self.pairing.gold, self.pairing.predicted);
        let pairs = self.assign(overlapping, |c| Some([0, u8::from(c.is_right()), u8::from(c.iou.at_least(50)), 1]));
        let mut gold_verdicts = vec![Verdict::Wrong(ErrorClass::Missed); gold.len()];
        let mut predicted_verdicts: Vec<Option<Verdict>> = vec![None; predicted.len()];
        for c in &pairs {
            let faults = [(!c.iou.at_least(50), ErrorClass::Boundary), (!c.same_kind, ErrorClass::Kind), (!c.key_equal, ErrorClass::Field)];
            let mut found = faults.iter().filter(|f| f.0).map(|f| f.1);
            let verdict = match (found.next(), found.next()) {
                (None, _) => Verdict::Right,
                (Some(only), None) => Verdict::Wrong(only),
                _ => Verdict::Wrong(ErrorClass::Several),
            };
            gold_verdicts[c.gold as usize] = verdict;
            predicted_verdicts[c.predicted as usize] = Some(verdict);
            out.error_pairs.push(self.pair(c, self.pairing.similarity(c)));
        }
        let (mut over_gold, mut over_predicted) = (vec![0u32; gold.len()], vec![0u32; predicted.len()]);
        let mut half = vec![false; predicted.len()];
        for c in overlapping {
            over_gold[c.gold as usize] += 1;
            over_predicted[c.predicted as usize] += 1;
            half[c.predicted as usize] |= c.iou.at_least(50);
        }
        let errors = &mut out.tally.errors;
        let mut ignored = vec![false; predicted.len()];
        for c in &pairs {
            if self.optional[c.gold as usize] {
                ignored[c.predicted as usize] = true;
                continue;
            }
            *out.tally.confusion.entry((gold.claims[c.gold as usize].kind, predicted.claims[c.predicted as usize].kind)).or_default() += 1;
            match gold_verdicts[c.gold as usize] {
                Verdict::Right => errors.right += 1,
                Verdict::Wrong(class) => errors.classes[class as usize] += 1,
            }
        }
        out.gold_verdicts = vec![None; gold.len()];
        for g in 0..gold.len() {
            let verdict = gold_verdicts[g];
            if !self.optional[g] {
                errors.gold += 1;
                errors.gold_split += u64::from(over_gold[g] >= 2);
                errors.classes[ErrorClass::Missed as usize] += u64::from(verdict == Verdict::Wrong(ErrorClass::Missed));
            } else if verdict == Verdict::Wrong(ErrorClass::Missed) {
                continue;
            }
            out.gold_verdicts[gold.claims[g].source as usize] = Some(verdict);
        }
        out.predicted_verdicts = vec![None; predicted.len()];
        for p in 0..predicted.len() {
            let verdict = predicted_verdicts[p].unwrap_or_else(|| {
                let class = match (half[p], over_predicted[p]) {
                    (true, _) => ErrorClass::Duplicate,
                    (false, 1..) => ErrorClass::Piece,
                    (false, 0) => ErrorClass::Background,
                };
                errors.classes[class as usize] += 1;
                Verdict::Wrong(class)
            });
            errors.pred_merge += u64::from(over_predicted[p] >= 2);
            errors.predicted += u64::from(!ignored[p]);
            out.predicted_verdicts[predicted.claims[p].source as usize] = Some(verdict);
        }
    }

    fn count_semeval(&self, overlapping: &[Candidate], out: &mut ArticleScore) {
        let pairs =
            self.assign(overlapping, |c| Some([u8::from(c.same_place && c.same_kind), u8::from(c.same_place), u8::from(c.same_kind), 1]));
        let counts = &mut out.tally.semeval;
        let mut ignored = 0;
        for c in &pairs {
            if self.optional[c.gold as usize] {
                ignored += 1;
            } else {
                counts.pairs += 1;
                counts.same_both += u64::from(c.same_place && c.same_kind);
                counts.same_place += u64::from(c.same_place);
                counts.same_kind += u64::from(c.same_kind);
            }
        }
        counts.missed = out.tally.gold - counts.pairs;
        counts.spurious = out.tally.predicted - counts.pairs - ignored;
        out.semeval_pairs = pairs.iter().map(|c| self.pair(c, self.pairing.similarity(c))).collect();
    }
}

/// Which claims have more than one candidate; the others need no assignment.
struct Contest {
    gold: Vec<u32>,
    predicted: Vec<u32>,
}

impl Contest {
    fn new(candidates: &[(&Candidate, Levels)], golds: usize, predictions: usize) -> Contest {
        let mut contest = Contest { gold: vec![0; golds], predicted: vec![0; predictions] };
        for (c, _) in candidates {
            contest.gold[c.gold as usize] += 1;
            contest.predicted[c.predicted as usize] += 1;
        }
        contest
    }

    fn is_contested(&self, c: &Candidate) -> bool {
        self.gold[c.gold as usize] > 1 || self.predicted[c.predicted as usize] > 1
    }
}
