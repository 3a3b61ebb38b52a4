//! `assay runs`: the stored runs of the workspace.

mod gc;
mod list;
mod remove;
mod show;
mod trend;

use std::path::Path;

use anyhow::anyhow;
use clap::{Args as ClapArgs, Subcommand};
use serde::Serialize;

use crate::claim::nearest;
use crate::report::safe::quoted;
use crate::report::size::bytes;
use crate::runs::{Entry, Store};
use crate::workspace::Workspace;

use super::exit::{Exit, Failure};
use super::terminal::Terminal;

/// List, inspect and remove stored runs, or show how a number went over them.
///
/// Without a subcommand the runs are listed.
#[derive(ClapArgs, Debug, Default)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    /// What to do with them.
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    list: list::Args,
}

#[derive(Subcommand, Debug)]
enum Command {
    List(list::Args),
    Show(show::Args),
    Trend(trend::Args),
    Rm(remove::Args),
    Gc(gc::Args),
}

/// Runs the command.
///
/// # Errors
/// When there is no workspace, no run of that name, or the runs cannot be read or removed.
pub fn run(args: &Args, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    match &args.command {
        None => list::run(&args.list, terminal),
        Some(Command::List(args)) => list::run(args, terminal),
        Some(Command::Show(args)) => show::run(args, terminal),
        Some(Command::Trend(args)) => trend::run(args, terminal),
        Some(Command::Rm(args)) => remove::run(args, terminal),
        Some(Command::Gc(args)) => gc::run(args, terminal),
    }
}

/// The workspace around the current folder, and its runs.
fn stored() -> Result<(Workspace, Store), Failure> {
    let workspace = Workspace::discover(Path::new(".")).map_err(Failure::invalid)?;
    let store = Store::open(&workspace.root);
    Ok((workspace, store))
}

/// Checks that an extractor has runs, or is one of assay.toml.
fn check_extractor(name: &str, entries: &[Entry], workspace: &Workspace) -> Result<(), Failure> {
    let stored = entries.iter().filter_map(|e| e.head.as_ref().ok()).map(|head| head.headline.extractor.name.as_str());
    let known: Vec<&str> = stored.chain(workspace.config.extractors.iter().map(|e| e.id.as_str())).collect();
    if known.contains(&name) {
        return Ok(());
    }
    // What stands here may be a subcommand with a slip in it.
    let near = nearest(name, known.into_iter().chain(["list", "show", "trend", "rm", "gc"]));
    let near = near.map(|n| format!("; did you mean {n}?")).unwrap_or_default();
    Err(Failure::invalid(anyhow!("no run of an extractor {} is stored, and assay.toml has none of that name{near}", quoted(name, 60))))
}

/// What is told where nothing is stored.
fn nothing_stored(store: &Store) -> String {
    format!("no run is stored in {}; `assay run` makes one", crate::files::shown_path(store.dir()))
}

/// A folder that was removed, or would be.
#[derive(Debug, Serialize)]
struct Removed {
    id: String,
    bytes: u64,
}

/// Removes folders of the store. What was removed before one cannot be is told with the error.
fn remove(store: &Store, names: Vec<String>, really: bool) -> (Vec<Removed>, Result<(), Failure>) {
    let mut removed = Vec::new();
    for id in names {
        let bytes = store.bytes_of(&id);
        if let Err(error) = if really { store.remove(&id) } else { Ok(()) } {
            let folder = crate::files::shown_path(&store.dir().join(&id));
            return (removed, Err(anyhow!("cannot remove {folder}: {error}").into()));
        }
        removed.push(Removed { id, bytes });
    }
    (removed, Ok(()))
}

/// What all of them held.
fn total(removed: &[Removed]) -> String {
    bytes(removed.iter().map(|r| r.bytes).sum())
}
