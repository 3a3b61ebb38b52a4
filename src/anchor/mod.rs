//! A quote to its place in a text.
//!
//! - [`place_all`]: the claims of one article, by offsets, exactly, folded, or by likeness
//! - [`occurrences`]: every place of one quote
//! - [`moved`]: the claims of an article whose text was changed
//! - [`CodePoints`], [`OffsetUnit`]: code points, bytes and UTF-16 units of a text
//! - [`Hint`]: what offsets seem to count that do not give their quotes

mod code_points;
mod fold;
mod fuzzy;
mod hint;
pub mod moved;
mod place;
#[cfg(test)]
mod tests;

pub use code_points::{CodePoints, OffsetUnit};
pub(crate) use fold::folded;
pub use hint::Hint;
pub use place::{How, Place, Places, Wanted, is_inside_word, occurrences, place_all};
