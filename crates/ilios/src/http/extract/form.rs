use axum::extract::Request;
use axum::http::header;

use super::conversion_params::ConversionParams;
use super::field::{broken, value};
use super::file_part::FilePart;
use super::multipart::{Field, Multipart};
use crate::app::{App, OutputFormat};
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::model::{FileName, Tenant};
use crate::spool::{Spool, SpoolError, Spooled};

/// Parts that a form may have beside its files.
pub(in crate::http) const MAX_PARTS: usize = 64;

/// Bytes of the header that names the boundary, which may have 70 (RFC 2046, section 5.1.1).
const MAX_MEDIA_TYPE: usize = 256;

/// Bytes that a form may have beside its files.
const MAX_FORM_OVERHEAD: u64 = 1 << 20;

/// Bytes of a form whose file may be a text that is converted at once.
const MAX_INSTANT_FORM: u64 = 320 * 1024;

/// Bytes that the body of a form may have when its `files` may have `max_bytes` each.
pub(super) fn body_limit(files: u64, max_bytes: u64) -> u64 {
    max_bytes.saturating_mul(files).saturating_add(MAX_FORM_OVERHEAD)
}

/// Begins to read a form with at most `files` files. A body that says itself that it is too large is refused
/// before any of it is read.
pub(in crate::http) fn multipart(request: Request, files: u64, spool: &Spool) -> Result<Multipart, Problem> {
    let limit = body_limit(files, spool.max_bytes());
    if announced(&request).is_some_and(|bytes| bytes > limit) {
        let limit = spool.max_bytes();
        return Err(SpoolError::TooLarge { limit }.into());
    }
    let media_type = request.headers().get(header::CONTENT_TYPE);
    if media_type.is_some_and(|value| value.len() > MAX_MEDIA_TYPE) {
        let error = format!("Content-Type takes at most {MAX_MEDIA_TYPE} bytes");
        return Err(Problem::new(Code::INVALID_MULTIPART, error));
    }
    let media_type = media_type.cloned();
    Multipart::new(media_type.as_ref(), request.into_body(), limit).map_err(|error| {
        let error = format!("send multipart/form-data: {error}");
        Problem::new(Code::INVALID_MULTIPART, error)
    })
}

/// Refuses a conversion for which there is no place to wait before its large body is read for nothing. A small one may
/// be a short text, which needs none.
pub(in crate::http) fn check_admission(app: &App, tenant: &Tenant, request: &Request) -> Result<(), Problem> {
    if announced(request).is_some_and(|bytes| bytes > MAX_INSTANT_FORM) {
        app.admission().check(tenant)?;
    }
    Ok(())
}

/// Bytes that the body says it has.
pub(in crate::http) fn announced(request: &Request) -> Option<u64> {
    let value = request.headers().get(header::CONTENT_LENGTH)?;
    value.to_str().ok()?.parse().ok()
}

/// One file and what is wanted of it, as a client sends them.
#[derive(Default)]
pub(in crate::http) struct FileForm {
    file: Option<(FileName, Spooled)>,
    url: Option<String>,
    format: Option<OutputFormat>,
    pub(in crate::http) params: ConversionParams,
}

impl FileForm {
    /// Reads the whole form of a request; the file goes to the spool as it arrives. Unknown parts are noted.
    pub(in crate::http) async fn read(request: Request, spool: &Spool) -> Result<Self, Problem> {
        let mut form = Self::default();
        form.params.ignore_query(request.uri());
        let mut multipart = multipart(request, 1, spool)?;
        let mut parts = 0;
        while let Some(field) = multipart.next_field().await.map_err(broken)? {
            parts += 1;
            if parts > MAX_PARTS {
                return Err(too_many_parts(MAX_PARTS));
            }
            form.take(field, spool).await?;
        }
        Ok(form)
    }

    async fn take(&mut self, field: Field<'_>, spool: &Spool) -> Result<(), Problem> {
        match field.name().unwrap_or_default() {
            "file" if self.file.is_some() => return Err(Problem::invalid("file", "must be sent once")),
            "file" => {
                let mut part = FilePart::new(field);
                let file = part.spool(spool).await??;
                // A browser sends an empty part where no file was chosen.
                if part.is_named || file.size() > 0 {
                    self.file = Some((part.name, file));
                }
            }
            "url" => self.url = value("url", field).await?,
            "format" => self.format = value("format", field).await?,
            _ => self.params.take(field).await?,
        }
        Ok(())
    }

    /// Format in which the client wants the result; the default one when it named none.
    pub(in crate::http) fn format(&self) -> OutputFormat {
        self.format.unwrap_or_default()
    }

    /// Notes what the client has sent of the result's form, where there is no result yet.
    pub(in crate::http) fn ignore_format(&mut self) {
        if self.format.is_some() {
            self.params.options.ignore("format");
        }
    }

    /// Notes that the client has sent a priority, where nothing waits in the queue.
    pub(in crate::http) fn ignore_priority(&mut self) {
        if self.params.has_priority {
            self.params.options.ignore("priority");
        }
    }

    /// The file, which must have been sent, or is fetched from where `url` says, and have bytes.
    pub(in crate::http) async fn take_file(
        &mut self,
        app: &App,
        tenant: &Tenant,
    ) -> Result<(FileName, Spooled), Problem> {
        let (name, file) = match (self.file.take(), self.url.take()) {
            (Some(_), Some(_)) => return Err(Problem::invalid("url", "cannot be sent beside file")),
            (Some(file), None) => file,
            (None, Some(url)) => {
                let fetched = app.fetch(tenant, &url).await?;
                (fetched.file_name, fetched.file)
            }
            (None, None) => {
                return Err(Problem::new(Code::MISSING_FILE, "the form has no part named file").at("file"));
            }
        };
        if file.size() == 0 {
            return Err(Problem::new(Code::EMPTY_FILE, "the file has no bytes").at("file"));
        }
        Ok((name, file))
    }
}

pub(in crate::http) fn too_many_parts(most: usize) -> Problem {
    Problem::new(Code::INVALID_MULTIPART, format!("more than {most} parts"))
}
