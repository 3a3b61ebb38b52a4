//! The claims of one side of an article as plain integers in canonical order, ready to be compared.
//!
//! Order: fragments, kind, (field, value) pairs present, score descending, tracking id, id. Claims without ids can be equal in
//! all of these and still count differently (a field absent or not annotated, a score of 0 or none, tags): then those decide,
//! so that claims that are still equal are interchangeable.
//!
//! What holds after [`Side::finish`]: claims ascend by start; the cells of each ascend by field number;
//! spans of a claim are sorted, disjoint and not empty. Buffers are used again for the next article.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::similarity::Iou;
use super::values::{ABSENT, Kept, Value, Values, short_decimal};
use super::vocabulary::Vocabulary;
use crate::claim::{Claim, Field, FieldState, FieldType, Span, intersection_len, total_len};

/// The key field of a gold claim that nobody annotated: equal to anything.
pub(super) const NOT_ANNOTATED: Value = Value::MAX;

/// One claim; its lists stand in the buffers of its [`Side`].
#[derive(Clone, Copy)]
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
    /// Gold only: whether no key field is annotated.
    pub no_key_annotated: bool,
    /// Gold only: neither missed when it is not found, nor is its match counted.
    pub optional: bool,
    /// Folded quote; [`ABSENT`] where there is none, or no criterion asks for it.
    pub quote: Value,
    pub score: Option<f64>,
    /// Place of its texts in the buffer behind 1; 0 where all are empty.
    texts: u32,
}

/// Texts of a claim that matter only where the order of equal claims is to be decided.
#[derive(Clone, Copy, Default)]
struct ClaimTexts {
    written_quote: Kept,
    tracking_id: Kept,
    id: Kept,
}

impl CompactClaim {
    fn is_of_one_piece(&self) -> bool {
        self.spans.1 - self.spans.0 == 1
    }
}

/// A claim as it comes in.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ClaimParts<'a> {
    /// Sorted, disjoint.
    pub spans: &'a [Span],
    pub kind: &'a str,
    pub quote: &'a str,
    pub score: Option<f64>,
    pub tracking_id: &'a str,
    pub id: &'a str,
    pub optional: bool,
}

impl<'a> ClaimParts<'a> {
    pub fn of(claim: &'a Claim, optional: bool) -> ClaimParts<'a> {
        ClaimParts {
            spans: claim.fragments.spans(),
            kind: &claim.kind,
            quote: &claim.quote,
            score: claim.score,
            tracking_id: &claim.tracking_id,
            id: &claim.id,
            optional,
        }
    }
}

/// How the values of a side are read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ValuesAre<'a> {
    /// Gold: what is absent is annotated, and numbers are canonical.
    Gold,
    /// Predicted, canonical numbers.
    Predicted,
    /// Predicted, numbers as the language of the article writes them.
    PredictedLocal(&'a str),
}

/// All claims of one side of an article.
#[derive(Default)]
pub(super) struct Side {
    pub claims: Vec<CompactClaim>,
    spans: Vec<Span>,
    cells: Vec<(u32, Value)>,
    texts: Vec<ClaimTexts>,
    /// Key fields of claim i: `keys[i * width..][..width]`.
    keys: Vec<Value>,
}

impl Side {
    pub fn clear(&mut self) {
        self.claims.clear();
        self.spans.clear();
        self.cells.clear();
        self.texts.clear();
        self.keys.clear();
    }

    pub fn spans(&self, claim: usize) -> &[Span] {
        let (from, to) = self.claims[claim].spans;
        &self.spans[from as usize..to as usize]
    }

    /// (field, value) of the annotated fields, by field.
    pub fn cells(&self, claim: usize) -> &[(u32, Value)] {
        self.cells_of(&self.claims[claim])
    }

    fn cells_of(&self, claim: &CompactClaim) -> &[(u32, Value)] {
        &self.cells[claim.cells.0 as usize..claim.cells.1 as usize]
    }

    pub fn cell(&self, claim: usize, field: u32) -> Option<Value> {
        let cells = self.cells(claim);
        // Most claims have few.
        if cells.len() > 8 {
            return cells.binary_search_by_key(&field, |cell| cell.0).ok().map(|at| cells[at].1);
        }
        cells.iter().find(|cell| cell.0 == field).map(|cell| cell.1)
    }

    pub fn keys(&self, claim: usize, width: usize) -> &[Value] {
        &self.keys[claim * width..(claim + 1) * width]
    }

    /// The key fields of each claim.
    pub fn all_keys(&self, width: usize) -> impl Iterator<Item = &[Value]> {
        self.keys.chunks_exact(width.max(1))
    }

    pub fn len(&self) -> usize {
        self.claims.len()
    }

    /// Adds a claim. `wrong` is told each text that is no value of its field; such a value equals nothing.
    pub fn push<'f>(
        &mut self,
        claim: ClaimParts<'_>,
        fields: impl Iterator<Item = (&'f str, FieldState<&'f str>)>,
        values_are: ValuesAre<'_>,
        vocabulary: &mut Vocabulary,
        values: &mut Values,
        mut wrong: impl FnMut(&Field, &str),
    ) {
        let (first_span, first_cell) = (self.spans.len() as u32, self.cells.len());
        self.spans.extend_from_slice(claim.spans);
        for (name, state) in fields {
            let Some(number) = vocabulary.meet_field(name, matches!(values_are, ValuesAre::Gold)) else { continue };
            let value = match (state, values_are) {
                (FieldState::Absent, ValuesAre::Gold) => ABSENT,
                (FieldState::Absent, _) => continue,
                (FieldState::Present(written), _) => {
                    let field = &vocabulary.field(number).field;
                    let is_canonical = field.field_type == FieldType::Decimal && !matches!(values_are, ValuesAre::PredictedLocal(_));
                    // Most values are such ones, and can be neither wrong nor unequal.
                    if let Some(value) = if is_canonical { short_decimal(written) } else { None } {
                        self.cells.push((number, value));
                        continue;
                    }
                    let read = match values_are {
                        ValuesAre::PredictedLocal(lang) if field.field_type == FieldType::Decimal => Ok(values.local(written, lang)),
                        _ => values.of_field(number, field, vocabulary.schema(), written).map(Some),
                    };
                    match read {
                        Ok(Some(value)) => value,
                        Ok(None) => values.unequal(written),
                        Err(_) => {
                            wrong(field, written);
                            values.unequal(written)
                        }
                    }
                }
            };
            self.cells.push((number, value));
        }
        let cells = &mut self.cells[first_cell..];
        if !cells.is_sorted_by_key(|cell| cell.0) {
            cells.sort_unstable_by_key(|cell| cell.0);
        }
        let has_texts = !(claim.quote.is_empty() && claim.tracking_id.is_empty() && claim.id.is_empty());
        if has_texts {
            self.texts.push(ClaimTexts {
                written_quote: values.keep(claim.quote),
                tracking_id: values.keep(claim.tracking_id),
                id: values.keep(claim.id),
            });
        }
        self.claims.push(CompactClaim {
            source: self.claims.len() as u32,
            spans: (first_span, self.spans.len() as u32),
            cells: (first_cell as u32, self.cells.len() as u32),
            code_points: total_len(claim.spans),
            start: claim.spans.first().map_or(0, |s| s.start()),
            end: claim.spans.last().map_or(0, |s| s.end()),
            kind: vocabulary.meet_kind(claim.kind),
            has_key: false,
            no_key_annotated: true,
            optional: claim.optional,
            quote: if vocabulary.compares_quotes() { values.quote(claim.quote) } else { ABSENT },
            // -0 is 0.
            score: claim.score.map(|score| score + 0.0),
            texts: if has_texts { self.texts.len() as u32 } else { 0 },
        });
    }

    /// Brings the claims into canonical order. `missing` is the value of a key field that a claim does not have; `tie` compares what
    /// stands beside two claims (by place in the input) that are equal themselves.
    pub fn finish(&mut self, missing: Value, vocabulary: &Vocabulary, values: &Values, tie: impl Fn(usize, usize) -> Ordering) {
        // The usual case. Claims of several fragments are not in the order of their ends.
        let ascend = |a: &CompactClaim, b: &CompactClaim| {
            a.start < b.start || (a.start == b.start && a.end < b.end && a.is_of_one_piece() && b.is_of_one_piece())
        };
        if !self.claims.is_sorted_by(ascend) {
            let mut claims = std::mem::take(&mut self.claims);
            claims.sort_by(|a, b| self.order(a, b, vocabulary, values).then_with(|| tie(a.source as usize, b.source as usize)));
            self.claims = claims;
        }
        let width = vocabulary.key_fields().len();
        self.keys.resize(self.claims.len() * width, missing);
        for (i, claim) in self.claims.iter_mut().enumerate() {
            let keys = &mut self.keys[i * width..(i + 1) * width];
            for &(field, value) in &self.cells[claim.cells.0 as usize..claim.cells.1 as usize] {
                if let Some(place) = vocabulary.comparison(field).key {
                    keys[place as usize] = value;
                    claim.has_key |= value != ABSENT;
                    claim.no_key_annotated = false;
                }
            }
        }
    }

    fn order(&self, a: &CompactClaim, b: &CompactClaim, vocabulary: &Vocabulary, values: &Values) -> Ordering {
        let spans = |claim: &CompactClaim| &self.spans[claim.spans.0 as usize..claim.spans.1 as usize];
        let kind = |claim: &CompactClaim| &vocabulary.kinds()[claim.kind as usize];
        let score = |claim: &CompactClaim| claim.score.unwrap_or(0.0);
        let kept = |a: Kept, b: Kept| values.kept(a).cmp(values.kept(b));
        let texts = |claim: &CompactClaim| claim.texts.checked_sub(1).map(|place| self.texts[place as usize]).unwrap_or_default();
        let (a_texts, b_texts) = (texts(a), texts(b));
        spans(a)
            .cmp(spans(b))
            .then_with(|| if a.kind == b.kind { Ordering::Equal } else { kind(a).cmp(kind(b)) })
            .then_with(|| self.order_of_cells(a, b, false, vocabulary, values))
            .then_with(|| score(b).total_cmp(&score(a)))
            .then_with(|| kept(a_texts.tracking_id, b_texts.tracking_id))
            .then_with(|| kept(a_texts.id, b_texts.id))
            .then_with(|| self.order_of_cells(a, b, true, vocabulary, values))
            .then_with(|| kept(a_texts.written_quote, b_texts.written_quote))
            .then_with(|| b.score.is_some().cmp(&a.score.is_some()))
            .then_with(|| a.optional.cmp(&b.optional))
    }

    /// Compares two claims by their (field name, value text) pairs; with or without the ones annotated as absent.
    fn order_of_cells(&self, a: &CompactClaim, b: &CompactClaim, absent: bool, vocabulary: &Vocabulary, values: &Values) -> Ordering {
        let pairs = |claim: &CompactClaim| {
            let name = |cell: &(u32, Value)| vocabulary.field(cell.0).field.name.as_str();
            let mut cells: Vec<(&str, bool, Cow<'_, str>)> = self
                .cells_of(claim)
                .iter()
                .filter(|cell| absent || cell.1 != ABSENT)
                .map(|cell| (name(cell), cell.1 != ABSENT, values.text(cell.1)))
                .collect();
            // Numbers of names that came with the data are in no order.
            cells.sort_unstable();
            cells
        };
        pairs(a).cmp(&pairs(b))
    }
}

/// Intersection over union of a gold and a predicted claim.
#[inline]
pub(super) fn iou(gold: &Side, g: usize, predicted: &Side, p: usize) -> Iou {
    let (a, b) = (&gold.claims[g], &predicted.claims[p]);
    let intersection = if a.is_of_one_piece() && b.is_of_one_piece() {
        u64::from(a.end.min(b.end).saturating_sub(a.start.max(b.start)))
    } else {
        intersection_len(gold.spans(g), predicted.spans(p))
    };
    Iou { intersection, union: a.code_points + b.code_points - intersection }
}
