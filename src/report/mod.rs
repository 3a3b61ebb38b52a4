//! Reports: one result in, bytes out. Reports compute nothing.

pub mod claims;
pub mod document;
mod format;
mod intervals;
pub mod marked;
pub mod safe;
mod slices;
pub mod terminal;

pub use format::{Format, RenderError};
