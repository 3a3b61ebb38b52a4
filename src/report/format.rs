//! The formats of reports, by the extension of the file.

use std::path::Path;

use super::document::Document;
use super::markdown::{self, Budget};
use super::{gitlab, html, junit, spreadsheet};

/// What a report is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// The document itself, for programs.
    Json,
    /// A comment on a pull request.
    Markdown,
    /// Test results for CI servers.
    Junit,
    /// A row a claim, for spreadsheets.
    Csv,
    /// Code quality for GitLab.
    CodeQuality,
    /// One page that opens from disk, for people.
    Html,
}

/// Why a report cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The document has something that JSON has not.
    #[error("the report has a number that JSON has not: {0}")]
    Json(#[from] serde_json::Error),
    /// Never seen: the rows of a table differ in length.
    #[error("the report as CSV: {0}")]
    Csv(#[from] csv::Error),
}

impl Format {
    /// For messages.
    pub const EXTENSIONS: &str = ".html, .md, .xml (JUnit), .csv, .json, codequality.json";

    /// The format of a file of that name. Code quality is `codequality.json` or `….codequality.json`, or has GitLab's own
    /// `gl-code-quality-report.json`.
    pub fn of_path(path: &Path) -> Option<Format> {
        let name = path.file_name()?.to_str()?;
        if matches!(name, "codequality.json" | "gl-code-quality-report.json") || name.ends_with(".codequality.json") {
            return Some(Format::CodeQuality);
        }
        match path.extension()?.to_str()? {
            "json" => Some(Format::Json),
            "md" => Some(Format::Markdown),
            "xml" => Some(Format::Junit),
            "csv" => Some(Format::Csv),
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
            Format::Markdown => Ok(markdown::within(document, Budget::COMMENT).into_bytes()),
            Format::Junit => Ok(junit::junit(document).into_bytes()),
            Format::Csv => Ok(spreadsheet::csv(document)?),
            Format::CodeQuality => Ok(gitlab::code_quality(document)?),
            Format::Html => html::render(document),
        }
    }
}
