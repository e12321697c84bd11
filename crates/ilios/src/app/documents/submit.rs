use std::time::Duration;

use super::receive::{Received, Upload};
use crate::app::keys::allowed_retention;
use crate::app::{App, AppError, IdempotentRequest, Reservation, StoredResponse};
use crate::crash_point;
use crate::model::{
    ConversionOptions, Document, FileName, Priority, RetentionDays, Status, Tenant, Timestamp,
};
use crate::store::{NewDocument, StoreError, StoredRequest};

/// A document to queue.
pub struct Submit<'a> {
    /// The tenant that asks.
    pub tenant: Tenant,
    /// The document.
    pub upload: Upload,
    /// Options of the client.
    pub options: ConversionOptions,
    /// Priority among the tenant's own documents.
    pub priority: Priority,
    /// Retention time.
    pub retention: RetentionDays,
    /// The request's `Idempotency-Key`.
    pub name: Option<IdempotentRequest>,
    /// Words the `Content-Disposition` with which the original is given out.
    pub address: fn(&FileName) -> String,
    /// Words the answer, which is remembered under the request's name, with an address of the original.
    pub answer: &'a (dyn Fn(&Document, String) -> String + Send + Sync),
}

/// Lifetime of the address of the original that the answer holds.
const ORIGINAL_URL_LIFETIME: Duration = Duration::from_secs(3_600);
/// Age from which an answer that is given again holds a new address.
const ADDRESS_RENEWED: Duration = Duration::from_secs(1_800);

impl App {
    /// Puts the original into the object store, then writes document and job in one transaction; answers in the
    /// words of `answer`. When this returns, all of it is durable.
    ///
    /// # Errors
    /// [`AppError::TestKey`], [`AppError::Busy`] when the queue is full, [`AppError::Refused`] when the file cannot be converted,
    /// [`AppError::IdempotencyKeyReused`], [`AppError::NotFound`] when the document of the same request was deleted,
    /// [`AppError::Objects`], [`AppError::Store`]. No document is made then.
    pub async fn submit(&self, mut submission: Submit<'_>) -> Result<StoredResponse, AppError> {
        submission.options = self.allowed_options(&submission.tenant, submission.options)?;
        submission.retention = allowed_retention(&submission.tenant, submission.retention);
        let (tenant, name) = (submission.tenant.clone(), submission.name.clone());
        let _turn = self.lock_request(&tenant, name.as_ref()).await;
        if let Some(before) = self.find_response(&tenant, name.as_ref()).await? {
            return self.submitted_before(&submission, before).await;
        }
        let _room = self.make_room(&tenant, 1).await?;
        let received = self.store_original(submission.upload).await?;
        if let Err(failure) = received.original {
            return Err(AppError::Refused(failure));
        }
        let now = self.clock.now();
        let intake = Intake {
            tenant: &tenant,
            options: &submission.options,
            priority: submission.priority,
            retention: submission.retention,
        };
        let new = self.new_document(&received, &intake, now);
        let address = self
            .address(&new.document, submission.address, ORIGINAL_URL_LIFETIME)
            .await;
        let address = match address {
            Ok(address) => address,
            Err(error) => {
                self.discard(&[received]).await;
                return Err(error);
            }
        };
        let answer = (submission.answer)(&new.document, address);
        let named = name
            .as_ref()
            .map(|name| name.stored_key(&tenant, &received.id, answer.clone(), now));
        crash_point::reach("before_row");
        match self.store.submit_document(new, named).await {
            Ok(()) => {
                self.events.queued.notify_waiters();
                Ok(StoredResponse::new(answer))
            }
            Err(error) => {
                self.discard(&[received]).await;
                self.replayed_submission(&tenant, name.as_ref(), error).await
            }
        }
    }

    /// Answers the same request again: in the same words, but for an address that has expired or is about to.
    async fn submitted_before(
        &self,
        submission: &Submit<'_>,
        before: StoredRequest,
    ) -> Result<StoredResponse, AppError> {
        let id = before.subject.parse().map_err(|_| AppError::NotFound)?;
        let document = self.document(&submission.tenant, &id).await?;
        if self.clock.now() < before.created_at.plus(ADDRESS_RENEWED) {
            return Ok(StoredResponse::replayed(before));
        }
        let address = self
            .address(&document, submission.address, ORIGINAL_URL_LIFETIME)
            .await?;
        let accepted = Document {
            status: Status::Pending,
            ..document
        };
        Ok(StoredResponse::replayed(StoredRequest {
            answer: (submission.answer)(&accepted, address),
            ..before
        }))
    }

    /// Answers for another node that was asked the same at the same time and was faster.
    pub(in crate::app) async fn replayed_submission(
        &self,
        tenant: &Tenant,
        name: Option<&IdempotentRequest>,
        error: StoreError,
    ) -> Result<StoredResponse, AppError> {
        if matches!(error, StoreError::Conflict)
            && let Some(before) = self.find_response(tenant, name).await?
        {
            return Ok(StoredResponse::replayed(before));
        }
        Err(error.into())
    }

    /// Room in the queue, to be held until the jobs are written.
    pub(in crate::app) async fn make_room(
        &self,
        tenant: &Tenant,
        jobs: u64,
    ) -> Result<Reservation, AppError> {
        Ok(self.backlog.reserve(&self.store, tenant, jobs).await??)
    }

    /// The rows of a received file: `pending` with a job, or `failed` without one.
    pub(in crate::app) fn new_document(
        &self,
        received: &Received,
        intake: &Intake<'_>,
        now: Timestamp,
    ) -> NewDocument {
        let refused = received.original.as_ref().err().cloned();
        let job = refused.is_none().then(|| (self.ids.next(now), intake.priority));
        let document = Document {
            reconversion: None,
            id: received.id.clone(),
            tenant: intake.tenant.clone(),
            file_name: received.file_name.clone(),
            file_size: received.file_size,
            mime_type: received.mime_type.clone(),
            sha256: received.sha256.clone(),
            status: if refused.is_none() {
                Status::Pending
            } else {
                Status::Failed
            },
            created_at: now,
            processed_at: refused.is_some().then_some(now),
            retention: intake.retention,
            metadata: None,
            batch: None,
            options: intake.options.clone(),
            object_key: received.original.as_ref().ok().map(|key| key.as_str().to_owned()),
            failure: refused,
        };
        NewDocument {
            document,
            job,
            upload_expires_at: None,
        }
    }
}

/// Values that documents of one submission share.
pub(in crate::app) struct Intake<'a> {
    pub(in crate::app) tenant: &'a Tenant,
    pub(in crate::app) options: &'a ConversionOptions,
    pub(in crate::app) priority: Priority,
    pub(in crate::app) retention: RetentionDays,
}
