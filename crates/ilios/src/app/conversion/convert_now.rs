use std::sync::Arc;

use ilios_convert::{OutputForm, OutputFormat, WriteOptions};

use super::conversion_log::log_converted;
use super::render::{ToRender, picture};
use super::result::{content, images, metadata};
use crate::app::keys::allowed_retention;
use crate::app::{App, AppError, IdempotentRequest, Slot, Upload, UsageInput};
use crate::engine::{Converted, EngineError, Owner, Progress, Request};
use crate::model::{
    ConversionOptions, Document, DocumentContent, Id, Operation, RetentionDays, Status, Tenant, Timestamp,
};
use crate::spool::Spooled;
use crate::store::{CompletedDocument, StoreError};

/// A document to convert while the client waits.
pub struct ConvertNow {
    /// The tenant that asks.
    pub tenant: Tenant,
    /// The document.
    pub upload: Upload,
    /// Options of the client.
    pub options: ConversionOptions,
    /// Retention time.
    pub retention: RetentionDays,
    /// The request's `Idempotency-Key`, so that it can be repeated.
    pub name: Option<IdempotentRequest>,
    /// Form of the output.
    pub form: OutputForm,
    /// Told how far the conversion has come.
    pub progress: Progress,
}

/// A document that was converted and stored.
pub struct ConvertedNow {
    /// The document as stored.
    pub document: Document,
    /// Its content.
    pub content: DocumentContent,
    /// The document as a child has written it, in every form but Markdown.
    pub output: Option<Arc<Spooled>>,
    /// True if it was converted before, for the same request.
    pub replayed: bool,
}

impl App {
    /// Checks that documents can be converted with a client's options.
    ///
    /// # Errors
    /// [`EngineError::NotSetUp`], [`EngineError::NoTokenizer`].
    pub fn check_options(&self, options: &ConversionOptions) -> Result<(), EngineError> {
        self.engine.check(options)
    }

    /// Checks that outputs can be written with a client's options.
    ///
    /// # Errors
    /// [`EngineError::NoTokenizer`].
    pub fn check_output(&self, options: &WriteOptions) -> Result<(), EngineError> {
        self.engine.check_output(options)
    }

    /// Converts a document and stores it with its usage record. When this returns, both are durable. A request
    /// that was answered before under its name is answered with the same document.
    ///
    /// # Errors
    /// [`AppError::TestKey`], [`AppError::Busy`], [`AppError::Engine`] when the document cannot be converted, [`AppError::Rendering`] when the
    /// result cannot be made into the format that is asked for, [`AppError::Store`],
    /// [`AppError::IdempotencyKeyReused`], [`AppError::NotFound`] when the document of a repeated request was deleted.
    /// Nothing is stored then.
    pub async fn convert_now(&self, mut submission: ConvertNow) -> Result<ConvertedNow, AppError> {
        submission.options = self.allowed_options(&submission.tenant, submission.options)?;
        submission.retention = allowed_retention(&submission.tenant, submission.retention);
        let tenant = submission.tenant.clone();
        let (name, form) = (submission.name.clone(), submission.form);
        let _turn = self.lock_request(&tenant, name.as_ref()).await;
        if let Some(before) = self.find_response(&tenant, name.as_ref()).await? {
            return self.replayed_conversion(&tenant, &before.subject, form).await;
        }
        match self.convert_and_store(submission).await {
            // Another node was asked the same at the same time and was faster.
            Err(AppError::Store(StoreError::Conflict)) => {
                match self.find_response(&tenant, name.as_ref()).await? {
                    Some(before) => self.replayed_conversion(&tenant, &before.subject, form).await,
                    None => Err(AppError::Store(StoreError::Conflict)),
                }
            }
            outcome => outcome,
        }
    }

    async fn convert_and_store(&self, submission: ConvertNow) -> Result<ConvertedNow, AppError> {
        let id = self.ids.next(self.clock.now());
        let Upload { file_name, file } = submission.upload;
        let request = Request {
            artifacts: self.artifacts(&id),
            owner: Owner::of(&submission.tenant),
            progress: submission.progress,
            ..Request::new(
                Arc::new(file),
                file_name,
                submission.options.with_addresses_of(&id),
            )
        };
        let kept = StoredFields {
            id,
            tenant: submission.tenant,
            retention: submission.retention,
            name: submission.name,
        };
        let is_rendered = submission.form != OutputFormat::Markdown.into();
        let slot = if is_rendered {
            Some(self.admission.enter(&kept.tenant).await?)
        } else {
            self.slot(&kept.tenant, &request).await?
        };
        let started = self.clock.now();
        self.check_cost(&request).await?;
        let converted = self.engine.convert(&request).await?;
        let completed = self.completed(&kept, &request, converted, started);
        // In the same place of the queue: a request that had to wait for a conversion is not refused after it.
        let output = if is_rendered {
            let parts = ToRender {
                name: &request.file_name,
                owner: request.owner.clone(),
                content: &completed.content,
                model: completed.model.clone(),
                metadata: completed.document.metadata.as_ref(),
                images: completed.images.iter().cloned().map(picture).collect(),
                remarks: Vec::new(),
            };
            let options = request.options.reading.output.clone();
            Some(self.render(parts, submission.form, options).await?)
        } else {
            None
        };
        drop(slot);
        let result = ConvertedNow {
            document: completed.document.clone(),
            content: completed.content.clone(),
            output,
            replayed: false,
        };
        self.store.insert_completed(completed).await?;
        result.document.metadata.iter().for_each(log_converted);
        Ok(result)
    }

    /// The turn of a request; none is needed for what takes neither a child nor a service.
    ///
    /// # Errors
    /// [`AppError::Busy`].
    pub(super) async fn slot(&self, tenant: &Tenant, request: &Request) -> Result<Option<Slot>, AppError> {
        if self.engine.is_instant(request) {
            return Ok(None);
        }
        Ok(Some(self.admission.enter(tenant).await?))
    }

    async fn replayed_conversion(
        &self,
        tenant: &Tenant,
        subject: &str,
        form: OutputForm,
    ) -> Result<ConvertedNow, AppError> {
        let id = subject.parse().map_err(|_| AppError::NotFound)?;
        let (document, content, output) = if form == OutputFormat::Markdown.into() {
            let (document, content) = self.document_with_content(tenant, &id).await?;
            (document, content, None)
        } else {
            let rendered = self.document_in(tenant, &id, form, &[]).await?;
            (rendered.document, rendered.content, Some(rendered.output))
        };
        Ok(ConvertedNow {
            document,
            content,
            output,
            replayed: true,
        })
    }

    fn completed(
        &self,
        submission: &StoredFields,
        request: &Request,
        converted: Converted,
        started: Timestamp,
    ) -> CompletedDocument {
        let now = self.clock.now();
        let id = submission.id.clone();
        let content = content(&converted, Some(&id), &request.options);
        let (images, model) = (images(&converted), converted.models.stored());
        let usage = self.meter(
            &UsageInput {
                tenant: &submission.tenant,
                document: &id,
                operation: Operation::ConvertImmediate,
                converted: &converted,
                content: &content,
            },
            now,
        );
        let idempotency = submission
            .name
            .as_ref()
            .map(|name| name.stored_key(&submission.tenant, &id, String::new(), now));
        let document = Document {
            reconversion: None,
            id,
            tenant: submission.tenant.clone(),
            file_name: request.file_name.clone(),
            file_size: request.file.size(),
            mime_type: converted.conversion.format.mime_type().to_owned(),
            sha256: request.file.sha256().to_owned(),
            status: Status::Completed,
            created_at: started,
            processed_at: Some(now),
            retention: submission.retention,
            metadata: Some(metadata(
                converted,
                &request.options,
                &self.prices,
                now.since(started),
            )),
            batch: None,
            options: without_addresses(request.options.clone()),
            object_key: None,
            failure: None,
        };
        CompletedDocument {
            document,
            content,
            model,
            usage,
            images,
            idempotency,
        }
    }
}

/// The options as they are stored: addresses are made anew for each output.
fn without_addresses(mut options: ConversionOptions) -> ConversionOptions {
    options.reading.output.image_folder.clear();
    options
}

/// Fields of a submission that are needed after the conversion.
struct StoredFields {
    id: Id,
    tenant: Tenant,
    retention: RetentionDays,
    name: Option<IdempotentRequest>,
}
