use std::sync::Arc;

use axum::http::Uri;
use bytes::Bytes;
use futures::Stream;

use super::object::{BATCH, OCR};
use crate::app::{App, Upload};
use crate::http::extract::field::text;
use crate::http::extract::multipart::Field;
use crate::http::extract::upload::FormReader;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::model::{FileName, Tenant};

/// A file to keep.
pub(super) struct FileOrder {
    pub(super) upload: Upload,
    pub(super) purpose: &'static str,
}

/// Reader of the form of a file. Its fields come before it, or behind it.
pub(super) struct OrderReader {
    app: Arc<App>,
    upload: Option<Upload>,
    purpose: &'static str,
}

impl FormReader for OrderReader {
    type Form = FileOrder;
    const FILES: &'static [&'static str] = &["file"];
    const MAX_FILES: usize = 1;

    fn new(app: &Arc<App>, _tenant: &Tenant, _address: &Uri) -> Self {
        Self {
            app: Arc::clone(app),
            upload: None,
            purpose: OCR,
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
        Err(Problem::invalid("url", "is not taken: send the file itself"))
    }

    async fn take_field(&mut self, field: Field<'_>) -> Result<(), Problem> {
        match field.name().unwrap_or_default() {
            "purpose" => {
                let sent = text("purpose", field).await?;
                self.purpose = [OCR, BATCH]
                    .into_iter()
                    .find(|known| *known == sent)
                    .ok_or_else(|| Problem::invalid("purpose", "takes ocr or batch"))?;
            }
            // Its unit is not documented: files are kept as long as all others.
            "expiry" => {
                let sent = text("expiry", field).await?;
                if sent.trim().parse::<u64>().is_err() {
                    return Err(Problem::invalid("expiry", "takes a whole number"));
                }
            }
            // A file is for all keys of its tenant in any case.
            "visibility" => {
                let sent = text("visibility", field).await?;
                if !["workspace", "user"].contains(&sent.as_str()) {
                    return Err(Problem::invalid("visibility", "takes workspace or user"));
                }
            }
            _ => {
                let takes = "takes the parts file, purpose, expiry and visibility";
                return Err(Problem::invalid("form", takes));
            }
        }
        Ok(())
    }

    async fn finish(self) -> Result<FileOrder, Problem> {
        let Some(upload) = self.upload else {
            return Err(Problem::new(Code::MISSING_FILE, "Field required").at("file"));
        };
        Ok(FileOrder {
            upload,
            purpose: self.purpose,
        })
    }
}
