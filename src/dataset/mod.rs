//! The dataset on disk: loaded whole with every finding, written canonically, checked, hashed and counted.
//!
//! - [`Dataset`], [`ArticleRecord`], [`Meta`]: a dataset in memory
//! - [`Selection`]: which of its articles are meant
//! - [`Reading`], [`lint`]: everything that is wrong, also when it cannot be loaded
//! - [`Annotations`]: what one annotator labelled, before it became gold
//! - [`edit`]: changes of its files, beside other programs that write to them
//! - [`Compared`], [`Alike`], [`Twins`]: articles of the same or nearly the same text, claims that say the same elsewhere
//! - [`reanchor`]: its claims when a text was changed
//! - [`Stats`]: what it holds, in numbers

mod alike;
mod annotations;
mod articles;
mod bare;
pub(crate) mod bare_hash;
mod claims;
pub mod edit;
mod hash;
mod json_table;
pub mod lint;
mod load;
mod meta;
mod model;
mod place;
pub mod reanchor;
mod rows;
mod select;
mod stats;
mod twins;
mod write;

pub use alike::{Alike, Compared, NEAR, PIECE};
pub use annotations::{Annotations, GOLD};
pub(crate) use articles::hex;
pub(crate) use articles::{is_date, is_language_tag};
pub use articles::{is_safe_id, needed_article_columns};
pub use bare::{BareArticle, BareClaim, BareGold};
pub(crate) use bare::{drafts_warning, table_warning};
pub use claims::BASE_COLUMNS as CLAIM_COLUMNS;
pub use load::Reading;
pub use meta::Meta;
pub(crate) use model::GROUP_COLUMN;
pub use model::{ArticleRecord, Dataset};
pub use place::Points;
pub use select::{SelectError, Selection};
pub use stats::{FieldCount, Share, Stats, Tracking};
pub use twins::Twins;
pub use write::{article_columns, claim_columns};
