//! Stored answers scored on the dataset and by the settings of the workspace as they are now.

use anyhow::anyhow;

use super::exit::Failure;
use crate::dataset::Dataset;
use crate::extract::Numbers;
use crate::report::safe::shown;
use crate::report::terminal::{count, cut};
use crate::runs::{Attempt, Rescored, rescore};
use crate::score::Settings;
use crate::stats::IntervalSettings;
use crate::workspace::Workspace;

/// What every attempt is scored with.
pub(super) struct Rescoring {
    dataset: Dataset,
    hash: String,
    settings: Settings,
    columns: Vec<String>,
}

impl Rescoring {
    /// Loads the dataset of the workspace.
    ///
    /// # Errors
    /// When it or the settings are not valid.
    pub fn new(workspace: &Workspace) -> Result<Rescoring, Failure> {
        let dataset = workspace.dataset().map_err(Failure::invalid)?;
        let mut settings = settings(workspace, &dataset)?;
        // Gates may cut claims by columns that the report does not.
        let of_claims = |column: &&String| matches!(column.as_str(), "kind" | "tags") || dataset.schema.field(column).is_some();
        for column in workspace.config.gates.iter().flat_map(|gate| gate.slice.keys()).filter(of_claims) {
            if !settings.slices.contains(column) {
                settings.slices.push(column.clone());
            }
        }
        let columns = dataset.slice_columns().into_iter().map(str::to_owned).collect();
        Ok(Rescoring { hash: dataset.hash(), dataset, settings, columns })
    }

    /// The dataset.
    pub fn dataset(&self) -> &Dataset {
        &self.dataset
    }

    /// The dataset's hash.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// An attempt's answers on the gold of today.
    pub fn of<'a>(&'a self, attempt: &'a Attempt) -> Rescored<'a> {
        rescore(attempt, &self.dataset, &self.hash, &self.settings, &self.columns)
    }
}

/// What assay.toml says of scoring; numbers are canonical until an extractor says otherwise.
///
/// # Errors
/// When it cuts by a column that the dataset does not have.
pub(super) fn settings(workspace: &Workspace, dataset: &Dataset) -> Result<Settings, Failure> {
    let config = &workspace.config;
    let columns = dataset.slice_columns();
    for column in &config.score.slices {
        let known =
            matches!(column.as_str(), "kind" | "tags") || dataset.schema.field(column).is_some() || columns.contains(&column.as_str());
        if !known {
            return Err(Failure::invalid(anyhow!(
                "assay.toml: slices of [score] names {column:?}, which is neither kind, tags, a field, nor a column of the articles ({})",
                columns.join(", ")
            )));
        }
    }
    Ok(Settings {
        schema: dataset.schema.clone(),
        criteria: config.score.criteria.clone(),
        primary: config.score.primary,
        slices: config.score.slices.clone(),
        numbers: Numbers::Canonical,
        intervals: Some(IntervalSettings { resamples: config.score.resamples as u32, seed: config.run.seed }),
    })
}

/// What of an attempt is not scored, a note a reason.
pub(super) fn left_out(rescored: &Rescored<'_>) -> Vec<String> {
    let (unknown, changed): (Vec<&String>, Vec<&String>) = rescored.changed.iter().partition(|id| rescored.is_of_unknown_text(id));
    let reasons = [
        (changed, "has another text now"),
        (unknown, "was stored by an earlier version without the hash of its text, so that nobody knows whether it is the same; run again"),
        (rescored.gone.iter().collect(), "is no longer in the dataset"),
    ];
    let note = |(ids, why): (Vec<&String>, &str)| {
        const NAMED: usize = 5;
        let mut names: Vec<String> = ids.iter().take(NAMED).map(|id| cut(&shown(id), 40)).collect();
        names.extend((ids.len() > NAMED).then(|| format!("and {} more", ids.len() - NAMED)));
        let (run, articles) = (shown(&rescored.attempt.name), count(ids.len() as u64, "article"));
        (!ids.is_empty()).then(|| format!("note: {run}: {articles} left out, each {why}: {}", names.join(", ")))
    };
    reasons.into_iter().filter_map(note).collect()
}
