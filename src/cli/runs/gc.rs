//! `assay runs gc`.

use std::time::{Duration, SystemTime};

use clap::Args as ClapArgs;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::report::safe::shown;
use crate::report::size::bytes;
use crate::report::terminal::count;
use crate::runs::superseded;

use super::super::age::age;
use super::super::exit::{Exit, Failure};
use super::super::terminal::Terminal;
use super::{Removed, remove, stored, total};

/// Remove old runs, and what interrupted writes left behind.
///
/// The newest runs of each extractor are kept, and all that cannot be read: name those to `assay runs rm`.
#[derive(ClapArgs, Debug)]
pub(super) struct Args {
    /// Runs of each extractor to keep, the newest ones
    #[arg(long, value_name = "N", default_value_t = 20)]
    keep: usize,
    /// Of the others only those that were finished so long ago, such as 30d, 12h
    #[arg(long, value_name = "TIME", value_parser = age)]
    older_than: Option<SignedDuration>,
    /// Say what would be removed, and remove nothing
    #[arg(long)]
    dry_run: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// A write takes seconds: what nobody touched for so long was interrupted.
const INTERRUPTED: Duration = Duration::from_secs(3600);

pub(super) fn run(args: &Args, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let (_, store) = stored()?;
    let entries = store.entries().map_err(Failure::invalid)?;
    // A time before the calendar begins is before every run.
    let before = args.older_than.map(|age| Timestamp::now().checked_sub(age).unwrap_or(Timestamp::MIN));
    let old: Vec<String> = superseded(&entries, args.keep, before).into_iter().map(|head| head.id.clone()).collect();
    let left: Vec<String> = store.leftovers(INTERRUPTED, SystemTime::now())?.into_iter().map(|l| l.name).collect();
    let unreadable = entries.iter().filter(|entry| entry.head.is_err()).count();
    let (runs, mut done) = remove(&store, old, !args.dry_run);
    let mut leftovers = Vec::new();
    if done.is_ok() {
        (leftovers, done) = remove(&store, left, !args.dry_run);
    }
    if args.json {
        let kept = entries.len() - runs.len();
        terminal
            .json(&json!({ "dry_run": args.dry_run, "removed": runs, "leftovers": leftovers, "kept": kept, "unreadable": unreadable }))?;
        return done.map(|()| Exit::Done);
    }
    let word = if args.dry_run { "would remove" } else { "removed" };
    let line = |removed: &Removed, what: &str| format!("{word} {}{what} ({})", shown(&removed.id), bytes(removed.bytes));
    for run in &runs {
        writeln!(terminal.out, "{}", line(run, ""))?;
    }
    for leftover in &leftovers {
        writeln!(terminal.out, "{}", line(leftover, ", left behind by an interrupted write"))?;
    }
    let kept = count((entries.len() - runs.len()) as u64, "run");
    let all: Vec<Removed> = runs.into_iter().chain(leftovers).collect();
    let what = if all.is_empty() { "nothing".to_owned() } else { total(&all) };
    writeln!(terminal.out, "{word} {what}; {kept} kept")?;
    if unreadable > 0 {
        let (are, them) = if unreadable == 1 { ("is", "it") } else { ("are", "them") };
        let runs = count(unreadable as u64, "run");
        terminal.out.flush()?;
        writeln!(
            terminal.err,
            "note: {runs} of these cannot be read and {are} kept; `assay runs` says why, `assay runs rm` removes {them}"
        )?;
    }
    done.map(|()| Exit::Done)
}
