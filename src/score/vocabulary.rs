//! The fields and kinds of one comparison by number: those of the schema, and those that open schemas meet in the data.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::criterion::Criterion;
use crate::claim::{Claim, Field, FieldType, Schema};

/// A field with its part in scoring.
#[derive(Clone, Debug)]
pub(super) struct FieldRule {
    pub field: Field,
    /// Whether equal values need a decimal comparison.
    pub tolerant: bool,
    /// Whether the schema has it, or a claim had it.
    pub met: bool,
    /// Whether a gold claim had it.
    pub in_gold: bool,
}

/// What matching asks of a field.
#[derive(Clone, Copy, Debug)]
pub(super) struct Comparison {
    /// In the similarity of two claims.
    pub weight: u32,
    /// Whether equal values need a decimal comparison.
    pub tolerant: bool,
    /// Place among the key fields.
    pub key: Option<u32>,
}

impl Comparison {
    fn of(rule: &FieldRule) -> Comparison {
        Comparison { weight: rule.field.weight, tolerant: rule.tolerant, key: None }
    }
}

/// Names by number. The numbers of the schema's fields and of names that were known beforehand are in the order of the names; names
/// that come with the data are numbered as they come, so that only names may decide about an order.
#[derive(Clone, Debug)]
pub(super) struct Vocabulary {
    schema: Schema,
    fields: Vec<FieldRule>,
    field_numbers: FxHashMap<String, u32>,
    key_fields: Vec<u32>,
    tolerant_key: bool,
    kinds: Vec<String>,
    kind_numbers: FxHashMap<String, u32>,
    quotes: bool,
    /// By field number, apart from the rules because matching asks for them all the time.
    comparisons: Vec<Comparison>,
    /// The last field and kind with a name like this one.
    last_fields: LastSeen,
    last_kinds: LastSeen,
}

/// For each of 64 classes of names the number of the last one that came: most names come again soon.
#[derive(Clone, Debug)]
struct LastSeen([u32; 64]);

impl LastSeen {
    fn place(name: &str) -> usize {
        let bytes = name.as_bytes();
        let (first, last) = (bytes.first().copied().unwrap_or(0), bytes.last().copied().unwrap_or(0));
        (usize::from(first) + 7 * usize::from(last) + 3 * bytes.len()) % 64
    }

    fn get(&self, name: &str) -> usize {
        self.0[LastSeen::place(name)] as usize
    }

    fn set(&mut self, name: &str, number: u32) {
        self.0[LastSeen::place(name)] = number;
    }
}

/// Names that claims have, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    pub kinds: BTreeSet<String>,
    /// Fields that the schema does not have.
    pub fields: BTreeSet<String>,
}

impl Names {
    /// The names of all claims.
    pub fn of<'a>(schema: &Schema, claims: impl Iterator<Item = &'a Claim>) -> Names {
        let mut names = Names::default();
        let mut kinds = FxHashSet::default();
        for claim in claims {
            if kinds.insert(claim.kind.as_str()) {
                names.kinds.insert(claim.kind.clone());
            }
            if schema.open_fields {
                for name in claim.fields.keys().filter(|name| schema.field(name).is_none()) {
                    if !names.fields.contains(name) {
                        names.fields.insert(name.to_owned());
                    }
                }
            }
        }
        names
    }
}

impl Vocabulary {
    /// A vocabulary of the schema and of names that are known beforehand.
    pub fn new(schema: &Schema, criteria: &[Criterion], names: &Names) -> Vocabulary {
        let kinds: BTreeSet<&String> = schema.kinds.iter().flatten().chain(&names.kinds).collect();
        let open = names.fields.iter().map(|name| Field::new(name, FieldType::Text));
        let mut fields: Vec<FieldRule> = schema.fields.iter().cloned().chain(open).map(|field| FieldRule::new(field, true)).collect();
        fields.sort_by(|a, b| a.field.name.cmp(&b.field.name));
        let mut vocabulary = Vocabulary {
            schema: schema.clone(),
            field_numbers: fields.iter().enumerate().map(|(i, f)| (f.field.name.clone(), i as u32)).collect(),
            fields,
            key_fields: Vec::new(),
            tolerant_key: false,
            kinds: kinds.iter().map(|&kind| kind.clone()).collect(),
            kind_numbers: kinds.into_iter().enumerate().map(|(i, k)| (k.clone(), i as u32)).collect(),
            quotes: criteria.contains(&Criterion::Text),
            comparisons: Vec::new(),
            last_fields: LastSeen([0; 64]),
            last_kinds: LastSeen([0; 64]),
        };
        vocabulary.comparisons = vocabulary.fields.iter().map(Comparison::of).collect();
        vocabulary.find_key_fields();
        vocabulary
    }

    /// A vocabulary that learns the names from the data. `asked` are names that settings speak of: those that are no field of the
    /// schema may become one.
    pub fn growing<'a>(schema: &Schema, criteria: &[Criterion], asked: impl Iterator<Item = &'a str>) -> Vocabulary {
        let mut vocabulary = Vocabulary::new(schema, criteria, &Names::default());
        for name in asked {
            if schema.open_fields && vocabulary.field_number(name).is_none() {
                vocabulary.add_field(name, false);
            }
        }
        vocabulary.find_key_fields();
        vocabulary
    }

    fn find_key_fields(&mut self) {
        self.key_fields = self.schema.key_fields.iter().filter_map(|name| self.field_numbers.get(name).copied()).collect();
        self.key_fields.sort_unstable();
        self.key_fields.dedup();
        for (place, &field) in self.key_fields.iter().enumerate() {
            self.comparisons[field as usize].key = Some(place as u32);
        }
        self.tolerant_key = self.key_fields.iter().any(|&field| self.is_tolerant(field));
    }

    fn add_field(&mut self, name: &str, met: bool) -> u32 {
        let number = self.fields.len() as u32;
        let rule = FieldRule::new(Field::new(name, FieldType::Text), met);
        self.comparisons.push(Comparison::of(&rule));
        self.fields.push(rule);
        self.field_numbers.insert(name.to_owned(), number);
        number
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

    /// How a field is compared.
    pub fn comparison(&self, number: u32) -> Comparison {
        self.comparisons[number as usize]
    }

    /// Whether equal values of a field need a decimal comparison.
    pub fn is_tolerant(&self, number: u32) -> bool {
        self.comparison(number).tolerant
    }

    /// Whether a key field has a tolerance.
    pub fn has_tolerant_key(&self) -> bool {
        self.tolerant_key
    }

    /// The number of a field that is known.
    pub fn field_number(&self, name: &str) -> Option<u32> {
        self.field_numbers.get(name).copied()
    }

    /// The number of a claim's field; `None` where the schema is closed and does not have it.
    pub fn meet_field(&mut self, name: &str, in_gold: bool) -> Option<u32> {
        let last = self.last_fields.get(name);
        if let Some(rule) = self.fields.get_mut(last).filter(|rule| rule.field.name == name) {
            rule.met = true;
            rule.in_gold |= in_gold;
            return Some(last as u32);
        }
        let number = match self.field_number(name) {
            Some(number) => number,
            None if self.schema.open_fields => self.add_field(name, true),
            None => return None,
        };
        self.last_fields.set(name, number);
        let rule = &mut self.fields[number as usize];
        rule.met = true;
        rule.in_gold |= in_gold;
        Some(number)
    }

    /// Numbers of the key fields, ascending.
    pub fn key_fields(&self) -> &[u32] {
        &self.key_fields
    }

    pub fn kinds(&self) -> &[String] {
        &self.kinds
    }

    pub fn kind_number(&self, kind: &str) -> Option<u32> {
        self.kind_numbers.get(kind).copied()
    }

    /// The number of a claim's kind.
    pub fn meet_kind(&mut self, kind: &str) -> u32 {
        let last = self.last_kinds.get(kind);
        if self.kinds.get(last).is_some_and(|known| known == kind) {
            return last as u32;
        }
        let number = self.kind_number(kind).unwrap_or_else(|| {
            let number = self.kinds.len() as u32;
            self.kinds.push(kind.to_owned());
            self.kind_numbers.insert(kind.to_owned(), number);
            number
        });
        self.last_kinds.set(kind, number);
        number
    }

    /// Whether a criterion compares quotes.
    pub fn compares_quotes(&self) -> bool {
        self.quotes
    }

    /// Takes over the names that another vocabulary of the same settings has met.
    pub fn learn(&mut self, other: &Vocabulary) {
        for kind in &other.kinds {
            self.meet_kind(kind);
        }
        for rule in other.fields.iter().filter(|rule| rule.met) {
            self.meet_field(&rule.field.name, rule.in_gold);
        }
    }

    /// Adds the names that came with the data.
    pub fn add_names_to(&self, names: &mut Names) {
        names.kinds.extend(self.kinds.iter().cloned());
        let open = self.fields.iter().filter(|rule| rule.met && self.schema.field(&rule.field.name).is_none());
        names.fields.extend(open.map(|rule| rule.field.name.clone()));
    }
}

impl FieldRule {
    fn new(field: Field, met: bool) -> FieldRule {
        FieldRule { tolerant: field.field_type == FieldType::Decimal && !field.tolerance.is_zero(), field, met, in_gold: false }
    }
}
