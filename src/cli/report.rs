//! `assay report RUN -o FILE`: a stored run as a page, a comment, a table or a file for CI.

use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;

use super::exit::{Exit, Failure};
use super::judging::{Against, Candidate, format_of, verdicts, write_reports};
use super::rescoring::Rescoring;
use super::terminal::Terminal;
use crate::report::document::RunInfo;
use crate::runs::{Attempt, Store, StoredRun};
use crate::workspace::Workspace;

/// Write a report of a stored run; the extension of each file picks its format.
///
/// Markdown (.md) is a comment for a pull request, verdict first, cut to 65,000 characters. JUnit (.xml) has a test case a gate and an
/// article. CSV (.csv) has a row a claim, with nothing that a spreadsheet takes for a formula. Code quality (codequality.json, or a name that
/// ends in .codequality.json) is for GitLab. JSON (.json) has everything, unrounded. All print the same digits.
///
/// The answers of the run are scored on the gold as it is now, compared with the baseline of the extractor, and judged by the gates
/// of assay.toml. A run is named by its id, a prefix of it, `latest`, or its folder.
#[derive(ClapArgs, Debug, Default)]
pub struct Args {
    /// The run
    #[arg(value_name = "RUN", default_value = "latest")]
    pub run: String,
    /// Compare with this run, or with `none` [default: the baseline, where there is one]
    #[arg(long, value_name = "RUN")]
    pub against: Option<String>,
    /// File to write; may be repeated. The extension picks the format
    #[arg(short = 'o', long = "output", value_name = "FILE", required = true)]
    pub outputs: Vec<PathBuf>,
}

/// Runs the command. Gates are shown and do not decide how it ends.
///
/// # Errors
/// When there is no such run, it or the dataset cannot be read, or a file cannot be written.
pub fn run(args: &Args, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let outputs = args.outputs.iter().map(|path| Ok((path.clone(), format_of(path)?))).collect::<Result<Vec<_>, Failure>>()?;
    let workspace = Workspace::discover(Path::new(".")).map_err(Failure::invalid)?;
    let stored = Store::open(&workspace.root).find(&args.run).map_err(Failure::invalid)?;
    let rescoring = Rescoring::new(&workspace)?;
    let against = against(args.against.as_deref());
    let verdicts = verdicts(&workspace, &rescoring, &[candidate(&stored)?], &against)?;
    verdicts.warn_of_gates(terminal)?;
    verdicts.left_out.iter().try_for_each(|note| writeln!(terminal.err, "{note}"))?;
    for document in &verdicts.documents {
        write_reports(document, &outputs, terminal)?;
    }
    Ok(Exit::Done)
}

/// What `--against` or `--baseline` mean.
pub(super) fn against(name: Option<&str>) -> Against {
    match name {
        None => Against::Baseline,
        Some("none") => Against::Nothing,
        Some(name) => Against::Run(name.to_owned()),
    }
}

/// A stored run, to be shown.
///
/// # Errors
/// When its files cannot be read.
pub(super) fn candidate(stored: &StoredRun) -> Result<Candidate, Failure> {
    let record = &stored.record;
    let head = RunInfo {
        id: stored.id.clone(),
        started: record.started.clone(),
        finished: record.finished.clone(),
        wall_time_s: record.wall_time_s,
        selection: record.selection.clone(),
        extractor: record.extractor.clone(),
        spent: record.spent(),
        ..RunInfo::default()
    };
    Ok(Candidate { attempt: Attempt::of_run(stored).map_err(Failure::invalid)?, head })
}
