//! File formats that are read and written beside the workspace's own folders.
//!
//! - [`jsonl`]: an article a line, gold or predictions

pub mod jsonl;
