use crate::app::documents::Intake;
use crate::app::keys::allowed_retention;
use crate::app::{App, AppError, IdempotentRequest, Received, StoredResponse};
use crate::engine::BatchService;
use crate::model::{
    Batch, ConversionOptions, Document, Id, Priority, Progress, RetentionDays, Status, Tenant, Timestamp,
};
use crate::store::{NewBatch, NewDocument, NewOcrJob, NewProviderBatch};

/// Bytes of the documents of one provider batch: a third more, as they travel as base64, is below the 500 MB that a
/// service may be sent at once.
const MAX_PROVIDER_BATCH_BYTES: u64 = 360_000_000;

/// Words the answer of the batch, its documents and the id of the first batch that goes to a provider.
pub type BatchResponseText = dyn Fn(&Batch, &[Document], Option<&Id>) -> String + Send + Sync;

/// Documents to queue together.
pub struct SubmitBatch<'a> {
    /// The tenant that asks.
    pub tenant: Tenant,
    /// The files in the order in which they were sent, their originals being in the object store.
    pub files: Vec<Received>,
    /// Options of the client, for all of them.
    pub options: ConversionOptions,
    /// Priority among the tenant's own documents.
    pub priority: Priority,
    /// Retention time.
    pub retention: RetentionDays,
    /// Options of each file, instead of those for all of them; empty where there are none of their own.
    pub own_options: Vec<ConversionOptions>,
    /// Record of a batch that was asked for as a list of requests.
    pub ocr_job: Option<NewOcrJob>,
    /// True if the service's own batches convert the documents that they support.
    pub by_provider: bool,
    /// The request's `Idempotency-Key`.
    pub name: Option<IdempotentRequest>,
    /// Words the answer, which is remembered under the request's name.
    pub answer: &'a BatchResponseText,
}

impl App {
    /// Writes a batch with its documents and jobs in one transaction; files that were refused become failed
    /// documents. When this returns, all of it is durable.
    ///
    /// # Errors
    /// [`AppError::TestKey`], [`AppError::Busy`], [`AppError::IdempotencyKeyReused`], [`AppError::Store`]. Nothing is made then, and the originals
    /// are taken back.
    pub async fn submit_batch(&self, mut submission: SubmitBatch<'_>) -> Result<StoredResponse, AppError> {
        submission.retention = allowed_retention(&submission.tenant, submission.retention);
        let by_provider = submission.by_provider && submission.tenant.is_of_tests();
        match self.allowed_options_of(&submission) {
            Ok((options, own_options)) if !by_provider => {
                submission.options = options;
                submission.own_options = own_options;
            }
            _ => {
                self.discard(&submission.files).await;
                return Err(AppError::TestKey);
            }
        }
        let (tenant, name) = (submission.tenant.clone(), submission.name.clone());
        let _turn = self.lock_request(&tenant, name.as_ref()).await;
        match self.find_response(&tenant, name.as_ref()).await {
            Ok(None) => {}
            Ok(Some(before)) => {
                self.discard(&submission.files).await;
                return Ok(StoredResponse::replayed(before));
            }
            Err(error) => {
                self.discard(&submission.files).await;
                return Err(error);
            }
        }
        let _room = match self.make_room(&tenant, submission.files.len() as u64).await {
            Ok(room) => room,
            Err(error) => {
                self.discard(&submission.files).await;
                return Err(error);
            }
        };
        let (answer, outcome) = self.write_batch(&submission).await;
        match outcome {
            Ok(()) => {
                self.events.queued.notify_waiters();
                self.events.provider_batches.notify_one();
                Ok(StoredResponse::new(answer))
            }
            Err(error) => {
                self.discard(&submission.files).await;
                self.replayed_submission(&tenant, name.as_ref(), error).await
            }
        }
    }

    /// The options for all files, and those that each has of its own.
    fn allowed_options_of(
        &self,
        submission: &SubmitBatch<'_>,
    ) -> Result<(ConversionOptions, Vec<ConversionOptions>), AppError> {
        let allowed = |options: &ConversionOptions| self.allowed_options(&submission.tenant, options.clone());
        let own: Result<Vec<_>, AppError> = submission.own_options.iter().map(allowed).collect();
        Ok((allowed(&submission.options)?, own?))
    }

    async fn write_batch(
        &self,
        submission: &SubmitBatch<'_>,
    ) -> (String, Result<(), crate::store::StoreError>) {
        let new = self.new_batch(submission);
        let documents: Vec<Document> = new.documents.iter().map(|new| new.document.clone()).collect();
        let provider = new.provider.first().map(|provider| &provider.id);
        let answer = (submission.answer)(&new.batch, &documents, provider);
        let named = submission.name.as_ref().map(|name| {
            name.stored_key(
                &submission.tenant,
                &new.batch.id,
                answer.clone(),
                new.batch.created_at,
            )
        });
        (answer, self.store.submit_batch(new, named).await)
    }

    fn new_batch(&self, submission: &SubmitBatch<'_>) -> NewBatch {
        let now = self.clock.now();
        let id = self.ids.next(now);
        let mut documents: Vec<NewDocument> = submission
            .files
            .iter()
            .enumerate()
            .map(|(at, file)| {
                let intake = Intake {
                    tenant: &submission.tenant,
                    options: submission.own_options.get(at).unwrap_or(&submission.options),
                    priority: submission.priority,
                    retention: submission.retention,
                };
                let mut new = self.new_document(file, &intake, now);
                new.document.batch = Some(id.clone());
                new
            })
            .collect();
        let provider = match self.engine.batches().filter(|_| submission.by_provider) {
            Some(service) => self.by_provider(&*service, &mut documents, now),
            None => Vec::new(),
        };
        let total = documents.len() as u64;
        let failed = documents
            .iter()
            .filter(|new| new.document.status.is_final())
            .count() as u64;
        // A batch of which every file was refused has ended before it began.
        let ended = failed == total;
        NewBatch {
            batch: Batch {
                id,
                tenant: submission.tenant.clone(),
                priority: submission.priority,
                status: if ended { Status::Failed } else { Status::Pending },
                created_at: now,
                completed_at: ended.then_some(now),
                progress: Progress {
                    total,
                    pending: total - failed,
                    failed,
                    ..Progress::default()
                },
            },
            documents,
            provider,
            ocr_job: submission.ocr_job.clone(),
        }
    }

    /// Takes the jobs from those documents that the service converts in batches of its own, and makes these.
    fn by_provider(
        &self,
        service: &dyn BatchService,
        documents: &mut [NewDocument],
        now: Timestamp,
    ) -> Vec<NewProviderBatch> {
        let mut batches: Vec<NewProviderBatch> = Vec::new();
        let mut bytes = 0;
        for new in documents.iter_mut().filter(|new| new.job.is_some()) {
            let size = new.document.file_size;
            if !service.supports(&new.document.mime_type, size) {
                continue;
            }
            new.job = None;
            bytes += size;
            match batches.last_mut().filter(|_| bytes <= MAX_PROVIDER_BATCH_BYTES) {
                Some(batch) => batch.documents.push(new.document.id.clone()),
                None => {
                    bytes = size;
                    batches.push(NewProviderBatch {
                        id: self.ids.next(now),
                        documents: vec![new.document.id.clone()],
                    });
                }
            }
        }
        batches
    }
}
