use std::path::Path;

use anyhow::Context;

use crate::cli::{print_error, runtime, say};
use crate::config::Config;
use crate::store::SCHEMA_VERSION;
use crate::store::db::local_file;

pub(super) async fn run(config: &Config, target: &Path, force: bool) -> anyhow::Result<()> {
    let (file, key) = super::local(config, "pg_dump backs PostgreSQL up")?;
    let context = format!("back up {}", file.display());
    local_file::copy(file, key, target.to_owned(), force)
        .await
        .context(context)?;
    record(config).await;
    say(&target.display().to_string())
}

/// Adds the copy to the audit log, as far as the database has one and can be written: what is damaged or full is backed
/// up all the same.
async fn record(config: &Config) {
    let recorded = async {
        let store = runtime::open_store(config).await?;
        let recorded = match store.schema_version().await {
            Ok(SCHEMA_VERSION) => super::record_export(config, &store, "backup").await,
            Ok(_) => Ok(()),
            Err(error) => Err(error.into()),
        };
        store.close().await;
        recorded
    };
    if let Err(error) = recorded.await {
        print_error(&format!(
            "ilios: the audit log does not have this backup: {error:#}"
        ));
    }
}
