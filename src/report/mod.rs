//! Reports: one result in, bytes out. Reports compute nothing.

pub mod claims;
mod intervals;
pub mod marked;
pub mod safe;
pub mod terminal;
