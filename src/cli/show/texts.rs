//! The texts that claims are shown in.

use std::cell::RefCell;
use std::collections::BTreeSet;

use crate::dataset::Dataset;
use crate::report::safe::shown;
use crate::runs::{Item, OutcomeRow, SideName};
use crate::workspace::Workspace;

use super::super::exit::Failure;
use super::super::terminal::Terminal;
use super::Args;

/// The texts of the workspace's dataset, as far as they can be read.
#[derive(Default)]
pub(super) struct Texts {
    dataset: Option<Dataset>,
    /// Articles that the user was told about.
    changed: RefCell<BTreeSet<String>>,
}

impl Texts {
    /// Loads them where they are needed. Without them claims are shown by their quotes, and the user is told.
    pub fn load(workspace: Option<&Workspace>, terminal: &mut Terminal<'_>, args: &Args) -> Result<Texts, Failure> {
        if args.json || !args.by.is_empty() {
            return Ok(Texts::default());
        }
        let Some(workspace) = workspace else { return Ok(Texts::default()) };
        match workspace.dataset() {
            Ok(dataset) => Ok(Texts { dataset: Some(dataset), ..Texts::default() }),
            Err(_) => {
                writeln!(terminal.err, "warning: the dataset cannot be read, so that texts are not shown; `assay lint` says why")?;
                Ok(Texts::default())
            }
        }
    }

    fn of(&self, article_id: &str) -> Option<&str> {
        self.dataset.as_ref()?.article(article_id).map(|record| &*record.article.text)
    }

    /// The text, unless gold claims of the run stand elsewhere in it: then it was changed since.
    pub fn unchanged<'a>(&'a self, article_id: &str, items: &[Item<'_>], terminal: &mut Terminal<'_>) -> Result<Option<&'a str>, Failure> {
        let Some(text) = self.of(article_id) else { return Ok(None) };
        let length = text.chars().count();
        let holds = |row: &OutcomeRow| match (row.start, row.end) {
            (Some(start), Some(end))
                if row.side == SideName::Gold && !row.quote.is_empty() && row.fragments == format!("{start}-{end}") =>
            {
                text.chars().skip(start as usize).take((end - start) as usize).eq(row.quote.chars())
            }
            (_, Some(end)) => end as usize <= length,
            _ => true,
        };
        if items.iter().flat_map(|i| [i.gold, i.predicted]).flatten().all(holds) {
            return Ok(Some(text));
        }
        if self.changed.borrow_mut().insert(article_id.to_owned()) {
            writeln!(
                terminal.err,
                "warning: the text of {} was changed after the run; its claims are shown by their quotes",
                shown(article_id)
            )?;
        }
        Ok(None)
    }
}
