//! `assay score GOLD PRED`: two files, no workspace.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};

use anyhow::anyhow;
use clap::{Args as ClapArgs, ValueEnum};

use crate::bare::{self, BareScore, Files};
use crate::claim::{Schema, nearest};
use crate::dataset::BareGold;
use crate::extract::predictions::{Extra, Missing, Predictions, PredictionsSettings};
use crate::extract::{Answer, Extractor, Messages, Numbers, oddities};
use crate::files;
use crate::report::safe::quoted;
use crate::report::terminal::{dataset_line, run_screen, slices_table};
use crate::runs::by_article;
use crate::score::result::{DatasetInfo, ExtractorInfo};
use crate::score::{Criterion, GoldNames, IntervalsOf, Provenance, Settings, evaluate_with};
use crate::stats::IntervalSettings;

use super::Several;
use super::evaluation::bare_inputs;
use super::exit::{Exit, Failure};
use super::intervals::CiArg;
use super::terminal::Terminal;
use super::threads::share_among;

/// Score predictions against gold, both in files; no workspace is needed.
///
/// JSONL has an article a line: {"id", "lang"?, "text"?, "claims": [{"start", "end", "quote"?, "kind"?, "fields"?, "score"?}]};
/// CSV and Parquet have a claim a row, with the columns of claims.csv.
#[derive(ClapArgs, Debug)]
pub struct Args {
    /// Gold claims (.jsonl, .csv or .parquet)
    pub gold: PathBuf,
    /// Predicted claims (.jsonl, .csv or .parquet)
    pub predictions: PathBuf,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
    /// Criterion of the headline, fields, slices and confidence
    #[arg(long, value_name = "CRITERION", default_value = "iou50")]
    pub primary: Criterion,
    /// Criteria to score side by side
    #[arg(long, value_name = "LIST", value_delimiter = ',', default_values_t = Criterion::DEFAULT)]
    pub criteria: Vec<Criterion>,
    /// Columns to cut the numbers by: kind, a field, or a key of the articles
    #[arg(long, value_name = "LIST", value_delimiter = ',', default_value = "lang,kind")]
    pub slices: Vec<String>,
    /// Fields that make two claims the same statement
    #[arg(long, value_name = "LIST", value_delimiter = ',', default_value = "value,bound,unit,change")]
    pub key_fields: Vec<String>,
    /// How predicted decimals are written
    #[arg(long, value_enum, default_value_t = NumbersArg::Canonical)]
    pub numbers: NumbersArg,
    /// What to do with predictions for articles that gold does not have
    #[arg(long, value_enum, default_value_t = ExtraArg::Error)]
    pub extra: ExtraArg,
    /// What an article without a line in the JSONL of predictions is
    #[arg(long, value_enum, default_value_t = MissingArg::Failed)]
    pub missing: MissingArg,
    /// 95 % intervals to compute, by the bootstrap over articles (or their group_id)
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = CiArg::None)]
    pub ci: CiArg,
    /// Bootstrap replicates
    #[arg(long, value_name = "N", default_value_t = 2000, value_parser = clap::value_parser!(u32).range(100..=100_000))]
    pub resamples: u32,
    /// Seed of the bootstrap
    #[arg(long, value_name = "N", default_value_t = 20_240_513)]
    pub seed: u64,
    /// Threads, at most four a core [default: one a core]
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
}

/// How predicted decimals are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum NumbersArg {
    /// Digits with at most one point: 37000
    Canonical,
    /// As in the article, read by its language: 37.000 in Indonesian
    Local,
}

/// What to do with predictions for unknown articles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExtraArg {
    /// Refuse the file
    Error,
    /// Drop and count them
    Ignore,
}

/// What an article without an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MissingArg {
    /// Not answered: its gold claims are missed, and it counts as failed
    Failed,
    /// Answered with no claims
    Empty,
}

impl From<ExtraArg> for Extra {
    fn from(extra: ExtraArg) -> Extra {
        match extra {
            ExtraArg::Error => Extra::Error,
            ExtraArg::Ignore => Extra::Ignore,
        }
    }
}

impl From<MissingArg> for Missing {
    fn from(missing: MissingArg) -> Missing {
        match missing {
            MissingArg::Failed => Missing::Failed,
            MissingArg::Empty => Missing::Empty,
        }
    }
}

/// Runs the command.
///
/// # Errors
/// When a file cannot be read or is not valid, or a name on the command line is nowhere in the gold.
pub fn run(args: &Args, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let settings = settings(args)?;
    let provenance = Provenance {
        dataset: DatasetInfo { name: file_name(&args.gold), ..DatasetInfo::default() },
        extractor: ExtractorInfo { name: file_name(&args.predictions), ..ExtractorInfo::default() },
        selection: "all".to_owned(),
    };
    let files = Files { gold: &args.gold, predictions: &args.predictions, extra: args.extra.into(), missing: args.missing.into() };
    share_among(args.jobs)?;
    let scored = match as_they_are_read(files, &settings, args.ci.intervals(), &provenance) {
        Some(scored) => {
            check_gold(args, &scored.warnings, &scored.gold, &settings.schema, terminal)?;
            scored
        }
        None => whole_files(args, files, &settings, provenance, terminal)?,
    };
    for note in &scored.notes {
        writeln!(terminal.err, "note: {note}")?;
    }
    let result = &scored.result;
    if args.json {
        terminal.json(result)?;
    } else {
        let languages = scored.gold.languages.len();
        let line = dataset_line(&result.dataset.name, "", result.dataset.articles, languages, result.dataset.gold_claims);
        write!(terminal.out, "{line}\n{}{}", run_screen(result, None), slices_table(result))?;
    }
    if result.articles.scored + result.articles.failed == 0 {
        writeln!(terminal.err, "error: {} has no articles: nothing was evaluated", file_name(&args.gold))?;
        return Ok(Exit::NothingEvaluated);
    }
    Ok(Exit::Done)
}

/// Scores good files without keeping them, where there is a way to.
fn as_they_are_read(files: Files<'_>, settings: &Settings, intervals: IntervalsOf, provenance: &Provenance) -> Option<BareScore> {
    let extension = |path: &Path| path.extension().map(|extension| extension.to_string_lossy().to_lowercase()).unwrap_or_default();
    let is_table = |extension: &str| matches!(extension, "csv" | "tsv" | "parquet");
    match (extension(files.gold).as_str(), extension(files.predictions).as_str()) {
        ("parquet", "parquet") => bare::score_tables(files, settings, intervals, provenance),
        (gold, predictions) if !is_table(gold) && !is_table(predictions) => bare::score(files, settings, intervals, provenance),
        _ => None,
    }
}

fn settings(args: &Args) -> Result<Settings, Failure> {
    let mut schema = Schema::open();
    schema.key_fields.clone_from(&args.key_fields);
    Ok(Settings {
        schema,
        criteria: args.criteria.clone(),
        primary: args.primary,
        slices: args.slices.clone(),
        numbers: match args.numbers {
            NumbersArg::Canonical => Numbers::Canonical,
            NumbersArg::Local => Numbers::Local,
        },
        intervals: args.ci.settings(IntervalSettings { resamples: args.resamples, seed: args.seed }),
    })
}

fn check_gold(args: &Args, warnings: &[String], names: &GoldNames, schema: &Schema, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    for warning in warnings {
        writeln!(terminal.err, "warning: {warning}")?;
    }
    check_names(args, names, schema)
}

/// A name that nothing in the gold has would change numbers, or leave some out, without a word.
fn check_names(args: &Args, gold: &GoldNames, schema: &Schema) -> Result<(), Failure> {
    let in_gold = gold.fields.iter().map(String::as_str);
    let fields: BTreeSet<&str> = schema.fields.iter().map(|f| f.name.as_str()).chain(in_gold).collect();
    let columns = gold.columns.iter().map(String::as_str);
    let slices: BTreeSet<&str> = fields.iter().copied().chain(["kind", "lang", "publisher", "tags"]).chain(columns).collect();
    let mut unknown = Vec::new();
    for (option, names, known, what) in
        [("--key-fields", &args.key_fields, &fields, "field"), ("--slices", &args.slices, &slices, "field or key of the articles")]
    {
        for name in names.iter().filter(|name| !known.contains(name.as_str())) {
            let near = nearest(name, known.iter().copied()).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
            unknown.push(format!("{option}: the gold has no {what} {}{near}", quoted(name, 60)));
        }
    }
    if unknown.is_empty() || gold.articles == 0 { Ok(()) } else { Err(Failure::usage(anyhow!(unknown.join("\n")))) }
}

/// Scores files that are read whole: tables, and whatever is wrong, so that all of it can be told.
fn whole_files(
    args: &Args,
    files: Files<'_>,
    settings: &Settings,
    mut provenance: Provenance,
    terminal: &mut Terminal<'_>,
) -> Result<BareScore, Failure> {
    let gold = read_gold(files.gold, &settings.schema).map_err(|failure| with_predictions(failure, files))?;
    provenance.dataset.hash.clone_from(&gold.hash);
    let mut names = GoldNames { articles: gold.articles.len() as u64, ..GoldNames::default() };
    for article in &gold.articles {
        names.languages.insert(article.article.lang.clone());
        names.columns.extend(article.columns.iter().map(|(name, _)| name.clone()));
        names.fields.extend(article.claims.iter().flat_map(|c| c.claim.fields.keys()).map(str::to_owned));
    }
    check_gold(args, &gold.warnings, &names, &settings.schema, terminal)?;
    let (answers, mut notes) = read_answers(files, &gold)?;
    notes.extend(Messages::of(&answers).lines());
    notes.extend(oddities(&settings.schema, &answers, settings.numbers == Numbers::Local));
    let inputs = bare_inputs(&gold.articles, &by_article(&answers));
    let result = evaluate_with(&inputs, settings, args.ci.intervals(), &provenance).result;
    Ok(BareScore { result, warnings: gold.warnings, notes, gold: names })
}

fn read_gold(path: &Path, schema: &Schema) -> Result<BareGold, Failure> {
    let name = files::shown_path(path);
    let bytes = files::read(path, files::MAX_TABLE).map_err(|error| Failure::invalid(anyhow!("{name}: {error}")))?;
    BareGold::read(&name, bytes, schema).map_err(Failure::invalid)
}

/// The failure of the gold, and what is wrong with the predictions besides: all is told at once.
fn with_predictions(of_gold: Failure, files: Files<'_>) -> Failure {
    let alone = Files { extra: Extra::Ignore, missing: Missing::Empty, ..files };
    match read_answers(alone, &BareGold::default()) {
        Ok(_) => of_gold,
        Err(of_predictions) => Failure { exit: of_gold.exit, error: Several(vec![of_gold.error, of_predictions.error]).into() },
    }
}

fn read_answers(files: Files<'_>, gold: &BareGold) -> Result<(Vec<Answer>, Vec<String>), Failure> {
    let without_text = gold.articles.iter().filter(|a| !a.has_text).map(|a| a.article.id.clone()).collect();
    let settings = PredictionsSettings { path: files.predictions.to_owned(), extra: files.extra };
    let mut predictions = Predictions::new(settings).with_missing(files.missing).without_text(without_text);
    let answers = Mutex::new(Vec::with_capacity(gold.articles.len()));
    let mut articles = gold.articles.iter().map(|a| a.article.clone());
    let finished = predictions.extract(&mut articles, &answers, &AtomicBool::new(false)).map_err(Failure::invalid)?;
    Ok((answers.into_inner().unwrap_or_else(PoisonError::into_inner), finished.notes))
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| files::shown_path(path), |name| name.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests;
