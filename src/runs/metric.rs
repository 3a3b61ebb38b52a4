//! Every number of a result by its path in the JSON, with what it means.

use serde::Serialize;
use serde_json::Value;

use crate::claim::nearest;

/// The values that a number can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Range {
    /// Whole numbers from 0.
    Count,
    /// 0 to 1.
    Share,
    /// From 0, without an upper end.
    Rate,
    /// -1 to 1.
    Difference,
}

impl Range {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Range::Count => "a count",
            Range::Share => "0 to 1",
            Range::Rate => "0 or more",
            Range::Difference => "-1 to 1",
        }
    }

    /// Whether the number can be.
    pub fn contains(self, number: f64) -> bool {
        match self {
            Range::Count => number >= 0.0 && number.fract() == 0.0,
            Range::Share => (0.0..=1.0).contains(&number),
            Range::Rate => number >= 0.0,
            Range::Difference => (-1.0..=1.0).contains(&number),
        }
    }
}

/// One number of a result, or one for each name of a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Metric {
    /// The path in the result's JSON; `*` stands for the names of a map, `[]` for the items of a list.
    pub path: &'static str,
    /// What it means.
    pub definition: &'static str,
    /// The values that it can take.
    pub range: Range,
    /// When it is `null`, or absent with the block around it; empty for never.
    pub undefined: &'static str,
}

const fn count(path: &'static str, definition: &'static str) -> Metric {
    Metric { path, definition, range: Range::Count, undefined: "" }
}

const fn share(path: &'static str, definition: &'static str, undefined: &'static str) -> Metric {
    Metric { path, definition, range: Range::Share, undefined }
}

const NO_PREDICTION: &str = "nothing was predicted";
const NO_GOLD: &str = "there is no gold claim";
const NO_INTERVAL: &str = "the block `reasons` beside it says why: the number is undefined (undefined), there are fewer than 2 units (few_units), \
     more than 5 % of the replicates are undefined (undefined_replicates), all replicates are equal (all_equal), or the bias or the acceleration \
     is undefined (degenerate)";
const NEITHER: &str = "there is neither a gold nor a predicted claim";

/// All numbers, in the order in which people look for them.
pub const METRICS: &[Metric] = &[
    count("criteria.*.tp", "pairs of a gold and a predicted claim under the criterion"),
    count("criteria.*.fp", "predicted claims without a pair"),
    count("criteria.*.fn", "gold claims without a pair; all those of failed articles are among them"),
    share("criteria.*.precision", "tp / (tp + fp)", NO_PREDICTION),
    share("criteria.*.recall", "tp / (tp + fn)", NO_GOLD),
    share("criteria.*.f1", "2 tp / (2 tp + fp + fn)", NEITHER),
    share("criteria.*.soft_f1", "F1 with the similarity of each pair in place of 1", NEITHER),
    share("criteria.*.ci.precision[]", "lower and upper end of the 95 % interval of precision", NO_INTERVAL),
    share("criteria.*.ci.recall[]", "lower and upper end of the 95 % interval of recall", NO_INTERVAL),
    share("criteria.*.ci.f1[]", "lower and upper end of the 95 % interval of f1", NO_INTERVAL),
    count("criteria.*.ci.units", "what was resampled: articles, or the groups that they are in"),
    count("criteria.*.ci.undefined.precision", "bootstrap replicates without a defined precision; they are left out"),
    count("criteria.*.ci.undefined.recall", "bootstrap replicates without a defined recall; they are left out"),
    count("criteria.*.ci.undefined.f1", "bootstrap replicates without a defined F1; they are left out"),
    count("criteria.*.without_failed.tp", "pairs; failed articles are left out"),
    count("criteria.*.without_failed.fp", "predicted claims without a pair; failed articles are left out"),
    count("criteria.*.without_failed.fn", "gold claims without a pair; failed articles are left out"),
    share("criteria.*.without_failed.precision", "tp / (tp + fp) without failed articles", NO_PREDICTION),
    share("criteria.*.without_failed.recall", "tp / (tp + fn) without failed articles", NO_GOLD),
    share("criteria.*.without_failed.f1", "2 tp / (2 tp + fp + fn) without failed articles", NEITHER),
    share("criteria.*.macro_kinds.precision.mean", "unweighted mean of the precision of each kind", "no kind has a defined precision"),
    count("criteria.*.macro_kinds.precision.over", "kinds in that mean"),
    count("criteria.*.macro_kinds.precision.undefined", "kinds left out of it, because nothing of the kind was predicted"),
    share("criteria.*.macro_kinds.recall.mean", "unweighted mean of the recall of each kind", "no kind has a defined recall"),
    count("criteria.*.macro_kinds.recall.over", "kinds in that mean"),
    count("criteria.*.macro_kinds.recall.undefined", "kinds left out of it, because gold has none of the kind"),
    count("fields.*.matched.cor", "pairs of the primary criterion where both claims have the field and the values are equal"),
    count("fields.*.matched.inc", "pairs where both claims have the field and the values differ"),
    count("fields.*.matched.mis", "pairs where only the gold claim has the field"),
    count("fields.*.matched.spu", "pairs where the gold claim says that the field is absent and the predicted claim has it"),
    count("fields.*.matched.tn", "pairs where both claims say that the field is absent; never credit"),
    share("fields.*.matched.precision", "cor / (cor + inc + spu)", "no pair with the annotated field has a predicted value"),
    share("fields.*.matched.recall", "cor / (cor + inc + mis)", "no pair has a gold value"),
    share("fields.*.matched.f1", "2 cor / (2 cor + 2 inc + mis + spu)", "no pair has a value on either side"),
    share("fields.*.matched.ci.precision[]", "lower and upper end of the 95 % interval of precision, over pairs", NO_INTERVAL),
    share("fields.*.matched.ci.recall[]", "lower and upper end of the 95 % interval of recall, over pairs", NO_INTERVAL),
    share("fields.*.matched.ci.f1[]", "lower and upper end of the 95 % interval of F1, over pairs", NO_INTERVAL),
    count("fields.*.matched.ci.units", "what was resampled: articles, or the groups that they are in"),
    count("fields.*.matched.ci.undefined.precision", "bootstrap replicates without a defined precision; they are left out"),
    count("fields.*.matched.ci.undefined.recall", "bootstrap replicates without a defined recall; they are left out"),
    count("fields.*.matched.ci.undefined.f1", "bootstrap replicates without a defined F1; they are left out"),
    count("fields.*.end_to_end.tp", "the same as matched.cor"),
    count("fields.*.end_to_end.fp", "predicted values that are not right, those of spurious claims too"),
    count("fields.*.end_to_end.fn", "gold values that were not found, those of missed claims too"),
    share("fields.*.end_to_end.precision", "tp / (tp + fp)", "no predicted claim has the field"),
    share("fields.*.end_to_end.recall", "tp / (tp + fn)", "no gold claim has the field"),
    share("fields.*.end_to_end.f1", "2 tp / (2 tp + fp + fn)", "no claim has the field"),
    share("fields.*.end_to_end.ci.precision[]", "lower and upper end of the 95 % interval of precision, over all claims", NO_INTERVAL),
    share("fields.*.end_to_end.ci.recall[]", "lower and upper end of the 95 % interval of recall, over all claims", NO_INTERVAL),
    share("fields.*.end_to_end.ci.f1[]", "lower and upper end of the 95 % interval of F1, over all claims", NO_INTERVAL),
    count("fields.*.end_to_end.ci.units", "what was resampled: articles, or the groups that they are in"),
    count("fields.*.end_to_end.ci.undefined.precision", "bootstrap replicates without a defined precision; they are left out"),
    count("fields.*.end_to_end.ci.undefined.recall", "bootstrap replicates without a defined recall; they are left out"),
    count("fields.*.end_to_end.ci.undefined.f1", "bootstrap replicates without a defined F1; they are left out"),
    Metric {
        path: "slot_error_rate",
        definition: "(inc + mis + spu) / (cor + inc + mis) over all fields of pairs; may exceed 1 where much is spurious",
        range: Range::Rate,
        undefined: "no pair has a gold value",
    },
    count("all_fields_right", "pairs of the primary criterion whose annotated fields are all right"),
    count("right", "pairs of the error view with IoU of at least 0.5, the same kind and equal key fields"),
    share("right_f1", "2 right / (gold + predicted)", NEITHER),
    count("errors.*.count", "claims or pairs of the error class"),
    Metric {
        path: "errors.*.f1_gain",
        definition: "what right_f1 would gain if all of the class were mended",
        range: Range::Difference,
        undefined: "right_f1 is undefined before or after",
    },
    count("flags.gold_split", "gold claims that two or more predictions overlap"),
    count("flags.pred_merge", "predicted claims that overlap two or more gold claims"),
    count("confusion.*.*", "pairs of the error view by gold kind and predicted kind"),
    count("semeval.*.correct", "pairs of the SemEval-2013 view that agree under the scheme"),
    count("semeval.*.incorrect", "pairs that do not agree"),
    count("semeval.*.partial", "pairs that overlap (scheme partial only); half a credit"),
    count("semeval.*.missed", "gold claims without a pair"),
    count("semeval.*.spurious", "predicted claims without a pair"),
    count("semeval.*.possible", "correct + incorrect + partial + missed"),
    count("semeval.*.actual", "correct + incorrect + partial + spurious"),
    share("semeval.*.precision", "(correct + partial / 2) / actual", NO_PREDICTION),
    share("semeval.*.recall", "(correct + partial / 2) / possible", NO_GOLD),
    share("semeval.*.f1", "2 (correct + partial / 2) / (possible + actual)", NEITHER),
    count("gold", "gold claims of scored and failed articles, without optional ones"),
    count("gold_without_key", "gold claims without an annotated key field; they fit any value under `value` and `claim`"),
    count("predicted", "predicted claims of scored articles"),
    count("looks_local", "predicted decimals that are wrong as written and right if read by the article's language"),
    count("thinned", "articles with more than 250,000 eligible pairs, paired among the likeliest partners only"),
    count("articles.total", "articles that were selected; scored + failed + excluded"),
    count("articles.scored", "articles that are labelled whole and were answered"),
    count("articles.failed", "articles that are labelled whole and were not answered; all their gold counts as missed"),
    count("articles.excluded", "articles that are not labelled whole, or were skipped"),
    count("articles.excluded_by.*", "excluded articles by the status of their labels, or `skipped`"),
    count("articles.outcomes.*", "attempted articles by outcome"),
    count("articles.empty_right", "scored articles without gold and without predictions"),
    count("articles.empty_total", "scored articles without gold"),
    count("dataset.articles", "the same as articles.total"),
    count("dataset.gold_claims", "the same as gold"),
    count("located.exact", "predicted claims whose offsets hold, or whose quote occurs once"),
    count("located.folded", "predicted claims found after folding white space, quotation marks, dashes, case and Unicode forms"),
    count("located.fuzzy", "predicted claims found by likeness"),
    count("located.ambiguous_quote", "predicted claims whose quote occurs more than once and nothing decides"),
    count("located.unlocated", "predicted claims without a place: spurious under every criterion that looks at spans"),
    count("slices[].gold", "gold claims with that value of the column"),
    Metric {
        path: "slices[].predicted",
        definition: "predicted claims with that value of the column",
        range: Range::Count,
        undefined: "the column is one of gold claims only",
    },
    count("slices[].criteria.*.tp", "gold claims of the slice with a pair"),
    Metric {
        path: "slices[].criteria.*.fp",
        definition: "predicted claims of the slice without a pair",
        range: Range::Count,
        undefined: "the column is one of gold claims only",
    },
    count("slices[].criteria.*.fn", "gold claims of the slice without a pair"),
    share(
        "slices[].criteria.*.precision",
        "predicted claims of the slice with a pair / all predicted claims of the slice",
        "nothing was predicted there, or the column is one of gold claims only",
    ),
    share("slices[].criteria.*.recall", "tp / (tp + fn)", "the slice has no gold claim"),
    share(
        "slices[].criteria.*.f1",
        "2 tp / (2 tp + fp + fn)",
        "the column does not cut both claims of a pair alike, or the slice is empty",
    ),
    share("slices[].ci.precision[]", "lower and upper end of the 95 % interval of precision, under the primary criterion", NO_INTERVAL),
    share("slices[].ci.recall[]", "lower and upper end of the 95 % interval of recall, under the primary criterion", NO_INTERVAL),
    share("slices[].ci.f1[]", "lower and upper end of the 95 % interval of F1, under the primary criterion", NO_INTERVAL),
    count("slices[].ci.units", "what was resampled: articles, or the groups that they are in, with a claim in the slice"),
    count("slices[].ci.undefined.precision", "bootstrap replicates without a defined precision; they are left out"),
    count("slices[].ci.undefined.recall", "bootstrap replicates without a defined recall; they are left out"),
    count("slices[].ci.undefined.f1", "bootstrap replicates without a defined F1; they are left out"),
    share("worst_slices[].score", "F1 of the slice under the primary criterion, or its recall where F1 is not defined", ""),
    count("worst_slices[].gold", "gold claims of the slice, at least 10"),
    count("incomplete.articles", "articles that are labelled in part; they are in no other number"),
    count("incomplete.gold", "their gold claims"),
    count("incomplete.found", "those with a pair under the primary criterion"),
    share("incomplete.recall", "found / gold", "they have no gold claim"),
    count("incomplete.unjudged", "their predicted claims without a pair: nobody knows whether they are wrong"),
    count("calibration.scored", "predicted claims with a confidence, without those paired with optional gold"),
    count("calibration.without_score", "predicted claims without one; they are left out of this block"),
    share("calibration.average_precision", "sum over distinct scores of (R_i - R_(i-1)) P_i; recall is over all gold claims", NO_GOLD),
    share("calibration.ece", "expected calibration error: mean of |precision - mean score| over 10 bins, weighted by predictions", ""),
    share("calibration.brier", "mean of (score - hit)²", ""),
    share("calibration.best_threshold.score", "the score at which keeping all predictions from it on has the best F1", ""),
    share("calibration.best_threshold.f1", "that F1, over all gold claims", ""),
    share("calibration.reliability[].from", "lower end of the bin", ""),
    count("calibration.reliability[].count", "predicted claims of the bin"),
    share("calibration.reliability[].mean_score", "mean confidence of the bin", ""),
    share("calibration.reliability[].precision", "share of the bin's predicted claims that have a pair under the primary criterion", ""),
    share("calibration.ci.average_precision[]", "lower and upper end of the 95 % interval of average_precision", NO_INTERVAL),
    count("calibration.ci.units", "what was resampled: articles, or the groups that they are in"),
    count("calibration.ci.undefined.average_precision", "bootstrap replicates without gold or without a confidence; they are left out"),
];

/// Blocks that are `null` as a whole, with the reason.
pub const BLOCKS: &[(&str, &str)] = &[
    ("criteria.*.ci", "absent unless intervals were asked for (--ci criteria, --ci all)"),
    ("incomplete", "every article is labelled whole"),
    ("clusters", "tracking is not measured in this version"),
    ("calibration", "no prediction has a confidence"),
    ("calibration.best_threshold", "no prediction has a confidence"),
    ("fields.*.matched.ci", "absent unless all intervals were asked for (--ci all)"),
    ("fields.*.end_to_end.ci", "absent unless all intervals were asked for (--ci all)"),
    ("slices[].ci", "absent unless all intervals were asked for (--ci all)"),
    ("calibration.ci", "absent unless all intervals were asked for (--ci all)"),
];

/// The definition of the number at a path, whose segments are the names of a real result; items of lists are `[]`.
pub fn metric_at(segments: &[String]) -> Option<&'static Metric> {
    METRICS.iter().find(|metric| {
        let wanted: Vec<&str> = split(metric.path).collect();
        wanted.len() == segments.len() && wanted.iter().zip(segments).all(|(w, s)| *w == "*" || w == s)
    })
}

/// `slices[].gold` as `slices`, `[]`, `gold`.
fn split(path: &str) -> impl Iterator<Item = &str> {
    path.split('.').flat_map(|part| match part.strip_suffix("[]") {
        Some(list) => vec![list, "[]"],
        None => vec![part],
    })
}

/// The number at a path of a result, such as `criteria.iou50.f1`: `None` where the result has no such place, `Some(None)` where it is
/// `null`. Names with a dot in them are found too; lists are not entered.
///
/// ```
/// use claim_assay::runs::number_at;
/// let result = serde_json::json!({"criteria": {"iou50": {"tp": 3, "f1": null}}});
/// assert_eq!(number_at(&result, "criteria.iou50.tp"), Some(Some(3.0)));
/// assert_eq!(number_at(&result, "criteria.iou50.f1"), Some(None));
/// assert_eq!(number_at(&result, "criteria.iou50"), None);
/// ```
pub fn number_at(result: &Value, path: &str) -> Option<Option<f64>> {
    match result {
        Value::Object(map) => {
            if let Some(found) = map.get(path).and_then(number) {
                return Some(found);
            }
            path.match_indices('.').find_map(|(dot, _)| number_at(map.get(&path[..dot])?, &path[dot + 1..]))
        }
        _ => None,
    }
}

fn number(value: &Value) -> Option<Option<f64>> {
    match value {
        Value::Null => Some(None),
        Value::Number(number) => Some(number.as_f64()),
        _ => None,
    }
}

/// The path of a result that is meant by one that it does not have: one that ends so, as for `recall`, else the one that is most like it.
/// Of several that end so it is the one under the primary criterion, else the shortest.
pub fn nearest_path(result: &Value, path: &str) -> Option<String> {
    let all = leaves(result).into_iter().filter(|(segments, _)| !segments.iter().any(|s| s == "[]"));
    let all: Vec<String> = all.map(|(segments, _)| segments.join(".")).collect();
    let end = format!(".{path}");
    let primary = format!("criteria.{}.", result.get("primary").and_then(Value::as_str).unwrap_or_default());
    let ending = all.iter().filter(|p| p.ends_with(&end)).min_by_key(|p| (!p.starts_with(&primary), p.len(), p.as_str()));
    ending.cloned().or_else(|| nearest(path, all.iter().map(String::as_str)).map(str::to_owned))
}

/// Every number and `null` of a result with its path.
pub fn leaves(result: &Value) -> Vec<(Vec<String>, &Value)> {
    fn walk<'v>(value: &'v Value, path: &mut Vec<String>, out: &mut Vec<(Vec<String>, &'v Value)>) {
        match value {
            Value::Number(_) | Value::Null => out.push((path.clone(), value)),
            Value::Object(map) => {
                for (name, inner) in map {
                    path.push(name.clone());
                    walk(inner, path, out);
                    path.pop();
                }
            }
            Value::Array(items) => {
                path.push("[]".to_owned());
                items.iter().for_each(|inner| walk(inner, path, out));
                path.pop();
            }
            Value::Bool(_) | Value::String(_) => {}
        }
    }
    let mut out = Vec::new();
    walk(result, &mut Vec::new(), &mut out);
    out
}
