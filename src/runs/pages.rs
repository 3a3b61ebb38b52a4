//! The articles of a run as a report shows them: pairs and lone claims under the primary criterion, with the text.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::article_rows::{ArticleRows, ClaimRow, Row, RowPair};
use super::claim_view::ClaimView;
use super::item::differing;
use super::outcome::{RunArticle, SideName, criteria_of};
use crate::dataset::Dataset;
use crate::report::document::{ArticlePage, ReportItem};
use crate::score::{EvaluatedArticle, Evaluation, Settings};

/// The pages of all articles that were evaluated, by id. `articles` are in the order of the evaluation; the dataset says what
/// stands beside a text, and in which line a gold claim is.
pub fn article_pages(articles: &[RunArticle<'_>], evaluation: &Evaluation, settings: &Settings, dataset: &Dataset) -> Vec<ArticlePage> {
    let mut all: Vec<_> = articles.iter().zip(&evaluation.articles).collect();
    all.sort_by(|a, b| a.0.input.id.cmp(b.0.input.id));
    all.par_iter().map(|(article, evaluated)| page(article, evaluated, settings, dataset)).collect()
}

fn page(article: &RunArticle<'_>, evaluated: &EvaluatedArticle, settings: &Settings, dataset: &Dataset) -> ArticlePage {
    let input = article.input;
    let mut columns: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in input.columns.iter().filter(|(name, _)| settings.slices.iter().any(|s| s == name)) {
        columns.entry(name.to_string()).or_default().push(value.to_string());
    }
    let record = dataset.article(input.id).map(|record| &record.article);
    ArticlePage {
        id: input.id.to_owned(),
        lang: input.lang.to_owned(),
        title: record.and_then(|a| a.title.clone()),
        publisher: record.and_then(|a| a.publisher.clone()),
        published_at: record.and_then(|a| a.published_at.clone()),
        outcome: evaluated.outcome.name().to_owned(),
        standing: evaluated.standing.name().to_owned(),
        message: input.answer.and_then(|answer| answer.message.clone()),
        columns,
        text: article.text.map(str::to_owned),
        items: items(article, evaluated, settings, &lines(dataset, input.id)),
    }
}

/// Line of each gold claim of an article in the claim file, by the claim's id.
pub(super) fn lines<'d>(dataset: &'d Dataset, article_id: &str) -> BTreeMap<&'d str, u64> {
    dataset.claims_of(article_id).iter().map(|c| (c.claim.id.as_str(), c.line)).collect()
}

fn items(article: &RunArticle<'_>, evaluated: &EvaluatedArticle, settings: &Settings, lines: &BTreeMap<&str, u64>) -> Vec<ReportItem> {
    let rows = ArticleRows::new(article, evaluated, settings);
    let mut items = Vec::new();
    rows.each(&criteria_of(settings), |row| {
        let is_gold = row.of.side.side == SideName::Gold;
        if row.criterion.1 != settings.primary || (!is_gold && row.pair.is_some()) {
            return; // A paired prediction is part of its gold claim's item.
        }
        let own = ClaimView { line: lines.get(row.of.claim().id.as_str()).copied().filter(|_| is_gold), ..view(&rows, &row.of) };
        let pair = row.pair.map(|pair| (pair, pair_view(&row, pair)));
        let (gold, predicted) = if is_gold { (Some(own), pair.as_ref().map(|p| p.1.clone())) } else { (None, Some(own)) };
        items.push(ReportItem {
            outcome: row.outcome,
            class: row.of.class.map(str::to_owned),
            iou: row.pair.map(|p| p.pair.iou),
            differences: match &pair {
                Some((pair, other)) => {
                    let fields = pair.fields.iter().map(|(name, outcome)| (name.as_str(), outcome.name()));
                    differing((&row.of.claim().kind, &other.kind), fields, |side, field| {
                        let claim = if side == SideName::Gold { row.of.claim() } else { row.other.claims[pair.index] };
                        claim.fields.value(field).map(str::to_owned)
                    })
                }
                None => Vec::new(),
            },
            field_outcomes: pair
                .iter()
                .flat_map(|(pair, _)| pair.fields)
                .map(|(name, outcome)| (name.clone(), outcome.name().to_owned()))
                .collect(),
            gold,
            predicted,
            change: None,
        });
    });
    items.sort_by_key(place);
    items
}

/// Claims without a place come last.
fn place(item: &ReportItem) -> (bool, Option<(u32, u32)>) {
    let first = item.gold.as_ref().or(item.predicted.as_ref()).and_then(|claim| claim.fragments.first().copied());
    (first.is_none(), first)
}

fn view(rows: &ArticleRows<'_>, row: &ClaimRow<'_, '_>) -> ClaimView {
    ClaimView { score: row.score(), ..ClaimView::of(row.claim(), &row.side.name(row.index), rows.tags(row)) }
}

fn pair_view(row: &Row<'_, '_>, pair: RowPair<'_>) -> ClaimView {
    let claim = row.other.claims[pair.index];
    ClaimView::of(claim, &row.other.name(pair.index), &[])
}
