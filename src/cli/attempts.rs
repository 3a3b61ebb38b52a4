//! Names of runs on the command line: an id, a unique prefix, `latest`, a path, or `@baseline`.

use std::path::{Path, PathBuf};

use anyhow::anyhow;

use super::exit::{Exit, Failure};
use crate::claim::nearest;
use crate::files::{self, FileError};
use crate::report::safe::quoted;
use crate::runs::{Attempt, Baseline, Store, parse_baseline};
use crate::workspace::Workspace;

/// What stands for a baseline; behind a colon, the extractor's id.
const BASELINE: &str = "@baseline";

/// Largest baseline, in bytes.
const MOST: u64 = 1 << 30;

/// The attempt that a name means.
///
/// # Errors
/// When there is none, or its files cannot be read; exit 7 for a baseline that is missing.
pub(super) fn attempt(workspace: &Workspace, name: &str) -> Result<Attempt, Failure> {
    if let Some(rest) = name.strip_prefix(BASELINE) {
        let extractor = match rest.strip_prefix(':') {
            Some(id) => id,
            None if rest.is_empty() => main_extractor(workspace)?,
            None => {
                return Err(Failure::usage(anyhow!("{name:?}: write @baseline, or @baseline:ID for another extractor than the main one")));
            }
        };
        return baseline_attempt(workspace, extractor);
    }
    let stored = Store::open(&workspace.root).find(name).map_err(Failure::invalid)?;
    Attempt::of_run(&stored).map_err(Failure::invalid)
}

/// The id of the extractor that gates are about.
///
/// # Errors
/// When there is no extractor.
pub(super) fn main_extractor(workspace: &Workspace) -> Result<&str, Failure> {
    let first = workspace.config.extractors.first().map(|extractor| extractor.id.as_str());
    first.ok_or_else(|| Failure::invalid(anyhow!("assay.toml has no [[extractor]]")))
}

/// Where the baseline of an extractor is, or would be: inside of the workspace, whatever a stored run calls its extractor and wherever
/// symlinks lead.
///
/// # Errors
/// When assay.toml does not have the extractor, or the place is outside.
pub(super) fn baseline_path(workspace: &Workspace, extractor: &str) -> Result<PathBuf, Failure> {
    let known = || workspace.config.extractors.iter().map(|extractor| extractor.id.as_str());
    if !known().any(|id| id == extractor) {
        let near = nearest(extractor, known()).map(|id| format!("; did you mean {id}?")).unwrap_or_default();
        return Err(Failure::invalid(anyhow!("no extractor {} in assay.toml{near}", quoted(extractor, 64))));
    }
    let relative = workspace.config.baseline.replace("{extractor}", extractor);
    files::place_inside(&workspace.root, &relative).map_err(|error| Failure::invalid(anyhow!("{relative}: {error}")))
}

/// The baseline of an extractor.
///
/// # Errors
/// Exit 7 when there is none, 3 when it cannot be read.
pub(super) fn baseline(workspace: &Workspace, extractor: &str) -> Result<Baseline, Failure> {
    let path = baseline_path(workspace, extractor)?;
    read_baseline(&path).map_err(|problem| match problem {
        None => Failure {
            exit: Exit::BaselineMissing,
            error: anyhow!(
                "no baseline of {extractor}: {} does not exist; `assay baseline set RUN` makes it out of a run of {extractor}",
                files::shown_path(&path)
            ),
        },
        Some(problem) => Failure::invalid(anyhow!("{}: {problem}", files::shown_path(&path))),
    })
}

/// `None` where there is no file.
fn read_baseline(path: &Path) -> Result<Baseline, Option<String>> {
    match files::read_text(path, MOST) {
        Ok(text) => parse_baseline(&text).map_err(Some),
        Err(FileError::Missing) => Err(None),
        Err(error) => Err(Some(error.to_string())),
    }
}

/// The baseline of an extractor as an attempt.
///
/// # Errors
/// As [`baseline`].
pub(super) fn baseline_attempt(workspace: &Workspace, extractor: &str) -> Result<Attempt, Failure> {
    let path = baseline_path(workspace, extractor)?;
    let is_main = main_extractor(workspace).is_ok_and(|main| main == extractor);
    let name = if is_main { BASELINE.to_owned() } else { format!("{BASELINE}:{extractor}") };
    let attempt = baseline(workspace, extractor)?.into_attempt(&name);
    attempt.map_err(|problem| Failure::invalid(anyhow!("{}: {problem}", files::shown_path(&path))))
}
