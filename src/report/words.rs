//! Words and numbers that all text reports share, so that they say the same thing in the same digits.

use std::collections::{BTreeMap, BTreeSet};

use super::document::Document;
use super::terminal::three;
use crate::extract::RunSpent;
use crate::runs::{ClaimChange, ClaimView, Direction, FieldDifference, GateLine, GateReport, GateVerdict, LimitKind};

/// Tag of gold claims that must not be missed; they come first in lists.
pub(super) const MUST_FIND: &str = "must-find";

/// `pass`, `fail` …
pub(super) fn verdict(verdict: GateVerdict) -> &'static str {
    match verdict {
        GateVerdict::Pass => "pass",
        GateVerdict::Warn => "warn",
        GateVerdict::Fail => "fail",
        GateVerdict::NotEvaluated => "not evaluated",
    }
}

/// `better`, `worse` …
pub(super) fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Better => "better",
        Direction::Worse => "worse",
        Direction::NoEvidence => "no evidence of a difference",
        Direction::Same => "the same",
        Direction::Undecided => "undecided",
    }
}

/// A chance: `.021`, `<.001`.
pub(super) fn chance(p: Option<f64>) -> String {
    if p.is_some_and(|p| p < 0.0005) { "<.001".to_owned() } else { three(p) }
}

/// `+.021`, `-.004`, `±.000`. A difference that is only rounded to 0 keeps its sign: `-.000`.
pub fn signed(difference: f64) -> String {
    let size = three(Some(difference.abs()));
    let sign = match difference {
        0.0 => '±',
        d if d < 0.0 => '-',
        _ => '+',
    };
    format!("{sign}{size}")
}

/// The same; `n/a` where there is none.
pub(super) fn difference(value: Option<f64>) -> String {
    value.map_or_else(|| three(None), signed)
}

/// The interval of a difference: `[-.125, -.008]`, `none`.
pub(super) fn difference_ends(interval: Option<[f64; 2]>) -> String {
    interval.map_or_else(|| "none".to_owned(), |[low, high]| format!("[{}, {}]", signed(low), signed(high)))
}

/// What answers took: `an article p50 0.8 s, p95 2.1 s`, `12,300 + 870 tokens`, `cost 0.0210`, `40 from the cache`; what is not known is left out.
pub(crate) fn spent_in_words(spent: &RunSpent) -> Vec<String> {
    let mut words = Vec::new();
    words.extend(
        spent.latency_p50_s.zip(spent.latency_p95_s).map(|(p50, p95)| format!("an article p50 {}, p95 {}", seconds(p50), seconds(p95))),
    );
    if spent.input_tokens.or(spent.output_tokens).is_some() {
        let tokens = [spent.input_tokens, spent.output_tokens].map(|tokens| tokens.map_or_else(|| "n/a".to_owned(), grouped));
        words.push(format!("{} + {} tokens", tokens[0], tokens[1]));
    }
    words.extend(spent.cost.map(|cost| format!("cost {cost:.4}")));
    words.extend((spent.cached > 0).then(|| format!("{} from the cache", grouped(spent.cached))));
    words
}

/// A time: `31 µs`, `0.4 ms`, `85 ms`, `2.1 s`, `5.7 min`.
pub(crate) fn seconds(seconds: f64) -> String {
    match seconds {
        s if s < 0.0001 => format!("{:.0} µs", s * 1e6),
        s if s < 0.01 => format!("{:.1} ms", s * 1000.0),
        s if s < 1.0 => format!("{:.0} ms", s * 1000.0),
        s if s < 120.0 => format!("{s:.1} s"),
        s => format!("{:.1} min", s / 60.0),
    }
}

/// A count with commas from 10,000 on.
pub(crate) fn grouped(n: u64) -> String {
    let digits = n.to_string();
    if digits.len() < 5 {
        return digits;
    }
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `rules 1`, or the name alone where there is no version.
pub(crate) fn titled(name: &str, version: &str) -> String {
    if version.is_empty() { name.to_owned() } else { format!("{name} {version}") }
}

/// What a gate is about: `criteria.iou50.recall, lang=id`.
pub(super) fn gate(line: &GateLine) -> String {
    let pairs = |pairs: &BTreeMap<String, String>, word: &str| pairs.iter().map(|(k, v)| format!(", {word}{k}={v}")).collect::<String>();
    format!("{}{}{}", line.metric, pairs(&line.slice, ""), pairs(&line.conditions, "where "))
}

/// What a gate asks for, the number as it stands in assay.toml: `at least 0.6`.
pub(super) fn limit(line: &GateLine) -> String {
    let words = match line.limit {
        LimitKind::Min => "at least",
        LimitKind::Max => "at most",
        LimitKind::MaxDrop => "drop at most",
    };
    let limit = line.limit_value;
    format!("{words} {limit}")
}

/// A number that a gate is about: a count whole, anything else with three digits.
pub(super) fn gate_number(line: &GateLine, value: Option<f64>) -> String {
    match value {
        Some(value) if line.is_count => format!("{value}"),
        value => three(value),
    }
}

/// The difference of a gate's numbers.
pub(super) fn gate_difference(line: &GateLine) -> String {
    match line.difference {
        Some(value) if line.is_count => format!("{}{value}", if value > 0.0 { "+" } else { "" }),
        value => difference(value),
    }
}

/// Lines of one verdict, in the order of assay.toml.
pub(super) fn lines_with(gates: &Option<GateReport>, verdict: GateVerdict) -> impl Iterator<Item = &GateLine> {
    gates.iter().flat_map(|gates| &gates.lines).filter(move |line| line.verdict == verdict)
}

/// Claims that the failed gates name, as article and name.
pub(super) fn named_by_failed_gates(document: &Document) -> BTreeSet<(&str, &str)> {
    lines_with(&document.gates, GateVerdict::Fail).flat_map(|line| &line.claims).map(|(a, c)| (a.as_str(), c.as_str())).collect()
}

/// Whether a claim must not be missed.
pub(super) fn must_find(claim: &ClaimView) -> bool {
    claim.tags.iter().any(|tag| tag == MUST_FIND)
}

/// Claims that a failed gate names first, then those that must be found, then the others; each by article and place.
pub(super) fn by_importance<'d>(document: &'d Document, changes: &'d [ClaimChange]) -> Vec<&'d ClaimChange> {
    let named = named_by_failed_gates(document);
    let mut sorted: Vec<&ClaimChange> = changes.iter().collect();
    sorted.sort_by_key(|change| {
        let is_named = named.contains(&(change.article_id.as_str(), change.claim.name.as_str()));
        (!is_named, !must_find(&change.claim))
    });
    sorted
}

/// `value: 37000 → 37`, one for each; `none` for what a side does not have.
pub(super) fn differences(differences: &[FieldDifference]) -> String {
    let value = |v: &Option<String>| v.clone().unwrap_or_else(|| "none".to_owned());
    let all: Vec<String> = differences.iter().map(|d| format!("{}: {} → {}", d.field, value(&d.gold), value(&d.predicted))).collect();
    all.join("; ")
}

/// The first characters of a hash; they name it well enough for people.
pub(super) fn short(hash: &str) -> &str {
    hash.char_indices().nth(12).map_or(hash, |(at, _)| &hash[..at])
}

/// At most that many characters, then `…`.
pub(super) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_rounded_to_nothing_says_on_which_side_it_was() {
        assert_eq!([0.0, -0.0001, 0.0004, -0.0126].map(signed), ["±.000", "-.000", "+.000", "-.013"]);
        assert_eq!([0.0001, 0.0005, 0.0496].map(|p| chance(Some(p))), ["<.001", ".001", ".050"]);
    }

    #[test]
    fn what_answers_took_is_said_as_far_as_it_is_known() {
        let spent = RunSpent {
            latency_p50_s: Some(0.0042),
            latency_p95_s: Some(130.0),
            input_tokens: Some(1_234_567),
            output_tokens: Some(1234),
            cost: Some(0.02),
            cached: 40,
        };
        let words = spent_in_words(&spent).join(" · ");
        assert_eq!(words, "an article p50 4.2 ms, p95 2.2 min · 1,234,567 + 1234 tokens · cost 0.0200 · 40 from the cache");
        assert!(spent_in_words(&RunSpent::default()).is_empty());
    }
}
