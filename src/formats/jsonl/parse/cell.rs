//! What a value or a key is, before anyone asks what it should be.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
/// A JSON value of which only the type and, for scalars, the content matter.
pub(super) enum Cell<'a> {
    Null,
    Bool,
    Whole(u64),
    Number(f64),
    Text(Cow<'a, str>),
    List,
    Object,
}

impl Cell<'_> {
    pub fn type_name(&self) -> &'static str {
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
pub(super) struct Key<'a>(pub Cow<'a, str>);

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
pub(super) struct SeenKeys<'a> {
    first: Vec<Cow<'a, str>>,
    rest: HashSet<Cow<'a, str>>,
}

impl<'a> SeenKeys<'a> {
    /// Whether the key is new.
    pub fn insert(&mut self, key: Cow<'a, str>) -> bool {
        if self.first.contains(&key) || (!self.rest.is_empty() && self.rest.contains(&key)) {
            return false;
        }
        if self.first.len() < 16 {
            self.first.push(key);
            return true;
        }
        self.rest.insert(key)
    }

    /// Whether there was a key.
    pub fn has(&self, key: &str) -> bool {
        self.first.iter().chain(&self.rest).any(|known| known == key)
    }
}
