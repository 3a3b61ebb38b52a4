//! Reports: one result in, bytes out. Reports compute nothing.

pub mod safe;
pub mod terminal;
