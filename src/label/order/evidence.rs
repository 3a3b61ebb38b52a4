//! What is known in a workspace of the articles and claims that are to be looked at: stored answers, files of answers, and the builtin
//! rules, which are computed here. No other program is started.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::claim::ArticleStatus;
use crate::dataset::{ArticleRecord, Dataset, hex};
use crate::extract::predictions::{Extra, Predictions, PredictionsSettings};
use crate::extract::rules::find_claims;
use crate::extract::{Answer, Extractor, OutcomeClass};
use crate::report::terminal::count;
use crate::runs::{Attempt, ReadError, Store, StoredRun};
use crate::score::RunResult;
use crate::workspace::{ExtractorKind, Workspace};

use super::voter::Voter;

/// The name of the builtin extractor.
const RULES: &str = "rules";

/// What is known of articles that are not labelled yet.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// The extractors, each once.
    pub voters: Vec<Voter>,
    /// The run before the latest one of those that have two.
    pub before: Vec<Voter>,
    /// How well the numbers of slices are known.
    pub widths: Vec<Width>,
}

/// How well the number of a slice is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Width {
    /// A column of the articles.
    pub column: String,
    /// Its value.
    pub value: String,
    /// The width of the interval of F1, else of recall, 0..1; where there is none, what the support makes of it.
    pub share: f64,
    /// Gold claims of the slice.
    pub gold: u64,
    /// Whether an interval was computed.
    pub is_interval: bool,
}

impl Width {
    /// Share, support and whether there is an interval, from the support alone: about as intervals shrink.
    pub(super) fn of_support(gold: u64) -> (f64, u64, bool) {
        (1.0 / ((1 + gold) as f64).sqrt(), gold, false)
    }

    /// The slices of a result, as far as they cut articles.
    pub fn of_result(result: &RunResult, columns: &[String]) -> Vec<Width> {
        let of_articles = result.slices.iter().filter(|slice| columns.contains(&slice.column));
        let width = |slice: &crate::score::result::SliceScore| {
            let interval = slice.ci.as_ref().and_then(|ci| ci.of.f1.or(ci.of.recall)).map(|[low, high]| (high - low, slice.gold, true));
            let (share, gold, is_interval) = interval.unwrap_or_else(|| Width::of_support(slice.gold));
            Width { column: slice.column.clone(), value: slice.value.clone(), share, gold, is_interval }
        };
        of_articles.map(width).collect()
    }
}

/// SHA-256 of every article's text, as runs note it.
pub fn text_hashes(dataset: &Dataset) -> BTreeMap<&str, String> {
    let hash = |record: &ArticleRecord| hex(&Sha256::digest(record.article.text.as_bytes()));
    dataset.articles.par_iter().map(|record| (record.article.id.as_str(), hash(record))).collect()
}

/// What a stored run answered, over the articles that still have the text that was sent.
fn voter_of(attempt: &Attempt, dataset: &Dataset, hashes: &BTreeMap<&str, String>) -> Voter {
    let mut voter = Voter::new(&attempt.extractor.name);
    for (id, attempted) in &attempt.articles {
        let Some(record) = dataset.article(id) else { continue };
        let is_same = hashes.get(id.as_str()).is_some_and(|hash| *hash == attempted.text_sha256);
        if is_same && attempted.answer.outcome.class() == OutcomeClass::Scored {
            voter.answer((id, &record.article.lang), &attempted.answer.claims, &dataset.schema, attempt.numbers);
        }
    }
    voter
}

/// The latest stored run of each extractor over the dataset of that name, each as a voter, and notes on what cannot be read. A run that is
/// given takes the place of the latest one of its extractor.
///
/// # Errors
/// When the folder of the runs is there and cannot be read.
pub fn voters(store: &Store, dataset: &Dataset, given: Option<&Attempt>) -> Result<(Vec<Voter>, Vec<String>), ReadError> {
    let hashes = text_hashes(dataset);
    let mut notes = Vec::new();
    let mut voters: Vec<Voter> = given.map(|attempt| voter_of(attempt, dataset, &hashes)).into_iter().collect();
    let mut seen: BTreeSet<String> = given.map(|attempt| attempt.extractor.name.clone()).into_iter().collect();
    for run in latest_first(store, dataset, &mut notes)? {
        if seen.insert(run.1) {
            voters.extend(attempt_of(store, &run.0, &mut notes).map(|attempt| voter_of(&attempt, dataset, &hashes)));
        }
    }
    Ok((voters, notes))
}

/// Ids and extractors of the runs over the dataset, the latest first.
fn latest_first(store: &Store, dataset: &Dataset, notes: &mut Vec<String>) -> Result<Vec<(String, String)>, ReadError> {
    let mut runs = Vec::new();
    let mut unread = 0;
    for entry in store.entries()?.into_iter().rev() {
        match entry.head {
            Ok(head) if head.headline.dataset.name == dataset.meta.name => runs.push((entry.id, head.headline.extractor.name)),
            Ok(_) => {}
            Err(_) => unread += 1,
        }
    }
    if unread > 0 {
        notes.push(format!("{} cannot be read and are left out; `assay runs` says why", count(unread, "stored run")));
    }
    Ok(runs)
}

fn attempt_of(store: &Store, id: &str, notes: &mut Vec<String>) -> Option<Attempt> {
    match StoredRun::read(&store.dir().join(id)).and_then(|run| Attempt::of_run(&run)) {
        Ok(attempt) => Some(attempt),
        Err(error) => {
            notes.push(format!("run {id} is left out: {error}"));
            None
        }
    }
}

impl Evidence {
    /// What the workspace knows, and notes on what cannot be read. `columns` are those of the articles whose slices count.
    ///
    /// # Errors
    /// When the folder of the runs is there and cannot be read.
    pub fn gather(workspace: &Workspace, dataset: &Dataset, columns: &[String]) -> Result<(Evidence, Vec<String>), ReadError> {
        let store = Store::open(&workspace.root);
        let hashes = text_hashes(dataset);
        let mut notes = Vec::new();
        let mut evidence = Evidence::default();
        let is_partly = dataset.articles.iter().any(|record| record.status == ArticleStatus::Incomplete);
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        let runs = latest_first(&store, dataset, &mut notes)?;
        for (id, extractor) in &runs {
            let time = times.entry(extractor.clone()).or_default();
            *time += 1;
            // Only what is labelled in part has gold claims that can be lost.
            let list = match *time {
                1 => &mut evidence.voters,
                2 if is_partly => &mut evidence.before,
                _ => continue,
            };
            list.extend(attempt_of(&store, id, &mut notes).map(|attempt| voter_of(&attempt, dataset, &hashes)));
        }
        if let Some(result) = runs.first().and_then(|(id, _)| StoredRun::read(&store.dir().join(id)).ok()?.record.result().ok()) {
            evidence.widths = Width::of_result(&result, columns);
        }
        for settings in workspace.config.extractors.iter().filter(|settings| settings.enabled) {
            let ExtractorKind::Predictions { path, .. } = &settings.kind else { continue };
            match workspace.inside(path).map_err(|error| error.to_string()).and_then(|path| answers(path, dataset)) {
                Ok(answers) => {
                    evidence.voters.retain(|voter| voter.extractor != settings.id);
                    let mut voter = Voter::new(&settings.id);
                    for answer in answers.iter().filter(|answer| answer.outcome.class() == OutcomeClass::Scored) {
                        let lang = dataset.article(&answer.article_id).map_or("", |record| record.article.lang.as_str());
                        voter.answer((&answer.article_id, lang), &answer.claims, &dataset.schema, settings.numbers);
                    }
                    evidence.voters.push(voter);
                }
                Err(why) => notes.push(format!("the answers of {} are left out: {why}", settings.id)),
            }
        }
        evidence.add_rules(dataset);
        Ok((evidence, notes))
    }

    /// Asks the builtin rules about the articles that are not labelled, where no stored run has their answer.
    pub fn add_rules(&mut self, dataset: &Dataset) {
        let at = match self.voters.iter().position(|voter| voter.extractor == RULES) {
            Some(at) => at,
            None => {
                self.voters.push(Voter::new(RULES));
                self.voters.len() - 1
            }
        };
        let rules = &mut self.voters[at];
        let open = dataset.articles.iter().filter(|r| !r.status.is_scored() && r.status != ArticleStatus::Skipped);
        let asked: Vec<&ArticleRecord> = open.filter(|record| rules.of(&record.article.id).is_none()).collect();
        let found: Vec<_> = asked.par_iter().map(|record| find_claims(&record.article)).collect();
        for (record, claims) in asked.into_iter().zip(found) {
            rules.answer((&record.article.id, &record.article.lang), &claims, &dataset.schema, crate::extract::Numbers::Canonical);
        }
    }
}

/// What a file of answers holds.
fn answers(path: std::path::PathBuf, dataset: &Dataset) -> Result<Vec<Answer>, String> {
    let mut file = Predictions::new(PredictionsSettings { path, extra: Extra::Ignore });
    let answers = Mutex::new(Vec::new());
    let mut articles = dataset.articles.iter().map(|record| record.article.clone());
    file.extract(&mut articles, &answers, &AtomicBool::new(false)).map_err(|error| error.to_string())?;
    answers.into_inner().map_err(|error| error.to_string())
}
