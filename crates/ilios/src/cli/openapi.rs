use std::process::ExitCode;

use super::print;
use crate::http::openapi_document;

pub(super) fn run() -> anyhow::Result<ExitCode> {
    print(&format!("{}\n", openapi_document().to_pretty_json()?))?;
    Ok(ExitCode::SUCCESS)
}
