//! Field values in the form in which they compare: equal values have equal keys (but for decimal tolerances).

use super::decimal::{self, DecimalError};
use super::period::{Period, PeriodError};
use super::schema::{Field, FieldType, Schema};
use super::text;

/// Joins the items of a list's key; no folded text holds it, for folding turns every white space into a blank.
const ITEM_SEPARATOR: &str = "\n";

/// Why a written value is not a value of its field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// Not a canonical decimal.
    #[error(transparent)]
    Decimal(#[from] DecimalError),
    /// Not one of the enum's values.
    #[error("{written:?} is not one of {}{}", .allowed.join(", "), .nearest.as_ref().map(|n| format!("; did you mean {n:?}?")).unwrap_or_default())]
    Enum {
        /// As written.
        written: String,
        /// The field's values.
        allowed: Vec<String>,
        /// The value that looks most like it.
        nearest: Option<String>,
    },
    /// Not `true` or `false`.
    #[error("{0:?} is not true or false")]
    Bool(String),
    /// Not a period.
    #[error(transparent)]
    Period(#[from] PeriodError),
    /// Nothing is left after folding.
    #[error("{0:?} has no letter or digit")]
    Blank(String),
}

impl Schema {
    /// The key under which a written value compares.
    ///
    /// # Errors
    /// When the text is not a value of the field's type.
    pub fn key(&self, field: &Field, written: &str) -> Result<String, ValueError> {
        match field.field_type {
            FieldType::Decimal => Ok(decimal::canonical(written)?.into_owned()),
            FieldType::Enum if field.values.is_empty() || field.values.iter().any(|v| v == written) => Ok(written.to_owned()),
            FieldType::Enum => Err(ValueError::Enum {
                written: written.to_owned(),
                allowed: field.values.clone(),
                nearest: nearest(written, field.values.iter().map(String::as_str)).map(str::to_owned),
            }),
            FieldType::Bool if matches!(written, "true" | "false") => Ok(written.to_owned()),
            FieldType::Bool => Err(ValueError::Bool(written.to_owned())),
            FieldType::Period => Ok(written.parse::<Period>()?.to_string()),
            FieldType::Text => self.text_key(field, written),
            FieldType::List => {
                let items = list_items(written);
                let mut keys = items.iter().map(|item| self.text_key(field, item)).collect::<Result<Vec<_>, _>>()?;
                if keys.is_empty() {
                    return Err(ValueError::Blank(written.to_owned()));
                }
                keys.sort_unstable();
                Ok(keys.join(ITEM_SEPARATOR))
            }
        }
    }

    /// Whether a text is a value of its field, as [`Schema::key`] finds it; the usual value needs no memory for that.
    pub fn is_value(&self, field: &Field, written: &str) -> bool {
        match field.field_type {
            FieldType::Decimal => decimal::canonical(written).is_ok(),
            FieldType::Enum => field.values.is_empty() || field.values.iter().any(|v| v == written),
            FieldType::Bool => matches!(written, "true" | "false"),
            FieldType::Period => written.parse::<Period>().is_ok(),
            FieldType::Text | FieldType::List => self.key(field, written).is_ok(),
        }
    }

    fn text_key(&self, field: &Field, written: &str) -> Result<String, ValueError> {
        let folded = text::fold(written);
        if folded.is_empty() {
            return Err(ValueError::Blank(written.to_owned()));
        }
        Ok(self.aliases.resolve(&field.name, folded))
    }
}

/// The items of a list cell: a JSON array of strings, or text separated by `;`. Empty items are dropped.
pub(crate) fn list_items(written: &str) -> Vec<String> {
    if written.trim_start().starts_with('[')
        && let Ok(items) = serde_json::from_str::<Vec<String>>(written)
    {
        return items.into_iter().filter(|item| !item.trim().is_empty()).collect();
    }
    written.split(';').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

/// The candidate that looks most like the text, if any is near enough to be a slip.
pub fn nearest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(written, candidate), candidate))
        .filter(|(likeness, _)| *likeness >= 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(field: &str, written: &str) -> Result<String, ValueError> {
        let schema = Schema::default();
        schema.key(schema.field(field).unwrap(), written)
    }

    #[test]
    fn equal_values_have_equal_keys() {
        for (field, a, b) in [
            ("value", "37000", "37000.0"),
            ("unit", "Person", " person "),
            ("source", "AP; US officials", "us officials;ap"),
            ("source", "[\"AP\",\"US officials\"]", "US officials;AP"),
            ("period", "2023-Q1", "2023-01/2023-03"),
        ] {
            assert_eq!(key(field, a).unwrap(), key(field, b).unwrap(), "{field}");
        }
    }

    #[test]
    fn different_values_have_different_keys() {
        for (field, a, b) in
            [("value", "37", "37.1"), ("source", "AP", "AP;AP"), ("period", "2023", "2023-01"), ("bound", "about", "exactly")]
        {
            assert_ne!(key(field, a).unwrap(), key(field, b).unwrap(), "{field}");
        }
    }

    #[test]
    fn what_is_no_value_is_refused_with_what_would_be() {
        assert!(key("bound", "mroe_than").unwrap_err().to_string().contains("did you mean \"more_than\"?"));
        assert!(key("value", "37,000").is_err());
        assert!(key("period", "2023-02-30").is_err());
        assert!(key("place", " ... ").is_err());
    }

    #[test]
    fn what_has_a_key_is_a_value() {
        let schema = Schema { fields: vec![Field::new("sure", FieldType::Bool)], ..Schema::default() };
        for field in Schema::default().fields.iter().chain(&schema.fields) {
            for written in ["37000", "37,000", "about", "2023-Q1", "2023-02-30", "true", "True", "person", "a;b", "[]", ";", " ... ", ""] {
                assert_eq!(schema.is_value(field, written), schema.key(field, written).is_ok(), "{} {written:?}", field.name);
            }
        }
    }
}
