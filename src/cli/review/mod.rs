//! `assay review [RUN]`: deciding about what a run and the gold do not agree on.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::anyhow;
use clap::{Args as ClapArgs, ValueEnum};

mod act;
mod keys;
mod line;
mod list;
mod walk;

use crate::label::order::{Disagreement, Group, Order, disagreements, sorted, voters};
use crate::label::review::{Content, Memory, Session};
use crate::report::safe::shown;
use crate::runs::{ClaimOutcome, Condition, Item, OutcomeRow, Rescored, Store, items, outcome_rows, rescore};
use crate::score::Settings;
use crate::workspace::Workspace;

use super::attempts::attempt;
use super::exit::{Exit, Failure};
use super::rescoring::{left_out, settings};
use super::terminal::Terminal;

/// Go through what a run and the gold do not agree on: accept a prediction as gold, reject it, correct the gold, one key each.
///
/// On a terminal one claim is shown after the other, the most useful first. Every decision is written at once and `u` takes it
/// back; what was rejected, and gold that was found right, does not come back. Ends with 0 when all is decided, and with 5 when
/// claims are left. Without a terminal: --list, and --accept, --reject, --optional, --take or --edit with the ids that it lists.
#[derive(ClapArgs, Debug, Default)]
pub struct Args {
    /// The run: an id, a prefix of it, `latest`, or `@baseline`
    #[arg(value_name = "RUN", default_value = "latest")]
    pub run: String,
    /// List what there is to decide, and why; asks nothing
    #[arg(long, conflicts_with_all = ["accept", "reject", "optional", "take", "edit"])]
    pub list: bool,
    /// Predictions that become gold; gold claims that are right
    #[arg(long, value_name = "ID", num_args = 1..)]
    pub accept: Vec<String>,
    /// Predictions that are no claims; gold claims that are deleted
    #[arg(long, value_name = "ID", num_args = 1..)]
    pub reject: Vec<String>,
    /// Gold claims that need not be found
    #[arg(long, value_name = "ID", num_args = 1..)]
    pub optional: Vec<String>,
    /// Gold claims that get what several extractors say instead
    #[arg(long, value_name = "ID", num_args = 1..)]
    pub take: Vec<String>,
    /// A claim with changes, which then is gold: fields, kind, quote=TEXT or place=START-END; `field=` is not annotated, `field=none` is
    /// not in the text
    #[arg(long, value_names = ["ID", "FIELD=VALUE"], num_args = 2..)]
    pub edit: Vec<String>,
    /// Only one kind of disagreement: probably-missing, probably-wrong, spurious, missed-by-all, missed, wrong, unjudged; repeat for more
    #[arg(long, value_name = "KIND")]
    pub kind: Vec<Group>,
    /// Only claims with that value of a column of the articles, kind, class or tags; repeat for more
    #[arg(long = "where", value_name = "COLUMN=VALUE")]
    pub conditions: Vec<Condition>,
    /// At most so many; 0 for all [default: 20 for a list, else all]
    #[arg(long, short = 'n', value_name = "N")]
    pub limit: Option<usize>,
    /// In which order
    #[arg(long, value_name = "ORDER", value_enum, default_value_t)]
    pub order: OrderArg,
    /// Show what was decided before as well
    #[arg(long)]
    pub again: bool,
    /// Print JSON; with --list or decisions
    #[arg(long)]
    pub json: bool,
}

/// The orders by their names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum OrderArg {
    /// Most useful first
    #[default]
    Useful,
    /// As in the texts, by article
    Place,
    /// Drawn by the seed of [run]
    Random,
}

impl Args {
    fn decides(&self) -> bool {
        [&self.accept, &self.reject, &self.optional, &self.take, &self.edit].iter().any(|ids| !ids.is_empty())
    }
}

/// What there is to decide.
struct Found<'a> {
    /// Name of the run.
    run: &'a str,
    primary: &'a str,
    /// All of it, in order.
    all: Vec<Disagreement<'a>>,
    /// What there is nothing to decide of, with why.
    settled: BTreeMap<String, String>,
}

/// Runs the command.
///
/// # Errors
/// When there is no workspace or run, a stored file cannot be read, an option names nothing, or there is no terminal to ask on.
pub fn run(args: &Args, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let asks = !args.list && !args.decides();
    if asks && args.json {
        return Err(Failure::usage(anyhow!("--json is for --list and for decisions by --accept, --reject, --optional, --take, --edit")));
    }
    if asks && !keys::is_terminal() {
        let instead = "list with --list, and decide with --accept ID, --reject ID, --optional ID, --take ID or --edit ID FIELD=VALUE";
        return Err(Failure::usage(anyhow!("there is no terminal to ask on; {instead}")));
    }
    let workspace = Workspace::discover(Path::new(".")).map_err(Failure::invalid)?;
    let attempt = attempt(&workspace, &args.run)?;
    let dataset = workspace.dataset().map_err(Failure::invalid)?;
    let of_workspace = settings(&workspace, &dataset)?;
    // Only places and classes are needed: no other criterion, and no interval.
    let settings = Settings { criteria: vec![of_workspace.primary], slices: Vec::new(), intervals: None, ..of_workspace };
    let columns: Vec<String> = dataset.slice_columns().into_iter().map(str::to_owned).collect();
    let rescored = rescore(&attempt, &dataset, "", &settings, &columns);
    for note in left_out(&rescored) {
        writeln!(terminal.err, "{note}")?;
    }
    if rescored.records.is_empty() {
        writeln!(terminal.err, "nothing to review: no article of {} has the text that was answered", shown(&attempt.name))?;
        return Ok(Exit::NothingEvaluated);
    }
    let rows = outcome_rows(&rescored.run_articles(), &rescored.evaluation, &rescored.settings);
    args.conditions.iter().try_for_each(|condition| condition.check(&rows)).map_err(Failure::usage)?;
    let (voters, notes) = voters(&Store::open(&workspace.root), &dataset, Some(&attempt)).map_err(Failure::invalid)?;
    for note in notes {
        writeln!(terminal.err, "note: {}", shown(&note))?;
    }
    let primary = rescored.evaluation.result.primary.clone();
    let all = items(&rows, &primary);
    let settled = all.iter().flat_map(settled).collect();
    let list = disagreements(all, &voters, &attempt.extractor.name, &dataset.schema);
    let order = match args.order {
        OrderArg::Useful => Order::Useful,
        OrderArg::Place => Order::Place,
        OrderArg::Random => Order::Random(workspace.config.run.seed),
    };
    let found = Found { run: &attempt.name, primary: &primary, all: sorted(list, order), settled };
    let mut memory = Memory::open(&workspace.root, &dataset.meta.name).map_err(Failure::invalid)?;
    let mut notes = Vec::new();
    memory.add_rejected_suggestions(&workspace.root, &dataset.meta.name, &mut notes);
    for note in notes {
        writeln!(terminal.err, "{}", shown(&note))?;
    }
    if args.list {
        return list::run(args, &found, &memory, terminal);
    }
    let mut session = open(&workspace, &rescored, memory)?;
    if args.decides() {
        return act::run(args, &found, &mut session, terminal);
    }
    let (shown, _) = wanted(args, &found.all, session.memory());
    walk::run(args, &shown, &mut session, terminal)
}

/// The ids of what agrees, as far as the run and the gold know: what was decided in this run or before is among it.
fn settled(item: &Item<'_>) -> Vec<(String, String)> {
    let words = |gold: &OutcomeRow| match item.outcome {
        ClaimOutcome::Optional => format!("decided already: the gold has it as {}, which is optional", gold.name()),
        _ => format!("decided already, or never in doubt: the gold has it as {}", gold.name()),
    };
    let of_gold = item.gold.map(|gold| (gold.claim_id.clone(), words(gold)));
    let of_prediction = item.predicted.map(|row| {
        let why = item.gold.map_or_else(|| "not to be decided: it is outside of what is judged".to_owned(), words);
        (format!("{}#{}", row.article_id, row.number), why)
    });
    of_gold.into_iter().chain(of_prediction).collect()
}

fn open(workspace: &Workspace, rescored: &Rescored<'_>, memory: Memory) -> Result<Session, Failure> {
    let reviewed = rescored.dataset.clone();
    Session::open(&workspace.root, &workspace.dataset_dir(), reviewed, rescored.attempt.numbers, memory).map_err(Failure::invalid)
}

/// What is asked for, and how many of it were decided before and are left out.
fn wanted<'f, 'a>(args: &Args, all: &'f [Disagreement<'a>], memory: &Memory) -> (Vec<&'f Disagreement<'a>>, usize) {
    let is_meant = |row: &OutcomeRow| args.conditions.iter().all(|condition| condition.holds(row));
    let is_wanted = |d: &&Disagreement<'_>| {
        let is_kind = args.kind.is_empty() || args.kind.iter().any(|kind| d.group.is_of(*kind, d.item.outcome));
        is_kind && [d.item.gold, d.item.predicted].into_iter().flatten().any(is_meant)
    };
    let asked: Vec<&Disagreement<'_>> = all.iter().filter(is_wanted).collect();
    let count = asked.len();
    let open: Vec<_> = asked.into_iter().filter(|d| args.again || !is_decided(d, memory)).collect();
    let decided = count - open.len();
    (open, decided)
}

/// Whether it was decided before.
fn is_decided(disagreement: &Disagreement<'_>, memory: &Memory) -> bool {
    disagreement.row().is_some_and(|row| memory.verdict(&Content::of_row(row)).is_some())
}
