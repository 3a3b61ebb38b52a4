//! Two annotators compared over the articles that both labelled.

use std::collections::BTreeMap;

use super::disagreement;
use super::labels::{Label, Labels};
use super::model::{F1Interval, KindAgreement, Numbers, PairAgreement, Slice, SpanAgreement};
use super::pairing::{ArticlePairs, Pairer, SpanCounts};
use crate::claim::{GoldClaim, Schema};
use crate::dataset::{Annotations, ArticleRecord};
use crate::score::f_beta;
use crate::stats::{Counts, IntervalSettings, Units};

/// One article that both labelled.
struct Common<'a> {
    record: &'a ArticleRecord,
    claims: [&'a [GoldClaim]; 2],
    pairs: ArticlePairs,
}

/// How far two annotators agree over those of the articles that both labelled; all numbers are undefined where that is none.
///
/// The order of articles and rows changes nothing; turning the annotators around turns names, claims and values around and changes no
/// number. Intervals are of the articles, or the groups that they are in.
pub fn agreement(
    schema: &Schema,
    articles: &[&ArticleRecord],
    annotators: [&Annotations; 2],
    pairer: &mut Pairer,
    settings: IntervalSettings,
) -> PairAgreement {
    let in_both = articles.iter().filter(|a| annotators.iter().all(|annotator| annotator.labelled.contains(&a.article.id)));
    let mut common: Vec<Common<'_>> = Vec::new();
    for &record in in_both {
        let claims = annotators.map(|annotator| annotator.claims_of(&record.article.id));
        let pairs = pairer.pairs(&record.article.lang, claims[0], claims[1]);
        common.push(Common { record, claims, pairs });
    }
    common.sort_by(|a, b| a.record.article.id.cmp(&b.record.article.id));
    let counting = Counting { schema, pairer };
    let all: Vec<&Common<'_>> = common.iter().collect();
    let sliced = |value: fn(&ArticleRecord) -> &str| -> Vec<Slice> {
        let mut slices: BTreeMap<&str, Vec<&Common<'_>>> = BTreeMap::new();
        common.iter().for_each(|article| slices.entry(value(article.record)).or_default().push(article));
        slices.into_iter().map(|(value, of)| Slice { value: value.to_owned(), numbers: counting.numbers(&of) }).collect()
    };
    PairAgreement {
        annotators: annotators.map(|annotator| annotator.annotator.clone()),
        numbers: counting.numbers(&all),
        ci: counting.intervals(&common, settings),
        by_lang: sliced(|record| &record.article.lang),
        by_article: sliced(|record| &record.article.id),
        by_kind: by_kind(&common),
        disagreements: common.iter().flat_map(|c| disagreement::of_article(schema, &c.pairs, c.claims[0], c.claims[1])).collect(),
    }
}

struct Counting<'a> {
    schema: &'a Schema,
    pairer: &'a Pairer,
}

impl Counting<'_> {
    fn numbers(&self, articles: &[&Common<'_>]) -> Numbers {
        let mut spans = vec![SpanCounts::default(); self.pairer.criteria().len()];
        for counts in articles.iter().flat_map(|article| spans_of(article)) {
            let (number, counts) = counts;
            if let Some(sum) = spans.get_mut(number) {
                sum.matched += counts.matched;
                sum.claims.iter_mut().zip(counts.claims).for_each(|(sum, claims)| *sum += claims);
            }
        }
        let kinds: Vec<(&str, &str)> =
            articles.iter().flat_map(|a| a.between(&a.pairs.overlapping)).map(|[a, b]| (kind(a), kind(b))).collect();
        let pairs: Vec<[&GoldClaim; 2]> = articles.iter().flat_map(|a| a.between(&a.pairs.primary)).collect();
        let mut all_same = vec![true; pairs.len()];
        let mut fields = BTreeMap::new();
        for field in &self.schema.fields {
            let mut labels = Vec::new();
            for (pair, all_same) in pairs.iter().zip(&mut all_same) {
                if let [Some(first), Some(second)] = pair.map(|c| Label::of(self.schema, field, &c.claim)) {
                    *all_same &= first.is_same(&second, field);
                    labels.push((first, second));
                }
            }
            if !labels.is_empty() {
                fields.insert(field.name.clone(), Labels::of_field(field, &labels));
            }
        }
        Numbers {
            articles: articles.len() as u64,
            empty_articles: articles.iter().filter(|a| a.claims.iter().all(|claims| claims.is_empty())).count() as u64,
            thinned: articles.iter().filter(|a| a.pairs.thinned).count() as u64,
            spans: self.pairer.criteria().iter().map(ToString::to_string).zip(spans.into_iter().map(SpanAgreement::of)).collect(),
            kinds: Labels::nominal(&kinds),
            fields,
            pairs: pairs.len() as u64,
            all_fields_same: all_same.iter().filter(|same| **same).count() as u64,
        }
    }

    fn intervals(&self, articles: &[Common<'_>], settings: IntervalSettings) -> BTreeMap<String, F1Interval> {
        let criteria = self.pairer.criteria();
        let mut units = Units::new(criteria.len());
        for article in articles {
            // What is drawn depends on the counts, so that those of one side must not come first.
            let counts = article.pairs.spans.iter().map(|c| {
                let claims = c.claims.iter().sum();
                Counts { matched: 2 * c.matched, gold: claims, predicted: claims }
            });
            units.add(counts, Some(article.record.group_id.as_str()));
        }
        let interval = |ci: crate::stats::CriterionIntervals| F1Interval {
            f1: ci.of.f1,
            method: ci.method,
            unreliable: ci.unreliable,
            units: ci.units,
            reason: ci.reasons.f1,
        };
        criteria.iter().map(ToString::to_string).zip(units.intervals(settings).into_iter().map(interval)).collect()
    }
}

fn spans_of<'a>(article: &'a Common<'_>) -> impl Iterator<Item = (usize, SpanCounts)> + 'a {
    article.pairs.spans.iter().copied().enumerate()
}

fn kind(claim: &GoldClaim) -> &str {
    &claim.claim.kind
}

impl<'a> Common<'a> {
    fn between(&self, pairs: &[(usize, usize)]) -> Vec<[&'a GoldClaim; 2]> {
        pairs.iter().filter_map(|&(a, b)| Some([self.claims[0].get(a)?, self.claims[1].get(b)?])).collect()
    }
}

impl SpanAgreement {
    fn of(counts: SpanCounts) -> SpanAgreement {
        let SpanCounts { matched, claims } = counts;
        SpanAgreement { matched, claims, f1: f1(matched, claims) }
    }
}

fn f1(matched: u64, claims: [u64; 2]) -> Option<f64> {
    f_beta(matched as f64, claims[0] as f64, claims[1] as f64, 1.0)
}

fn by_kind(articles: &[Common<'_>]) -> Vec<KindAgreement> {
    let mut kinds: BTreeMap<&str, KindAgreement> = BTreeMap::new();
    for article in articles {
        for [a, b] in article.between(&article.pairs.primary) {
            for (side, claim) in [a, b].into_iter().enumerate() {
                let counts = kinds.entry(kind(claim)).or_default();
                counts.claims[side] += 1;
                counts.one += u64::from(kind(a) != kind(b));
            }
            kinds.entry(kind(a)).or_default().both += u64::from(kind(a) == kind(b));
        }
        for (side, only) in article.pairs.only.iter().enumerate() {
            for claim in only.iter().filter_map(|&at| article.claims[side].get(at)) {
                kinds.entry(kind(claim)).or_default().claims[side] += 1;
            }
        }
    }
    let finish =
        |(kind, counts): (&str, KindAgreement)| KindAgreement { kind: kind.to_owned(), f1: f1(counts.both, counts.claims), ..counts };
    kinds.into_iter().map(finish).collect()
}
