//! `[[gate]]`: rules over a run that fail CI.

use std::collections::BTreeMap;

use crate::claim::nearest;
use crate::formats::settings::{Reader, Section};
use crate::report::safe::quoted;

use crate::score::Criterion;

/// A rule over one number of a result.
#[derive(Clone, Debug, PartialEq)]
pub struct Gate {
    /// Id of an extractor, `*` for each; `None` = the main one.
    pub extractor: Option<String>,
    /// A path of the result's JSON, such as `criteria.iou50.f1`, or `newly_missed`, `newly_found`.
    pub metric: String,
    /// The number must not be below.
    pub min: Option<f64>,
    /// The number must not be above.
    pub max: Option<f64>,
    /// The number must not have fallen by more against the baseline.
    pub max_drop: Option<f64>,
    /// Column and value: over this part of the data only.
    pub slice: BTreeMap<String, String>,
    /// Gold claims below which the gate is not evaluated.
    pub min_support: u64,
    /// Column and value: over these claims only.
    pub conditions: BTreeMap<String, String>,
    /// Whether it fails or only reports.
    pub level: GateLevel,
}

/// What a gate that does not hold does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GateLevel {
    /// Exit code 100.
    #[default]
    Fail,
    /// A line in the report.
    Warn,
}

/// The members of a result that a metric's path can begin with.
const ROOTS: [&str; 18] = [
    "all_fields_right",
    "articles",
    "calibration",
    "clusters",
    "confusion",
    "criteria",
    "errors",
    "fields",
    "flags",
    "gold",
    "incomplete",
    "located",
    "looks_local",
    "newly_found",
    "newly_missed",
    "predicted",
    "right_f1",
    "semeval",
];

/// Members that are a share and lie in 0..1.
const SHARES: [&str; 5] = ["precision", "recall", "f1", "soft_f1", "right_f1"];

pub(super) fn read(reader: &mut Reader<'_>, section: &mut Section<'_>, extractors: &[&str]) -> Option<Gate> {
    let metric = reader.checked(section, "metric", check_metric);
    match &metric {
        Some(metric) => section.name = format!("gate {metric}"),
        None if !section.has("metric") => reader.missing(section, "metric", "metric = \"criteria.iou50.f1\""),
        None => {}
    }
    let extractor = reader.checked(section, "extractor", |id| {
        if id == "*" || extractors.contains(&id) {
            return Ok(());
        }
        let near = nearest(id, extractors.iter().copied()).map(|n| format!("; did you mean \"{n}\"?")).unwrap_or_default();
        Err(format!("no [[extractor]] has the id {}{near}", quoted(id, 64)))
    });
    let last = metric.as_deref().unwrap_or("").rsplit('.').next().unwrap_or("").to_owned();
    let range = if SHARES.contains(&last.as_str()) { 0.0..=1.0 } else { f64::NEG_INFINITY..=f64::INFINITY };
    let min = reader.number(section, "min", range.clone());
    let max = reader.number(section, "max", range.clone());
    let max_drop = reader.number(section, "max_drop", 0.0..=if range.end().is_finite() { 1.0 } else { f64::INFINITY });
    if !["min", "max", "max_drop"].iter().any(|key| section.has(key)) {
        reader.error(section.at, format!("{} has no limit; write min, max or max_drop", section.name));
    }
    if let (Some(min), Some(max)) = (min, max)
        && min > max
    {
        reader.error(section.at, format!("{} can never hold: min {min} is above max {max}", section.name));
    }
    let slice = reader.string_map(section, "slice").unwrap_or_default();
    let min_support = reader.integer(section, "min_support", 0..=u64::from(u32::MAX)).unwrap_or(0);
    let conditions = reader.string_map(section, "where").unwrap_or_default();
    let level = match reader.choice(section, "level", &["fail", "warn"]) {
        Some(1) => GateLevel::Warn,
        _ => GateLevel::Fail,
    };
    reader.finish(section);
    Some(Gate { extractor, metric: metric?, min, max, max_drop, slice, min_support, conditions, level })
}

fn check_metric(path: &str) -> Result<(), String> {
    let mut parts = path.split('.');
    let root = parts.next().unwrap_or("");
    let known = ROOTS.iter().chain(&["right", "slot_error_rate"]).copied();
    if !known.clone().any(|r| r == root) {
        let last = nearest(root, SHARES).map(|share| format!("criteria.iou50.{share}"));
        let near = nearest(root, known).map(str::to_owned).or(last).map(|n| format!("; did you mean {n}?"));
        let near = near.unwrap_or_else(|| "; write a path of the result's JSON, such as criteria.iou50.f1".to_owned());
        return Err(format!("{} is no metric{near}", quoted(path, 60)));
    }
    if root == "criteria"
        && let Some(name) = parts.next()
        && name.parse::<Criterion>().is_err()
    {
        return Err(format!("{} is no metric: {} is no criterion", quoted(path, 60), quoted(name, 40)));
    }
    Ok(())
}
