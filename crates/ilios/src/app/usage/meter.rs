use ilios_convert::Conversion;

use crate::app::App;
use crate::engine::{Converted, MISTRAL};
use crate::model::{DocumentContent, Id, Operation, Tenant, Timestamp, UsageRecord};

/// Input of a usage record.
pub struct UsageInput<'a> {
    /// The tenant that pays.
    pub tenant: &'a Tenant,
    /// The document.
    pub document: &'a Id,
    /// Operation by which the conversion was requested.
    pub operation: Operation,
    /// Result of the engine.
    pub converted: &'a Converted,
    /// Content of the result.
    pub content: &'a DocumentContent,
}

impl App {
    /// The usage record of a conversion that was completed `now`.
    #[must_use]
    pub fn meter(&self, input: &UsageInput<'_>, now: Timestamp) -> UsageRecord {
        let (price, pages) = match &input.converted.service_output {
            // What was read here beside it is free.
            Some(service_output) => (
                self.prices
                    .mistral(&service_output.model, service_output.in_batch),
                service_output.billed_pages,
            ),
            None => (self.prices.local(), page_count(&input.converted.conversion)),
        };
        let charge = price.charge(pages);
        let tokens = input.content.estimated_tokens();
        UsageRecord {
            id: self.ids.next(now),
            tenant: input.tenant.clone(),
            document_id: input.document.clone(),
            operation: input.operation.clone(),
            engine: if input.converted.service_output.is_some() {
                MISTRAL.to_owned()
            } else {
                input.converted.engine.to_owned()
            },
            model: input.converted.model.clone(),
            pages,
            input_tokens: tokens,
            output_tokens: tokens,
            unit_price: price.unit,
            margin_basis_points: price.margin_basis_points,
            base: charge.base,
            total: charge.total,
            created_at: now,
        }
    }
}

/// Pages that were converted.
pub(in crate::app) fn page_count(conversion: &Conversion) -> u32 {
    u32::try_from(conversion.pages.len()).unwrap_or(u32::MAX)
}
