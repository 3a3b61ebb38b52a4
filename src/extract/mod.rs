//! Extractors.
mod answer;
pub use answer::{Answer, LocationCounts, Outcome, OutcomeClass};
