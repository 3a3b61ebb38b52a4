//! What to score and how; fixed before the first article.

use super::criterion::Criterion;
use super::tally::{Renumbering, TallyNames};
use super::vocabulary::{Names, Vocabulary};
use crate::claim::{Claim, Schema};
use crate::extract::Numbers;
use crate::stats::IntervalSettings;

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
    /// Whether and how intervals are computed.
    pub intervals: Option<IntervalSettings>,
}

impl Settings {
    /// The default criteria with IoU of one half as the primary one, by language and kind, without intervals.
    pub fn new(schema: Schema) -> Settings {
        Settings {
            schema,
            criteria: Criterion::DEFAULT.to_vec(),
            primary: Criterion::Iou(50),
            slices: vec!["lang".into(), "kind".into()],
            numbers: Numbers::Canonical,
            intervals: None,
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
    /// Places of `value` and `text` among the criteria.
    pub(super) value_number: Option<usize>,
    pub(super) text_number: Option<usize>,
}

impl Scorer {
    /// Prepares scoring. `claims` are all gold and predicted claims: open schemas take their kinds and fields from them.
    pub fn new<'a>(settings: &Settings, claims: impl Iterator<Item = &'a Claim>) -> Scorer {
        Scorer::of_names(settings, &Names::of(&settings.schema, claims))
    }

    /// Prepares scoring of claims that have these names.
    pub(super) fn of_names(settings: &Settings, names: &Names) -> Scorer {
        Scorer::with(settings, |criteria| Vocabulary::new(&settings.schema, criteria, names))
    }

    /// Prepares scoring of claims that come later. A slice that may be a field and may be a column of the articles is both.
    pub(super) fn growing(settings: &Settings) -> Scorer {
        let slices = settings.slices.iter().filter(|name| !matches!(name.as_str(), "kind" | "tags"));
        let asked = settings.schema.key_fields.iter().chain(slices).map(String::as_str);
        Scorer::with(settings, |criteria| Vocabulary::growing(&settings.schema, criteria, asked))
    }

    fn with(settings: &Settings, vocabulary: impl FnOnce(&[Criterion]) -> Vocabulary) -> Scorer {
        let mut criteria = settings.criteria.clone();
        criteria.sort_unstable();
        criteria.dedup();
        if !criteria.contains(&settings.primary) {
            criteria.insert(0, settings.primary);
        }
        let vocabulary = vocabulary(&criteria);
        let mut claim_slices = Vec::new();
        let mut slices: Vec<(String, SliceColumn)> = Vec::new();
        for name in &settings.slices {
            if slices.iter().any(|(known, _)| known == name) {
                continue;
            }
            let field = vocabulary.field_number(name);
            let claim_slice = match name.as_str() {
                "tags" => Some(ClaimSlice::Tags),
                _ => field.map(ClaimSlice::Field),
            };
            let column = match claim_slice {
                _ if name == "kind" => SliceColumn::Kind,
                Some(slice) => {
                    claim_slices.push(slice);
                    let undecided = field.is_some_and(|field| !vocabulary.field(field).met);
                    if undecided { SliceColumn::Article } else { SliceColumn::Claim(claim_slices.len() as u16 - 1) }
                }
                None => SliceColumn::Article,
            };
            slices.push((name.clone(), column));
        }
        let number = |criterion| criteria.iter().position(|c| *c == criterion);
        Scorer {
            vocabulary,
            value_number: number(Criterion::Value),
            text_number: number(Criterion::Text),
            criteria,
            primary: settings.primary,
            numbers: settings.numbers,
            claim_slices,
            slices,
        }
    }

    /// The numbers of this scorer for the names of one that learnt them from the data. Every name of that one must be known here.
    pub(super) fn renumbering(&self, from: &Scorer) -> Renumbering {
        let field = |number: u32| self.vocabulary.field_number(&from.vocabulary.field(number).field.name);
        let slice = |slice: &ClaimSlice| {
            let here = match slice {
                ClaimSlice::Tags => ClaimSlice::Tags,
                ClaimSlice::Field(number) => ClaimSlice::Field(field(*number)?),
            };
            self.claim_slices.iter().position(|known| *known == here).map(|number| number as u16)
        };
        Renumbering {
            // A field that no claim has is in no tally.
            fields: (0..from.vocabulary.fields().len() as u32).map(|number| field(number).unwrap_or(u32::MAX)).collect(),
            kinds: from.vocabulary.kinds().iter().map(|kind| self.vocabulary.kind_number(kind).unwrap_or(u32::MAX)).collect(),
            claim_slices: from.claim_slices.iter().map(slice).collect(),
        }
    }

    /// What the numbers in tallies stand for.
    pub(super) fn names(&self) -> TallyNames {
        let field = |number: u32| self.vocabulary.field(number).field.name.clone();
        TallyNames {
            criteria: self.criteria.clone(),
            fields: self.vocabulary.fields().iter().map(|rule| rule.field.name.clone()).collect(),
            kinds: self.vocabulary.kinds().to_vec(),
            claim_slices: self
                .claim_slices
                .iter()
                .map(|slice| match slice {
                    ClaimSlice::Tags => "tags".to_owned(),
                    ClaimSlice::Field(number) => field(*number),
                })
                .collect(),
        }
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
    pub fn article_slices(&self) -> impl Iterator<Item = &str> + Clone {
        self.slices.iter().filter(|(_, column)| *column == SliceColumn::Article).map(|(name, _)| name.as_str())
    }
}
