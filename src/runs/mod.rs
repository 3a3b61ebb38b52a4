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
//! - [`failing_articles`]: where a run was not right
//! - [`Item`], [`items`]: rows put together again, a pair or a lone claim each
//! - [`Attempt`], [`rescore`]: what a stored run answered, scored again on the gold of today
//! - [`Baseline`]: a blessed run as one file under git
//! - [`Comparison`]: two runs over the same articles, with a verdict
//! - [`repeats()`]: several runs of one extractor that answers otherwise each time
//! - [`judge`], [`GateReport`]: the rules of assay.toml, judged
//! - [`article_pages`]: the articles with their claims, as reports show them
//! - [`METRICS`]: every number of a result with its definition
//! - [`Entry`], [`RunHead`]: all of them, without the lines of their articles
//! - [`history()`], [`trends`]: how a number went over the runs
//! - [`superseded`]: which of them later ones have taken the place of
//! - [`slices_by`]: the numbers of a run cut by any columns

mod article_rows;
mod attempt;
mod baseline;
mod claim_view;
mod columns;
mod comparison;
mod failing;
mod frame;
mod gates;
mod head;
mod history;
mod id;
mod inputs;
mod item;
mod json;
mod measure;
mod metric;
mod outcome;
mod pages;
mod parquet;
mod predictions;
mod reading;
mod record;
mod remove;
mod repeats;
mod seen;
mod slice_table;
mod store;

pub use attempt::{Attempt, Attempted, Rescored, rescore};
pub use baseline::{BASELINE_FORMAT, Baseline, BaselineHead, baseline_text, parse_baseline};
pub use claim_view::{ClaimView, Context};
pub use comparison::{
    Changes, ClaimChange, Common, CommonArticle, ComparedArticles, ComparedRun, Comparison, ComparisonVerdict, CriterionDifference,
    Difference, Direction, FieldChange, McNemar, NothingInCommon, SliceDifference, compare, missed_by_all,
};
pub use failing::failing_articles;
pub use frame::{from_frame, to_frame};
pub use gates::{GateLine, GateProblem, GateReport, GateVerdict, Judged, JudgedRun, LimitKind, gate_report, judge, not_run};
pub use head::{Entry, Headline, RunHead};
pub use history::{HistoryError, Trend, TrendPoint, TrendSlice, history, trends};
pub use inputs::{by_article, dataset_inputs};
pub use item::{Condition, ConditionError, FieldDifference, Item, items};
pub use measure::{Counted, Measure, Part, Share};
pub use metric::{BLOCKS, METRICS, Metric, Range, leaves, metric_at, nearest_path, number_at};
pub use outcome::{ClaimOutcome, OutcomeRow, RunArticle, SideName, outcome_rows};
pub use pages::article_pages;
pub use reading::{FindError, ReadError, StoredRun};
pub use record::{FORMAT, Repeat, RunRecord, StoredArticle, StoredFile};
pub use remove::{Leftover, RemoveError, superseded};
pub use repeats::{ClaimFlip, GoldCounts, RepeatOf, Repeats, SpuriousPlaces, repeats};
pub use slice_table::{SliceError, SliceRow, SliceTable, slices_by};
pub use store::{NewRun, SaveError, Store};
