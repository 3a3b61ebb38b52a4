//! What a command wrote, as the record of its article.
//!
//! `{"claims":[…]}`, a list of claims, or claims one after the other (a line each, or over several lines) are taken.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Deserializer;
use serde_json::value::RawValue;

use crate::extract::answer::Outcome;
use crate::formats::jsonl::SHOWN;
use crate::report::safe::quoted;

/// Why an output is no answer.
pub(super) type Unusable = (Outcome, String);

/// The keys that tell an answer and a claim from something else.
#[derive(Default, Deserialize)]
struct Keys<'a> {
    #[serde(borrow, default)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    claims: Option<&'a RawValue>,
    #[serde(borrow, default)]
    error: Option<&'a RawValue>,
    #[serde(borrow, default)]
    quote: Option<&'a RawValue>,
    #[serde(borrow, default)]
    start: Option<&'a RawValue>,
    #[serde(borrow, default)]
    fragments: Option<&'a RawValue>,
}

/// The output as one object with the article's id, as a process would have written it.
///
/// # Errors
/// When it cannot be one.
pub(super) fn record(id: &str, output: &[u8]) -> Result<String, Unusable> {
    let malformed = |why: String| (Outcome::Malformed, why);
    let output = output.strip_prefix("\u{feff}".as_bytes()).unwrap_or(output);
    let text = std::str::from_utf8(output).map_err(|error| {
        malformed(format!(
            "byte {} of its output is not UTF-8: {}",
            error.valid_up_to() + 1,
            quoted(&String::from_utf8_lossy(output), SHOWN)
        ))
    })?;
    let mut values = Vec::new();
    for value in Deserializer::from_str(text).into_iter::<&RawValue>() {
        values.push(value.map_err(|error| malformed(not_json(text, &error)))?.get());
    }
    let named = serde_json::to_string(id).unwrap_or_default();
    let of_claims = |claims: &str| format!("{{\"id\":{named},\"claims\":{claims}}}");
    match values.as_slice() {
        [] => Err((Outcome::NotAnswered, "the program wrote nothing; an article without claims is answered with []".to_owned())),
        [list] if list.starts_with('[') => Ok(of_claims(list)),
        [object] if object.starts_with('{') => {
            // Two keys of one name, or an id that is no text: the reader of records says it better.
            let keys: Keys<'_> = serde_json::from_str(object).unwrap_or_default();
            match &keys.id {
                _ if is_claim(&keys) => Ok(of_claims(&format!("[{object}]"))),
                Some(other) if other != id => {
                    Err(malformed(format!("it answers for {} and was asked for {}", quoted(other, SHOWN), quoted(id, SHOWN))))
                }
                Some(_) => Ok((*object).to_owned()),
                None if object[1..].trim_start().starts_with('}') => Ok(format!("{{\"id\":{named}}}")),
                None => Ok(format!("{{\"id\":{named},{}", &object[1..])),
            }
        }
        [other] => Err(malformed(format!(
            "its output is {}; write {{\"claims\": […]}}, a list of claims, or a claim a line",
            quoted(other, SHOWN)
        ))),
        several => {
            let no_claim = several.iter().find(|value| !serde_json::from_str(value).is_ok_and(|keys| is_claim(&keys)));
            match no_claim {
                None => Ok(of_claims(&format!("[{}]", several.join(",")))),
                Some(value) => Err(malformed(format!(
                    "its output is {} values, and {} is no claim; write one answer, or a claim a line",
                    several.len(),
                    quoted(value, SHOWN)
                ))),
            }
        }
    }
}

fn is_claim(keys: &Keys<'_>) -> bool {
    keys.claims.is_none() && keys.error.is_none() && (keys.quote.is_some() || keys.start.is_some() || keys.fragments.is_some())
}

fn not_json(text: &str, error: &serde_json::Error) -> String {
    if error.is_eof() {
        return format!("its output ends in the middle of its JSON: {}", quoted(text.trim_start(), SHOWN));
    }
    let line = text.lines().nth(error.line().saturating_sub(1)).unwrap_or_default();
    let line = quoted(line, SHOWN);
    format!(
        "line {} of its output is not JSON: {line}; standard output carries the claims and nothing else, messages go to standard error",
        error.line()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_claims_is_one_record() {
        let one = r#"{"quote":"12"}"#;
        for (output, expected) in [
            (r#"{"claims":[]}"#, r#"{"id":"a\"1","claims":[]}"#),
            ("\u{feff}{\n  \"claims\": []\n}\r\n", "{\"id\":\"a\\\"1\",\n  \"claims\": []\n}"),
            (r#"{"id":"a\"1","claims":[]}"#, r#"{"id":"a\"1","claims":[]}"#),
            (r#"{"error":"no"}"#, r#"{"id":"a\"1","error":"no"}"#),
            ("[]\n", r#"{"id":"a\"1","claims":[]}"#),
            (one, r#"{"id":"a\"1","claims":[{"quote":"12"}]}"#),
            ("{\"quote\":\"12\"}\n\n{\"start\":1,\"end\":2}\n", r#"{"id":"a\"1","claims":[{"quote":"12"},{"start":1,"end":2}]}"#),
            (r#"{"id":"c1","quote":"12"}"#, r#"{"id":"a\"1","claims":[{"id":"c1","quote":"12"}]}"#),
            ("{}", r#"{"id":"a\"1"}"#),
        ] {
            assert_eq!(record("a\"1", output.as_bytes()), Ok(expected.to_owned()), "{output}");
        }
    }

    #[test]
    fn what_is_no_answer_is_told() {
        for (output, outcome, mention) in [
            (&b""[..], Outcome::NotAnswered, "wrote nothing"),
            (b" \n\r\n", Outcome::NotAnswered, "answered with []"),
            (b"Loading model\n[]", Outcome::Malformed, "standard output carries the claims"),
            (b"[{\"quote\":", Outcome::Malformed, "ends in the middle"),
            (b"12", Outcome::Malformed, "a claim a line"),
            (b"\"12\"\n\"13\"", Outcome::Malformed, "is no claim"),
            (b"{\"claims\":[]}{\"claims\":[]}", Outcome::Malformed, "2 values"),
            (b"{\"id\":\"b\",\"claims\":[]}", Outcome::Malformed, "answers for \"b\""),
            (b"[\"\xff\"]", Outcome::Malformed, "byte 3 of its output is not UTF-8"),
        ] {
            let (found, why) = record("a", output).unwrap_err();
            assert!(found == outcome && why.contains(mention), "{found}: {why}");
        }
    }
}
