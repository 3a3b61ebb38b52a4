//! `[[extractor]]` of kind `openai`: a model behind an endpoint, and how it is asked.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value as Json;
use toml::de::DeValue;

use super::extractor::path;
use crate::extract::openai::{Price, ResponseFormat};
use crate::formats::settings::{Reader, Section, Value};
use crate::report::safe::quoted;

/// A model behind `POST {base_url}/chat/completions`.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenAi {
    /// `https`, or `http` on this machine; without user, password or query.
    pub base_url: String,
    /// Name of the model.
    pub model: String,
    /// Name of the environment variable that holds the key.
    pub api_key_env: Option<String>,
    /// Path of the prompt, relative to the workspace.
    pub prompt: String,
    /// Further members of the request.
    pub params: BTreeMap<String, Json>,
    /// What it costs.
    pub price: Option<Price>,
    /// How the form of answers is asked for.
    pub response_format: ResponseFormat,
    /// Longest answer, in tokens.
    pub max_tokens: Option<u32>,
    /// Tries after the first one.
    pub max_retries: u32,
    /// Before the second try, where the endpoint names no wait.
    pub retry_base: Duration,
    /// Labelled articles for the prompt.
    pub examples: Option<Examples>,
}

/// The first articles of a split, as examples in a prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examples {
    /// Name of the split.
    pub split: String,
    /// How many, 1 to 1000.
    pub count: usize,
}

/// Members of a request that settings of their own stand for, and which.
const OWN: [(&str, &str); 8] = [
    ("model", "write `model` beside `params`"),
    ("messages", "the messages are made from `prompt`"),
    ("response_format", "write `response_format` beside `params`"),
    ("max_tokens", "write `max_tokens` beside `params`"),
    ("max_completion_tokens", "write `max_tokens` beside `params`; it is sent under this name where the endpoint wants that"),
    ("stream", "answers are not streamed"),
    ("n", "one answer is asked for; repeat runs with `assay run --repeat`"),
    ("api_key", "name the environment variable that holds it: api_key_env = \"MY_KEY\""),
];

pub(super) fn read(reader: &mut Reader<'_>, section: &mut Section<'_>) -> Option<OpenAi> {
    let base_url = reader.checked(section, "base_url", check_url);
    let model = reader.checked(section, "model", |m| if m.trim().is_empty() { Err("is empty".to_owned()) } else { Ok(()) });
    let prompt = reader.checked(section, "prompt", path);
    for (key, example) in [
        ("base_url", "base_url = \"http://127.0.0.1:8000/v1\""),
        ("model", "model = \"my-model\""),
        ("prompt", "prompt = \"prompts/claims.md\""),
    ] {
        if !section.has(key) {
            reader.missing(section, key, example);
        }
    }
    let api_key_env = reader.checked(section, "api_key_env", check_variable);
    let params = params(reader, section);
    let price = reader.table(section, "price").map(|mut inner| {
        let mut amount = |key| reader.number(&mut inner, key, 0.0..=f64::INFINITY).unwrap_or(0.0);
        let price = Price { input_per_mtok: amount("input_per_mtok"), output_per_mtok: amount("output_per_mtok") };
        reader.finish(&inner);
        price
    });
    let formats = ResponseFormat::ALL;
    let response_format =
        reader.choice(section, "response_format", &formats.map(|(name, _)| name)).map_or(formats[0].1, |at| formats[at].1);
    let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    let max_tokens = reader.integer(section, "max_tokens", 1..=10_000_000).map(small);
    let max_retries = reader.integer(section, "max_retries", 0..=100).map_or(5, small);
    let retry_base = reader.duration(section, "retry_base").unwrap_or(Duration::from_millis(500));
    let examples = examples(reader, section);
    Some(OpenAi {
        base_url: base_url?,
        model: model?,
        api_key_env,
        prompt: prompt?,
        params,
        price,
        response_format,
        max_tokens,
        max_retries,
        retry_base,
        examples,
    })
}

fn params(reader: &mut Reader<'_>, section: &mut Section<'_>) -> BTreeMap<String, Json> {
    let mut params = BTreeMap::new();
    let Some(inner) = reader.table(section, "params") else { return params };
    for (key, at, value) in inner.entries() {
        if let Some((_, instead)) = OWN.iter().find(|(own, _)| *own == key) {
            reader.error(at, format!("`{key}` in {}: {instead}", inner.name));
            continue;
        }
        match json(value) {
            Some(json) => drop(params.insert(key.to_owned(), json)),
            None => reader.error(value.span().start, format!("{} of {} has no form in JSON", quoted(key, 40), inner.name)),
        }
    }
    params
}

fn examples(reader: &mut Reader<'_>, section: &mut Section<'_>) -> Option<Examples> {
    let mut inner = reader.table(section, "examples")?;
    let split = reader.checked(&mut inner, "split", |split| {
        if split.is_empty() || split == "all" { Err("name one split, which is not the one that is scored".to_owned()) } else { Ok(()) }
    });
    let count = reader.integer(&mut inner, "count", 1..=1000);
    for (key, example) in [("split", "split = \"train\""), ("count", "count = 5")] {
        if !inner.has(key) {
            reader.missing(&inner, key, example);
        }
    }
    reader.finish(&inner);
    Some(Examples { split: split?, count: usize::try_from(count?).ok()? })
}

/// How keys of known providers begin.
const KEY_BEGINNINGS: [&str; 9] = ["sk-", "sk_", "gsk_", "ghp_", "github_pat_", "hf_", "AIza", "xai-", "nvapi-"];

/// Longer names with lower-case letters and digits are keys rather than names.
const LONGEST_ODD_NAME: usize = 24;

/// The name of a variable. It is never shown: what is wrong with it may be that it is the key itself.
fn check_variable(name: &str) -> Result<(), String> {
    let any = |is: fn(&u8) -> bool| name.as_bytes().iter().any(is);
    let is_long = name.len() > LONGEST_ODD_NAME && any(u8::is_ascii_lowercase) && any(u8::is_ascii_digit);
    if is_long || KEY_BEGINNINGS.iter().any(|begin| name.starts_with(begin)) {
        return Err(
            "looks like a key, not like the name of a variable (it is not shown); write: api_key_env = \"MY_KEY\", and export MY_KEY=…"
                .to_owned(),
        );
    }
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') && !name.is_empty() && name.len() <= 100;
    if plain { Ok(()) } else { Err("is no name of an environment variable (it is not shown, for it may be a key)".to_owned()) }
}

/// `https://host[:port][/path]`, or `http` where the host is this machine. The address itself is never shown: what is wrong with it may
/// be a key.
fn check_url(url: &str) -> Result<(), String> {
    let bad = |why: &str| Err(format!("{why}; write one such as \"http://127.0.0.1:8000/v1\""));
    let Some(rest) = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://")) else {
        return bad("the scheme is neither http nor https");
    };
    if url.chars().any(|c| c.is_control() || c.is_whitespace() || matches!(c, '{' | '}' | '\\')) {
        return bad("it holds white space, control characters, braces or backslashes; variables are not filled in");
    }
    let host = rest.split(['/', '?', '#']).next().unwrap_or("");
    if host.contains('@') {
        return bad("it holds credentials (userinfo) in front of the host");
    }
    if url.contains(['?', '#']) {
        return bad("it holds a query or fragment, where credentials would be kept");
    }
    if host.is_empty() || host.starts_with(':') {
        return bad("it has no host");
    }
    if url.starts_with("http://") && !is_this_machine(host) {
        return Err(
            "http is for this machine only (127.0.0.1, [::1], localhost): key and articles would cross the network for all to read; \
                    write https://…, or bring the port here: ssh -L 8000:127.0.0.1:8000 HOST"
                .to_owned(),
        );
    }
    Ok(())
}

fn is_this_machine(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => return rest.split_once(']').is_some_and(|(ip, _)| ip.parse().is_ok_and(|ip: std::net::Ipv6Addr| ip.is_loopback())),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse().is_ok_and(|ip: std::net::Ipv4Addr| ip.is_loopback())
}

/// A TOML value as JSON; dates, NaN and infinities have no such form.
fn json(value: &Value<'_>) -> Option<Json> {
    Some(match value.get_ref() {
        DeValue::String(text) => Json::String(text.clone().into_owned()),
        DeValue::Integer(integer) => Json::from(i64::from_str_radix(integer.as_str(), integer.radix()).ok()?),
        DeValue::Float(float) => Json::Number(serde_json::Number::from_f64(float.as_str().parse().ok()?)?),
        DeValue::Boolean(flag) => Json::Bool(*flag),
        DeValue::Datetime(_) => return None,
        DeValue::Array(items) => Json::Array(items.iter().map(json).collect::<Option<_>>()?),
        DeValue::Table(table) => Json::Object(table.iter().map(|(k, v)| Some((k.get_ref().to_string(), json(v)?))).collect::<Option<_>>()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_in_place_of_the_name_of_a_variable_is_refused_and_not_shown() {
        for good in [
            "OPENAI_API_KEY",
            "KEY2",
            "key",
            "my_key_2",
            "sketch_key",
            "A_LONG_NAME_OF_A_VARIABLE_WITH_2_DIGITS",
            "a_long_name_without_any_digit",
        ] {
            assert_eq!(check_variable(good), Ok(()), "{good}");
        }
        let keys = ["gsk_CANARY", "sk-canary", "sk_canary", "hf_canary", "AIzaCANARY", "xai-canary", "canary7890123456789012345"];
        for bad in keys {
            let why = check_variable(bad).unwrap_err();
            assert!(
                why.starts_with("looks like a key, not like the name of a variable") && !why.to_lowercase().contains("canary"),
                "{why}"
            );
        }
        assert!(check_variable("MY KEY").unwrap_err().contains("is no name"));
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for good in
            ["http://127.0.0.1:8000/v1", "http://127.8.9.1", "http://[::1]:80/v1", "http://LOCALHOST/v1", "https://api.example.com/v1"]
        {
            assert_eq!(check_url(good), Ok(()), "{good}");
        }
        for bad in
            ["http://10.0.0.1/v1", "http://localhost.evil.example/v1", "http://127.0.0.1.evil.example", "http://[::2]/", "http://0.0.0.0"]
        {
            assert!(check_url(bad).unwrap_err().contains("write https://…"), "{bad}");
        }
    }
}
