//! How the command ends.

use std::process::ExitCode;

/// Exit codes: part of the interface, stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done, and gates hold where asked.
    Done,
    /// An unexpected error.
    Error,
    /// A wrong command line.
    Usage,
    /// The workspace, its configuration or its data are not valid.
    Invalid,
    /// Nothing was evaluated.
    NothingEvaluated,
    /// Not finished; can be resumed.
    Incomplete,
    /// More extractor failures than the budget.
    ErrorBudget,
    /// A baseline is missing or not comparable.
    BaselineMissing,
    /// A gate failed.
    GateFailed,
    /// Interrupted by the user.
    Interrupted,
}

impl Exit {
    /// Every code with its meaning, as the documentation lists them.
    pub const ALL: [(Exit, u8, &'static str); 10] = [
        (Exit::Done, 0, "done, and gates hold where asked"),
        (Exit::Error, 1, "unexpected error"),
        (Exit::Usage, 2, "usage"),
        (Exit::Invalid, 3, "workspace, config or data invalid"),
        (Exit::NothingEvaluated, 4, "nothing was evaluated"),
        (Exit::Incomplete, 5, "incomplete, can be resumed"),
        (Exit::ErrorBudget, 6, "more extractor failures than the budget"),
        (Exit::BaselineMissing, 7, "baseline missing or not comparable"),
        (Exit::GateFailed, 100, "a gate failed"),
        (Exit::Interrupted, 130, "interrupted"),
    ];

    /// The code.
    pub fn code(self) -> u8 {
        Self::ALL.iter().find(|(exit, ..)| *exit == self).map_or(1, |(_, code, _)| *code)
    }

    /// The one to end with when several apply: the first of 130, 1, 2, 3, 5, 4, 6, 7, 100, 0.
    pub fn first(self, other: Exit) -> Exit {
        const ORDER: [Exit; 10] = [
            Exit::Interrupted,
            Exit::Error,
            Exit::Usage,
            Exit::Invalid,
            Exit::Incomplete,
            Exit::NothingEvaluated,
            Exit::ErrorBudget,
            Exit::BaselineMissing,
            Exit::GateFailed,
            Exit::Done,
        ];
        ORDER.into_iter().find(|e| *e == self || *e == other).unwrap_or(self)
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.code())
    }
}

/// An error with the code to end with.
#[derive(Debug)]
pub struct Failure {
    /// How to end.
    pub exit: Exit,
    /// What to tell the user.
    pub error: anyhow::Error,
}

impl Failure {
    /// The workspace, its configuration or its data are not valid.
    pub fn invalid(error: impl Into<anyhow::Error>) -> Failure {
        Failure { exit: Exit::Invalid, error: error.into() }
    }

    /// The command line asks for something that cannot be.
    pub fn usage(error: impl Into<anyhow::Error>) -> Failure {
        Failure { exit: Exit::Usage, error: error.into() }
    }
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Failure {
        Failure { exit: Exit::Error, error: error.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_that_applies_decides() {
        assert_eq!(Exit::NothingEvaluated.first(Exit::Incomplete), Exit::Incomplete);
        assert_eq!(Exit::Done.first(Exit::GateFailed), Exit::GateFailed);
        assert_eq!(Exit::Error.first(Exit::Interrupted), Exit::Interrupted);
        assert_eq!(Exit::ErrorBudget.first(Exit::GateFailed).code(), 6);
    }
}
