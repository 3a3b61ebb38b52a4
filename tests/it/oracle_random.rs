//! 300 random small articles full of ties, overlaps, touching spans, fragments, not annotated and absent fields, against an
//! independent Python implementation of the scoring definitions (scipy does its assignment).
//!
//! Source of the data and the expected numbers: `12_random_cases.py --seed 1 --docs 300` of the project's oracles.

use claim_assay::claim::{Claim, Field, FieldType, Schema};
use claim_assay::extract::Numbers;
use claim_assay::score::{ArticleScore, Criterion, ErrorClass, GoldInput, Pair, Scorer, Settings, Tally};
use serde_json::Value;

use crate::support::{assert_close, claim, data, json};

struct Case {
    id: String,
    gold: Vec<Claim>,
    predicted: Vec<Claim>,
    score: ArticleScore,
}

/// Values are compared as plain text there, so every field is an open enum here.
fn scorer(claims: &[Claim]) -> Scorer {
    let field = |name: &str, weight| Field { weight, ..Field::new(name, FieldType::Enum) };
    let fields = vec![field("value", 3), field("bound", 1), field("unit", 1), field("change", 1), field("source", 1)];
    let schema = Schema { kinds: None, fields, open_fields: false, ..Schema::default() };
    let settings = Settings {
        schema,
        criteria: Criterion::DEFAULT.to_vec(),
        primary: Criterion::Iou(50),
        slices: vec![],
        numbers: Numbers::Canonical,
    };
    Scorer::new(&settings, claims.iter())
}

fn cases() -> (Scorer, Vec<Case>) {
    let read = |name: &str| -> Vec<Value> {
        data(&format!("oracles/12_random/{name}")).lines().map(|l| serde_json::from_str(l).unwrap()).collect()
    };
    let claims_of = |article: &Value| -> Vec<Claim> { article["claims"].as_array().unwrap().iter().map(claim).collect() };
    let (gold, predicted) = (read("gold.jsonl"), read("pred.jsonl"));
    let all: Vec<Claim> = gold.iter().chain(&predicted).flat_map(claims_of).collect();
    let scorer = scorer(&all);
    let cases = gold
        .iter()
        .zip(&predicted)
        .map(|(g, p)| {
            let (gold, predicted) = (claims_of(g), claims_of(p));
            let inputs: Vec<GoldInput> = gold.iter().map(|claim| GoldInput { claim, optional: false, tags: &[] }).collect();
            let score = scorer.score_article(g["lang"].as_str().unwrap(), &inputs, &predicted);
            Case { id: g["id"].as_str().unwrap().to_owned(), gold, predicted, score }
        })
        .collect();
    (scorer, cases)
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
    for (name, counts) in ["bound", "change", "source", "unit", "value"].iter().zip(&tally.fields) {
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
