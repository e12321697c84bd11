use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use super::sandbox::{self, Outcome};
use super::{load_config, print, runtime, sharing};
use crate::config::{Config, DatabaseConfig, ObjectsConfig, S3Config, Sandbox};
use crate::engine::TesseractStatus;
use crate::objects::{NoUploadLog, Objects, SigningKey};
use crate::spool::Spool;
use crate::store::db::DbError;
use crate::store::{SCHEMA_VERSION, StoreError};

/// How long an object store may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What one look found.
enum Finding {
    Good(String),
    /// Something optional is missing.
    Limited(String),
    Bad(String),
}

use Finding::{Bad, Good, Limited};

pub(super) fn run() -> anyhow::Result<ExitCode> {
    let config = load_config()?;
    let findings = runtime::runtime()?.block_on(examine(&config));
    let mut text = format!("ilios {}\n", env!("CARGO_PKG_VERSION"));
    for (subject, finding) in &findings {
        let (mark, words) = match finding {
            Good(words) => ("ok  ", words),
            Limited(words) => ("warn", words),
            Bad(words) => ("FAIL", words),
        };
        writeln!(text, "{mark}  {subject:<10} {words}")?;
    }
    print(&text)?;
    let failed = findings.iter().any(|(_, finding)| matches!(finding, Bad(_)));
    Ok(if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

async fn examine(config: &Config) -> Vec<(&'static str, Finding)> {
    let warnings = config.warnings.iter();
    let mut findings: Vec<_> = warnings
        .map(|warning| ("settings", Limited(warning.clone())))
        .collect();
    findings.extend([
        ("modes", modes(config)),
        ("listen", listen(config)),
        ("keys", keys(config)),
        ("database", database(config).await),
        ("spool", spool(config)),
        ("objects", objects(config).await),
        ("limits", limits(config)),
        ("sandbox", sandbox(config).await),
        ("ocr", ocr(config).await),
        ("mistral", mistral(config).await),
    ]);
    findings
}

fn modes(config: &Config) -> Finding {
    match sharing::require_shareable(config) {
        Ok(()) => Good(format!(
            "{}, {} engine, role {}",
            database_mode(config),
            engine_mode(config),
            config.role.as_str()
        )),
        Err(error) => Bad(error.to_string()),
    }
}

fn engine_mode(config: &Config) -> &'static str {
    match (config.mistral.engine, &config.mistral.key) {
        (Some(choice), _) => choice.as_str(),
        (None, Some(_)) => "mistral",
        (None, None) => "local",
    }
}

fn database_mode(config: &Config) -> &'static str {
    match &config.database {
        DatabaseConfig::Local { key: None, .. } => "local database",
        DatabaseConfig::Local { key: Some(_), .. } => "encrypted local database",
        DatabaseConfig::Postgres(_) => "PostgreSQL",
        DatabaseConfig::Replica(_) => "embedded replica",
    }
}

fn listen(config: &Config) -> Finding {
    match std::net::TcpListener::bind(config.listen) {
        Ok(_) => Good(format!("http://{} is free", config.listen)),
        Err(error) => Limited(format!("http://{}: {error}; is a server running?", config.listen)),
    }
}

fn keys(config: &Config) -> Finding {
    if config.api_keys.is_open() {
        Limited("API_KEY is unset: everybody who reaches the server may use it".into())
    } else {
        Good(format!("{} set (***)", config.api_keys.len()))
    }
}

async fn database(config: &Config) -> Finding {
    let path = &config.database;
    if matches!(path, DatabaseConfig::Local { file, .. } if !file.exists()) {
        return Good(format!("{path} will be created at the first start"));
    }
    let version = async {
        let store = runtime::open_store(config).await?;
        let version = store.schema_version().await;
        store.close().await;
        anyhow::Ok(version?)
    };
    match version.await {
        Ok(version) if version <= SCHEMA_VERSION => Good(format!("{path}, schema {version}")),
        Ok(version) => Bad(format!(
            "{path} has schema {version}; this program knows up to {SCHEMA_VERSION}"
        )),
        // A server that runs has the copy for itself.
        Err(error) if in_use(&error) => Limited(format!("{error:#}")),
        Err(error) => Bad(format!("{error:#}")),
    }
}

fn in_use(error: &anyhow::Error) -> bool {
    matches!(
        error.downcast_ref(),
        Some(StoreError::Database(DbError::InUse(_)))
    )
}

fn spool(config: &Config) -> Finding {
    let path = config.spool.display();
    if !config.spool.exists() {
        return Good(format!("{path} will be created at the first start"));
    }
    match Spool::new(&config.spool, config.max_file_size) {
        Ok(_) => Good(format!("{path} is writable")),
        Err(error) => Bad(format!("{path}: {error}")),
    }
}

async fn objects(config: &Config) -> Finding {
    match &config.objects {
        ObjectsConfig::Local { folder } => object_folder(folder).await,
        ObjectsConfig::S3(s3) => bucket(s3).await,
    }
}

async fn object_folder(folder: &Path) -> Finding {
    let path = folder.display();
    if !folder.exists() {
        return Good(format!("{path} will be created at the first start"));
    }
    let check = async {
        // Nothing is signed here.
        let objects = Objects::open_local(folder, SigningKey::new([0; 32])).await?;
        objects.check().await
    };
    match check.await {
        Ok(()) => Good(format!("{path} is writable")),
        Err(error) => Bad(error.to_string()),
    }
}

async fn bucket(s3: &S3Config) -> Finding {
    let server = s3.endpoint.as_deref().unwrap_or("AWS");
    let mut settings = runtime::s3_settings(s3);
    // Somebody waits for the answer.
    settings.patience.retries = 1;
    let check = async {
        let objects = Objects::open_s3(&settings, Arc::new(NoUploadLog))?;
        objects.check().await
    };
    match tokio::time::timeout(PATIENCE, check).await {
        Ok(Ok(())) => Good(format!("bucket {} at {server} answers", s3.bucket)),
        Ok(Err(error)) => Bad(format!("{server}: {error}")),
        Err(_) => Bad(format!(
            "{server} has not answered within {} s; look at AWS_ENDPOINT_URL_S3",
            PATIENCE.as_secs()
        )),
    }
}

fn limits(config: &Config) -> Finding {
    Good(format!(
        "files up to {} bytes, {} conversions at once, {} more may wait, {} s, {} s of the processor and {} MB each",
        config.max_file_size,
        config.convert_concurrency,
        config.convert_queue,
        config.convert_timeout.as_secs(),
        config.convert_cpu.as_secs(),
        config.convert_memory >> 20
    ))
}

async fn sandbox(config: &Config) -> Finding {
    match sandbox::examine(config).await {
        Outcome::Off => Limited("SANDBOX=off: converters have all rights of the server".into()),
        Outcome::Whole(words) => Good(words),
        Outcome::Partial(words) => Limited(words),
        Outcome::Broken(words) if config.sandbox == Sandbox::Required => Bad(words),
        Outcome::Broken(words) => Limited(words),
    }
}

/// Asks for something that costs nothing.
async fn mistral(config: &Config) -> Finding {
    let engine = match runtime::mistral(config) {
        Ok(Some(engine)) => engine,
        Ok(None) => return Good("not set up (MISTRAL_API_KEY turns it on)".into()),
        Err(error) => return Bad(error.to_string()),
    };
    match tokio::time::timeout(PATIENCE, engine.look()).await {
        Ok(Ok(())) => Good(format!("the key is accepted; model {}", engine.model())),
        Ok(Err(message)) => Bad(message),
        Err(_) => Bad(format!(
            "no answer within {} s; look at MISTRAL_BASE_URL",
            PATIENCE.as_secs()
        )),
    }
}

async fn ocr(config: &Config) -> Finding {
    let tesseract = match runtime::tesseract(config) {
        Ok(tesseract) => tesseract,
        Err(error) => return Bad(error.to_string()),
    };
    match tesseract.status().await {
        TesseractStatus::Installed { version, languages } => {
            let languages: Vec<&str> = languages.iter().map(String::as_str).collect();
            Good(format!("{version}; languages: {}", languages.join(", ")))
        }
        TesseractStatus::Missing => Limited(
            "tesseract is not installed: scans and images cannot be read (Debian: apt-get install \
             tesseract-ocr)"
                .into(),
        ),
    }
}
