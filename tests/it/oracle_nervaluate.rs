//! The SemEval-2013 view against nervaluate 1.2.1, wherever its result does not depend on the order of the claims.
//!
//! Its ends are inclusive: `[start, last]` there is `[start, last + 1)` here.

use claim_assay::claim::{Claim, Schema};
use claim_assay::score::Criterion;
use claim_assay::score::result::SemevalScore;
use serde_json::Value;

use crate::support::{TestArticle, assert_close, evaluate, json, settings, spanned};

type Semeval = std::collections::BTreeMap<String, SemevalScore>;

const SCHEMES: [&str; 4] = ["strict", "exact", "partial", "type"];

fn claims(list: &Value, past_the_end: u32) -> Vec<Claim> {
    let number = |v: &Value| u32::try_from(v.as_u64().unwrap()).unwrap();
    let claims = list.as_array().unwrap().iter();
    claims.map(|c| spanned(c[0].as_str().unwrap(), number(&c[1]), number(&c[2]) + past_the_end)).collect()
}

fn semeval_with(case: &Value, past_the_end: u32) -> Semeval {
    let articles: Vec<TestArticle> = case["articles"]
        .as_array()
        .unwrap()
        .iter()
        .enumerate()
        .map(|(i, a)| TestArticle::new(&format!("a{i}"), claims(&a["gold"], past_the_end), claims(&a["predicted"], past_the_end)))
        .collect();
    evaluate(&articles, &settings(Schema::open(), Criterion::Overlap)).result.semeval
}

fn semeval(case: &Value) -> Semeval {
    semeval_with(case, 1)
}

fn counts(s: &SemevalScore) -> [u64; 5] {
    [s.correct, s.incorrect, s.partial, s.missed, s.spurious]
}

fn expected_counts(result: &Value) -> [u64; 5] {
    ["correct", "incorrect", "partial", "missed", "spurious"].map(|k| result[k].as_u64().unwrap())
}

#[test]
fn counts_and_scores_are_equal_where_order_does_not_matter() {
    let data = json("oracles/01_nervaluate.json");
    let mut compared = 0;
    for (name, case) in data["cases"].as_object().unwrap() {
        let results = case["results"].as_array().unwrap();
        if results.len() > 1 || name == "H_min_overlap_50" {
            continue;
        }
        let ours = semeval(case);
        for scheme in SCHEMES {
            let (found, expected) = (&ours[scheme], &results[0][scheme]);
            let what = format!("{name} {scheme}");
            assert_eq!(counts(found), expected_counts(expected), "{what}");
            compared += 1;
            if expected.get("possible").is_none() {
                continue; // counts only
            }
            assert_eq!((Some(found.possible), Some(found.actual)), (expected["possible"].as_u64(), expected["actual"].as_u64()), "{what}");
            // Theirs is 0 where it divides by 0; see below.
            if found.actual > 0 {
                assert_close(found.precision, &expected["precision"], &what);
            }
            if found.possible > 0 {
                assert_close(found.recall, &expected["recall"], &what);
            }
            if found.actual + found.possible > 0 {
                assert_close(found.f1, &expected["f1"], &what);
            }
        }
    }
    assert_eq!(compared, 14 * SCHEMES.len());
}

/// Theirs gives 0 for a ratio without a denominator, which reads as "all wrong"; ours says that it is undefined.
#[test]
fn undefined_is_null_here_and_0_there() {
    let data = json("oracles/01_nervaluate.json");
    let case = |name: &str| (semeval(&data["cases"][name]), data["cases"][name]["results"][0].clone());
    for scheme in SCHEMES {
        let (ours, theirs) = case("F_both_empty");
        assert_eq!((ours[scheme].precision, ours[scheme].recall, ours[scheme].f1), (None, None, None));
        assert_eq!((&theirs[scheme]["precision"], &theirs[scheme]["recall"], &theirs[scheme]["f1"]), (&0.into(), &0.into(), &0.into()));
        let (ours, theirs) = case("F_gold_empty");
        assert_eq!((ours[scheme].recall, &theirs[scheme]["recall"]), (None, &0.into()));
        let (ours, theirs) = case("F_pred_empty");
        assert_eq!((ours[scheme].precision, &theirs[scheme]["precision"]), (None, &0.into()));
    }
}

/// Two chained overlaps: theirs finds one or two pairs, as the claims happen to stand. Ours always finds the better one.
#[test]
fn where_theirs_depends_on_order_ours_is_the_best_of_its_results() {
    let data = json("oracles/01_nervaluate.json");
    let chain = &data["cases"]["order_chain"];
    let results = chain["results"].as_array().unwrap();
    assert_eq!(results.len(), 2);
    let best = results.iter().max_by_key(|r| r["strict"]["correct"].as_u64()).unwrap();
    let ours = semeval(chain);
    for scheme in SCHEMES {
        assert_eq!(counts(&ours[scheme]), expected_counts(&best[scheme]), "{scheme}");
    }
}

/// A least overlap of 50 percent is an option of theirs. The SemEval view asks for one shared code point; `iou50` is a criterion.
#[test]
fn a_least_overlap_belongs_to_a_criterion_and_not_to_the_semeval_view() {
    let data = json("oracles/01_nervaluate.json");
    let case = &data["cases"]["H_min_overlap_50"];
    assert_eq!(expected_counts(&case["results"][0]["partial"]), [0, 0, 0, 1, 1]);
    assert_eq!(counts(&semeval(case)["partial"]), [0, 0, 1, 0, 0]);
}

/// Half-open neighbours handed to nervaluate as they are count as overlapping there. Here they touch, and share nothing.
#[test]
fn half_open_neighbours_share_nothing() {
    let data = json("oracles/01_nervaluate.json");
    let case = &data["cases"]["I_naive_halfopen_touch"];
    assert_eq!(expected_counts(&case["results"][0]["partial"]), [0, 0, 1, 0, 0]);
    assert_eq!(counts(&semeval_with(case, 0)["partial"]), [0, 0, 0, 1, 1]);
}
