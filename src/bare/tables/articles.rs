//! Which rows are of which article.

use std::ops::Range;

use rayon::prelude::*;

use super::columns::Ids;
use crate::formats::parquet::Stretches;

/// Rows of one article that stand one behind the other in one part of a table.
#[derive(Clone, Copy, Default)]
pub(super) struct Run {
    pub part: u32,
    pub start: u32,
    pub end: u32,
    /// Number of the stretch of the article's id.
    pub id: u32,
}

/// The articles of a table, a number each.
pub(super) struct Articles<'a> {
    ids: &'a Ids,
    runs: Vec<Run>,
    /// Where the runs of each article end; each begins where those of the article before end.
    ends: Vec<u32>,
}

impl<'a> Articles<'a> {
    /// Articles as they come: one whose rows stand in several places has as many numbers. `None` where a row has no id.
    pub fn as_they_come(ids: &'a Ids) -> Option<Articles<'a>> {
        let runs: Option<Vec<Vec<Run>>> = ids.par_iter().enumerate().map(|(part, ids)| runs(ids, part as u32)).collect();
        let mut articles = Articles { ids, runs: runs?.concat(), ends: Vec::new() };
        for run in 0..articles.runs.len() {
            // An article may go on in the next part.
            if run > 0 && articles.id_of_run(run) == articles.id_of_run(run - 1) {
                articles.ends.pop();
            }
            articles.ends.push(run as u32 + 1);
        }
        Some(articles)
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The rows of an article in the order of the file.
    pub fn runs(&self, article: usize) -> &[Run] {
        &self.runs[self.start(article)..self.ends[article] as usize]
    }

    /// The id of an article that has rows.
    pub fn id(&self, article: usize) -> &'a str {
        self.id_of_run(self.start(article))
    }

    /// The parts that an article has rows in, and those between.
    pub fn parts(&self, article: usize) -> Range<usize> {
        let parts = self.runs(article).iter().map(|run| run.part as usize);
        let after = parts.clone().max().map_or(0, |last| last + 1);
        parts.min().unwrap_or(0)..after
    }

    /// The articles under other numbers, below `count`. Those that get one number become one article.
    pub fn renumbered(&self, numbers: &[u32], count: usize) -> Articles<'a> {
        let numbered = || numbers.iter().enumerate().map(|(article, &number)| (article, number as usize));
        let mut ends = vec![0; count];
        for (article, number) in numbered() {
            ends[number] += self.runs(article).len() as u32;
        }
        let mut before = 0;
        for end in &mut ends {
            // At first where the runs start; it moves on with each.
            before += std::mem::replace(end, before);
        }
        let mut runs = vec![Run::default(); before as usize];
        for (article, number) in numbered() {
            for run in self.runs(article) {
                runs[ends[number] as usize] = *run;
                ends[number] += 1;
            }
        }
        Articles { ids: self.ids, runs, ends }
    }

    fn start(&self, article: usize) -> usize {
        article.checked_sub(1).map_or(0, |before| self.ends[before] as usize)
    }

    fn id_of_run(&self, run: usize) -> &'a str {
        let Run { part, id, .. } = self.runs[run];
        self.ids[part as usize].text(id)
    }
}

fn runs(ids: &Stretches, part: u32) -> Option<Vec<Run>> {
    let mut start = 0;
    let run = |id| {
        let end = ids.end_of(id);
        let start = std::mem::replace(&mut start, end);
        (!ids.text(id).is_empty()).then_some(Run { part, start, end, id })
    };
    (0..ids.len() as u32).map(run).collect()
}
