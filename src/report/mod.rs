//! Reports: one result in, bytes out. Reports compute nothing.

pub mod agreement;
pub mod claims;
pub mod comparison;
pub mod document;
mod format;
pub mod gates;
pub mod github;
pub mod gitlab;
pub mod html;
mod intervals;
pub mod junit;
pub mod markdown;
pub mod marked;
pub mod repeats;
pub mod run_list;
pub mod safe;
pub mod size;
mod slices;
pub mod sparkline;
pub mod spreadsheet;
pub mod terminal;
pub mod trend;
pub(crate) mod words;

pub use format::{Format, RenderError};
pub use words::signed;
