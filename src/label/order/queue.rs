//! The articles to label next.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use serde::Serialize;

use crate::claim::ArticleStatus;
use crate::dataset::{ArticleRecord, Dataset};

use super::evidence::Evidence;
use super::group::shuffle;
use super::signals::{self, Signal};

/// An article to label, and why this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Next {
    /// The article.
    pub article_id: String,
    /// The reason, as one sentence.
    pub why: String,
}

/// How articles are chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueSettings {
    /// Each so-many-th article that is labelled is drawn at random, so that the set stays representative; 0 draws none.
    pub random_every: usize,
    /// Of the draw.
    pub seed: u64,
    /// Columns of the articles whose slices count, such as `lang`.
    pub columns: Vec<String>,
}

impl Default for QueueSettings {
    /// One in five; slices by language.
    fn default() -> QueueSettings {
        QueueSettings { random_every: 5, seed: 0, columns: vec!["lang".to_owned()] }
    }
}

/// Articles with the same values in all columns that count: each that is chosen makes the next one less wanted.
struct Part {
    /// Most wanted first.
    articles: Vec<usize>,
    next: usize,
    chosen: u64,
    signals: Vec<Signal>,
}

struct Candidate<'a> {
    record: &'a ArticleRecord,
    signals: Vec<Signal>,
    part: usize,
    is_chosen: bool,
}

/// All articles that are not labelled whole yet (`unlabelled`, `draft`, `incomplete`), the next one first.
///
/// Which ones are drawn at random is counted over all that are labelled, so that somebody who always takes the first of a new queue
/// comes to them as well. The order of the evidence changes nothing.
pub fn queue(dataset: &Dataset, evidence: &Evidence, settings: &QueueSettings) -> Vec<Next> {
    let is_open =
        |record: &ArticleRecord| matches!(record.status, ArticleStatus::Unlabelled | ArticleStatus::Draft | ArticleStatus::Incomplete);
    let scored: BTreeSet<&str> = dataset.articles.iter().filter(|r| r.status.is_scored()).map(|r| r.article.lang.as_str()).collect();
    let mut parts: BTreeMap<Vec<(String, String)>, usize> = BTreeMap::new();
    let mut of_parts: Vec<Part> = Vec::new();
    let mut candidates: Vec<Candidate<'_>> = Vec::new();
    for record in dataset.articles.iter().filter(|record| is_open(record)) {
        let values = values_of(record, &settings.columns);
        let part = *parts.entry(values).or_insert_with_key(|values| {
            let signals = signals::of_part(values, |lang| scored.contains(lang), &evidence.widths);
            of_parts.push(Part { articles: Vec::new(), next: 0, chosen: 0, signals });
            of_parts.len() - 1
        });
        of_parts[part].articles.push(candidates.len());
        candidates.push(Candidate { record, signals: signals::of_article(record, dataset, evidence), part, is_chosen: false });
    }
    for part in &mut of_parts {
        part.articles.sort_by_key(|&at| (Reverse(weight(&candidates[at].signals)), at));
    }
    let labelled = dataset.articles.len() - candidates.len();
    let mut drawn = draw(dataset, &candidates, settings.seed).into_iter();
    let mut heap: BinaryHeap<(u64, Reverse<usize>, usize)> =
        (0..of_parts.len()).filter_map(|part| head(&mut of_parts, part, &candidates)).collect();
    let mut chosen = Vec::with_capacity(candidates.len());
    while chosen.len() < candidates.len() {
        let is_drawn = settings.random_every > 0 && (labelled + chosen.len() + 1).is_multiple_of(settings.random_every);
        let at = if is_drawn { drawn.find(|&at| !candidates[at].is_chosen) } else { most_wanted(&mut heap, &mut of_parts, &candidates) };
        let Some(at) = at else { break };
        let part = &mut of_parts[candidates[at].part];
        let why = if is_drawn { "drawn at random, so that the set stays representative".to_owned() } else { why(&candidates[at], part) };
        part.chosen += 1;
        candidates[at].is_chosen = true;
        if !is_drawn {
            let number = candidates[at].part;
            heap.extend(head(&mut of_parts, number, &candidates));
        }
        chosen.push(Next { article_id: candidates[at].record.article.id.clone(), why });
    }
    chosen
}

fn values_of(record: &ArticleRecord, columns: &[String]) -> Vec<(String, String)> {
    let of = |column: &String| {
        let values = record.slice_values(column).unwrap_or_default();
        values.into_iter().map(|value| (column.clone(), value.into_owned())).collect::<Vec<_>>()
    };
    columns.iter().flat_map(of).collect()
}

/// The ids of all articles in a random order of that seed.
pub fn drawn(dataset: &Dataset, seed: u64) -> Vec<&str> {
    let mut ids: Vec<&str> = dataset.articles.iter().map(|record| record.article.id.as_str()).collect();
    shuffle(&mut ids, seed);
    ids
}

/// The candidates in a random order that stays the same while others are labelled: all articles are shuffled.
fn draw(dataset: &Dataset, candidates: &[Candidate<'_>], seed: u64) -> Vec<usize> {
    let by_id: BTreeMap<&str, usize> = candidates.iter().enumerate().map(|(at, c)| (c.record.article.id.as_str(), at)).collect();
    drawn(dataset, seed).into_iter().filter_map(|id| by_id.get(id).copied()).collect()
}

fn weight(signals: &[Signal]) -> u64 {
    signals.iter().map(|signal| signal.weight).sum()
}

/// What the first article of a part that is not chosen weighs now.
fn head(parts: &mut [Part], number: usize, candidates: &[Candidate<'_>]) -> Option<(u64, Reverse<usize>, usize)> {
    let part = &mut parts[number];
    while part.articles.get(part.next).is_some_and(|&at| candidates[at].is_chosen) {
        part.next += 1;
    }
    let at = *part.articles.get(part.next)?;
    Some((weight(&candidates[at].signals) + weight(&part.signals) / (1 + part.chosen), Reverse(at), number))
}

/// Takes the heaviest article. What a draw has made lighter is weighed again: weights never grow.
fn most_wanted(heap: &mut BinaryHeap<(u64, Reverse<usize>, usize)>, parts: &mut [Part], candidates: &[Candidate<'_>]) -> Option<usize> {
    while let Some(top) = heap.pop() {
        match head(parts, top.2, candidates) {
            Some(now) if now == top => return Some(top.1.0),
            Some(now) => heap.push(now),
            None => {}
        }
    }
    None
}

/// The two reasons that weigh most.
fn why(candidate: &Candidate<'_>, part: &Part) -> String {
    let of_part = part.signals.iter().map(|signal| Signal { weight: signal.weight / (1 + part.chosen), words: signal.words.clone() });
    let mut signals: Vec<Signal> = candidate.signals.iter().cloned().chain(of_part).collect();
    signals.sort_by_key(|signal| Reverse(signal.weight));
    let words: Vec<String> = signals.into_iter().take(2).map(|signal| signal.words).collect();
    if words.is_empty() { "nothing speaks for another one more".to_owned() } else { words.join("; ") }
}
