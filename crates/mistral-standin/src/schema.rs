//! Bodies held against tables of fields; what is not in a table is refused.

use serde_json::{Map, Value, json};

/// One thing that is wrong with a body, with the names that pydantic has for it.
#[derive(Debug, Clone)]
pub(crate) struct Flaw {
    kind: &'static str,
    at: Vec<Value>,
    message: String,
    input: Value,
}

impl Flaw {
    pub(crate) fn new(kind: &'static str, at: &[Value], message: impl Into<String>, input: &Value) -> Self {
        Self {
            kind,
            at: at.to_vec(),
            message: message.into(),
            // A document of megabytes is not sent back.
            input: match input {
                Value::String(text) => Value::String(text.chars().take(100).collect()),
                Value::Object(_) | Value::Array(_) => Value::Null,
                other => other.clone(),
            },
        }
    }

    /// A value of the right type that is wrong for another reason.
    pub(crate) fn value(at: &[Value], message: &str, input: &Value) -> Self {
        Self::new("value_error", at, format!("Value error, {message}"), input)
    }

    pub(crate) fn missing(at: &[Value], name: &str) -> Self {
        Self::new("missing", &below(at, name), "Field required", &Value::Null)
    }

    pub(crate) fn json(&self) -> Value {
        json!({"type": self.kind, "loc": self.at, "msg": self.message, "input": self.input})
    }
}

/// Looks at a value at a place, and tells what is wrong with it.
pub(crate) type Check = fn(&Value, &[Value], &mut Vec<Flaw>);

/// What a field has to be. Nothing is converted: `"1"` and `1.0` are not integers here.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Text,
    Bool,
    Int(i64, i64),
    OneOf(&'static [&'static str]),
    Other(Check),
}

/// A row of a table of fields.
#[derive(Clone, Copy)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) required: bool,
    pub(crate) nullable: bool,
    pub(crate) kind: Kind,
}

impl Field {
    pub(crate) const fn required(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            required: true,
            nullable: false,
            kind,
        }
    }

    /// May be absent or null.
    pub(crate) const fn optional(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            required: false,
            nullable: true,
            kind,
        }
    }

    /// May be absent, but not null.
    pub(crate) const fn never_null(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            required: false,
            nullable: false,
            kind,
        }
    }

    /// Has to be there, but may be null.
    pub(crate) const fn key_required(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            required: true,
            nullable: true,
            kind,
        }
    }
}

/// The place of a member.
pub(crate) fn below(at: &[Value], name: &str) -> Vec<Value> {
    let mut place = at.to_vec();
    place.push(Value::from(name));
    place
}

/// The place of an item.
pub(crate) fn item(at: &[Value], number: usize) -> Vec<Value> {
    let mut place = at.to_vec();
    place.push(Value::from(number));
    place
}

/// The members of an object, or a flaw.
pub(crate) fn object<'a>(
    value: &'a Value,
    at: &[Value],
    flaws: &mut Vec<Flaw>,
) -> Option<&'a Map<String, Value>> {
    let found = value.as_object();
    if found.is_none() {
        let message = "Input should be a valid dictionary or object to extract fields from";
        flaws.push(Flaw::new("model_attributes_type", at, message, value));
    }
    found
}

/// Holds an object against its table.
pub(crate) fn check(value: &Value, at: &[Value], fields: &[Field], flaws: &mut Vec<Flaw>) {
    let Some(members) = object(value, at, flaws) else {
        return;
    };
    for field in fields {
        match members.get(field.name) {
            None if field.required => flaws.push(Flaw::missing(at, field.name)),
            None => {}
            Some(Value::Null) if field.nullable => {}
            Some(member) => check_member(member, &below(at, field.name), field.kind, flaws),
        }
    }
    for name in members.keys() {
        if !fields.iter().any(|field| field.name == name) {
            let message = "Extra inputs are not permitted";
            flaws.push(Flaw::new(
                "extra_forbidden",
                &below(at, name),
                message,
                &Value::Null,
            ));
        }
    }
}

fn check_member(value: &Value, at: &[Value], kind: Kind, flaws: &mut Vec<Flaw>) {
    let (name, message) = match kind {
        Kind::Text if value.is_string() => return,
        Kind::Text => ("string_type", "Input should be a valid string".to_owned()),
        Kind::Bool if value.is_boolean() => return,
        Kind::Bool => ("bool_type", "Input should be a valid boolean".to_owned()),
        Kind::Int(least, most) => match value.as_i64() {
            Some(number) if (least..=most).contains(&number) => return,
            Some(number) if number < least => (
                "greater_than_equal",
                format!("Input should be greater than or equal to {least}"),
            ),
            Some(_) => (
                "less_than_equal",
                format!("Input should be less than or equal to {most}"),
            ),
            None => ("int_type", "Input should be a valid integer".to_owned()),
        },
        Kind::OneOf(names) => match value.as_str() {
            Some(text) if names.contains(&text) => return,
            _ => ("literal_error", format!("Input should be one of {names:?}")),
        },
        Kind::Other(check) => return check(value, at, flaws),
    };
    flaws.push(Flaw::new(name, at, message, value));
}
