//! `assay baseline set|list|show|rm`: blessed runs, one committed file an extractor.

use std::path::Path;

use anyhow::anyhow;
use clap::{Args as ClapArgs, Subcommand};
use serde_json::json;

use super::Several;
use super::attempts::{attempt, baseline, baseline_path, main_extractor};
use super::exit::{Exit, Failure};
use super::rescoring::{Rescoring, left_out};
use super::run::answered_of;
use super::terminal::Terminal;
use crate::files;
use crate::report::safe::shown;
use crate::report::terminal::{beside, count, cut, pad_to, three};
use crate::runs::{BaselineHead, baseline_text};
use crate::workspace::Workspace;

/// Bless runs: what later runs are compared with, as a file that is committed.
#[derive(ClapArgs, Debug)]
pub struct Args {
    /// What to do
    #[command(subcommand)]
    pub action: Action,
}

/// What to do with baselines.
#[derive(Subcommand, Debug)]
pub enum Action {
    /// Make a run the baseline of its extractor
    Set {
        /// The run
        #[arg(value_name = "RUN", default_value = "latest")]
        run: String,
        /// Also where the run did not answer all of its articles
        #[arg(long)]
        incomplete: bool,
    },
    /// The baselines of the workspace
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// The numbers of a baseline, then and on the gold of today
    Show {
        /// Id of the extractor [default: the main one]
        extractor: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Remove a baseline
    Rm {
        /// Id of the extractor
        extractor: String,
    },
}

/// Runs the command.
///
/// # Errors
/// When a run, a baseline or the dataset cannot be read, or the file cannot be written.
pub fn run(args: &Args, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let workspace = Workspace::discover(Path::new(".")).map_err(Failure::invalid)?;
    match &args.action {
        Action::Set { run, incomplete } => set(&workspace, run, *incomplete, terminal),
        Action::List { json } => list(&workspace, *json, terminal),
        Action::Show { extractor, json } => show(&workspace, extractor.as_deref(), *json, terminal),
        Action::Rm { extractor } => rm(&workspace, extractor, terminal),
    }
}

fn set(workspace: &Workspace, name: &str, incomplete: bool, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let attempt = attempt(workspace, name)?;
    if let Some((answered, of)) = answered_of(&attempt.selection).filter(|_| !incomplete) {
        let error = anyhow!("{} answered {answered} of {of} articles only; run it whole, or say --incomplete", shown(&attempt.name));
        return Err(Failure { exit: Exit::Incomplete, error });
    }
    let rescoring = Rescoring::new(workspace)?;
    let rescored = rescoring.of(&attempt);
    if rescored.inputs.is_empty() {
        left_out(&rescored).iter().try_for_each(|note| writeln!(terminal.err, "{note}"))?;
        let error = anyhow!("{} has no article of the dataset with its text of today", shown(&attempt.name));
        return Err(Failure { exit: Exit::NothingEvaluated, error });
    }
    let path = baseline_path(workspace, &attempt.extractor.name)?;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| anyhow!("{}: {error}", files::shown_path(folder)))?;
    }
    let text = baseline_text(&rescored)?;
    files::write_whole(&path, text.as_bytes()).map_err(|error| anyhow!("{}: {error}", files::shown_path(&path)))?;
    left_out(&rescored).iter().try_for_each(|note| writeln!(terminal.err, "{note}"))?;
    if attempt.selection != "all" {
        writeln!(terminal.err, "note: the run is over {}; other articles will be new to this baseline", shown(&attempt.selection))?;
    }
    let result = &rescored.evaluation.result;
    let f1 = result.criteria.get(&result.primary).and_then(|score| score.all.f1);
    let parts = [
        format!("{} is the baseline of {}", shown(&attempt.name), shown(&attempt.extractor.name)),
        format!("{} F1 {}", result.primary, three(f1)),
        format!("commit {}", files::shown_path(path.strip_prefix(&workspace.root).unwrap_or(&path))),
    ];
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    writeln!(terminal.out, "{}", beside(&parts, " · "))?;
    Ok(Exit::Done)
}

fn list(workspace: &Workspace, as_json: bool, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let mut heads: Vec<(&str, BaselineHead, usize)> = Vec::new();
    // One that cannot be read must not hide the others.
    let mut broken = Vec::new();
    for extractor in workspace.config.extractors.iter().map(|extractor| extractor.id.as_str()) {
        match baseline(workspace, extractor) {
            Ok(baseline) => {
                let articles = baseline.len();
                heads.push((extractor, baseline.head, articles));
            }
            Err(failure) if failure.exit == Exit::BaselineMissing => {}
            Err(failure) => broken.push(failure.error),
        }
    }
    if as_json {
        let all: Vec<_> =
            heads.iter().map(|(id, head, articles)| json!({ "extractor": id, "baseline": head, "articles": articles })).collect();
        terminal.json(&json!({ "baselines": all }))?;
        return told(broken);
    }
    if heads.is_empty() && broken.is_empty() {
        writeln!(terminal.out, "no baseline yet; `assay baseline set` makes the latest run one")?;
    }
    for (id, head, articles) in &heads {
        let label = format!("{} {}", id, head.extractor.version);
        writeln!(
            terminal.out,
            "{}{} P {}  R {}  F1 {}   {}",
            pad_to(&cut(&shown(&label), 28), 30),
            head.primary,
            three(head.precision),
            three(head.recall),
            three(head.f1),
            count(*articles as u64, "article")
        )?;
    }
    terminal.out.flush()?;
    told(broken)
}

/// All that could not be read.
fn told(broken: Vec<anyhow::Error>) -> Result<Exit, Failure> {
    if broken.is_empty() { Ok(Exit::Done) } else { Err(Failure::invalid(Several(broken))) }
}

fn show(workspace: &Workspace, extractor: Option<&str>, as_json: bool, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let extractor = match extractor {
        Some(id) => id,
        None => main_extractor(workspace)?,
    };
    let head = baseline(workspace, extractor)?.head;
    let rescoring = Rescoring::new(workspace)?;
    let attempt = super::attempts::baseline_attempt(workspace, extractor)?;
    let rescored = rescoring.of(&attempt);
    let result = &rescored.evaluation.result;
    if as_json {
        terminal.json(&json!({ "baseline": head, "today": result, "changed": rescored.changed, "gone": rescored.gone }))?;
        return Ok(Exit::Done);
    }
    writeln!(terminal.out, "then   {} P {}  R {}  F1 {}", head.primary, three(head.precision), three(head.recall), three(head.f1))?;
    let same = if rescored.is_another() { "scored again on the gold of today" } else { "the gold is the same" };
    writeln!(terminal.out, "today  {same}\n")?;
    write!(terminal.out, "{}", crate::report::terminal::run_screen(result, None))?;
    Ok(Exit::Done)
}

fn rm(workspace: &Workspace, extractor: &str, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let path = baseline_path(workspace, extractor)?;
    match std::fs::remove_file(&path) {
        Ok(()) => writeln!(terminal.out, "removed {}", files::shown_path(path.strip_prefix(&workspace.root).unwrap_or(&path)))?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(Failure {
                exit: Exit::BaselineMissing,
                error: anyhow!("no baseline of {extractor}: {} does not exist", files::shown_path(&path)),
            });
        }
        Err(error) => return Err(anyhow!("{}: {error}", files::shown_path(&path)).into()),
    }
    Ok(Exit::Done)
}
