//! Everything that a report shows. Renderers read this, compute nothing, and agree to the printed digit.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::extract::RunSpent;
use crate::runs::{ClaimOutcome, ClaimView, Comparison, FieldDifference, GateReport, TrendPoint};
use crate::score::RunResult;

/// One run with its verdicts, claims and texts.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Document {
    /// 1.
    pub format: u64,
    /// Name of the workspace.
    pub workspace: String,
    /// Where the numbers come from.
    pub run: RunInfo,
    /// The numbers.
    pub result: RunResult,
    /// The gates, where they were judged.
    pub gates: Option<GateReport>,
    /// Against the baseline or another run, where there is one.
    pub comparison: Option<Comparison>,
    /// Why there is no comparison, where one was asked for.
    pub no_comparison: Option<String>,
    /// The primary F1 over stored runs of the extractor, oldest first; this run is the last.
    pub trend: Vec<TrendPoint>,
    /// The dataset's claim file as seen from the repository's root, for annotations: `datasets/news/claims.csv`.
    pub claims_file: String,
    /// By id; all articles of the run.
    pub articles: Vec<ArticlePage>,
}

/// What is known of a run beside its numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RunInfo {
    /// Its id; empty for one that is not stored.
    pub id: String,
    /// RFC 3339, UTC.
    pub started: String,
    /// RFC 3339, UTC.
    pub finished: String,
    /// From the first article to the last answer, in seconds.
    pub wall_time_s: f64,
    /// Which articles were chosen; `all` for all.
    pub selection: String,
    /// Kind, command and parameters of the extractor.
    pub extractor: serde_json::Value,
    /// Commit of the workspace, where it is under git; with `+` where files differ from it.
    pub commit: Option<String>,
    /// What its answers took.
    pub spent: RunSpent,
}

/// One article with all of its claims.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ArticlePage {
    /// Its id.
    pub id: String,
    /// Language of its text.
    pub lang: String,
    /// Headline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Who published it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_at: Option<String>,
    /// Such as `ok` or `timeout`.
    pub outcome: String,
    /// `scored`, `failed`, `incomplete` or `excluded`.
    pub standing: String,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The columns that slices cut by, each with its values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, Vec<String>>,
    /// The exact text that the places of the claims count in; absent where it is not known or was changed since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Pairs and lone claims, by place.
    pub items: Vec<ReportItem>,
}

/// A pair of claims under the primary criterion, or a claim without one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReportItem {
    /// What came out.
    pub outcome: ClaimOutcome,
    /// `right` or an error class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// Of a pair, 0..1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iou: Option<f64>,
    /// The gold claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gold: Option<ClaimView>,
    /// The predicted claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predicted: Option<ClaimView>,
    /// Kind and fields of a pair that are not the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<FieldDifference>,
    /// `cor, inc, mis, spu, tn` by field, of a pair.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub field_outcomes: BTreeMap<String, String>,
    /// What it is in the comparison, where it came out otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<ItemChange>,
}

/// How an item differs from the run that is compared against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemChange {
    /// See [`crate::runs::Changes`].
    NewlyFound,
    /// See [`crate::runs::Changes`].
    NewlyMissed,
    /// See [`crate::runs::Changes`].
    NewlyWrongField,
    /// See [`crate::runs::Changes`].
    NewlyRightField,
    /// See [`crate::runs::Changes`].
    NewlySpurious,
}
