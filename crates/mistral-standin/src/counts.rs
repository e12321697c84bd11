//! What the stand-in was sent.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Refused requests beyond this number are counted by status only.
const KEPT_REFUSALS: usize = 1_000;

/// What was sent, and what it would have cost.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Requests by method and route, such as `GET /v1/files/{id}`; also those that were refused or failed.
    pub requests: BTreeMap<String, u64>,
    /// Answers by status, as the client saw them.
    pub statuses: BTreeMap<u16, u64>,
    /// Every document that was read, in the order of reading; the same one twice when it was read twice.
    pub documents: Vec<Document>,
    /// What was refused, and why.
    pub refused: Vec<Refused>,
}

/// A document that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Its size.
    pub bytes: usize,
    /// How many pages it has.
    pub pages: usize,
    /// How many of them were read, which is what is billed.
    pub billed_pages: usize,
    /// Whether annotations were asked for, which have a price of their own.
    pub annotated: bool,
    /// Whether it came inside a batch, which is cheaper.
    pub batch: bool,
    /// The model that read it.
    pub model: String,
}

/// A request that broke a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// Its method and route.
    pub request: String,
    /// The status of the answer.
    pub status: u16,
    /// The body of the answer.
    pub body: String,
}

impl Counts {
    /// All pages that were read, alone and inside batches.
    #[must_use]
    pub fn billed_pages(&self) -> usize {
        self.documents.iter().map(|document| document.billed_pages).sum()
    }

    /// How often a route was asked, such as `POST /v1/ocr`.
    #[must_use]
    pub fn requests_to(&self, request: &str) -> u64 {
        self.requests.get(request).copied().unwrap_or_default()
    }

    pub(crate) fn arrived(&mut self, request: &str) {
        *self.requests.entry(request.to_owned()).or_default() += 1;
    }

    pub(crate) fn answered(&mut self, status: u16) {
        *self.statuses.entry(status).or_default() += 1;
    }

    pub(crate) fn refused(&mut self, refused: Refused) {
        if self.refused.len() < KEPT_REFUSALS {
            self.refused.push(refused);
        }
    }
}
