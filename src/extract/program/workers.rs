//! Threads that each work through the articles of a run.

use std::sync::atomic::{AtomicBool, Ordering};

use super::programs::Programs;
use super::queue::Queue;
use super::secrets::Secrets;
use super::settings::ProgramSettings;
use crate::extract::answer::Answer;
use crate::extract::extractor::{Articles, ExtractError, Finished};
use crate::extract::sink::Sink;

/// What a worker works with.
pub(in crate::extract) struct Hands<'w, 'a, 'b> {
    pub queue: &'w Queue<'a, 'b>,
    pub sink: &'w dyn Sink,
    programs: &'w Programs,
    secrets: &'w Secrets,
    stop: &'w AtomicBool,
    /// The sink has panicked; as a stop, but nobody reads the account.
    abandoned: &'w AtomicBool,
}

impl Hands<'_, '_, '_> {
    /// Whether nothing new is to be begun.
    pub(in crate::extract) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.is_given_up()
    }

    /// Whether what is in flight is not waited for either.
    pub(in crate::extract) fn is_given_up(&self) -> bool {
        self.programs.is_given_up() || self.abandoned.load(Ordering::Relaxed)
    }

    /// Tells the queue when the run is to stop.
    pub(in crate::extract) fn heed(&self) {
        if self.is_given_up() {
            self.queue.stop("interrupted");
        } else if self.is_stopped() {
            self.queue.finish_held("interrupted");
        }
    }

    /// Gives the answer for a task.
    pub(in crate::extract) fn settle(&self, answer: Answer) {
        self.queue.settled();
        self.sink.answer(self.secrets.cleaned(answer));
    }
}

/// Lets `work` run in as many threads as the settings have workers, at least one.
///
/// # Errors
/// When a worker found that the run cannot begin.
pub(in crate::extract) fn share(
    settings: &ProgramSettings,
    articles: &mut Articles<'_>,
    sink: &dyn Sink,
    stop: &AtomicBool,
    work: impl Fn(Hands<'_, '_, '_>) + Sync,
) -> Result<Finished, ExtractError> {
    let queue = Queue::new(articles, settings.programs.clone());
    let abandoned = AtomicBool::new(false);
    let secrets = Secrets::of(settings);
    std::thread::scope(|scope| {
        for _ in 0..settings.workers.max(1) {
            let hands = Hands { queue: &queue, sink, programs: &settings.programs, secrets: &secrets, stop, abandoned: &abandoned };
            scope.spawn(|| {
                // A sink that panics must not leave the other workers running: the scope waits for them.
                let _guard = SetOnPanic(&abandoned);
                work(hands);
            });
        }
    });
    settings.programs.trouble().into_iter().for_each(|trouble| queue.note(trouble));
    queue.finish().map(|finished| secrets.cleaned_account(finished))
}

struct SetOnPanic<'a>(&'a AtomicBool);

impl Drop for SetOnPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.store(true, Ordering::Relaxed);
        }
    }
}
