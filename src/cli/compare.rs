//! `assay compare BASE HEAD [MORE…]`: is one run better than another, and on which claims.

use std::path::Path;

use clap::Args as ClapArgs;
use serde_json::json;

use super::attempts::attempt;
use super::exit::{Exit, Failure};
use super::rescoring::Rescoring;
use super::terminal::Terminal;
use crate::report::comparison::{claim_list, comparison_screen};
use crate::runs::{Attempt, Comparison, Direction, Rescored, compare, missed_by_all};
use crate::stats::{IntervalSettings, PairedSettings, RandomizationSettings};
use crate::workspace::Workspace;

/// Compare runs: which is better, how sure that is, and which claims came out otherwise.
///
/// The stored answers of all runs are scored on the gold of today, over the articles that both attempted with the same text. The
/// 95 % interval of the difference in F1 decides. Runs are named by id, unique prefix, `latest`, path, or @baseline.
#[derive(ClapArgs, Debug, Default)]
pub struct Args {
    /// The run to compare against
    pub base: String,
    /// The run in question, and more of them
    #[arg(required = true, value_name = "HEAD")]
    pub heads: Vec<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Claims of each list; 0 for all
    #[arg(long, short = 'n', value_name = "N", default_value_t = 10)]
    pub limit: usize,
    /// Bootstrap replicates of the intervals [default: that of assay.toml]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub resamples: Option<u32>,
    /// Of everything that is drawn [default: that of assay.toml]
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// End with 100 when a run is worse than the first
    #[arg(long)]
    pub fail_on_regression: bool,
}

/// Runs the command.
///
/// # Errors
/// When a run does not exist, the dataset or a stored file cannot be read, or two runs have no article in common (exit 7).
pub fn run(args: &Args, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let workspace = Workspace::discover(Path::new(".")).map_err(Failure::invalid)?;
    let names = std::iter::once(&args.base).chain(&args.heads);
    let attempts = names.map(|name| attempt(&workspace, name)).collect::<Result<Vec<Attempt>, Failure>>()?;
    let rescoring = Rescoring::new(&workspace)?;
    let settings = paired_settings(&workspace, args.resamples, args.seed);
    let rescored: Vec<Rescored<'_>> = attempts.iter().map(|attempt| rescoring.of(attempt)).collect();
    let Some((base, heads)) = rescored.split_first() else { return Ok(Exit::Done) };
    let not_comparable = |error| Failure { exit: Exit::BaselineMissing, error: anyhow::Error::new(error) };
    let comparisons =
        heads.iter().map(|head| compare(base, head, settings).map_err(not_comparable)).collect::<Result<Vec<Comparison>, Failure>>()?;
    let all: Vec<&Rescored<'_>> = rescored.iter().collect();
    let missed = missed_by_all(&all);
    if args.json {
        terminal.json(&json!({ "comparisons": comparisons, "missed_by_all": missed }))?;
    } else {
        for (number, comparison) in comparisons.iter().enumerate() {
            if number > 0 {
                writeln!(terminal.out)?;
            }
            write!(terminal.out, "{}", comparison_screen(comparison, args.limit))?;
        }
        if !missed.is_empty() {
            write!(terminal.out, "\n{}", claim_list("missed by every run (is the label right?)", &missed, args.limit))?;
        }
    }
    let is_worse = comparisons.iter().any(|comparison| comparison.verdict.direction == Direction::Worse);
    Ok(if args.fail_on_regression && is_worse { Exit::GateFailed } else { Exit::Done })
}

/// How two runs of a workspace are compared.
pub(super) fn paired_settings(workspace: &Workspace, resamples: Option<u32>, seed: Option<u64>) -> PairedSettings {
    let config = &workspace.config;
    let seed = seed.unwrap_or(config.run.seed);
    PairedSettings {
        intervals: IntervalSettings { resamples: resamples.unwrap_or(config.score.resamples as u32), seed },
        randomization: RandomizationSettings { seed, ..RandomizationSettings::default() },
    }
}
