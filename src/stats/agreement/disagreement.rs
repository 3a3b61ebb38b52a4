//! What two annotators disagree on, claim by claim.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use super::labels::Label;
use super::pairing::ArticlePairs;
use crate::claim::{FieldState, Fragments, GoldClaim, Schema};

/// How two annotators differ about a claim. Several may hold for one; the first one names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Only one of them has a claim there.
    Only,
    /// Both have a claim there, and its places overlap too little to be a pair of the primary criterion.
    Apart,
    /// The kinds differ.
    Kind,
    /// A field that both annotated differs.
    Field,
    /// The places differ a little.
    Span,
}

impl What {
    /// The word in lists.
    pub fn name(self) -> &'static str {
        ["only", "apart", "kind", "field", "span"][self as usize]
    }

    /// Whether the claim has no pair under the primary criterion.
    pub fn is_unpaired(self) -> bool {
        matches!(self, What::Only | What::Apart)
    }
}

/// A claim that two annotators disagree on.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Disagreement {
    /// The article.
    pub article_id: String,
    /// How they differ; never empty.
    pub what: Vec<What>,
    /// The claim of each annotator; `null` where one has none.
    pub claims: [Option<Side>; 2],
    /// The fields that differ.
    pub fields: Vec<Difference>,
}

/// One annotator's claim.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Side {
    /// Its id in the annotator's file.
    pub claim_id: String,
    /// Line of that file (1-based).
    pub line: u64,
    /// Where it stands, as `start-end`, several with `;` between them.
    #[serde(serialize_with = "written")]
    #[schemars(with = "String")]
    pub fragments: Fragments,
    /// The text there.
    pub quote: String,
    /// Its kind.
    pub kind: String,
}

fn written<S: Serializer>(fragments: &Fragments, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(fragments)
}

/// A field that both annotated otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Difference {
    /// The field.
    pub field: String,
    /// As written by each; `null` where annotated as absent.
    pub values: [Option<String>; 2],
}

impl Side {
    fn of(claim: &GoldClaim) -> Side {
        Side {
            claim_id: claim.claim.id.clone(),
            line: claim.line,
            fragments: claim.claim.fragments.clone(),
            quote: claim.claim.quote.clone(),
            kind: claim.claim.kind.clone(),
        }
    }
}

/// The disagreements of one article, by place.
pub(super) fn of_article(schema: &Schema, pairs: &ArticlePairs, first: &[GoldClaim], second: &[GoldClaim]) -> Vec<Disagreement> {
    let mut out = Vec::new();
    let [mut only_first, mut only_second] = pairs.only.clone();
    let between = |&(a, b): &(usize, usize)| Some((first.get(a)?, second.get(b)?));
    for (a, b) in pairs.primary.iter().filter_map(between) {
        out.extend(of_pair(schema, a, b, Vec::new()));
    }
    // The pairs under `overlap` are not those of the primary criterion with some more: either claim may be paired otherwise.
    let in_both: BTreeMap<usize, usize> = pairs.overlapping.iter().copied().collect();
    only_first.retain(|&a| {
        let partner = in_both.get(&a).and_then(|b| only_second.iter().position(|other| other == b));
        let Some((partner, a)) = partner.zip(first.get(a)) else { return true };
        let b = second.get(only_second.remove(partner));
        out.extend(b.and_then(|b| of_pair(schema, a, b, vec![What::Apart])));
        false
    });
    let mut lone = |claim: &GoldClaim, claims| {
        out.push(Disagreement { article_id: claim.article_id.clone(), what: vec![What::Only], claims, fields: Vec::new() });
    };
    only_first.iter().filter_map(|&a| first.get(a)).for_each(|a| lone(a, [Some(Side::of(a)), None]));
    only_second.iter().filter_map(|&b| second.get(b)).for_each(|b| lone(b, [None, Some(Side::of(b))]));
    out.sort_by(|a, b| place(a).cmp(&place(b)));
    out
}

/// Where a disagreement stands, then by the ids of both.
fn place(d: &Disagreement) -> (u32, Vec<Option<&str>>) {
    let start = |side: &Side| side.fragments.hull().map(|hull| hull.start());
    let first = d.claims.iter().flatten().filter_map(start).min();
    (first.unwrap_or(u32::MAX), d.claims.iter().map(|side| side.as_ref().map(|s| s.claim_id.as_str())).collect())
}

fn of_pair(schema: &Schema, a: &GoldClaim, b: &GoldClaim, mut what: Vec<What>) -> Option<Disagreement> {
    let mut fields = Vec::new();
    for field in &schema.fields {
        let labels = [a, b].map(|c| Label::of(schema, field, &c.claim));
        if let [Some(first), Some(second)] = labels
            && !first.is_same(&second, field)
        {
            let value = |c: &GoldClaim| c.claim.fields.get(&field.name).and_then(FieldState::into_present).map(str::to_owned);
            fields.push(Difference { field: field.name.clone(), values: [a, b].map(value) });
        }
    }
    let differs = [
        (What::Kind, a.claim.kind != b.claim.kind),
        (What::Field, !fields.is_empty()),
        (What::Span, what.is_empty() && a.claim.fragments != b.claim.fragments),
    ];
    what.extend(differs.iter().filter(|(_, differs)| *differs).map(|(what, _)| *what));
    (!what.is_empty()).then(|| Disagreement {
        article_id: a.article_id.clone(),
        what,
        claims: [Some(Side::of(a)), Some(Side::of(b))],
        fields,
    })
}
