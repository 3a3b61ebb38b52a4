//! Stored runs.
