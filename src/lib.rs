//! Assay scores claim extractors.
