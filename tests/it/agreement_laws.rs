//! What holds of two annotators whatever they label.

use std::collections::BTreeSet;

use claim_assay::claim::{Article, Claim, ClaimStatus, FieldState, GoldClaim, Schema, Span};
use claim_assay::dataset::{Annotations, ArticleRecord};
use claim_assay::score::Criterion;
use claim_assay::stats::IntervalSettings;
use claim_assay::stats::agreement::{Numbers, PairAgreement, Pairer, agreement, joint_alphas};
use proptest::prelude::*;

/// Article, start, length, kind, value.
type Row = (usize, u32, u32, usize, Option<Option<u8>>);

const KINDS: [&str; 3] = ["quantity", "change", "rank"];

/// Few places, kinds and values, so that many claims are alike.
fn rows() -> impl Strategy<Value = Vec<Row>> {
    let value = prop::option::of(prop::option::of(1u8..4));
    prop::collection::vec((0usize..3, 0u32..12, 1u32..6, 0usize..3, value), 0..16)
}

fn articles() -> Vec<ArticleRecord> {
    let record = |(number, lang): (usize, &str)| ArticleRecord {
        article: Article { id: format!("a{number}"), lang: lang.to_owned(), ..Article::default() },
        ..ArticleRecord::default()
    };
    ["id", "en", "en"].into_iter().enumerate().map(record).collect()
}

fn is_optional(start: u32) -> bool {
    start == 11
}

fn annotations(name: &str, rows: &[Row]) -> Annotations {
    let mut claims: Vec<GoldClaim> = rows
        .iter()
        .enumerate()
        .map(|(number, &(article, start, length, kind, value))| {
            let state = value.map(|v| v.map_or(FieldState::Absent, |v| FieldState::Present(v.to_string())));
            GoldClaim {
                claim: Claim {
                    id: format!("{name}-{number}"),
                    fragments: Span::new(start, start + length).unwrap().into(),
                    kind: KINDS[kind].to_owned(),
                    fields: state.map(|state| ("value".to_owned(), state)).into_iter().collect(),
                    ..Claim::default()
                },
                article_id: format!("a{article}"),
                // Of the same claim both say so: which of two equal claims is the optional one is for their ids to decide.
                status: if is_optional(start) { ClaimStatus::Optional } else { ClaimStatus::Gold },
                ..GoldClaim::default()
            }
        })
        .collect();
    claims.sort_by(|a, b| a.article_id.cmp(&b.article_id));
    let labelled: BTreeSet<String> = claims.iter().map(|c| c.article_id.clone()).collect();
    Annotations { annotator: name.to_owned(), claims, labelled, ..Annotations::default() }
}

fn compare(first: &Annotations, second: &Annotations) -> PairAgreement {
    let schema = Schema::default();
    let articles = articles();
    let articles: Vec<&ArticleRecord> = articles.iter().collect();
    let mut pairer = pairer(&[first, second]);
    agreement(&schema, &articles, [first, second], &mut pairer, IntervalSettings { resamples: 50, seed: 1 })
}

fn pairer(annotators: &[&Annotations]) -> Pairer {
    let claims = annotators.iter().flat_map(|a| a.claims.iter().map(|c| &c.claim));
    Pairer::new(&Schema::default(), &Criterion::DEFAULT, Criterion::Iou(50), claims)
}

fn turned(mut numbers: Numbers) -> Numbers {
    numbers.spans.values_mut().for_each(|span| span.claims.reverse());
    numbers
}

proptest! {
    #[test]
    fn turning_the_annotators_around_changes_no_number(a in rows(), b in rows()) {
        let (a, b) = (annotations("a", &a), annotations("b", &b));
        let (there, back) = (compare(&a, &b), compare(&b, &a));
        prop_assert_eq!(&there.ci, &back.ci);
        prop_assert_eq!(there.disagreements.len(), back.disagreements.len());
        for (there, back) in there.by_article.iter().zip(&back.by_article) {
            prop_assert_eq!(&there.numbers, &turned(back.numbers.clone()));
        }
        prop_assert_eq!(there.numbers, turned(back.numbers));
    }

    #[test]
    fn annotators_agree_with_themselves(rows in rows(), shuffled in any::<bool>()) {
        let a = annotations("a", &rows);
        let b = if shuffled { annotations("b", &rows.iter().rev().copied().collect::<Vec<_>>()) } else { a.clone() };
        let found = compare(&a, &b);
        let numbers = &found.numbers;
        prop_assert!(found.disagreements.is_empty(), "{:?}", found.disagreements);
        prop_assert!(numbers.spans.values().all(|span| span.f1.unwrap_or(1.0) == 1.0), "{:?}", numbers.spans);
        prop_assert_eq!(numbers.all_fields_same, numbers.pairs);
        for labels in numbers.fields.values().chain([&numbers.kinds]) {
            prop_assert_eq!(labels.same, labels.pairs);
            let coefficients = [labels.kappa, labels.alpha, labels.alpha_interval, labels.alpha_ratio];
            prop_assert!(coefficients.into_iter().flatten().all(|x| x == 1.0), "{:?}", labels);
        }
    }

    #[test]
    fn the_order_of_rows_changes_no_number(a in rows(), b in rows()) {
        let backwards = |rows: &[Row]| rows.iter().rev().copied().collect::<Vec<Row>>();
        let found = compare(&annotations("a", &a), &annotations("b", &b));
        let again = compare(&annotations("a", &backwards(&a)), &annotations("b", &backwards(&b)));
        prop_assert_eq!(found.numbers, again.numbers);
        prop_assert_eq!((found.ci, found.by_kind), (again.ci, again.by_kind));
    }

    /// Counts add up: over articles, and over what is listed.
    #[test]
    fn every_claim_is_in_a_pair_or_alone(a in rows(), b in rows()) {
        let found = compare(&annotations("a", &a), &annotations("b", &b));
        for (criterion, all) in &found.numbers.spans {
            let sum = |of: &dyn Fn(&claim_assay::stats::agreement::SpanAgreement) -> u64| {
                found.by_article.iter().map(|slice| of(&slice.numbers.spans[criterion])).sum::<u64>()
            };
            prop_assert_eq!(all.matched, sum(&|span| span.matched));
            prop_assert_eq!(all.claims, [sum(&|span| span.claims[0]), sum(&|span| span.claims[1])]);
            prop_assert!(all.claims.iter().all(|claims| all.matched <= *claims));
        }
        let spans = &found.numbers.spans;
        // A pair with an optional claim counts under none, so that a looser criterion may have fewer that do.
        let has_optional = a.iter().chain(&b).any(|row| is_optional(row.1));
        let matched = ["strict", "exact", "iou50", "overlap"].map(|criterion| spans[criterion].matched);
        prop_assert!(has_optional || matched.is_sorted(), "{:?}", matched);
        let unpaired = |side: usize| found.disagreements.iter().filter(|d| d.what[0].is_unpaired() && d.claims[side].is_some()).count() as u64;
        prop_assert_eq!([0, 1].map(|side| unpaired(side) + spans["iou50"].matched), spans["iou50"].claims);
    }

    /// Three times the same are two annotators who agree, and a third one.
    #[test]
    fn three_who_agree(rows in rows()) {
        let all = ["a", "b", "c"].map(|name| annotations(name, &rows));
        let annotators: Vec<&Annotations> = all.iter().collect();
        let records = articles();
        let records: Vec<&ArticleRecord> = records.iter().collect();
        let joint = joint_alphas(&Schema::default(), &records, &annotators, &mut pairer(&annotators)).unwrap();
        prop_assert_eq!(joint.units, rows.iter().filter(|row| !is_optional(row.1)).count() as u64);
        prop_assert!(joint.fields.values().chain([&joint.kinds]).flatten().all(|alpha| *alpha == 1.0));
        prop_assert_eq!(joint_alphas(&Schema::default(), &records, &annotators[..2], &mut pairer(&annotators)), None);
    }
}
