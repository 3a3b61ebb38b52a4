//! A whole run: every article scored, and the result that all reports read.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::article::{ArticleScore, GoldInput};
use super::result::{DatasetInfo, ExtractorInfo, IncompleteScore, RunResult};
use super::settings::{Scorer, Settings};
use super::signature::signature;
use super::summary::Summary;
use super::tally::Tally;
use crate::claim::ArticleStatus;
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
    /// Columns that slices may cut by, `lang` among them.
    pub columns: BTreeMap<&'a str, &'a str>,
    /// Gold claims that are scored (drafts are left out by the caller).
    pub gold: Vec<GoldInput<'a>>,
    /// The answer; none counts as [`Outcome::NotAnswered`].
    pub answer: Option<&'a Answer>,
}

/// What an article counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Labelled whole and answered.
    Scored,
    /// Labelled whole and not answered: all its gold is missed.
    Failed,
    /// Labelled in part: a block of its own.
    Incomplete,
    /// Not labelled, or skipped.
    Excluded,
}

impl Standing {
    /// The name in outcome tables.
    pub fn name(self) -> &'static str {
        ["scored", "failed", "incomplete", "excluded"][self as usize]
    }
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
    let all_claims = articles.iter().flat_map(|a| {
        let answered = a.answer.map(|answer| answer.claims.as_slice()).unwrap_or_default();
        a.gold.iter().map(|g| g.claim).chain(answered)
    });
    let scorer = Scorer::new(settings, all_claims);
    let evaluated: Vec<EvaluatedArticle> = articles.par_iter().map(|article| evaluate_article(&scorer, article)).collect();
    let result = summarise(articles, &evaluated, settings, &scorer, provenance);
    Evaluation { result, articles: evaluated }
}

fn evaluate_article(scorer: &Scorer, article: &ArticleInput<'_>) -> EvaluatedArticle {
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
        _ => scorer.score_article(article.lang, &article.gold, claims),
    };
    EvaluatedArticle { standing, outcome, score }
}

fn summarise(
    articles: &[ArticleInput<'_>],
    evaluated: &[EvaluatedArticle],
    settings: &Settings,
    scorer: &Scorer,
    provenance: &Provenance,
) -> RunResult {
    let mut summary = Summary::new(scorer);
    let mut incomplete: Option<IncompleteScore> = None;
    for (article, evaluated) in articles.iter().zip(evaluated) {
        if let Some(answer) = article.answer {
            summary.located += answer.located;
        }
        summary.count_article(evaluated.standing, evaluated.outcome, article.status);
        match evaluated.standing {
            Standing::Scored | Standing::Failed => {
                let columns = scorer.article_slices().filter_map(|name| article.columns.get(name).map(|value| (name, *value)));
                summary.add(&evaluated.score.tally, evaluated.standing == Standing::Failed, columns);
            }
            Standing::Incomplete => add_incomplete(incomplete.get_or_insert_default(), &evaluated.score.tally, scorer),
            Standing::Excluded => {}
        }
    }
    let mut result = summary.finish();
    result.signature = signature(settings, scorer, &provenance.dataset.hash, &provenance.selection);
    result.dataset = DatasetInfo { articles: articles.len() as u64, gold_claims: result.gold, ..provenance.dataset.clone() };
    result.extractor = provenance.extractor.clone();
    if let Some(block) = &mut incomplete {
        block.recall = super::ratio::ratio(block.found as f64, block.gold as f64);
    }
    result.incomplete = incomplete;
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
