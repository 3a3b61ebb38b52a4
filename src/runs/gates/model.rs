//! What judging gates gives.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// All gates of a run, judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GateReport {
    /// Of all lines together: fails when one fails; not evaluated when none was.
    pub verdict: GateVerdict,
    /// In one sentence.
    pub sentence: String,
    /// What was judged.
    #[serde(default)]
    pub runs: Vec<JudgedRun>,
    /// One for each limit of each gate, in the order of assay.toml.
    pub lines: Vec<GateLine>,
}

/// A run that gates were judged over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct JudgedRun {
    /// The run's id, or `this run` for one that is not stored. Not in JSON: the same answers make the same bytes.
    #[serde(default, skip_serializing)]
    pub run: String,
    /// Id of the extractor.
    pub extractor: String,
    /// Its version.
    pub version: String,
    /// Which articles were chosen.
    pub selection: String,
    /// Articles that are in the numbers.
    pub articles: u64,
    /// What it was compared with: `@baseline` or a run.
    pub against: Option<String>,
    /// Articles that were compared.
    pub compared: Option<u64>,
}

/// How a gate came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GateVerdict {
    /// It holds.
    Pass,
    /// It does not hold, and only reports.
    Warn,
    /// It does not hold.
    Fail,
    /// It could not be judged.
    NotEvaluated,
}

/// One limit of one gate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GateLine {
    /// The extractor that it is about.
    pub extractor: String,
    /// As in assay.toml.
    pub metric: String,
    /// Column and value: the part of the data that it is about; empty for all.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub slice: BTreeMap<String, String>,
    /// Column and value: the claims that it is about; empty for all.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", rename = "where")]
    pub conditions: BTreeMap<String, String>,
    /// `min`, `max` or `max_drop`.
    pub limit: LimitKind,
    /// The limit's number.
    pub limit_value: f64,
    /// The number of the baseline over the compared articles; drops only.
    pub baseline: Option<f64>,
    /// The number of the run: for a drop over the compared articles, else over all.
    pub now: Option<f64>,
    /// `now - baseline`.
    pub difference: Option<f64>,
    /// Paired 95 % interval of the difference; drops only.
    pub ci: Option<[f64; 2]>,
    /// The smallest drop that could fail, with data that vary as these do; drops only.
    pub smallest_failing_drop: Option<f64>,
    /// Whether the number is a count; else it is a share or a rate.
    pub is_count: bool,
    /// Gold claims that the number rests on.
    pub support: u64,
    /// Below so many gold claims it is not judged.
    pub min_support: u64,
    /// Whether it only reports.
    pub warn_only: bool,
    /// How it came out.
    pub verdict: GateVerdict,
    /// Why, in one sentence.
    pub why: String,
    /// For `newly_missed` and `newly_found`: the claims, as `article_id` and name of the claim.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<(String, String)>,
}

/// Which limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LimitKind {
    /// The number must not be below.
    Min,
    /// The number must not be above.
    Max,
    /// The number must not have fallen by more against the baseline.
    MaxDrop,
}
