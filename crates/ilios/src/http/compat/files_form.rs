use std::sync::Arc;

use axum::http::Uri;
use bytes::Bytes;
use futures::Stream;

use crate::app::{App, Upload};
use crate::http::extract::field::text;
use crate::http::extract::multipart::Field;
use crate::http::extract::upload::FormReader;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::model::{FileName, Tenant};

/// Files of one form, at most.
pub(super) const MAX_FILES: usize = 20;

/// Fields that a product has beside the files of a form.
pub(super) trait FormOptions: Default + Send {
    /// Names of the parts that are files. Errors name the first.
    const FILES: &'static [&'static str];

    /// The name of a field that is known; others are passed over, as the product does.
    fn known(name: &str) -> Option<&'static str>;

    /// Sets a known field.
    ///
    /// # Errors
    /// A problem that names the field and what it takes.
    fn set(&mut self, name: &'static str, text: &str) -> Result<(), Problem>;

    /// The options, checked together after the last field.
    ///
    /// # Errors
    /// A problem that names a field.
    fn finish(self) -> Result<Self, Problem>;
}

/// Documents, and what is wanted of them.
pub(super) struct FilesForm<O> {
    pub(super) files: Vec<Upload>,
    pub(super) options: O,
}

/// Reader of a form of files.
pub(super) struct FilesFormReader<O> {
    app: Arc<App>,
    form: FilesForm<O>,
}

impl<O: FormOptions> FormReader for FilesFormReader<O> {
    type Form = FilesForm<O>;
    const FILES: &'static [&'static str] = O::FILES;
    const MAX_FILES: usize = MAX_FILES;

    fn new(app: &Arc<App>, _tenant: &Tenant, _address: &Uri) -> Self {
        Self {
            app: Arc::clone(app),
            form: FilesForm {
                files: Vec::new(),
                options: O::default(),
            },
        }
    }

    fn files(&self) -> usize {
        self.form.files.len()
    }

    async fn take_file(
        &mut self,
        name: FileName,
        bytes: impl Stream<Item = Result<Bytes, Problem>> + Send,
    ) -> Result<(), Problem> {
        self.form.files.push(self.app.receive(name, bytes).await?);
        Ok(())
    }

    async fn take_url(&mut self, _url: String) -> Result<(), Problem> {
        Ok(())
    }

    async fn take_field(&mut self, field: Field<'_>) -> Result<(), Problem> {
        let Some(name) = O::known(field.name().unwrap_or_default()) else {
            return Ok(());
        };
        let text = text(name, field).await?;
        self.form.options.set(name, &text)
    }

    async fn finish(self) -> Result<FilesForm<O>, Problem> {
        let FilesForm { files, options } = self.form;
        if files.is_empty() {
            let name = O::FILES.first().copied().unwrap_or_default();
            return Err(
                Problem::new(Code::MISSING_FILE, format!("the form has no part named {name}")).at(name),
            );
        }
        Ok(FilesForm {
            files,
            options: options.finish()?,
        })
    }
}
