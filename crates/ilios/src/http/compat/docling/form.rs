use std::sync::Arc;

use axum::http::Uri;
use bytes::Bytes;
use futures::Stream;

use super::options::DoclingOptions;
use super::order::{MAX_FILES, Order, Source};
use crate::app::App;
use crate::http::extract::field::text;
use crate::http::extract::multipart::Field;
use crate::http::extract::upload::FormReader;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::model::{FileName, Tenant};

/// Reader of a form with files. Its fields come before them.
pub(super) struct OrderReader {
    app: Arc<App>,
    files: Vec<Source>,
    options: DoclingOptions,
    has_prefixes: bool,
}

impl FormReader for OrderReader {
    type Form = Order;
    const FILES: &'static [&'static str] = &["files", "file"];
    const MAX_FILES: usize = MAX_FILES;

    fn new(app: &Arc<App>, _tenant: &Tenant, address: &Uri) -> Self {
        Self {
            app: Arc::clone(app),
            files: Vec::new(),
            options: DoclingOptions::default(),
            has_prefixes: address.path().contains("/chunk/"),
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
        self.files
            .push(Source::File(self.app.receive(name, bytes).await?));
        Ok(())
    }

    async fn take_url(&mut self, _url: String) -> Result<(), Problem> {
        Ok(())
    }

    async fn take_field(&mut self, field: Field<'_>) -> Result<(), Problem> {
        let sent = field.name().unwrap_or_default();
        let sent = if self.has_prefixes {
            without_prefix(sent)
        } else {
            sent
        };
        let Some(name) = DoclingOptions::known(sent) else {
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

/// The name of a field of a form for chunks: those of the conversion and those of the chunks have prefixes.
fn without_prefix(name: &str) -> &str {
    let bare = name
        .strip_prefix("convert_")
        .or_else(|| name.strip_prefix("chunking_"));
    bare.unwrap_or(name)
}
