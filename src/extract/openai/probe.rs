//! One article, with all that goes over the wire.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};

use super::asking::{Asked, Asking, Exchanged};
use super::dispatch::TICK;
use crate::claim::Article;
use crate::extract::program::Programs;
use crate::extract::{Exchange, ExchangePart, Finished};

/// Bytes that are shown of a body that cannot be used.
const EXCERPT: usize = 4096;

/// Asks about an article, and shows the last try. The key is in none of it. Where it is stopped it ends at once: whoever looks at one
/// article waits for it, and the thread that still does is left to the end of the process.
///
/// # Errors
/// When the system gives no thread.
pub(super) fn probe(asking: &Arc<Asking>, article: &Article, programs: &Programs, stop: &AtomicBool) -> io::Result<Exchange> {
    let (sender, receiver) = channel();
    let (to_ask, of) = (Arc::clone(asking), article.clone());
    let work = move || {
        let mut last = None;
        let asked = to_ask.ask(&of, Some(&mut last));
        // Nobody listens any more when the probe was stopped.
        let _ = sender.send((asked, last));
    };
    std::thread::Builder::new().name("assay-probe".to_owned()).spawn(work)?;
    let (asked, last) = loop {
        if stop.load(Ordering::Relaxed) || programs.is_given_up() {
            asking.traffic.end("interrupted");
            break (Asked::Unanswered, None);
        }
        match receiver.recv_timeout(TICK) {
            Ok(asked) => break asked,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                asking.traffic.end("a thread of the extractor ended unexpectedly");
                break (Asked::Unanswered, None);
            }
        }
    };
    let answer = match asked {
        Asked::Answered(answer) => Some(*answer),
        Asked::Unanswered => None,
    };
    let ended = asking.traffic.ended();
    let incomplete = ended.filter(|_| answer.is_none());
    let unanswered = if answer.is_none() { vec![article.id.clone()] } else { Vec::new() };
    let finished = Finished { unanswered, incomplete, notes: asking.notes(), ..Finished::default() };
    Ok(Exchange { parts: last.map(|last| parts(asking, last)).unwrap_or_default(), answer, finished })
}

fn parts(asking: &Asking, last: Exchanged) -> Vec<ExchangePart> {
    let client = &asking.client;
    let lines = |headers: &[(String, String)]| headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect::<String>();
    let url = asking.requests.settings.url();
    let body = String::from_utf8_lossy(&last.body);
    let head = lines(&client.shown_headers());
    let mut parts = vec![ExchangePart::new("request", format!("POST {url}\n{head}\n{}", client.redacted_data(&body)))];
    let problem = match last.reply {
        Ok(reply) => {
            let mut body = client.redacted(&reply.body);
            if reply.flaw.is_some() {
                body.truncate(body.floor_char_boundary(EXCERPT));
            }
            parts
                .push(ExchangePart::new("response", format!("HTTP {}\n{}\n{body}", reply.status, client.redacted(&lines(&reply.headers)))));
            reply.flaw.map(|flaw| flaw.why)
        }
        Err(broken) => Some(if broken.why.is_empty() { "no answer in time".to_owned() } else { broken.why }),
    };
    parts.extend(problem.map(|problem| ExchangePart::new("trouble", problem)));
    parts
}
