//! What holds for every run, whatever the articles: random small runs full of ties, fragments, unlocated predictions, absent and
//! not annotated fields, failed and partly labelled articles.

use std::collections::BTreeMap;

use claim_assay::claim::{ArticleStatus, Claim, FieldState, Fragments, Schema, Span};
use claim_assay::extract::Numbers;
use claim_assay::extract::{Answer, Outcome};
use claim_assay::score::{Criterion, ErrorClass, RunResult, Settings, Standing, Tally};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

use crate::support::{Gold, TestArticle, cases, evaluate, spanned, with_field};

const CRITERIA: [Criterion; 8] = [
    Criterion::Exact,
    Criterion::Strict,
    Criterion::Iou(50),
    Criterion::Iou(75),
    Criterion::Overlap,
    Criterion::Value,
    Criterion::Claim,
    Criterion::Text,
];

/// Those that look at nothing beyond one place of the text.
const LOCAL: [&str; 6] = ["exact", "strict", "iou50", "iou75", "overlap", "claim"];

fn settings(primary: Criterion) -> Settings {
    Settings {
        schema: Schema { kinds: None, ..Schema::default() },
        criteria: CRITERIA.to_vec(),
        primary,
        slices: ["lang", "kind", "tags", "unit", "publisher"].map(str::to_owned).to_vec(),
        numbers: Numbers::Canonical,
        intervals: None,
    }
}

fn json(result: &RunResult) -> String {
    serde_json::to_value(result).unwrap().to_string()
}

// --- what the runs are made of

fn place() -> impl Strategy<Value = Fragments> {
    let second = option::weighted(0.15, (1u32..4, 1u32..5));
    (0u32..30, select(vec![1u32, 4, 6, 10]), second).prop_map(|(start, len, second)| {
        let end = start + len;
        let second = second.map(|(gap, len)| (end + gap, end + gap + len));
        [Some((start, end)), second].into_iter().flatten().filter_map(|(s, e)| Span::new(s, e)).collect()
    })
}

/// Not annotated, annotated as absent, or a value.
fn field(values: &'static [&'static str]) -> impl Strategy<Value = Option<FieldState<String>>> {
    prop_oneof![
        1 => Just(None),
        1 => Just(Some(FieldState::Absent)),
        4 => select(values).prop_map(|v| Some(FieldState::Present(v.to_owned()))),
    ]
}

fn claim() -> impl Strategy<Value = Claim> {
    let fields =
        (field(&["37000", "37000.0", "10"]), field(&["exactly", "more_than"]), field(&["person", "Person", "percent"]), field(&["AP"]));
    let kind = select(vec!["quantity", "change", ""]);
    let quote = select(vec!["", "more than 37,000", "More  than 37,000", "ten times"]);
    let id = select(vec!["", "", "a", "b"]);
    (place(), kind, fields, quote, id).prop_map(|(fragments, kind, (value, bound, unit, source), quote, id)| {
        let states = [("value", value), ("bound", bound), ("unit", unit), ("source", source)];
        Claim {
            id: id.to_owned(),
            fragments,
            quote: quote.to_owned(),
            kind: kind.to_owned(),
            fields: states.into_iter().filter_map(|(name, state)| Some((name.to_owned(), state?))).collect(),
            ..Claim::default()
        }
    })
}

fn predicted_claim() -> impl Strategy<Value = Claim> {
    let oddity = select(vec!["none", "none", "none", "unlocated", "unreadable"]);
    (claim(), oddity, option::of(select(vec![0.0, 0.25, 0.3, 1.0]))).prop_map(|(mut claim, oddity, score)| {
        claim.score = score;
        match oddity {
            "unlocated" => claim.fragments = Fragments::default(),
            "unreadable" => claim = with_field(claim, "value", "about 37"),
            _ => {}
        }
        claim
    })
}

fn gold_claim() -> impl Strategy<Value = Gold> {
    let tags = select(vec![vec![], vec!["hard"], vec!["hard", "must-find"]]);
    (claim(), prop::bool::weighted(0.1), tags).prop_map(|(claim, optional, tags)| Gold {
        claim,
        optional,
        tags: tags.into_iter().map(str::to_owned).collect(),
    })
}

/// Gold, and predictions of which some repeat a gold claim. Some claims have a twin that differs only in what the canonical order
/// of the contract does not look at.
fn claims() -> impl Strategy<Value = (Vec<Gold>, Vec<Claim>)> {
    let index = any::<prop::sample::Index>;
    let twins = (option::weighted(0.2, index()), option::weighted(0.2, index()));
    (vec(gold_claim(), 0..6), vec(predicted_claim(), 0..5), vec(index(), 0..4), twins).prop_map(
        |(mut gold, mut predicted, copies, (gold_twin, predicted_twin))| {
            if !gold.is_empty() {
                predicted.extend(copies.iter().map(|i| i.get(&gold).claim.clone()));
            }
            if let Some(original) = gold_twin.filter(|_| !gold.is_empty()).map(|i| i.get(&gold)) {
                let mut twin = Gold { tags: vec!["twin".to_owned()], ..original.clone() };
                for name in ["value", "bound", "unit", "source"] {
                    match twin.claim.fields.get(name) {
                        None => twin.claim.fields.insert(name, FieldState::<&str>::Absent),
                        Some(FieldState::Absent) => twin.claim.fields.remove(name),
                        Some(FieldState::Present(_)) => {}
                    }
                }
                gold.push(twin);
            }
            if let Some(original) = predicted_twin.filter(|_| !predicted.is_empty()).map(|i| i.get(&predicted)) {
                let score = if original.score.is_some() { original.score } else { Some(0.0) };
                let twin = Claim { score, quote: "ten times".to_owned(), ..original.clone() };
                predicted.push(twin);
            }
            (gold, predicted)
        },
    )
}

/// Labelled whole, answered, nothing optional.
fn plain_run() -> impl Strategy<Value = Vec<TestArticle>> {
    let article = (claims(), select(vec!["id", "en", "es"]), select(vec!["Antara", "AP"]));
    vec(article, 0..6).prop_map(|articles| {
        let numbered = articles.into_iter().enumerate();
        numbered
            .map(|(i, ((gold, predicted), lang, publisher))| TestArticle {
                lang: lang.to_owned(),
                columns: BTreeMap::from([("publisher".to_owned(), publisher.to_owned())]),
                gold: gold.into_iter().map(|g| Gold { optional: false, ..g }).collect(),
                ..TestArticle::new(&format!("a{i}"), vec![], predicted)
            })
            .collect()
    })
}

/// Everything: optional golds, failures, articles that are not labelled whole.
fn run() -> impl Strategy<Value = Vec<TestArticle>> {
    let status =
        select(vec![ArticleStatus::Gold, ArticleStatus::Gold, ArticleStatus::Reviewed, ArticleStatus::Incomplete, ArticleStatus::Draft]);
    let failure = option::weighted(0.2, select(Outcome::ALL[2..].to_vec()));
    let more = (vec(gold_claim(), 0..3), status, failure);
    (plain_run(), vec(more, 6)).prop_map(|(mut articles, more)| {
        for (article, (gold, status, failure)) in articles.iter_mut().zip(more) {
            article.gold.extend(gold);
            article.status = status;
            if let Some(outcome) = failure {
                article.answer = (outcome != Outcome::NotAnswered).then(|| Answer::failed(&article.id, outcome, "it broke"));
            }
        }
        articles
    })
}

fn criterion() -> impl Strategy<Value = Criterion> {
    select(CRITERIA.to_vec())
}

fn predicted(article: &TestArticle) -> &[Claim] {
    article.answer.as_ref().map(|a| a.claims.as_slice()).unwrap_or_default()
}

fn swapped(articles: &[TestArticle]) -> Vec<TestArticle> {
    let gold = |a: &TestArticle| a.gold.iter().map(|g| g.claim.clone()).collect();
    articles.iter().map(|a| TestArticle::new(&a.id, predicted(a).to_vec(), gold(a))).collect()
}

/// Every field of every claim present or annotated as absent.
fn annotate_all(mut articles: Vec<TestArticle>) -> Vec<TestArticle> {
    for article in &mut articles {
        let golds = article.gold.iter_mut().map(|g| &mut g.claim);
        for claim in golds.chain(article.answer.iter_mut().flat_map(|a| &mut a.claims)) {
            for name in ["value", "bound", "unit", "source", "change"] {
                if !claim.fields.contains_key(name) {
                    claim.fields.insert(name, FieldState::<&str>::Absent);
                }
            }
        }
    }
    articles
}

fn shuffled<T: Clone>(items: &[T], order: &[prop::sample::Index]) -> Vec<T> {
    let mut rest = items.to_vec();
    let mut out = Vec::new();
    for index in order.iter().cycle().take(items.len()) {
        out.push(rest.swap_remove(index.index(rest.len())));
    }
    out
}

fn sum<'a>(tallies: impl IntoIterator<Item = &'a Tally>) -> Tally {
    let mut sum = Tally::default();
    tallies.into_iter().for_each(|t| sum.add(t));
    sum
}

// --- the laws

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn gold_against_itself_is_1_wherever_it_is_defined(articles in plain_run(), primary in criterion()) {
        let mut itself = articles;
        for article in &mut itself {
            let claims = article.gold.iter().map(|g| Claim { id: String::new(), ..g.claim.clone() }).collect();
            article.answer = TestArticle::new(&article.id, vec![], claims).answer;
        }
        let result = evaluate(&itself, &settings(primary)).result;
        let one = |value: Option<f64>| value.is_none_or(|v| v == 1.0);
        for (name, c) in &result.criteria {
            prop_assert!([c.all.precision, c.all.recall, c.all.f1, c.soft_f1].into_iter().all(one), "{name}: {c:?}");
            prop_assert!([c.macro_kinds.precision.mean, c.macro_kinds.recall.mean].into_iter().all(one), "{name}");
        }
        for (name, s) in &result.semeval {
            prop_assert!([s.precision, s.recall, s.f1].into_iter().all(one), "{name}: {s:?}");
        }
        for (name, f) in &result.fields {
            let (m, e) = (f.matched, f.end_to_end);
            prop_assert!([m.precision, m.recall, m.f1, e.precision, e.recall, e.f1].into_iter().all(one), "{name}: {f:?}");
        }
        for slice in &result.slices {
            for (name, s) in &slice.criteria {
                prop_assert!([s.precision, s.recall, s.f1].into_iter().all(one), "{} {} {name}", slice.column, slice.value);
            }
        }
        prop_assert!(one(result.right_f1));
        prop_assert!(result.slot_error_rate.is_none_or(|r| r == 0.0));
        prop_assert_eq!(result.all_fields_right, result.criteria[&result.primary].all.tp);
        prop_assert_eq!(result.right, result.gold);
        prop_assert!(result.errors.values().all(|e| e.count == 0));
        prop_assert_eq!(result.articles.empty_right, result.articles.empty_total);
        prop_assert_eq!(result.calibration, None);
    }

    #[test]
    fn swapping_the_sides_swaps_precision_and_recall(articles in plain_run()) {
        let there = evaluate(&articles, &settings(Criterion::Iou(50))).result;
        let back = evaluate(&swapped(&articles), &settings(Criterion::Iou(50))).result;
        for name in ["exact", "strict", "iou50", "iou75", "overlap", "text"] {
            let (a, b) = (&there.criteria[name].all, &back.criteria[name].all);
            prop_assert_eq!((a.tp, a.precision, a.recall, a.f1), (b.tp, b.recall, b.precision, b.f1), "{}", name);
        }
        for name in ["strict", "exact", "partial", "type"] {
            let (a, b) = (&there.semeval[name], &back.semeval[name]);
            prop_assert_eq!((a.precision, a.recall, a.missed), (b.recall, b.precision, b.spurious), "{}", name);
        }
    }

    /// A field that gold has not annotated equals anything, and a prediction has no such field; so only then.
    #[test]
    fn with_every_field_annotated_so_do_value_and_claim(articles in plain_run()) {
        let articles = annotate_all(articles);
        let there = evaluate(&articles, &settings(Criterion::Iou(50))).result;
        let back = evaluate(&swapped(&articles), &settings(Criterion::Iou(50))).result;
        for (name, a) in &there.criteria {
            let b = &back.criteria[name];
            prop_assert_eq!((a.all.tp, a.all.precision, a.all.recall), (b.all.tp, b.all.recall, b.all.precision), "{}", name);
            prop_assert_eq!(a.soft_f1, b.soft_f1, "{}", name);
        }
        prop_assert_eq!((there.right, there.right_f1), (back.right, back.right_f1));
    }

    #[test]
    fn the_order_of_articles_and_claims_changes_no_byte(
        articles in run(), primary in criterion(), order in vec(any::<prop::sample::Index>(), 1..20)
    ) {
        let mut other = shuffled(&articles, &order);
        for article in &mut other {
            article.gold = shuffled(&article.gold, &order);
            if let Some(answer) = &mut article.answer {
                answer.claims = shuffled(&answer.claims, &order);
            }
        }
        let settings = settings(primary);
        prop_assert_eq!(json(&evaluate(&articles, &settings).result), json(&evaluate(&other, &settings).result));
    }

    /// The claims of the second half lie behind all of the first, by `gap` code points; 0 touches. `value` and `text` do not
    /// look at the place, so that a cut can part what they pair.
    #[test]
    fn an_article_cut_where_no_claim_crosses_gives_the_same_counts(
        first in claims(), second in claims(), gap in 0u32..3, primary in select(LOCAL.to_vec())
    ) {
        let end = |c: &Claim| c.fragments.hull().map_or(0, Span::end);
        let cut = first.0.iter().map(|g| &g.claim).chain(&first.1).map(end).max().unwrap_or(0) + gap;
        let moved = |c: &Claim| Claim {
            fragments: c.fragments.spans().iter().filter_map(|s| Span::new(s.start() + cut, s.end() + cut)).collect(),
            ..c.clone()
        };
        let article = |id: &str, gold: Vec<Gold>, predicted| TestArticle { gold, ..TestArticle::new(id, vec![], predicted) };
        let behind = second.0.iter().map(|g| Gold { claim: moved(&g.claim), ..g.clone() });
        let whole = [article("whole",
            first.0.iter().cloned().chain(behind).collect(),
            first.1.iter().cloned().chain(second.1.iter().map(moved)).collect(),
        )];
        let halves = [article("first", first.0.clone(), first.1.clone()), article("second", second.0.clone(), second.1.clone())];
        let settings = settings(primary.parse().unwrap());
        let (whole, halves) = (evaluate(&whole, &settings).result, evaluate(&halves, &settings).result);
        for name in LOCAL {
            prop_assert_eq!(&whole.criteria[name].all, &halves.criteria[name].all, "{}", name);
            prop_assert_eq!(whole.criteria[name].soft_f1, halves.criteria[name].soft_f1, "{}", name);
        }
        prop_assert_eq!((&whole.semeval, &whole.errors, whole.flags), (&halves.semeval, &halves.errors, halves.flags));
        prop_assert_eq!((&whole.fields, &whole.confusion), (&halves.fields, &halves.confusion));
        prop_assert_eq!(whole.calibration, halves.calibration);
    }

    #[test]
    fn a_doubled_prediction_is_one_match_and_one_duplicate(gold in vec(claim(), 0..6)) {
        let article = TestArticle::new("a", gold.clone(), [gold.clone(), gold.clone()].concat());
        let result = evaluate(&[article], &settings(Criterion::Iou(50))).result;
        let n = gold.len() as u64;
        for name in LOCAL {
            let c = result.criteria[name].all;
            prop_assert_eq!((c.tp, c.fp, c.fn_), (n, n, 0), "{}", name);
        }
        prop_assert_eq!((result.right, result.errors["duplicate"].count), (n, n));
        prop_assert!(result.errors.iter().all(|(class, e)| class == "duplicate" || e.count == 0));
    }

    #[test]
    fn touching_spans_do_not_match(start in 0u32..50, length in 1u32..10, other in 1u32..10, gold_first: bool) {
        let (left, right) = (spanned("quantity", start, start + length), spanned("quantity", start + length, start + length + other));
        let (gold, predicted) = if gold_first { (left, right) } else { (right, left) };
        let result = evaluate(&[TestArticle::new("a", vec![gold], vec![predicted])], &settings(Criterion::Overlap)).result;
        for name in LOCAL {
            let c = result.criteria[name].all;
            prop_assert_eq!((c.tp, c.fp, c.fn_), (0, 1, 1), "{}", name);
        }
        let s = result.semeval["partial"];
        prop_assert_eq!((s.missed, s.spurious), (1, 1));
        prop_assert_eq!((result.errors["background"].count, result.errors["missed"].count), (1, 1));
    }

    /// An optional claim that nobody found is as good as not there. It has no key field and no quote, so that nothing equals it.
    #[test]
    fn an_optional_claim_that_is_not_found_changes_no_byte(articles in run(), primary in criterion()) {
        let settings = settings(primary);
        let before = evaluate(&articles, &settings).result;
        let mut more = articles;
        for article in &mut more {
            article.gold.push(Gold { claim: spanned("quantity", 900, 910), optional: true, tags: vec!["hard".to_owned()] });
        }
        prop_assert_eq!(json(&before), json(&evaluate(&more, &settings).result));
    }

    /// One that is found is no hit, and what found it is no false alarm.
    #[test]
    fn an_optional_claim_that_is_found_changes_no_score(articles in plain_run()) {
        let settings = settings(Criterion::Iou(50));
        let before = evaluate(&articles, &settings).result;
        let mut more = articles;
        for article in &mut more {
            let found = spanned("quantity", 900, 910);
            article.gold.push(Gold { claim: found.clone(), optional: true, tags: vec![] });
            let claims = [predicted(article), &[found]].concat();
            article.answer = TestArticle::new(&article.id, vec![], claims).answer;
        }
        let after = evaluate(&more, &settings).result;
        prop_assert_eq!(&before.criteria, &after.criteria);
        prop_assert_eq!((&before.semeval, &before.errors, &before.fields), (&after.semeval, &after.errors, &after.fields));
        prop_assert_eq!((&before.confusion, before.gold, before.right_f1), (&after.confusion, after.gold, after.right_f1));
        prop_assert_eq!((before.articles.empty_right, before.articles.empty_total), (after.articles.empty_right, after.articles.empty_total));
        prop_assert_eq!(before.calibration, after.calibration);
    }

    /// Nothing else shows them, and the block says what they would score if they were labelled whole.
    #[test]
    fn partly_labelled_articles_stand_in_a_block_of_their_own(articles in run(), primary in criterion()) {
        let settings = settings(primary);
        let result = evaluate(&articles, &settings).result;
        let (own, rest): (Vec<TestArticle>, Vec<TestArticle>) =
            articles.into_iter().partition(|a| a.status == ArticleStatus::Incomplete);
        let without = evaluate(&rest, &settings).result;
        prop_assert_eq!((&result.criteria, &result.fields, &result.errors), (&without.criteria, &without.fields, &without.errors));
        prop_assert_eq!((&result.slices, result.gold, &result.calibration), (&without.slices, without.gold, &without.calibration));
        let whole: Vec<TestArticle> = own.into_iter().map(|a| TestArticle { status: ArticleStatus::Gold, ..a }).collect();
        let whole = evaluate(&whole, &settings).result;
        let block = result.incomplete.unwrap_or_default();
        let all = whole.criteria[&whole.primary].all;
        prop_assert_eq!(block.articles, whole.articles.scored + whole.articles.failed);
        prop_assert_eq!((block.gold, block.found, block.unjudged, block.recall), (all.tp + all.fn_, all.tp, all.fp, all.recall));
    }

    #[test]
    fn failed_articles_miss_all_their_gold_and_the_numbers_without_them_stand_beside(articles in run()) {
        let settings = settings(Criterion::Iou(50));
        let found = evaluate(&articles, &settings);
        let of = |standing| articles.iter().zip(&found.articles).filter(move |(_, e)| e.standing == standing).map(|(a, _)| a.clone());
        let answered: Vec<TestArticle> = of(Standing::Scored).collect();
        let failed_gold = of(Standing::Failed).flat_map(|a| a.gold).filter(|g| !g.optional).count() as u64;
        let without = evaluate(&answered, &settings).result;
        for (name, c) in &found.result.criteria {
            prop_assert_eq!(&c.without_failed, &without.criteria[name].all, "{}", name);
            prop_assert_eq!((c.all.tp, c.all.fp), (c.without_failed.tp, c.without_failed.fp), "{}", name);
            if LOCAL.contains(&name.as_str()) {
                prop_assert_eq!(c.all.fn_, c.without_failed.fn_ + failed_gold, "{}", name);
            }
        }
        prop_assert_eq!(found.result.errors["missed"].count, without.errors["missed"].count + failed_gold);
    }

    #[test]
    fn every_article_and_every_claim_is_accounted_for(articles in run(), primary in criterion()) {
        let found = evaluate(&articles, &settings(primary));
        let result = &found.result;
        let a = &result.articles;
        prop_assert_eq!(a.total, articles.len() as u64);
        prop_assert_eq!(a.total, a.scored + a.failed + a.excluded);
        prop_assert_eq!(a.excluded, a.excluded_by.values().sum::<u64>());
        let (mut gold, mut predicted_of_scored) = (0, 0);
        for (article, evaluated) in articles.iter().zip(&found.articles) {
            let in_headline = matches!(evaluated.standing, Standing::Scored | Standing::Failed);
            gold += if in_headline { article.gold.iter().filter(|g| !g.optional).count() as u64 } else { 0 };
            predicted_of_scored += if evaluated.standing == Standing::Scored { predicted(article).len() as u64 } else { 0 };
        }
        prop_assert_eq!((result.gold, result.predicted), (gold, predicted_of_scored));
        for evaluated in &found.articles {
            let t = &evaluated.score.tally;
            for (i, c) in t.criteria.iter().enumerate() {
                let by_kind = |count: fn(&claim_assay::score::KindTally) -> u64| t.kinds.values().map(|k| count(&k[i])).sum::<u64>();
                prop_assert_eq!((by_kind(|k| k.gold), by_kind(|k| k.gold_matched)), (c.gold, c.matched));
                prop_assert_eq!((by_kind(|k| k.predicted), by_kind(|k| k.predicted_matched)), (c.predicted, c.matched));
                prop_assert!(c.matched <= c.gold.min(c.predicted) && c.gold <= t.gold && c.predicted <= t.predicted);
            }
            let (errors, s) = (&t.errors, &t.semeval);
            let count = |classes: &[ErrorClass]| classes.iter().map(|c| errors.classes[*c as usize]).sum::<u64>();
            let pairs = errors.right + count(&[ErrorClass::Boundary, ErrorClass::Kind, ErrorClass::Field, ErrorClass::Several]);
            prop_assert_eq!(pairs, t.confusion.values().sum::<u64>());
            prop_assert_eq!(pairs + count(&[ErrorClass::Missed]), t.gold);
            prop_assert_eq!(pairs + count(&[ErrorClass::Duplicate, ErrorClass::Piece, ErrorClass::Background]), errors.predicted);
            prop_assert_eq!(s.pairs + s.missed, t.gold);
            prop_assert!(s.pairs + s.spurious <= t.predicted);
        }
        for (name, c) in result.criteria.iter().filter(|(name, _)| LOCAL.contains(&name.as_str())) {
            prop_assert_eq!(c.all.tp + c.all.fn_, result.gold, "{}", name);
        }
        for s in result.semeval.values() {
            prop_assert_eq!(s.correct + s.incorrect + s.partial + s.missed, s.possible);
            prop_assert_eq!(s.correct + s.incorrect + s.partial + s.spurious, s.actual);
        }
    }

    /// Without optional golds, every prediction is matched or spurious.
    #[test]
    fn matched_and_spurious_are_the_predictions(articles in plain_run()) {
        let result = evaluate(&articles, &settings(Criterion::Iou(50))).result;
        for name in LOCAL {
            let c = result.criteria[name].all;
            prop_assert_eq!((c.tp + c.fp, c.tp + c.fn_), (result.predicted, result.gold), "{}", name);
        }
        let scored = result.calibration.as_ref().map_or((0, result.predicted), |c| (c.scored, c.without_score));
        prop_assert_eq!(scored.0 + scored.1, result.predicted);
    }

    #[test]
    fn tallies_of_parts_add_up(articles in run(), at in any::<prop::sample::Index>()) {
        let found = evaluate(&articles, &settings(Criterion::Iou(50)));
        let in_headline = |e: &&claim_assay::score::EvaluatedArticle| matches!(e.standing, Standing::Scored | Standing::Failed);
        let tallies: Vec<&Tally> = found.articles.iter().filter(in_headline).map(|e| &e.score.tally).collect();
        let (left, right) = tallies.split_at(at.index(tallies.len() + 1));
        let mut parts = sum(left.iter().copied());
        parts.add(&sum(right.iter().copied()));
        prop_assert_eq!(&parts, &sum(tallies.iter().copied()));
        prop_assert_eq!((parts.gold, parts.predicted), (found.result.gold, found.result.predicted));
        for column in ["lang", "publisher"] {
            let slices = found.result.slices.iter().filter(|s| s.column == column);
            let mut sums: BTreeMap<&str, [u64; 3]> = BTreeMap::new();
            for (name, s) in slices.flat_map(|s| &s.criteria) {
                let sum = sums.entry(name).or_default();
                *sum = [sum[0] + s.tp, sum[1] + s.fp.unwrap(), sum[2] + s.fn_];
            }
            for (name, sum) in sums {
                let all = found.result.criteria[name].all;
                prop_assert_eq!(sum, [all.tp, all.fp, all.fn_], "{} {}", column, name);
            }
        }
    }

    /// JSON would write NaN as `null`, which means undefined; so the numbers themselves are looked at.
    #[test]
    fn every_number_is_defined_or_null_and_ratios_lie_in_0_to_1(articles in run(), primary in criterion()) {
        let result = evaluate(&articles, &settings(primary)).result;
        let debug = format!("{result:?}");
        prop_assert!(!debug.contains("NaN") && !debug.contains("inf"), "{}", debug);
        let ratios = ["precision", "recall", "f1", "soft_f1", "right_f1", "mean", "ece", "brier", "average_precision", "mean_score"];
        let mut todo = vec![("", serde_json::to_value(&result).unwrap())];
        while let Some((key, value)) = todo.pop() {
            match value {
                Value::Object(map) => {
                    for (key, value) in map {
                        todo.push((ratios.iter().copied().find(|r| *r == key).unwrap_or(""), value));
                    }
                }
                Value::Array(list) => todo.extend(list.into_iter().map(|value| ("", value))),
                Value::Number(n) if !key.is_empty() => {
                    let n = n.as_f64().unwrap();
                    prop_assert!((0.0..=1.0).contains(&n), "{key}: {n}");
                }
                _ => {}
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn the_number_of_threads_changes_no_byte(articles in vec(run(), 1..6)) {
        let articles = articles.concat();
        let settings = settings(Criterion::Iou(50));
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            json(&pool.install(|| evaluate(&articles, &settings)).result)
        };
        let one = with(1);
        prop_assert_eq!(&one, &with(2));
        prop_assert_eq!(&one, &with(8));
    }
}

/// Claims without ids that the canonical order of the contract cannot tell apart, and that still count differently.
#[test]
fn twins_in_either_order_give_the_same_bytes() {
    let number = || with_field(spanned("quantity", 0, 5), "value", "10");
    let mut absent = number();
    absent.fields.insert("unit", FieldState::<&str>::Absent);
    let scored = |score| Claim { score, ..number() };
    let quoted = |quote: &str| Claim { quote: quote.to_owned(), ..number() };
    let tagged = |tag: &str| Gold { claim: number(), tags: vec![tag.to_owned()], optional: false };
    let gold = |claim| Gold { claim, ..Gold::default() };
    let cases: [(&str, Vec<Gold>, Vec<Claim>); 4] = [
        ("absent and not annotated", vec![gold(absent), gold(number())], vec![number()]),
        ("score 0 and no score", vec![gold(number())], vec![scored(Some(0.0)), scored(None)]),
        ("tags", vec![tagged("a"), tagged("b")], vec![number()]),
        ("quotes", vec![gold(quoted("ten"))], vec![quoted("ten"), quoted("about ten")]),
    ];
    for (what, mut gold, mut predicted) in cases {
        let run = |gold: &[Gold], predicted: &[Claim]| {
            let article = TestArticle { gold: gold.to_vec(), ..TestArticle::new("a", vec![], predicted.to_vec()) };
            json(&evaluate(&[article], &settings(Criterion::Text)).result)
                + &json(
                    &evaluate(
                        &[TestArticle { gold: gold.to_vec(), ..TestArticle::new("a", vec![], predicted.to_vec()) }],
                        &settings(Criterion::Exact),
                    )
                    .result,
                )
        };
        let before = run(&gold, &predicted);
        gold.reverse();
        predicted.reverse();
        assert_eq!(before, run(&gold, &predicted), "{what}");
    }
}

#[test]
fn more_than_a_number_and_that_number_differ_in_bound_only() {
    let number = || with_field(with_field(spanned("quantity", 0, 16), "value", "37000"), "unit", "person");
    let (gold, predicted) = (with_field(number(), "bound", "more_than"), with_field(number(), "bound", "exactly"));
    let result = evaluate(&[TestArticle::new("a", vec![gold], vec![predicted])], &settings(Criterion::Iou(50))).result;
    let correct: Vec<(&str, u64, u64)> = result.fields.iter().map(|(n, f)| (n.as_str(), f.matched.cor, f.matched.inc)).collect();
    let touched: Vec<_> = correct.into_iter().filter(|(_, cor, inc)| cor + inc > 0).collect();
    assert_eq!(touched, [("bound", 0, 1), ("unit", 1, 0), ("value", 1, 0)]);
    let matched = |name: &str| result.criteria[name].all.tp;
    assert_eq!((matched("exact"), matched("strict"), matched("value"), matched("claim")), (1, 1, 0, 0));
    assert_eq!((result.right, result.errors["field"].count), (0, 1));
}
