//! Deciding about what a run and the gold do not agree on.
//!
//! - [`Session`]: takes decisions and writes each at once: the gold by an edit of its own, what is only to be remembered in the [`Memory`]
//! - [`Proposal`]: a claim that may become gold, with what still keeps it from that
//! - [`Memory`]: what was decided before, by content, so that it does not come back
//! - [`screen()`], [`list_entry`]: a disagreement on a terminal

mod content;
mod memory;
mod proposal;
mod screen;
mod session;

pub use content::{Content, Verdict};
pub use memory::{Memory, MemoryError};
pub use proposal::Proposal;
pub use screen::{Screen, counts, list_entry, screen};
pub use session::{Decision, Done, ReviewError, Session};
