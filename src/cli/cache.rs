//! `assay cache`: the answers that need not be asked for again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::anyhow;
use clap::{Args as ClapArgs, Subcommand};
use jiff::SignedDuration;
use serde_json::json;

use crate::claim::nearest;
use crate::extract::keeping::{Cache, CacheFile, Journals, Pruned};
use crate::files::shown_path;
use crate::report::safe::{quoted, shown};
use crate::report::size::bytes;
use crate::report::terminal::{count, cut, pad_to};
use crate::workspace::Workspace;

use super::age::age;
use super::exit::{Exit, Failure};
use super::terminal::Terminal;

/// Show or empty the cache of answers.
///
/// An answer is kept with all that it depends on: the files, settings and variables that identify the extractor, what was sent, and the
/// number of the repeat. `assay run` takes it from here as long as none of these changes.
#[derive(ClapArgs, Debug)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// What the cache holds, a line an extractor version
    Stats {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Remove the answers of old extractor versions
    Prune {
        /// Versions of each extractor to keep, those used last
        #[arg(long, value_name = "N", default_value_t = 3)]
        keep: usize,
        /// Of the others only those that were not used for so long, such as 30d, 12h
        #[arg(long, value_name = "TIME", value_parser = age)]
        older_than: Option<SignedDuration>,
        /// Say what would be removed, and remove nothing
        #[arg(long)]
        dry_run: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Remove all answers, also those of runs that could be gone on with
    Clear {
        /// Only those of these extractors
        #[arg(value_name = "EXTRACTOR")]
        extractors: Vec<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// Runs the command.
///
/// # Errors
/// When there is no workspace, or its cache cannot be read or removed.
pub fn run(args: &Args, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let workspace = Workspace::discover(Path::new(".")).map_err(Failure::invalid)?;
    let cache = Cache::of(&workspace.root);
    let folder = |error: std::io::Error| Failure::invalid(anyhow!("{}: {error}", shown_path(&workspace.root.join(".assay"))));
    let files = cache.files().map_err(folder)?;
    let journals = Journals::of(&workspace.root).files().map_err(folder)?;
    match &args.command {
        Command::Stats { json } => stats(&files, &journals, *json, terminal),
        Command::Prune { keep, older_than, dry_run, json } => {
            let old = superseded(&files, *keep, *older_than);
            tell(cache.remove(&old, !dry_run)?, (*dry_run, *json), terminal)
        }
        Command::Clear { extractors, json } => {
            let known: Vec<&str> =
                files.iter().map(CacheFile::extractor).chain(workspace.config.extractors.iter().map(|e| e.id.as_str())).collect();
            for name in extractors {
                if !known.contains(&name.as_str()) {
                    let near = nearest(name, known.iter().copied()).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
                    return Err(Failure::invalid(anyhow!("the cache has no answers of an extractor {}{near}", quoted(name, 64))));
                }
            }
            let wanted = |file: &&CacheFile| extractors.is_empty() || extractors.iter().any(|name| name == file.extractor());
            let chosen: Vec<&CacheFile> = files.iter().filter(wanted).collect();
            let removed = cache.remove(&chosen, true)?;
            // The name of a journal begins with that of its extractor, its repeat and the time.
            let of_chosen = |path: &PathBuf| {
                let stem = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                extractors.is_empty() || extractors.iter().any(|id| stem.strip_prefix(&format!("{id}-")).is_some_and(is_digits))
            };
            for (path, _) in journals.iter().filter(|(path, _)| of_chosen(path)) {
                std::fs::remove_file(path).map_err(folder)?;
            }
            tell(removed, (false, *json), terminal)
        }
    }
}

/// All but the last used versions of each extractor.
fn superseded(files: &[CacheFile], keep: usize, older_than: Option<SignedDuration>) -> Vec<&CacheFile> {
    let mut by_extractor: BTreeMap<&str, Vec<&CacheFile>> = BTreeMap::new();
    for file in files {
        by_extractor.entry(file.extractor()).or_default().push(file);
    }
    let age = older_than.map(SignedDuration::unsigned_abs).unwrap_or_default();
    let mut old = Vec::new();
    for files in by_extractor.values_mut() {
        files.sort_by_key(|file| file.unused);
        old.extend(files.iter().skip(keep).filter(|file| file.unused >= age).copied());
    }
    old
}

fn stats(files: &[CacheFile], journals: &[(PathBuf, u64)], as_json: bool, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    if as_json {
        let line = |file: &CacheFile| {
            let held = file.held.as_ref().ok();
            json!({
                "extractor": file.extractor(),
                "version": held.map(|held| &held.head.version),
                "identity": held.map(|held| &held.head.identity),
                "answers": held.map(|held| held.answers.len()),
                "damaged": held.map(|held| held.damaged),
                "problem": file.held.as_ref().err(),
                "bytes": file.bytes,
                "unused_s": file.unused.as_secs(),
            })
        };
        let of_journals = json!({ "files": journals.len(), "bytes": journals.iter().map(|(_, bytes)| bytes).sum::<u64>() });
        terminal.json(&json!({ "files": files.iter().map(line).collect::<Vec<_>>(), "journals": of_journals }))?;
        return Ok(Exit::Done);
    }
    if !journals.is_empty() {
        let size = bytes(journals.iter().map(|(_, bytes)| bytes).sum());
        let runs = count(journals.len() as u64, "run");
        writeln!(terminal.out, "{runs} to go on with (--resume, --retry-errors): {size}")?;
    }
    if files.is_empty() {
        writeln!(terminal.out, "the cache is empty; `assay run` fills it with the answers of programs and models")?;
        return Ok(Exit::Done);
    }
    writeln!(terminal.out, "{}  {:<12}{:<14}{:>9}{:>11}  last used", pad_to("extractor", 20), "version", "identity", "answers", "size")?;
    for file in files {
        let (version, identity, answers) = match &file.held {
            Ok(held) => (
                if held.head.version.is_empty() { "–".to_owned() } else { cut(&shown(&held.head.version), 11) },
                held.head.identity.get(..12).unwrap_or_default().to_owned(),
                held.answers.len().to_string(),
            ),
            Err(_) => ("–".to_owned(), "–".to_owned(), "n/a".to_owned()),
        };
        writeln!(
            terminal.out,
            "{}  {}{}{answers:>9}{:>11}  {}",
            pad_to(&cut(&shown(file.extractor()), 20), 20),
            pad_to(&version, 12),
            pad_to(&shown(&identity), 14),
            bytes(file.bytes),
            ago(file.unused.as_secs())
        )?;
        match &file.held {
            Ok(held) if held.damaged > 0 => writeln!(terminal.out, "  {} damaged and not used", count(held.damaged, "line"))?,
            Ok(_) => {}
            Err(problem) => writeln!(terminal.out, "  {}: {}", shown_path(&file.path), shown(problem))?,
        }
    }
    let answers: usize = files.iter().filter_map(|file| file.held.as_ref().ok()).map(|held| held.answers.len()).sum();
    let size = bytes(files.iter().map(|file| file.bytes).sum());
    writeln!(terminal.out, "{} of {}, {size}", count(answers as u64, "answer"), count(files.len() as u64, "extractor version"))?;
    Ok(Exit::Done)
}

/// What stands behind the id in the name of a journal.
fn is_digits(rest: &str) -> bool {
    rest.strip_suffix(".jsonl").is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-'))
}

fn ago(seconds: u64) -> String {
    match seconds {
        0..60 => "just now".to_owned(),
        60..3600 => format!("{} min ago", seconds / 60),
        3600..86_400 => format!("{} h ago", seconds / 3600),
        _ => format!("{} ago", count(seconds / 86_400, "day")),
    }
}

fn tell(pruned: Pruned, (dry_run, as_json): (bool, bool), terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    if as_json {
        terminal.json(&json!({ "dry_run": dry_run, "removed": pruned.files, "bytes": pruned.bytes, "in_use": pruned.in_use }))?;
        return Ok(Exit::Done);
    }
    let word = if dry_run { "would remove" } else { "removed" };
    let what = if pruned.files == 0 {
        "nothing".to_owned()
    } else {
        format!("the answers of {} ({})", count(pruned.files, "extractor version"), bytes(pruned.bytes))
    };
    writeln!(terminal.out, "{word} {what}")?;
    if pruned.in_use > 0 {
        writeln!(terminal.err, "note: those of {} stay: a running command uses them", count(pruned.in_use, "extractor version"))?;
    }
    Ok(Exit::Done)
}
