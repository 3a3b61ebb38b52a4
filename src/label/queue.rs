//! What to label next.

use super::order::{Evidence, Next, QueueSettings, drawn, queue};
use super::{Mode, Session};

/// What decides which article is next.
#[derive(Clone, Debug, Default)]
pub struct Upcoming {
    /// What is known of articles that are not labelled yet.
    pub evidence: Evidence,
    /// How they are chosen.
    pub settings: QueueSettings,
}

impl Upcoming {
    /// Articles to label next, best first, each with why. In a blind pass all that the annotator has not labelled, in an order that is
    /// drawn: agreement over articles that somebody has chosen would not be that of all.
    pub(super) fn queue(&self, session: &Session) -> Vec<Next> {
        let dataset = session.dataset();
        match session.mode() {
            Mode::Gold => queue(dataset, &self.evidence, &self.settings),
            Mode::Adjudicate => Vec::new(),
            Mode::Blind => {
                let open = drawn(dataset, self.settings.seed).into_iter().filter(|id| !session.is_labelled(id));
                let why = "drawn at random, so that agreement is that of all articles";
                open.map(|id| Next { article_id: id.to_owned(), why: why.to_owned() }).collect()
            }
        }
    }
}
