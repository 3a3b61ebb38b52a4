//! A claim as lists and reports show it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::claim::Claim;

/// A gold or predicted claim, without what only scoring needs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClaimView {
    /// Its id, else `#` and its number (1-based) among the claims of its side of the article.
    pub name: String,
    /// Half-open spans in code points; empty for a claim without a place.
    pub fragments: Vec<(u32, u32)>,
    /// As labelled or answered.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub quote: String,
    /// Empty where it has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// As written; `None` is annotated as absent.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, Option<String>>,
    /// Confidence, 0..1; predictions only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// Empty where it has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tracking_id: String,
    /// Labels of a gold claim.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Line of a gold claim in the dataset's claim file (1-based), where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
}

impl ClaimView {
    /// A claim under the name that lists give it.
    pub fn of(claim: &Claim, name: &str, tags: &[String]) -> ClaimView {
        ClaimView {
            name: name.to_owned(),
            fragments: claim.fragments.spans().iter().map(|span| (span.start(), span.end())).collect(),
            quote: claim.quote.clone(),
            kind: claim.kind.clone(),
            fields: claim.fields.iter().map(|(name, state)| (name.to_string(), state.into_present().map(str::to_owned))).collect(),
            score: claim.score,
            tracking_id: claim.tracking_id.clone(),
            tags: tags.to_vec(),
            line: None,
        }
    }
}

/// A claim's quote with the text around it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Context {
    /// At most 60 code points before the claim, beginning at a word.
    pub before: String,
    /// The text from the claim's first code point to its last.
    pub quote: String,
    /// At most 60 code points behind it, ending at a word.
    pub after: String,
}
