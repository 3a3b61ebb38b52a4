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
        let (journal, resumed) = self.journal(&head, (extractor, is_cached), terminal)?;
        settings.journal = journal;
        let resumes = !resumed.is_empty();
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

    /// The journal, of the run that is resumed or a new one, and the answers of runs that are resumed. A dry run writes none.
    ///
    /// # Errors
    /// When there is a run to go on with and it cannot be: it is of another version, another command has it, or its file cannot be read.
    fn journal(
        &self,
        head: &LogHead,
        (extractor, is_cached): (&ExtractorSettings, bool),
        terminal: &mut Terminal<'_>,
    ) -> Result<(Option<Journal>, Vec<Source>), Failure> {
        let id = &head.extractor;
        let journals = Journals::of(&self.workspace.root);
        let resumes = self.args.resume || self.args.retry_errors;
        if !resumes && (is_cached || self.args.dry_run) {
            // The cache has the answers of earlier runs: nobody needs to be told of them, and reading journals takes time.
            return Ok((self.new_journal(&journals, head, terminal)?, Vec::new()));
        }
        let earlier = journals.of_extractor(id, head.repeat).map_err(|error| Failure::invalid(anyhow!(".assay/journal: {error}")))?;
        // Of several repeats, those that are over wait for the others.
        let is_open = |journal: &&JournalInfo| {
            !journal.logged.answers.is_empty() && (!journal.logged.ended || self.args.retry_errors || head.repeat > 0)
        };
        let mut open = earlier.journals.iter().filter(is_open);
        let newest = open.next();
        if !resumes {
            if let Some(journal) = newest {
                let (answers, started) = (count(journal.logged.answers.len() as u64, "answer"), shown(&journal.logged.head.started));
                writeln!(terminal.err, "note: {id}: a run that began {started} was cut off after {answers}; --resume goes on from there")?;
            }
            return Ok((self.new_journal(&journals, head, terminal)?, Vec::new()));
        }
        if !earlier.unreadable.is_empty() {
            let files = earlier.unreadable.join("\n");
            return Err(Failure::invalid(anyhow!("{id}: an earlier run cannot be gone on with:\n{files}\nremove the file to begin anew")));
        }
        let held = || Failure::invalid(anyhow!("{id}: another command is at this run; wait for its end"));
        let Some(journal) = newest else {
            if earlier.held > 0 {
                return Err(held());
            }
            writeln!(terminal.err, "note: {id}: there is no run to go on with")?;
            return Ok((self.new_journal(&journals, head, terminal)?, Vec::new()));
        };
        let started = shown(&journal.logged.head.started).into_owned();
        if journal.logged.head.identity != head.identity {
            return Err(Failure::invalid(anyhow!(
                "{id}: the run that began {started} was made with other settings, files or variables of this extractor: its answers and new \
                 ones do not belong together. Undo the change, or leave out --resume to begin anew"
            )));
        }
        let mut log = None;
        if !self.args.dry_run {
            let mut own = journals.resume(journal)?.ok_or_else(held)?;
            let asked: BTreeSet<&str> = self.articles.iter().map(|record| record.article.id.as_str()).collect();
            own.reaches_further = journal.logged.answers.values().any(|answer| !asked.contains(answer.article_id.as_str()));
            log = Some(own);
        }
        let failed = journal.failed();
        let again = if self.args.retry_errors && failed > 0 { format!("; {failed} that failed are asked again") } else { String::new() };
        writeln!(terminal.err, "note: {id}: goes on with the run that began {started}{again}")?;
        // Older ones are of the same program where that is known.
        let is_known = identified(self.workspace, extractor) != Identified::No;
        let older = open.filter(|older| is_known && older.logged.head.identity == head.identity);
        let all: Vec<&JournalInfo> = std::iter::once(journal).chain(older).collect();
        let damaged: u64 = all.iter().map(|journal| journal.logged.damaged).sum();
        if damaged > 0 {
            writeln!(terminal.err, "note: {id}: {} of the journal are damaged and not used", count(damaged, "line"))?;
        }
        Ok((log, all.into_iter().map(|journal| Source::journal(journal.logged.clone(), !self.args.retry_errors)).collect()))
    }

    /// A new journal, where something may be asked. A run that is not stored goes on without one where there is no room for it.
    fn new_journal(&self, journals: &Journals, head: &LogHead, terminal: &mut Terminal<'_>) -> Result<Option<Journal>, Failure> {
        if self.args.dry_run || self.args.offline {
            return Ok(None);
        }
        match journals.begin(head) {
            Ok(journal) => Ok(Some(journal)),
            Err(error) if self.args.no_store => {
                writeln!(terminal.err, "note: {}: {}; the run cannot be resumed", head.extractor, shown(&error.to_string()))?;
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
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
        if answers.len() < self.articles.len() || !is_kept || journal.reaches_further {
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
        let earlier = journals.of_extractor(&extractor.id, repeat)?.journals;
        let is_superseded = |journal: &&JournalInfo| journal.logged.answers.values().all(|answer| own.contains(answer.article_id.as_str()));
        earlier.iter().filter(is_superseded).try_for_each(|journal| journals.remove(journal))
    }
}
