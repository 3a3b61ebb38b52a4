//! `assay run`: the workspace's extractors over its dataset, scored and stored.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use anyhow::anyhow;
use clap::Args as ClapArgs;
use jiff::Timestamp;
use serde_json::json;

use crate::dataset::{ArticleRecord, Dataset, Selection};
use crate::extract::{Answer, Extractor, Finished, Messages, Numbers, OutcomeClass, oddities};
use crate::problem::Level;
use crate::report::safe::shown;
use crate::report::terminal::{beside, count, dataset_line, run_screen};
use crate::runs::{NewRun, RunArticle, Store};
use crate::score::result::{DatasetInfo, ExtractorInfo};
use crate::score::{Evaluation, Provenance, RunResult, Settings, evaluate};
use crate::workspace::{Config, ExtractorSettings, Workspace, not_in_this_version};

use super::evaluation::{by_article, dataset_inputs};
use super::exit::{Exit, Failure};
use super::explained;
use super::extractors::{self, Reach};
use super::score::in_pool;
use super::terminal::{Progress, Terminal};

/// Run extractors over the dataset and print precision and recall.
///
/// Without names, every enabled extractor of assay.toml runs, in its order. Each run is stored; `assay show latest` looks into it.
#[derive(ClapArgs, Debug, Default)]
pub struct Args {
    /// Ids of extractors [default: all that are enabled]
    pub extractors: Vec<String>,
    /// Print the results as JSON
    #[arg(long)]
    pub json: bool,
    /// Articles in flight over all workers of an extractor, and threads of scoring (at most four a core)
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
    /// Only the first N articles
    #[arg(short = 'n', long = "limit", value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub limit: Option<u64>,
    /// Only the articles of a split
    #[arg(long)]
    pub split: Option<String>,
    /// Only articles with that value, such as lang=id; may be repeated, all must hold
    #[arg(long = "where", value_name = "COLUMN=VALUE")]
    pub conditions: Vec<String>,
    /// Time for an article, such as 30s
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub timeout: Option<Duration>,
    /// Say what would run, and run nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Do not store the runs
    #[arg(long)]
    pub no_store: bool,
}

fn duration(text: &str) -> Result<Duration, String> {
    crate::formats::settings::parse_duration(text).ok_or_else(|| "write a time such as 30s, 500ms or 2m".to_owned())
}

/// Runs the command.
///
/// # Errors
/// When the workspace or its data are not valid, an extractor cannot start, or a run cannot be stored.
pub fn run(args: &Args, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let workspace = Workspace::discover(std::path::Path::new(".")).map_err(Failure::invalid)?;
    let chosen = chosen(&workspace.config, &args.extractors)?;
    let dataset = workspace.dataset().map_err(Failure::invalid)?;
    // `assay lint` looks at more than a load does.
    let warnings = dataset.warnings.count(Level::Warning);
    if warnings > 0 {
        writeln!(terminal.err, "note: loading the dataset found {}; `assay lint` shows all findings", count(warnings as u64, "warning"))?;
    }
    let plan = Plan::new(args, &workspace, &dataset)?;
    if args.dry_run {
        return plan.describe(&chosen, terminal);
    }
    let mut exit = Exit::Done;
    let mut results = Vec::new();
    for settings in &chosen {
        let mut done = match plan.run(settings, results.is_empty(), terminal) {
            Ok(done) => done,
            // One that cannot start must not cost the results of the others.
            Err(failure) if failure.exit == Exit::Invalid && chosen.len() > 1 => {
                writeln!(terminal.err, "{}", explained(&failure.error))?;
                exit = exit.first(failure.exit);
                continue;
            }
            Err(failure) => return Err(failure),
        };
        exit = exit.first(done.exit);
        results.push(std::mem::take(&mut done.result));
        if done.exit == Exit::Interrupted {
            break;
        }
    }
    if args.json {
        let results: Vec<RunResult> = results.into_iter().flatten().collect();
        terminal.json(&json!({ "runs": results }))?;
    }
    Ok(exit)
}

/// The extractors that are meant, in the order of the file or of the names.
fn chosen<'c>(config: &'c Config, names: &[String]) -> Result<Vec<&'c ExtractorSettings>, Failure> {
    let known = || config.extractors.iter().map(|e| e.id.as_str());
    for name in names {
        if !known().any(|id| id == name) {
            let near = crate::claim::nearest(name, known()).map(|n| format!("; did you mean {n}?")).unwrap_or_default();
            let all: Vec<&str> = known().collect();
            return Err(Failure::invalid(anyhow!("no extractor {:?} in assay.toml{near} It has: {}", shown(name), all.join(", "))));
        }
    }
    let missing = not_in_this_version(config, names, false);
    if !missing.is_empty() {
        return Err(Failure::invalid(anyhow!(missing.join("\n"))));
    }
    let chosen: Vec<&ExtractorSettings> = if names.is_empty() {
        config.extractors.iter().filter(|e| e.enabled).collect()
    } else {
        names.iter().filter_map(|name| config.extractors.iter().find(|e| &e.id == name)).collect()
    };
    if chosen.is_empty() {
        return Err(Failure::invalid(anyhow!(
            "assay.toml has no enabled extractor; name one, or add\n[[extractor]]\nid = \"rules\"\nkind = \"builtin\""
        )));
    }
    Ok(chosen)
}

/// What is the same for every extractor of the command.
struct Plan<'a> {
    args: &'a Args,
    workspace: &'a Workspace,
    dataset: &'a Dataset,
    articles: Vec<&'a ArticleRecord>,
    selection: String,
    settings: Settings,
    dataset_hash: String,
}

/// One extractor's run.
struct Done {
    exit: Exit,
    result: Option<RunResult>,
}

impl<'a> Plan<'a> {
    fn new(args: &'a Args, workspace: &'a Workspace, dataset: &'a Dataset) -> Result<Plan<'a>, Failure> {
        let config = &workspace.config;
        let split = args.split.as_deref().unwrap_or(&config.dataset.split);
        let selection = Selection::new(split, &args.conditions).map_err(Failure::usage)?;
        let mut articles = dataset.select(&selection).map_err(Failure::invalid)?;
        // All conditions must hold, so that their order and repetition mean nothing.
        let mut conditions: BTreeSet<String> = selection.conditions.iter().map(|(column, value)| format!("{column}={value}")).collect();
        if !split.is_empty() && split != "all" {
            conditions.insert(format!("split={split}"));
        }
        let mut name: Vec<String> = conditions.into_iter().collect();
        let limit = args.limit.and_then(|limit| usize::try_from(limit).ok()).filter(|limit| *limit < articles.len());
        if let Some(limit) = limit {
            articles.truncate(limit);
            name.push(format!("first {limit}"));
        }
        for column in &config.score.slices {
            let known = column == "kind" || dataset.schema.field(column).is_some() || dataset.slice_columns().contains(&column.as_str());
            if !known {
                let columns = dataset.slice_columns().join(", ");
                return Err(Failure::invalid(anyhow!(
                    "assay.toml: slices of [score] names {column:?}, which is neither kind, tags, a field, nor a column of the articles ({columns})"
                )));
            }
        }
        let settings = Settings {
            schema: dataset.schema.clone(),
            criteria: config.score.criteria.clone(),
            primary: config.score.primary,
            slices: config.score.slices.clone(),
            numbers: Numbers::Canonical,
            intervals: None,
        };
        let selection = if name.is_empty() { "all".to_owned() } else { name.join(",") };
        Ok(Plan { args, workspace, dataset, articles, selection, settings, dataset_hash: dataset.hash() })
    }

    fn describe(&self, chosen: &[&ExtractorSettings], terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
        let names: Vec<String> = chosen.iter().map(|e| format!("{} ({})", e.id, e.kind.name())).collect();
        if self.args.json {
            let ids: Vec<&str> = chosen.iter().map(|e| e.id.as_str()).collect();
            let articles: Vec<&str> = self.articles.iter().map(|a| a.article.id.as_str()).collect();
            terminal.json(&json!({ "dry_run": true, "extractors": ids, "articles": articles, "selection": self.selection }))?;
        } else {
            let articles = count(self.articles.len() as u64, "article");
            writeln!(terminal.out, "would run {} over {articles} of {} ({})", names.join(", "), self.dataset.meta.name, self.selection)?;
        }
        Ok(Exit::Done)
    }

    fn run(&self, extractor: &ExtractorSettings, first: bool, terminal: &mut Terminal<'_>) -> Result<Done, Failure> {
        let started = (Timestamp::now(), Instant::now());
        let reach = Reach {
            jobs: self.args.jobs,
            timeout: self.args.timeout.unwrap_or(self.workspace.config.run.timeout),
            known: self.dataset.articles.iter().map(|a| a.article.id.clone()).collect(),
        };
        let mut program = extractors::open(self.workspace, extractor, &reach)?;
        let (answers, finished) = self.collect(extractor, program.as_mut(), terminal)?;
        for note in &finished.notes {
            writeln!(terminal.err, "note: {}: {}", extractor.id, shown(note))?;
        }
        for line in Messages::of(&answers).lines() {
            writeln!(terminal.err, "note: {}: {line}", extractor.id)?;
        }
        let took = started.1.elapsed();
        let numbers = finished.numbers.unwrap_or(extractor.numbers);
        let settings = Settings { numbers, ..self.settings.clone() };
        for line in oddities(&settings.schema, &answers, numbers == Numbers::Local) {
            writeln!(terminal.err, "note: {}: {line}", extractor.id)?;
        }
        let answered = by_article(&answers);
        // What is not answered yet is neither right nor wrong: the run says that it is incomplete.
        let articles: Vec<&ArticleRecord> =
            self.articles.iter().filter(|a| answered.contains_key(a.article.id.as_str())).copied().collect();
        let selection = if articles.len() < self.articles.len() {
            incomplete_selection(&self.selection, articles.len(), self.articles.len())
        } else {
            self.selection.clone()
        };
        // The outcome table keeps every column; the result is cut by those of the settings.
        let columns: Vec<String> = self.dataset.slice_columns().into_iter().map(str::to_owned).collect();
        let inputs = dataset_inputs(self.dataset, &articles, &answered, &columns);
        let provenance = Provenance {
            dataset: DatasetInfo {
                name: self.dataset.meta.name.clone(),
                version: self.dataset.meta.version.clone(),
                hash: self.dataset_hash.clone(),
                ..DatasetInfo::default()
            },
            extractor: ExtractorInfo {
                name: extractor.id.clone(),
                version: extractors::version(extractor, &finished),
                fingerprint: extractors::fingerprint(self.workspace, extractor)?,
            },
            selection: selection.clone(),
        };
        let evaluation = in_pool(self.args.jobs, || evaluate(&inputs, &settings, &provenance))?;
        let mut storing = Exit::Done;
        let stored = if self.args.no_store || articles.is_empty() {
            None
        } else {
            let rows: Vec<RunArticle<'_>> = inputs
                .iter()
                .zip(&articles)
                .map(|(input, record)| RunArticle { input, text: Some(&record.article.text), latency: None })
                .collect();
            let new = NewRun {
                articles: &rows,
                evaluation: &evaluation,
                settings: &settings,
                extractor: extractors::description(extractor),
                selection: &selection,
                started: started.0,
                finished: Timestamp::now(),
                wall_time: started.1.elapsed(),
            };
            match in_pool(self.args.jobs, || Store::open(&self.workspace.root).save(&new))? {
                Ok(run) => Some(run.id),
                // The numbers may have taken a night: they are printed all the same.
                Err(error) => {
                    writeln!(terminal.err, "error: {}", shown(&error.to_string()))?;
                    storing = Exit::Error;
                    None
                }
            }
        };
        let exit = self.exit(extractor, &evaluation, &finished, terminal)?.first(storing);
        if !self.args.json {
            self.print(&evaluation, first, took, stored.as_deref(), terminal)?;
        }
        Ok(Done { exit, result: Some(evaluation.result) })
    }

    /// Sends the articles and takes the answers.
    fn collect(
        &self,
        extractor: &ExtractorSettings,
        program: &mut dyn Extractor,
        terminal: &mut Terminal<'_>,
    ) -> Result<(Vec<Answer>, Finished), Failure> {
        let mut answers: Vec<Answer> = Vec::with_capacity(self.articles.len());
        let mut progress = Progress::new(&extractor.id, self.articles.len(), terminal.progress);
        let mut articles = self.articles.iter().map(|record| record.article.clone());
        let mut failed = 0;
        let stop = std::sync::Arc::clone(&terminal.stop);
        let mut sink = |answer: Answer| {
            failed += usize::from(answer.outcome.class() == OutcomeClass::Failed);
            answers.push(answer);
            // Progress that cannot be shown is no reason to lose a run.
            let _ = progress.show(terminal.err, answers.len(), failed);
        };
        let finished = program
            .extract(&mut articles, &mut sink, &stop)
            .map_err(|error| Failure::invalid(anyhow!("extractor {}: {error}", extractor.id)));
        let _ = progress.clear(terminal.err);
        let finished = finished?;
        answers.sort_by(|a, b| a.article_id.cmp(&b.article_id));
        Ok((answers, finished))
    }

    /// How the run ended, with a word to the user for each reason that is not good.
    fn exit(
        &self,
        extractor: &ExtractorSettings,
        evaluation: &Evaluation,
        finished: &Finished,
        terminal: &mut Terminal<'_>,
    ) -> Result<Exit, Failure> {
        let mut exit = Exit::Done;
        let account = &evaluation.result.articles;
        let mut say = |reason: Exit, words: String| -> Result<(), Failure> {
            exit = exit.first(reason);
            writeln!(terminal.err, "{words}")?;
            Ok(())
        };
        if terminal.stop.load(std::sync::atomic::Ordering::Relaxed) {
            say(Exit::Interrupted, format!("interrupted: {} of {} articles were answered", account.total, self.articles.len()))?;
        } else if account.total < self.articles.len() as u64 {
            let why = finished.incomplete.as_deref().map(|why| format!(": {}", shown(why))).unwrap_or_default();
            let missing = self.articles.len() as u64 - account.total;
            say(Exit::Incomplete, format!("incomplete: {} without an answer{why}", count(missing, "article")))?;
        }
        if account.scored + account.failed == 0 {
            say(
                Exit::NothingEvaluated,
                format!("nothing was evaluated: none of {} is labelled and answered", count(self.articles.len() as u64, "article")),
            )?;
        }
        let attempted = account.scored + account.failed;
        let budget = self.workspace.config.run.error_budget;
        if attempted > 0 && account.failed as f64 > budget * attempted as f64 {
            let words =
                format!("{}: {} of {attempted} articles failed, over the budget of {:.1} %", extractor.id, account.failed, budget * 100.0);
            say(Exit::ErrorBudget, words)?;
            for line in failure_lines(evaluation, finished) {
                writeln!(terminal.err, "  {line}")?;
            }
        }
        Ok(exit)
    }

    fn print(
        &self,
        evaluation: &Evaluation,
        first: bool,
        took: Duration,
        stored: Option<&str>,
        terminal: &mut Terminal<'_>,
    ) -> Result<(), Failure> {
        let result = &evaluation.result;
        if first {
            let languages: BTreeSet<&str> = self.articles.iter().map(|a| a.article.lang.as_str()).collect();
            let d = &result.dataset;
            write!(terminal.out, "{}", dataset_line(&d.name, &d.version, d.articles, languages.len(), d.gold_claims))?;
        }
        write!(terminal.out, "\n{}", run_screen(result, Some(took)))?;
        if let Some(id) = stored {
            let next = if result.errors.get("missed").is_some_and(|e| e.count > 0) { "--missed" } else { "--by lang" };
            let (stored, next) = (format!("stored as {id}"), format!("next: assay show latest {next}"));
            writeln!(terminal.out, "\n{}", beside(&[&stored, &next], "     "))?;
        }
        terminal.out.flush()?;
        Ok(())
    }
}

/// The selection of a run that did not answer all: its numbers are not those of the whole selection, and its signature says so.
fn incomplete_selection(selection: &str, answered: usize, of: usize) -> String {
    format!("{selection},answered {answered} of {of}")
}

/// How many articles a run answered and how many it was to answer, where it did not answer all.
pub(super) fn answered_of(selection: &str) -> Option<(u64, u64)> {
    let (_, last) = selection.rsplit_once(',')?;
    let (answered, of) = last.strip_prefix("answered ")?.split_once(" of ")?;
    Some((answered.parse().ok()?, of.parse().ok()?)).filter(|(answered, of)| answered < of)
}

/// The end of what the extractor said on its error output.
fn failure_lines(evaluation: &Evaluation, finished: &Finished) -> Vec<String> {
    let outcomes: Vec<String> = evaluation.result.articles.outcomes.iter().map(|(name, n)| format!("{n} {name}")).collect();
    let mut lines = vec![format!("outcomes: {}", outcomes.join(", "))];
    let tail: Vec<&str> = finished.stderr_tail.lines().rev().take(5).collect();
    if !tail.is_empty() {
        lines.push("the end of its error output:".to_owned());
        lines.extend(tail.into_iter().rev().map(|line| format!("  {}", shown(line))));
    }
    lines
}
