use axum::extract::Query;
use axum::http::Uri;
use ilios_convert::{Images, WriteOptions};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::field::text;
use super::multipart::Field;
use super::param_values::{flag, given, value};
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
        match known(field.name().unwrap_or_default()) {
            Some(name) => self.set(name, &text(name, field).await?),
            None => {
                self.options.ignore(field.name().unwrap_or_default());
                Ok(())
            }
        }
    }

    /// Reads a field of a JSON object, as forms have it: a number or a flag says the same as its text, and `null` nothing.
    pub(in crate::http) fn set_json(&mut self, name: &str, value: &Value) -> Result<(), Problem> {
        let Some(name) = known(name) else {
            self.options.ignore(name);
            return Ok(());
        };
        match value {
            Value::Null => Ok(()),
            Value::String(text) => self.set(name, text),
            Value::Bool(_) | Value::Number(_) => self.set(name, &value.to_string()),
            Value::Array(_) | Value::Object(_) => Err(Problem::invalid(name, "takes a text")),
        }
    }

    fn set(&mut self, name: &'static str, text: &str) -> Result<(), Problem> {
        let Self { options, .. } = self;
        let (sent, reading) = (Some(text), &mut options.reading);
        match name {
            "retentionDays" => put(&mut self.retention, value(name, sent)?),
            "priority" => {
                let priority = value(name, sent)?;
                self.has_priority |= priority.is_some();
                put(&mut self.priority, priority);
            }
            "pages" => reading.pages = value(name, sent)?,
            "ocr" => put(&mut reading.ocr, value(name, sent)?),
            "ocrEngine" => put(&mut reading.ocr_engine, value(name, sent)?),
            "ocrLanguages" => put(&mut reading.ocr_languages, value(name, sent)?),
            "engine" => options.engine = value(name, sent)?,
            "includeImages" => {
                if let Some(wanted) = flag(name, sent)? {
                    options.include_images = wanted;
                    if wanted {
                        reading.output.images = Images::Extract;
                    }
                }
            }
            "extractHeader" => put(&mut options.extract_header, flag(name, sent)?),
            "extractFooter" => put(&mut options.extract_footer, flag(name, sent)?),
            "maxCostCents" => options.max_cost = max_cost(text)?,
            "partial" => put(&mut reading.partial, flag(name, sent)?),
            name => {
                if let Some(text) = given(sent) {
                    let known = reading.output.set(name, text);
                    known.map_err(|takes| Problem::invalid(name, takes))?;
                    options.include_images |= name == "images" && reading.output.images == Images::Extract;
                }
            }
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

/// The fields that all forms have, beside the options of the outputs.
const FIELDS: [&str; 12] = [
    "retentionDays",
    "priority",
    "pages",
    "ocr",
    "ocrEngine",
    "ocrLanguages",
    "engine",
    "includeImages",
    "extractHeader",
    "extractFooter",
    "maxCostCents",
    "partial",
];

/// The name of a field that is known.
fn known(name: &str) -> Option<&'static str> {
    let outputs = WriteOptions::TABLE.iter().map(|option| option.name);
    FIELDS.into_iter().chain(outputs).find(|known| *known == name)
}

fn put<T>(param: &mut T, sent: Option<T>) {
    if let Some(sent) = sent {
        *param = sent;
    }
}

fn max_cost(text: &str) -> Result<Option<MicroCents>, Problem> {
    let cost = given(Some(text)).map(|text| {
        parse_cents(text)
            .ok_or_else(|| Problem::invalid("maxCostCents", "takes an amount of US cents such as 25 or 0.4"))
    });
    cost.transpose()
}

/// Conversion parameters as fields of a form, for the API description.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct ConversionFields {
    #[serde(flatten)]
    options: OptionFields,
    /// Days to keep the document and its result, 1 to 3650; 365 by default.
    retention_days: Option<u16>,
}

/// Options of a conversion, for the API description, which adds those of the outputs.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct OptionFields {
    /// 1-based pages and ranges such as `1-3,7`; all by default.
    pages: Option<String>,
    /// `auto` (default), `off` or `force`.
    ocr: Option<String>,
    /// `auto` (default): the server's own OCR, which reads Latin scripts and Chinese without being told the language, but
    /// tesseract for `ocrLanguages` in other scripts, where it is installed; `builtin` or `tesseract`: that one.
    ocr_engine: Option<String>,
    /// Languages of the text by their names for tesseract, joined by `+`, such as `eng+deu`.
    ocr_languages: Option<String>,
    /// `true`: when the conversion is stopped, keep the pages that are done. `false` by default.
    partial: Option<bool>,
    /// `mistral`, `local`, or `auto`: Mistral for the pages that need OCR, the server itself for the rest. The
    /// server's choice by default.
    engine: Option<String>,
    /// `true`: pictures are kept and linked to, as by `images=extract`; `false` by default.
    include_images: Option<bool>,
    /// `true`: Mistral takes the headers of pages out of their text; `false` by default.
    extract_header: Option<bool>,
    /// `true`: Mistral takes the footers of pages out of their text; `false` by default.
    extract_footer: Option<bool>,
    /// The most that the conversion of a document may cost, in US cents such as `25` or `0.4`. Dearer ones fail
    /// with `cost_limit_exceeded` before anything is spent.
    #[schema(value_type = Option<f64>)]
    max_cost_cents: Option<String>,
}
