//! Reports: one result in, bytes out. Reports compute nothing.

pub mod claims;
pub mod document;
mod format;
pub mod html;
mod intervals;
pub mod marked;
pub mod safe;
pub mod terminal;

pub use format::{Format, RenderError};
