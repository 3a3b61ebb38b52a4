//! What to look at next, and why.
//!
//! - [`disagreements`]: what a run and the gold do not agree on, most useful first, each with the reason as one sentence
//! - [`queue()`]: the articles to label next, each with the reason why it was chosen
//! - [`Voter`]: what one extractor said; several of them that agree are worth more than one that is sure
//! - [`Evidence`]: the voters of a workspace and what is known of its slices
//!
//! All of it but [`Evidence::gather`] is pure: the same input gives the same order, however the input is ordered.

mod claims;
mod evidence;
mod group;
mod queue;
mod reasons;
mod signals;
mod voter;

pub use claims::{Disagreement, OtherReading, disagreements};
pub use evidence::{Evidence, Width, text_hashes, voters};
pub use group::{Group, Order, sorted};
pub use queue::{Next, QueueSettings, drawn, queue};
pub use voter::{Answered, Said, Value, Voter, canonical, iou, is_same_place};
