//! The canonical value of what a person typed.

use super::ReadAnswer;
use crate::claim::number::{LocalReading, read_local};
use crate::claim::period::{Date, Period, find_periods};
use crate::claim::{Article, Field, FieldType, Schema, decimal, list_items, nearest, text};
use crate::report::safe::shown;

/// Characters of what was typed that a message repeats.
const REPEATED: usize = 60;

/// Reads what was typed into a field of a claim of an article. Decimals are read as the article's language writes them, so that `37.000` is
/// 37000 in Indonesian; expressions of time from the day on which the article was published.
pub(super) fn read(schema: &Schema, article: &Article, field: &str, written: &str) -> ReadAnswer {
    let typed = written.trim();
    if typed.is_empty() {
        return ReadAnswer { value: None, message: String::new() };
    }
    let Some(known) = schema.field(field) else {
        if schema.open_fields {
            return read_as(typed, typed.to_owned(), None);
        }
        let near =
            nearest(field, schema.fields.iter().map(|f| f.name.as_str())).map(|n| format!("; did you mean {n}?")).unwrap_or_default();
        return no_value(format!("{} is no field of this dataset{near}", cut(field)));
    };
    match known.field_type {
        FieldType::Decimal => decimal_of(typed, article),
        FieldType::Period => period_of(typed, article),
        FieldType::Enum => enum_of(typed, known),
        FieldType::Bool => bool_of(typed),
        FieldType::Text | FieldType::List => text_of(schema, known, typed),
    }
}

fn decimal_of(typed: &str, article: &Article) -> ReadAnswer {
    match read_local(typed, &article.lang) {
        LocalReading::Value(value) => match decimal::canonical(&value.to_string()) {
            Ok(value) => read_as(typed, value.into_owned(), Some(&article.lang)),
            Err(error) => no_value(error.to_string()),
        },
        LocalReading::Ambiguous => {
            let digits: String = typed.chars().filter(|c| c.is_ascii_digit() || *c == '-').collect();
            let point = decimal::canonical(&typed.replace(',', ".")).map(|value| format!(", or {value}")).unwrap_or_default();
            no_value(format!("{} can be read in two ways in {}: write {digits}{point}", cut(typed), cut(&article.lang)))
        }
        // What the language does not write may be written canonically all the same.
        LocalReading::NotANumber => match decimal::canonical(typed) {
            Ok(value) => read_as(typed, value.into_owned(), None),
            Err(error) => no_value(error.to_string()),
        },
    }
}

fn period_of(typed: &str, article: &Article) -> ReadAnswer {
    let error = match typed.parse::<Period>() {
        Ok(period) => return read_as(typed, period.to_string(), None),
        Err(error) => error,
    };
    let found = find_periods(typed, &article.lang, published(article));
    match found.as_slice() {
        [only] => match only.period {
            Some(period) => read_as(typed, period.to_string(), Some(&article.lang)),
            None => no_value(format!("{} leaves open which days are meant: write them, such as 2023-05-13, 2023-05 or 2023", cut(typed))),
        },
        [] => no_value(error.to_string()),
        [_, _, ..] => no_value(format!("{} names several periods: write one, such as 2023-05 or 2023-05-01/2023-05-13", cut(typed))),
    }
}

/// The day on which an article was published.
pub(super) fn published(article: &Article) -> Option<Date> {
    article.published_at.as_deref()?.get(..10)?.parse().ok()
}

fn enum_of(typed: &str, field: &Field) -> ReadAnswer {
    if field.values.is_empty() || field.values.iter().any(|value| value == typed) {
        return read_as(typed, typed.to_owned(), None);
    }
    let plain = |text: &str| text::fold(text).replace([' ', '-'], "_");
    let same = field.values.iter().find(|value| plain(value) == plain(typed)).map(String::as_str);
    match same.or_else(|| nearest(&plain(typed), field.values.iter().map(String::as_str))) {
        Some(value) => read_as(typed, value.to_owned(), None),
        None => no_value(format!("{} is not one of {}", cut(typed), field.values.join(", "))),
    }
}

fn bool_of(typed: &str) -> ReadAnswer {
    match text::fold(typed).as_str() {
        value @ ("true" | "false") => read_as(typed, value.to_owned(), None),
        _ => no_value(format!("{} is not true or false", cut(typed))),
    }
}

/// Text stays as it was typed; the message says with what it compares as equal where that is not plain to see.
fn text_of(schema: &Schema, field: &Field, typed: &str) -> ReadAnswer {
    if let Err(error) = schema.key(field, typed) {
        return no_value(error.to_string());
    }
    let items = if field.field_type == FieldType::List { list_items(typed) } else { vec![typed.to_owned()] };
    let aliases = items.iter().filter_map(|item| {
        let folded = text::fold(item);
        let canonical = schema.aliases.resolve(&field.name, folded.clone());
        (canonical != folded).then(|| format!("{} → {}", shown(item), shown(&canonical)))
    });
    ReadAnswer { value: Some(typed.to_owned()), message: aliases.collect::<Vec<_>>().join("; ") }
}

/// A value; the message says what became of what was typed, if that is not the same.
fn read_as(typed: &str, value: String, lang: Option<&str>) -> ReadAnswer {
    let by = lang.map(|lang| format!(" ({})", shown(lang))).unwrap_or_default();
    let message = if typed == value { String::new() } else { format!("{} → {}{by}", shown(typed), shown(&value)) };
    ReadAnswer { value: Some(value), message }
}

fn no_value(message: String) -> ReadAnswer {
    ReadAnswer { value: None, message }
}

/// What was typed between quotation marks, harmless and not too long.
fn cut(typed: &str) -> String {
    let short: String = typed.chars().take(REPEATED).collect();
    let more = if short.len() < typed.len() { "…" } else { "" };
    format!("“{}{more}”", shown(&short))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(lang: &str, field: &str, written: &str) -> (Option<String>, String) {
        let mut schema = Schema::default();
        schema.fields.push(Field::new("sure", FieldType::Bool));
        schema.aliases.insert("source", "AP", "Associated Press");
        let article = Article { lang: lang.into(), published_at: Some("2024-05-13T08:00:00Z".into()), ..Article::default() };
        let ReadAnswer { value, message } = read(&schema, &article, field, written);
        (value, message)
    }

    #[test]
    fn values_are_read_by_the_article() {
        for (lang, field, written, value, message) in [
            ("id", "value", "37.000", "37000", "37.000 → 37000 (id)"),
            ("en", "value", " 37,000 ", "37000", "37,000 → 37000 (en)"),
            ("en", "value", "37000", "37000", ""),
            ("en", "value", "1.5", "1.5", ""),
            ("en", "value", "1.2 million", "1200000", "1.2 million → 1200000 (en)"),
            ("id", "period", "Mei 2023", "2023-05", "Mei 2023 → 2023-05 (id)"),
            ("en", "period", "last year", "2023", "last year → 2023 (en)"),
            ("en", "period", "2023-01/2023-03", "2023-Q1", "2023-01/2023-03 → 2023-Q1"),
            ("en", "period", "2023", "2023", ""),
            ("en", "bound", "mroe_than", "more_than", "mroe_than → more_than"),
            ("en", "bound", "More than", "more_than", "More than → more_than"),
            ("en", "sure", "TRUE", "true", "TRUE → true"),
            ("en", "unit", "  Person ", "Person", ""),
            ("en", "source", "AP; US officials", "AP; US officials", "AP → associated press"),
        ] {
            assert_eq!(reading(lang, field, written), (Some(value.to_owned()), message.to_owned()), "{lang} {field} {written}");
        }
    }

    #[test]
    fn what_is_no_value_is_explained() {
        for (lang, field, written, says) in [
            ("fr", "value", "37.000", "write 37000, or 37"),
            ("en", "value", "many", "37000"),
            ("en", "value", "10 to 15", "canonical decimal"),
            ("en", "period", "soon", "is not a period"),
            ("en", "period", "from 2021, unlike 2022", "several"),
            ("en", "bound", "zzz", "one of exactly"),
            ("en", "sure", "maybe", "true or false"),
            ("en", "place", " … ", "no letter or digit"),
            ("en", "valeu", "3", "did you mean value?"),
        ] {
            let (value, message) = reading(lang, field, written);
            assert!(value.is_none() && message.contains(says), "{field} {written}: {value:?} {message}");
        }
        assert_eq!(reading("en", "value", "  "), (None, String::new()));
    }
}
