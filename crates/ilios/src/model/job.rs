use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::Serialize;

use super::{Document, Id};

/// The proof that a worker holds a job. Whatever is written for the job is written only while the database
/// still has exactly this proof, and before it has run out.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Lease {
    /// The job.
    pub job: Id,
    /// The document that it converts.
    pub document: Id,
    /// The batch that the document belongs to.
    pub batch: Option<Id>,
    /// Counts the claims of the job: the fence that tells a late worker from the present one.
    pub attempt: i64,
    /// Worker that claimed it.
    pub owner: String,
}

/// A job that a worker holds.
#[derive(Debug, Clone)]
pub struct ClaimedJob {
    /// The proof of it.
    pub lease: Lease,
    /// The document to convert.
    pub document: Document,
}

/// Priority of a document among those of its tenant: 1 to 10, higher first, 5 by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Priority(u8);

/// Retry policy of failed jobs: attempts and delays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Attempts that may fail before the document does.
    pub max_failures: i64,
    /// The wait after the first failure; it doubles with each further one.
    pub first_delay: Duration,
    /// Times that the converter may die of the document.
    pub max_crashes: i64,
    /// Times that a worker may vanish while it holds the job. A worker's end is seldom the document's fault.
    pub max_losses: i64,
}

impl Priority {
    /// The number.
    #[must_use]
    pub fn get(self) -> u8 {
        self.0
    }
}

impl Default for Priority {
    fn default() -> Self {
        Self(5)
    }
}

impl FromStr for Priority {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse() {
            Ok(priority @ 1..=10) => Ok(Self(priority)),
            _ => Err("takes a whole number from 1 to 10; higher ones go first".into()),
        }
    }
}

impl fmt::Display for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_failures: 3,
            first_delay: Duration::from_secs(5),
            max_crashes: 2,
            max_losses: 10,
        }
    }
}

impl RetryPolicy {
    /// The wait after failure number `failures` (1 for the first).
    #[must_use]
    pub fn delay(&self, failures: i64) -> Duration {
        let doublings = u32::try_from(failures.clamp(1, 16) - 1).unwrap_or(0);
        self.first_delay * 2_u32.pow(doublings)
    }
}
