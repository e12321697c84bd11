//! The fields of a conversion's metadata, for the API description: what is stored knows nothing of descriptions. A test compares the two.

use serde::Serialize;
use utoipa::ToSchema;

/// Metadata of a conversion.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ConversionMetadataFields {
    /// The engine that converted it: `local`, `mistral`, `mixed` when each did a part, or `imported` where version 2.1
    /// did and did not say by what.
    engine: String,
    /// The engine's model and version.
    model: String,
    /// The type that the bytes turned out to have, such as `pdf`.
    format: String,
    /// Pages that were converted.
    extracted_pages: u32,
    /// Milliseconds that the conversion took.
    processing_time_ms: u64,
    /// The document's title, as it says itself.
    title: Option<String>,
    /// Its author or authors, as it says itself.
    author: Option<String>,
    /// Time of creation, as stated in the document; RFC 3339 where it could be parsed.
    created: Option<String>,
    /// Time of the last change, as stated in the document; RFC 3339 where it could be parsed.
    modified: Option<String>,
    /// Pages, slides or sheets of the whole document, also of those that were not asked for.
    page_count: Option<u32>,
    /// Files that the document holds beside its pages, as it says itself. They are not converted.
    attachments: Option<Vec<AttachedFileFields>>,
    /// Warnings about missing parts of the result, and about options that were not followed.
    warnings: Vec<WarningFields>,
    /// That the conversion was stopped, and after which page.
    partial: Option<PartialFields>,
    /// Use of Mistral for the document, where it was called.
    service: Option<ServiceFields>,
    /// Reason the local engine has converted the document in place of Mistral.
    fallback: Option<String>,
    /// Metadata that version 2.1 had stored, unchanged, where the document was imported from there.
    #[schema(value_type = Option<Object>)]
    imported: Option<String>,
}

/// A file that a document holds.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AttachedFile)]
#[serde(rename_all = "camelCase")]
struct AttachedFileFields {
    /// Its name without folders.
    name: String,
    /// Its media type.
    mime_type: Option<String>,
    /// Its size in bytes.
    size: Option<u64>,
}

/// A part that is missing in the result, or an option that was not followed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Warning)]
struct WarningFields {
    /// The 1-based page it is about, where it is about one.
    page: Option<u32>,
    /// Description of what is missing or was not followed, and the reason.
    message: String,
}

/// Extent of a conversion that was stopped.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PartialResult)]
#[serde(rename_all = "camelCase")]
struct PartialFields {
    /// The stable name of the fault, such as `timeout`.
    reason: String,
    /// The number of the last page that is there.
    last_page: u32,
}

/// Use of Mistral for a document. Money is in millionths of a US cent, margin included.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ServiceUse)]
#[serde(rename_all = "camelCase")]
struct ServiceFields {
    /// The model by the name that it gave.
    model: String,
    /// Pages that it says it has processed.
    billed_pages: u32,
    /// Pages that the server converted itself instead, for nothing.
    local_pages: u32,
    /// Older name of `localPages`, which version 4 drops.
    spared_pages: u32,
    /// Cost of the billed pages, in millionths of a US cent.
    cost_micro_cents: i64,
    /// Cost that the local pages would have incurred, in millionths of a US cent.
    avoided_cost_micro_cents: i64,
    /// Older name of `avoidedCostMicroCents`, which version 4 drops.
    saved_micro_cents: i64,
}
