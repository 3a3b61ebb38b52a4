//! What answers hold that a dataset's schema does not know, told once for all of them.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Answer;
use super::told::Told;
use crate::claim::{Field, FieldType, Schema, nearest};
use crate::report::safe::{quoted, shown};

/// Oddities that are told one by one.
const MOST: usize = 12;

/// A sentence for each kind, field and value that can never be right: how many claims have it, and what would be right.
///
/// Nothing is left out of scoring for it. Kinds are checked where the schema closes them, values where they have a fixed form
/// (enums, booleans, periods, and decimals unless `local_numbers`).
pub fn oddities(schema: &Schema, answers: &[Answer], local_numbers: bool) -> Vec<String> {
    let fields: FxHashMap<&str, &Field> = schema.fields.iter().map(|field| (field.name.as_str(), field)).collect();
    let kinds: Option<FxHashSet<&str>> = schema.kinds.as_ref().map(|kinds| kinds.iter().map(String::as_str).collect());
    let mut oddities = Oddities::default();
    for claim in answers.iter().flat_map(|answer| &answer.claims) {
        if kinds.as_ref().is_some_and(|known| !claim.kind.is_empty() && !known.contains(claim.kind.as_str())) {
            *oddities.kinds.entry(claim.kind.clone()).or_default() += 1;
        }
        for (name, state) in &claim.fields {
            match (fields.get(name.as_str()), state.into_present()) {
                (Some(field), Some(written)) if has_fixed_form(field, local_numbers) && !schema.is_value(field, written) => {
                    oddities.count_value(field, written, local_numbers);
                }
                (None, _) if !schema.open_fields => *oddities.fields.entry(name.to_string()).or_default() += 1,
                _ => {}
            }
        }
    }
    oddities.lines(schema)
}

/// Whether a text can be no value of a field at all.
fn has_fixed_form(field: &Field, local_numbers: bool) -> bool {
    match field.field_type {
        FieldType::Decimal => !local_numbers,
        FieldType::Enum | FieldType::Bool | FieldType::Period => true,
        FieldType::Text | FieldType::List => false,
    }
}

/// Counts of what can never be right.
#[derive(Clone, Debug)]
pub struct Oddities {
    kinds: BTreeMap<String, u64>,
    fields: BTreeMap<String, u64>,
    /// By field and written value.
    values: Told<(String, String), u64>,
}

impl Default for Oddities {
    fn default() -> Self {
        Oddities { kinds: BTreeMap::new(), fields: BTreeMap::new(), values: Told::new(MOST) }
    }
}

impl Oddities {
    /// Counts a text that is no value of its field.
    pub fn count_value(&mut self, field: &Field, written: &str, local_numbers: bool) {
        if has_fixed_form(field, local_numbers) {
            self.values.add((field.name.clone(), written.to_owned()), 1, |sum, n| *sum += n);
        }
    }

    /// Adds the counts of other answers.
    pub fn add(&mut self, other: Oddities) {
        for (mine, theirs) in [(&mut self.kinds, other.kinds), (&mut self.fields, other.fields)] {
            for (name, n) in theirs {
                *mine.entry(name).or_default() += n;
            }
        }
        self.values.extend(other.values, |sum, n| *sum += n);
    }

    /// A sentence each.
    pub fn lines(&self, schema: &Schema) -> Vec<String> {
        let claims = |n: u64| if n == 1 { "1 claim has".to_owned() } else { format!("{n} claims have") };
        let guess = |written: &str, known: &mut dyn Iterator<Item = &str>| {
            nearest(written, known).map(|near| format!("; did you mean {near}?")).unwrap_or_default()
        };
        let mut said: Vec<String> = Vec::new();
        for (kind, n) in &self.kinds {
            let known = schema.kinds.as_deref().unwrap_or_default();
            let near = guess(kind, &mut known.iter().map(String::as_str));
            said.push(format!("{} kind {}, which the dataset does not have ({}){near}", claims(*n), quoted(kind, 40), known.join(", ")));
        }
        for (name, n) in &self.fields {
            let near = guess(name, &mut schema.fields.iter().map(|f| f.name.as_str()));
            said.push(format!("{} field {}, which the dataset does not have{near}", claims(*n), quoted(name, 40)));
        }
        for ((name, written), n) in self.values.iter() {
            let why = schema.field(name).and_then(|field| schema.key(field, written).err()).map(|e| e.to_string()).unwrap_or_default();
            said.push(format!("{} a {name} that can never be right: {}", claims(*n), shown(&why)));
        }
        let more = self.values.more().with(said.len().saturating_sub(MOST));
        if more.keys > 0 {
            said.truncate(MOST);
            said.push(format!("and {more} more such notes"));
        }
        said
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::{Claim, FieldState};
    use crate::extract::LocationCounts;

    fn answers(kind: &str, field: &str, value: &str) -> Vec<Answer> {
        let fields = [(field.to_owned(), FieldState::Present(value.to_owned()))].into();
        vec![Answer::of_claims("a", vec![Claim { kind: kind.into(), fields, ..Claim::default() }; 2], LocationCounts::default())]
    }

    #[test]
    fn what_can_never_be_right_is_told_once_with_what_would_be() {
        let told = |kind, field, value| oddities(&Schema::default(), &answers(kind, field, value), false).join("\n");
        assert!(
            told("quantitty", "value", "5").contains("2 claims have kind \"quantitty\"")
                && told("quantitty", "value", "5").contains("did you mean quantity?")
        );
        assert!(told("quantity", "Bound", "about").contains("did you mean bound?"));
        assert!(told("quantity", "bound", "abuot").contains("did you mean \"about\"?"));
        assert!(told("quantity", "value", "37,000").contains("canonical decimal"));
        assert_eq!(told("quantity", "value", "37000"), "");
        assert_eq!(told("quantity", "place", "anything"), "");
    }

    #[test]
    fn open_schemas_and_local_numbers_allow_more() {
        assert!(oddities(&Schema::open(), &answers("anything", "colour", "red"), false).is_empty());
        assert!(oddities(&Schema::default(), &answers("quantity", "value", "37.000,5"), true).is_empty());
    }
}
