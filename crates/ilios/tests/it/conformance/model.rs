//! What the store should do, in memory and as simple as it can be said.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use ilios::model::{Id, Priority, Progress, Status, Timestamp};
use ilios::store::{NewBatch, NewDocument};

/// Everything that is known of the database.
#[derive(Default)]
pub(super) struct Model {
    pub(super) documents: BTreeMap<Id, ModelDocument>,
    pub(super) batches: BTreeMap<Id, ModelBatch>,
    /// Documents with a usage record, by tenant. Records stay when their documents go.
    pub(super) charged: BTreeSet<(String, Id)>,
    pub(super) deletions: BTreeSet<String>,
    /// Which tenants each store served when.
    pub(super) turns: HashMap<usize, Turns>,
}

#[derive(Default)]
pub(super) struct Turns {
    pub(super) count: u64,
    pub(super) last: HashMap<String, u64>,
}

#[derive(Debug, Clone)]
pub(super) struct ModelDocument {
    pub(super) tenant: String,
    pub(super) batch: Option<Id>,
    pub(super) status: Status,
    pub(super) failure: Option<String>,
    pub(super) processed_at: Option<Timestamp>,
    pub(super) expires_at: Timestamp,
    pub(super) object_key: Option<String>,
    pub(super) upload_expires_at: Option<Timestamp>,
    pub(super) job: Option<ModelJob>,
}

#[derive(Debug, Clone)]
pub(super) struct ModelJob {
    pub(super) id: Id,
    pub(super) priority: Priority,
    pub(super) scheduled_at: Timestamp,
    pub(super) state: JobState,
    pub(super) attempt: i64,
    pub(super) failures: i64,
    pub(super) crashes: i64,
    pub(super) losses: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum JobState {
    Pending,
    Held { owner: String, until: Timestamp },
    Ended,
}

#[derive(Debug, Clone)]
pub(super) struct ModelBatch {
    pub(super) tenant: String,
    pub(super) status: Status,
    pub(super) completed_at: Option<Timestamp>,
    /// As they were sent; some may be deleted by now.
    pub(super) documents: Vec<Id>,
}

impl ModelJob {
    pub(super) fn new(id: Id, priority: Priority, now: Timestamp) -> Self {
        Self {
            id,
            priority,
            scheduled_at: now,
            state: JobState::Pending,
            attempt: 0,
            failures: 0,
            crashes: 0,
            losses: 0,
        }
    }

    pub(super) fn is_held(&self) -> bool {
        matches!(self.state, JobState::Held { .. })
    }
}

impl ModelDocument {
    pub(super) fn fail(&mut self, code: &str, now: Timestamp) {
        self.status = Status::Failed;
        self.failure = Some(code.to_owned());
        self.processed_at = Some(now);
        self.upload_expires_at = None;
        if let Some(job) = &mut self.job {
            job.state = JobState::Ended;
        }
    }
}

impl Model {
    pub(super) fn submit(&mut self, new: &NewDocument, now: Timestamp) {
        let document = &new.document;
        let made = ModelDocument {
            tenant: document.tenant.as_str().to_owned(),
            batch: document.batch.clone(),
            status: document.status,
            failure: document.failure.as_ref().map(|failure| failure.code.clone()),
            processed_at: document.processed_at,
            expires_at: document.created_at.plus(document.retention.duration()),
            object_key: document.object_key.clone(),
            upload_expires_at: new.upload_expires_at,
            job: new
                .job
                .clone()
                .map(|(id, priority)| ModelJob::new(id, priority, now)),
        };
        self.documents.insert(document.id.clone(), made);
    }

    pub(super) fn submit_batch(&mut self, new: &NewBatch, now: Timestamp) {
        let made = ModelBatch {
            tenant: new.batch.tenant.as_str().to_owned(),
            status: new.batch.status,
            completed_at: new.batch.completed_at,
            documents: new.documents.iter().map(|new| new.document.id.clone()).collect(),
        };
        self.batches.insert(new.batch.id.clone(), made);
        new.documents.iter().for_each(|new| self.submit(new, now));
    }

    /// The documents of a batch that are still there.
    pub(super) fn documents_of(&self, batch: &Id) -> Vec<(&Id, &ModelDocument)> {
        let sent = self.batches[batch].documents.iter();
        sent.filter_map(|id| self.documents.get_key_value(id)).collect()
    }

    pub(super) fn progress(&self, batch: &Id) -> Progress {
        let mut progress = Progress::default();
        for (_, document) in self.documents_of(batch) {
            progress.total += 1;
            match document.status {
                Status::Pending => progress.pending += 1,
                Status::Processing => progress.processing += 1,
                _ if document.failure.is_some() => progress.failed += 1,
                _ => progress.completed += 1,
            }
        }
        progress
    }

    /// Ends the batch if this was its last document.
    pub(super) fn end_batch(&mut self, batch: Option<&Id>, now: Timestamp) {
        let Some(id) = batch else { return };
        let documents = self.documents_of(id);
        let open = documents.iter().any(|(_, document)| !document.status.is_final());
        let succeeded = documents.iter().any(|(_, document)| document.failure.is_none());
        // Clocks differ: a document may have ended later by another one's.
        let last = documents
            .iter()
            .filter_map(|(_, document)| document.processed_at)
            .max();
        let ended = last.map_or(now, |last| last.max(now));
        if let Some(batch) = self.batches.get_mut(id)
            && !open
            && batch.completed_at.is_none()
        {
            batch.completed_at = Some(ended);
            batch.status = if succeeded {
                Status::Completed
            } else {
                Status::Failed
            };
        }
    }

    /// How many jobs wait and how many are held.
    pub(super) fn jobs(&self) -> (u64, u64) {
        let jobs = || {
            self.documents
                .values()
                .filter_map(|document| document.job.as_ref())
        };
        let pending = jobs().filter(|job| job.state == JobState::Pending).count();
        (pending as u64, jobs().filter(|job| job.is_held()).count() as u64)
    }

    /// The place of a document in the line of its tenant.
    pub(super) fn place(&self, id: &Id) -> Option<u64> {
        let document = &self.documents[id];
        let key = |job: &ModelJob| (std::cmp::Reverse(job.priority), job.scheduled_at, job.id.clone());
        let own = key(document
            .job
            .as_ref()
            .filter(|job| job.state == JobState::Pending)?);
        let rivals = self
            .documents
            .values()
            .filter(|rival| rival.tenant == document.tenant);
        let waiting = rivals.filter_map(|rival| rival.job.as_ref());
        let ahead = waiting.filter(|job| job.state == JobState::Pending && key(job) < own);
        Some(ahead.count() as u64 + 1)
    }
}
