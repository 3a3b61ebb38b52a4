//! What speaks for labelling an article, each as a number in 0..1 and in words.

use crate::claim::{ClaimStatus, Schema};
use crate::dataset::{ArticleRecord, Dataset};
use crate::report::terminal::{count, two};

use super::evidence::{Evidence, Width};
use super::voter::{Answered, Said, Value, Voter};

/// Something that speaks for an article.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Signal {
    /// In millionths; a whole number, so that the order of sums changes nothing.
    pub weight: u64,
    pub words: String,
}

impl Signal {
    fn new(share: f64, words: String) -> Option<Signal> {
        let weight = (share.clamp(0.0, 1.0) * 1e6) as u64;
        (weight > 0).then_some(Signal { weight, words })
    }
}

/// What speaks for the article itself.
pub(super) fn of_article(record: &ArticleRecord, dataset: &Dataset, evidence: &Evidence) -> Vec<Signal> {
    let id = record.article.id.as_str();
    let answered: Vec<&Answered> = evidence.voters.iter().filter_map(|voter| voter.of(id)).collect();
    [disagreement(&answered, &dataset.schema), newly_missed(record, dataset, evidence), uncertainty(&answered)]
        .into_iter()
        .flatten()
        .collect()
}

/// How far extractors differ: one less the share of their claims that others have, too.
fn disagreement(answered: &[&Answered], schema: &Schema) -> Option<Signal> {
    let (mut common, mut all) = (Common::default(), 0);
    for (i, a) in answered.iter().enumerate() {
        for b in &answered[i + 1..] {
            common.add(a, b, schema);
            common.add(b, a, schema);
            all += a.all().len() + b.all().len();
        }
    }
    let Common { shared, differing } = common;
    let share = if all == 0 { 0.0 } else { 1.0 - shared as f64 / all as f64 };
    let of_them = if differing > 0 { format!(" ({differing} at the same place, with another kind or value)") } else { String::new() };
    let words = match answered.len() {
        2 => format!("{} of {} claims of two extractors are not in both{of_them}", all - shared, all),
        n => format!("{n} extractors agree on {} of their claims only", two(Some(1.0 - share))),
    };
    Signal::new(share, words)
}

/// Claims of one extractor beside those of another one.
#[derive(Clone, Copy, Debug, Default)]
struct Common {
    /// The other one has them at the same place, with the same kind and no other value of a key field.
    shared: usize,
    /// The other one has something else at the same place.
    differing: usize,
}

impl Common {
    fn add(&mut self, a: &Answered, b: &Answered, schema: &Schema) {
        for said in a.all() {
            let mut there = b.at(&said.fragments).map(|(other, _)| other).peekable();
            let is_there = there.peek().is_some();
            if there.any(|other| is_same(said, other, schema)) {
                self.shared += 1;
            } else if is_there {
                self.differing += 1;
            }
        }
    }
}

/// Whether two claims say the same; that one of them has no value of a field says nothing.
fn is_same(a: &Said, b: &Said, schema: &Schema) -> bool {
    let is_equal = |name: &String, value: &Value| {
        let other = b.values.get(name);
        other.is_none_or(|other| schema.field(name).map_or(value.key == other.key, |field| value.equals(other, field)))
    };
    a.kind == b.kind && a.values.iter().all(|(name, value)| is_equal(name, value))
}

/// How unsure extractors are of their claims.
fn uncertainty(answered: &[&Answered]) -> Option<Signal> {
    let mut scores: Vec<f64> = answered.iter().flat_map(|answered| answered.all()).filter_map(|said| said.score).collect();
    // Sums of floats depend on their order.
    scores.sort_by(f64::total_cmp);
    let mean = scores.iter().sum::<f64>() / scores.len().max(1) as f64;
    let words = format!("the mean confidence of {} is {}", count(scores.len() as u64, "claim"), two(Some(mean)));
    if scores.is_empty() { None } else { Signal::new((1.0 - mean) / 2.0, words) }
}

/// Gold claims of an article that is labelled in part, which an extractor found before and does not find any more.
fn newly_missed(record: &ArticleRecord, dataset: &Dataset, evidence: &Evidence) -> Option<Signal> {
    let id = record.article.id.as_str();
    let golds = || dataset.claims_of(id).iter().filter(|gold| gold.status == ClaimStatus::Gold);
    let has =
        |voter: &Voter, gold: &crate::claim::GoldClaim| voter.of(id).map(|answered| answered.at(&gold.claim.fragments).next().is_some());
    let lost = evidence.before.iter().filter_map(|before| {
        let now = evidence.voters.iter().find(|voter| voter.extractor == before.extractor)?;
        Some((before, golds().filter(|gold| has(before, gold) == Some(true) && has(now, gold) == Some(false)).count()))
    });
    let (before, most) = lost.max_by(|a, b| (a.1, &b.0.extractor).cmp(&(b.1, &a.0.extractor)))?;
    let words = format!("{} found {} before that it misses now", before.extractor, count(most as u64, "gold claim"));
    Signal::new(most as f64 / (most + 1) as f64, words)
}

/// What speaks for the part of the data that the article is in: it speaks for the second article of it less than for the first.
pub(super) fn of_part(values: &[(String, String)], dataset_has_scored: impl Fn(&str) -> bool, widths: &[Width]) -> Vec<Signal> {
    let without = values.iter().find(|(column, value)| column == "lang" && !dataset_has_scored(value));
    let new = without.and_then(|(_, lang)| Signal::new(1.0, format!("no article in {lang} is scored yet")));
    let of = |(column, value): &(String, String)| {
        let width = widths.iter().find(|width| width.column == *column && width.value == *value);
        (column.clone(), value.clone(), width.map_or(Width::of_support(0), |width| (width.share, width.gold, width.is_interval)))
    };
    let widest = values.iter().map(of).max_by(|a, b| a.2.0.total_cmp(&b.2.0).then_with(|| (&b.0, &b.1).cmp(&(&a.0, &a.1))));
    let wide = widest.and_then(|(column, value, (share, gold, is_interval))| {
        let words = if is_interval {
            format!("the number of {column}={value} has an interval of {} still", two(Some(share)))
        } else {
            format!("{column}={value} has {}", count(gold, "scored gold claim"))
        };
        Signal::new(share / 2.0, words)
    });
    // Where nothing is scored at all, that it is one of few says nothing more.
    new.or(wide).into_iter().collect()
}
