//! `run --repeat`: an extractor several times over the same articles.

use anyhow::anyhow;

use super::plan::Plan;
use super::{Ended, Place};
use crate::cli::exit::{Exit, Failure};
use crate::cli::explained;
use crate::cli::terminal::Terminal;
use crate::extract::{Answer, OutcomeClass};
use crate::report::repeats::repeats_screen;
use crate::report::terminal::count;
use crate::runs::{Repeat, RepeatOf, Repeats, RunArticle, by_article, dataset_inputs, repeats};
use crate::score::{ArticleInput, Evaluation, Settings};
use crate::workspace::ExtractorSettings;

/// Claims that flip on the screen; the JSON has all.
const MOST_FLIPS: usize = 10;

/// What the spread over repeats is made of: a run that answered every article.
pub(super) struct Kept {
    pub answers: Vec<Answer>,
    pub evaluation: Evaluation,
    pub settings: Settings,
}

impl Plan<'_> {
    /// The runs, and what they come to together. One that cannot start ends the repeats, and costs none of those before it.
    ///
    /// # Errors
    /// When the first one cannot start.
    pub fn repeat(&self, extractor: &ExtractorSettings, of: u32, is_first: bool, terminal: &mut Terminal<'_>) -> Result<Ended, Failure> {
        let mut ended = Ended::default();
        let (mut kept, mut group) = (Vec::new(), String::new());
        for index in 1..=of {
            let repeat = Repeat { index, of, group: group.clone() };
            let place = Place { is_first: is_first && ended.results.is_empty(), is_last: false };
            let done = match self.run(extractor, place, Some(&repeat), terminal) {
                Ok(done) => done,
                Err(failure) if index > 1 => {
                    writeln!(terminal.err, "{}", explained(&failure.error))?;
                    ended.exit = ended.exit.first(failure.exit);
                    break;
                }
                Err(failure) => return Err(failure),
            };
            ended.exit = ended.exit.first(done.exit);
            ended.results.push(done.result);
            ended.candidate = ended.candidate.or(done.candidate);
            kept.extend(done.kept);
            if group.is_empty() {
                group = done.stored.unwrap_or_default();
            }
            if matches!(done.exit, Exit::Interrupted | Exit::Error) {
                break;
            }
        }
        let whole = kept.len() as u64;
        let has_failed = kept.iter().flat_map(|kept: &Kept| &kept.answers).any(|answer| answer.outcome.class() == OutcomeClass::Failed);
        if whole == u64::from(of) && !has_failed {
            for index in 1..=of {
                self.forget_journals(extractor, index)?;
            }
        }
        ended.repeats = self.spread(&kept, of);
        match &ended.repeats {
            Some(repeats) if !self.args.json => {
                write!(terminal.out, "\n{}", repeats_screen(repeats, MOST_FLIPS))?;
                terminal.out.flush()?;
            }
            Some(_) => {}
            None => {
                let answered = format!("{} of {of} answered every article", count(whole, "repeat"));
                writeln!(terminal.err, "note: {}: nothing to say of the spread, for which it takes two: {answered}", extractor.id)?;
            }
        }
        Ok(ended)
    }

    fn spread(&self, kept: &[Kept], of: u32) -> Option<Repeats> {
        let columns: Vec<String> = self.dataset.slice_columns().into_iter().map(str::to_owned).collect();
        let inputs: Vec<Vec<ArticleInput<'_>>> =
            kept.iter().map(|kept| dataset_inputs(self.dataset, &self.articles, &by_article(&kept.answers), &columns)).collect();
        let articles: Vec<Vec<RunArticle<'_>>> =
            inputs.iter().map(|inputs| inputs.iter().map(|input| RunArticle { input, text: None }).collect()).collect();
        let sides: Vec<RepeatOf<'_>> = kept
            .iter()
            .zip(&articles)
            .map(|(kept, articles)| RepeatOf { articles, evaluation: &kept.evaluation, settings: &kept.settings })
            .collect();
        repeats(&sides, u64::from(of), self.dataset, self.settings.intervals)
    }
}

/// Says why repeats and gates do not go together.
///
/// # Errors
/// When gates are asked for.
pub(super) fn no_gates(repeat: Option<u32>, gates: bool) -> Result<(), Failure> {
    if repeat.is_some() && gates {
        return Err(Failure::usage(anyhow!(
            "gates judge one run, and --repeat makes several; leave out --gate and the profile that asks for it, and judge a stored run \
             with `assay gate RUN`"
        )));
    }
    Ok(())
}
