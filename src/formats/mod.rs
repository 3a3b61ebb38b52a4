//! File formats that are read and written beside the workspace's own folders.
//!
//! - [`jsonl`]: an article a line, gold or predictions
//! - [`table`]: CSV and its relatives
//! - [`settings`]: TOML with the place of every value

pub mod jsonl;
pub mod settings;
pub mod table;
