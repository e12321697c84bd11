//! The fields of a conversion's metadata, for the API description: what is stored is of the crate that converts,
//! which knows nothing of descriptions. A test compares the two.

use serde::Serialize;
use utoipa::ToSchema;

/// What is known of a conversion.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ConversionFields {
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
    /// When it was made, as it says itself; RFC 3339 where that could be read.
    created: Option<String>,
    /// When it was last changed, as it says itself; RFC 3339 where that could be read.
    modified: Option<String>,
    /// Pages, slides or sheets of the whole document, also of those that were not asked for.
    page_count: Option<u32>,
    /// What is missing in the result.
    warnings: Vec<WarningFields>,
    /// That the conversion was stopped, and after which page.
    partial: Option<PartialFields>,
    /// What Mistral did of it, where it was asked.
    service: Option<ServiceFields>,
    /// Why the server itself has answered in place of the engine that was asked for.
    fallback: Option<String>,
    /// What version 2.1 said of the document, as it was, where it comes from there.
    #[schema(value_type = Option<Object>)]
    imported: Option<String>,
}

/// A part that is missing in the result.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Warning)]
struct WarningFields {
    /// The 1-based page it is about, where it is about one.
    page: Option<u32>,
    /// What is missing and why.
    message: String,
}

/// How far a conversion came that was stopped.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PartialResult)]
#[serde(rename_all = "camelCase")]
struct PartialFields {
    /// The stable name of the fault, such as `timeout`.
    reason: String,
    /// The number of the last page that is there.
    last_page: u32,
}

/// What Mistral did of a document. Money is in millionths of a US cent, margin included.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ServiceUse)]
#[serde(rename_all = "camelCase")]
struct ServiceFields {
    /// The model by the name that it gave.
    model: String,
    /// Pages that it says it has processed.
    billed_pages: u32,
    /// Pages that were read by the server itself instead, for nothing.
    spared_pages: u32,
    /// What the billed pages cost.
    cost_micro_cents: i64,
    /// What the spared pages would have cost.
    saved_micro_cents: i64,
}
