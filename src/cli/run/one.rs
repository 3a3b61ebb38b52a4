//! One extractor's run.

use std::sync::atomic::Ordering;
use std::time::Instant;

use jiff::Timestamp;

use super::plan::{Plan, incomplete_selection};
use super::repeated::Kept;
use super::{Done, Place};
use crate::cli::exit::{Exit, Failure};
use crate::cli::extractors;
use crate::cli::judging::Candidate;
use crate::cli::terminal::Terminal;
use crate::dataset::ArticleRecord;
use crate::extract::keeping::{Cache, Journal};
use crate::extract::{Messages, Numbers, RunSpent, oddities};
use crate::report::document::RunInfo;
use crate::report::safe::shown;
use crate::runs::{Attempt, NewRun, Repeat, RunArticle, Store, by_article, dataset_inputs};
use crate::score::result::{DatasetInfo, ExtractorInfo};
use crate::score::{Provenance, Settings, evaluate_with};
use crate::workspace::ExtractorSettings;

impl Plan<'_> {
    /// From the articles to the scores, stored and printed.
    pub fn run(
        &self,
        extractor: &ExtractorSettings,
        place: Place,
        repeat: Option<&Repeat>,
        terminal: &mut Terminal<'_>,
    ) -> Result<Done, Failure> {
        let who = repeat.map_or_else(|| extractor.id.clone(), |r| format!("{}, repeat {} of {}", extractor.id, r.index, r.of));
        let started = (Timestamp::now(), Instant::now());
        let program = extractors::open(self.workspace, extractor, &self.reach(terminal))?;
        let fingerprint = extractors::fingerprint(self.workspace, extractor)?;
        let mut program = self.keeping((extractor, &fingerprint), repeat, program, terminal)?;
        let collected = self.collect(&who, &mut program, terminal);
        let (answers, finished) = match collected {
            Ok(collected) => collected,
            Err(failure) => {
                program.into_journal().map_or(Ok(()), Journal::not_begun)?;
                return Err(failure);
            }
        };
        if extractors::fingerprint(self.workspace, extractor).is_ok_and(|now| now != fingerprint) {
            let words = "its files were changed while it ran: the run holds answers of both, and none of them is cached";
            writeln!(terminal.err, "note: {who}: {words}")?;
            program.close_cache();
            Cache::of(&self.workspace.root).forget(&extractor.id, &fingerprint)?;
        }
        if finished.not_kept.is_some() {
            // It was not the user who stopped it.
            terminal.stop.store(false, Ordering::Relaxed);
        }
        for note in &finished.notes {
            writeln!(terminal.err, "note: {who}: {}", shown(note))?;
        }
        for line in Messages::of(&answers).lines() {
            writeln!(terminal.err, "note: {who}: {line}")?;
        }
        let took = started.1.elapsed();
        let spent = RunSpent::of(answers.iter().map(|answer| &answer.spent));
        let numbers = finished.numbers.unwrap_or(extractor.numbers);
        let settings = Settings { numbers, ..self.settings.clone() };
        for line in oddities(&settings.schema, &answers, numbers == Numbers::Local) {
            writeln!(terminal.err, "note: {who}: {line}")?;
        }
        let answered = by_article(&answers);
        // What is not answered yet is neither right nor wrong: the run says that it is incomplete.
        let articles: Vec<&ArticleRecord> =
            self.articles.iter().filter(|a| answered.contains_key(a.article.id.as_str())).copied().collect();
        let selection = if articles.len() < self.articles.len() {
            incomplete_selection(&self.selection, articles.len(), self.articles.len())
        } else {
            self.selection.clone()
        };
        // The outcome table keeps every column; the result is cut by those of the settings.
        let columns: Vec<String> = self.dataset.slice_columns().into_iter().map(str::to_owned).collect();
        let inputs = dataset_inputs(self.dataset, &articles, &answered, &columns);
        let provenance = Provenance {
            dataset: DatasetInfo {
                name: self.dataset.meta.name.clone(),
                version: self.dataset.meta.version.clone(),
                hash: self.dataset_hash.clone(),
                ..DatasetInfo::default()
            },
            extractor: ExtractorInfo { name: extractor.id.clone(), version: extractors::version(extractor, &finished), fingerprint },
            selection: selection.clone(),
        };
        let evaluation = evaluate_with(&inputs, &settings, self.args.ci.intervals(), &provenance);
        let stored = if self.args.no_store || articles.is_empty() {
            Ok(None)
        } else {
            let texts = articles.iter().map(|record| &*record.article.text);
            let rows: Vec<RunArticle<'_>> = inputs.iter().zip(texts).map(|(input, text)| RunArticle { input, text: Some(text) }).collect();
            let new = NewRun {
                articles: &rows,
                evaluation: &evaluation,
                settings: &settings,
                extractor: extractors::description(extractor),
                selection: &selection,
                repeat: repeat.cloned(),
                started: started.0,
                finished: Timestamp::now(),
                wall_time: started.1.elapsed(),
                notes: &finished.notes,
            };
            Store::open(&self.workspace.root).save(&new).map(|run| Some(run.id))
        };
        // The numbers may have taken a night: they are printed all the same.
        let (stored, storing) = match stored {
            Ok(id) => (id, Exit::Done),
            Err(error) => {
                writeln!(terminal.err, "error: {}", shown(&error.to_string()))?;
                (None, Exit::Error)
            }
        };
        let exit = self.exit(extractor, repeat, &evaluation, &finished, terminal)?.first(storing);
        self.settle_journal(extractor, repeat, program.into_journal(), (&answers, storing == Exit::Done), terminal)?;
        if !self.args.json {
            self.print(&evaluation, (place, repeat), (took, &spent), stored.as_deref(), terminal)?;
        }
        drop(inputs);
        // Reports are of one run: where there are several repeats, of the first.
        let candidate = (self.keeps_answers && repeat.is_none_or(|repeat| repeat.index == 1)).then(|| {
            let name = stored.clone().unwrap_or_else(|| "this run".to_owned());
            let head = RunInfo {
                id: stored.clone().unwrap_or_default(),
                started: started.0.to_string(),
                finished: Timestamp::now().to_string(),
                wall_time_s: took.as_secs_f64(),
                selection,
                extractor: extractors::description(extractor),
                spent,
                ..RunInfo::default()
            };
            let with_texts = articles.iter().filter_map(|a| Some((*answered.get(a.article.id.as_str())?, &*a.article.text)));
            Candidate { attempt: Attempt::of_answers(&name, &evaluation.result, &head, numbers, with_texts), head }
        });
        let result = evaluation.result.clone();
        let is_whole = articles.len() == self.articles.len();
        let kept = if repeat.is_some() && is_whole {
            Some(Kept { answers, evaluation, settings })
        } else {
            if place.is_last {
                // As the dataset: they are given back with the process, at once.
                std::mem::forget((answers, evaluation.articles));
            }
            None
        };
        Ok(Done { exit, result, candidate, stored, kept })
    }
}
