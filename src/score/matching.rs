//! Which claims of an article are paired: the hot path of scoring.
//!
//! [`Matcher::run`] finds the candidates of an article once and chooses among them for every criterion, for the error classes and
//! for the SemEval view. What holds throughout:
//!
//! - both sides are in canonical order, so that indices decide ties, and weights are integers
//! - a candidate whose claims have no other one (*alone*) is chosen wherever it is eligible; the others are *contested* and stand
//!   in groups that share no claim, each sorted by (gold, predicted), so that each group is decided on its own
//! - nothing is allocated for an article: all lists are buffers that are used again
//!
//! A group of few pairs is decided by [`assignment::small`], any other one by [`assignment::assign`]; both give the same.

use super::assignment::{self, Edge, Levels};
use super::candidates::{Candidate, Pairing};
use super::criterion::Criterion;
use super::settings::Scorer;
use super::side::Side;
use super::values::Values;

/// The levels of a criterion, which knows only that a pair is eligible.
const ELIGIBLE: Levels = [0, 0, 0, 1];

/// Both sides of an article, and who was paired with whom. Made once, used for many articles.
pub(super) struct Matcher {
    pub values: Values,
    pub gold: Side,
    pub predicted: Side,
    /// Every pair that shares a code point (the likeliest ones of a thinned article), in no order.
    pub overlapping: Graph,
    /// Pairs that share key fields or quotes.
    by_value: Graph,
    by_text: Graph,
    /// By criterion, in the order of the settings; in no order within one.
    pub pairs: Vec<Vec<Candidate>>,
    pub errors: Vec<Candidate>,
    pub semeval: Vec<Candidate>,
    /// Whether pairs were left out because there were too many.
    pub thinned: bool,
}

impl Matcher {
    pub fn new() -> Matcher {
        Matcher {
            values: Values::new(),
            gold: Side::default(),
            predicted: Side::default(),
            overlapping: Graph::default(),
            by_value: Graph::default(),
            by_text: Graph::default(),
            pairs: Vec::new(),
            errors: Vec::new(),
            semeval: Vec::new(),
            thinned: false,
        }
    }

    /// Begins an article; both sides are filled next.
    pub fn next_article(&mut self) {
        self.values.next_article();
        self.gold.clear();
        self.predicted.clear();
    }

    /// Pairs the claims of the two sides.
    pub fn run(&mut self, scorer: &Scorer) {
        let Matcher { values, gold, predicted, overlapping, by_value, by_text, pairs, errors, semeval, thinned } = self;
        let pairing = Pairing { gold, predicted, values, vocabulary: &scorer.vocabulary };
        *thinned = overlapping.fill(pairing, Pairing::overlapping);
        pairs.resize_with(scorer.criteria.len(), Vec::new);
        for (&criterion, chosen) in scorer.criteria.iter().zip(pairs) {
            chosen.clear();
            match criterion {
                Criterion::Value => {
                    *thinned |= by_value.fill(pairing, Pairing::equal_keys);
                    by_value.choose(gold, |_| Some(ELIGIBLE), chosen);
                }
                Criterion::Text => {
                    *thinned |= by_text.fill(pairing, Pairing::equal_quotes);
                    by_text.choose(gold, |_| Some(ELIGIBLE), chosen);
                }
                _ => overlapping.choose(gold, |c| c.is_eligible(criterion).then_some(ELIGIBLE), chosen),
            }
        }
        errors.clear();
        overlapping.choose(gold, |c| Some([0, u8::from(c.is_right()), u8::from(c.half), 1]), errors);
        semeval.clear();
        let agreement = |c: &Candidate| [u8::from(c.same_place && c.same_kind), u8::from(c.same_place), u8::from(c.same_kind), 1];
        overlapping.choose(gold, |c| Some(agreement(c)), semeval);
    }

    /// Both sides as they were paired.
    pub fn pairing<'a>(&'a self, scorer: &'a Scorer) -> Pairing<'a> {
        Pairing { gold: &self.gold, predicted: &self.predicted, values: &self.values, vocabulary: &scorer.vocabulary }
    }
}

/// Candidates, those that are alone apart from those that are contested.
#[derive(Default)]
pub(super) struct Graph {
    alone: Vec<Candidate>,
    /// Group by group, each by (gold, predicted).
    contested: Vec<Candidate>,
    /// End of each group.
    group_ends: Vec<usize>,
    /// How many candidates each claim has.
    pub gold_degrees: Vec<u32>,
    pub predicted_degrees: Vec<u32>,
    found: Vec<Candidate>,
    /// Golds, then predictions: a forest of claims that share candidates.
    parents: Vec<u32>,
}

impl Graph {
    /// All candidates.
    pub fn candidates(&self) -> impl Iterator<Item = &Candidate> {
        self.alone.iter().chain(&self.contested)
    }

    fn fill<'a>(&mut self, pairing: Pairing<'a>, find: impl Fn(Pairing<'a>, &mut Vec<Candidate>) -> bool) -> bool {
        self.found.clear();
        let thinned = find(pairing, &mut self.found);
        let golds = pairing.gold.len();
        reset(&mut self.gold_degrees, golds);
        reset(&mut self.predicted_degrees, pairing.predicted.len());
        for c in &self.found {
            self.gold_degrees[c.gold as usize] += 1;
            self.predicted_degrees[c.predicted as usize] += 1;
        }
        self.alone.clear();
        self.contested.clear();
        self.group_ends.clear();
        for c in &self.found {
            let degrees = (self.gold_degrees[c.gold as usize], self.predicted_degrees[c.predicted as usize]);
            let list = if degrees == (1, 1) { &mut self.alone } else { &mut self.contested };
            list.push(*c);
        }
        if !self.contested.is_empty() {
            self.group(golds, golds + pairing.predicted.len());
        }
        thinned
    }

    /// Brings contested candidates together that share claims.
    fn group(&mut self, golds: usize, claims: usize) {
        self.parents.clear();
        self.parents.extend(0..claims as u32);
        let parents = &mut self.parents;
        for c in &self.contested {
            let (a, b) = (root(parents, c.gold), root(parents, golds as u32 + c.predicted));
            parents[a.max(b) as usize] = a.min(b);
        }
        // The root of a group is its smallest claim, which is a gold.
        for gold in 0..golds as u32 {
            parents[gold as usize] = root(parents, gold);
        }
        let key = |c: &Candidate| (parents[c.gold as usize], c.gold, c.predicted);
        self.contested.sort_unstable_by_key(key);
        let ends = self.contested.windows(2).enumerate().filter(|(_, pair)| key(&pair[0]).0 != key(&pair[1]).0).map(|(i, _)| i + 1);
        self.group_ends.extend(ends);
        self.group_ends.push(self.contested.len());
    }

    /// Adds the optimal assignment under levels of importance; `rank` gives `None` for what is not eligible. Among assignments with
    /// the same levels, the one with the fewest optional gold claims: for a single level that is also the one with the most
    /// required ones.
    fn choose(&self, gold: &Side, rank: impl Fn(&Candidate) -> Option<Levels>, out: &mut Vec<Candidate>) {
        out.extend(self.alone.iter().filter(|c| rank(c).is_some()));
        let mut from = 0;
        for &to in &self.group_ends {
            choose_in_group(&self.contested[from..to], gold, &rank, out);
            from = to;
        }
    }
}

fn choose_in_group(group: &[Candidate], gold: &Side, rank: &impl Fn(&Candidate) -> Option<Levels>, out: &mut Vec<Candidate>) {
    let required = |c: &Candidate| u8::from(!gold.claims[c.gold as usize].optional);
    let mut few = [assignment::SmallEdge::default(); assignment::SMALL];
    let mut count = 0;
    for (number, c) in group.iter().enumerate() {
        let Some(levels) = rank(c) else { continue };
        if let Some(edge) = few.get_mut(count) {
            *edge = assignment::SmallEdge::new(number, c.gold, c.predicted, levels, required(c), c.similarity);
        }
        count += 1;
    }
    if let Some(few) = few.get(..count) {
        out.extend(assignment::small(few).map(|number| group[number]));
        return;
    }
    let any_optional = group.iter().any(|c| required(c) == 0);
    let edges = group.iter().filter_map(|c| {
        let [a, b, d, e] = rank(c)?;
        let weight = if any_optional {
            assignment::levels(&[a, b, d, e, required(c)], c.similarity, count)
        } else {
            assignment::levels(&[a, b, d, e], c.similarity, count)
        };
        Some(Edge { gold: c.gold, predicted: c.predicted, weight })
    });
    // Both are sorted by (gold, predicted).
    let mut rest = group.iter();
    for (g, p) in assignment::assign(edges.collect()) {
        out.extend(rest.find(|c| (c.gold, c.predicted) == (g, p)));
    }
}

fn reset(degrees: &mut Vec<u32>, length: usize) {
    degrees.clear();
    degrees.resize(length, 0);
}

fn root(parents: &mut [u32], mut claim: u32) -> u32 {
    while parents[claim as usize] != claim {
        parents[claim as usize] = parents[parents[claim as usize] as usize];
        claim = parents[claim as usize];
    }
    claim
}
