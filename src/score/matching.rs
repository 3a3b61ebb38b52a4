//! Which claims of an article are paired: the hot path of scoring.
//!
//! [`Matcher::run`] finds the candidates of an article once and decides for each of them at once for which criteria, and for which of
//! the other views, it is chosen: a bit each in a [`Set`]. What holds throughout:
//!
//! - both sides are in canonical order, so that indices decide ties, and weights are integers
//! - candidates ascend by (gold, predicted)
//! - a candidate whose claims have no other one is chosen wherever it is eligible; the others are *contested* and stand in groups
//!   that share no claim, each still ascending, so that each group is decided on its own
//! - all criteria weigh a pair alike, so that those under which the same pairs of a group are eligible choose the same ones
//! - nothing is allocated for an article: all lists are buffers that are used again
//! - nothing costs more than n log n in claims or linear in candidates, but for the assignment of a large group
//!
//! A group of few pairs is decided by [`Small::choose`], any other one by [`Assigner::assign`]; both give the same.

use super::assignment::{Assigner, Edge, Levels, SMALL, Scale, Small, Weight, bits, small_weight};
use super::buffer::reset;
use super::candidates::{Candidate, Finder, Pairing};
use super::choice::{ERRORS, Eligibility, SEMEVAL, Set};
use super::settings::Scorer;
use super::side::Side;
use super::values::Values;

/// Both sides of an article, and who was paired with whom. Made once, used for many articles.
pub(super) struct Matcher {
    pub values: Values,
    pub gold: Side,
    pub predicted: Side,
    /// Every pair that shares a code point (the likeliest ones of a thinned article).
    pub overlapping: Graph,
    /// Pairs that share key fields or quotes.
    by_value: Graph,
    by_text: Graph,
    finder: Finder,
    assigners: Assigners,
    eligibility: Eligibility,
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
            finder: Finder::default(),
            assigners: Assigners::default(),
            eligibility: Eligibility::default(),
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
        let Matcher { values, gold, predicted, overlapping, by_value, by_text, finder, assigners, eligibility, thinned } = self;
        let pairing = Pairing { gold, predicted, values, vocabulary: &scorer.vocabulary };
        eligibility.learn(&scorer.criteria);
        *thinned = overlapping.fill(pairing, |out| finder.overlapping(pairing, out));
        overlapping.choose(gold, assigners, |c| eligibility.of(c) | ERRORS | SEMEVAL);
        if let Some(number) = scorer.value_number {
            *thinned |= by_value.fill(pairing, |out| finder.equal_keys(pairing, out));
            by_value.choose(gold, assigners, |_| 1 << number);
        }
        if let Some(number) = scorer.text_number {
            *thinned |= by_text.fill(pairing, |out| finder.equal_quotes(pairing, out));
            by_text.choose(gold, assigners, |_| 1 << number);
        }
    }

    /// All candidates, each with what it was chosen for; those that overlap may come again as those of another criterion.
    pub fn chosen(&self) -> impl Iterator<Item = (&Candidate, Set)> {
        self.overlapping.chosen().chain(self.by_value.chosen()).chain(self.by_text.chosen())
    }

    /// The pairs of a criterion, by its place in the settings.
    pub fn pairs(&self, scorer: &Scorer, criterion: usize) -> impl Iterator<Item = &Candidate> + Clone {
        let graph = match criterion {
            _ if scorer.value_number == Some(criterion) => &self.by_value,
            _ if scorer.text_number == Some(criterion) => &self.by_text,
            _ => &self.overlapping,
        };
        graph.chosen_for(1 << criterion)
    }

    /// The pairs of the error assignment.
    pub fn error_pairs(&self) -> impl Iterator<Item = &Candidate> {
        self.overlapping.chosen_for(ERRORS)
    }

    /// The pairs of the SemEval assignment.
    pub fn semeval_pairs(&self) -> impl Iterator<Item = &Candidate> {
        self.overlapping.chosen_for(SEMEVAL)
    }

    /// Both sides as they were paired.
    pub fn pairing<'a>(&'a self, scorer: &'a Scorer) -> Pairing<'a> {
        Pairing { gold: &self.gold, predicted: &self.predicted, values: &self.values, vocabulary: &scorer.vocabulary }
    }
}

/// For large groups: of 64 bits wherever they are enough.
#[derive(Default)]
struct Assigners {
    narrow: Assigner<i64>,
    wide: Assigner<i128>,
}

/// Candidates, and what each was chosen for.
#[derive(Default)]
pub(super) struct Graph {
    /// By (gold, predicted).
    pub candidates: Vec<Candidate>,
    /// Parallel to `candidates`: what each is eligible for, then what it is chosen for.
    chosen: Vec<Set>,
    /// How many candidates each claim has.
    pub gold_degrees: Vec<u32>,
    pub predicted_degrees: Vec<u32>,
    /// Numbers of the contested candidates, group by group, each by (gold, predicted).
    contested: Vec<u32>,
    /// The same, and the root of each one's group, before they are brought together.
    grouped: Vec<u32>,
    roots: Vec<u32>,
    /// End of each group in `contested`.
    group_ends: Vec<usize>,
    /// Parallel to `contested`, for groups that are small.
    conflicts: Vec<u16>,
    /// Golds, then predictions: a forest of claims that share candidates.
    parents: Vec<u32>,
    /// For each gold, where the next candidate of the group goes whose root it is.
    places: Vec<u32>,
}

impl Graph {
    /// Takes the candidates of an article. True where `find` has left pairs out.
    fn fill(&mut self, pairing: Pairing<'_>, find: impl FnOnce(&mut Vec<Candidate>) -> bool) -> bool {
        self.candidates.clear();
        let thinned = find(&mut self.candidates);
        debug_assert!(self.candidates.is_sorted_by_key(|c| (c.gold, c.predicted)));
        let golds = pairing.gold.len();
        reset(&mut self.gold_degrees, golds, 0);
        reset(&mut self.predicted_degrees, pairing.predicted.len(), 0);
        for c in &self.candidates {
            self.gold_degrees[c.gold as usize] += 1;
            self.predicted_degrees[c.predicted as usize] += 1;
        }
        self.contested.clear();
        for (number, c) in self.candidates.iter().enumerate() {
            if self.gold_degrees[c.gold as usize] | self.predicted_degrees[c.predicted as usize] != 1 {
                self.contested.push(number as u32);
            }
        }
        self.group_ends.clear();
        self.conflicts.clear();
        if !self.contested.is_empty() {
            self.group(golds, golds + pairing.predicted.len());
        }
        thinned
    }

    /// Brings contested candidates together that share claims, each group in the order they had.
    fn group(&mut self, golds: usize, claims: usize) {
        let Graph { candidates, contested, grouped, parents, roots, places, group_ends, conflicts, .. } = self;
        let pair = |number: u32| (candidates[number as usize].gold, candidates[number as usize].predicted);
        if contested.len() <= 3 {
            // Each shares a claim with another one, which cannot be in two groups.
            group_ends.push(contested.len());
        } else {
            parents.clear();
            parents.extend(0..claims as u32);
            for &number in contested.iter() {
                let (gold, predicted) = pair(number);
                let (a, b) = (root(parents, gold), root(parents, golds as u32 + predicted));
                parents[a.max(b) as usize] = a.min(b);
            }
            // The root of a group is its smallest claim, which is a gold.
            roots.clear();
            roots.extend(contested.iter().map(|&number| root(parents, pair(number).0)));
            if roots.is_sorted() {
                group_ends.extend((1..roots.len()).filter(|&i| roots[i] != roots[i - 1]));
                group_ends.push(roots.len());
            } else {
                // Counted, then summed up, so that each place is where the group's next candidate goes, and at last the group's end.
                reset(places, golds, 0);
                roots.iter().for_each(|&root| places[root as usize] += 1);
                let mut start = 0;
                for place in places.iter_mut() {
                    start += std::mem::replace(place, start);
                }
                reset(grouped, contested.len(), 0);
                for (&number, &root) in contested.iter().zip(roots.iter()) {
                    let place = &mut places[root as usize];
                    grouped[*place as usize] = number;
                    *place += 1;
                }
                std::mem::swap(contested, grouped);
                let mut last = 0;
                group_ends.extend(places.iter().map(|&end| end as usize).filter(|&end| std::mem::replace(&mut last, end) != end));
            }
        }
        let mut from = 0;
        for &to in group_ends.iter() {
            if to - from <= SMALL {
                let mut pairs = [(0, 0); SMALL];
                for (place, &number) in pairs.iter_mut().zip(&contested[from..to]) {
                    *place = pair(number);
                }
                Small::find_conflicts(&pairs[..to - from], conflicts);
            } else {
                conflicts.resize(to, 0);
            }
            from = to;
        }
    }

    /// Decides for each candidate for what it is chosen among what it is eligible for. Among assignments with the same levels, the
    /// one with the fewest optional gold claims: for a single level that is also the one with the most required ones.
    fn choose(&mut self, gold: &Side, assigners: &mut Assigners, eligible: impl Fn(&Candidate) -> Set) {
        let Graph { candidates, chosen, contested, group_ends, conflicts, .. } = self;
        chosen.clear();
        chosen.extend(candidates.iter().map(eligible));
        let mut from = 0;
        for &to in group_ends.iter() {
            let group = Group { candidates, gold, numbers: &contested[from..to] };
            match *group.numbers {
                [first, second] => group.decide_two(first, second, chosen),
                _ if group.numbers.len() <= SMALL => group.decide_few(Small { conflicts: &conflicts[from..to] }, chosen),
                _ => group.decide_many(assigners, chosen),
            }
            from = to;
        }
    }

    fn chosen(&self) -> impl Iterator<Item = (&Candidate, Set)> {
        self.candidates.iter().zip(self.chosen.iter().copied())
    }

    fn chosen_for(&self, of: Set) -> impl Iterator<Item = &Candidate> + Clone {
        self.candidates.iter().zip(&self.chosen).filter(move |(_, set)| **set & of != 0).map(|(c, _)| c)
    }
}

/// Assignments that weigh pairs alike.
#[derive(Clone, Copy)]
enum View {
    /// All criteria: they know only whether a pair is eligible.
    Criteria,
    Errors,
    Semeval,
}

impl View {
    const ALL: [View; 3] = [View::Criteria, View::Errors, View::Semeval];

    fn set(self) -> Set {
        match self {
            View::Criteria => !(ERRORS | SEMEVAL),
            View::Errors => ERRORS,
            View::Semeval => SEMEVAL,
        }
    }

    /// The levels that pairs can have at all.
    fn highest(self) -> Levels {
        match self {
            View::Criteria => [0, 0, 0, 1],
            View::Errors => [0, 1, 1, 1],
            View::Semeval => [1, 1, 1, 1],
        }
    }

    fn levels(self, c: &Candidate) -> Levels {
        match self {
            View::Criteria => [0, 0, 0, 1],
            View::Errors => [0, u8::from(c.is_right()), u8::from(c.half), 1],
            View::Semeval => [u8::from(c.same_place && c.same_kind), u8::from(c.same_place), u8::from(c.same_kind), 1],
        }
    }
}

/// Contested candidates that are decided together, by (gold, predicted).
struct Group<'g> {
    candidates: &'g [Candidate],
    gold: &'g Side,
    numbers: &'g [u32],
}

impl Group<'_> {
    #[inline]
    fn weight(&self, view: View, number: u32) -> i64 {
        let c = &self.candidates[number as usize];
        small_weight(view.levels(c), self.required(c), c.similarity)
    }

    fn required(&self, c: &Candidate) -> u8 {
        u8::from(!self.gold.claims[c.gold as usize].optional)
    }

    /// Two pairs of one group share a claim: the heavier one is chosen, the first one where they weigh the same.
    fn decide_two(&self, first: u32, second: u32, chosen: &mut [Set]) {
        let both = chosen[first as usize] & chosen[second as usize];
        for view in View::ALL {
            let competing = both & view.set();
            if competing != 0 {
                let lighter = if self.weight(view, second) > self.weight(view, first) { first } else { second };
                chosen[lighter as usize] &= !competing;
            }
        }
    }

    fn decide_few(&self, small: Small<'_>, chosen: &mut [Set]) {
        for view in View::ALL {
            let mut left = self.numbers.iter().fold(0, |set, &number| set | chosen[number as usize]) & view.set();
            while left != 0 {
                let one = left & left.wrapping_neg();
                let (mut eligible, mut alike) = (0u16, left);
                for (i, &number) in self.numbers.iter().enumerate() {
                    let set = chosen[number as usize];
                    let is_eligible = set & one != 0;
                    eligible |= u16::from(is_eligible) << i;
                    alike &= if is_eligible { set } else { !set };
                }
                let lost = eligible & !small.choose(eligible, |i| self.weight(view, self.numbers[i]));
                for i in bits(lost) {
                    chosen[self.numbers[i] as usize] &= !alike;
                }
                left &= !alike;
            }
        }
    }

    fn decide_many(&self, assigners: &mut Assigners, chosen: &mut [Set]) {
        let all = self.numbers.iter().fold(0, |set, &number| set | chosen[number as usize]);
        for view in View::ALL {
            let mut left = all & view.set();
            while left != 0 {
                let one = left & left.wrapping_neg();
                let (mut alike, mut golds, mut last, mut any_optional) = (left, 0, None, false);
                for &number in self.numbers {
                    let set = chosen[number as usize];
                    if set & one == 0 {
                        alike &= !set;
                        continue;
                    }
                    alike &= set;
                    let c = &self.candidates[number as usize];
                    if last != Some(c.gold) {
                        last = Some(c.gold);
                        golds += 1;
                        any_optional |= self.required(c) == 0;
                    }
                }
                let scale = Scale::new(golds, any_optional);
                match scale.narrow(view.highest()) {
                    Some(scale) => self.decide_alike(view, scale, alike, &mut assigners.narrow, chosen),
                    None => self.decide_alike(view, scale, alike, &mut assigners.wide, chosen),
                }
                left &= !alike;
            }
        }
    }

    /// Decides assignments for which the same candidates are eligible.
    fn decide_alike<W: Weight>(&self, view: View, scale: Scale<W>, alike: Set, assigner: &mut Assigner<W>, chosen: &mut [Set]) {
        let eligible = self.numbers.iter().filter(|number| chosen[**number as usize] & alike != 0);
        let edges = eligible.map(|&number| {
            let c = &self.candidates[number as usize];
            Edge { gold: c.gold, predicted: c.predicted, weight: scale.weight(view.levels(c), self.required(c), c.similarity) }
        });
        let mut pairs = assigner.assign(edges).iter().peekable();
        for &number in self.numbers {
            let c = &self.candidates[number as usize];
            if pairs.next_if_eq(&&(c.gold, c.predicted)).is_none() {
                chosen[number as usize] &= !alike;
            }
        }
    }
}

fn root(parents: &mut [u32], mut claim: u32) -> u32 {
    while parents[claim as usize] != claim {
        parents[claim as usize] = parents[parents[claim as usize] as usize];
        claim = parents[claim as usize];
    }
    claim
}
