use ilios_convert::{OutputForm, OutputFormat};

use crate::app::{AppError, ConvertNow, ConvertedNow, Upload};
use crate::engine::Progress;
use crate::http::HttpState;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::model::{ConversionOptions, RetentionDays, Tenant};

/// Converts a document while its client waits. Clients of other products do not come back for it: it is kept for a day.
pub(super) async fn convert(
    state: &HttpState,
    tenant: &Tenant,
    upload: Upload,
    options: ConversionOptions,
) -> Result<ConvertedNow, Problem> {
    convert_to(state, tenant, upload, options, OutputFormat::Markdown.into()).await
}

/// As [`convert`], with the document in another form, too.
pub(super) async fn convert_to(
    state: &HttpState,
    tenant: &Tenant,
    upload: Upload,
    options: ConversionOptions,
    form: OutputForm,
) -> Result<ConvertedNow, Problem> {
    if upload.file.size() == 0 {
        return Err(Problem::new(Code::EMPTY_FILE, "the file has no bytes"));
    }
    let order = ConvertNow {
        tenant: tenant.clone(),
        upload,
        options,
        retention: RetentionDays::SHORTEST,
        name: None,
        form,
        progress: Progress::default(),
    };
    let converted: Result<ConvertedNow, AppError> = Box::pin(state.app.convert_now(order)).await;
    Ok(converted?)
}

/// `None` for a document that holds no text, which other products give out as an empty one.
pub(super) fn unless_empty<T>(outcome: Result<T, Problem>) -> Result<Option<T>, Problem> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(problem) if problem.code() == Code::EMPTY_DOCUMENT => Ok(None),
        Err(problem) => Err(problem),
    }
}
