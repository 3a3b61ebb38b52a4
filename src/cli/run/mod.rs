//! `assay run`: the workspace's extractors over its dataset, scored and stored.

mod collect;
mod ending;
mod gating;
mod keeping;
mod one;
mod plan;
mod repeated;

use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::anyhow;
use clap::Args as ClapArgs;
use serde_json::json;

use crate::problem::Level;
use crate::report::safe::shown;
use crate::report::terminal::count;
use crate::runs::Repeats;
use crate::score::RunResult;
use crate::workspace::{Config, ExtractorSettings, Workspace};

use super::exit::{Exit, Failure};
use super::explained;
use super::intervals::CiArg;
use super::judging::Candidate;
use super::rescoring::Rescoring;
use super::terminal::Terminal;
use super::threads::share_among;
use gating::Gating;
use plan::Plan;
pub(super) use plan::answered_of;
use repeated::{Kept, no_gates};

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
    /// 95 % intervals to compute, by the bootstrap over articles (or their group_id)
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = CiArg::Criteria)]
    pub ci: CiArg,
    /// Bootstrap replicates [default: that of assay.toml]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(100..=100_000))]
    pub resamples: Option<u32>,
    /// Seed of the bootstrap [default: that of assay.toml]
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Run each extractor K times, store each run, and show how far the numbers spread and which claims flip
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u32).range(2..=100))]
    pub repeat: Option<u32>,
    /// Neither take answers from the cache nor keep them there
    #[arg(long, conflicts_with_all = ["refresh", "offline"])]
    pub no_cache: bool,
    /// Ask again for what the cache has, and keep the new answers
    #[arg(long, conflicts_with = "offline")]
    pub refresh: bool,
    /// Ask nothing: take answers from the cache; exit 5 when it lacks some
    #[arg(long)]
    pub offline: bool,
    /// Go on with the last run that was cut off: none of its answers is asked again
    #[arg(long)]
    pub resume: bool,
    /// As --resume, also after a whole run, and ask again for the articles that failed
    #[arg(long)]
    pub retry_errors: bool,
    /// Only the articles that failed in a stored run, or where it missed, invented or got wrong a claim
    #[arg(long, value_name = "RUN")]
    pub failing_in: Option<String>,
    /// Say what would run, and run nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Do not store the runs
    #[arg(long)]
    pub no_store: bool,
    /// Judge the gates of assay.toml; exit 100 when one fails
    #[arg(long)]
    pub gate: bool,
    /// Take gates and reports from [profile.NAME] of assay.toml
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Under GitHub Actions, with gates: no annotations, summary and outputs
    #[arg(long)]
    pub no_github: bool,
    /// Report of the first run to write; may be repeated. The extension picks the format
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    pub outputs: Vec<PathBuf>,
}

/// Where a run stands among those of the command.
#[derive(Clone, Copy)]
struct Place {
    /// None before it has shown a result.
    is_first: bool,
    /// The command ends with it.
    is_last: bool,
}

/// One run of an extractor.
struct Done {
    exit: Exit,
    result: RunResult,
    /// Where gates or reports follow.
    candidate: Option<Candidate>,
    /// Its id, where it is stored.
    stored: Option<String>,
    /// Where it is one of several and answered every article.
    kept: Option<Kept>,
}

/// All runs of an extractor.
struct Ended {
    exit: Exit,
    results: Vec<RunResult>,
    /// Of the first run, where gates or reports follow.
    candidate: Option<Candidate>,
    /// Where there are several.
    repeats: Option<Repeats>,
}

impl Default for Ended {
    fn default() -> Ended {
        Ended { exit: Exit::Done, results: Vec::new(), candidate: None, repeats: None }
    }
}

impl From<Done> for Ended {
    fn from(done: Done) -> Ended {
        Ended { exit: done.exit, results: vec![done.result], candidate: done.candidate, repeats: None }
    }
}

pub(super) fn duration(text: &str) -> Result<Duration, String> {
    crate::formats::settings::parse_duration(text).ok_or_else(|| "write a time such as 30s, 500ms or 2m".to_owned())
}

/// Runs the command.
///
/// # Errors
/// When the workspace or its data are not valid, an extractor cannot start, or a run cannot be stored.
pub fn run(args: &Args, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    share_among(args.jobs)?;
    let workspace = Workspace::discover(std::path::Path::new(".")).map_err(Failure::invalid)?;
    let chosen = chosen(&workspace.config, &args.extractors)?;
    // Read when the process is about to end: the system takes all of it back at once, where dropping would go from claim to claim.
    let rescoring = ManuallyDrop::new(Rescoring::new(&workspace)?);
    let dataset = rescoring.dataset();
    // `assay lint` looks at more than a load does.
    let warnings = dataset.warnings.count(Level::Warning);
    if warnings > 0 {
        writeln!(terminal.err, "note: loading the dataset found {}; `assay lint` shows all findings", count(warnings as u64, "warning"))?;
    }
    let gating = Gating::new(args, &workspace, &rescoring)?;
    no_gates(args.repeat, gating.gate)?;
    let plan = Plan::new(args, &workspace, &rescoring, gating.is_any())?;
    if args.dry_run {
        return plan.describe(&chosen, terminal);
    }
    let mut exit = Exit::Done;
    let (mut results, mut candidates, mut repeats) = (Vec::new(), Vec::new(), Vec::new());
    for (number, settings) in (1..).zip(&chosen) {
        let place = Place { is_first: results.is_empty(), is_last: number == chosen.len() };
        let ended = match args.repeat {
            Some(of) => plan.repeat(settings, of, place.is_first, terminal),
            None => plan.run(settings, place, None, terminal).map(Ended::from),
        };
        let ended = match ended {
            Ok(ended) => ended,
            // One that cannot start must not cost the results of the others.
            Err(failure) if failure.exit == Exit::Invalid && chosen.len() > 1 => {
                writeln!(terminal.err, "{}", explained(&failure.error))?;
                exit = exit.first(failure.exit);
                continue;
            }
            Err(failure) => return Err(failure),
        };
        exit = exit.first(ended.exit);
        results.extend(ended.results);
        candidates.extend(ended.candidate);
        repeats.extend(ended.repeats);
        if ended.exit == Exit::Interrupted {
            break;
        }
    }
    let verdicts = if gating.is_any() { Some(gating.verdicts(&workspace, &rescoring, &candidates, terminal)?) } else { None };
    if let Some(verdicts) = &verdicts {
        gating.finish(&workspace, verdicts, args, terminal)?;
        if gating.gate {
            exit = exit.first(verdicts.exit);
        }
    }
    if args.json {
        let mut all = json!({ "runs": results });
        if args.repeat.is_some() {
            all["repeats"] = serde_json::to_value(&repeats)?;
        }
        if let Some(verdicts) = verdicts.filter(|_| gating.gate) {
            all["gates"] = serde_json::to_value(&verdicts.gates)?;
        }
        terminal.json(&all)?;
    }
    Ok(exit)
}

/// The extractors that are meant, in the order of the file or of the names.
fn chosen<'c>(config: &'c Config, names: &[String]) -> Result<Vec<&'c ExtractorSettings>, Failure> {
    let known = || config.extractors.iter().map(|e| e.id.as_str());
    for name in names {
        if !known().any(|id| id == name) {
            let near = crate::claim::nearest(name, known()).map(|n| format!(" (did you mean {n}?)")).unwrap_or_default();
            let all: Vec<&str> = known().collect();
            return Err(Failure::invalid(anyhow!("no extractor {:?} in assay.toml{near}; it has: {}", shown(name), all.join(", "))));
        }
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
