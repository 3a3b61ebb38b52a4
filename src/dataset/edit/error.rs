//! Why nothing was written.

use crate::claim::GoldClaim;
use crate::dataset::ArticleRecord;
use crate::files::FileError;
use crate::problem::Problems;
use crate::report::safe::quoted;

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// Somebody else has changed the row since it was read.
    #[error(transparent)]
    Conflict(#[from] Box<Conflict>),
    /// What would be written is not valid.
    #[error(transparent)]
    Invalid(#[from] Problems),
    /// A row that is not valid, or not the only one of its id: it is not touched before somebody has looked.
    #[error("{0}")]
    RowNotValid(String),
    /// The edit cannot be made, whatever the files say.
    #[error("{0}")]
    Refused(String),
    /// No article of that id that can be read.
    #[error("no article {} that can be read; `assay lint` says more", quoted(.0, 60))]
    NoArticle(String),
    /// The dataset cannot be written: it is no CSV, or rows would be lost.
    #[error("{0}")]
    Obstacle(String),
    /// A file cannot be read, written or locked.
    #[error("{file}: {error}")]
    File {
        /// Which.
        file: String,
        /// Why.
        error: FileError,
    },
}

/// What somebody else has written in between. Both sides are kept: nothing of either is lost.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Conflict {
    /// A claim that was changed, deleted or made by somebody else.
    #[error("claim {} was {} by somebody else since it was read", quoted(.id, 60), if .theirs.is_some() { "changed" } else { "deleted" })]
    Claim {
        /// Its id.
        id: String,
        /// What this edit would write; `None` when it would delete it.
        yours: Option<Box<GoldClaim>>,
        /// What stands there now; `None` when it is not there any more.
        theirs: Option<Box<GoldClaim>>,
    },
    /// The row of an article.
    #[error("the row of article {} was changed by somebody else since it was read", quoted(.id, 60))]
    Article {
        /// Its id.
        id: String,
        /// What stands there now.
        theirs: Box<ArticleRecord>,
    },
}
