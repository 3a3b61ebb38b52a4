//! Labelling: claims that people add, correct and confirm.
//!
//! - [`ClaimJson`]: a claim as the page and programs write it
//! - [`NewClaim`], [`At`]: a claim as somebody writes it down, its place still to be found
//! - [`words()`], [`unmarked`], [`claim_files`]: the ways to write it: `FIELD=VALUE`, marks in the text, files
//! - [`place()`]: its one place, or all there are
//! - [`Drafts`], [`Drafted`]: its row, with what the rules read there filled in and unconfirmed
//! - [`status()`]: what the labels of an article are worth afterwards

pub mod claim_files;
mod claim_json;
mod draft;
mod marks;
mod new_claim;
mod place;
mod status;
mod words;

pub use claim_json::{ClaimJson, ClaimJsonError};
pub use draft::{Drafted, Drafts, KIND, Whose};
pub use marks::{Mark, Marked, looks_marked, unmarked};
pub use new_claim::{At, NewClaim};
pub use place::{FRAGMENT_GAP, Placed, place};
pub use status::{Labels, Says, status};
pub use words::{Word, quote_and_words, word, words};
