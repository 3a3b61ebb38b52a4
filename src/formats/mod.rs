//! File formats, a file each: read and write.
//!
//! - [`jsonl`]: an article a line, gold or predictions
//! - [`table`]: CSV as people and spreadsheets write it
//! - `parquet`: the same rows in Parquet
//! - [`settings`]: TOML with the place of every key

pub(crate) mod claim_rows;
pub mod jsonl;
pub(crate) mod parquet;
pub mod settings;
pub mod table;
