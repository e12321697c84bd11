use axum::extract::Query;
use axum::http::Uri;
use ilios_convert::WriteOptions;
use serde::Serialize;
use utoipa::ToSchema;

use super::field::{flag, text, value};
use super::multipart::Field;
use super::param_values;
use crate::http::respond::problem::Problem;
use crate::model::{ConversionOptions, MicroCents, Priority, RetentionDays, parse_cents};

/// Conversion parameters of a request: the fields that all forms have.
#[derive(Default)]
pub(in crate::http) struct ConversionParams {
    pub(in crate::http) options: ConversionOptions,
    pub(in crate::http) priority: Priority,
    pub(in crate::http) retention: RetentionDays,
    /// True if the client has sent a priority: where nothing waits in the queue, it is reported as ignored.
    pub(in crate::http) has_priority: bool,
}

impl ConversionParams {
    /// Reads a field. A blank one is the same as none; one that is not known is noted.
    pub(in crate::http) async fn take(&mut self, field: Field<'_>) -> Result<(), Problem> {
        let Self { options, .. } = self;
        match field.name().unwrap_or_default() {
            "retentionDays" => set(&mut self.retention, value("retentionDays", field).await?),
            "priority" => {
                let priority = value("priority", field).await?;
                self.has_priority |= priority.is_some();
                set(&mut self.priority, priority);
            }
            "pages" => options.reading.pages = value("pages", field).await?,
            "ocr" => set(&mut options.reading.ocr, value("ocr", field).await?),
            "ocrLanguages" => set(
                &mut options.reading.ocr_languages,
                value("ocrLanguages", field).await?,
            ),
            "engine" => options.engine = value("engine", field).await?,
            "includeImages" => set(&mut options.include_images, flag("includeImages", field).await?),
            "extractHeader" => set(&mut options.extract_header, flag("extractHeader", field).await?),
            "extractFooter" => set(&mut options.extract_footer, flag("extractFooter", field).await?),
            "maxCostCents" => options.max_cost = max_cost(&text("maxCostCents", field).await?)?,
            "partial" => set(&mut options.reading.partial, flag("partial", field).await?),
            name => match output_option(name) {
                Some(option) => {
                    if let Some(text) = param_values::given(Some(&text(option, field).await?)) {
                        let set = options.reading.output.set(option, text);
                        set.map_err(|takes| Problem::invalid(option, takes))?;
                    }
                }
                None => options.ignore(name),
            },
        }
        Ok(())
    }

    /// Default parameters of a request to `address`, whose own are noted: forms have none there.
    pub(in crate::http) fn of(address: &Uri) -> Self {
        let mut params = Self::default();
        let query = Query::<Vec<(String, String)>>::try_from_uri(address);
        for (name, _) in query.map(|query| query.0).unwrap_or_default() {
            params.options.ignore(&name);
        }
        params
    }
}

/// The name of the option of the outputs that a field is of.
fn output_option(name: &str) -> Option<&'static str> {
    let option = WriteOptions::TABLE.iter().find(|option| option.name == name)?;
    Some(option.name)
}

fn set<T>(param: &mut T, sent: Option<T>) {
    if let Some(sent) = sent {
        *param = sent;
    }
}

fn max_cost(text: &str) -> Result<Option<MicroCents>, Problem> {
    let cost = param_values::given(Some(text)).map(|text| {
        parse_cents(text)
            .ok_or_else(|| Problem::invalid("maxCostCents", "takes an amount of US cents such as 25 or 0.4"))
    });
    cost.transpose()
}

/// Conversion parameters as fields of a form, for the API description.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct ConversionFields {
    /// 1-based pages and ranges such as `1-3,7`; all by default.
    pages: Option<String>,
    /// `auto` (default), `off` or `force`.
    ocr: Option<String>,
    /// Languages of tesseract joined by `+`, such as `eng+deu`.
    ocr_languages: Option<String>,
    /// `true`: when the conversion is stopped, keep the pages that are done. `false` by default.
    partial: Option<bool>,
    /// `mistral`, `local`, or `auto`: Mistral for the pages that need OCR, the server itself for the rest. The
    /// server's choice by default.
    engine: Option<String>,
    /// `true`: pictures of the pages are kept and linked to; `false` by default. Only Mistral takes them out.
    include_images: Option<bool>,
    /// `true`: Mistral takes the headers of pages out of their text; `false` by default.
    extract_header: Option<bool>,
    /// `true`: Mistral takes the footers of pages out of their text; `false` by default.
    extract_footer: Option<bool>,
    /// The most that the conversion of a document may cost, in US cents such as `25` or `0.4`. Dearer ones fail
    /// with `cost_limit_exceeded` before anything is spent.
    #[schema(value_type = Option<f64>)]
    max_cost_cents: Option<String>,
    /// Days to keep the document and its result, 1 to 3650; 365 by default.
    retention_days: Option<u16>,
}
