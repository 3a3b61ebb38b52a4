//! Reports: one result in, bytes out. Reports compute nothing.

pub mod claims;
pub mod comparison;
pub mod document;
mod format;
pub mod gates;
mod intervals;
pub mod marked;
pub mod run_list;
pub mod safe;
pub mod size;
pub mod sparkline;
pub mod terminal;
pub mod trend;

pub use format::{Format, RenderError};
