//! Labelling: claims that people add, correct and confirm, on a page that this machine serves to itself.
//!
//! - [`Session`]: a dataset that is being labelled: what is there, what is suggested, what is edited; knows nothing of HTTP
//! - [`Source`], [`Suggestion`]: who suggests claims, and what
//! - [`Journal`]: what can be undone and redone, also after a restart
//! - [`Aside`]: suggestions that were decided on, so that they do not come back
//! - [`EditRequest`], [`ClaimJson`], and the other answers: what page and session say to each other
//! - [`Server`]: the server, which talks to nobody but the page
//! - [`ASSETS`]: the files of the page

mod answers;
mod aside;
mod assets;
mod claim_json;
mod journal;
mod lines;
mod prefill;
mod queue;
mod read;
mod refusal;
mod request;
mod server;
mod session;
mod source;
mod stored;
mod suggest;
mod tracking;

pub use answers::{
    ArticleAnswer, ArticleHead, ChangesAnswer, DatasetHead, EditAnswer, FieldHead, FigureJson, PrefillAnswer, Queued, ReadAnswer, StepHead,
    TrackedClaim, TrackingAnswer, TrackingResult, WorkspaceAnswer,
};
pub use aside::{Aside, Decision};
pub use assets::{ASSETS, Asset};
pub use claim_json::{ClaimJson, ClaimJsonError};
pub use journal::{Journal, Stack};
pub use queue::queue;
pub use refusal::{Code, Refusal};
pub use request::{
    AcceptRequest, DeleteRequest, EditRequest, PrefillRequest, ReadRequest, StatusRequest, SuggestionRequest, TrackingRequest,
};
pub use server::{Server, ServerError};
pub use session::{Mode, Session, SessionSettings};
pub use source::Source;
pub use suggest::Suggestion;
