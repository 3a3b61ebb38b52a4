//! What is to change.

use std::path::PathBuf;

use crate::claim::{ArticleStatus, GoldClaim};
use crate::dataset::ArticleRecord;

use super::Version;

/// Changes that are written together: all or none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Edit {
    /// An article that is not there yet.
    pub new_article: Option<NewArticle>,
    /// Claims, in any order; each id at most once.
    pub claims: Vec<ClaimChange>,
    /// Status and note of an article; of the gold only.
    pub article: Option<ArticleChange>,
    /// That an annotator found no claims in an article, or takes that back; of an annotator's file only.
    pub no_claims: Option<(String, bool)>,
}

/// An article that is not there yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewArticle {
    /// Its row; `sha256` is filled in, and `text` is written byte for byte.
    pub record: ArticleRecord,
}

/// A claim that is written or deleted.
#[derive(Clone, Debug, PartialEq)]
pub enum ClaimChange {
    /// Written; with an empty quote it is filled in from the text.
    Put {
        /// What it is from now on. Without an id it gets the next one of its article.
        claim: Box<GoldClaim>,
        /// What it was; `None` when it is new.
        before: Option<Version>,
    },
    /// Deleted.
    Delete {
        /// Its id.
        id: String,
        /// What it was.
        before: Version,
    },
}

/// Status and note of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleChange {
    /// The article.
    pub id: String,
    /// What its labels are worth from now on.
    pub status: Option<ArticleStatus>,
    /// The remark from now on.
    pub note: Option<String>,
    /// What the row was; `None` where nobody looked at it before.
    pub before: Option<Version>,
}

/// What was written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Edited {
    /// Ids of the claims that were put, in the order of the edit.
    pub put: Vec<String>,
    /// The edit that takes this one back. It adds no article again, nor does it remove one.
    pub inverse: Edit,
}

/// What an edit would write.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Preview {
    /// As it would be.
    pub edited: Edited,
    /// The files, in the order in which they would be written, each once.
    pub files: Vec<PreviewedFile>,
}

/// A file that an edit would write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviewedFile {
    /// Where it stands.
    pub path: PathBuf,
    /// What it holds now; `None` when it is not there or is no UTF-8.
    pub before: Option<String>,
    /// What it would hold.
    pub after: String,
}
