//! What is wrong with a file, where, and by which rule: one finding, and the sorted list of all of them.

mod rule;

use std::collections::BTreeSet;
use std::fmt;

pub use rule::{Level, Rule};

use crate::report::safe::shown;

/// Where in a line a finding is.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// The whole line.
    #[default]
    None,
    /// The n-th character, 1-based.
    At(u32),
    /// A named column of a table.
    Named(String),
}

impl From<&str> for Column {
    fn from(name: &str) -> Self {
        if name.is_empty() { Self::None } else { Self::Named(name.to_owned()) }
    }
}

/// One finding. Ordered by file, line, column, level, rule and message.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file as the user would name it.
    pub file: String,
    /// 1-based; 0 = the file as a whole.
    pub line: u64,
    /// Where in the line.
    pub column: Column,
    /// How bad it is; always the rule's level.
    pub level: Level,
    /// The rule that found it.
    pub rule: Rule,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl Problem {
    /// A finding.
    pub fn new(file: &str, line: u64, column: impl Into<Column>, rule: Rule, message: impl Into<String>) -> Problem {
        Problem { file: file.to_owned(), line, column: column.into(), level: rule.level(), rule, message: message.into() }
    }

    /// `file:line:column`, with what is known.
    pub fn place(&self) -> String {
        let mut place = shown(&self.file).into_owned();
        // A line that begins so would be a command to some CI systems.
        if place.starts_with([':', '#']) {
            place.insert_str(0, "./");
        }
        if self.line > 0 {
            place.push_str(&format!(":{}", self.line));
        }
        match &self.column {
            Column::None => {}
            Column::At(at) => place.push_str(&format!(":{at}")),
            Column::Named(name) => place.push_str(&format!(":{}", shown(name))),
        }
        place
    }
}

impl fmt::Display for Problem {
    /// `claims.csv:4:end: error[offset]: …`, harmless for a terminal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}[{}]: {}", self.place(), self.level, self.rule, shown(&self.message))
    }
}

/// Findings, sorted and without repetition, whatever order they came in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(BTreeSet<Problem>);

impl Problems {
    /// No findings.
    pub fn new() -> Problems {
        Problems::default()
    }

    /// Adds a finding.
    pub fn push(&mut self, problem: Problem) {
        self.0.insert(problem);
    }

    /// Adds a finding by its parts.
    pub fn add(&mut self, file: &str, line: u64, column: impl Into<Column>, rule: Rule, message: impl Into<String>) {
        self.push(Problem::new(file, line, column, rule, message));
    }

    /// Adds the findings of another list.
    pub fn extend(&mut self, other: Problems) {
        self.0.extend(other.0);
    }

    /// All, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.0.iter()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many of a level.
    pub fn count(&self, level: Level) -> usize {
        self.0.iter().filter(|p| p.level == level).count()
    }

    /// Whether any finding is an error.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|p| p.level == Level::Error)
    }

    /// The findings of one level only.
    pub fn of_level(&self, level: Level) -> Problems {
        Problems(self.0.iter().filter(|p| p.level == level).cloned().collect())
    }
}

impl fmt::Display for Problems {
    /// One finding a line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// How many errors of a file are kept; the others are counted.
pub const MOST_PROBLEMS: usize = 100;

/// The errors of one file, as they come: the first [`MOST_PROBLEMS`], and how many there are.
#[derive(Clone, Debug)]
pub(crate) struct FirstProblems<'f> {
    file: &'f str,
    first: Vec<Problem>,
    count: usize,
}

impl<'f> FirstProblems<'f> {
    /// None yet.
    pub fn of(file: &'f str) -> FirstProblems<'f> {
        FirstProblems { file, first: Vec::new(), count: 0 }
    }

    /// Adds an error; its message is made only where it is kept.
    pub fn add(&mut self, line: u64, column: impl Into<Column>, rule: Rule, message: impl FnOnce() -> String) {
        self.count += 1;
        if self.first.len() < MOST_PROBLEMS {
            self.first.push(Problem::new(self.file, line, column, rule, message()));
        }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// All that were kept, and before them how many there are where that is more.
    ///
    /// # Errors
    /// Where there are any.
    pub fn finish(self) -> Result<(), Problems> {
        let mut problems = Problems::new();
        if self.count > MOST_PROBLEMS {
            let message = format!("{} problems in this file; the first {MOST_PROBLEMS} follow", self.count);
            problems.add(self.file, 0, "", Rule::Table, message);
        }
        self.first.into_iter().for_each(|problem| problems.push(problem));
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_are_sorted_once_each_and_harmless() {
        let mut problems = Problems::new();
        for (line, message) in [(7, "b"), (2, "\u{1b}[2J"), (7, "b"), (0, "a")] {
            problems.add("claims.csv", line, "end", Rule::Offset, message);
        }
        assert_eq!(
            problems.to_string(),
            "claims.csv:end: error[offset]: a\nclaims.csv:2:end: error[offset]: \\u{1b}[2J\nclaims.csv:7:end: error[offset]: b"
        );
    }
}
