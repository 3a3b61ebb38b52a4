//! Suggestions that were decided on. They are known by what they say, so that the same suggestion of a later run does not come back.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::lines::LineFile;
use super::review::Content;
use super::suggest::Suggestion;
use crate::files::FileError;

/// What was decided on a suggestion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// It is no claim.
    Rejected,
    /// It became a claim.
    Accepted,
    /// Nothing: it is suggested again.
    Open,
}

/// A decision with what it is about, for people who read the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct AsideLine {
    pub article_id: String,
    /// The id of the suggestion, which is made of its content.
    pub id: String,
    pub decision: Decision,
    pub fragments: Vec<[u32; 2]>,
    pub quote: String,
    pub kind: String,
    pub fields: BTreeMap<String, Option<String>>,
}

impl AsideLine {
    pub fn of(article_id: &str, suggestion: &Suggestion, decision: Decision) -> AsideLine {
        AsideLine {
            article_id: article_id.to_owned(),
            id: suggestion.id.clone(),
            decision,
            fragments: suggestion.fragments.clone(),
            quote: suggestion.quote.clone(),
            kind: suggestion.kind.clone(),
            fields: suggestion.fields.clone(),
        }
    }
}

/// What was decided on suggestions, in a file of its own.
#[derive(Debug)]
pub struct Aside {
    file: LineFile,
    /// By article and id; none is open.
    decided: BTreeMap<(String, String), AsideLine>,
    lines: usize,
}

impl Aside {
    /// The decisions of that name below `root`. Damaged lines are left out, which `notes` gets to hear.
    pub(super) fn open(root: &Path, name: &str, notes: &mut Vec<String>) -> Aside {
        let mut aside = Aside { file: LineFile::new(root, &format!("{name}-rejected")), decided: BTreeMap::new(), lines: 0 };
        aside.read(notes);
        aside
    }

    /// What was decided on a suggestion of an article.
    pub fn decision(&self, article_id: &str, id: &str) -> Decision {
        self.line(article_id, id).map_or(Decision::Open, |line| line.decision)
    }

    /// The suggestions that were rejected, by what they say.
    pub(super) fn rejected(&self) -> impl Iterator<Item = Content> {
        let rejected = self.decided.values().filter(|line| line.decision == Decision::Rejected);
        rejected.map(|line| Content::of_suggestion(&line.article_id, &line.fragments, &line.quote, &line.kind, &line.fields))
    }

    pub(super) fn line(&self, article_id: &str, id: &str) -> Option<&AsideLine> {
        self.decided.get(&(article_id.to_owned(), id.to_owned()))
    }

    /// Takes over what another process has decided.
    pub(super) fn refresh(&mut self, notes: &mut Vec<String>) {
        if self.file.has_changed() {
            self.read(notes);
        }
    }

    /// Notes a decision; the one that takes it back.
    pub(super) fn decide(&mut self, line: &AsideLine) -> Result<AsideLine, FileError> {
        let before = AsideLine { decision: self.decision(&line.article_id, &line.id), ..line.clone() };
        self.take(line.clone());
        self.lines += 1;
        if self.lines > 2 * self.decided.len() + 1000 {
            self.lines = self.decided.len();
            self.file.rewrite(self.decided.values())?;
        } else {
            self.file.append(line)?;
        }
        Ok(before)
    }

    fn take(&mut self, line: AsideLine) {
        let key = (line.article_id.clone(), line.id.clone());
        if line.decision == Decision::Open {
            self.decided.remove(&key);
        } else {
            self.decided.insert(key, line);
        }
    }

    fn read(&mut self, notes: &mut Vec<String>) {
        self.decided.clear();
        let lines = self.file.read::<AsideLine>().unwrap_or_else(|error| {
            notes.push(format!("{}: {error}; suggestions that were rejected come back", self.file.shown()));
            Vec::new()
        });
        self.lines = lines.len();
        for (at, line) in lines.into_iter().enumerate() {
            match line {
                Ok(line) => self.take(line),
                Err(error) => notes.push(format!("{}:{}: {error}; this line is left out", self.file.shown(), at + 1)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(id: &str, decision: Decision) -> AsideLine {
        AsideLine {
            article_id: "a".to_owned(),
            id: id.to_owned(),
            decision,
            fragments: vec![[0, 1]],
            quote: "3".to_owned(),
            kind: String::new(),
            fields: BTreeMap::new(),
        }
    }

    #[test]
    fn decisions_stay_and_can_be_taken_back() {
        let dir = tempfile::tempdir().unwrap();
        let mut notes = Vec::new();
        let mut aside = Aside::open(dir.path(), "x-gold", &mut notes);
        let back = aside.decide(&line("s1", Decision::Rejected)).unwrap();
        aside.decide(&line("s2", Decision::Accepted)).unwrap();
        let again = Aside::open(dir.path(), "x-gold", &mut notes);
        assert_eq!(["s1", "s2", "s3"].map(|id| again.decision("a", id)), [Decision::Rejected, Decision::Accepted, Decision::Open]);
        assert_eq!(again.decision("b", "s1"), Decision::Open);
        aside.decide(&back).unwrap();
        assert_eq!(Aside::open(dir.path(), "x-gold", &mut notes).decision("a", "s1"), Decision::Open);
        assert!(notes.is_empty());
    }
}
