//! Undo and redo, over all articles in the order of the edits.

use super::super::journal::Step;
use super::super::stored::StoredEdit;
use super::super::{Code, EditAnswer, Refusal, Stack};
use super::Session;
use super::edits::Change;
use crate::dataset::edit::EditError;

impl Session {
    /// Takes the last edit back.
    ///
    /// # Errors
    /// When there is none, or it does not fit the files any more: then it is dropped, and the one before is next. When a file cannot be
    /// written it stays.
    pub fn undo(&mut self) -> Result<EditAnswer, Refusal> {
        self.step(Stack::Undo)
    }

    /// Makes the edit again that was taken back last.
    ///
    /// # Errors
    /// As [`Session::undo`].
    pub fn redo(&mut self) -> Result<EditAnswer, Refusal> {
        self.step(Stack::Redo)
    }

    fn step(&mut self, from: Stack) -> Result<EditAnswer, Refusal> {
        self.refresh()?;
        let Some(step) = self.journal.last(from).cloned() else {
            return Err(Refusal::invalid(if from == Stack::Undo { "there is nothing to undo" } else { "there is nothing to redo" }));
        };
        let Step { what, article_id, edit, aside } = step;
        let made = match edit.edit() {
            Some(edit) => self.write(Change { what: what.clone(), edit, aside }),
            None => Err(EditError::Refused("its line in the journal was changed".to_owned())),
        };
        match made {
            Ok((edited, aside)) => {
                let inverse = Step { what, article_id: article_id.clone(), edit: StoredEdit::of(&edited.inverse), aside };
                let noted = self.journal.made(from, inverse);
                self.note_journal(noted);
                let answer = self.answer(&article_id, edited.put)?;
                Ok(EditAnswer { article_id: Some(article_id), ..answer })
            }
            Err(error @ (EditError::RowNotValid(_) | EditError::NoArticle(_) | EditError::Obstacle(_) | EditError::File { .. })) => {
                Err(self.refusal(error))
            }
            Err(error) => {
                let noted = self.journal.dropped(from);
                self.note_journal(noted);
                let refusal = self.refusal(error);
                let word = if from == Stack::Undo { "undone" } else { "done again" };
                let message = format!("“{what}” cannot be {word} any more: {}", refusal.message);
                Err(Refusal { code: Code::Conflict, message, ..refusal }.with("article_id", &article_id))
            }
        }
    }
}
