//! Threads that each work through the articles of a run, and the caller's thread that takes their answers.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use super::programs::Programs;
use super::queue::Queue;
use super::settings::ProgramSettings;
use crate::extract::answer::Answer;
use crate::extract::extractor::{Articles, ExtractError, Finished};

/// The caller takes the answers of this long at once: waking it for each answer of a fast program would cost as much as the
/// rest of the host.
const BREATH: Duration = Duration::from_millis(2);

/// What a worker works with.
pub(in crate::extract) struct Hands<'w, 'a, 'b> {
    pub queue: &'w Queue<'a, 'b>,
    answers: Sender<Answer>,
    programs: &'w Programs,
    stop: &'w AtomicBool,
    /// The caller is gone; as a stop, but nobody reads the account.
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
        // The receiver is only gone when the caller is.
        let _ = self.answers.send(answer);
    }
}

/// Lets `work` run in as many threads as the settings have workers, at least one, and gives their answers to `sink` on this thread.
///
/// # Errors
/// When a worker found that the run cannot begin.
pub(in crate::extract) fn share(
    settings: &ProgramSettings,
    articles: &mut Articles<'_>,
    sink: &mut dyn FnMut(Answer),
    stop: &AtomicBool,
    work: impl Fn(Hands<'_, '_, '_>) + Sync,
) -> Result<Finished, ExtractError> {
    let queue = Queue::new(articles, settings.programs.clone());
    let abandoned = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let (sender, answers) = channel();
        for _ in 0..settings.workers.max(1) {
            let hands = Hands { queue: &queue, answers: sender.clone(), programs: &settings.programs, stop, abandoned: &abandoned };
            scope.spawn(|| work(hands));
        }
        drop(sender);
        // A sink that panics must not leave the workers running: the scope waits for them.
        let _guard = SetOnDrop(&abandoned);
        for first in &answers {
            sink(first);
            answers.try_iter().for_each(&mut *sink);
            std::thread::sleep(BREATH);
        }
    });
    settings.programs.trouble().into_iter().for_each(|trouble| queue.note(trouble));
    queue.finish()
}

struct SetOnDrop<'a>(&'a AtomicBool);

impl Drop for SetOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
