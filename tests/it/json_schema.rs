//! A checker for the part of JSON Schema (draft 2020-12) that the project's schemas use. A keyword that it does not know is a
//! failure, so that no schema can say something that nobody checks.

use serde_json::Value;

/// What does not hold, with the place in the document; empty when all does.
pub fn violations(schema: &Value, document: &Value) -> Vec<String> {
    let mut out = Vec::new();
    Checker { root: schema }.check(schema, document, "$", &mut out);
    out
}

struct Checker<'s> {
    root: &'s Value,
}

impl<'s> Checker<'s> {
    fn holds(&self, schema: &Value, value: &Value) -> bool {
        let mut out = Vec::new();
        self.check(schema, value, "$", &mut out);
        out.is_empty()
    }

    fn check(&self, schema: &Value, value: &Value, at: &str, out: &mut Vec<String>) {
        let keywords = match schema {
            Value::Bool(true) => return,
            Value::Bool(false) => return out.push(format!("{at}: nothing is allowed here")),
            Value::Object(keywords) => keywords,
            other => panic!("no schema: {other}"),
        };
        for (keyword, wanted) in keywords {
            let list = || wanted.as_array().unwrap();
            let number = || wanted.as_f64().unwrap();
            let fits = match keyword.as_str() {
                "$schema" | "$id" | "$defs" | "title" | "description" | "default" | "format" => true,
                "$ref" => {
                    let path = wanted.as_str().unwrap().strip_prefix('#').unwrap();
                    self.check(self.root.pointer(path).unwrap_or_else(|| panic!("no {path}")), value, at, out);
                    true
                }
                "type" => match wanted {
                    Value::Array(types) => types.iter().any(|t| is(t.as_str().unwrap(), value)),
                    one => is(one.as_str().unwrap(), value),
                },
                "const" => value == wanted,
                "enum" => list().contains(value),
                "anyOf" => list().iter().any(|s| self.holds(s, value)),
                "oneOf" => list().iter().filter(|s| self.holds(s, value)).count() == 1,
                "minimum" => value.as_f64().is_none_or(|n| n >= number()),
                "maximum" => value.as_f64().is_none_or(|n| n <= number()),
                "minLength" => value.as_str().is_none_or(|s| s.chars().count() as f64 >= number()),
                "maxLength" => value.as_str().is_none_or(|s| s.chars().count() as f64 <= number()),
                "pattern" => value.as_str().is_none_or(|s| regex::Regex::new(wanted.as_str().unwrap()).unwrap().is_match(s)),
                "minItems" => value.as_array().is_none_or(|a| a.len() as f64 >= number()),
                "maxItems" => value.as_array().is_none_or(|a| a.len() as f64 <= number()),
                "uniqueItems" => value.as_array().is_none_or(|a| a.iter().enumerate().all(|(i, v)| !a[..i].contains(v))),
                "required" => value.as_object().is_none_or(|o| list().iter().all(|key| o.contains_key(key.as_str().unwrap()))),
                "dependentRequired" => value.as_object().is_none_or(|o| {
                    let needed = wanted.as_object().unwrap().iter().filter(|(key, _)| o.contains_key(*key));
                    needed.flat_map(|(_, keys)| keys.as_array().unwrap()).all(|key| o.contains_key(key.as_str().unwrap()))
                }),
                "items" => {
                    for (i, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.check(wanted, item, &format!("{at}[{i}]"), out);
                    }
                    true
                }
                "properties" => {
                    for (name, inner) in wanted.as_object().unwrap() {
                        if let Some(member) = value.get(name) {
                            self.check(inner, member, &format!("{at}.{name}"), out);
                        }
                    }
                    true
                }
                "additionalProperties" => {
                    let named = schema.get("properties").and_then(Value::as_object);
                    for (name, member) in value.as_object().into_iter().flatten() {
                        if !named.is_some_and(|n| n.contains_key(name)) {
                            self.check(wanted, member, &format!("{at}.{name}"), out);
                        }
                    }
                    true
                }
                unknown => panic!("the checker does not know {unknown}"),
            };
            if !fits {
                out.push(format!("{at}: {value} does not fit {keyword} {wanted}"));
            }
        }
    }
}

fn is(name: &str, value: &Value) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "number" => value.is_number(),
        "integer" => value.as_f64().is_some_and(|n| n.fract() == 0.0),
        other => panic!("no type {other}"),
    }
}
