//! Articles of two bare files, scored as they are read and not kept.
//!
//! A [`Stream`] learns the names of kinds and fields as they come. An article is begun, given its claims one by one, and ended;
//! [`Stream::article`] does so for records. Streams over parts of the files add up; what they say does not depend on how the files
//! were cut. Whatever is wrong with an article is [`Unusual`]: then the whole files are read in the plain way, which says what it is.

mod records;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeSet;

pub(crate) use records::StreamAnswer;

use super::count::{Beside, Counts};
use super::evaluate::Provenance;
use super::matching::Matcher;
use super::resampled::{IntervalsOf, Resampled};
use super::result::{DatasetInfo, RunResult};
use super::settings::{Scorer, Settings};
use super::side::{ClaimParts, NOT_ANNOTATED, ValuesAre};
use super::signature::signature;
use super::standing::Standing;
use super::summary::summarise;
use super::tally::Tally;
use super::totals::{Totals, add_criteria};
use super::values::ABSENT;
use super::vocabulary::Names;
use crate::claim::{ArticleStatus, FieldState};
use crate::dataset::GROUP_COLUMN;
use crate::dataset::bare_hash::{ArticleHash, ArticleHasher, HashedClaim, of_articles};
use crate::extract::{LocationCounts, Numbers, Oddities, Outcome, OutcomeClass};

/// Something that is not as usual: an error, or what looks like one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unusual;

/// An article without its claims.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ArticleHead<'a> {
    pub id: &'a str,
    pub lang: &'a str,
    pub publisher: Option<&'a str>,
    /// What else it can be cut by; `group_id` says which articles are resampled together.
    pub columns: &'a [(Cow<'a, str>, Cow<'a, str>)],
    /// Empty where it is not known.
    pub text: &'a str,
}

impl<'a> ArticleHead<'a> {
    fn column(&self, name: &str) -> Option<&'a str> {
        match name {
            "lang" => Some(self.lang),
            "publisher" => self.publisher,
            _ => self.columns.iter().find(|(column, _)| column == name).map(|(_, value)| value.as_ref()),
        }
    }
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
    /// What intervals are made of.
    units: Resampled,
    hasher: ArticleHasher,
    hashes: Vec<ArticleHash>,
    gold: GoldNames,
    oddities: Oddities,
    /// Whether a gold claim of the article has a value that is none.
    any_wrong: bool,
    buffers: records::Buffers,
}

impl Stream {
    /// `intervals` says which numbers get intervals, where the settings ask for any.
    pub fn new(settings: &Settings, intervals: IntervalsOf) -> Stream {
        let scorer = Scorer::growing(settings);
        Stream {
            units: Resampled::new(settings, intervals, &scorer),
            scorer,
            matcher: Matcher::new(),
            counts: Counts::default(),
            totals: Totals::default(),
            hasher: ArticleHasher::default(),
            hashes: Vec::new(),
            gold: GoldNames::default(),
            oddities: Oddities::default(),
            any_wrong: false,
            buffers: records::Buffers::default(),
        }
    }

    /// Begins an article.
    pub fn begin(&mut self, article: &ArticleHead<'_>) {
        let names = &mut self.gold;
        names.articles += 1;
        let meet = |known: &mut BTreeSet<String>, name: &str| {
            if !known.contains(name) {
                known.insert(name.to_owned());
            }
        };
        meet(&mut names.languages, article.lang);
        for (name, _) in article.columns {
            meet(&mut names.columns, name);
        }
        self.hasher.begin(article.id, article.lang, article.column(GROUP_COLUMN).unwrap_or_default(), article.text);
        self.matcher.next_article();
        self.any_wrong = false;
    }

    /// Adds a gold claim, whose fields ascend by name. Drafts are only checked.
    pub fn gold<'f>(
        &mut self,
        claim: ClaimParts<'_>,
        is_draft: bool,
        fields: impl Iterator<Item = (&'f str, FieldState<&'f str>)> + Clone,
    ) {
        let Stream { scorer, matcher, hasher, gold, any_wrong, .. } = self;
        if is_draft {
            gold.drafts += 1;
            let schema = scorer.vocabulary.schema();
            *any_wrong |= fields.into_iter().any(|(name, state)| {
                schema.field(name).zip(state.present()).is_some_and(|(field, written)| schema.key(field, written).is_err())
            });
            return;
        }
        let ClaimParts { spans, kind, quote, tracking_id, optional, .. } = claim;
        hasher.claim(HashedClaim { spans, kind, quote, tracking_id, optional }, fields.clone());
        let vocabulary = &mut scorer.vocabulary;
        matcher.gold.push(claim, fields, ValuesAre::Gold, vocabulary, &mut matcher.values, |_, _| *any_wrong = true);
    }

    /// Adds a claim of the answer.
    pub fn predicted<'f>(&mut self, claim: ClaimParts<'_>, fields: impl Iterator<Item = (&'f str, FieldState<&'f str>)>, lang: &str) {
        let Stream { scorer, matcher, oddities, .. } = self;
        let values_are = match scorer.numbers {
            Numbers::Canonical => ValuesAre::Predicted,
            Numbers::Local => ValuesAre::PredictedLocal(lang),
        };
        matcher.predicted.push(claim, fields, values_are, &mut scorer.vocabulary, &mut matcher.values, |field, written| {
            oddities.count_value(field, written, values_are != ValuesAre::Predicted);
        });
    }

    /// Counts how the claims of the answer were placed.
    pub fn located(&mut self, counts: LocationCounts) {
        self.totals.located += counts;
    }

    /// Scores the article. `beside` is asked by the places of the gold claims without drafts, and of the predicted ones.
    pub fn end(&mut self, article: &ArticleHead<'_>, outcome: Outcome, beside: &impl Beside) -> Result<(), Unusual> {
        self.hashes.push(self.hasher.finish());
        if self.any_wrong {
            return Err(Unusual);
        }
        let standing = match outcome.class() {
            OutcomeClass::Scored => Standing::Scored,
            OutcomeClass::Failed => Standing::Failed,
            OutcomeClass::Excluded => Standing::Excluded,
        };
        *self.totals.ends.entry((standing, outcome, ArticleStatus::Gold)).or_default() += 1;
        if standing != Standing::Excluded {
            self.score(article, standing, beside);
        }
        Ok(())
    }

    fn score(&mut self, article: &ArticleHead<'_>, standing: Standing, beside: &impl Beside) {
        let Stream { scorer, matcher, counts, totals, units, .. } = self;
        matcher.gold.finish(NOT_ANNOTATED, &scorer.vocabulary, &matcher.values, |a, b| beside.tags(a).cmp(beside.tags(b)));
        matcher.predicted.finish(ABSENT, &scorer.vocabulary, &matcher.values, |_, _| Ordering::Equal);
        matcher.run(scorer);
        let group = article.column(GROUP_COLUMN);
        if units.needs_tallies() {
            let mut own = Tally::default();
            counts.count(matcher, scorer, article.lang, beside, &mut own);
            counts.settle(scorer, &mut own);
            let columns = scorer.article_slices().enumerate();
            units.add(&own, group, columns.filter_map(|(number, name)| Some((number, article.column(name)?))));
            totals.all.add(&own);
        } else {
            counts.count(matcher, scorer, article.lang, beside, &mut totals.all);
            units.add_criteria(&counts.criteria, group);
        }
        if standing == Standing::Failed {
            add_criteria(&mut totals.failed, &counts.criteria);
        } else {
            totals.count_empty(counts.gold, counts.judged);
        }
        for (number, name) in scorer.article_slices().enumerate() {
            if let Some(value) = article.column(name) {
                totals.add_to_slice(number, value, counts.gold, counts.predicted, &counts.criteria);
            }
        }
    }

    /// Adds what another stream has counted.
    pub fn add(&mut self, mut other: Stream) {
        other.counts.settle(&other.scorer, &mut other.totals.all);
        self.scorer.vocabulary.learn(&other.scorer.vocabulary);
        self.totals.add(other.totals.renumbered(&other.scorer, &self.scorer));
        self.hashes.extend(other.hashes);
        self.units.append(other.units.renumbered(&other.scorer, &self.scorer));
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
        result.signature = signature(settings, &scorer, &hash, &provenance.selection, self.units.has_groups());
        self.units.renumbered(&self.scorer, &scorer).add_intervals(&mut result, &scorer);
        result.dataset = DatasetInfo { hash, articles: self.gold.articles, gold_claims: result.gold, ..provenance.dataset.clone() };
        result.extractor = provenance.extractor.clone();
        let mut gold = self.gold;
        gold.fields = self.scorer.vocabulary.fields().iter().filter(|rule| rule.in_gold).map(|rule| rule.field.name.clone()).collect();
        (result, gold, self.oddities)
    }
}
