//! Suggestions: what all sources say of an article, put together.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::review::{Content, Memory, Verdict};
use super::source::{RulesCache, Source};
use crate::anchor::CodePoints;
use crate::claim::{Article, Claim, FieldState, GoldClaim, Schema, Span, intersection_len, total_len};
use crate::dataset::hex;

/// A claim that somebody may have meant to label.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Suggestion {
    /// The same for the same article, place, kind and fields, whoever suggests it and however often.
    pub id: String,
    /// `[start, end)` in code points of the text.
    pub fragments: Vec<[u32; 2]>,
    /// The text of the fragments, joined with one space.
    pub quote: String,
    /// Empty where the source says none of the dataset.
    pub kind: String,
    /// Field to value; `null` = said to be absent.
    pub fields: BTreeMap<String, Option<String>>,
    /// The highest confidence of those who suggest it.
    pub score: Option<f64>,
    /// Who suggests it, in the order of the sources.
    pub by: Vec<String>,
    /// Shared by suggestions that overlap, directly or through others.
    pub group: String,
    /// Where all who suggest it and name one name the same.
    pub tracking_id: String,
}

/// What all sources say, article by article, computed when it is first asked for.
#[derive(Debug, Default)]
pub(super) struct Suggestions {
    sources: Vec<Source>,
    rules: RulesCache,
    known: BTreeMap<String, (Article, Arc<Vec<Suggestion>>)>,
}

impl Suggestions {
    pub fn of(sources: Vec<Source>) -> Suggestions {
        Suggestions { sources, ..Suggestions::default() }
    }

    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    pub fn rules(&mut self) -> &mut RulesCache {
        &mut self.rules
    }

    /// Forgets what was computed: the schema may have changed.
    pub fn forget(&mut self) {
        self.known.clear();
    }

    /// All suggestions for an article, whatever was decided on them.
    pub fn all(&mut self, article: &Article, schema: &Schema) -> Arc<Vec<Suggestion>> {
        match self.known.get(&article.id) {
            Some((asked, known)) if asked == article => Arc::clone(known),
            _ => {
                // Of an article that is newer than all runs the rules can say something at least.
                let rules = Source::of_rules();
                let asked = self.sources.iter().chain(self.is_new(article).then_some(&rules));
                let offers = asked.map(|source| (source.by(), source.claims(article, schema, &mut self.rules)));
                let merged = Arc::new(merged(article, schema, offers.collect()));
                self.known.insert(article.id.clone(), (article.clone(), Arc::clone(&merged)));
                merged
            }
        }
    }

    /// Whether no source was asked about it.
    fn is_new(&self, article: &Article) -> bool {
        !self.sources.is_empty() && !self.sources.iter().any(|source| source.was_asked(article))
    }

    /// The same where that is no work that can wait until somebody looks at the article.
    pub fn at_hand(&mut self, article: &Article, schema: &Schema) -> Option<Arc<Vec<Suggestion>>> {
        let is_known = self.known.get(&article.id).is_some_and(|(asked, _)| asked == article);
        let is_slow = self.sources.iter().any(Source::is_slow) || self.is_new(article);
        (is_known || !is_slow).then(|| self.all(article, schema))
    }
}

/// Whether it is there already: a claim of that kind at the place, or at one that shares at least half of what both cover.
pub(super) fn is_there(suggestion: &Suggestion, claims: &[GoldClaim]) -> bool {
    let spans: Vec<Span> = suggestion.fragments.iter().filter_map(|&[start, end]| Span::new(start, end)).collect();
    claims.iter().filter(|gold| gold.claim.kind == suggestion.kind).any(|gold| {
        let labelled = gold.claim.fragments.spans();
        let both = intersection_len(labelled, &spans);
        both > 0 && 2 * both >= total_len(labelled) + total_len(&spans) - both
    })
}

/// Whether it was rejected when a run was reviewed.
pub(super) fn was_rejected(memory: &Memory, article_id: &str, suggestion: &Suggestion) -> bool {
    let Suggestion { fragments, quote, kind, fields, .. } = suggestion;
    memory.verdict(&Content::of_suggestion(article_id, fragments, quote, kind, fields)) == Some(Verdict::Rejected)
}

/// Puts equal claims together, and those that overlap into groups. Claims without a place, or at a place where the text has not their
/// quote any more, are left out.
fn merged(article: &Article, schema: &Schema, offers: Vec<(&str, Vec<Claim>)>) -> Vec<Suggestion> {
    let text = CodePoints::new(&article.text);
    let mut merged: Vec<(Vec<Span>, Suggestion)> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (by, claims) in offers {
        for claim in claims {
            let Some(quote) = text.quote(&claim.fragments).filter(|_| !claim.fragments.is_empty()) else { continue };
            if !claim.quote.is_empty() && claim.quote != quote {
                continue;
            }
            let id = id_of(&article.id, &claim, schema);
            match places.get(&id).and_then(|&at| merged.get_mut(at)) {
                Some((_, known)) => join(known, by, &claim),
                None => {
                    places.insert(id.clone(), merged.len());
                    merged.push((claim.fragments.spans().to_vec(), suggestion(id, by, &claim, quote.into_owned())));
                }
            }
        }
    }
    merged.sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| x.kind.cmp(&y.kind)).then_with(|| x.id.cmp(&y.id)));
    let groups = groups(&merged.iter().map(|(spans, _)| spans.as_slice()).collect::<Vec<_>>());
    merged.into_iter().zip(groups).map(|((_, suggestion), group)| Suggestion { group: format!("g{group}"), ..suggestion }).collect()
}

fn suggestion(id: String, by: &str, claim: &Claim, quote: String) -> Suggestion {
    Suggestion {
        id,
        fragments: claim.fragments.spans().iter().map(|span| [span.start(), span.end()]).collect(),
        quote,
        kind: claim.kind.clone(),
        fields: claim.fields.iter().map(|(name, state)| (name.to_string(), state.into_present().map(str::to_owned))).collect(),
        score: claim.score,
        by: vec![by.to_owned()],
        group: String::new(),
        tracking_id: claim.tracking_id.clone(),
    }
}

fn join(known: &mut Suggestion, by: &str, claim: &Claim) {
    if !known.by.iter().any(|name| name == by) {
        known.by.push(by.to_owned());
    }
    known.score = match (known.score, claim.score) {
        (Some(a), Some(b)) => Some(a.max(b)),
        (a, b) => a.or(b),
    };
    if known.tracking_id.is_empty() {
        known.tracking_id.clone_from(&claim.tracking_id);
    } else if !claim.tracking_id.is_empty() && claim.tracking_id != known.tracking_id {
        known.tracking_id.clear();
    }
}

/// The id of what a claim says: equal for values that compare as equal.
fn id_of(article_id: &str, claim: &Claim, schema: &Schema) -> String {
    let mut hash = Sha256::new();
    let mut part = |text: &str| {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    };
    part(article_id);
    part(&claim.fragments.to_string());
    part(&claim.kind);
    for (name, state) in claim.fields.iter() {
        part(name);
        match state {
            FieldState::Absent => part("absent"),
            FieldState::Present(value) => {
                part("present");
                let key = schema.field(name).and_then(|field| schema.key(field, value).ok());
                part(key.as_deref().unwrap_or(value));
            }
        }
    }
    format!("s{}", hex(&hash.finalize()[..6]))
}

/// The number of each place's group, from 1 on in the order of the places, which are sorted: those that overlap share one.
fn groups(places: &[&[Span]]) -> Vec<usize> {
    // Each place points to an earlier one of its group, or to itself.
    let mut earlier: Vec<usize> = (0..places.len()).collect();
    let root = |earlier: &[usize], mut at: usize| {
        while earlier[at] != at {
            at = earlier[at];
        }
        at
    };
    let mut open: Vec<usize> = Vec::new();
    for (at, place) in places.iter().enumerate() {
        let start = place.first().map_or(0, |span| span.start());
        open.retain(|&other| places[other].last().is_some_and(|span| span.end() > start));
        for &other in &open {
            let (a, b) = (root(&earlier, other), root(&earlier, at));
            if a != b && intersection_len(places[other], place) > 0 {
                earlier[a.max(b)] = a.min(b);
            }
        }
        open.push(at);
    }
    let mut numbers: BTreeMap<usize, usize> = BTreeMap::new();
    (0..places.len())
        .map(|at| {
            let next = numbers.len() + 1;
            *numbers.entry(root(&earlier, at)).or_insert(next)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(spans: &[(u32, u32)], kind: &str, value: &str) -> Claim {
        let fragments = spans.iter().filter_map(|&(start, end)| Span::new(start, end)).collect();
        Claim { fragments, kind: kind.into(), fields: [("value", FieldState::Present(value))].into(), ..Claim::default() }
    }

    fn merge(offers: Vec<(&str, Vec<Claim>)>) -> Vec<Suggestion> {
        let article =
            Article { id: "a".into(), lang: "en".into(), text: "Police held 37,000 people 🌊 in 2023.".into(), ..Article::default() };
        merged(&article, &Schema::default(), offers)
    }

    #[test]
    fn equal_claims_are_one_suggestion_of_several() {
        let mut sure = claim(&[(12, 18)], "quantity", "37000");
        sure.score = Some(0.9);
        let other = claim(&[(12, 18)], "quantity", "37");
        let found =
            merge(vec![("x", vec![claim(&[(12, 18)], "quantity", "37000.0")]), ("y", vec![sure.clone(), other]), ("y", vec![sure])]);
        let by = |s: &Suggestion| (s.by.join("+"), s.score, s.fields["value"].clone().unwrap());
        let mut all: Vec<_> = found.iter().map(by).collect();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        assert_eq!(all, [("x+y".to_owned(), Some(0.9), "37000.0".to_owned()), ("y".to_owned(), None, "37".to_owned())]);
        assert_eq!(found[0].group, found[1].group);
    }

    #[test]
    fn ids_are_of_the_content() {
        let id = |c: Claim| merge(vec![("x", vec![c])])[0].id.clone();
        assert_eq!(id(claim(&[(12, 18)], "quantity", "37000")), id(claim(&[(12, 18)], "quantity", "037000")));
        assert_ne!(id(claim(&[(12, 18)], "quantity", "37000")), id(claim(&[(12, 18)], "change", "37000")));
        assert_ne!(id(claim(&[(12, 18)], "quantity", "37000")), id(claim(&[(12, 25)], "quantity", "37000")));
    }

    #[test]
    fn overlapping_suggestions_share_a_group() {
        // The first and the third meet only through the second; the fourth lies in the gap of the first.
        let spans: [&[(u32, u32)]; 5] = [&[(0, 6), (12, 18)], &[(16, 22)], &[(20, 25)], &[(7, 11)], &[(25, 27)]];
        let found = merge(vec![("x", spans.iter().map(|s| claim(s, "event", "1")).collect())]);
        let groups: Vec<_> = found.iter().map(|s| (s.fragments[0][0], s.group.as_str())).collect();
        assert_eq!(groups, [(0, "g1"), (7, "g2"), (16, "g1"), (20, "g1"), (25, "g3")]);
    }

    #[test]
    fn what_does_not_stand_there_is_no_suggestion() {
        let quoted = |quote: &str| Claim { quote: quote.into(), ..claim(&[(12, 18)], "quantity", "1") };
        let found = merge(vec![("x", vec![quoted("38,000"), claim(&[(30, 99)], "event", "1"), claim(&[], "event", "1")])]);
        assert_eq!(found, []);
        assert_eq!(merge(vec![("x", vec![quoted("37,000")])])[0].quote, "37,000");
    }

    #[test]
    fn tracking_ids_that_contradict_each_other_are_none() {
        let linked = |id: &str| Claim { tracking_id: id.into(), ..claim(&[(12, 18)], "quantity", "1") };
        let id = |ids: &[&str]| merge(ids.iter().map(|id| ("x", vec![linked(id)])).collect())[0].tracking_id.clone();
        assert_eq!((id(&["t1", ""]), id(&["", "t1"]), id(&["t1", "t2"])), ("t1".into(), "t1".into(), String::new()));
    }
}
