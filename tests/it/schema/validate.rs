//! A validator for the keywords of JSON Schema that our schemas use, and no others: a new one fails here first.

use std::cell::RefCell;
use std::collections::BTreeMap;

use regex_automata::meta::Regex;
use serde_json::{Map, Value};

/// Keywords that tell people something.
const ANNOTATIONS: [&str; 5] = ["$schema", "title", "description", "definitions", "enumDescriptions"];

/// Whether a schema accepts a value.
pub(crate) fn accepts(schema: &Value, value: &Value) -> bool {
    Validator { root: schema }.holds(schema, value)
}

struct Validator<'s> {
    root: &'s Value,
}

impl Validator<'_> {
    fn holds(&self, schema: &Value, value: &Value) -> bool {
        match schema {
            Value::Bool(holds) => *holds,
            Value::Object(keywords) => keywords.iter().all(|(keyword, rule)| {
                ANNOTATIONS.contains(&keyword.as_str()) || self.keyword(keywords, keyword, rule, value)
            }),
            other => panic!("no schema: {other}"),
        }
    }

    fn keyword(&self, keywords: &Map<String, Value>, keyword: &str, rule: &Value, value: &Value) -> bool {
        let any = |schemas: &Value| {
            schemas.as_array().unwrap().iter().filter(|schema| self.holds(schema, value)).count()
        };
        match keyword {
            "$ref" => self.holds(self.definition(rule.as_str().unwrap()), value),
            "type" => one_or_all(rule).iter().any(|name| is_a(name.as_str().unwrap(), value)),
            "enum" => rule.as_array().unwrap().iter().any(|one| are_equal(one, value)),
            "anyOf" => any(rule) > 0,
            "oneOf" => any(rule) == 1,
            "not" => !self.holds(rule, value),
            "if" => {
                self.holds(rule, value) || keywords.get("else").is_none_or(|rule| self.holds(rule, value))
            }
            "else" => true, // with `if`
            "pattern" => value.as_str().is_none_or(|text| matches(rule.as_str().unwrap(), text)),
            "minimum" => value.as_f64().is_none_or(|number| number >= rule.as_f64().unwrap()),
            "maximum" => value.as_f64().is_none_or(|number| number <= rule.as_f64().unwrap()),
            "items" => value.as_array().is_none_or(|items| items.iter().all(|item| self.holds(rule, item))),
            "minItems" => value.as_array().is_none_or(|items| items.len() as u64 >= rule.as_u64().unwrap()),
            _ => value.as_object().is_none_or(|object| self.of_object(keywords, keyword, rule, object)),
        }
    }

    fn of_object(
        &self,
        keywords: &Map<String, Value>,
        keyword: &str,
        rule: &Value,
        object: &Map<String, Value>,
    ) -> bool {
        let has = |key: &Value| object.contains_key(key.as_str().unwrap());
        let known = |key: &str| keywords.get("properties").is_some_and(|known| known.get(key).is_some());
        match keyword {
            "required" => rule.as_array().unwrap().iter().all(has),
            "minProperties" => object.len() as u64 >= rule.as_u64().unwrap(),
            "propertyNames" => object.keys().all(|key| self.holds(rule, &key.as_str().into())),
            "properties" => {
                object.iter().all(|(key, value)| rule.get(key).is_none_or(|schema| self.holds(schema, value)))
            }
            "additionalProperties" => object.iter().all(|(key, value)| known(key) || self.holds(rule, value)),
            "dependencies" => {
                let whole = Value::Object(object.clone());
                let mut rules = rule.as_object().unwrap().iter();
                rules.all(|(key, schema)| !object.contains_key(key) || self.holds(schema, &whole))
            }
            other => panic!("a keyword that the validator does not know: {other}"),
        }
    }

    fn definition(&self, reference: &str) -> &Value {
        self.root.pointer(reference.strip_prefix('#').expect("a place in the same file")).expect(reference)
    }
}

fn one_or_all(value: &Value) -> &[Value] {
    value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice)
}

/// JSON Schema knows one kind of number: 1.0 is 1.
fn are_equal(one: &Value, other: &Value) -> bool {
    one == other || one.is_number() && one.as_f64() == other.as_f64()
}

fn is_a(name: &str, value: &Value) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "number" => value.is_number(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        other => panic!("a type that the validator does not know: {other}"),
    }
}

thread_local! {
    /// Patterns are few and long.
    static PATTERNS: RefCell<BTreeMap<String, Regex>> = const { RefCell::new(BTreeMap::new()) };
}

fn matches(pattern: &str, text: &str) -> bool {
    PATTERNS.with_borrow_mut(|known| {
        let made = || Regex::new(pattern).unwrap_or_else(|why| panic!("{pattern}: {why}"));
        known.entry(pattern.to_owned()).or_insert_with(made).is_match(text)
    })
}
