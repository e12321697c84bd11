use serde_json::{Map, Value, json};

/// Faults that are told of one request.
const MAX_FAULTS: usize = 20;
/// Characters that are told of the name of a field.
const MAX_NAME: usize = 64;

/// Faults of a request, as pydantic tells them.
#[derive(Debug, Clone, Default)]
pub(super) struct Faults(Vec<Value>);

/// A field that is not there, a value that is not taken, a field that is not known.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Missing,
    Extra,
    Value,
}

/// Object of a request, whose fields are taken one by one.
pub(super) struct Fields<'f> {
    place: Vec<Value>,
    values: Map<String, Value>,
    faults: &'f mut Faults,
}

impl Faults {
    pub(super) fn add(&mut self, kind: Kind, place: &[Value], message: &str) {
        if self.0.len() < MAX_FAULTS {
            let kind = match kind {
                Kind::Missing => "missing",
                Kind::Extra => "extra_forbidden",
                Kind::Value => "value_error",
            };
            self.0.push(json!({"type": kind, "loc": place, "msg": message}));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The body of the answer.
    pub(super) fn body(&self) -> Value {
        json!({"detail": self.0})
    }
}

impl<'f> Fields<'f> {
    /// The fields of an object at `place`; `None`, with a fault, for what is none.
    pub(super) fn of(value: Value, place: Vec<Value>, faults: &'f mut Faults) -> Option<Self> {
        match value {
            Value::Object(values) => Some(Self {
                place,
                values,
                faults,
            }),
            _ => {
                faults.add(Kind::Value, &place, "Input should be an object");
                None
            }
        }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// A field that is not null.
    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        self.values.remove(name).filter(|value| !value.is_null())
    }

    pub(super) fn wrong(&mut self, name: &str, message: &str) {
        let place = self.place_of(name);
        self.faults.add(Kind::Value, &place, message);
    }

    pub(super) fn missing(&mut self, name: &str) {
        let place = self.place_of(name);
        self.faults.add(Kind::Missing, &place, "Field required");
    }

    /// A field that has to be there.
    pub(super) fn required(&mut self, name: &str) -> Option<Value> {
        let value = self.take(name);
        if value.is_none() {
            self.missing(name);
        }
        value
    }

    pub(super) fn flag(&mut self, name: &str, default: bool) -> bool {
        match self.take(name) {
            None => default,
            Some(Value::Bool(flag)) => flag,
            Some(_) => {
                self.wrong(name, "Input should be a valid boolean");
                default
            }
        }
    }

    /// A whole number from 0 on.
    pub(super) fn number(&mut self, name: &str) -> Option<u32> {
        let value = self.take(name)?;
        let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
        if number.is_none() {
            self.wrong(name, "Input should be a valid integer that is not negative");
        }
        number
    }

    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        match self.take(name)? {
            Value::String(text) => Some(text),
            _ => {
                self.wrong(name, "Input should be a valid string");
                None
            }
        }
    }

    /// One of the values that a choice has.
    pub(super) fn choice<T: Copy>(&mut self, name: &str, choices: &[(&str, T)]) -> Option<T> {
        let text = self.text(name)?;
        let chosen = choices.iter().find(|(known, _)| *known == text);
        if chosen.is_none() {
            let names: Vec<String> = choices.iter().map(|(name, _)| format!("'{name}'")).collect();
            self.wrong(name, &format!("Input should be {}", names.join(" or ")));
        }
        chosen.map(|(_, value)| *value)
    }

    /// Refuses all fields that were not taken.
    pub(super) fn finish(self) {
        for name in self.values.keys() {
            let place = self.place_of(name);
            self.faults
                .add(Kind::Extra, &place, "Extra inputs are not permitted");
        }
    }

    /// Place of a field in the body.
    pub(super) fn place_of(&self, name: &str) -> Vec<Value> {
        let name: String = name.chars().take(MAX_NAME).collect();
        self.place.iter().cloned().chain([name.into()]).collect()
    }

    /// The faults that fields of fields add to.
    pub(super) fn faults(&mut self) -> &mut Faults {
        self.faults
    }
}
