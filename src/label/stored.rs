//! Edits as they lie in the journal: exactly the rows that they write, so that taking back and doing again leads to the same bytes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::claim::{ArticleStatus, Claim, FieldState, Fragments, GoldClaim, Span};
use crate::dataset::edit::{ArticleChange, ClaimChange, Edit, Version};

/// An edit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct StoredEdit {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    claims: Vec<StoredChange>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    article: Option<StoredArticle>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    no_claims: Option<(String, bool)>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredChange {
    Put { claim: Box<StoredClaim>, before: Option<String> },
    Delete { id: String, before: String },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct StoredArticle {
    id: String,
    status: Option<String>,
    note: Option<String>,
    before: Option<String>,
}

/// A row, with every cell as it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct StoredClaim {
    id: String,
    article_id: String,
    fragments: Vec<(u32, u32)>,
    quote: String,
    kind: String,
    fields: BTreeMap<String, Option<String>>,
    tracking_id: String,
    status: String,
    tags: Vec<String>,
    annotator: String,
    note: String,
    extra: BTreeMap<String, String>,
}

impl StoredEdit {
    /// An edit of claims, status and the word that there are none; new articles are not made by labelling.
    pub fn of(edit: &Edit) -> StoredEdit {
        let change = |change: &ClaimChange| match change {
            ClaimChange::Put { claim, before } => {
                StoredChange::Put { claim: Box::new(StoredClaim::of(claim)), before: before.as_ref().map(Version::to_string) }
            }
            ClaimChange::Delete { id, before } => StoredChange::Delete { id: id.clone(), before: before.to_string() },
        };
        let article = |change: &ArticleChange| StoredArticle {
            id: change.id.clone(),
            status: change.status.map(|status| status.name().to_owned()),
            note: change.note.clone(),
            before: change.before.as_ref().map(Version::to_string),
        };
        StoredEdit {
            claims: edit.claims.iter().map(change).collect(),
            article: edit.article.as_ref().map(article),
            no_claims: edit.no_claims.clone(),
        }
    }

    /// The edit again; `None` where the file was changed to something that is none.
    pub fn edit(&self) -> Option<Edit> {
        let change = |change: &StoredChange| {
            Some(match change {
                StoredChange::Put { claim, before } => {
                    ClaimChange::Put { claim: Box::new(claim.gold()?), before: before.clone().map(Version::new) }
                }
                StoredChange::Delete { id, before } => ClaimChange::Delete { id: id.clone(), before: Version::new(before.clone()) },
            })
        };
        let article = |change: &StoredArticle| {
            let status = change.status.as_ref().map(|status| status.parse::<ArticleStatus>().ok());
            Some(ArticleChange {
                id: change.id.clone(),
                status: if let Some(status) = status { Some(status?) } else { None },
                note: change.note.clone(),
                before: change.before.clone().map(Version::new),
            })
        };
        Some(Edit {
            new_article: None,
            claims: self.claims.iter().map(change).collect::<Option<_>>()?,
            article: if let Some(stored) = &self.article { Some(article(stored)?) } else { None },
            no_claims: self.no_claims.clone(),
        })
    }

    /// Whether nothing of the dataset is written.
    pub fn is_empty(&self) -> bool {
        self.claims.is_empty() && self.article.is_none() && self.no_claims.is_none()
    }
}

impl StoredClaim {
    fn of(gold: &GoldClaim) -> StoredClaim {
        let claim = &gold.claim;
        StoredClaim {
            id: claim.id.clone(),
            article_id: gold.article_id.clone(),
            fragments: claim.fragments.spans().iter().map(|span| (span.start(), span.end())).collect(),
            quote: claim.quote.clone(),
            kind: claim.kind.clone(),
            fields: claim.fields.iter().map(|(name, state)| (name.to_string(), state.into_present().map(str::to_owned))).collect(),
            tracking_id: claim.tracking_id.clone(),
            status: gold.status.name().to_owned(),
            tags: gold.tags.clone(),
            annotator: gold.annotator.clone(),
            note: gold.note.clone(),
            extra: gold.extra.clone(),
        }
    }

    fn gold(&self) -> Option<GoldClaim> {
        let field =
            |(name, value): (&String, &Option<String>)| (name.clone(), value.clone().map_or(FieldState::Absent, FieldState::Present));
        Some(GoldClaim {
            claim: Claim {
                id: self.id.clone(),
                fragments: self.fragments.iter().map(|&(start, end)| Span::new(start, end)).collect::<Option<Fragments>>()?,
                quote: self.quote.clone(),
                kind: self.kind.clone(),
                fields: self.fields.iter().map(field).collect(),
                score: None,
                tracking_id: self.tracking_id.clone(),
            },
            article_id: self.article_id.clone(),
            status: self.status.parse().ok()?,
            tags: self.tags.clone(),
            annotator: self.annotator.clone(),
            note: self.note.clone(),
            extra: self.extra.clone(),
            line: 0,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::ClaimStatus;

    #[test]
    fn an_edit_comes_back_as_it_was() {
        let mut claim = Claim { id: "a-c01".into(), kind: "quantity".into(), quote: "37.000".into(), ..Claim::default() };
        claim.fragments = [Span::new(3, 9).unwrap(), Span::new(20, 21).unwrap()].into_iter().collect();
        claim.fields.insert("value", FieldState::Present("37000"));
        claim.fields.insert("unit", FieldState::<&str>::Absent);
        let gold = GoldClaim {
            claim,
            article_id: "a".into(),
            // A draft without tags must not get any.
            status: ClaimStatus::Draft,
            tags: vec![" kept ".into()],
            extra: BTreeMap::from([("mood".to_owned(), "grim".to_owned())]),
            ..GoldClaim::default()
        };
        let edit = Edit {
            new_article: None,
            claims: vec![
                ClaimChange::Put { claim: Box::new(gold), before: None },
                ClaimChange::Delete { id: "b".into(), before: Version::new("12") },
            ],
            article: Some(ArticleChange {
                id: "a".into(),
                status: Some(ArticleStatus::Draft),
                note: None,
                before: Some(Version::new("9")),
            }),
            no_claims: Some(("a".into(), true)),
        };
        let text = serde_json::to_string(&StoredEdit::of(&edit)).unwrap();
        assert_eq!(serde_json::from_str::<StoredEdit>(&text).unwrap().edit().unwrap(), edit);
        let damaged = text.replace("[3,9]", "[9,3]");
        assert_eq!(serde_json::from_str::<StoredEdit>(&damaged).unwrap().edit(), None);
    }
}
