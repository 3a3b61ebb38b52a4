//! A row a mode of the server: what a run makes of it.

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::Mutex;
use std::time::Duration;

use claim_assay::extract::Outcome;
use serde_json::json;

use super::super::support::data_file;
use super::{CANARY, Server, articles, predictions, run, settings};

/// What a run over two articles must come to.
#[derive(Clone, Copy, Debug)]
enum Must {
    /// The predictions of `/ok`.
    Same,
    /// The same, with these words among the notes.
    Noted(&'static str),
    /// Answers of its own with these words in their message; empty = none.
    Answers(&'static str),
    /// Every article fails so, with these words, after so many tries.
    Fail(Outcome, &'static str, u32),
    /// The run ends with these words, nothing answered.
    End(&'static str),
}

use Must::{Answers, End, Fail, Noted, Same};
use Outcome::{Http, Malformed, RateLimited, Refused, Timeout, Truncated};

/// Tries in all where nothing helps.
const ALL: u32 = 4;

const MODES: &[(&str, Must)] = &[
    ("ok", Same),
    ("429", Same),
    ("429-ms", Same),
    ("429-date", Same),
    ("429-huge", Fail(RateLimited, "it asks to wait 86400 s, and at most 120 s", 1)),
    ("429-bad", Same),
    ("429-none", Same),
    ("429-forever", Fail(RateLimited, "HTTP 429: \"slow down\" (rate_limit_exceeded) (4 tries)", ALL)),
    ("quota", End("HTTP 429: \"You exceeded your current quota\"")),
    ("500", Same),
    ("503-html", Same),
    ("400", Fail(Http, "HTTP 400: \"This model's maximum context length is 10 tokens\"", 1)),
    ("401", End("HTTP 401: \"Incorrect API key provided: Bearer [key]\"")),
    ("404", End("HTTP 404: \"The model does not exist\"")),
    ("slow", Fail(Timeout, "no whole answer within 1 s (2 tries)", 2)),
    ("slowloris", Fail(Timeout, "no whole answer within 1 s (2 tries)", 2)),
    ("hang", Fail(Timeout, "no whole answer within 1 s (2 tries)", 2)),
    ("truncated", Fail(Malformed, "the answer was cut off", ALL)),
    ("truncated-chunked", Fail(Malformed, "the answer was cut off", ALL)),
    ("reset", Same),
    ("reset-mid", Same),
    ("close", Same),
    ("keepalive-close", Same),
    ("invalid-json", Fail(Malformed, "the body ends in the middle", ALL)),
    ("html", Fail(Malformed, "the answer is \"text/html\" and not application/json", 1)),
    ("empty", Fail(Malformed, "the answer has no body", ALL)),
    ("204", Fail(Malformed, "the answer has no body", ALL)),
    ("error-in-200", Fail(RateLimited, "HTTP 200: \"rate limit exceeded\"", ALL)),
    ("wrong-schema", Fail(Malformed, "the answer is no chat completion: choices[0].message is missing", 1)),
    ("no-choices", Fail(Malformed, "the answer is no chat completion: choices is empty", 1)),
    ("null-content", Fail(Malformed, "the answer has no content, only reasoning (finish_reason stop)", 1)),
    ("length", Fail(Truncated, "the answer was cut off after 10 tokens (finish_reason length)", 1)),
    ("filter", Fail(Refused, "content_filter", 1)),
    ("refusal", Fail(Malformed, "the answer is no JSON: \"I'm sorry, but I can't help with that.\"", 1)),
    ("fenced", Same),
    ("prose", Same),
    ("two-json", Answers("the first counts")),
    ("claims-wrong", Answers("")),
    ("claims-offsets", Answers("")),
    ("nan", Fail(Malformed, "the answer is not valid JSON", 1)),
    ("invalid-utf8", Fail(Malformed, "of the answer is not UTF-8", ALL)),
    ("lone-surrogate", Fail(Malformed, "choices[0].message.content is neither text nor null", 1)),
    ("bom", Same),
    ("deep", Fail(Malformed, "claims[0] is a list", 1)),
    ("escape", Fail(Malformed, "\\u{1b}[2J\\u{1b}]52;c;", 1)),
    ("gzip", Same),
    ("gzip-bomb", Fail(Malformed, "unpacks to something larger than 16 MiB", 1)),
    ("gzip-corrupt", Fail(Malformed, "damaged gzip", ALL)),
    ("gzip-lie", Fail(Malformed, "damaged gzip", ALL)),
    ("huge", Fail(Malformed, "larger than 16 MiB", 1)),
    ("huge-headers", Fail(Http, "the head of the answer is larger than 64 KiB", 1)),
    ("bad-header", Fail(Http, "the connection failed", ALL)),
    ("redirect-other", Fail(Http, "HTTP 307: a redirect to \"http://localhost", 1)),
    ("redirect-loop", Fail(Http, "which is not followed; let base_url name the endpoint itself", 1)),
    ("redirect-scheme", Fail(Http, "a redirect to \"file:///etc/passwd\"", 1)),
    ("wrong-article", Answers("")),
    ("wrong-model", Noted("the endpoint answered with the model \"another-model-2099\"; asked was \"m\"")),
    ("nondet", Answers("")),
    ("stream", Fail(Malformed, "\"text/event-stream\" and not application/json; a stream was not asked for", 1)),
    ("stream-cut", Fail(Malformed, "\"text/event-stream\" and not application/json", 1)),
    ("no-schema", Noted("does not take response_format json_schema; json_object is asked for")),
    ("no-format", Noted("does not take response_format json_object; it is asked without")),
    ("no-max-tokens", Noted("max_completion_tokens is sent in its place")),
    ("no-temperature", Noted("does not take temperature; it is left out")),
    ("no-retry", Fail(Http, "HTTP 500", 1)),
    ("should-retry", Same),
    ("think", Same),
    ("cut-prompt", Noted("set OLLAMA_CONTEXT_LENGTH")),
    ("echo-key", Noted("the model \"[key]\"")),
    ("echo-kind", Fail(Http, "HTTP 400: \"no\" ([key] [key])", 1)),
    ("echo-raw", Fail(Http, r#"{\"key\": \"[key]\"}"}" ([key])"#, 1)),
    ("echo-cut", Fail(Malformed, "the answer was cut off", ALL)),
    ("dummy", Answers("")),
    ("busy", Same),
    ("503-wait", Fail(Http, "it asks to wait 3600 s", 1)),
    ("chaos", Same),
];

/// Modes whose time is what is tested.
fn timeout(mode: &str) -> Duration {
    Duration::from_secs(if matches!(mode, "slow" | "slowloris" | "hang") { 1 } else { 20 })
}

fn check(server: &Server, expected: &[String], mode: &str, must: Must) -> Result<(), String> {
    let mut settings = settings(&server.base_url(mode));
    settings.timeout = timeout(mode);
    settings.max_retries = if mode == "chaos" { 40 } else { ALL - 1 };
    settings.max_tokens = Some(500);
    settings.params = [("temperature".to_owned(), json!(0.0))].into();
    // One after the other, because some modes answer by turns.
    settings.jobs = 1;
    let ran = run(settings, articles(2));
    let finished = ran.finished.as_ref().map_err(ToString::to_string)?;
    let that = |holds: bool, what: &str| if holds { Ok(()) } else { Err(format!("{what}: {:?} {:?}", ran.answers, ran.finished)) };
    for secret in [CANARY, "0123456789", "Canary"] {
        that(!ran.shown.contains(secret), "the key is shown")?;
    }
    that(!ran.shown.contains('\u{1b}') && !ran.shown.contains('\u{202e}'), "control characters")?;
    if let End(words) = must {
        that(finished.incomplete.as_ref().is_some_and(|why| why.contains(words)), "the run does not end so")?;
        return that(ran.answers.is_empty() && finished.unanswered == ["a00001", "a00002"], "articles were answered");
    }
    that(finished.incomplete.is_none() && finished.unanswered.is_empty() && ran.answers.len() == 2, "the run is not whole")?;
    if let Noted(words) = must {
        that(finished.notes.iter().any(|note| note.contains(words)), "not noted")?;
    } else {
        that(finished.notes.is_empty(), "notes")?;
    }
    for answer in ran.answers.values() {
        let said = answer.message.as_deref().unwrap_or_default();
        match must {
            Same => that(answer.message.is_none(), "a message")?,
            Answers(words) => that(matches!(answer.outcome, Outcome::Ok | Outcome::Empty) && said.contains(words), "the answer")?,
            Fail(outcome, words, tries) => {
                // The server's forms of nonsense take turns.
                let fits = said.contains(words) || (mode == "wrong-schema" && said.contains("no chat completion"));
                that(answer.outcome == outcome && fits && answer.claims.is_empty(), "the failure")?;
                // The connection may be cut before the head is too large.
                that(answer.spent.tries == tries || mode == "huge-headers", "the tries")?;
            }
            Noted(_) | End(_) => {}
        }
        that(said.len() < 600, "a long message")?;
    }
    let is_same = matches!(must, Same) || (matches!(must, Noted(_)) && mode != "echo-key") || matches!(mode, "two-json" | "claims-offsets");
    that(!is_same || predictions(&ran) == expected, "other predictions than those of /ok")
}

#[test]
fn every_mode_ends_as_it_must() {
    let listed = Command::new("python3").arg(data_file("extractors/bad_llm_server.py")).arg("--list-json").output().unwrap();
    let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
    let listed: BTreeSet<&str> = listed.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(MODES.iter().map(|(mode, _)| *mode).collect::<BTreeSet<_>>(), listed, "a row for each mode");

    let server = Server::start(&["--secs", "2", "--rate", "0.4"]);
    let ok = run(settings(&server.base_url("ok")), articles(2));
    let expected = predictions(&ok);
    assert_eq!(ok.answers["a00001"].claims.len(), 4, "{}", ok.shown);
    let rows = Mutex::new(MODES.iter());
    let wrong = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..12 {
            scope.spawn(|| {
                loop {
                    let Some((mode, must)) = rows.lock().unwrap().next() else { return };
                    if let Err(why) = check(&server, &expected, mode, *must) {
                        wrong.lock().unwrap().push(format!("{mode} must be {must:?}: {why}"));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    let stats = server.stats();
    assert_eq!((&stats["at_other_host"], &stats["key_at_other_host"]), (&json!(0), &json!(0)), "a redirect was followed");
}
