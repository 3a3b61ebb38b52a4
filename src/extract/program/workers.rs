//! Threads that each work through the articles of a run.

use std::sync::atomic::{AtomicBool, Ordering};

use super::queue::Queue;
use crate::extract::answer::Answer;
use crate::extract::extractor::{Articles, ExtractError, Finished};
use crate::extract::sink::Sink;

/// What a worker works with.
pub(in crate::extract) struct Hands<'w, 'a, 'b> {
    pub queue: &'w Queue<'a, 'b>,
    pub sink: &'w dyn Sink,
    stop: &'w AtomicBool,
    /// The sink has panicked; as a stop, but nobody reads the account.
    abandoned: &'w AtomicBool,
}

impl Hands<'_, '_, '_> {
    /// Whether the user asked to stop, or nobody waits any more.
    pub(in crate::extract) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.abandoned.load(Ordering::Relaxed)
    }

    /// Gives the answer for a task.
    pub(in crate::extract) fn settle(&self, answer: Answer) {
        self.queue.settled();
        self.sink.answer(answer);
    }
}

/// Lets `work` run in so many threads, at least one.
///
/// # Errors
/// When a worker found that the run cannot begin.
pub(in crate::extract) fn share(
    workers: usize,
    articles: &mut Articles<'_>,
    sink: &dyn Sink,
    stop: &AtomicBool,
    work: impl Fn(Hands<'_, '_, '_>) + Sync,
) -> Result<Finished, ExtractError> {
    let queue = Queue::new(articles);
    let abandoned = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..workers.max(1) {
            let hands = Hands { queue: &queue, sink, stop, abandoned: &abandoned };
            scope.spawn(|| {
                // A sink that panics must not leave the other workers running: the scope waits for them.
                let _guard = SetOnPanic(&abandoned);
                work(hands);
            });
        }
    });
    queue.finish()
}

struct SetOnPanic<'a>(&'a AtomicBool);

impl Drop for SetOnPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.store(true, Ordering::Relaxed);
        }
    }
}
