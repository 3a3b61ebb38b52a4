//! Articles out, answers in, with a sign of life on the way.

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::anyhow;

use super::plan::Plan;
use crate::cli::exit::Failure;
use crate::cli::terminal::{Progress, Terminal};
use crate::extract::{Answer, Extractor, Finished, OutcomeClass, Sink};

/// Between two looks at how far a run is.
const TICK: Duration = Duration::from_millis(100);

/// The answers of a run so far.
#[derive(Default)]
struct Collected {
    answers: Mutex<Vec<Answer>>,
    count: AtomicUsize,
    failed: AtomicUsize,
}

impl Sink for Collected {
    fn answer(&self, answer: Answer) {
        self.failed.fetch_add(usize::from(answer.outcome.class() == OutcomeClass::Failed), Ordering::Relaxed);
        self.count.fetch_add(1, Ordering::Relaxed);
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).push(answer);
    }
}

impl Plan<'_> {
    /// Sends the articles and takes the answers, by article id.
    pub fn collect(&self, who: &str, program: &mut dyn Extractor, terminal: &mut Terminal<'_>) -> Result<(Vec<Answer>, Finished), Failure> {
        let collected = Collected::default();
        let mut articles = self.articles.iter().map(|record| record.article.clone());
        let stop = std::sync::Arc::clone(&terminal.stop);
        let (over, ended) = channel::<()>();
        let (shown, err) = (Progress::new(who, self.articles.len(), terminal.progress), &mut *terminal.err);
        let finished = std::thread::scope(|scope| {
            let collected = &collected;
            scope.spawn(move || show(shown, collected, err, &ended));
            // The extractor keeps this thread, whose pool it may use. The sender goes however it ends.
            let _over = over;
            program.extract(&mut articles, collected, &stop)
        });
        let finished = finished.map_err(|error| Failure::invalid(anyhow!("extractor {who}: {error}")))?;
        let mut answers = collected.answers.into_inner().unwrap_or_else(PoisonError::into_inner);
        answers.sort_by(|a, b| a.article_id.cmp(&b.article_id));
        Ok((answers, finished))
    }
}

/// Shows how far the run is until it is over. Progress that cannot be shown is no reason to lose a run.
fn show(mut progress: Progress, collected: &Collected, err: &mut (dyn Write + Send), ended: &std::sync::mpsc::Receiver<()>) {
    while ended.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
        let _ = progress.show(err, collected.count.load(Ordering::Relaxed), collected.failed.load(Ordering::Relaxed));
    }
    let _ = progress.clear(err);
}
