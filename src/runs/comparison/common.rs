//! The articles that two attempts have in common.

use std::collections::BTreeSet;

use super::model::ComparedArticles;
use crate::dataset::GROUP_COLUMN;
use crate::runs::attempt::Rescored;
use crate::runs::measure::{Counted, Part};
use crate::score::{ArticleInput, EvaluatedArticle, Standing, Tally, TallyNames};
use crate::stats::{Counts, PairedUnits};

/// Two attempts side by side.
pub struct Common<'a, 'r> {
    /// What is compared against.
    pub base: &'r Rescored<'a>,
    /// What is in question.
    pub head: &'r Rescored<'a>,
    /// Places of each article that both attempted with the text of today, and that is labelled whole, by id.
    pairs: Vec<(usize, usize)>,
}

/// An article of both.
#[derive(Clone, Copy)]
pub struct CommonArticle<'r, 'a> {
    /// Its place in each attempt.
    pub places: [usize; 2],
    /// The same in both but for the answer.
    pub input: &'r ArticleInput<'a>,
    /// How each attempt came out.
    pub evaluated: [&'r EvaluatedArticle; 2],
}

impl<'a, 'r> Common<'a, 'r> {
    /// Pairs the articles of two attempts at one dataset.
    pub fn new(base: &'r Rescored<'a>, head: &'r Rescored<'a>) -> Common<'a, 'r> {
        let mut pairs = Vec::new();
        let (mut b, mut h) = (0, 0);
        let is_whole =
            |side: &Rescored<'_>, place: usize| matches!(side.evaluation.articles[place].standing, Standing::Scored | Standing::Failed);
        while let (Some(of_base), Some(of_head)) = (base.inputs.get(b), head.inputs.get(h)) {
            match of_base.id.cmp(of_head.id) {
                std::cmp::Ordering::Less => b += 1,
                std::cmp::Ordering::Greater => h += 1,
                std::cmp::Ordering::Equal => {
                    if is_whole(base, b) && is_whole(head, h) {
                        pairs.push((b, h));
                    }
                    (b, h) = (b + 1, h + 1);
                }
            }
        }
        Common { base, head, pairs }
    }

    /// The articles, by id.
    pub fn articles(&self) -> impl ExactSizeIterator<Item = CommonArticle<'r, 'a>> {
        let (base, head) = (self.base, self.head);
        self.pairs.iter().map(move |&(b, h)| CommonArticle {
            places: [b, h],
            input: &head.inputs[h],
            evaluated: [&base.evaluation.articles[b], &head.evaluation.articles[h]],
        })
    }

    /// The counts of both attempts over a part of the articles; units without any are left out where the part is not everything.
    /// `None` where the part does not define them.
    pub fn units(&self, counted: &[Counted], part: &Part) -> PairedUnits {
        let mut units = PairedUnits::new(counted.len());
        for article in self.articles().filter(|article| part.holds(article.input)) {
            self.add(counted, part, &article, &mut units);
        }
        units
    }

    /// Adds an article of a part to its units, unless the part is not everything and the article has nothing in it. Gives its gold
    /// claims under the first of what is counted.
    pub fn add(&self, counted: &[Counted], part: &Part, article: &CommonArticle<'_, '_>, units: &mut PairedUnits) -> u64 {
        let none = |counts: &[Counts]| counts.iter().all(|c| *c == Counts::default());
        let [base, head] = self.counts(counted, part, article);
        if *part == Part::default() || !(none(&base) && none(&head)) {
            units.add(&base, &head, group_of(article.input));
        }
        head.first().map_or(0, |counts| counts.gold)
    }

    /// The values of `kind`, `tags` or a field that claims of an article have in either attempt.
    pub fn claim_values(&self, column: &str, article: &CommonArticle<'r, '_>) -> BTreeSet<&'r str> {
        let (base, head) = (self.base, self.head);
        let names = [&base.evaluation.names, &head.evaluation.names];
        names
            .into_iter()
            .zip(article.evaluated)
            .flat_map(|(names, evaluated)| values_of_claims(column, &evaluated.score.tally, names))
            .collect()
    }

    /// The counts of an article in both attempts; zero where the part does not define them.
    pub fn counts(&self, counted: &[Counted], part: &Part, article: &CommonArticle<'_, '_>) -> [Vec<Counts>; 2] {
        let names = [&self.base.evaluation.names, &self.head.evaluation.names];
        let of = |side: usize| -> Vec<Counts> {
            counted.iter().map(|c| part.counts(c, article.evaluated[side], names[side]).unwrap_or_default()).collect()
        };
        [of(0), of(1)]
    }

    /// Which articles were compared, and which could not be.
    pub fn account(&self) -> ComparedArticles {
        let attempted = |side: &Rescored<'_>| -> BTreeSet<String> { side.attempt.articles.keys().cloned().collect() };
        let (base, head) = (attempted(self.base), attempted(self.head));
        let changed: BTreeSet<String> = self.base.changed.iter().chain(&self.head.changed).cloned().collect();
        let deleted = self.base.gone.iter().chain(&self.head.gone);
        let gone: BTreeSet<String> = base.difference(&head).chain(deleted).filter(|id| !changed.contains(*id)).cloned().collect();
        let is_new = |id: &&String| !gone.contains(*id) && !changed.contains(*id);
        ComparedArticles {
            compared: self.pairs.len() as u64,
            new: head.difference(&base).filter(is_new).cloned().collect(),
            gone: gone.into_iter().collect(),
            changed: changed.into_iter().collect(),
        }
    }
}

fn values_of_claims<'t>(column: &str, tally: &'t Tally, names: &'t TallyNames) -> Vec<&'t str> {
    if column == "kind" {
        return tally.kinds.keys().filter_map(|&kind| names.kinds.get(kind as usize)).map(String::as_str).collect();
    }
    let slice = names.claim_slices.iter().position(|known| known == column);
    tally.claim_slices.keys().filter(|(number, _)| Some(usize::from(*number)) == slice).map(|(_, value)| value.as_str()).collect()
}

/// The group that an article is in.
pub(in crate::runs) fn group_of<'i>(article: &'i ArticleInput<'_>) -> Option<&'i str> {
    article.columns.iter().find(|(column, _)| column == GROUP_COLUMN).map(|(_, group)| group.as_ref())
}
