//! Which rows are of which article.

use rayon::prelude::*;

use super::columns::{OfArticle, Part, Table};

/// Rows of one article that stand one behind the other in one part of a table.
#[derive(Clone, Copy, Default)]
pub(super) struct Run {
    pub part: u32,
    pub start: u32,
    pub end: u32,
    /// Number of the stretch of the article's id.
    id: u32,
    /// The stretches that the first row is in.
    of_article: OfArticle<u32>,
}

/// The articles of a table, a number each.
pub(super) struct Articles<'a> {
    table: &'a Table,
    runs: Vec<Run>,
    /// Where the runs of each article end; each begins where those of the article before end.
    ends: Vec<u32>,
}

impl<'a> Articles<'a> {
    /// Articles as they come: one whose rows stand in several places has as many numbers. `None` where a row has no id.
    pub fn as_they_come(table: &'a Table) -> Option<Articles<'a>> {
        let runs: Option<Vec<Vec<Run>>> = table.parts.par_iter().enumerate().map(|(part, rows)| runs(rows, part as u32)).collect();
        let mut articles = Articles { table, runs: runs?.concat(), ends: Vec::new() };
        for run in 0..articles.runs.len() {
            // An article may go on in the next part.
            if run > 0 && articles.id_of_run(run) == articles.id_of_run(run - 1) {
                articles.ends.pop();
            }
            articles.ends.push(run as u32 + 1);
        }
        Some(articles)
    }

    pub fn table(&self) -> &'a Table {
        self.table
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

    /// What some of an article's rows say of it; empty where they leave it out.
    pub fn said(&self, run: &Run) -> OfArticle<impl Iterator<Item = &'a str>> {
        let part = &self.table.parts[run.part as usize];
        let (end, from) = (run.end, run.of_article);
        std::array::from_fn(|at| part.of_article[at].texts_until(from[at], end))
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
        Articles { table: self.table, runs, ends }
    }

    fn start(&self, article: usize) -> usize {
        article.checked_sub(1).map_or(0, |before| self.ends[before] as usize)
    }

    fn id_of_run(&self, run: usize) -> &'a str {
        let Run { part, id, .. } = self.runs[run];
        self.table.parts[part as usize].article_id.text(id)
    }
}

fn runs(rows: &Part, part: u32) -> Option<Vec<Run>> {
    let ids = &rows.article_id;
    let mut runs = Vec::with_capacity(ids.len());
    let (mut start, mut of_article) = (0, OfArticle::default());
    for id in 0..ids.len() as u32 {
        if ids.text(id).is_empty() {
            return None;
        }
        for (stretch, column) in of_article.iter_mut().zip(&rows.of_article) {
            *stretch = column.on_from(*stretch, start);
        }
        let end = ids.end_of(id);
        runs.push(Run { part, start, end, id, of_article });
        start = end;
    }
    Some(runs)
}
