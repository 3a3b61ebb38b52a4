//! `assay show CLAIM`.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Serialize;

use crate::report::claims::{self, ClaimView};
use crate::runs::{ClaimOutcome, Item, OutcomeRow, SideName, Store, StoredRun, items};

use super::super::exit::{Exit, Failure};
use super::super::terminal::Terminal;
use super::Args;
use super::target::ClaimName;
use super::texts::Texts;

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

/// Shows the claims of that name.
pub(super) fn run(
    args: &Args,
    store: &Store,
    run: &StoredRun,
    claim: &ClaimName,
    texts: &Texts,
    terminal: &mut Terminal<'_>,
) -> Result<Exit, Failure> {
    let result = run.record.result().map_err(Failure::invalid)?;
    let articles: BTreeSet<String> = match &claim.article_id {
        Some(id) => BTreeSet::from([id.clone()]),
        None => run.rows_where("claim_id", &claim.name).map_err(Failure::invalid)?.into_iter().map(|r| r.article_id).collect(),
    };
    let mut rows = Vec::new();
    for article in &articles {
        rows.extend(run.rows_where("article_id", article).map_err(Failure::invalid)?);
    }
    let others = last_runs(store, run, &articles)?;
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
fn last_runs(store: &Store, shown: &StoredRun, articles: &BTreeSet<String>) -> Result<Vec<(String, Vec<OutcomeRow>)>, Failure> {
    let ids = store.ids().map_err(Failure::invalid)?;
    let mut others: Vec<StoredRun> = ids.iter().filter(|id| **id != shown.id).filter_map(|id| store.find(id).ok()).collect();
    // Ids begin with the minute of the start; several runs of a minute are in the order of their names there.
    let finished = |run: &StoredRun| run.record.finished.parse::<Timestamp>().ok();
    others.sort_by(|a, b| finished(b).cmp(&finished(a)).then_with(|| b.id.cmp(&a.id)));
    let mut runs = Vec::new();
    for run in others {
        let parts = articles.iter().map(|article| run.rows_where("article_id", article).ok());
        if let Some(rows) = parts.collect::<Option<Vec<_>>>() {
            runs.push((run.id, rows.concat()));
        }
        if runs.len() == LAST_RUNS {
            break;
        }
    }
    Ok(runs)
}
