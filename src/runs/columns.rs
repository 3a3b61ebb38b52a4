//! The columns of the outcome table, filled without a row in between: what is equal in many rows is written once.
//!
//! A claim has a row for each criterion and an article many claims, so that most cells say again what another one said. Texts are
//! therefore numbered, each claim and each article looks its own up once, and a cell is a number.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::article_rows::{ArticleRows, Row, SideRows};
use super::frame::{ARTICLE, FIELD};
use super::outcome::{Scored, SideName};
use super::predictions::FieldValues;
use crate::claim::Claim;
use crate::score::{Criterion, Settings};

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

    /// As [`Texts::id`], and none for the empty text.
    fn some_id(&mut self, text: impl Into<Cow<'a, str>>) -> TextId {
        let text = text.into();
        if text.is_empty() { NO_TEXT } else { self.id(text) }
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
}

/// A column.
pub(super) enum Cells<'a> {
    Text(Texts<'a>),
    Whole(Vec<Option<u32>>),
    Real(Vec<Option<f64>>),
    Lists(Lists<'a>),
}

/// What is the same in all rows of a claim.
struct ClaimTexts {
    claim_id: TextId,
    kind: TextId,
    fragments: TextId,
    quote: TextId,
    tracking_id: TextId,
    fields: TextId,
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
        let criterion_ids: Vec<TextId> = criteria.iter().map(|c| columns.criterion.id(c.to_string())).collect();
        for (article, evaluated) in articles {
            columns.add(&ArticleRows::new(article, evaluated, settings), criteria, &criterion_ids);
        }
        columns
    }

    fn add(&mut self, article: &ArticleRows<'a>, criteria: &[Criterion], criterion_ids: &[TextId]) {
        let first = self.number.len();
        let [gold, predicted] = [&article.gold, &article.predicted].map(|side| self.claim_texts(side));
        article.each(criteria, |row| {
            let texts = if row.side.side == SideName::Gold { &gold } else { &predicted };
            self.tags.push(article.tags(&row).iter().map(String::as_str));
            self.push(&row, &texts[row.number as usize - 1], criterion_ids[row.criterion.0]);
        });
        let rows = self.number.len() - first;
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
                Cells::Lists(lists) => (0..rows).for_each(|_| lists.push(values.clone())),
                Cells::Whole(_) | Cells::Real(_) => {}
            }
        }
        // Fields have outcomes in few rows; the others stay empty.
        let all = self.number.len();
        self.of_fields.iter_mut().for_each(|(_, texts)| texts.cells.resize(all, NO_TEXT));
    }

    /// By the place of the claim in the canonical order, so that texts are numbered alike however the claims were given.
    fn claim_texts(&mut self, side: &SideRows<'a>) -> Vec<ClaimTexts> {
        let texts = |claim: &'a Claim| ClaimTexts {
            claim_id: self.claim_id.some_id(&*claim.id),
            kind: self.kind.some_id(&*claim.kind),
            fragments: self.fragments.some_id(claim.fragments.to_string()),
            quote: self.quote.some_id(&*claim.quote),
            tracking_id: self.tracking_id.some_id(&*claim.tracking_id),
            fields: self.fields.id(serde_json::to_string(&FieldValues(&claim.fields)).unwrap_or_default()),
        };
        side.in_order().map(texts).collect()
    }

    fn push(&mut self, row: &Row<'_, 'a>, texts: &ClaimTexts, criterion: TextId) {
        let hull = row.claim().fragments.hull();
        let side = self.side.id(row.side.side.name());
        let outcome = self.outcome.id(row.outcome.name());
        let class = row.class.map_or(NO_TEXT, |class| self.class.id(class));
        let pair = row.pair.map_or(NO_TEXT, |pair| self.pair.id(row.other.name(pair.index)));
        self.side.cells.push(side);
        self.claim_id.cells.push(texts.claim_id);
        self.number.push(Some(row.number));
        self.criterion.cells.push(criterion);
        self.outcome.cells.push(outcome);
        self.class.cells.push(class);
        self.class_pair.push(row.class_pair);
        self.pair.cells.push(pair);
        self.pair_number.push(row.pair.map(|p| p.number));
        self.iou.push(row.pair.map(|p| p.pair.iou));
        self.similarity.push(row.pair.map(|p| p.pair.similarity));
        self.kind.cells.push(texts.kind);
        self.start.push(hull.map(|h| h.start()));
        self.end.push(hull.map(|h| h.end()));
        self.fragments.cells.push(texts.fragments);
        self.quote.cells.push(texts.quote);
        self.tracking_id.cells.push(texts.tracking_id);
        self.score.push(row.score());
        self.fields.cells.push(texts.fields);
        let at = self.number.len() - 1;
        for (name, outcome) in row.pair.map_or(&[][..], |p| p.fields) {
            if let Ok(column) = self.of_fields.binary_search_by(|(known, _)| known.cmp(&name.as_str())) {
                let column = &mut self.of_fields[column].1;
                column.cells.resize(at, NO_TEXT);
                let outcome = column.id(outcome.name());
                column.cells.push(outcome);
            }
        }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.number.len()
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
