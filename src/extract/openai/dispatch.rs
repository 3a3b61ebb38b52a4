//! Many articles at a time, each in a thread of its own.
//!
//! When the run is stopped, requests in flight are waited for, because they are paid for, and nothing is tried again. When it is given up they
//! are not: the threads are left to the end of the process.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::asking::{Asked, Asking};
use crate::claim::Article;
use crate::extract::extractor::Articles;
use crate::extract::program::Programs;
use crate::extract::sink::Sink;

/// How often it is looked whether the run is stopped.
pub(super) const TICK: Duration = Duration::from_millis(20);

/// Enough for what a thread does; 1024 of them are wanted at most.
const STACK: usize = 1 << 20;

/// Asks about the articles. Gives the ids of those without an answer, sorted.
///
/// # Errors
/// When the system gives no thread at all.
pub(super) fn dispatch(
    asking: &Arc<Asking>,
    (jobs, programs): (usize, &Programs),
    articles: &mut Articles<'_>,
    sink: &dyn Sink,
    stop: &AtomicBool,
) -> std::io::Result<Vec<String>> {
    let _guard = EndOnDrop(asking);
    let (tasks, waiting) = channel::<Article>();
    let waiting = Arc::new(Mutex::new(waiting));
    let (sender, answers) = channel();
    let mut out: BTreeSet<String> = BTreeSet::new();
    let mut unanswered = Vec::new();
    let (mut threads, mut most, mut exhausted) = (0, jobs.max(1), false);
    loop {
        if stop.load(Ordering::Relaxed) {
            asking.traffic.end("interrupted");
        }
        if programs.is_given_up() {
            asking.traffic.end("interrupted");
            break;
        }
        while out.len() < most && !exhausted && asking.traffic.ended().is_none() {
            let Some(article) = articles.next() else {
                exhausted = true;
                break;
            };
            if threads <= out.len() {
                match start(asking, &waiting, &sender) {
                    Ok(()) => threads += 1,
                    Err(error) if threads == 0 => return Err(error),
                    Err(_) => most = threads,
                }
            }
            out.insert(article.id.clone());
            programs.count_in_flight(true);
            // The other end is held here too.
            let _ = tasks.send(article);
        }
        if out.is_empty() {
            break;
        }
        match answers.recv_timeout(TICK) {
            Ok((id, asked)) => {
                out.remove(&id);
                programs.count_in_flight(false);
                match asked {
                    Asked::Answered(answer) => sink.answer(*answer),
                    Asked::Unanswered => unanswered.push(id),
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    for (id, asked) in answers.try_iter() {
        if let Asked::Answered(answer) = asked {
            out.remove(&id);
            programs.count_in_flight(false);
            sink.answer(*answer);
        }
    }
    out.iter().for_each(|_| programs.count_in_flight(false));
    unanswered.extend(out);
    unanswered.extend(articles.map(|article| article.id));
    unanswered.sort_unstable();
    Ok(unanswered)
}

fn start(asking: &Arc<Asking>, waiting: &Arc<Mutex<Receiver<Article>>>, sender: &Sender<(String, Asked)>) -> std::io::Result<()> {
    let (asking, waiting, sender) = (Arc::clone(asking), Arc::clone(waiting), sender.clone());
    let work = move || {
        loop {
            let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(article) = next else { return };
            let mut report = Report { id: article.id.clone(), asked: None, asking: &asking, sender: &sender };
            report.asked = Some(asking.ask(&article, None));
        }
    };
    std::thread::Builder::new().name("assay-openai".to_owned()).stack_size(STACK).spawn(work).map(drop)
}

/// Tells what became of an article, also when its thread panics.
struct Report<'r> {
    id: String,
    asked: Option<Asked>,
    asking: &'r Asking,
    sender: &'r Sender<(String, Asked)>,
}

impl Drop for Report<'_> {
    fn drop(&mut self) {
        let asked = self.asked.take().unwrap_or_else(|| {
            self.asking.traffic.end("a thread of the extractor ended unexpectedly");
            Asked::Unanswered
        });
        // Nobody listens any more when the run was stopped.
        let _ = self.sender.send((std::mem::take(&mut self.id), asked));
    }
}

/// A sink that panics must not leave threads at work.
struct EndOnDrop<'a>(&'a Asking);

impl Drop for EndOnDrop<'_> {
    fn drop(&mut self) {
        self.0.traffic.end("");
    }
}
