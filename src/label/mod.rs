//! Labelling: claims that people add, correct and confirm.
//!
//! - [`ClaimJson`]: a claim as the page and programs write it
//! - [`order`]: what to look at next, and why
//! - [`review`]: deciding about what a run and the gold do not agree on

mod claim_json;
pub mod order;
pub mod review;

pub use claim_json::{ClaimJson, ClaimJsonError};
