use super::DbError;

/// A value in a statement's parameters or in a row: the five kinds that every backend shares.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// NULL.
    Null,
    /// A 64-bit integer; times are milliseconds since 1970, booleans 0 and 1.
    Integer(i64),
    /// A double.
    Real(f64),
    /// Text; JSON is text too.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

/// A row of a result, columns by position.
#[derive(Debug, Clone, PartialEq)]
pub struct Row(pub(super) Vec<Value>);

impl Row {
    /// All values, in the order of the columns.
    #[must_use]
    pub fn into_values(self) -> Vec<Value> {
        self.0
    }

    /// Takes the value of `column` out of the row.
    ///
    /// # Errors
    /// [`DbError::Schema`] when there is no such column or it is of another type.
    pub fn take<T: FromValue>(&mut self, column: usize) -> Result<T, DbError> {
        let value = self
            .0
            .get_mut(column)
            .map_or(Value::Null, |value| std::mem::replace(value, Value::Null));
        T::from_value(value).ok_or_else(|| DbError::Schema(format!("column {column} has an unexpected type")))
    }
}

/// A type that a column can be read as.
pub trait FromValue: Sized {
    /// The value as this type, if it is of it.
    fn from_value(value: Value) -> Option<Self>;
}

impl FromValue for i64 {
    fn from_value(value: Value) -> Option<Self> {
        if let Value::Integer(number) = value {
            Some(number)
        } else {
            None
        }
    }
}

impl FromValue for u64 {
    fn from_value(value: Value) -> Option<Self> {
        i64::from_value(value).and_then(|number| number.try_into().ok())
    }
}

impl FromValue for String {
    fn from_value(value: Value) -> Option<Self> {
        if let Value::Text(text) = value {
            Some(text)
        } else {
            None
        }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: Value) -> Option<Self> {
        if let Value::Blob(bytes) = value {
            Some(bytes)
        } else {
            None
        }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::from_value(value).map(Some),
        }
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Integer(i64::from(number))
    }
}

impl From<u16> for Value {
    fn from(number: u16) -> Self {
        Self::Integer(i64::from(number))
    }
}

impl From<u64> for Value {
    /// Saturates above the largest 64-bit integer, which no count of ours reaches.
    fn from(number: u64) -> Self {
        Self::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<u8> for Value {
    fn from(number: u8) -> Self {
        Self::Integer(i64::from(number))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
