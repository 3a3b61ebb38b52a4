//! A gold claim as JSON, for the page and for programs.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::claim::{Claim, FieldState, Fields, Fragments, GoldClaim, Schema, Span, nearest};
use crate::report::safe::quoted;

/// A claim with what a person can say of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimJson {
    /// Unique; empty for a new claim.
    #[serde(default)]
    pub id: String,
    /// What its row was when it was read; absent for a new claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// `[start, end)` in code points of the text, sorted and disjoint.
    pub fragments: Vec<[u32; 2]>,
    /// The text of the fragments, joined with one space; where it is given it must be that.
    #[serde(default)]
    pub quote: String,
    /// Kind.
    pub kind: String,
    /// Field to value; `null` = annotated as absent, no entry = not annotated.
    #[serde(default)]
    pub fields: BTreeMap<String, Option<String>>,
    /// Fields whose values nobody has confirmed or that are still needed, and `kind` where that is not confirmed. With any of them the claim is a draft.
    #[serde(default)]
    pub unconfirmed: Vec<String>,
    /// `gold`, `draft` or `optional`.
    #[serde(default)]
    pub status: String,
    /// Shared by the same claim in other articles.
    #[serde(default)]
    pub tracking_id: String,
    /// Free labels.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Who labelled it.
    #[serde(default)]
    pub annotator: String,
    /// A remark.
    #[serde(default)]
    pub note: String,
}

/// What is wrong with the JSON of a claim.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClaimJsonError {
    /// A fragment that is empty or reversed.
    #[error("fragment [{0}, {1}) is empty or reversed; write code points, the end excluded")]
    Fragment(u32, u32),
    /// No claim status.
    #[error("{0}")]
    Status(String),
    /// A field that the dataset does not have.
    #[error("{} is no field of this dataset{}", quoted(.0, 40), .1.as_ref().map(|near| format!("; did you mean {near}?")).unwrap_or_default())]
    Field(String, Option<String>),
}

impl ClaimJson {
    /// A claim as it is written in the files; `version` is that of its row.
    pub fn of(gold: &GoldClaim, version: Option<String>) -> ClaimJson {
        let claim = &gold.claim;
        ClaimJson {
            id: claim.id.clone(),
            version,
            fragments: claim.fragments.spans().iter().map(|span| [span.start(), span.end()]).collect(),
            quote: claim.quote.clone(),
            kind: claim.kind.clone(),
            fields: fields_json(&claim.fields),
            unconfirmed: gold.unconfirmed(),
            status: gold.status.name().to_owned(),
            tracking_id: claim.tracking_id.clone(),
            tags: gold.free_tags(),
            annotator: gold.annotator.clone(),
            note: gold.note.clone(),
        }
    }

    /// The claim for a row of that article. What the JSON does not hold, columns that Assay does not know, is taken from `before`, the row
    /// as it is.
    ///
    /// # Errors
    /// When a fragment is none, or the status or a field is not known. Values are checked when the row is written.
    pub fn to_gold(&self, article_id: &str, schema: &Schema, before: Option<&GoldClaim>) -> Result<GoldClaim, ClaimJsonError> {
        let spans = self.fragments.iter().map(|&[start, end]| Span::new(start, end).ok_or(ClaimJsonError::Fragment(start, end)));
        let fragments: Fragments = spans.collect::<Result<Vec<_>, _>>()?.into_iter().collect();
        let mut fields = Fields::default();
        for (name, value) in &self.fields {
            if schema.field(name).is_none() && !schema.open_fields {
                let near = nearest(name, schema.fields.iter().map(|f| f.name.as_str())).map(str::to_owned);
                return Err(ClaimJsonError::Field(name.clone(), near));
            }
            match value.as_deref().map(str::trim) {
                Some("") => {}
                Some(value) => fields.insert(&**name, FieldState::Present(value)),
                None => fields.insert::<&str>(&**name, FieldState::Absent),
            }
        }
        let mut gold = GoldClaim {
            claim: Claim {
                id: self.id.clone(),
                fragments,
                quote: self.quote.clone(),
                kind: self.kind.trim().to_owned(),
                fields,
                score: None,
                tracking_id: self.tracking_id.trim().to_owned(),
            },
            article_id: article_id.to_owned(),
            status: self.status.parse().map_err(ClaimJsonError::Status)?,
            tags: self.tags.iter().filter(|tag| !tag.trim().is_empty()).cloned().collect(),
            annotator: self.annotator.clone(),
            note: self.note.clone(),
            extra: before.map(|before| before.extra.clone()).unwrap_or_default(),
            line: 0,
        };
        gold.set_unconfirmed(self.unconfirmed.iter().map(String::as_str));
        Ok(gold)
    }
}

/// Fields as JSON.
fn fields_json(fields: &Fields) -> BTreeMap<String, Option<String>> {
    fields.iter().map(|(name, state)| (name.as_str().to_owned(), state.present().map(|value| (*value).to_owned()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unconfirmed_stays_so_the_kind_too() {
        let mut gold = GoldClaim::default();
        gold.claim.kind = "quantity".to_owned();
        gold.claim.fields.insert("value", FieldState::Present("37000"));
        gold.set_unconfirmed(["kind", "value"]);
        let json = ClaimJson::of(&gold, None);
        let back = json.to_gold("", &Schema::default(), None).map_err(|error| error.to_string());
        assert_eq!(back, Ok(gold.clone()));
        // A field that is still needed has no value yet, and keeps the claim a draft.
        let json = ClaimJson { unconfirmed: vec!["kind".to_owned(), "unit".to_owned()], ..json };
        let needed = json.to_gold("", &Schema::default(), None).map(|gold| (gold.unconfirmed(), gold.status.name()));
        assert_eq!(needed, Ok((vec!["kind".to_owned(), "unit".to_owned()], "draft")));
    }
}
