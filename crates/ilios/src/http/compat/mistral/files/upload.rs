use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use ilios_convert::Format;
use serde_json::{Value, json};

use super::form::{FileOrder, OrderReader};
use super::object::{BATCH, object};
use crate::app::StoreFile;
use crate::http::HttpState;
use crate::http::compat::mistral::jsonl;
use crate::http::compat::mistral::refusal::Refusal;
use crate::http::extract::upload::UploadForm;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::model::{RetentionDays, Tenant};

/// Keeps a file.
pub(super) async fn upload(
    State(state): State<HttpState>,
    tenant: Tenant,
    UploadForm(order): UploadForm<OrderReader>,
) -> Result<Json<Value>, Refusal> {
    let FileOrder { upload, purpose } = order;
    if upload.file.size() == 0 {
        return Err(Problem::new(Code::EMPTY_FILE, "the file has no bytes").into());
    }
    let (upload, mime_type) = if purpose == BATCH {
        (jsonl::check(upload).await?, "application/jsonl")
    } else {
        let (upload, format) = state.app.detected_format(upload).await?;
        let format = format.ok_or_else(unsupported)?;
        (upload, format.mime_type())
    };
    let order = StoreFile {
        tenant,
        upload,
        mime_type: mime_type.to_owned(),
        purpose: purpose.to_owned(),
        retention: RetentionDays::MONTH,
    };
    let stored = Box::pin(state.app.store_file(order)).await?;
    Ok(Json(object(&stored)))
}

/// A file that could not be converted.
fn unsupported() -> Refusal {
    let names: Vec<&str> = Format::all().map(Format::name).collect();
    let message = format!(
        "Its type is not known by its content. It takes {}.",
        names.join(", ")
    );
    let body = json!({"detail": "Invalid file format.", "message": message});
    Refusal::Worded(StatusCode::UNPROCESSABLE_ENTITY, body)
}
