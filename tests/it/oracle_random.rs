//! 300 random small articles full of ties, overlaps, touching spans, fragments, not annotated and absent fields, against an
//! independent Python implementation of the scoring definitions (scipy does its assignment).
//!
//! Source of the data and the expected numbers: `12_random_cases.py --seed 1 --docs 300` of the project's oracles.

use claim_assay::claim::Claim;
use claim_assay::score::{ArticleScore, Criterion, ErrorClass, GoldInput, Pair, RunResult, Scorer, Settings, Tally};
use serde_json::Value;

use crate::support::{TestArticle, assert_close, assert_prf, claim, data, evaluate, json, plain_schema, settings};

struct Case {
    id: String,
    gold: Vec<Claim>,
    predicted: Vec<Claim>,
    score: ArticleScore,
}

/// Values are compared as plain text there, so every field is an open enum here.
fn plain_settings() -> Settings {
    let fields = [("value", 3), ("bound", 1), ("unit", 1), ("change", 1), ("source", 1)];
    settings(plain_schema(&fields, &["value", "bound", "unit", "change"]), Criterion::Iou(50))
}

fn claims_of(article: &Value) -> Vec<Claim> {
    article["claims"].as_array().unwrap().iter().map(claim).collect()
}

/// (gold, predicted) lines, article by article.
fn lines() -> Vec<(Value, Value)> {
    let read = |name: &str| -> Vec<Value> {
        data(&format!("oracles/12_random/{name}")).lines().map(|l| serde_json::from_str(l).unwrap()).collect()
    };
    read("gold.jsonl").into_iter().zip(read("pred.jsonl")).collect()
}

fn cases() -> (Scorer, Vec<Case>) {
    let lines = lines();
    let all: Vec<Claim> = lines.iter().flat_map(|(g, p)| [claims_of(g), claims_of(p)].concat()).collect();
    let scorer = Scorer::new(&plain_settings(), all.iter());
    let cases = lines
        .iter()
        .map(|(g, p)| {
            let (gold, predicted) = (claims_of(g), claims_of(p));
            let inputs: Vec<GoldInput> = gold.iter().map(|claim| GoldInput { claim, optional: false, tags: &[] }).collect();
            let score = scorer.score_article(g["lang"].as_str().unwrap(), &inputs, &predicted);
            Case { id: g["id"].as_str().unwrap().to_owned(), gold, predicted, score }
        })
        .collect();
    (scorer, cases)
}

fn result() -> RunResult {
    let article = |(g, p): &(Value, Value)| TestArticle {
        lang: g["lang"].as_str().unwrap().to_owned(),
        ..TestArticle::new(g["id"].as_str().unwrap(), claims_of(g), claims_of(p))
    };
    let articles: Vec<TestArticle> = lines().iter().map(article).collect();
    evaluate(&articles, &plain_settings()).result
}

fn total(cases: &[Case]) -> Tally {
    let mut sum = Tally::default();
    cases.iter().for_each(|c| sum.add(&c.score.tally));
    sum
}

fn assert_pairs(case: &Case, found: &[Pair], expected: &Value, what: &str) {
    let found: Vec<[&str; 2]> = found.iter().map(|p| [case.gold[p.gold].id.as_str(), case.predicted[p.predicted].id.as_str()]).collect();
    assert_eq!(serde_json::to_value(found).unwrap(), *expected, "{what} of {}", case.id);
}

#[test]
fn every_pair() {
    let expected = &json("oracles/12_random/expected.json")["pairs"];
    let (scorer, cases) = cases();
    assert_eq!(cases.len(), 300);
    for case in &cases {
        for (criterion, pairs) in scorer.criteria().iter().zip(&case.score.pairs) {
            assert_pairs(case, pairs, &expected[criterion.to_string()][&case.id], &criterion.to_string());
        }
        assert_pairs(case, &case.score.error_pairs, &expected["errors"][&case.id], "errors");
        assert_pairs(case, &case.score.semeval_pairs, &expected["semeval"][&case.id], "semeval");
    }
}

#[test]
fn counts_of_criteria_fields_and_errors() {
    let expected = json("oracles/12_random/expected.json");
    let (scorer, cases) = cases();
    let tally = total(&cases);
    let eq = |found: u64, value: &Value, what: &str| assert_eq!(Some(found), value.as_u64(), "{what}");
    eq(tally.gold, &expected["gold"], "gold");
    eq(tally.predicted, &expected["predicted"], "predicted");
    for (criterion, counts) in scorer.criteria().iter().zip(&tally.criteria) {
        let want = &expected["criteria"][criterion.to_string()];
        eq(counts.matched, &want["tp"], "tp");
        eq(counts.predicted - counts.matched, &want["fp"], "fp");
        eq(counts.gold - counts.matched, &want["fn"], "fn");
    }
    for (name, counts) in ["bound", "change", "source", "unit", "value"].iter().zip(tally.fields.values()) {
        let want = &expected["fields"][name];
        for (key, n) in [("cor", counts.cor), ("inc", counts.inc), ("mis", counts.mis), ("spu", counts.spu), ("tn", counts.tn)] {
            eq(n, &want["matched"][key], &format!("{name} {key}"));
        }
        eq(counts.cor, &want["end_to_end"]["tp"], name);
        eq(counts.predicted - counts.cor, &want["end_to_end"]["fp"], name);
        eq(counts.gold - counts.cor, &want["end_to_end"]["fn"], name);
    }
    let errors = &tally.errors;
    eq(errors.right, &expected["right"], "right");
    eq(errors.gold_split, &expected["flags"]["gold_split"], "gold_split");
    eq(errors.pred_merge, &expected["flags"]["pred_merge"], "pred_merge");
    for class in ErrorClass::ALL {
        eq(errors.classes[class as usize], &expected["errors"][class.name()]["count"], class.name());
    }
    let s = &tally.semeval;
    for (scheme, correct) in [("strict", s.same_both), ("exact", s.same_place), ("partial", s.same_place), ("type", s.same_kind)] {
        eq(correct, &expected["semeval"][scheme]["correct"], scheme);
        eq(s.missed, &expected["semeval"][scheme]["missed"], scheme);
        eq(s.spurious, &expected["semeval"][scheme]["spurious"], scheme);
    }
    assert_close(Some(2.0 * errors.right as f64 / (errors.gold + errors.predicted) as f64), &expected["right_f1"], "right_f1");
}

#[test]
fn precision_recall_and_f1_of_the_result() {
    let expected = json("oracles/12_random/expected.json");
    let result = result();
    assert_eq!((Some(result.gold), Some(result.predicted)), (expected["gold"].as_u64(), expected["predicted"].as_u64()));
    assert_eq!(result.criteria.keys().collect::<Vec<_>>(), expected["criteria"].as_object().unwrap().keys().collect::<Vec<_>>());
    for (name, score) in &result.criteria {
        assert_prf(&score.all, &expected["criteria"][name], name);
        assert_prf(&score.without_failed, &expected["criteria"][name], &format!("{name} without failed"));
    }
    assert_eq!(result.fields.len(), 5);
    for (name, score) in &result.fields {
        let want = &expected["fields"][name];
        assert_prf(&score.end_to_end.prf(), &want["end_to_end"], &format!("{name} end to end"));
        let (m, want) = (score.matched, &want["matched"]);
        let counts = [m.cor, m.inc, m.mis, m.spu, m.tn].map(Some);
        assert_eq!(counts, ["cor", "inc", "mis", "spu", "tn"].map(|k| want[k].as_u64()), "{name}");
        assert_close(m.precision, &want["precision"], name);
        assert_close(m.recall, &want["recall"], name);
        assert_close(m.f1, &want["f1"], name);
    }
}

#[test]
fn semeval_view_and_gains_of_the_result() {
    let expected = json("oracles/12_random/expected.json");
    let result = result();
    assert_eq!(result.semeval.len(), 4);
    for (name, s) in &result.semeval {
        let want = &expected["semeval"][name];
        let counts = [s.correct, s.incorrect, s.partial, s.missed, s.spurious, s.possible, s.actual].map(Some);
        let keys = ["correct", "incorrect", "partial", "missed", "spurious", "possible", "actual"];
        assert_eq!(counts, keys.map(|k| want[k].as_u64()), "{name}");
        assert_close(s.precision, &want["precision"], name);
        assert_close(s.recall, &want["recall"], name);
        assert_close(s.f1, &want["f1"], name);
    }
    assert_eq!(result.errors.len(), 8);
    for (class, error) in &result.errors {
        assert_eq!(Some(error.count), expected["errors"][class]["count"].as_u64(), "{class}");
        assert_close(error.f1_gain, &expected["errors"][class]["f1_gain"], class);
    }
    assert_eq!(Some(result.right), expected["right"].as_u64());
    assert_close(result.right_f1, &expected["right_f1"], "right_f1");
    assert_eq!(
        [result.flags.gold_split, result.flags.pred_merge].map(Some),
        ["gold_split", "pred_merge"].map(|k| expected["flags"][k].as_u64())
    );
}
