//! Reports: one result in, bytes out. Reports compute nothing.

pub mod claims;
pub mod marked;
pub mod safe;
pub mod terminal;
