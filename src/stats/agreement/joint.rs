//! Krippendorff's alpha over three annotators or more.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::alpha::nominal_alpha;
use super::labels::Label;
use super::pairing::Pairer;
use crate::claim::{GoldClaim, Schema, intersection_len, total_len};
use crate::dataset::{Annotations, ArticleRecord};

/// Nominal alpha over all annotators at once. A unit is what several of them hold for one claim, with at most one claim of each.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct JointAlpha {
    /// Annotators, without the gold.
    pub annotators: u64,
    /// Claims that two annotators or more have, paired under the primary criterion.
    pub units: u64,
    /// Of kinds, over claims that overlap.
    pub kinds: Option<f64>,
    /// Of fields, over the units.
    pub fields: BTreeMap<String, Option<f64>>,
}

/// Alpha over all annotators; `None` for fewer than three: two are told as a pair.
///
/// Units are made of the pairs of any two annotators, those with the largest intersection over union first; a pair that would bring two
/// claims of one annotator into a unit is left out. An annotator who does not have a claim, or has not annotated a field, is missing
/// there.
pub fn joint_alphas(schema: &Schema, articles: &[&ArticleRecord], annotators: &[&Annotations], pairer: &mut Pairer) -> Option<JointAlpha> {
    if annotators.len() < 3 {
        return None;
    }
    let (mut units, mut overlapping) = (Vec::new(), Vec::new());
    for article in articles {
        let id = &article.article.id;
        let sides: Vec<&[GoldClaim]> = annotators.iter().filter(|a| a.labelled.contains(id)).map(|a| a.claims_of(id)).collect();
        let (mut links, mut links_of_overlap) = (Vec::new(), Vec::new());
        for a in 0..sides.len() {
            for b in a + 1..sides.len() {
                let pairs = pairer.pairs(&article.article.lang, sides[a], sides[b]);
                links.extend(pairs.primary.iter().map(|&(i, j)| [(a, i), (b, j)]));
                links_of_overlap.extend(pairs.overlapping.iter().map(|&(i, j)| [(a, i), (b, j)]));
            }
        }
        units.extend(linked(&sides, links));
        overlapping.extend(linked(&sides, links_of_overlap));
    }
    let kinds: Vec<Vec<&str>> = overlapping.iter().map(|unit| unit.iter().map(|c| c.claim.kind.as_str()).collect()).collect();
    let alpha = |field| {
        let labels: Vec<Vec<Label>> =
            units.iter().map(|unit| unit.iter().filter_map(|c| Label::of(schema, field, &c.claim)).collect()).collect();
        nominal_alpha(&labels)
    };
    Some(JointAlpha {
        annotators: annotators.len() as u64,
        units: units.len() as u64,
        kinds: nominal_alpha(&kinds),
        fields: schema.fields.iter().map(|field| (field.name.clone(), alpha(field))).collect(),
    })
}

/// The place of a claim: which annotator, which of their claims.
type Place = (usize, usize);

/// The units of an article.
fn linked<'a>(sides: &[&'a [GoldClaim]], mut links: Vec<[Place; 2]>) -> Vec<Vec<&'a GoldClaim>> {
    let claim = |(side, at): Place| sides.get(side).and_then(|claims| claims.get(at));
    let likeness = |link: &[Place; 2]| {
        let [Some(a), Some(b)] = link.map(claim) else { return 0 };
        let (a, b) = (a.claim.fragments.spans(), b.claim.fragments.spans());
        let shared = intersection_len(a, b);
        (shared * 1_000_000).checked_div(total_len(a) + total_len(b) - shared).unwrap_or(0)
    };
    links.sort_by_cached_key(|link| (Reverse(likeness(link)), *link));
    // Each claim's unit, and what is in it.
    let mut unit_of: BTreeMap<Place, usize> = BTreeMap::new();
    let mut units: Vec<Vec<Place>> = Vec::new();
    for link in links {
        let [a, b] = link.map(|place| {
            *unit_of.entry(place).or_insert_with(|| {
                units.push(vec![place]);
                units.len() - 1
            })
        });
        let is_twice = units[a].iter().any(|(side, _)| units[b].iter().any(|(other, _)| side == other));
        if a != b && !is_twice {
            let moved = std::mem::take(&mut units[b]);
            unit_of.extend(moved.iter().map(|&place| (place, a)));
            units[a].extend(moved);
        }
    }
    units.iter().filter(|unit| unit.len() > 1).map(|unit| unit.iter().filter_map(|&place| claim(place)).collect()).collect()
}
