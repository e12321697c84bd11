use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::print;
use crate::{app, config, http};

/// Print a reference page: all environment variables, all error codes, all options of outputs, or the
/// licence of the weights of OCR.
#[derive(Debug, Args)]
pub(super) struct ReferenceArguments {
    /// The page to write.
    page: Page,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Page {
    /// docs/configuration.md
    Configuration,
    /// docs/errors.md
    Errors,
    /// docs/output.md
    Output,
    /// Licence and notice of the weights that OCR is compiled with.
    OcrLicense,
}

pub(super) fn run(arguments: &ReferenceArguments) -> anyhow::Result<ExitCode> {
    print(&match arguments.page {
        Page::Configuration => config::documentation(),
        Page::Errors => http::error_documentation(),
        Page::Output => app::output_documentation(),
        Page::OcrLicense => ilios_convert::OCR_LICENSE.to_owned(),
    })?;
    Ok(ExitCode::SUCCESS)
}
