//! `assay gate [RUN]`: the rules of assay.toml over a stored run.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::anyhow;
use clap::Args as ClapArgs;

use super::attempts::main_extractor;
use super::exit::{Exit, Failure};
use super::github::publish;
use super::judging::{Candidate, Verdicts, format_of, verdicts, write_reports};
use super::report::{against, candidate};
use super::rescoring::Rescoring;
use super::terminal::Terminal;
use crate::report::gates::gates_screen;
use crate::runs::{RunHead, Store};
use crate::workspace::{Gate, Workspace};

/// Judge the gates of assay.toml over stored runs; exit 100 when one fails.
///
/// Without a run, the latest run of every extractor that a gate is about is judged.
#[derive(ClapArgs, Debug, Default)]
pub struct Args {
    /// The run
    #[arg(value_name = "RUN")]
    pub run: Option<String>,
    /// Compare with this run instead of the baseline
    #[arg(long, value_name = "RUN")]
    pub baseline: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Under GitHub Actions: no annotations, summary and outputs
    #[arg(long)]
    pub no_github: bool,
    /// Report to write as well; may be repeated. The extension picks the format
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    pub outputs: Vec<PathBuf>,
}

/// Runs the command.
///
/// # Errors
/// When a run or the dataset cannot be read, or a gate asks for what is not there.
pub fn run(args: &Args, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let outputs = args.outputs.iter().map(|path| Ok((path.clone(), format_of(path)?))).collect::<Result<Vec<_>, Failure>>()?;
    let workspace = Workspace::discover(Path::new(".")).map_err(Failure::invalid)?;
    some_gate(&workspace)?;
    let store = Store::open(&workspace.root);
    let candidates = match &args.run {
        Some(name) => vec![candidate(&store.find(name).map_err(Failure::invalid)?)?],
        None => latest_of_each(&workspace, &store)?,
    };
    if args.baseline.is_some() && candidates.len() > 1 {
        return Err(Failure::usage(anyhow!("--baseline is for one run, and gates are about {}; name the run", candidates.len())));
    }
    let rescoring = Rescoring::new(&workspace)?;
    let judged = verdicts(&workspace, &rescoring, &candidates, &against(args.baseline.as_deref()))?.checked()?;
    judged.left_out.iter().try_for_each(|note| writeln!(terminal.err, "{note}"))?;
    if let Some(document) = judged.documents.first() {
        write_reports(document, &outputs, terminal)?;
    }
    if args.json {
        terminal.json(&judged.gates)?;
    } else {
        write!(terminal.out, "{}", gates_screen(&judged.gates))?;
    }
    tell_github(&judged, args.no_github || args.json, terminal)?;
    Ok(judged.exit)
}

/// Whether there is anything to judge.
///
/// # Errors
/// When assay.toml has no gate: exit 4.
pub(super) fn some_gate(workspace: &Workspace) -> Result<(), Failure> {
    if workspace.config.gates.is_empty() {
        let error = anyhow!("assay.toml has no gate; write one, such as\n[[gate]]\nmetric = \"criteria.iou50.f1\"\nmin = 0.60");
        return Err(Failure { exit: Exit::NothingEvaluated, error });
    }
    Ok(())
}

/// Tells the runner of GitHub Actions, where there is one, of the main run with all gates. Commands to it stand on the standard output, so that JSON there
/// keeps them away.
///
/// # Errors
/// When a file that the runner names cannot be written.
pub(super) fn tell_github(judged: &Verdicts, quiet: bool, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    if quiet { Ok(()) } else { judged.documents.first().map_or(Ok(()), |document| publish(document, terminal)) }
}

/// The latest run of each extractor that a gate is about; `*` means those of assay.toml that have a run.
fn latest_of_each(workspace: &Workspace, store: &Store) -> Result<Vec<Candidate>, Failure> {
    let main = main_extractor(workspace)?;
    let wanted: BTreeSet<&str> = workspace.config.gates.iter().map(|gate: &Gate| gate.extractor.as_deref().unwrap_or(main)).collect();
    let is_known = |name: &str| workspace.config.extractors.iter().any(|extractor| extractor.id == name);
    let is_wanted = |head: &RunHead| {
        let name = head.headline.extractor.name.as_str();
        wanted.contains(name) || (wanted.contains("*") && is_known(name))
    };
    // The newest come last, and take the place of older ones. A run that cannot be read may be the newest.
    let mut latest: BTreeMap<String, RunHead> = BTreeMap::new();
    for entry in store.entries().map_err(Failure::invalid)? {
        let head = entry.head.map_err(Failure::invalid)?;
        if is_wanted(&head) {
            latest.insert(head.headline.extractor.name.clone(), head);
        }
    }
    let read = |head: &RunHead| candidate(&store.find(&head.id).map_err(Failure::invalid)?);
    let candidates = latest.values().map(read).collect::<Result<Vec<Candidate>, Failure>>()?;
    if candidates.is_empty() {
        return Err(Failure {
            exit: Exit::NothingEvaluated,
            error: anyhow!("no run is stored that a gate is about; `assay run` makes one"),
        });
    }
    Ok(candidates)
}
