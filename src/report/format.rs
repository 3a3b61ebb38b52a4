//! The formats of reports, by the extension of the file.

use std::path::Path;

use super::document::Document;
use super::html;

/// What a report is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// The document itself, for programs.
    Json,
    /// One page that opens from disk, for people.
    Html,
}

/// Why a report cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The document has something that JSON has not.
    #[error("the report has a number that JSON has not: {0}")]
    Json(#[from] serde_json::Error),
}

impl Format {
    /// For messages.
    pub const EXTENSIONS: &str = ".html or .json";

    /// The format of a file of that name.
    pub fn of_path(path: &Path) -> Option<Format> {
        match path.extension()?.to_str()? {
            "json" => Some(Format::Json),
            "html" => Some(Format::Html),
            _ => None,
        }
    }

    /// The report's bytes.
    ///
    /// # Errors
    /// See [`RenderError`].
    pub fn render(self, document: &Document) -> Result<Vec<u8>, RenderError> {
        match self {
            Format::Json => {
                let mut bytes = serde_json::to_vec_pretty(&serde_json::to_value(document)?)?;
                bytes.push(b'\n');
                Ok(bytes)
            }
            Format::Html => html::render(document),
        }
    }
}
