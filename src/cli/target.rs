//! Which dataset a command is about: that of the workspace around, or the one in a folder that is named.

use std::path::{Path, PathBuf};

use crate::problem::Problems;
use crate::workspace::{FILE_NAME, Workspace, WorkspaceError};

/// A dataset's folder, and the folder that its symlinks must not leave.
pub(super) struct Target {
    pub root: PathBuf,
    pub dir: PathBuf,
}

/// Finds the dataset. A folder with a dataset.toml is one itself; else it is a workspace or inside one.
pub(super) fn find(folder: Option<&Path>) -> Result<Target, Problems> {
    let start = folder.unwrap_or(Path::new("."));
    if start.join("dataset.toml").exists() && !start.join(FILE_NAME).exists() {
        return Ok(Target { root: start.to_owned(), dir: start.to_owned() });
    }
    let workspace = Workspace::discover(start).map_err(|error| match error {
        WorkspaceError::Invalid(problems) => problems,
        not_found => {
            let mut problems = Problems::new();
            problems.add(&crate::files::shown_path(start), 0, "", crate::problem::Rule::Config, not_found.to_string());
            problems
        }
    })?;
    Ok(Target { dir: workspace.dataset_dir(), root: workspace.root })
}
