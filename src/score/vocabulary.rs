//! The fields and kinds of one comparison by number: those of the schema, and those that open schemas meet in the data.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::criterion::Criterion;
use crate::claim::{Claim, Field, FieldType, Schema};

/// A field with its part in scoring.
#[derive(Clone, Debug)]
pub(super) struct FieldRule {
    pub field: Field,
    /// Whether equal values need a decimal comparison.
    pub tolerant: bool,
}

/// Names by number, in the order of the names, so that no number depends on the order of the data.
#[derive(Clone, Debug)]
pub(super) struct Vocabulary {
    schema: Schema,
    fields: Vec<FieldRule>,
    field_numbers: FxHashMap<String, u32>,
    key_fields: Vec<u32>,
    kinds: Vec<String>,
    kind_numbers: FxHashMap<String, u32>,
    quotes: bool,
}

impl Vocabulary {
    pub fn new<'a>(schema: &Schema, criteria: &[Criterion], claims: impl Iterator<Item = &'a Claim>) -> Vocabulary {
        let mut kinds: BTreeSet<&str> = schema.kinds.iter().flatten().map(String::as_str).collect();
        let mut open: BTreeSet<&str> = BTreeSet::new();
        for claim in claims {
            if !kinds.contains(claim.kind.as_str()) {
                kinds.insert(&claim.kind);
            }
            if schema.open_fields {
                open.extend(claim.fields.keys().map(String::as_str).filter(|name| schema.field(name).is_none()));
            }
        }
        let mut fields: Vec<FieldRule> = schema
            .fields
            .iter()
            .cloned()
            .chain(open.iter().map(|name| Field::new(name, FieldType::Text)))
            .map(|field| FieldRule { tolerant: field.field_type == FieldType::Decimal && !field.tolerance.is_zero(), field })
            .collect();
        fields.sort_by(|a, b| a.field.name.cmp(&b.field.name));
        let field_numbers: FxHashMap<String, u32> = fields.iter().enumerate().map(|(i, f)| (f.field.name.clone(), i as u32)).collect();
        let mut key_fields: Vec<u32> = schema.key_fields.iter().filter_map(|name| field_numbers.get(name).copied()).collect();
        key_fields.sort_unstable();
        key_fields.dedup();
        let kinds: Vec<String> = kinds.into_iter().map(str::to_owned).collect();
        let kind_numbers = kinds.iter().enumerate().map(|(i, k)| (k.clone(), i as u32)).collect();
        Vocabulary {
            schema: schema.clone(),
            fields,
            field_numbers,
            key_fields,
            kinds,
            kind_numbers,
            quotes: criteria.contains(&Criterion::Text),
        }
    }

    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    pub fn fields(&self) -> &[FieldRule] {
        &self.fields
    }

    pub fn field(&self, number: u32) -> &FieldRule {
        &self.fields[number as usize]
    }

    pub fn field_number(&self, name: &str) -> Option<u32> {
        self.field_numbers.get(name).copied()
    }

    /// Numbers of the key fields, ascending.
    pub fn key_fields(&self) -> &[u32] {
        &self.key_fields
    }

    pub fn kinds(&self) -> &[String] {
        &self.kinds
    }

    /// The number of a kind that was among the claims that the vocabulary was made from.
    pub fn kind_number(&self, kind: &str) -> u32 {
        self.kind_numbers.get(kind).copied().unwrap_or(u32::MAX)
    }

    /// Whether a criterion compares quotes.
    pub fn compares_quotes(&self) -> bool {
        self.quotes
    }
}
