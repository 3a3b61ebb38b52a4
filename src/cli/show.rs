//! `assay show RUN|ARTICLE|CLAIM`: a stored run, one of its articles, or one of its claims.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use anyhow::anyhow;
use clap::Args as ClapArgs;
use polars::prelude::{BooleanChunked, NewChunkedArray};
use serde::Serialize;

use crate::claim::nearest;
use crate::dataset::Dataset;
use crate::report::claims::{self, ClaimView};
use crate::report::safe::{quoted, shown};
use crate::report::terminal::{cut, dataset_line, run_screen, slice_row};
use crate::runs::{ClaimOutcome, Condition, FindError, Item, OutcomeRow, SideName, SliceTable, Store, StoredRun, items, slices_by};
use crate::score::RunResult;
use crate::score::result::SlicePrf;
use crate::workspace::{Workspace, WorkspaceError};

use super::exit::{Exit, Failure};
use super::terminal::Terminal;

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
        Err(WorkspaceError::NotFound(_)) => None,
        Err(error) => return Err(Failure::invalid(error)),
    };
    let store = Store::open(workspace.as_ref().map_or(Path::new("."), |w| &w.root));
    let target = find(&store, args)?;
    let texts = Texts::load(workspace.as_ref(), terminal, args)?;
    match target {
        Target::Run(run) => show_run(args, &run, &texts, terminal),
        Target::Article(run, id) => show_article(args, &run, &id, &texts, terminal),
        Target::Claim(run, claim) => show_claim(args, &store, &run, &claim, &texts, terminal),
    }
}

/// What is to be shown.
enum Target {
    Run(Box<StoredRun>),
    Article(Box<StoredRun>, String),
    Claim(Box<StoredRun>, ClaimName),
}

/// How a claim is named on the command line.
struct ClaimName {
    /// Where only one article is meant.
    article_id: Option<String>,
    name: String,
}

fn find(store: &Store, args: &Args) -> Result<Target, Failure> {
    let what = args.what.as_str();
    let found = if args.run.is_none() { Some(store.find(what)) } else { None };
    match found {
        Some(Ok(run)) if run.id == what || what == "latest" || !run.id.starts_with(what) => return Ok(Target::Run(Box::new(run))),
        Some(Err(error @ (FindError::Empty(_) | FindError::Read(_)))) => return Err(Failure::invalid(error)),
        _ => {}
    }
    // A prefix of a run is also tried as an article and a claim, whose names are never cut.
    let run = store.find(args.run.as_deref().unwrap_or("latest")).map_err(Failure::invalid)?;
    if run.record.articles.contains_key(what) {
        return Ok(Target::Article(Box::new(run), what.to_owned()));
    }
    let rows = run.rows().map_err(Failure::invalid)?;
    let (article_id, number) = match what.rsplit_once('#') {
        Some((article, number)) => (article, format!("#{number}")),
        None => ("", String::new()),
    };
    if rows.iter().any(|r| r.claim_id == what) {
        return Ok(Target::Claim(Box::new(run), ClaimName { article_id: None, name: what.to_owned() }));
    }
    if rows.iter().any(|r| r.article_id == article_id && r.name() == number) {
        return Ok(Target::Claim(Box::new(run), ClaimName { article_id: Some(article_id.to_owned()), name: number }));
    }
    match found {
        Some(Ok(run)) => return Ok(Target::Run(Box::new(run))),
        Some(Err(error @ FindError::Ambiguous { .. })) => return Err(Failure::invalid(error)),
        _ => {}
    }
    let names: BTreeSet<&str> = run.record.articles.keys().map(String::as_str).chain(rows.iter().map(|r| r.claim_id.as_str())).collect();
    let near = nearest(what, names.into_iter().filter(|n| !n.is_empty())).map(|n| format!("; did you mean {n}?")).unwrap_or_default();
    let kind = if args.run.is_some() { "article or claim" } else { "run, article or claim" };
    Err(Failure::invalid(anyhow!("no {kind} {} (articles and claims are those of run {}){near}", quoted(what, 60), run.id)))
}

/// The texts of the workspace's dataset, as far as they can be read.
struct Texts(Option<Dataset>);

impl Texts {
    /// Loads them where they are needed. Without them claims are shown by their quotes, and the user is told.
    fn load(workspace: Option<&Workspace>, terminal: &mut Terminal<'_>, args: &Args) -> Result<Texts, Failure> {
        if args.json || !args.by.is_empty() {
            return Ok(Texts(None));
        }
        let Some(workspace) = workspace else { return Ok(Texts(None)) };
        match workspace.dataset() {
            Ok(dataset) => Ok(Texts(Some(dataset))),
            Err(_) => {
                writeln!(terminal.err, "warning: the dataset cannot be read, so that texts are not shown; `assay lint` says why")?;
                Ok(Texts(None))
            }
        }
    }

    fn of(&self, article_id: &str) -> Option<&str> {
        self.0.as_ref()?.article(article_id).map(|record| &*record.article.text)
    }

    /// The text, unless gold claims of the run stand elsewhere in it: then it was changed since.
    fn unchanged<'a>(&'a self, article_id: &str, items: &[Item<'_>], terminal: &mut Terminal<'_>) -> Result<Option<&'a str>, Failure> {
        let Some(text) = self.of(article_id) else { return Ok(None) };
        let length = text.chars().count();
        let holds = |row: &OutcomeRow| match (row.start, row.end) {
            (Some(start), Some(end)) if row.side == SideName::Gold && row.fragments == format!("{start}-{end}") => {
                text.chars().skip(start as usize).take((end - start) as usize).eq(row.quote.chars())
            }
            (_, Some(end)) => end as usize <= length,
            _ => true,
        };
        if items.iter().flat_map(|i| [i.gold, i.predicted]).flatten().all(holds) {
            return Ok(Some(text));
        }
        writeln!(
            terminal.err,
            "warning: the text of {} was changed after the run; its claims are shown by their quotes",
            shown(article_id)
        )?;
        Ok(None)
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
        return show_lists(args, run, &result, texts, terminal);
    }
    if !args.conditions.is_empty() {
        return Err(Failure::usage(anyhow!("--where chooses claims: add --missed, --spurious, --wrong, or --by COLUMN")));
    }
    if args.json {
        terminal.json(&run.record)?;
        return Ok(Exit::Done);
    }
    let languages: BTreeSet<&str> = result.slices.iter().filter(|s| s.column == "lang").map(|s| s.value.as_str()).collect();
    let d = &result.dataset;
    write!(terminal.out, "{}", dataset_line(&d.name, &d.version, d.articles, languages.len(), d.gold_claims))?;
    let took = Duration::try_from_secs_f64(run.record.wall_time_s).ok();
    write!(terminal.out, "{}", run_screen(&result, took))?;
    writeln!(terminal.out, "\nrun {} · {} · articles: {}", shown(&run.id), shown(&run.record.started), shown(&run.record.selection))?;
    Ok(Exit::Done)
}

fn show_slices(args: &Args, run: &StoredRun, result: &RunResult, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let mut outcomes = run.outcomes().map_err(Failure::invalid)?;
    if !args.conditions.is_empty() {
        let rows = run.rows().map_err(Failure::invalid)?;
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

/// The lists of a run as JSON.
#[derive(Serialize)]
struct Lists<'a> {
    run: &'a str,
    primary: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    missed: Option<Vec<Item<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    spurious: Option<Vec<Item<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wrong: Option<Vec<Item<'a>>>,
}

fn show_lists(args: &Args, run: &StoredRun, result: &RunResult, texts: &Texts, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let rows = run.rows().map_err(Failure::invalid)?;
    check(&rows, &args.conditions)?;
    let all = items(&rows, &result.primary);
    // A pair is meant when one of its claims is.
    let is_meant = |row: &OutcomeRow| args.conditions.iter().all(|c| c.holds(row));
    let meant: Vec<Item<'_>> = all.into_iter().filter(|i| [i.gold, i.predicted].into_iter().flatten().any(is_meant)).collect();
    let list =
        |asked: bool, belongs: &dyn Fn(&Item<'_>) -> bool| asked.then(|| meant.iter().filter(|i| belongs(i)).cloned().collect::<Vec<_>>());
    let lists = Lists {
        run: &run.id,
        primary: &result.primary,
        missed: list(args.missed, &|i| i.outcome == ClaimOutcome::Missed),
        spurious: list(args.spurious, &|i| i.outcome == ClaimOutcome::Spurious),
        wrong: list(args.wrong, &|i| i.is_wrong()),
    };
    if args.json {
        terminal.json(&lists)?;
        return Ok(Exit::Done);
    }
    let mut first = true;
    for (name, list) in [("missed", &lists.missed), ("spurious", &lists.spurious), ("wrong", &lists.wrong)] {
        let Some(list) = list else { continue };
        if !std::mem::take(&mut first) {
            writeln!(terminal.out)?;
        }
        let (bold, dim) = (anstyle::Style::new().bold(), anstyle::Style::new().dimmed());
        writeln!(terminal.out, "{bold}{} {name}{bold:#} {dim}under {} in {}{dim:#}", list.len(), result.primary, shown(&run.id))?;
        let most = if args.limit == 0 { list.len() } else { args.limit };
        for item in list.iter().take(most) {
            let text = texts.unchanged(item.article_id, std::slice::from_ref(item), terminal)?;
            write!(terminal.out, "{}", claims::item(item, text, terminal.colour))?;
        }
        if list.len() > most {
            writeln!(terminal.out, "{dim}… and {} more; --limit 0 shows all{dim:#}", list.len() - most)?;
        }
    }
    Ok(Exit::Done)
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
    let mut rows = run.rows().map_err(Failure::invalid)?;
    rows.retain(|r| r.article_id == id);
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

/// Runs that a claim is looked up in, beside the one that is shown.
const LAST_RUNS: usize = 5;

/// A claim as JSON: its rows by run, the run that was asked for first.
#[derive(Serialize)]
struct ClaimJson<'a> {
    run: &'a str,
    primary: &'a str,
    criteria: Vec<&'a OutcomeRow>,
    last_runs: Vec<LastRun<'a>>,
}

#[derive(Serialize)]
struct LastRun<'a> {
    run: &'a str,
    outcome: Option<ClaimOutcome>,
    class: Option<&'a str>,
}

fn show_claim(
    args: &Args,
    store: &Store,
    run: &StoredRun,
    claim: &ClaimName,
    texts: &Texts,
    terminal: &mut Terminal<'_>,
) -> Result<Exit, Failure> {
    refuse_run_options(args, &format!("{} is a claim", quoted(&args.what, 60)))?;
    let result = run.record.result().map_err(Failure::invalid)?;
    let rows = run.rows().map_err(Failure::invalid)?;
    let others = last_runs(store, run)?;
    let groups = views(&run.id, &rows, claim);
    let mut all_json = Vec::new();
    for (i, view) in groups.iter().enumerate() {
        let Some(first) = view.rows.first() else { continue };
        // The numbers of answers are those of one run; ids of gold claims stay.
        let in_others: Vec<ClaimView<'_>> = if first.side == SideName::Gold {
            let named = ClaimName { article_id: Some(first.article_id.clone()), name: first.name() };
            others.iter().map(|(id, rows)| views(id, rows, &named).into_iter().find(|v| is_gold(v)).unwrap_or(empty(id))).collect()
        } else {
            Vec::new()
        };
        if args.json {
            let last = in_others.iter().map(|v| {
                let row = v.rows.iter().find(|r| r.criterion == result.primary);
                LastRun { run: v.run, outcome: row.map(|r| r.outcome), class: row.and_then(|r| r.class.as_deref()) }
            });
            let json = ClaimJson { run: &run.id, primary: &result.primary, criteria: view.rows.clone(), last_runs: last.collect() };
            all_json.push(serde_json::to_value(json)?);
            continue;
        }
        if i > 0 {
            writeln!(terminal.out)?;
        }
        let items = items(&rows, &result.primary);
        let of_claim: Vec<Item<'_>> = items.into_iter().filter(|i| i.article_id == first.article_id).collect();
        let text = texts.unchanged(&first.article_id, &of_claim, terminal)?;
        write!(terminal.out, "{}", claims::claim(view, &result.primary, text, &in_others, terminal.colour))?;
    }
    if args.json {
        terminal.json(&all_json)?;
    }
    Ok(Exit::Done)
}

fn is_gold(view: &ClaimView<'_>) -> bool {
    view.rows.first().is_some_and(|r| r.side == SideName::Gold)
}

fn empty(run: &str) -> ClaimView<'_> {
    ClaimView { run, rows: Vec::new(), article: Vec::new() }
}

/// The claims of that name: one, or more where predictions share an id or have that of a gold claim.
fn views<'a>(run: &'a str, rows: &'a [OutcomeRow], claim: &ClaimName) -> Vec<ClaimView<'a>> {
    let is_it = |r: &&OutcomeRow| claim.article_id.as_ref().is_none_or(|id| *id == r.article_id) && r.name() == claim.name;
    let keys: BTreeSet<(&str, SideName, u32)> = rows.iter().filter(is_it).map(|r| (r.article_id.as_str(), r.side, r.number)).collect();
    let view = |(article, side, number): (&'a str, SideName, u32)| ClaimView {
        run,
        rows: rows.iter().filter(|r| r.article_id == article && r.side == side && r.number == number).collect(),
        article: rows.iter().filter(|r| r.article_id == article).collect(),
    };
    keys.into_iter().map(view).collect()
}

/// The last runs beside the one that is shown, newest first. Runs that cannot be read are left out: they are not asked for.
fn last_runs(store: &Store, shown: &StoredRun) -> Result<Vec<(String, Vec<OutcomeRow>)>, Failure> {
    let mut runs = Vec::new();
    for id in store.ids().map_err(Failure::invalid)?.into_iter().rev().filter(|id| *id != shown.id) {
        if let Some(rows) = store.find(&id).ok().and_then(|run| run.rows().ok()) {
            runs.push((id, rows));
        }
        if runs.len() == LAST_RUNS {
            break;
        }
    }
    Ok(runs)
}
