//! Which answers a run takes over, and where it keeps its own.

use std::collections::BTreeSet;

use anyhow::anyhow;
use jiff::Timestamp;

use super::plan::Plan;
use crate::claim::Article;
use crate::cli::exit::Failure;
use crate::cli::extractors::{Identified, identified};
use crate::cli::terminal::Terminal;
use crate::extract::answer_log::LogHead;
use crate::extract::keeping::{Cache, Journal, JournalInfo, Journals, KeepSettings, Keeping, Source};
use crate::extract::{Answer, Extractor, OutcomeClass};
use crate::report::safe::shown;
use crate::report::terminal::count;
use crate::runs::Repeat;
use crate::workspace::{ExtractorKind, ExtractorSettings};

/// The first repeat, and a run without repeats: a plain run may take the answers of the one for the other.
const FIRST: u32 = 1;

impl Plan<'_> {
    /// The extractor, with its answers kept where keeping is worth it: not those of a file, or of what is part of Assay.
    ///
    /// # Errors
    /// When a run that is to be resumed is of another version of the extractor, or the folders of `.assay` cannot be used.
    pub fn keeping(
        &self,
        (extractor, identity): (&ExtractorSettings, &str),
        repeat: Option<&Repeat>,
        program: Box<dyn Extractor>,
        terminal: &mut Terminal<'_>,
    ) -> Result<Keeping, Failure> {
        let mut settings =
            KeepSettings { identity: identity.to_owned(), repeat: repeat.map_or(FIRST, |repeat| repeat.index), ..KeepSettings::default() };
        if matches!(extractor.kind, ExtractorKind::Builtin | ExtractorKind::Predictions { .. }) {
            return Ok(Keeping::new(program, settings));
        }
        let head = LogHead {
            extractor: extractor.id.clone(),
            version: extractor.version.clone().unwrap_or_default(),
            identity: identity.to_owned(),
            repeat: repeat.map_or(0, |repeat| repeat.index),
            started: Timestamp::now().to_string(),
            ..LogHead::default()
        };
        settings.offline = self.args.offline;
        let is_cached = self.cache(&head, extractor, &mut settings, terminal)?;
        let (journal, resumed) = self.journal(&head, is_cached, terminal)?;
        settings.journal = journal;
        let resumes = resumed.is_some();
        settings.sources.splice(0..0, resumed);
        let keeping = Keeping::new(program, settings);
        if resumes && !self.args.dry_run {
            let texts: Vec<Article> = self.articles.iter().map(|record| record.article.clone()).collect();
            let (taken, of) = keeping.taken_over(&texts);
            let rest = if taken < of { format!(" of {of}: the others are to what is not asked now") } else { String::new() };
            writeln!(terminal.err, "note: {}: takes over {}{rest}", extractor.id, count(taken as u64, "answer"))?;
        }
        Ok(keeping)
    }

    /// Whether answers come from the cache or go there.
    fn cache(
        &self,
        head: &LogHead,
        extractor: &ExtractorSettings,
        settings: &mut KeepSettings,
        terminal: &mut Terminal<'_>,
    ) -> Result<bool, Failure> {
        let id = &extractor.id;
        if self.args.no_cache {
            return Ok(false);
        }
        let known_by = identified(self.workspace, extractor);
        if known_by == Identified::No {
            let note = "not cached, for nothing tells this program from an older one; name its files in `inputs`, or give it a `version`";
            settings.notes.push(note.to_owned());
            return Ok(false);
        }
        let cache = Cache::of(&self.workspace.root);
        if !self.args.refresh {
            match cache.read(id, &head.identity) {
                Ok(None) => {}
                Ok(Some(logged)) => {
                    if logged.damaged > 0 {
                        writeln!(terminal.err, "note: {id}: {} of the cache are damaged and not used", count(logged.damaged, "line"))?;
                    }
                    let source = Source::cache(logged);
                    if known_by == Identified::ByCommand && !source.is_empty() {
                        writeln!(
                            terminal.err,
                            "note: {id}: cached answers are those of the files on its command line; name others that it reads in `inputs`"
                        )?;
                    }
                    settings.sources.push(source);
                }
                Err(problem) => writeln!(terminal.err, "note: {id}: the cache is not used: {}", shown(&problem))?,
            }
        }
        if !self.args.dry_run {
            match cache.open(head) {
                Ok(log) => settings.cache = log,
                Err(error) => writeln!(terminal.err, "note: {id}: the cache is not used: {}", shown(&error.to_string()))?,
            }
        }
        Ok(true)
    }

    /// The journal, of the run that is resumed or a new one, and the answers of the run that is resumed. A dry run writes none.
    fn journal(&self, head: &LogHead, is_cached: bool, terminal: &mut Terminal<'_>) -> Result<(Option<Journal>, Option<Source>), Failure> {
        let id = &head.extractor;
        let journals = Journals::of(&self.workspace.root);
        let earlier = journals.of_extractor(id, head.repeat).map_err(|error| Failure::invalid(anyhow!(".assay/journal: {error}")))?;
        let begin = || Ok((if self.args.dry_run { None } else { Some(journals.begin(head)?) }, None));
        // Of several repeats, those that are over wait for the others.
        let is_open = |journal: &&JournalInfo| {
            !journal.logged.answers.is_empty() && (!journal.logged.ended || self.args.retry_errors || head.repeat > 0)
        };
        let open = earlier.iter().find(is_open);
        if !(self.args.resume || self.args.retry_errors) {
            if let Some(journal) = open.filter(|_| !is_cached && !self.args.dry_run) {
                let (answers, started) = (count(journal.logged.answers.len() as u64, "answer"), shown(&journal.logged.head.started));
                writeln!(terminal.err, "note: {id}: a run that began {started} was cut off after {answers}; --resume goes on from there")?;
            }
            return begin();
        }
        let Some(journal) = open else {
            writeln!(terminal.err, "note: {id}: there is no run to go on with")?;
            return begin();
        };
        let started = shown(&journal.logged.head.started).into_owned();
        if journal.logged.head.identity != head.identity {
            return Err(Failure::invalid(anyhow!(
                "{id}: the run that began {started} was made with other settings, files or variables of this extractor: its answers and new \
                 ones do not belong together. Undo the change, or leave out --resume to begin anew"
            )));
        }
        let log = if self.args.dry_run { None } else { journals.resume(journal)? };
        if log.is_none() && !self.args.dry_run {
            return begin();
        }
        let failed = journal.failed();
        let again = if self.args.retry_errors && failed > 0 { format!("; {failed} that failed are asked again") } else { String::new() };
        writeln!(terminal.err, "note: {id}: goes on with the run that began {started}{again}")?;
        Ok((log, Some(Source::journal(journal.logged.clone(), !self.args.retry_errors))))
    }

    /// The run is over: its journal is not needed any more, unless there is something to go on with.
    pub fn settle_journal(
        &self,
        extractor: &ExtractorSettings,
        repeat: Option<&Repeat>,
        journal: Option<Journal>,
        (answers, is_kept): (&[Answer], bool),
        terminal: &mut Terminal<'_>,
    ) -> Result<(), Failure> {
        let Some(journal) = journal else { return Ok(()) };
        if answers.len() < self.articles.len() || !is_kept {
            return Ok(());
        }
        let has_failed = answers.iter().any(|answer| answer.outcome.class() == OutcomeClass::Failed);
        let settled = if has_failed || repeat.is_some() {
            // Before it is let go of: a journal that a command holds is not removed.
            let forgotten = self.forget_journals(extractor, repeat.map_or(0, |repeat| repeat.index)).map_err(|error| error.to_string());
            journal.end().map_err(|error| error.to_string()).and(forgotten)
        } else {
            let discarded = journal.discard().map_err(|error| error.to_string());
            discarded.and_then(|()| self.forget_journals(extractor, 0).map_err(|error| error.to_string()))
        };
        if let Err(problem) = settled {
            writeln!(terminal.err, "note: {}: {}", extractor.id, shown(&problem))?;
        }
        Ok(())
    }

    /// Removes the journals of earlier runs over no other articles: a whole run has taken their place.
    pub fn forget_journals(&self, extractor: &ExtractorSettings, repeat: u32) -> std::io::Result<()> {
        let journals = Journals::of(&self.workspace.root);
        let own: BTreeSet<&str> = self.articles.iter().map(|record| record.article.id.as_str()).collect();
        let earlier = journals.of_extractor(&extractor.id, repeat)?;
        let is_superseded = |journal: &&JournalInfo| journal.logged.answers.values().all(|answer| own.contains(answer.article_id.as_str()));
        earlier.iter().filter(is_superseded).try_for_each(|journal| journals.remove(journal))
    }
}
