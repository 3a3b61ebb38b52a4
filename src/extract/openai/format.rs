//! The form of an answer, made from the kinds and fields of a dataset: as a JSON Schema for the endpoint, and in words for the prompt.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value, json};

use crate::claim::{Field, FieldType, Schema};
use crate::extract::Numbers;

/// Name of the schema in requests; `[A-Za-z0-9_-]{1,64}`.
const NAME: &str = "claims";

/// What a model is told of the form of its answer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct AnswerFormat {
    /// The schema of `{"claims": […]}`, within the subset that is strictly kept to: every object is closed and has all its keys, and
    /// what may be missing may be null.
    pub schema: Node,
    /// `{{kinds}}`
    pub kinds: String,
    /// `{{fields}}`
    pub fields: String,
}

/// JSON whose objects keep their order: models write the keys in that of the schema, and the quote helps with what follows.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    /// A value without an order of its own.
    Plain(Value),
    /// Values in a row.
    List(Vec<Node>),
    /// Keys and values.
    Object(Vec<(String, Node)>),
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Node::Plain(value) => value.serialize(serializer),
            Node::List(items) => items.serialize(serializer),
            Node::Object(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

impl From<Value> for Node {
    fn from(value: Value) -> Self {
        Node::Plain(value)
    }
}

impl AnswerFormat {
    /// The form of answers about a dataset.
    pub fn new(schema: &Schema, numbers: Numbers) -> AnswerFormat {
        let fields = schema.fields.iter().map(|field| (field.name.as_str(), of_field(field, numbers).into()));
        let mut kind = json!({ "type": "string" });
        if let Some(kinds) = &schema.kinds {
            kind["enum"] = json!(kinds);
        }
        let quote = json!({ "type": "string", "description": "verbatim text of the claim, copied from the article" });
        let claim = closed([
            ("quote", quote.into()),
            ("prefix", nullable("string", "the words right before the quote, when it occurs more than once; else null")),
            ("suffix", nullable("string", "the words right behind the quote, when it occurs more than once; else null")),
            ("kind", kind.into()),
            ("fields", closed(fields)),
            ("score", nullable("number", "confidence from 0 to 1, or null")),
        ]);
        let lines = schema.fields.iter().map(|field| format!("- {}: {}", field.name, in_words(field, numbers)));
        AnswerFormat {
            schema: closed([("claims", object([("type", json!("array").into()), ("items", claim)]))]),
            kinds: schema.kinds.as_ref().map_or_else(|| "any short word".to_owned(), |kinds| kinds.join(", ")),
            fields: lines.collect::<Vec<_>>().join("\n"),
        }
    }

    /// `{{schema}}`
    pub fn schema_text(&self) -> String {
        // Plain values and text keys are always JSON.
        serde_json::to_string_pretty(&self.schema).unwrap_or_default()
    }

    /// `response_format` of a request that asks for this form.
    pub fn response_format(&self) -> Node {
        let inner = object([("name", json!(NAME).into()), ("strict", json!(true).into()), ("schema", self.schema.clone())]);
        object([("type", json!("json_schema").into()), ("json_schema", inner)])
    }
}

/// An object that keeps its order.
pub(super) fn object<'k>(entries: impl IntoIterator<Item = (&'k str, Node)>) -> Node {
    Node::Object(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

fn closed<'k>(properties: impl IntoIterator<Item = (&'k str, Node)>) -> Node {
    let properties: Vec<(&str, Node)> = properties.into_iter().collect();
    let required: Vec<&str> = properties.iter().map(|(name, _)| *name).collect();
    object([
        ("type", json!("object").into()),
        ("additionalProperties", json!(false).into()),
        ("required", json!(required).into()),
        ("properties", object(properties)),
    ])
}

fn nullable(of: &str, description: &str) -> Node {
    json!({ "type": [of, "null"], "description": description }).into()
}

fn of_field(field: &Field, numbers: Numbers) -> Value {
    let mut value = match field.field_type {
        FieldType::Enum => {
            let values: Vec<Value> = field.values.iter().map(|value| json!(value)).chain([Value::Null]).collect();
            json!({ "type": ["string", "null"], "enum": values })
        }
        FieldType::Bool => json!({ "type": ["boolean", "null"] }),
        FieldType::List => json!({ "type": ["array", "null"], "items": { "type": "string" } }),
        // As text, because JSON numbers lose digits on their way through many programs.
        FieldType::Decimal | FieldType::Period | FieldType::Text => json!({ "type": ["string", "null"] }),
    };
    if field.field_type != FieldType::Enum {
        value["description"] = json!(in_words(field, numbers));
    }
    value
}

/// How the values of a field are written.
fn in_words(field: &Field, numbers: Numbers) -> String {
    match (field.field_type, numbers) {
        (FieldType::Decimal, Numbers::Canonical) => {
            "a number as text, digits and at most one point, such as \"37000\" or \"0.5\"".to_owned()
        }
        (FieldType::Decimal, Numbers::Local) => "a number, as the article writes it".to_owned(),
        (FieldType::Enum, _) => format!("one of {}", field.values.join(", ")),
        (FieldType::Bool, _) => "true or false".to_owned(),
        (FieldType::Period, _) => {
            "a day, month, quarter, year or interval, such as \"2024-05-13\", \"2024-05\", \"2023-Q1\", \"2023\" or \"2019/2023\""
                .to_owned()
        }
        (FieldType::Text, _) => "text".to_owned(),
        (FieldType::List, _) => "a list of texts".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Every object of a schema.
    fn objects<'v>(value: &'v Value, found: &mut Vec<&'v Value>) {
        match value {
            Value::Object(map) => {
                if map.get("type") == Some(&json!("object")) {
                    found.push(value);
                }
                map.values().for_each(|inner| objects(inner, found));
            }
            Value::Array(items) => items.iter().for_each(|inner| objects(inner, found)),
            _ => {}
        }
    }

    #[test]
    fn every_object_is_closed_and_has_all_its_keys() {
        let format = AnswerFormat::new(&Schema::default(), Numbers::Canonical);
        let schema: Value = serde_json::from_str(&format.schema_text()).unwrap();
        let mut found = Vec::new();
        objects(&schema, &mut found);
        assert_eq!(found.len(), 3);
        for object in found {
            let keys: BTreeSet<&str> = object["properties"].as_object().unwrap().keys().map(String::as_str).collect();
            let required: BTreeSet<&str> = object["required"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
            assert_eq!((&object["additionalProperties"], required), (&json!(false), keys));
        }
        let claim = &schema["properties"]["claims"]["items"]["properties"];
        assert_eq!(claim["kind"]["enum"], json!(["quantity", "change", "rank", "event", "position"]));
        let fields = &claim["fields"]["properties"];
        assert_eq!(fields["change_kind"], json!({ "type": ["string", "null"], "enum": ["times", "percent", "points", "absolute", null] }));
        assert_eq!((&fields["value"]["type"], &fields["source"]["type"]), (&json!(["string", "null"]), &json!(["array", "null"])));
        let asked = serde_json::to_string(&format.response_format()).unwrap();
        assert!(
            asked.starts_with("{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"claims\",\"strict\":true,\"schema\":{"),
            "{asked}"
        );
        assert!(asked.find("\"quote\":") < asked.find("\"fields\":"), "the quote comes first");
    }

    #[test]
    fn words_follow_the_dataset() {
        let fields = vec![Field::new("sure", FieldType::Bool), Field::new("value", FieldType::Decimal)];
        let schema = Schema { kinds: None, fields, ..Schema::default() };
        let format = AnswerFormat::new(&schema, Numbers::Local);
        assert_eq!(format.kinds, "any short word");
        assert_eq!(format.fields, "- sure: true or false\n- value: a number, as the article writes it");
        let schema: Value = serde_json::from_str(&format.schema_text()).unwrap();
        assert_eq!(schema["properties"]["claims"]["items"]["properties"]["kind"], json!({ "type": "string" }));
    }
}
