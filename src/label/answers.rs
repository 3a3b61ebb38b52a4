//! What the page is told.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{ClaimJson, Suggestion};

/// `GET /api/workspace`.
#[derive(Clone, Debug, Serialize)]
pub struct WorkspaceAnswer {
    /// What is being labelled.
    pub dataset: DatasetHead,
    /// Who labels; may be empty.
    pub annotator: String,
    /// `gold`, `blind` or `adjudicate`.
    pub mode: &'static str,
    /// The kinds; `null` where they are open.
    pub kinds: Option<Vec<String>>,
    /// The fields in the order of the dataset.
    pub fields: Vec<FieldHead>,
    /// Names of the fields that make two claims the same statement.
    pub key_fields: Vec<String>,
    /// The text of GUIDELINES.md.
    pub guidelines: Option<String>,
    /// Who suggests claims.
    pub sources: Vec<String>,
    /// Sorted by id, as the dataset is.
    pub articles: Vec<ArticleHead>,
    /// What to label next, in order.
    pub queue: Vec<Queued>,
    /// Of the files of the dataset.
    pub version: String,
}

/// What is being labelled.
#[derive(Clone, Debug, Serialize)]
pub struct DatasetHead {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Version of the guidelines that labels follow; may be empty.
    pub guideline_version: String,
}

/// A field of the schema.
#[derive(Clone, Debug, Serialize)]
pub struct FieldHead {
    /// Its name.
    pub name: String,
    /// Its type as in dataset.toml.
    #[serde(rename = "type")]
    pub field_type: &'static str,
    /// The values of an enum.
    pub values: Vec<String>,
    /// Kinds whose claims must have it.
    pub required_for: Vec<String>,
    /// Weight in the similarity of two claims.
    pub weight: u32,
}

/// An article that is next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Queued {
    /// Its id.
    pub id: String,
    /// Why it is next.
    pub why: String,
}

/// An article in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ArticleHead {
    /// Its id.
    pub id: String,
    /// Language tag.
    pub lang: String,
    /// Headline; may be empty.
    pub title: String,
    /// What its labels are worth; in a blind pass what the annotator's own are.
    pub status: String,
    /// Of its row.
    pub version: String,
    /// Claims, drafts among them.
    pub claims: usize,
    /// Those that nobody has confirmed.
    pub drafts: usize,
    /// Suggestions that nobody has decided on. Of an article for which the rules were not asked yet: none.
    pub suggestions: usize,
    /// Whether it is finished.
    pub labelled: bool,
}

/// `GET /api/article/ID`.
#[derive(Clone, Debug, Serialize)]
pub struct ArticleAnswer {
    /// The article.
    pub article: ArticleWhole,
    /// Its claims in canonical order.
    pub claims: Vec<ClaimJson>,
    /// What is wrong with its row, its text and rows of claims: such rows are not among the claims.
    pub problems: Vec<String>,
    /// What nobody has decided on, in the order of the places.
    pub suggestions: Vec<Suggestion>,
    /// What undo would take back.
    pub undo: Option<StepHead>,
    /// What redo would do again.
    pub redo: Option<StepHead>,
    /// Of the files of the dataset.
    pub version: String,
    /// Of this article: its row, its text and its claims.
    pub article_version: String,
}

/// An article with its text.
#[derive(Clone, Debug, Serialize)]
pub struct ArticleWhole {
    /// As in a list.
    #[serde(flatten)]
    pub head: ArticleHead,
    /// Who published it; may be empty, as all of the following.
    pub publisher: String,
    /// When.
    pub published_at: String,
    /// Where.
    pub url: String,
    /// A remark; always empty in a blind pass.
    pub note: String,
    /// Such as `test`.
    pub split: String,
    /// The exact text.
    pub text: String,
}

/// What undo or redo would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StepHead {
    /// In words.
    pub what: String,
    /// To which article.
    pub article_id: String,
}

/// Answer to an edit, and to undo and redo.
#[derive(Clone, Debug, Serialize)]
pub struct EditAnswer {
    /// Which article undo or redo was about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article_id: Option<String>,
    /// The article as it is now.
    pub article: ArticleHead,
    /// Its claims.
    pub claims: Vec<ClaimJson>,
    /// What is wrong with its row, its text and rows of claims.
    pub problems: Vec<String>,
    /// What nobody has decided on.
    pub suggestions: Vec<Suggestion>,
    /// Ids of the claims that were put.
    pub put: Vec<String>,
    /// What undo would take back.
    pub undo: Option<StepHead>,
    /// What redo would do again.
    pub redo: Option<StepHead>,
    /// Of the files of the dataset.
    pub version: String,
    /// Of this article.
    pub article_version: String,
}

/// `POST /api/prefill`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PrefillAnswer {
    /// The text of the place.
    pub quote: String,
    /// The kind that was given, or that the rules see; empty where they see none.
    pub kind: String,
    /// Values of fields of the dataset.
    pub fields: BTreeMap<String, Option<String>>,
    /// The figures of the quote.
    pub figures: Vec<FigureJson>,
}

/// A figure as it is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FigureJson {
    /// As it stands in the text.
    pub written: String,
    /// Its value as a canonical decimal.
    pub value: String,
    /// Whether the language decides, and the value is exact.
    pub certain: bool,
}

/// `POST /api/read`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReadAnswer {
    /// The canonical value; `null` where what was typed is none.
    pub value: Option<String>,
    /// How it was read, or why it is no value and what would be one.
    pub message: String,
}

/// `GET /api/tracking`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct TrackingAnswer {
    /// Best first.
    pub results: Vec<TrackingResult>,
}

/// A tracking id with the claims that carry it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrackingResult {
    /// The id.
    pub tracking_id: String,
    /// How good it is, 0..1.
    pub score: f64,
    /// Who carries it.
    pub claims: Vec<TrackedClaim>,
}

/// A claim that carries a tracking id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TrackedClaim {
    /// Its id.
    pub id: String,
    /// Where it stands.
    pub article_id: String,
    /// Language of the article.
    pub lang: String,
    /// Headline of the article.
    pub title: String,
    /// Its text.
    pub quote: String,
    /// Its kind.
    pub kind: String,
    /// The values of its key fields, joined.
    pub value: String,
}

/// `GET /api/changes`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangesAnswer {
    /// Of the files of the dataset.
    pub version: String,
    /// Of the article: its row, its text and its claims.
    pub article: String,
}
