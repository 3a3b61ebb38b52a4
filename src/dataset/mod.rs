//! The dataset on disk: loaded whole with every finding, written canonically, checked, hashed and counted.
//!
//! - [`Dataset`], [`ArticleRecord`], [`Meta`]: a dataset in memory
//! - [`Selection`]: which of its articles are meant

mod articles;
mod claims;
mod json_table;
mod load;
mod meta;
mod model;
mod place;
mod select;

pub use articles::{is_safe_id, needed_article_columns};
pub use claims::BASE_COLUMNS as CLAIM_COLUMNS;
pub use load::Reading;
pub use meta::Meta;
pub use model::{ArticleRecord, Dataset};
pub use place::Points;
pub use select::{SelectError, Selection};
