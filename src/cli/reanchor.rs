//! `assay reanchor [ARTICLE…]`: the claims of articles whose text was changed, moved where that is certain.

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use clap::Args as ClapArgs;

mod print;

use crate::claim::Fragments;
use crate::dataset::Reading;
use crate::dataset::reanchor::{ClaimRows, Plan, is_suspect, obstacle, parse_place, plan, written};
use crate::files;
use crate::report::safe::quoted;

use super::exit::{Exit, Failure};
use super::target::{self, Target};
use super::terminal::Terminal;

/// Move the claims of articles whose text was changed.
///
/// Without options it looks for articles whose claims or SHA-256 do not fit their text. Nothing is written without --write,
/// and with it only what is certain or accepted; when claims wait the exit code is 5.
#[derive(ClapArgs, Debug, Default)]
pub struct Args {
    /// Articles [default: all whose claims or SHA-256 do not fit]
    #[arg(value_name = "ARTICLE")]
    pub articles: Vec<String>,
    /// The text that the claims of the article were labelled in, such as an old one from git
    #[arg(long, value_name = "OLD.txt")]
    pub from: Option<PathBuf>,
    /// The text that the article gets in place of its own
    #[arg(long, visible_alias = "text", value_name = "NEW.txt")]
    pub to: Option<PathBuf>,
    /// Take the proposed place of a claim that waits, or give one: ID=START-END; repeat for more
    #[arg(long, value_name = "CLAIM")]
    pub accept: Vec<String>,
    /// Write what is certain or accepted
    #[arg(long)]
    pub write: bool,
    /// Folder of a workspace or dataset [default: the workspace around the current folder]
    #[arg(long, value_name = "DIR")]
    pub folder: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Runs the command.
///
/// # Errors
/// When the dataset, an article or a text cannot be read, `--accept` names no claim that can be accepted, or a file cannot be written.
pub fn run(args: &Args, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    if (args.from.is_some() || args.to.is_some()) && args.articles.len() != 1 {
        return Err(Failure::usage(anyhow!("--from and --to are texts of one article: name it, as assay reanchor --from OLD.txt ARTICLE")));
    }
    let target = target::find(args.folder.as_deref()).map_err(Failure::invalid)?;
    // Locked before it is read, so that nobody writes in between.
    let lock = if args.write { Some(lock(&target)?) } else { None };
    let reading = Reading::of(&target.root, &target.dir);
    if reading.article_table.is_none() || reading.claim_table.is_none() {
        return Err(Failure::invalid(reading.problems));
    }
    let mut plans = plans(args, &reading)?;
    accept(args, &reading, &mut plans)?;
    plans.retain(|plan| !plan.fits());
    let mut wrote = false;
    if args.write {
        if let Some(why) = obstacle(&reading) {
            return Err(Failure::invalid(anyhow!(why)));
        }
        for file in written(&reading, &plans) {
            files::write_whole(&file.path, file.content.as_bytes())
                .with_context(|| format!("failed to write {}", files::shown_path(&file.path)))?;
            wrote = true;
        }
    }
    drop(lock);
    if args.json {
        terminal.json(&print::json(&plans, args.write))?;
    } else {
        print::text(&plans, reading.dataset.articles.len(), args.write.then_some(wrote), terminal)?;
    }
    Ok(if plans.iter().any(|plan| plan.waiting() > 0) { Exit::Incomplete } else { Exit::Done })
}

fn lock(target: &Target) -> Result<files::Lock, Failure> {
    let path = target.dir.join("dataset.toml");
    Ok(files::lock(&path).with_context(|| format!("failed to lock {}", files::shown_path(&target.dir)))?)
}

fn plans(args: &Args, reading: &Reading) -> Result<Vec<Plan>, Failure> {
    let text = |path: &Option<PathBuf>| path.as_deref().map(text_of).transpose();
    let (from, to) = (text(&args.from)?, text(&args.to)?);
    let rows = ClaimRows::of(reading);
    let ids: Vec<&str> = if args.articles.is_empty() {
        let suspects = reading.dataset.articles.iter().filter(|record| is_suspect(reading, &rows, record));
        suspects.map(|record| record.article.id.as_str()).collect()
    } else {
        args.articles.iter().map(String::as_str).collect()
    };
    ids.into_iter().map(|id| plan(reading, &rows, id, from.as_deref(), to.as_deref()).map_err(Failure::invalid)).collect()
}

fn text_of(path: &Path) -> Result<String, Failure> {
    let shown = files::shown_path(path);
    let text = files::read_text(path, files::MAX_TEXT).map_err(|error| Failure::invalid(anyhow!("{shown}: {error}")))?;
    if text.starts_with('\u{feff}') {
        return Err(Failure::invalid(anyhow!("{shown}: the text starts with a byte order mark; remove it: every offset would count it")));
    }
    Ok(text)
}

fn accept(args: &Args, reading: &Reading, plans: &mut [Plan]) -> Result<(), Failure> {
    for wanted in &args.accept {
        let mut take = |id: &str, place: Option<&Fragments>| plans.iter_mut().find_map(|plan| plan.accept(id, place, reading));
        // An id may hold '=' itself.
        let taken = take(wanted, None).or_else(|| {
            let (id, place) = wanted.rsplit_once('=')?;
            take(id, Some(&parse_place(place)?))
        });
        match taken {
            Some(Ok(())) => {}
            Some(Err(why)) => return Err(Failure::usage(anyhow!("--accept {}: {why}", quoted(wanted, 60)))),
            None => {
                let message =
                    "no claim of that name in the articles that are looked at; write ID, or ID=START-END with code points of the new text";
                return Err(Failure::usage(anyhow!("--accept {}: {message}", quoted(wanted, 60))));
            }
        }
    }
    Ok(())
}
