//! Claims and their canonical values.

pub mod lexicon;
pub mod number;
