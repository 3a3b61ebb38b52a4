//! Labelled articles as examples in a prompt, with their answers in the form that is asked for.

use serde::Serialize;
use serde_json::{Value, json};

use super::format::{Node, object};
use crate::anchor::CodePoints;
use crate::claim::{Article, Claim, FieldType, Fragments, Schema, Span, list_items};

/// A labelled article.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Example {
    /// The article.
    pub article: Article,
    /// What is in it.
    pub claims: Vec<Claim>,
}

/// So many characters tell the occurrences of a quote apart.
const AROUND: u32 = 24;

/// `{{examples}}`: text and answer of each, in order. A field that gold has not annotated is null, as one that is absent: the form
/// has every key.
pub(super) fn rendered(examples: &[Example], schema: &Schema) -> String {
    let one = |example: &Example| {
        let title = example.article.title.as_ref().map(|title| format!("Title: {title}\n")).unwrap_or_default();
        format!("{title}Text:\n{}\n\nAnswer:\n{}", example.article.text, json_text(&answer(example, schema)))
    };
    examples.iter().map(one).collect::<Vec<_>>().join("\n\n---\n\n")
}

fn json_text(value: &impl Serialize) -> String {
    // Plain values and text keys are always JSON.
    serde_json::to_string(value).unwrap_or_default()
}

fn answer(example: &Example, schema: &Schema) -> Node {
    let text = &*example.article.text;
    let points = CodePoints::new(text);
    let claims = example.claims.iter().map(|claim| {
        let around = (text.matches(&claim.quote).count() > 1).then(|| around(&points, claim)).flatten();
        let (prefix, suffix) = around.unzip();
        let fields = schema.fields.iter().map(|field| {
            let value = claim.fields.value(&field.name).map(|written| match field.field_type {
                FieldType::Bool => json!(written == "true"),
                FieldType::List => json!(list_items(written)),
                _ => json!(written),
            });
            (field.name.as_str(), json!(value).into())
        });
        object([
            ("quote", json!(claim.quote).into()),
            ("prefix", json!(prefix).into()),
            ("suffix", json!(suffix).into()),
            ("kind", json!(claim.kind).into()),
            ("fields", object(fields)),
            ("score", Value::Null.into()),
        ])
    });
    object([("claims", Node::List(claims.collect()))])
}

/// What stands before and behind a claim.
fn around(points: &CodePoints<'_>, claim: &Claim) -> Option<(String, String)> {
    let hull = claim.fragments.hull()?;
    let text = |start, end| {
        let span = Span::new(start, end)?;
        points.quote(&Fragments::from(span)).map(|text| text.into_owned())
    };
    let end = u32::try_from(points.count()).unwrap_or(u32::MAX);
    let before = text(hull.start().saturating_sub(AROUND), hull.start()).unwrap_or_default();
    let behind = text(hull.end(), hull.end().saturating_add(AROUND).min(end)).unwrap_or_default();
    Some((before, behind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::{Field, FieldState};
    use crate::extract::openai::content;

    #[test]
    fn an_example_is_an_answer_that_reads_back() {
        let text = "caf\u{e9}: 12 or 12 dead";
        let place = Fragments::from(Span::new(12, 14).unwrap());
        let mut claim = Claim { fragments: place.clone(), quote: "12".to_owned(), kind: "quantity".to_owned(), ..Claim::default() };
        for (name, value) in [("value", "12"), ("sure", "true"), ("source", "[\"a;b\",\"c\"]")] {
            claim.fields.insert(name, FieldState::Present(value.to_owned()));
        }
        let article = Article { id: "a".to_owned(), title: Some("Caf\u{e9}".to_owned()), text: text.into(), ..Article::default() };
        let fields = vec![
            Field::new("value", FieldType::Decimal),
            Field::new("sure", FieldType::Bool),
            Field::new("source", FieldType::List),
            Field::new("unit", FieldType::Text),
        ];
        let schema = Schema { fields, ..Schema::default() };
        let example = Example { article: article.clone(), claims: vec![claim.clone()] };
        let shown = rendered(std::slice::from_ref(&example), &schema);
        let (before, answer) = shown.split_once("\n\nAnswer:\n").unwrap();
        assert_eq!(before, format!("Title: Caf\u{e9}\nText:\n{text}"));
        let expected = "{\"claims\":[{\"quote\":\"12\",\"prefix\":\"caf\u{e9}: 12 or \",\"suffix\":\" dead\",\"kind\":\"quantity\",\"fields\":\
                        {\"value\":\"12\",\"sure\":true,\"source\":[\"a;b\",\"c\"],\"unit\":null},\"score\":null}]}";
        assert_eq!(answer, expected);
        let read = content::answer(&article, answer, &str::to_owned);
        assert_eq!((read.claims[0].fragments.clone(), read.claims[0].fields.value("value")), (place, Some("12")));
        assert_eq!(rendered(&[example.clone(), example], &schema).matches("\n\n---\n\n").count(), 1);
    }
}
