use std::sync::Arc;

use axum::http::Uri;
use bytes::Bytes;
use futures::Stream;
use ilios_convert::OutputFormat;

use super::conversion_params::ConversionParams;
use super::field::value;
use super::multipart::Field;
use super::upload::FormReader;
use crate::app::{App, Upload};
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::model::{FileName, Tenant};

/// One file, which has bytes, and what is wanted of it.
pub(in crate::http) struct FileForm {
    pub(in crate::http) upload: Upload,
    /// Format in which the client wants the result, if it has named one.
    pub(in crate::http) format: Option<OutputFormat>,
    pub(in crate::http) params: ConversionParams,
}

/// Reads the form of one file, which is sent itself or by its address.
pub(in crate::http) struct FileReader {
    app: Arc<App>,
    tenant: Tenant,
    file: Option<Upload>,
    url: Option<String>,
    format: Option<OutputFormat>,
    params: ConversionParams,
}

impl FormReader for FileReader {
    type Form = FileForm;
    const FILES: &'static [&'static str] = &["file"];
    const MAX_FILES: usize = 1;

    fn new(app: &Arc<App>, tenant: &Tenant, address: &Uri) -> Self {
        Self {
            app: Arc::clone(app),
            tenant: tenant.clone(),
            file: None,
            url: None,
            format: None,
            params: ConversionParams::of(address),
        }
    }

    fn files(&self) -> usize {
        usize::from(self.file.is_some())
    }

    async fn take_file(
        &mut self,
        name: FileName,
        bytes: impl Stream<Item = Result<Bytes, Problem>> + Send,
    ) -> Result<(), Problem> {
        self.file = Some(self.app.receive(name, bytes).await?);
        Ok(())
    }

    async fn take_url(&mut self, url: String) -> Result<(), Problem> {
        self.url = Some(url);
        Ok(())
    }

    async fn take_field(&mut self, field: Field<'_>) -> Result<(), Problem> {
        match field.name().unwrap_or_default() {
            "format" => self.format = value("format", field).await?,
            _ => self.params.take(field).await?,
        }
        Ok(())
    }

    async fn finish(self) -> Result<FileForm, Problem> {
        let upload = match (self.file, self.url) {
            (Some(_), Some(_)) => return Err(Problem::invalid("url", "cannot be sent beside file")),
            (Some(file), None) => file,
            (None, Some(url)) => self.app.fetch(&self.tenant, &url).await?,
            (None, None) => {
                return Err(Problem::new(Code::MISSING_FILE, "the form has no part named file").at("file"));
            }
        };
        if upload.file.size() == 0 {
            return Err(Problem::new(Code::EMPTY_FILE, "the file has no bytes").at("file"));
        }
        Ok(FileForm {
            upload,
            format: self.format,
            params: self.params,
        })
    }
}
