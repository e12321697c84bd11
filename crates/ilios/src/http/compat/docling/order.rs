use super::options::DoclingOptions;
use crate::app::Upload;
use crate::http::compat::files_form::FilesForm;
use crate::http::respond::problem::Problem;

/// Documents to convert, and what is wanted of them.
pub(super) struct Order {
    pub(super) files: Vec<Source>,
    pub(super) options: DoclingOptions,
}

/// A document that was sent, or the reason it is not there.
pub(super) enum Source {
    File(Upload),
    Missing { name: String, problem: Problem },
}

impl From<FilesForm<DoclingOptions>> for Order {
    fn from(form: FilesForm<DoclingOptions>) -> Self {
        Self {
            files: form.files.into_iter().map(Source::File).collect(),
            options: form.options,
        }
    }
}
