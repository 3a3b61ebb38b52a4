//! The columns of the outcome table, filled without a row in between: what is equal in many rows is written once.
//!
//! A claim has a row for each criterion and an article many claims, so that most cells say again what another one said. Texts are
//! therefore numbered, each claim and each article looks its own up once, and a cell is a number.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::article_rows::{ArticleRows, ClaimRow, Row};
use super::frame::{ARTICLE, FIELD};
use super::json;
use super::outcome::{ClaimOutcome, RunArticle, Scored, SideName};
use crate::score::{Criterion, EvaluatedArticle, Settings};

/// The columns of a table that a run decides about.
#[derive(Default)]
pub(super) struct Layout {
    /// Name and whether an article may have several values.
    pub articles: BTreeMap<String, bool>,
    /// Fields with outcomes.
    pub fields: BTreeSet<String>,
}

impl Layout {
    /// Of the articles that have rows.
    pub fn of_run(articles: &[Scored<'_>]) -> Layout {
        let mut layout = Layout::default();
        for (article, evaluated) in articles {
            let columns = &article.input.columns;
            for (name, _) in columns {
                layout.add_column(name, columns.iter().filter(|(other, _)| other == name).count());
            }
            for (name, _) in evaluated.score.field_outcomes.iter().flatten() {
                layout.add_field(name);
            }
        }
        layout
    }

    /// Adds a column that an article has that many values of.
    pub fn add_column(&mut self, name: &str, values: usize) {
        let several = name == "tags" || values > 1;
        match self.articles.get_mut(name) {
            Some(known) => *known |= several,
            None => drop(self.articles.insert(name.to_owned(), several)),
        }
    }

    /// Adds the outcome of a field.
    pub fn add_field(&mut self, name: &str) {
        if !self.fields.contains(name) {
            self.fields.insert(name.to_owned());
        }
    }
}

/// The number of a text in its column.
pub(super) type TextId = u32;

/// The cell is empty.
pub(super) const NO_TEXT: TextId = TextId::MAX;

/// A column of texts.
#[derive(Default)]
pub(super) struct Texts<'a> {
    ids: FxHashMap<Cow<'a, str>, TextId>,
    /// By row.
    pub cells: Vec<TextId>,
}

impl<'a> Texts<'a> {
    fn id(&mut self, text: impl Into<Cow<'a, str>>) -> TextId {
        let next = self.ids.len() as TextId;
        *self.ids.entry(text.into()).or_insert(next)
    }

    fn push(&mut self, text: impl Into<Cow<'a, str>>) {
        let id = self.id(text);
        self.cells.push(id);
    }

    /// As [`Texts::push`], and an empty cell for the empty text.
    fn push_some(&mut self, text: impl Into<Cow<'a, str>>) {
        let text = text.into();
        if text.is_empty() { self.cells.push(NO_TEXT) } else { self.push(text) }
    }

    fn push_all(&mut self, text: TextId, rows: usize) {
        self.cells.resize(self.cells.len() + rows, text);
    }

    /// The texts by number.
    pub fn texts(&self) -> Vec<&str> {
        let mut texts = vec![""; self.ids.len()];
        for (text, &id) in &self.ids {
            texts[id as usize] = text;
        }
        texts
    }
}

/// A column of lists of texts.
#[derive(Default)]
pub(super) struct Lists<'a> {
    /// Those of all rows behind one another.
    pub items: Vec<&'a str>,
    /// By row, where its items end.
    pub ends: Vec<usize>,
}

impl<'a> Lists<'a> {
    fn push(&mut self, items: impl IntoIterator<Item = &'a str>) {
        self.items.extend(items);
        self.ends.push(self.items.len());
    }

    /// As [`repeat`].
    fn repeat(&mut self, from: usize, times: usize) {
        let begin = from.checked_sub(1).map_or(0, |before| self.ends[before]);
        let (length, rows) = (self.items.len() - begin, from..self.ends.len());
        repeat(&mut self.items, begin, times);
        for time in 1..times {
            self.ends.extend_from_within(rows.clone());
            let copies = self.ends.len() - rows.len();
            self.ends[copies..].iter_mut().for_each(|end| *end += time * length);
        }
    }
}

/// How many rows an article has at most.
fn rows_of(article: &RunArticle<'_>, evaluated: &EvaluatedArticle) -> usize {
    let claims = article.input.gold.len() + article.input.answer.map_or(0, |answer| answer.claims.len());
    claims * evaluated.score.pairs.len()
}

/// Copies the cells behind a place until they stand there that many times (at least once).
fn repeat<T: Copy>(cells: &mut Vec<T>, from: usize, times: usize) {
    let to = cells.len();
    cells.reserve((to - from) * times.saturating_sub(1));
    (1..times).for_each(|_| cells.extend_from_within(from..to));
}

/// A column.
pub(super) enum Cells<'a> {
    Text(Texts<'a>),
    Whole(Vec<Option<u32>>),
    Real(Vec<Option<f64>>),
    Lists(Lists<'a>),
}

/// The numbers of the names of an article's claims in the column of pairs, by side and claim: most are asked for under each
/// criterion.
#[derive(Default)]
struct PairNames([Vec<Option<TextId>>; 2]);

impl PairNames {
    fn of(&mut self, side: SideName, claim: usize) -> &mut Option<TextId> {
        let names = &mut self.0[side as usize];
        if names.len() <= claim {
            names.resize(claim + 1, None);
        }
        &mut names[claim]
    }
}

/// The table of some articles, a column after the other.
#[derive(Default)]
pub(super) struct Columns<'a> {
    article_id: Texts<'a>,
    standing: Texts<'a>,
    side: Texts<'a>,
    claim_id: Texts<'a>,
    number: Vec<Option<u32>>,
    criterion: Texts<'a>,
    outcome: Texts<'a>,
    class: Texts<'a>,
    class_pair: Vec<Option<u32>>,
    pair: Texts<'a>,
    pair_number: Vec<Option<u32>>,
    iou: Vec<Option<f64>>,
    similarity: Vec<Option<f64>>,
    kind: Texts<'a>,
    start: Vec<Option<u32>>,
    end: Vec<Option<u32>>,
    fragments: Texts<'a>,
    quote: Texts<'a>,
    tracking_id: Texts<'a>,
    score: Vec<Option<f64>>,
    tags: Lists<'a>,
    fields: Texts<'a>,
    of_articles: Vec<(&'a str, Cells<'a>)>,
    of_fields: Vec<(&'a str, Texts<'a>)>,
    /// By the place of the outcome in [`ClaimOutcome::ALL`].
    outcome_ids: [Option<TextId>; ClaimOutcome::ALL.len()],
}

impl<'a> Columns<'a> {
    /// The table of the articles, in their order.
    pub fn of(articles: &[Scored<'a>], settings: &'a Settings, criteria: &[Criterion], layout: &'a Layout) -> Columns<'a> {
        let of_articles = layout.articles.iter().map(|(name, &several)| {
            let cells = if several { Cells::Lists(Lists::default()) } else { Cells::Text(Texts::default()) };
            (name.as_str(), cells)
        });
        let mut columns = Columns {
            of_articles: of_articles.collect(),
            of_fields: layout.fields.iter().map(|name| (name.as_str(), Texts::default())).collect(),
            ..Columns::default()
        };
        columns.reserve(articles.iter().map(|(article, evaluated)| rows_of(article, evaluated)).sum());
        let criterion_ids: Vec<TextId> = criteria.iter().map(|c| columns.criterion.id(c.to_string())).collect();
        for (article, evaluated) in articles {
            columns.add(&ArticleRows::new(article, evaluated, settings), criteria, &criterion_ids);
        }
        columns
    }

    /// A claim has the same cells under each criterion but for a few: they are looked up once, and copied.
    fn add(&mut self, article: &ArticleRows<'a>, criteria: &[Criterion], criterion_ids: &[TextId]) {
        let (first, times) = (self.rows(), article.criteria(criteria));
        if times > 0 {
            article.claims().for_each(|row| self.push_claim(&row, article.tags(&row)));
            self.repeat_claims(first, times);
        }
        let mut names = PairNames::default();
        article.each(criteria, |row| self.push_outcome(&row, criterion_ids[row.criterion.0], &mut names));
        let rows = self.rows() - first;
        let input = article.article.input;
        let id = self.article_id.id(input.id);
        self.article_id.push_all(id, rows);
        let standing = self.standing.id(article.standing());
        self.standing.push_all(standing, rows);
        for (name, cells) in &mut self.of_articles {
            let mut values = input.columns.iter().filter(|(column, _)| column == name).map(|(_, value)| &**value);
            match cells {
                Cells::Text(texts) => {
                    let value = values.next().map_or(NO_TEXT, |value| texts.id(value));
                    texts.push_all(value, rows);
                }
                Cells::Lists(lists) if rows > 0 => {
                    let from = lists.ends.len();
                    lists.push(values);
                    lists.repeat(from, rows);
                }
                Cells::Lists(_) | Cells::Whole(_) | Cells::Real(_) => {}
            }
        }
        // Fields have outcomes in few rows; the others stay empty.
        let all = self.rows();
        self.of_fields.iter_mut().for_each(|(_, texts)| texts.cells.resize(all, NO_TEXT));
    }

    /// The cells that do not depend on the criterion. Claims come in canonical order, so that texts are numbered alike however the
    /// claims were given.
    fn push_claim(&mut self, row: &ClaimRow<'_, 'a>, tags: &'a [String]) {
        let claim = row.claim();
        let hull = claim.fragments.hull();
        self.side.push(row.side.side.name());
        self.claim_id.push_some(&*claim.id);
        self.number.push(Some(row.number));
        match row.class {
            Some(class) => self.class.push(class),
            None => self.class.cells.push(NO_TEXT),
        }
        self.class_pair.push(row.class_pair);
        self.kind.push_some(&*claim.kind);
        self.start.push(hull.map(|h| h.start()));
        self.end.push(hull.map(|h| h.end()));
        self.fragments.push_some(json::places(&claim.fragments));
        self.quote.push_some(&*claim.quote);
        self.tracking_id.push_some(&*claim.tracking_id);
        self.score.push(row.score());
        self.tags.push(tags.iter().map(String::as_str));
        self.fields.push(json::fields(&claim.fields));
    }

    /// Makes room for so many rows: columns that grow are copied again and again.
    fn reserve(&mut self, rows: usize) {
        let texts = [
            &mut self.article_id,
            &mut self.standing,
            &mut self.side,
            &mut self.claim_id,
            &mut self.criterion,
            &mut self.outcome,
            &mut self.class,
            &mut self.pair,
            &mut self.kind,
            &mut self.fragments,
            &mut self.quote,
            &mut self.tracking_id,
            &mut self.fields,
        ];
        let of_fields = self.of_fields.iter_mut().map(|(_, texts)| texts);
        texts.into_iter().chain(of_fields).for_each(|texts| texts.cells.reserve_exact(rows));
        let whole = [&mut self.number, &mut self.class_pair, &mut self.pair_number, &mut self.start, &mut self.end];
        whole.into_iter().for_each(|cells| cells.reserve_exact(rows));
        [&mut self.iou, &mut self.similarity, &mut self.score].into_iter().for_each(|cells| cells.reserve_exact(rows));
        self.tags.ends.reserve_exact(rows);
        for (_, cells) in &mut self.of_articles {
            match cells {
                Cells::Text(texts) => texts.cells.reserve_exact(rows),
                Cells::Lists(lists) => lists.ends.reserve_exact(rows),
                Cells::Whole(_) | Cells::Real(_) => {}
            }
        }
    }

    fn repeat_claims(&mut self, from: usize, times: usize) {
        let texts = [
            &mut self.side,
            &mut self.claim_id,
            &mut self.class,
            &mut self.kind,
            &mut self.fragments,
            &mut self.quote,
            &mut self.tracking_id,
            &mut self.fields,
        ];
        texts.into_iter().for_each(|texts| repeat(&mut texts.cells, from, times));
        let whole = [&mut self.number, &mut self.class_pair, &mut self.start, &mut self.end];
        whole.into_iter().for_each(|cells| repeat(cells, from, times));
        repeat(&mut self.score, from, times);
        self.tags.repeat(from, times);
    }

    /// The cells that a criterion decides.
    fn push_outcome(&mut self, row: &Row<'_, 'a>, criterion: TextId, names: &mut PairNames) {
        let known = &mut self.outcome_ids[row.outcome as usize];
        let outcome = *known.get_or_insert_with(|| self.outcome.id(row.outcome.name()));
        let pair = row.pair.map_or(NO_TEXT, |pair| {
            let known = names.of(row.other.side, pair.index);
            *known.get_or_insert_with(|| self.pair.id(row.other.name(pair.index)))
        });
        let at = self.criterion.cells.len();
        self.criterion.cells.push(criterion);
        self.outcome.cells.push(outcome);
        self.pair.cells.push(pair);
        self.pair_number.push(row.pair.map(|p| p.number));
        self.iou.push(row.pair.map(|p| p.pair.iou));
        self.similarity.push(row.pair.map(|p| p.pair.similarity));
        for (name, outcome) in row.pair.map_or(&[][..], |p| p.fields) {
            if let Ok(column) = self.of_fields.binary_search_by(|(known, _)| known.cmp(&name.as_str())) {
                let column = &mut self.of_fields[column].1;
                column.cells.resize(at, NO_TEXT);
                column.push(outcome.name());
            }
        }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.criterion.cells.len()
    }

    /// The columns with their names, in the order of the table.
    pub fn into_named(self) -> Vec<(String, Cells<'a>)> {
        use Cells::{Lists, Real, Text, Whole};
        let of_claims = [
            ("article_id", Text(self.article_id)),
            ("standing", Text(self.standing)),
            ("side", Text(self.side)),
            ("claim_id", Text(self.claim_id)),
            ("number", Whole(self.number)),
            ("criterion", Text(self.criterion)),
            ("outcome", Text(self.outcome)),
            ("class", Text(self.class)),
            ("class_pair", Whole(self.class_pair)),
            ("pair", Text(self.pair)),
            ("pair_number", Whole(self.pair_number)),
            ("iou", Real(self.iou)),
            ("similarity", Real(self.similarity)),
            ("kind", Text(self.kind)),
            ("start", Whole(self.start)),
            ("end", Whole(self.end)),
            ("fragments", Text(self.fragments)),
            ("quote", Text(self.quote)),
            ("tracking_id", Text(self.tracking_id)),
            ("score", Real(self.score)),
            ("tags", Lists(self.tags)),
            ("fields", Text(self.fields)),
        ];
        let of_claims = of_claims.into_iter().map(|(name, cells)| (name.to_owned(), cells));
        let of_articles = self.of_articles.into_iter().map(|(name, cells)| (format!("{ARTICLE}{name}"), cells));
        let of_fields = self.of_fields.into_iter().map(|(name, texts)| (format!("{FIELD}{name}"), Text(texts)));
        of_claims.chain(of_articles).chain(of_fields).collect()
    }
}
