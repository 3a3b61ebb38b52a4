//! `assay review --list`.

use serde::Serialize;

use crate::label::order::{Disagreement, Group, OtherReading};
use crate::label::review::{Memory, counts, list_entry};
use crate::report::safe::shown;
use crate::report::terminal::{WIDTH, count, cut};
use crate::runs::Item;

use super::super::exit::{Exit, Failure};
use super::super::terminal::Terminal;
use super::{Args, Found, is_decided, wanted};

/// Claims of a list.
const LISTED: usize = 20;

/// An entry as JSON.
#[derive(Serialize)]
struct EntryJson<'a> {
    id: &'a str,
    group: Group,
    why: &'a str,
    is_decided: bool,
    readings: &'a [OtherReading],
    #[serde(flatten)]
    item: &'a Item<'a>,
}

/// Lists what is to be decided.
pub(super) fn run(args: &Args, found: &Found<'_>, memory: &Memory, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let (open, decided) = wanted(args, &found.all, memory);
    let most = |default: usize| match args.limit.unwrap_or(default) {
        0 => open.len(),
        limit => limit.min(open.len()),
    };
    if args.json {
        let entry = |d: &&'_ Disagreement<'_>| -> serde_json::Result<serde_json::Value> {
            let entry = EntryJson {
                id: &d.id,
                group: d.group,
                why: &d.why,
                is_decided: is_decided(d, memory),
                readings: &d.readings,
                item: &d.item,
            };
            serde_json::to_value(entry)
        };
        let items: Vec<serde_json::Value> = open.iter().take(most(0)).map(entry).collect::<Result<_, _>>()?;
        terminal.json(&serde_json::json!({ "run": found.run, "primary": found.primary, "decided": decided, "items": items }))?;
        return Ok(Exit::Done);
    }
    let (bold, dim) = (anstyle::Style::new().bold(), anstyle::Style::new().dimmed());
    let title = format!("{} to decide", count(open.len() as u64, "claim"));
    let rest = format!("under {} in {}", found.primary, shown(found.run));
    writeln!(terminal.out, "{bold}{title}{bold:#} {dim}{}{dim:#}", cut(&rest, WIDTH.saturating_sub(title.len() + 1)))?;
    if !open.is_empty() {
        writeln!(terminal.out, "{dim}{}{dim:#}\n", counts(&open))?;
    }
    for disagreement in open.iter().take(most(LISTED)) {
        write!(terminal.out, "{}", list_entry(disagreement))?;
    }
    if open.len() > most(LISTED) {
        writeln!(terminal.out, "{dim}… and {} more; -n 0 lists all{dim:#}", open.len() - most(LISTED))?;
    }
    if decided > 0 {
        writeln!(terminal.out, "{dim}{} decided before; --again shows {}{dim:#}", decided, if decided == 1 { "it" } else { "them" })?;
    }
    Ok(Exit::Done)
}
