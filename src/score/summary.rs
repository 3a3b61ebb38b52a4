//! From tallies to the numbers of a [`RunResult`].

use std::collections::BTreeMap;

use super::calibration::calibration;
use super::ratio::{Prf, f_beta, ratio};
use super::result::{
    ArticleAccount, CriterionScore, DatasetInfo, ErrorScore, ExtractorInfo, FieldScore, Flags, MacroScore, MatchedField, RunResult,
    SemevalScore, SlicePrf, SliceScore, WorstSlice,
};
use super::settings::{Scorer, SliceColumn};
use super::similarity::SCALE;
use super::standing::Standing;
use super::tally::{CriterionTally, ErrorClass, ErrorTally, FieldTally, KindTally, SemevalTally, Tally};
use super::totals::{SliceTally, Totals};
use crate::claim::ArticleStatus;
use crate::extract::Outcome;

/// Gold claims that a slice must have to be called one of the worst.
pub const WORST_SLICE_SUPPORT: u64 = 10;

/// Slices that are named as the worst.
const WORST_SLICES: usize = 5;

/// The numbers of a run, but where they come from and what is labelled in part.
pub(super) fn summarise(scorer: &Scorer, totals: Totals) -> RunResult {
    let Totals { ends, empty_right, empty_total, located, mut all, failed, slices } = totals;
    let mut without_failed = all.criteria.clone();
    for (rest, failed) in without_failed.iter_mut().zip(&failed) {
        // A failed article has no predictions and no pairs.
        rest.gold -= failed.gold;
    }
    let hits = std::mem::take(&mut all.hits);
    let slices = Slices { scorer, all: &all, by_column: &slices }.scores();
    let primary = all.criteria.get(scorer.primary_number()).copied().unwrap_or_default();
    RunResult {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        signature: String::new(),
        dataset: DatasetInfo::default(),
        extractor: ExtractorInfo::default(),
        articles: ArticleAccount { empty_right, empty_total, ..account(&ends) },
        gold: all.gold,
        gold_without_key: all.gold_without_key,
        predicted: all.predicted,
        located,
        looks_local: all.looks_local,
        thinned: all.thinned,
        primary: scorer.primary().to_string(),
        criteria: criteria(scorer, &all, &without_failed),
        semeval: semeval(&all.semeval, all.gold),
        fields: fields(scorer, &all.fields),
        slot_error_rate: slot_error_rate(&all.fields),
        all_fields_right: all.all_fields_right,
        right: all.errors.right,
        right_f1: f_beta(all.errors.right as f64, all.errors.gold as f64, all.errors.predicted as f64, 1.0),
        errors: errors(&all.errors),
        flags: Flags { gold_split: all.errors.gold_split, pred_merge: all.errors.pred_merge },
        confusion: confusion(scorer, &all),
        worst_slices: worst_slices(&slices, &scorer.primary().to_string()),
        slices,
        incomplete: None,
        clusters: None,
        calibration: calibration(hits, all.without_score, primary.gold),
    }
}

fn account(ends: &BTreeMap<(Standing, Outcome, ArticleStatus), u64>) -> ArticleAccount {
    let mut account = ArticleAccount::default();
    for (&(standing, outcome, status), &n) in ends {
        account.total += n;
        match standing {
            Standing::Scored => account.scored += n,
            Standing::Failed => account.failed += n,
            Standing::Incomplete | Standing::Excluded => {
                account.excluded += n;
                let why = if status.is_scored() { outcome.name() } else { status.name() };
                *account.excluded_by.entry(why.to_owned()).or_default() += n;
            }
        }
        if standing != Standing::Excluded {
            *account.outcomes.entry(outcome.name().to_owned()).or_default() += n;
        }
    }
    account
}

struct Slices<'a> {
    scorer: &'a Scorer,
    all: &'a Tally,
    by_column: &'a [BTreeMap<String, SliceTally>],
}

impl Slices<'_> {
    fn scores(&self) -> Vec<SliceScore> {
        let mut out = Vec::new();
        let mut by_column = self.by_column.iter();
        for (name, column) in &self.scorer.slices {
            match column {
                SliceColumn::Kind => {
                    for (&kind, counts) in &self.all.kinds {
                        out.push(self.kind_slice(name, kind, counts));
                    }
                }
                SliceColumn::Claim(number) => {
                    let of_column = self.all.claim_slices.iter().filter(|((n, _), _)| n == number);
                    for ((_, value), counts) in of_column {
                        let criteria = self.by_criterion(|i| {
                            let (gold, found) = counts.found.get(i).copied().unwrap_or_default();
                            SlicePrf { tp: found, fn_: gold - found, recall: ratio(found as f64, gold as f64), ..SlicePrf::default() }
                        });
                        out.push(SliceScore {
                            column: name.clone(),
                            value: value.clone(),
                            gold: counts.gold,
                            criteria,
                            ..SliceScore::default()
                        });
                    }
                }
                SliceColumn::Article => {
                    for (value, tally) in by_column.next().into_iter().flatten() {
                        let criteria = self.by_criterion(|i| {
                            let c = tally.criteria.get(i).copied().unwrap_or_default();
                            let prf = Prf::new(c.matched, c.gold, c.predicted);
                            SlicePrf {
                                tp: prf.tp,
                                fp: Some(prf.fp),
                                fn_: prf.fn_,
                                precision: prf.precision,
                                recall: prf.recall,
                                f1: prf.f1,
                            }
                        });
                        let (gold, predicted) = (tally.gold, Some(tally.predicted));
                        out.push(SliceScore { column: name.clone(), value: value.clone(), gold, predicted, criteria, ci: None });
                    }
                }
            }
        }
        out
    }

    fn kind_slice(&self, column: &str, kind: u32, counts: &[KindTally]) -> SliceScore {
        let strict = super::Criterion::Strict;
        let criteria = self.by_criterion(|i| {
            let k = counts.get(i).copied().unwrap_or_default();
            SlicePrf {
                tp: k.gold_matched,
                fp: Some(k.predicted - k.predicted_matched),
                fn_: k.gold - k.gold_matched,
                precision: ratio(k.predicted_matched as f64, k.predicted as f64),
                recall: ratio(k.gold_matched as f64, k.gold as f64),
                // Only there does a pair have one kind, so that both sides count the same pairs.
                f1: (self.scorer.criteria[i] == strict)
                    .then(|| f_beta(k.gold_matched as f64, k.gold as f64, k.predicted as f64, 1.0))
                    .flatten(),
            }
        });
        let over_all = |count: fn(&KindTally) -> u64| counts.iter().map(count).max().unwrap_or_default();
        SliceScore {
            column: column.to_owned(),
            value: self.scorer.vocabulary.kinds()[kind as usize].clone(),
            gold: over_all(|k| k.gold),
            predicted: Some(over_all(|k| k.predicted)),
            criteria,
            ci: None,
        }
    }

    fn by_criterion(&self, score: impl Fn(usize) -> SlicePrf) -> BTreeMap<String, SlicePrf> {
        self.scorer.criteria.iter().enumerate().map(|(i, c)| (c.to_string(), score(i))).collect()
    }
}

fn criteria(scorer: &Scorer, all: &Tally, without_failed: &[CriterionTally]) -> BTreeMap<String, CriterionScore> {
    let prf = |c: CriterionTally| Prf::new(c.matched, c.gold, c.predicted);
    let score = |i: usize| {
        let counts = all.criteria.get(i).copied().unwrap_or_default();
        let similarity = counts.similarity as f64 / f64::from(SCALE);
        let of_kinds = |i: usize| all.kinds.values().filter_map(move |k| k.get(i));
        CriterionScore {
            all: prf(counts),
            soft_f1: f_beta(similarity, counts.gold as f64, counts.predicted as f64, 1.0),
            without_failed: prf(without_failed.get(i).copied().unwrap_or_default()),
            macro_kinds: MacroScore {
                precision: of_kinds(i).map(|k| ratio(k.predicted_matched as f64, k.predicted as f64)).collect(),
                recall: of_kinds(i).map(|k| ratio(k.gold_matched as f64, k.gold as f64)).collect(),
            },
            ci: None,
        }
    };
    scorer.criteria().iter().enumerate().map(|(i, c)| (c.to_string(), score(i))).collect()
}

fn semeval(tally: &SemevalTally, gold: u64) -> BTreeMap<String, SemevalScore> {
    let possible = gold;
    let actual = tally.pairs + tally.spurious;
    let scheme = |correct: u64, halves: bool| {
        let rest = tally.pairs - correct;
        let (incorrect, partial) = if halves { (0, rest) } else { (rest, 0) };
        let credit = correct as f64 + 0.5 * partial as f64;
        SemevalScore {
            correct,
            incorrect,
            partial,
            missed: tally.missed,
            spurious: tally.spurious,
            possible,
            actual,
            precision: ratio(credit, actual as f64),
            recall: ratio(credit, possible as f64),
            f1: ratio(2.0 * credit, (possible + actual) as f64),
        }
    };
    let schemes = [
        ("strict", tally.same_both, false),
        ("exact", tally.same_place, false),
        ("partial", tally.same_place, true),
        ("type", tally.same_kind, false),
    ];
    schemes.into_iter().map(|(name, correct, halves)| (name.to_owned(), scheme(correct, halves))).collect()
}

fn fields(scorer: &Scorer, tallies: &BTreeMap<u32, FieldTally>) -> BTreeMap<String, FieldScore> {
    let score = |t: &FieldTally| FieldScore {
        matched: MatchedField {
            cor: t.cor,
            inc: t.inc,
            mis: t.mis,
            spu: t.spu,
            tn: t.tn,
            precision: ratio(t.cor as f64, (t.cor + t.inc + t.spu) as f64),
            recall: ratio(t.cor as f64, (t.cor + t.inc + t.mis) as f64),
            f1: ratio(2.0 * t.cor as f64, (2 * t.cor + 2 * t.inc + t.spu + t.mis) as f64),
            ci: None,
        },
        end_to_end: Prf::new(t.cor, t.gold, t.predicted).into(),
    };
    let none = FieldTally::default();
    let rules = (0u32..).zip(scorer.vocabulary.fields());
    rules.map(|(number, rule)| (rule.field.name.clone(), score(tallies.get(&number).unwrap_or(&none)))).collect()
}

fn slot_error_rate(tallies: &BTreeMap<u32, FieldTally>) -> Option<f64> {
    let sum = |count: fn(&FieldTally) -> u64| tallies.values().map(count).sum::<u64>() as f64;
    ratio(sum(|t| t.inc + t.mis + t.spu), sum(|t| t.cor + t.inc + t.mis))
}

fn errors(tally: &ErrorTally) -> BTreeMap<String, ErrorScore> {
    let f1 = |right: u64, gold: u64, predicted: u64| f_beta(right as f64, gold as f64, predicted as f64, 1.0);
    let now = f1(tally.right, tally.gold, tally.predicted);
    let score = |class: ErrorClass| {
        let count = tally.classes[class as usize];
        let mended = match class {
            ErrorClass::Boundary | ErrorClass::Kind | ErrorClass::Field | ErrorClass::Several => {
                f1(tally.right + count, tally.gold, tally.predicted)
            }
            ErrorClass::Missed => f1(tally.right + count, tally.gold, tally.predicted + count),
            ErrorClass::Duplicate | ErrorClass::Piece | ErrorClass::Background => {
                // Without gold and with all predictions gone nothing is left to be wrong, and nothing to be right.
                f1(tally.right, tally.gold, tally.predicted - count)
            }
        };
        ErrorScore { count, f1_gain: mended.zip(now).map(|(a, b)| a - b) }
    };
    ErrorClass::ALL.into_iter().map(|class| (class.name().to_owned(), score(class))).collect()
}

fn confusion(scorer: &Scorer, all: &Tally) -> BTreeMap<String, BTreeMap<String, u64>> {
    let kinds = scorer.vocabulary.kinds();
    let mut table: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    for (&(gold, predicted), &n) in &all.confusion {
        table.entry(kinds[gold as usize].clone()).or_default().insert(kinds[predicted as usize].clone(), n);
    }
    table
}

fn worst_slices(slices: &[SliceScore], primary: &str) -> Vec<WorstSlice> {
    let mut worst: Vec<WorstSlice> = slices
        .iter()
        .filter(|s| s.gold >= WORST_SLICE_SUPPORT)
        .filter_map(|s| {
            let score = s.criteria.get(primary)?;
            let (metric, score) = score.f1.map(|f1| ("f1", f1)).or_else(|| score.recall.map(|r| ("recall", r)))?;
            // A slice without any error is none of the worst.
            (score < 1.0).then_some(())?;
            Some(WorstSlice { column: s.column.clone(), value: s.value.clone(), metric: metric.into(), score, gold: s.gold })
        })
        .collect();
    worst.sort_by(|a, b| a.score.total_cmp(&b.score).then_with(|| (&a.column, &a.value).cmp(&(&b.column, &b.value))));
    worst.truncate(WORST_SLICES);
    worst
}
