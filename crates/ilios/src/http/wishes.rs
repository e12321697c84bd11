use axum::extract::multipart::Field;
use serde::Serialize;
use utoipa::ToSchema;

use super::field::{flag, parsed, text, value};
use super::problem::Problem;
use crate::model::{ConversionOptions, Priority, RetentionDays, parse_cents};

/// What a client wants of its documents: the fields that all forms know.
#[derive(Default)]
pub(super) struct Wishes {
    pub(super) options: ConversionOptions,
    pub(super) priority: Priority,
    pub(super) retention: RetentionDays,
}

impl Wishes {
    /// Reads a field, if it is one of these.
    pub(super) async fn take(&mut self, field: Field<'_>) -> Result<(), Problem> {
        match field.name().unwrap_or_default() {
            "retentionDays" => self.retention = value("retentionDays", field).await?,
            "priority" => self.priority = value("priority", field).await?,
            "pages" => {
                let text = text("pages", field).await?;
                self.options.reading.pages = if text.is_empty() {
                    None
                } else {
                    Some(parsed("pages", &text)?)
                };
            }
            "ocr" => self.options.reading.ocr = value("ocr", field).await?,
            "ocrLanguages" => self.options.reading.ocr_languages = value("ocrLanguages", field).await?,
            "engine" => self.options.engine = Some(value("engine", field).await?),
            "includeImages" => self.options.include_images = flag("includeImages", field).await?,
            "extractHeader" => self.options.extract_header = flag("extractHeader", field).await?,
            "extractFooter" => self.options.extract_footer = flag("extractFooter", field).await?,
            "maxCostCents" => {
                let text = text("maxCostCents", field).await?;
                let cost = parse_cents(&text);
                self.options.max_cost = Some(cost.ok_or_else(|| {
                    Problem::invalid("maxCostCents", "takes an amount of US cents such as 25 or 0.4")
                })?);
            }
            "partial" => self.options.reading.partial = flag("partial", field).await?,
            _ => {}
        }
        Ok(())
    }
}

/// What may be wished of each document, for the API description.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct WishFields {
    /// 1-based pages and ranges such as `1-3,7`; all by default.
    pages: Option<String>,
    /// `auto` (default), `off` or `force`.
    ocr: Option<String>,
    /// Languages of tesseract joined by `+`, such as `eng+deu`.
    ocr_languages: Option<String>,
    /// `true`: when the conversion is stopped, keep the pages that are done. `false` by default.
    partial: Option<bool>,
    /// `mistral`, `local`, or `auto`: Mistral for the pages that need eyes, the server itself for the rest. The
    /// server's choice by default.
    engine: Option<String>,
    /// Whether pictures of the pages are kept and linked to; `false` by default. Only Mistral takes them out.
    include_images: Option<bool>,
    /// Whether Mistral takes the headers of pages out of their text; `false` by default.
    extract_header: Option<bool>,
    /// Whether Mistral takes the footers of pages out of their text; `false` by default.
    extract_footer: Option<bool>,
    /// The most that the conversion of a document may cost, in US cents such as `25` or `0.4`. Dearer ones fail
    /// with `cost_limit_exceeded` before anything is spent.
    #[schema(value_type = Option<f64>)]
    max_cost_cents: Option<String>,
    /// Days to keep the document and its result, 1 to 3650; 365 by default.
    retention_days: Option<u16>,
}
