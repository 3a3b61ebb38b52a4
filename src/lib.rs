//! Assay scores claim extractors.

pub mod claim;
