//! Claims and the canonical values of their fields.
pub mod period;
