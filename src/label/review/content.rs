//! A claim by what it says, so that it is known again in another run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::claim::{FieldState, GoldClaim};
use crate::dataset::reanchor::parse_place;
use crate::runs::{OutcomeRow, SideName};

/// What a claim says. A prediction has no id of its own here: the next version of an extractor may answer the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Content {
    /// The article.
    pub article_id: String,
    /// Of a gold claim; empty for a prediction.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub claim_id: String,
    /// Its place, `[start, end)` in code points; empty where it has none.
    #[serde(default)]
    pub fragments: Vec<(u32, u32)>,
    /// The text there, so that a place in another text is another one.
    #[serde(default)]
    pub quote: String,
    /// Its kind.
    #[serde(default)]
    pub kind: String,
    /// Field to value as written; `null` is annotated as absent.
    #[serde(default)]
    pub fields: BTreeMap<String, Option<String>>,
}

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// A prediction that is no claim of the gold.
    Rejected,
    /// A gold claim that is right as it is.
    Right,
    /// What was decided before was taken back.
    Open,
}

impl Content {
    /// Of a suggestion of the labelling page.
    pub fn of_suggestion(
        article_id: &str,
        fragments: &[[u32; 2]],
        quote: &str,
        kind: &str,
        fields: &BTreeMap<String, Option<String>>,
    ) -> Content {
        Content {
            article_id: article_id.to_owned(),
            claim_id: String::new(),
            fragments: fragments.iter().map(|&[start, end]| (start, end)).collect(),
            quote: quote.to_owned(),
            kind: kind.to_owned(),
            fields: fields.iter().filter(|(_, value)| value.is_some()).map(|(name, value)| (name.clone(), value.clone())).collect(),
        }
    }

    /// Of a row of a run.
    pub fn of_row(row: &OutcomeRow) -> Content {
        let place = parse_place(&row.fragments).unwrap_or_default();
        Content {
            article_id: row.article_id.clone(),
            claim_id: if row.side == SideName::Gold { row.claim_id.clone() } else { String::new() },
            fragments: place.spans().iter().map(|span| (span.start(), span.end())).collect(),
            quote: row.quote.clone(),
            kind: row.kind.clone(),
            fields: row.fields.clone(),
        }
    }

    /// Of a gold claim.
    pub fn of_gold(gold: &GoldClaim) -> Content {
        let claim = &gold.claim;
        let text = |state: FieldState<&str>| state.into_present().map(str::to_owned);
        Content {
            article_id: gold.article_id.clone(),
            claim_id: claim.id.clone(),
            fragments: claim.fragments.spans().iter().map(|span| (span.start(), span.end())).collect(),
            quote: claim.quote.clone(),
            kind: claim.kind.clone(),
            fields: claim.fields.iter().map(|(name, state)| (name.as_str().to_owned(), text(state))).collect(),
        }
    }
}
