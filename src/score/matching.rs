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
//! A group of few pairs is decided by [`Small::choose`], any other one by [`assignment::assign`]; both give the same.

use super::assignment::{self, Edge, Levels, SMALL, Small, bits, small_weight};
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
    /// Numbers of the chosen candidates by criterion, in the order of the settings; in no order within one.
    chosen: Vec<Vec<u32>>,
    errors: Vec<u32>,
    semeval: Vec<u32>,
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
            chosen: Vec::new(),
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
        let Matcher { values, gold, predicted, overlapping, by_value, by_text, chosen, errors, semeval, thinned } = self;
        let pairing = Pairing { gold, predicted, values, vocabulary: &scorer.vocabulary };
        *thinned = overlapping.fill(pairing, Pairing::overlapping);
        chosen.resize_with(scorer.criteria.len(), Vec::new);
        for (&criterion, chosen) in scorer.criteria.iter().zip(chosen) {
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

    /// The pairs of a criterion, by its place in the settings.
    pub fn pairs(&self, scorer: &Scorer, criterion: usize) -> impl Iterator<Item = &Candidate> + Clone {
        let graph = match scorer.criteria[criterion] {
            Criterion::Value => &self.by_value,
            Criterion::Text => &self.by_text,
            _ => &self.overlapping,
        };
        self.chosen[criterion].iter().map(|&number| &graph.candidates[number as usize])
    }

    /// The pairs of the error assignment.
    pub fn error_pairs(&self) -> impl Iterator<Item = &Candidate> {
        self.errors.iter().map(|&number| &self.overlapping.candidates[number as usize])
    }

    /// The pairs of the SemEval assignment.
    pub fn semeval_pairs(&self) -> impl Iterator<Item = &Candidate> {
        self.semeval.iter().map(|&number| &self.overlapping.candidates[number as usize])
    }

    /// Both sides as they were paired.
    pub fn pairing<'a>(&'a self, scorer: &'a Scorer) -> Pairing<'a> {
        Pairing { gold: &self.gold, predicted: &self.predicted, values: &self.values, vocabulary: &scorer.vocabulary }
    }
}

/// Candidates by number, those that are alone apart from those that are contested.
#[derive(Default)]
pub(super) struct Graph {
    pub candidates: Vec<Candidate>,
    /// How many candidates each claim has.
    pub gold_degrees: Vec<u32>,
    pub predicted_degrees: Vec<u32>,
    alone: Vec<u32>,
    /// Group by group, each by (gold, predicted).
    contested: Vec<u32>,
    /// End of each group in `contested`.
    group_ends: Vec<usize>,
    /// Parallel to `contested`, for groups that are small.
    conflicts: Vec<u16>,
    /// Golds, then predictions: a forest of claims that share candidates.
    parents: Vec<u32>,
}

impl Graph {
    fn fill<'a>(&mut self, pairing: Pairing<'a>, find: impl Fn(Pairing<'a>, &mut Vec<Candidate>) -> bool) -> bool {
        self.candidates.clear();
        let thinned = find(pairing, &mut self.candidates);
        let golds = pairing.gold.len();
        reset(&mut self.gold_degrees, golds);
        reset(&mut self.predicted_degrees, pairing.predicted.len());
        for c in &self.candidates {
            self.gold_degrees[c.gold as usize] += 1;
            self.predicted_degrees[c.predicted as usize] += 1;
        }
        self.alone.clear();
        self.contested.clear();
        for (number, c) in self.candidates.iter().enumerate() {
            let degrees = (self.gold_degrees[c.gold as usize], self.predicted_degrees[c.predicted as usize]);
            let list = if degrees == (1, 1) { &mut self.alone } else { &mut self.contested };
            list.push(number as u32);
        }
        self.group_ends.clear();
        self.conflicts.clear();
        if !self.contested.is_empty() {
            self.group(golds, golds + pairing.predicted.len());
        }
        thinned
    }

    /// Brings contested candidates together that share claims.
    fn group(&mut self, golds: usize, claims: usize) {
        let Graph { candidates, contested, parents, group_ends, conflicts, .. } = self;
        parents.clear();
        parents.extend(0..claims as u32);
        for &number in contested.iter() {
            let c = &candidates[number as usize];
            let (a, b) = (root(parents, c.gold), root(parents, golds as u32 + c.predicted));
            parents[a.max(b) as usize] = a.min(b);
        }
        // The root of a group is its smallest claim, which is a gold.
        for gold in 0..golds as u32 {
            parents[gold as usize] = root(parents, gold);
        }
        let group = |number: u32| parents[candidates[number as usize].gold as usize];
        let key = |number: &u32| {
            let c = &candidates[*number as usize];
            (group(*number), c.gold, c.predicted)
        };
        contested.sort_unstable_by_key(key);
        let ends = contested.windows(2).enumerate().filter(|(_, pair)| group(pair[0]) != group(pair[1])).map(|(i, _)| i + 1);
        group_ends.extend(ends);
        group_ends.push(contested.len());
        let mut from = 0;
        for &to in group_ends.iter() {
            if to - from <= SMALL {
                let mut pairs = [(0, 0); SMALL];
                for (pair, &number) in pairs.iter_mut().zip(&contested[from..to]) {
                    let c = &candidates[number as usize];
                    *pair = (c.gold, c.predicted);
                }
                Small::find_conflicts(&pairs[..to - from], conflicts);
            } else {
                conflicts.resize(to, 0);
            }
            from = to;
        }
    }

    /// Adds the numbers of the optimal assignment under levels of importance; `rank` gives `None` for what is not eligible. Among
    /// assignments with the same levels, the one with the fewest optional gold claims: for a single level that is also the one with
    /// the most required ones.
    fn choose(&self, gold: &Side, rank: impl Fn(&Candidate) -> Option<Levels>, out: &mut Vec<u32>) {
        let levels = |number: u32| rank(&self.candidates[number as usize]);
        out.extend(self.alone.iter().filter(|number| levels(**number).is_some()));
        let mut from = 0;
        for &to in &self.group_ends {
            let group = &self.contested[from..to];
            if group.len() <= SMALL {
                let eligible = group.iter().enumerate().filter(|(_, number)| levels(**number).is_some());
                let eligible = eligible.fold(0u16, |mask, (i, _)| mask | 1 << i);
                let weight = |i: usize| {
                    let c = &self.candidates[group[i] as usize];
                    small_weight(rank(c).unwrap_or_default(), required(gold, c), c.similarity)
                };
                let chosen = Small { conflicts: &self.conflicts[from..to] }.choose(eligible, weight);
                out.extend(bits(chosen).map(|i| group[i]));
            } else {
                self.choose_in_large(group, gold, &rank, out);
            }
            from = to;
        }
    }

    fn choose_in_large(&self, group: &[u32], gold: &Side, rank: &impl Fn(&Candidate) -> Option<Levels>, out: &mut Vec<u32>) {
        let candidates = || group.iter().map(|&number| &self.candidates[number as usize]);
        let any_optional = candidates().any(|c| required(gold, c) == 0);
        let edges = candidates().filter_map(|c| {
            let [a, b, d, e] = rank(c)?;
            let weight = if any_optional {
                assignment::levels(&[a, b, d, e, required(gold, c)], c.similarity, group.len())
            } else {
                assignment::levels(&[a, b, d, e], c.similarity, group.len())
            };
            Some(Edge { gold: c.gold, predicted: c.predicted, weight })
        });
        // Both are sorted by (gold, predicted).
        let mut rest = group.iter();
        for pair in assignment::assign(edges.collect()) {
            out.extend(rest.find(|&&number| {
                let c = &self.candidates[number as usize];
                (c.gold, c.predicted) == pair
            }));
        }
    }
}

fn required(gold: &Side, c: &Candidate) -> u8 {
    u8::from(!gold.claims[c.gold as usize].optional)
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
