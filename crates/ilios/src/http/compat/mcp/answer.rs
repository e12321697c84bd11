use serde_json::Value;

use crate::http::respond::problem::Problem;

/// Result of a tool.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolAnswer {
    /// Text that the model reads.
    pub text: String,
    /// The same for programs, as the tool's schema has it.
    pub structured: Value,
}

/// Reason a tool did not do as asked. The model reads it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} ({code})")]
pub struct ToolFault {
    /// Stable name of the fault, as the HTTP API has it.
    pub code: String,
    /// Description.
    pub message: String,
}

impl ToolFault {
    /// The fault `code`.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
        }
    }

    /// A wrong argument.
    pub fn argument(name: &str, takes: impl std::fmt::Display) -> Self {
        Self::new("invalid_parameter", format!("{name} {takes}"))
    }
}

impl From<Problem> for ToolFault {
    /// The cause of a fault of the server goes to the log alone.
    fn from(problem: Problem) -> Self {
        if let Some(cause) = problem.cause() {
            tracing::error!(code = problem.code().name(), cause, "a tool failed");
        }
        Self::new(problem.code().name(), problem.error())
    }
}
