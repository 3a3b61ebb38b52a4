//! One article, with all that goes over the wire.

use super::asking::{Asked, Asking, Exchanged};
use crate::claim::Article;
use crate::extract::{Exchange, ExchangePart, Finished};

/// Asks about an article, and shows the last try. The key is in none of it.
pub(super) fn probe(asking: &Asking, article: &Article, url: &str) -> Exchange {
    let mut last = None;
    let asked = asking.ask(article, Some(&mut last));
    let answer = match asked {
        Asked::Answered(answer) => Some(*answer),
        Asked::Unanswered => None,
    };
    let ended = asking.traffic.ended();
    let incomplete = ended.filter(|_| answer.is_none());
    let unanswered = if answer.is_none() { vec![article.id.clone()] } else { Vec::new() };
    let finished = Finished { unanswered, incomplete, notes: asking.notes(), ..Finished::default() };
    Exchange { parts: last.map(|last| parts(asking, url, last)).unwrap_or_default(), answer, finished }
}

fn parts(asking: &Asking, url: &str, last: Exchanged) -> Vec<ExchangePart> {
    let lines = |headers: &[(String, String)]| headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect::<String>();
    let body = String::from_utf8_lossy(&last.body);
    let mut parts = vec![ExchangePart::new("request", format!("POST {url}\n{}\n{body}", lines(&asking.client.shown_headers())))];
    let problem = match last.reply {
        Ok(reply) => {
            let text = format!("HTTP {}\n{}\n{}", reply.status, lines(&reply.headers), reply.body);
            parts.push(ExchangePart::new("response", text));
            reply.flaw.map(|flaw| flaw.why)
        }
        Err(broken) => Some(if broken.why.is_empty() { "no answer in time".to_owned() } else { broken.why }),
    };
    parts.extend(problem.map(|problem| ExchangePart::new("trouble", problem)));
    parts
}
