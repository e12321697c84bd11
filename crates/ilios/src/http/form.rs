use std::str::FromStr;

use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::http::StatusCode;
use ilios_convert::Options;

use super::content_disposition::attachment_name;
use super::problem::{Code, Problem};
use crate::app::OutputFormat;
use crate::model::{FileName, RetentionDays};
use crate::spool::{Incoming, Spool, SpoolError, Spooled};

/// Bytes that a part other than the file may have.
const MAX_VALUE: usize = 16 * 1024;
/// Parts that a form may have.
const MAX_PARTS: usize = 64;

/// Bytes that a form may have beside its file.
const OVERHEAD: u64 = 1 << 20;

/// Bytes that the body of a form may have when its file may have `max_bytes`.
pub(super) fn body_limit(max_bytes: u64) -> u64 {
    max_bytes.saturating_add(OVERHEAD)
}

/// A file and its options, as a client sends them.
#[derive(Default)]
pub(super) struct ConvertForm {
    pub(super) file: Option<(FileName, Spooled)>,
    pub(super) format: OutputFormat,
    pub(super) options: Options,
    pub(super) retention: RetentionDays,
}

impl ConvertForm {
    /// Reads a whole form; the file goes to the spool as it arrives. Unknown parts are ignored.
    pub(super) async fn read(mut multipart: Multipart, spool: &Spool) -> Result<Self, Problem> {
        let mut form = Self::default();
        let mut parts = 0;
        while let Some(field) = multipart.next_field().await.map_err(broken)? {
            parts += 1;
            if parts > MAX_PARTS {
                return Err(Problem::new(
                    Code::INVALID_MULTIPART,
                    format!("more than {MAX_PARTS} parts"),
                ));
            }
            form.take(field, spool).await?;
        }
        Ok(form)
    }

    async fn take(&mut self, field: Field<'_>, spool: &Spool) -> Result<(), Problem> {
        match field.name().unwrap_or_default() {
            "file" if self.file.is_some() => return Err(Problem::invalid("file", "must be sent once")),
            "file" => self.file = Some((file_name(&field), spooled(field, spool.receive()).await?)),
            "format" => self.format = parsed("format", &text("format", field).await?)?,
            "retentionDays" => {
                self.retention = parsed("retentionDays", &text("retentionDays", field).await?)?
            }
            "pages" => {
                let text = text("pages", field).await?;
                self.options.pages = if text.is_empty() {
                    None
                } else {
                    Some(parsed("pages", &text)?)
                };
            }
            "ocr" => self.options.ocr = parsed("ocr", &text("ocr", field).await?)?,
            "ocrLanguages" => {
                self.options.ocr_languages = parsed("ocrLanguages", &text("ocrLanguages", field).await?)?;
            }
            _ => {}
        }
        Ok(())
    }
}

fn file_name(field: &Field<'_>) -> FileName {
    let header = field.headers().get("content-disposition");
    let name = header.and_then(|value| attachment_name(value.as_bytes()));
    FileName::clean(&name.unwrap_or_default())
}

async fn spooled(mut field: Field<'_>, mut incoming: Incoming) -> Result<Spooled, Problem> {
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        if incoming.blocks_at(chunk.len()) {
            let write = move || incoming.write(&chunk).map(|()| incoming);
            let written: Result<Incoming, SpoolError> = tokio::task::spawn_blocking(write)
                .await
                .map_err(Problem::internal)?;
            incoming = written?;
        } else {
            incoming.write(&chunk)?;
        }
    }
    Ok(incoming.finish())
}

async fn text(name: &'static str, mut field: Field<'_>) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > MAX_VALUE {
            return Err(Problem::invalid(
                name,
                format_args!("takes at most {MAX_VALUE} bytes"),
            ));
        }
    }
    let text = String::from_utf8(bytes).map_err(|_| Problem::invalid(name, "takes UTF-8 text"))?;
    Ok(text.trim().to_owned())
}

fn parsed<T: FromStr>(name: &'static str, text: &str) -> Result<T, Problem>
where
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|takes| Problem::invalid(name, takes))
}

fn broken(error: MultipartError) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::new(Code::TOO_LARGE, "the request is larger than the server takes");
    }
    Problem::new(
        Code::INVALID_MULTIPART,
        format!("the form cannot be read: {}", error.body_text()),
    )
}
