//! What numbers depend on, as one line.

use super::settings::{Scorer, Settings};
use super::similarity::{KIND_WEIGHT, SPAN_WEIGHT};
use crate::stats::IntervalSettings;

/// Rises only when a number can change.
pub const SCORING: u32 = 1;

/// The signature of a run: criterion, weights, numbers, scoring version, dataset hash, selection.
///
/// ```text
/// assay|scoring:1|primary:iou50|criteria:exact,iou50|key:bound,change,unit,value|weights:span2,kind1,value3|numbers:canonical|ci:none|data:…|selection:all
/// ```
///
/// With intervals it says `ci:bca,resamples2000,seed20240513,unit:article`; the unit is `group` where an article is in one (`grouped`).
pub(super) fn signature(settings: &Settings, scorer: &Scorer, dataset_hash: &str, selection: &str, grouped: bool) -> String {
    let list = |items: Vec<String>| items.join(",");
    let criteria = list(scorer.criteria().iter().map(ToString::to_string).collect());
    let key = list(scorer.vocabulary.key_fields().iter().map(|&f| scorer.vocabulary.field(f).field.name.clone()).collect());
    let mut weights = vec![format!("span{SPAN_WEIGHT}"), format!("kind{KIND_WEIGHT}")];
    let mut tolerances = Vec::new();
    for rule in scorer.vocabulary.fields() {
        if rule.field.weight != 1 {
            weights.push(format!("{}{}", rule.field.name, rule.field.weight));
        }
        if rule.tolerant {
            let tolerance = rule.field.tolerance;
            tolerances.push(format!("{}±{}±{}r", rule.field.name, tolerance.abs.normalize(), tolerance.rel.normalize()));
        }
    }
    let mut parts = vec![
        "assay".to_owned(),
        format!("scoring:{SCORING}"),
        format!("primary:{}", settings.primary),
        format!("criteria:{criteria}"),
        format!("key:{key}"),
        format!("weights:{}", list(weights)),
    ];
    if !tolerances.is_empty() {
        parts.push(format!("tolerance:{}", list(tolerances)));
    }
    parts.push(format!("numbers:{}", settings.numbers.name()));
    parts.push(match settings.intervals {
        None => "ci:none".to_owned(),
        Some(IntervalSettings { resamples, seed }) => {
            let unit = if grouped { "group" } else { "article" };
            format!("ci:bca,resamples{resamples},seed{seed},unit:{unit}")
        }
    });
    parts.push(format!("data:{dataset_hash}"));
    parts.push(format!("selection:{selection}"));
    parts.join("|")
}

/// The names of the parts in which two signatures differ, such as `data` and `selection`; nothing where they are equal.
///
/// ```
/// use claim_assay::score::signature_differences;
/// let names = signature_differences("assay|primary:iou50|data:1|selection:all", "assay|primary:iou50|data:2|selection:lang=id");
/// assert_eq!(names, ["data", "selection"]);
/// ```
pub fn signature_differences<'s>(a: &'s str, b: &'s str) -> Vec<&'s str> {
    let (a, b) = (parts(a), parts(b));
    let mut names: Vec<&str> = Vec::new();
    for name in a.iter().chain(&b).map(|part| part.0) {
        let value = |parts: &[(&str, &'s str)]| parts.iter().find(|part| part.0 == name).map(|part| part.1);
        if value(&a) != value(&b) && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Names with their values. A selection may hold any character, and stands at the end.
fn parts(signature: &str) -> Vec<(&str, &str)> {
    let (others, selection) = signature.split_once("|selection:").unwrap_or((signature, ""));
    let named = others.split('|').map(|part| part.split_once(':').unwrap_or((part, "")));
    named.chain([("selection", selection)]).collect()
}
