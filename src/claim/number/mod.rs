//! Figures in running text, read exactly and by the language of the article.
//!
//! [`find_figures`] finds them; [`read_local`] reads one cell. Values are exact decimals of at most 28 digits, never
//! through floats: digits that are more than that are not a figure. Time is linear in the length of the text.

mod attach;
mod chars;
mod digits;
mod exact;
mod figure;
mod find;
mod fraction;
mod literal;
mod local;
mod matcher;
mod parts;
mod quantity;
mod ranges;
mod role;
mod terms;
mod tree;

pub use figure::{Bound, Figure, Form, RangeShape, Reading, Written};
pub use find::find_figures;
pub use local::{LocalReading, read_local};
pub(crate) use matcher::Matcher;
