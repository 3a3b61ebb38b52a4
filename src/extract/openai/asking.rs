//! One article: asked until there is an answer, or nothing more to try.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use jiff::Timestamp;

use super::client::{Broken, Client, Reply};
use super::content;
use super::envelope::{Completion, Usage};
use super::request::{Adapted, Requests};
use super::retry::{LONGEST_WAIT, backoff};
use super::settings::OpenAiSettings;
use super::traffic::Traffic;
use super::verdict::{Failure, Then, Verdict, judge};
use crate::claim::{Article, Claim, FieldState};
use crate::extract::answer::{Answer, Outcome};
use crate::extract::spent::Spent;
use crate::report::safe::quoted;

/// Articles in a row to which nobody was there, before the run ends.
const STRIKES: u32 = 3;

/// Characters of a server's words that are shown.
const EXCERPT: usize = 120;

/// A prompt of which fewer tokens were read than this share of a low estimate was cut.
const CUT: f64 = 0.6;

/// Characters in a token, at most: more than in any usual text.
const MOST_CHARS_A_TOKEN: f64 = 6.0;

/// What the tries of a run share.
#[derive(Debug)]
pub(super) struct Asking {
    pub requests: Arc<Requests>,
    pub client: Client,
    pub traffic: Traffic,
    /// Outlives the run: what an endpoint does not take now it will not take later.
    pub adapted: Arc<Mutex<Adapted>>,
    /// By what they are about; of several, that of the first article.
    notes: Mutex<BTreeMap<String, (String, String)>>,
    reached: AtomicBool,
    strikes: AtomicU32,
}

/// What became of an article.
#[derive(Debug)]
pub(super) enum Asked {
    Answered(Box<Answer>),
    /// The run ended before.
    Unanswered,
}

/// What went over the wire in the last try.
#[derive(Debug)]
pub(super) struct Exchanged {
    pub body: Vec<u8>,
    pub reply: Result<Reply, Broken>,
}

impl Asking {
    pub(super) fn new(requests: Arc<Requests>, client: Client, traffic: Traffic, adapted: Arc<Mutex<Adapted>>) -> Asking {
        let (reached, strikes) = (AtomicBool::new(false), AtomicU32::new(0));
        Asking { requests, client, traffic, adapted, notes: Mutex::default(), reached, strikes }
    }

    /// Asks about an article. `last` gets what went over the wire in the last try.
    pub(super) fn ask(&self, article: &Article, last: Option<&mut Option<Exchanged>>) -> Asked {
        let mut tries = Tries { spent: Spent::default(), timeouts: 0, way: 0, last };
        match self.until_answered(article, &mut tries) {
            Some(answer) => {
                let spent = Spent { cost: self.cost(&tries.spent), ..tries.spent };
                Asked::Answered(Box::new(self.without_key(Answer { spent, way: tries.way, ..answer })))
            }
            None => Asked::Unanswered,
        }
    }

    fn until_answered(&self, article: &Article, tries: &mut Tries<'_>) -> Option<Answer> {
        let settings = self.settings();
        loop {
            let adapted = lock(&self.adapted).clone();
            tries.way = adapted.way;
            let failure = match self.one_try(article, &adapted, tries)? {
                Verdict::Completed(completion) => return Some(self.completed(article, &adapted, &completion)),
                Verdict::Failed(failure) => failure,
            };
            let Failure { outcome, why, then } = failure;
            let made = tries.spent.tries;
            let tried = if made > 1 { format!(" ({made} tries)") } else { String::new() };
            let ended = |why: String| Some(Answer::failed(&article.id, outcome, why));
            let wait = match then {
                Then::Fail => return ended(format!("{why}{tried}")),
                Then::EndRun => {
                    self.traffic.end(why);
                    return None;
                }
                Then::Ask(reported) => match self.requests.adapt(&adapted, &reported) {
                    Some((next, note)) => {
                        self.take_up(&adapted, next, note);
                        continue;
                    }
                    None => return ended(format!("{why}{tried}")),
                },
                Then::Retry(Some(asked)) if asked > LONGEST_WAIT => {
                    let longest = LONGEST_WAIT.as_secs();
                    return ended(format!("{why}; it asks to wait {} s, and at most {longest} s are waited", asked.as_secs_f64()));
                }
                Then::RetryOnce if tries.timeouts > 1 => return ended(format!("{why}{tried}")),
                Then::Unreachable if made > settings.max_retries => {
                    let strikes = self.strikes.fetch_add(1, Ordering::Relaxed) + 1;
                    if strikes >= STRIKES || !self.reached.load(Ordering::Relaxed) {
                        self.traffic.end(format!("{why}{tried}; is the server of base_url running?"));
                        return None;
                    }
                    return ended(format!("{why}{tried}"));
                }
                _ if made > settings.max_retries => return ended(format!("{why}{tried}")),
                Then::Retry(Some(asked)) => asked,
                Then::Retry(None) | Then::RetryOnce | Then::Unreachable => backoff(settings.retry_base, made),
            };
            if !self.traffic.wait(wait) {
                return None;
            }
        }
    }

    /// `None` when nothing is sent any more.
    fn one_try(&self, article: &Article, adapted: &Adapted, tries: &mut Tries<'_>) -> Option<Verdict> {
        let body = self.requests.body(article, adapted);
        if !self.traffic.enter() {
            return None;
        }
        let sent = Instant::now();
        let reply = self.client.post(&body);
        let verdict = judge(&reply, self.settings().timeout, Timestamp::now(), &|text| self.client.redacted(text));
        self.traffic.leave(verdict.seen(), Instant::now());
        let spent = &mut tries.spent;
        spent.tries += 1;
        spent.latency_s = Some(sent.elapsed().as_secs_f64());
        tries.timeouts += u32::from(matches!(&verdict, Verdict::Failed(failure) if failure.then == Then::RetryOnce));
        if let Verdict::Completed(completion) = &verdict {
            let Usage { prompt_tokens, completion_tokens } = completion.usage;
            for (sum, part) in [(&mut spent.input_tokens, prompt_tokens), (&mut spent.output_tokens, completion_tokens)] {
                *sum = part.map_or(*sum, |part| Some(sum.unwrap_or(0).saturating_add(part)));
            }
        }
        if reply.is_ok() {
            self.reached.store(true, Ordering::Relaxed);
            self.strikes.store(0, Ordering::Relaxed);
        }
        if let Some(last) = &mut tries.last {
            **last = Some(Exchanged { body, reply });
        }
        Some(verdict)
    }

    fn settings(&self) -> &OpenAiSettings {
        &self.requests.settings
    }

    fn cost(&self, spent: &Spent) -> Option<f64> {
        let price = self.settings().price?;
        let (input, output) = (spent.input_tokens?, spent.output_tokens.unwrap_or(0));
        Some((input as f64 * price.input_per_mtok + output as f64 * price.output_per_mtok) / 1e6)
    }

    /// What a completion says about its article.
    fn completed(&self, article: &Article, adapted: &Adapted, completion: &Completion) -> Answer {
        self.look_at(article, adapted, completion);
        let failed = |outcome, why: String| Answer::failed(&article.id, outcome, why);
        let text = completion.content.as_deref().unwrap_or_default();
        match completion.finish_reason.as_str() {
            "length" => {
                let tokens = completion.usage.completion_tokens.map(|tokens| format!(" after {tokens} tokens")).unwrap_or_default();
                return failed(
                    Outcome::Truncated,
                    format!("the answer was cut off{tokens} (finish_reason length); is max_tokens too low?"),
                );
            }
            "content_filter" => return failed(Outcome::Refused, "the endpoint's filter stopped the answer (content_filter)".to_owned()),
            _ => {}
        }
        if let Some(refusal) = &completion.refusal {
            return failed(Outcome::Refused, format!("the model declined: {}", quoted(&self.client.redacted(refusal), EXCERPT)));
        }
        if text.trim().is_empty() {
            let reasoned = if completion.reasoned { ", only reasoning" } else { "" };
            let why = match completion.finish_reason.as_str() {
                "" => String::new(),
                reason => format!(" (finish_reason {})", quoted(&self.client.redacted(reason), 40).trim_matches('"')),
            };
            return failed(Outcome::Malformed, format!("the answer has no content{reasoned}{why}"));
        }
        content::answer(article, text, &|text| self.client.redacted(text))
    }

    /// Notes what is odd about a completion, whatever it says.
    fn look_at(&self, article: &Article, adapted: &Adapted, completion: &Completion) {
        let asked = &self.settings().model;
        if let Some(model) = completion.model.as_ref().filter(|model| !model.is_empty() && *model != asked) {
            let model = quoted(&self.client.redacted(model), 60);
            self.note(
                &format!("model {model}"),
                article,
                format!("the endpoint answered with the model {model}; asked was {}", quoted(asked, 60)),
            );
        }
        let Some(read) = completion.usage.prompt_tokens.filter(|read| *read > 0) else { return };
        let messages = self.requests.messages(article, adapted.way);
        let estimate = messages.iter().map(|message| message.content.chars().count()).sum::<usize>() as f64 / MOST_CHARS_A_TOKEN;
        if (read as f64) < CUT * estimate {
            let note = format!(
                "the endpoint read {read} tokens of a prompt of {estimate:.0} or more (article {}); it may cut prompts to its context: on Ollama \
                 set OLLAMA_CONTEXT_LENGTH",
                quoted(&article.id, 60).trim_matches('"')
            );
            self.note("context", article, note);
        }
    }

    fn take_up(&self, before: &Adapted, next: Adapted, note: String) {
        let mut adapted = lock(&self.adapted);
        // Others in flight find out the same.
        if *adapted == *before {
            *adapted = next;
            // In the order in which it was found out.
            lock(&self.notes).insert(format!("{} {note}", before.way), (String::new(), note));
        }
    }

    fn note(&self, about: &str, article: &Article, note: String) {
        /// Notes that are kept.
        const MOST: usize = 50;
        let mut notes = lock(&self.notes);
        let room = notes.len() < MOST;
        match notes.get_mut(about) {
            Some((first, text)) if article.id < *first => (*first, *text) = (article.id.clone(), note),
            Some(_) => {}
            None if room => drop(notes.insert(about.to_owned(), (article.id.clone(), note))),
            None => {}
        }
    }

    /// What the user should know beside the answers.
    pub(super) fn notes(&self) -> Vec<String> {
        lock(&self.notes).values().map(|(_, note)| note.clone()).collect()
    }

    /// An answer that cannot carry the key into a file, even when a server has woven it into the claims.
    fn without_key(&self, mut answer: Answer) -> Answer {
        let data = |text: &str| match self.client.redacted_data(text) {
            Cow::Owned(redacted) => Some(redacted),
            Cow::Borrowed(_) => None,
        };
        let clean = |text: &mut String| {
            if let Some(redacted) = data(text) {
                *text = redacted;
            }
        };
        if let Some(message) = &mut answer.message {
            *message = self.client.redacted(message);
        }
        for claim in &mut answer.claims {
            let Claim { id, quote, kind, fields, tracking_id, .. } = claim;
            [id, quote, kind, tracking_id].into_iter().for_each(clean);
            let holds_key = |text: &str| data(text).is_some();
            if fields.iter().any(|(name, state)| holds_key(name) || state.into_present().is_some_and(holds_key)) {
                let of = |text: &str| data(text).unwrap_or_else(|| text.to_owned());
                let redacted = fields.iter().map(|(name, state)| {
                    let state = match state {
                        FieldState::Present(value) => FieldState::Present(of(value)),
                        FieldState::Absent => FieldState::Absent,
                    };
                    (of(name), state)
                });
                *fields = redacted.collect();
            }
        }
        answer
    }
}

/// The tries for one article.
struct Tries<'l> {
    spent: Spent,
    timeouts: u32,
    /// Of the last one.
    way: usize,
    last: Option<&'l mut Option<Exchanged>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Every change is whole before anything could panic.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
