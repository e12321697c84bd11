use ilios::model::{Id, Priority, Status, Timestamp};

use super::model::{JobState, Model, ModelJob};

/// What a client hears, without the rows that come with it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Done,
    /// The document has this status, in which it cannot be done.
    Refused(Status),
    NoOriginal,
    NotFound,
}

impl Model {
    /// The document, if it is the tenant's.
    fn owned(&self, tenant: &str, id: &Id) -> bool {
        self.documents
            .get(id)
            .is_some_and(|document| document.tenant == tenant)
    }

    pub(super) fn cancel(&mut self, tenant: &str, id: &Id, now: Timestamp) -> Answer {
        if !self.owned(tenant, id) {
            return Answer::NotFound;
        }
        let document = self.documents.get_mut(id).expect("it is there");
        if document.status.is_final() {
            return Answer::Refused(document.status);
        }
        if document.upload_expires_at.is_some() {
            // Nobody knows whether its file is there.
            self.deletions.extend(document.object_key.take());
        }
        document.fail("cancelled", now);
        let batch = document.batch.clone();
        self.end_batch(batch.as_ref(), now);
        Answer::Done
    }

    /// The documents that were cancelled.
    pub(super) fn cancel_batch(&mut self, tenant: &str, id: &Id, now: Timestamp) -> Option<Vec<Id>> {
        let batch = self.batches.get(id).filter(|batch| batch.tenant == tenant)?;
        let documents = batch.documents.clone();
        let done = |id: &Id| self.cancel(tenant, id, now) == Answer::Done;
        let cancelled = documents.into_iter().filter(done).collect();
        self.end_batch(Some(id), now);
        Some(cancelled)
    }

    pub(super) fn delete(&mut self, tenant: &str, id: &Id, now: Timestamp) -> Answer {
        if !self.owned(tenant, id) {
            return Answer::NotFound;
        }
        let document = self.documents.remove(id).expect("it is there");
        // What a client may have put at the address of its upload after it was complete, goes, too.
        let uploaded = document.object_key.as_ref().and_then(|key| key.split_once('.'));
        let uploaded = uploaded.map(|(uploaded, _)| uploaded.to_owned());
        self.deletions.extend(uploaded);
        self.deletions.extend(document.object_key);
        self.end_batch(document.batch.as_ref(), now);
        Answer::Done
    }

    pub(super) fn retry(&mut self, tenant: &str, id: &Id, job: Id, now: Timestamp) -> Answer {
        if !self.owned(tenant, id) {
            return Answer::NotFound;
        }
        let document = self.documents.get_mut(id).expect("it is there");
        if document.status != Status::Failed {
            return Answer::Refused(document.status);
        }
        if document.object_key.is_none() {
            return Answer::NoOriginal;
        }
        document.status = Status::Pending;
        document.failure = None;
        document.processed_at = None;
        let fresh = || ModelJob::new(job, Priority::default(), now);
        let before = document.job.get_or_insert_with(fresh);
        *before = ModelJob {
            attempt: before.attempt,
            ..ModelJob::new(before.id.clone(), before.priority, now)
        };
        let batch = document
            .batch
            .clone()
            .and_then(|batch| self.batches.get_mut(&batch));
        if let Some(batch) = batch {
            batch.status = Status::Processing;
            batch.completed_at = None;
        }
        Answer::Done
    }

    /// `Refused` when the upload was complete before.
    pub(super) fn complete_upload(&mut self, tenant: &str, id: &Id, job: Id, now: Timestamp) -> Answer {
        let copy = format!("documents/{id}.{job}");
        if !self.owned(tenant, id) {
            return Answer::NotFound;
        }
        let document = self.documents.get_mut(id).expect("it is there");
        if document.upload_expires_at.take().is_none() {
            return Answer::Refused(document.status);
        }
        self.deletions.extend(document.object_key.replace(copy));
        document.job = Some(ModelJob::new(job, Priority::default(), now));
        Answer::Done
    }

    pub(super) fn expire_uploads(&mut self, now: Timestamp) -> u64 {
        let mut expired = 0;
        for document in self.documents.values_mut() {
            if document.upload_expires_at.is_some_and(|moment| moment <= now) {
                expired += 1;
                document.fail("upload_expired", now);
                self.deletions.extend(document.object_key.take());
            }
        }
        expired
    }

    /// Documents past their retention, the longest overdue first.
    pub(super) fn due(&self, now: Timestamp) -> Vec<(Timestamp, Id)> {
        let ended = self.documents.iter().filter(|(_, document)| {
            matches!(document.status, Status::Completed | Status::Failed) && document.expires_at <= now
        });
        let mut due: Vec<_> = ended
            .map(|(id, document)| (document.expires_at, id.clone()))
            .collect();
        due.sort();
        due
    }

    pub(super) fn archive(&mut self, id: &Id, key: Option<String>) {
        let document = self.documents.get_mut(id).expect("it is due");
        document.status = Status::Archived;
        let old = std::mem::replace(&mut document.object_key, key);
        let uploaded = old.as_ref().and_then(|key| key.split_once('.'));
        self.deletions
            .extend(uploaded.map(|(uploaded, _)| uploaded.to_owned()));
        self.deletions.extend(old);
    }

    /// Whether a job could be claimed or is held: then its document has not ended.
    pub(super) fn job_is_open(&self, id: &Id) -> bool {
        let job = self.documents[id].job.as_ref();
        job.is_some_and(|job| job.state != JobState::Ended)
    }
}
