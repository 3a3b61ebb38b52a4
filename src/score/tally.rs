//! Integer counts of one article, or of any set of articles: the only input of scores, intervals, comparisons and gates.

use std::collections::BTreeMap;

use super::criterion::Criterion;

/// How often each thing happened. Tallies of disjoint sets of articles add up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// Gold claims (without optional ones).
    pub gold: u64,
    /// Predicted claims.
    pub predicted: u64,
    /// By criterion, in the order of the settings.
    pub criteria: Vec<CriterionTally>,
    /// By number of the field (numbers follow the names); over pairs of the primary criterion. Fields that no claim has are left
    /// out, so that articles with many names of their own cost no more than these.
    pub fields: BTreeMap<u32, FieldTally>,
    /// Pairs of the primary criterion whose annotated fields are all right.
    pub all_fields_right: u64,
    /// Gold claims without an annotated key field: equal to anything under `value` and `claim`.
    pub gold_without_key: u64,
    /// Predicted decimals that are wrong as written and right if read by the article's language.
    pub looks_local: u64,
    /// Articles with more pairs than are looked at: their assignment is among the likeliest ones.
    pub thinned: u64,
    /// The SemEval-2013 view.
    pub semeval: SemevalTally,
    /// Error classes.
    pub errors: ErrorTally,
    /// Pairs of the error assignment by (gold kind, predicted kind), as kind numbers.
    pub confusion: BTreeMap<(u32, u32), u64>,
    /// By kind number: one count a criterion.
    pub kinds: BTreeMap<u32, Vec<KindTally>>,
    /// By (claim slice, value): support and finds by criterion.
    pub claim_slices: BTreeMap<(u16, String), FoundTally>,
    /// Each prediction of the primary criterion's population with a score, in no order.
    pub hits: Vec<Hit>,
    /// Predictions of the primary criterion's population without a score.
    pub without_score: u64,
}

/// The names behind the numbers of a [`Tally`], in the order of the numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TallyNames {
    /// Of `criteria`.
    pub criteria: Vec<Criterion>,
    /// Of `fields`.
    pub fields: Vec<String>,
    /// Of `kinds` and `confusion`.
    pub kinds: Vec<String>,
    /// Of `claim_slices`: `tags`, or a field.
    pub claim_slices: Vec<String>,
}

/// Counts of one criterion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CriterionTally {
    /// Pairs.
    pub matched: u64,
    /// Gold claims in the criterion's population.
    pub gold: u64,
    /// Predicted claims in its population.
    pub predicted: u64,
    /// Sum of the pairs' similarities, in millionths.
    pub similarity: u64,
}

impl CriterionTally {
    /// Adds the counts of other articles.
    pub fn add(&mut self, other: &CriterionTally) {
        self.matched += other.matched;
        self.gold += other.gold;
        self.predicted += other.predicted;
        self.similarity += other.similarity;
    }
}

impl FieldTally {
    /// Adds the counts of other articles.
    pub fn add(&mut self, other: &FieldTally) {
        self.cor += other.cor;
        self.inc += other.inc;
        self.mis += other.mis;
        self.spu += other.spu;
        self.tn += other.tn;
        self.gold += other.gold;
        self.predicted += other.predicted;
    }
}

/// The confidence of a prediction, and whether it was matched. Orders by score, then misses before hits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit(u64);

impl Hit {
    /// `score` is in 0..=1.
    pub fn new(score: f64, hit: bool) -> Hit {
        // The bits of numbers in 0..=1 order as the numbers do, and the two highest are 0.
        Hit(((score.clamp(0.0, 1.0) + 0.0).to_bits() << 1) | u64::from(hit))
    }

    /// 0..=1.
    pub fn score(self) -> f64 {
        f64::from_bits(self.0 >> 1)
    }

    /// The same for the same score and hit.
    pub(crate) fn bits(self) -> u64 {
        self.0
    }

    /// Whether it was matched.
    pub fn is_hit(self) -> bool {
        self.0 & 1 == 1
    }
}

impl std::fmt::Debug for Hit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Hit").field(&self.score()).field(&self.is_hit()).finish()
    }
}

/// Counts of one field over pairs of the primary criterion, and over all claims of its population.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FieldTally {
    /// Both present and equal.
    pub cor: u64,
    /// Both present and different.
    pub inc: u64,
    /// Present in gold only.
    pub mis: u64,
    /// Annotated as absent in gold, present in the prediction.
    pub spu: u64,
    /// Absent in both; never credit.
    pub tn: u64,
    /// Gold claims with the field present, matched or not.
    pub gold: u64,
    /// Predicted claims with the field present, without those whose pair has it not annotated.
    pub predicted: u64,
}

/// Pairs of the SemEval-2013 assignment by what agrees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SemevalTally {
    /// Pairs.
    pub pairs: u64,
    /// Pairs with the same fragments and kind.
    pub same_both: u64,
    /// Pairs with the same fragments.
    pub same_place: u64,
    /// Pairs with the same kind.
    pub same_kind: u64,
    /// Gold claims without a pair.
    pub missed: u64,
    /// Predicted claims without a pair.
    pub spurious: u64,
}

/// What went wrong with a pair, or with a claim that has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ErrorClass {
    /// IoU below one half, the rest right.
    Boundary,
    /// The kind differs, the rest is right.
    Kind,
    /// A key field differs, the rest is right.
    Field,
    /// Two or more of the above.
    Several,
    /// A second prediction for a gold claim (IoU at least one half with some gold).
    Duplicate,
    /// A prediction that only touches a gold claim (IoU above 0).
    Piece,
    /// A prediction where there is no gold claim.
    Background,
    /// A gold claim that no prediction overlaps, or whose overlapping predictions belong to others.
    Missed,
}

impl ErrorClass {
    /// All classes, in the order of the reports.
    pub const ALL: [ErrorClass; 8] =
        [Self::Boundary, Self::Kind, Self::Field, Self::Several, Self::Duplicate, Self::Piece, Self::Background, Self::Missed];

    /// The name in the result's JSON.
    pub fn name(self) -> &'static str {
        ["boundary", "kind", "field", "several", "duplicate", "piece", "background", "missed"][self as usize]
    }

    /// What the class means, in one line.
    pub fn definition(self) -> &'static str {
        match self {
            Self::Boundary => "paired, right kind and key fields, but IoU below 0.5",
            Self::Kind => "paired with IoU of at least 0.5 and right key fields, but another kind",
            Self::Field => "paired with IoU of at least 0.5 and the same kind, but a key field differs",
            Self::Several => "paired, with two or more of boundary, kind and field",
            Self::Duplicate => "a prediction without a pair that has IoU of at least 0.5 with a gold claim",
            Self::Piece => "a prediction without a pair that overlaps a gold claim with IoU below 0.5",
            Self::Background => "a prediction that overlaps no gold claim",
            Self::Missed => "a gold claim without a pair",
        }
    }
}

/// Counts of the error assignment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ErrorTally {
    /// Pairs with IoU of at least one half, the same kind, and equal key fields.
    pub right: u64,
    /// By [`ErrorClass`], in the order of [`ErrorClass::ALL`].
    pub classes: [u64; 8],
    /// Gold claims that two or more predictions overlap.
    pub gold_split: u64,
    /// Predictions that overlap two or more gold claims.
    pub pred_merge: u64,
    /// Gold claims that count in this view.
    pub gold: u64,
    /// Predicted claims that count in this view.
    pub predicted: u64,
}

/// Counts of one kind under one criterion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KindTally {
    /// Gold claims of the kind.
    pub gold: u64,
    /// Those with a pair.
    pub gold_matched: u64,
    /// Predicted claims of the kind.
    pub predicted: u64,
    /// Those with a pair.
    pub predicted_matched: u64,
}

/// Gold claims with one value of a column, and how many of them were found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundTally {
    /// Gold claims.
    pub gold: u64,
    /// By criterion: (those in its population, those found).
    pub found: Vec<(u64, u64)>,
}

impl Tally {
    /// Adds the counts of other articles.
    pub fn add(&mut self, other: &Tally) {
        self.gold += other.gold;
        self.predicted += other.predicted;
        self.all_fields_right += other.all_fields_right;
        self.gold_without_key += other.gold_without_key;
        self.looks_local += other.looks_local;
        self.thinned += other.thinned;
        self.without_score += other.without_score;
        zip_longest(&mut self.criteria, &other.criteria, CriterionTally::add);
        for (field, b) in &other.fields {
            self.fields.entry(*field).or_default().add(b);
        }
        let (a, b) = (&mut self.semeval, &other.semeval);
        a.pairs += b.pairs;
        a.same_both += b.same_both;
        a.same_place += b.same_place;
        a.same_kind += b.same_kind;
        a.missed += b.missed;
        a.spurious += b.spurious;
        let (a, b) = (&mut self.errors, &other.errors);
        a.right += b.right;
        a.gold_split += b.gold_split;
        a.pred_merge += b.pred_merge;
        a.gold += b.gold;
        a.predicted += b.predicted;
        for (a, b) in a.classes.iter_mut().zip(b.classes) {
            *a += b;
        }
        for (kinds, n) in &other.confusion {
            *self.confusion.entry(*kinds).or_default() += n;
        }
        for (kind, counts) in &other.kinds {
            zip_longest(self.kinds.entry(*kind).or_default(), counts, |a, b| {
                a.gold += b.gold;
                a.gold_matched += b.gold_matched;
                a.predicted += b.predicted;
                a.predicted_matched += b.predicted_matched;
            });
        }
        for (slice, counts) in &other.claim_slices {
            if let Some(mine) = self.claim_slices.get_mut(slice) {
                mine.gold += counts.gold;
                zip_longest(&mut mine.found, &counts.found, |a, b| *a = (a.0 + b.0, a.1 + b.1));
            } else {
                self.claim_slices.insert(slice.clone(), counts.clone());
            }
        }
        self.hits.extend_from_slice(&other.hits);
    }
}

/// New numbers for the names of a tally, by the old ones.
#[derive(Clone, Debug, Default)]
pub(super) struct Renumbering {
    pub fields: Vec<u32>,
    pub kinds: Vec<u32>,
    /// None: the slice is none.
    pub claim_slices: Vec<Option<u16>>,
}

impl Tally {
    /// The same counts under other numbers. Old numbers of one name must not be two.
    pub(super) fn renumbered(self, new: &Renumbering) -> Tally {
        let kind = |old: u32| new.kinds[old as usize];
        Tally {
            fields: self.fields.into_iter().map(|(field, counts)| (new.fields[field as usize], counts)).collect(),
            kinds: self.kinds.into_iter().map(|(old, counts)| (kind(old), counts)).collect(),
            confusion: self.confusion.into_iter().map(|((g, p), n)| ((kind(g), kind(p)), n)).collect(),
            claim_slices: self
                .claim_slices
                .into_iter()
                .filter_map(|((slice, value), counts)| Some(((new.claim_slices[slice as usize]?, value), counts)))
                .collect(),
            ..self
        }
    }
}

/// Adds `from` to `to` item by item; a tally of no article has no items yet.
fn zip_longest<T: Default + Clone>(to: &mut Vec<T>, from: &[T], add: impl Fn(&mut T, &T)) {
    if to.len() < from.len() {
        to.resize(from.len(), T::default());
    }
    for (a, b) in to.iter_mut().zip(from) {
        add(a, b);
    }
}
