//! Intervals of fields and slices beside those of the criteria, on whole runs.

use claim_assay::claim::{ArticleStatus, Claim, FieldState, Schema, Span};
use claim_assay::extract::{Answer, LocationCounts};
use claim_assay::score::result::SliceScore;
use claim_assay::score::{ArticleInput, Criterion, GoldInput, IntervalsOf, Provenance, RunResult, Settings, evaluate_with};
use claim_assay::stats::{CriterionIntervals, IntervalSettings, NoInterval, Random};

struct Article {
    lang: &'static str,
    gold: Vec<Claim>,
    tags: Vec<Vec<String>>,
    answer: Answer,
}

/// A claim far from all others, with one field that is always the same.
fn claim(at: u32, kind: &str) -> Claim {
    Claim {
        fragments: Span::new(at * 10, at * 10 + 5).unwrap().into(),
        kind: kind.to_owned(),
        fields: [("mark".to_owned(), FieldState::Present("x".to_owned()))].into_iter().collect(),
        ..Claim::default()
    }
}

/// Articles of some claims, of which some are found; the last three are in Hindi, and one before them in Chinese.
fn articles(n: usize, kinds: &[&str]) -> Vec<Article> {
    let mut random = Random::of_stream(7, n as u64);
    let mut article = |number: usize| {
        let mut kind = || kinds[random.below(kinds.len() as u32) as usize];
        let gold: Vec<Claim> = (0..1 + number as u32 % 7).map(|at| claim(at, kind())).collect();
        let mut predicted: Vec<Claim> = gold.iter().filter(|_| random.below(3) > 0).cloned().collect();
        predicted.extend((0..random.below(3)).map(|more| claim(100 + more, kinds[0])));
        let tags = gold.iter().map(|_| if random.below(2) == 0 { vec!["hard".to_owned()] } else { vec![] }).collect();
        let lang = match n - number {
            1..=3 => "hi",
            4 => "zh",
            _ => ["en", "id"][number % 2],
        };
        Article { lang, gold, tags, answer: Answer::of_claims("a", predicted, LocationCounts::default()) }
    };
    (0..n).map(&mut article).collect()
}

fn score<'a>(articles: impl Iterator<Item = &'a Article>, primary: Criterion) -> RunResult {
    let inputs: Vec<ArticleInput> = articles
        .map(|article| ArticleInput {
            id: "a",
            lang: article.lang,
            status: ArticleStatus::Gold,
            columns: vec![("lang".into(), article.lang.into())],
            gold: article.gold.iter().zip(&article.tags).map(|(claim, tags)| GoldInput { claim, optional: false, tags }).collect(),
            answer: Some(&article.answer),
        })
        .collect();
    let settings = Settings {
        criteria: vec![primary],
        primary,
        slices: ["lang", "kind", "tags"].map(str::to_owned).to_vec(),
        intervals: Some(IntervalSettings { resamples: 300, seed: 11 }),
        ..Settings::new(Schema::open())
    };
    evaluate_with(&inputs, &settings, IntervalsOf::All, &Provenance::default()).result
}

fn slice<'r>(result: &'r RunResult, column: &str, value: &str) -> &'r SliceScore {
    result.slices.iter().find(|slice| (slice.column.as_str(), slice.value.as_str()) == (column, value)).unwrap()
}

fn same(a: &CriterionIntervals, b: &CriterionIntervals) -> bool {
    let ends = |ci: &CriterionIntervals| [ci.of.precision, ci.of.recall, ci.of.f1].map(|ends| ends.unwrap_or([-1.0; 2]));
    // The moments of the jackknife are summed up in another order.
    let close = ends(a).as_flattened().iter().zip(ends(b).as_flattened()).all(|(a, b)| (a - b).abs() < 1e-12);
    close && (a.units, a.method, a.reasons, a.undefined) == (b.units, b.method, b.reasons, b.undefined)
}

#[test]
fn a_field_with_the_counts_of_the_criterion_has_its_interval() {
    let result = score(articles(120, &["rank", "event"]).iter(), Criterion::Iou(50));
    let of_field = result.fields["mark"].end_to_end.ci.unwrap();
    let of_criterion = result.criteria["iou50"].ci.unwrap();
    assert!(of_criterion.of.f1.is_some() && same(&of_field, &of_criterion), "{of_field:?} {of_criterion:?}");
    // All pairs have the field right.
    assert_eq!(result.fields["mark"].matched.ci.unwrap().reasons.f1, Some(NoInterval::AllEqual));
}

#[test]
fn a_slice_of_articles_has_the_interval_of_these_articles_alone() {
    let all = articles(120, &["rank", "event"]);
    let result = score(all.iter(), Criterion::Iou(50));
    for lang in ["en", "id", "hi", "zh"] {
        let alone = score(all.iter().filter(|article| article.lang == lang), Criterion::Iou(50));
        assert_eq!(slice(&result, "lang", lang).ci.as_deref(), alone.criteria["iou50"].ci.as_ref(), "{lang}");
    }
    let few = slice(&result, "lang", "hi").ci.as_ref().unwrap();
    assert_eq!((few.units, few.unreliable), (3, true));
    assert_eq!(slice(&result, "lang", "zh").ci.as_ref().unwrap().reasons.f1, Some(NoInterval::FewUnits));
}

#[test]
fn a_kind_that_all_claims_have_has_the_interval_of_the_criterion() {
    let all = articles(60, &["rank"]);
    for (primary, has_f1) in [(Criterion::Iou(50), false), (Criterion::Strict, true)] {
        let result = score(all.iter(), primary);
        let of_kind = slice(&result, "kind", "rank").ci.as_ref().unwrap();
        let of_criterion = result.criteria[&primary.to_string()].ci.unwrap();
        assert!(of_criterion.of.precision != of_criterion.of.recall);
        assert_eq!((of_kind.of.precision, of_kind.of.recall), (of_criterion.of.precision, of_criterion.of.recall));
        assert_eq!(of_kind.of.f1, of_criterion.of.f1.filter(|_| has_f1));
        assert_eq!(of_kind.reasons.f1, (!has_f1).then_some(NoInterval::Undefined));
    }
}

/// Precision by prediction and recall by gold are of different claims, and only those units are drawn that have any of them.
#[test]
fn kinds_and_tags_resample_the_articles_that_have_them() {
    let all = articles(90, &["rank", "event", "change", "position"]);
    let result = score(all.iter(), Criterion::Iou(50));
    let has_kind = |article: &&Article| article.gold.iter().chain(&article.answer.claims).any(|claim| claim.kind == "event");
    let of_kind = slice(&result, "kind", "event");
    let (ci, score) = (of_kind.ci.as_ref().unwrap(), of_kind.criteria["iou50"]);
    assert_eq!(ci.units as usize, all.iter().filter(has_kind).count());
    assert!(ci.units < 90 && ci.of.recall.is_some_and(|[low, high]| low < score.recall.unwrap() && score.recall.unwrap() < high));
    let of_tag = slice(&result, "tags", "hard").ci.as_ref().unwrap();
    assert_eq!(of_tag.units as usize, all.iter().filter(|article| article.tags.iter().any(|tags| !tags.is_empty())).count());
    assert!(of_tag.of.recall.is_some());
    assert_eq!((of_tag.of.precision, of_tag.of.f1, of_tag.reasons.precision), (None, None, Some(NoInterval::Undefined)));
    assert_eq!((of_tag.undefined.precision, of_tag.undefined.recall), (300, 0));
}
