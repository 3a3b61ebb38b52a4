//! An extractor whose answers are kept as they come, and that is not asked again for what it has answered.
//!
//! Answers are taken from the [`Source`]s first: the journal of a run that died, and the [`Cache`]. Every new answer goes to the journal
//! before anything else happens to it, and every good one to the cache.

mod cache;
mod journal;
mod source;

use std::collections::HashMap;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

pub use cache::{Cache, CacheFile, Pruned};
pub use journal::{Earlier, Journal, JournalInfo, Journals};
pub use source::Source;

use super::answer::{Answer, OutcomeClass};
use super::answer_log::{AnswerKey, AnswerLog, LogError, LogLine};
use super::extractor::{Articles, Estimate, ExtractError, Extractor, Finished};
use super::sink::{About, Sink};
use crate::claim::Article;

/// The regular files of a folder of answers with their names and what the system knows of them; none where there is no folder.
fn files_of(folder: &Path) -> std::io::Result<Vec<(PathBuf, String, Metadata)>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry?;
        let meta = entry.metadata()?;
        if meta.is_file() {
            files.push((entry.path(), entry.file_name().to_string_lossy().into_owned(), meta));
        }
    }
    Ok(files)
}

/// What is asked for, and where answers are kept.
#[derive(Debug, Default)]
pub struct KeepSettings {
    /// What identifies the extractor.
    pub identity: String,
    /// Number of the repeat, from 1 on.
    pub repeat: u32,
    /// Where answers are looked up, the first one first.
    pub sources: Vec<Source>,
    /// Where every answer is kept.
    pub journal: Option<Journal>,
    /// Where good answers are kept.
    pub cache: Option<AnswerLog>,
    /// Whether nothing may be asked.
    pub offline: bool,
    /// What the user should know when something was asked.
    pub notes: Vec<String>,
}

/// See the [module](self).
pub struct Keeping {
    inner: Box<dyn Extractor>,
    settings: KeepSettings,
}

impl Keeping {
    /// Keeps the answers of `inner`.
    pub fn new(inner: Box<dyn Extractor>, settings: KeepSettings) -> Keeping {
        Keeping { inner, settings }
    }

    /// The articles that have to be asked about.
    pub fn asked<'a>(&self, articles: &'a [Article]) -> Vec<&'a Article> {
        articles.iter().filter(|article| self.recall(article, &self.keys(article)).is_none()).collect()
    }

    /// How many answers of journals are to these articles, and how many there are.
    pub fn taken_over(&self, articles: &[Article]) -> (usize, usize) {
        let of_journal = |number: &usize| !self.settings.sources[*number].is_cache();
        let taken =
            articles.iter().filter_map(|article| self.recall(article, &self.keys(article))).filter(|(source, _)| of_journal(source));
        let journals = self.settings.sources.iter().filter(|source| !source.is_cache());
        (taken.count(), journals.map(Source::len).sum())
    }

    /// Lets go of the cache.
    pub fn close_cache(&mut self) {
        self.settings.cache = None;
    }

    /// The journal, when the run is over.
    pub fn into_journal(self) -> Option<Journal> {
        self.settings.journal
    }

    fn keys(&self, article: &Article) -> Vec<AnswerKey> {
        let KeepSettings { identity, repeat, .. } = &self.settings;
        self.inner.sent(article).iter().map(|sent| AnswerKey::new(identity, sent, *repeat)).collect()
    }

    /// The answer that was given before, and the number of its source.
    fn recall(&self, article: &Article, keys: &[AnswerKey]) -> Option<(usize, Answer)> {
        self.settings.sources.iter().enumerate().find_map(|(number, source)| Some((number, source.answer(keys, &article.id)?)))
    }
}

impl Extractor for Keeping {
    fn extract(&mut self, articles: &mut Articles<'_>, sink: &dyn Sink, stop: &AtomicBool) -> Result<Finished, ExtractError> {
        let KeepSettings { sources, journal, cache, offline, .. } = &self.settings;
        if sources.is_empty() && journal.is_none() && cache.is_none() && !offline {
            // Keys would cost as much as the answers of the fastest extractors.
            return self.inner.extract(articles, sink, stop);
        }
        let (mut known, mut asked, mut keys) = (Vec::new(), Vec::new(), HashMap::new());
        for article in articles {
            let of_article = self.keys(&article);
            match self.recall(&article, &of_article) {
                Some((source, answer)) => known.push((source, Answer { article_id: article.id, ..answer })),
                None => {
                    keys.insert(article.id.clone(), of_article);
                    asked.push(article);
                }
            }
        }
        // What the extractor said of itself when it gave the answers.
        let about = known.iter().find_map(|(source, _)| self.settings.sources[*source].about.clone());
        about.iter().for_each(|about| sink.about(about));
        known.into_iter().for_each(|(_, answer)| sink.answer(answer));

        let mut finished = if asked.is_empty() {
            Finished::default()
        } else if self.settings.offline {
            let mut unanswered: Vec<String> = asked.into_iter().map(|article| article.id).collect();
            unanswered.sort_unstable();
            let incomplete = Some("--offline asks nothing, and the cache has no answer for them".to_owned());
            Finished { unanswered, incomplete, ..Finished::default() }
        } else {
            let logs =
                Logs { journal: self.settings.journal.as_mut().map(|journal| &mut journal.log), cache: self.settings.cache.as_mut() };
            let keeper = Keeper { keys, state: Mutex::new((logs, Troubles::default())), sink, stop };
            let finished = self.inner.extract(&mut asked.into_iter(), &keeper, stop);
            let (mut logs, mut troubles) = keeper.state.into_inner().unwrap_or_else(PoisonError::into_inner);
            if let Some(Err(error)) = logs.journal.take().map(AnswerLog::sync) {
                troubles.journal.get_or_insert(error);
            }
            if let Some(Err(error)) = logs.cache.take().map(AnswerLog::sync) {
                troubles.cache.get_or_insert(error);
            }
            let mut finished = finished?;
            finished.not_kept = troubles.journal.map(|error| error.to_string());
            finished.notes.append(&mut self.settings.notes);
            finished.notes.extend(troubles.cache.map(|error| format!("{error}; the cache is left out from here on")));
            finished
        };
        let about = about.unwrap_or_default();
        let numbers = [finished.numbers, about.numbers].map(|numbers| numbers.map(|numbers| numbers.name().to_owned()));
        let pairs = [
            ("version", &finished.version, &about.version),
            ("name", &finished.name, &about.name),
            ("way of writing numbers", &numbers[0], &numbers[1]),
        ];
        for (what, now, then) in pairs {
            if let (Some(now), Some(then)) = (now, then)
                && now != then
            {
                let words = format!(
                    "the extractor gives its {what} as {now:?}, and answers that were kept are of {then:?}; --refresh asks again for all"
                );
                finished.notes.push(words);
            }
        }
        finished.name = finished.name.or(about.name);
        finished.version = finished.version.or(about.version);
        finished.numbers = finished.numbers.or(about.numbers);
        Ok(finished)
    }

    fn estimate(&self, article: &Article) -> Option<Estimate> {
        self.inner.estimate(article)
    }

    fn sent(&self, article: &Article) -> Vec<Vec<u8>> {
        self.inner.sent(article)
    }
}

struct Logs<'a> {
    journal: Option<&'a mut AnswerLog>,
    cache: Option<&'a mut AnswerLog>,
}

/// What went wrong while keeping.
#[derive(Default)]
struct Troubles {
    journal: Option<LogError>,
    cache: Option<LogError>,
}

/// Keeps each answer, then hands it on.
struct Keeper<'a> {
    /// By article id: the key of each way of asking.
    keys: HashMap<String, Vec<AnswerKey>>,
    state: Mutex<(Logs<'a>, Troubles)>,
    sink: &'a dyn Sink,
    stop: &'a AtomicBool,
}

impl Keeper<'_> {
    fn keep(&self, is_good: bool, line: serde_json::Result<LogLine>) {
        // Names, texts and finite numbers are always JSON.
        let Ok(line) = line else { return };
        let mut state: MutexGuard<'_, _> = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (logs, troubles) = &mut *state;
        if let Some(Err(error)) = logs.journal.as_mut().map(|log| log.keep(&line)) {
            // Answers that cannot be kept must not be paid for.
            troubles.journal.get_or_insert(error);
            logs.journal = None;
            self.stop.store(true, Ordering::Relaxed);
        }
        if is_good && let Some(Err(error)) = logs.cache.as_mut().map(|log| log.keep(&line)) {
            troubles.cache.get_or_insert(error);
            logs.cache = None;
        }
    }
}

impl Sink for Keeper<'_> {
    fn about(&self, about: &About) {
        self.keep(true, LogLine::about(about));
        self.sink.about(about);
    }

    fn answer(&self, answer: Answer) {
        if let Some(key) = self.keys.get(&answer.article_id).and_then(|keys| keys.get(answer.way)) {
            self.keep(answer.outcome.class() == OutcomeClass::Scored, LogLine::answer(*key, &answer));
        }
        self.sink.answer(answer);
    }
}
