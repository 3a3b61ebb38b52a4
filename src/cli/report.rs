//! `assay report RUN -o FILE`: a stored run as a page, a comment, a table or a file for CI.

use std::path::{Path, PathBuf};

use anyhow::anyhow;
use clap::Args as ClapArgs;

use super::exit::{Exit, Failure};
use super::rescoring::Rescoring;
use super::terminal::Terminal;
use crate::files;
use crate::report::Format;
use crate::report::document::{Document, RunHead};
use crate::runs::{Attempt, Rescored, Store, StoredRun, article_pages};
use crate::workspace::{Workspace, from_repository};

/// Write a report of a stored run; the extension of each file picks its format.
///
/// Markdown (.md) is a comment for a pull request, verdict first, cut to 65,000 characters. JUnit (.xml) has a test case a gate and an
/// article. CSV (.csv) has a row a claim, with nothing that a spreadsheet takes for a formula. Code quality (codequality.json, or a name that
/// ends in .codequality.json) is for GitLab. JSON (.json) has everything, unrounded. All print the same digits.
///
/// The answers of the run are scored on the gold as it is now. A run is named by its id, a prefix of it, `latest`, or its folder.
#[derive(ClapArgs, Debug, Default)]
pub struct Args {
    /// The run
    #[arg(value_name = "RUN", default_value = "latest")]
    pub run: String,
    /// File to write; may be repeated. report.html, .md, .xml (JUnit), .json, .csv, or codequality.json
    #[arg(short = 'o', long = "output", value_name = "FILE", required = true)]
    pub outputs: Vec<PathBuf>,
}

/// Runs the command.
///
/// # Errors
/// When there is no such run, it or the dataset cannot be read, or a file cannot be written.
pub fn run(args: &Args, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let formats = args.outputs.iter().map(|path| format_of(path)).collect::<Result<Vec<Format>, Failure>>()?;
    let workspace = Workspace::discover(Path::new(".")).map_err(Failure::invalid)?;
    let stored = Store::open(&workspace.root).find(&args.run).map_err(Failure::invalid)?;
    let attempt = Attempt::of_run(&stored).map_err(Failure::invalid)?;
    let rescoring = Rescoring::new(&workspace)?;
    let rescored = rescoring.of(&attempt);
    let document = document(&workspace, &stored, &rescored, &rescoring);
    for (path, format) in args.outputs.iter().zip(formats) {
        files::write_whole(path, &format.render(&document)?).map_err(|error| anyhow!("{}: {error}", files::shown_path(path)))?;
        writeln!(terminal.err, "wrote {}", files::shown_path(path))?;
    }
    Ok(Exit::Done)
}

fn format_of(path: &Path) -> Result<Format, Failure> {
    Format::of_path(path)
        .ok_or_else(|| Failure::usage(anyhow!("{}: no format has this extension; write {}", files::shown_path(path), Format::EXTENSIONS)))
}

fn document(workspace: &Workspace, stored: &StoredRun, rescored: &Rescored<'_>, rescoring: &Rescoring) -> Document {
    let record = &stored.record;
    Document {
        format: 1,
        workspace: workspace.config.name.clone(),
        run: RunHead {
            id: stored.id.clone(),
            started: record.started.clone(),
            finished: record.finished.clone(),
            wall_time_s: record.wall_time_s,
            selection: record.selection.clone(),
            extractor: record.extractor.clone(),
            ..RunHead::default()
        },
        result: rescored.evaluation.result.clone(),
        gates: None,
        comparison: None,
        no_comparison: None,
        trend: Vec::new(),
        claims_file: from_repository(&workspace.root, &format!("{}/claims.csv", workspace.config.dataset.path)),
        articles: article_pages(&rescored.run_articles(), &rescored.evaluation, &rescored.settings, rescoring.dataset()),
    }
}
