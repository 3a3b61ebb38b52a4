//! The same digits in every report.

use claim_assay::report::document::Document;
use claim_assay::report::github::{outputs, step_summary};
use claim_assay::report::markdown::{Budget, within};
use claim_assay::report::signed;
use claim_assay::report::terminal::{three, two};
use proptest::prelude::*;

use super::rendered;
use crate::report_documents::full;
use crate::support::cases;

/// Shares near the edges of rounding, and such that are undefined.
fn share() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        1 => Just(None),
        4 => (0.0..=1.0f64).prop_map(Some),
        4 => (0u32..=2000).prop_map(|n| Some(f64::from(n) / 2000.0)),
        1 => Just(Some(1.0 - 1e-9)),
    ]
}

fn with(numbers: &[Option<f64>]) -> Document {
    let mut document = full();
    let mut next = numbers.iter().copied().cycle();
    let mut number = || next.next().flatten();
    for score in document.result.criteria.values_mut() {
        (score.all.precision, score.all.recall, score.all.f1) = (number(), number(), number());
    }
    for compared in document.comparison.iter_mut().flat_map(|c| c.criteria.values_mut()) {
        let f1 = &mut compared.of.f1;
        (f1.base, f1.head) = (number(), number());
        f1.difference = f1.base.zip(f1.head).map(|(base, head)| head - base);
    }
    for item in document.articles.iter_mut().flat_map(|a| &mut a.items) {
        item.iou = number();
        if let Some(claim) = &mut item.predicted {
            claim.score = number();
        }
    }
    document
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn reports_agree_with_the_document_to_the_printed_digit(numbers in prop::collection::vec(share(), 5..40)) {
        let document = with(&numbers);
        let comparison = document.comparison.as_ref().unwrap();
        let texts = [within(&document, Budget::COMMENT), step_summary(&document, 900_000)];
        for (name, score) in &document.result.criteria {
            let star = if *name == document.result.primary { " ★" } else { "" };
            let of = comparison.criteria[name].of.f1;
            let all = [score.all.precision, score.all.recall, score.all.f1, of.base, of.head].map(three).join(" | ");
            let row = format!("| `{name}`{star} | {all} | {} |", of.difference.map_or_else(|| "n/a".to_owned(), signed));
            for text in &texts {
                prop_assert!(text.contains(&row), "{row}\n{text}");
            }
        }
        let primary = &document.result.criteria[&document.result.primary].all;
        let xml = rendered("a.xml", &document);
        let tree = roxmltree::Document::parse(&xml).unwrap();
        for suite in tree.descendants().filter(|n| n.has_tag_name("testsuite")) {
            for (name, value) in [("precision", primary.precision), ("recall", primary.recall), ("f1", primary.f1)] {
                let property = suite.descendants().find(|n| n.has_tag_name("property") && n.attribute("name") == Some(name)).unwrap();
                prop_assert_eq!(property.attribute("value").unwrap(), three(value));
            }
        }
        let f1 = outputs(&document).into_iter().find(|(name, _)| name == "f1").unwrap().1;
        prop_assert_eq!(f1, three(primary.f1));
        let table = rendered("a.csv", &document);
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        let head = reader.headers().unwrap().clone();
        let column = |name: &str| head.iter().position(|c| c == name).unwrap();
        let items = document.articles.iter().flat_map(|a| &a.items);
        let shown = |value: Option<f64>| if value.is_some() { two(value) } else { String::new() };
        for (record, item) in reader.records().zip(items) {
            let record = record.unwrap();
            prop_assert_eq!(&record[column("iou")], shown(item.iou));
            prop_assert_eq!(&record[column("score")], shown(item.predicted.as_ref().and_then(|claim| claim.score)));
        }
    }
}
