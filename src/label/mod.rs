//! Labelling: claims that people add, correct and confirm, on a page that this machine serves to itself.
//!
//! - [`Session`]: a dataset that is being labelled: what is there, what is suggested, what is edited; knows nothing of HTTP
//! - [`Source`], [`Suggestion`]: who suggests claims, and what
//! - [`Journal`]: what can be undone and redone, also after a restart
//! - [`Aside`]: suggestions that were decided on, so that they do not come back
//! - [`EditRequest`], [`ClaimJson`], and the other answers: what page and session say to each other
//! - [`Upcoming`]: which article is next
//! - [`Server`]: the server, which talks to nobody but the page
//! - [`ASSETS`]: the files of the page
//! - [`NewClaim`], [`At`]: a claim as somebody writes it down, its place still to be found
//! - [`words()`], [`unmarked`], [`claim_files`]: the ways to write it: `FIELD=VALUE`, marks in the text, files
//! - [`place()`]: its one place, or all there are
//! - [`Drafts`], [`Drafted`]: its row, with what the rules read there filled in and unconfirmed
//! - [`doubts()`]: what speaks against a claim that is confirmed as it is
//! - [`status()`]: what the labels of an article are worth afterwards
//! - [`order`]: what to look at next, and why
//! - [`review`]: deciding about what a run and the gold do not agree on

mod answers;
mod aside;
mod assets;
pub mod claim_files;
mod claim_json;
mod doubts;
mod draft;
mod journal;
mod lines;
mod marks;
mod new_claim;
pub mod order;
mod place;
mod prefill;
mod queue;
mod read;
mod refusal;
mod request;
pub mod review;
mod server;
mod session;
mod source;
mod status;
mod stored;
mod suggest;
mod tracking;
mod words;

pub use answers::{
    ArticleAnswer, ArticleHead, ChangesAnswer, DatasetHead, EditAnswer, FieldHead, FigureJson, PrefillAnswer, Queued, ReadAnswer, StepHead,
    TrackedClaim, TrackingAnswer, TrackingResult, WorkspaceAnswer,
};
pub use aside::{Aside, Decision};
pub use assets::{ASSETS, Asset};
pub use claim_json::{ClaimJson, ClaimJsonError};
pub use doubts::doubts;
pub use draft::{Drafted, Drafts, KIND, Whose};
pub use journal::{Journal, Stack};
pub use marks::{Mark, Marked, looks_marked, unmarked};
pub use new_claim::{At, NewClaim};
pub use place::{FRAGMENT_GAP, Placed, place};
pub use queue::Upcoming;
pub use refusal::{Code, Refusal};
pub use request::{
    AcceptRequest, DeleteRequest, EditRequest, PrefillRequest, ReadRequest, StatusRequest, SuggestionRequest, TrackingRequest,
};
pub use server::{Server, ServerError};
pub use session::{Mode, Session, SessionSettings};
pub use source::Source;
pub use status::{Labels, Says, status};
pub use suggest::Suggestion;
pub use words::{Word, quote_and_words, word, words};
