//! Which kinds and fields the claims of a dataset have, and how their values compare.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::text;

/// How a field's values are written and compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldType {
    /// `-?\d+(\.\d+)?`, at most 28 digits; equal within the field's tolerance.
    Decimal,
    /// One of the field's `values`, exactly.
    Enum,
    /// `true` or `false`.
    Bool,
    /// ISO 8601 day, month, quarter, year or closed interval; equal when the days are.
    Period,
    /// Compared after folding ([`text::fold`]) and aliases.
    Text,
    /// A list of text, compared as a multiset, all or nothing.
    List,
}

impl FieldType {
    /// Every type with its name in `dataset.toml`.
    pub const ALL: [(&'static str, FieldType); 6] = [
        ("decimal", Self::Decimal),
        ("enum", Self::Enum),
        ("bool", Self::Bool),
        ("period", Self::Period),
        ("text", Self::Text),
        ("list", Self::List),
    ];

    /// The name as in `dataset.toml`.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].0
    }
}

/// Largest difference at which two decimals are still equal: `|a-b| <= max(abs, rel * max(|a|, |b|))`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tolerance {
    /// Absolute part, not negative.
    pub abs: Decimal,
    /// Relative part, not negative.
    pub rel: Decimal,
}

impl Tolerance {
    /// Whether only equal numbers are equal.
    pub fn is_zero(&self) -> bool {
        self.abs.is_zero() && self.rel.is_zero()
    }

    /// Whether two decimals are equal within the tolerance. Symmetric. A product that cannot be held exactly counts as not
    /// within it.
    pub fn equal(&self, a: Decimal, b: Decimal) -> bool {
        if a == b {
            return true;
        }
        let Some(difference) = a.checked_sub(b) else { return false };
        let relative = self.rel.checked_mul(a.abs().max(b.abs())).unwrap_or_default();
        difference.abs() <= self.abs.max(relative)
    }
}

/// One structured part of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Name, as the CSV column and the JSON key.
    pub name: String,
    /// How values are written and compared.
    pub field_type: FieldType,
    /// The allowed values of an enum; empty for other types.
    pub values: Vec<String>,
    /// Weight in the similarity of two claims.
    pub weight: u32,
    /// For decimals.
    pub tolerance: Tolerance,
    /// Kinds whose gold claims must have the field annotated.
    pub required_for: Vec<String>,
}

impl Field {
    /// A field of weight 1 without tolerance, values or requirements.
    pub fn new(name: &str, field_type: FieldType) -> Field {
        Field {
            name: name.to_owned(),
            field_type,
            values: Vec::new(),
            weight: 1,
            tolerance: Tolerance::default(),
            required_for: Vec::new(),
        }
    }
}

/// Spellings that mean the same value, by field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aliases(BTreeMap<String, BTreeMap<String, String>>);

impl Aliases {
    /// Says that `written` in `field` means `canonical`; both are folded first. A later row for the same spelling replaces
    /// an earlier one; the replaced value is returned so that a loader can refuse contradictions.
    pub fn insert(&mut self, field: &str, written: &str, canonical: &str) -> Option<String> {
        self.0.entry(field.to_owned()).or_default().insert(text::fold(written), text::fold(canonical))
    }

    /// The canonical form of a folded text; itself where no alias is known.
    pub fn resolve(&self, field: &str, folded: String) -> String {
        self.0.get(field).and_then(|of_field| of_field.get(&folded)).cloned().unwrap_or(folded)
    }

    /// All aliases as (field, folded spelling, folded canonical form), in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.0.iter().flat_map(|(field, of_field)| of_field.iter().map(move |(w, c)| (field.as_str(), w.as_str(), c.as_str())))
    }
}

/// The kinds and fields of a dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema {
    /// Allowed kinds; `None` = kinds are open.
    pub kinds: Option<Vec<String>>,
    /// Fields in the order of the dataset.
    pub fields: Vec<Field>,
    /// Names of the fields that make two claims the same statement.
    pub key_fields: Vec<String>,
    /// Whether fields that are not listed are read as text instead of being reported.
    pub open_fields: bool,
    /// Spellings that mean the same.
    pub aliases: Aliases,
}

impl Schema {
    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.name == name)
    }

    /// The schema of `assay score` without a workspace: open kinds, the default fields with their types, other names as text.
    pub fn open() -> Schema {
        Schema { kinds: None, open_fields: true, ..Schema::default() }
    }
}

impl Default for Schema {
    /// The default kinds and fields: `quantity, change, rank, event, position`, and figures with their bound, unit, change,
    /// period, place, subject and sources.
    fn default() -> Schema {
        use FieldType::{Decimal, Enum, List, Period, Text};
        let enums =
            |name: &str, values: &[&str]| Field { values: values.iter().map(|&v| v.to_owned()).collect(), ..Field::new(name, Enum) };
        let fields = vec![
            Field { weight: 3, ..Field::new("value", Decimal) },
            Field::new("value_max", Decimal),
            enums("bound", &["exactly", "about", "more_than", "at_least", "less_than", "at_most", "between"]),
            Field::new("unit", Text),
            enums("change_kind", &["times", "percent", "points", "absolute"]),
            Field::new("change", Decimal),
            Field::new("period", Period),
            Field::new("base_period", Period),
            Field::new("place", Text),
            Field::new("subject", Text),
            Field::new("source", List),
            Field::new("reported_by", List),
            enums("polarity", &["asserted", "denied"]),
            enums("modality", &["fact", "estimate", "forecast", "alleged"]),
        ];
        let names = |names: &[&str]| names.iter().map(|&n| n.to_owned()).collect();
        Schema {
            kinds: Some(names(&["quantity", "change", "rank", "event", "position"])),
            fields,
            key_fields: names(&["value", "bound", "unit", "change"]),
            open_fields: false,
            aliases: Aliases::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tolerance_is_symmetric() {
        let d = |s: &str| Decimal::from_str_exact(s).unwrap();
        let tolerance = Tolerance { abs: d("0"), rel: d("0.1") };
        assert!(tolerance.equal(d("100"), d("90")) && tolerance.equal(d("90"), d("100")));
        assert!(!tolerance.equal(d("100"), d("89")));
        assert!(Tolerance { abs: d("1"), rel: d("0") }.equal(d("-1"), d("0")));
        assert!(Tolerance::default().equal(d("1.0"), d("1")) && !Tolerance::default().equal(d("1"), d("2")));
    }

    #[test]
    fn aliases_fold_both_sides() {
        let mut aliases = Aliases::default();
        aliases.insert("source", "Associated Press", "AP");
        assert_eq!(aliases.resolve("source", text::fold("ASSOCIATED  PRESS")), "ap");
        assert_eq!(aliases.resolve("place", text::fold("Associated Press")), "associated press");
    }
}
