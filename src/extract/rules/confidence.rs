//! How sure a claim is: what speaks for a figure being a claim, as a number in 0..1.

use rust_decimal::Decimal;

use crate::claim::number::{Figure, Form, Reading, Written};

/// What was found around a figure.
pub(super) struct Evidence {
    /// A noun follows it.
    pub(super) counted: bool,
    /// That noun is a known unit.
    pub(super) known_unit: bool,
    /// It is a change whose direction word touches it.
    pub(super) touching_change: bool,
    /// A period stands in its sentence.
    pub(super) dated: bool,
}

/// The confidence, in hundredths: a sum of weights, the same for every language.
pub(super) fn confidence(figure: &Figure, evidence: &Evidence) -> f64 {
    let strong = matches!(figure.form, Form::Percent | Form::Points) || figure.currency.is_some();
    let scaled = figure.value.abs() >= Decimal::ONE_THOUSAND;
    let small = figure.value.abs() < Decimal::from(13);
    let weights: [(bool, i32); 10] = [
        (strong, 15),
        (evidence.known_unit, 12),
        (evidence.touching_change, 5),
        (figure.bound.is_some(), 6),
        (scaled, 5),
        (evidence.dated, 2),
        (!evidence.counted && !strong, -25),
        (small && !strong, -10),
        (small && !strong && figure.written == Written::Words, -15),
        (figure.reading == Reading::Ambiguous, -15),
    ];
    let sum: i32 = 72 + weights.iter().filter(|(holds, _)| *holds).map(|(_, weight)| weight).sum::<i32>();
    f64::from(sum.clamp(5, 97)) / 100.0
}
