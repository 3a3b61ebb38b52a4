//! Objects key by key: the article, its claims, their fields. What has the wrong type is drained, so that the pass goes on.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::cell::{Cell, Key, SeenKeys};
use super::values::field_state;
use super::{CLAIM_KEYS, Fault, Faults, LONGEST_COLUMN};
use crate::claim::FieldState;
use crate::formats::jsonl::Reading;
use crate::formats::jsonl::record::{RawClaims, RawRow, Record};
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

pub(super) struct RecordSeed<'f, 'a> {
    pub reading: Reading,
    pub faults: &'f mut Faults<'a>,
    pub record: &'f mut Record<'a>,
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
        if !seen.has("id") {
            self.faults.wrong("id", "is missing; every line needs the id of its article, as text");
        }
        match (seen.has("claims"), &self.record.error) {
            (true, Some(_)) => self.faults.wrong("error", "stands beside claims; write one of the two"),
            // An error that cannot be read has been told already; a null in its place says nothing.
            (false, None) if !seen.has("error") || self.reading == Reading::Gold || self.faults.wrong.is_empty() => {
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
        let written = seen & 0b110;
        claim.offsets = faults.span(start, end, written);
        if reading == Reading::Gold && written == 0 && claim.quote.is_empty() && claims.open_fragments().is_empty() {
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
