//! Which intervals the user asks for.

use clap::ValueEnum;

use crate::score::IntervalsOf;
use crate::stats::IntervalSettings;

/// Intervals to compute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum CiArg {
    /// None
    None,
    /// Of precision, recall and F1 of every criterion
    #[default]
    Criteria,
    /// Those, and the same of every field and slice, and average precision
    All,
}

impl CiArg {
    /// Those settings, where any interval is asked for.
    pub(super) fn settings(self, settings: IntervalSettings) -> Option<IntervalSettings> {
        (self != CiArg::None).then_some(settings)
    }

    /// Which numbers get intervals, where any is asked for.
    pub(super) fn intervals(self) -> IntervalsOf {
        if self == CiArg::All { IntervalsOf::All } else { IntervalsOf::Criteria }
    }
}
