//! What the user is told of a run when it has ended.

use std::collections::BTreeSet;
use std::time::Duration;

use super::Place;
use super::plan::Plan;
use crate::cli::exit::{Exit, Failure};
use crate::cli::terminal::Terminal;
use crate::extract::{Finished, RunSpent};
use crate::report::repeats::repeat_line;
use crate::report::safe::shown;
use crate::report::terminal::{beside, count, dataset_line, run_screen, slices_with_intervals};
use crate::report::words::titled;
use crate::runs::Repeat;
use crate::score::Evaluation;
use crate::workspace::ExtractorSettings;

impl Plan<'_> {
    /// How the run ended, with a word to the user for each reason that is not good.
    pub fn exit(
        &self,
        extractor: &ExtractorSettings,
        repeat: Option<&Repeat>,
        evaluation: &Evaluation,
        finished: &Finished,
        terminal: &mut Terminal<'_>,
    ) -> Result<Exit, Failure> {
        let mut exit = Exit::Done;
        let account = &evaluation.result.articles;
        let of = repeat.map(|repeat| format!("repeat {} of {}: ", repeat.index, repeat.of)).unwrap_or_default();
        let mut say = |reason: Exit, words: String| -> Result<(), Failure> {
            exit = exit.first(reason);
            writeln!(terminal.err, "{of}{words}")?;
            Ok(())
        };
        if let Some(problem) = &finished.not_kept {
            let words = format!(
                "{}: stopped after {} of {} articles, for answers must not be paid for and lost: {}; make room, then --resume",
                extractor.id,
                account.total,
                self.articles.len(),
                shown(problem)
            );
            say(Exit::Error, words)?;
        } else if terminal.stop.load(std::sync::atomic::Ordering::Relaxed) && account.total < self.articles.len() as u64 {
            say(Exit::Interrupted, format!("interrupted: {} of {} articles were answered", account.total, self.articles.len()))?;
        } else if account.total < self.articles.len() as u64 {
            let why = finished.incomplete.as_deref().map(|why| format!(": {}", shown(why))).unwrap_or_default();
            let missing = self.articles.len() as u64 - account.total;
            say(Exit::Incomplete, format!("incomplete: {} without an answer{why}", count(missing, "article")))?;
        }
        if account.scored + account.failed == 0 {
            say(
                Exit::NothingEvaluated,
                format!("nothing was evaluated: none of {} is labelled and answered", count(self.articles.len() as u64, "article")),
            )?;
        }
        let attempted = account.scored + account.failed;
        let budget = self.workspace.config.run.error_budget;
        if attempted > 0 && account.failed as f64 > budget * attempted as f64 {
            let words =
                format!("{}: {} of {attempted} articles failed, over the budget of {:.1} %", extractor.id, account.failed, budget * 100.0);
            say(Exit::ErrorBudget, words)?;
            for line in failure_lines(evaluation, finished) {
                writeln!(terminal.err, "  {line}")?;
            }
        }
        Ok(exit)
    }

    /// The screen of the run; one line for one of several repeats.
    pub fn print(
        &self,
        evaluation: &Evaluation,
        (place, repeat): (Place, Option<&Repeat>),
        (took, spent): (Duration, &RunSpent),
        stored: Option<&str>,
        terminal: &mut Terminal<'_>,
    ) -> Result<(), Failure> {
        let result = &evaluation.result;
        if place.is_first {
            let languages: BTreeSet<&str> = self.articles.iter().map(|a| a.article.lang.as_str()).collect();
            let d = &result.dataset;
            write!(terminal.out, "{}", dataset_line(&d.name, &d.version, d.articles, languages.len(), d.gold_claims))?;
        }
        if let Some(repeat) = repeat {
            if repeat.index == 1 {
                writeln!(terminal.out, "\n{}", shown(&titled(&result.extractor.name, &result.extractor.version)))?;
            }
            write!(terminal.out, "{}", repeat_line(result, repeat, took, stored))?;
            terminal.out.flush()?;
            return Ok(());
        }
        write!(terminal.out, "\n{}{}", run_screen(result, Some((took, spent))), slices_with_intervals(result))?;
        if let Some(id) = stored {
            let next = if result.errors.get("missed").is_some_and(|e| e.count > 0) { "--missed" } else { "--by lang" };
            let (stored, next) = (format!("stored as {id}"), format!("next: assay show latest {next}"));
            writeln!(terminal.out, "\n{}", beside(&[&stored, &next], "     "))?;
        }
        terminal.out.flush()?;
        Ok(())
    }
}

/// The end of what the extractor said on its error output.
fn failure_lines(evaluation: &Evaluation, finished: &Finished) -> Vec<String> {
    let outcomes: Vec<String> = evaluation.result.articles.outcomes.iter().map(|(name, n)| format!("{n} {name}")).collect();
    let mut lines = vec![format!("outcomes: {}", outcomes.join(", "))];
    let tail: Vec<&str> = finished.stderr_tail.lines().rev().take(5).collect();
    if !tail.is_empty() {
        lines.push("the end of its error output:".to_owned());
        lines.extend(tail.into_iter().rev().map(|line| format!("  {}", shown(line))));
    }
    lines
}
