//! The lists of a Markdown report: claims that came out otherwise, each in its context.

use super::NAME;
use super::budget::List;
use super::text::code;
use crate::report::document::{Document, ReportItem};
use crate::report::words::{by_importance, must_find};
use crate::runs::{ClaimChange, ClaimOutcome, ClaimView, FieldChange};

/// Most characters of a quote or a value.
const QUOTE: usize = 300;
/// Most fields of a claim; the others are counted.
const FIELDS: usize = 8;
/// Items in view before a list is folded.
const OPEN: usize = 5;

/// The lists to look at first, and those behind the slices: what the comparison found, without one what this run missed and invented.
pub(super) fn lists(document: &Document) -> (Vec<List>, Vec<List>) {
    let Some(comparison) = &document.comparison else {
        let of = |title: &str, outcome| {
            let items = document.articles.iter().flat_map(|a| a.items.iter().map(|item| (a.id.as_str(), item)));
            list(title, items.filter(|(_, item)| item.outcome == outcome).map(|(article, item)| lone(article, item)).collect())
        };
        return (vec![of("Missed", ClaimOutcome::Missed), of("Spurious", ClaimOutcome::Spurious)], Vec::new());
    };
    let c = &comparison.changes;
    let of = |title: &str, changes: &[ClaimChange]| list(title, by_importance(document, changes).into_iter().map(change).collect());
    let first = vec![
        of("Newly missed", &c.newly_missed),
        of("Newly wrong field", &c.newly_wrong_field),
        of("Newly spurious", &c.newly_spurious),
        of("Newly found", &c.newly_found),
    ];
    let rest = vec![
        of("Newly right field", &c.newly_right_field),
        of("No longer spurious", &c.no_longer_spurious),
        of("Missed by both: is the label right?", &c.missed_by_all),
    ];
    (first, rest)
}

fn list(title: &str, items: Vec<String>) -> List {
    List { head: format!("### {title} ({})\n\n", items.len()), items, open: OPEN }
}

fn change(change: &ClaimChange) -> String {
    let mut out = format!("- {}", who(&change.article_id, &change.claim, change.class.as_deref().filter(|class| *class != "missed")));
    match &change.context {
        Some(context) => {
            let parts = [code(context.before.trim(), QUOTE), bold(&context.quote), code(context.after.trim(), QUOTE)];
            let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            out.push_str(&format!("  \n  {}", parts.join(" ")));
        }
        None if !change.claim.quote.is_empty() => out.push_str(&format!("  \n  {} (no place in the text)", bold(&change.claim.quote))),
        None => {}
    }
    for field in change.fields.iter().take(FIELDS) {
        out.push_str(&format!("  \n  {}", field_change(field)));
    }
    if change.fields.len() > FIELDS {
        out.push_str(&format!("  \n  {} more fields", change.fields.len() - FIELDS));
    }
    out.push('\n');
    out
}

fn bold(quote: &str) -> String {
    if quote.is_empty() { String::new() } else { format!("**{}**", code(quote, QUOTE)) }
}

/// `value: gold 37000, base 37000, now 37`.
fn field_change(field: &FieldChange) -> String {
    let value = |v: &Option<String>| v.as_deref().filter(|v| !v.is_empty()).map_or_else(|| "none".to_owned(), |v| code(v, QUOTE));
    format!("{}: gold {}, base {}, now {}", code(&field.field, NAME), value(&field.gold), value(&field.base), value(&field.head))
}

fn lone(article: &str, item: &ReportItem) -> String {
    let Some(claim) = item.gold.as_ref().or(item.predicted.as_ref()) else { return String::new() };
    let quote = if claim.quote.is_empty() { String::new() } else { format!(" {}", bold(&claim.quote)) };
    format!("- {}{quote}\n", who(article, claim, item.class.as_deref().filter(|class| *class != item.outcome.name())))
}

/// Article, name, kind, tags and error class of a claim.
fn who(article: &str, claim: &ClaimView, class: Option<&str>) -> String {
    let mut parts = vec![format!("{} {}", code(article, NAME), code(&claim.name, NAME))];
    if must_find(claim) {
        parts.push("**must-find**".to_owned());
    }
    parts.extend([claim.kind.as_str(), class.unwrap_or_default()].into_iter().filter(|text| !text.is_empty()).map(|text| code(text, NAME)));
    parts.join(" · ")
}
