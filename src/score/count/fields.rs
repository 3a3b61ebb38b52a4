//! Fields: how those of each pair came out.

use super::populations::Populations;
use super::{Beside, Counts};
use crate::claim::{FieldType, decimal};
use crate::extract::Numbers;
use crate::score::article::FieldOutcome;
use crate::score::buffer::reset;
use crate::score::candidates::{Candidate, Pairing};
use crate::score::choice::Set;
use crate::score::local;
use crate::score::matching::Matcher;
use crate::score::settings::Scorer;
use crate::score::tally::{FieldTally, Tally};
use crate::score::values::ABSENT;

impl Counts {
    /// Fields over the pairs of the primary criterion and, end to end, over the claims of its population.
    pub(super) fn fields(&mut self, matcher: &Matcher, scorer: &Scorer, lang: &str, beside: &impl Beside, tally: &mut Tally) {
        let (gold, predicted) = (&matcher.gold, &matcher.predicted);
        let primary: Set = 1 << scorer.primary_number();
        let populations = Populations::of(scorer);
        for (g, _) in gold.claims.iter().enumerate().filter(|(_, c)| !c.optional && populations.with(c) & primary != 0) {
            for &(field, _) in gold.cells(g).iter().filter(|cell| cell.1 != ABSENT) {
                self.field(field).gold += 1;
            }
        }
        let pairs = matcher.pairs(scorer, scorer.primary_number());
        reset(&mut self.partner, predicted.len(), None);
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
}

/// How the fields that gold has annotated came out, by field number.
pub(in crate::score) fn field_outcomes<'a>(pairing: Pairing<'a>, c: &Candidate) -> impl Iterator<Item = (u32, FieldOutcome)> + 'a {
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
    !differs && decimal::canonical(truth).is_ok_and(|truth| local::canonical(written, lang).is_some_and(|answer| answer == truth))
}

/// The digits of a number from the first to the last that is not 0.
fn digits(number: &str) -> impl Iterator<Item = u8> {
    number.trim_matches(|c: char| !c.is_ascii_digit() || c == '0').bytes().filter(u8::is_ascii_digit)
}
