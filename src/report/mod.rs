//! What people and other programs read of a result.

pub mod safe;
