use std::ops::RangeInclusive;

use super::OldTable;
use crate::model::{Id, Tenant, Timestamp};
use crate::store::db::Value;

/// Seconds from 1970 to the year 3000; what is more are milliseconds.
const YEAR_3000: i64 = 32_503_680_000;

/// Note that an import had to correct something in a row, or to leave it out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The table of version 2.1.
    pub table: &'static str,
    /// The row's id there, or its number where it has none.
    pub row: String,
    /// Description of the fault and of what was done about it, for people.
    pub words: String,
}

/// A row of version 2.1, whose columns may hold anything.
#[derive(Debug)]
pub struct Fields {
    table: OldTable,
    number: i64,
    row: String,
    values: Vec<Value>,
    remarks: Vec<Remark>,
}

impl Fields {
    pub(super) fn new(table: OldTable, number: i64, values: Vec<Value>) -> Self {
        let row = match values.first() {
            Some(Value::Text(id)) if !id.is_empty() => id.clone(),
            _ => format!("row {number}"),
        };
        Self {
            table,
            number,
            row,
            values,
            remarks: Vec::new(),
        }
    }

    /// Name of the row in remarks: its id, or its number.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.row
    }

    /// The row's place in its table.
    pub(super) fn number(&self) -> i64 {
        self.number
    }

    pub(super) fn remark(&mut self, words: impl Into<String>) {
        self.remarks.push(Remark {
            table: self.table.name(),
            row: self.row.clone(),
            words: words.into(),
        });
    }

    pub(super) fn into_remarks(self) -> Vec<Remark> {
        self.remarks
    }

    fn take(&mut self, column: &str) -> Value {
        let place = self.table.columns().iter().position(|name| *name == column);
        let value = place.and_then(|place| self.values.get_mut(place));
        value.map_or(Value::Null, |value| std::mem::replace(value, Value::Null))
    }

    /// A text, also of a number; `None` for NULL.
    pub(super) fn text(&mut self, column: &str) -> Option<String> {
        match self.take(column) {
            Value::Null => None,
            Value::Text(text) => Some(text),
            Value::Integer(number) => Some(number.to_string()),
            Value::Real(number) => Some(number.to_string()),
            Value::Blob(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        }
    }

    /// The row's own id, and whether it had to be replaced.
    pub(super) fn id(&mut self) -> Id {
        let row = self.row.clone();
        let name = format!("{}/{row}", self.table.name());
        match self.text("id").and_then(|id| id.parse().ok()) {
            Some(id) => id,
            None => {
                let id = Id::standing_for(&name);
                self.remark(format!("its id is none that addresses take; it is {id} now"));
                id
            }
        }
    }

    /// The id of a row of `table` that this one refers to.
    pub(super) fn reference(&mut self, column: &str, table: OldTable) -> Option<(String, Id)> {
        let old = self.text(column).filter(|text| !text.is_empty())?;
        let id = id_of(table, &old);
        Some((old, id))
    }

    /// Tenant that owns the row. API keys are trimmed, as the server trims those that it is sent.
    pub(super) fn tenant(&mut self) -> Tenant {
        let key = self.text("api_key").unwrap_or_default();
        match key.trim() {
            "" => Tenant::anonymous(),
            key => Tenant::of_key(key),
        }
    }

    /// A whole number within `range`; `otherwise` for NULL, and with a remark for what is none.
    pub(super) fn whole(&mut self, column: &str, range: RangeInclusive<i64>, otherwise: i64) -> i64 {
        let value = self.take(column);
        let Some(number) = number(&value) else {
            if value != Value::Null {
                self.remark(format!("`{column}` is no number; it is {otherwise} now"));
            }
            return otherwise;
        };
        let (least, most) = range.into_inner();
        #[expect(clippy::cast_possible_truncation, reason = "a cast from a float saturates")]
        let whole = match value {
            Value::Integer(whole) => whole,
            _ => number.round() as i64,
        };
        let kept = whole.clamp(least, most);
        if kept != whole {
            self.remark(format!(
                "`{column}` is {whole}, beyond {least} to {most}; it is {kept} now"
            ));
        }
        kept
    }

    /// Millionths of what the column holds, in bounds in which sums of them stay exact.
    pub(super) fn millionths(&mut self, column: &str) -> i64 {
        /// Largest amount that is kept, in cents: ten million dollars.
        const MAX_CENTS: f64 = 1e9;
        let value = self.take(column);
        let Some(number) = number(&value) else {
            if value != Value::Null {
                self.remark(format!("`{column}` is no number; it is 0 now"));
            }
            return 0;
        };
        let kept = number.clamp(-MAX_CENTS, MAX_CENTS);
        if kept.to_bits() != number.to_bits() {
            self.remark(format!(
                "`{column}` is {number}, which is no sum; it is {kept} now"
            ));
        }
        #[expect(clippy::cast_possible_truncation, reason = "it is bounded above")]
        let millionths = (kept * 1e6).round() as i64;
        millionths
    }

    /// A moment: seconds since 1970, or what else can be read as one.
    pub(super) fn moment(&mut self, column: &str) -> Option<Timestamp> {
        let value = self.take(column);
        let found = match &value {
            Value::Null => return None,
            Value::Text(text) if text.trim().parse::<f64>().is_err() => written(text),
            value => number(value).and_then(of_number),
        };
        if found.is_none() {
            self.remark(format!("`{column}` is no moment"));
        }
        found
    }
}

/// The id that a row of `table` has with us.
pub(super) fn id_of(table: OldTable, old: &str) -> Id {
    old.parse()
        .unwrap_or_else(|_| Id::standing_for(&format!("{}/{old}", table.name())))
}

fn number(value: &Value) -> Option<f64> {
    let found = match value {
        #[expect(
            clippy::cast_precision_loss,
            reason = "what is as large is out of every range"
        )]
        Value::Integer(number) => *number as f64,
        Value::Real(number) => *number,
        Value::Text(text) => text.trim().parse().ok()?,
        Value::Null | Value::Blob(_) => return None,
    };
    found.is_finite().then_some(found)
}

fn of_number(number: f64) -> Option<Timestamp> {
    #[expect(clippy::cast_possible_truncation, reason = "a cast from a float saturates")]
    let whole = number.floor() as i64;
    match whole {
        0..=YEAR_3000 => Some(Timestamp::from_millis(whole * 1_000)),
        _ if (0..=YEAR_3000).contains(&(whole / 1_000)) && whole > 0 => Some(Timestamp::from_millis(whole)),
        _ => None,
    }
}

/// RFC 3339, or as SQLite writes moments: `2026-01-31 12:00:00`, in UTC.
fn written(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    text.parse()
        .ok()
        .or_else(|| format!("{}Z", text.replacen(' ', "T", 1)).parse().ok())
}
