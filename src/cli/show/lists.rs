//! `assay show RUN --missed --spurious --wrong`.

use serde::Serialize;

use crate::report::claims;
use crate::report::safe::shown;
use crate::report::terminal::{WIDTH, cut};
use crate::runs::{ClaimOutcome, Item, OutcomeRow, StoredRun, items};
use crate::score::RunResult;

use super::super::exit::{Exit, Failure};
use super::super::terminal::Terminal;
use super::texts::Texts;
use super::{Args, check};

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

/// Shows the lists that are asked for.
pub(super) fn run(args: &Args, run: &StoredRun, result: &RunResult, texts: &Texts, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let rows = run.rows_where("criterion", &result.primary).map_err(Failure::invalid)?;
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
        let title = format!("{} {name}", list.len());
        let rest = format!("under {} in {}", result.primary, shown(&run.id));
        writeln!(terminal.out, "{bold}{title}{bold:#} {dim}{}{dim:#}", cut(&rest, WIDTH.saturating_sub(title.len() + 1)))?;
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
