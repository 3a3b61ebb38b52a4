//! Code quality as GitLab reads it: what is wrong with a run as findings at lines of the claim file.
//!
//! GitLab compares the findings of a branch with those of its target by their fingerprints. So all missed claims and wrong fields are
//! findings, and a fingerprint depends on the claim and on what is wrong with it alone: neither on its line nor on the comparison.
//! Spurious claims have no line in the claim file and are not in it.

use std::collections::BTreeSet;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::document::{Document, ItemChange};
use super::safe::{quoted, shown};
use super::words::{differences, gate, limit, lines_with, must_find, named_by_failed_gates};
use crate::runs::{ClaimOutcome, ClaimView, GateVerdict};

/// Most characters of a quote.
const QUOTE: usize = 200;

/// One finding.
#[derive(Serialize)]
struct Finding {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u64,
}

/// An array of findings: failed gates (`blocker`, at the first line of the claim file), missed claims, wrong fields. Of the claims, those that a failed gate names are
/// `critical`, and so are newly missed ones that must be found; other newly missed ones are `major`, newly wrong fields `minor`, and
/// what was no better before `info`.
///
/// # Errors
/// None are known: nothing in it has no JSON.
pub fn code_quality(document: &Document) -> Result<Vec<u8>, serde_json::Error> {
    let mut findings: Vec<Finding> = lines_with(&document.gates, GateVerdict::Fail)
        .map(|line| Finding {
            description: format!("Gate failed: {}: {}", shown(&gate(line)), shown(&line.why)),
            check_name: "assay/gate",
            fingerprint: fingerprint(&[&line.extractor, &gate(line), &limit(line)], "assay/gate"),
            severity: "blocker",
            location: at(document, 1),
        })
        .collect();
    let named = named_by_failed_gates(document);
    for article in &document.articles {
        for item in &article.items {
            let Some(gold) = &item.gold else { continue };
            let is_named = named.contains(&(article.id.as_str(), gold.name.as_str()));
            findings.extend(match item.outcome {
                ClaimOutcome::Missed => {
                    let severity = match item.change {
                        _ if is_named => "critical",
                        Some(ItemChange::NewlyMissed) if must_find(gold) => "critical",
                        Some(ItemChange::NewlyMissed) => "major",
                        _ => "info",
                    };
                    Some(finding(document, &article.id, gold, ("assay/missed", severity), "Missed claim", ""))
                }
                ClaimOutcome::Matched if !item.differences.is_empty() => {
                    let severity = match item.change {
                        _ if is_named => "critical",
                        Some(ItemChange::NewlyWrongField) => "minor",
                        _ => "info",
                    };
                    let what = format!(": {}", shown(&differences(&item.differences)));
                    Some(finding(document, &article.id, gold, ("assay/wrong-field", severity), "Wrong field", &what))
                }
                _ => None,
            });
        }
    }
    // Only a gate that stands twice in assay.toml can have an equal: GitLab wants each fingerprint once.
    let mut seen = BTreeSet::new();
    findings.retain(|finding| seen.insert(finding.fingerprint.clone()));
    let mut bytes = serde_json::to_vec_pretty(&findings)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn finding(
    document: &Document,
    article: &str,
    gold: &ClaimView,
    (check_name, severity): (&'static str, &'static str),
    title: &str,
    what: &str,
) -> Finding {
    let tag = if must_find(gold) { " (must-find)" } else { "" };
    let name = format!("{} {}", shown(article), shown(&gold.name));
    Finding {
        description: format!("{title}{tag}: {name} {}{what}", quoted(&gold.quote, QUOTE)),
        check_name,
        fingerprint: fingerprint(&[article, &gold.name], check_name),
        severity,
        location: at(document, gold.line.unwrap_or(1)),
    }
}

fn at(document: &Document, line: u64) -> Location {
    Location { path: shown(&document.claims_file).into_owned(), lines: Lines { begin: line } }
}

/// SHA-256 over the parts, each with its length before it.
fn fingerprint(of: &[&str], kind: &str) -> String {
    let mut hash = Sha256::new();
    for part in of.iter().chain([&kind]) {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
