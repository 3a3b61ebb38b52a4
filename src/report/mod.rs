//! Reports: one result in, bytes out. Reports compute nothing.

pub mod claims;
pub mod document;
mod format;
pub mod github;
pub mod gitlab;
mod intervals;
pub mod junit;
pub mod markdown;
pub mod marked;
pub mod safe;
pub mod spreadsheet;
pub mod terminal;
mod words;

pub use format::{Format, RenderError};
