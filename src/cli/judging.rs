//! From attempts to documents with gates judged: what `gate`, `run --gate` and `report` share.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::anyhow;

use super::attempts::{attempt, baseline_attempt, main_extractor};
use super::compare::paired_settings;
use super::exit::{Exit, Failure};
use super::rescoring::{Rescoring, left_out};
use super::terminal::Terminal;
use crate::files;
use crate::report::Format;
use crate::report::document::{ArticlePage, Document, ItemChange, RunInfo};
use crate::report::safe::shown;
use crate::runs::{
    self, Attempt, ClaimChange, ClaimView, Comparison, GateProblem, GateReport, GateVerdict, Judged, JudgedRun, Rescored, Store,
    TrendPoint, article_pages, compare, gate_report, judge, not_run,
};
use crate::workspace::{Gate, GateLevel, Workspace, from_repository};

/// A run that is to be shown: its answers, and what is known beside them.
pub(super) struct Candidate {
    /// What it answered.
    pub attempt: Attempt,
    /// For the report.
    pub head: RunInfo,
}

/// What a run is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Against {
    /// The baseline of its extractor.
    Baseline,
    /// A run that is named.
    Run(String),
    /// Nothing.
    Nothing,
}

/// Documents of runs, the gates over all of them, and how the command ends.
pub(super) struct Verdicts {
    /// A document a run, in the order of the runs.
    pub documents: Vec<Document>,
    /// All gates.
    pub gates: GateReport,
    /// For people: articles of the runs and of what they are compared with that are in no number.
    pub left_out: Vec<String>,
    /// Gates that ask for what is not there; they are in no document.
    problems: Vec<GateProblem>,
    /// Exit 7 where a gate needs a baseline that is missing or has nothing in common, 4 where none was evaluated, 100 where one failed.
    pub exit: Exit,
}

/// Scores runs on the gold of today, compares each, and judges the gates that are about its extractor.
///
/// # Errors
/// When a run to compare with does not exist, or cannot be read.
pub(super) fn verdicts(
    workspace: &Workspace,
    rescoring: &Rescoring,
    candidates: &[Candidate],
    against: &Against,
) -> Result<Verdicts, Failure> {
    let main = main_extractor(workspace)?;
    let (mut documents, mut lines, mut problems) = (Vec::new(), Vec::new(), Vec::new());
    let (mut left_out_of_all, mut runs) = (Vec::new(), Vec::new());
    let mut exit = Exit::Done;
    for candidate in candidates {
        let extractor = candidate.attempt.extractor.name.as_str();
        let gates: Vec<&Gate> = gates_about(workspace, extractor, main);
        let run = rescoring.of(&candidate.attempt);
        let base = base(workspace, extractor, against, needs_baseline(&gates))?;
        let rescored = base.as_ref().map(|attempt| rescoring.of(attempt)).map_err(Clone::clone);
        left_out_of_all.extend([Some(&run), rescored.as_ref().ok()].into_iter().flatten().flat_map(left_out));
        let settings = paired_settings(workspace, None, None);
        let compared =
            rescored.as_ref().map_err(Clone::clone).and_then(|base| compare(base, &run, settings).map_err(|error| error.to_string()));
        let baseline = match (&rescored, &compared) {
            (Ok(base), Ok(comparison)) => Ok((base, comparison)),
            (Err(why), _) | (_, Err(why)) => Err(why.clone()),
        };
        if baseline.is_err() && needs_baseline(&gates) {
            exit = exit.first(Exit::BaselineMissing);
        }
        let judged = Judged { extractor, run: &run, baseline, settings };
        let own = judge(&gates, &judged).unwrap_or_else(|found| {
            problems.extend(found);
            Vec::new()
        });
        let result = &run.evaluation.result;
        let of_run = JudgedRun {
            run: candidate.attempt.name.clone(),
            extractor: extractor.to_owned(),
            version: result.extractor.version.clone(),
            selection: candidate.attempt.selection.clone(),
            articles: result.articles.scored + result.articles.failed,
            against: compared.as_ref().ok().map(|comparison| comparison.base.run.clone()),
            compared: compared.as_ref().ok().map(|comparison| comparison.articles.compared),
        };
        lines.extend(own.iter().cloned());
        let gates = if own.is_empty() { None } else { Some(gate_report(vec![of_run.clone()], own)) };
        runs.push(of_run);
        documents.push(document(workspace, candidate, &run, compared, gates, against));
    }
    for extractor in not_among(workspace, candidates, main) {
        lines.extend(not_run(&gates_about(workspace, &extractor, main), &extractor));
    }
    let gates = gate_report(runs, lines);
    // The main extractor is what a server is told of, with the gates of all.
    documents.sort_by_key(|document| document.result.extractor.name != main);
    if let [first, _, ..] = documents.as_mut_slice() {
        first.gates = Some(gates.clone());
    }
    exit = match gates.verdict {
        GateVerdict::Fail => exit.first(Exit::GateFailed),
        GateVerdict::NotEvaluated => exit.first(Exit::NothingEvaluated),
        GateVerdict::Pass | GateVerdict::Warn => exit,
    };
    Ok(Verdicts { documents, gates, left_out: left_out_of_all, problems, exit })
}

impl Verdicts {
    /// The verdicts, where every gate asks for what there is.
    ///
    /// # Errors
    /// All gates that do not.
    pub fn checked(mut self) -> Result<Verdicts, Failure> {
        let problems = std::mem::take(&mut self.problems);
        if problems.is_empty() { Ok(self) } else { Err(not_there(problems)) }
    }

    /// Tells of gates that are in no report because they ask for what is not there.
    ///
    /// # Errors
    /// When the stream cannot be written.
    pub fn warn_of_gates(&self, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
        self.problems.iter().try_for_each(|problem| Ok(writeln!(terminal.err, "warning: assay.toml: {}", shown(&problem.to_string()))?))
    }
}

/// Whether every gate asks for what there is, before a night is spent on a run.
///
/// # Errors
/// All gates that do not.
pub(super) fn check_gates(workspace: &Workspace, rescoring: &Rescoring) -> Result<(), Failure> {
    let nothing = Attempt::default();
    let run = rescoring.of(&nothing);
    let judged = Judged { extractor: "", run: &run, baseline: Err(String::new()), settings: paired_settings(workspace, None, None) };
    let all: Vec<&Gate> = workspace.config.gates.iter().collect();
    judge(&all, &judged).map(drop).map_err(not_there)
}

fn not_there(problems: Vec<GateProblem>) -> Failure {
    let mut lines: Vec<String> = problems.iter().map(|problem| format!("assay.toml: {problem}")).collect();
    lines.dedup();
    Failure::invalid(anyhow!(lines.join("\n")))
}

fn gates_about<'w>(workspace: &'w Workspace, extractor: &str, main: &str) -> Vec<&'w Gate> {
    let is_about = |gate: &&Gate| match gate.extractor.as_deref() {
        None => extractor == main,
        Some("*") => true,
        Some(id) => id == extractor,
    };
    workspace.config.gates.iter().filter(is_about).collect()
}

/// Whether the verdict rests on a baseline.
fn needs_baseline(gates: &[&Gate]) -> bool {
    gates.iter().any(|gate| gate.level == GateLevel::Fail && (gate.max_drop.is_some() || gate.metric.starts_with("newly_")))
}

/// Extractors that gates name and that have no run here.
fn not_among(workspace: &Workspace, candidates: &[Candidate], main: &str) -> Vec<String> {
    let named = workspace.config.gates.iter().map(|gate| gate.extractor.as_deref().unwrap_or(main)).filter(|id| *id != "*");
    let has_run = |id: &&str| candidates.iter().any(|candidate| candidate.attempt.extractor.name == *id);
    let mut missing: Vec<String> = named.filter(|id| !has_run(id)).map(str::to_owned).collect();
    missing.sort_unstable();
    missing.dedup();
    missing
}

/// What to compare with; why there is nothing, in words.
fn base(workspace: &Workspace, extractor: &str, against: &Against, needed: bool) -> Result<Result<Attempt, String>, Failure> {
    match against {
        Against::Nothing => Ok(Err("no run to compare with was asked for".to_owned())),
        Against::Run(name) => attempt(workspace, name).map(Ok),
        Against::Baseline => match baseline_attempt(workspace, extractor) {
            Ok(attempt) => Ok(Ok(attempt)),
            Err(failure) if failure.exit == Exit::BaselineMissing || !needed => Ok(Err(failure.error.to_string())),
            Err(failure) => Err(failure),
        },
    }
}

fn document(
    workspace: &Workspace,
    candidate: &Candidate,
    run: &Rescored<'_>,
    compared: Result<Comparison, String>,
    gates: Option<GateReport>,
    against: &Against,
) -> Document {
    let (comparison, no_comparison) = match compared {
        Ok(comparison) => (Some(comparison), None),
        Err(why) => (None, Some(why).filter(|_| *against != Against::Nothing)),
    };
    let mut articles = article_pages(&run.run_articles(), &run.evaluation, &run.settings, run.dataset);
    if let Some(comparison) = &comparison {
        mark_changes(&mut articles, comparison);
    }
    Document {
        format: 1,
        workspace: workspace.config.name.clone(),
        run: candidate.head.clone(),
        result: run.evaluation.result.clone(),
        gates,
        comparison,
        no_comparison,
        trend: trend(workspace, run),
        claims_file: from_repository(&workspace.root, &format!("{}/claims.csv", workspace.config.dataset.path)),
        articles,
    }
}

/// The primary F1 of the extractor over its stored runs. It stands beside the verdict and decides nothing: where the runs cannot be
/// read, `assay runs` says why.
fn trend(workspace: &Workspace, run: &Rescored<'_>) -> Vec<TrendPoint> {
    const NEWEST: usize = 50;
    let entries = Store::open(&workspace.root).entries().unwrap_or_default();
    let heads: Vec<runs::RunHead> = entries.into_iter().filter_map(|entry| entry.head.ok()).collect();
    let metric = format!("criteria.{}.f1", run.settings.primary);
    let extractor = run.attempt.extractor.name.as_str();
    let trends = runs::history(&heads, &metric, None).ok().and_then(|history| runs::trends(&history, Some(extractor), NEWEST).ok());
    trends.into_iter().flatten().next().map(|trend| trend.points).unwrap_or_default()
}

/// Says of each claim of the pages how it differs from the run that was compared against.
fn mark_changes(articles: &mut [ArticlePage], comparison: &Comparison) {
    let changes = &comparison.changes;
    let lists: [(&[ClaimChange], ItemChange); 5] = [
        (&changes.newly_right_field, ItemChange::NewlyRightField),
        (&changes.newly_wrong_field, ItemChange::NewlyWrongField),
        (&changes.newly_found, ItemChange::NewlyFound),
        (&changes.newly_missed, ItemChange::NewlyMissed),
        (&changes.newly_spurious, ItemChange::NewlySpurious),
    ];
    // Looked up, not searched for: an article may have tens of thousands of claims, and as many changes. An extractor may call several
    // claims the same. A later list stands over an earlier one.
    type Key<'k> = (&'k str, &'k str, &'k [(u32, u32)]);
    fn key<'k>(article_id: &'k str, claim: &'k ClaimView) -> Key<'k> {
        (article_id, &claim.name, &claim.fragments)
    }
    let (mut of_gold, mut of_spurious) = (BTreeMap::new(), BTreeMap::new());
    for (list, kind) in lists {
        let changed = if kind == ItemChange::NewlySpurious { &mut of_spurious } else { &mut of_gold };
        changed.extend(list.iter().map(|change| (key(&change.article_id, &change.claim), kind)));
    }
    for ArticlePage { id, items, .. } in articles {
        for item in items {
            let found = match (&item.gold, &item.predicted) {
                (Some(gold), _) => of_gold.get(&key(id, gold)),
                (None, Some(predicted)) => of_spurious.get(&key(id, predicted)),
                (None, None) => None,
            };
            item.change = found.copied();
        }
    }
}

/// The format that the name of a report's file asks for.
///
/// # Errors
/// When no format has that extension.
pub(super) fn format_of(path: &Path) -> Result<Format, Failure> {
    Format::of_path(path)
        .ok_or_else(|| Failure::usage(anyhow!("{}: no format has this extension; write {}", files::shown_path(path), Format::EXTENSIONS)))
}

/// Writes a document as each of the files.
///
/// # Errors
/// When a file cannot be written.
pub(super) fn write_reports(document: &Document, outputs: &[(PathBuf, Format)], terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    for (path, format) in outputs {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|error| anyhow!("{}: {error}", files::shown_path(folder)))?;
        }
        files::write_whole(path, &format.render(document)?).map_err(|error| anyhow!("{}: {error}", files::shown_path(path)))?;
        writeln!(terminal.err, "wrote {}", files::shown_path(path))?;
    }
    Ok(())
}
