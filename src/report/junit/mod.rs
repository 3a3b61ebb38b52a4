//! A run as a JUnit file: a test case a gate, and a test case an article.
//!
//! What stands in it is valid for both schemas that CI servers check by (`junit-4` and `junit-10` of Jenkins): no `file` or `timestamp` at a
//! test case, no properties in one, reasons of skipped ones as text, times with three decimals.

mod case;
mod xml;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use case::{Case, Outcome};
use xml::{seconds, text};

use super::document::{ArticlePage, Document};
use super::intervals::ends;
use super::safe::{quoted, shown};
use super::terminal::{count, three};
use super::words::{by_importance, difference_ends, gate, gate_number, limit, must_find, titled, verdict};
use crate::runs::{ClaimChange, GateLine, GateVerdict};

/// GitLab reads files of up to 30 MB.
const MOST_BYTES: usize = 28_000_000;
/// GitLab reads up to 250,000 elements, attributes and texts.
const MOST_OBJECTS: usize = 240_000;
/// Most claims that a failure lists; the others are counted.
const CLAIMS: usize = 20;
/// Most characters of a quote.
const QUOTE: usize = 200;
/// Most characters of a message.
const MESSAGE: usize = 2000;

/// The suites `gates` and `articles`. A gate fails when it does, and is skipped when it was not evaluated. An article fails when claims of
/// it are newly missed, is an error when the extractor failed on it, is skipped when it is not scored, and passes otherwise: an extractor
/// that is not perfect is not red for ever.
///
/// Where all articles are too much for GitLab, those that pass are left out first; how many stands in the suite's output.
pub fn junit(document: &Document) -> String {
    junit_within(document, MOST_BYTES, MOST_OBJECTS)
}

fn junit_within(document: &Document, bytes: usize, objects: usize) -> String {
    let mut gates = gate_cases(document);
    let mut articles = article_cases(document);
    // Room for the suites with their properties.
    let mut room = (bytes.saturating_sub(20_000), objects.saturating_sub(200));
    keep(&mut gates, &mut room);
    let left_out = keep(&mut articles, &mut room);
    let wall = document.run.wall_time_s;
    let all = || gates.iter().chain(&articles);
    let counted = |what: fn(&Outcome) -> bool| all().filter(|case| what(&case.outcome)).count();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "<testsuites name=\"assay\" tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{}\">",
        all().count(),
        counted(Outcome::is_failure),
        counted(Outcome::is_error),
        seconds(wall)
    );
    suite(&mut out, "gates", document, (&gates, 0.0), 0);
    suite(&mut out, "articles", document, (&articles, wall), left_out);
    out.push_str("</testsuites>\n");
    out
}

/// Takes out the cases that there is no room for, the least important first; their number.
fn keep(cases: &mut Vec<Case>, room: &mut (usize, usize)) -> usize {
    let mut order: Vec<usize> = (0..cases.len()).collect();
    order.sort_by_key(|&i| cases[i].outcome.rank());
    let mut kept = BTreeSet::new();
    for i in order {
        let (bytes, objects) = (cases[i].xml.len(), cases[i].objects());
        if bytes > room.0 || objects > room.1 {
            break;
        }
        *room = (room.0 - bytes, room.1 - objects);
        kept.insert(i);
    }
    let left_out = cases.len() - kept.len();
    let mut i = 0;
    cases.retain(|_| {
        i += 1;
        kept.contains(&(i - 1))
    });
    left_out
}

fn suite(out: &mut String, name: &str, document: &Document, (cases, time): (&[Case], f64), left_out: usize) {
    let counted = |what: fn(&Outcome) -> bool| cases.iter().filter(|case| what(&case.outcome)).count();
    let started = document.run.started.trim_end_matches('Z');
    let timestamp = if started.is_empty() { String::new() } else { format!(" timestamp=\"{}\"", text(started)) };
    let _ = writeln!(
        out,
        "  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{}\"{timestamp}>",
        cases.len(),
        counted(Outcome::is_failure),
        counted(Outcome::is_error),
        counted(Outcome::is_skipped),
        seconds(time)
    );
    out.push_str("    <properties>\n");
    for (name, value) in properties(document) {
        let _ = writeln!(out, "      <property name=\"{}\" value=\"{}\"/>", text(&name), text(&value));
    }
    out.push_str("    </properties>\n");
    cases.iter().for_each(|case| out.push_str(&case.xml));
    if left_out > 0 {
        let _ = writeln!(
            out,
            "    <system-out>{} of this suite left out: the file would be too large for CI servers</system-out>",
            count(left_out as u64, "test case")
        );
    }
    out.push_str("  </testsuite>\n");
}

/// Where the numbers come from, and the numbers.
fn properties(document: &Document) -> Vec<(String, String)> {
    let (run, result) = (&document.run, &document.result);
    let mut all = vec![
        ("run".to_owned(), shown(&run.id).into_owned()),
        ("extractor".to_owned(), shown(&titled(&result.extractor.name, &result.extractor.version)).into_owned()),
        ("dataset".to_owned(), shown(&titled(&result.dataset.name, &result.dataset.version)).into_owned()),
        ("dataset_hash".to_owned(), shown(&result.dataset.hash).into_owned()),
        ("signature".to_owned(), shown(&result.signature).into_owned()),
    ];
    if let Some(comparison) = &document.comparison {
        all.push(("base".to_owned(), shown(&comparison.base.run).into_owned()));
        all.push(("comparison".to_owned(), shown(&comparison.verdict.sentence).into_owned()));
    }
    if let Some(gates) = &document.gates {
        all.push(("verdict".to_owned(), verdict(gates.verdict).to_owned()));
    }
    if let Some(score) = result.criteria.get(&result.primary) {
        all.push(("primary".to_owned(), shown(&result.primary).into_owned()));
        let numbers = [("precision", score.all.precision), ("recall", score.all.recall), ("f1", score.all.f1)];
        all.extend(numbers.into_iter().map(|(name, value)| (name.to_owned(), three(value))));
        all.extend(score.ci.as_ref().map(|ci| ("f1_95".to_owned(), ends(ci.of.f1))));
    }
    all
}

fn gate_cases(document: &Document) -> Vec<Case> {
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    let lines = document.gates.iter().flat_map(|gates| &gates.lines);
    lines
        .map(|line| {
            let name = format!("{} {}", shown(&gate(line)), limit(line));
            let classname = format!("assay.gates.{}", shown(&line.extractor));
            // GitLab drops a test case whose name was there before.
            let times = names.entry(format!("{classname} {name}")).and_modify(|n| *n += 1).or_insert(1);
            let name = if *times > 1 { format!("{name} ({times})") } else { name };
            let why = super::words::cut(&shown(&line.why), MESSAGE);
            Case::new(
                &classname,
                &name,
                match line.verdict {
                    GateVerdict::Pass => Outcome::Pass,
                    GateVerdict::Warn => Outcome::Remark(format!("warn: {why}")),
                    GateVerdict::Fail => Outcome::Failure { kind: "gate".to_owned(), text: numbers(line, &why), message: why },
                    GateVerdict::NotEvaluated => Outcome::Skipped(why),
                },
            )
        })
        .collect()
}

fn numbers(line: &GateLine, why: &str) -> String {
    let mut lines = vec![why.to_owned(), format!("{}: {}", shown(&gate(line)), gate_number(line, line.now)), limit(line)];
    if line.baseline.is_some() {
        lines.push(format!("baseline: {}, 95 % of the difference: {}", gate_number(line, line.baseline), difference_ends(line.ci)));
    }
    let claims = line.claims.iter().map(|(article, claim)| format!("{} {}", shown(article), shown(claim)));
    lines.extend(claims.take(CLAIMS));
    if line.claims.len() > CLAIMS {
        lines.push(format!("{} more", line.claims.len() - CLAIMS));
    }
    lines.join("\n")
}

fn article_cases(document: &Document) -> Vec<Case> {
    let changes = document.comparison.as_ref().map(|c| by_importance(document, &c.changes.newly_missed)).unwrap_or_default();
    let mut missed: BTreeMap<&str, Vec<&ClaimChange>> = BTreeMap::new();
    for change in changes {
        missed.entry(&change.article_id).or_default().push(change);
    }
    let mut cases: Vec<Case> =
        document.articles.iter().map(|article| article_case(document, article, missed.remove(article.id.as_str()))).collect();
    // A comparison over an article without a page would be a mistake elsewhere; its claims are told all the same.
    let pageless = missed.into_iter().map(|(id, changes)| {
        let lang = changes.first().map_or("", |change| &change.lang);
        Case::new(&class(lang), &shown(id), failure(document, &changes))
    });
    cases.extend(pageless);
    cases
}

fn class(lang: &str) -> String {
    if lang.is_empty() { "assay.articles".to_owned() } else { format!("assay.articles.{}", shown(lang)) }
}

fn article_case(document: &Document, article: &ArticlePage, missed: Option<Vec<&ClaimChange>>) -> Case {
    let outcome = match (article.standing.as_str(), missed) {
        ("failed", missed) => {
            let message =
                article.message.as_deref().map_or_else(|| shown(&article.outcome).into_owned(), |m| super::words::cut(&shown(m), MESSAGE));
            let missed = missed.map(|missed| format!("\n{}", claims(document, &missed))).unwrap_or_default();
            Outcome::Error { kind: shown(&article.outcome).into_owned(), text: format!("{message}{missed}"), message }
        }
        (_, Some(missed)) => failure(document, &missed),
        ("scored", None) => Outcome::Pass,
        (standing, None) => Outcome::Skipped(match standing {
            "incomplete" => "labelled in part: not in the numbers".to_owned(),
            other => format!("{}: not scored", shown(other)),
        }),
    };
    Case::new(&class(&article.lang), &shown(&article.id), outcome)
}

fn failure(document: &Document, missed: &[&ClaimChange]) -> Outcome {
    let message = format!("{} newly missed", count(missed.len() as u64, "claim"));
    Outcome::Failure { kind: "newly-missed".to_owned(), text: format!("{message}\n{}", claims(document, missed)), message }
}

/// A line a claim: its name, its line in the claim file, its quote.
fn claims(document: &Document, missed: &[&ClaimChange]) -> String {
    let line = |change: &&ClaimChange| {
        let claim = &change.claim;
        let place = claim.line.map(|line| format!(" {}:{line}", shown(&document.claims_file))).unwrap_or_default();
        let tag = if must_find(claim) { " must-find" } else { "" };
        format!("{}{place}{tag} {} {}", shown(&claim.name), shown(&claim.kind), quoted(&claim.quote, QUOTE))
    };
    let mut lines: Vec<String> = missed.iter().take(CLAIMS).map(line).collect();
    if missed.len() > CLAIMS {
        lines.push(format!("{} more", missed.len() - CLAIMS));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_there_is_no_room_for_is_counted_and_failures_stay() {
        let case = |i: usize| {
            let failure = Outcome::Failure { kind: "k".to_owned(), message: "m".to_owned(), text: "t".to_owned() };
            Case::new("c", &format!("a{i}"), if i % 10 == 9 { failure } else { Outcome::Pass })
        };
        let mut cases: Vec<Case> = (0..100).map(case).collect();
        let mut room = (1_000_000, 10 * 7 + 3 * 20);
        assert_eq!(keep(&mut cases, &mut room), 100 - 10 - 20);
        assert_eq!(cases.iter().filter(|case| case.outcome.is_failure()).count(), 10);
        assert!(cases[0].xml.contains("\"a0\"") && cases[29].xml.contains("\"a99\""), "the order stays");
    }
}
