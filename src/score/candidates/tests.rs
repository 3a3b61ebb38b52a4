use proptest::prelude::*;

use crate::claim::{Claim, FieldState, Schema, Span};
use crate::score::{Criterion, GoldInput, Scorer, Settings, Tally};

fn equal_claims(n: usize, start: u32) -> Vec<Claim> {
    let fields = [("value".to_owned(), FieldState::Present("5".to_owned()))];
    let claim =
        Claim { fragments: Span::new(start, start + 9).unwrap().into(), fields: fields.into(), quote: "5".into(), ..Claim::default() };
    vec![claim; n]
}

#[test]
fn thousands_of_equal_claims_end_with_all_of_them_paired() {
    let (gold, predicted) = (equal_claims(1500, 3), equal_claims(1500, 3));
    let mut settings = Settings::new(Schema::open());
    settings.criteria = vec![Criterion::Exact, Criterion::Overlap, Criterion::Value, Criterion::Text];
    let scorer = Scorer::new(&settings, gold.iter().chain(&predicted));
    let inputs: Vec<GoldInput> = gold.iter().map(|claim| GoldInput { claim, optional: false, tags: &[] }).collect();
    let tally = scorer.score_article("en", &inputs, &predicted).tally;
    assert_eq!(tally.thinned, 1, "and it is said");
    assert!(tally.criteria.iter().all(|c| c.matched == 1500), "{:?}", tally.criteria);
    assert_eq!(tally.errors.right, 1500);
}

#[test]
fn what_can_be_looked_at_whole_is_not_thinned() {
    let (gold, predicted) = (equal_claims(100, 3), equal_claims(100, 3));
    let scorer = Scorer::new(&Settings::new(Schema::open()), gold.iter().chain(&predicted));
    let inputs: Vec<GoldInput> = gold.iter().map(|claim| GoldInput { claim, optional: false, tags: &[] }).collect();
    assert_eq!(scorer.score_article("en", &inputs, &predicted).tally.thinned, 0);
}

fn tally(criterion: Criterion, gold: &[Claim], predicted: &[Claim]) -> Tally {
    let mut settings = Settings::new(Schema::open());
    settings.criteria = vec![criterion];
    settings.primary = criterion;
    let inputs: Vec<GoldInput> = gold.iter().map(|claim| GoldInput { claim, optional: false, tags: &[] }).collect();
    Scorer::new(&settings, gold.iter().chain(predicted)).score_article("en", &inputs, predicted).tally
}

/// How many pairs of a relation can be chosen: each gold in turn takes a prediction, from one that finds another if need be.
fn most_pairs(golds: usize, predictions: usize, are_a_pair: impl Fn(usize, usize) -> bool) -> u64 {
    fn take(g: usize, mates: &mut [Option<usize>], seen: &mut [bool], are_a_pair: &dyn Fn(usize, usize) -> bool) -> bool {
        (0..mates.len()).any(|p| {
            let is_taken = are_a_pair(g, p)
                && !std::mem::replace(&mut seen[p], true)
                && mates[p].is_none_or(|other| take(other, mates, seen, are_a_pair));
            if is_taken {
                mates[p] = Some(g);
            }
            is_taken
        })
    }
    let mut mates = vec![None; predictions];
    (0..golds).filter(|&g| take(g, &mut mates, &mut vec![false; predictions], &are_a_pair)).count() as u64
}

/// Up to 90 claims a side: short ones, some long ones, and some without a place.
fn placed() -> impl Strategy<Value = Vec<Claim>> {
    let length = prop_oneof![1 => Just(0u32), 8 => 1u32..12, 1 => 1u32..400];
    let claim = (0u32..400, length).prop_map(|(start, length)| Claim {
        fragments: Span::new(start, start + length).map_or_else(Default::default, Into::into),
        ..Claim::default()
    });
    proptest::collection::vec(claim, 0..90)
}

/// Up to 120 claims a side with few values in two fields.
fn with_keys() -> impl Strategy<Value = Vec<Claim>> {
    let claim = (0u8..12, 0u8..3).prop_map(|(value, unit)| {
        let present = |name: &str, value: String| (name.to_owned(), FieldState::Present(value));
        Claim { fields: [present("value", value.to_string()), present("unit", format!("u{unit}"))].into(), ..Claim::default() }
    });
    proptest::collection::vec(claim, 0..120)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn all_pairs_that_overlap_are_found(gold in placed(), predicted in placed()) {
        let overlap = |g: usize, p: usize| {
            let (g, p) = (gold[g].fragments.spans(), predicted[p].fragments.spans());
            matches!((g, p), ([g], [p]) if g.start() < p.end() && p.start() < g.end())
        };
        let expected = most_pairs(gold.len(), predicted.len(), overlap);
        prop_assert_eq!(tally(Criterion::Overlap, &gold, &predicted).criteria[0].matched, expected);
    }

    #[test]
    fn all_pairs_of_equal_keys_are_found(gold in with_keys(), predicted in with_keys()) {
        let expected = most_pairs(gold.len(), predicted.len(), |g, p| gold[g].fields == predicted[p].fields);
        prop_assert_eq!(tally(Criterion::Value, &gold, &predicted).criteria[0].matched, expected);
    }
}
