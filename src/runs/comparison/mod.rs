//! Two runs over the articles that both attempted with the same text: what differs, how sure that is, and the claims behind it.

mod model;

pub use model::{
    Changes, ClaimChange, ComparedArticles, ComparedRun, Comparison, ComparisonVerdict, CriterionDifference, Difference, Direction,
    FieldChange, McNemar, SliceDifference,
};
