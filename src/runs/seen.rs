//! What came out of the claims of an article in one attempt, and a claim as lists of changes show it.

use std::collections::BTreeMap;

use super::article_rows::ArticleRows;
use super::claim_view::{ClaimView, Context};
use super::comparison::ClaimChange;
use super::outcome::{ClaimOutcome, RunArticle, SideName, criteria_of};
use crate::anchor::CodePoints;
use crate::claim::Claim;
use crate::dataset::ArticleRecord;
use crate::score::{EvaluatedArticle, FieldOutcome, Settings};

/// Code points of text around a claim.
const AROUND: usize = 60;

/// The claims of an article in one attempt, under the primary criterion.
pub(super) struct Seen<'a> {
    pub rows: ArticleRows<'a>,
    /// By index of the gold claims.
    pub gold: Vec<SeenGold<'a>>,
    /// Indexes of predicted claims that match nothing, in canonical order.
    pub spurious: Vec<usize>,
}

#[derive(Clone, Default)]
pub(super) struct SeenGold<'a> {
    pub outcome: Option<ClaimOutcome>,
    pub class: Option<&'static str>,
    /// Index of the predicted claim.
    pub pair: Option<usize>,
    pub number: u32,
    pub fields: &'a [(String, FieldOutcome)],
}

impl SeenGold<'_> {
    pub fn is(&self, outcome: ClaimOutcome) -> bool {
        self.outcome == Some(outcome)
    }
}

pub(super) fn seen<'a>(article: &'a RunArticle<'a>, evaluated: &'a EvaluatedArticle, settings: &'a Settings) -> Seen<'a> {
    let rows = ArticleRows::new(article, evaluated, settings);
    let mut gold = vec![SeenGold::default(); article.input.gold.len()];
    let mut spurious = Vec::new();
    rows.each(&criteria_of(settings), |row| {
        if row.criterion.1 != settings.primary {
            return;
        }
        let index = row.of.index;
        if row.of.side.side == SideName::Gold {
            let fields = row.pair.map_or(&[][..], |pair| pair.fields);
            let pair = row.pair.map(|pair| pair.index);
            gold[index] = SeenGold { outcome: Some(row.outcome), class: row.of.class, pair, number: row.of.number, fields };
        } else if row.outcome == ClaimOutcome::Spurious {
            spurious.push(index);
        }
    });
    Seen { rows, gold, spurious }
}

impl Seen<'_> {
    /// Indexes of the gold claims, in the order of their places.
    pub fn golds(&self) -> Vec<usize> {
        let mut golds: Vec<usize> = (0..self.gold.len()).collect();
        golds.sort_by_key(|&index| self.gold[index].number);
        golds
    }
}

pub(super) fn predicted<'s>(seen: &'s Seen<'_>, index: usize) -> &'s Claim {
    seen.rows.predicted.claims[index]
}

pub(super) fn claim_hull(claim: &Claim) -> Option<(u32, u32)> {
    claim.fragments.hull().map(|hull| (hull.start(), hull.end()))
}

pub(super) fn gold_view(seen: &Seen<'_>, index: usize, lines: &BTreeMap<&str, u64>) -> ClaimView {
    let (claim, tags) = (seen.rows.gold.claims[index], seen.rows.article.input.gold[index].tags);
    ClaimView { line: lines.get(claim.id.as_str()).copied(), ..ClaimView::of(claim, &seen.rows.gold.name(index), tags) }
}

pub(super) fn predicted_view(seen: &Seen<'_>, index: usize) -> ClaimView {
    ClaimView::of(seen.rows.predicted.claims[index], &seen.rows.predicted.name(index), &[])
}

pub(super) fn found(record: &ArticleRecord, claim: ClaimView, text: &CodePoints<'_>) -> ClaimChange {
    let context = context(text, &claim.fragments);
    ClaimChange { article_id: record.article.id.clone(), lang: record.article.lang.clone(), claim, context, ..ClaimChange::default() }
}

/// The text around a claim; cut at blanks where there are any near the end.
fn context(text: &CodePoints<'_>, fragments: &[(u32, u32)]) -> Option<Context> {
    let (start, end) = (fragments.first()?.0 as usize, fragments.last()?.1 as usize);
    let before = text.slice(start.saturating_sub(AROUND), start)?;
    let after = text.slice(end, (end + AROUND).min(text.count()))?;
    let whole_words_before = match before.split_once(char::is_whitespace) {
        Some((cut, rest)) if start > AROUND && cut.chars().count() < AROUND / 2 => rest,
        _ => before,
    };
    let whole_words_after = match after.rsplit_once(char::is_whitespace) {
        Some((rest, cut)) if end + AROUND < text.count() && cut.chars().count() < AROUND / 2 => rest,
        _ => after,
    };
    Some(Context { before: whole_words_before.to_owned(), quote: text.slice(start, end)?.to_owned(), after: whole_words_after.to_owned() })
}
