//! Gates: the rules of assay.toml over a run and its baseline.
//!
//! - [`judge()`]: the gates of one extractor, a [`GateLine`] for each limit
//! - [`gate_report`]: all lines together

mod claims;
mod judge;
mod metric;
mod model;

pub use judge::{Judged, gate_report, judge, not_run};
pub use metric::GateProblem;
pub use model::{GateLine, GateReport, GateVerdict, JudgedRun, LimitKind};
