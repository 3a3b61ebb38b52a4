//! What can be undone and redone: a line a step in `.assay/label/`, so that a reload or a restart takes nothing away.
//!
//! A line is added after its edit was written. When the program dies between the two, that edit cannot be undone; nothing else is lost. A
//! step that does not fit the files any more, because somebody else has changed the same row, is found out when it is reached: every step
//! names the versions of the rows that it is about.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::StepHead;
use super::aside::AsideLine;
use super::lines::LineFile;
use super::stored::StoredEdit;
use crate::files::FileError;

/// Steps that can be undone.
const MOST_STEPS: usize = 1000;
/// Lines at which the file is written anew, with what can still be undone and redone.
const MOST_LINES: usize = 4 * MOST_STEPS;

/// A step: what it does to the dataset and to suggestions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Step {
    /// In words, the same for doing and for taking back.
    pub what: String,
    /// The article that it is about.
    pub article_id: String,
    /// What is written.
    pub edit: StoredEdit,
    /// What is decided on suggestions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aside: Vec<AsideLine>,
}

/// Where a step waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stack {
    /// It takes an edit back.
    Undo,
    /// It does an edit again.
    Redo,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum JournalLine {
    /// An edit was made; the step takes it back.
    Edit(Step),
    /// The last step was taken from a stack and made; the step that reverses it goes to the other one.
    Made(Stack, Step),
    /// The last step of a stack does not fit any more.
    Dropped(Stack),
    /// A step that waits; in a file that was written anew.
    Waits(Stack, Step),
}

/// The steps that can be undone and redone.
#[derive(Debug)]
pub struct Journal {
    file: LineFile,
    steps: Steps,
    lines: usize,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Steps {
    undo: Vec<Step>,
    redo: Vec<Step>,
}

impl Steps {
    fn stack(&mut self, stack: Stack) -> &mut Vec<Step> {
        match stack {
            Stack::Undo => &mut self.undo,
            Stack::Redo => &mut self.redo,
        }
    }

    fn take(&mut self, line: JournalLine) {
        match line {
            JournalLine::Edit(step) => {
                self.redo.clear();
                self.undo.push(step);
            }
            JournalLine::Made(from, step) => {
                self.stack(from).pop();
                self.stack(from.other()).push(step);
            }
            JournalLine::Dropped(from) => _ = self.stack(from).pop(),
            JournalLine::Waits(on, step) => self.stack(on).push(step),
        }
        let over = self.undo.len().saturating_sub(MOST_STEPS);
        self.undo.drain(..over);
    }
}

impl Stack {
    fn other(self) -> Stack {
        match self {
            Stack::Undo => Stack::Redo,
            Stack::Redo => Stack::Undo,
        }
    }
}

impl Journal {
    /// The journal of that name below `root`. What is wrong with it goes to `notes`: the steps before a damaged line cannot be made.
    pub(super) fn open(root: &Path, name: &str, notes: &mut Vec<String>) -> Journal {
        let mut journal = Journal { file: LineFile::new(root, name), steps: Steps::default(), lines: 0 };
        journal.read(notes);
        journal
    }

    /// What the last step on a stack would do.
    pub fn head(&self, stack: Stack) -> Option<StepHead> {
        self.last(stack).map(|step| StepHead { what: step.what.clone(), article_id: step.article_id.clone() })
    }

    /// The last step on a stack.
    pub(super) fn last(&self, stack: Stack) -> Option<&Step> {
        match stack {
            Stack::Undo => self.steps.undo.last(),
            Stack::Redo => self.steps.redo.last(),
        }
    }

    /// Takes over what another process has noted.
    pub(super) fn refresh(&mut self, notes: &mut Vec<String>) {
        if self.file.has_changed() {
            self.read(notes);
        }
    }

    /// Notes an edit by the step that takes it back.
    pub(super) fn edited(&mut self, inverse: Step) -> Result<(), FileError> {
        self.note(JournalLine::Edit(inverse))
    }

    /// Notes that the last step of a stack was made, by the step that reverses it.
    pub(super) fn made(&mut self, from: Stack, inverse: Step) -> Result<(), FileError> {
        self.note(JournalLine::Made(from, inverse))
    }

    /// Notes that the last step of a stack does not fit any more.
    pub(super) fn dropped(&mut self, from: Stack) -> Result<(), FileError> {
        self.note(JournalLine::Dropped(from))
    }

    fn note(&mut self, line: JournalLine) -> Result<(), FileError> {
        self.steps.take(line.clone());
        self.lines += 1;
        if self.lines <= MOST_LINES {
            return self.file.append(&line);
        }
        let undo = self.steps.undo.iter().map(|step| JournalLine::Waits(Stack::Undo, step.clone()));
        let redo = self.steps.redo.iter().map(|step| JournalLine::Waits(Stack::Redo, step.clone()));
        self.lines = self.steps.undo.len() + self.steps.redo.len();
        self.file.rewrite(undo.chain(redo))
    }

    fn read(&mut self, notes: &mut Vec<String>) {
        self.steps = Steps::default();
        let lines = self.file.read::<JournalLine>().unwrap_or_else(|error| {
            notes.push(format!("{}: {error}; what was edited before cannot be undone", self.file.shown()));
            Vec::new()
        });
        self.lines = lines.len();
        for (at, line) in lines.into_iter().enumerate() {
            match line {
                Ok(line) => self.steps.take(line),
                Err(error) => {
                    notes.push(format!("{}:{}: {error}; what was edited before this line cannot be undone", self.file.shown(), at + 1));
                    self.steps = Steps::default();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(what: &str) -> Step {
        Step { what: what.to_owned(), article_id: "a".to_owned(), edit: StoredEdit::default(), aside: Vec::new() }
    }

    fn open(dir: &tempfile::TempDir) -> Journal {
        let mut notes = Vec::new();
        let journal = Journal::open(dir.path(), "x-gold", &mut notes);
        assert_eq!(notes, Vec::<String>::new());
        journal
    }

    fn heads(journal: &Journal) -> [Option<String>; 2] {
        [Stack::Undo, Stack::Redo].map(|stack| journal.head(stack).map(|head| head.what))
    }

    #[test]
    fn steps_are_there_after_a_restart() {
        let dir = tempfile::tempdir().unwrap();
        let mut journal = open(&dir);
        journal.edited(step("one")).unwrap();
        journal.edited(step("two")).unwrap();
        journal.made(Stack::Undo, step("two")).unwrap();
        let expected = [Some("one".to_owned()), Some("two".to_owned())];
        assert_eq!((heads(&journal), heads(&open(&dir))), (expected.clone(), expected));

        // Another process goes on, and this one hears of it.
        let mut other = open(&dir);
        other.made(Stack::Redo, step("two")).unwrap();
        other.edited(step("three")).unwrap();
        journal.refresh(&mut Vec::new());
        assert_eq!(heads(&journal), [Some("three".to_owned()), None]);
        journal.dropped(Stack::Undo).unwrap();
        assert_eq!(heads(&open(&dir)), [Some("two".to_owned()), None]);
    }

    #[test]
    fn it_does_not_grow_without_end() {
        let dir = tempfile::tempdir().unwrap();
        let mut journal = open(&dir);
        (0..=MOST_LINES).for_each(|i| journal.edited(step(&i.to_string())).unwrap());
        let path = dir.path().join(".assay/label/x-gold.jsonl");
        assert_eq!(std::fs::read_to_string(path).unwrap().lines().count(), MOST_STEPS);
        assert_eq!(open(&dir).steps, journal.steps);
        assert_eq!(heads(&journal)[0], Some(MOST_LINES.to_string()));
    }

    #[test]
    fn what_stands_before_a_damaged_line_is_not_made() {
        let dir = tempfile::tempdir().unwrap();
        let mut journal = open(&dir);
        journal.edited(step("one")).unwrap();
        let path = dir.path().join(".assay/label/x-gold.jsonl");
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("{text}<<<<<<< ours\n{}", text.replace("one", "two"))).unwrap();
        let mut notes = Vec::new();
        let journal = Journal::open(dir.path(), "x-gold", &mut notes);
        assert_eq!(journal.steps.undo, [step("two")]);
        assert!(notes[0].contains("x-gold.jsonl:2: "), "{notes:?}");
    }
}
