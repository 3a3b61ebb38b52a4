//! Stored runs: what an extractor answered, how each claim came out, and the numbers, in a folder a run.
//!
//! ```text
//! .assay/runs/20261122-2201-rules-7f3a/
//!   run.json              the result, and where it comes from
//!   predictions.jsonl     the answers, as they can be scored again
//!   outcomes.parquet      a row a claim and criterion
//! ```
//!
//! - [`Store`]: saves runs and finds them by id, prefix, `latest` or path
//! - [`StoredRun`], [`RunRecord`]: one of them
//! - [`OutcomeRow`], [`outcome_rows`]: how one claim came out under one criterion
//! - [`Item`], [`items`]: rows put together again, a pair or a lone claim each
//! - [`METRICS`]: every number of a result with its definition
//! - [`Entry`], [`RunHead`]: all of them, without the lines of their articles
//! - [`history`], [`trends`]: how a number went over the runs
//! - [`superseded`]: which of them later ones have taken the place of
//! - [`slices_by`]: the numbers of a run cut by any columns

mod article_rows;
mod columns;
mod frame;
mod head;
mod history;
mod id;
mod item;
mod json;
mod metric;
mod outcome;
mod parquet;
mod predictions;
mod reading;
mod record;
mod remove;
mod slice_table;
mod store;

pub use frame::{from_frame, to_frame};
pub use head::{Entry, Headline, RunHead};
pub use history::{HistoryError, Trend, TrendPoint, TrendSlice, history, trends};
pub use item::{Condition, ConditionError, Difference, Item, items};
pub use metric::{BLOCKS, METRICS, Metric, Range, leaves, metric_at, nearest_path, number_at};
pub use outcome::{ClaimOutcome, OutcomeRow, RunArticle, SideName, outcome_rows};
pub use reading::{FindError, ReadError, StoredRun};
pub use record::{FORMAT, RunRecord, StoredArticle, StoredFile};
pub use remove::{Leftover, RemoveError, superseded};
pub use slice_table::{SliceError, SliceRow, SliceTable, slices_by};
pub use store::{NewRun, SaveError, Store};
