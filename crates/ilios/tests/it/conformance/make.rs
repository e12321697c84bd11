use std::time::Duration;

use ilios::model::{
    Action, Actor, Batch, ClaimedJob, Clock, ConversionOptions, Document, DocumentContent, DocumentMetadata,
    DocumentModel, Failure, FileName, Id, Ids, Lease, MicroCents, NewAudit, Operation, Priority, Progress,
    RetentionDays, RetryPolicy, Status, Tenant, Timestamp, UsageRecord,
};
use ilios::store::{CompletedJob, JobOutcome, NewBatch, NewDocument, NextClaim, Settled, Store};
use ilios_convert::{Format, Metadata};
use rand::SeedableRng;

use super::backend::Backend;
use super::time::{SkewedClock, TestTime};

/// The lease of most tests.
pub(super) const LEASE: Duration = Duration::from_secs(20);

/// A store with its clock, ids and one tenant.
pub(super) struct Bench {
    pub(super) store: Store,
    pub(super) time: TestTime,
    pub(super) clock: std::sync::Arc<SkewedClock>,
    pub(super) ids: Ids,
    pub(super) tenant: Tenant,
}

impl Bench {
    pub(super) async fn new(backend: &impl Backend) -> Self {
        let time = TestTime::new();
        let clock = time.clock(0);
        Self {
            store: backend.open(clock.clone()).await,
            time,
            clock,
            ids: ids(),
            tenant: tenant("a"),
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn document(&self) -> NewDocument {
        queued(&self.ids, &self.tenant, self.now(), priority(5))
    }

    /// Queues a document of the bench's tenant.
    pub(super) async fn submit(&self) -> Id {
        self.submit_as(&self.tenant, 5).await
    }

    pub(super) async fn submit_as(&self, tenant: &Tenant, urgency: u8) -> Id {
        let new = queued(&self.ids, tenant, self.now(), priority(urgency));
        let id = new.document.id.clone();
        self.store
            .submit_document(new, None)
            .await
            .expect("it is accepted");
        id
    }

    /// Claims the next job, which there must be.
    pub(super) async fn claim(&self) -> Lease {
        self.claim_job().await.lease
    }

    /// As [`Self::claim`], with the document.
    pub(super) async fn claim_job(&self) -> ClaimedJob {
        let claimed = self.store.claim_jobs("worker", LEASE, 1).await;
        claimed.expect("a claim").pop().expect("a due job")
    }

    pub(super) async fn nothing_to_claim(&self) {
        let claimed = self.store.claim_jobs("worker", LEASE, 3).await.expect("a claim");
        assert!(claimed.is_empty(), "{claimed:?}");
    }

    pub(super) async fn finish(&self, lease: &Lease, outcome: JobOutcome) -> Settled {
        self.finish_all(vec![(lease.clone(), outcome)], 0).await.0[0]
    }

    /// Settles attempts and claims up to `most` next jobs.
    pub(super) async fn finish_all(
        &self,
        attempts: Vec<(Lease, JobOutcome)>,
        most: usize,
    ) -> (Vec<Settled>, Vec<Lease>) {
        let next = NextClaim { most, lease: LEASE };
        let finished = self
            .store
            .finish_jobs("worker", attempts, RetryPolicy::default(), next)
            .await;
        let (settled, next) = finished.expect("they are settled");
        (settled, next.into_iter().map(|job| job.lease).collect())
    }

    /// Settles an attempt that has failed, by a crash or otherwise, and is not the last one.
    pub(super) async fn fail(&self, lease: &Lease, crashed: bool) {
        let settled = self.finish(lease, again(crashed)).await;
        assert!(matches!(settled, Settled::Retried(_)), "{settled:?}");
    }

    /// Takes back jobs whose lease has run out, or all; their number.
    pub(super) async fn reclaim(&self, all: bool) -> u64 {
        let reclaimed = self.store.reclaim_expired_jobs(RetryPolicy::default(), all).await;
        reclaimed.expect("an answer")
    }

    pub(super) async fn complete(&self, lease: &Lease) -> Settled {
        let outcome = completed(&self.ids, &self.tenant, &lease.document, self.now());
        self.finish(lease, outcome).await
    }

    /// As [`Self::complete`], with the model of the document.
    pub(super) async fn complete_with(&self, lease: &Lease, model: Option<DocumentModel>) -> Settled {
        let outcome = match completed(&self.ids, &self.tenant, &lease.document, self.now()) {
            JobOutcome::Completed(job) => JobOutcome::Completed(Box::new(CompletedJob { model, ..*job })),
            other => other,
        };
        self.finish(lease, outcome).await
    }

    pub(super) async fn found(&self, id: &Id) -> Document {
        let found = self.store.document(&self.tenant, id).await.expect("an answer");
        found.expect("the document")
    }

    pub(super) async fn usage_records(&self) -> u64 {
        let count = self.store.usage_record_count(&self.tenant).await;
        count.expect("a count")
    }
}

/// Ids that are the same in each run.
pub(crate) fn ids() -> Ids {
    Ids::new(rand::rngs::StdRng::seed_from_u64(7))
}

pub(crate) fn tenant(name: &str) -> Tenant {
    Tenant::stored(name.to_owned())
}

pub(super) fn priority(urgency: u8) -> Priority {
    urgency.to_string().parse().expect("a priority")
}

pub(super) fn days(days: u16) -> RetentionDays {
    days.to_string().parse().expect("a number of days")
}

/// A document with an original and a job.
pub(crate) fn queued(ids: &Ids, tenant: &Tenant, now: Timestamp, priority: Priority) -> NewDocument {
    let id = ids.next(now);
    NewDocument {
        document: Document {
            reconversion: None,
            object_key: Some(format!("documents/{id}")),
            id,
            tenant: tenant.clone(),
            file_name: FileName::clean("a.txt"),
            file_size: 4,
            mime_type: "text/plain".into(),
            sha256: "0".repeat(64),
            status: Status::Pending,
            created_at: now,
            processed_at: None,
            retention: RetentionDays::default(),
            metadata: None,
            batch: None,
            options: ConversionOptions::default(),
            failure: None,
        },
        job: Some((ids.next(now), priority)),
        upload_expires_at: None,
    }
}

/// A document that was refused when it was sent.
pub(super) fn refused(ids: &Ids, tenant: &Tenant, now: Timestamp) -> NewDocument {
    let mut new = queued(ids, tenant, now, Priority::default());
    new.job = None;
    new.document.object_key = None;
    new.document.status = Status::Failed;
    new.document.processed_at = Some(now);
    new.document.failure = Some(Failure::new("unsupported_type", "refused"));
    new
}

/// A document that its client will put into the object store until `expires`.
pub(super) fn announced(ids: &Ids, tenant: &Tenant, now: Timestamp, expires: Timestamp) -> NewDocument {
    let mut new = queued(ids, tenant, now, Priority::default());
    new.job = None;
    new.upload_expires_at = Some(expires);
    new
}

/// A batch of `documents`; one of refused documents alone has ended.
pub(crate) fn batch(ids: &Ids, tenant: &Tenant, now: Timestamp, mut documents: Vec<NewDocument>) -> NewBatch {
    let id = ids.next(now);
    for new in &mut documents {
        new.document.batch = Some(id.clone());
    }
    let ended = documents.iter().all(|new| new.document.status.is_final());
    NewBatch {
        batch: Batch {
            id,
            tenant: tenant.clone(),
            priority: Priority::default(),
            status: if ended { Status::Failed } else { Status::Pending },
            created_at: now,
            completed_at: ended.then_some(now),
            progress: Progress::default(),
        },
        documents,
        provider: Vec::new(),
        ocr_job: None,
    }
}

/// The outcome of an attempt that has converted `document`.
pub(crate) fn completed(ids: &Ids, tenant: &Tenant, document: &Id, now: Timestamp) -> JobOutcome {
    JobOutcome::Completed(Box::new(CompletedJob {
        content: DocumentContent {
            markdown: "text\n".into(),
            pages: Vec::new(),
        },
        model: None,
        replaces: false,
        metadata: DocumentMetadata {
            engine: "local".into(),
            model: "none".into(),
            format: Format::Text,
            extracted_pages: 1,
            processing_time_ms: 1,
            source: Metadata::default(),
            warnings: Vec::new(),
            service: None,
            fallback: None,
            imported: None,
            partial: None,
        },
        usage: UsageRecord {
            id: ids.next(now),
            tenant: tenant.clone(),
            document_id: document.clone(),
            operation: Operation::Convert,
            engine: "local".into(),
            model: "none".into(),
            pages: 1,
            input_tokens: 1,
            output_tokens: 1,
            unit_price: MicroCents::default(),
            margin_basis_points: 3_000,
            base: MicroCents::default(),
            total: MicroCents::default(),
            created_at: now,
        },
        sha256: "0".repeat(64),
        mime_type: "text/plain".into(),
        file_size: 4,
    }))
}

/// The outcome of an attempt that failed and may succeed another time.
pub(super) fn again(crashed: bool) -> JobOutcome {
    JobOutcome::Retry {
        failure: Failure::new("unavailable", "the engine was not available"),
        crashed,
    }
}

/// The entry of the audit log of a deletion.
pub(crate) fn deletion(id: &Id) -> NewAudit {
    NewAudit {
        id: id.derived("deletion"),
        actor: Actor::Server,
        action: Action::DeleteDocument,
        subject: id.to_string(),
        details: String::new(),
    }
}
