use std::process::ExitCode;

use anyhow::Context;

use super::{load_config, runtime, say};

pub(super) fn run() -> anyhow::Result<ExitCode> {
    let config = load_config()?;
    let migrated = runtime::runtime()?.block_on(async {
        let store = runtime::open_store(&config).await?;
        let migrated = store.migrate().await;
        store.close().await;
        migrated.with_context(|| format!("database {}", config.database))
    })?;
    let path = &config.database;
    if migrated.from == migrated.to {
        say(&format!("{path} is up to date (schema {})", migrated.to))?;
    } else {
        say(&format!(
            "{path} brought from schema {} to {}",
            migrated.from, migrated.to
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}
