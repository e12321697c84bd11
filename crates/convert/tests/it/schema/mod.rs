//! Validation against the JSON Schema of the model: the part of JSON Schema that it uses. Fields that it does not name
//! are refused, since they would be missing in it.

use std::collections::BTreeSet;

use serde_json::Value;

/// Schema, and the fields of it that were seen.
pub(crate) struct Schema {
    pub(crate) root: Value,
    /// Fields that documents had, by the object of the schema that names them and their name.
    pub(crate) seen: BTreeSet<(String, String)>,
}

impl Schema {
    pub(crate) fn new(root: Value) -> Self {
        Self {
            root,
            seen: BTreeSet::new(),
        }
    }

    /// Validates a document.
    pub(crate) fn validate(&mut self, document: &Value) -> Result<(), String> {
        let root = self.root.clone();
        self.check(&root, "#", document)
    }

    /// Validates a value against a part of the schema, which `name` tells.
    fn check(&mut self, schema: &Value, name: &str, value: &Value) -> Result<(), String> {
        let refuse = |why: &str| Err(format!("{name}: {why}: {value}"));
        for (keyword, rule) in schema.as_object().ok_or("a schema is an object")? {
            match keyword.as_str() {
                "$schema" | "title" | "$defs" | "required" | "minItems" | "maxItems" => {}
                "$ref" => {
                    let target = rule.as_str().unwrap_or_default();
                    let part = target.strip_prefix('#').and_then(|path| self.root.pointer(path));
                    let part = part.ok_or("a reference leads nowhere")?.clone();
                    self.check(&part, target, value)?;
                }
                "const" if value != rule => return refuse("another value"),
                "enum" if !rule.as_array().is_some_and(|values| values.contains(value)) => {
                    return refuse("no value of the list");
                }
                "const" | "enum" => {}
                "type" if !is_a(value, rule.as_str().unwrap_or_default()) => return refuse("another type"),
                "type" => {}
                "minimum" if value.as_f64() < rule.as_f64() => return refuse("too small"),
                "maximum" if value.as_f64() > rule.as_f64() => return refuse("too large"),
                "minimum" | "maximum" => {}
                "pattern" if !matches(value, rule) => return refuse("another pattern"),
                "pattern" => {}
                "oneOf" => self.check_one_of(rule, name, value)?,
                "items" => {
                    for item in value.as_array().into_iter().flatten() {
                        self.check(rule, &format!("{name}/items"), item)?;
                    }
                }
                "properties" => self.check_fields(schema, rule, name, value)?,
                other => return Err(format!("a keyword that is not known: {other}")),
            }
        }
        let length = value.as_array().map(|items| items.len() as u64);
        if length < schema["minItems"].as_u64()
            || schema["maxItems"]
                .as_u64()
                .is_some_and(|most| length > Some(most))
        {
            return refuse("another length");
        }
        Ok(())
    }

    fn check_one_of(&mut self, rule: &Value, name: &str, value: &Value) -> Result<(), String> {
        let choices = rule.as_array().ok_or("oneOf takes a list")?;
        let mut errors = Vec::new();
        let mut fitting = None;
        for (index, choice) in choices.iter().enumerate() {
            let seen = self.seen.clone();
            match self.check(choice, &format!("{name}/oneOf/{index}"), value) {
                Ok(()) if fitting.is_some() => return Err(format!("{name}: several types fit: {value}")),
                Ok(()) => fitting = Some(index),
                Err(error) => {
                    self.seen = seen;
                    errors.push(error);
                }
            }
        }
        fitting.map(drop).ok_or_else(|| errors.join("\n"))
    }

    fn check_fields(
        &mut self,
        schema: &Value,
        rule: &Value,
        name: &str,
        value: &Value,
    ) -> Result<(), String> {
        let Some(fields) = value.as_object() else {
            return Ok(());
        };
        for required in schema["required"].as_array().into_iter().flatten() {
            if !fields.contains_key(required.as_str().unwrap_or_default()) {
                return Err(format!("{name}: {required} is missing: {value}"));
            }
        }
        for (field, value) in fields {
            let part = rule
                .get(field)
                .ok_or_else(|| format!("{name}: {field} is not in the schema"))?;
            self.check(part, &format!("{name}/{field}"), value)?;
            self.seen.insert((name.to_owned(), field.clone()));
        }
        Ok(())
    }
}

fn is_a(value: &Value, kind: &str) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        _ => false,
    }
}

/// The two patterns of the schema: ids and hashes.
fn matches(value: &Value, pattern: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    if pattern.as_str().is_some_and(|pattern| pattern.starts_with("^p")) {
        text.parse::<ilios_convert::ir::BlockId>().is_ok()
    } else {
        text.len() == 12 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    }
}
