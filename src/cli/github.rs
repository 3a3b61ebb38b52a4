//! A run's report to the GitHub runner: annotations on the output, the summary of the step, and outputs for later steps.

use std::fs::{self, OpenOptions};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::anyhow;

use super::exit::Failure;
use super::terminal::Terminal;
use crate::files::shown_path;
use crate::report::document::Document;
use crate::report::github::{annotations, outputs, step_summary};

/// GitHub refuses the whole summary of a step above 1 MiB.
const SUMMARY: u64 = 900_000;

/// The files that the runner reads after the step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunnerFiles {
    /// Markdown, shown on the page of the workflow run.
    pub summary: Option<PathBuf>,
    /// `name=value`, for later steps.
    pub output: Option<PathBuf>,
}

impl RunnerFiles {
    /// As the runner names them in the environment.
    pub fn from_env() -> RunnerFiles {
        let path = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        RunnerFiles { summary: path("GITHUB_STEP_SUMMARY"), output: path("GITHUB_OUTPUT") }
    }
}

/// Tells the runner, where there is one (`GITHUB_ACTIONS=true`); elsewhere nothing happens.
///
/// # Errors
/// When a file that the runner names cannot be written.
pub fn publish(document: &Document, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    if terminal.commands.is_on() { publish_to(document, &RunnerFiles::from_env(), terminal) } else { Ok(()) }
}

/// The same with files that are named here.
///
/// # Errors
/// See [`publish`].
pub fn publish_to(document: &Document, runner: &RunnerFiles, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    let commands = terminal.commands.clone();
    commands.commands(terminal.out, &annotations(document))?;
    match &runner.summary {
        Some(path) => summary(path, document, terminal)?,
        None => writeln!(terminal.err, "note: no summary of the step: GITHUB_STEP_SUMMARY is not set")?,
    }
    match &runner.output {
        Some(path) => append(path, &output_lines(&outputs(document), random_word))?,
        None => writeln!(terminal.err, "note: no outputs of the step: GITHUB_OUTPUT is not set")?,
    }
    Ok(())
}

fn summary(path: &Path, document: &Document, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    let there = fs::metadata(path).map_or(0, |metadata| metadata.len());
    // A blank line keeps it apart from what another command wrote.
    let room = SUMMARY.saturating_sub(there + 1);
    let text = step_summary(document, usize::try_from(room).unwrap_or(usize::MAX));
    if text.is_empty() {
        writeln!(terminal.err, "note: no room in the summary of the step: {} bytes are there of {SUMMARY}", there)?;
        return Ok(());
    }
    append(path, &if there > 0 { format!("\n{text}") } else { text })
}

fn append(path: &Path, text: &str) -> Result<(), Failure> {
    let named = |error: io::Error| anyhow!("{}: {error}", shown_path(path));
    // A pipe would wait for a reader that may never come.
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        return Err(anyhow!("{}: not a regular file", shown_path(path)).into());
    }
    let mut file = OpenOptions::new().create(true).append(true).open(path).map_err(named)?;
    file.write_all(text.as_bytes()).map_err(named)?;
    Ok(())
}

/// The lines of an output file. A value of several lines stands between lines of a word that nobody can guess and that it does not hold:
/// otherwise a value could set other outputs.
fn output_lines(outputs: &[(String, String)], mut word: impl FnMut() -> String) -> String {
    let mut out = String::new();
    for (name, value) in outputs {
        if !value.contains(['\n', '\r']) {
            out.push_str(&format!("{name}={value}\n"));
            continue;
        }
        let mut end = word();
        while value.contains(&end) {
            end = word();
        }
        out.push_str(&format!("{name}<<{end}\n{value}\n{end}\n"));
    }
    out
}

/// The keys of a hash map are the system's randomness, and need no further crate.
fn random_word() -> String {
    format!("assay_{:016x}{:016x}", RandomState::new().hash_one(0), RandomState::new().hash_one(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_cannot_set_another_output() {
        let given = [("run".to_owned(), "r1".to_owned()), ("note".to_owned(), "EOF\npass=true\nx<<EOF".to_owned())];
        let mut words = ["EOF", "other"].into_iter().map(str::to_owned);
        assert_eq!(output_lines(&given, || words.next().unwrap_or_default()), "run=r1\nnote<<other\nEOF\npass=true\nx<<EOF\nother\n");
        assert_ne!(random_word(), random_word());
    }
}
