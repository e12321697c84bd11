use std::process::ExitCode;

use anyhow::Context;

use super::{load_config, print, runtime};

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
        print(&format!("{path} is up to date (schema {})\n", migrated.to))?;
    } else {
        print(&format!(
            "{path} brought from schema {} to {}\n",
            migrated.from, migrated.to
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}
