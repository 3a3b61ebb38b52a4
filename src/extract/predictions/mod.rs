//! Answers that are already made: JSONL, CSV or Parquet.
//!
//! In JSONL an article without a line was not answered, which is a failure: an absent answer is not "found nothing", and a
//! file without lines is an error. ([`Missing`] changes both: then it is an empty answer.) A table has no way to say "no
//! claims" but to have no row, so there it is an empty answer. How many such articles there are is noted. Articles that nobody asked for are an error, or dropped and counted ([`Extra`]).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use rustc_hash::{FxHashMap, FxHashSet};

use super::answer::{Answer, LocationCounts, Outcome};
use super::extractor::{Articles, ExtractError, Extractor, Finished};
use super::locate::{locate_answer, take_places_as_written};
use super::sink::Sink;
use crate::anchor::OffsetUnit;
use crate::claim::{Article, nearest};
use crate::files;
use crate::formats::claim_rows;
use crate::formats::jsonl::{self, RawClaims, Reading, RecordedError, SHOWN};
use crate::problem::{FirstProblems, Problems, Rule};
use crate::report::safe::quoted;

/// Where the answers are, and what to do with unexpected ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PredictionsSettings {
    /// The file; `.csv` and `.tsv` are tables, `.parquet` is Parquet, everything else is JSONL.
    pub path: PathBuf,
    /// What to do with answers for articles that were not asked.
    pub extra: Extra,
}

/// Answers for articles that were not asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extra {
    /// An error: the answers are probably for other data.
    #[default]
    Error,
    /// Dropped, and counted in a note.
    Ignore,
}

/// Articles without an answer in a JSONL file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missing {
    /// Not answered, which is a failure.
    #[default]
    Failed,
    /// Answered with no claims.
    Empty,
}

/// An extractor that reads its answers from a file.
#[derive(Clone, Debug)]
pub struct Predictions {
    settings: PredictionsSettings,
    missing: Missing,
    without_text: BTreeSet<String>,
    known: BTreeSet<String>,
}

impl Predictions {
    /// Answers from a file; missing ones are failures.
    pub fn new(settings: PredictionsSettings) -> Self {
        Predictions { settings, missing: Missing::Failed, without_text: BTreeSet::new(), known: BTreeSet::new() }
    }

    /// The same with another reading of articles without a line.
    #[must_use]
    pub fn with_missing(self, missing: Missing) -> Self {
        Predictions { missing, ..self }
    }

    /// The same with the ids of articles whose text is not at hand: offsets in their answers are taken as they are. The text of
    /// every other article is known, also when it is empty.
    #[must_use]
    pub fn without_text(self, without_text: BTreeSet<String>) -> Self {
        Predictions { without_text, ..self }
    }

    /// The same with the ids of articles that may have answers without being asked: those of a dataset of which a part is asked.
    /// Their answers are dropped.
    #[must_use]
    pub fn with_known(self, known: BTreeSet<String>) -> Self {
        Predictions { known, ..self }
    }
}

/// One article's answer as the file has it.
struct Entry<'a> {
    id: &'a str,
    line: u64,
    content: Result<&'a RawClaims<'a>, &'a RecordedError>,
}

impl Extractor for Predictions {
    fn extract(&mut self, articles: &mut Articles<'_>, sink: &dyn Sink, stop: &AtomicBool) -> Result<Finished, ExtractError> {
        let file = files::shown_path(&self.settings.path);
        let bytes = files::read(&self.settings.path, files::MAX_TABLE)
            .map_err(|source| ExtractError::Read { file: file.clone(), source: Box::new(source) })?;
        let articles: Vec<Article> = articles.collect();
        match extension(&self.settings.path).as_str() {
            "csv" | "tsv" => {
                let table = claim_rows::from_csv(&file, bytes, Reading::Predictions)?;
                self.of_table(&file, &table, &articles, sink, stop)
            }
            "parquet" => {
                let table = claim_rows::from_parquet(&file, bytes, Reading::Predictions)?;
                self.of_table(&file, &table, &articles, sink, stop)
            }
            _ => {
                let read = jsonl::read(&bytes, Reading::Predictions, &file)?;
                let entries = read
                    .records
                    .iter()
                    .map(|r| Entry { id: &r.id, line: r.line, content: r.error.as_ref().map_or(Ok(&r.claims), Err) })
                    .collect::<Vec<_>>();
                if entries.is_empty() && !articles.is_empty() && self.missing == Missing::Failed {
                    let mut problems = Problems::new();
                    let message = format!("no predictions: the file is empty, so 0 of {} articles are answered", articles.len());
                    problems.add(&file, 0, "", Rule::Table, message);
                    return Err(problems.into());
                }
                let missing = (self.missing, format!("{file} has no line for this article"));
                let mut notes = read.warnings.clone();
                if self.missing == Missing::Empty {
                    notes.extend(without_line_note(&file, without_answer(&entries, &articles), articles.len()));
                }
                self.answer(&file, &entries, &articles, missing, notes, sink, stop)
            }
        }
    }
}

impl Predictions {
    fn of_table(
        &self,
        file: &str,
        table: &claim_rows::ClaimRows,
        articles: &[Article],
        sink: &dyn Sink,
        stop: &AtomicBool,
    ) -> Result<Finished, ExtractError> {
        let entries: Vec<Entry<'_>> = table.articles.iter().map(|a| Entry { id: &a.id, line: a.line, content: Ok(&a.claims) }).collect();
        let mut notes = table.warnings.clone();
        let without = without_answer(&entries, articles);
        if without > 0 {
            notes.push(without_row_note(file, without, articles.len()));
        }
        self.answer(file, &entries, articles, (Missing::Empty, String::new()), notes, sink, stop)
    }

    #[expect(clippy::too_many_arguments, reason = "one private step of two readings")]
    fn answer(
        &self,
        file: &str,
        entries: &[Entry<'_>],
        articles: &[Article],
        (missing, why): (Missing, String),
        mut notes: Vec<String>,
        sink: &dyn Sink,
        stop: &AtomicBool,
    ) -> Result<Finished, ExtractError> {
        let mut problems = FirstProblems::of(file);
        let asked: FxHashMap<&str, &Article> = articles.iter().map(|article| (article.id.as_str(), article)).collect();
        let extra = entries.iter().filter(|entry| !asked.contains_key(entry.id) && !self.known.contains(entry.id));
        let is_table = matches!(extension(&self.settings.path).as_str(), "csv" | "tsv" | "parquet");
        let column = if is_table { "article_id" } else { "id" };
        match self.settings.extra {
            Extra::Error => extra.for_each(|entry| {
                problems.add(entry.line, column, Rule::UnknownArticle, || {
                    let near = nearest(entry.id, asked.keys().copied().chain(self.known.iter().map(String::as_str)))
                        .map(|id| format!("; did you mean {}?", quoted(id, SHOWN)));
                    format!("unknown article {}{}", quoted(entry.id, SHOWN), near.unwrap_or_default())
                });
            }),
            Extra::Ignore => match extra.count() {
                0 => {}
                count => notes.push(dropped_note(file, count)),
            },
        }
        let by_id: FxHashMap<&str, &Entry<'_>> = entries.iter().map(|entry| (entry.id, entry)).collect();
        let mut answers = Vec::with_capacity(articles.len());
        let mut unanswered = Vec::new();
        for article in articles {
            if stop.load(Ordering::Relaxed) {
                unanswered.push(article.id.clone());
                continue;
            }
            answers.push(match by_id.get(article.id.as_str()).map(|entry| (entry.line, entry.content)) {
                Some((_, Ok(claims))) if self.without_text.contains(&article.id) => {
                    let located = take_places_as_written(claims);
                    Answer::of_claims(&article.id, located.claims, located.counts)
                }
                Some((line, Ok(claims))) => located(article, claims, file, line, &mut problems),
                Some((_, Err(error))) => {
                    let (outcome, message) = error.outcome();
                    Answer::failed(&article.id, outcome, message)
                }
                None if missing == Missing::Empty => Answer::of_claims(&article.id, Vec::new(), LocationCounts::default()),
                None => Answer::failed(&article.id, Outcome::NotAnswered, why.clone()),
            });
        }
        problems.finish()?;
        answers.into_iter().for_each(|answer| sink.answer(answer));
        unanswered.sort_unstable();
        let incomplete = (!unanswered.is_empty()).then(|| "interrupted".to_owned());
        Ok(Finished { unanswered, incomplete, notes, ..Finished::default() })
    }
}

/// How many of the articles a file does not name.
fn without_answer(entries: &[Entry<'_>], articles: &[Article]) -> usize {
    let known: FxHashSet<&str> = entries.iter().map(|entry| entry.id).collect();
    articles.iter().filter(|article| !known.contains(article.id.as_str())).count()
}

/// What is said of articles that a table does not name.
pub(crate) fn without_row_note(file: &str, without: usize, articles: usize) -> String {
    without_note(file, without, articles, "row")
}

/// What is said of articles that JSONL does not name, where that means no claims.
pub(crate) fn without_line_note(file: &str, without: usize, articles: usize) -> Option<String> {
    (without > 0).then(|| without_note(file, without, articles, "line"))
}

fn without_note(file: &str, without: usize, articles: usize, what: &str) -> String {
    let (have, count) = if without == 1 { ("has", "counts") } else { ("have", "count") };
    format!("{file}: {without} of {articles} articles {have} no {what} and {count} as answered with no claims")
}

/// What is said of answers for articles that gold does not have.
pub(crate) fn dropped_note(file: &str, count: usize) -> String {
    format!("{file}: answers for {count} unknown articles were dropped")
}

/// The answer with its places in the article's text.
fn located(article: &Article, claims: &RawClaims<'_>, file: &str, line: u64, problems: &mut FirstProblems<'_>) -> Answer {
    let located = locate_answer(&article.text, claims, OffsetUnit::Codepoint);
    for (claim, why) in &located.impossible {
        let message = || format!("article {}: {why}", quoted(&article.id, SHOWN));
        problems.add(line, format!("claims[{claim}]").as_str(), Rule::Offset, message);
    }
    let message = located.note.map(|note| format!("{file}, line {line}: {note}"));
    Answer { message, ..Answer::of_claims(&article.id, located.claims, located.counts) }
}

impl RecordedError {
    /// The outcome that the record names, `not_answered` for any word of the extractor's own, and what it says.
    pub(crate) fn outcome(&self) -> (Outcome, String) {
        let outcome = self.kind.parse().ok().filter(|outcome| !matches!(outcome, Outcome::Ok | Outcome::Empty));
        let kind = if outcome.is_none() { self.kind.as_str() } else { "" };
        let words: Vec<&str> = [kind, &self.message].into_iter().filter(|word| !word.is_empty()).collect();
        (outcome.unwrap_or(Outcome::NotAnswered), words.join(": "))
    }
}

fn extension(path: &Path) -> String {
    path.extension().map(|extension| extension.to_string_lossy().to_lowercase()).unwrap_or_default()
}
