//! `assay init`: a small workspace that runs at once.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use clap::Args as ClapArgs;

use crate::files;
use crate::report::safe::shown;

use super::exit::{Exit, Failure};
use super::style;
use super::terminal::Terminal;

/// Write a small workspace that runs at once.
#[derive(ClapArgs, Debug, Default)]
pub struct Args {
    /// Folder of the workspace; made when it is missing
    #[arg(default_value = ".")]
    pub folder: PathBuf,
}

macro_rules! files {
    ($($path:literal),* $(,)?) => { [$(($path, include_str!(concat!("init/", $path)))),*] };
}

/// What is written, with `{name}` for the workspace's name. None of these is ever overwritten.
const FILES: [(&str, &str); 11] = files![
    "assay.toml",
    "datasets/example/dataset.toml",
    "datasets/example/aliases.csv",
    "datasets/example/articles.csv",
    "datasets/example/articles/en-001.txt",
    "datasets/example/articles/en-002.txt",
    "datasets/example/articles/es-001.txt",
    "datasets/example/articles/id-001.txt",
    "datasets/example/claims.csv",
    "datasets/example/GUIDELINES.md",
    "datasets/example/CARD.md",
];

/// Files that a folder may have already: they are left as they are, and the user is told what they lack.
const SHARED: [(&str, &str); 3] = [
    (".gitignore", include_str!("init/gitignore")),
    (".gitattributes", include_str!("init/gitattributes")),
    ("README.md", include_str!("init/README.md")),
];

/// Runs the command.
///
/// # Errors
/// When a file would be overwritten or cannot be written; then nothing, or nothing more, is written.
pub fn run(args: &Args, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let folder = &args.folder;
    let there: Vec<&str> = FILES.iter().map(|(path, _)| *path).filter(|path| folder.join(path).symlink_metadata().is_ok()).collect();
    if !there.is_empty() {
        let place = files::shown_path(folder);
        let more = there.len().saturating_sub(2);
        let more = if more > 0 { format!(" and {more} more of the files") } else { String::new() };
        let first = there.iter().take(2).copied().collect::<Vec<_>>().join(", ");
        return Err(Failure::usage(anyhow!("{} already has {first}{more}; nothing was written", shown(&place))));
    }
    std::fs::create_dir_all(folder.join("datasets/example/articles"))
        .with_context(|| format!("failed to make {}", files::shown_path(folder)))?;
    let name = name_of(folder);
    let mut left = Vec::new();
    for (path, content) in SHARED {
        if folder.join(path).symlink_metadata().is_ok() {
            left.push((path, content));
        } else {
            write(folder, path, content, &name)?;
        }
    }
    // The file that marks a workspace comes last: a workspace that was cut short is none.
    for (path, content) in FILES.iter().rev() {
        write(folder, path, content, &name)?;
    }
    terminal.out.write_all(screen(folder, &left).as_bytes())?;
    Ok(Exit::Done)
}

fn write(folder: &Path, path: &str, content: &str, name: &str) -> Result<(), Failure> {
    let target = folder.join(path);
    let content = content.replace("{name}", name);
    files::write_whole(&target, content.as_bytes()).with_context(|| format!("failed to write {}", files::shown_path(&target)))?;
    Ok(())
}

/// The folder's name, as far as it can stand in the settings.
fn name_of(folder: &Path) -> String {
    let real = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let name = real.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let safe: String = name.chars().map(|c| if c.is_alphanumeric() || matches!(c, '.' | '_' | '-') { c } else { '-' }).take(60).collect();
    if safe.is_empty() { "workspace".to_owned() } else { safe }
}

fn screen(folder: &Path, left: &[(&str, &str)]) -> String {
    let (bold, dim) = (style::BOLD, style::DIM);
    let place = files::shown_path(folder);
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{bold}wrote a workspace to {}{bold:#} · 4 articles in 3 languages, 6 gold claims", shown(&place));
    for (path, content) in left {
        let lines: Vec<&str> = content.lines().filter(|l| !l.starts_with('#') && !l.is_empty()).collect();
        let advice = if *path == "README.md" {
            String::new()
        } else {
            format!("; it needs the line{} {}", if lines.len() == 1 { "" } else { "s" }, lines.join(", "))
        };
        let _ = writeln!(text, "{dim}kept your {path}{advice}{dim:#}");
    }
    let _ = writeln!(text, "\nnext:");
    if place != "." {
        let _ = writeln!(text, "  cd {}", shown(&place));
    }
    let _ = writeln!(text, "  assay run      {dim}# run the extractors, score them against the gold{dim:#}");
    let _ = writeln!(text, "  assay lint     {dim}# check the gold{dim:#}");
    text
}
