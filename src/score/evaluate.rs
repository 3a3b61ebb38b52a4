//! A whole run: every article scored, and the result that all reports read.

use std::borrow::Cow;

use rayon::prelude::*;

use super::article::{ArticleScore, ArticleScorer, GoldInput};
use super::resampled::{IntervalsOf, Resampled};
use super::result::{DatasetInfo, ExtractorInfo, IncompleteScore, RunResult};
use super::settings::{Scorer, Settings};
use super::signature::signature;
use super::standing::Standing;
use super::summary;
use super::tally::{Tally, TallyNames};
use super::totals::{Totals, add_criteria};
use crate::claim::ArticleStatus;
use crate::dataset::GROUP_COLUMN;
use crate::extract::{Answer, Outcome, OutcomeClass};

/// One article with its gold and what an extractor answered.
#[derive(Clone, Debug)]
pub struct ArticleInput<'a> {
    /// Unique.
    pub id: &'a str,
    /// Language of the text.
    pub lang: &'a str,
    /// What its labels are worth.
    pub status: ArticleStatus,
    /// Columns that slices may cut by, `lang` among them, with each of their values; `group_id` says which articles are resampled together.
    pub columns: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// Gold claims that are scored (drafts are left out by the caller).
    pub gold: Vec<GoldInput<'a>>,
    /// The answer; none counts as [`Outcome::NotAnswered`].
    pub answer: Option<&'a Answer>,
}

/// One article of an [`Evaluation`].
#[derive(Clone, Debug, PartialEq)]
pub struct EvaluatedArticle {
    /// What it counts as.
    pub standing: Standing,
    /// How the attempt ended.
    pub outcome: Outcome,
    /// Counts and pairs; empty when the article is excluded.
    pub score: ArticleScore,
}

/// A run with its details.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// What every report reads.
    pub result: RunResult,
    /// In the order of the inputs.
    pub articles: Vec<EvaluatedArticle>,
    /// What the numbers in the tallies stand for.
    pub names: TallyNames,
}

/// What a result says of where its numbers come from.
#[derive(Clone, Debug, Default)]
pub struct Provenance {
    /// Name, version and hash; the counts are filled in.
    pub dataset: DatasetInfo,
    /// Who answered.
    pub extractor: ExtractorInfo,
    /// Which articles were chosen, such as `split=test`; `all` for all.
    pub selection: String,
}

/// Scores a run. Neither the order of articles or claims nor the number of threads changes the result.
pub fn evaluate(articles: &[ArticleInput<'_>], settings: &Settings, provenance: &Provenance) -> Evaluation {
    evaluate_with(articles, settings, IntervalsOf::Criteria, provenance)
}

/// Scores a run; `intervals` says which numbers get intervals, where the settings ask for any.
pub fn evaluate_with(articles: &[ArticleInput<'_>], settings: &Settings, intervals: IntervalsOf, provenance: &Provenance) -> Evaluation {
    let all_claims = articles.iter().flat_map(|a| {
        let answered = a.answer.map(|answer| answer.claims.as_slice()).unwrap_or_default();
        a.gold.iter().map(|g| g.claim).chain(answered)
    });
    let scorer = Scorer::new(settings, all_claims);
    let start = || ArticleScorer::new(scorer.clone());
    let evaluated: Vec<EvaluatedArticle> = articles.par_iter().map_init(start, evaluate_article).collect();
    let result = summarise(articles, &evaluated, settings, &scorer, Resampled::new(settings, intervals, &scorer), provenance);
    Evaluation { result, articles: evaluated, names: scorer.names() }
}

fn evaluate_article(scorer: &mut ArticleScorer, article: &ArticleInput<'_>) -> EvaluatedArticle {
    let outcome = article.answer.map_or(Outcome::NotAnswered, |a| a.outcome);
    let standing = match (outcome.class(), article.status) {
        (OutcomeClass::Excluded, _) => Standing::Excluded,
        (_, ArticleStatus::Incomplete) => Standing::Incomplete,
        (_, status) if !status.is_scored() => Standing::Excluded,
        (OutcomeClass::Failed, _) => Standing::Failed,
        (OutcomeClass::Scored, _) => Standing::Scored,
    };
    let claims = match (standing, article.answer) {
        (Standing::Scored | Standing::Incomplete, Some(answer)) if outcome.class() == OutcomeClass::Scored => answer.claims.as_slice(),
        _ => &[],
    };
    let score = match standing {
        Standing::Excluded => ArticleScore::default(),
        _ => scorer.score(article.lang, &article.gold, claims),
    };
    EvaluatedArticle { standing, outcome, score }
}

fn summarise(
    articles: &[ArticleInput<'_>],
    evaluated: &[EvaluatedArticle],
    settings: &Settings,
    scorer: &Scorer,
    mut units: Resampled,
    provenance: &Provenance,
) -> RunResult {
    let mut totals = Totals::default();
    let mut incomplete: Option<IncompleteScore> = None;
    for (article, evaluated) in articles.iter().zip(evaluated) {
        let tally = &evaluated.score.tally;
        if let (Standing::Scored, Some(answer)) = (evaluated.standing, article.answer) {
            totals.located += answer.located;
        }
        *totals.ends.entry((evaluated.standing, evaluated.outcome, article.status)).or_default() += 1;
        match evaluated.standing {
            Standing::Scored | Standing::Failed => {
                let group = article.columns.iter().find(|(column, _)| column == GROUP_COLUMN);
                let columns = scorer.article_slices().enumerate().flat_map(|(number, name)| {
                    let values = article.columns.iter().filter(move |(column, _)| column == name);
                    values.map(move |(_, value)| (number, value.as_ref()))
                });
                units.add(tally, group.map(|(_, group)| group.as_ref()), columns.clone());
                for (number, value) in columns {
                    totals.add_to_slice(number, value, tally.gold, tally.predicted, &tally.criteria);
                }
            }
            Standing::Incomplete => add_incomplete(incomplete.get_or_insert_default(), tally, scorer),
            Standing::Excluded => {}
        }
        match evaluated.standing {
            Standing::Scored => totals.count_empty(tally.gold, tally.errors.predicted),
            Standing::Failed => add_criteria(&mut totals.failed, &tally.criteria),
            Standing::Incomplete | Standing::Excluded => continue,
        }
        totals.all.add(tally);
    }
    let mut result = summary::summarise(scorer, totals);
    result.signature = signature(settings, scorer, &provenance.dataset.hash, &provenance.selection, units.has_groups());
    units.add_intervals(&mut result, scorer);
    result.dataset = DatasetInfo { articles: articles.len() as u64, gold_claims: result.gold, ..provenance.dataset.clone() };
    result.extractor = provenance.extractor.clone();
    result.incomplete =
        incomplete.map(|block| IncompleteScore { recall: super::ratio::ratio(block.found as f64, block.gold as f64), ..block });
    result
}

fn add_incomplete(block: &mut IncompleteScore, tally: &Tally, scorer: &Scorer) {
    block.articles += 1;
    if let Some(primary) = tally.criteria.get(scorer.primary_number()) {
        block.gold += primary.gold;
        block.found += primary.matched;
        block.unjudged += primary.predicted - primary.matched;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::claim::{Claim, FieldState, Schema, Span};
    use crate::extract::LocationCounts;
    use crate::score::result::SliceScore;
    use crate::score::{Criterion, Mean};

    /// `at` is the place, far from all others; two claims at one place are at the same span.
    fn claim(at: u32, kind: &str, unit: Option<&str>) -> Claim {
        let unit = unit.map(|u| ("unit".to_owned(), FieldState::Present(u.to_owned())));
        Claim {
            fragments: Span::new(at * 10, at * 10 + 5).unwrap().into(),
            kind: kind.to_owned(),
            fields: unit.into_iter().collect(),
            ..Claim::default()
        }
    }

    struct Case {
        /// Several values of the column with `+` between them.
        lang: &'static str,
        status: ArticleStatus,
        gold: Vec<(Claim, Vec<String>)>,
        answer: Option<Answer>,
    }

    fn case(lang: &'static str, gold: Vec<(Claim, &[&str])>, predicted: Vec<Claim>) -> Case {
        Case {
            lang,
            status: ArticleStatus::Gold,
            gold: gold.into_iter().map(|(claim, tags)| (claim, tags.iter().map(|&t| t.to_owned()).collect())).collect(),
            answer: Some(Answer::of_claims("a", predicted, LocationCounts::default())),
        }
    }

    fn result(cases: &[Case], slices: &[&str]) -> RunResult {
        let inputs: Vec<ArticleInput> = cases
            .iter()
            .map(|case| ArticleInput {
                id: "a",
                lang: case.lang,
                status: case.status,
                columns: case.lang.split('+').map(|lang| ("lang".into(), lang.into())).collect(),
                gold: case.gold.iter().map(|(claim, tags)| GoldInput { claim, optional: false, tags }).collect(),
                answer: case.answer.as_ref(),
            })
            .collect();
        let slices = slices.iter().map(|&s| s.to_owned()).collect();
        evaluate(&inputs, &Settings { slices, ..Settings::new(Schema::open()) }, &Provenance::default()).result
    }

    /// Two languages, three kinds; the claims at 1 and 11 are found, the second under another kind.
    fn mixed() -> Vec<Case> {
        let id = case(
            "id",
            vec![(claim(1, "quantity", Some("person")), &["hard", "must-find"]), (claim(2, "change", None), &["hard"])],
            vec![claim(1, "quantity", None), claim(3, "change", None)],
        );
        let en = case("en", vec![(claim(11, "quantity", Some("Person")), &[])], vec![claim(11, "rank", None)]);
        vec![id, en]
    }

    fn slice<'r>(result: &'r RunResult, column: &str, value: &str) -> &'r SliceScore {
        result.slices.iter().find(|s| s.column == column && s.value == value).unwrap()
    }

    #[test]
    fn a_column_of_the_articles_cuts_both_sides() {
        let result = result(&mixed(), &["lang"]);
        assert_eq!(result.slices.iter().map(|s| s.value.as_str()).collect::<Vec<_>>(), ["en", "id"]);
        let id = slice(&result, "lang", "id");
        assert_eq!((id.gold, id.predicted), (2, Some(2)));
        let iou50 = id.criteria["iou50"];
        assert_eq!((iou50.tp, iou50.fp, iou50.fn_), (1, Some(1), 1));
        assert_eq!((iou50.precision, iou50.recall, iou50.f1), (Some(0.5), Some(0.5), Some(0.5)));
    }

    #[test]
    fn an_article_with_several_values_is_in_the_slice_of_each() {
        let result = result(&[case("id+en", vec![(claim(1, "rank", None), &[])], vec![])], &["lang"]);
        let slices: Vec<_> = result.slices.iter().map(|s| (s.value.as_str(), s.gold)).collect();
        assert_eq!((slices, result.gold), (vec![("en", 1), ("id", 1)], 1));
    }

    #[test]
    fn an_article_without_the_column_is_in_none_of_its_slices() {
        assert!(result(&mixed(), &["publisher"]).slices.is_empty());
    }

    #[test]
    fn a_kind_cuts_recall_by_gold_and_precision_by_prediction() {
        let result = result(&mixed(), &["kind"]);
        let quantity = slice(&result, "kind", "quantity");
        assert_eq!((quantity.gold, quantity.predicted), (2, Some(1)));
        // Found under any kind, and predicted with this one: two different sets of pairs, so no F1.
        let iou50 = quantity.criteria["iou50"];
        assert_eq!((iou50.precision, iou50.recall, iou50.f1), (Some(1.0), Some(1.0), None));
        let strict = quantity.criteria["strict"];
        assert_eq!((strict.precision, strict.recall, strict.f1), (Some(1.0), Some(0.5), Some(2.0 / 3.0)));
        let rank = slice(&result, "kind", "rank");
        assert_eq!((rank.gold, rank.predicted, rank.criteria["iou50"].recall), (0, Some(1), None));
    }

    #[test]
    fn tags_and_fields_cut_recall_only_and_values_are_folded() {
        let result = result(&mixed(), &["tags", "unit"]);
        let values: Vec<_> = result.slices.iter().map(|s| (s.column.as_str(), s.value.as_str(), s.gold, s.predicted)).collect();
        assert_eq!(values, [("tags", "hard", 2, None), ("tags", "must-find", 1, None), ("unit", "person", 2, None)]);
        let hard = slice(&result, "tags", "hard").criteria["iou50"];
        assert_eq!((hard.tp, hard.fp, hard.fn_, hard.precision, hard.recall, hard.f1), (1, None, 1, None, Some(0.5), None));
        assert_eq!(slice(&result, "unit", "person").criteria["iou50"].recall, Some(1.0));
    }

    #[test]
    fn a_field_annotated_as_absent_is_a_slice_of_its_own() {
        let mut absent = claim(1, "quantity", None);
        absent.fields.insert("unit", FieldState::<&str>::Absent);
        let result = result(&[case("en", vec![(absent, &[]), (claim(2, "quantity", None), &[])], vec![])], &["unit"]);
        assert_eq!(result.slices.iter().map(|s| (s.value.as_str(), s.gold)).collect::<Vec<_>>(), [("none", 1)]);
    }

    #[test]
    fn means_over_kinds_leave_out_what_is_undefined() {
        let over_kinds = result(&mixed(), &[]).criteria["iou50"].macro_kinds;
        // change 0 of 1, quantity 1 of 1, rank 1 of 1 predicted; change 0 of 1, quantity 2 of 2, no gold of kind rank.
        assert_eq!(over_kinds.precision, Mean { mean: Some(2.0 / 3.0), over: 3, undefined: 0 });
        assert_eq!(over_kinds.recall, Mean { mean: Some(0.5), over: 2, undefined: 1 });
    }

    #[test]
    fn the_worst_slices_need_ten_gold_claims() {
        let gold = |n: u32| (0..n).map(|at| (claim(at, "quantity", None), &[][..])).collect::<Vec<_>>();
        let result = result(&[case("en", gold(10), vec![claim(0, "quantity", None)]), case("id", gold(9), vec![])], &["lang", "kind"]);
        let worst: Vec<_> = result.worst_slices.iter().map(|w| (w.column.as_str(), w.value.as_str(), w.metric.as_ref(), w.gold)).collect();
        assert_eq!(worst, [("kind", "quantity", "recall", 19), ("lang", "en", "f1", 10)]);
    }

    #[test]
    fn partly_labelled_articles_have_their_own_block() {
        let mut cases = mixed();
        cases[0].status = ArticleStatus::Incomplete;
        let result = result(&cases, &["lang"]);
        assert_eq!((result.articles.total, result.articles.scored, result.articles.excluded), (2, 1, 1));
        assert_eq!(result.articles.excluded_by, BTreeMap::from([("incomplete".to_owned(), 1)]));
        let block = IncompleteScore { articles: 1, gold: 2, found: 1, recall: Some(0.5), unjudged: 1 };
        assert_eq!((result.incomplete, result.gold, result.predicted), (Some(block), 1, 1));
        assert!(result.slices.iter().all(|s| s.value == "en"));
    }

    /// As many claims are placed, well or badly, as are predicted.
    #[test]
    fn places_are_counted_of_scored_articles_only() {
        let mut cases: Vec<Case> = [mixed(), mixed(), mixed()].into_iter().flatten().collect();
        for (number, case) in cases.iter_mut().enumerate() {
            let answer = case.answer.as_mut().unwrap();
            answer.located.exact = answer.claims.len() as u64;
            case.status = [ArticleStatus::Gold, ArticleStatus::Incomplete, ArticleStatus::Unlabelled][number / 2];
        }
        let result = result(&cases, &[]);
        assert_eq!((result.located.exact, result.predicted), (3, 3));
    }

    #[test]
    fn unlabelled_and_skipped_articles_count_nowhere() {
        for status in [ArticleStatus::Unlabelled, ArticleStatus::Draft, ArticleStatus::Skipped] {
            let mut cases = mixed();
            cases[0].status = status;
            let result = result(&cases, &[]);
            assert_eq!((result.articles.excluded, result.gold, result.incomplete), (1, 1, None), "{status:?}");
        }
        let mut cases = mixed();
        cases[1].answer = Some(Answer::failed("a", Outcome::Skipped, "left out"));
        let result = result(&cases, &[]);
        assert_eq!(result.articles.excluded_by, BTreeMap::from([("skipped".to_owned(), 1)]));
        assert_eq!((result.articles.scored, result.gold), (1, 2));
    }

    #[test]
    fn no_answer_is_a_failure() {
        let mut cases = mixed();
        cases[1].answer = None;
        let result = result(&cases, &[]);
        assert_eq!((result.articles.scored, result.articles.failed), (1, 1));
        assert_eq!(result.articles.outcomes, BTreeMap::from([("ok".to_owned(), 1), ("not_answered".to_owned(), 1)]));
        let iou50 = &result.criteria["iou50"];
        assert_eq!((iou50.all.recall, iou50.without_failed.recall), (Some(1.0 / 3.0), Some(0.5)));
    }

    #[test]
    fn empty_articles_have_a_line_of_their_own() {
        let empty = || case("en", vec![], vec![]);
        let result = result(&[empty(), case("en", vec![], vec![claim(1, "rank", None)]), empty()], &[]);
        assert_eq!((result.articles.empty_right, result.articles.empty_total), (2, 3));
        assert_eq!((result.criteria["iou50"].all.precision, result.criteria["iou50"].all.recall), (Some(0.0), None));
    }

    /// Open fields are named by the data; more names than 16 bits can number stay apart.
    #[test]
    fn every_name_is_a_field_of_its_own() {
        let names = 0..66_000;
        let fields = names.map(|i| (format!("f{i:05}"), FieldState::Present(format!("{i}")))).collect();
        let many = Claim { fields, ..claim(1, "event", None) };
        let result = result(&[case("en", vec![(many.clone(), &[])], vec![many])], &[]);
        let own = result.fields.iter().filter(|(name, _)| name.starts_with('f'));
        assert!(own.clone().all(|(_, f)| (f.matched.cor, f.end_to_end.fp, f.end_to_end.fn_) == (1, 0, 0)));
        assert_eq!(own.count(), 66_000);
    }

    #[test]
    fn the_primary_criterion_is_always_among_the_criteria() {
        let settings = Settings { criteria: vec![Criterion::Exact], primary: Criterion::Iou(75), ..Settings::new(Schema::open()) };
        let result = evaluate(&[], &settings, &Provenance::default()).result;
        assert_eq!(result.criteria.keys().collect::<Vec<_>>(), ["exact", "iou75"]);
        assert_eq!((result.primary.as_str(), result.criteria["iou75"].all.f1), ("iou75", None));
    }
}
