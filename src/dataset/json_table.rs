//! The same tables as JSONL: one flat object a line, the column names as keys.
//!
//! Numbers keep their digits, `null` is an empty cell, lists become JSON array text, `true` and `false` are words.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::claim::nearest;
use crate::files;
use crate::formats::table::{Expected, Table};
use crate::problem::{Problems, Rule};
use crate::report::safe::quoted;

/// Reads a JSONL file into a table. `None` when it is no text at all.
pub(super) fn read(file: &str, bytes: Vec<u8>, expected: Expected<'_>, problems: &mut Problems) -> Option<Table> {
    let text = match files::utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let line = if let files::FileError::NotUtf8 { line, .. } = error { line } else { 0 };
            problems.add(file, line, "", Rule::Table, error.to_string());
            return None;
        }
    };
    let mut records = Vec::new();
    for (at, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let number = at as u64 + 1;
        if line.trim().is_empty() {
            continue;
        }
        match record(line) {
            Ok(cells) => {
                let missing: Vec<&str> = expected.needed.iter().copied().filter(|k| !cells.contains_key(*k)).collect();
                if missing.is_empty() {
                    records.push((number, cells));
                } else {
                    problems.add(file, number, missing[0], Rule::Table, format!("the record lacks {}", missing.join(", ")));
                }
            }
            Err(message) => problems.add(file, number, "", Rule::Table, message),
        }
    }
    let names: BTreeSet<&str> = records.iter().flat_map(|(_, cells)| cells.keys().map(String::as_str)).collect();
    let mut columns: Vec<String> = expected.needed.iter().map(|n| (*n).to_owned()).collect();
    for name in expected.known.iter().copied().filter(|n| names.contains(n)).chain(names.iter().copied()) {
        if !columns.iter().any(|c| c == name) {
            columns.push(name.to_owned());
        }
    }
    let is_known = |name: &str| expected.needed.contains(&name) || expected.known.contains(&name);
    if !expected.open {
        for name in names.iter().copied().filter(|n| !is_known(n)) {
            let line = records.iter().find(|(_, cells)| cells.contains_key(name)).map_or(0, |(line, _)| *line);
            let near = nearest(name, expected.needed.iter().chain(expected.known).copied()).map(|n| format!(" (did you mean {n}?)"));
            let message = format!("unknown key {}{}: it is kept, and never scored", quoted(name, 40), near.unwrap_or_default());
            problems.add(file, line, name, Rule::UnknownColumn, message);
        }
    }
    let rows: Vec<(u64, Vec<String>)> = records
        .into_iter()
        .map(|(line, mut cells)| (line, columns.iter().map(|c| cells.remove(c).unwrap_or_default()).collect()))
        .collect();
    Some(Table::from_rows(file, columns, rows))
}

fn record(line: &str) -> Result<BTreeMap<String, String>, String> {
    let Record(pairs) = serde_json::from_str(line).map_err(|error| format!("not valid JSON: {error}"))?;
    let mut cells = BTreeMap::new();
    for (key, value) in pairs {
        if matches!(key.as_str(), "text" | "article_id" | "claim_id" | "quote") && !value.get().starts_with('"') {
            return Err(format!("{key} is not a string"));
        }
        let cell = cell(value.get()).map_err(|message| format!("{}: {message}", quoted(&key, 40)))?;
        if cells.insert(key.clone(), cell).is_some() {
            return Err(format!("duplicate key {}", quoted(&key, 40)));
        }
    }
    Ok(cells)
}

fn cell(json: &str) -> Result<String, String> {
    match json.as_bytes().first() {
        Some(b'"') => serde_json::from_str::<String>(json).map_err(|error| error.to_string()),
        Some(b'n') => Ok(String::new()),
        Some(b'[') => match serde_json::from_str::<Vec<String>>(json) {
            Ok(_) => Ok(json.to_owned()),
            Err(_) => Err("a list must hold strings only".to_owned()),
        },
        Some(b'{') => Err("an object; values are strings, numbers, true, false, null or lists of strings".to_owned()),
        Some(b'-' | b'0'..=b'9') => Ok(crate::claim::decimal::from_json_number(json).map_or_else(|_| json.to_owned(), Cow::into_owned)),
        _ => Ok(json.to_owned()),
    }
}

/// The pairs of an object, in order and with doubled keys.
struct Record(Vec<(String, Box<RawValue>)>);

impl<'de> serde::Deserialize<'de> for Record {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Record;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Record, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Record(pairs))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}
