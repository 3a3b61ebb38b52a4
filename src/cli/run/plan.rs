//! What a command is to run: the selection and the settings, the same for every extractor.

use std::collections::BTreeMap;

use anyhow::anyhow;
use serde_json::json;

use super::Args;
use crate::claim::Article;
use crate::cli::exit::{Exit, Failure};
use crate::cli::extractors::{self, Reach};
use crate::cli::rescoring::{Rescoring, settings};
use crate::cli::terminal::Terminal;
use crate::dataset::{ArticleRecord, Dataset, Selection};
use crate::extract::keeping::Keeping;
use crate::extract::{Estimate, Extractor};
use crate::report::terminal::count;
use crate::report::words::grouped;
use crate::runs::{Repeat, Store, failing_articles};
use crate::score::Settings;
use crate::stats::IntervalSettings;
use crate::workspace::{ExtractorSettings, Workspace};

/// What is the same for every extractor of the command.
pub(super) struct Plan<'a> {
    pub args: &'a Args,
    pub workspace: &'a Workspace,
    pub dataset: &'a Dataset,
    pub articles: Vec<&'a ArticleRecord>,
    pub selection: String,
    pub settings: Settings,
    pub dataset_hash: String,
    /// Whether gates or reports follow, which take the answers.
    pub keeps_answers: bool,
}

impl<'a> Plan<'a> {
    pub fn new(args: &'a Args, workspace: &'a Workspace, rescoring: &'a Rescoring, keeps_answers: bool) -> Result<Plan<'a>, Failure> {
        let dataset = rescoring.dataset();
        let config = &workspace.config;
        let split = args.split.as_deref().unwrap_or(&config.dataset.split);
        let selection = Selection::new(split, &args.conditions).map_err(Failure::usage)?;
        let mut articles = dataset.select(&selection).map_err(Failure::invalid)?;
        let mut name = selection.words();
        if let Some(reference) = &args.failing_in {
            let stored = Store::open(&workspace.root).find(reference).map_err(Failure::invalid)?;
            let failing = failing_articles(&stored).map_err(Failure::invalid)?;
            articles.retain(|record| failing.contains(&record.article.id));
            name.push(format!("failing in {}", stored.id));
            if articles.is_empty() {
                return Err(Failure {
                    exit: Exit::NothingEvaluated,
                    error: anyhow!("no article of the selection failed in {}", stored.id),
                });
            }
        }
        let limit = args.limit.and_then(|limit| usize::try_from(limit).ok()).filter(|limit| *limit < articles.len());
        if let Some(limit) = limit {
            articles.truncate(limit);
            name.push(format!("first {limit}"));
        }
        let mut settings = settings(workspace, dataset)?;
        settings.intervals = settings.intervals.and_then(|ci| {
            let (resamples, seed) = (args.resamples.unwrap_or(ci.resamples), args.seed.unwrap_or(ci.seed));
            args.ci.settings(IntervalSettings { resamples, seed })
        });
        let selection = if name.is_empty() { "all".to_owned() } else { name.join(",") };
        Ok(Plan { args, workspace, dataset, articles, selection, settings, dataset_hash: rescoring.hash().to_owned(), keeps_answers })
    }

    /// How far extractors may reach.
    pub fn reach(&self, terminal: &Terminal<'_>) -> Reach<'_> {
        Reach {
            jobs: self.args.jobs,
            timeout: self.args.timeout.unwrap_or(self.workspace.config.run.timeout),
            programs: terminal.programs.clone(),
            dataset: self.dataset,
            asked: &self.articles,
            known: self.dataset.articles.iter().map(|a| a.article.id.clone()).collect(),
        }
    }

    /// What would run, and what of it need not be asked.
    ///
    /// # Errors
    /// When an extractor cannot be made ready.
    pub fn describe(&self, chosen: &[&ExtractorSettings], terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
        let texts: Vec<Article> = self.articles.iter().map(|record| record.article.clone()).collect();
        let (mut names, mut known) = (Vec::new(), BTreeMap::new());
        for extractor in chosen {
            let identity = extractors::fingerprint(self.workspace, extractor)?;
            let (mut cached, mut to_ask, mut taken) = (0, 0, None);
            let repeats = self.args.repeat.map_or_else(|| vec![None], |of| (1..=of).map(|index| Some(index_of(index, of))).collect());
            for repeat in &repeats {
                let program = extractors::open(self.workspace, extractor, &self.reach(terminal))?;
                let keeping = self.keeping((extractor, &identity), repeat.as_ref(), program, terminal)?;
                let asked = keeping.asked(&texts);
                cached += texts.len() - asked.len();
                to_ask += asked.len();
                let asked = if self.args.offline { Vec::new() } else { asked };
                taken = estimate(taken, &keeping, &asked);
            }
            let mut parts = vec![extractor.kind.name().to_owned()];
            parts.extend((cached > 0).then(|| format!("{cached} of {} answers are there", cached + to_ask)));
            parts.extend((self.args.offline && to_ask > 0).then(|| format!("{to_ask} are missing, and --offline asks nothing")));
            parts.extend(taken.map(|taken| taken_in_words(&taken)));
            names.push(format!("{} ({})", extractor.id, parts.join(", ")));
            known.insert(extractor.id.as_str(), json!({ "there": cached, "missing": to_ask, "estimate": taken }));
        }
        if self.args.json {
            let ids: Vec<&str> = chosen.iter().map(|e| e.id.as_str()).collect();
            let articles: Vec<&str> = self.articles.iter().map(|a| a.article.id.as_str()).collect();
            let mut all = json!({ "dry_run": true, "extractors": ids, "articles": articles, "selection": self.selection, "plan": known });
            if let Some(repeat) = self.args.repeat {
                all["repeat"] = json!(repeat);
            }
            terminal.json(&all)?;
        } else {
            let articles = count(self.articles.len() as u64, "article");
            let times = self.args.repeat.map(|repeat| format!(", {repeat} times each")).unwrap_or_default();
            let names = names.join(", ");
            writeln!(terminal.out, "would run {names} over {articles} of {} ({}){times}", self.dataset.meta.name, self.selection)?;
        }
        Ok(Exit::Done)
    }
}

/// The selection of a run that did not answer all: its numbers are not those of the whole selection, and its signature says so.
pub(super) fn incomplete_selection(selection: &str, answered: usize, of: usize) -> String {
    format!("{selection},answered {answered} of {of}")
}

/// How many articles a run answered and how many it was to answer, where it did not answer all.
pub(in crate::cli) fn answered_of(selection: &str) -> Option<(u64, u64)> {
    let (_, last) = selection.rsplit_once(',')?;
    let (answered, of) = last.strip_prefix("answered ")?.split_once(" of ")?;
    Some((answered.parse().ok()?, of.parse().ok()?)).filter(|(answered, of)| answered < of)
}

/// A repeat that is not made yet.
fn index_of(index: u32, of: u32) -> Repeat {
    Repeat { index, of, group: String::new() }
}

/// What asking about the articles will take, added to a sum; nothing for extractors that are not paid for.
fn estimate(mut sum: Option<Estimate>, extractor: &Keeping, asked: &[&Article]) -> Option<Estimate> {
    for estimate in asked.iter().filter_map(|article| extractor.estimate(article)) {
        let before = sum.unwrap_or(Estimate { input_tokens: 0, input_cost: Some(0.0), most_cost: Some(0.0) });
        let add = |a: Option<f64>, b: Option<f64>| Some(a? + b?);
        sum = Some(Estimate {
            input_tokens: before.input_tokens + estimate.input_tokens,
            input_cost: add(before.input_cost, estimate.input_cost),
            most_cost: add(before.most_cost, estimate.most_cost),
        });
    }
    sum
}

fn taken_in_words(taken: &Estimate) -> String {
    let mut words = format!("about {} tokens to send", grouped(taken.input_tokens));
    if let Some(cost) = taken.input_cost {
        words += &format!(", cost about {cost:.4}");
        words += &taken
            .most_cost
            .map_or_else(|| " and that of the answers".to_owned(), |most| format!(", about {most:.4} with the longest answers"));
    }
    words
}
