//! One line to one record, in one pass over its bytes; what is wrong with a value does not stop the pass.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::Reading;
use super::plain;
use super::record::{RawClaims, RawRow, Record, RecordedError};
use crate::claim::{ClaimStatus, FieldState, decimal};

/// The keys of a claim.
pub const CLAIM_KEYS: [&str; 11] =
    ["id", "start", "end", "fragments", "quote", "prefix", "suffix", "kind", "fields", "score", "tracking_id"];

/// Longer values of unknown article keys are not kept as columns.
pub(super) const LONGEST_COLUMN: usize = 200;

/// One thing that is wrong with a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fault {
    /// Which claim, 0-based.
    pub claim: Option<usize>,
    /// Which key.
    pub key: Option<String>,
    /// Byte of the line, 0-based, where the JSON itself is broken.
    pub byte: Option<usize>,
    /// What is wrong, and what would be right.
    pub message: String,
}

/// What one line has to say beside its record.
#[derive(Debug, Default)]
pub struct Faults<'a> {
    /// What makes the line unusable; empty for a good line.
    pub wrong: Vec<Fault>,
    /// Unknown keys of its claims.
    pub odd_keys: Vec<String>,
    /// The id, as far as the line could be read.
    pub id: Option<Cow<'a, str>>,
    /// The claim that is being read.
    claim: Option<usize>,
}

impl Faults<'_> {
    fn wrong(&mut self, key: &str, message: impl Into<String>) {
        self.wrong.push(Fault { claim: self.claim, key: Some(key.to_owned()), byte: None, message: message.into() });
    }
}

/// Reads one line that holds one JSON object. `None` when anything is wrong with it; `faults` says what.
pub fn parse_line<'a>(line: &'a str, reading: Reading, faults: &mut Faults<'a>) -> Option<Record<'a>> {
    let mut record = Record::default();
    parse_into(line, reading, &mut record, faults).then_some(record)
}

/// As [`parse_line`], into a record whose buffers are used again. `false` when anything is wrong with the line.
pub fn parse_into<'a>(line: &'a str, reading: Reading, record: &mut Record<'a>, faults: &mut Faults<'a>) -> bool {
    record.clear();
    if plain::read_line(line, reading, record).is_some() {
        return true;
    }
    record.clear();
    parse_any(line, reading, record, faults)
}

/// Reads a line of any form.
pub(super) fn parse_any<'a>(line: &'a str, reading: Reading, record: &mut Record<'a>, faults: &mut Faults<'a>) -> bool {
    let mut json = serde_json::Deserializer::from_str(line);
    let parsed = RecordSeed { reading, faults, record }.deserialize(&mut json).and_then(|()| json.end());
    if let Err(error) = parsed {
        let fault = Fault { claim: faults.claim, byte: Some(error.column().saturating_sub(1)), message: syntax(&error, line), key: None };
        faults.wrong.push(fault);
    }
    faults.wrong.is_empty()
}

fn syntax(error: &serde_json::Error, line: &str) -> String {
    let start = line.trim_start();
    if start.starts_with('[') {
        return "this is a JSON array; write JSONL: one object per line, one line an article".to_owned();
    }
    if error.is_eof() {
        return "the line ends in the middle of its object (truncated?); write one object per line".to_owned();
    }
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or(&text);
    if start.starts_with('{') {
        format!("not valid JSON: {text}")
    } else {
        format!("not valid JSON: {text}; write one object per line and nothing else")
    }
}

/// A JSON value of which only the type and, for scalars, the content matter.
enum Cell<'a> {
    Null,
    Bool,
    Whole(u64),
    Number(f64),
    Text(Cow<'a, str>),
    List,
    Object,
}

impl Cell<'_> {
    fn type_name(&self) -> &'static str {
        match self {
            Cell::Null => "null",
            Cell::Bool => "true or false",
            Cell::Whole(_) | Cell::Number(_) => "a number",
            Cell::Text(_) => "text",
            Cell::List => "a list",
            Cell::Object => "an object",
        }
    }
}

impl<'de> Deserialize<'de> for Cell<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyCell;
        impl<'de> Visitor<'de> for AnyCell {
            type Value = Cell<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }
            fn visit_unit<E>(self) -> Result<Cell<'de>, E> {
                Ok(Cell::Null)
            }
            fn visit_bool<E>(self, _: bool) -> Result<Cell<'de>, E> {
                Ok(Cell::Bool)
            }
            fn visit_u64<E>(self, value: u64) -> Result<Cell<'de>, E> {
                Ok(Cell::Whole(value))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Cell<'de>, E> {
                Ok(Cell::Number(value as f64))
            }
            fn visit_f64<E>(self, value: f64) -> Result<Cell<'de>, E> {
                Ok(Cell::Number(value))
            }
            fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Cell<'de>, E> {
                Ok(Cell::Text(Cow::Borrowed(value)))
            }
            fn visit_str<E>(self, value: &str) -> Result<Cell<'de>, E> {
                Ok(Cell::Text(Cow::Owned(value.to_owned())))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Cell<'de>, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Cell::List)
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Cell<'de>, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Cell::Object)
            }
        }
        deserializer.deserialize_any(AnyCell)
    }
}

/// A key; escapes in it are the same key.
struct Key<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyKey;
        impl<'de> Visitor<'de> for AnyKey {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(key)))
            }
            fn visit_str<E>(self, key: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(key.to_owned())))
            }
        }
        deserializer.deserialize_str(AnyKey)
    }
}

/// Keys that an object has had. A short list is searched, a long one (hostile, or a table in disguise) is hashed.
#[derive(Default)]
struct SeenKeys<'a> {
    first: Vec<Cow<'a, str>>,
    rest: HashSet<Cow<'a, str>>,
}

impl<'a> SeenKeys<'a> {
    /// Whether the key is new.
    fn insert(&mut self, key: Cow<'a, str>) -> bool {
        if self.first.contains(&key) || (!self.rest.is_empty() && self.rest.contains(&key)) {
            return false;
        }
        if self.first.len() < 16 {
            self.first.push(key);
            return true;
        }
        self.rest.insert(key)
    }
}

/// The methods of a visitor for every type that it does not want: the value is drained and `self.other(type)` decides.
macro_rules! other_types {
    ($expecting:literal) => {
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str($expecting)
        }
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(self.other("null"))
        }
        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
            Ok(self.other("true or false"))
        }
        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
            Ok(self.other("a number"))
        }
        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
            Ok(self.other("a number"))
        }
        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
            Ok(self.other("a number"))
        }
        fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
            Ok(self.other("text"))
        }
    };
}

macro_rules! lists_are_other {
    () => {
        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            Ok(self.other("a list"))
        }
    };
}

struct RecordSeed<'f, 'a> {
    reading: Reading,
    faults: &'f mut Faults<'a>,
    record: &'f mut Record<'a>,
}

impl RecordSeed<'_, '_> {
    fn other(self, found: &str) {
        let found = if found == "a list" { "a JSON array" } else { found };
        let message = format!("the line is {found}; write JSONL: one object {{\"id\": …, \"claims\": […]}} per line");
        self.faults.wrong.push(Fault { message, ..Fault::default() });
    }

    fn text<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<Option<Cow<'de, str>>, A::Error> {
        Ok(self.faults.text(key, map.next_value()?))
    }
}

impl<'de> DeserializeSeed<'de> for RecordSeed<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for RecordSeed<'_, 'de> {
    type Value = ();

    other_types!("an object");
    lists_are_other!();

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let mut seen = SeenKeys::default();
        let mut id = None;
        while let Some(Key(key)) = map.next_key()? {
            if !seen.insert(key.clone()) {
                self.faults.wrong(&key, "duplicate key; write it once");
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            match &*key {
                "id" => {
                    id = self.faults.id(map.next_value()?);
                    self.faults.id.clone_from(&id);
                }
                "claims" => {
                    map.next_value_seed(ClaimsSeed { reading: self.reading, faults: self.faults, claims: &mut self.record.claims })?;
                }
                "error" if self.reading == Reading::Predictions => self.record.error = self.faults.error_record(map.next_value()?),
                "lang" => self.record.lang = self.text("lang", &mut map)?,
                "title" => self.record.title = self.text("title", &mut map)?,
                "published_at" => self.record.published_at = self.text("published_at", &mut map)?,
                "publisher" => self.record.publisher = self.text("publisher", &mut map)?,
                "url" => self.record.url = self.text("url", &mut map)?,
                "text" => self.record.text = self.text("text", &mut map)?,
                // It decides what is resampled together, so that none of it is left out in silence.
                "group_id" if self.reading == Reading::Gold => {
                    let group = self.faults.group(map.next_value()?);
                    self.record.columns.extend(group.map(|group| (key, group)));
                }
                _ => {
                    if let Cell::Text(value) = map.next_value()?
                        && value.len() <= LONGEST_COLUMN
                    {
                        self.record.columns.push((key, value));
                    }
                }
            }
        }
        let has = |key: &str| seen.first.iter().chain(&seen.rest).any(|k| k == key);
        if !has("id") {
            self.faults.wrong("id", "is missing; every line needs the id of its article, as text");
        }
        match (has("claims"), &self.record.error) {
            (true, Some(_)) => self.faults.wrong("error", "stands beside claims; write one of the two"),
            // An error that cannot be read has been told already; a null in its place says nothing.
            (false, None) if !has("error") || self.reading == Reading::Gold || self.faults.wrong.is_empty() => {
                self.faults.wrong("claims", "is missing; write \"claims\": [] where there is none");
            }
            _ => {}
        }
        self.record.id = id.unwrap_or_default();
        Ok(())
    }
}

struct ClaimsSeed<'f, 'a> {
    reading: Reading,
    faults: &'f mut Faults<'a>,
    claims: &'f mut RawClaims<'a>,
}

impl ClaimsSeed<'_, '_> {
    fn other(self, found: &str) {
        self.faults.wrong("claims", format!("is {found}; write a list of claims, [] where there is none"));
    }
}

impl<'de> DeserializeSeed<'de> for ClaimsSeed<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ClaimsSeed<'_, 'de> {
    type Value = ();

    other_types!("a list of claims");

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        self.other("an object");
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        for index in 0.. {
            self.faults.claim = Some(index);
            let seed = ClaimSeed { reading: self.reading, faults: self.faults, claims: self.claims };
            if seq.next_element_seed(seed)?.is_none() {
                break;
            }
        }
        self.faults.claim = None;
        Ok(())
    }
}

struct ClaimSeed<'f, 'a> {
    reading: Reading,
    faults: &'f mut Faults<'a>,
    claims: &'f mut RawClaims<'a>,
}

impl ClaimSeed<'_, '_> {
    fn other(self, found: &str) {
        let message = format!("is {found}; write an object such as {{\"start\": 0, \"end\": 4, \"quote\": \"…\", \"kind\": \"…\"}}");
        self.faults.wrong.push(Fault { claim: self.faults.claim, message, ..Fault::default() });
    }
}

impl<'de> DeserializeSeed<'de> for ClaimSeed<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ClaimSeed<'_, 'de> {
    type Value = ();

    other_types!("a claim");
    lists_are_other!();

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let ClaimSeed { reading, faults, claims } = self;
        let mut claim = RawRow::default();
        let (mut start, mut end) = (None, None);
        let mut seen = 0u16;
        let mut odd_keys = SeenKeys::default();
        while let Some(Key(key)) = map.next_key()? {
            let new = match CLAIM_KEYS.iter().position(|known| *known == key) {
                Some(known) => {
                    let before = seen;
                    seen |= 1 << known;
                    before != seen
                }
                None => odd_keys.insert(key.clone()),
            };
            if !new {
                faults.wrong(&key, "duplicate key; write it once");
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            match &*key {
                "start" => start = faults.offset("start", map.next_value()?),
                "end" => end = faults.offset("end", map.next_value()?),
                "fragments" => claims.push_fragments(faults.fragments(map.next_value()?)),
                "quote" => claim.quote = faults.text("quote", map.next_value()?).unwrap_or_default(),
                "prefix" => claim.prefix = faults.text("prefix", map.next_value()?).unwrap_or_default(),
                "suffix" => claim.suffix = faults.text("suffix", map.next_value()?).unwrap_or_default(),
                "id" => claim.id = faults.text("id", map.next_value()?).unwrap_or_default(),
                "kind" => claim.kind = faults.text("kind", map.next_value()?).unwrap_or_default(),
                "tracking_id" => claim.tracking_id = faults.text("tracking_id", map.next_value()?).unwrap_or_default(),
                "score" => claim.score = faults.score(map.next_value()?),
                "status" if reading == Reading::Gold => claim.status = faults.status(map.next_value()?),
                "tags" if reading == Reading::Gold => claims.push_tags(faults.tags(map.next_value()?)),
                "fields" => map.next_value_seed(FieldsSeed { reading, faults, claims })?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    faults.odd_keys.push(key.into_owned());
                }
            }
        }
        claim.offsets = faults.span(start, end, seen & 0b110);
        if reading == Reading::Gold && claim.offsets.is_none() && claim.quote.is_empty() && claims.open_fragments().is_empty() {
            faults.wrong("start", "is missing; a gold claim needs start and end, or a quote that occurs once");
        }
        claims.push(claim);
        Ok(())
    }
}

struct FieldsSeed<'f, 'a> {
    reading: Reading,
    faults: &'f mut Faults<'a>,
    claims: &'f mut RawClaims<'a>,
}

impl FieldsSeed<'_, '_> {
    fn other(self, found: &str) {
        if found != "null" || self.reading == Reading::Gold {
            self.faults.wrong("fields", format!("is {found}; write an object of field names and values"));
        }
    }
}

impl<'de> DeserializeSeed<'de> for FieldsSeed<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for FieldsSeed<'_, 'de> {
    type Value = ();

    other_types!("an object of fields");
    lists_are_other!();

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut seen = SeenKeys::default();
        while let Some(Key(name)) = map.next_key()? {
            let value: &RawValue = map.next_value()?;
            if !seen.insert(name.clone()) {
                self.faults.wrong(&format!("fields.{name}"), "duplicate key; write it once");
                continue;
            }
            match field_state(value.get(), self.reading).map_err(A::Error::custom)? {
                Ok(FieldState::Absent) if self.reading == Reading::Predictions => {}
                Ok(state) => self.claims.push_field((name, state)),
                Err(message) => self.faults.wrong(&format!("fields.{name}"), message),
            }
        }
        Ok(())
    }
}

/// The state that a field's JSON value gives. The outer error is broken JSON, the inner one a value that no field has.
pub(super) fn field_state(json: &str, reading: Reading) -> Result<Result<FieldState<Cow<'_, str>>, String>, String> {
    let gold = reading == Reading::Gold;
    let present = |value| Ok(Ok(FieldState::Present(value)));
    match json.as_bytes().first() {
        Some(b'"') => {
            let text = unescaped(json)?;
            match (text.is_empty(), gold) {
                (false, _) => present(text),
                (true, false) => Ok(Ok(FieldState::Absent)),
                (true, true) => Ok(Err("is empty; write null where the text does not give it, or leave the key out".to_owned())),
            }
        }
        Some(b'n') => Ok(Ok(FieldState::Absent)),
        Some(b't' | b'f') => present(Cow::Borrowed(json)),
        Some(b'[') => match serde_json::from_str::<Vec<String>>(json) {
            Ok(items) if items.is_empty() => Ok(Ok(FieldState::Absent)),
            Ok(items) => present(Cow::Owned(serde_json::to_string(&items).map_err(|e| e.to_string())?)),
            Err(_) => Ok(Err("is a list of other things than text; write text, a number, true, false, null or a list of texts".to_owned())),
        },
        Some(b'{') => Ok(Err("is an object; write text, a number, true, false, null or a list of texts".to_owned())),
        _ => match decimal::from_json_number(json) {
            Ok(number) => present(number),
            Err(error) if gold => Ok(Err(error.to_string())),
            // A prediction that no gold value can equal is wrong, not unreadable.
            Err(_) => present(Cow::Borrowed(json)),
        },
    }
}

/// The text of a JSON string that the parser has passed over once.
fn unescaped(json: &str) -> Result<Cow<'_, str>, String> {
    let inner = &json[1..json.len() - 1];
    if memchr::memchr(b'\\', inner.as_bytes()).is_none() {
        return Ok(Cow::Borrowed(inner));
    }
    serde_json::from_str(json).map(Cow::Owned).map_err(|e| e.to_string())
}

/// Checks of single values. Each says what is wrong and gives nothing then.
impl Faults<'_> {
    fn text<'a>(&mut self, key: &str, cell: Cell<'a>) -> Option<Cow<'a, str>> {
        match cell {
            Cell::Text(text) => Some(text),
            Cell::Null => None,
            other => {
                self.wrong(key, format!("is {}; write text", other.type_name()));
                None
            }
        }
    }

    fn group<'a>(&mut self, cell: Cell<'a>) -> Option<Cow<'a, str>> {
        match cell {
            Cell::Whole(number) => Some(number.to_string().into()),
            other => self.text("group_id", other),
        }
    }

    fn id<'a>(&mut self, cell: Cell<'a>) -> Option<Cow<'a, str>> {
        match cell {
            Cell::Text(id) if !id.is_empty() => Some(id),
            Cell::Text(_) => {
                self.wrong("id", "is empty; write the id of the article");
                None
            }
            other => {
                self.wrong("id", format!("is {}; write the id of the article as text, such as \"a1\"", other.type_name()));
                None
            }
        }
    }

    fn offset(&mut self, key: &str, cell: Cell<'_>) -> Option<u32> {
        let message = match cell {
            Cell::Whole(offset) => match u32::try_from(offset) {
                Ok(offset) => return Some(offset),
                Err(_) => format!("is {offset}; no text is that long"),
            },
            Cell::Number(number) if number < 0.0 => "is negative; offsets count from 0".to_owned(),
            Cell::Number(number) => format!("is {number}; write a whole number below 4294967296, without point or exponent"),
            Cell::Null => "is null; leave the key out and give the quote where the place is not known".to_owned(),
            other => format!("is {}; write a whole number", other.type_name()),
        };
        self.wrong(key, message);
        None
    }

    /// `written` tells which of the two keys are there.
    fn span(&mut self, start: Option<u32>, end: Option<u32>, written: u16) -> Option<(u32, u32)> {
        match (start, end) {
            (Some(start), Some(end)) if start < end => Some((start, end)),
            (Some(start), Some(end)) => {
                let what = if start == end { "is empty" } else { "is reversed" };
                self.wrong("end", format!("the span from start {start} to end {end} {what}; end is one past the last code point"));
                None
            }
            _ => {
                if written == 0b010 {
                    self.wrong("end", "is missing beside start");
                } else if written == 0b100 {
                    self.wrong("start", "is missing beside end");
                }
                None
            }
        }
    }

    fn fragments(&mut self, json: &RawValue) -> Vec<(u32, u32)> {
        if json.get() == "null" {
            return Vec::new();
        }
        match serde_json::from_str::<Vec<(u32, u32)>>(json.get()) {
            Ok(pairs) => match pairs.iter().find(|(start, end)| start >= end) {
                None => pairs,
                Some((start, end)) => {
                    self.wrong("fragments", format!("the span from {start} to {end} is empty or reversed"));
                    Vec::new()
                }
            },
            Err(_) => {
                self.wrong("fragments", "is not a list of [start, end] pairs of whole numbers, such as [[0, 4], [9, 12]]");
                Vec::new()
            }
        }
    }

    fn status(&mut self, cell: Cell<'_>) -> ClaimStatus {
        let status = self.text("status", cell).unwrap_or_default().parse();
        status.unwrap_or_else(|message: String| {
            self.wrong("status", message);
            ClaimStatus::Gold
        })
    }

    fn tags(&mut self, json: &RawValue) -> Vec<String> {
        serde_json::from_str::<Option<Vec<String>>>(json.get()).map(Option::unwrap_or_default).unwrap_or_else(|_| {
            self.wrong("tags", "is not a list of texts, such as [\"must-find\"]");
            Vec::new()
        })
    }

    fn score(&mut self, cell: Cell<'_>) -> Option<f64> {
        let message = match cell {
            Cell::Null => return None,
            Cell::Whole(score) if score <= 1 => return Some(score as f64),
            // Adding zero makes -0.0 a plain 0.
            Cell::Number(score) if (0.0..=1.0).contains(&score) => return Some(score + 0.0),
            Cell::Whole(_) | Cell::Number(_) => "is outside of 0 to 1; a score is a confidence, 1 being certain".to_owned(),
            other => format!("is {}; write a number from 0 to 1", other.type_name()),
        };
        self.wrong("score", message);
        None
    }

    fn error_record(&mut self, json: &RawValue) -> Option<RecordedError> {
        #[derive(Deserialize)]
        struct ErrorRecord {
            #[serde(default)]
            kind: String,
            #[serde(default)]
            message: String,
        }
        if let Ok(ErrorRecord { kind, message }) = serde_json::from_str(json.get()) {
            return Some(RecordedError { kind, message });
        }
        match serde_json::from_str::<Option<String>>(json.get()) {
            Ok(Some(message)) => Some(RecordedError { kind: String::new(), message }),
            Ok(None) => None,
            Err(_) => {
                self.wrong("error", "write {\"kind\": \"timeout\", \"message\": \"…\"}");
                None
            }
        }
    }
}
