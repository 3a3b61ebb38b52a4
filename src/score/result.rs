//! The result of one run as every report and gate reads it: numbers unrounded, names as in `assay metrics`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::calibration::Calibration;
use super::ratio::{Mean, Prf};
use crate::extract::LocationCounts;
use crate::stats::CriterionIntervals;

/// One extractor version over one dataset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RunResult {
    /// Version of Assay.
    pub version: String,
    /// What the numbers depend on; numbers of different signatures are never compared in silence.
    pub signature: String,
    /// What was scored.
    pub dataset: DatasetInfo,
    /// Who answered.
    pub extractor: ExtractorInfo,
    /// `total = scored + failed + excluded`.
    pub articles: ArticleAccount,
    /// Gold claims of scored and failed articles, without optional ones.
    pub gold: u64,
    /// Gold claims among them without an annotated key field: equal to anything under `value` and `claim`.
    pub gold_without_key: u64,
    /// Predicted claims of scored articles.
    pub predicted: u64,
    /// How predicted claims were placed in the text.
    pub located: LocationCounts,
    /// Predicted decimals that are wrong as written and right if read by the article's language.
    pub looks_local: u64,
    /// Articles with more than 250,000 eligible pairs: each of their claims was paired among its likeliest partners only, so that their
    /// assignment may not be the best one.
    pub thinned: u64,
    /// The criterion of the headline.
    pub primary: String,
    /// By criterion.
    pub criteria: BTreeMap<String, CriterionScore>,
    /// SemEval-2013 task 9 view: `strict`, `exact`, `partial`, `type`.
    pub semeval: BTreeMap<String, SemevalScore>,
    /// By field, over pairs of the primary criterion.
    pub fields: BTreeMap<String, FieldScore>,
    /// `(inc + mis + spu) / (cor + inc + mis)` over all fields of pairs (Makhoul et al. 1999).
    pub slot_error_rate: Option<f64>,
    /// Pairs of the primary criterion whose annotated fields are all right.
    pub all_fields_right: u64,
    /// Pairs with IoU of at least 0.5, the same kind, and equal key fields.
    pub right: u64,
    /// F1 of `right`.
    pub right_f1: Option<f64>,
    /// By error class.
    pub errors: BTreeMap<String, ErrorScore>,
    /// Claims that lie over two or more of the other side.
    pub flags: Flags,
    /// Pairs of the error assignment: gold kind, then predicted kind.
    pub confusion: BTreeMap<String, BTreeMap<String, u64>>,
    /// By column in the order of the settings, then by value.
    pub slices: Vec<SliceScore>,
    /// The slices with the lowest F1 (recall where F1 is not defined), worst first; support of at least 10 gold claims.
    pub worst_slices: Vec<WorstSlice>,
    /// Articles that are labelled in part; never in any other number.
    pub incomplete: Option<IncompleteScore>,
    /// Not computed in this version.
    pub clusters: Option<()>,
    /// Confidence; absent when no prediction has a score.
    pub calibration: Option<Calibration>,
}

/// Which data were scored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DatasetInfo {
    /// Name of the dataset, or of the file.
    pub name: String,
    /// Version, empty where there is none.
    pub version: String,
    /// SHA-256 over all that a number can depend on.
    pub hash: String,
    /// Articles selected.
    pub articles: u64,
    /// Their gold claims that are scored.
    pub gold_claims: u64,
}

/// Who answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExtractorInfo {
    /// Id in the workspace, or name of the file.
    pub name: String,
    /// As the extractor or the workspace says.
    pub version: String,
    /// SHA-256 over what makes the extractor the same.
    pub fingerprint: String,
}

/// Where every article went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ArticleAccount {
    /// Articles selected.
    pub total: u64,
    /// Answered and labelled whole.
    pub scored: u64,
    /// Labelled whole and not answered: all their gold is missed.
    pub failed: u64,
    /// Not labelled whole, or skipped.
    pub excluded: u64,
    /// Excluded ones by the status of their labels.
    pub excluded_by: BTreeMap<String, u64>,
    /// Attempted ones by outcome.
    pub outcomes: BTreeMap<String, u64>,
    /// Scored articles without gold and without predictions that count (one that found an optional claim does not).
    pub empty_right: u64,
    /// Scored articles without gold.
    pub empty_total: u64,
}

/// Precision and recall under one criterion.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CriterionScore {
    /// All scored and failed articles.
    #[serde(flatten)]
    pub all: Prf,
    /// F1 with the similarity of each pair in place of 1.
    pub soft_f1: Option<f64>,
    /// The same without failed articles.
    pub without_failed: Prf,
    /// Unweighted means over the kinds.
    pub macro_kinds: MacroScore,
    /// 95 % intervals; absent where they were not asked for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ci: Option<CriterionIntervals>,
}

/// Means over kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MacroScore {
    /// Over the kinds that were predicted.
    pub precision: Mean,
    /// Over the kinds that gold has.
    pub recall: Mean,
}

/// One scheme of the SemEval-2013 view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SemevalScore {
    /// Pairs that agree.
    pub correct: u64,
    /// Pairs that do not.
    pub incorrect: u64,
    /// Pairs that overlap (`partial` only); half a credit.
    pub partial: u64,
    /// Gold claims without a pair.
    pub missed: u64,
    /// Predicted claims without a pair.
    pub spurious: u64,
    /// `correct + incorrect + partial + missed`.
    pub possible: u64,
    /// `correct + incorrect + partial + spurious`.
    pub actual: u64,
    /// `(correct + partial / 2) / actual`.
    pub precision: Option<f64>,
    /// `(correct + partial / 2) / possible`.
    pub recall: Option<f64>,
    /// Harmonic mean of the two, from the counts.
    pub f1: Option<f64>,
}

/// One field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FieldScore {
    /// Over pairs only.
    pub matched: MatchedField,
    /// Missed and spurious claims count too.
    pub end_to_end: EndToEndField,
}

/// A field over all claims of the primary criterion's population.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EndToEndField {
    /// The same as `cor` of the pairs.
    pub tp: u64,
    /// Predicted values that are not right.
    pub fp: u64,
    /// Gold values that were not found.
    #[serde(rename = "fn")]
    pub fn_: u64,
    /// `tp / (tp + fp)`.
    pub precision: Option<f64>,
    /// `tp / (tp + fn)`.
    pub recall: Option<f64>,
    /// From the counts.
    pub f1: Option<f64>,
    /// 95 % intervals; absent where they were not asked for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ci: Option<CriterionIntervals>,
}

impl EndToEndField {
    /// Without the intervals.
    pub fn prf(&self) -> Prf {
        let EndToEndField { tp, fp, fn_, precision, recall, f1, .. } = *self;
        Prf { tp, fp, fn_, precision, recall, f1 }
    }
}

impl From<Prf> for EndToEndField {
    fn from(Prf { tp, fp, fn_, precision, recall, f1 }: Prf) -> EndToEndField {
        EndToEndField { tp, fp, fn_, precision, recall, f1, ci: None }
    }
}

/// A field over pairs of the primary criterion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MatchedField {
    /// Both present and equal.
    pub cor: u64,
    /// Both present and different.
    pub inc: u64,
    /// Present in gold only.
    pub mis: u64,
    /// Annotated as absent, present in the prediction.
    pub spu: u64,
    /// Absent in both; never credit.
    pub tn: u64,
    /// `cor / (cor + inc + spu)`.
    pub precision: Option<f64>,
    /// `cor / (cor + inc + mis)`.
    pub recall: Option<f64>,
    /// From the counts.
    pub f1: Option<f64>,
    /// 95 % intervals; absent where they were not asked for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ci: Option<CriterionIntervals>,
}

/// One error class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ErrorScore {
    /// Claims or pairs.
    pub count: u64,
    /// What the F1 of `right` would gain if all of them were mended; undefined where that F1 is.
    pub f1_gain: Option<f64>,
}

/// Claims over two or more of the other side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Flags {
    /// Gold claims that two or more predictions overlap.
    pub gold_split: u64,
    /// Predictions that overlap two or more gold claims.
    pub pred_merge: u64,
}

/// The data with one value of a column.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SliceScore {
    /// `lang`, `kind` …
    pub column: String,
    /// `id`, `change` …
    pub value: String,
    /// Gold claims.
    pub gold: u64,
    /// Predicted claims; absent where the column is one of gold claims only.
    pub predicted: Option<u64>,
    /// By criterion. Numbers that the cut does not define are `null`.
    pub criteria: BTreeMap<String, SlicePrf>,
    /// 95 % intervals under the primary criterion, over the units that have a claim in the slice; absent where they were not asked for.
    /// Boxed, as there may be very many slices without.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ci: Option<Box<CriterionIntervals>>,
}

/// Precision and recall of a slice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SlicePrf {
    /// Gold claims found.
    pub tp: u64,
    /// Predicted claims without a match.
    pub fp: Option<u64>,
    /// Gold claims without a match.
    #[serde(rename = "fn")]
    pub fn_: u64,
    /// Undefined where the column cuts gold claims only.
    pub precision: Option<f64>,
    /// Over the slice's gold claims.
    pub recall: Option<f64>,
    /// Defined where both sides are cut alike.
    pub f1: Option<f64>,
}

/// A slice to look at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WorstSlice {
    /// Column.
    pub column: String,
    /// Value.
    pub value: String,
    /// `f1` or `recall`, under the primary criterion.
    pub metric: Cow<'static, str>,
    /// 0..1.
    pub score: f64,
    /// Support.
    pub gold: u64,
}

/// Articles that are labelled in part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct IncompleteScore {
    /// How many.
    pub articles: u64,
    /// Their gold claims in the population of the primary criterion.
    pub gold: u64,
    /// Those found under the primary criterion.
    pub found: u64,
    /// `found / gold`.
    pub recall: Option<f64>,
    /// Predictions without a match: nobody knows whether they are wrong.
    pub unjudged: u64,
}
