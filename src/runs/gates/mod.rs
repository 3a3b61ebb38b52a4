//! Gates: the rules of assay.toml over a run and its baseline.

mod model;

pub use model::{GateLine, GateReport, GateVerdict, LimitKind};
