//! Gold and annotations being edited: every change is written at once and whole, or not at all.
//!
//! - [`Editor`]: a dataset that is open for changes, beside other programs that write to it
//! - [`Edit`], [`ClaimChange`], [`ArticleChange`], [`NewArticle`]: what is to change
//! - [`Edited`]: what was changed, with the edit that takes it back
//! - [`Preview`], [`PreviewedFile`]: what would be written
//! - [`Version`]: what a row was when it was read, so that nobody overwrites what another one wrote in between
//!
//! Every other cell of the files stays as it is written. Claims are written before the status that says that they are complete, so that
//! an article whose writing was cut short is never taken for one without claims.

mod change;
mod editor;
mod error;
mod id;
mod planned;
mod tables;
mod version;

pub use change::{ArticleChange, ClaimChange, Edit, Edited, NewArticle, Preview, PreviewedFile};
pub use editor::Editor;
pub use error::{Conflict, EditError};
pub use version::Version;
