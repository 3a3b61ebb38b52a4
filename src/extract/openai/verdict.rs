//! What a try came to, and what follows from it.

use std::time::Duration;

use jiff::Timestamp;

use super::client::{Broken, BrokenKind, Reply};
use super::envelope::{self, Body, Completion, Reported};
use super::retry::asked_wait;
use super::traffic::Seen;
use crate::extract::Outcome;
use crate::report::safe::quoted;

/// Characters of a server's words that are shown.
const EXCERPT: usize = 200;

/// What a try came to.
#[derive(Debug)]
pub(super) enum Verdict {
    Completed(Box<Completion>),
    Failed(Failure),
}

/// A try without an answer.
#[derive(Debug, PartialEq)]
pub(super) struct Failure {
    /// That of the article when it ends with this try.
    pub outcome: Outcome,
    pub why: String,
    pub then: Then,
}

/// What follows from a failed try.
#[derive(Debug, PartialEq)]
pub(super) enum Then {
    /// Another try, after the wait that the endpoint asks for.
    Retry(Option<Duration>),
    /// One more try: each of them takes all of its time.
    RetryOnce,
    /// Other tries; when they fail too, nobody is there.
    Unreachable,
    /// Another request, where there is one that the endpoint might take.
    Ask(Reported),
    /// Nothing: it would fail again.
    Fail,
    /// Every article would fail so.
    EndRun,
}

impl Verdict {
    /// What it shows of the endpoint's load.
    pub(super) fn seen(&self) -> Seen {
        match self {
            Self::Completed(_) => Seen::Good,
            Self::Failed(failure) if failure.outcome == Outcome::RateLimited => Seen::Limited,
            Self::Failed(Failure { then: Then::Retry(_) | Then::RetryOnce | Then::Unreachable, .. }) => Seen::Trouble,
            Self::Failed(_) => Seen::Nothing,
        }
    }
}

/// Judges a try. `timeout` is the time that it had; `clean` takes the key out of what is shown, before it is cut.
pub(super) fn judge(reply: &Result<Reply, Broken>, timeout: Duration, now: Timestamp, clean: &dyn Fn(&str) -> String) -> Verdict {
    match reply {
        Ok(reply) if (200..300).contains(&reply.status) => answered(reply, now, clean),
        Ok(reply) if (300..400).contains(&reply.status) => {
            let to = reply.header("location").map(|to| format!(" to {}", quoted(&clean(to), 80))).unwrap_or_default();
            let why = format!("HTTP {}: a redirect{to}, which is not followed; let base_url name the endpoint itself", reply.status);
            failed(Outcome::Http, why, Then::Fail)
        }
        Ok(reply) => refused(reply, envelope::reported(&reply.body), now, clean),
        Err(broken) => Verdict::Failed(not_sent(broken, timeout)),
    }
}

fn failed(outcome: Outcome, why: impl Into<String>, then: Then) -> Verdict {
    Verdict::Failed(Failure { outcome, why: why.into(), then })
}

fn not_sent(broken: &Broken, timeout: Duration) -> Failure {
    let why = &broken.why;
    let (outcome, why, then) = match broken.kind {
        BrokenKind::Connect => (Outcome::Http, format!("cannot connect: {why}"), Then::Unreachable),
        BrokenKind::Never => (Outcome::Http, format!("cannot connect: {why}"), Then::EndRun),
        BrokenKind::Timeout => (Outcome::Timeout, format!("no whole answer within {} s", timeout.as_secs_f64()), Then::RetryOnce),
        BrokenKind::Cut => (Outcome::Http, format!("the connection failed: {why}"), Then::Retry(None)),
        BrokenKind::TooLarge => (Outcome::Http, why.clone(), Then::Fail),
    };
    Failure { outcome, why, then }
}

/// A good status, which says little of the body.
fn answered(reply: &Reply, now: Timestamp, clean: &dyn Fn(&str) -> String) -> Verdict {
    if let Some(flaw) = &reply.flaw {
        let then = if flaw.passing { Then::Retry(None) } else { Then::Fail };
        return failed(Outcome::Malformed, &*flaw.why, then);
    }
    match envelope::read(&reply.body) {
        Body::Completion(completion) => Verdict::Completed(completion),
        Body::Error(reported) => refused(reply, Some(reported), now, clean),
        Body::Other(path) => failed(Outcome::Malformed, format!("the answer is no chat completion: {path}"), Then::Fail),
        Body::Unreadable(why) => {
            let media_type = reply.media_type();
            if media_type.is_empty() || media_type.contains("json") || reply.body.trim().is_empty() {
                return failed(Outcome::Malformed, why, Then::Retry(None));
            }
            let hint = if media_type == "text/event-stream" { "a stream was not asked for" } else { "is base_url right?" };
            let why = format!("the answer is {} and not application/json; {hint}", quoted(&clean(media_type), 60));
            failed(Outcome::Malformed, why, Then::Fail)
        }
    }
}

/// What the endpoint reports of itself, with whatever status.
fn refused(reply: &Reply, reported: Option<Reported>, now: Timestamp, clean: &dyn Fn(&str) -> String) -> Verdict {
    let why = in_words(reply, reported.as_ref(), clean);
    let reported = reported.unwrap_or_default();
    let good = (200..300).contains(&reply.status);
    let status = if good { reported.status.or_else(|| status_of(&reported)).unwrap_or(0) } else { reply.status };
    let limited = status == 429 || reported.is_of_kind("rate_limit");
    if status == 402 || reported.is_of_kind("insufficient_quota") {
        return failed(Outcome::RateLimited, format!("{why}; nothing is left to pay for the request with"), Then::EndRun);
    }
    match status {
        401 | 403 => return failed(Outcome::Http, format!("{why}; does the key fit base_url?"), Then::EndRun),
        404 => return failed(Outcome::Http, format!("{why}; are base_url and model right?"), Then::EndRun),
        _ => {}
    }
    let outcome = if limited { Outcome::RateLimited } else { Outcome::Http };
    let passing = limited || matches!(status, 408 | 409) || status >= 500;
    let passing = match reply.header("x-should-retry").map(str::trim) {
        Some("true") => true,
        Some("false") => false,
        _ => passing,
    };
    let then = match status {
        _ if passing => Then::Retry(asked_wait(|name| reply.header(name), now)),
        400 | 422 => Then::Ask(reported),
        _ => Then::Fail,
    };
    failed(outcome, why, then)
}

/// The status that an error in a good answer should have had.
fn status_of(reported: &Reported) -> Option<u16> {
    let said = format!("{} {}", reported.kind, reported.message.to_lowercase());
    let any = |words: &[&str]| words.iter().any(|word| said.contains(word));
    if any(&["rate_limit", "rate limit", "too many requests"]) {
        Some(429)
    } else if any(&["invalid_api_key", "authentication"]) {
        Some(401)
    } else if any(&["server_error", "overloaded", "internal", "unavailable", "timeout", "timed out"]) {
        Some(500)
    } else {
        None
    }
}

fn in_words(reply: &Reply, reported: Option<&Reported>, clean: &dyn Fn(&str) -> String) -> String {
    let status = format!("HTTP {}", reply.status);
    match reported {
        Some(Reported { message, kind, .. }) if !message.is_empty() => {
            let kind = if kind.is_empty() { String::new() } else { format!(" ({})", quoted(&clean(kind), 60).trim_matches('"')) };
            format!("{status}: {}{kind}", quoted(&clean(message), EXCERPT))
        }
        Some(Reported { kind, .. }) if !kind.is_empty() => format!("{status}: {}", quoted(&clean(kind), 60)),
        _ if reply.media_type().starts_with("text/plain") && !reply.body.trim().is_empty() => {
            format!("{status}: {}", quoted(&clean(reply.body.trim()), EXCERPT))
        }
        _ => status,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16, headers: &[(&str, &str)], body: &str) -> Failure {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let reply = Reply { status, headers, body: body.to_owned(), flaw: None };
        match judge(&Ok(reply), Duration::from_secs(1), Timestamp::UNIX_EPOCH, &|text| text.replace("sk-1", "[key]")) {
            Verdict::Failed(failure) => failure,
            Verdict::Completed(completion) => panic!("{completion:?}"),
        }
    }

    #[test]
    fn each_status_has_its_consequence() {
        let retry = || Then::Retry(None);
        let table: Vec<(Failure, Outcome, Then, &str)> = vec![
            (of(408, &[], ""), Outcome::Http, retry(), "HTTP 408"),
            (of(409, &[], ""), Outcome::Http, retry(), "HTTP 409"),
            (of(429, &[], ""), Outcome::RateLimited, retry(), "HTTP 429"),
            (of(429, &[("retry-after", "3")], ""), Outcome::RateLimited, Then::Retry(Some(Duration::from_secs(3))), "HTTP 429"),
            (of(503, &[("content-type", "text/html")], "<script>"), Outcome::Http, retry(), "HTTP 503"),
            (of(502, &[("content-type", "text/plain")], "no\u{1b}"), Outcome::Http, retry(), "HTTP 502: \"no\\u{1b}\""),
            (of(429, &[], "{\"error\":{\"code\":\"insufficient_quota\"}}"), Outcome::RateLimited, Then::EndRun, "nothing is left"),
            (of(402, &[], ""), Outcome::RateLimited, Then::EndRun, "HTTP 402"),
            (of(401, &[], ""), Outcome::Http, Then::EndRun, "does the key fit"),
            (of(403, &[("x-should-retry", "true")], ""), Outcome::Http, Then::EndRun, "does the key fit"),
            (of(404, &[], "{\"error\":\"no model\"}"), Outcome::Http, Then::EndRun, "\"no model\"; are base_url and model right?"),
            (of(413, &[], ""), Outcome::Http, Then::Fail, "HTTP 413"),
            (of(413, &[("x-should-retry", "true")], ""), Outcome::Http, retry(), "HTTP 413"),
            (of(500, &[("x-should-retry", "false")], ""), Outcome::Http, Then::Fail, "HTTP 500"),
            (of(307, &[("location", "file:///etc")], ""), Outcome::Http, Then::Fail, "to \"file:///etc\", which is not followed"),
            (of(200, &[], ""), Outcome::Malformed, retry(), "no body"),
            (of(204, &[], ""), Outcome::Malformed, retry(), "no body"),
            (
                of(200, &[("content-type", "text/html; x")], "<html>"),
                Outcome::Malformed,
                Then::Fail,
                "\"text/html\" and not application/json",
            ),
            (of(200, &[], "{\"error\":{\"message\":\"rate limit exceeded\"}}"), Outcome::RateLimited, retry(), "HTTP 200: \"rate limit"),
            (of(200, &[], "{\"error\":{\"message\":\"m\",\"code\":502}}"), Outcome::Http, retry(), "(502)"),
            (of(200, &[], "{\"error\":{\"message\":\"m\",\"type\":\"overloaded_error\"}}"), Outcome::Http, retry(), "(overloaded_error)"),
            (of(200, &[], "{\"error\":{\"message\":\"bad prompt\"}}"), Outcome::Http, Then::Fail, "bad prompt"),
            (of(200, &[], "{\"choices\":[]}"), Outcome::Malformed, Then::Fail, "choices is empty"),
        ];
        for (failure, outcome, then, why) in table {
            assert_eq!((failure.outcome, &failure.then), (outcome, &then), "{}", failure.why);
            assert!(failure.why.contains(why), "{}", failure.why);
        }
        let echo = of(401, &[], "{\"error\":{\"message\":\"no \\u0073k-1\"}}");
        assert!(echo.why.starts_with("HTTP 401: \"no [key]\""), "{}", echo.why);
        let asked = of(400, &[], "{\"error\":{\"message\":\"m\",\"param\":\"seed\"}}");
        assert!(matches!(&asked.then, Then::Ask(reported) if reported.param == "seed"), "{asked:?}");
    }
}
