//! The command line, a file a command: arguments, call, print. The only place that writes to a terminal.

use std::ffi::OsString;
use std::fmt;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::extract::ExtractError;
use crate::problem::Problems;
use crate::report::safe::shown;
use crate::workspace::WorkspaceError;

pub mod add;
mod age;
pub mod agree;
mod attempts;
pub mod baseline;
pub mod cache;
pub mod compare;
pub mod completions;
mod evaluation;
mod exit;
mod extractors;
pub mod gate;
pub mod github;
mod inert;
pub mod init;
mod intervals;
mod judging;
pub mod label;
pub mod lint;
pub mod metrics;
pub mod probe;
pub mod reanchor;
pub mod report;
mod rescoring;
pub mod review;
pub mod run;
pub mod runs;
pub mod schema;
pub mod score;
pub mod show;
mod signals;
pub mod stats;
mod style;
mod target;
mod terminal;
mod threads;

pub use exit::{Exit, Failure};
pub use inert::{CommandGuard, Inert};
pub use signals::{UntilHangup, Wishes};
pub use terminal::{Progress, Terminal};

/// Scores claim extractors: precision and recall of claims, fields and tracking against gold-labelled articles.
#[derive(Parser, Debug)]
#[command(name = "assay", version, after_help = AFTER_HELP, max_term_width = 80)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const AFTER_HELP: &str = "Exit codes: 0 done · 1 unexpected error · 2 usage · 3 workspace, config or data
invalid · 4 nothing was evaluated · 5 incomplete, can be resumed · 6 more
extractor failures than the budget · 7 baseline missing or not comparable ·
100 a gate failed · 130 interrupted";

/// The commands.
#[derive(Subcommand, Debug)]
#[expect(missing_docs, reason = "the text of a command stands at its arguments")]
pub enum Command {
    Init(init::Args),
    Run(run::Args),
    Score(score::Args),
    Add(Box<add::Args>),
    Lint(lint::Args),
    Label(label::Args),
    Show(show::Args),
    Review(review::Args),
    Reanchor(reanchor::Args),
    Compare(compare::Args),
    Baseline(baseline::Args),
    Gate(gate::Args),
    Report(report::Args),
    Runs(runs::Args),
    Probe(probe::Args),
    Cache(cache::Args),
    Agree(agree::Args),
    Stats(stats::Args),
    Metrics(metrics::Args),
    Schema(schema::Args),
    Completions(completions::Args),
}

/// Parses the arguments and runs the command; all that goes wrong is written to the error stream.
pub fn run(arguments: impl IntoIterator<Item = OsString>, terminal: &mut Terminal<'_>) -> Exit {
    let cli = match Cli::command().try_get_matches_from(arguments).and_then(|m| Cli::from_arg_matches(&m)) {
        Ok(cli) => cli,
        Err(error) => return usage(&error, terminal),
    };
    match dispatch(&cli.command, terminal) {
        Ok(exit) => exit,
        Err(failure) if is_broken_pipe(&failure.error) => Exit::Done,
        Err(failure) => {
            // Where even that cannot be written there is nobody to tell.
            let _ = writeln!(terminal.err, "{}", explained(&failure.error));
            failure.exit
        }
    }
}

fn dispatch(command: &Command, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    match command {
        Command::Init(args) => init::run(args, terminal),
        Command::Run(args) => run::run(args, terminal),
        Command::Score(args) => score::run(args, terminal),
        Command::Add(args) => add::run(args, terminal),
        Command::Lint(args) => lint::run(args, terminal),
        Command::Label(args) => label::run(args, terminal),
        Command::Review(args) => review::run(args, terminal),
        Command::Reanchor(args) => reanchor::run(args, terminal),
        Command::Show(args) => show::run(args, terminal),
        Command::Compare(args) => compare::run(args, terminal),
        Command::Baseline(args) => baseline::run(args, terminal),
        Command::Gate(args) => gate::run(args, terminal),
        Command::Report(args) => report::run(args, terminal),
        Command::Runs(args) => runs::run(args, terminal),
        Command::Probe(args) => probe::run(args, terminal),
        Command::Cache(args) => cache::run(args, terminal),
        Command::Agree(args) => agree::run(args, terminal),
        Command::Stats(args) => stats::run(args, terminal),
        Command::Metrics(args) => metrics::run(args, terminal),
        Command::Schema(args) => schema::run(args, terminal),
        Command::Completions(args) => completions::run(args, Cli::command(), terminal),
    }
}

/// `--help` and `--version` are results; everything else is a wrong command line.
fn usage(error: &clap::Error, terminal: &mut Terminal<'_>) -> Exit {
    let text = error.render();
    let (stream, exit): (&mut dyn std::io::Write, _) =
        if error.use_stderr() { (&mut *terminal.err, Exit::Usage) } else { (&mut *terminal.out, Exit::Done) };
    let _ = write!(stream, "{}", text.ansi());
    exit
}

/// The reader of the output has gone, as `| head` does: no error.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    use std::io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| {
        cause.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == BrokenPipe)
            || cause.downcast_ref::<serde_json::Error>().is_some_and(|e| e.io_error_kind() == Some(BrokenPipe))
    })
}

/// An error with its causes, each named once, and harmless: names of files and words of extractors stand in it. Findings begin
/// with their place, as those of `lint` do.
fn explained(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if text.is_empty() {
            text = cause;
        } else if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    let lines: Vec<_> = text.lines().map(shown).collect();
    let word = if has_findings(error) { "" } else { "error: " };
    format!("{word}{}", lines.join("\n"))
}

/// Errors that are told together, one below the other.
#[derive(Debug)]
struct Several(Vec<anyhow::Error>);

impl fmt::Display for Several {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all: Vec<String> = self.0.iter().map(explained).collect();
        f.write_str(&all.join("\n"))
    }
}

impl std::error::Error for Several {}

fn has_findings(error: &anyhow::Error) -> bool {
    let of_workspace = |cause: &WorkspaceError| matches!(cause, WorkspaceError::Invalid(_));
    let of_predictions = |cause: &ExtractError| matches!(cause, ExtractError::Predictions(_));
    error.is::<Several>()
        || error.is::<Problems>()
        || error.downcast_ref().is_some_and(of_workspace)
        || error.downcast_ref().is_some_and(of_predictions)
}
