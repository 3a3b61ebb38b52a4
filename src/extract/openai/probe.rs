//! One article, with all that goes over the wire.

use super::asking::Exchanged;
use crate::extract::Answer;

/// What was sent about an article in the last try, what came back, and what was made of it. The key is in none of it; texts are as they
/// came, and have to be made harmless for whatever shows them.
#[derive(Clone, Debug, PartialEq)]
pub struct Exchange {
    /// Where the request went.
    pub url: String,
    /// Headers that were sent; the key is replaced.
    pub request_headers: Vec<(String, String)>,
    /// JSON.
    pub request_body: String,
    /// Of the response; `None` when none came.
    pub status: Option<u16>,
    /// Of the response, names in lower case.
    pub response_headers: Vec<(String, String)>,
    /// Decompressed; only the beginning of one that is damaged or too large.
    pub response_body: String,
    /// Why there is no response, or why its body was not used.
    pub problem: Option<String>,
    /// Why nothing is asked any more, where that is so: every article would fail.
    pub ends_run: Option<String>,
    /// What was made of it; `None` where the run would end.
    pub answer: Option<Answer>,
    /// What a run would note beside its answers.
    pub notes: Vec<String>,
}

impl Exchange {
    /// Fills in what went over the wire.
    pub(super) fn take(&mut self, exchanged: Exchanged) {
        self.request_body = String::from_utf8_lossy(&exchanged.body).into_owned();
        match exchanged.reply {
            Ok(reply) => {
                self.status = Some(reply.status);
                self.response_headers = reply.headers;
                self.response_body = reply.body;
                self.problem = reply.flaw.map(|flaw| flaw.why);
            }
            Err(broken) => self.problem = Some(if broken.why.is_empty() { "no answer in time".to_owned() } else { broken.why }),
        }
    }
}
