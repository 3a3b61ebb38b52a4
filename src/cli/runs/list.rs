//! `assay runs list`.

use std::path::Path;

use clap::Args as ClapArgs;
use serde::Serialize;

use crate::report::run_list::{Listed, remark, run_list};
use crate::runs::{Entry, Repeat};
use crate::score::result::{ArticleAccount, DatasetInfo, ExtractorInfo};
use crate::workspace::Workspace;

use super::super::exit::{Exit, Failure};
use super::super::terminal::Terminal;
use super::{check_extractor, nothing_stored, stored};

/// List stored runs, newest first.
#[derive(ClapArgs, Debug, Default)]
// `assay runs` has these arguments beside its own, and the names of the groups must differ.
#[group(id = "list")]
pub(super) struct Args {
    /// Only runs of these extractors
    #[arg(value_name = "EXTRACTOR")]
    extractors: Vec<String>,
    /// The newest N; 0 for all
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Largest tables of a dataset, in bytes, that are read only to say which runs are over them: a second of work is too much for a list.
const CHEAP: u64 = 4 << 20;

/// The list as JSON.
#[derive(Serialize)]
struct ListJson<'a> {
    /// Hash of the dataset as it is now, where it was read.
    dataset_now: Option<&'a str>,
    runs: Vec<RunJson<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum RunJson<'a> {
    Run {
        id: &'a str,
        started: String,
        finished: String,
        wall_time_s: f64,
        extractor: &'a ExtractorInfo,
        dataset: &'a DatasetInfo,
        /// Whether the dataset is the one of now; `null` where that is not known.
        is_dataset_now: Option<bool>,
        selection: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        repeat: Option<&'a Repeat>,
        signature: &'a str,
        articles: &'a ArticleAccount,
        primary: &'a str,
        precision: Option<f64>,
        recall: Option<f64>,
        f1: Option<f64>,
    },
    Unreadable {
        id: &'a str,
        problem: String,
    },
}

pub(super) fn run(args: &Args, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let (workspace, store) = stored()?;
    let mut entries = store.entries().map_err(Failure::invalid)?;
    for name in &args.extractors {
        check_extractor(name, &entries, &workspace)?;
    }
    if !args.extractors.is_empty() {
        entries.retain(|entry| args.extractors.iter().any(|name| entry.may_be_of(name)));
    }
    entries.reverse();
    let most = if args.limit == 0 { entries.len() } else { args.limit };
    let hidden = entries.len().saturating_sub(most);
    entries.truncate(most);
    let now = if entries.is_empty() { None } else { dataset_hash(&workspace) };
    if args.json {
        let runs = entries.iter().map(|entry| json(entry, now.as_deref())).collect();
        terminal.json(&ListJson { dataset_now: now.as_deref(), runs })?;
        return Ok(Exit::Done);
    }
    if entries.is_empty() {
        let names = args.extractors.join(", ");
        let none = if names.is_empty() {
            nothing_stored(&store)
        } else {
            format!("no run of {names} is stored; `assay run {}` makes one", args.extractors.join(" "))
        };
        writeln!(terminal.out, "{none}")?;
        return Ok(Exit::Done);
    }
    let newest = entries.iter().find_map(|entry| hash(entry)).map(str::to_owned);
    let data = now.as_deref().or(newest.as_deref());
    let same = |entry: &Entry| data.zip(hash(entry)).map(|(a, b)| a == b);
    let listed: Vec<Listed<'_>> = entries.iter().map(|entry| Listed { entry, same_data: same(entry) }).collect();
    write!(terminal.out, "{}", run_list(&listed))?;
    if hidden > 0 {
        write!(terminal.out, "{}", remark(&[&format!("… and {hidden} more; -n 0 lists all")]))?;
    }
    if listed.iter().any(|run| run.same_data == Some(false)) {
        let than = if now.is_some() { "the dataset as it is now" } else { "the dataset of the newest run here" };
        write!(terminal.out, "{}", remark(&[&format!("other data: not {than}; numbers are not comparable")]))?;
    }
    Ok(Exit::Done)
}

fn hash(entry: &Entry) -> Option<&str> {
    entry.head.as_ref().ok().map(|head| head.headline.dataset.hash.as_str())
}

/// The hash of the dataset as it is now, where it is valid and small.
fn dataset_hash(workspace: &Workspace) -> Option<String> {
    let tables = |folder: &Path| -> std::io::Result<u64> {
        std::fs::read_dir(folder)?
            .map(|entry| entry?.metadata())
            .filter_map(|meta| meta.map(|m| m.is_file().then_some(m.len())).transpose())
            .sum()
    };
    let is_cheap = tables(&workspace.dataset_dir()).is_ok_and(|bytes| bytes <= CHEAP);
    if is_cheap { workspace.dataset().ok().map(|dataset| dataset.hash()) } else { None }
}

fn json<'a>(entry: &'a Entry, now: Option<&str>) -> RunJson<'a> {
    match &entry.head {
        Ok(head) => {
            let headline = &head.headline;
            let score = headline.score();
            RunJson::Run {
                id: &head.id,
                started: head.started.to_string(),
                finished: head.finished.to_string(),
                wall_time_s: head.wall_time_s,
                extractor: &headline.extractor,
                dataset: &headline.dataset,
                is_dataset_now: now.map(|now| now == headline.dataset.hash),
                selection: &head.selection,
                repeat: head.repeat.as_ref(),
                signature: &headline.signature,
                articles: &headline.articles,
                primary: &headline.primary,
                precision: score.precision,
                recall: score.recall,
                f1: score.f1,
            }
        }
        Err(error) => RunJson::Unreadable { id: &entry.id, problem: error.to_string() },
    }
}
