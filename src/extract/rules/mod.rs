//! The builtin extractor `rules`: figure claims by word lists, without a model.
//!
//! [`prefill()`] says what they make of a place that a person marked.
//! [`find_claims`] is a pure function of one article; [`Rules`] is the extractor around it. Data flows one way:
//! `passage` cuts the text once and lays figures and periods over its words, `figures` (with `phrase`, `change` and
//! `exclude`) and `ranks` find the claims, `setting` looks up when, where and who, `confidence` says how sure each is.
//! `docs/rules.md` says what is found and what is not.

mod change;
mod confidence;
mod exclude;
mod extractor;
mod figures;
mod find;
mod lexicon;
mod passage;
mod phrase;
mod prefill;
mod ranks;
mod setting;

pub use extractor::Rules;
pub use find::find_claims;
pub use prefill::{prefill, prefill_among};
