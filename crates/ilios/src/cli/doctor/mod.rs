//! `ilios doctor`: tries what a server would need, and leaves nothing behind.

mod listen;
mod storage;
mod tokenizers;
mod trial;

use std::fmt::Write;
use std::fs::File;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use ilios_convert::has_ocr;
use ilios_sandbox::Mode;

use super::sandbox::{self, Outcome};
use super::{instance_lock, load_config, print, runtime};
use crate::config::{Config, DatabaseConfig};
use crate::engine::ocr_models::{ModelState, SMALL};
use crate::engine::{Picture, TesseractStatus};
use crate::model::printable;
use crate::store::db::DbError;
use crate::store::{SCHEMA_VERSION, StoreError};

/// Timeout of the check of an object store.
const CHECK_TIMEOUT: Duration = Duration::from_secs(10);

/// A white picture of 120 by 40 pixels, a PNG.
const WHITE_PNG: &[u8] = b"\
    \x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x00\x00\x78\x00\x00\x00\x28\
    \x01\x00\x00\x00\x00\x1d\x91\x03\x88\x00\x00\x00\x12\x49\x44\x41\x54\x78\xda\x63\xf8\x8f\x0a\x18\
    \x46\xf9\xa3\x7c\x3a\xf2\x01\x40\x45\x55\xc7\x11\x82\xbf\x37\x00\x00\x00\x00\x49\x45\x4e\x44\xae\
    \x42\x60\x82";

/// Result of one check.
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
        writeln!(text, "{mark}  {subject:<10} {}", printable(words))?;
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
        ("listen", listen::listen(config.listen)),
        ("keys", keys(config)),
        ("database", database(config).await),
        ("spool", storage::folder(&config.spool)),
        ("objects", storage::objects(config).await),
        ("limits", limits(config)),
        ("sandbox", sandbox(config).await),
        ("ocr", ocr(config).await),
        ("models", models(config)),
        ("tokenizers", tokenizers::tokenizers(config)),
        ("mistral", mistral(config).await),
    ]);
    findings
}

fn modes(config: &Config) -> Finding {
    match instance_lock::require_shareable(config) {
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
    match (config.select.default, &config.mistral) {
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

fn keys(config: &Config) -> Finding {
    if config.api_keys.is_open() {
        Limited(
            "API_KEY is unset: everybody who reaches the server may use it, unless `ilios keys` made keys"
                .into(),
        )
    } else {
        let admin = if config.api_keys.has_admin() {
            ", and that of administrators"
        } else {
            ""
        };
        Good(format!("{} set (***){admin}", config.api_keys.len()))
    }
}

async fn database(config: &Config) -> Finding {
    let path = &config.database;
    if let DatabaseConfig::Local { file, .. } = path {
        // Its log is made beside it, whether it is there or not.
        let folder = file.parent().filter(|folder| *folder != Path::new(""));
        match trial::writable(folder.unwrap_or(Path::new("."))) {
            Err(why) => return Bad(why),
            Ok(_) if !file.exists() => return Good(format!("{path} will be created at the first start")),
            Ok(_) => {}
        }
        if let Err(error) = File::options().append(true).open(file) {
            return Bad(format!("{path} is not writable: {error}"));
        }
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

fn limits(config: &Config) -> Finding {
    Good(format!(
        "files up to {} bytes, {} conversions at once, {} more may wait, {} s, {} s of the processor and {} MB each",
        config.max_file_size,
        config.convert_concurrency,
        config.convert_queue,
        config.convert_timeout.as_secs(),
        config.sandbox.cpu.as_secs(),
        config.sandbox.memory >> 20
    ))
}

async fn sandbox(config: &Config) -> Finding {
    match sandbox::examine(config).await {
        Outcome::Off => Limited("SANDBOX=off: converters have all rights of the server".into()),
        Outcome::Whole(words) => Good(words),
        Outcome::Partial(words) => Limited(words),
        Outcome::Broken(words) if config.sandbox.mode == Mode::Required => Bad(words),
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
    match tokio::time::timeout(CHECK_TIMEOUT, engine.health_check()).await {
        Ok(Ok(())) => Good(format!("the key is accepted; model {}", engine.model())),
        Ok(Err(message)) => Bad(message),
        Err(_) => Bad(format!(
            "no answer within {} s; look at MISTRAL_BASE_URL",
            CHECK_TIMEOUT.as_secs()
        )),
    }
}

fn models(config: &Config) -> Finding {
    let folder = config.ocr.models.display();
    match SMALL.state(&config.ocr.models) {
        ModelState::Installed => Good(format!("small, for pages that are read unsurely, in {folder}")),
        ModelState::Missing => Good("small is not installed (`ilios models install small`)".into()),
        ModelState::Damaged(file) => Bad(format!(
            "{} is not as it should be: `ilios models install small` sets it right",
            file.display()
        )),
    }
}

async fn ocr(config: &Config) -> Finding {
    let own = match has_ocr() {
        true => "built in for Latin scripts and Chinese",
        false => {
            "not built in: this program was built without the networks that scripts/fetch-ocr-models.sh fetches"
        }
    };
    let tesseract = match runtime::tesseract(config) {
        Ok(tesseract) => tesseract,
        Err(error) => return Bad(error.to_string()),
    };
    match tesseract.status().await {
        TesseractStatus::Installed { version, languages } => {
            let languages: Vec<&str> = languages.iter().map(String::as_str).collect();
            let words = format!("{own}; {version}, languages: {}", languages.join(", "));
            let Some(Ok(language)) = languages.first().map(|language| language.parse()) else {
                return Bad(format!("{words}: it has no data for any language"));
            };
            let picture = Picture {
                png: WHITE_PNG,
                dpi: 70,
                languages: &language,
                any_script: false,
            };
            match tesseract.recognize(picture).await {
                Ok(_) => Good(words),
                Err(error) => Bad(format!("{words}: {error}")),
            }
        }
        TesseractStatus::Missing if has_ocr() => Good(format!(
            "{own}; tesseract, which reads other scripts, is not installed"
        )),
        TesseractStatus::Missing => Limited(format!(
            "{own}; and tesseract is not installed: scans and images cannot be read (Debian: apt-get install \
             tesseract-ocr)"
        )),
    }
}
