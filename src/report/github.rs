//! What GitHub shows of a run: annotations beside lines of the claim file, the summary of the step, and outputs for later steps.

use super::document::Document;
use super::markdown::{Budget, within};
use super::safe::{quoted, shown};
use super::terminal::three;
use super::words::{by_importance, differences, direction, gate, lines_with, must_find, named_by_failed_gates, verdict};
use crate::runs::{ClaimChange, FieldDifference, GateLine, GateVerdict};

/// GitHub shows so many annotations of a level and a step, and drops the others without a word.
const MOST: usize = 10;
/// Most characters of a quote.
const QUOTE: usize = 200;
/// Most characters of a message.
const MESSAGE: usize = 2000;

/// One annotation: its properties and its message.
struct Annotation {
    /// A path seen from the repository's root, with a line.
    place: Option<(String, u64)>,
    title: &'static str,
    message: String,
}

/// The annotations as workflow commands, a line each.
///
/// Errors are the failed gates, then the newly missed claims that a failed gate names or that must be found; warnings are gates that only
/// warn or could not be judged, the other newly missed claims, and fields that are newly wrong; notices are newly spurious claims. The last
/// of ten says how many more there are.
pub fn annotations(document: &Document) -> String {
    let gates = |verdict| lines_with(&document.gates, verdict);
    let named = named_by_failed_gates(document);
    let grave = |c: &&ClaimChange| must_find(&c.claim) || named.contains(&(c.article_id.as_str(), c.claim.name.as_str()));
    let changes = document.comparison.as_ref().map(|comparison| &comparison.changes);
    let missed = changes.map(|changes| by_importance(document, &changes.newly_missed)).unwrap_or_default();
    let (grave, other): (Vec<&ClaimChange>, Vec<&ClaimChange>) = missed.into_iter().partition(grave);

    let mut errors: Vec<Annotation> = gates(GateVerdict::Fail).map(|line| of_gate("Gate failed", line)).collect();
    errors.extend(grave.into_iter().map(|c| missed_claim(document, c)));
    let mut warnings: Vec<Annotation> = gates(GateVerdict::Warn).map(|line| of_gate("Gate warns", line)).collect();
    warnings.extend(gates(GateVerdict::NotEvaluated).map(|line| of_gate("Gate not evaluated", line)));
    warnings.extend(document.no_comparison.iter().map(|why| Annotation {
        place: None,
        title: "Not compared",
        message: shown(why).into_owned(),
    }));
    warnings.extend(other.into_iter().map(|c| missed_claim(document, c)));
    let wrong = changes.map(|changes| by_importance(document, &changes.newly_wrong_field)).unwrap_or_default();
    warnings.extend(wrong.into_iter().map(|c| wrong_field(document, c)));
    let notices: Vec<Annotation> = changes.into_iter().flat_map(|changes| &changes.newly_spurious).map(spurious).collect();

    let mut out = String::new();
    for (level, list) in [("error", errors), ("warning", warnings), ("notice", notices)] {
        write(level, &list, &mut out);
    }
    out
}

fn write(level: &str, list: &[Annotation], out: &mut String) {
    let shown = if list.len() > MOST { MOST - 1 } else { list.len() };
    for Annotation { place, title, message } in &list[..shown] {
        let place = place.as_ref().map(|(file, line)| format!("file={},line={line},", property(file))).unwrap_or_default();
        let message = super::words::cut(message, MESSAGE);
        out.push_str(&format!("::{level} {place}title={}::{}\n", property(title), data(&message)));
    }
    if shown < list.len() {
        out.push_str(&format!("::{level} title=Assay::{} more: see the summary of this step\n", list.len() - shown));
    }
}

fn of_gate(title: &'static str, line: &GateLine) -> Annotation {
    Annotation { place: None, title, message: format!("{} ({}): {}", shown(&gate(line)), shown(&line.extractor), shown(&line.why)) }
}

fn missed_claim(document: &Document, change: &ClaimChange) -> Annotation {
    let tag = if must_find(&change.claim) { ", must-find" } else { "" };
    let message = format!("{}{tag} was found before and is missed now", named(change));
    Annotation { place: place(document, change), title: "Newly missed claim", message }
}

fn wrong_field(document: &Document, change: &ClaimChange) -> Annotation {
    let fields: Vec<FieldDifference> =
        change.fields.iter().map(|f| FieldDifference { field: f.field.clone(), gold: f.gold.clone(), predicted: f.head.clone() }).collect();
    let message = format!("{}: a field that was right is wrong now: {}", named(change), shown(&differences(&fields)));
    Annotation { place: place(document, change), title: "Newly wrong field", message }
}

fn spurious(change: &ClaimChange) -> Annotation {
    Annotation { place: None, title: "Newly spurious claim", message: format!("{} matches no gold claim", named(change)) }
}

/// `id-0042 c3 quantity "37.000"`.
fn named(change: &ClaimChange) -> String {
    let claim = &change.claim;
    let parts = [change.article_id.as_str(), &claim.name, &claim.kind];
    let mut parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).map(|part| shown(part).into_owned()).collect();
    if !claim.quote.is_empty() {
        parts.push(quoted(&claim.quote, QUOTE));
    }
    parts.join(" ")
}

/// The line of the gold claim; the first one of the file where it is not known.
fn place(document: &Document, change: &ClaimChange) -> Option<(String, u64)> {
    Some((shown(&document.claims_file).into_owned(), change.claim.line.unwrap_or(1)))
}

/// A message as a workflow command takes it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a workflow command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// The report for the summary of a step, in at most so many bytes: GitHub refuses a summary of more than 1 MiB whole. Empty where
/// there is no room for the verdict.
pub fn step_summary(document: &Document, budget: usize) -> String {
    within(document, Budget::Bytes(budget))
}

/// What later steps of a job can read: `verdict` of the gates (`pass, warn, fail, not evaluated`, or `none`), `comparison` (`better, worse` …
/// or `none`), `run`, and the primary `f1` as all reports print it.
pub fn outputs(document: &Document) -> Vec<(String, String)> {
    let none = || "none".to_owned();
    let f1 = document.result.criteria.get(&document.result.primary).and_then(|score| score.all.f1);
    vec![
        ("verdict".to_owned(), document.gates.as_ref().map_or_else(none, |g| verdict(g.verdict).to_owned())),
        ("comparison".to_owned(), document.comparison.as_ref().map_or_else(none, |c| direction(c.verdict.direction).to_owned())),
        ("run".to_owned(), shown(&document.run.id).into_owned()),
        ("f1".to_owned(), three(f1)),
    ]
}
