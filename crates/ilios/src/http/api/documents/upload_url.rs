use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Number, Value};
use utoipa::ToSchema;

use crate::app::{AnnounceUpload, App};
use crate::http::HttpState;
use crate::http::extract::conversion_params::ConversionParams;
use crate::http::extract::json_body::JsonBody;
use crate::http::extract::param_values::{given, value};
use crate::http::respond::problem::Problem;
use crate::http::server::address::Origin;
use crate::model::{ConversionOptions, FileName, RetentionDays, Tenant};

/// Characters that a media type may have.
const MAX_MIME_TYPE: usize = 255;

/// A document that the client will put into the object store itself, for the API description.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the object that is read field by field")]
pub(super) struct UploadUrlRequest {
    file_name: String,
    /// Exactly the bytes that will be put.
    file_size: u64,
    /// Probable media type; the content decides.
    mime_type: Option<String>,
    /// Days to keep the document, 1 to 3650; 365 by default.
    retention_days: Option<u16>,
}

/// Upload address of the document.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct UploadUrlAnswer<'a> {
    id: &'a str,
    /// The address for a PUT of the bytes. It needs no API key.
    upload_url: String,
    /// The key of the object.
    s3_key: &'a str,
    /// Seconds for which the address is good.
    expires_in: u64,
}

/// Get an address for a direct upload
///
/// PUT the bytes to `uploadUrl`, exactly `fileSize` of them, then say so with `upload-complete`: with that the address
/// ends, and what is sent to it later changes nothing. A document that is not complete within a day
/// is failed with the code `upload_expired`.
#[utoipa::path(
    post,
    path = "/api/documents/upload-url",
    operation_id = "upload_url",
    tag = "documents",
    request_body = UploadUrlRequest,
    responses(
        (status = 200, description = "Where to put it", body = UploadUrlAnswer),
        (status = 400, description = "A field has a wrong value"),
        (status = 413, description = "The file is too large"),
        (status = 503, description = "The queue is full"),
    ),
)]
pub(super) async fn upload_url(
    State(state): State<HttpState>,
    tenant: Tenant,
    origin: Origin,
    address: Uri,
    JsonBody(fields): JsonBody<Map<String, Value>>,
) -> Result<Response, Problem> {
    let order = AnnounceUpload {
        tenant,
        file_name: file_name(&fields)?,
        file_size: file_size(&fields, &state.app)?,
        mime_type: mime_type(&fields)?,
        retention: retention(&fields)?,
        options: options(&address, &fields),
    };
    let upload = state.app.announce_upload(order).await?;
    let answer = UploadUrlAnswer {
        id: upload.id.as_str(),
        upload_url: origin.absolute(upload.url),
        s3_key: upload.key.as_str(),
        expires_in: upload.lifetime.as_secs(),
    };
    Ok(Json(answer).into_response())
}

/// Fields that are known.
const FIELDS: [&str; 4] = ["fileName", "fileSize", "mimeType", "retentionDays"];

/// The text of a field, as forms have it: a number or a flag in JSON says the same as its text. `null` and a blank text
/// are no value.
fn text(fields: &Map<String, Value>, name: &'static str, takes: &str) -> Result<Option<String>, Problem> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(given(Some(text)).map(str::to_owned)),
        Some(Value::Number(number)) => Ok(Some(whole(number))),
        Some(_) => Err(Problem::invalid(name, takes)),
    }
}

/// A number as it was sent; a whole one without the `.0` that some languages write.
fn whole(number: &Number) -> String {
    let text = number.to_string();
    text.strip_suffix(".0")
        .map_or_else(|| text.clone(), str::to_owned)
}

fn file_name(fields: &Map<String, Value>) -> Result<FileName, Problem> {
    let takes = "is needed: the name of the file";
    match fields.get("fileName") {
        Some(Value::String(name)) if !name.trim().is_empty() => Ok(FileName::clean(name)),
        _ => Err(Problem::invalid("fileName", takes)),
    }
}

fn file_size(fields: &Map<String, Value>, app: &App) -> Result<u64, Problem> {
    let takes = format!(
        "is needed: a whole number of bytes from 1 to {}",
        app.max_file_size()
    );
    let text = text(fields, "fileSize", &takes)?.unwrap_or_default();
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse::<u64>().ok().filter(|_| digits) {
        Some(size @ 1..) => match app.check_file_size(size) {
            Ok(()) => Ok(size),
            Err(error) => Err(Problem::from(error).at("fileSize")),
        },
        _ => Err(Problem::invalid("fileSize", takes)),
    }
}

/// Media type that the client names. It becomes a header of the answer that gives out the original.
fn mime_type(fields: &Map<String, Value>) -> Result<String, Problem> {
    let plain = |c: char| c.is_ascii_graphic() || c == ' ';
    let is_type = |text: &str| text.contains('/') && text.len() <= MAX_MIME_TYPE && text.chars().all(plain);
    let takes = "takes a media type such as application/pdf";
    match text(fields, "mimeType", takes)? {
        None => Ok(String::new()),
        Some(text) if is_type(&text) => Ok(text),
        Some(_) => Err(Problem::invalid("mimeType", takes)),
    }
}

fn retention(fields: &Map<String, Value>) -> Result<RetentionDays, Problem> {
    let text = text(
        fields,
        "retentionDays",
        "takes a whole number of days from 1 to 3650",
    )?;
    Ok(value("retentionDays", text.as_deref())?.unwrap_or_default())
}

/// Returns the default options, in which query parameters and unknown fields are noted as ignored.
fn options(address: &Uri, fields: &Map<String, Value>) -> ConversionOptions {
    let mut params = ConversionParams::of(address);
    let unknown = fields.keys().filter(|name| !FIELDS.contains(&name.as_str()));
    unknown.for_each(|name| params.options.ignore(name));
    params.options
}
