use std::sync::Arc;

use axum::http::Uri;
use bytes::Bytes;
use futures::Stream;

use super::options::Options;
use crate::app::{App, Upload};
use crate::http::extract::field::text;
use crate::http::extract::multipart::Field;
use crate::http::extract::upload::FormReader;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::model::{FileName, Tenant};

/// Documents, and what is wanted of them.
pub(super) struct Order {
    pub(super) files: Vec<Upload>,
    pub(super) options: Options,
}

/// Reader of the form.
pub(super) struct OrderReader {
    app: Arc<App>,
    files: Vec<Upload>,
    options: Options,
}

impl FormReader for OrderReader {
    type Form = Order;
    const FILES: &'static [&'static str] = &["files", "files[]", "file"];
    const MAX_FILES: usize = 20;

    fn new(app: &Arc<App>, _tenant: &Tenant, _address: &Uri) -> Self {
        Self {
            app: Arc::clone(app),
            files: Vec::new(),
            options: Options::default(),
        }
    }

    fn files(&self) -> usize {
        self.files.len()
    }

    async fn take_file(
        &mut self,
        name: FileName,
        bytes: impl Stream<Item = Result<Bytes, Problem>> + Send,
    ) -> Result<(), Problem> {
        self.files.push(self.app.receive(name, bytes).await?);
        Ok(())
    }

    async fn take_url(&mut self, _url: String) -> Result<(), Problem> {
        Ok(())
    }

    async fn take_field(&mut self, field: Field<'_>) -> Result<(), Problem> {
        let Some(name) = Options::known(field.name().unwrap_or_default()) else {
            return Ok(());
        };
        let text = text(name, field).await?;
        self.options.set(name, &text)
    }

    async fn finish(self) -> Result<Order, Problem> {
        if self.files.is_empty() {
            return Err(Problem::new(Code::MISSING_FILE, "the form has no part named files").at("files"));
        }
        Ok(Order {
            files: self.files,
            options: self.options.finish()?,
        })
    }
}
