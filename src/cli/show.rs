//! `assay show RUN|ARTICLE|CLAIM`: a stored run, one of its articles, or one of its claims.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use anyhow::anyhow;
use clap::Args as ClapArgs;
use polars::prelude::{BooleanChunked, NewChunkedArray};
use serde::Serialize;

mod claim;
mod lists;
mod target;
mod texts;

use crate::report::claims;
use crate::report::safe::{quoted, shown};
use crate::report::terminal::{beside, count, cut, dataset_line, run_screen, slice_row, slices_with_intervals};
use crate::runs::{Condition, Item, OutcomeRow, SliceTable, Store, StoredRun, from_frame, items, slices_by};
use crate::score::RunResult;
use crate::score::result::SlicePrf;
use crate::workspace::{Workspace, WorkspaceError};

use super::exit::{Exit, Failure};
use super::run::answered_of;
use super::terminal::Terminal;
use target::Target;
use texts::Texts;

/// Show a stored run, one of its articles with all claims marked, or one of its claims.
///
/// A run is named by its id, a prefix of it, `latest`, or its folder; a claim by its id, or ARTICLE#N for the N-th answer of
/// an article.
#[derive(ClapArgs, Debug, Default)]
pub struct Args {
    /// A run, an article or a claim
    #[arg(value_name = "RUN|ARTICLE|CLAIM", default_value = "latest")]
    pub what: String,
    /// The run that an article or claim is shown of [default: latest]
    #[arg(long, value_name = "RUN")]
    pub run: Option<String>,
    /// List gold claims that were not found
    #[arg(long)]
    pub missed: bool,
    /// List predicted claims that match no gold claim
    #[arg(long)]
    pub spurious: bool,
    /// List pairs with a wrong kind, place or field
    #[arg(long)]
    pub wrong: bool,
    /// Claims of each list; 0 for all
    #[arg(long, short = 'n', value_name = "N", default_value_t = 20)]
    pub limit: usize,
    /// Only claims with that value of a column of the articles, kind, class or tags; repeat for more
    #[arg(long = "where", value_name = "COLUMN=VALUE")]
    pub conditions: Vec<Condition>,
    /// Cut precision and recall by columns
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    pub by: Vec<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

impl Args {
    fn is_list(&self) -> bool {
        self.missed || self.spurious || self.wrong
    }
}

/// Runs the command.
///
/// # Errors
/// When there is no workspace, run, article or claim of that name, or a stored file cannot be read.
pub fn run(args: &Args, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let workspace = match Workspace::discover(Path::new(".")) {
        Ok(workspace) => Some(workspace),
        // A run that is named by its folder needs no workspace.
        Err(WorkspaceError::NotFound(_)) if [Some(&args.what), args.run.as_ref()].iter().flatten().any(|run| Path::new(run).exists()) => {
            None
        }
        Err(error) => return Err(Failure::invalid(error)),
    };
    let store = Store::open(workspace.as_ref().map_or(Path::new("."), |w| &w.root));
    let target = target::find(&store, args)?;
    let texts = Texts::load(workspace.as_ref(), terminal, args)?;
    match target {
        Target::Run(run) => show_run(args, &run, &texts, terminal),
        Target::Article(run, id) => show_article(args, &run, &id, &texts, terminal),
        Target::Claim(run, claim) => {
            refuse_run_options(args, &format!("{} is a claim", quoted(&args.what, 60)))?;
            claim::run(args, &store, &run, &claim, &texts, terminal)
        }
    }
}

fn show_run(args: &Args, run: &StoredRun, texts: &Texts, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let result = run.record.result().map_err(Failure::invalid)?;
    if !args.by.is_empty() {
        if args.is_list() {
            return Err(Failure::usage(anyhow!("--by cuts numbers and cannot be combined with --missed, --spurious and --wrong")));
        }
        return show_slices(args, run, &result, terminal);
    }
    if args.is_list() {
        return lists::run(args, run, &result, texts, terminal);
    }
    if !args.conditions.is_empty() {
        return Err(Failure::usage(anyhow!("--where chooses claims: add --missed, --spurious, --wrong, or --by COLUMN")));
    }
    if args.json {
        terminal.json(&run.record)?;
        return Ok(Exit::Done);
    }
    let languages: BTreeSet<&str> = run.record.articles.values().map(|article| article.lang.as_str()).collect();
    let d = &result.dataset;
    write!(terminal.out, "{}", dataset_line(&d.name, &d.version, d.articles, languages.len(), d.gold_claims))?;
    let spent = run.record.spent();
    let took = Duration::try_from_secs_f64(run.record.wall_time_s).ok().map(|took| (took, &spent));
    write!(terminal.out, "\n{}{}", run_screen(&result, took), slices_with_intervals(&result))?;
    // Fractions of seconds are for programs.
    let started = run.record.started.split('.').next().unwrap_or_default().trim_end_matches('Z').replace('T', " ");
    let (name, time) = (format!("run {}", shown(&run.id)), format!("{} UTC", shown(&started)));
    let articles = format!("articles: {}", shown(&run.record.selection));
    writeln!(terminal.out, "\n{}", beside(&[&name, &time, &articles], " · "))?;
    if let Some((answered, of)) = answered_of(&run.record.selection) {
        writeln!(terminal.out, "incomplete: {answered} of {} were answered; the numbers are of these only", count(of, "article"))?;
    }
    Ok(Exit::Done)
}

fn show_slices(args: &Args, run: &StoredRun, result: &RunResult, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let mut outcomes = run.outcomes().map_err(Failure::invalid)?;
    if !args.conditions.is_empty() {
        let rows = from_frame(&outcomes).map_err(|error| Failure::invalid(anyhow!("the outcome table of {}: {error}", run.id)))?;
        check(&rows, &args.conditions)?;
        let kept = rows.iter().map(|row| args.conditions.iter().all(|c| c.holds(row)));
        let mask = BooleanChunked::from_iter_values("kept".into(), kept);
        outcomes = outcomes.filter(&mask)?;
    }
    let columns: Vec<&str> = args.by.iter().map(String::as_str).collect();
    let table = slices_by(&outcomes, &result.primary, &columns).map_err(Failure::usage)?;
    if args.json {
        terminal.json(&table)?;
    } else {
        write!(terminal.out, "{}", slice_text(&table))?;
    }
    Ok(Exit::Done)
}

/// Checks that each condition can hold.
fn check(rows: &[OutcomeRow], conditions: &[Condition]) -> Result<(), Failure> {
    conditions.iter().try_for_each(|c| c.check(rows)).map_err(Failure::usage)
}

fn slice_text(table: &SliceTable) -> String {
    let (bold, dim) = (anstyle::Style::new().bold(), anstyle::Style::new().dimmed());
    let columns = shown(&table.columns.join(" · ")).into_owned();
    let mut out = format!("{bold}{}{bold:#} {dim}under {}{dim:#}\n", cut(&columns, 60), table.criterion);
    out.push_str(&format!("{dim}{:32}{:>6}  {:>6}  {:>6}    {:>5}  {:>5}  {:>5}{dim:#}\n", "", "gold", "pred", "TP", "P", "R", "F1"));
    for row in &table.rows {
        let label: Vec<&str> = row.values.iter().map(|v| v.as_deref().unwrap_or("–")).collect();
        let score = SlicePrf { tp: row.tp, fp: row.fp, fn_: row.fn_, precision: row.precision, recall: row.recall, f1: row.f1 };
        out.push_str(&slice_row(&label.join(" · "), row.gold, row.predicted, &score));
        out.push('\n');
    }
    if table.rows.is_empty() {
        out.push_str("  no claims\n");
    }
    out
}

fn refuse_run_options(args: &Args, what: &str) -> Result<(), Failure> {
    if args.is_list() || !args.by.is_empty() || !args.conditions.is_empty() {
        return Err(Failure::usage(anyhow!("--missed, --spurious, --wrong, --where and --by are about a run, and {what}")));
    }
    Ok(())
}

/// An article as JSON.
#[derive(Serialize)]
struct ArticleJson<'a> {
    run: &'a str,
    article_id: &'a str,
    article: &'a crate::runs::StoredArticle,
    primary: &'a str,
    claims: Vec<Item<'a>>,
}

fn show_article(args: &Args, run: &StoredRun, id: &str, texts: &Texts, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    refuse_run_options(args, &format!("{} is an article", quoted(id, 60)))?;
    let result = run.record.result().map_err(Failure::invalid)?;
    let rows = run.rows_where("article_id", id).map_err(Failure::invalid)?;
    let items = items(&rows, &result.primary);
    let Some(article) = run.record.articles.get(id) else { return Err(anyhow!("run {} has no article {id:?}", run.id).into()) };
    if args.json {
        terminal.json(&ArticleJson { run: &run.id, article_id: id, article, primary: &result.primary, claims: items })?;
        return Ok(Exit::Done);
    }
    let text = texts.unchanged(id, &items, terminal)?;
    let outcome =
        if article.standing == article.outcome { article.outcome.clone() } else { format!("{}, {}", article.standing, article.outcome) };
    let heading = format!("{id} · {outcome} · {}", run.id);
    write!(terminal.out, "{}", claims::article(&heading, text, &items, terminal.colour))?;
    if let Some(message) = &article.message {
        writeln!(terminal.out, "\n{}", shown(message))?;
    }
    Ok(Exit::Done)
}
