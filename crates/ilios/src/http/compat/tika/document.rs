use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::{HeaderMap, Uri};
use bytes::Bytes;
use futures::Stream;
use ilios_convert::Format;

use super::options::{file_name, options};
use crate::app::{App, ConvertedNow, Upload};
use crate::http::HttpState;
use crate::http::compat::document::{convert, unless_empty};
use crate::http::extract::multipart::Field;
use crate::http::extract::raw_body;
use crate::http::extract::upload::{Admitted, FormReader, UploadForm};
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::model::{FileName, Tenant};

/// A document that was sent, and what is known of it.
pub(super) struct Document {
    /// Headers of its request.
    pub(super) headers: HeaderMap,
    /// The name that it was sent under, if it was.
    pub(super) name: Option<FileName>,
    pub(super) size: u64,
    /// Its media type, if it was not converted.
    pub(super) mime_type: &'static str,
    /// Its conversion; `None` if it holds no text.
    pub(super) converted: Option<ConvertedNow>,
    pub(super) tenant: Tenant,
}

/// A document that is the whole body of its request.
pub(super) struct BodyDocument(pub(super) Document);

/// A document that is the first part of a form.
pub(super) struct FormDocument(pub(super) Document);

impl FromRequest<HttpState> for BodyDocument {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &HttpState) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        Admitted::from_request_parts(&mut parts, state).await?;
        let tenant = Tenant::from_request_parts(&mut parts, state).await?;
        let name = file_name(&parts.headers);
        let upload = received(state, name.clone(), &parts.headers, body).await?;
        Ok(Self(read(state, tenant, parts.headers, name, upload).await?))
    }
}

/// Receives the body as a file.
pub(super) async fn received(
    state: &HttpState,
    name: Option<FileName>,
    headers: &HeaderMap,
    body: Body,
) -> Result<Upload, Problem> {
    let name = name.unwrap_or_else(|| FileName::clean(""));
    raw_body::receive(state, name, headers, body).await
}

impl FromRequest<HttpState> for FormDocument {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &HttpState) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let tenant = Tenant::from_request_parts(&mut parts, state).await?;
        let headers = parts.headers.clone();
        let request = Request::from_parts(parts, body);
        let UploadForm(upload) = UploadForm::<FirstPart>::from_request(request, state).await?;
        let name = Some(upload.file_name.clone());
        Ok(Self(read(state, tenant, headers, name, upload).await?))
    }
}

async fn read(
    state: &HttpState,
    tenant: Tenant,
    headers: HeaderMap,
    name: Option<FileName>,
    upload: Upload,
) -> Result<Document, Problem> {
    let options = options(&headers)?;
    let by_name = name.as_ref().and_then(|name| Format::from_name(name.as_str()));
    let size = upload.file.size();
    let converted = convert(state, &tenant, upload, options).await;
    let converted = unless_empty(converted)?;
    Ok(Document {
        headers,
        name,
        size,
        mime_type: by_name.map_or("application/octet-stream", Format::mime_type),
        converted,
        tenant,
    })
}

/// Reader of a form whose first part is the document, whatever its name is.
struct FirstPart {
    app: Arc<App>,
    upload: Option<Upload>,
}

impl FormReader for FirstPart {
    type Form = Upload;
    const FILES: &'static [&'static str] = &["file"];
    const MAX_FILES: usize = 1;

    fn is_file(&self, _field: &Field<'_>) -> bool {
        self.upload.is_none()
    }

    fn new(app: &Arc<App>, _tenant: &Tenant, _address: &Uri) -> Self {
        Self {
            app: Arc::clone(app),
            upload: None,
        }
    }

    fn files(&self) -> usize {
        usize::from(self.upload.is_some())
    }

    async fn take_file(
        &mut self,
        name: FileName,
        bytes: impl Stream<Item = Result<Bytes, Problem>> + Send,
    ) -> Result<(), Problem> {
        self.upload = Some(self.app.receive(name, bytes).await?);
        Ok(())
    }

    async fn take_url(&mut self, _url: String) -> Result<(), Problem> {
        Ok(())
    }

    async fn take_field(&mut self, _field: Field<'_>) -> Result<(), Problem> {
        Ok(())
    }

    async fn finish(self) -> Result<Upload, Problem> {
        self.upload
            .ok_or_else(|| Problem::new(Code::MISSING_FILE, "the form has no part").at("file"))
    }
}
