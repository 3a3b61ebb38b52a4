//! Tag sequences against seqeval 1.2.2: entities of its strict IOB2 mode are claims with one code point a token, its scores
//! are those of the `strict` criterion, per kind and over all.

use claim_assay::claim::{Claim, Schema};
use claim_assay::score::{Criterion, RunResult, Settings};
use serde_json::Value;

use crate::support::{TestArticle, assert_close, evaluate, json, settings, spanned};

/// What an `I-X` without `B-X` or `I-X` before it is.
#[derive(Clone, Copy)]
enum Stray {
    /// Nothing (strict IOB2).
    Ignored,
    /// The start of an entity (their default mode).
    Starts,
}

fn entities(tags: &Value, stray: Stray) -> Vec<Claim> {
    let mut open: Option<(String, u32)> = None;
    let mut out = Vec::new();
    let tags = tags.as_array().unwrap().iter().map(|t| t.as_str().unwrap());
    for (at, tag) in (0u32..).zip(tags.chain(["O"])) {
        let continues = open.as_ref().is_some_and(|(kind, _)| tag == format!("I-{kind}"));
        if continues {
            continue;
        }
        if let Some((kind, start)) = open.take() {
            out.push(spanned(&kind, start, at));
        }
        open = match (tag.split_once('-'), stray) {
            (Some(("B", kind)), _) | (Some(("I", kind)), Stray::Starts) => Some((kind.to_owned(), at)),
            _ => None,
        };
    }
    out
}

fn run(case: &Value, stray: Stray) -> RunResult {
    let (gold, predicted) = (case["gold"].as_array().unwrap(), case["predicted"].as_array().unwrap());
    let articles: Vec<TestArticle> = gold
        .iter()
        .zip(predicted)
        .enumerate()
        .map(|(i, (g, p))| TestArticle::new(&format!("a{i}"), entities(g, stray), entities(p, stray)))
        .collect();
    let settings = Settings { slices: vec!["kind".into()], ..settings(Schema::open(), Criterion::Strict) };
    evaluate(&articles, &settings).result
}

#[test]
fn per_kind_and_over_all() {
    let data = json("oracles/02_seqeval.json");
    for (mode, stray) in [("strict_IOB2", Stray::Ignored), ("default_mode", Stray::Starts)] {
        let (result, expected) = (run(&data, stray), &data[mode]);
        let all = &result.criteria["strict"].all;
        assert_close(all.precision, &expected["micro avg"]["precision"], mode);
        assert_close(all.recall, &expected["micro avg"]["recall"], mode);
        assert_close(all.f1, &expected["micro avg"]["f1-score"], mode);
        assert_eq!(result.slices.iter().map(|s| s.value.as_str()).collect::<Vec<_>>(), ["NUM", "PLC", "SRC"]);
        for slice in &result.slices {
            let (ours, theirs) = (&slice.criteria["strict"], &expected[&slice.value]);
            let what = format!("{mode} {}", slice.value);
            assert_eq!(slice.gold as f64, theirs["support"].as_f64().unwrap(), "{what}");
            if slice.predicted != Some(0) {
                assert_close(ours.precision, &theirs["precision"], &what);
            }
            assert_close(ours.recall, &theirs["recall"], &what);
            assert_close(ours.f1, &theirs["f1-score"], &what);
        }
        let over_kinds = result.criteria["strict"].macro_kinds;
        assert_close(over_kinds.recall.mean, &expected["macro avg"]["recall"], mode);
    }
}

/// A kind that nobody predicted has no precision. Theirs puts 0 (or 1) in its place, and into the mean over kinds; ours leaves
/// it out of the mean and says so.
#[test]
fn a_kind_without_predictions_is_left_out_of_the_mean_precision() {
    let data = json("oracles/02_seqeval.json");
    let result = run(&data, Stray::Ignored);
    let place = result.slices.iter().find(|s| s.value == "PLC").unwrap();
    assert_eq!(place.criteria["strict"].precision, None);
    assert_eq!(data["strict_IOB2"]["PLC"]["precision"], 0.0);
    let mean = result.criteria["strict"].macro_kinds.precision;
    assert_eq!((mean.mean, mean.over, mean.undefined), (Some(0.25), 2, 1));
    assert_close(mean.mean.map(|m| m * 2.0 / 3.0), &data["strict_IOB2"]["macro avg"]["precision"], "with 0 for the undefined one");
}

/// `zero_division` chooses 0 or 1 for what is neither.
#[test]
fn zero_division_is_null() {
    let data = json("oracles/02_seqeval.json");
    let case = &data["only_predictions"];
    let all = run(case, Stray::Ignored).criteria["strict"].all;
    assert_eq!([&case["zero_division_0"]["recall"], &case["zero_division_1"]["recall"]], [&Value::from(0.0), &Value::from(1.0)]);
    assert_eq!((all.precision, all.recall, all.f1), (Some(0.0), None, Some(0.0)));
    let case = &data["both_empty"];
    let all = run(case, Stray::Ignored).criteria["strict"].all;
    assert_eq!([&case["zero_division_0"], &case["zero_division_1"]], [&Value::from(vec![0.0; 3]), &Value::from(vec![1.0; 3])]);
    assert_eq!((all.precision, all.recall, all.f1), (None, None, None));
}
