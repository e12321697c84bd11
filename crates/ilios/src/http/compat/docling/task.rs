use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::options::Output;
use super::outcome::Failed;
use crate::http::HttpState;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::model::{Document, Id, Tenant};

/// Bytes of the id of a task, at most.
const MAX_ID: usize = 14 * 1024;

/// A task: its documents, and what is wanted of them. Its id is all of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Task {
    pub(super) documents: Vec<Entry>,
    pub(super) output: Output,
    /// True if chunks are wanted.
    pub(super) chunks: bool,
}

/// A document of a task.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum Entry {
    /// Its id.
    Queued(String),
    /// It was refused when it was sent: its name, the code of the fault, and its words.
    Refused(String, String, String),
}

impl Entry {
    pub(super) fn refused(failed: Failed) -> Self {
        // The id is a part of addresses.
        let cut = |text: String, most| text.chars().take(most).collect();
        Self::Refused(cut(failed.name, 64), failed.code, cut(failed.message, 120))
    }
}

impl Task {
    pub(super) fn id(&self) -> String {
        let text = serde_json::to_vec(self).unwrap_or_default();
        URL_SAFE_NO_PAD.encode(text)
    }

    /// The task with this id.
    pub(super) fn named(id: &str) -> Result<Self, Problem> {
        let bytes = (id.len() <= MAX_ID)
            .then(|| URL_SAFE_NO_PAD.decode(id).ok())
            .flatten();
        let task: Option<Self> = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        task.filter(|task| !task.documents.is_empty())
            .ok_or_else(not_found)
    }

    /// Its documents that are in the queue, or were. Those of another tenant are as good as none.
    pub(super) async fn documents(
        &self,
        state: &HttpState,
        tenant: &Tenant,
    ) -> Result<Vec<Document>, Problem> {
        let mut documents = Vec::new();
        for id in self.ids()? {
            let document = state.app.document(tenant, &id).await;
            documents.push(document.map_err(|error| missing(error.into()))?);
        }
        Ok(documents)
    }

    pub(super) fn ids(&self) -> Result<Vec<Id>, Problem> {
        let ids = self.documents.iter().filter_map(|entry| match entry {
            Entry::Queued(id) => Some(id.parse().map_err(|_| not_found())),
            Entry::Refused(..) => None,
        });
        ids.collect()
    }
}

/// The words are compared by docling's client.
fn not_found() -> Problem {
    Problem::new(Code::NOT_FOUND, "Task not found.")
}

/// A document that is not there is a task that is not.
pub(super) fn missing(problem: Problem) -> Problem {
    if problem.code() == Code::NOT_FOUND {
        not_found()
    } else {
        problem
    }
}
