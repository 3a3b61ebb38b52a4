//! Text reports: what they hold, how long they are, and that nothing in them is more than text.

mod github;
mod inert;
mod junit;
mod numbers;

use std::path::Path;

use claim_assay::report::Format;
use claim_assay::report::github::{annotations, step_summary};
use claim_assay::report::markdown::{Budget, within};

use crate::report_documents::{full, hostile, large, plain};
use crate::support::{data, data_file};

/// Compares with a file of `tests/data/reports`; `ASSAY_BLESS=1` writes it.
fn assert_file(name: &str, found: &str) {
    let path = format!("reports/{name}");
    if std::env::var_os("ASSAY_BLESS").is_some() {
        std::fs::write(data_file(&path), found).unwrap();
    }
    assert_eq!(found, data(&path), "tests/data/{path}; ASSAY_BLESS=1 writes it");
}

fn rendered(name: &str, document: &claim_assay::report::document::Document) -> String {
    let format = Format::of_path(Path::new(name)).unwrap_or_else(|| panic!("{name}: no format"));
    String::from_utf8(format.render(document).unwrap()).unwrap()
}

#[test]
fn every_report_of_the_sample_is_as_stored() {
    for name in ["full.md", "full.xml", "full.csv", "full.codequality.json"] {
        assert_file(name, &rendered(name, &full()));
    }
    for name in ["plain.md", "plain.xml"] {
        assert_file(name, &rendered(name, &plain()));
    }
    assert_file("full.annotations.txt", &annotations(&full()));
}

#[test]
fn the_name_of_a_file_picks_its_format() {
    let cases = [
        ("a.md", Some(Format::Markdown)),
        ("b/junit.xml", Some(Format::Junit)),
        ("a.csv", Some(Format::Csv)),
        ("a.json", Some(Format::Json)),
        ("codequality.json", Some(Format::CodeQuality)),
        ("b/rules.codequality.json", Some(Format::CodeQuality)),
        ("gl-code-quality-report.json", Some(Format::CodeQuality)),
        ("mycodequality.json", Some(Format::Json)),
        ("a.pdf", None),
        ("md", None),
    ];
    for (name, format) in cases {
        assert_eq!(Format::of_path(Path::new(name)), format, "{name}");
    }
}

#[test]
fn a_markdown_report_fits_its_place_and_says_what_it_leaves_out() {
    let utf16 = |text: &str| text.encode_utf16().count();
    for document in [large(5000, 100), hostile(&"x".repeat(200_000)), hostile(&"🌊`|".repeat(1000))] {
        let comment = within(&document, Budget::COMMENT);
        assert!(utf16(&comment) <= 65_000, "{}", utf16(&comment));
        assert!(comment.contains("**Gates: fail.**") && comment.contains("<sub>run "), "the verdict and the source are never cut");
        let summary = step_summary(&document, 900_000);
        assert!(summary.len() <= 900_000 && summary.len() >= comment.len());
    }
    let (comment, summary) = (within(&large(5000, 100), Budget::COMMENT), step_summary(&large(5000, 100), 900_000));
    let shown = |text: &str| text.matches("- `big-").count();
    assert!(comment.contains(&format!("*{} more:", 5000 - shown(&comment))), "{}", shown(&comment));
    assert!(shown(&summary) > shown(&comment));
    assert!(comment.contains("### Newly found (1)"), "short lists behind a long one stay");
}

#[test]
fn what_must_be_found_comes_first() {
    let comment = within(&full(), Budget::COMMENT);
    let at = |text: &str| comment.find(text).unwrap_or_else(|| panic!("{text}: {comment}"));
    assert!(at("**Gates: fail.**") < at("### Gates") && at("### Gates") < at("### Newly missed (2)"));
    assert!(at("rekor tertinggi") < at("10 kali lipat"));
}
