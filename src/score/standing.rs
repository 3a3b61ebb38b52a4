//! What an article counts as in a run.

/// What an article counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Labelled whole and answered.
    Scored,
    /// Labelled whole and not answered: all its gold is missed.
    Failed,
    /// Labelled in part: a block of its own.
    Incomplete,
    /// Not labelled, or skipped.
    Excluded,
}

impl Standing {
    /// The name in outcome tables.
    pub fn name(self) -> &'static str {
        ["scored", "failed", "incomplete", "excluded"][self as usize]
    }
}
