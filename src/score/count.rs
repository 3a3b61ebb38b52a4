//! From the pairs of an article to counts, added to a [`Tally`].

use rustc_hash::FxHashMap;

use super::article::{FieldOutcome, Verdict};
use super::candidates::{Candidate, Pairing};
use super::choice::{self, Set, when};
use super::matching::Matcher;
use super::settings::{ClaimSlice, Scorer};
use super::side::CompactClaim;
use super::tally::{CriterionTally, ErrorClass, FieldTally, FoundTally, Hit, KindTally, Tally};
use super::values::ABSENT;
use crate::claim::{FieldType, decimal};
use crate::extract::Numbers;

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

/// What decides how a claim is counted by kind.
#[derive(Clone, Copy)]
struct Alike {
    is_gold: bool,
    kind: u32,
    /// The criteria whose population it is in.
    inside: Set,
    found: Set,
}

impl Alike {
    /// In one word, where there are few criteria and kinds.
    fn packed(self) -> Option<u64> {
        let fits = self.kind < 1 << 23 && self.inside < 1 << 20 && self.found < 1 << 20;
        fits.then_some(u64::from(self.is_gold) << 63 | u64::from(self.kind) << 40 | (self.inside as u64) << 20 | self.found as u64)
    }

    fn unpacked(word: u64) -> Alike {
        let part = |shift: u32, bits: u32| word >> shift & ((1 << bits) - 1);
        Alike { is_gold: part(63, 1) == 1, kind: part(40, 23) as u32, inside: Set::from(part(20, 20)), found: Set::from(part(0, 20)) }
    }

    /// Counts n such claims.
    fn count(self, n: u64, width: usize, tally: &mut Tally) {
        let row = tally.kinds.entry(self.kind).or_insert_with(|| vec![KindTally::default(); width]);
        for (number, counts) in row.iter_mut().enumerate() {
            let (inside, found) = (n * (self.inside >> number & 1) as u64, n * (self.found >> number & 1) as u64);
            if self.is_gold {
                counts.gold += inside;
                counts.gold_matched += found;
            } else {
                counts.predicted += inside;
                counts.predicted_matched += found;
            }
        }
    }
}

/// Counts of words. The ones that come often are counted in an array, by a few bits of their hash.
#[derive(Default)]
struct Tallied {
    often: Vec<(u64, u64)>,
    all: FxHashMap<u64, u64>,
}

impl Tallied {
    const OFTEN: usize = 256;

    fn add(&mut self, word: u64) {
        if self.often.is_empty() {
            self.often.resize(Self::OFTEN, (u64::MAX, 0));
        }
        // Multiplying spreads the bits (Knuth, volume 3, 6.4); the highest ones depend on all.
        let place = word.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56;
        let (known, n) = &mut self.often[place as usize % Self::OFTEN];
        if *known == word {
            *n += 1;
            return;
        }
        let (before, counted) = (std::mem::replace(known, word), std::mem::replace(n, 1));
        if counted > 0 {
            *self.all.entry(before).or_default() += counted;
        }
    }

    fn drain(&mut self) -> impl Iterator<Item = (u64, u64)> {
        let often = self.often.iter_mut().filter(|(_, n)| *n > 0).map(|(word, n)| (*word, std::mem::take(n)));
        often.chain(self.all.drain())
    }

    fn len(&self) -> usize {
        self.all.len()
    }
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
        semeval(matcher, self, tally);
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

    fn field(&mut self, number: u32) -> &mut FieldTally {
        let place = number as usize;
        if self.fields.len() <= place {
            self.fields.resize(place + 1, <(FieldTally, bool)>::default());
        }
        let (counts, is_met) = &mut self.fields[place];
        if !std::mem::replace(is_met, true) {
            self.met_fields.push(number);
        }
        counts
    }

    fn criteria(&mut self, matcher: &Matcher, scorer: &Scorer, beside: &impl Beside, tally: &mut Tally) {
        let (golds, predictions) = (&matcher.gold.claims, &matcher.predicted.claims);
        let width = scorer.criteria.len();
        self.criteria.clear();
        self.criteria.resize(width, CriterionTally { gold: self.gold, predicted: self.predicted, ..CriterionTally::default() });
        reset(&mut self.found_gold, golds.len());
        reset(&mut self.found_predicted, predictions.len());
        reset(&mut self.ignored, predictions.len());
        let criteria = choice::first_criteria(width);
        for (c, set) in matcher.chosen() {
            let set = set & criteria;
            self.found_gold[c.gold as usize] |= set;
            self.found_predicted[c.predicted as usize] |= set;
            if golds[c.gold as usize].optional {
                self.ignored[c.predicted as usize] |= set;
                choice::for_each(set, |number| self.criteria[number].predicted -= 1);
            } else {
                choice::for_each(set, |number| {
                    let counts = &mut self.criteria[number];
                    counts.matched += 1;
                    counts.similarity += u64::from(c.similarity);
                });
            }
        }
        let populations = Populations::of(scorer);
        let mut outside = Outside::default();
        for (g, gold) in golds.iter().enumerate().filter(|(_, gold)| !gold.optional) {
            let inside = populations.with(gold);
            let found = self.found_gold[g] & inside;
            outside.add(gold);
            if !scorer.claim_slices.is_empty() {
                slices(g, (inside, found), matcher, scorer, beside, tally);
            }
            self.count_alike(Alike { is_gold: true, kind: gold.kind, inside, found }, width, tally);
        }
        outside.leave_out(scorer, |number, n| self.criteria[number].gold -= n);
        let primary: Set = 1 << scorer.primary_number();
        let mut outside = Outside::default();
        for (p, predicted) in predictions.iter().enumerate() {
            let inside = populations.with(predicted) & !self.ignored[p];
            let found = self.found_predicted[p] & inside;
            outside.add(predicted);
            if inside & primary != 0 {
                match predicted.score {
                    Some(score) => tally.hits.push(Hit::new(score, found & primary != 0)),
                    None => tally.without_score += 1,
                }
            }
            self.count_alike(Alike { is_gold: false, kind: predicted.kind, inside, found }, width, tally);
        }
        outside.leave_out(scorer, |number, n| self.criteria[number].predicted -= n);
        if tally.criteria.len() < width {
            tally.criteria.resize(width, CriterionTally::default());
        }
        for (all, counts) in tally.criteria.iter_mut().zip(&self.criteria) {
            all.add(counts);
        }
    }

    fn count_alike(&mut self, claim: Alike, width: usize, tally: &mut Tally) {
        match claim.packed() {
            _ if claim.inside == 0 => {}
            Some(word) => self.alike.add(word),
            None => claim.count(1, width, tally),
        }
    }

    /// Fields over the pairs of the primary criterion and, end to end, over the claims of its population.
    fn fields(&mut self, matcher: &Matcher, scorer: &Scorer, lang: &str, beside: &impl Beside, tally: &mut Tally) {
        let (gold, predicted) = (&matcher.gold, &matcher.predicted);
        let primary: Set = 1 << scorer.primary_number();
        let populations = Populations::of(scorer);
        for (g, _) in gold.claims.iter().enumerate().filter(|(_, c)| !c.optional && populations.with(c) & primary != 0) {
            for &(field, _) in gold.cells(g).iter().filter(|cell| cell.1 != ABSENT) {
                self.field(field).gold += 1;
            }
        }
        let pairs = matcher.pairs(scorer, scorer.primary_number());
        reset(&mut self.partner, predicted.len());
        for c in pairs.clone() {
            self.partner[c.predicted as usize] = Some(c.gold);
        }
        for p in 0..predicted.len() {
            let partner = self.partner[p];
            let ignored = partner.is_some_and(|g| gold.claims[g as usize].optional);
            if ignored || populations.with(&predicted.claims[p]) & primary == 0 {
                continue;
            }
            for &(field, _) in predicted.cells(p) {
                let annotated = partner.is_none_or(|g| gold.cell(g as usize, field).is_some());
                if annotated {
                    self.field(field).predicted += 1;
                }
            }
        }
        let pairing = matcher.pairing(scorer);
        for c in pairs.filter(|c| !gold.claims[c.gold as usize].optional) {
            let mut all_right = true;
            for (field, outcome) in field_outcomes(pairing, c) {
                let counts = self.field(field);
                *match outcome {
                    FieldOutcome::Correct => &mut counts.cor,
                    FieldOutcome::Incorrect => &mut counts.inc,
                    FieldOutcome::Missing => &mut counts.mis,
                    FieldOutcome::Spurious => &mut counts.spu,
                    FieldOutcome::TrueNegative => &mut counts.tn,
                } += 1;
                all_right &= matches!(outcome, FieldOutcome::Correct | FieldOutcome::TrueNegative);
                if outcome == FieldOutcome::Incorrect && is_right_if_local(pairing, scorer, c, field, lang, beside) {
                    tally.looks_local += 1;
                }
            }
            tally.all_fields_right += u64::from(all_right);
        }
    }

    fn errors(&mut self, matcher: &Matcher, tally: &mut Tally) {
        let (golds, predictions, graph) = (&matcher.gold.claims, &matcher.predicted.claims, &matcher.overlapping);
        let missed = Verdict::Wrong(ErrorClass::Missed);
        self.gold_verdicts.clear();
        self.gold_verdicts.extend(golds.iter().map(|g| (!g.optional).then_some(missed)));
        self.predicted_verdicts.clear();
        let unpaired = |over: &u32| Verdict::Wrong(if *over > 0 { ErrorClass::Piece } else { ErrorClass::Background });
        self.predicted_verdicts.extend(graph.predicted_degrees.iter().map(unpaired));
        for c in graph.candidates.iter().filter(|c| c.half) {
            self.predicted_verdicts[c.predicted as usize] = Verdict::Wrong(ErrorClass::Duplicate);
        }
        let errors = &mut tally.errors;
        self.judged = predictions.len() as u64;
        errors.classes[ErrorClass::Missed as usize] += self.gold;
        for verdict in &self.predicted_verdicts {
            if let Verdict::Wrong(class) = verdict {
                errors.classes[*class as usize] += 1;
            }
        }
        for c in matcher.error_pairs() {
            let verdict = verdict_of_pair(c);
            self.gold_verdicts[c.gold as usize] = Some(verdict);
            let before = std::mem::replace(&mut self.predicted_verdicts[c.predicted as usize], verdict);
            if let Verdict::Wrong(class) = before {
                errors.classes[class as usize] -= 1;
            }
            let gold = &golds[c.gold as usize];
            if gold.optional {
                self.judged -= 1;
                continue;
            }
            errors.classes[ErrorClass::Missed as usize] -= 1;
            match verdict {
                Verdict::Right => errors.right += 1,
                Verdict::Wrong(class) => errors.classes[class as usize] += 1,
            }
            self.confusion.add(u64::from(gold.kind) << 32 | u64::from(predictions[c.predicted as usize].kind));
        }
        errors.gold += self.gold;
        errors.predicted += self.judged;
        let split = graph.gold_degrees.iter().zip(golds).filter(|(over, gold)| **over >= 2 && !gold.optional);
        errors.gold_split += split.count() as u64;
        errors.pred_merge += graph.predicted_degrees.iter().filter(|over| **over >= 2).count() as u64;
    }
}

/// Counts a gold claim in the slices that cut gold claims. `inside` and `found` have a bit a criterion.
fn slices(g: usize, (inside, found): (Set, Set), matcher: &Matcher, scorer: &Scorer, beside: &impl Beside, tally: &mut Tally) {
    let width = scorer.criteria.len();
    let mut add = |slice: usize, value: &str| {
        let new = || FoundTally { gold: 0, found: vec![(0, 0); width] };
        let counts = tally.claim_slices.entry((slice as u16, value.to_owned())).or_insert_with(new);
        counts.gold += 1;
        for (number, of_criterion) in counts.found.iter_mut().enumerate() {
            of_criterion.0 += (inside >> number) as u64 & 1;
            of_criterion.1 += (found >> number) as u64 & 1;
        }
    };
    for (number, slice) in scorer.claim_slices.iter().enumerate() {
        match slice {
            ClaimSlice::Tags => {
                for tag in beside.tags(matcher.gold.claims[g].source as usize) {
                    add(number, tag);
                }
            }
            ClaimSlice::Field(field) => match matcher.gold.cell(g, *field) {
                None => {}
                Some(ABSENT) => add(number, "none"),
                Some(value) => matcher.values.text(value).split('\n').for_each(|value| add(number, value)),
            },
        }
    }
}

/// The criteria by what they ask of each claim alone: those without a key field have no `value`, those without a quote no `text`.
#[derive(Clone, Copy)]
struct Populations {
    all: Set,
    value: Set,
    text: Set,
}

impl Populations {
    fn of(scorer: &Scorer) -> Populations {
        let only = |number: Option<usize>| number.map_or(0, |number| 1 << number);
        Populations { all: choice::first_criteria(scorer.criteria.len()), value: only(scorer.value_number), text: only(scorer.text_number) }
    }

    /// The criteria that look at a claim.
    fn with(&self, claim: &CompactClaim) -> Set {
        self.all & !when(!claim.has_key, self.value) & !when(claim.quote == ABSENT, self.text)
    }
}

/// Claims that are outside of populations.
#[derive(Default)]
struct Outside {
    without_key: u64,
    without_quote: u64,
}

impl Outside {
    fn add(&mut self, claim: &CompactClaim) {
        self.without_key += u64::from(!claim.has_key);
        self.without_quote += u64::from(claim.quote == ABSENT);
    }

    fn leave_out(&self, scorer: &Scorer, mut of: impl FnMut(usize, u64)) {
        for (number, n) in [(scorer.value_number, self.without_key), (scorer.text_number, self.without_quote)] {
            if let Some(number) = number {
                of(number, n);
            }
        }
    }
}

/// What a pair of the error assignment is.
fn verdict_of_pair(c: &Candidate) -> Verdict {
    match (!c.half, !c.same_kind, !c.key_equal) {
        (false, false, false) => Verdict::Right,
        (true, false, false) => Verdict::Wrong(ErrorClass::Boundary),
        (false, true, false) => Verdict::Wrong(ErrorClass::Kind),
        (false, false, true) => Verdict::Wrong(ErrorClass::Field),
        _ => Verdict::Wrong(ErrorClass::Several),
    }
}

/// How the fields that gold has annotated came out, by field number.
pub(super) fn field_outcomes<'a>(pairing: Pairing<'a>, c: &Candidate) -> impl Iterator<Item = (u32, FieldOutcome)> + 'a {
    let p = c.predicted as usize;
    pairing.gold.cells(c.gold as usize).iter().map(move |&(field, truth)| {
        let answer = pairing.predicted.cell(p, field).unwrap_or(ABSENT);
        let outcome = match (truth, answer) {
            (ABSENT, ABSENT) => FieldOutcome::TrueNegative,
            (ABSENT, _) => FieldOutcome::Spurious,
            (_, ABSENT) => FieldOutcome::Missing,
            (a, b) if pairing.equal(field, a, b) => FieldOutcome::Correct,
            _ => FieldOutcome::Incorrect,
        };
        (field, outcome)
    })
}

/// Whether a wrong predicted decimal would be right if its text were read by the article's language.
fn is_right_if_local(pairing: Pairing<'_>, scorer: &Scorer, c: &Candidate, field: u32, lang: &str, beside: &impl Beside) -> bool {
    let rule = &scorer.vocabulary.field(field).field;
    if scorer.numbers == Numbers::Local || rule.field_type != FieldType::Decimal {
        return false;
    }
    let source = pairing.predicted.claims[c.predicted as usize].source as usize;
    let truth = pairing.gold.cell(c.gold as usize, field).map(|value| pairing.values.text(value));
    let (Some(written), Some(truth)) = (beside.written(source, &rule.name), truth.as_deref()) else { return false };
    // Reading a language's numbers is slow, and most wrong ones are wrong in any language.
    let differs = written.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'-')) && !digits(written).eq(digits(truth));
    !differs && decimal::canonical(truth).is_ok_and(|truth| super::local::canonical(written, lang).is_some_and(|answer| answer == truth))
}

/// The digits of a number from the first to the last that is not 0.
fn digits(number: &str) -> impl Iterator<Item = u8> {
    number.trim_matches(|c: char| !c.is_ascii_digit() || c == '0').bytes().filter(u8::is_ascii_digit)
}

fn semeval(matcher: &Matcher, counts: &Counts, tally: &mut Tally) {
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

fn reset<T: Clone + Default>(list: &mut Vec<T>, length: usize) {
    list.clear();
    list.resize(length, T::default());
}
