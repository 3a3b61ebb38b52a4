//! What is wrong with a file, and where: all of it at once.

use std::fmt;

/// How many problems are kept and shown; the rest is counted.
pub const SHOWN: usize = 100;

/// One thing that is wrong, with its place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problem {
    /// The file, as named by the user.
    pub file: String,
    /// Line, 1-based; 0 when the whole file is meant.
    pub line: u64,
    /// Code point of the line, 1-based, where it is known.
    pub column: Option<u64>,
    /// The article, when its id could be read.
    pub article: Option<String>,
    /// Which of the article's claims, 0-based.
    pub claim: Option<usize>,
    /// The key, when one is to blame.
    pub key: Option<String>,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ", line {}", self.line)?;
        }
        if let Some(column) = self.column {
            write!(f, ", column {column}")?;
        }
        if let Some(article) = &self.article {
            write!(f, ", article {}", shortened(article))?;
        }
        match (self.claim, &self.key) {
            (Some(claim), Some(key)) => write!(f, ", claims[{claim}].{key}")?,
            (Some(claim), None) => write!(f, ", claims[{claim}]")?,
            (None, Some(key)) => write!(f, ", {key}")?,
            (None, None) => {}
        }
        write!(f, ": {}", self.message)
    }
}

/// Everything that is wrong with a file; never empty where it is an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    shown: Vec<Problem>,
    total: usize,
}

impl Problems {
    /// Adds one; beyond [`SHOWN`] it is only counted.
    pub fn push(&mut self, problem: Problem) {
        self.total += 1;
        if self.shown.len() < SHOWN {
            self.shown.push(problem);
        }
    }

    /// The first [`SHOWN`] in the order of the file.
    pub fn shown(&self) -> &[Problem] {
        &self.shown
    }

    /// How many there are in all.
    pub fn total(&self) -> usize {
        self.total
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.total == 0
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Problems { shown: vec![problem], total: 1 }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.shown.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        match self.total - self.shown.len() {
            0 => Ok(()),
            more => write!(f, "\n… and {more} more problems in this file"),
        }
    }
}

impl std::error::Error for Problems {}

/// A text in quotes, cut where it is long, with every control and bidi character escaped.
pub(crate) fn shortened(text: &str) -> String {
    const LONGEST: usize = 80;
    match text.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("{:?}…", &text[..cut]),
        None => format!("{text:?}"),
    }
}
