//! The one interface of every extractor.

use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::{Answer, Exchange, Sink};
use crate::claim::Article;

/// How an extractor writes numbers in its fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Numbers {
    /// As canonical decimals, whatever the language of the article.
    #[default]
    Canonical,
    /// As the article's language writes them.
    Local,
}

impl Numbers {
    /// The name in settings and signatures.
    pub fn name(self) -> &'static str {
        match self {
            Self::Canonical => "canonical",
            Self::Local => "local",
        }
    }
}

/// The articles of a run, taken one after the other. `Send`, because extractors take from it in their own threads.
pub type Articles<'a> = dyn Iterator<Item = Article> + Send + 'a;

/// A program, prompt or file that reads articles and answers claims.
pub trait Extractor: Send {
    /// Answers the articles, in any order.
    ///
    /// Every article of the stream either gets exactly one [`Answer`] in `sink`, or stands in
    /// [`Finished::unanswered`]. A true `stop` lets nothing new be sent and ends the work when what is in flight is answered or out of
    /// time; the rest is unanswered.
    ///
    /// # Errors
    /// When the run cannot begin at all (no such program, an unreadable file, a bad hello). What goes wrong with single
    /// articles is an answer, not an error.
    fn extract(&mut self, articles: &mut Articles<'_>, sink: &dyn Sink, stop: &AtomicBool) -> Result<Finished, ExtractError>;

    /// Asks about one article, and shows all that goes over on the way. Of extractors that are part of Assay nothing does.
    ///
    /// # Errors
    /// As [`Extractor::extract`].
    fn probe(&mut self, article: &Article, stop: &AtomicBool) -> Result<Exchange, ExtractError> {
        let answers = Mutex::new(Vec::<Answer>::new());
        let finished = self.extract(&mut std::iter::once(article.clone()), &answers, stop)?;
        let answer = answers.into_inner().unwrap_or_else(PoisonError::into_inner).pop();
        Ok(Exchange { parts: Vec::new(), answer, finished })
    }

    /// What asking about an article will take, before it is asked; nothing where it is not paid for.
    fn estimate(&self, _article: &Article) -> Option<Estimate> {
        None
    }

    /// What is sent for an article, as bytes: its answer depends on these and on what identifies the extractor. One entry for each
    /// way of asking, the preferred one first; [`Answer::way`] says which one was taken. Most extractors have one way, and send the
    /// whole article.
    fn sent(&self, article: &Article) -> Vec<Vec<u8>> {
        // Text and ids are always JSON.
        vec![serde_json::to_vec(article).unwrap_or_default()]
    }
}

/// What asking about an article will take, before it is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Estimate {
    /// Tokens that are sent, about.
    pub input_tokens: u64,
    /// What they cost, about, where there is a price; the answer comes on top.
    pub input_cost: Option<f64>,
    /// What it costs with the longest answer, where there are a price and a limit. As much an estimate as the tokens are, and no upper
    /// bound: further tries come on top.
    pub most_cost: Option<f64>,
}

/// How a run over a stream of articles ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Finished {
    /// Ids of the articles without an answer, sorted. Not failures: the run can go on from here.
    pub unanswered: Vec<String>,
    /// Why there are unanswered articles.
    pub incomplete: Option<String>,
    /// The name that the extractor gives itself.
    pub name: Option<String>,
    /// The version that the extractor gives itself.
    pub version: Option<String>,
    /// How it writes numbers, when it says so.
    pub numbers: Option<Numbers>,
    /// What the user should know beside the answers, each note once.
    pub notes: Vec<String>,
    /// Why answers could not be kept on the disk; the run was stopped then.
    pub not_kept: Option<String>,
    /// The end of what the extractor wrote to its error output, as text.
    pub stderr_tail: String,
}

/// Why a run could not begin.
#[derive(Debug, thiserror::Error)]
pub enum ExtractError {
    /// The program could not be started.
    #[error("cannot start {command}: {source}{}", hint_for(.source))]
    Start {
        /// The command as one line.
        command: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// No program is named.
    #[error("the command is empty; write it as a list, such as [\"python3\", \"extractor.py\"]")]
    EmptyCommand,
    /// The program's first line announces something that does not exist.
    #[error("the ready line of {command} is not usable: {problem}")]
    Ready {
        /// The command as one line.
        command: String,
        /// What is wrong, and what would be right.
        problem: String,
    },
    /// A file of predictions cannot be used; all that is wrong with it.
    #[error(transparent)]
    Predictions(#[from] crate::problem::Problems),
    /// A file cannot be read.
    #[error("cannot read {file}: {source}")]
    Read {
        /// The file, as named by the user.
        file: String,
        /// What the system says.
        source: Box<crate::files::FileError>,
    },
    /// There is no key for the endpoint.
    #[error(transparent)]
    Key(#[from] super::openai::KeyError),
    /// The system failed the supervisor itself.
    #[error("cannot supervise the extractor: {0}")]
    System(#[from] std::io::Error),
}

fn hint_for(error: &std::io::Error) -> &'static str {
    match error.kind() {
        std::io::ErrorKind::NotFound => "; is it installed, and is the path relative to the workspace?",
        std::io::ErrorKind::PermissionDenied => "; is the file executable?",
        _ => "",
    }
}
