//! Labelling: claims that people add, correct and confirm.
//!
//! - [`ClaimJson`]: a claim as the page and programs write it

mod claim_json;

pub use claim_json::{ClaimJson, ClaimJsonError};
