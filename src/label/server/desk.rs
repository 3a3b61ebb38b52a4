//! The one thread that asks the session: edits come one after the other, and whoever waits for a lock keeps nobody else from being heard.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::JoinHandle;

use serde::Serialize;
use tokio::sync::oneshot;

use super::super::request::{EditRequest, PrefillRequest, ReadRequest};
use super::super::{Code, Refusal, Session};
use super::route::Get;

/// A question to the session.
#[derive(Debug)]
pub(super) enum Ask {
    Get(Get),
    Prefill(PrefillRequest),
    Read(ReadRequest),
    Edit(Box<EditRequest>),
    Undo,
    Redo,
}

/// An answer as JSON, or why there is none.
type Answer = Result<Vec<u8>, Refusal>;

/// Where questions are handed in.
#[derive(Debug)]
pub(super) struct Desk {
    questions: Sender<(Ask, oneshot::Sender<Answer>)>,
}

impl Desk {
    /// Opens the desk of a session. The thread ends when the desk is dropped and the last question is answered; what the user is to
    /// know comes out of the receiver.
    pub fn open(session: Session) -> std::io::Result<(Desk, JoinHandle<()>, Receiver<String>)> {
        let (told, notes) = mpsc::channel();
        let mut clerk = Clerk { session, told };
        let (desk, worker) = Desk::of(move |ask| clerk.answer(ask))?;
        Ok((desk, worker, notes))
    }

    fn of(mut answer: impl FnMut(Ask) -> Answer + Send + 'static) -> std::io::Result<(Desk, JoinHandle<()>)> {
        let (questions, asked) = mpsc::channel::<(Ask, oneshot::Sender<Answer>)>();
        let work = move || {
            for (ask, reply) in asked {
                // Whoever has gone away needs no answer; what was edited is on disk all the same.
                let _gone = reply.send(answer(ask));
            }
        };
        let worker = std::thread::Builder::new().name("label".to_owned()).spawn(work)?;
        Ok((Desk { questions }, worker))
    }

    /// The answer to a question.
    pub async fn ask(&self, ask: Ask) -> Answer {
        let (reply, answer) = oneshot::channel();
        let closed = || Refusal::new(Code::Internal, "the server is ending");
        self.questions.send((ask, reply)).map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }
}

struct Clerk {
    session: Session,
    told: Sender<String>,
}

impl Clerk {
    /// No mistake of this program ends the server; what it may have left half changed in memory is read again.
    fn answer(&mut self, ask: Ask) -> Answer {
        self.caught(|session| asked(session, ask))
    }

    fn caught(&mut self, ask: impl FnOnce(&mut Session) -> Answer) -> Answer {
        let answer = catch_unwind(AssertUnwindSafe(|| ask(&mut self.session))).unwrap_or_else(|_| {
            if let Err(error) = self.session.reopen() {
                let _nobody_listens = self.told.send(error.to_string());
            }
            Err(Refusal::new(Code::Internal, "a mistake of assay; what it said stands in the terminal. Nothing was changed by halves"))
        });
        for note in self.session.take_notes() {
            let _nobody_listens = self.told.send(note);
        }
        answer
    }
}

fn asked(session: &mut Session, ask: Ask) -> Answer {
    match ask {
        Ask::Get(Get::Workspace) => json(&session.workspace()?),
        Ask::Get(Get::Article(id)) => json(&session.article(&id)?),
        Ask::Get(Get::Tracking(request)) => json(&session.tracking(&request)?),
        Ask::Get(Get::Changes(id)) => json(&session.changes(&id)?),
        Ask::Prefill(request) => json(&session.prefill(&request)?),
        Ask::Read(request) => json(&session.read(&request)?),
        Ask::Edit(request) => json(&session.edit(&request)?),
        Ask::Undo => json(&session.undo()?),
        Ask::Redo => json(&session.redo()?),
    }
}

fn json(value: &impl Serialize) -> Answer {
    serde_json::to_vec(value).map_err(|error| Refusal::new(Code::Internal, format!("the answer cannot be written: {error}")))
}

#[cfg(test)]
mod tests {
    use super::super::super::{Mode, SessionSettings};
    use super::*;

    fn session(dir: &std::path::Path) -> Session {
        std::fs::create_dir(dir.join("articles")).unwrap();
        let files = [
            ("dataset.toml", "format = 1\nname = \"small\"\nversion = \"1\"\n"),
            ("articles.csv", "article_id,lang\nen-1,en\n"),
            ("claims.csv", "claim_id,article_id,start,end,quote,kind\n"),
            ("articles/en-1.txt", "Police held 37,000 people."),
        ];
        files.iter().for_each(|(name, text)| std::fs::write(dir.join(name), text).unwrap());
        let (root, dir) = (dir.to_owned(), dir.to_owned());
        Session::open(SessionSettings { root, dir, mode: Mode::Gold, ..SessionSettings::default() }).unwrap()
    }

    #[test]
    fn a_mistake_is_answered_and_the_next_question_too() {
        let dir = tempfile::tempdir().unwrap();
        let (told, _notes) = mpsc::channel();
        let mut clerk = Clerk { session: session(dir.path()), told };
        let caught = clerk.caught(|_| panic!("a mistake"));
        assert_eq!(caught.unwrap_err().code, Code::Internal);
        let answer = clerk.answer(Ask::Get(Get::Article("en-1".to_owned()))).unwrap();
        assert!(String::from_utf8(answer).unwrap().contains("Police held"));
    }

    #[test]
    fn what_was_handed_in_is_finished_before_the_desk_closes() {
        let (entered, was_entered) = mpsc::channel();
        let (desk, worker) = Desk::of(move |_| {
            entered.send(()).unwrap();
            Ok(b"done".to_vec())
        })
        .unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        assert_eq!(runtime.block_on(desk.ask(Ask::Undo)), Ok(b"done".to_vec()));
        // Nobody waits for this one any more.
        let (reply, _) = oneshot::channel();
        desk.questions.send((Ask::Redo, reply)).unwrap();
        drop(desk);
        worker.join().unwrap();
        assert_eq!(was_entered.iter().count(), 2);
    }
}
