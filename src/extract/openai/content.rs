//! What a model wrote to claims.
//!
//! 1. Reasoning in front (`<think>…</think>`) and one code fence around are left out.
//! 2. What is left is one JSON object with `claims`, or the list of claims alone.
//! 3. Otherwise prose may stand around the object: it begins at the first `{` whose next character, white space aside, is `"` or `}`;
//!    other braces are prose. When the object there is not whole and valid, the answer is malformed: half an object never counts,
//!    and nothing inside it does. An object without `claims` is passed over. Behind an object with claims a second one may stand; the
//!    first counts, and the answer says so.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::anchor::OffsetUnit;
use crate::claim::Article;
use crate::extract::answer::{Answer, Outcome};
use crate::extract::locate::locate_answer;
use crate::formats::jsonl::{Fault, Faults, Reading, parse_line};
use crate::report::safe::quoted;

/// Characters of an answer that are shown.
const EXCERPT: usize = 80;

/// The answer for an article, as the model wrote it. Never fails: what cannot be read is a malformed answer. `clean` takes the key out of
/// what is shown of it, before it is cut.
pub(super) fn answer(article: &Article, content: &str, clean: &dyn Fn(&str) -> String) -> Answer {
    let found = match find(content) {
        Ok(found) => found,
        Err(why) => {
            let why = format!("{why}: {}", quoted(&clean(content.trim()), EXCERPT));
            return Answer::failed(&article.id, Outcome::Malformed, why);
        }
    };
    let line = format!("{{\"id\":\"a\",\"claims\":{}}}", found.claims);
    let mut faults = Faults::default();
    let Some(record) = parse_line(&line, Reading::Predictions, &mut faults) else {
        return Answer::failed(&article.id, Outcome::Malformed, in_words(&faults.wrong));
    };
    let located = locate_answer(&article.text, &record.claims, OffsetUnit::Codepoint);
    let mut notes: Vec<String> = located.note.into_iter().collect();
    if found.second {
        notes.push("two JSON objects with claims; the first counts".to_owned());
    }
    faults.odd_keys.sort_unstable();
    faults.odd_keys.dedup();
    if let Some(key) = faults.odd_keys.first() {
        let more = if faults.odd_keys.len() > 1 { format!(" and {} more", faults.odd_keys.len() - 1) } else { String::new() };
        notes.push(format!("unknown key of claims, not read: {}{more}", quoted(&clean(key), 40)));
    }
    if let Some((claim, why)) = located.impossible.first() {
        notes.insert(0, format!("claims[{claim}] {why}"));
        return Answer::failed(&article.id, Outcome::Malformed, notes.join("; "));
    }
    let message = (!notes.is_empty()).then(|| notes.join("; "));
    Answer { message, ..Answer::of_claims(&article.id, located.claims, located.counts) }
}

/// The first faults, in words.
fn in_words(faults: &[Fault]) -> String {
    const SHOWN: usize = 3;
    let place = |fault: &Fault| match (fault.claim, &fault.key) {
        (Some(claim), Some(key)) => format!("claims[{claim}].{key} "),
        (Some(claim), None) => format!("claims[{claim}] "),
        (None, Some(key)) => format!("{key} "),
        (None, None) => String::new(),
    };
    let mut words: Vec<String> = faults.iter().take(SHOWN).map(|fault| format!("{}{}", place(fault), fault.message)).collect();
    if faults.len() > SHOWN {
        words.push(format!("and {} more", faults.len() - SHOWN));
    }
    words.join("; ")
}

/// The claims of an answer.
#[derive(Debug, PartialEq)]
struct Found<'c> {
    /// JSON of the list.
    claims: Cow<'c, str>,
    /// Whether another object with claims follows.
    second: bool,
}

#[derive(Deserialize)]
struct Claims<'c> {
    #[serde(borrow, default)]
    claims: Option<&'c RawValue>,
}

fn find(content: &str) -> Result<Found<'_>, String> {
    let said = without_fence(without_reasoning(content)?);
    if said.is_empty() {
        return Err("the answer is empty".to_owned());
    }
    if said.starts_with('[') && serde_json::from_str::<IgnoredAny>(said).is_ok() {
        return Ok(Found { claims: Cow::Borrowed(said), second: false });
    }
    let mut found: Option<Found<'_>> = None;
    let (mut rest, mut objects) = (said, false);
    while let Some(at) = next_object(rest) {
        let from = &rest[at..];
        let mut values = serde_json::Deserializer::from_str(from).into_iter::<&RawValue>();
        let object = match values.next() {
            Some(Ok(object)) => object.get(),
            // What follows a good object is prose.
            _ if found.is_some() => break,
            Some(Err(error)) if error.is_eof() => return Err("the answer ends in the middle of its JSON".to_owned()),
            Some(Err(error)) => return Err(format!("the answer is not valid JSON ({})", problem(&error))),
            None => break,
        };
        objects = true;
        rest = &from[object.len()..];
        let claims =
            serde_json::from_str::<Claims<'_>>(object).map_err(|error| format!("the answer is not valid ({})", problem(&error)))?;
        match (claims.claims, &mut found) {
            (None, _) => {}
            (Some(_), Some(first)) => {
                first.second = true;
                break;
            }
            (Some(claims), None) => found = Some(Found { claims: Cow::Borrowed(claims.get()), second: false }),
        }
    }
    found.ok_or_else(|| {
        let why = if objects { "the answer has no claims; write {\"claims\": []} where there is none" } else { "the answer is no JSON" };
        why.to_owned()
    })
}

/// Without the place in the line, which is not shown.
fn problem(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

/// Where the next object begins.
fn next_object(text: &str) -> Option<usize> {
    text.match_indices('{').map(|(at, _)| at).find(|at| text[at + 1..].trim_start().starts_with(['"', '}']))
}

fn without_reasoning(content: &str) -> Result<&str, String> {
    let content = content.trim_start_matches('\u{feff}').trim();
    let (open, close) = ("<think>", "</think>");
    // Some templates put the opening tag into the prompt.
    let is_answer = content.starts_with(['{', '[', '`']);
    match (content.starts_with(open), content.find(close)) {
        (true, None) => Err("the answer ends in its reasoning".to_owned()),
        (begins, Some(at)) if begins || !is_answer => Ok(content[at + close.len()..].trim()),
        _ => Ok(content),
    }
}

fn without_fence(content: &str) -> &str {
    let inside = content.strip_prefix("```").and_then(|rest| rest.strip_suffix("```"));
    match inside.and_then(|inside| inside.split_once('\n')) {
        Some((language, body)) if language.trim().chars().all(char::is_alphanumeric) => body.trim(),
        _ => content,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content: &str) -> Answer {
        answer(&Article { id: "a1".to_owned(), text: "caf\u{e9}: 12 dead".into(), ..Article::default() }, content, &str::to_owned)
    }

    const GOOD: &str = r#"{"claims":[{"quote":"12","prefix":null,"kind":"quantity","fields":{"value":"12","unit":null},"score":null}]}"#;

    #[test]
    fn what_may_stand_around_an_answer() {
        let list = GOOD.strip_prefix("{\"claims\":").and_then(|rest| rest.strip_suffix('}')).unwrap();
        let table = [
            GOOD.to_owned(),
            format!("\u{feff} {GOOD}\n"),
            list.to_owned(),
            format!("```json\n{GOOD}\n```"),
            format!("```\n{list}```"),
            format!("<think>{{\"claims\":[]}} or so</think>\n{GOOD}"),
            format!("no claims, or {{}}?</think>{GOOD}"),
            format!("<think>\n\n</think>\n\n```json\n{GOOD}\n```"),
            format!("Sure! The claims {{as asked}}:\n{GOOD}\nMore {{of}} [them]?"),
            format!("I write\n```json\n{GOOD}\n```\nand that is all."),
            format!("{{\"note\": {{\"claims\": [1]}}}} {GOOD} {{\"or"),
        ];
        for content in table {
            let answer = read(&content);
            assert_eq!((answer.outcome, answer.claims.len(), answer.message), (Outcome::Ok, 1, None), "{content}");
            assert_eq!(answer.claims[0].fields.iter().count(), 1, "null is absent");
        }
        assert_eq!(read("{\"claims\": []}").outcome, Outcome::Empty);
        assert_eq!(read("[]").outcome, Outcome::Empty);
    }

    #[test]
    fn of_two_answers_the_first_counts_and_that_is_said() {
        let answer = read(&format!("{GOOD}\n{{\"claims\": []}}"));
        assert_eq!((answer.outcome, answer.claims.len()), (Outcome::Ok, 1));
        assert!(answer.message.unwrap().contains("the first counts"));
    }

    #[test]
    fn what_is_no_answer_is_malformed_and_shown_in_short() {
        let deep = format!("{{\"claims\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        let deeper = "{\"a\":".repeat(100_000);
        let table: &[(&str, &str)] = &[
            ("", "the answer is empty"),
            ("I'm sorry, but I can't help with that.", "the answer is no JSON: \"I'm sorry"),
            ("{}", "has no claims"),
            ("{\"claims\": null}", "has no claims"),
            ("{\"claims\": {}}", "claims is an object"),
            ("{\"claims\": [\"12\"]}", "claims[0] is text"),
            ("{\"claims\": [], \"claims\": []}", "duplicate field"),
            ("{\"claims\": [{\"quote\": \"12\", \"score\": NaN}]}", "not valid JSON"),
            ("{\"claims\": [{\"quote\": \"12\", \"fields\": {\"claims\": []}}, NaN]}", "not valid JSON"),
            ("{\"claims\": [{\"quote\": \"12\"}, {\"quote\": \"1", "ends in the middle"),
            ("{\"claims\": [{\"quote\": \"12\", \"score\": 7}]}", "claims[0].score"),
            ("{\"claims\": [{\"start\": 3, \"end\": 99}]}", "claims[0]"),
            ("{\"claims\": [{\"quote\": \"\\ud83d\"}]}", "claims"),
            ("<think>12", "ends in its reasoning"),
            ("```json\n{\"claims\": [\n```", "ends in the middle"),
            (&deep, "claims[0] is a list"),
            (&deeper, "ends in the middle"),
            ("\u{1b}[2J\n::error::x", "\\u{1b}[2J\\u{a}::error::x"),
        ];
        for (content, expected) in table {
            let answer = read(content);
            let message = answer.message.unwrap_or_default();
            assert_eq!(answer.outcome, Outcome::Malformed, "{message}");
            assert!(message.contains(expected) && message.len() < 400, "{expected}: {message}");
        }
    }

    #[test]
    fn an_invented_quote_is_a_claim_without_a_place() {
        let answer = read(
            "{\"claims\": [{\"start\": 0, \"end\": 9, \"quote\": \"99 purple elephants\"}, {\"start\": 0, \"end\": 2, \"quote\": \"12\"}]}",
        );
        assert_eq!((answer.located.unlocated, answer.located.exact), (1, 1));
        assert_eq!(answer.claims[0].fragments, crate::claim::Fragments::default());
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(content in ".{0,60}", cut in 0usize..200) {
            read(&content);
            let cut = GOOD.chars().take(cut).collect::<String>();
            let answer = read(&cut);
            proptest::prop_assert!(cut == GOOD || answer.outcome == Outcome::Malformed);
            read(&format!("{content}{cut}{content}"));
        }
    }
}
