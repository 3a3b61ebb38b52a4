//! Articles as records of JSONL.

use super::super::count::Beside;
use super::super::side::ClaimParts;
use super::{ArticleHead, Stream, Unusual};
use crate::anchor::OffsetUnit;
use crate::claim::{ClaimStatus, FieldState, Span};
use crate::extract::{LocationCounts, Outcome, locate_answer};
use crate::formats::jsonl::{RawClaim, RawClaims, RawField, Record};

/// The answer to one article.
#[derive(Clone, Copy, Debug)]
pub(crate) enum StreamAnswer<'a> {
    /// Claims, or an error of the extractor.
    Record(&'a Record<'a>),
    /// There is none, which is a failure.
    None,
    /// There is none, which means no claims.
    Empty,
}

#[derive(Default)]
pub(super) struct Buffers {
    spans: Vec<Span>,
    /// Places of a claim's fields in the order of their names.
    by_name: Vec<u32>,
    /// For each gold claim that is no draft, its place in the record.
    sources: Vec<u32>,
}

impl Stream {
    /// Scores one article. The outcome and what is to be told of the answer, if anything.
    pub fn article(&mut self, gold: &Record<'_>, answer: StreamAnswer<'_>) -> Result<(Outcome, Option<String>), Unusual> {
        let mut buffers = std::mem::take(&mut self.buffers);
        let scored = self.record(gold, answer, &mut buffers);
        self.buffers = buffers;
        scored
    }

    fn record(&mut self, gold: &Record<'_>, answer: StreamAnswer<'_>, buffers: &mut Buffers) -> Result<(Outcome, Option<String>), Unusual> {
        let article = ArticleHead {
            id: &gold.id,
            lang: gold.lang(),
            publisher: gold.publisher.as_deref(),
            columns: &gold.columns,
            text: gold.text.as_deref().unwrap_or_default(),
        };
        self.begin(&article);
        buffers.sources.clear();
        for (source, claim) in gold.claims.iter().enumerate() {
            let is_draft = claim.status == ClaimStatus::Draft;
            if !is_draft {
                buffers.sources.push(source as u32);
            }
            claim.place_into(&mut buffers.spans);
            let parts = parts(&claim, &buffers.spans, claim.status == ClaimStatus::Optional);
            if claim.fields.len() > 1 {
                let by_name = &mut buffers.by_name;
                by_name.clear();
                by_name.extend(0..claim.fields.len() as u32);
                by_name.sort_unstable_by(|&a, &b| claim.fields[a as usize].0.cmp(&claim.fields[b as usize].0));
                self.gold(parts, is_draft, by_name.iter().map(|&place| field(&claim.fields[place as usize])));
            } else {
                self.gold(parts, is_draft, claim.fields.iter().map(field));
            }
        }
        let (outcome, message) = self.answer(gold, answer, &mut buffers.spans)?;
        self.end(&article, outcome, &OfRecords { gold: &gold.claims, sources: &buffers.sources, answer })?;
        Ok((outcome, message))
    }

    fn answer(&mut self, gold: &Record<'_>, answer: StreamAnswer<'_>, spans: &mut Vec<Span>) -> Result<(Outcome, Option<String>), Unusual> {
        let record = match answer {
            StreamAnswer::None => return Ok((Outcome::NotAnswered, None)),
            StreamAnswer::Empty => return Ok((Outcome::Empty, None)),
            StreamAnswer::Record(record) => record,
        };
        if let Some(error) = &record.error {
            let (outcome, message) = error.outcome();
            return Ok((outcome, Some(message)));
        }
        let mut note = None;
        match &gold.text {
            None => {
                let mut counts = LocationCounts::default();
                for claim in record.claims.iter() {
                    claim.place_into(spans);
                    *(if spans.is_empty() { &mut counts.unlocated } else { &mut counts.exact }) += 1;
                    self.predicted(parts(&claim, spans, false), claim.fields.iter().map(field), gold.lang());
                }
                self.located(counts);
            }
            Some(text) => {
                let answer = locate_answer(text, &record.claims, OffsetUnit::Codepoint);
                if !answer.impossible.is_empty() {
                    return Err(Unusual);
                }
                self.located(answer.counts);
                note = answer.note;
                for claim in &answer.claims {
                    let fields = claim.fields.iter().map(|(name, state)| (name.as_str(), state));
                    self.predicted(ClaimParts::of(claim, false), fields, gold.lang());
                }
            }
        }
        let outcome = if record.claims.is_empty() { Outcome::Empty } else { Outcome::Ok };
        Ok((outcome, note))
    }
}

fn parts<'a>(claim: &RawClaim<'a, '_>, spans: &'a [Span], optional: bool) -> ClaimParts<'a> {
    let row = claim.row;
    ClaimParts { spans, kind: &row.kind, quote: &row.quote, score: row.score, tracking_id: &row.tracking_id, id: &row.id, optional }
}

fn field<'a>((name, state): &'a RawField<'_>) -> (&'a str, FieldState<&'a str>) {
    (name, state.as_deref())
}

struct OfRecords<'a> {
    gold: &'a RawClaims<'a>,
    sources: &'a [u32],
    answer: StreamAnswer<'a>,
}

impl Beside for OfRecords<'_> {
    fn tags(&self, gold: usize) -> &[String] {
        self.gold.at(self.sources[gold] as usize).tags
    }

    fn written(&self, predicted: usize, field: &str) -> Option<&str> {
        let StreamAnswer::Record(record) = self.answer else { return None };
        let fields = record.claims.at(predicted).fields;
        fields.iter().find(|(name, _)| name == field)?.1.present().map(AsRef::as_ref)
    }
}
