use crate::app::{App, AppError};
use crate::model::{ConversionOptions, EngineChoice, RetentionDays, Tenant};

impl App {
    /// The options with which a document of `tenant` is converted: test data never spends, so that it is converted
    /// locally.
    ///
    /// # Errors
    /// [`AppError::TestKey`] when they ask for an engine that costs.
    pub(in crate::app) fn allowed_options(
        &self,
        tenant: &Tenant,
        options: ConversionOptions,
    ) -> Result<ConversionOptions, AppError> {
        if !tenant.is_of_tests() {
            return Ok(options);
        }
        if options.engine == Some(EngineChoice::Mistral) {
            return Err(AppError::TestKey);
        }
        Ok(ConversionOptions {
            engine: Some(EngineChoice::Local),
            ..options
        })
    }
}

/// The retention of a document of `tenant`: test data goes after a day.
pub(in crate::app) fn allowed_retention(tenant: &Tenant, asked: RetentionDays) -> RetentionDays {
    if tenant.is_of_tests() {
        RetentionDays::SHORTEST
    } else {
        asked
    }
}
