//! The workspace: the folder that assay.toml marks, and what that file says.
//!
//! Reading it starts nothing and connects to nothing. The whole file is checked, and all findings are reported.

mod config;
mod extractor;
mod gate;
mod openai;

use std::path::{Path, PathBuf};

pub use config::{Config, DatasetSettings, Profile, RunSettings, ScoreSettings};
pub use extractor::{ExtractorKind, ExtractorSettings, Program, Tracking};
pub use gate::{Gate, GateLevel};
pub use openai::{Examples, OpenAi};

use crate::dataset::Dataset;
use crate::files;
use crate::problem::{Problems, Rule};

/// The name of the file that marks a workspace.
pub const FILE_NAME: &str = "assay.toml";

/// A workspace: its folder and settings.
#[derive(Clone, Debug)]
pub struct Workspace {
    /// The folder of assay.toml; every path of the settings is relative to it.
    pub root: PathBuf,
    /// What assay.toml says.
    pub config: Config,
}

/// Why there is no workspace.
#[derive(Debug, thiserror::Error)]
pub enum WorkspaceError {
    /// Neither here nor in a folder above.
    #[error("no {FILE_NAME} in {0} or any folder above it; `assay init` writes a workspace")]
    NotFound(String),
    /// Its settings are not valid.
    #[error(transparent)]
    Invalid(#[from] Problems),
}

impl Workspace {
    /// Finds assay.toml in a folder or the nearest one above it, and reads it.
    ///
    /// # Errors
    /// When there is none, or it is not valid.
    pub fn discover(start: &Path) -> Result<Workspace, WorkspaceError> {
        let not_found = || WorkspaceError::NotFound(files::shown_path(start));
        let start = start.canonicalize().map_err(|_| not_found())?;
        // A broken link or a folder of that name is found too, so that its error is shown instead of a workspace further up.
        let root = start.ancestors().find(|folder| folder.join(FILE_NAME).symlink_metadata().is_ok()).ok_or_else(not_found)?;
        Ok(Workspace::load(root)?)
    }

    /// Reads the workspace in a folder.
    ///
    /// # Errors
    /// All findings in assay.toml.
    pub fn load(root: &Path) -> Result<Workspace, Problems> {
        let path = root.join(FILE_NAME);
        let file = files::shown_path(&path);
        let mut problems = Problems::new();
        let text = match files::read_text(&path, files::MAX_SETTINGS) {
            Ok(text) => text,
            Err(error) => {
                problems.add(&file, 0, "", Rule::File, error.to_string());
                return Err(problems);
            }
        };
        let config = Config::parse(&file, &text)?;
        Ok(Workspace { root: root.to_owned(), config })
    }

    /// The folder of the dataset, whether or not it exists.
    pub fn dataset_dir(&self) -> PathBuf {
        self.root.join(&self.config.dataset.path)
    }

    /// Loads the dataset; symlinks may lead anywhere inside the workspace and nowhere else.
    ///
    /// # Errors
    /// All findings, when at least one of them is an error.
    pub fn dataset(&self) -> Result<Dataset, Problems> {
        self.inside(&self.config.dataset.path).map_err(|error| {
            let mut problems = Problems::new();
            let file = files::shown_path(&self.root.join(FILE_NAME));
            problems.add(&file, 0, "", Rule::Config, format!("path of [dataset], \"{}\": {error}", self.config.dataset.path));
            problems
        })?;
        Dataset::load_inside(&self.root, &self.dataset_dir())
    }

    /// The place of an existing file that the settings name.
    ///
    /// # Errors
    /// When the path leaves the workspace, or nothing is there.
    pub fn inside(&self, path: &str) -> Result<PathBuf, files::FileError> {
        files::resolve_inside(&self.root, path)
    }
}

/// A path of a workspace as seen from the root of the git repository that the workspace is in, with `/` between names; as seen from the
/// workspace where there is none. CI servers find files so.
pub fn from_repository(root: &Path, path: &str) -> String {
    let repository = root.ancestors().find(|folder| folder.join(".git").symlink_metadata().is_ok()).unwrap_or(root);
    let inside = root.strip_prefix(repository).unwrap_or(Path::new("")).join(path);
    let names: Vec<_> = inside.components().map(|name| name.as_os_str().to_string_lossy()).collect();
    names.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ci_servers_find_files_from_the_repository() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("tools/claims");
        std::fs::create_dir_all(&root).unwrap();
        std::fs::create_dir(folder.path().join(".git")).unwrap();
        assert_eq!(from_repository(&root, "datasets/news/claims.csv"), "tools/claims/datasets/news/claims.csv");
        // A submodule and a worktree have a file of that name.
        std::fs::write(root.join(".git"), "gitdir: elsewhere").unwrap();
        assert_eq!(from_repository(&root, "datasets/news//claims.csv"), "datasets/news/claims.csv");
    }
}
