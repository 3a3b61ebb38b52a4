//! One test case.

use super::xml::text;

/// How a test case came out, with its texts not yet escaped.
pub(super) enum Outcome {
    /// Nothing to say.
    Pass,
    /// It passes, with a remark in its output.
    Remark(String),
    /// Why it was not run.
    Skipped(String),
    /// It does not hold.
    Failure { kind: String, message: String, text: String },
    /// It could not be found out.
    Error { kind: String, message: String, text: String },
}

impl Outcome {
    pub(super) fn is_failure(&self) -> bool {
        matches!(self, Outcome::Failure { .. })
    }

    pub(super) fn is_error(&self) -> bool {
        matches!(self, Outcome::Error { .. })
    }

    pub(super) fn is_skipped(&self) -> bool {
        matches!(self, Outcome::Skipped(_))
    }

    /// The least important ones are left out first where there is no room.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Outcome::Failure { .. } => 0,
            Outcome::Error { .. } => 1,
            Outcome::Remark(_) => 2,
            Outcome::Skipped(_) => 3,
            Outcome::Pass => 4,
        }
    }
}

/// A test case as it is written.
pub(super) struct Case {
    pub(super) outcome: Outcome,
    pub(super) xml: String,
}

impl Case {
    /// `classname` is what GitLab shows as the suite.
    pub(super) fn new(classname: &str, name: &str, outcome: Outcome) -> Case {
        let head = format!("    <testcase classname=\"{}\" name=\"{}\"", text(classname), text(name));
        let body = match &outcome {
            Outcome::Pass => None,
            Outcome::Remark(remark) => Some(format!("<system-out>{}</system-out>", text(remark))),
            Outcome::Skipped(why) => Some(format!("<skipped>{}</skipped>", text(why))),
            Outcome::Failure { kind, message, text } => Some(problem("failure", kind, message, text)),
            Outcome::Error { kind, message, text } => Some(problem("error", kind, message, text)),
        };
        let xml = match body {
            None => format!("{head}/>\n"),
            Some(body) => format!("{head}>\n      {body}\n    </testcase>\n"),
        };
        Case { outcome, xml }
    }

    /// Elements, attributes and texts in it.
    pub(super) fn objects(&self) -> usize {
        match self.outcome {
            Outcome::Pass => 3,
            Outcome::Remark(_) | Outcome::Skipped(_) => 5,
            Outcome::Failure { .. } | Outcome::Error { .. } => 7,
        }
    }
}

/// GitLab shows the text of the element, others its message.
fn problem(element: &str, kind: &str, message: &str, body: &str) -> String {
    format!("<{element} type=\"{}\" message=\"{}\">{}</{element}>", text(kind), text(message), text(body).replace("&#10;", "\n"))
}
