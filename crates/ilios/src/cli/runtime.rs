use std::sync::Arc;

use ilios_convert::Limits;
use ilios_sandbox::Program;
use tokio::runtime::{Builder, Runtime};

use super::CONVERTER_CHILD;
use crate::config::{Config, S3Config};
use crate::engine::{LocalEngine, LocalEngineSettings, Tesseract};
use crate::objects::{Patience, S3Settings};

/// The runtime of a command that works with the network, the database or children.
pub(super) fn runtime() -> anyhow::Result<Runtime> {
    Ok(Builder::new_multi_thread().enable_all().build()?)
}

/// The OCR program as configured.
pub(super) fn tesseract(config: &Config) -> Tesseract {
    Tesseract::new(config.tesseract.clone(), config.program_environment.clone())
}

/// The local engine, whose children are this very program.
pub(super) fn local_engine(config: &Config) -> anyhow::Result<LocalEngine> {
    let settings = LocalEngineSettings {
        program: Program::this([CONVERTER_CHILD])?,
        limits: Limits {
            input_bytes: config.max_file_size,
            ..Limits::default()
        },
        timeout: config.convert_timeout,
    };
    Ok(LocalEngine::new(settings, Arc::new(tesseract(config))))
}

/// How an S3 bucket is reached, as configured.
pub(super) fn s3_settings(config: &S3Config) -> S3Settings {
    S3Settings {
        bucket: config.bucket.clone(),
        endpoint: config.endpoint.clone(),
        region: config.region.clone(),
        path_style: config.path_style,
        access_key_id: config.access_key_id.clone(),
        secret_access_key: config.secret_access_key.clone(),
        patience: Patience::default(),
    }
}
