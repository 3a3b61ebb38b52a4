//! What one extractor said of the articles, in a form in which the answers of several can be compared.

use std::collections::{BTreeMap, BTreeSet};

use crate::anchor::folded;
use crate::claim::number::{LocalReading, read_local};
use crate::claim::{Claim, Field, FieldType, Fragments, Schema, decimal, intersection_len, total_len};
use crate::extract::Numbers;

/// One extractor with its claims. However often it was run, it counts once.
#[derive(Clone, Debug, Default)]
pub struct Voter {
    /// Its id.
    pub extractor: String,
    articles: BTreeMap<String, Answered>,
}

/// The claims of one answer, by place.
#[derive(Clone, Debug, Default)]
pub struct Answered {
    said: Vec<Said>,
    /// The furthest end of all claims up to each.
    reach: Vec<u32>,
    /// Folded quote and kind of the claims whose quote is not in the text.
    unlocated: BTreeSet<(String, String)>,
}

/// A claim as it is compared with others.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Said {
    /// Where it stands; never empty.
    pub fragments: Fragments,
    /// Its kind; empty where none was given.
    pub kind: String,
    /// The key fields with a value that can be read.
    pub values: BTreeMap<String, Value>,
    /// Confidence, 0..1.
    pub score: Option<f64>,
}

/// A value of a key field.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Value {
    /// Under which it compares.
    pub key: String,
    /// In its canonical form, as it would be written in the gold.
    pub written: String,
}

impl Value {
    /// The value of a field; `None` where it is not one, or the language of the article does not decide what it is.
    pub fn of(schema: &Schema, field: &Field, written: &str, numbers: Numbers, lang: &str) -> Option<Value> {
        let written = canonical(field, written, numbers, lang)?;
        Some(Value { key: schema.key(field, &written).ok()?, written })
    }

    /// Whether two values of a field are the same, tolerances included.
    pub fn equals(&self, other: &Value, field: &Field) -> bool {
        let number = |value: &Value| decimal::parse(&value.key).ok();
        self.key == other.key
            || (field.field_type == FieldType::Decimal
                && matches!((number(self), number(other)), (Some(a), Some(b)) if field.tolerance.equal(a, b)))
    }
}

/// A value as it would be written in the gold; `None` for a number that the language of its article does not decide.
pub fn canonical(field: &Field, written: &str, numbers: Numbers, lang: &str) -> Option<String> {
    if numbers == Numbers::Canonical || field.field_type != FieldType::Decimal {
        return Some(written.to_owned());
    }
    match read_local(written, lang) {
        LocalReading::Value(value) => decimal::canonical(&value.normalize().to_string()).ok().map(std::borrow::Cow::into_owned),
        LocalReading::Ambiguous | LocalReading::NotANumber => None,
    }
}

/// The least IoU at which two claims are at one place.
const SAME_PLACE: f64 = 0.5;

/// Whether two places are one: their IoU is at least 0.5.
pub fn is_same_place(a: &Fragments, b: &Fragments) -> bool {
    iou(a, b) >= SAME_PLACE
}

/// Intersection over union of two places, 0 where one is empty.
pub fn iou(a: &Fragments, b: &Fragments) -> f64 {
    let both = intersection_len(a.spans(), b.spans());
    let either = total_len(a.spans()) + total_len(b.spans()) - both;
    if either == 0 { 0.0 } else { both as f64 / either as f64 }
}

impl Voter {
    /// An extractor that has not said anything yet.
    pub fn new(extractor: &str) -> Voter {
        Voter { extractor: extractor.to_owned(), articles: BTreeMap::new() }
    }

    /// Adds its answer for an article, in place of one before. Claims without a place are known by their quote and kind only.
    pub fn answer<'c>(
        &mut self,
        (article_id, lang): (&str, &str),
        claims: impl IntoIterator<Item = &'c Claim>,
        schema: &Schema,
        numbers: Numbers,
    ) {
        let key_fields: Vec<&Field> = schema.key_fields.iter().filter_map(|name| schema.field(name)).collect();
        let said = |claim: &Claim| Said {
            fragments: claim.fragments.clone(),
            kind: claim.kind.clone(),
            values: key_fields
                .iter()
                .filter_map(|field| {
                    let value = Value::of(schema, field, claim.fields.value(&field.name)?, numbers, lang)?;
                    Some((field.name.clone(), value))
                })
                .collect(),
            score: claim.score,
        };
        let (located, unlocated): (Vec<&Claim>, Vec<&Claim>) = claims.into_iter().partition(|claim| !claim.fragments.is_empty());
        let mut answered = Answered::new(located.into_iter().map(said).collect());
        answered.unlocated = unlocated.into_iter().map(|claim| (folded(&claim.quote), claim.kind.clone())).collect();
        self.articles.insert(article_id.to_owned(), answered);
    }

    /// Its answer for an article; `None` where it did not answer.
    pub fn of(&self, article_id: &str) -> Option<&Answered> {
        self.articles.get(article_id)
    }
}

impl Answered {
    fn new(mut said: Vec<Said>) -> Answered {
        let place = |said: &Said| said.fragments.hull().map(|hull| (hull.start(), hull.end()));
        said.sort_by(|a, b| {
            let rest = |said: &Said| said.score.unwrap_or(-1.0);
            (place(a), &a.fragments, &a.kind, &a.values)
                .cmp(&(place(b), &b.fragments, &b.kind, &b.values))
                .then_with(|| rest(b).total_cmp(&rest(a)))
        });
        let mut furthest = 0;
        let reach = said.iter().map(|said| {
            furthest = place(said).map_or(furthest, |(_, end)| end.max(furthest));
            furthest
        });
        Answered { reach: reach.collect(), said, unlocated: BTreeSet::new() }
    }

    /// Whether it has a claim of that quote and kind whose quote is not in the text.
    pub fn has_unlocated(&self, quote: &str, kind: &str) -> bool {
        self.unlocated.contains(&(folded(quote), kind.to_owned()))
    }

    /// All claims with a place, by place.
    pub fn all(&self) -> &[Said] {
        &self.said
    }

    /// The claims at a place, each with its IoU, which is at least 0.5; by place.
    pub fn at<'s, 'p>(&'s self, place: &'p Fragments) -> impl Iterator<Item = (&'s Said, f64)> + use<'s, 'p> {
        let (start, end) = place.hull().map_or((0, 0), |hull| (hull.start(), hull.end()));
        let last = self.said.partition_point(|said| said.fragments.hull().is_some_and(|hull| hull.start() < end));
        // Nothing before the first claim that reaches into the place does.
        let first = self.reach.partition_point(|reach| *reach <= start).min(last);
        self.said[first..last].iter().map(move |said| (said, iou(&said.fragments, place))).filter(|(_, iou)| *iou >= SAME_PLACE)
    }

    /// The claim at a place that is most like it: the highest IoU, then the preferred kind, then the first one.
    pub fn best_at(&self, place: &Fragments, kind: &str) -> Option<&Said> {
        let mut best: Option<(&Said, f64)> = None;
        for (said, iou) in self.at(place) {
            let is_better = |(before, most): (&Said, f64)| iou > most || (iou == most && said.kind == kind && before.kind != kind);
            if best.is_none_or(is_better) {
                best = Some((said, iou));
            }
        }
        best.map(|(said, _)| said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::{FieldState, Span};

    fn claim(start: u32, end: u32, kind: &str, value: &str) -> Claim {
        Claim {
            fragments: Span::new(start, end).unwrap().into(),
            kind: kind.to_owned(),
            fields: [("value", FieldState::Present(value))].into(),
            ..Claim::default()
        }
    }

    fn answered(lang: &str, numbers: Numbers, claims: &[Claim]) -> Answered {
        let mut voter = Voter::new("one");
        voter.answer(("a", lang), claims, &Schema::default(), numbers);
        voter.of("a").unwrap().clone()
    }

    #[test]
    fn a_place_is_the_same_from_half_of_the_union_on() {
        let answered = answered(
            "en",
            Numbers::Canonical,
            &[claim(0, 90, "quantity", "1"), claim(10, 20, "rank", "2"), claim(15, 25, "quantity", "3"), claim(30, 40, "quantity", "4")],
        );
        let at = |start, end| {
            let place = Span::new(start, end).unwrap().into();
            answered.at(&place).map(|(said, _)| said.values["value"].written.clone()).collect::<Vec<_>>()
        };
        assert_eq!(at(10, 20), ["2"]);
        assert_eq!(at(14, 22), ["2", "3"]);
        assert_eq!(at(15, 22), ["3"]);
        assert_eq!(at(35, 50), Vec::<String>::new());
        assert_eq!(at(0, 50), ["1"]);
        assert_eq!(answered.best_at(&Span::new(13, 22).unwrap().into(), "quantity").unwrap().kind, "quantity");
    }

    #[test]
    fn local_numbers_are_read_by_the_language_and_undecided_ones_are_none() {
        for (lang, written, key) in [("id", "37.000", Some("37000")), ("en", "37.000", Some("37")), ("und", "37.000", None)] {
            let answered = answered(lang, Numbers::Local, &[claim(0, 5, "quantity", written)]);
            assert_eq!(answered.all()[0].values.get("value").map(|value| value.key.as_str()), key, "{lang}");
        }
    }
}
