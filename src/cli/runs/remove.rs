//! `assay runs rm`.

use std::collections::BTreeSet;

use anyhow::anyhow;
use clap::Args as ClapArgs;
use serde_json::json;

use crate::report::safe::shown;
use crate::report::size::bytes;

use super::super::exit::{Exit, Failure};
use super::super::terminal::Terminal;
use super::{remove, stored};

/// Remove stored runs.
///
/// Nothing is removed unless each of the names is that of one run. `assay runs gc` removes old ones.
#[derive(ClapArgs, Debug)]
pub(super) struct Args {
    /// Ids, beginnings that only one run has, latest, or folders
    #[arg(value_name = "RUN", required = true)]
    runs: Vec<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let (_, store) = stored()?;
    let mut ids = BTreeSet::new();
    let mut problems = Vec::new();
    for reference in &args.runs {
        match store.id_of(reference) {
            Ok(id) => _ = ids.insert(id),
            Err(error) => problems.push(error.to_string()),
        }
    }
    if !problems.is_empty() {
        let none = if args.runs.len() > 1 { "\nnothing was removed" } else { "" };
        return Err(Failure::invalid(anyhow!("{}{none}", problems.join("\n"))));
    }
    let (removed, done) = remove(&store, ids.into_iter().collect(), true);
    if args.json {
        terminal.json(&json!({ "removed": removed }))?;
    } else {
        for run in &removed {
            writeln!(terminal.out, "removed {} ({})", shown(&run.id), bytes(run.bytes))?;
        }
    }
    done.map(|()| Exit::Done)
}
