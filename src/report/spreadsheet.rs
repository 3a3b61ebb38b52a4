//! The claims of a run as CSV for spreadsheets: a row a pair or lone claim, with nothing that a spreadsheet would take for a formula.

use csv::{Terminator, WriterBuilder};

use super::document::{ArticlePage, Document, ItemChange, ReportItem};
use super::safe::shown;
use super::terminal::two;
use super::words::differences;
use crate::runs::ClaimView;

const COLUMNS: [&str; 16] = [
    "article",
    "language",
    "standing",
    "outcome",
    "class",
    "iou",
    "kind",
    "gold",
    "gold_spans",
    "gold_quote",
    "predicted",
    "predicted_spans",
    "predicted_quote",
    "score",
    "differences",
    "change",
];

/// One row an item, in the order of the document; an article without claims has none.
///
/// RFC 4180 with LF rows. Control characters are written as `\u{..}`. A text cell that a spreadsheet would take for a formula begins with
/// `'`, as does what comes behind a `;` in it, where many spreadsheets begin a cell.
///
/// # Errors
/// None are known: all rows have as many cells, and memory can be written.
pub fn csv(document: &Document) -> Result<Vec<u8>, csv::Error> {
    let mut writer = WriterBuilder::new().terminator(Terminator::Any(b'\n')).from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for article in &document.articles {
        for item in &article.items {
            writer.write_record(row(article, item))?;
        }
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

fn row(article: &ArticlePage, item: &ReportItem) -> [String; 16] {
    let (gold, predicted) = (item.gold.as_ref(), item.predicted.as_ref());
    let of = |claim: Option<&ClaimView>, part: fn(&ClaimView) -> String| claim.map(part).unwrap_or_default();
    let text = |claim: Option<&ClaimView>, part: fn(&ClaimView) -> &str| claim.map(part).map(inert).unwrap_or_default();
    let name: fn(&ClaimView) -> &str = |claim| &claim.name;
    let quote: fn(&ClaimView) -> &str = |claim| &claim.quote;
    let number = |value: Option<f64>| if value.is_some() { two(value) } else { String::new() };
    [
        inert(&article.id),
        inert(&article.lang),
        inert(&article.standing),
        item.outcome.name().to_owned(),
        inert(item.class.as_deref().unwrap_or_default()),
        number(item.iou),
        text(gold.or(predicted), |claim| &claim.kind),
        text(gold, name),
        of(gold, spans),
        text(gold, quote),
        text(predicted, name),
        of(predicted, spans),
        text(predicted, quote),
        number(predicted.and_then(|claim| claim.score)),
        inert(&differences(&item.differences)),
        item.change.map(change).unwrap_or_default().to_owned(),
    ]
}

/// `11..17;20..24`, in code points; spreadsheets take `11-17` for a date.
fn spans(claim: &ClaimView) -> String {
    claim.fragments.iter().map(|(start, end)| format!("{start}..{end}")).collect::<Vec<_>>().join(";")
}

fn change(change: ItemChange) -> &'static str {
    match change {
        ItemChange::NewlyFound => "newly_found",
        ItemChange::NewlyMissed => "newly_missed",
        ItemChange::NewlyWrongField => "newly_wrong_field",
        ItemChange::NewlyRightField => "newly_right_field",
        ItemChange::NewlySpurious => "newly_spurious",
    }
}

/// The text with a `'` before what a spreadsheet would take for a formula. A `'` that already stands there gets one more, so that taking one
/// off gives the text back. A plain number stays a number.
fn inert(text: &str) -> String {
    let text = shown(text);
    if is_number(&text) {
        return text.into_owned();
    }
    let parts: Vec<String> = text.split(';').map(|part| if begins_formula(part) { format!("'{part}") } else { part.to_owned() }).collect();
    parts.join(";")
}

fn begins_formula(part: &str) -> bool {
    part.trim_start().trim_start_matches('\'').trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.split('.').count() <= 2
        && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_text_and_numbers_stay_numbers() {
        let cases = [
            ("=cmd|'/C calc'!A0", "'=cmd|'/C calc'!A0"),
            ("+1+1", "'+1+1"),
            ("-1+1|x", "'-1+1|x"),
            ("@SUM(1,1)", "'@SUM(1,1)"),
            ("\t=1+1", "\\u{9}=1+1"),
            ("\r=1+1", "\\u{d}=1+1"),
            ("  =1", "'  =1"),
            ("＝1+1", "'＝1+1"),
            ("\";=1+1;\"", "\";'=1+1;\""),
            ("'=1", "''=1"),
            ("'s-Hertogenbosch", "'s-Hertogenbosch"),
            ("-5", "-5"),
            ("-5.25", "-5.25"),
            ("-", "'-"),
            ("lebih dari 37.000", "lebih dari 37.000"),
        ];
        for (given, expected) in cases {
            assert_eq!(inert(given), expected);
        }
    }
}
