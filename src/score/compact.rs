//! The claims of one article as plain integers in canonical order, ready to be compared.
//!
//! Kinds, values and quotes become numbers that are equal when the things are, so that matching never looks at text again.
//! Order: fragments, kind, (field, value) pairs present, score descending, tracking id, id. Claims without ids can be equal in
//! all of these and still count differently (a field absent or not annotated, a score of 0 or none, tags): then those decide,
//! so that claims that are still equal are interchangeable.

use std::borrow::Cow;
use std::cmp::Ordering;

use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use super::similarity::Iou;
use super::vocabulary::Vocabulary;
use crate::claim::{Claim, FieldState, FieldType, Span, decimal, intersection_len, text, total_len};
use crate::extract::Numbers;

/// The value of a field that is annotated as absent, or that a prediction does not have.
pub(super) const ABSENT: u32 = 0;
/// The key field of a gold claim that nobody annotated: equal to anything.
pub(super) const NOT_ANNOTATED: u32 = u32::MAX;

/// Which side of the comparison a claim stands on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum SideOf {
    Gold,
    Predicted,
}

/// One claim, its lists in the buffers of its [`Side`].
pub(super) struct CompactClaim {
    /// Place in the input.
    pub source: u32,
    spans: (u32, u32),
    cells: (u32, u32),
    /// Code points of all fragments; 0 for a claim without a place.
    pub code_points: u64,
    pub start: u32,
    pub end: u32,
    pub kind: u32,
    /// Whether a key field is present.
    pub has_key: bool,
    /// Whether no key field is annotated.
    pub no_key_annotated: bool,
    /// Folded quote; [`ABSENT`] where there is none.
    pub quote: u32,
}

/// All claims of one side of an article.
#[derive(Default)]
pub(super) struct Side {
    pub claims: Vec<CompactClaim>,
    spans: Vec<Span>,
    cells: Vec<(u32, u32)>,
    /// Key fields of claim i: `keys[i * width..][..width]`.
    keys: Vec<u32>,
}

impl Side {
    pub fn spans(&self, claim: usize) -> &[Span] {
        let (from, to) = self.claims[claim].spans;
        &self.spans[from as usize..to as usize]
    }

    /// (field, value) of the annotated fields, by field.
    pub fn cells(&self, claim: usize) -> &[(u32, u32)] {
        let (from, to) = self.claims[claim].cells;
        &self.cells[from as usize..to as usize]
    }

    pub fn cell(&self, claim: usize, field: u32) -> Option<u32> {
        let cells = self.cells(claim);
        cells.binary_search_by_key(&field, |c| c.0).ok().map(|i| cells[i].1)
    }

    pub fn keys(&self, claim: usize, width: usize) -> &[u32] {
        &self.keys[claim * width..(claim + 1) * width]
    }

    pub fn len(&self) -> usize {
        self.claims.len()
    }
}

/// Intersection over union of a gold and a predicted claim.
pub(super) fn iou(gold: &Side, g: usize, predicted: &Side, p: usize) -> Iou {
    let intersection = intersection_len(gold.spans(g), predicted.spans(p));
    Iou { intersection, union: gold.claims[g].code_points + predicted.claims[p].code_points - intersection }
}

/// The values of one article by number. Number 0 is [`ABSENT`].
pub(super) struct Values {
    numbers: FxHashMap<String, u32>,
    texts: Vec<String>,
}

impl Values {
    pub fn new() -> Values {
        Values { numbers: FxHashMap::default(), texts: vec![String::new()] }
    }

    pub fn text(&self, number: u32) -> &str {
        &self.texts[number as usize]
    }

    /// The decimal of a value, for tolerances.
    pub fn decimal(&self, number: u32) -> Option<Decimal> {
        decimal::parse(self.text(number)).ok()
    }

    fn number(&mut self, key: String) -> u32 {
        if let Some(&number) = self.numbers.get(&key) {
            return number;
        }
        let number = self.texts.len() as u32;
        self.texts.push(key.clone());
        self.numbers.insert(key, number);
        number
    }

    /// A value that equals nothing, not even itself in another claim; the text serves the canonical order.
    fn unequal(&mut self, written: &str) -> u32 {
        self.texts.push(written.to_owned());
        self.texts.len() as u32 - 1
    }
}

/// Brings one side of an article into canonical order. `tie` compares what stands beside two claims (by place in the input) that
/// are equal themselves.
pub(super) fn prepare(
    claims: &[&Claim],
    side: SideOf,
    lang: &str,
    numbers: Numbers,
    vocabulary: &Vocabulary,
    values: &mut Values,
    tie: impl Fn(usize, usize) -> Ordering,
) -> Side {
    let mut drafts: Vec<Draft> =
        claims.iter().enumerate().map(|(i, claim)| Draft::new(i, claim, side, lang, numbers, vocabulary, values)).collect();
    drafts.sort_by(|a, b| a.order(b, values).then_with(|| tie(a.source as usize, b.source as usize)));
    let mut out = Side::default();
    for draft in drafts {
        out.push(draft, side, vocabulary);
    }
    out
}

/// A claim on its way into a [`Side`].
struct Draft<'a> {
    source: u32,
    claim: &'a Claim,
    kind: u32,
    cells: Vec<(u32, u32)>,
    quote: u32,
}

impl<'a> Draft<'a> {
    fn new(
        source: usize,
        claim: &'a Claim,
        side: SideOf,
        lang: &str,
        numbers: Numbers,
        vocabulary: &Vocabulary,
        values: &mut Values,
    ) -> Self {
        let mut cells = Vec::with_capacity(claim.fields.len());
        for (name, state) in &claim.fields {
            let Some(field) = vocabulary.field_number(name) else { continue };
            let value = match state {
                FieldState::Absent if side == SideOf::Gold => ABSENT,
                FieldState::Absent => continue,
                FieldState::Present(written) => {
                    let rule = vocabulary.field(field);
                    let local = numbers == Numbers::Local && side == SideOf::Predicted && rule.field.field_type == FieldType::Decimal;
                    let written =
                        if local { super::local::canonical(written, lang).map(Cow::Owned) } else { Some(Cow::Borrowed(written.as_str())) };
                    match written.map(|w| vocabulary.schema().key(&rule.field, &w)) {
                        Some(Ok(key)) => values.number(key),
                        _ => values.unequal(state.present().map_or("", String::as_str)),
                    }
                }
            };
            cells.push((field, value));
        }
        cells.sort_unstable_by_key(|c| c.0);
        let quote = if vocabulary.compares_quotes() { text::fold(&claim.quote) } else { String::new() };
        let quote = if quote.is_empty() { ABSENT } else { values.number(quote) };
        Draft { source: source as u32, claim, kind: vocabulary.kind_number(&claim.kind), cells, quote }
    }

    fn order(&self, other: &Self, values: &Values) -> Ordering {
        let by_score = |c: &Claim| c.score.unwrap_or(0.0) + 0.0; // -0 is 0
        let (a, b) = (self.claim, other.claim);
        a.fragments
            .cmp(&b.fragments)
            .then_with(|| self.kind.cmp(&other.kind))
            .then_with(|| {
                // Equal numbers are equal texts; only the first difference needs the texts.
                let (mut x, mut y) = (self.cells.iter().filter(|c| c.1 != ABSENT), other.cells.iter().filter(|c| c.1 != ABSENT));
                loop {
                    match (x.next(), y.next()) {
                        (Some(a), Some(b)) if a == b => {}
                        (Some(a), Some(b)) => {
                            let texts = a.0.cmp(&b.0).then_with(|| values.text(a.1).cmp(values.text(b.1)));
                            if texts != Ordering::Equal {
                                return texts;
                            }
                        }
                        (a, b) => return a.is_some().cmp(&b.is_some()),
                    }
                }
            })
            .then_with(|| by_score(b).total_cmp(&by_score(a)))
            .then_with(|| a.tracking_id.cmp(&b.tracking_id))
            .then_with(|| a.id.cmp(&b.id))
            .then_with(|| a.fields.cmp(&b.fields))
            .then_with(|| a.quote.cmp(&b.quote))
            .then_with(|| b.score.is_some().cmp(&a.score.is_some()))
    }
}

impl Side {
    fn push(&mut self, draft: Draft, side: SideOf, vocabulary: &Vocabulary) {
        let spans = draft.claim.fragments.spans();
        let first_span = self.spans.len() as u32;
        let first_cell = self.cells.len() as u32;
        self.spans.extend_from_slice(spans);
        self.cells.extend_from_slice(&draft.cells);
        let missing = if side == SideOf::Gold { NOT_ANNOTATED } else { ABSENT };
        let (mut has_key, mut no_key_annotated) = (false, true);
        for &field in vocabulary.key_fields() {
            let value = draft.cells.binary_search_by_key(&field, |c| c.0).map_or(missing, |i| draft.cells[i].1);
            has_key |= value != ABSENT && value != NOT_ANNOTATED;
            no_key_annotated &= value == NOT_ANNOTATED;
            self.keys.push(value);
        }
        self.claims.push(CompactClaim {
            source: draft.source,
            spans: (first_span, self.spans.len() as u32),
            cells: (first_cell, self.cells.len() as u32),
            code_points: total_len(spans),
            start: spans.first().map_or(0, |s| s.start()),
            end: spans.last().map_or(0, |s| s.end()),
            kind: draft.kind,
            has_key,
            no_key_annotated,
            quote: draft.quote,
        });
    }
}
