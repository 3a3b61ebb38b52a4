//! `run --gate`, `--profile` and `-o`: what follows the numbers.

use std::path::PathBuf;

use anyhow::anyhow;

use super::Args;
use crate::claim::nearest;
use crate::cli::exit::Failure;
use crate::cli::gate::{some_gate, tell_github};
use crate::cli::judging::{Against, Candidate, Verdicts, check_gates, format_of, verdicts, write_reports};
use crate::cli::rescoring::Rescoring;
use crate::cli::terminal::Terminal;
use crate::report::Format;
use crate::report::document::Document;
use crate::report::gates::gates_screen;
use crate::report::safe::shown;
use crate::workspace::{Profile, Workspace};

/// What a command is to do with its runs.
pub(super) struct Gating {
    /// Whether gates are judged and decide how the command ends.
    pub gate: bool,
    /// Files of the first run.
    outputs: Vec<(PathBuf, Format)>,
    /// Formats of the profile, written for each run.
    reports: Vec<String>,
}

impl Gating {
    /// What the arguments and their profile ask for.
    ///
    /// # Errors
    /// When there is no such profile or format, or a gate asks for what the dataset does not have: before anything is run.
    pub fn new(args: &Args, workspace: &Workspace, rescoring: &Rescoring) -> Result<Gating, Failure> {
        let profiles = &workspace.config.profiles;
        let profile = match &args.profile {
            None => Profile::default(),
            Some(name) => profiles.get(name).cloned().ok_or_else(|| {
                let near = nearest(name, profiles.keys().map(String::as_str)).map(|n| format!("; did you mean {n}?")).unwrap_or_default();
                Failure::invalid(anyhow!("no [profile.{}] in assay.toml{near}", shown(name)))
            })?,
        };
        let outputs = args.outputs.iter().map(|path| Ok((path.clone(), format_of(path)?))).collect::<Result<_, Failure>>()?;
        let gate = args.gate || profile.gate;
        if gate {
            some_gate(workspace)?;
            check_gates(workspace, rescoring)?;
        }
        Ok(Gating { gate, outputs, reports: profile.report })
    }

    /// Whether anything follows.
    pub fn is_any(&self) -> bool {
        self.gate || !self.outputs.is_empty() || !self.reports.is_empty()
    }

    /// The runs compared with their baselines, and the gates.
    ///
    /// # Errors
    /// When a gate that is to decide asks for what is not there, or a baseline cannot be read.
    pub fn verdicts(
        &self,
        workspace: &Workspace,
        rescoring: &Rescoring,
        candidates: &[Candidate],
        terminal: &mut Terminal<'_>,
    ) -> Result<Verdicts, Failure> {
        let verdicts = verdicts(workspace, rescoring, candidates, &Against::Baseline)?;
        if self.gate {
            return verdicts.checked();
        }
        verdicts.warn_of_gates(terminal)?;
        Ok(verdicts)
    }

    /// Writes the reports and shows the gates.
    ///
    /// # Errors
    /// When something cannot be written.
    pub fn finish(&self, workspace: &Workspace, verdicts: &Verdicts, args: &Args, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
        verdicts.left_out.iter().try_for_each(|note| writeln!(terminal.err, "{note}"))?;
        if let Some(document) = verdicts.documents.first() {
            write_reports(document, &self.outputs, terminal)?;
        }
        for document in &verdicts.documents {
            write_reports(document, &self.files_of(workspace, document)?, terminal)?;
        }
        if self.gate && !args.json {
            write!(terminal.out, "\n{}", gates_screen(&verdicts.gates))?;
        }
        let is_told = self.gate || self.reports.iter().any(|report| report == "github");
        tell_github(verdicts, !is_told || args.no_github || args.json, terminal)
    }

    /// The files of the profile's reports: `.assay/reports/EXTRACTOR/report.html` and so on.
    fn files_of(&self, workspace: &Workspace, document: &Document) -> Result<Vec<(PathBuf, Format)>, Failure> {
        let folder = workspace.root.join(".assay").join("reports").join(&document.result.extractor.name);
        let name = |report: &str| match report {
            "html" => Some("report.html"),
            "md" => Some("report.md"),
            "junit" => Some("junit.xml"),
            "json" => Some("report.json"),
            "gitlab" => Some("codequality.json"),
            _ => None,
        };
        self.reports.iter().filter_map(|report| name(report)).map(|name| Ok((folder.join(name), format_of(name.as_ref())?))).collect()
    }
}
