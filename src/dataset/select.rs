//! Which articles of a dataset are meant: a split and `column=value` conditions.

use std::collections::BTreeSet;
use std::str::FromStr;

use crate::claim::nearest;
use crate::report::safe::quoted;

use super::{ArticleRecord, Dataset};

/// A choice of articles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Name of a split; empty or `all` = every article.
    pub split: String,
    /// Column and value that an article must have; all must hold. For `tags`, one of the tags.
    pub conditions: Vec<(String, String)>,
}

/// Why a selection means nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SelectError {
    /// Not `column=value`.
    #[error("{} is no condition; write column=value, such as lang=id", quoted(.0, 60))]
    Grammar(String),
    /// No such column.
    #[error("no column {} in articles.csv{}; columns are {}", quoted(.name, 40), .near, .columns)]
    Column {
        /// As written.
        name: String,
        /// A guess.
        near: String,
        /// Those there are.
        columns: String,
    },
    /// The column never has that value.
    #[error("no article has {}={}{}; values are {}", .column, quoted(.value, 40), .near, .values)]
    Value {
        /// The column.
        column: String,
        /// As written.
        value: String,
        /// A guess.
        near: String,
        /// Those there are, at most 20.
        values: String,
    },
    /// Each condition holds somewhere, and all together nowhere.
    #[error("no article meets all of the conditions")]
    Nothing,
}

impl Selection {
    /// A selection by a split and conditions written `column=value`.
    ///
    /// # Errors
    /// When a condition is not of that form.
    pub fn new(split: &str, conditions: &[String]) -> Result<Selection, SelectError> {
        let conditions = conditions.iter().map(|c| match c.split_once('=') {
            Some((column, value)) if !column.trim().is_empty() => Ok((column.trim().to_owned(), value.trim().to_owned())),
            _ => Err(SelectError::Grammar(c.clone())),
        });
        Ok(Selection { split: split.to_owned(), conditions: conditions.collect::<Result<_, _>>()? })
    }

    /// Each condition as `column=value`, sorted, once. All must hold, so that their order and repetition mean nothing.
    pub fn words(&self) -> Vec<String> {
        let words: BTreeSet<String> = self.all_conditions().iter().map(|(column, value)| format!("{column}={value}")).collect();
        words.into_iter().collect()
    }

    fn all_conditions(&self) -> Vec<(&str, &str)> {
        let split = (!self.split.is_empty() && self.split != "all").then_some(("split", self.split.as_str()));
        split.into_iter().chain(self.conditions.iter().map(|(c, v)| (c.as_str(), v.as_str()))).collect()
    }
}

impl FromStr for Selection {
    type Err = SelectError;

    fn from_str(condition: &str) -> Result<Self, SelectError> {
        Selection::new("", &[condition.to_owned()])
    }
}

impl Dataset {
    /// The articles that a selection means, in canonical order.
    ///
    /// # Errors
    /// When a column is unknown, a value never occurs, or no article is left.
    pub fn select(&self, selection: &Selection) -> Result<Vec<&ArticleRecord>, SelectError> {
        let conditions = selection.all_conditions();
        for (column, value) in &conditions {
            self.check_condition(column, value)?;
        }
        let meets = |record: &ArticleRecord| {
            conditions.iter().all(|(column, value)| record.slice_values(column).is_some_and(|values| values.iter().any(|v| v == value)))
        };
        let chosen: Vec<&ArticleRecord> = self.articles.iter().filter(|r| meets(r)).collect();
        if chosen.is_empty() && !conditions.is_empty() { Err(SelectError::Nothing) } else { Ok(chosen) }
    }

    fn check_condition(&self, column: &str, value: &str) -> Result<(), SelectError> {
        let near = |written: &str, of: &mut dyn Iterator<Item = &str>| {
            nearest(written, of).map(|n| format!("; did you mean {n}?")).unwrap_or_default()
        };
        let values: Option<BTreeSet<_>> =
            self.articles.iter().map(|r| r.slice_values(column)).collect::<Option<Vec<_>>>().map(|v| v.into_iter().flatten().collect());
        let Some(values) = values else {
            let columns = self.slice_columns();
            return Err(SelectError::Column {
                name: column.to_owned(),
                near: near(column, &mut columns.iter().copied()),
                columns: columns.join(", "),
            });
        };
        if values.iter().any(|v| v == value) {
            return Ok(());
        }
        let listed: Vec<&str> = values.iter().take(20).map(|v| v.as_ref()).collect();
        Err(SelectError::Value {
            column: column.to_owned(),
            value: value.to_owned(),
            near: near(value, &mut values.iter().map(|v| v.as_ref())),
            values: if listed.is_empty() { "none at all".to_owned() } else { listed.join(", ") },
        })
    }
}
