use std::sync::Arc;

use ilios_convert::Options;

use super::result::{content, metadata, page_count};
use super::{App, AppError};
use crate::billing::Price;
use crate::engine::{Converted, Request};
use crate::model::{
    Document, DocumentContent, FileName, Id, Operation, RetentionDays, Status, Tenant, Timestamp, UsageRecord,
};
use crate::spool::Spooled;
use crate::store::CompletedDocument;

/// A document to convert while the client waits.
pub struct ConvertNow {
    /// Who asks.
    pub tenant: Tenant,
    /// The document.
    pub file: Spooled,
    /// Its name.
    pub file_name: FileName,
    /// What the client wants.
    pub options: Options,
    /// How long it is kept.
    pub retention: RetentionDays,
}

/// A document that was converted and stored.
pub struct ConvertedNow {
    /// The document as stored.
    pub document: Document,
    /// Its content.
    pub content: DocumentContent,
    /// What it cost.
    pub usage: UsageRecord,
}

impl App {
    /// Converts a document and stores it with its usage record. When this returns, both are durable.
    ///
    /// # Errors
    /// [`AppError::Busy`], [`AppError::Engine`] when the document cannot be converted, [`AppError::Store`].
    /// Nothing is stored then.
    pub async fn convert_now(&self, order: ConvertNow) -> Result<ConvertedNow, AppError> {
        let slot = self.admission.enter().await?;
        let started = self.clock.now();
        let request = Request {
            file: Arc::new(order.file),
            file_name: order.file_name,
            options: order.options,
        };
        let converted = self.engine.convert(&request).await?;
        drop(slot);
        let completed = self.completed(order.tenant, order.retention, &request, converted, started);
        let result = ConvertedNow {
            document: completed.document.clone(),
            content: completed.content.clone(),
            usage: completed.usage.clone(),
        };
        self.store.insert_completed(completed).await?;
        Ok(result)
    }

    fn completed(
        &self,
        tenant: Tenant,
        retention: RetentionDays,
        request: &Request,
        converted: Converted,
        started: Timestamp,
    ) -> CompletedDocument {
        let now = self.clock.now();
        let content = content(&converted.conversion);
        let usage = self.usage(&tenant, self.ids.next(now), request, &converted, &content, now);
        let document = Document {
            id: usage.document_id.clone(),
            tenant,
            file_name: request.file_name.clone(),
            file_size: request.file.size(),
            mime_type: converted.conversion.format.mime_type().to_owned(),
            sha256: request.file.sha256().to_owned(),
            status: Status::Completed,
            created_at: started,
            processed_at: Some(now),
            retention,
            metadata: Some(metadata(converted, now.since(started))),
        };
        CompletedDocument {
            document,
            content,
            usage,
        }
    }

    fn usage(
        &self,
        tenant: &Tenant,
        document_id: Id,
        request: &Request,
        converted: &Converted,
        content: &DocumentContent,
        now: Timestamp,
    ) -> UsageRecord {
        let pages = page_count(&converted.conversion);
        let price = Price::LOCAL;
        let charge = price.charge(pages);
        UsageRecord {
            id: self.ids.next(now),
            tenant: tenant.clone(),
            document_id,
            operation: Operation::ConvertImmediate,
            engine: converted.engine.to_owned(),
            model: converted.model.clone(),
            pages,
            input_tokens: request.file.size().div_ceil(4),
            output_tokens: (content.markdown.len() as u64).div_ceil(4),
            unit_price: price.unit,
            margin_basis_points: price.margin_basis_points,
            base: charge.base,
            total: charge.total,
            created_at: now,
        }
    }
}
