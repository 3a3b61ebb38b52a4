//! From a run, its baseline and the rules of assay.toml to verdicts.

use std::cmp::Ordering;

use serde_json::Value;

use super::claims::{Claims, listed, support_of_claims};
use super::metric::{GateMetric, GateProblem, resolve};
use super::model::{GateLine, GateReport, GateVerdict, JudgedRun, LimitKind};
use crate::report::signed;
use crate::report::terminal::{count, three};
use crate::runs::attempt::Rescored;
use crate::runs::comparison::{Common, Comparison};
use crate::runs::measure::{Counted, Measure, Part};
use crate::score::{ArticleInput, EvaluatedArticle};
use crate::stats::{Counts, NoInterval, PairedSettings};
use crate::workspace::{Gate, GateLevel};

/// A run that is judged, with what it is judged against.
pub struct Judged<'a, 'r> {
    /// Id of the extractor.
    pub extractor: &'r str,
    /// The run, scored on the gold of today.
    pub run: &'r Rescored<'a>,
    /// Its baseline, scored likewise, and what differs between the two.
    pub baseline: Result<(&'r Rescored<'a>, &'r Comparison), String>,
    /// Of paired intervals.
    pub settings: PairedSettings,
}

/// Judges the gates of one extractor: a line for each limit, in the order of the gates.
///
/// # Errors
/// Every gate that asks for something that neither the result nor the dataset has.
pub fn judge(gates: &[&Gate], judged: &Judged<'_, '_>) -> Result<Vec<GateLine>, Vec<GateProblem>> {
    let result = serde_json::to_value(&judged.run.evaluation.result).unwrap_or(Value::Null);
    let mut lines = Vec::new();
    let mut problems = Vec::new();
    for gate in gates {
        match resolve(gate, judged.run, &result) {
            Ok(metric) => lines.extend(limits(gate).map(|(kind, limit)| line(gate, &metric, kind, limit, judged))),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(lines) } else { Err(problems) }
}

/// The lines of gates whose extractor has no run to judge.
pub fn not_run(gates: &[&Gate], extractor: &str) -> Vec<GateLine> {
    let why = format!("no run of {extractor} was judged");
    let lines = |gate: &&Gate| {
        let gate = (*gate).clone();
        let why = why.clone();
        limits(&gate).map(|(kind, limit)| GateLine { why: why.clone(), ..blank(&gate, extractor, kind, limit) }).collect::<Vec<_>>()
    };
    gates.iter().flat_map(lines).collect()
}

/// All lines together.
pub fn gate_report(runs: Vec<JudgedRun>, lines: Vec<GateLine>) -> GateReport {
    let number = |verdict: GateVerdict| lines.iter().filter(|line| line.verdict == verdict).count();
    let (failed, warned, left) = (number(GateVerdict::Fail), number(GateVerdict::Warn), number(GateVerdict::NotEvaluated));
    let all = lines.len();
    let gates = count(all as u64, "gate");
    let mut also = String::new();
    if warned > 0 {
        also.push_str(&format!("; {warned} only warned"));
    }
    if left > 0 {
        also.push_str(&format!("; {left} could not be evaluated"));
    }
    let (verdict, sentence) = if failed > 0 {
        (GateVerdict::Fail, format!("{failed} of {gates} failed{also}."))
    } else if all == 0 {
        (GateVerdict::NotEvaluated, "There is no gate.".to_owned())
    } else if left == all {
        (
            GateVerdict::NotEvaluated,
            if all == 1 { "The gate could not be evaluated.".to_owned() } else { format!("None of {gates} could be evaluated.") },
        )
    } else {
        let held = all - warned - left;
        let verdict = if warned > 0 { GateVerdict::Warn } else { GateVerdict::Pass };
        (
            verdict,
            if held == all && all == 1 {
                "The gate held.".to_owned()
            } else if held == all {
                format!("All {gates} held.")
            } else if held == 0 {
                format!("No gate failed{also}.")
            } else {
                format!("{held} of {gates} held{also}.")
            },
        )
    };
    GateReport { verdict, sentence, runs, lines }
}

fn limits(gate: &Gate) -> impl Iterator<Item = (LimitKind, f64)> {
    let all = [(LimitKind::Min, gate.min), (LimitKind::Max, gate.max), (LimitKind::MaxDrop, gate.max_drop)];
    all.into_iter().filter_map(|(kind, limit)| Some((kind, limit?)))
}

fn blank(gate: &Gate, extractor: &str, limit: LimitKind, limit_value: f64) -> GateLine {
    GateLine {
        extractor: extractor.to_owned(),
        metric: gate.metric.clone(),
        slice: gate.slice.clone(),
        conditions: gate.conditions.clone(),
        limit,
        limit_value,
        baseline: None,
        now: None,
        difference: None,
        ci: None,
        smallest_failing_drop: None,
        is_count: false,
        support: 0,
        min_support: gate.min_support,
        warn_only: gate.level == GateLevel::Warn,
        verdict: GateVerdict::NotEvaluated,
        why: String::new(),
        claims: Vec::new(),
    }
}

/// A limit judged. `None` in what follows means that it could not be.
fn line(gate: &Gate, metric: &GateMetric, kind: LimitKind, limit: f64, judged: &Judged<'_, '_>) -> GateLine {
    let mut line = blank(gate, judged.extractor, kind, limit);
    let outcome = match metric {
        GateMetric::Share(measure, part) if kind == LimitKind::MaxDrop => fallen(measure, part, judged, &mut line),
        GateMetric::Share(measure, part) => {
            line.support = support(measure, part, of_run(judged.run), judged.run);
            enough(&line).and_then(|()| floor(share_now(measure, part, judged.run), nothing_to_divide_by(judged.run), &mut line))
        }
        GateMetric::Number { value, undefined, is_count } => {
            (line.support, line.is_count) = (judged.run.evaluation.result.gold, *is_count);
            enough(&line).and_then(|()| floor(*value, undefined, &mut line))
        }
        GateMetric::Claims(list) => {
            line.is_count = true;
            newly(*list, gate, judged, &mut line)
        }
    };
    line.verdict = match outcome {
        None => GateVerdict::NotEvaluated,
        Some(true) => GateVerdict::Pass,
        Some(false) if line.warn_only => GateVerdict::Warn,
        Some(false) => GateVerdict::Fail,
    };
    if line.verdict == GateVerdict::NotEvaluated && line.why.is_empty() {
        line.why = format!("{} of the {} that it asks for", count(line.support, "gold claim"), line.min_support);
    }
    line
}

/// Whether the number rests on enough claims; the caller says why not.
fn enough(line: &GateLine) -> Option<()> {
    (line.support >= line.min_support).then_some(())
}

/// An article as it came out in a run.
type Scored<'i, 'a> = (&'i ArticleInput<'a>, &'i EvaluatedArticle);

fn of_run<'i, 'a>(run: &'i Rescored<'a>) -> impl Iterator<Item = Scored<'i, 'a>> {
    run.inputs.iter().zip(&run.evaluation.articles)
}

/// Why a share is undefined.
fn nothing_to_divide_by(run: &Rescored<'_>) -> &'static str {
    if run.inputs.is_empty() { "the run has no article with its text of today" } else { "there is nothing to divide by" }
}

/// Gold claims of a part, over those articles of the run that a number is about.
fn support<'i, 'a: 'i>(measure: &Measure, part: &Part, articles: impl Iterator<Item = Scored<'i, 'a>>, run: &Rescored<'_>) -> u64 {
    let primary = Counted::Criterion(run.settings.primary);
    // Claims outside of a criterion's population are no support for it; of fields, all gold claims of the part are.
    let counted = match (&measure.counted, &part.claims) {
        (counted @ Counted::Criterion(_), _) => counted,
        _ => &primary,
    };
    sum(counted, part, articles, run).gold
}

fn sum<'i, 'a: 'i>(counted: &Counted, part: &Part, articles: impl Iterator<Item = Scored<'i, 'a>>, run: &Rescored<'_>) -> Counts {
    let counts =
        articles.filter(|(input, _)| part.holds(input)).filter_map(|(_, evaluated)| part.counts(counted, evaluated, &run.evaluation.names));
    counts.fold(Counts::default(), |a, b| Counts {
        matched: a.matched + b.matched,
        gold: a.gold + b.gold,
        predicted: a.predicted + b.predicted,
    })
}

fn share_now(measure: &Measure, part: &Part, run: &Rescored<'_>) -> Option<f64> {
    measure.share.value(sum(&measure.counted, part, of_run(run), run))
}

/// Whether a floor or a ceiling holds. An undefined number does not.
fn floor(now: Option<f64>, undefined: &str, line: &mut GateLine) -> Option<bool> {
    line.now = now;
    let Some(now) = now else {
        line.why = format!("{} is undefined: {undefined}", line.metric);
        return Some(false);
    };
    let (holds, word) = match line.limit {
        LimitKind::Min => (now >= line.limit_value, "below"),
        _ => (now <= line.limit_value, "above"),
    };
    let (now, limit) = told(now, line);
    line.why = match (holds, line.limit) {
        (false, _) => format!("{now} is {word} {limit}"),
        (true, LimitKind::Min) => format!("{now} is at least {limit}"),
        (true, _) => format!("{now} is at most {limit}"),
    };
    Some(holds)
}

/// A number and its limit in the digits of all reports; with all of theirs where these would look the same.
fn told(now: f64, line: &GateLine) -> (String, String) {
    if line.is_count {
        return (format!("{now}"), format!("{}", line.limit_value));
    }
    let short = (three(Some(now)), three(Some(line.limit_value)));
    if short.0 == short.1 && now != line.limit_value { (format!("{now}"), format!("{}", line.limit_value)) } else { short }
}

/// Whether a number has not fallen by more than it may, as far as the articles can show.
fn fallen(measure: &Measure, part: &Part, judged: &Judged<'_, '_>, line: &mut GateLine) -> Option<bool> {
    let (base, _) = judged.baseline.as_ref().map_err(|why| line.why.clone_from(why)).ok()?;
    let common = Common::new(base, judged.run);
    line.support = support(measure, part, common.articles().map(|article| (article.input, article.evaluated[1])), judged.run);
    enough(line)?;
    let paired = common.units(std::slice::from_ref(&measure.counted), part).compare(judged.settings).pop()?;
    let of = measure.share.of(&paired.of);
    (line.baseline, line.now, line.difference, line.ci) = (of.base, of.head, of.difference(), of.ci);
    let (Some(base), Some(now)) = (of.base, of.head) else {
        let (who, verdict) = if of.head.is_none() { ("the run", Some(false)) } else { ("the baseline", None) };
        line.why = format!("{} of {who} is undefined over the articles of both", line.metric);
        return verdict;
    };
    let difference = now - base;
    if paired.differing == 0 {
        line.why = "the same counts in every unit".to_owned();
        return Some(true);
    }
    line.smallest_failing_drop = of.ci.map(|[_, high]| (high - difference).max(line.limit_value));
    let why_sure = match (of.ci, of.reason) {
        (Some(_), _) => "the interval is below 0".to_owned(),
        (None, Some(NoInterval::AllEqual)) => format!("by as much in every unit, p {}", three(of.p)),
        (None, _) => format!("p is {}", three(of.p)),
    };
    let Some(direction) = of.direction() else {
        let why = of.reason.map(|reason| reason.to_string()).unwrap_or_default();
        line.why = format!("{} has no interval: {why}", signed(difference));
        // A number that has not fallen cannot have fallen too far.
        return (difference >= 0.0).then_some(true);
    };
    let (too_far, sure) = (-difference > line.limit_value, direction == Ordering::Less);
    let (fell, limit) = told(-difference, line);
    line.why = match (too_far, sure) {
        (true, true) => format!("fell by {fell}, more than {limit}, and {why_sure}"),
        (true, false) => format!("fell by {fell}, but that may be chance"),
        (false, _) if difference < 0.0 => format!("fell by {fell}, no more than {limit}"),
        (false, _) => "did not fall".to_owned(),
    };
    Some(!(too_far && sure))
}

/// Whether few or many enough claims are newly missed or found.
fn newly(list: Claims, gate: &Gate, judged: &Judged<'_, '_>, line: &mut GateLine) -> Option<bool> {
    let (base, comparison) = judged.baseline.as_ref().map_err(|why| line.why.clone_from(why)).ok()?;
    let common = Common::new(base, judged.run);
    line.support = support_of_claims(&common, &gate.conditions);
    enough(line)?;
    if line.support == 0 {
        line.why = "no gold claim of the compared articles is meant".to_owned();
        return None;
    }
    line.claims = listed(list, comparison, &common, &gate.conditions);
    let found = line.claims.len();
    line.now = Some(found as f64);
    let holds = match line.limit {
        LimitKind::Min => found as f64 >= line.limit_value,
        _ => found as f64 <= line.limit_value,
    };
    let bound = if line.limit == LimitKind::Min { "at least" } else { "at most" };
    line.why = format!("{} {}; {bound} {} asked for", count(found as u64, "claim"), list.words(), line.limit_value);
    Some(holds)
}
