//! The claim model: articles, claims, spans, and field values in their canonical forms.
//!
//! - [`Span`], [`Fragments`]: places in a text, half-open, in Unicode code points
//! - [`Article`], [`Claim`], [`Fields`], [`FieldState`]: what a dataset holds and an extractor answers
//! - [`Schema`], [`Field`], [`FieldType`]: which fields claims have and how their values compare
//! - [`decimal`], [`text`]: canonical forms of numbers and text
//! - [`number`], [`period`]: figures and periods read from running text by its language

mod char_table;
pub mod decimal;
mod fields;
pub mod lexicon;
mod model;
pub mod number;
pub mod period;
mod schema;
mod span;
pub mod text;
mod value;

pub use fields::{FieldName, Fields};
pub use model::{Article, ArticleStatus, Claim, ClaimStatus, FieldState, GoldClaim};
pub use schema::{Aliases, Field, FieldType, Schema, Tolerance};
pub use span::{Fragments, Span, intersection_len, total_len};
pub(crate) use value::list_items;
pub use value::{ValueError, nearest};
