//! JSON Schemas (draft-07) out of the tables that the readers go by.
//!
//! A schema never refuses what mailward accepts. What needs more than one value to be seen, such as names and the host bits
//! of prefixes, it lets pass.

use mailward::parse::{Choice, Content, FRAGMENT, Mapping, Named, Need};
use serde_json::{Map, Value, json};

use super::kinds;

/// The schema of a file.
pub(crate) fn schema(file: Mapping, title: &str, description: &str) -> Value {
    let mut generator = Generator::default();
    let mut schema = generator.object(file);
    if file == Mapping::Policy {
        let (_, needs) = needs(Mapping::policy_needs()).into_iter().next().unwrap();
        schema.insert("if".to_owned(), json!({ "propertyNames": { "enum": FRAGMENT } }));
        schema.insert("else".to_owned(), json!({ "required": needs }));
    }
    schema.insert("$schema".to_owned(), "http://json-schema.org/draft-07/schema#".into());
    schema.insert("title".to_owned(), title.into());
    schema.insert("description".to_owned(), description.into());
    schema.insert("definitions".to_owned(), generator.definitions.into());
    schema.into()
}

#[derive(Default)]
struct Generator {
    definitions: Map<String, Value>,
}

impl Generator {
    /// A mapping with these keys and no others.
    fn object(&mut self, mapping: Mapping) -> Map<String, Value> {
        let mut properties = Map::new();
        for key in mapping.keys() {
            let mut schema = self.content(mapping.content(key));
            schema["description"] = mapping.about(key).into();
            properties.insert((*key).to_owned(), schema);
        }
        let mut object = Map::new();
        object.insert("type".to_owned(), "object".into());
        object.insert("additionalProperties".to_owned(), false.into());
        object.insert("properties".to_owned(), properties.into());
        object.extend(needs(mapping.needs()));
        object
    }

    fn mapping(&mut self, mapping: Mapping) -> Value {
        let name = kebab(&format!("{mapping:?}"));
        self.define(&name, |generator| generator.object(mapping).into())
    }

    /// A reference to a definition, which is made where there is none yet.
    fn define(&mut self, name: &str, make: impl FnOnce(&mut Self) -> Value) -> Value {
        if !self.definitions.contains_key(name) {
            self.definitions.insert(name.to_owned(), Value::Null);
            let schema = make(self);
            self.definitions.insert(name.to_owned(), schema);
        }
        json!({ "$ref": format!("#/definitions/{name}") })
    }

    /// A kind of scalar.
    fn kind(&mut self, name: &str, schema: Value) -> Value {
        self.define(name, |_| schema)
    }

    fn content(&mut self, content: Content) -> Value {
        match content {
            Content::Switch => json!({ "type": "boolean" }),
            Content::Word(choice) => self.choice(choice),
            Content::Words(choice) => some(&self.choice(choice)),
            Content::Log => json!({ "anyOf": [{ "type": "boolean" }, self.mapping(Mapping::Log)] }),
            Content::Stage => json!({ "anyOf": [self.choice(Choice::Stages), self.mapping(Mapping::Stage)] }),
            Content::Mapping(mapping) => self.mapping(mapping),
            Content::List(mapping) => list(&self.mapping(mapping)),
            Content::ListOrNothing(mapping) => {
                json!({ "anyOf": [{ "type": "null" }, list(&self.mapping(mapping))] })
            }
            Content::Named(named) => self.named(named),
            Content::CheckSettings => self.define("check-settings", Self::check_settings),
            Content::Services => self.define("services", Self::services),
            Content::Interfaces => some(&self.kind("interface", kinds::interface())),
            Content::Messages(family) => some(&kinds::message(family)),
            Content::Protocols => some(&kinds::protocol()),
            Content::Zones => some(&self.kind("name", kinds::name())),
            Content::Places => self.define("places", |generator| {
                let place = generator.kind("place", kinds::place());
                some(&place)
            }),
            Content::Ports => some(&self.kind("port", kinds::port())),
            Content::Checks => some(&self.kind("check", kinds::check())),
            Content::Files => some(&self.kind("path", kinds::path())),
            Content::Profiles => {
                let profile = json!({ "anyOf": [self.choice(Choice::Profiles), kinds::path()] });
                some(&self.kind("profile", profile))
            }
            scalar => self.scalar(scalar),
        }
    }

    /// What is one value and always the same.
    fn scalar(&mut self, content: Content) -> Value {
        match content {
            Content::Text => self.kind("text", kinds::text()),
            Content::Reason => kinds::reason(),
            Content::Name | Content::Rule => self.kind("name", kinds::name()),
            Content::Id => self.kind("id", kinds::id()),
            Content::Date => self.kind("date", kinds::date()),
            Content::Rate => kinds::rate(),
            Content::Count => kinds::number(1),
            Content::Number => kinds::number(0),
            Content::File => self.kind("path", kinds::path()),
            Content::Pattern => kinds::path(),
            other => panic!("{other:?} is no scalar"),
        }
    }

    /// One of a few words; what YAML reads as a number is one.
    fn choice(&mut self, choice: Choice) -> Value {
        let words = choice.words().into_iter().map(|word| serde_json::from_str(word).unwrap_or(word.into()));
        let words: Vec<Value> = words.collect();
        self.kind(&format!("one-of-{}", kebab(&format!("{choice:?}"))), json!({ "enum": words }))
    }

    fn named(&mut self, named: Named) -> Value {
        let (mapping, instead) = named.content();
        let inner = match instead {
            Some(Content::Services) => self.content(Content::Services),
            Some(instead) => json!({ "anyOf": [self.mapping(mapping), self.content(instead)] }),
            None => self.mapping(mapping),
        };
        let id = self.kind("id", kinds::id());
        json!({ "type": "object", "minProperties": 1, "propertyNames": id, "additionalProperties": inner })
    }

    fn services(&mut self) -> Value {
        let service = json!({ "anyOf": [kinds::service(), self.mapping(Mapping::Service)] });
        some(&self.kind("service-or-name", service))
    }

    /// What a profile sets for each check, with the parameters that it has.
    fn check_settings(&mut self) -> Value {
        let mut properties = Map::new();
        for check in mailward::lint::ALL {
            let mut parameters = Map::new();
            for parameter in check.parameters() {
                let mut number = kinds::number(0);
                number["description"] = parameter.meaning.into();
                parameters.insert(parameter.name.to_owned(), number);
            }
            let mut setting = if parameters.is_empty() {
                self.define("setting", |generator| generator.setting(Map::new()))
            } else {
                self.setting(parameters)
            };
            setting["description"] = check.meta().summary.into();
            properties.insert(check.meta().id.to_owned(), setting);
        }
        json!({ "type": "object", "minProperties": 1, "properties": properties, "additionalProperties": false })
    }

    fn setting(&mut self, mut properties: Map<String, Value>) -> Value {
        properties.insert("severity".to_owned(), self.choice(Choice::Severities));
        let detailed = json!({
            "type": "object", "minProperties": 1, "properties": properties, "additionalProperties": false,
        });
        json!({ "anyOf": [self.choice(Choice::Settings), detailed] })
    }
}

/// One, or a list of some.
fn some(item: &Value) -> Value {
    json!({ "anyOf": [item, list(item)] })
}

fn list(item: &Value) -> Value {
    json!({ "type": "array", "minItems": 1, "items": item })
}

/// Keywords that say which keys must be there.
fn needs(needs: &[Need]) -> Map<String, Value> {
    let mut keywords = Map::new();
    let any = |keys: &[&str]| keys.iter().map(|key| json!({ "required": [key] })).collect::<Vec<_>>();
    for need in needs {
        let (keyword, value) = match need {
            Need::Key(key) => ("required", json!([key])),
            Need::AnyOf(keys) => ("anyOf", any(keys).into()),
            Need::OneOf(keys) => ("oneOf", any(keys).into()),
            Need::With(key, others) => ("dependencies", json!({ *key: { "anyOf": any(others) } })),
        };
        match keywords.get_mut(keyword) {
            None => drop(keywords.insert(keyword.to_owned(), value)),
            Some(Value::Array(all)) if keyword == "required" => all.extend(value.as_array().unwrap().clone()),
            Some(_) => panic!("two needs of one kind: {needs:?}"),
        }
    }
    keywords
}

/// `OwnCheck` as `own-check`.
fn kebab(name: &str) -> String {
    let words = name.char_indices().map(|(at, c)| {
        let dash = if at > 0 && c.is_uppercase() { "-" } else { "" };
        format!("{dash}{}", c.to_lowercase())
    });
    words.collect()
}
