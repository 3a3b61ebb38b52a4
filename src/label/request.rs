//! What the page asks for.

use serde::Deserialize;

use super::ClaimJson;

/// `POST /api/edit`: one edit of one article.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditRequest {
    /// The article.
    pub article_id: String,
    /// A claim that is new, or changed where it has an id.
    #[serde(default)]
    pub put: Option<ClaimJson>,
    /// Several of them, written together.
    #[serde(default)]
    pub puts: Option<Vec<ClaimJson>>,
    /// A claim that is deleted.
    #[serde(default)]
    pub delete: Option<DeleteRequest>,
    /// What the labels of the article are worth.
    #[serde(default)]
    pub status: Option<StatusRequest>,
    /// A suggestion that is not to come back.
    #[serde(default)]
    pub reject: Option<SuggestionRequest>,
    /// A suggestion that is to come back.
    #[serde(default)]
    pub unreject: Option<SuggestionRequest>,
    /// A suggestion that becomes a claim.
    #[serde(default)]
    pub accept: Option<AcceptRequest>,
}

/// Which claim is deleted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeleteRequest {
    /// Its id.
    pub id: String,
    /// What its row was when it was read.
    pub version: String,
}

/// A status that an article gets.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusRequest {
    /// Its name.
    pub status: String,
    /// What the article's row was when it was read; absent where nobody looked.
    #[serde(default)]
    pub version: Option<String>,
    /// Why, for the article's note.
    #[serde(default)]
    pub note: Option<String>,
}

/// Which suggestion.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuggestionRequest {
    /// Its id.
    pub suggestion: String,
}

/// A suggestion, and the claim that it becomes.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcceptRequest {
    /// The id of the suggestion.
    pub suggestion: String,
    /// The claim, which may say something else.
    pub claim: ClaimJson,
}

/// `POST /api/prefill`: what the rules would say of a place.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrefillRequest {
    /// The article.
    pub article_id: String,
    /// `[start, end)` in code points of the text.
    pub fragments: Vec<[u32; 2]>,
    /// The kind where it is chosen already; else empty.
    #[serde(default)]
    pub kind: String,
}

/// `POST /api/read`: the canonical value of what a person typed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadRequest {
    /// The article, whose language and date decide.
    pub article_id: String,
    /// The field.
    pub field: String,
    /// What was typed.
    pub written: String,
}

/// `GET /api/tracking`: which tracking ids a claim may carry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrackingRequest {
    /// The article that is being labelled.
    pub article: String,
    /// What is looked for; empty for the best guesses.
    pub q: String,
    /// The claim that is to be linked; empty where there is none yet.
    pub claim: String,
}
