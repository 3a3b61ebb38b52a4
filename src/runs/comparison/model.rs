//! What a comparison of two runs holds.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::extract::RunSpent;
use crate::runs::claim_view::{ClaimView, Context};
use crate::score::result::ExtractorInfo;
use crate::stats::{Method, NoInterval, OfMetrics};

/// Two runs over the articles that both attempted with the same text. Everything but `articles` is about these alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Comparison {
    /// The run that is compared against.
    pub base: ComparedRun,
    /// The run in question.
    pub head: ComparedRun,
    /// Which articles were compared, and which could not be.
    pub articles: ComparedArticles,
    /// The criterion that decides.
    pub primary: String,
    /// Units of resampling among the compared articles, and those among them in which a count of the primary criterion differs.
    pub units: u64,
    /// See `units`.
    pub differing_units: u64,
    /// In one sentence.
    pub verdict: ComparisonVerdict,
    /// By criterion.
    pub criteria: BTreeMap<String, CriterionDifference>,
    /// Under the primary criterion, by column and value.
    pub slices: Vec<SliceDifference>,
    /// Gold claims that one run found and the other did not, as a test.
    pub mcnemar: McNemar,
    /// What came out otherwise for single claims.
    pub changes: Changes,
}

/// One of the two runs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ComparedRun {
    /// Its id, or `@baseline`.
    pub run: String,
    /// Who answered.
    pub extractor: ExtractorInfo,
    /// The signature that it was stored with.
    pub signature: String,
    /// Whether its stored answers were scored again, because the gold or the settings are not those that it was stored with.
    pub rescored: bool,
    /// Articles that it attempted, and those that failed among the compared ones.
    pub attempted: u64,
    /// See `attempted`.
    pub failed: u64,
    /// From the first article to the last answer, in seconds, over all of its articles.
    pub wall_time_s: Option<f64>,
    /// What its answers took, over all of its articles.
    pub spent: RunSpent,
}

/// Ids of articles, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ComparedArticles {
    /// How many were compared.
    pub compared: u64,
    /// Attempted by the second run alone.
    pub new: Vec<String>,
    /// Attempted by the first run alone, or no longer in the dataset.
    pub gone: Vec<String>,
    /// Attempted by either, with a text that is not the one of today.
    pub changed: Vec<String>,
}

/// One number of both runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    /// Of the first run.
    pub base: Option<f64>,
    /// Of the second run.
    pub head: Option<f64>,
    /// `head - base`.
    pub difference: Option<f64>,
    /// 95 % interval of the difference, paired by unit.
    pub ci: Option<[f64; 2]>,
    /// Why there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_interval: Option<NoInterval>,
    /// Two-sided p of the paired randomization test.
    pub p: Option<f64>,
    /// The same, adjusted by Holm (1979) over all slices; slices only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p_holm: Option<f64>,
    /// The smallest difference that would be shown with a probability of 80 %: 2.8 standard errors of the paired difference.
    pub detectable: Option<f64>,
}

/// Precision, recall and F1 of both runs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CriterionDifference {
    /// The three numbers.
    #[serde(flatten)]
    pub of: OfMetrics<Difference>,
    /// How the intervals were made.
    pub method: Method,
    /// Whether there are too few units to rely on them.
    pub unreliable: bool,
}

/// One slice under the primary criterion: F1, or recall where the column cuts gold claims only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SliceDifference {
    /// `lang`, `kind` …
    pub column: String,
    /// `id`, `change` …
    pub value: String,
    /// `f1` or `recall`.
    pub metric: String,
    /// Gold claims.
    pub gold: u64,
    /// Units that have a claim in the slice; these are resampled.
    pub units: u64,
    /// The number of both runs.
    #[serde(flatten)]
    pub of: Difference,
}

/// McNemar's test on gold claims that exactly one of the runs found. It assumes that claims are independent, which claims of one
/// article are not: it stands beside the interval and decides nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct McNemar {
    /// Gold claims that only the first run found.
    pub only_base: u64,
    /// Gold claims that only the second run found.
    pub only_head: u64,
    /// Exact, two-sided.
    pub p: f64,
    /// Mid-p: half of the probability of the observed table is left out.
    pub mid_p: f64,
    /// Always true; for readers of the JSON.
    pub assumes_independent_claims: bool,
}

/// What the interval of the primary F1 says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The interval lies above 0.
    Better,
    /// The interval lies below 0.
    Worse,
    /// It holds 0.
    NoEvidence,
    /// Every count of every compared article is the same.
    Same,
    /// There is no interval.
    Undecided,
}

/// The verdict on the primary F1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ComparisonVerdict {
    /// Which way.
    pub direction: Direction,
    /// For people.
    pub sentence: String,
}

/// Lists of single claims, by article and place.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Changes {
    /// Gold claims that only the second run found.
    pub newly_found: Vec<ClaimChange>,
    /// Gold claims that only the first run found.
    pub newly_missed: Vec<ClaimChange>,
    /// Gold claims that both found, with a field or the kind that only the first run has right.
    pub newly_wrong_field: Vec<ClaimChange>,
    /// Gold claims that both found, with a field or the kind that only the second run has right.
    pub newly_right_field: Vec<ClaimChange>,
    /// Predicted claims of the second run that match nothing, where the first run has no such claim.
    pub newly_spurious: Vec<ClaimChange>,
    /// Predicted claims of the first run that match nothing, where the second run has no such claim.
    pub no_longer_spurious: Vec<ClaimChange>,
    /// Gold claims that no run found: look at them again, the label may be wrong.
    pub missed_by_all: Vec<ClaimChange>,
}

/// One claim that came out otherwise.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClaimChange {
    /// The article.
    pub article_id: String,
    /// Its language.
    pub lang: String,
    /// The gold claim; for spurious ones the predicted claim.
    pub claim: ClaimView,
    /// The predicted claim that it is paired with, of the run that has it right; for a wrong field of the run that has it wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predicted: Option<ClaimView>,
    /// Fields that differ.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldChange>,
    /// The error class in the run that has it wrong: `missed`, `boundary` …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// The text around it; absent for a claim without a place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<Context>,
}

/// A field of a gold claim that both runs found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FieldChange {
    /// Its name.
    pub field: String,
    /// As labelled; absent where the label says that the text does not give it.
    pub gold: Option<String>,
    /// As the first run answered.
    pub base: Option<String>,
    /// As the second run answered.
    pub head: Option<String>,
}
