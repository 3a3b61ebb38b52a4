//! Labels that two annotators gave to the same claims.

use schemars::JsonSchema;
use serde::Serialize;

use super::alpha::{interval_alpha, nominal_alpha, ratio_alpha};
use super::kappa::cohen_kappa;
use crate::claim::{Claim, Field, FieldState, FieldType, Schema, decimal};

/// What an annotator says of one field of a claim. A field that is not annotated has no label: it is missing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Label {
    /// The text does not give it.
    Absent,
    /// The text gives this, in the form under which values compare.
    Value(String),
}

impl Label {
    /// The label of a claim's field; `None` where it is not annotated.
    pub fn of(schema: &Schema, field: &Field, claim: &Claim) -> Option<Label> {
        Some(match claim.fields.get(&field.name)? {
            FieldState::Absent => Label::Absent,
            // What is no value of the field equals what is written alike.
            FieldState::Present(written) => Label::Value(schema.key(field, written).unwrap_or_else(|_| written.to_owned())),
        })
    }

    /// Whether two labels of a field are the same: equal, or decimals within its tolerance.
    pub fn is_same(&self, other: &Label, field: &Field) -> bool {
        let within = || {
            let (Label::Value(a), Label::Value(b)) = (self, other) else { return false };
            decimal::parse(a).is_ok_and(|a| decimal::parse(b).is_ok_and(|b| field.tolerance.equal(a, b)))
        };
        self == other || (field.field_type == FieldType::Decimal && !field.tolerance.is_zero() && within())
    }

    /// The number of a decimal.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Label::Absent => None,
            Label::Value(text) => text.parse().ok().filter(|number: &f64| number.is_finite()),
        }
    }
}

/// How far two annotators agree on labels of claims that both have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Labels {
    /// Claims that both labelled.
    pub pairs: u64,
    /// Of these, those with the same label on both sides.
    pub same: u64,
    /// Cohen's kappa; `null` without a pair, and where both use one and the same label throughout.
    pub kappa: Option<f64>,
    /// Krippendorff's alpha, nominal; `null` as kappa.
    pub alpha: Option<f64>,
    /// Krippendorff's alpha of decimals under the interval metric, over pairs with a number on both sides; `null` for other fields, and where
    /// these numbers are all equal.
    pub alpha_interval: Option<f64>,
    /// The same under the ratio metric.
    pub alpha_ratio: Option<f64>,
    /// Whether the labels are of a decimal field.
    #[serde(skip)]
    pub decimal: bool,
}

impl Labels {
    /// Of plain labels.
    pub fn nominal<L: Ord + Clone>(pairs: &[(L, L)]) -> Labels {
        let units: Vec<Vec<L>> = pairs.iter().map(|(a, b)| vec![a.clone(), b.clone()]).collect();
        let same = pairs.iter().filter(|(a, b)| a == b).count() as u64;
        Labels {
            pairs: pairs.len() as u64,
            same,
            kappa: cohen_kappa(pairs),
            alpha: nominal_alpha(&units),
            alpha_interval: None,
            alpha_ratio: None,
            decimal: false,
        }
    }

    /// Of a field's labels. A tolerance decides what is the same, and not what kappa and alpha take for one label: being within it does
    /// not carry over from one pair to the next.
    pub fn of_field(field: &Field, pairs: &[(Label, Label)]) -> Labels {
        let same = pairs.iter().filter(|(a, b)| a.is_same(b, field)).count() as u64;
        let mut labels = Labels { same, ..Labels::nominal(pairs) };
        if field.field_type == FieldType::Decimal {
            let numbers: Vec<Vec<f64>> = pairs.iter().filter_map(|(a, b)| Some(vec![a.number()?, b.number()?])).collect();
            labels.alpha_interval = interval_alpha(&numbers);
            labels.alpha_ratio = ratio_alpha(&numbers);
            labels.decimal = true;
        }
        labels
    }
}
