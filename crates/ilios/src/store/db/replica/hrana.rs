//! Requests to a primary and its responses: Hrana 3 over HTTP, as JSON
//! (<https://github.com/tursodatabase/libsql/blob/main/docs/HRANA_3_SPEC.md>).

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::{Deserialize, Serialize};

use super::super::{DbError, Row, Value};
use super::text_compression::{pack, unpack};

/// Requests on a stream, all in one round trip.
#[derive(Serialize)]
pub(super) struct Pipeline<'a> {
    pub(super) baton: Option<&'a str>,
    pub(super) requests: &'a [Request],
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Request {
    Batch { batch: Batch },
    Sequence { sql: &'static str },
    Close,
}

/// Statements, each run under a condition.
#[derive(Serialize)]
pub(super) struct Batch {
    pub(super) steps: Vec<Step>,
}

#[derive(Serialize)]
pub(super) struct Step {
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<Condition>,
    stmt: Stmt,
}

/// Condition under which a step runs.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Condition {
    /// That step succeeded.
    Ok {
        step: usize,
    },
    Not {
        cond: Box<Condition>,
    },
    IsAutocommit,
}

#[derive(Serialize)]
struct Stmt {
    sql: String,
    args: Vec<Wire>,
}

/// A value on its way.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Wire {
    Null,
    Integer { value: String },
    Float { value: f64 },
    Text { value: String },
    Blob { base64: String },
}

#[derive(Deserialize)]
pub(super) struct Answer {
    pub(super) baton: Option<String>,
    pub(super) base_url: Option<String>,
    pub(super) results: Vec<Outcome>,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Outcome {
    Ok { response: Response },
    Error { error: HranaError },
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Response {
    Batch {
        result: BatchResult,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
pub(super) struct BatchResult {
    /// Number of the last frame that the primary has written.
    #[serde(default)]
    pub(super) replication_index: Option<String>,
    pub(super) step_results: Vec<Option<StepResult>>,
    pub(super) step_errors: Vec<Option<HranaError>>,
}

#[derive(Deserialize)]
pub(super) struct StepResult {
    rows: Vec<Vec<Wire>>,
    pub(super) affected_row_count: u64,
}

/// Error that the primary reports.
#[derive(Debug, Deserialize)]
pub(super) struct HranaError {
    pub(super) message: String,
    #[serde(default)]
    pub(super) code: Option<String>,
}

impl Batch {
    pub(super) fn new() -> Self {
        Self { steps: Vec::new() }
    }

    /// Adds a statement that is run in any case.
    pub(super) fn first(mut self, sql: &str) -> Self {
        self.push(None, sql.to_owned(), Vec::new());
        self
    }

    /// Adds a statement that is run if the one before succeeded; as the first one, inside a transaction alone.
    pub(super) fn then(mut self, sql: String, values: Vec<Value>) -> Self {
        let condition = match self.steps.len() {
            0 => Condition::inside(),
            steps => Condition::Ok { step: steps - 1 },
        };
        self.push(Some(condition), sql, values);
        self
    }

    /// Commits if the statement before succeeded, and leaves no transaction open otherwise.
    pub(super) fn commit(mut self) -> Self {
        self = self.then("COMMIT".to_owned(), Vec::new());
        self.push(Some(Condition::inside()), "ROLLBACK".to_owned(), Vec::new());
        self
    }

    fn push(&mut self, condition: Option<Condition>, sql: String, values: Vec<Value>) {
        let args = values.into_iter().map(|value| Wire::from(pack(value))).collect();
        self.steps.push(Step {
            condition,
            stmt: Stmt { sql, args },
        });
    }

    pub(super) fn request(self) -> Request {
        Request::Batch { batch: self }
    }
}

impl Condition {
    /// A transaction is open: it was not taken away in the meantime.
    fn inside() -> Self {
        Self::Not {
            cond: Box::new(Self::IsAutocommit),
        }
    }
}

impl StepResult {
    pub(super) fn rows(self) -> Result<Vec<Row>, DbError> {
        let row = |values: Vec<Wire>| {
            let values = values.into_iter().map(|value| unpack(Value::try_from(value)?));
            values.collect::<Result<_, _>>().map(Row)
        };
        self.rows.into_iter().map(row).collect()
    }

    /// The only value of the only row.
    pub(super) fn only<T: super::super::FromValue>(self) -> Result<T, DbError> {
        let first = self.rows()?.into_iter().next();
        first
            .ok_or_else(|| DbError::Schema("an answer without a row".into()))?
            .take(0)
    }
}

impl From<Value> for Wire {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Integer(number) => Self::Integer {
                value: number.to_string(),
            },
            Value::Real(value) => Self::Float { value },
            Value::Text(value) => Self::Text { value },
            Value::Blob(bytes) => Self::Blob {
                base64: STANDARD_NO_PAD.encode(bytes),
            },
        }
    }
}

impl TryFrom<Wire> for Value {
    type Error = DbError;

    fn try_from(value: Wire) -> Result<Self, DbError> {
        let unreadable = || DbError::Schema("a value of the primary cannot be read".into());
        Ok(match value {
            Wire::Null => Self::Null,
            Wire::Integer { value } => Self::Integer(value.parse().map_err(|_| unreadable())?),
            Wire::Float { value } => Self::Real(value),
            Wire::Text { value } => Self::Text(value),
            Wire::Blob { base64 } => {
                let bytes = STANDARD_NO_PAD.decode(base64.trim_end_matches('='));
                Self::Blob(bytes.map_err(|_| unreadable())?)
            }
        })
    }
}
