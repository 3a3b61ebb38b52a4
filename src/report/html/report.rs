//! The numbers of a report: the document without what is read later.

use serde::Serialize;
use serde_json::Value;

use crate::report::document::{Document, RunInfo};
use crate::runs::GateReport;
use crate::runs::TrendPoint;
use crate::score::RunResult;

/// Everything of a document but its articles and the lists of changes.
#[derive(Serialize)]
pub(super) struct Report<'a> {
    workspace: &'a str,
    run: &'a RunInfo,
    result: &'a RunResult,
    gates: Option<&'a GateReport>,
    comparison: Option<Value>,
    no_comparison: Option<&'a str>,
    trend: &'a [TrendPoint],
    claims_file: &'a str,
}

impl<'a> Report<'a> {
    /// The numbers of a document.
    ///
    /// # Errors
    /// When a number is none that JSON has.
    pub fn of(document: &'a Document) -> Result<Report<'a>, serde_json::Error> {
        let mut comparison = document.comparison.as_ref().map(serde_json::to_value).transpose()?;
        if let Some(Value::Object(parts)) = &mut comparison {
            parts.remove("changes");
        }
        Ok(Report {
            workspace: &document.workspace,
            run: &document.run,
            result: &document.result,
            gates: document.gates.as_ref(),
            comparison,
            no_comparison: document.no_comparison.as_deref(),
            trend: &document.trend,
            claims_file: &document.claims_file,
        })
    }
}
