//! The fixed reference of reading: serde_json with derived structs that borrow what they can and hold every key that the format has,
//! whatever the names of fields are. It checks less than our reader: unknown and doubled keys, spans and scores go through.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
#[expect(dead_code, reason = "read, and that is all")]
struct Article<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    lang: Option<Cow<'a, str>>,
    #[serde(borrow)]
    text: Option<Cow<'a, str>>,
    #[serde(borrow)]
    claims: Vec<Claim<'a>>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "read, and that is all")]
struct Claim<'a> {
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    start: Option<u32>,
    end: Option<u32>,
    fragments: Option<Vec<(u32, u32)>>,
    #[serde(borrow)]
    quote: Option<Cow<'a, str>>,
    #[serde(borrow)]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    fields: BTreeMap<Cow<'a, str>, &'a RawValue>,
    score: Option<f64>,
    #[serde(borrow)]
    tracking_id: Option<Cow<'a, str>>,
}

/// Reads each line; the number of claims.
pub fn claims(text: &str) -> usize {
    text.lines().map(|line| std::hint::black_box(serde_json::from_str::<Article<'_>>(line).unwrap()).claims.len()).sum()
}
