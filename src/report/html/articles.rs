//! The articles: an index of all of them for the list, and blocks of rows that are read when an article is opened.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde::Serialize;

use super::embed::json;
use super::rows::{Names, State, article_row};
use crate::report::document::{ArticlePage, Document};

/// A block is closed behind the article with which it has so many bytes: a browser reads it in some milliseconds.
const BLOCK: usize = 256 << 10;

/// Columns of the list of articles. Counts are of items in each of the states.
#[derive(Default, Serialize)]
pub(super) struct Index<'a> {
    id: Vec<&'a str>,
    lang: Vec<serde_json::Value>,
    title: Vec<&'a str>,
    standing: Vec<&'a str>,
    outcome: Vec<&'a str>,
    items: Vec<usize>,
    missed: Vec<usize>,
    spurious: Vec<usize>,
    wrong: Vec<usize>,
    changed: Vec<usize>,
    kinds: Vec<Vec<serde_json::Value>>,
    classes: Vec<Vec<serde_json::Value>>,
    /// Why articles failed, by their place.
    messages: BTreeMap<usize, &'a str>,
    /// The first article of each block.
    blocks: Vec<usize>,
    names: Option<Names>,
}

/// The index, and the blocks as JSON: lists of rows of [`article_row`].
///
/// # Errors
/// When a number is none that JSON has.
pub(super) fn articles(document: &Document) -> Result<(Index<'_>, Vec<Vec<u8>>), serde_json::Error> {
    let names = Names::of(document);
    let mut index = Index::default();
    for article in &document.articles {
        index.add(article, &names);
    }
    let rows: Vec<Vec<u8>> = document.articles.par_iter().map(|article| json(&article_row(article, &names))).collect::<Result<_, _>>()?;
    let mut blocks: Vec<Vec<u8>> = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        match blocks.last_mut() {
            Some(block) if block.len() < BLOCK => block.push(b','),
            _ => {
                index.blocks.push(place);
                blocks.push(vec![b'[']);
            }
        }
        if let Some(block) = blocks.last_mut() {
            block.extend_from_slice(row);
        }
    }
    blocks.iter_mut().for_each(|block| block.push(b']'));
    index.names = Some(names);
    Ok((index, blocks))
}

impl<'a> Index<'a> {
    fn add(&mut self, article: &'a ArticlePage, names: &Names) {
        let states: Vec<State> = article.items.iter().map(State::of).collect();
        let count = |state: State| states.iter().filter(|each| **each == state).count();
        let kinds: BTreeSet<&str> =
            article.items.iter().flat_map(|item| item.gold.iter().chain(&item.predicted)).map(|claim| claim.kind.as_str()).collect();
        let classes: BTreeSet<&str> = article.items.iter().filter_map(|item| item.class.as_deref()).collect();
        if let Some(message) = &article.message {
            self.messages.insert(self.id.len(), message);
        }
        self.id.push(&article.id);
        self.lang.push(names.langs.place(&article.lang));
        self.title.push(article.title.as_deref().unwrap_or_default());
        self.standing.push(&article.standing);
        self.outcome.push(&article.outcome);
        self.items.push(article.items.len());
        self.missed.push(count(State::Missed));
        self.spurious.push(count(State::Spurious));
        self.wrong.push(count(State::Wrong));
        self.changed.push(article.items.iter().filter(|item| item.change.is_some()).count());
        self.kinds.push(kinds.into_iter().filter(|kind| !kind.is_empty()).map(|kind| names.kinds.place(kind)).collect());
        self.classes.push(classes.into_iter().map(|class| names.classes.place(class)).collect());
    }
}
