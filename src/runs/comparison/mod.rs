//! Two runs over the articles that both attempted with the same text: what differs, how sure that is, and the claims behind it.
//!
//! - [`compare()`]: from two [`Rescored`](super::Rescored) attempts to a [`Comparison`]
//! - [`Common`]: their articles side by side, for gates that look at a part of the data
//! - [`missed_by_all`]: gold claims to look at again

mod changes;
mod common;
mod compare;
mod model;
mod slices;
mod verdict;

pub(super) use common::group_of;
pub use common::{Common, CommonArticle};
pub use compare::{NothingInCommon, compare, missed_by_all};
pub use model::{
    Changes, ClaimChange, ComparedArticles, ComparedRun, Comparison, ComparisonVerdict, CriterionDifference, Difference, Direction,
    FieldChange, McNemar, SliceDifference,
};
