//! The one way in which the form of a request with files is read: by its name, each part goes to the operation that takes
//! it, as it arrives.

use std::sync::Arc;

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use bytes::Bytes;
use futures::{Stream, StreamExt};

use super::field::value;
use super::multipart::{Field, Multipart};
use crate::app::App;
use crate::http::HttpState;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::model::{FileName, Tenant};

/// Parts that a form may have beside its files.
const MAX_FIELDS: usize = 64;

/// Bytes of the header that names the boundary, which may have 70 (RFC 2046, section 5.1.1).
const MAX_MEDIA_TYPE: usize = 256;

/// Bytes that a form may have beside its files.
const MAX_FORM_OVERHEAD: u64 = 1 << 20;

/// Bytes of a form whose file may be a text that is converted at once.
const MAX_INSTANT_FORM: u64 = 320 * 1024;

/// A whole form, read by `R`.
pub(in crate::http) struct UploadForm<R: FormReader>(pub(in crate::http) R::Form);

/// Reader of the form of an operation. Fields may come before and after the files.
pub(in crate::http) trait FormReader: Sized + Send {
    /// The form, once it is whole.
    type Form;
    /// Names of the parts that are files. Errors name the first.
    const FILES: &'static [&'static str];
    /// The most files of one form.
    const MAX_FILES: usize;

    /// Returns true if a part is a file that it takes.
    fn is_file(&self, field: &Field<'_>) -> bool {
        Self::FILES.contains(&field.name().unwrap_or_default())
    }

    /// Begins to read a form that `tenant` sends to `address`.
    fn new(app: &Arc<App>, tenant: &Tenant, address: &Uri) -> Self;

    /// Files that it has taken.
    fn files(&self) -> usize;

    /// Takes a file as it arrives.
    fn take_file(
        &mut self,
        name: FileName,
        bytes: impl Stream<Item = Result<Bytes, Problem>> + Send,
    ) -> impl Future<Output = Result<(), Problem>> + Send;

    /// Takes the address of a file.
    fn take_url(&mut self, url: String) -> impl Future<Output = Result<(), Problem>> + Send;

    /// Takes another part. One that is blank is the same as none; one that is not known is noted.
    fn take_field(&mut self, field: Field<'_>) -> impl Future<Output = Result<(), Problem>> + Send;

    /// The form, after its last part.
    fn finish(self) -> impl Future<Output = Result<Self::Form, Problem>> + Send;
}

impl<R: FormReader> FromRequest<HttpState> for UploadForm<R> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &HttpState) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let tenant = Tenant::from_request_parts(&mut parts, state).await?;
        let mut reader = R::new(&state.app, &tenant, &parts.uri);
        let limit = body_limit::<R>(&state.app, &parts.headers)?;
        let mut form = Multipart::new(media_type(&parts.headers)?, body, limit)?;
        // It holds what was read from the connection with the head, as long as the body takes.
        drop(parts);
        let mut fields = 0;
        while let Some(field) = form.next_field().await? {
            match field.name().unwrap_or_default() {
                _ if reader.is_file(&field) => take_file(&mut reader, field).await?,
                "url" => {
                    if let Some(url) = value("url", field).await? {
                        reader.take_url(url).await?;
                    }
                }
                _ if fields == MAX_FIELDS => {
                    let error = format!("more than {MAX_FIELDS} parts beside its files");
                    return Err(Problem::new(Code::INVALID_MULTIPART, error));
                }
                _ => {
                    fields += 1;
                    reader.take_field(field).await?;
                }
            }
        }
        Ok(Self(Box::pin(reader.finish()).await?))
    }
}

/// Hands a file over, unless it is none: a browser sends an empty part without a name where no file was chosen.
async fn take_file<R: FormReader>(reader: &mut R, field: Field<'_>) -> Result<(), Problem> {
    check_count::<R>(reader.files())?;
    let name = field.file_name().unwrap_or_default().to_owned();
    let mut bytes = Box::pin(field.peekable());
    if name.trim().is_empty() && bytes.as_mut().peek().await.is_none() {
        return Ok(());
    }
    reader.take_file(FileName::clean(&name), bytes).await
}

/// Refuses another file where there are `files` already.
pub(in crate::http) fn check_count<R: FormReader>(files: usize) -> Result<(), Problem> {
    let name = R::FILES.first().copied().unwrap_or_default();
    match R::MAX_FILES {
        most if files < most => Ok(()),
        1 => Err(Problem::invalid(name, "must be sent once")),
        most => Err(Problem::invalid(
            name,
            format_args!("may be sent at most {most} times"),
        )),
    }
}

/// Bytes that the form may have. A body that says itself that it is too large is refused before any of it is read.
fn body_limit<R: FormReader>(app: &App, headers: &HeaderMap) -> Result<u64, Problem> {
    let files = app.max_file_size().saturating_mul(R::MAX_FILES as u64);
    let limit = files.saturating_add(MAX_FORM_OVERHEAD);
    match announced(headers) {
        Some(bytes) if bytes > limit => app.check_file_size(bytes)?,
        _ => {}
    }
    Ok(limit)
}

fn media_type(headers: &HeaderMap) -> Result<Option<&HeaderValue>, Problem> {
    let media_type = headers.get(header::CONTENT_TYPE);
    if media_type.is_some_and(|value| value.len() > MAX_MEDIA_TYPE) {
        let error = format!("Content-Type takes at most {MAX_MEDIA_TYPE} bytes");
        return Err(Problem::new(Code::INVALID_MULTIPART, error));
    }
    Ok(media_type)
}

/// Bytes that the body says it has.
pub(in crate::http) fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Says that there is a place to wait for a conversion: it is refused before its large body is read for nothing. A small
/// one may be a short text, which needs none.
pub(in crate::http) struct Admitted;

impl FromRequestParts<HttpState> for Admitted {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Problem> {
        if announced(&parts.headers).is_some_and(|bytes| bytes > MAX_INSTANT_FORM) {
            let tenant = Tenant::from_request_parts(parts, state).await?;
            state.app.admission().check(&tenant)?;
        }
        Ok(Self)
    }
}
