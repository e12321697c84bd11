use axum::extract::State;
use axum::response::Response;
use ilios_convert::ForeignFormat;

use super::answer::{Parted, answer};
use super::element::Origin;
use super::options::Options;
use crate::app::Upload;
use crate::http::HttpState;
use crate::http::compat::document::{convert, unless_empty};
use crate::http::compat::files_form::{FilesForm, FilesFormReader};
use crate::http::extract::upload::{Admitted, UploadForm};
use crate::http::respond::problem::Problem;
use crate::model::Tenant;

/// Parts documents into elements.
pub(super) async fn partition(
    State(state): State<HttpState>,
    tenant: Tenant,
    _: Admitted,
    UploadForm(form): UploadForm<FilesFormReader<Options>>,
) -> Result<Response, Problem> {
    let FilesForm { files, options } = form;
    let mut parts = Vec::with_capacity(files.len());
    for file in files {
        parts.push(parted(&state, &tenant, file, &options).await?);
    }
    answer(&state, parts, options).await
}

async fn parted(
    state: &HttpState,
    tenant: &Tenant,
    file: Upload,
    options: &Options,
) -> Result<Parted, Problem> {
    let name = file.file_name.to_string();
    let converted = convert(state, tenant, file, options.conversion.clone()).await;
    let Some(converted) = unless_empty(converted)? else {
        let origin = Origin {
            id: String::new(),
            name,
            mime_type: String::new(),
        };
        return Ok(Parted { origin, lines: None });
    };
    let document = converted.document;
    let rendered = state
        .app
        .document_in(tenant, &document.id, ForeignFormat::Elements, &[])
        .await?;
    let origin = Origin {
        id: document.id.to_string(),
        name,
        mime_type: document.mime_type,
    };
    Ok(Parted {
        origin,
        lines: Some(rendered.output),
    })
}
