use std::fmt::Write;
use std::process::ExitCode;

use super::{load_config, print, runtime};
use crate::config::Config;
use crate::engine::TesseractStatus;
use crate::spool::Spool;
use crate::store::{SCHEMA_VERSION, Store};

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
    vec![
        ("modes", modes(config)),
        ("listen", listen(config)),
        ("keys", keys(config)),
        ("database", database(config).await),
        ("spool", spool(config)),
        ("limits", limits(config)),
        ("ocr", ocr(config).await),
    ]
}

fn modes(config: &Config) -> Finding {
    match config.require_built() {
        Ok(()) => Good("local database, local engine".into()),
        Err(error) => Bad(error
            .0
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("; ")),
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
    let path = config.database.display();
    if !config.database.exists() {
        return Good(format!("{path} will be created at the first start"));
    }
    let version = async {
        let store = Store::open_local(&config.database, &runtime::store_settings(config)).await?;
        let version = store.schema_version().await;
        store.close().await;
        version
    };
    match version.await {
        Ok(version) if version <= SCHEMA_VERSION => Good(format!("{path}, schema {version}")),
        Ok(version) => Bad(format!(
            "{path} has schema {version}; this program knows up to {SCHEMA_VERSION}"
        )),
        Err(error) => Bad(format!("{path}: {error}")),
    }
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

fn limits(config: &Config) -> Finding {
    Good(format!(
        "files up to {} bytes, {} conversions at once, {} more may wait, {} s each",
        config.max_file_size,
        config.convert_concurrency,
        config.convert_queue,
        config.convert_timeout.as_secs()
    ))
}

async fn ocr(config: &Config) -> Finding {
    match runtime::tesseract(config).status().await {
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
