//! What a run or a baseline answered, whatever it was stored in, and its answers scored again on the gold of today.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::inputs::dataset_inputs;
use super::outcome::RunArticle;
use super::reading::{ReadError, StoredRun};
use super::store::text_sha256;
use crate::dataset::{ArticleRecord, Dataset};
use crate::extract::{Answer, Numbers, RunSpent};
use crate::report::document::RunInfo;
use crate::score::result::{DatasetInfo, ExtractorInfo};
use crate::score::{ArticleInput, Evaluation, Provenance, RunResult, Settings, evaluate, signature_differences};

/// What one extractor version answered.
#[derive(Clone, Debug, Default)]
pub struct Attempt {
    /// Id of the run, or `@baseline`.
    pub name: String,
    /// Who answered.
    pub extractor: ExtractorInfo,
    /// How decimals are written.
    pub numbers: Numbers,
    /// The signature that the run was stored with.
    pub signature: String,
    /// Which articles were chosen.
    pub selection: String,
    /// From the first article to the last answer, in seconds, where it is known.
    pub wall_time_s: Option<f64>,
    /// By article id.
    pub articles: BTreeMap<String, Attempted>,
}

/// The attempt at one article.
#[derive(Clone, Debug)]
pub struct Attempted {
    /// The answer, good or not.
    pub answer: Answer,
    /// SHA-256 of the text that was sent, as hex digits; empty where it is not known.
    pub text_sha256: String,
}

impl Attempt {
    /// Answers that were given just now, each with the text that was sent.
    pub fn of_answers<'t>(
        name: &str,
        result: &RunResult,
        head: &RunInfo,
        numbers: Numbers,
        answers: impl Iterator<Item = (&'t Answer, &'t str)>,
    ) -> Attempt {
        let attempted = |(answer, text): (&Answer, &str)| {
            (answer.article_id.clone(), Attempted { answer: answer.clone(), text_sha256: text_sha256(text) })
        };
        Attempt {
            name: name.to_owned(),
            extractor: result.extractor.clone(),
            numbers,
            signature: result.signature.clone(),
            selection: head.selection.clone(),
            wall_time_s: Some(head.wall_time_s),
            articles: answers.map(attempted).collect(),
        }
    }

    /// What all answers took.
    pub fn spent(&self) -> RunSpent {
        RunSpent::of(self.articles.values().map(|attempted| &attempted.answer.spent))
    }

    /// The answers of a stored run.
    ///
    /// # Errors
    /// When its files are gone, were changed, or do not hold what a run holds.
    pub fn of_run(run: &StoredRun) -> Result<Attempt, ReadError> {
        let result = run.record.result().map_err(|e| ReadError { file: run.id.clone(), problem: format!("its result: {e}") })?;
        let answers = run.predictions()?;
        let attempted = |answer: Answer| {
            let stored = run.record.articles.get(&answer.article_id);
            let id = answer.article_id.clone();
            let text_sha256 = stored.map(|a| a.text_sha256.clone()).unwrap_or_default();
            (id, Attempted { answer, text_sha256 })
        };
        Ok(Attempt {
            name: run.id.clone(),
            extractor: result.extractor,
            numbers: run.record.numbers,
            signature: result.signature,
            selection: run.record.selection.clone(),
            wall_time_s: Some(run.record.wall_time_s),
            articles: answers.into_iter().map(attempted).collect(),
        })
    }
}

/// An attempt scored on the gold of today, over its articles whose text is still the one that was sent.
#[derive(Debug)]
pub struct Rescored<'a> {
    /// What was answered.
    pub attempt: &'a Attempt,
    /// The gold.
    pub dataset: &'a Dataset,
    /// How it was scored.
    pub settings: Settings,
    /// The articles, by id.
    pub records: Vec<&'a ArticleRecord>,
    /// In the same order.
    pub inputs: Vec<ArticleInput<'a>>,
    /// In the same order.
    pub evaluation: Evaluation,
    /// Ids of attempted articles whose text is another one now, sorted.
    pub changed: Vec<String>,
    /// Ids of attempted articles that the dataset no longer has, sorted.
    pub gone: Vec<String>,
}

impl<'a> Rescored<'a> {
    /// The articles as reports and tables take them.
    pub fn run_articles(&'a self) -> Vec<RunArticle<'a>> {
        (0..self.inputs.len()).map(|place| self.run_article(place)).collect()
    }

    /// The article at a place.
    pub fn run_article<'s>(&'s self, place: usize) -> RunArticle<'s>
    where
        'a: 's,
    {
        let record = self.records[place];
        RunArticle { input: &self.inputs[place], text: Some(&record.article.text) }
    }

    /// Whether the attempt did not note which text it was sent: earlier versions stored no hash.
    pub fn is_of_unknown_text(&self, article_id: &str) -> bool {
        self.attempt.articles.get(article_id).is_some_and(|attempted| attempted.text_sha256.is_empty())
    }

    /// Whether gold, texts or settings are not those that the attempt was stored with. Whether it has intervals changes no number.
    pub fn is_another(&self) -> bool {
        signature_differences(&self.attempt.signature, &self.evaluation.result.signature).iter().any(|name| *name != "ci")
    }
}

/// Scores an attempt again. `columns` are those of the articles that slices, groups and conditions may ask for; `hash` is that of the
/// dataset. An article whose text was not known to the run counts as changed: the places of its claims may be those of another text.
pub fn rescore<'a>(attempt: &'a Attempt, dataset: &'a Dataset, hash: &str, settings: &Settings, columns: &'a [String]) -> Rescored<'a> {
    let settings = Settings { numbers: attempt.numbers, ..settings.clone() };
    let gone = attempt.articles.keys().filter(|id| dataset.article(id).is_none()).cloned().collect();
    let attempted: Vec<(&ArticleRecord, &Attempted)> =
        dataset.articles.iter().filter_map(|record| Some((record, attempt.articles.get(&record.article.id)?))).collect();
    let same: Vec<bool> = attempted.par_iter().map(|(record, a)| a.text_sha256 == text_sha256(&record.article.text)).collect();
    let (kept, changed): (Vec<_>, Vec<_>) = attempted.into_iter().zip(same).partition(|(_, same)| *same);
    let records: Vec<&ArticleRecord> = kept.iter().map(|((record, _), _)| *record).collect();
    let answers: BTreeMap<&str, &Answer> =
        kept.iter().map(|((record, attempted), _)| (record.article.id.as_str(), &attempted.answer)).collect();
    let inputs = dataset_inputs(dataset, &records, &answers, columns);
    let provenance = Provenance {
        dataset: DatasetInfo {
            name: dataset.meta.name.clone(),
            version: dataset.meta.version.clone(),
            hash: hash.to_owned(),
            ..DatasetInfo::default()
        },
        extractor: attempt.extractor.clone(),
        selection: attempt.selection.clone(),
    };
    let evaluation = evaluate(&inputs, &settings, &provenance);
    let changed = changed.into_iter().map(|((record, _), _)| record.article.id.clone()).collect();
    Rescored { attempt, dataset, settings, records, inputs, evaluation, changed, gone }
}
