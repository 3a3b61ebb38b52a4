//! Articles of two bare files, scored as they are read and not kept.
//!
//! A [`Stream`] learns the names of kinds and fields as they come. Streams over parts of the files add up; what they say does not
//! depend on how the files were cut. Whatever is wrong with an article is [`Unusual`]: then the whole files are read in the plain
//! way, which says what it is.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::count::{Beside, Counts};
use super::evaluate::{Provenance, Standing};
use super::matching::Matcher;
use super::result::{DatasetInfo, RunResult};
use super::settings::{Scorer, Settings};
use super::side::{ClaimParts, NOT_ANNOTATED, ValuesAre};
use super::signature::signature;
use super::summary::{add_intervals, summarise};
use super::totals::{GROUP_COLUMN, Totals, add_criteria, add_unit};
use super::values::ABSENT;
use super::vocabulary::Names;
use crate::anchor::OffsetUnit;
use crate::claim::{ArticleStatus, ClaimStatus, FieldState, Span};
use crate::dataset::bare_hash::{ArticleHash, ArticleHasher, HashedClaim, of_articles};
use crate::extract::{LocationCounts, Numbers, Oddities, Outcome, OutcomeClass, locate_answer};
use crate::formats::jsonl::{RawClaim, RawClaims, RawField, Record};
use crate::stats::Units;

/// Something that is not as usual: an error, or what looks like one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unusual;

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

/// What of the gold the user can name on the command line, and how much there is.
#[derive(Clone, Debug, Default)]
pub struct GoldNames {
    /// Articles.
    pub articles: u64,
    /// Fields that claims have.
    pub fields: BTreeSet<String>,
    /// Keys of the articles, but those that every article may have.
    pub columns: BTreeSet<String>,
    /// Languages of the articles.
    pub languages: BTreeSet<String>,
    /// Claims that are not confirmed and so not scored.
    pub drafts: usize,
}

/// Scores articles one after the other.
pub(crate) struct Stream {
    scorer: Scorer,
    matcher: Matcher,
    counts: Counts,
    totals: Totals,
    /// Where intervals are asked for.
    units: Option<Units>,
    hasher: ArticleHasher,
    hashes: Vec<ArticleHash>,
    gold: GoldNames,
    oddities: Oddities,
    buffers: Buffers,
}

#[derive(Default)]
struct Buffers {
    spans: Vec<Span>,
    /// Places of a claim's fields in the order of their names.
    by_name: Vec<u32>,
    /// For each scored gold claim, its place in the record.
    sources: Vec<u32>,
}

impl Stream {
    pub fn new(settings: &Settings) -> Stream {
        let scorer = Scorer::growing(settings);
        Stream {
            units: settings.intervals.map(|_| Units::new(scorer.criteria().len())),
            scorer,
            matcher: Matcher::new(),
            counts: Counts::default(),
            totals: Totals::default(),
            hasher: ArticleHasher::default(),
            hashes: Vec::new(),
            gold: GoldNames::default(),
            oddities: Oddities::default(),
            buffers: Buffers::default(),
        }
    }

    /// Scores one article. The outcome and what is to be told of the answer, if anything.
    pub fn article(&mut self, gold: &Record<'_>, answer: StreamAnswer<'_>) -> Result<(Outcome, Option<String>), Unusual> {
        self.meet_gold(gold);
        self.matcher.next_article();
        self.push_gold(gold)?;
        let (outcome, message) = self.push_answer(gold, answer)?;
        let standing = match outcome.class() {
            OutcomeClass::Scored => Standing::Scored,
            OutcomeClass::Failed => Standing::Failed,
            OutcomeClass::Excluded => Standing::Excluded,
        };
        *self.totals.ends.entry((standing, outcome, ArticleStatus::Gold)).or_default() += 1;
        if standing != Standing::Excluded {
            self.score(gold, answer, standing);
        }
        Ok((outcome, message))
    }

    fn score(&mut self, gold: &Record<'_>, answer: StreamAnswer<'_>, standing: Standing) {
        let Stream { scorer, matcher, counts, totals, units, buffers, .. } = self;
        let beside = OfRecords { gold: &gold.claims, sources: &buffers.sources, answer };
        matcher.gold.finish(NOT_ANNOTATED, &scorer.vocabulary, &matcher.values, |a, b| beside.tags(a).cmp(beside.tags(b)));
        matcher.predicted.finish(ABSENT, &scorer.vocabulary, &matcher.values, |_, _| Ordering::Equal);
        matcher.run(scorer);
        counts.count(matcher, scorer, gold.lang(), &beside, &mut totals.all);
        if standing == Standing::Failed {
            add_criteria(&mut totals.failed, &counts.criteria);
        } else {
            totals.count_empty(counts.gold, counts.judged);
        }
        if units.is_some() {
            let group = gold.columns.iter().find(|(column, _)| column == GROUP_COLUMN);
            add_unit(units, &counts.criteria, group.map(|(_, group)| group.as_ref()));
        }
        for (number, name) in scorer.article_slices().enumerate() {
            let value = match name {
                "lang" => Some(gold.lang()),
                "publisher" => gold.publisher.as_deref(),
                _ => gold.columns.iter().find(|(column, _)| column == name).map(|(_, value)| value.as_ref()),
            };
            if let Some(value) = value {
                totals.add_to_slice(number, value, counts.gold, counts.predicted, &counts.criteria);
            }
        }
    }

    fn meet_gold(&mut self, record: &Record<'_>) {
        let names = &mut self.gold;
        names.articles += 1;
        let meet = |known: &mut BTreeSet<String>, name: &str| {
            if !known.contains(name) {
                known.insert(name.to_owned());
            }
        };
        meet(&mut names.languages, record.lang());
        for (name, _) in &record.columns {
            meet(&mut names.columns, name);
        }
    }

    fn push_gold(&mut self, record: &Record<'_>) -> Result<(), Unusual> {
        let Stream { scorer, matcher, hasher, buffers, gold, .. } = self;
        let Buffers { spans, by_name, sources } = buffers;
        hasher.begin(&record.id, record.lang(), record.text.as_deref().unwrap_or_default());
        sources.clear();
        let mut any_wrong = false;
        for (source, claim) in record.claims.iter().enumerate() {
            claim.place_into(spans);
            if claim.status == ClaimStatus::Draft {
                gold.drafts += 1;
                let schema = scorer.vocabulary.schema();
                any_wrong |= claim.fields.iter().any(|(name, state)| {
                    schema.field(name).zip(state.present()).is_some_and(|(field, written)| schema.key(field, written).is_err())
                });
                continue;
            }
            sources.push(source as u32);
            let optional = claim.status == ClaimStatus::Optional;
            let parts = parts(&claim, spans, optional);
            matcher
                .gold
                .push(parts, fields(claim.fields), ValuesAre::Gold, &mut scorer.vocabulary, &mut matcher.values, |_, _| any_wrong = true);
            let hashed = HashedClaim { spans, kind: &claim.kind, quote: &claim.quote, tracking_id: &claim.tracking_id, optional };
            if claim.fields.len() > 1 {
                by_name.clear();
                by_name.extend(0..claim.fields.len() as u32);
                by_name.sort_unstable_by(|&a, &b| claim.fields[a as usize].0.cmp(&claim.fields[b as usize].0));
                hasher.claim(hashed, by_name.iter().map(|&i| field(&claim.fields[i as usize])));
            } else {
                hasher.claim(hashed, fields(claim.fields));
            }
        }
        self.hashes.push(hasher.finish());
        if any_wrong { Err(Unusual) } else { Ok(()) }
    }

    fn push_answer(&mut self, gold: &Record<'_>, answer: StreamAnswer<'_>) -> Result<(Outcome, Option<String>), Unusual> {
        let record = match answer {
            StreamAnswer::None => return Ok((Outcome::NotAnswered, None)),
            StreamAnswer::Empty => return Ok((Outcome::Empty, None)),
            StreamAnswer::Record(record) => record,
        };
        if let Some(error) = &record.error {
            let (outcome, message) = error.outcome();
            return Ok((outcome, Some(message)));
        }
        let mut located = LocationCounts::default();
        let mut note = None;
        match &gold.text {
            None => {
                for claim in record.claims.iter() {
                    claim.place_into(&mut self.buffers.spans);
                    if self.buffers.spans.is_empty() {
                        located.unlocated += 1;
                    } else {
                        located.exact += 1;
                    }
                    let spans = std::mem::take(&mut self.buffers.spans);
                    self.push_predicted(parts(&claim, &spans, false), fields(claim.fields), gold.lang());
                    self.buffers.spans = spans;
                }
            }
            Some(text) => {
                let answer = locate_answer(text, &record.claims, OffsetUnit::Codepoint);
                if !answer.impossible.is_empty() {
                    return Err(Unusual);
                }
                (located, note) = (answer.counts, answer.note);
                for claim in &answer.claims {
                    let fields = claim.fields.iter().map(|(name, state)| (name.as_str(), state));
                    self.push_predicted(ClaimParts::of(claim, false), fields, gold.lang());
                }
            }
        }
        self.totals.located += located;
        let outcome = if record.claims.is_empty() { Outcome::Empty } else { Outcome::Ok };
        Ok((outcome, note))
    }

    fn push_predicted<'a>(&mut self, parts: ClaimParts<'a>, fields: impl Iterator<Item = (&'a str, FieldState<&'a str>)>, lang: &str) {
        let Stream { scorer, matcher, oddities, .. } = self;
        let values_are = match scorer.numbers {
            Numbers::Canonical => ValuesAre::Predicted,
            Numbers::Local => ValuesAre::PredictedLocal(lang),
        };
        matcher.predicted.push(parts, fields, values_are, &mut scorer.vocabulary, &mut matcher.values, |field, written| {
            oddities.count_value(field, written, values_are != ValuesAre::Predicted);
        });
    }

    /// Adds what another stream has counted.
    pub fn add(&mut self, mut other: Stream) {
        other.counts.settle(&other.scorer, &mut other.totals.all);
        self.scorer.vocabulary.learn(&other.scorer.vocabulary);
        self.totals.add(other.totals.renumbered(&other.scorer, &self.scorer));
        self.hashes.extend(other.hashes);
        if let (Some(units), Some(other)) = (&mut self.units, other.units) {
            units.merge(other);
        }
        let gold = other.gold;
        self.gold.articles += gold.articles;
        self.gold.fields.extend(gold.fields);
        self.gold.columns.extend(gold.columns);
        self.gold.languages.extend(gold.languages);
        self.gold.drafts += gold.drafts;
        self.oddities.add(other.oddities);
    }

    /// The result, the names that gold has, and what is odd about the answers.
    pub fn finish(mut self, settings: &Settings, provenance: &Provenance) -> (RunResult, GoldNames, Oddities) {
        self.counts.settle(&self.scorer, &mut self.totals.all);
        let mut names = Names::default();
        self.scorer.vocabulary.add_names_to(&mut names);
        let scorer = Scorer::of_names(settings, &names);
        let mut result = summarise(&scorer, self.totals.renumbered(&self.scorer, &scorer));
        let hash = of_articles(self.hashes);
        result.signature = signature(settings, &scorer, &hash, &provenance.selection, self.units.as_ref().is_some_and(Units::has_groups));
        if let Some((units, settings)) = self.units.zip(settings.intervals) {
            add_intervals(&mut result, &scorer, units, settings);
        }
        result.dataset = DatasetInfo { hash, articles: self.gold.articles, gold_claims: result.gold, ..provenance.dataset.clone() };
        result.extractor = provenance.extractor.clone();
        let mut gold = self.gold;
        gold.fields = self.scorer.vocabulary.fields().iter().filter(|rule| rule.in_gold).map(|rule| rule.field.name.clone()).collect();
        (result, gold, self.oddities)
    }
}

fn parts<'a>(claim: &RawClaim<'a, '_>, spans: &'a [Span], optional: bool) -> ClaimParts<'a> {
    let row = claim.row;
    ClaimParts { spans, kind: &row.kind, quote: &row.quote, score: row.score, tracking_id: &row.tracking_id, id: &row.id, optional }
}

fn fields<'a>(fields: &'a [RawField<'_>]) -> impl Iterator<Item = (&'a str, FieldState<&'a str>)> {
    fields.iter().map(field)
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
