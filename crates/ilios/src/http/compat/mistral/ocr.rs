use axum::extract::{Request, State};
use axum::response::Response;
use ilios_convert::{ForeignFormat, Format};
use serde_json::Value;

use super::answer::{Recognized, answer};
use super::document::{brought, receive, with_format};
use super::refusal::Refusal;
use super::request::{OcrRequest, Wanted};
use crate::app::Upload;
use crate::http::HttpState;
use crate::http::compat::big_json::{self, BigJson};
use crate::http::compat::document::{convert_to, unless_empty};
use crate::model::Tenant;

/// Converts a document while the client waits.
pub(super) async fn ocr(State(state): State<HttpState>, request: Request) -> Result<Response, Refusal> {
    let BigJson { tenant, body, place } = big_json::receive::<Value>(&state, request).await?;
    let OcrRequest { document, wanted } = OcrRequest::read(body)?;
    let received = receive(&state, document).await?;
    // Documents are brought without a place: others may take their time to give them out.
    drop(place);
    let upload = brought(&state, &tenant, received).await?;
    let recognized = recognized(&state, &tenant, upload, &wanted).await?;
    answer(&state, &tenant, recognized, wanted).await
}

async fn recognized(
    state: &HttpState,
    tenant: &Tenant,
    upload: Upload,
    wanted: &Wanted,
) -> Result<Recognized, Refusal> {
    let (upload, format) = with_format(state, upload).await?;
    let size = upload.file.size();
    let options = wanted.conversion(is_paged(format));
    let pages = ForeignFormat::OcrPages(wanted.form).into();
    let converted = convert_to(state, tenant, upload, options, pages).await;
    let converted = unless_empty(converted)?;
    let (document, lines) = converted.map_or((None, None), |converted| {
        (Some(converted.document), converted.output)
    });
    Ok(Recognized {
        document,
        lines,
        size,
    })
}

/// Returns true if pages of the format can be chosen.
pub(super) fn is_paged(format: Format) -> bool {
    matches!(format, Format::Pdf | Format::Tiff | Format::Pptx | Format::Odp)
}
