//! What to score and how; fixed before the first article.

use super::criterion::Criterion;
use super::vocabulary::Vocabulary;
use crate::claim::{Claim, Schema};
use crate::extract::Numbers;

/// Choices of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Fields, kinds, key fields, aliases.
    pub schema: Schema,
    /// Scored side by side; the primary one is added where it is not among them.
    pub criteria: Vec<Criterion>,
    /// Decides about fields, confidence and the headline.
    pub primary: Criterion,
    /// Columns to cut the numbers by: `kind`, `tags`, a field, or a column of the articles.
    pub slices: Vec<String>,
    /// How predicted decimals are written.
    pub numbers: Numbers,
}

impl Settings {
    /// The default criteria with IoU of one half as the primary one, by language and kind.
    pub fn new(schema: Schema) -> Settings {
        Settings {
            schema,
            criteria: Criterion::DEFAULT.to_vec(),
            primary: Criterion::Iou(50),
            slices: vec!["lang".into(), "kind".into()],
            numbers: Numbers::Canonical,
        }
    }
}

/// A slice that cuts gold claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ClaimSlice {
    Tags,
    Field(u32),
}

/// A column that numbers are cut by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SliceColumn {
    /// Cuts recall by gold, precision by prediction.
    Kind,
    /// Number of the claim slice; cuts recall only.
    Claim(u16),
    /// A column of the articles; cuts both sides.
    Article,
}

/// Settings resolved against the data: scores articles.
#[derive(Clone, Debug)]
pub struct Scorer {
    pub(super) vocabulary: Vocabulary,
    pub(super) criteria: Vec<Criterion>,
    pub(super) primary: Criterion,
    pub(super) numbers: Numbers,
    pub(super) claim_slices: Vec<ClaimSlice>,
    pub(super) slices: Vec<(String, SliceColumn)>,
}

impl Scorer {
    /// Prepares scoring. `claims` are all gold and predicted claims: open schemas take their kinds and fields from them.
    pub fn new<'a>(settings: &Settings, claims: impl Iterator<Item = &'a Claim>) -> Scorer {
        let mut criteria = settings.criteria.clone();
        criteria.sort_unstable();
        criteria.dedup();
        if !criteria.contains(&settings.primary) {
            criteria.insert(0, settings.primary);
        }
        let vocabulary = Vocabulary::new(&settings.schema, &criteria, claims);
        let mut claim_slices = Vec::new();
        let mut slices: Vec<(String, SliceColumn)> = Vec::new();
        for name in &settings.slices {
            if slices.iter().any(|(known, _)| known == name) {
                continue;
            }
            let claim_slice = match name.as_str() {
                "tags" => Some(ClaimSlice::Tags),
                _ => vocabulary.field_number(name).map(ClaimSlice::Field),
            };
            let column = match claim_slice {
                _ if name == "kind" => SliceColumn::Kind,
                Some(slice) => {
                    claim_slices.push(slice);
                    SliceColumn::Claim(claim_slices.len() as u16 - 1)
                }
                None => SliceColumn::Article,
            };
            slices.push((name.clone(), column));
        }
        Scorer { vocabulary, criteria, primary: settings.primary, numbers: settings.numbers, claim_slices, slices }
    }

    /// The criteria in the order of tallies and pairs.
    pub fn criteria(&self) -> &[Criterion] {
        &self.criteria
    }

    /// The primary criterion.
    pub fn primary(&self) -> Criterion {
        self.primary
    }

    /// Place of the primary criterion among [`Scorer::criteria`].
    pub fn primary_number(&self) -> usize {
        self.criteria.iter().position(|c| *c == self.primary).unwrap_or(0)
    }

    /// Names of the columns of the articles that numbers are cut by.
    pub fn article_slices(&self) -> impl Iterator<Item = &str> {
        self.slices.iter().filter(|(_, column)| *column == SliceColumn::Article).map(|(name, _)| name.as_str())
    }
}
